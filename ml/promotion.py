"""What a promotion or rollback changes: the aliases, the tags and description of the version, and a line of the approval log.

Belongs here: these changes, on a client of the registry that is handed in. Does not: who may ask for them (ml/registry.py).
"""

from typing import Any

from ml import approval_log
from preaudit.settings import Settings

CHAMPION, CHALLENGER = "champion", "challenger"


def with_alias(client: Any, name: str, alias: str) -> Any:
    """The version that has the alias, or None where the model or the alias does not exist."""
    for registered in client.search_registered_models(f"name='{name}'"):
        if alias in registered.aliases:
            return client.get_model_version(name, str(registered.aliases[alias]))
    return None


def promote(client: Any, settings: Settings, name: str, version: str, by: str, reason: str) -> None:
    """Make a version the champion; it stops being the challenger."""
    current, challenger = with_alias(client, name, CHAMPION), with_alias(client, name, CHALLENGER)
    before = None if current is None else str(current.version)
    at = approval_log.append(settings, "approved", name, version, by, reason, before)
    tags = {"approved_by": by, "approved_reason": reason, "approved_at": at} | ({"replaced_version": before} if before else {})
    _tell(client, name, version, tags, f"Approved by {by} on {at}: {reason}")
    client.set_registered_model_alias(name, CHAMPION, version)
    if challenger is not None and str(challenger.version) == version:
        client.delete_registered_model_alias(name, CHALLENGER)


def take_back(client: Any, settings: Settings, name: str, current: Any, by: str, reason: str) -> str | None:
    """Give the champion alias back to the version that `current` replaced; without one it is taken away, and None returned."""
    earlier = current.tags.get("replaced_version") or None
    at = approval_log.append(settings, "rolled_back", name, str(current.version), by, reason, earlier)
    tags = {"rolled_back_by": by, "rolled_back_reason": reason, "rolled_back_at": at}
    _tell(client, name, str(current.version), tags, f"Rolled back by {by} on {at}: {reason}")
    if earlier is None:
        client.delete_registered_model_alias(name, CHAMPION)
        return None
    client.set_registered_model_alias(name, CHAMPION, earlier)
    return str(earlier)


def _tell(client: Any, name: str, version: str, tags: dict[str, str], sentence: str) -> None:
    """Leave tags on a version, and a sentence at the end of its description, where a reviewer looks first."""
    for key, value in tags.items():
        client.set_model_version_tag(name, version, key, value)
    told = client.get_model_version(name, version).description or ""
    client.update_model_version(name, version, description=f"{told}\n\n{sentence}".strip())
