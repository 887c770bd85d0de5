"""What is ready to be sent and cannot be yet: in memory as far as it goes, then in a temporary file.

A client that writes its whole body before it reads an answer would wait for us to read while we wait for it to read.
So what reads never waits for what sends: this holds what lies between, and memory does not grow with it. Nor does the
file without end: where it is full, whoever makes more waits until all of it was taken.
"""

import asyncio
from collections import deque
from tempfile import TemporaryFile
from typing import BinaryIO

_IN_MEMORY_BYTES = 4 * 2**20
_IN_FILE_BYTES = 2**30
_BLOCK_BYTES = 2**18


class Outbox:
    """A queue of bytes with one who puts and one who takes; order is kept across memory and file."""

    def __init__(self, in_memory_bytes: int = _IN_MEMORY_BYTES, in_file_bytes: int = _IN_FILE_BYTES) -> None:
        """Keep at most `in_memory_bytes` in memory, and about `in_file_bytes` in the file."""
        self._most, self._most_in_file = in_memory_bytes, in_file_bytes
        self._memory: deque[bytes] = deque()
        self._held = 0
        self._file: BinaryIO | None = None
        self._read = self._written = 0
        self._closed = False
        self._changed, self._emptied = asyncio.Event(), asyncio.Event()

    async def room(self) -> None:
        """Wait until there is room for another block."""
        while self._written >= self._most_in_file:
            self._emptied.clear()
            await self._emptied.wait()

    def put(self, block: bytes) -> None:
        """Add a block; never waits."""
        if self._read < self._written or self._held + len(block) > self._most:
            self._spill(block)
        else:
            self._memory.append(block)
            self._held += len(block)
        self._changed.set()

    def close(self) -> None:
        """Nothing more will be put."""
        self._closed = True
        self._changed.set()

    async def take(self) -> bytes:
        """The next bytes, in order; waits for some, and is empty once all is taken after `close`."""
        while True:
            if self._memory:
                block = self._memory.popleft()
                self._held -= len(block)
                return block
            if self._read < self._written:
                return self._unspill()
            if self._closed:
                return b""
            self._changed.clear()
            await self._changed.wait()

    def discard(self) -> None:
        """Let go of everything."""
        self._memory.clear()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _spill(self, block: bytes) -> None:
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115  # it lives as long as the outbox: see discard
        self._file.seek(self._written)
        self._written += self._file.write(block)

    def _unspill(self) -> bytes:
        assert self._file is not None
        self._file.seek(self._read)
        block = self._file.read(min(_BLOCK_BYTES, self._written - self._read))
        self._read += len(block)
        if self._read == self._written:
            self._read = self._written = 0
            self._file.truncate(0)
            self._emptied.set()
        return block
