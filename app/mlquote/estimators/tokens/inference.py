"""What do these API calls cost? One request's usage, priced exactly, times how many."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import Name, PositiveCount, Question, Word, a_number
from mlquote.estimators.tokens.asked import Asked, asked_by_response, asked_by_usage
from mlquote.estimators.tokens.bill import ContextTier, InferenceCost, Terms, UsdPerMtok, bill
from mlquote.estimators.tokens.charges import cost_of, uncached
from mlquote.estimators.tokens.dialects import provider_of
from mlquote.estimators.tokens.explaining import explain
from mlquote.estimators.tokens.price_list import STANDARD
from mlquote.estimators.tokens.rate_cards import NamedCard, Scope, compared, lay_over
from mlquote.estimators.tokens.sellers import GLOBAL
from mlquote.estimators.tokens.token_models import Named, PriceList, price_list
from mlquote.estimators.tokens.usage import Usage
from mlquote.estimators.tokens.workload import Circumstances, Workload
from mlquote.estimators.tokens.workload_bill import WorkloadCost, workload_bill
from mlquote.formulas.pricing import times
from mlquote.kit.errors import Malformed
from mlquote.kit.money import EXACT, plain
from mlquote.kit.provenance import Answer, Trail

Discount = Annotated[Decimal, BeforeValidator(a_number), Field(ge=-10, le=1, allow_inf_nan=False)]

_SAME_TIME = timedelta(days=1)
"""A response answered longer ago than this was perhaps billed at other prices than today's."""


_WAYS = ("usage", "provider_response", "workload")
"""The fields of a question that say what was used; one of them must."""


class ApiUsage(Question):
    """A number of like requests to a provider's API."""

    lifted: ClassVar = ("usage",)

    provider: Name | None = None
    """Who sells it: anthropic, openai, google, aws-bedrock; may be left out where only one provider sells the model."""
    model: Name | None = None
    """The provider's model id, or an alias of it; a response that names its own wins."""
    usage: Usage | None = None
    """What one request used."""
    provider_response: Mapping[str, Any] | Sequence[Any] | None = None
    """The provider's own response body, or its list of stream events, instead of `usage`; content may be left out."""
    api: Name | None = None
    """The kind of response, where its shape does not tell: chat, responses, messages, converse, images, ocr."""
    request: Mapping[str, Any] | None = None
    """Facts that only the request holds, such as Bedrock's modelId."""
    workload: Workload | None = None
    """Like requests a day for some days, instead of the usage of one."""
    requests: PositiveCount = 1
    """How many requests like this one; each is priced by itself, so that no tier is chosen by their sum."""
    processing: Annotated[Name, Word] | None = None
    """standard (default), batch, flex, priority or fast: what the model is not sold as is refused."""
    region: Name | None = None
    """Where it runs, where that changes the price: us, eu, regional, us-east-1."""
    discount_fraction: Discount = Decimal(0)
    """Negotiated discount on the list price; a surcharge is negative."""
    rate_card: Name | None = None
    """An organisation's stored prices (/v1/rate-cards), laid over the public ones: acme, or acme@3 for a version."""


def inference_estimate(question: ApiUsage, catalog: Snapshot, now: datetime, card: NamedCard | None = None) -> Answer:
    """The exact cost of `question.requests` requests like the one given, each line with the row that prices it.

    Args:   card: the rate card that `question.rate_card` names, found by whoever can reach the store
    Raises: Malformed where model or usage is missing; UnknownName for a provider or model not in the catalogue;
            OutOfDomain for a processing mode or region that the model is not sold in, and for contradictory counts
    """
    question = _with_provider(question)
    moment, trail, prices = question.moment(now), Trail(), catalog.derived(price_list)
    asked = _asked(question, prices, moment)
    for warning in asked.warnings:
        trail.warn(warning.code, warning.detail)
    if moment > now:
        trail.warn("as-of-in-future", "only the price changes announced by this release are known of that moment")
    if question.as_of is None and asked.answered_at is not None and now - asked.answered_at > _SAME_TIME:
        detail = f"answered at {asked.answered_at.isoformat()}, priced as of now: say as_of to price it as of then"
        trail.warn("answered-earlier", detail)
    if question.rate_card is not None and card is None:
        hint = "ask the service: /v1/estimates/inference and its batch know the stored cards"
        detail = f"the rate card {question.rate_card!r} cannot be looked up here"
        raise Malformed(detail, pointer="/rate_card", hint=hint, code="rate-card-not-here")
    result, named = _priced(question, asked, prices, trail, moment, now, card)
    if asked.read_as is not None and isinstance(result, InferenceCost):
        result = replace(result, read_as=asked.read_as)
    usage = None if question.usage is None else question.usage.model_dump(exclude_none=True)
    echo = {
        "provider": named.card.provider if named else question.provider,
        "model": named.card.model if named else asked.model,
        "processing": asked.processing,
        "region": (named.place or None) if named else asked.region or GLOBAL,
        "rate_card": card.name if card else None,
    }
    filled = question.filled(as_of=moment, release=catalog.release.id, usage=usage, **echo)
    return trail.answer(filled, result, catalog.catalog_ref(moment))


