"""What is asked for is not there: answered with 404.

Belongs here: that error. Does not: the page that shows it (console/web/errors.py).
"""

from preaudit.errors import PreauditError


class NotFound(PreauditError):
    """Nothing of that name; `status` is the HTTP status."""

    status = 404
