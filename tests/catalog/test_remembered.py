"""A memory works each value out once, and lets go when it holds too many."""

from mlquote.catalog.release import Release
from mlquote.catalog.remembered import MOST_REMEMBERED, Memory, MemoryOfThese
from mlquote.catalog.snapshot import Snapshot
from tests.estimators.hardware_sample import NOW

BUILT: list[int] = []


def squared(_: Snapshot, number: int) -> int:
    BUILT.append(number)
    return number**2


def cubed(_: Snapshot, number: int) -> int:
    return number**3


def empty() -> Snapshot:
    return Snapshot(Release("empty", NOW.date(), "d", {}, {}), {})


def test_a_value_is_worked_out_once_for_each_key_and_snapshot() -> None:
    BUILT.clear()
    one, other = empty(), empty()
    assert [one.remembered(squared, 3), one.remembered(squared, 3), one.remembered(squared, 4)] == [9, 9, 16]
    assert other.remembered(squared, 3) == 9
    assert BUILT == [3, 4, 3]


def test_functions_do_not_share_a_memory() -> None:
    snapshot = empty()
    assert (snapshot.remembered(squared, 2), snapshot.remembered(cubed, 2)) == (4, 8)


def test_nothing_is_remembered_too() -> None:
    asked: list[str] = []
    memory: Memory[str, None] = Memory(asked.append)
    assert (memory["a"], memory["a"], asked) == (None, None, ["a"])


def test_a_full_memory_is_let_go() -> None:
    memory: Memory[int, int] = Memory(abs, most=2)
    assert [memory[-1], memory[-2], len(memory), memory[-3], len(memory)] == [1, 2, 2, 3, 1]


def test_so_many_are_kept_where_nobody_says() -> None:
    memory: Memory[int, int] = Memory(abs)
    for number in range(MOST_REMEMBERED + 1):
        assert memory[number] == number
    assert len(memory) == 1


def test_a_fault_is_not_remembered() -> None:
    memory: Memory[str, int] = Memory(int)
    for _ in range(2):
        try:
            memory["x"]
        except ValueError:
            assert len(memory) == 0


def test_what_follows_from_objects_is_worked_out_once_for_these_very_objects() -> None:
    asked: list[tuple[list[int], ...]] = []
    memory: MemoryOfThese[list[int], int] = MemoryOfThese(lambda these: asked.append(these) or len(these), most=2)
    one, other = [1], [1]
    assert [memory.of(one, other), memory.of(one, other), memory.of(other, one), memory.of(one)] == [2, 2, 2, 1]
    assert asked == [([1], [1]), ([1], [1]), ([1],)]
    assert len(memory._held) == 1  # the third did not fit beside two


def test_another_object_never_takes_the_place_of_one_that_is_gone() -> None:
    memory: MemoryOfThese[list[int], int] = MemoryOfThese(lambda these: these[0][0])
    assert [memory.of([number]) for number in range(300)] == list(range(300))
