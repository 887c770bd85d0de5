"""An answer as lines: which unit stands beside which figure."""

from mlquote.render.figures import figures


def test_a_word_has_no_unit() -> None:
    lines = {figure.name: figure.unit for figure in figures({"flop_breakdown": {"unit": "token", "total_flop": 3.0}})}
    assert lines == {"flop_breakdown.unit": "", "flop_breakdown.total_flop": "FLOP"}


def test_what_is_shared_has_a_unit_and_a_share_has_none() -> None:
    found = {
        each.name: each.unit for each in figures({"memory": {"shared_bytes": 1.0}, "variance_shares": {"usd": 0.5}})
    }
    assert found == {"memory.shared_bytes": "bytes", "variance_shares.usd": ""}
