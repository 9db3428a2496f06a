"""`preaudit audit`: the mock audit of a framework over a period.

Belongs here: options, and what is printed. Does not: drawing and judging (preaudit/audit/). It reads the warehouse, as evidence
does: a period goes back further than a snapshot.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.output import Column, Format, FormatOption, Page, Table, emit, of
from console.words import FRAMEWORK_WORDS
from preaudit.errors import PreauditError
from preaudit.settings import get_settings

if TYPE_CHECKING:
    from preaudit.audit.audit import Audit

CONCLUSION_WORDS = {"met": "met", "met_with_limits": "met, with limits", "not_met": "NOT MET", "no_conclusion": "no conclusion"}


def audit(
    framework: Annotated[str, typer.Option("--framework", help="soc2, iso27001, nist80053, pci or hipaa.", show_default=False)],
    period: Annotated[str, typer.Option("--period", help="2026-Q3, or its days 2026-07-01..2026-09-30.", show_default=False)],
    seed: Annotated[int, typer.Option("--seed", help="Decides which items are drawn.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the files; below the home folder by default.")] = None,
    format_: FormatOption = Format.text,
) -> None:
    """Draw an auditor's samples, judge them, and say what an auditor would still ask for."""
    # Polars, DuckDB and the templates are loaded by the command that needs them, so that `--help` does not wait.
    from preaudit.audit.audit import audit as make_audit
    from preaudit.audit.period import parse_period
    from preaudit.audit.report import PAGE, write
    from preaudit.evidence.facts import Framework

    if framework not in set(Framework):
        raise PreauditError(
            f"There is no framework {framework}.", where="--framework", remedy=f"Choose one of {', '.join(Framework)}."
        )
    settings, days = get_settings(), parse_period(period)
    made = make_audit(settings, Framework(framework), days, seed)
    folder = out or settings.home / "audits" / made.name
    write(made, folder)
    emit(_page(made, str(folder / PAGE)), format_)


def _page(made: "Audit", page: str) -> Page:
    from dataclasses import asdict

    counts = {name: sum(row.conclusion == name for row in made.criteria) for name in CONCLUSION_WORDS}
    rows = [asdict(row) | {"control_ids": list(row.control_ids)} for row in made.criteria]
    missed = sum(test.is_missed for test in made.tests)
    return Page(
        title=f"Mock audit {FRAMEWORK_WORDS[made.framework.value]}, {made.period}, seed {made.seed}",
        tables=(Table("criteria", "By criterion", rows, _COLUMNS, "No control refers to this framework."),),
        facts={
            "framework": made.framework.value,
            "first": made.period.first,
            "last": made.period.last,
            "seed": made.seed,
            **counts,
            "requests": len(made.requests),
            "controls_with_a_clean_sample_and_deviations": missed,
            "page": page,
        },
        lines=(
            "; ".join(f"{counts[name]} {words}" for name, words in CONCLUSION_WORDS.items())
            + f". An auditor would still ask for {len(made.requests)} things.",
            f"Controls with a clean sample whose whole population is not clean: {missed}. Missed = items that broke the"
            " rule there and were not drawn; the daily test found each of them.",
            f"Samples, requests and completeness: {page}",
        ),
    )


def _limit(row: Mapping[str, Any]) -> str:
    ratio = row["highest_limit_ratio"]
    return "-" if ratio is None else f"{100 * ratio:.1f} %"


_COLUMNS = (
    Column("Criterion", of("reference_id"), is_short=True),
    Column("Verdict", lambda row: CONCLUSION_WORDS[row["conclusion"]], is_short=True),
    Column("drawn", of("sampled"), is_number=True),
    Column("deviations\n/ allowed", lambda row: f"{row['deviations']} / {row['allowed']}", is_number=True),
    Column("upper\nlimit", _limit, is_number=True),
    Column("missed", of("missed"), is_number=True),
    Column("Controls", lambda row: " ".join(row["control_ids"])),
)
