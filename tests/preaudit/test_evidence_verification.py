"""Verification finds every change of a pack and of the chain, and says what it proves."""

import io
import json
import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from preaudit.errors import PreauditError
from preaudit.evidence.build import build
from preaudit.evidence.chain import CHAIN, evidence_folder, read_chain
from preaudit.evidence.container import read_container, write_container
from preaudit.evidence.facts import Period
from preaudit.evidence.keys import PRIVATE_KEY, PUBLIC_KEY, load_signing_key
from preaudit.evidence.manifest import MANIFEST, SIGNATURE
from preaudit.evidence.verify import verify
from preaudit.settings import Settings
from tests.preaudit.evidence_world import NOON, WEEK, make_world

DAYS = [Period(date(2026, 1, day), date(2026, 1, day)) for day in (5, 6, 7)]


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """The folder of a chain of three daily packs; evidence.pub stands in its parent."""
    settings = make_world(tmp_path_factory.mktemp("made") / "home")
    for day in DAYS:
        build(settings, ["SEC-02"], day, now=NOON, label="daily")
    return evidence_folder(settings)


@pytest.fixture
def folder(made, tmp_path) -> Path:
    """The same, to be changed."""
    return shutil.copytree(made, tmp_path / "evidence")


@pytest.fixture(scope="module")
def public_key(made) -> bytes:
    return (made.parent / PUBLIC_KEY).read_bytes()


def packs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.zip"))


def alone(pack: Path, tmp_path: Path) -> Path:
    """The pack without its chain."""
    return Path(shutil.copy(pack, tmp_path / "alone.zip"))


def repacked(pack: Path, target: Path, change) -> Path:
    """The pack as somebody would zip it again, in the same way, after a change of its files."""
    with zipfile.ZipFile(pack) as container:
        files = {name: container.read(name) for name in container.namelist()}
    change(files)
    inside = target.with_suffix(".files")
    for name, data in files.items():
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).write_bytes(data)
    write_container(target, {name: inside / name for name in files})
    return target


def test_packs_and_chain_as_they_were_built_have_no_problem(folder, public_key, tmp_path):
    assert verify(folder, public_key).problems == []
    assert verify(folder).packs == 3
    assert verify(packs(folder)[1]).problems == []
    assert verify(alone(packs(folder)[1], tmp_path), public_key).problems == []


def test_an_unpacked_pack_is_verified_file_by_file(folder, public_key, tmp_path):
    with zipfile.ZipFile(packs(folder)[0]) as container:
        container.extractall(tmp_path / "unpacked")
    assert verify(tmp_path / "unpacked", public_key).problems == []
    with (tmp_path / "unpacked" / "runs.csv").open("a") as stream:
        stream.write("one more\n")
    assert verify(tmp_path / "unpacked", public_key).problems == ["runs.csv was changed"]


def flipped(data: bytes, position: int, bits: int) -> bytes:
    return data[:position] + bytes([data[position] ^ bits]) + data[position + 1 :]


@examples(max_examples=300, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255), is_key_given=st.booleans())
def test_a_flipped_byte_anywhere_in_a_lone_pack_is_found(made, public_key, place, bits, is_key_given):
    data = packs(made)[0].read_bytes()
    # Beside the folder of the chain: the pack by itself has to show it.
    pack = made.parent / "flipped.zip"
    pack.write_bytes(flipped(data, int(place * len(data)), bits))
    assert verify(pack, public_key if is_key_given else None).problems


@pytest.mark.parametrize("bits", [1, 0x20, 0x80, 0xFF])
def test_a_flipped_byte_anywhere_in_the_bytes_of_the_zip_itself_is_found(tmp_path, bits):
    (tmp_path / "a").write_bytes(b"first")
    (tmp_path / "b").write_bytes(b"")
    write_container(tmp_path / "c.zip", {"x/a.csv": tmp_path / "a", "x/b.csv": tmp_path / "b"})
    data = (tmp_path / "c.zip").read_bytes()
    assert read_container(data) == ({"x/a.csv": b"first", "x/b.csv": b""}, [])
    unnoticed = [n for n in range(len(data)) if not read_container(flipped(data, n, bits))[1]]
    assert [data[n : n + 1] for n in unnoticed] == []


def test_bytes_before_after_or_between_the_files_are_found(folder, tmp_path):
    data = packs(folder)[0].read_bytes()
    for changed in (b"x" + data, data + b"x", data[:-1], b""):
        pack = tmp_path / "changed.zip"
        pack.write_bytes(changed)
        assert verify(pack).problems


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda files: files.pop("runs.csv"), "runs.csv is missing"),
        (lambda files: files.update({"extra.csv": b"1"}), "extra.csv was added"),
        (lambda files: files.update({"runs.csv": b"1"}), "runs.csv was changed"),
        (lambda files: files.pop(SIGNATURE), f"{SIGNATURE} is missing"),
        (lambda files: files.update({SIGNATURE: files[SIGNATURE].upper()}), "the signature of manifest.json is wrong"),
        (lambda files: files.update({MANIFEST: files[MANIFEST].replace(b"SEC-02", b"SEC-03")}), "the signature of manifest.json"),
    ],
)
def test_a_pack_zipped_again_after_a_change_is_found(folder, tmp_path, change, problem):
    found = verify(repacked(packs(folder)[0], tmp_path / "again.zip", change)).problems
    assert any(line.startswith(problem) for line in found)


def test_the_same_files_in_another_zip_are_found(folder, tmp_path):
    pack = tmp_path / "compressed.zip"
    with zipfile.ZipFile(packs(folder)[0]) as source, zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    assert verify(pack).problems == ["the zip has bytes that do not follow from the files in it"]


