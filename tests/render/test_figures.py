"""An answer as lines: which unit stands beside which figure."""

from mlquote.render.figures import figures


def test_a_word_has_no_unit() -> None:
    lines = {figure.name: figure.unit for figure in figures({"flop_breakdown": {"unit": "token", "total_flop": 3.0}})}
    assert lines == {"flop_breakdown.unit": "", "flop_breakdown.total_flop": "FLOP"}
