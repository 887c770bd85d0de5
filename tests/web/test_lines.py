"""Log lines of one turn of the loop are written at once, none is lost, and a warning never waits."""

import asyncio
import io
import logging

import pytest

from mlquote.web.guards.lines import Lines


class Counted(io.StringIO):
    """A stream that counts its writes."""

    writes = 0

    def write(self, text: str) -> int:
        """Write, counted."""
        self.writes += 1
        return super().write(text)


@pytest.fixture
def stream() -> Counted:
    return Counted()


@pytest.fixture
def log(stream: Counted) -> logging.Logger:
    made = logging.Logger("test", logging.INFO)
    made.addHandler(Lines(stream))
    return made


def test_the_lines_of_one_turn_are_one_write(log: logging.Logger, stream: Counted) -> None:
    async def turn() -> None:
        for number in range(3):
            log.info("line %s", number)
        assert stream.getvalue() == ""
        await asyncio.sleep(0)
        log.info("line 3")

    asyncio.run(turn())
    log.handlers[0].flush()
    assert stream.getvalue() == "line 0\nline 1\nline 2\nline 3\n" and stream.writes == 2


def test_a_warning_takes_along_what_waits(log: logging.Logger, stream: Counted) -> None:
    async def turn() -> None:
        log.info("first")
        log.warning("second")
        assert stream.getvalue() == "first\nsecond\n"

    asyncio.run(turn())


def test_without_a_loop_a_line_is_written_at_once(log: logging.Logger, stream: Counted) -> None:
    log.info("alone")
    assert stream.getvalue() == "alone\n"


def test_a_line_that_cannot_be_made_stops_nothing(
    log: logging.Logger, stream: Counted, capsys: pytest.CaptureFixture[str]
) -> None:
    log.info("%d", "no number")
    log.info("next")
    assert stream.getvalue() == "next\n" and "no number" in capsys.readouterr().err
