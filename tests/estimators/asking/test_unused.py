"""A field that changes nothing is named, once, with why; one that was left at its default is not."""

import pytest

from mlquote.estimators.asking.question import Question
from mlquote.estimators.asking.unused import Needs, unused


class Journey(Question):
    """How far, and with what."""

    by: str = "foot"
    """What one goes by."""
    gears: int | None = None
    """Of a bicycle."""
    fuel: str = "none"
    """Of a car."""


RULES: tuple[Needs[Journey], ...] = (
    Needs(("gears",), lambda q: q.by == "bicycle", "only a bicycle has gears"),
    Needs(("fuel", "gears"), lambda q: q.by != "foot", "who walks has neither"),
)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        pytest.param({}, [], id="defaults"),
        pytest.param({"by": "bicycle", "gears": 21}, [], id="counts"),
        pytest.param({"gears": 21}, ["gears changes nothing: only a bicycle has gears"], id="first rule says it"),
        pytest.param({"fuel": "oil"}, ["fuel changes nothing: who walks has neither"], id="default differs"),
        pytest.param({"fuel": "none", "gears": None}, [], id="echoed defaults"),
    ],
)
def test_fields_that_change_nothing_are_named(asked: dict[str, object], said: list[str]) -> None:
    question = Journey.model_validate(asked)
    assert [warning.detail for warning in unused(question, question, RULES).warnings] == said
