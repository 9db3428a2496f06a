"""Which SQL made the features and labels: a digest of each file, so that a reviewer can tell two versions apart.

Belongs here: hashing the files of the dbt project that training reads through. Does not: the training data's own digest
(ml/dataset.py), what a file means.
"""

import hashlib
from pathlib import Path

from preaudit.settings import REPOSITORY

# Features and labels with what they are made of below; what stands above (controls, staging) is in the digest of `all`.
FOLDERS = ("models/marts/features", "models/marts/labels", "models/intermediate/features", "macros/features")
PROJECT = REPOSITORY / "dbt_project"


def sql_digests(project: Path = PROJECT) -> dict[str, str]:
    """SHA-256 by path inside the project for every feature and label file; `all` covers every SQL file and seed."""
    found = {
        path.relative_to(project).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in FOLDERS
        for path in sorted((project / folder).rglob("*.sql"))
    }
    whole = hashlib.sha256()
    for folder in ("macros", "models", "seeds"):
        for path in sorted((project / folder).rglob("*")):
            if path.suffix in (".sql", ".csv"):
                whole.update(f"{path.relative_to(project).as_posix()}\0".encode() + path.read_bytes())
    return {"all": whole.hexdigest(), **found}
