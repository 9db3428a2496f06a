"""The import of Great Expectations, once: late (it takes 5 s), without its usage reports and its own import warnings.

Belongs here: getting the library. Does not: using it.
"""

import warnings
from functools import cache
from typing import Any

from preaudit import telemetry


@cache
def great_expectations() -> tuple[Any, Any]:
    """The modules `great_expectations` and `great_expectations.expectations`."""
    telemetry.switch_off()
    with warnings.catch_warnings():
        # GX 1.24 imports sre_constants and sre_parse, which Python 3.11 deprecates; nothing of ours is concerned.
        warnings.simplefilter("ignore", DeprecationWarning)
        import great_expectations as gx
        import great_expectations.expectations as gxe
    return gx, gxe
