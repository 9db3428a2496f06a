"""The audit as files: a page to print, one document for programs, and a CSV per list.

Belongs here: which columns each of them has. Does not: figures (audit.py), wording of sections (templates/audit.html), or the
style of the page, which is that of the evidence packs.
"""

import json
from dataclasses import asdict
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from preaudit import evidence
from preaudit.audit.audit import Audit
from preaudit.audit.deviation import CONFIDENCE, LARGE_SAMPLE, LARGE_TOLERABLE, SMALL_POPULATION, SMALL_SAMPLE, SMALL_TOLERABLE
from preaudit.audit.sampling import ALGORITHM
from preaudit.audit.verdicts import ControlTest
from preaudit.code_version import code_version
from preaudit.evidence.pages import REFERENCES, shown
from preaudit.exports.csv_export import to_csv

PAGE, DOCUMENT = "audit.html", "audit.json"
SAMPLE_COLUMNS = ("draw", "item_ref", "agents", "processes", "first_tested_on", "days_tested", "result", "reason", "evidence")


def write(audit: Audit, folder: Path) -> list[Path]:
    """Write all files into the folder, which is made; files of that name are replaced. The same audit gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    document = as_document(audit)
    texts = {
        PAGE: as_page(audit, document),
        DOCUMENT: json.dumps(document, indent=1, default=_plain, ensure_ascii=False) + "\n",
        **{f"{name}.csv": to_csv(frame) for name, frame in _frames(audit, document).items()},
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def as_document(audit: Audit) -> dict[str, Any]:
    """Everything, as it is written to audit.json. No time of making: it would be the only thing that differs."""
    return {
        "framework": audit.framework.value,
        "first": audit.period.first,
        "last": audit.period.last,
        "seed": audit.seed,
        "code_version": code_version(),
        "method": {
            "draw": ALGORITHM,
            "confidence": CONFIDENCE,
            "large": {"population_above": SMALL_POPULATION, "sample": LARGE_SAMPLE, "tolerable_ratio": LARGE_TOLERABLE},
            "small": {"population_above": SMALL_SAMPLE, "sample": SMALL_SAMPLE, "tolerable_ratio": SMALL_TOLERABLE},
        },
        "criteria": [asdict(criterion) for criterion in audit.criteria],
        "controls": [_control(test, audit.framework.value) for test in audit.tests],
        "requests": [asdict(request) for request in audit.requests],
    }


def as_page(audit: Audit, document: dict[str, Any]) -> str:
    """The printable page."""
    return (
        _environment()
        .get_template("audit.html")
        .render(
            **document,
            framework_name=REFERENCES[audit.framework.value],
            period=str(audit.period),
            samples={test.control_id: shown("sample", _short(test)) for test in audit.tests if test.plan},
        )
    )


def _control(test: ControlTest, framework: str) -> dict[str, Any]:
    plan = {**asdict(test.plan), "allowed": test.plan.allowed, "is_census": test.plan.is_census} if test.plan else None
    return {
        **{name: test.row[name] for name in ("control_id", "name", "question", "severity", "tolerance_ratio", "tolerance_text")},
        "references": (test.row[framework] or "").split(),
        "population": asdict(test.population),
        "completeness": asdict(test.completeness),
        "plan": plan,
        "verdict": asdict(test.verdict),
        "is_missed": test.is_missed,
        "sample": test.sample.drop("control_id").to_dicts() if test.plan else [],
    }


def _frames(audit: Audit, document: dict[str, Any]) -> dict[str, pl.DataFrame]:
    """The lists, one row per criterion, control, drawn item and request; by file name."""
    samples = [test.sample for test in audit.tests if test.plan]
    controls = [
        {
            **{name: control[name] for name in ("control_id", "name", "is_missed")},
            **{f"items_{name}": value for name, value in control["population"].items()},
            **control["completeness"],
            **{name: (control["plan"] or {}).get(name) for name in ("size", "allowed", "tolerable_ratio", "is_census")},
            **control["verdict"],
            "reasons": "; ".join(control["verdict"]["reasons"]),
        }
        for control in document["controls"]
    ]
    criteria = [row | {"control_ids": " ".join(row["control_ids"])} for row in document["criteria"]]
    return {
        "criteria": pl.DataFrame(criteria, infer_schema_length=None),
        "controls": pl.DataFrame(controls, infer_schema_length=None),
        "sample": pl.concat(samples) if samples else pl.DataFrame({"control_id": []}),
        "requests": pl.DataFrame(document["requests"], schema=dict.fromkeys(("control_id", "kind", "text"), pl.String)),
    }


def _short(test: ControlTest) -> pl.DataFrame:
    """What fits on a sheet; audit.json and sample.csv have all columns."""
    waived = pl.when(pl.col("is_waived")).then(pl.lit("exception, waived")).otherwise(pl.col("result"))
    return test.sample.with_columns(waived.alias("result")).select(SAMPLE_COLUMNS)


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not for JSON")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    folders = [Path(__file__).with_name("templates"), Path(str(evidence.__file__)).with_name("templates")]
    return Environment(
        loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
