"""The rule of a control as text: its SQL as written, and as the last run executed it, with every intermediate model it stands on.

Belongs here: finding those files. Does not: parameters, which are the control's library row (facts.py), or judging the SQL.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from preaudit.evidence.facts import model_name
from preaudit.settings import REPOSITORY, Settings

MODELS = REPOSITORY / "dbt_project" / "models"
# Which days a control could be evaluated on: every control stands on it, through a macro.
EVALUABLE_DAYS = "int_controls__days"
PARENT = re.compile(r"\bint_controls__\w+")


@dataclass(frozen=True)
class RuleFile:
    """One SQL file of a rule.

    Attributes:
        model: name of the dbt model.
        form: 'source' as written, 'executed' as dbt last compiled it: macros written out, dates of that run filled in.
    """

    model: str
    form: str
    sql: str

    @property
    def name(self) -> str:
        return f"{self.model}.{self.form}.sql"


def rule_files(settings: Settings, control_id: str) -> list[RuleFile]:
    """The control's model first, then the int_controls__ models it stands on; none where it is not implemented."""
    places = (("source", _by_model(MODELS)), ("executed", _by_model(settings.home / "dbt" / "compiled" / "preaudit" / "models")))
    found: dict[str, list[RuleFile]] = {}
    waiting = [model_name(control_id)]
    if any(model_name(control_id) in paths for _, paths in places):
        waiting.append(EVALUABLE_DAYS)
    while waiting:
        model = waiting.pop(0)
        if model in found:
            continue
        found[model] = [RuleFile(model, form, _text(paths[model])) for form, paths in places if model in paths]
        waiting += [parent for file in found[model] for parent in PARENT.findall(file.sql)]
    first, *parents = found
    return [file for model in [first, *sorted(parents)] for file in found[model]]


def _by_model(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.rglob("*.sql")) if path.stem.startswith(("ctl_", "int_controls__"))}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() + "\n"
