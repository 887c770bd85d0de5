"""The pages' own style sheets and modules, under an address that changes with them, so that they are kept for ever.

All stand under one digest: a module imports its neighbours by their plain names, and gets those it was made with.
"""

from functools import cache
from hashlib import blake2b
from importlib.resources import files

from fastapi import FastAPI, HTTPException, Response

from mlquote.web.guards.caching import LASTING

_KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


def add_static(app: FastAPI) -> None:
    """/static/{digest}/{name}; a digest of yesterday leads to today's file, which is not kept."""

    @app.get("/static/{digest}/{name}", include_in_schema=False)
    async def static(digest: str, name: str) -> Response:
        if name not in _served():
            raise HTTPException(404)
        headers = {"X-Content-Type-Options": "nosniff"}
        if digest == static_digest():
            headers["Cache-Control"] = LASTING
        return Response(_served()[name], headers=headers, media_type=_KINDS[name.rpartition(".")[2]])


@cache
def static_digest() -> str:
    """What all the files together are."""
    digest = blake2b(digest_size=8)
    for name, content in sorted(_served().items()):
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()


@cache
def _served() -> dict[str, bytes]:
    folder = files("mlquote.render.pages") / "static"
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.name.rpartition(".")[2] in _KINDS}
