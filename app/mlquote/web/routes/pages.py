"""The front door: the calculator for browsers, what to ask for people with curl, and the pages' files."""

from fastapi import FastAPI, Request, Response

from mlquote.web.deps import snapshots
from mlquote.web.pages.frame import page, wants_page
from mlquote.web.pages.static_files import add_static

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
    """/ for people, and /static."""
    add_static(app)

    @app.get("/", include_in_schema=False)
    async def front(request: Request) -> Response:
        if wants_page(request):
            return page(request, "calculator.html", room="calculator", title="Calculator")
        sheet = _SHEET.format(base=request.base_url, release=snapshots(request).current.release.id)
        return Response(sheet, headers={"Vary": "Accept"}, media_type="text/plain; charset=utf-8")
