"""What machine and which versions a figure belongs to.

Belongs here: facts that let a reader compare figures of two machines. Does not: anything that names the machine or its folders.
"""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "dagster", "lightgbm", "great-expectations")


def facts() -> dict[str, str]:
    """Processor, memory, system, versions, and how busy the machine was when asked."""
    return {
        "Processor": f"{os.cpu_count()} x {_processor()}",
        "Memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "System": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "Packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "Load before the run": f"{os.getloadavg()[0]:.1f} (1 minute)" if hasattr(os, "getloadavg") else "unknown",
    }


def _processor() -> str:
    """The model's name; /proc/cpuinfo says more than the standard library where it is there."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
