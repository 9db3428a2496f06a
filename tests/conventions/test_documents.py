"""The documents name what exists: every setting, every command, the lock's hashes; no address, no path of one machine."""

import re
import subprocess
from pathlib import Path

import pytest

from preaudit.settings import Settings

ROOT = Path(__file__).parents[2]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [ROOT / name for name in listed if name]


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented_with_its_default(name):
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert f"`PREAUDIT_{name.upper()}`" in page
    assert Settings.model_fields[name].description


def test_no_setting_is_documented_that_does_not_exist():
    named = set(re.findall(r"`PREAUDIT_([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))
    assert named == {name.upper() for name in Settings.model_fields}


def test_every_command_is_in_the_readme():
    from typer.main import get_command

    from preaudit.cli import app

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name in get_command(app).commands if f"preaudit {name}" not in readme]
    assert not missing


def test_the_lock_has_a_hash_for_everything_and_no_address():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^[A-Za-z0-9._-]+(?:\[[a-z,]+\])?==", lock, flags=re.M)
    assert len(pinned) > 100
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[A-Za-z0-9])", lock) if "==" in block.split("\n")[0])
    assert "://" not in lock


def test_every_dependency_has_a_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("dependencies = [") : text.index("[tool.setuptools]")]
    bare = [line for line in block.splitlines() if line.strip().startswith('"') and "#" not in line]
    assert not bare


def test_no_file_holds_a_path_of_one_machine():
    pattern = re.compile(r"(?<![A-Za-z0-9_.\-}])/(work|root|home|farm)/[A-Za-z]")
    texts = [
        path
        for path in tracked()
        if path.suffix in {".py", ".sql", ".md", ".yml", ".yaml", ".toml", ".csv", ""} and path.is_file()
    ]
    found = [str(path.relative_to(ROOT)) for path in texts if pattern.search(path.read_text(encoding="utf-8", errors="ignore"))]
    assert found == [str(Path(__file__).relative_to(ROOT))] or not found
