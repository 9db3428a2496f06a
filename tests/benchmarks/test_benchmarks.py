"""The benchmark measures what it says: the competitor computes our columns, differences are found, memory counts children."""

from datetime import date, timedelta

import duckdb
import pytest

from benchmarks import report
from benchmarks.compare import KEYS, ColumnComparison, TableComparison, compare
from benchmarks.handwritten import compute
from benchmarks.measure import Measurement, measure
from benchmarks.world import NEXT_DAY, World
from ml.features import features


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    from simulation.engine import simulate

    folder = tmp_path_factory.mktemp("world")
    simulate(
        120, 6, 91, 7, folder, end_on=NEXT_DAY, events_per_shift=2, tickets_per_shift=0.5, daily_deliveries=1, with_dirt=False
    )
    made = World(120, 6, folder)
    compute(made, training_weekday=7, threads=1, memory_limit="1GB")
    return made


def columns(path, table):
    with duckdb.connect(str(path), read_only=True) as con:
        return [row[0] for row in con.execute(f"describe {table}").fetchall()]


@pytest.mark.parametrize("kind", ["agent", "process"])
def test_the_competitor_computes_every_feature_column_of_ours(world, kind):
    wanted = [feature.name for feature in features(kind) if not feature.name.startswith("is_control_")]
    pair = [name for name in columns(world.handwritten, "ftr_pair") if name not in KEYS["ftr_pair"]]
    own = [name for name in columns(world.handwritten, f"ftr_{kind}") if name not in KEYS[f"ftr_{kind}"]]
    assert own + pair == wanted


def test_the_competitor_has_a_row_per_entity_for_the_weekly_days_and_the_last(world):
    with duckdb.connect(str(world.handwritten), read_only=True) as con:
        dates = [row[0] for row in con.execute("select distinct as_of_on from ftr_process order by 1").fetchall()]
        (repeated,) = con.execute(
            "select count(*) - count(distinct (as_of_on, entity_kind, entity_id, control_id)) from ftr_pair"
        ).fetchall()[0]
    sundays = [day for n in range(90) if (day := world.first_day + timedelta(days=n)).isoweekday() == 7]
    assert dates == sorted({*sundays, world.last_day})
    assert repeated == 0


@pytest.fixture
def both_sides(tmp_path):
    """A warehouse and a hand-written database with one row per table, equal but for one value and one row."""
    paths = tmp_path / "warehouse.duckdb", tmp_path / "handwritten.duckdb"
    for path, schema, logins in zip(paths, ("marts", "main"), (3.0, 4.0), strict=True):
        with duckdb.connect(str(path)) as con:
            con.execute(f"create schema if not exists {schema}")
            con.execute(
                f"create table {schema}.ftr_agent as "
                f"select date '2026-01-04' as as_of_on, 'W1' as agent_id, {logins} as logins_28d"
            )
            con.execute(
                f"create table {schema}.ftr_process as "
                "select date '2026-01-04' as as_of_on, 'P1' as process_id, null::double as x"
            )
            con.execute(
                f"create table {schema}.ftr_pair as select date '2026-01-04' as as_of_on, 'agent' as entity_kind, "
                f"'W{logins:.0f}' as entity_id, 'HR-02' as control_id, 1.0 as exposure_28d"
            )
    return paths


def test_a_value_that_differs_and_a_row_on_one_side_are_both_found(both_sides):
    agents, processes, pairs = compare(*both_sides)
    assert agents.columns == (ColumnComparison("ftr_agent", "logins_28d", 1, 1, "2026-01-04, W1: 3.0 here, 4.0 by hand"),)
    assert processes.columns[0].is_equal
    assert (pairs.only_pipeline, pairs.only_handwritten) == (1, 1)


def test_memory_of_a_child_process_counts(tmp_path):
    script = tmp_path / "parent.py"
    child = "import time; held = bytearray(100 * 2**20); time.sleep(0.6)"
    script.write_text(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}])\n", encoding="utf-8")
    measured = measure([str(script)], {}, tmp_path / "stage.log")
    assert measured.peak_bytes > 100 * 2**20
    assert measured.seconds > 0.6


def test_a_stage_that_fails_says_what_it_printed_last(tmp_path):
    script = tmp_path / "broken.py"
    script.write_text("raise SystemExit('no such feed')", encoding="utf-8")
    with pytest.raises(RuntimeError, match="no such feed"):
        measure([str(script)], {}, tmp_path / "stage.log")


def test_the_page_keeps_its_words_and_the_other_size_and_says_which_aims_are_not_met(tmp_path):
    facts = {
        "controls": {"seconds": 9.0, "models": 70, "controls": 31, "slowest": {"ctl_ops_02": 0.5}},
        "rows": 10,
        "dbt_seconds": 4.0,
        "dbt_cpu_seconds": 3.0,
        "model_seconds": 3.0,
        "test_seconds": 0.5,
        "models": 2,
        "slowest": {"ftr_agent": 2.0},
    }
    stages = {name: Measurement(2.0, 1.5, 2**30, facts) for name in report.TITLES}
    comparison = [TableComparison("ftr_agent", 0, 0, (), (ColumnComparison("ftr_agent", "logins_28d", 5, 0, ""),))]
    page = tmp_path / "README.md"
    page.write_text("Words.\n<!-- begin S -->\nold\n<!-- end S -->\n<!-- begin M -->\nkept\n<!-- end M -->\n", encoding="utf-8")

    report.write(
        report.Outcome("S", World(1000, 50, tmp_path), {"Memory": "8 GiB"}, stages, comparison), date(2026, 11, 24), page
    )

    text = page.read_text(encoding="utf-8")
    assert "Words." in text
    assert "kept" in text
    assert "old" not in text
    assert "under 1.5 times the hand-written SQL | 2.0 (in CPU s 2.0) | **not met** |" in text
    assert "peak memory under 8 GiB in every stage | 1.0 GiB | met |" in text
    assert "31 controls, results, statuses and coverage in 9.0 s" in text
    assert "1 of 1 feature columns have equal values" in text
    assert str(tmp_path) not in text


def test_a_ratio_that_only_the_clock_meets_is_not_met(tmp_path):
    quick = Measurement(1.0, 9.0, 2**30, {"rows": 1, "dbt_seconds": 1.0, "dbt_cpu_seconds": 9.0})
    stages = {name: Measurement(100.0, 5.0, 2**30, {"rows": 1}) for name in report.TITLES} | {
        "same_scope": quick,
        "one_more_day": quick,
    }
    dbt, day, memory = report.Outcome("S", World(1000, 50, tmp_path), {}, stages, []).aims()
    assert (dbt[1:], day[1:]) == (("0.0 (in CPU s 1.8)", False), ("0.003 (in CPU s 0.450)", False))
    assert memory[2]
