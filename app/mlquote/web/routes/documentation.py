"""Every path, field and meaning: the OpenAPI file, and a page on it that needs no other host.

The page is Swagger UI (swagger-ui-dist 5.35.0, Apache-2.0, in web/swagger/ with its licence), started by a file of our
own, under a policy that lets nothing in from elsewhere and runs nothing that stands in the page itself.
"""

from functools import cache
from importlib.resources import files

import msgspec
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SERVED = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "start.js": "text/javascript; charset=utf-8",
    "LICENSE": "text/plain; charset=utf-8",
    "NOTICE": "text/plain; charset=utf-8",
    "swagger-ui-bundle.js.LICENSE.txt": "text/plain; charset=utf-8",
}
_GUARDED = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def add_routes(app: FastAPI) -> None:
    """/openapi.json, /docs and its files, and /redoc, which leads there."""

    @cache
    def document() -> bytes:
        return msgspec.json.encode(app.openapi())

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return Response(document(), media_type="application/json")

    @app.get("/docs", include_in_schema=False)
    async def page() -> Response:
        return Response(_file("page.html"), headers=_GUARDED, media_type="text/html; charset=utf-8")

    @app.get("/docs/{name}", include_in_schema=False)
    async def asset(name: str) -> Response:
        if name not in _SERVED:
            raise HTTPException(404)
        return Response(_file(name), headers=_GUARDED, media_type=_SERVED[name])

    @app.get("/redoc", include_in_schema=False)
    async def redoc(request: Request) -> Response:
        return RedirectResponse(f"{request.scope.get('root_path', '')}/docs", status_code=308)


@cache
def _file(name: str) -> bytes:
    return (files("mlquote.web") / "swagger" / name).read_bytes()
