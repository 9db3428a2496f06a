"""The zip around a pack: a pure function of its files, so that every byte of it can be checked.

Belongs here: writing that zip and reading it back strictly. Entries are sorted, stored without compression, with one fixed date
and fixed rights: a compressor differs between machines, and a compressed stream has bits that mean nothing and could be changed.
Does not: which files a pack has (pack.py), or what they must say (verify.py).
"""

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

# The earliest date a zip can hold.
DATE_OF_ENTRIES = (1980, 1, 1, 0, 0, 0)
UNIX, RIGHTS = 3, 0o100644 << 16
# What zipfile raises on bytes that are no zip, depending on which of them are wrong.
NO_ZIP = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
    KeyError,
    OverflowError,
)


def write_container(path: Path, files: Mapping[str, Path]) -> None:
    """Write the zip of these files, by name in the zip."""
    with zipfile.ZipFile(path, "w") as container:
        for name in sorted(files):
            with files[name].open("rb") as source, container.open(_entry(name, files[name].stat().st_size), "w") as target:
                while part := source.read(1 << 20):
                    target.write(part)


def read_container(data: bytes) -> tuple[dict[str, bytes], list[str]]:
    """The files in the zip by name, and what is wrong with the zip itself.

    A zip that has a byte more, less or different from the one that `write_container` makes of the same files is wrong.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            entries = container.infolist()
            files = {entry.filename: container.read(entry) for entry in entries}
        if len(files) != len(entries):
            return files, ["a name occurs twice in the zip"]
        rebuilt = _bytes_of(files)
    except NO_ZIP as error:
        return {}, [f"the zip cannot be read: {' '.join(str(error).split()) or type(error).__name__}"]
    return files, [] if rebuilt == data else ["the zip has bytes that do not follow from the files in it"]


def _bytes_of(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as container:
        for name in sorted(files):
            with container.open(_entry(name, len(files[name])), "w") as target:
                target.write(files[name])
    return stream.getvalue()


def _entry(name: str, size: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, DATE_OF_ENTRIES)
    entry.create_system, entry.external_attr, entry.compress_type = UNIX, RIGHTS, zipfile.ZIP_STORED
    entry.file_size = size
    return entry
