"""A fact carries all that is said of it."""

from datetime import UTC, datetime, timedelta

import pytest

from mlquote.estimators.asking.finding import Finding, ahead, found, given, warned
from mlquote.formulas.uncertainty import doubtful
from mlquote.kit.provenance import Trail


def test_a_figure_is_told_with_the_interval_of_its_doubt() -> None:
    trail = Trail()
    value = found("pue", doubtful(1.2, 0.1, "pue"), "ratio", basis="catalog", why="measured").told(trail)
    assert value == doubtful(1.2, 0.1, "pue")
    (said,) = trail.assumptions
    assert (said.name, said.value, said.basis) == ("pue", 1.2, "catalog")
    assert said.low == pytest.approx(1.2 / 1.13673)  # exp(1.28155 x 0.1)


def test_a_given_figure_has_no_interval() -> None:
    (said,) = given("pue", 1.2, "ratio").assumptions
    assert (said.low, said.high, said.basis) == (None, None, "given")


def test_a_warning_is_added_and_none_is_lost() -> None:
    twice = warned(warned(Finding(1), "price-from-another-date", "a"), "price-from-sibling-part", "b")
    assert [w.detail for w in twice.warnings] == ["a", "b"]


def test_a_value_that_follows_keeps_the_words() -> None:
    rate = given("rate", 2.0, "$/h")
    assert rate.of("two").value == "two"
    assert rate.of("two").assumptions == rate.assumptions


def test_a_moment_is_ahead_only_after_the_clocks() -> None:
    now = datetime(2026, 11, 27, tzinfo=UTC)
    moments = (now, now + timedelta(seconds=1))
    assert [[w.code for w in ahead(each, now).warnings] for each in moments] == [[], ["as-of-in-future"]]
