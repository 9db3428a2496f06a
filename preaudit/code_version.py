"""Which code made a result: the package version, and the git commit where there is a checkout."""

import subprocess
from importlib.metadata import version

from preaudit.settings import REPOSITORY


def code_version() -> str:
    """E.g. '0.1.0+1a2b3c4d', '-dirty' appended when files differ from the commit; '0.1.0' outside a checkout."""
    package = version("preaudit")
    try:
        described = subprocess.run(
            ["git", "-C", str(REPOSITORY), "describe", "--always", "--dirty", "--exclude=*"],
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return package
    return f"{package}+{described}" if described else package
