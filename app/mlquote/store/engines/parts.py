"""Priced rows as a folder of Parquet: a part for each file of the log, each there whole or not at all, resumable.

A part is written under a name that readers of folders leave out (`.NAME`) and gets its own when it is on the disk. The
manifest, which is replaced whole, says of which log, release and moment the parts are: another run of the same log
writes those alone that are missing, at the prices and the clock of the first, so that both together are one run.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from mlquote.kit.errors import Malformed, Unavailable

MANIFEST: Final = "_mlquote.json"
_ANOTHER: Final = "name another folder, or remove this one"


class PricedParts:
    """The folder that the priced rows of one log are written to."""

    def __init__(self, folder: Path, files: Sequence[Path], terms: Mapping[str, Any], now: datetime) -> None:
        """Begin, or go on with, the parts of these files.

        Args:   terms: all that their prices depend on; now: the clock, where no run came before
        Raises: Malformed for a folder that holds something else, or parts of another run; Unavailable
        """
        self.folder, self._files = folder, files
        self._sources = [_source(file) for file in files]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            kept = self._kept()
            if kept is None:
                kept = {"terms": dict(terms), "now": now.isoformat(), "parts": {}, "is_whole": False}
            if kept["terms"] != dict(terms):
                detail = f"{folder} holds the parts of another run: {_differing(kept['terms'], dict(terms))}"
                raise Malformed(detail, pointer="/out", hint=_ANOTHER)
            self._told: dict[str, Any] = kept
            strange = sorted(kept["parts"].keys() - {self._name(place) for place in range(len(files))})
            if strange:
                raise Malformed(
                    f"{folder} holds {strange[0]}, of a file that is not in this log", pointer="/out", hint=_ANOTHER
                )
            self._save()
        except OSError as error:
            raise Unavailable(f"cannot write to {folder}: {error}") from error

    @property
    def now(self) -> datetime:
        """The clock of the first run."""
        return datetime.fromisoformat(self._told["now"])

    def is_there(self, place: int) -> bool:
        """Whether the part of a file is written, and the file still as it was then."""
        known = self._told["parts"].get(self._name(place))
        return known == self._sources[place] and (self.folder / self._name(place)).is_file()

    def write(self, place: int, write: Callable[[Path | None], None]) -> None:
        """Have one part written; where that is cut off, there is none.

        Args:   write: is given the file to write, and None where the part is there: the bill needs its rows still
        Raises: Unavailable where the disk refuses; Malformed for a file that changes meanwhile
        """
        if self.is_there(place):
            write(None)
            return
        half, whole = self.folder / f".{self._name(place)}", self.folder / self._name(place)
        try:
            write(half)
            if _source(self._files[place]) != self._sources[place]:
                raise Malformed(f"{self._files[place]} was changed while it was read", pointer=str(self._files[place]))
            _on_disk(half)
            half.replace(whole)
            _on_disk(self.folder)
            self._told["parts"][self._name(place)] = self._sources[place]
            self._save()
        except OSError as error:
            raise Unavailable(f"cannot write {whole}: {error}") from error

    def finish(self) -> None:
        """Say that the parts are all there."""
        self._told["is_whole"] = all(map(self.is_there, range(len(self._files))))
        self._save()

    def _name(self, place: int) -> str:
        return f"part-{place:05}.parquet"

    def _kept(self) -> dict[str, Any] | None:
        """What an earlier run left; None where the folder is empty but for a part that it was cut off in."""
        manifest = self.folder / MANIFEST
        if not manifest.is_file():
            strange = sorted(path.name for path in self.folder.iterdir() if not path.name.startswith("."))
            if strange:
                detail = f"{self.folder} holds {strange[0]}, and is no folder of priced rows"
                raise Malformed(detail, pointer="/out", hint=_ANOTHER)
            return None
        try:
            kept: dict[str, Any] = json.loads(manifest.read_text("utf-8"))
            datetime.fromisoformat(kept["now"])
            return {name: kept[name] for name in ("terms", "now", "parts", "is_whole")}
        except (ValueError, KeyError, TypeError) as error:
            raise Malformed(f"{manifest} cannot be read: {error}", pointer="/out", hint=_ANOTHER) from error

    def _save(self) -> None:
        half = self.folder / f".{MANIFEST}"
        half.write_text(json.dumps(self._told, indent=1), "utf-8")
        _on_disk(half)
        half.replace(self.folder / MANIFEST)
        _on_disk(self.folder)


def _source(file: Path) -> dict[str, Any]:
    """What tells a file of a log from another, and from itself after it was changed."""
    try:
        found = file.stat()
    except OSError as error:
        raise Malformed(f"cannot read {file}: {error}", pointer=str(file)) from error
    return {"file": str(file.resolve()), "bytes": found.st_size, "changed_ns": found.st_mtime_ns}


def _differing(kept: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    names = sorted(name for name in kept.keys() | asked.keys() if kept.get(name) != asked.get(name))
    return "; ".join(f"{name} was {kept.get(name)}, and is {asked.get(name)}" for name in names)


def _on_disk(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk before anything is said of them."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
