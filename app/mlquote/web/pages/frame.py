"""The frame around every page: its policy, the release it answers from, and where its files are."""

from datetime import date, datetime
from typing import Any

from fastapi import Request, Response

from mlquote.render.pages.writing import written
from mlquote.web.deps import now, snapshots
from mlquote.web.pages.static_files import static_digest

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
GUARDED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
}


def page(request: Request, template: str, *, room: str, title: str, **told: Any) -> Response:
    """A page of `template` (in render/pages/templates, extending frame.html) within the frame.

    Args:    room: which of the frame's rooms is the current one: calculator, explore, loss or spend
             title: of the window, without the service's name
             told: what the template uses beside the frame's own names
    """
    root = request.scope.get("root_path", "")
    release = snapshots(request).current.release
    frame = {
        "root": root,
        "static": f"{root}/static/{static_digest()}",
        "layout": "live.html" if is_live(request) else "frame.html",
        "room": room,
        "title": title,
        "release": release.id,
        "release_date": release.published_on,
        "age": _age(release.published_on, now(request)),
    }
    text = written(template, **frame, **told)
    return Response(text, headers=GUARDED, media_type="text/html; charset=utf-8")


def is_live(request: Request) -> bool:
    """Whether the answer alone is asked for, as a view of the API, and no whole page: its template extends `layout`."""
    return bool(getattr(request.state, "is_view", False))


def wants_page(request: Request) -> bool:
    """Whether a browser asks: it names text/html, which no client of the API does."""
    return "text/html" in request.headers.get("accept", "").casefold()


def _age(day: date, moment: datetime) -> str:
    """How old a release is, in words."""
    days = (moment.date() - day).days
    return "today" if days <= 0 else "1 day old" if days == 1 else f"{days} days old"
