"""What an API question asks to be priced, whether the asker counted or a provider's response did."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from mlquote.estimators.tokens.charges import Counts
from mlquote.estimators.tokens.dialects import Reading, agrees, read_plainly, read_response
from mlquote.estimators.tokens.price_list import STANDARD, Facts
from mlquote.estimators.tokens.sellers import NO_PLACE
from mlquote.estimators.tokens.usage import DATED, FACTS, Usage
from mlquote.kit.errors import Malformed, QuoteError
from mlquote.kit.provenance import Warning
from mlquote.kit.records import quick_record


@quick_record
class Asked:
    """One request to price."""

    model: str
    counts: Counts
    facts: Facts = ()
    processing: str = STANDARD
    region: str | None = None
    reported_usd: Decimal | None = None
    answered_at: datetime | None = None
    warnings: tuple[Warning, ...] = ()
    read_as: "ReadAs | None" = None
    model_asked: str | None = None
    """The model that the asker names, where the response names another."""
    at_base_tier: bool = False
    """The counts are no one prompt: whatever they come to, the rates of the base tier hold."""
    others: "tuple[Asked, ...]" = ()
    """Further calls that the same response reports, each priced by itself."""


class Noted(dict[str, Any]):
    """A request that notes whether any member of it was read."""

    read = False

    def get(self, name: str, default: Any = None) -> Any:
        """The member, noted as read where it is there."""
        self.read = self.read or name in self
        return super().get(name, default)


class Beside(NamedTuple):
    """What the asker says beside a provider's response."""

    api: str | None = None
    request: Mapping[str, Any] | None = None
    model: str | None = None
    processing: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How a provider's response was read: what it used, and which of its counts hold which."""

    dialect: str
    counts: Counts
    cached: str
    """Where cached tokens are counted: inside or beside which count."""
    reasoning: str
    """Where reasoning is counted."""
    total: str
    """What the provider's total must be the sum of."""
    source_url: str

    @classmethod
    def of(cls, reading: Reading) -> "ReadAs":
        """A reading as an answer tells it."""
        rules = reading.rules
        return cls(reading.dialect, reading.counts, rules.cached, rules.reasoning, rules.total, rules.source_url)


class PlainCall(NamedTuple):
    """One request to price, of which nothing is to be told beside its price."""

    model: str
    counts: Counts
    processing: str
    region: str | None
    is_dated: bool = False
    """Whether the response itself says when it was answered."""


def plainly_asked(provider: str, response: Any, beside: Beside) -> PlainCall | None:
    """What `asked_by_response` makes of a plain response; None where there is more to tell of it, or it is refused."""
    found = None if beside.api else read_plainly(provider, response, beside.request, beside.model)
    if found is None or found.model is None or (beside.model is not None and beside.model != found.model):
        return None
    said, asked = found.processing, beside.processing
    if said is None:
        processing = asked or STANDARD
    elif asked is None or asked == said:
        processing = said
    elif asked == "batch" and said == STANDARD:
        processing = asked
    else:
        return None
    counts = found.counts
    if 0 in counts.values():
        counts = {name: count for name, count in counts.items() if count}
    return PlainCall(found.model, counts, processing, beside.region, found.created is not None)


def asked_by_usage(model: str | None, usage: Usage, processing: str | None, region: str | None) -> Asked:
    """A request whose counts the asker gives."""
    if model is None:
        raise Malformed("say which model", pointer="/model")
    return Asked(model, usage.counts(), tuple(sorted(usage.facts().items())), processing or STANDARD, region)


def asked_by_response(provider: str, response: Any, beside: Beside) -> Asked:
    """A request whose counts, model and mode a provider's own response states.

    The response decides: a tier it was served in wins over the one the asker names, but a batch job's responses say
    `default`, so a batch that the asker names stays one.

    Raises: Malformed, OutOfDomain (`read_response`); Malformed where nobody names the model
    """
    noted = Noted(beside.request) if beside.request is not None else None
    reading = read_response(provider, response, api=beside.api, request=noted, model=beside.model)
    if reading.model is None:
        raise Malformed("neither the response nor the question names the model", pointer="/model")
    facts = dict(reading.facts)
    geo = facts.pop("inference_geo", "")
    ran_in = geo if geo and geo.casefold() not in NO_PLACE else None
    place = ran_in or reading.region or beside.region
    asked = Asked(
        model=reading.model,
        counts={name: count for name, count in reading.counts.items() if count},
        facts=tuple(sorted((FACTS.get(name, name), value) for name, value in facts.items())),
        processing=reading.processing or beside.processing or STANDARD,
        region=place,
        reported_usd=reading.reported_usd,
        answered_at=reading.answered_at,
        warnings=reading.warnings,
        read_as=ReadAs.of(reading),
        model_asked=_another(beside.model, reading.model),
    )
    if beside.region is not None and place is not None and place.casefold() != beside.region.strip().casefold():
        asked = _not_used(asked, "region", f"the response says that it ran in {place}")
    if noted is not None and not noted.read:
        asked = _not_used(asked, "request", "nothing in it is read for this response")
    if beside.api is not None and _tells_api(
        reading, beside.api, partial(read_response, provider, response, request=noted, model=beside.model)
    ):
        asked = _not_used(asked, "api", f"the response tells that it is {reading.dialect}")
    return _with_others(_served(asked, beside.processing), reading)


def _with_others(asked: Asked, reading: Reading) -> Asked:
    """The request with the further calls of its response, served in the same way and place."""
    if not reading.others:
        return asked
    others = tuple(
        Asked(
            one.model or asked.model,
            {name: count for name, count in one.counts.items() if count},
            asked.facts,
            asked.processing,
            asked.region,
        )
        for one in reading.others
    )
    return replace(asked, others=others)


def _served(asked: Asked, processing: str | None) -> Asked:
    """The request in the mode that it was served in, and a word where that is not the one asked for."""
    if processing is None or asked.processing == processing:
        return asked
    if processing == "batch" and asked.processing == STANDARD:
        return replace(asked, processing="batch")
    told = Warning(
        "served-otherwise", f"processing: asked {processing}, served {asked.processing}: the response decides"
    )
    return replace(asked, warnings=(*asked.warnings, told))


def _another(asked: str | None, answered: str) -> str | None:
    return None if asked is None or asked == answered or same_but_for_date(asked, answered) else asked


def same_but_for_date(one: str, other: str) -> bool:
    """Whether two names of a model are one, or differ by the date of a snapshot only: gpt-4o, gpt-4o-2024-08-06."""
    return DATED.sub("", one.strip().casefold()) == DATED.sub("", other.strip().casefold())


def _not_used(asked: Asked, field: str, why: str) -> Asked:
    return replace(asked, warnings=(*asked.warnings, Warning("field-not-used", f"{field}: {why}")))


def _tells_api(reading: Reading, api: str, read: Callable[[], Reading]) -> bool:
    """Whether a response is something else than the asker says, and is read as it is without that word."""
    if agrees(reading.dialect, api):
        return False
    try:
        return read() == reading
    except QuoteError:
        return False
