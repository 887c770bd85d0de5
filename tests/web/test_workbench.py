"""Heavy work beside the event loop: bounded in number, stopped in time, and JSON parsed elsewhere to the same value."""

import asyncio
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from mlquote.kit.errors import Malformed, TooLarge, TooMany
from mlquote.losses.blocks import Cancelled, Machine
from mlquote.web.parsing import counted, packed, parsed
from mlquote.web.workbench import Limits, Workbench

LIMITS = Limits(
    json_bytes=1_000,
    json_numbers=100,
    binary_bytes=1_000,
    binary_numbers=100,
    spooled_bytes=2_000,
    seconds=0.2,
    at_once=1,
    waiting=0,
    threads=2,
    parse_beside_bytes=50,
)


class Caller:
    """A request whose caller stays on the line until told to hang up."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()

    async def receive(self) -> dict[str, str]:
        await self.gone.wait()
        return {"type": "http.disconnect"}


@pytest.fixture
def bench() -> Iterator[Workbench]:
    made = Workbench(LIMITS)
    yield made
    made.close()


def patient(seen: threading.Event, machine: Machine) -> str:
    """Works until stopped."""
    while not machine.stopped():
        seen.wait(0.001)
    seen.set()
    machine.check()
    return "done"


def test_work_past_its_time_is_told_to_stop_and_does(bench: Workbench) -> None:
    seen = threading.Event()

    async def ask() -> None:
        await bench.do(lambda machine: patient(seen, machine), Caller())

    with pytest.raises(TooLarge, match="took longer than"):
        asyncio.run(ask())
    assert seen.wait(5.0)


def test_work_nobody_waits_for_is_stopped(bench: Workbench) -> None:
    seen = threading.Event()

    async def ask() -> None:
        caller = Caller()
        asyncio.get_running_loop().call_later(0.02, caller.gone.set)
        await bench.do(lambda machine: patient(seen, machine), caller)

    with pytest.raises((TooLarge, Cancelled)):
        asyncio.run(ask())
    assert seen.wait(5.0)


def test_one_more_than_may_wait_is_refused(bench: Workbench) -> None:
    async def ask() -> None:
        first = asyncio.ensure_future(bench.do(lambda machine: patient(threading.Event(), machine), Caller()))
        await asyncio.sleep(0.01)
        with pytest.raises(TooMany):
            await bench.do(lambda machine: "quick", Caller())
        with pytest.raises(TooLarge):
            await first

    asyncio.run(ask())


def test_what_the_work_raises_reaches_the_caller(bench: Workbench) -> None:
    def fail(machine: Machine) -> None:
        raise Malformed("no")

    async def ask() -> None:
        await bench.do(fail, Caller())

    with pytest.raises(Malformed, match="no"):
        asyncio.run(ask())


def test_json_is_the_same_value_wherever_it_is_parsed(bench: Workbench) -> None:
    body = b'{"a": [[1, 2.5], [3, 4]], "b": ["NaN", 1.0], "c": {"d": [{"e": [5]}]}, "f": [[1], [2, 3]], "g": "text"}'
    assert len(body) > LIMITS.parse_beside_bytes
    found = asyncio.run(bench.parse(body))
    np.testing.assert_array_equal(found.pop("a"), [[1.0, 2.5], [3.0, 4.0]])
    assert found == {"b": ["NaN", 1.0], "c": {"d": [{"e": [5]}]}, "f": [[1], [2, 3]], "g": "text"}
    with pytest.raises(Malformed, match="not JSON"):
        asyncio.run(bench.parse(b"[" * 60))


def test_numbers_are_counted_however_they_are_held() -> None:
    value = {"a": [1, 2], "b": [[1, 2], [3, 4]], "c": np.zeros((2, 3)), "d": "text", "e": [{"f": [1]}]}
    assert counted(value) == 2 + 4 + 6 + 1
    assert counted(packed(value)) == counted(value)
    assert parsed(b"[]") == []
