"""What a person sees while the command line runs jobs: one line per finished piece of work, with the time since the start.

Belongs here: the Dagster logger that shows our own messages only. Does not: the report at the end (console/report.py).
"""

import logging
import time

import dagster as dg

STARTED = time.monotonic()


class _Lines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        from rich.console import Console

        details = getattr(record, "dagster_meta", {})
        if record.levelno < logging.INFO or details.get("dagster_event") is not None:
            return
        message = details.get("orig_message", record.getMessage())
        style = "yellow" if record.levelno >= logging.WARNING else "none"
        Console(stderr=True, highlight=False).print(f"[dim]{time.monotonic() - STARTED:6.1f} s[/dim]  ", end="")
        Console(stderr=True, highlight=False, markup=False).print(message, style=style)


@dg.logger(description="Our own messages, one per line, on standard error.")
def progress_logger(_: dg.InitLoggerContext) -> logging.Logger:
    """A logger without parents, so that nothing is written twice."""
    logger = logging.Logger("preaudit.progress", logging.INFO)
    logger.addHandler(_Lines())
    return logger
