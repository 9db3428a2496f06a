"""Building a pack: collect, write, sign, and lengthen the chain by it.

Belongs here: the order of these steps, and what is kept after a crash: a pack is in its place before the chain names it.
Does not: what a pack says (content.py, pages.py), its zip (container.py), checking one (verify.py).
"""

import json
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from preaudit.code_version import code_version
from preaudit.errors import PreauditError
from preaudit.evidence import facts, pages
from preaudit.evidence.chain import Link, append, evidence_folder, locked, read_chain
from preaudit.evidence.container import write_container
from preaudit.evidence.content import ControlEvidence, collect_control, collect_runs
from preaudit.evidence.disguise import load_disguise
from preaudit.evidence.facts import Framework, Period
from preaudit.evidence.keys import fingerprint, load_signing_key, public_pem
from preaudit.evidence.manifest import INDEX, MANIFEST, PUBLIC_KEY, SIGNATURE, Manifest, content_digest, file_facts
from preaudit.evidence.tables import write_table
from preaudit.settings import Settings
from preaudit.warehouse import reading

DRAFT = ".draft-"


@dataclass(frozen=True)
class Built:
    """A pack that answers the question.

    Attributes:
        path: the zip beside the chain.
        is_new: False where the last pack of the same question says the same and was kept.
    """

    path: Path
    link: Link
    is_new: bool


@dataclass(frozen=True)
class _Written:
    files: dict[str, Path]
    index_rows: list[dict[str, Any]]
    shared: dict[str, Any]
    run_ids: list[str]


