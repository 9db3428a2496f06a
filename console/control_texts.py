"""What the project says of each control in words: the library's row, and the page text beside the control's model.

Belongs here: reading dbt_project/seeds and the yml files of dbt_project/models/controls. Does not: figures, which come from the
published snapshot, or layout (control_docs.py, control_page.py).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from preaudit.errors import PreauditError
from preaudit.settings import REPOSITORY

SEEDS = REPOSITORY / "dbt_project" / "seeds"
MODELS = REPOSITORY / "dbt_project" / "models" / "controls"


@dataclass(frozen=True)
class ControlText:
    """The text of a control's page that no column of the library holds.

    Args:
        population: what is looked at.
        rule: when an item is an exception.
        example: a made-up case, with what fires and what does not.
        cannot_see: what the control is blind to.
    """

    population: str
    rule: str
    example: str
    cannot_see: str


@cache
def library() -> tuple[dict[str, str], ...]:
    """Rows of the control library as text, in its order; a limit that a control does not have is empty."""
    with (SEEDS / "control_library.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def limit_meanings() -> dict[str, str]:
    """What each limit column of the library counts, in the library's order."""
    (seed,) = (seed for seed in _yaml(SEEDS / "_control_seeds.yml")["seeds"] if seed["name"] == "control_library")
    names = [column["name"] for column in seed["columns"]]
    first, last = names.index("limit_hours"), names.index("limit_source")
    return {column["name"]: column["description"] for column in seed["columns"][first:last]}


@cache
def control_texts() -> dict[str, ControlText]:
    """Page text by control id, of the controls whose model carries any.

    Raises:
        PreauditError: a model has a part of the text only, or a part of another name.
    """
    names = {field.name for field in fields(ControlText)}
    found = {}
    for path, model in _models():
        meta = (model.get("config") or {}).get("meta") or {}
        if meta and set(meta) != names:
            raise PreauditError(
                f"The page text of {model['name']} has the parts {', '.join(sorted(meta))}.",
                where=str(path),
                remedy=f"Give config.meta exactly {', '.join(sorted(names))}.",
            )
        if meta:
            control_id = model["name"].removeprefix("ctl_").upper().replace("_", "-")
            found[control_id] = ControlText(**{name: " ".join(text.split()) for name, text in meta.items()})
    return found


def number_words(value: Any) -> str:
    """A limit as a person writes it: '24' for 24.0, '0.05' as it is."""
    return f"{float(value):g}"


def _models() -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted(MODELS.glob("*.yml")):
        for model in _yaml(path).get("models", []):
            if model["name"].startswith("ctl_"):
                yield path, model


def _yaml(path: Path) -> Any:
    # Imported here: it comes with dbt, and only pages about controls read its files.
    import yaml  # type: ignore[import-untyped]

    return yaml.safe_load(path.read_text(encoding="utf-8"))
