"""Two to four quotes side by side: each `q` is a question as a query with its kind, or any address of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from mlquote.kit.errors import Malformed
from mlquote.render.pages.side_by_side import Candidate, comparison_view, field_rows
from mlquote.web.pages.asking import PageAnswer, answered, query_of
from mlquote.web.pages.fields import fields_of
from mlquote.web.pages.frame import is_live, page
from mlquote.web.pages.kinds import BY_NAME, OTHER_NAMES, QUOTED, CalculatorKind

MOST = 4
_MOST_LETTERS = 4000
_LIKE = ("accelerator", "model", "provider", "accelerator_count", "tokens", "grid_zone", "requests", "processing")
"""Fields that people vary first."""


@dataclass(frozen=True, slots=True)
class AskedQuote:
    """A quote that a comparison asks for."""

    kind: CalculatorKind
    parameters: Mapping[str, str]

    @property
    def query(self) -> str:
        """The question as `q` spells it."""
        return query_of({"kind": self.kind.name, **self.parameters})


def quote_asked(text: str) -> AskedQuote:
    """The question of a `q`: kind=training&model=…, or an address of this page or of the API.

    Raises: Malformed
    """
    if len(text) > _MOST_LETTERS:
        raise Malformed("a question is that long in no address", pointer="/q", hint=f"at most {_MOST_LETTERS} letters")
    place = urlsplit(text.strip())
    query = place.query if "?" in text else text.strip()
    said = {name: value.strip() for name, value in parse_qsl(query) if value.strip()}
    kind = said.pop("kind", place.path.rstrip("/").rpartition("/")[2] if "?" in text else "").casefold()
    kind = OTHER_NAMES.get(kind, kind)
    if not said:
        raise Malformed("this holds no question", pointer="/q", hint="kind=training&model=llama-3.1-8b&…")
    if kind not in BY_NAME or not BY_NAME[kind].is_quote:
        kind = max(QUOTED, key=lambda each: len(said.keys() & fields_of(each.member.question).keys())).name
    return AskedQuote(BY_NAME[kind], {name: value for name, value in said.items() if name not in ("format", "detail")})


async def compare(request: Request) -> Response:
    """The page of a comparison; `also` (a field) and `value` add the last quote with that field changed."""
    texts = [text for text in request.query_params.getlist("q") if text.strip()]
    faults: list[str] = []
    quotes: list[AskedQuote] = []
    for text in texts:
        try:
            quotes.append(quote_asked(text))
        except Malformed as error:
            faults.append(f"{error.faults[0].detail}: {text[:80]!r}")
    field, value = (request.query_params.get(name, "").strip() for name in ("also", "value"))
    if field and value and quotes:
        quotes.append(AskedQuote(quotes[-1].kind, {**quotes[-1].parameters, field: value}))
        if not is_live(request):
            return RedirectResponse(_address(request, quotes), status_code=303)
    if len(quotes) > MOST:
        faults.append(f"{len(quotes)} quotes were asked for; the first {MOST} are shown")
    return await _page(request, quotes[:MOST], faults)


async def _page(request: Request, quotes: Sequence[AskedQuote], faults: Sequence[str]) -> Response:
    found = [await answered(request, quote.kind.member, quote.parameters) for quote in quotes]
    told = [_candidate(quote, page) for quote, page in zip(quotes, found, strict=True)]
    view = comparison_view(told) if quotes else None
    varied = [each for each in _LIKE if quotes and each in fields_of(quotes[-1].kind.member.question)]
    return page(
        request,
        "compare.html",
        room="calculator",
        title="Compare quotes",
        quotes=quotes,
        view=view,
        rows=field_rows(view["differing"]) if view else [],
        faults=[*faults, *(f"{label}: {each.refused}" for label, each in _refused(view, told))],
        links=[_kind_address(request, quote) for quote in quotes],
        without=[_address(request, [each for each in quotes if each is not quote]) for quote in quotes],
        varied=varied,
        most=MOST,
    )


def _refused(view: Mapping[str, Sequence[str]] | None, told: Sequence[Candidate]) -> list[tuple[str, Candidate]]:
    labels = view["labels"] if view else ()
    return [(label, each) for label, each in zip(labels, told, strict=True) if each.answer is None]


def _candidate(quote: AskedQuote, found: PageAnswer) -> Candidate:
    refused = "; ".join(fault.detail for fault in found.faults)
    return Candidate(quote.kind.member.kind, quote.parameters, found.answer, refused)


def _address(request: Request, quotes: Sequence[AskedQuote]) -> str:
    root = request.scope.get("root_path", "")
    return f"{root}/compare?{urlencode([('q', quote.query) for quote in quotes])}"


def _kind_address(request: Request, quote: AskedQuote) -> str:
    root = request.scope.get("root_path", "")
    return f"{root}/calculator/{quote.kind.name}?{query_of(quote.parameters)}"
