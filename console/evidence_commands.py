"""`preaudit evidence`: build a pack, verify one, list those there are.

Belongs here: options, and what is printed. Does not: what is in a pack and what proves it (preaudit/evidence/). Building reads
the warehouse, as no other command of the console does: a pack goes back further than a snapshot.
"""

import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from console.output import Column, Format, FormatOption, Page, Table, emit, of
from preaudit.errors import PreauditError
from preaudit.settings import get_settings

app = typer.Typer(no_args_is_help=True, help="Evidence packs: build, verify, list.")

DAY = ["%Y-%m-%d"]


@app.command("build")
def build(
    from_: Annotated[datetime, typer.Option("--from", formats=DAY, help="First day.", show_default=False)],
    to: Annotated[datetime, typer.Option("--to", formats=DAY, help="Last day, included.", show_default=False)],
    control: Annotated[list[str] | None, typer.Option("--control", help="A control; give it once for each.")] = None,
    framework: Annotated[
        str | None, typer.Option("--framework", help="All controls of soc2, iso27001, nist80053, pci or hipaa.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder, or file (.zip), for a copy of the pack.")] = None,
) -> None:
    """A signed pack: rule, population, exceptions, results, waivers, validation and runs of these controls."""
    # Polars, DuckDB and the templates are loaded by the command that needs them, so that `--help` does not wait.
    from preaudit.evidence.build import build as build_pack
    from preaudit.evidence.facts import Framework, Period, controls_of
    from preaudit.warehouse import reading

    if (control is None) == (framework is None):
        raise PreauditError("Which controls?", where="preaudit evidence build", remedy="Give --control or --framework, not both.")
    if framework is not None and framework not in set(Framework):
        raise PreauditError(
            f"There is no framework {framework}.", where="--framework", remedy=f"Choose one of {', '.join(Framework)}."
        )
    settings, chosen = get_settings(), Framework(framework) if framework else None
    period = Period(from_.date(), to.date())
    ids = [control_id.upper() for control_id in control or []]
    if chosen is not None:
        with reading(settings) as connection:
            ids = controls_of(connection, chosen)
    if out is not None:  # A place that cannot be written to should be known before the chain has a new pack.
        (out.parent if out.suffix == ".zip" else out).mkdir(parents=True, exist_ok=True)
    made = build_pack(settings, ids, period, framework=chosen)
    path = made.path
    if out is not None:
        path = Path(shutil.copyfile(made.path, out / made.path.name if out.is_dir() else out))
    what = f"Pack {made.link.number}: {len(made.link.parameters['controls'])} control(s), {period}"
    print(what + ("." if made.is_new else f": nothing differs from the pack of {made.link.built_at}, which was kept."))
    print(f"  {path}\n  Manifest SHA-256 {made.link.manifest_sha256}\n  Check it with: preaudit evidence verify {path}")


@app.command("verify")
def verify(
    target: Annotated[
        Path, typer.Argument(help="A pack, the folder it was unpacked into, or a folder of packs with its chain.", exists=True)
    ],
    public_key: Annotated[
        Path | None, typer.Option("--public-key", exists=True, dir_okay=False, help="Key that must have signed (evidence.pub).")
    ] = None,
    head: Annotated[str | None, typer.Option("--head", help="Manifest SHA-256 noted earlier, which must be there.")] = None,
) -> None:
    """Is every byte as it was signed, and is no pack missing? Exit code 1 where something differs."""
    from console.cells import visible
    from preaudit.evidence.verify import verify as verify_packs

    found = verify_packs(target, public_key.read_bytes() if public_key else None, head)
    for problem in found.problems:
        print(f"WRONG  {visible(problem)}")
    print(f"{'NOT AS SIGNED' if found.problems else 'As signed'}: {found.packs} pack(s), {len(found.problems)} problem(s).")
    if found.head:
        print(f"Last manifest (SHA-256): {found.head}")
    for sentence in found.trust:
        print(sentence)
    if found.problems:
        sys.exit(1)


@app.command("list")
def list_packs(format_: FormatOption = Format.text) -> None:
    """Every pack in the chain of this installation, oldest first."""
    from preaudit.evidence.chain import evidence_folder, read_chain

    folder = evidence_folder(get_settings())
    rows = [
        {
            "number": link.number,
            "from": link.parameters["from"],
            "to": link.parameters["to"],
            "controls": link.parameters["controls"],
            "framework": link.parameters["framework"],
            "built_at": link.built_at,
            "pack": link.pack,
            "bytes": link.pack_bytes,
            "manifest_sha256": link.manifest_sha256,
        }
        for link in read_chain(folder)
    ]
    columns = (
        Column("No.", of("number"), is_number=True),
        Column("Pack (with its days)", of("pack")),
        Column("Built", lambda row: row["built_at"].replace("T", " ")[:16], is_short=True),
        Column("Controls", lambda row: row["framework"] or ", ".join(row["controls"])),
    )
    table = Table("packs", "", rows, columns, empty="No pack yet: `preaudit evidence build` makes one.")
    emit(Page("Evidence packs", (table,), {"folder": str(folder)}, lines=(f"In {folder}",)), format_)
