"""One line of a log, priced: the same dollars as a question's, without the words that a log's totals do not carry.

A line that is plain is priced from the compiled rates; every other one takes the road of the single question. Whatever
is priced here is what `inference_estimate` answers, which a test holds line by line.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from mlquote.catalog.intervals import BEGINNING
from mlquote.catalog.remembered import Memory
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of
from mlquote.estimators.asking.question import EARLIEST, LATEST
from mlquote.estimators.tokens.asked import Asked, Beside, PlainCall, asked_by_response, plainly_asked
from mlquote.estimators.tokens.charges import Counts, amount_on, metered, units_in_dollars
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.price_list import STANDARD, Card, Facts, Ladder, Rate, sheet_for
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.sellers import PASSES_ON
from mlquote.estimators.tokens.token_models import price_list
from mlquote.estimators.tokens.usage import COUNTED, Usage
from mlquote.kit.codes import leaving_unknown
from mlquote.kit.errors import OutOfDomain, QuoteError
from mlquote.kit.provenance import Answer, Warning
from mlquote.spend.delivered.records import CallLine
from mlquote.spend.usage_groups import Called

Estimate = Callable[[ApiUsage, Snapshot, datetime], Answer]

_COUNTS: Final = frozenset(COUNTED)
_MOST_COUNT: Final = 10**15
_DIGITS: Final = 16
_MOST_REQUESTS: Final = 10**12
MODES: Final = frozenset({STANDARD, "batch", "flex", "priority", "fast"})
"""Processing modes as a question spells them."""
_LONGEST: Final = 200
_PLAIN: Final = frozenset(
    {"provider", "model", "as_of", "usage", "provider_response", "requests", "processing", "region", "api", "request"}
)
"""Fields of a question that change its dollars in no other way than by what is looked up here."""
_MODELS: Final = ("model", "modelVersion", "gen_ai.response.model", "gen_ai.request.model")


class Priced(NamedTuple):
    """What one line cost: the names of its bill, how many of each meter, and the amount, None where it is not known."""

    called: Called
    quantities: Collection[tuple[str, int | Decimal]]
    amount: int | Decimal | None
    """Whole 1e-18 dollars as an integer, or dollars as a Decimal."""
    gap: str = ""
    """Why no price is known."""
    warnings: Sequence[Warning] = ()
    """What there is to say of the line's response."""
    rates: Mapping[str, Rate] | None = None
    """The rates it was priced from; None where the single question's answer tells its lines."""
    answer: Answer | None = None
    """The answer of a line that took the road of the single question."""

    @property
    def usd(self) -> Decimal | None:
        """The amount in dollars."""
        return self.amount if isinstance(self.amount, Decimal | None) else units_in_dollars(self.amount)


class _Terms(NamedTuple):
    """What all lines of one model, mode, place and time share: the names of their bills and their rates."""

    called: Called
    card: Card
    region: str
    facts: Facts
    ladder: Ladder | None
    """None where the rates change with the hour."""
    is_passed_on: bool
    """Whether another seller's price is passed on: what the answer reports to have cost is the bill then."""

    def rates(self, moment: datetime) -> Ladder:
        """The rates that hold at a moment of that time."""
        if self.ladder is not None:
            return self.ladder
        return self.card.ladder(moment, self.called.processing or STANDARD, self.region, self.facts)


