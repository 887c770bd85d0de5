"""Ids seen before: found within a window, forgotten beyond it, at a cost that does not grow with the log."""

import time

import pytest

from mlquote.spend import usage_repeats
from mlquote.spend.usage_repeats import Repeats, Seen


def test_an_id_seen_again_is_the_same_answer_or_another() -> None:
    repeats = Repeats()
    told = [repeats.seen("a", 1), repeats.seen("a", 1), repeats.seen("a", 2), repeats.seen("b", 1)]
    assert told == [Seen.NEW, Seen.SAME, Seen.OTHER, Seen.NEW]
    assert not repeats.forgot


def test_the_latest_are_remembered_and_that_some_are_not_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage_repeats, "MOST_REMEMBERED", 2)
    repeats = Repeats()
    assert [repeats.seen(one, 1) for one in "abcd"] == [Seen.NEW] * 4
    assert repeats.seen("a", 1) is Seen.SAME
    assert not repeats.forgot
    assert [repeats.seen(one, 1) for one in "ea"] == [Seen.NEW] * 2
    assert repeats.forgot


def test_a_long_log_takes_as_long_a_line_as_a_short_one() -> None:
    """Half a million ids took minutes when the oldest was searched for at each."""
    repeats, started = Repeats(), time.process_time()
    assert all(repeats.seen(str(number), 1) is Seen.NEW for number in range(500_000))
    assert time.process_time() - started < 10
