"""What can be wrong with a whole file, as an exception that the loader turns into a refused delivery.

Belongs here: the exception and the malformed row. Does not: rules on values (expectations/).
"""

from dataclasses import dataclass

from expectations.gate import RuleResult

RAW_LINE_LIMIT = 10_000


class FileRefused(Exception):
    """The file cannot be loaded at all.

    Args:
        rule: a rule code of expectations.contract.RULES.
        message: what was wrong, where, what to do.
        rows: rows of the file where they were counted exactly.
        results: what the gate had found by then.
    """

    def __init__(self, rule: str, message: str, *, rows: int | None = None, results: tuple[RuleResult, ...] = ()) -> None:
        self.rule, self.message, self.rows, self.results = rule, message, rows, results
        super().__init__(f"{rule}: {message}")


@dataclass(frozen=True)
class MalformedRow:
    """A row that cannot be put into columns; `line` is its text, cut at 10,000 characters."""

    row_number: int
    rule: str
    message: str
    line: str
