"""The pages of docs/controls, one per control and one list of all, made from the library and the text beside the models.

Belongs here: what stands on a page and in which order. Does not: the text itself (dbt_project), figures of any day.
`python -m console.control_docs` or `make docs` writes them again; a test holds them up to date.
"""

from pathlib import Path

from console.control_texts import ControlText, control_texts, library, limit_meanings, number_words
from console.words import AREA_WORDS, FRAMEWORK_WORDS, KIND_OF_ITEM_WORDS, TESTED_FOR_WORDS
from preaudit.settings import REPOSITORY

FOLDER = REPOSITORY / "docs" / "controls"
GENERATED = "<!-- Written by `make docs` from the control library and the yml beside the model: change those. -->"
INDEX = """# Controls

One page per control: the question it answers, what is looked at, rule and limits, an example, what to do about an exception,
what it cannot see. `preaudit controls` shows today's results, `preaudit controls <ID>` one control with who fails it now.

## What a status means

| status | meaning |
|---|---|
| pass | something was tested and every judged item keeps the rule |
| fail | at least one item breaks the rule, within tolerance or not; both are published apart |
| waived | every exception is under a waiver (`seeds/waivers.csv`); still tested, and fails again the day the waiver expires |
| not applicable | the control was evaluated and there was nothing to test |
| not evaluable | a needed feed is absent, stale or refused, or the data could judge none of the items; never a pass |
| error | the control's model could not be built that day; the others were tested; never a pass |

When the model of a control cannot be built, the day is published without it, and `preaudit run` says which it was and why. Mend
it and run the day again (`preaudit run --date`). When more than ten cannot, or something that all stand on, the run stops,
nothing is published, and the snapshot of the day before stays current under its own date.

## What is new, and what is fixed

Each day is compared with the day before on which the control could be evaluated. A control of states calls an entity *fixed* only
where its whole population was judged and nothing breaks the rule; where nothing is left to test it says so instead. A control of
events never says fixed: what happened stays an exception. It says *passed again* where later events keep the rule.

## All controls

"""


def control_pages() -> dict[Path, str]:
    """Text of every page by its file."""
    texts = control_texts()
    pages = {FOLDER / f"{row['control_id']}.md": _page(row, texts.get(row["control_id"])) for row in library()}
    return {FOLDER / "README.md": _index(), **pages}


def main() -> None:
    """Write the pages, and remove those of controls that are no more."""
    pages = control_pages()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in set(FOLDER.glob("*.md")) - set(pages):
        path.unlink()
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
    print(f"{len(pages)} pages in {FOLDER.relative_to(REPOSITORY)}")


def _index() -> str:
    lines = [GENERATED, "", INDEX.rstrip("\n"), ""]
    for area, words in AREA_WORDS.items():
        lines += [f"### {words}", "", "| control | question | tested for | severity |", "|---|---|---|---|"]
        for row in (row for row in library() if row["area"] == area):
            name = f"[{row['control_id']}]({row['control_id']}.md) {row['name']}"
            lines.append(f"| {name} | {row['question']} | {TESTED_FOR_WORDS[row['entity_kinds']]} | {row['severity']} |")
        lines.append("")
    return "\n".join(lines)


def _page(row: dict[str, str], text: ControlText | None) -> str:
    written = text or ControlText("", "", "", "")
    sections = {
        "What is looked at": written.population,
        "Rule": written.rule,
        "Limits": _limits(row),
        "Example": written.example,
        "What to do": row["remedy"],
        "What it cannot see": written.cannot_see,
    }
    lines = [GENERATED, "", f"# {row['control_id']} {row['name']}", "", row["question"], "", *_facts(row)]
    for title, body in sections.items():
        lines += ["", f"## {title}", "", body]
    return "\n".join(lines).rstrip("\n") + "\n"


def _facts(row: dict[str, str]) -> list[str]:
    model = f"ctl_{row['control_id'].lower().replace('-', '_')}.sql"
    references = [f"{words} {row[name].replace(' ', ', ')}" for name, words in FRAMEWORK_WORDS.items() if row[name]]
    facts = {
        "area": AREA_WORDS[row["area"]],
        "tested for": TESTED_FOR_WORDS[row["entity_kinds"]],
        "kind": KIND_OF_ITEM_WORDS[row["item_kind"]],
        "frequency": row["frequency"],
        "severity": f"{row['severity']} (weight {number_words(row['severity_weight'])})",
        "tolerance": f"{float(row['tolerance_ratio']):.1%}. {row['tolerance_text']}",
        "references": "; ".join(references),
        "feeds needed": row["needs_feeds"].replace(";", ", "),
        "feeds that widen it": row["optional_feeds"].replace(";", ", ") or "none",
        "model": f"[{model}](../../dbt_project/models/controls/{model})",
    }
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items())]


def _limits(row: dict[str, str]) -> str:
    limits = [f"| {name} | {number_words(row[name])} | {words} |" for name, words in limit_meanings().items() if row[name]]
    table = "\n".join(["| limit | value | what it counts |", "|---|---:|---|", *limits])
    return f"{table}\n\n{row['limit_source']}" if limits else f"The rule needs no number. {row['limit_source']}"


if __name__ == "__main__":
    main()
