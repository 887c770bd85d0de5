"""Plain numbers of a page's tables."""

import pytest

from mlquote.render.pages.numbers import told_number


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "none"), (1.0, "1"), (-0.76625, "\N{MINUS SIGN}0.7662"), (1e-13, "0"), (7.373e-6, "7.373 × 10⁻⁶"),
     (2.5e9, "2.500 × 10⁹"), (123456.0, "123,456"), (float("inf"), "∞"), (float("nan"), "no number")],
)  # fmt: skip
def test_a_number_is_told_in_four_digits(value: float | None, words: str) -> None:
    assert told_number(value) == words