def _with_provider(question: ApiUsage) -> ApiUsage:
    """The question with the provider that an OpenTelemetry span names, where the asker names none."""
    provider = provider_of(question.provider, question.provider_response)
    return question if provider == question.provider else question.model_copy(update={"provider": provider})


def _asked(question: ApiUsage, prices: PriceList, moment: datetime) -> Asked:
    said = [name for name in _WAYS if getattr(question, name) is not None]
    if len(said) > 1:
        raise Malformed(f"{' and '.join(said)} each say what was used", pointer=f"/{said[1]}", hint="give one of them")
    if question.workload is not None:
        if question.requests != 1:
            raise Malformed("a workload counts its own requests", pointer="/requests", hint="requests_per_day, days")
        return asked_by_usage(question.model, Usage(), question.processing, question.region)
    if question.usage is not None:
        if not question.usage.says_something:
            raise Malformed("usage counts nothing", pointer="/usage", hint="input_tokens and output_tokens, to begin")
        return asked_by_usage(question.model, question.usage, question.processing, question.region)
    if question.provider_response is None:
        raise Malformed("say what one request used", pointer="/usage", hint="input_tokens and output_tokens, to begin")
    if question.provider is None:
        raise Malformed("a response is read in its provider's dialect", pointer="/provider", hint="say whose it is")
    return asked_by_response(
        prices.dialect(question.provider, moment),
        question.provider_response,
        api=question.api,
        request=question.request,
        model=question.model,
        processing=question.processing,
        region=question.region,
    )


def _priced(
    question: ApiUsage,
    asked: Asked,
    prices: PriceList,
    trail: Trail,
    moment: datetime,
    now: datetime,
    card: NamedCard | None,
) -> tuple[InferenceCost | WorkloadCost, Named | None]:
    """The bill, and the model it is of: None where only the provider's own charge is known."""
    terms = Terms(question.requests, question.discount_fraction)
    if asked.reported_usd is not None and not prices.sells(question.provider, asked.model, moment):
        trail.warn("charge-as-reported", "the catalogue has no price for this; the cost is what the provider reported")
        if card is not None:
            trail.warn("rate-card-not-applied", f"{card.name} has no lines to apply to: only the charge is known")
        return _as_reported(asked.reported_usd, terms), None
    named = prices.find(question.provider, asked.model, moment, asked.region)
    if named.assumed:
        trail.assume("model", named.card.model, basis="derived", why=named.assumed)
    if named.billed_as:
        trail.assume("region", named.region or named.place, basis="derived", why=named.billed_as)
    if named.warning is not None:
        trail.warn(named.warning.code, named.warning.detail)
    if question.workload is not None:
        around = Circumstances(named.card, moment, asked.processing, named.region, asked.facts, card)
        return workload_bill(question.workload, around, question.discount_fraction, trail, now), named
    ladder = named.card.ladder(moment, asked.processing, named.region, asked.facts)
    cost = cost_of(asked.counts, ladder)
    for line in cost.lines:
        if line.rate is None:
            named.card.refuse_unknown(line.meter, asked.facts)
    standard = cost_of(uncached(asked.counts), named.card.ladder(moment, STANDARD, named.region, asked.facts))
    explain(trail, named.card, cost, moment=moment, now=now)
    if card is None:
        result = bill(asked.counts, ladder, cost, standard, terms)
    else:
        scope = Scope.of(named.card.provider, named.card.model, asked.processing, moment)
        laid, changes = lay_over(cost, card.card, scope)
        result = bill(asked.counts, ladder, laid, standard, terms)
        result = replace(result, rate_card=compared(card, cost, laid, changes, terms.requests))
    return _compared(result, asked.reported_usd, terms, trail), named


def _as_reported(usd: Decimal, terms: Terms) -> InferenceCost:
    total = plain(times(usd, Decimal(terms.requests)))
    nothing = UsdPerMtok(None, None, None)
    return InferenceCost(
        total, plain(usd), None, (), None, None, nothing, ContextTier(0, "not in the catalogue"), total, Decimal(0)
    )


def _compared(result: InferenceCost, reported: Decimal | None, terms: Terms, trail: Trail) -> InferenceCost:
    """The bill beside what the provider itself reported, for as many requests."""
    if reported is None:
        return result
    total = plain(times(reported, Decimal(terms.requests)))
    if result.cost_usd is None:
        return replace(result, reported_usd=total)
    difference = plain(EXACT.subtract(result.cost_usd, total))
    if difference:
        trail.warn(
            "differs-from-reported", f"the provider reported {total} USD; the list price comes to {difference:+}"
        )
    return replace(result, reported_usd=total, reported_difference_usd=difference)
