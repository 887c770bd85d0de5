"""Where log lines go: one write for all the lines of one turn of the event loop, not one for each request."""

import logging
from asyncio import _get_running_loop
from typing import TextIO


class Lines(logging.Handler):
    """Writes lines to a stream. Beside an event loop they wait for the end of its turn; a warning takes them along."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        super().__init__()
        self.stream = stream
        self._waiting: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line for the end of this turn, or write it."""
        try:
            self._waiting.append(self.format(record))
            loop = _get_running_loop()
            if loop is None or record.levelno > logging.INFO:
                self.flush()
            elif len(self._waiting) == 1:
                loop.call_soon(self.flush)
        except Exception:
            self.handleError(record)

    def flush(self) -> None:
        """Write what waits."""
        self.acquire()
        try:
            waiting, self._waiting = self._waiting, []
            if waiting:
                self.stream.write("\n".join(waiting) + "\n")
                self.stream.flush()
        finally:
            self.release()


def log_to(stream: TextIO) -> None:
    """Send what mlquote logs to `stream`, a line a record, without what no line tells (thread, process, task)."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    log = logging.getLogger("mlquote")
    log.setLevel(logging.INFO)
    log.addHandler(Lines(stream))
    log.propagate = False
