"""Evidence packs, whether they are as signed, and mock audits.

Belongs here: reading `<home>/evidence` and `<home>/audits`, within the days a person may see. Does not: building packs or audits
(preaudit/evidence, preaudit/audit).
"""

import json
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from console.access.roles import Period
from console.reading.not_found import NotFound
from console.words import FRAMEWORK_WORDS
from preaudit.errors import PreauditError
from preaudit.settings import Settings

CONCLUSION_WORDS = {"met": "met", "met_with_limits": "met, with limits", "not_met": "not met", "no_conclusion": "no conclusion"}
_AUDIT_NAME = re.compile(r"[a-z0-9]+_\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d_seed\d+")


def packs(settings: Settings, period: Period) -> list[dict[str, Any]]:
    """The packs of the chain whose days the person may see, newest first.

    Raises:
        PreauditError: the chain cannot be read.
    """
    from preaudit.evidence.chain import evidence_folder, read_chain

    rows = []
    for link in read_chain(evidence_folder(settings)):
        first, last = (date.fromisoformat(link.parameters[edge]) for edge in ("from", "to"))
        if period.holds(first) and period.holds(last):
            rows.append(
                {
                    "number": link.number,
                    "pack": link.pack,
                    "first": first,
                    "last": last,
                    "controls": link.parameters["controls"],
                    "framework": FRAMEWORK_WORDS.get(link.parameters["framework"] or ""),
                    "built_at": link.built_at,
                    "kilobytes": round(link.pack_bytes / 1024),
                    "manifest_sha256": link.manifest_sha256,
                }
            )
    return rows[::-1]


def pack_file(settings: Settings, period: Period, name: str) -> Path:
    """The file of a pack that the chain names.

    Raises:
        NotFound: the chain names no such pack for the person's days, or its file is gone.
    """
    from preaudit.evidence.chain import evidence_folder

    file = evidence_folder(settings) / Path(name).name
    if name not in {row["pack"] for row in packs(settings, period)} or not file.is_file():
        raise NotFound("There is no such evidence pack.", remedy="The page of evidence lists those you may see.")
    return file


def verification(settings: Settings) -> dict[str, Any]:
    """Every byte of every pack against what was signed."""
    from preaudit.evidence.chain import CHAIN, evidence_folder
    from preaudit.evidence.verify import verify

    folder = evidence_folder(settings)
    if not (folder / CHAIN).is_file():
        return {"problems": [], "trust": [], "packs": 0, "head": None, "key_is_given": False}
    own_key = settings.home / "evidence.pub"
    given = own_key.read_bytes() if own_key.is_file() else None
    return {**asdict(verify(folder, given)), "key_is_given": given is not None}


def audits(settings: Settings, period: Period) -> list[dict[str, Any]]:
    """Mock audits of the person's days, by framework and period; one that cannot be read says so."""
    rows = []
    for file in sorted((settings.home / "audits").glob("*/audit.json"), reverse=True):
        if not _AUDIT_NAME.fullmatch(file.parent.name):
            continue
        framework, first, last, _ = file.parent.name.rsplit("_", 3)
        if not (period.holds(date.fromisoformat(first)) and period.holds(date.fromisoformat(last))):
            continue
        row = {"name": file.parent.name, "framework": FRAMEWORK_WORDS.get(framework, framework), "first": first, "last": last}
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
            found = [criterion["conclusion"] for criterion in document["criteria"]]
            rows.append(
                {
                    **row,
                    "counts": {name: found.count(name) for name in CONCLUSION_WORDS},
                    "requests": len(document["requests"]),
                    "damage": None,
                }
            )
        except (OSError, ValueError, KeyError, TypeError):
            rows.append({**row, "counts": {}, "requests": 0, "damage": "its audit.json cannot be read; make the audit again"})
    return rows


def audit(settings: Settings, period: Period, name: str) -> dict[str, Any]:
    """One mock audit: criteria with conclusions, and what an auditor would still ask for.

    Raises:
        NotFound: there is none of that name for the person's days.
        PreauditError: its file cannot be read.
    """
    row = next((row for row in audits(settings, period) if row["name"] == name), None)
    if row is None:
        raise NotFound("There is no such mock audit.", remedy="The page of evidence lists those you may see.")
    if row["damage"]:
        raise PreauditError(f"The mock audit {name} is damaged: {row['damage']}.", where=str(settings.home / "audits" / name))
    document = json.loads((settings.home / "audits" / name / "audit.json").read_text(encoding="utf-8"))
    criteria = [
        criterion | {"words": CONCLUSION_WORDS.get(criterion["conclusion"], criterion["conclusion"])}
        for criterion in document["criteria"]
    ]
    return {
        **row,
        "seed": document["seed"],
        "criteria": criteria,
        "requests_asked": document["requests"],
        "words": CONCLUSION_WORDS,
    }
