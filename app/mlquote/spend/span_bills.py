"""Spans as they come, priced: which are calls, what each cost, and which of a trace's spans are to be paid.

Spans of one trace come in any order and in many exports: children mostly before their parents. A span that counts
tokens is paid unless a span below it counts tokens too, or another of its trace tells the same response; which is the
case is decided anew whenever a further span of the trace comes, so that the order never matters.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from mlquote.catalog.remembered import Memory
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.faults import malformed
from mlquote.estimators.tokens.dialects import opentelemetry
from mlquote.estimators.tokens.dialects.spans import ROLE
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.kit.errors import NotEffective, QuoteError, UnknownName
from mlquote.spend.span_export import SentSpan
from mlquote.spend.usage_prices import LinePrices, Priced

_MOST_FLOORS: Final = 64
_RESPONSE: Final = "gen_ai.response.id"
_LONGEST_LABEL: Final = 64
_COUNTS: Final = frozenset(ROLE)
_CALLS: Final = frozenset({"chat", "text_completion", "generate_content", "embeddings"})
"""Operations that ask a model, by the conventions' names."""


class Key(NamedTuple):
    """What makes a span one."""

    trace: bytes
    own: bytes


class Known(NamedTuple):
    """A span as it is kept: what decides whether it is paid, and what is taken back where it is not any more."""

    key: Key
    parent: bytes
    is_call: bool
    """Whether it counts tokens that can be read."""
    response: bytes = b""
    """Names the response it tells of; empty for none."""
    usd: Decimal | None = None
    """What it costs; None where that is not known."""
    at: datetime | None = None
    provider: str = ""
    model: str = ""
    label: str = ""
    """The value of the label that its exporter's costs are told by."""
    is_paid: bool = False


class SpanFault(NamedTuple):
    """A span that is refused, or has no price, and why."""

    key: Key
    detail: str


@dataclass(frozen=True, slots=True)
class SpansRead:
    """An export: its spans, and those that are refused or have no price."""

    spans: tuple[Known, ...]
    rejected: tuple[SpanFault, ...]
    unpriced: tuple[SpanFault, ...]


class Settled(NamedTuple):
    """What a batch changes: spans that were not known, those paid no more, and how many came again."""

    fresh: tuple[Known, ...]
    withdrawn: tuple[Known, ...]
    repeated: int


def read_spans(spans: Iterable[SentSpan], catalog: Snapshot, now: datetime, label: str) -> SpansRead:
    """Every span priced at the prices of its own moment (`now` where it says none), with the value of its `label`."""
    prices, sellers = LinePrices(catalog, now), Memory(_seller)
    kept, rejected, unpriced = [], [], []
    for span in spans:
        key = Key(span.trace, span.own)
        if not span.is_identified:
            rejected.append(SpanFault(key, "its ids are not 16 and 8 bytes"))
            continue
        parent = span.parent if span.parent != span.own else b""
        if _COUNTS.isdisjoint(span.attributes):
            kept.append(Known(key, parent, False))
            if _counts_nothing(span):
                unpriced.append(SpanFault(key, "a call of a model that counts no tokens"))
            continue
        at, response, said = span.at, _response(span), _label(span, label)
        try:
            found = _priced(span, at, prices, sellers[tuple(map(span.attributes.get, opentelemetry.NAMERS))])
            provider, model = found.called.provider or "", found.called.model or ""
            kept.append(Known(key, parent, True, response, found.usd, at or now, provider, model, said))
        except (UnknownName, NotEffective) as error:
            kept.append(Known(key, parent, True, response, None, at or now, label=said))
            unpriced.append(SpanFault(key, error.detail))
        except ValidationError as error:
            rejected.append(SpanFault(key, malformed(error, ApiUsage).detail))
        except QuoteError as error:
            rejected.append(SpanFault(key, error.detail))
        else:
            if kept[-1].usd is None:
                unpriced.append(SpanFault(key, f"no price is known of {kept[-1].model}"))
    return SpansRead(tuple(kept), tuple(rejected), tuple(unpriced))


def settled(known: Sequence[Known], coming: Sequence[Known]) -> Settled:
    """Which spans are paid once those that come stand beside all that are known of their traces.

    Args: known: every span that is kept of the traces that come
    """
    before = {each.key: each for each in known}
    fresh: dict[Key, Known] = {}
    for span in coming:
        if span.key not in before:
            fresh.setdefault(span.key, span)
    every = before | fresh
    covered = _above_calls(every)
    told = {(each.key.trace, each.response) for each in known if each.is_paid and each.key not in covered}
    paid = []
    for span in fresh.values():
        answer = (span.key.trace, span.response)
        is_paid = span.is_call and span.key not in covered and not (span.response and answer in told)
        if is_paid:
            told.add(answer)
        paid.append(span._replace(is_paid=True) if is_paid else span)
    withdrawn = tuple(each for each in known if each.is_paid and each.key in covered)
    return Settled(tuple(paid), withdrawn, len(coming) - len(fresh))


def _above_calls(every: Mapping[Key, Known]) -> set[Key]:
    """Spans with a call below them, through any spans between."""
    covered: set[Key] = set()
    for span in every.values():
        above: Known | None = span if span.is_call else None
        for _ in range(_MOST_FLOORS):
            if above is None or not above.parent:
                break
            key = Key(span.key.trace, above.parent)
            if key in covered:
                break
            covered.add(key)
            above = every.get(key)
    return covered


def _counts_nothing(span: SentSpan) -> bool:
    """Whether a span that counts nothing is a call nevertheless, and did not fail."""
    return span.attributes.get("gen_ai.operation.name") in _CALLS and "error.type" not in span.attributes


def _seller(named: tuple[Any, ...]) -> str | None:
    """The catalogue's provider that a span's attributes name; the values of `NAMERS` tell it."""
    said = {namer: name for namer, name in zip(opentelemetry.NAMERS, named, strict=True) if name is not None}
    return opentelemetry.provider_named({"attributes": said})


def _priced(span: SentSpan, at: datetime | None, prices: LinePrices, seller: str | None) -> Priced:
    """What a call costs.

    Raises: ValidationError, QuoteError
    """
    fields: dict[str, Any] = {"provider": seller, "as_of": at, "provider_response": {"attributes": span.attributes}}
    if seller is None:
        fields["provider"] = prices.seller_of(fields | {"provider_response": span.attributes})
    return prices.priced(fields)


def _response(span: SentSpan) -> bytes:
    name = span.attributes.get(_RESPONSE)
    return blake2b(name.encode(), digest_size=8).digest() if isinstance(name, str) and name else b""


def _label(span: SentSpan, label: str) -> str:
    """The value of a label, the span's own before its resource's; "" where neither says."""
    value = span.attributes.get(label)
    value = span.resource.get(label) if value is None else value
    return "" if value is None else str(value)[:_LONGEST_LABEL]
