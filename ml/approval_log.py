"""Who made which model version serve, when and why: one line of JSON each, only ever added.

Belongs here: writing and reading that file. Does not: aliases and tags, which say the same inside MLflow (ml/registry.py).
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from preaudit.settings import Settings


def approvals_file(settings: Settings) -> Path:
    """Beside the registry, and not inside its database: what a tag says can be changed there, a line here is seen to be gone."""
    return settings.mlflow_home / "approvals.jsonl"


def append(settings: Settings, action: str, name: str, version: str, by: str, reason: str, replaced: str | None) -> str:
    """Add a line and say when.

    Args:
        settings: whose home.
        action: approved or rolled_back.
        name: of the registered model.
        version: that the action is about.
        by: person, or auto_promote.
        reason: in their words.
        replaced: the version that served before (approved) or serves now (rolled_back); None for the rule.
    """
    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = {"at": at, "action": action, "model": name, "version": version, "by": by, "reason": reason, "other_version": replaced}
    settings.mlflow_home.mkdir(parents=True, exist_ok=True)
    with approvals_file(settings).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line, ensure_ascii=False) + "\n")
    return at


def approvals(settings: Settings) -> list[dict[str, Any]]:
    """Every line, oldest first; none where nothing was ever approved."""
    path = approvals_file(settings)
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
