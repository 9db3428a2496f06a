"""Pseudonyms: stable under one key, not to be undone without it, complete in text."""

import re
import stat
from pathlib import Path

import polars as pl
import pytest

from preaudit.errors import PreauditError
from preaudit.pseudonyms import Pseudonyms, load_pseudonyms
from preaudit.settings import Settings


def test_a_pseudonym_is_a_and_ten_base32_characters_and_stays_the_same(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)

    name = load_pseudonyms(settings).agent("W0001")

    assert re.fullmatch(r"A-[A-Z2-7]{10}", name)
    assert load_pseudonyms(settings).agent("W0001") == name
    assert load_pseudonyms(settings).agent("W0002") != name


def test_another_key_gives_another_pseudonym() -> None:
    assert Pseudonyms(b"1" * 32).agent("W0001") != Pseudonyms(b"2" * 32).agent("W0001")


def test_the_key_is_readable_by_its_owner_only_and_no_draft_is_left(tmp_path: Path) -> None:
    load_pseudonyms(Settings(home=tmp_path))

    assert [path.name for path in tmp_path.iterdir()] == ["pseudonym.key"]
    assert stat.S_IMODE((tmp_path / "pseudonym.key").stat().st_mode) == 0o600


def test_a_damaged_key_is_refused_instead_of_renaming_everybody(tmp_path: Path) -> None:
    (tmp_path / "pseudonym.key").write_bytes(b"short")

    with pytest.raises(PreauditError, match="has 5 bytes instead of 32"):
        load_pseudonyms(Settings(home=tmp_path))


def test_the_longer_of_two_ids_is_replaced_as_itself() -> None:
    names = Pseudonyms(b"1" * 32)

    redacted = names.redaction(["W100", "W1000"])(pl.Series(["W1000 instead of W100"]))

    assert redacted[0] == f"{names.agent('W1000')} instead of {names.agent('W100')}"


def test_mail_addresses_are_withheld_even_of_strangers_and_figures_stay() -> None:
    redacted = Pseudonyms(b"1" * 32).redaction(["12", "120000"], ["ACC-7"])(
        pl.Series(["12 of 120000 by ACC-7, see b.c@x.org", None])
    )

    assert redacted.to_list() == ["12 of 120000 by (withheld), see (withheld)", None]