class LinePrices:
    """Prices the lines of one log from one snapshot at one clock."""

    def __init__(self, catalog: Snapshot, now: datetime, estimate: Estimate = inference_estimate) -> None:
        """Price from `catalog`; `now` is the moment of lines that say none; `estimate` answers a question in full."""
        self._catalog, self._now, self._estimate = catalog, now, estimate
        self._prices = catalog.derived(price_list)
        self._changes = changes_of(catalog, "aliases", "token_prices")
        self._dialects = Memory(self._dialect)
        self._called = Memory(_called)
        self._is_text = Memory(is_plain_text, keeps=is_plain_text)
        self._terms = Memory(self._terms_of)

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
        return self.maker_of(named, self._moment(fields)) if isinstance(named, str) else None

    def maker_of(self, model: str, moment: datetime | None = None) -> str | None:
        """The seller of a model that is its maker, or its only seller; None where that is not known."""
        try:
            return self._prices.find(None, model, moment or self._now).card.provider
        except QuoteError:
            return None

    def priced_sum(self, line: CallLine) -> Priced:
        """What the sum of several calls costs, at the rates of the length of prompt that its source tells.

        No tier follows from a sum: where the source tells no length, the rates of the shortest prompts hold.

        Raises: QuoteError
        """
        moment = line.at or self._now
        seller = line.provider or self.seller_of({"model": line.model, "as_of": moment})
        spell = bisect_right(self._changes, moment)
        counts: Counts = Usage.model_validate(line.counts).counts()
        processing = line.processing or STANDARD
        try:
            terms = self._terms[seller, line.model, processing, line.region, (), spell]
        except OutOfDomain as error:
            called = self._called[seller, line.model, processing, line.region]
            return Priced(called, list(counts.items()), None, error.detail)
        ladder = terms.rates(moment)
        sheet = ladder[0] if line.prompt_from is None else sheet_for(ladder, line.prompt_from)
        sheet, counts = metered(counts, (sheet,))
        amount = amount_on(sheet, counts)
        if amount is None:
            missing = ", ".join(meter for meter in counts if meter not in sheet.rates)
            return Priced(terms.called, counts.items(), None, f"no price is known of {missing}")
        said: tuple[Warning, ...] = ()
        if len(ladder) > 1 and line.prompt_from is None:
            said = (Warning("requests-together", "a sum of calls tells no prompt's length: the base tier is taken"),)
        return Priced(terms.called, counts.items(), amount, "", said, sheet.rates)

    def _moment(self, fields: Mapping[str, Any]) -> datetime:
        return fields.get("as_of") or self._now

    def _quick(self, fields: Mapping[str, Any]) -> Priced | None:
        """The same from the compiled rates; None where there is more to it, or where it will be refused."""
        moment, requests = self._moment(fields), fields.get("requests", 1)
        if type(requests) is not int or not 0 < requests <= _MOST_REQUESTS or not EARLIEST <= moment < LATEST:
            return None
        if not self._are_words(fields.get("provider"), fields.get("model"), fields.get("region")):
            return None
        try:
            asked = self._asked(fields, moment)
            return None if asked is None else self._at_rates(fields.get("provider"), asked, moment, requests)
        except QuoteError:
            return None

    def _at_rates(
        self, provider: str | None, asked: PlainCall | Asked, moment: datetime, requests: int
    ) -> Priced | None:
        facts: Facts = ()
        warnings: Sequence[Warning] = ()
        is_reported = False
        if isinstance(asked, Asked):
            facts, warnings, is_reported = asked.facts, asked.warnings, asked.reported_usd is not None
        spell = bisect_right(self._changes, moment)
        terms = self._terms[provider, asked.model, asked.processing, asked.region, facts, spell]
        sheet, counts = metered(asked.counts, terms.rates(moment))
        amount = amount_on(sheet, counts)
        if amount is None or (is_reported and terms.is_passed_on):
            return None
        if requests == 1:
            return Priced(terms.called, counts.items(), amount, "", warnings, sheet.rates)
        quantities = [(meter, quantity * requests) for meter, quantity in counts.items()]
        return Priced(terms.called, quantities, amount * requests, "", warnings, sheet.rates)

    def _are_words(self, *words: Any) -> bool:
        """Whether these are plain text, or not there."""
        try:
            return self._is_text[words]
        except TypeError:  # an object or a list, which nothing can be remembered of
            return False

    def _terms_of(self, key: tuple[str | None, str, str, str | None, Facts, int]) -> _Terms:
        """What lines share between two changes of the catalogue."""
        provider, model, processing, region, facts, spell = key
        moment = self._changes[spell - 1] if spell else BEGINNING
        named = self._prices.find(provider, model, moment, region)
        card = named.card
        called = self._called[named.seller or card.provider, card.model, processing, named.place or None]
        ladder = None if card.windows else card.ladder(moment, processing, named.region, facts)
        passes_on = bool(named.seller) or (provider or "").casefold() in PASSES_ON
        return _Terms(called, card, named.region, facts, ladder, passes_on)

    def _asked(self, fields: Mapping[str, Any], moment: datetime) -> PlainCall | Asked | None:
        provider, model, usage = fields.get("provider"), fields.get("model"), fields.get("usage")
        processing, region = fields.get("processing"), fields.get("region")
        if processing is not None and processing not in MODES:
            return None
        if usage is not None:
            counts = _counts(usage)
            if model is None or counts is None or "api" in fields or "request" in fields:
                return None
            return PlainCall(model, counts, processing or STANDARD, region)
        response, request = fields.get("provider_response"), fields.get("request")
        if response is None or provider is None or not isinstance(request, dict | None):
            return None
        beside = Beside(fields.get("api"), request, model, processing, region)
        dialect = self._dialects[provider, moment.date()]
        plain = plainly_asked(dialect, response, beside)
        if plain is not None:
            return plain
        asked = asked_by_response(dialect, response, beside)
        return None if asked.others else asked

    def _dialect(self, key: tuple[str, Any]) -> str:
        return self._prices.dialect(key[0], self._now)

    def _in_full(self, fields: Mapping[str, Any]) -> Priced:
        answer = self._estimate(ApiUsage.model_validate(fields), self._catalog, self._now)
        question, result = answer.question, answer.result
        called = self._called[question["provider"], question["model"], question["processing"], question["region"]]
        quantities = [(line.meter, line.quantity) for line in result.cost_lines]
        if result.cost_usd is not None:
            return Priced(called, quantities, result.cost_usd, "", answer.warnings, answer=answer)
        unknown = leaving_unknown("cost_usd")
        gap = "; ".join(w.detail for w in answer.warnings if w.code in unknown) or "no price is known"
        return Priced(called, quantities, None, gap)


def _called(names: tuple[str | None, str, str, str | None]) -> Called:
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
    if usage.get("code_sessions") and usage.get("code_minutes"):
        return None
    return {name: usage[name] for name in COUNTED if usage.get(name)} if len(usage) > 1 else usage


def _whole(value: Any) -> Any:
    """A count as a number, where a table's cell writes it in digits alone."""
    return int(value) if type(value) is str and value.isdecimal() and len(value) < _DIGITS else value


def is_plain_text(words: tuple[Any, ...]) -> bool:
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
