"""What every file of ours looks like."""

import ast
import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("preaudit", "orchestration", "ml", "expectations", "console", "simulation", "benchmarks")
MODULES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
MODELS = sorted(path for path in (ROOT / "dbt_project" / "models").rglob("*.sql"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_and_is_short_enough_to_read(path):
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "no module docstring"
    assert len(text.splitlines()) <= 250


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_fits_a_screen(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 80


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_is_named_by_the_grammar(path):
    assert re.match(r"^(stg_[a-z]+__|int_[a-z]+__|ctl_[a-z]+_\d\d$|dim_|fct_|ftr_|lbl_|mart_|rank_)", path.stem)


def test_every_implemented_control_is_one_file_and_every_file_a_library_row():
    with (ROOT / "dbt_project/seeds/control_library.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    files = {path.stem for path in (ROOT / "dbt_project/models/controls").glob("ctl_*.sql")}
    assert len(rows) == 31
    assert files == {"ctl_" + row["control_id"].lower().replace("-", "_") for row in rows if row["is_implemented"] == "true"}
