"""The files of an upstream: out of a package of the index, a wheel, a checkout's folder, or one file at hand."""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

from mlquote.kit.errors import InvalidCatalog, Unavailable

_FIRST_YEAR = 2021
"""Archives stamp their members with 1980 or 2020-02-02 where nobody says when they were made."""
_PIP_SECONDS = 300
_MOST_BYTES = 256 * 1024 * 1024


def packaged(name: str, version: str, patterns: Iterable[str]) -> tuple[Mapping[str, bytes], date | None]:
    """The files of a package's version, downloaded by pip, and the day its archive says.

    Raises: Unavailable where pip cannot bring it
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
        try:
            subprocess.run([*command, f"{name}=={version}"], check=True, capture_output=True, timeout=_PIP_SECONDS)
        except (subprocess.SubprocessError, OSError) as error:
            said = (getattr(error, "stderr", None) or str(error).encode()).decode("utf-8", "replace").strip()
            raise Unavailable(
                f"{name}=={version} could not be downloaded: {said[-300:]}", hint=f"--from {name}=PATH reads a file"
            ) from None
        archive = next(Path(folder).iterdir())
        return at_hand(archive, patterns)


def at_hand(path: Path, patterns: Iterable[str]) -> tuple[Mapping[str, bytes], date | None]:
    """The files that match the first pattern that any matches, and the day the archive says, where it says one.

    Raises: InvalidCatalog where there is no such file
    """
    members = dict(_members(path))
    for pattern in patterns:
        found = {name: where for name, where in members.items() if fnmatch(name, pattern)}
        if found:
            return _texts(path, found)
    if path.is_file() and not zipfile.is_zipfile(path):
        return _texts(path, members)
    raise InvalidCatalog(f"{path.name} holds none of {', '.join(patterns)}")


def _members(path: Path) -> Iterator[tuple[str, int]]:
    """Relative path -> bytes, of everything that lies there."""
    if path.is_dir():
        yield from (
            (file.relative_to(path).as_posix(), file.stat().st_size) for file in path.rglob("*") if file.is_file()
        )
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from ((member.filename, member.file_size) for member in archive.infolist())
    elif path.is_file():
        yield path.name, path.stat().st_size
    else:
        raise InvalidCatalog(f"there is no file or folder {path}")


def _texts(path: Path, found: Mapping[str, int]) -> tuple[Mapping[str, bytes], date | None]:
    if sum(found.values()) > _MOST_BYTES:
        raise InvalidCatalog(f"{path.name}: more than {_MOST_BYTES >> 20} MiB to read")
    if path.is_dir():
        return {name: (path / name).read_bytes() for name in found}, None
    if not zipfile.is_zipfile(path):
        return {path.name: path.read_bytes()}, None
    with zipfile.ZipFile(path) as archive:
        days = [date(*archive.getinfo(name).date_time[:3]) for name in found]
        newest = max(days)
        return {name: archive.read(name) for name in found}, newest if newest.year >= _FIRST_YEAR else None
