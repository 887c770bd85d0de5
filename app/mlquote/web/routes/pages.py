"""The front door: the calculator for browsers, what to ask for people with curl, and the pages' files."""

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from mlquote.web.deps import snapshots
from mlquote.web.pages.asking import given_parameters, query_of
from mlquote.web.pages.calculator import PATH, calculator
from mlquote.web.pages.compare import compare
from mlquote.web.pages.fields import fields_of
from mlquote.web.pages.frame import wants_page
from mlquote.web.pages.kinds import BY_NAME, KINDS, OTHER_NAMES, QUOTED
from mlquote.web.pages.spend import LOG, budget_check, job_log, one_budget, spend, spend_log
from mlquote.web.pages.static_files import add_static

POSTED = LOG
"""Where a browser's form sends a whole usage log."""
_SHEET = """\
mlquote: what does this model cost?   (release {release})

  training   curl '{base}v1/estimates/training?model=llama-3.1-8b&tokens=15e12&accelerator=h100-sxm'
  tokens     curl '{base}v1/estimates/inference?model=claude-opus-4-7&provider=anthropic&input_tokens=1e6'
  hosting    curl '{base}v1/estimates/serving?model=llama-3.1-8b&accelerator=h100-sxm'
  losses     curl '{base}v1/losses'
  catalogue  curl '{base}v1/catalog'
  in short   curl {base}gpt-4o   curl {base}llama-3.1-70b/8xh100   curl {base}:help

Add &format=text (or markdown, csv) for a table. Every path, field and meaning: {base}docs
"""


def add_routes(app: FastAPI) -> None:
    """/ for people, the calculator's pages, and /static."""
    add_static(app)

    @app.get("/", include_in_schema=False)
    async def front(request: Request) -> Response:
        if not wants_page(request):
            sheet = _SHEET.format(base=request.base_url, release=snapshots(request).current.release.id)
            return Response(sheet, headers={"Vary": "Accept"}, media_type="text/plain; charset=utf-8")
        if not request.query_params:
            return await calculator(request, KINDS[0])
        return _kind_meant(request)

    @app.get(f"{PATH}/{{name}}", include_in_schema=False)
    async def of_kind(request: Request, name: str) -> Response:
        if name == "budget":
            return await budget_check(request)
        if name not in BY_NAME:
            raise HTTPException(404)
        return await calculator(request, BY_NAME[name])

    for path, answer, method in (
        ("/compare", compare, "GET"),
        ("/spend", spend, "GET"),
        (LOG, spend_log, "POST"),
        (f"{LOG}/{{job_id}}", job_log, "GET"),
        ("/spend/budgets/{name}", one_budget, "GET"),
    ):
        app.add_api_route(path, answer, methods=[method], include_in_schema=False)


def _kind_meant(request: Request) -> Response:
    """`/?…` leads to the calculator of the kind that it names, or that its fields fit best."""
    parameters = given_parameters(request, "kind")
    named = request.query_params.get("kind", "").strip().casefold()
    name = OTHER_NAMES.get(named, named)
    if name not in BY_NAME:
        name = max(QUOTED, key=lambda kind: len(parameters.keys() & fields_of(kind.member.question).keys())).name
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}{PATH}/{name}?{query_of(parameters)}", status_code=307)
