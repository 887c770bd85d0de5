"""Pages of other origins that may ask from a browser (CORS): none, unless the setting names them."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from mlquote.kit.errors import Malformed

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_SENT = ("Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "X-API-Key", "X-Request-Id")
_READ = ("Allow", "ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Lines-Left-Out", "X-Request-Id",
         "X-Total-Count")  # fmt: skip
_PREFLIGHT_S = 7200


def cross_origin(app: ASGIApp, origins: list[str]) -> CORSMiddleware:
    """`app`, which pages of these origins may ask; `*` is every page.

    A key travels in a header that the page sets itself, so cookies are never asked for.
    """
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=_METHODS,
        allow_headers=_SENT,
        expose_headers=_READ,
        max_age=_PREFLIGHT_S,
    )


def origins_named(text: str) -> list[str]:
    """The origins of a setting.

    Raises: Malformed for what is no origin: a path or a slash at its end would never match
    """
    named = [each.strip() for each in text.split(",") if each.strip()]
    for each in named:
        scheme, found, host = each.partition("://")
        if each != "*" and (not found or not scheme or not host or "/" in host):
            hint = "https://HOST or https://HOST:PORT, or *"
            raise Malformed(f"{each[:80]!r} is no origin", pointer="MLQUOTE_CORS_ORIGINS", hint=hint)
    return named
