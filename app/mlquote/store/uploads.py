"""A release as it is sent: a tar.gz, a zip or JSON of the files of pricing_data, unpacked within bounds, published."""

import io
import json
import re
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from mlquote.catalog.tables import TABLE
from mlquote.kit.errors import Fault, InvalidCatalog, Malformed, TooLarge
from mlquote.store.engine import Engine
from mlquote.store.releases import Published, import_folder, newest_release

_NAME = re.compile(r"(?:\./)?(?:pricing_data/)?(?P<inside>release\.toml|(?P<table>\w+)(?:/[\w.+-]+)?\.csv)")
_PASSED_OVER = re.compile(r"(?:\./)?(?:pricing_data/)?README\.md")
_HINT = "release.toml, TABLE.csv and TABLE/NAME.csv, as in pricing_data/"


def publish_upload(engine: Engine, body: bytes, kind: str, *, most_bytes: int, now: datetime, by: str) -> Published:
    """Publish the release that a body holds: all of it or nothing; the same one twice changes nothing.

    Args:    kind: the body's content type, without parameters; most_bytes: of all files together, unpacked
    Raises:  Malformed for a body that cannot be unpacked; TooLarge; InvalidCatalog with every fault of the files;
             Conflict as `import_folder`
    """
    unpack = _UNPACKED.get(kind)
    if unpack is None:
        raise Malformed(f"no release is read from {kind[:80] or 'nothing'!r}", pointer="/content-type", hint=_KINDS)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "pricing_data"
        _write(folder, unpack(body, most_bytes), most_bytes)
        _refuse_missing_tables(engine, folder)
        return import_folder(engine, folder, now=now, by=by)


def _write(folder: Path, files: Iterator[tuple[str, bytes]], most_bytes: int) -> None:
    written = 0
    for name, text in files:
        if _PASSED_OVER.fullmatch(name):
            continue
        found = _NAME.fullmatch(name)
        if found is None or (found["table"] is not None and found["table"] not in TABLE):
            raise Malformed(f"{name[:120]!r} is no file of a catalogue", pointer=f"/files/{name[:120]}", hint=_HINT)
        written += len(text)
        if written > most_bytes:
            raise _too_large(most_bytes)
        path = folder / found["inside"]
        if path.exists():
            raise Malformed(f"{name[:120]!r} comes twice", pointer=f"/files/{name[:120]}", hint="send each file once")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    if not written:
        raise Malformed("no file came", pointer="/files", hint=_HINT)


def _refuse_missing_tables(engine: Engine, folder: Path) -> None:
    """A release holds every table: one that was left out by mistake would retract all its rows.

    Raises: InvalidCatalog
    """
    newest = newest_release(engine)
    held: Mapping[str, int] = {} if newest is None else newest.row_counts
    faults = [
        Fault(
            f"{name}.csv:1:", f"missing: the newest release holds {count} rows of it", "send its header if it is empty"
        )
        for name, count in held.items()
        if count and name in TABLE and not (folder / f"{name}.csv").is_file() and not (folder / name).is_dir()
    ]
    if faults:
        raise InvalidCatalog(
            f"{len(faults)} table(s) are missing, the first is {faults[0].pointer[:-3]}", faults=faults
        )


def _of_json(body: bytes, _: int) -> Iterator[tuple[str, bytes]]:
    hint = '{"files": {"release.toml": "...", ...}}'
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"no JSON: {error}", pointer="/files", hint=hint) from error
    files = sent.get("files") if isinstance(sent, dict) and len(sent) == 1 else None
    if not isinstance(files, dict):
        raise Malformed("`files` and nothing else is wanted", pointer="/files", hint=hint)
    for name, text in files.items():
        if not isinstance(text, str):
            raise Malformed("a file is its text", pointer=f"/files/{name[:120]}", hint=hint)
        yield name, text.encode("utf-8", "surrogatepass")


def _of_zip(body: bytes, most_bytes: int) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            members = [member for member in packed.infolist() if not member.is_dir()]
            if sum(member.file_size for member in members) > most_bytes:
                raise _too_large(most_bytes)
            for member in members:
                yield member.filename, packed.read(member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError) as error:
        raise Malformed(f"no zip archive: {error}", hint=_KINDS) from error


def _of_tar(body: bytes, most_bytes: int) -> Iterator[tuple[str, bytes]]:
    try:
        text = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS).decompress(body, most_bytes + _TAR_OVERHEAD)
        if len(text) == most_bytes + _TAR_OVERHEAD:
            raise _too_large(most_bytes)
        with tarfile.open(fileobj=io.BytesIO(text)) as packed:
            for member in packed:
                if member.isdir():
                    continue
                file = packed.extractfile(member) if member.isfile() else None
                if file is None:
                    raise Malformed(f"{member.name[:120]!r} is no plain file", pointer=f"/files/{member.name[:120]}")
                yield member.name, file.read()
    except (tarfile.TarError, zlib.error, EOFError) as error:
        raise Malformed(f"no gzipped tar archive: {error}", hint=_KINDS) from error


_TAR_OVERHEAD = 4 * 2**20
"""What headers and padding may add to the files."""
_UNPACKED: Mapping[str, Callable[[bytes, int], Iterator[tuple[str, bytes]]]] = {
    "application/json": _of_json,
    "application/zip": _of_zip,
    "application/gzip": _of_tar,
    "application/x-gzip": _of_tar,
}
_KINDS = f"send one of {', '.join(_UNPACKED)}"


def _too_large(most_bytes: int) -> TooLarge:
    return TooLarge(f"the release is larger than {most_bytes} bytes", hint="MLQUOTE_MAX_RELEASE_BYTES raises the limit")