def build(
    settings: Settings,
    control_ids: list[str],
    period: Period,
    *,
    framework: Framework | None = None,
    label: str = "",
    now: datetime | None = None,
) -> Built:
    """Build one pack of these controls over the period, or keep the last one where nothing differs but the time.

    Args:
        framework: what the controls were chosen by; stated in the pack.
        label: word in the file name; the control's id or the framework by default.
        now: build time stated in the pack.

    Raises:
        PreauditError: a control is not in the library, no day of the period was tested, or key or chain cannot be read.
    """
    folder = evidence_folder(settings)
    with locked(folder), tempfile.TemporaryDirectory(dir=_without_leftovers(folder), prefix=DRAFT) as name:
        draft, chain = Path(name), read_chain(folder)
        controls = sorted(set(control_ids))
        parameters = _parameters(settings, controls, period, framework)
        built_at = (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
        with reading(settings) as connection:
            key = _key_of(settings, chain)
            written = _write_controls(settings, connection, draft, controls, period)
        listed = {path: file_facts(file) for path, file in written.files.items()}
        digest = content_digest(parameters, written.shared["code_version"], listed)
        if (kept := _same(folder, chain, parameters, digest)) is not None:
            return Built(folder / kept.pack, kept, is_new=False)
        last = chain[-1] if chain else None
        number, previous = (last.number + 1, last.manifest_sha256) if last else (1, None)
        about = {**written.shared, **parameters, "number": number, "built_at": built_at, "previous": previous}
        about["key_fingerprint"] = fingerprint(key.public_key())
        index = _write(draft / INDEX, pages.index_page(written.index_rows, about).encode())
        files = {**written.files, INDEX: index}
        manifest = Manifest(
            number=number,
            previous_manifest_sha256=previous,
            built_at=built_at,
            content_sha256=digest,
            parameters=parameters,
            code_version=written.shared["code_version"],
            run_ids=written.run_ids,
            public_key_sha256=about["key_fingerprint"],
            files={**listed, INDEX: file_facts(index)},
        )
        label = label or (framework.value if framework else "_".join(controls) if len(controls) <= 3 else "controls")
        pack = f"{number:06d}_{period.first}_{period.last}_{label}.zip"
        return _seal(folder, draft, pack, files, manifest, key)


def _parameters(settings: Settings, controls: list[str], period: Period, framework: Framework | None) -> dict[str, Any]:
    """What was asked for, as the manifest states it."""
    return {
        "controls": controls,
        "framework": framework.value if framework else None,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "source_time_zone": settings.source_time_zone,
    }


def _key_of(settings: Settings, chain: list[Link]) -> Ed25519PrivateKey:
    """The signing key, which has to be that of the chain so far: one chain has one key."""
    key = load_signing_key(settings)
    if chain and not chain[-1].is_signed_by(key.public_key()):
        raise PreauditError(
            "The chain of evidence was signed with another key.",
            where=str(evidence_folder(settings)),
            remedy="Put evidence.key back from a backup. If it is lost, move the folder evidence/ away: a new chain begins.",
        )
    return key


def _seal(folder: Path, draft: Path, pack: str, files: dict[str, Path], manifest: Manifest, key: Ed25519PrivateKey) -> Built:
    """Sign, zip, put in place, and only then name it in the chain."""
    words = manifest.to_bytes()
    sealed = {
        **files,
        MANIFEST: _write(draft / MANIFEST, words),
        SIGNATURE: _write(draft / SIGNATURE, f"{key.sign(words).hex()}\n".encode()),
        PUBLIC_KEY: _write(draft / PUBLIC_KEY, public_pem(key.public_key())),
    }
    zipped = draft / pack
    write_container(zipped, sealed)
    outer = file_facts(zipped)
    zipped.replace(folder / pack)
    link = Link(
        number=manifest.number,
        pack=pack,
        pack_sha256=outer["sha256"],
        pack_bytes=outer["bytes"],
        manifest_sha256=file_facts(sealed[MANIFEST])["sha256"],
        previous_manifest_sha256=manifest.previous_manifest_sha256,
        content_sha256=manifest.content_sha256,
        built_at=manifest.built_at,
        parameters=manifest.parameters,
    ).signed(key)
    append(folder, link)
    return Built(folder / pack, link, is_new=True)


def _write_controls(
    settings: Settings, connection: duckdb.DuckDBPyConnection, draft: Path, control_ids: list[str], period: Period
) -> _Written:
    """Everything but the index, which states the build time."""
    for control_id in control_ids:
        facts.control_row(connection, control_id)  # A wrong id should be known before the first long query.
    facts.require_tested_days(connection, period)
    disguise = load_disguise(settings, connection, period)
    runs = collect_runs(connection, period)
    version = code_version()
    shared = {
        "period": str(period),
        "code_version": version,
        "other_versions": sorted(set(runs["runs"]["code_version"].to_list()) - {version}),
        **{name: pages.shown(name, frame) for name, frame in runs.items()},
    }
    files = _write_tables(draft, "", runs)
    index_rows = []
    for control_id in control_ids:
        evidence = collect_control(settings, connection, disguise, control_id, period)
        files |= _write_control(draft, evidence, shared)
        index_rows.append(pages.index_row(evidence))
    return _Written(files, index_rows, shared, runs["runs"]["run_id"].to_list())


def _write_control(draft: Path, evidence: ControlEvidence, shared: dict[str, Any]) -> dict[str, Path]:
    place = f"controls/{evidence.control_id}/"
    (draft / place / "rule").mkdir(parents=True)
    files = _write_tables(draft, place, evidence.frames)
    texts = {f"{place}rule/{file.name}": file.sql for file in evidence.rule}
    texts[f"{place}parameters.json"] = json.dumps(evidence.row, indent=1, sort_keys=True) + "\n"
    texts[f"{place}report.html"] = pages.control_page(evidence, shared)
    return files | {path: _write(draft / path, text.encode()) for path, text in texts.items()}


def _write_tables(draft: Path, place: str, frames: dict[str, pl.DataFrame]) -> dict[str, Path]:
    written = [file for name, frame in frames.items() for file in write_table(draft / place, name, frame)]
    return {f"{place}{file.name}": file for file in written}


def _same(folder: Path, chain: list[Link], parameters: dict[str, Any], digest: str) -> Link | None:
    """The last pack of the same question, where it says the same and is still there as it was built."""
    asked = [link for link in chain if link.parameters == parameters]
    if not asked or asked[-1].content_sha256 != digest:
        return None
    path = folder / asked[-1].pack
    return asked[-1] if path.is_file() and file_facts(path)["sha256"] == asked[-1].pack_sha256 else None


def _without_leftovers(folder: Path) -> Path:
    """The folder, without drafts of builds that were killed."""
    for draft in folder.glob(f"{DRAFT}*"):
        shutil.rmtree(draft)
    return folder


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
