"""Lines of a batch: one question in, one line of JSON out, a problem in its place where it fails.

Plain lines are decoded into a small struct, priced from compiled integers and written as text; every other line takes
the road of the single question, so a batch can ask whatever a single question can. An answer is the essentials
(`cost_usd`, `cost_lines`, what to know); `full` gives each line the whole envelope.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

import msgspec
from pydantic import ValidationError

from mlquote.catalog.remembered import Memory
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.asked import Asked, Beside, PlainCall, asked_by_response, plainly_asked
from mlquote.estimators.tokens.price_list import STANDARD, Card, Rate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.quick_quotes import QuickQuotes, quick_quote
from mlquote.estimators.tokens.rate_cards import NamedCard
from mlquote.estimators.tokens.token_models import price_list
from mlquote.kit.errors import Malformed, QuoteError
from mlquote.kit.money import plain
from mlquote.kit.provenance import Answer, Warning
from mlquote.web.corrections import question_in
from mlquote.web.guards.problems import problem
from mlquote.web.respond import encoded

_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_KEPT = (Decimal, datetime, date)
_MOST_CARDS = 100
"""Different rate cards in one batch; a line that names one more is told that it cannot be looked up here."""
_MOST_REQUESTS = 10**12
_MOST_MOMENTS = 4096
_DIGITS = 18


class Estimate(Protocol):
    """How one question is answered the long way."""

    def __call__(
        self, question: ApiUsage, catalog: Snapshot, now: datetime, card: NamedCard | None = None
    ) -> Answer: ...


FindCard = Callable[[str], Awaitable[NamedCard]]
"""How a rate card that a line names is found in the store."""


class Naming(msgspec.Struct):
    """What a line names that the store must be asked for, whatever else it says."""

    rate_card: str | None = None


class PlainLine(msgspec.Struct, forbid_unknown_fields=True):
    """The fields of a line that needs no more than a look-up; any other field means the long way."""

    model: str | None = None
    usage: dict[str, int] | None = None
    provider_response: dict[str, Any] | None = None
    provider: str | None = None
    processing: str | None = None
    region: str | None = None
    api: str | None = None
    request: dict[str, Any] | None = None
    requests: int = 1
    as_of: str | None = None


class BatchLines:
    """Answers the lines of one batch, all at one clock and from one release."""

    def __init__(
        self,
        catalog: Snapshot,
        now: datetime,
        estimate: Estimate,
        *,
        find_card: FindCard | None = None,
        full: bool = False,
    ) -> None:
        """Answer from `catalog` as of `now`, unless a line says another moment."""
        self._catalog, self._now, self._estimate, self._full = catalog, now, estimate, full
        self._find_card = find_card
        self._cards: dict[str, NamedCard | QuoteError] = {}
        self._prices = catalog.derived(price_list)
        self._quick = QuickQuotes(catalog, now, _Labels())
        self._decode = msgspec.json.Decoder(PlainLine).decode
        self._moments: dict[str, datetime | None] = {}
        self._dialects: Mapping[tuple[str, datetime], str] = Memory(self._dialect)
        self._release = catalog.release.id
        self._tails = {now: self._tail(now)}

    async def prepare(self, lines: Iterable[bytes | msgspec.Raw]) -> None:
        """Find the rate cards that these lines name, each once in a batch."""
        if self._find_card is None:
            return
        for line in lines:
            name = _card_named(line)
            if name is not None and name not in self._cards and len(self._cards) < _MOST_CARDS:
                try:
                    self._cards[name] = await self._find_card(name)
                except QuoteError as error:
                    self._cards[name] = error

    def answers(self, lines: Iterable[bytes | msgspec.Raw], index: int) -> list[str]:
        """One JSON object for each line, in order; `index` numbers the first."""
        answer = self._long if self._full else self._plain
        return [answer(line, place) for place, line in enumerate(lines, index)]

    def _plain(self, raw: bytes | msgspec.Raw, index: int) -> str:
        try:
            line = self._decode(raw)
        except _UNREADABLE:
            return self._long(raw, index)
        moment = self._now if line.as_of is None else self._moment(line.as_of)
        asked = None if moment is None else self._asked(line, moment)
        if moment is None or asked is None or not 0 < line.requests <= _MOST_REQUESTS:
            return self._long(raw, index)
        card = self._quick.card(line.provider, asked.model, asked.processing, asked.region, moment)
        quote = None if card is None else quick_quote(card, asked.counts, line.requests)
        if card is None or quote is None:
            return self._long(raw, index)
        lines = ",".join([f'{label}{count},"usd":{usd_text(amount)}}}' for label, count, amount in quote.lines])
        return (
            f'{{"index":{index},"result":{{{card.label}"cost_usd":{usd_text(quote.amount)},"cost_lines":[{lines}],'
            f'"context_from_tokens":{quote.from_tokens}}},{self._tails.get(moment) or self._tail(moment)}{card.said}}}'
        )

    def _tail(self, moment: datetime) -> str:
        """What names the prices used: the release, and the moment; and what is said of that release."""
        said = self._catalog.catalog_ref(moment).warnings
        tail = {"catalog": {"release": self._release, "as_of": moment}} | ({"warnings": said} if said else {})
        return encoded(tail).decode()[1:-1]

    def _asked(self, line: PlainLine, moment: datetime) -> PlainCall | Asked | None:
        """The request to price; None where there is more to say about it than its price."""
        if line.provider_response is None:
            if line.usage is None or line.model is None or line.api or line.request:
                return None
            if "reasoning_tokens" in line.usage:
                return None
            processing = STANDARD if line.processing is None else line.processing
            return PlainCall(line.model, line.usage, processing, line.region)
        if line.usage is not None or line.provider is None:
            return None
        try:
            return self._responded(line, self._dialects[line.provider, moment])
        except QuoteError:
            return None

    def _responded(self, line: PlainLine, dialect: str) -> PlainCall | Asked | None:
        """The request that a provider's response tells of.

        Raises: QuoteError
        """
        beside = Beside(line.api, line.request, line.model, line.processing, line.region)
        plainly = plainly_asked(dialect, line.provider_response, beside)
        if plainly is not None:
            return None if line.as_of is None and plainly.is_dated else plainly
        asked = asked_by_response(dialect, line.provider_response, beside)
        dated = line.as_of is None and asked.answered_at is not None
        plain = not (asked.warnings or asked.facts or asked.model_asked or asked.others) and asked.reported_usd is None
        return asked if plain and not dated else None

    def _dialect(self, key: tuple[str, datetime]) -> str:
        return self._prices.dialect(*key)

    def _moment(self, text: str) -> datetime | None:
        """A moment as the question model reads it; None leaves it to the long way to say what is wrong."""
        if text not in self._moments:
            if len(self._moments) > _MOST_MOMENTS:
                self._moments.clear()
            try:
                self._moments[text] = ApiUsage.model_validate({"as_of": text}).moment(self._now)
            except ValidationError:
                self._moments[text] = None
        return self._moments[text]

    def _long(self, raw: bytes | msgspec.Raw, index: int) -> str:
        try:
            question = self._question(raw)
            answer = self._estimate(question, self._catalog, self._now, self._card(question.rate_card))
        except QuoteError as error:
            return failed(error, index)
        body = msgspec.to_builtins(answer, builtin_types=_KEPT)
        return encoded({"index": index} | (body if self._full else _essentials(body))).decode()

    def _card(self, name: str | None) -> NamedCard | None:
        found = None if name is None else self._cards.get(name)
        if isinstance(found, QuoteError):
            raise found
        return found

    def _question(self, raw: bytes | msgspec.Raw) -> ApiUsage:
        question = question_in(ApiUsage, bytes(raw))
        if question.release not in (None, self._release):
            hint = f"this one by {self._release}; give ?release= to the whole batch"
            raise Malformed("a batch is answered from one release", pointer="/release", hint=hint)
        return question


def _card_named(raw: bytes | msgspec.Raw) -> str | None:
    if b'"rate_card"' not in bytes(raw):
        return None
    try:
        name = msgspec.json.decode(raw, type=Naming).rate_card
    except _UNREADABLE:
        return None
    return name.strip() if name else None


def failed(error: QuoteError, index: int) -> str:
    return encoded({"index": index} | problem(error)).decode()


def _essentials(body: Mapping[str, Any]) -> dict[str, Any]:
    """An answer cut down to what the plain lines have, and what else is not empty."""
    result = body["result"]
    kept = {
        "provider": body["question"]["provider"],
        "model": body["question"]["model"],
        "cost_usd": result["cost_usd"],
        "cost_lines": result["cost_lines"],
        "context_from_tokens": result["context_tier"]["from_tokens"],
    }
    more = ("cost_range_usd", "reported_usd", "reported_difference_usd", "rate_card")
    kept |= {name: result[name] for name in more if result.get(name) is not None}
    catalog = {"release": body["catalog"]["release"], "as_of": body["catalog"]["as_of"]}
    said = {name: body[name] for name in ("assumptions", "warnings") if body[name]}
    return {"result": kept, "catalog": catalog} | said


class _Labels:
    """The parts of a line's text that are the same for every line of a model, or of a meter."""

    def card(self, card: Card) -> str:
        """The first members of a result."""
        return encoded({"provider": card.provider, "model": card.model}).decode()[1:-1] + ","

    def rate(self, meter: str, rate: Rate) -> str:
        """A cost line up to its quantity."""
        rows = [ref.key for ref in rate.refs]
        known = {
            "meter": meter,
            "unit": rate.unit,
            "usd_per_unit": plain(rate.usd_per_unit),
            "row": rows[0],
            "multiplier_row": rows[1] if len(rows) > 1 else None,
            "confidence": rate.confidence,
        }
        return encoded(known).decode()[:-1] + ',"quantity":'

    def said(self, warnings: tuple[Warning, ...]) -> str:
        """The last members of a line."""
        return f',"warnings":{encoded(msgspec.to_builtins(warnings)).decode()}'


def usd_text(amount: int) -> str:
    """An integer amount of 1e-18 dollars as a JSON number with all its digits, and none that say nothing."""
    digits = str(amount)
    if len(digits) <= _DIGITS:
        return ("0." + digits.zfill(_DIGITS)).rstrip("0").rstrip(".")
    fraction = digits[-_DIGITS:].rstrip("0")
    return f"{digits[:-_DIGITS]}.{fraction}" if fraction else digits[:-_DIGITS]
