"""A batch says where its arrays stand; a block refuses by the example; scratch is reused; notes add up."""

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.batch import ROOM_BYTES, Batch, Block, Notes, Room

TWO_BY_TWO = Batch({"predictions": np.arange(4.0)}, {"targets": np.zeros(4)}, {}, shape=(2, 2))


def block(batch: Batch = TWO_BY_TWO, start: int = 0) -> Block:
    notes = Notes()
    notes.start = start
    return Block(batch.predictions, batch.targets, batch, {}, Room(), notes)


def test_a_batch_points_to_its_arrays_and_examples() -> None:
    named = Batch({"mean": np.zeros(1)}, {"targets": np.zeros(1)}, {})
    assert (TWO_BY_TWO.pointer("predictions"), TWO_BY_TWO.pointer("targets")) == ("/predictions", "/targets")
    assert named.pointer("mean") == "/predictions/mean"
    assert (TWO_BY_TWO.place(3), TWO_BY_TWO.place(7)) == ("/1/1", "/7")


def test_leaving_examples_out_adds_up_and_changes_no_batch() -> None:
    once = TWO_BY_TWO.without(np.array([True, False, False, False]))
    twice = once.without(np.array([False, True, False, False]))
    assert (TWO_BY_TWO.masked, once.masked, twice.masked) == (0, 1, 2)


def test_other_targets_stand_beside_the_given_ones() -> None:
    more = TWO_BY_TWO.with_targets(_weight=np.ones(4))
    assert set(more.targets) == {"targets", "_weight"}
    assert set(TWO_BY_TWO.targets) == {"targets"}


def test_a_block_refuses_at_the_first_kept_example_that_is_wrong() -> None:
    right = np.array([True, False, True, False])
    with pytest.raises(OutOfDomain) as refusal:
        block().require("predictions", right, "is wrong", "be right")
    assert refusal.value.faults[0].pointer == "/predictions/0/1"
    kept = TWO_BY_TWO.without(np.array([False, True, False, False]))
    with pytest.raises(OutOfDomain) as refusal:
        block(kept).require("predictions", right, "is wrong", "be right")
    assert refusal.value.faults[0].pointer == "/predictions/1/1"
    block(kept.without(np.array([False, False, False, True]))).require("predictions", right, "is wrong", "be right")


@pytest.mark.parametrize(
    ("rows", "taken"),
    [([[0.25, 0.75]], True), ([[0.5, 0.5009]], True), ([[0.5, 0.502]], False), ([[1.5, -0.5]], False)],
    ids=str,
)
def test_a_distribution_sums_to_one_within_a_thousandth(rows: list[list[float]], taken: bool) -> None:
    p = np.array(rows)
    one = block(Batch({"predictions": p}, {}, {}, shape=(1,)))
    if taken:
        one.require_distribution("predictions", p)
        return
    with pytest.raises(OutOfDomain):
        one.require_distribution("predictions", p)


def test_scratch_is_reused_unless_it_is_large() -> None:
    room = Room()
    assert np.shares_memory(room.take("a", (3, 4)), room.take("a", (2, 5)))
    assert not np.shares_memory(room.take("a", (3,)), room.take("b", (3,)))
    large = (ROOM_BYTES // 8 + 1,)
    assert not np.shares_memory(room.take("c", large), room.take("c", large))


def test_a_gradient_nobody_asked_for_is_scratch() -> None:
    one = block()
    assert not one.wants()
    assert one.slot().shape == (4,)


def test_notes_count_and_show_the_first_twenty_places() -> None:
    first, second = Notes(), Notes()
    second.start = 30
    first.mark("seen", np.ones(15, dtype=np.bool_))
    second.mark("seen", np.ones((10, 2), dtype=np.bool_))
    second.mark("unseen", np.zeros(3, dtype=np.bool_))
    first.merge(second)
    assert first["seen"].count == 35
    assert first["seen"].indices == [*range(15), *range(30, 35)]
    assert "unseen" not in first
