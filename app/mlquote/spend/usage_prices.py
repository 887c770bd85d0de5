"""One line of a log, priced: the same dollars as a question's, without the words that a log's totals do not carry.

A line that is plain is priced from the compiled rates; every other one takes the road of the single question. Whatever
is priced here is what `inference_estimate` answers, which a test holds line by line.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from mlquote.catalog.remembered import Memory
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import EARLIEST, LATEST
from mlquote.estimators.tokens.asked import Asked, Beside, asked_by_response
from mlquote.estimators.tokens.charges import Cost, cost_of
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.price_list import STANDARD
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.token_models import Named, price_list
from mlquote.estimators.tokens.usage import COUNTED
from mlquote.kit.codes import leaving_unknown
from mlquote.kit.errors import QuoteError
from mlquote.kit.money import EXACT
from mlquote.kit.provenance import Answer, Warning
from mlquote.spend.usage_groups import Called

Estimate = Callable[[ApiUsage, Snapshot, datetime], Answer]

_COUNTS: Final = frozenset(COUNTED)
_MOST_COUNT: Final = 10**15
_DIGITS: Final = 16
_MOST_REQUESTS: Final = 10**12
_MODES: Final = frozenset({STANDARD, "batch", "flex", "priority", "fast"})
_LONGEST: Final = 200
_PLAIN: Final = frozenset(
    {"provider", "model", "as_of", "usage", "provider_response", "requests", "processing", "region", "api", "request"}
)
"""Fields of a question that change its dollars in no other way than by what is looked up here."""
_MODELS: Final = ("model", "modelVersion", "gen_ai.response.model", "gen_ai.request.model")


class Priced(NamedTuple):
    """What one line cost: the names of its bill, how many of each meter, and dollars, None where no price is known."""

    called: Called
    quantities: Sequence[tuple[str, int | Decimal]]
    usd: Decimal | None
    gap: str = ""
    """Why no price is known."""
    warnings: Sequence[Warning] = ()
    """What there is to say of the line's response."""


