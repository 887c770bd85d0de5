"""A command prints in one format and writes files in others; its failures too."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mlquote.cli.printing import coloured, failure, pretty, write_out
from mlquote.kit.errors import Fault, Malformed, Unavailable

FACES = {
    "json": pretty,
    "table": lambda _: "a table\n",
    "markdown": lambda _: "# a comment\n",
    "junit": lambda _: "<x/>",
}
REFUSED = Malformed("two things are wrong", faults=[Fault("spec.toml:3:model", "no <model>", "nearest: m")])


def test_the_answer_is_printed_and_written_as_each_file_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / "deep" / "check.md", tmp_path / "check.json"]
    write_out({"verdict": "pass"}, "table", files, FACES)
    assert capsys.readouterr().out == "a table\n"
    assert files[0].read_text() == "# a comment\n"
    assert json.loads(files[1].read_text()) == {"verdict": "pass"}


def test_a_failure_is_told_in_every_format_and_raised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [tmp_path / "check.md", tmp_path / "check.xml"]
    with pytest.raises(Malformed), failure("json", files, FACES):
        raise REFUSED
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["code"], told["errors"][0]["hint"]) == ("error", "malformed", "nearest: m")
    assert "no verdict (`malformed`)" in files[0].read_text()
    (case,) = ElementTree.parse(files[1]).getroot()
    assert "no <model>" in str(case[0].text)


@pytest.mark.parametrize(("face", "file"), [("yunit", "a.md"), ("json", "a.doc")])
def test_a_format_that_there_is_not_is_refused_before_any_work(tmp_path: Path, face: str, file: str) -> None:
    with pytest.raises(Malformed), failure(face, [tmp_path / file], FACES):
        raise AssertionError("never asked")


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match=r"cannot write .*check\.md"):
        write_out({"verdict": "pass"}, "table", [tmp_path / "file" / "check.md"], FACES)


def test_a_failure_stays_what_it_is_where_it_cannot_be_written_either(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Malformed) as refused, failure("table", [tmp_path / "file" / "check.md"], FACES):
        raise REFUSED
    assert [fault.pointer for fault in refused.value.faults] == ["spec.toml:3:model", "--write"]


def test_verdicts_are_coloured_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    table = "FAIL: over budget\n\ncost_usd  $1.00  fail\nfail-safe  pass\n"
    assert coloured(table) == table
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    shown = coloured(table)
    assert shown.count("\x1b[31m") == 2 and shown.count("\x1b[32m") == 1
    assert "fail-safe" in shown
    monkeypatch.setenv("NO_COLOR", "1")
    assert coloured(table) == table
