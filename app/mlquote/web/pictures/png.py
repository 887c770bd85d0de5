"""SVG to PNG in one process beside the service: the renderer holds the interpreter's lock, and quotes need it.

The process is started by the first PNG, draws one at a time, and loads no fonts but those in the wheel, so a slim image
draws the same text as any other. What was drawn is kept, by the drawing itself: a question, a release, a theme and a
size are all in it.
"""

import asyncio
from collections import OrderedDict
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from hashlib import blake2b
from multiprocessing import get_context
from pathlib import Path

from mlquote.kit.errors import TooMany, Unavailable

FONTS = tuple(str(Path(__file__).parent.parent / "fonts" / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"))
WAITING = 2
"""Pictures that may wait while one is drawn."""
_KEPT = 64
_MOST_BYTES = 2_000_000
"""A larger PNG is not kept."""
_SECONDS = 20.0


def drawn(svg: str, zoom: float) -> bytes:
    """A picture as PNG; called in the drawing process.

    Raises: ValueError for what is no SVG, or where a font is missing: text must not vanish
    """
    import resvg_py

    missing = [font for font in FONTS if not Path(font).is_file()]
    if missing:
        raise ValueError(f"no font at {', '.join(missing)}")
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, zoom=zoom, skip_system_fonts=True, font_files=list(FONTS), languages=["en"]
        )
    )


class Drawer:
    """One drawing process, and the pictures it drew last."""

    def __init__(self) -> None:
        """Nothing is started before it is needed."""
        self._process: ProcessPoolExecutor | None = None
        self._busy = 0
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()

    async def png(self, svg: str, zoom: float = 1.0) -> bytes:
        """The picture, from what is kept or drawn now.

        Raises: TooMany where two wait already; Unavailable where the drawing process fails twice, or takes too long
        """
        key = blake2b(svg.encode(), digest_size=16, salt=str(zoom).encode()[:16]).digest()
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if self._busy > WAITING:
            raise TooMany("too many pictures are being drawn", hint="try again in a second, or ask for svg")
        self._busy += 1
        try:
            found = await self._drawn(svg, zoom)
        finally:
            self._busy -= 1
        if len(found) <= _MOST_BYTES:
            self._kept[key] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    async def _drawn(self, svg: str, zoom: float) -> bytes:
        for _ in range(2):
            working = asyncio.get_running_loop().run_in_executor(self._started(), drawn, svg, zoom)
            try:
                return await asyncio.wait_for(working, _SECONDS)
            except BrokenExecutor:
                self.close()
            except TimeoutError:
                self.close()
                break
        raise Unavailable("the picture cannot be drawn as PNG now", hint="ask for svg")

    def _started(self) -> ProcessPoolExecutor:
        if self._process is None:
            self._process = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        return self._process

    def close(self) -> None:
        """Let go of the process."""
        if self._process is not None:
            self._process.shutdown(wait=False, cancel_futures=True)
            self._process = None
