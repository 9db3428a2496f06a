"""The one error people see: what was wrong, where, and what to do about it."""


class PreauditError(Exception):
    """A failure that a person can act on; the command line prints it as one message, without a stack trace.

    Args:
        what: what was wrong, one sentence.
        where: file, row, column, setting or command it was found in.
        remedy: what to do next.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        parts = [what]
        if where:
            parts.append(f"Where: {where}.")
        if remedy:
            parts.append(f"What to do: {remedy}")
        super().__init__(" ".join(parts))
