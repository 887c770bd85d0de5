"""The calculator: a form of a kind of question, its answer, and what an old link would cost today."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from mlquote.render.pages.answers import answer_view, head_name, in_short
from mlquote.web.pages.asking import PINNED, PageAnswer, answered, given_parameters, query_of
from mlquote.web.pages.elsewhere import elsewhere
from mlquote.web.pages.fields import left_to_post
from mlquote.web.pages.forms import form_of
from mlquote.web.pages.frame import is_live, page
from mlquote.web.pages.kinds import KINDS, CalculatorKind

PATH = "/calculator"


async def calculator(request: Request, kind: CalculatorKind) -> Response:
    """The page of a kind; a query with empty fields, as browsers send forms, leads to the one without them."""
    parameters = given_parameters(request)
    root = request.scope.get("root_path", "")
    path = f"{root}{PATH}/{kind.name}"
    implied = {name: value for name, value in kind.implied.items() if parameters and name not in parameters}
    if not is_live(request) and (implied or len(parameters) != len(request.query_params)):
        return RedirectResponse(f"{path}?{query_of({**parameters, **implied})}", status_code=303)
    found = (
        await answered(request, kind.member, {**parameters, **implied}, is_long=bool(kind.path))
        if parameters
        else PageAnswer({})
    )
    view = None if found.answer is None else _view(request, kind, found, path)
    told = {
        "kind": kind,
        "kinds": KINDS,
        "path": path,
        "form": form_of(kind, found, path),
        "posted": left_to_post(kind.member.question),
        "found": found,
        "starts": [(label, f"{path}?{query}") for label, query in kind.start.items()],
        "view": view,
        "today": await _today(request, kind, found, path),
    }
    title = f"{kind.label} cost" if view is None else view["title"]
    return page(request, "calculator.html", room="calculator", title=title, **told)


def _view(request: Request, kind: CalculatorKind, found: PageAnswer, path: str) -> dict[str, Any]:
    """What the template of the answer uses."""
    assert found.answer is not None

    def pin(field: str, value: str) -> str:
        return f"{path}?{query_of({**found.parameters, field: value})}"

    query = query_of(found.parameters)
    figure = head_name(found.answer["result"])
    return {
        **answer_view(found.answer, pin),
        "kind_word": kind.member.kind,
        "api": f"{str(request.base_url).rstrip('/')}{kind.asked_at}?{query}",
        "picture": f"/v1/charts/{kind.member.kind}.svg?{query}" if kind.is_quote else "",
        "link": found.link,
        "elsewhere": elsewhere(kind, str(request.base_url), found.parameters, figure),
        "compare": query_of({"q": f"kind={kind.member.kind}&{query}"}) if kind.is_quote else "",
        "check": query_of({"question": f"kind={kind.member.kind}&{query}"}) if kind.is_quote else "",
    }


async def _today(request: Request, kind: CalculatorKind, found: PageAnswer, path: str) -> dict[str, str] | None:
    """For a link that pins its release or its moment: what was, and what the same question costs now."""
    pinned = [name for name in PINNED if name in found.parameters]
    if not pinned or found.answer is None:
        return None
    parameters = {name: value for name, value in found.parameters.items() if name not in PINNED}
    now = await answered(request, kind.member, parameters, is_long=bool(kind.path))
    catalog = found.answer["catalog"]
    return {
        "made": f"{catalog['as_of']:%Y-%m-%d}",
        "release": catalog["release"],
        "was": in_short(found.answer),
        "is": in_short(now.answer) if now.answer is not None else "refused",
        "address": f"{path}?{query_of(parameters)}",
    }
