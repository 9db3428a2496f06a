"""docs/features.md: every input of the models, by family and with its owner, made from the catalogue.

Belongs here: what stands on the page and in which order. Does not: the rows (ml/feature_rows.py), or how a number is computed.
`python -m console.feature_docs` or `make docs` writes it again; a test holds it up to date.
"""

from collections.abc import Iterable

from ml.feature_rows import AGENT, PAIR, PROCESS
from ml.features import FAMILY_TABLE, EntityKind, Feature, features, staff_features
from preaudit.settings import REPOSITORY

PAGE = REPOSITORY / "docs" / "features.md"
DIRECTION_WORDS = {1: "more is riskier", 0: "not forced", -1: "less is riskier"}
INTRODUCTION = """<!-- Written by `make docs` from ml/feature_rows.py and ml/features.py: change those. -->

# Features

What the models read, as known at the end of the as-of date and not later. Windows are half-open and end with that date: `_7d` are
the day itself and the six before. An empty value means "not known" (the feed was not there), never zero.

- **Own baseline** (`_own_deviation_`): the week or the day against the entity's own usual one of the last 8 weeks, as a
  difference of logarithms: 0 as usual, 0.7 about twice as much. Weeks and days without activity do not count as usual ones.
- **Peers** (`_peer_deviation_`): against the median of the same process and job role, on the same scale; of fewer than three
  people nothing is usual.
- **Shrunk** rates of small groups are drawn towards the process, and that towards all. The number of cases stands beside each.
- **Direction** is forced on the model only where it is beyond argument.
- **To move**: a manager can change it within weeks.
- No identity, protected attribute, health, absence, leave, pay or free text is among them, and no decision taken on the console.

## Countdowns

`days_until_limit` counts the days until the first day on which the control would see a new exception if nobody acts. All limits
come from the control library. `is_foreseeable` marks those within the horizon; the review gives the figures without them as well.

| control | what runs out |
|---|---|
| JML-01, ACC-01 | the time for closing the accounts of somebody who has a last day of work |
| JML-02 | after a move to another process, the time for taking away rights of another client or outside the job's profile |
| ACC-02 | an enabled account that nobody uses |
| ACC-03 | a review not decided, or a decided revocation not carried out |
| ACC-04 | a privileged right that was approved until a day |
| HR-02 | the yearly awareness training, or the first one of a joiner |
| HR-03 | a certificate of the process that is not renewed |
| HR-04 | a signature that has to be given again, or a new version of the document |
| CHG-02 | a planned change whose approver asked for it or carries it out |
| CHG-03, CHG-04 | the time for the record, and for the approval, of an emergency change |
| INC-01, OPS-03, SEC-05 | the target of an open incident, remediation or vulnerability |

The other controls look at what somebody does on the day, which no arithmetic foresees. OPS-04 is one of them: open tickets are
finished as a rule, so those that fall due within a week are a feature (`tickets_due_7d`) and no countdown.
"""


def feature_page() -> str:
    """Text of the page."""
    parts = [INTRODUCTION, "## Families", "", "| family | who answers for it | in reasons |", "|---|---|---|"]
    parts += [f"| {name} | {family.owner} | {family.words} |" for name, family in FAMILY_TABLE.items()]
    parts += _section("Of an agent", "agent", {row[0] for row in AGENT})
    parts += _section("Of a process", "process", {row[0] for row in PROCESS})
    parts += ["", "Added from the agents' own scores of the same day, out of fold in training (`ml/staff_scores.py`):", ""]
    parts += _table(staff_features())
    parts += _section("Of a pair of entity and control", "agent", {row[0] for row in PAIR})
    parts += ["", "One flag per control (`is_control_...`) tells the controls apart in the pooled model: "]
    parts[-1] += f"{_flags('agent')} for agents, {_flags('process')} for processes."
    return "\n".join(parts) + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(feature_page(), encoding="utf-8")
    print(f"{PAGE.relative_to(REPOSITORY)}")


def _flags(kind: EntityKind) -> int:
    return sum(one.name.startswith("is_control_") for one in features(kind))


def _section(title: str, kind: EntityKind, names: set[str]) -> list[str]:
    return ["", f"## {title}", "", *_table(one for one in features(kind) if one.name in names)]


def _table(rows: Iterable[Feature]) -> list[str]:
    lines = ["| feature | says | family | unit | direction | to move |", "|---|---|---|---|---|---|"]
    for one in rows:
        movable = "yes" if one.is_actionable else ""
        lines.append(
            f"| `{one.name}` | {one.sentence} | {one.family} | {one.unit} | {DIRECTION_WORDS[one.direction]} | {movable} |"
        )
    return lines


if __name__ == "__main__":
    main()
