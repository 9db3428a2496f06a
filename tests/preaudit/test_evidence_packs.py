"""What is in a pack: names nobody, prints well, and is the same for the same input."""

import io
import zipfile
from datetime import timedelta

import polars as pl
import pytest

from preaudit.evidence.build import build
from preaudit.evidence.chain import evidence_folder, read_chain
from preaudit.evidence.manifest import INDEX, MANIFEST, PUBLIC_KEY, SIGNATURE
from preaudit.pseudonyms import load_pseudonyms
from tests.preaudit.evidence_world import IDENTITIES, NOON, NUMERIC_AGENT, WEEK, change, copy_of, make_world

PLACE = "controls/SEC-02/"


@pytest.fixture
def settings(tmp_path):
    return make_world(tmp_path / "home")


def files_of(path):
    with zipfile.ZipFile(path) as container:
        return {name: container.read(name) for name in container.namelist()}


def table(files, name):
    return pl.read_parquet(io.BytesIO(files[f"{PLACE}{name}.parquet"]))


def test_a_pack_has_rule_parameters_and_every_table_as_csv_and_parquet(settings):
    files = files_of(build(settings, ["SEC-02"], WEEK, now=NOON).path)
    assert {MANIFEST, SIGNATURE, PUBLIC_KEY, INDEX, "runs.csv", "runs.parquet", f"{PLACE}report.html"} <= files.keys()
    for name in ("population", "results", "exceptions", "unjudged", "waivers", "deliveries", "reconciliation", "validation"):
        header = files[f"{PLACE}{name}.csv"].decode().splitlines()[0]
        assert header.split(",") == table(files, name).columns
        assert len(files[f"{PLACE}{name}.csv"].decode().splitlines()) == table(files, name).height + 1
    assert "control_items('SEC-02'" in files[f"{PLACE}rule/ctl_sec_02.source.sql"].decode()
    assert f"{PLACE}rule/int_controls__days.source.sql" in files
    assert b'"control_id": "SEC-02"' in files[f"{PLACE}parameters.json"]


def test_the_rule_as_the_last_run_executed_it_is_in_the_pack(settings):
    compiled = settings.home / "dbt" / "compiled" / "preaudit" / "models" / "controls"
    compiled.mkdir(parents=True)
    (compiled / "ctl_sec_02.sql").write_text("select 1 as limits_filled_in")
    files = files_of(build(settings, ["SEC-02"], WEEK, now=NOON).path)
    assert files[f"{PLACE}rule/ctl_sec_02.executed.sql"] == b"select 1 as limits_filled_in\n"


def test_no_file_of_a_pack_names_an_agent_an_account_or_an_address(settings):
    change(
        settings,
        "insert into seeds.waivers values ('SEC-02', 'agent', 'W0001', 'ACC-W0001-crm|x', 'asked by anna@example.com', 'W00012',"
        " '2026-01-01', '2026-02-01')",
    )
    files = files_of(build(settings, ["SEC-02"], WEEK, now=NOON).path)
    texts = {name: data.decode() for name, data in files.items() if not name.endswith(".parquet")}
    texts |= {name: str(pl.read_parquet(io.BytesIO(files[name])).rows()) for name in files if name.endswith(".parquet")}
    assert not {(name, identity) for name, text in texts.items() for identity in IDENTITIES if identity in text}
    pseudonyms = load_pseudonyms(settings)
    (exception,) = table(files, "exceptions").to_dicts()
    first, second = pseudonyms.agent("W0001"), pseudonyms.agent("W00012")
    assert exception["entity_id"] == first
    assert exception["item_ref"] == pseudonyms.item("ACC-W0001-crm|2026-01-05")
    assert exception["evidence"] == f"auth_events|{first}|2026-01-05"
    assert exception["reason"] == f"{first} <logged> on to (withheld), known to {second}"


def test_an_agent_whose_id_is_a_number_is_none_in_evidence_keys(settings):
    change(settings, f"update controls.ctl_sec_02 set is_exception = true where entity_id = '{NUMERIC_AGENT}'")
    files = files_of(build(settings, ["SEC-02"], WEEK, now=NOON).path)
    assert not [key for key in table(files, "exceptions")["evidence"] if f"|{NUMERIC_AGENT}|" in key]


def test_a_page_is_one_file_without_script_and_shows_data_as_text(settings):
    page = files_of(build(settings, ["SEC-02"], WEEK, now=NOON).path)[f"{PLACE}report.html"].decode()
    assert "&lt;logged&gt;" in page
    assert "<script" not in page
    assert "src=" not in page
    assert "http" not in page
    assert "@page" in page


def test_a_csv_cell_is_no_formula_to_a_spreadsheet(settings):
    change(settings, "update controls.ctl_sec_02 set reason = '=cmd()' where is_exception")
    files = files_of(build(settings, ["SEC-02"], WEEK, now=NOON).path)
    assert b",'=cmd()," in files[f"{PLACE}exceptions.csv"]
    assert table(files, "exceptions")["reason"].to_list() == ["=cmd()"]


def test_the_same_input_gives_the_same_pack_byte_for_byte(settings, tmp_path):
    build(settings, ["JML-01"], WEEK, now=NOON)
    twin = copy_of(settings, tmp_path / "twin" / "deeper")
    first, second = (build(home, ["SEC-02", "JML-01"], WEEK, now=NOON).path for home in (settings, twin))
    assert first.read_bytes() == second.read_bytes()
    assert str(tmp_path).encode() not in first.read_bytes()


def test_packs_of_the_same_input_differ_only_in_their_stated_build_time(settings, tmp_path):
    build(settings, ["JML-01"], WEEK, now=NOON)
    twin = copy_of(settings, tmp_path / "twin")
    later = NOON + timedelta(days=3)
    first = files_of(build(settings, ["SEC-02"], WEEK, now=NOON).path)
    second = files_of(build(twin, ["SEC-02"], WEEK, now=later).path)
    differing = {name for name in first if first[name] != second[name]}
    assert differing == {INDEX, MANIFEST, SIGNATURE}
    assert first[INDEX].replace(NOON.isoformat().encode(), later.isoformat().encode()) == second[INDEX]


def test_a_question_with_the_same_answer_keeps_its_pack_and_with_another_answer_gets_a_new_one(settings):
    first = build(settings, ["SEC-02"], WEEK, now=NOON)
    again = build(settings, ["SEC-02"], WEEK)
    assert (first.is_new, again.is_new, again.path) == (True, False, first.path)
    change(settings, "update controls.ctl_sec_02 set reason = 'other' where is_exception")
    assert build(settings, ["SEC-02"], WEEK).link.number == 2
    assert [link.number for link in read_chain(evidence_folder(settings))] == [1, 2]


def test_what_a_killed_build_left_is_removed_by_the_next(settings):
    left = evidence_folder(settings) / ".draft-killed"
    left.mkdir(parents=True)
    build(settings, ["SEC-02"], WEEK)
    assert not left.exists()
