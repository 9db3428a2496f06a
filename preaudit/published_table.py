"""What one published table is: the shape of an entry of the allow-list.

Belongs here: the shape. Does not: the tables (published_tables.py, published_monitoring.py).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedTable:
    """One published table.

    Args:
        name: file name in the snapshot.
        relation: the warehouse table it comes from.
        columns: columns that must be there.
        key: grain and row order.
        window: SQL condition on `$as_of`.
        optional: columns that are null where the mart does not have them.
        text: columns holding sentences, in which identities are replaced.
    """

    name: str
    relation: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    window: str = "true"
    optional: tuple[str, ...] = ()
    text: tuple[str, ...] = ()


def names(*lines: str) -> tuple[str, ...]:
    """The words of the lines: how long lists of columns are written down."""
    return tuple(name for line in lines for name in line.split())