class LinePrices:
    """Prices the lines of one log from one snapshot at one clock."""

    def __init__(self, catalog: Snapshot, now: datetime, estimate: Estimate = inference_estimate) -> None:
        """Price from `catalog`; `now` is the moment of lines that say none; `estimate` answers a question in full."""
        self._catalog, self._now, self._estimate = catalog, now, estimate
        self._prices = catalog.derived(price_list)
        self._dialects = Memory(self._dialect)
        self._called = Memory(_called)

    def priced(self, fields: Mapping[str, Any]) -> Priced:
        """What the question with these fields costs.

        Raises: ValidationError, QuoteError
        """
        quick = self._quick(fields) if fields.keys() <= _PLAIN else None
        return self._in_full(fields) if quick is None else quick

    def seller_of(self, fields: Mapping[str, Any]) -> str | None:
        """The seller of a line that names none: the maker of the model that its response, or the line itself, names."""
        response = fields.get("provider_response")
        named = fields.get("model") if response is None else _model_in(response) or fields.get("model")
        if not isinstance(named, str):
            return None
        try:
            return self._prices.find(None, named, self._moment(fields)).card.provider
        except QuoteError:
            return None

    def _moment(self, fields: Mapping[str, Any]) -> datetime:
        return fields.get("as_of") or self._now

    def _quick(self, fields: Mapping[str, Any]) -> Priced | None:
        """The same from the compiled rates; None where there is more to it, or where it will be refused."""
        moment, requests = self._moment(fields), fields.get("requests", 1)
        if type(requests) is not int or not 0 < requests <= _MOST_REQUESTS or not EARLIEST <= moment < LATEST:
            return None
        try:
            asked = self._asked(fields, moment)
            if asked is None:
                return None
            named = self._prices.find(fields.get("provider"), asked.model, moment, asked.region)
            cost = cost_of(asked.counts, named.card.ladder(moment, asked.processing, named.region, asked.facts))
        except QuoteError:
            return None
        if cost.usd is None or asked.others or (named.seller and asked.reported_usd is not None):
            return None
        return self._told(named, asked, cost, requests)

    def _told(self, named: Named, asked: Asked, cost: Cost, requests: int) -> Priced:
        called = self._called[
            named.seller or named.card.provider, named.card.model, asked.processing, named.place or None
        ]
        if requests == 1:
            return Priced(called, [(line.meter, line.quantity) for line in cost.lines], cost.usd, "", asked.warnings)
        usd = None if cost.usd is None else EXACT.multiply(cost.usd, Decimal(requests))
        quantities = [(line.meter, line.quantity * requests) for line in cost.lines]
        return Priced(called, quantities, usd, "", asked.warnings)

    def _asked(self, fields: Mapping[str, Any], moment: datetime) -> Asked | None:
        provider, model, usage = fields.get("provider"), fields.get("model"), fields.get("usage")
        processing, region = fields.get("processing"), fields.get("region")
        if not _is_plain_text(provider, model, region) or (processing is not None and processing not in _MODES):
            return None
        if usage is not None:
            counts = _counts(usage)
            if model is None or counts is None or "api" in fields or "request" in fields:
                return None
            return Asked(model, counts, (), processing or STANDARD, region)
        response, request = fields.get("provider_response"), fields.get("request")
        if response is None or provider is None or not isinstance(request, dict | None):
            return None
        beside = Beside(fields.get("api"), request, model, processing, region)
        return asked_by_response(self._dialects[provider, moment.date()], response, beside)

    def _dialect(self, key: tuple[str, Any]) -> str:
        return self._prices.dialect(key[0], self._now)

    def _in_full(self, fields: Mapping[str, Any]) -> Priced:
        answer = self._estimate(ApiUsage.model_validate(fields), self._catalog, self._now)
        question, result = answer.question, answer.result
        called = self._called[question["provider"], question["model"], question["processing"], question["region"]]
        quantities = [(line.meter, line.quantity) for line in result.cost_lines]
        if result.cost_usd is not None:
            return Priced(called, quantities, result.cost_usd, "", answer.warnings)
        unknown = leaving_unknown("cost_usd")
        gap = "; ".join(w.detail for w in answer.warnings if w.code in unknown) or "no price is known"
        return Priced(called, quantities, None, gap)


def _called(names: tuple[str, str, str, str | None]) -> Called:
    return Called(*names)


def _counts(usage: Any) -> dict[str, int] | None:
    """The counts that are not zero; None for a usage that says more, or says it in another way."""
    if type(usage) is not dict or not usage or not usage.keys() <= _COUNTS:
        return None
    usage = {name: _whole(value) for name, value in usage.items()}
    for value in usage.values():
        if type(value) is not int or not 0 <= value <= _MOST_COUNT:
            return None
    if usage.get("reasoning_tokens", 0) > usage.get("output_tokens", 0):
        return None
    return {name: usage[name] for name in COUNTED if usage.get(name)} if len(usage) > 1 else usage


def _whole(value: Any) -> Any:
    """A count as a number, where a table's cell writes it in digits alone."""
    return int(value) if type(value) is str and value.isdecimal() and len(value) < _DIGITS else value


def _is_plain_text(*words: Any) -> bool:
    """Whether words are text as a question's names are: not blank, no spaces around them, not too long."""
    return all(
        word is None or (isinstance(word, str) and 0 < len(word) < _LONGEST and word == word.strip()) for word in words
    )


def _model_in(response: Any) -> str | None:
    """The model that a response names, wherever it is wrapped."""
    if isinstance(response, list):
        return next((found for part in response if (found := _model_in(part))), None)
    if not isinstance(response, Mapping):
        return None
    for name in _MODELS:
        if isinstance(response.get(name), str):
            return str(response[name])
    inner = (response.get(name) for name in ("response", "body", "message", "result"))
    return next((found for part in inner if isinstance(part, Mapping | list) and (found := _model_in(part))), None)
