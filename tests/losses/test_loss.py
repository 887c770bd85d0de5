"""What a loss is: words from its kernel's docstring, layouts, and the one door of the families."""

import ast
import inspect
from pathlib import Path

import pytest

from mlquote.losses import families, loss
from mlquote.losses.loss import Folding, docstring_parts
from mlquote.losses.registry import LOSSES

HEADS = {"about", "formula", "gradient", "domain", "aligned_with", "source"}


def test_a_docstring_falls_into_its_parts() -> None:
    """A first sentence, an indented formula, and headed paragraphs with their following lines."""
    text = "Short.\n\n    L = r^2\n    R = 1\n\nGradient: 2 r,\n    or so.\nAligned with: the mean."
    assert docstring_parts(text) == {
        "about": "Short.",
        "formula": "L = r^2\nR = 1",
        "gradient": "2 r, or so.",
        "aligned_with": "the mean.",
    }


@pytest.mark.parametrize("name", LOSSES)
def test_every_kernel_says_what_a_reader_looks_for(name: str) -> None:
    words = LOSSES[name].words()
    assert set(words) >= HEADS
    assert all(words[head] for head in HEADS)
    assert (inspect.getdoc(LOSSES[name].properties) or "").endswith(".")


def test_a_loss_may_choose_its_layout_by_its_parameters() -> None:
    focal = LOSSES["focal"]
    assert focal.folded({"kind": "binary"}) is Folding.ELEMENTS
    assert focal.folded({"kind": "categorical"}) is Folding.CLASSES
    assert LOSSES["mse"].folded({}) is Folding.ELEMENTS


def test_what_is_known_of_a_loss_follows_its_parameters() -> None:
    """Huber is no steeper than delta; half the square bends half as much."""
    assert LOSSES["huber"].known({"delta": 3.0}, None)["lipschitz"] == 3.0
    assert LOSSES["mse"].known({"scale": 0.5}, None)["smooth"] == 1.0


def test_a_family_imports_from_the_room_what_a_loss_is_and_nothing_else() -> None:
    for path in Path(inspect.getfile(families)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("mlquote"):
                assert node.module == "mlquote.losses.loss", path.name
                assert {alias.name for alias in node.names} <= set(loss.__all__)
