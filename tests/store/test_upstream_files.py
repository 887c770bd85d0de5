"""An upstream's files: of a wheel, a folder, one file; the day that an archive says."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from mlquote.kit.errors import InvalidCatalog, Unavailable
from mlquote.store.upstream_files import at_hand, packaged

_PATTERNS = ("*prices*.json", "*data.py")


def _wheel(folder: Path, *, day: tuple[int, int, int]) -> Path:
    path = folder / "thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("thing/prices_backup.json", "thing/data.py", "thing/__init__.py"):
            archive.writestr(zipfile.ZipInfo(name, (*day, 0, 0, 0)), name)
    return path


def test_a_wheels_members_of_the_first_pattern_and_its_day(tmp_path: Path) -> None:
    texts, day = at_hand(_wheel(tmp_path, day=(2026, 10, 23)), _PATTERNS)
    assert texts == {"thing/prices_backup.json": b"thing/prices_backup.json"}
    assert day == date(2026, 10, 23)


@pytest.mark.parametrize("day", [(1980, 1, 1), (2020, 2, 2)])
def test_a_stamp_that_says_nothing_is_no_day(tmp_path: Path, day: tuple[int, int, int]) -> None:
    assert at_hand(_wheel(tmp_path, day=day), _PATTERNS)[1] is None


def test_a_folder_and_a_single_file(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "data.py").write_text("x = 1")
    assert at_hand(tmp_path, _PATTERNS) == ({"src/data.py": b"x = 1"}, None)
    alone = tmp_path / "any.json"
    alone.write_text("{}")
    assert at_hand(alone, _PATTERNS)[0] == {"any.json": b"{}"}


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidCatalog, match="no file or folder"):
        at_hand(tmp_path / "absent", _PATTERNS)
    with pytest.raises(InvalidCatalog, match="holds none of"):
        at_hand(tmp_path, _PATTERNS)


def test_a_package_that_pip_cannot_bring_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(Unavailable, match="could not be downloaded"):
        packaged("no-such-package", "1.0", _PATTERNS)
