"""What a person sees while the command line runs jobs: one line per finished piece of work, with the time since the start.

Belongs here: the Dagster logger that shows our own messages only. Does not: the report at the end (console/report.py).
"""

import logging
import sys
import time
from datetime import UTC, datetime

import dagster as dg

# Dagster and dbt write to the same log; only what we say is meant for the terminal.
PREFIX = "preaudit: "
STARTED = time.monotonic()


class _Lines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        from rich.console import Console
        from rich.text import Text

        message = getattr(record, "dagster_meta", {}).get("orig_message", record.getMessage())
        if not message.startswith(PREFIX):
            return
        line = Text.assemble((f"{time.monotonic() - STARTED:6.1f} s  ", "dim"), message.removeprefix(PREFIX))
        Console(stderr=True, highlight=False).print(line)
        # Standard output of a run is its log file (runner.py): our lines belong there too, with the time of day.
        sys.stdout.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {message.removeprefix(PREFIX)}\n")


def say(log: logging.Logger, message: str) -> None:
    """Tell the person who watches: a line on the terminal, and the run's log in Dagster."""
    log.info(PREFIX + message)


@dg.logger(description="Our own messages, one per line, on standard error.")
def progress_logger(_: dg.InitLoggerContext) -> logging.Logger:
    """A logger without parents, so that nothing is written twice."""
    logger = logging.Logger("preaudit.progress", logging.INFO)
    logger.addHandler(_Lines())
    return logger
