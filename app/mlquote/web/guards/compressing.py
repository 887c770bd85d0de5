"""Answers in zstd, Brotli or gzip, for whoever asks for it and where it saves something.

The library's own levels are for files that are packed once; an answer is packed once for each caller, so the fast ones
are taken: a training quote of 30 kB is some 5 kB in a tenth of a millisecond.
"""

from starlette.types import ASGIApp
from starlette_compress import CompressMiddleware, add_compress_type

LEAST_BYTES = 1024
"""A smaller answer fits a packet or two as it is."""

for _kind in ("application/problem+json", "text/csv", "application/openapi+json"):
    add_compress_type(_kind)
add_compress_type("application/x-ndjson", streaming=True)  # each block is sent whole: its reader may wait for it


def compressing(app: ASGIApp) -> CompressMiddleware:
    """`app`, its answers compressed on request."""
    return CompressMiddleware(app, minimum_size=LEAST_BYTES, zstd_level=1, brotli_quality=1, gzip_level=1)
