"""mlquote loss: a file or standard input, arrays from disk, and the exit codes of check."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlquote.cli.exits import OverBudget
from mlquote.cli.loss import Face, loss
from mlquote.kit.errors import Malformed, OutOfDomain

MSE = {"loss": "mse", "predictions": [1.0, 2.0], "targets": [0.0, 0.0]}


def written(path: Path, question: Any) -> str:
    path.write_text(json.dumps(question))
    return str(path)


def test_a_question_in_a_file_is_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loss(written(tmp_path / "q.json", {**MSE, "expected": 2.5}), face=Face.JSON)
    assert json.loads(capsys.readouterr().out)["verdict"] == "pass"


def test_a_missed_expectation_fails_after_it_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OverBudget):
        loss(written(tmp_path / "q.json", [{**MSE, "expected": 9.0}, MSE]))
    assert "fail" in capsys.readouterr().out


def test_arrays_come_from_disk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "p.npy", np.array([3.0, 4.0], dtype=np.float32))
    question = {name: MSE[name] for name in ("loss", "targets")}
    loss(written(tmp_path / "q.json", question), array=[f"predictions={tmp_path / 'p.npy'}"], face=Face.JSON)
    assert json.loads(capsys.readouterr().out)["cost"] == 12.5


def test_a_question_comes_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(MSE).encode())))
    loss("-", face=Face.JSON)
    assert json.loads(capsys.readouterr().out)["cost"] == 2.5


@pytest.mark.parametrize("arrays", [["predictions"], ["predictions=no.npy"], ["loss.x=no.npy"]], ids=str)
def test_an_array_that_is_none_is_refused(tmp_path: Path, arrays: list[str]) -> None:
    with pytest.raises(Malformed):
        loss(written(tmp_path / "q.json", MSE), array=arrays)


def test_a_bad_question_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutOfDomain):
        loss(written(tmp_path / "q.json", {**MSE, "loss": "nothing"}))
    with pytest.raises(Malformed):
        loss(str(tmp_path / "none.json"))
