"""Seconds and peak memory of a command with all its child processes.

Belongs here: starting a process and watching it. Does not: what the process does (stages.py).
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

SAMPLE_SECONDS = 0.1


@dataclass(frozen=True)
class Measurement:
    """What one stage cost.

    Attributes:
        seconds: wall clock from start to end of the process, imports included.
        cpu_seconds: processor time of the process and its children, which other work on the machine changes less.
        peak_bytes: highest sum of resident memory over the process tree; pages that processes share count once per process.
        facts: what the stage said about itself, such as `rows`.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    facts: Mapping[str, Any]

    @property
    def rows(self) -> int:
        return int(self.facts.get("rows", 0))

    @property
    def rows_per_second(self) -> float:
        return self.rows / self.seconds


def measure(arguments: list[str], environment: Mapping[str, str], log: Path) -> Measurement:
    """Run `python <arguments>` to its end and watch it.

    Args:
        arguments: the last one is added here: a file in which the process may leave its facts as JSON.
        log: receives what the process prints.

    Raises:
        RuntimeError: the process failed; the message ends with what it printed last.
    """
    answer = log.with_suffix(".json")
    answer.unlink(missing_ok=True)
    peak = 0
    with log.open("w", encoding="utf-8") as stream:
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, *arguments, str(answer)], env={**os.environ, **environment}, stdout=stream, stderr=subprocess.STDOUT
        )
        watched = psutil.Process(process.pid)
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            peak = max(peak, _resident(watched))
            time.sleep(SAMPLE_SECONDS)
        seconds = time.monotonic() - started
    _, status, usage = ended
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        last_lines = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-40:])
        raise RuntimeError(f"{' '.join(arguments)} failed with exit code {process.returncode}:\n{last_lines}")
    facts = json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else {}
    return Measurement(seconds, usage.ru_utime + usage.ru_stime, peak, facts)


def _resident(process: psutil.Process) -> int:
    """Resident bytes of a process and all below it; those that end while we look count nothing."""
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    total = 0
    for member in family:
        try:
            total += member.memory_info().rss
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return total