def test_a_pack_of_another_key_is_found_by_whoever_has_the_right_key(folder, public_key, tmp_path):
    other = make_world(tmp_path / "other")
    forged = alone(build(other, ["SEC-02"], WEEK, now=NOON).path, tmp_path)
    found = verify(forged)
    assert found.problems == []
    assert "not who signed" in found.trust[0]
    refused = verify(forged, public_key)
    assert any("another key" in problem for problem in refused.problems)
    assert refused.trust[0].endswith("not everything bears its signature.")  # Once: "its owner signed", of any outcome.
    assert "its owner signed" in verify(packs(folder)[0], public_key).trust[0]


def test_a_removed_day_is_found(folder, public_key):
    packs(folder)[1].unlink()
    assert [problem for problem in verify(folder, public_key).problems if "is missing" in problem]


def test_a_day_removed_with_its_line_in_the_chain_is_found(folder, public_key):
    packs(folder)[1].unlink()
    lines = (folder / CHAIN).read_bytes().splitlines(keepends=True)
    (folder / CHAIN).write_bytes(lines[0] + lines[2])
    (problem,) = verify(folder, public_key).problems
    assert "the chain is broken before it (number 2 is due)" in problem


def test_a_removed_day_is_found_where_the_chain_was_numbered_again(folder, public_key):
    packs(folder)[1].unlink()
    first, _, third = read_chain(folder)
    line = (folder / CHAIN).read_bytes().splitlines()[2].replace(b'"number":3', b'"number":2')
    line = line.replace(third.previous_manifest_sha256.encode(), first.manifest_sha256.encode())
    (folder / CHAIN).write_bytes((folder / CHAIN).read_bytes().splitlines()[0] + b"\n" + line + b"\n")
    assert any("signature of its line" in problem for problem in verify(folder, public_key).problems)


def test_an_exchanged_day_is_found(folder, public_key):
    first, second, _ = packs(folder)
    shutil.copy(first, second)
    assert any("is not the one that the chain names" in problem for problem in verify(folder, public_key).problems)


def test_a_pack_that_the_chain_does_not_name_is_found(folder, public_key):
    shutil.copy(packs(folder)[0], folder / "000009_added.zip")
    assert verify(folder, public_key).problems == ["000009_added.zip is not in the chain"]
    assert verify(folder / "000009_added.zip", public_key).problems == ["the chain beside it does not name it"]


def test_a_cut_off_end_is_found_by_whoever_noted_the_last_digest(folder, public_key):
    head = verify(folder, public_key).head
    packs(folder)[2].unlink()
    lines = (folder / CHAIN).read_bytes().splitlines(keepends=True)
    (folder / CHAIN).write_bytes(b"".join(lines[:2]))
    assert verify(folder, public_key).problems == []
    assert verify(folder, public_key, head).problems == [f"the chain no longer holds the manifest noted as {head}"]


@examples(max_examples=150, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
def test_a_flipped_byte_anywhere_in_the_chain_is_found(made, public_key, place, bits):
    folder = made.parent / "flipped"
    if not folder.exists():
        shutil.copytree(made, folder)
    data = (made / CHAIN).read_bytes()
    (folder / CHAIN).write_bytes(flipped(data, int(place * len(data)), bits))
    assert verify(folder, public_key).problems


def test_a_chain_is_not_lengthened_with_another_key(tmp_path):
    settings = make_world(tmp_path / "home")
    build(settings, ["SEC-02"], DAYS[0])
    (settings.home / PRIVATE_KEY).unlink()
    with pytest.raises(PreauditError, match="signed with another key"):
        build(settings, ["SEC-02"], DAYS[1])
    assert len(packs(evidence_folder(settings))) == 1


def test_a_chain_of_two_keys_is_found(folder, tmp_path):
    other = build(make_world(tmp_path / "other"), ["SEC-02"], DAYS[0], now=NOON).path
    own = (folder / CHAIN).read_bytes().splitlines(keepends=True)
    shutil.copy(other, folder)
    (folder / CHAIN).write_bytes((other.parent / CHAIN).read_bytes() + own[1])
    assert any("another key" in problem for problem in verify(folder).problems)


def test_an_emptied_chain_is_no_proof(folder):
    for pack in packs(folder):
        pack.unlink()
    (folder / CHAIN).write_bytes(b"")
    assert verify(folder).problems == ["the chain names no pack"]


def test_a_folder_without_pack_and_a_wrong_key_file_say_so(folder, tmp_path):
    with pytest.raises(PreauditError, match="no evidence pack"):
        verify(tmp_path)
    with pytest.raises(PreauditError, match="no Ed25519 public key"):
        verify(folder, b"-----BEGIN NOTHING-----")


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    settings = Settings(home=tmp_path / "home")
    key = load_signing_key(settings)
    path = settings.home / PRIVATE_KEY
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_signing_key(settings).private_bytes_raw() == key.private_bytes_raw()
    path.chmod(0o640)
    with pytest.raises(PreauditError, match="can be read by others"):
        load_signing_key(settings)
    path.chmod(0o600)
    path.write_bytes(b"damaged")
    with pytest.raises(PreauditError, match="no Ed25519 private key"):
        load_signing_key(settings)


def test_the_manifest_and_the_chain_hold_no_path_of_this_machine(folder, made):
    with zipfile.ZipFile(io.BytesIO(packs(folder)[0].read_bytes())) as container:
        manifest = json.loads(container.read(MANIFEST))
    assert all(not name.startswith("/") for name in manifest["files"])
    assert str(made.parent) not in (folder / CHAIN).read_text()
