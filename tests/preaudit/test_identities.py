"""True ids: published sealed, for the holder of the key, and never inside a snapshot."""

import stat

import pytest

from preaudit.errors import PreauditError
from preaudit.identities import read_identities
from preaudit.pseudonyms import load_pseudonyms
from preaudit.settings import Settings
from preaudit.snapshot import current_folder, publish
from tests.console.published_fixture import DAY, IDENTITIES, WORKERS, make_warehouse, settings_for


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_for(tmp_path_factory.mktemp("identities"))
    make_warehouse(settings)
    publish(settings, DAY, {"run_id": "r1"})
    return settings


def test_every_agent_of_the_snapshot_can_be_told_by_the_holder_of_the_key(home):
    identities = read_identities(home)
    pseudonyms = load_pseudonyms(home)
    assert {identities.true_id(pseudonyms.agent(worker)) for worker in WORKERS} == set(WORKERS)


def test_the_file_says_nothing_without_the_key_and_belongs_to_its_owner(home):
    path = home.published / "identities"
    sealed = path.read_bytes()
    assert not any(identity.encode() in sealed for identity in IDENTITIES)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_is_in_no_snapshot(home):
    assert "identities" not in {path.stem for path in current_folder(home).iterdir()}


def test_an_unknown_pseudonym_is_an_error(home):
    with pytest.raises(PreauditError, match="Nobody is known"):
        read_identities(home).true_id("A-0000000000")


@pytest.mark.parametrize("change", ["byte", "cut", "other key"])
def test_a_damaged_file_or_another_key_is_noticed(home, tmp_path, change):
    other = Settings(home=tmp_path, landing=tmp_path)
    other.published.mkdir()
    sealed = (home.published / "identities").read_bytes()
    changed = {"byte": sealed[:-1] + bytes([sealed[-1] ^ 1]), "cut": sealed[:30], "other key": sealed}[change]
    (other.published / "identities").write_bytes(changed)
    if change != "other key":
        (tmp_path / "pseudonym.key").write_bytes((home.home / "pseudonym.key").read_bytes())
    with pytest.raises(PreauditError, match="damaged, or sealed with another key"):
        read_identities(other)


def test_a_draft_that_a_crash_left_does_not_stop_the_next_publication(home):
    from preaudit.snapshot_files import DRAFT

    (home.published / f"{DRAFT}deadbeef").write_bytes(b"half")
    publish(home, DAY, {"run_id": "r2"})
    assert not (home.published / f"{DRAFT}deadbeef").exists()
