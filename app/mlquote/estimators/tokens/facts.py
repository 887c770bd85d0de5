"""What an API question rests on, each fact looked up once: the resolved names, the rates in effect, the rate card."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mlquote.catalog.rows import ModelLifecycle
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding, ahead, warned
from mlquote.estimators.tokens.asked import Asked, Beside, asked_by_response, asked_by_usage
from mlquote.estimators.tokens.bill import Terms
from mlquote.estimators.tokens.dialects import provider_of
from mlquote.estimators.tokens.lifecycles import lifecycle_of
from mlquote.estimators.tokens.price_list import STANDARD, Card, Ladder
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.rate_cards import LaidCard, NamedCard, Scope
from mlquote.estimators.tokens.rule_names import names_in_rules
from mlquote.estimators.tokens.sellers import PASSES_ON
from mlquote.estimators.tokens.token_models import Named, PriceList, price_list
from mlquote.estimators.tokens.usage import Usage
from mlquote.kit.errors import Malformed, QuoteError
from mlquote.kit.provenance import Assumption, Warning
from mlquote.kit.records import quick_record
from mlquote.kit.units import TOKENS_PER_MTOK

_NOTHING: Finding[None] = Finding(None)
"""Nothing known, and nothing to say of it."""
_SAME_TIME = timedelta(days=1)
"""A response answered longer ago than this was perhaps billed at other prices than today's."""
_WAYS = ("usage", "provider_response", "workload")
"""The fields of a question that say what was used; one of them must."""
_BOTH = ("input_tokens", "output_tokens")
_MILLION_EACH = dict.fromkeys(_BOTH, TOKENS_PER_MTOK)
"""What is priced per million where no counts are given."""


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of the model at the moment, in the mode and place asked for, and at the list price beside them."""

    ladder: Ladder
    standard: Ladder
    region: str
    """The region whose rows hold; "" for rows that name none."""


@quick_record
class CallFacts:
    """Every look-up of one question; a fact that is said of the names is a Finding, and is told."""

    asked: Asked
    terms: Terms
    moment: datetime
    now: datetime
    heard: Finding[None]
    """What there is to say of the question itself: the response's warnings, its age, fields that are not used."""
    provider: str | None
    """The seller's id; the asker's word for one that the catalogue does not price."""
    card: Finding[Card | None]
    """The model's prices; None where only the provider's own charge is known."""
    lifecycle: Finding[ModelLifecycle | None]
    """The model's days at its seller where the moment is outside them or near their end; else None."""
    place: Finding[str | None]
    """The place that answered."""
    rates: Rates | None
    """None where nothing is priced."""
    rate_card: NamedCard | None
    """The rate card that the question names."""
    laid: LaidCard | None
    """The same laid over the bill, with what its rules are matched against; None where nothing is priced."""
    others: "tuple[CallFacts, ...]" = ()
    """The same of further calls that the response reports."""


def facts_of(
    question: ApiUsage, catalog: Snapshot, when: datetime, *, now: datetime, card: NamedCard | None = None
) -> CallFacts:
    """Look up all that a question asks for.

    Args:   when: the moment whose prices count; now: the asker's clock; card: the one that `rate_card` names
    Raises: as `inference_estimate`
    """
    prices = catalog.derived(price_list)
    provider = provider_of(question.provider, question.provider_response)
    asked = _asked(question, provider, prices, when)
    warnings = _heard(question, asked, when, now)
    heard = Finding(None, warnings=warnings) if warnings else _NOTHING
    if question.rate_card is not None and card is None:
        hint = "ask the service: /v1/estimates/inference and its batch know the stored cards"
        detail = f"the rate card {question.rate_card!r} cannot be looked up here"
        raise Malformed(detail, pointer="/rate_card", hint=hint, code="rate-card-not-here")
    terms = Terms(question.requests, question.discount_fraction)
    passes_on = provider is not None and provider.casefold() in PASSES_ON
    if asked.reported_usd is not None and (passes_on or not prices.sells(provider, asked.model, when)):
        heard = _with_model(heard, asked) if asked.model_asked else heard
        return CallFacts(asked, terms, when, now, heard, provider, _NOTHING, _NOTHING, _NOTHING, None, card, None)
    named = prices.find(provider, asked.model, when, asked.region)
    if asked.model_asked is not None and not _leads_to(prices, named, asked.model_asked, when):
        heard = _with_model(heard, asked)
    answered = CallFacts(asked, terms, when, now, heard, provider, _NOTHING, _NOTHING, _NOTHING, None, card, None)
    others = tuple(_priced(catalog, replace(answered, asked=one, heard=_NOTHING)) for one in asked.others)
    return replace(_priced(catalog, answered, named), others=others)


def _priced(catalog: Snapshot, call: CallFacts, named: Named | None = None) -> CallFacts:
    """One call with the names, the rates and the rate card it is billed by."""
    prices, asked, when, card = catalog.derived(price_list), call.asked, call.moment, call.rate_card
    named = named or prices.find(call.provider, asked.model, when, asked.region)
    rates = _rates(named, asked, when)
    if asked.at_base_tier and asked.counts is _MILLION_EACH:
        listed = {name: count for name, count in _MILLION_EACH.items() if name in rates.ladder[0].rates}
        asked = replace(asked, counts=listed or _MILLION_EACH)
    laid = None if card is None else LaidCard(card, _scope(prices, named, asked, when, card))
    return CallFacts(
        asked=asked,
        terms=call.terms,
        moment=when,
        now=call.now,
        heard=call.heard,
        provider=named.seller or named.card.provider,
        card=_card_of(prices, named, asked.model, when),
        lifecycle=lifecycle_of(catalog, named.card, when),
        place=_place_of(named),
        rates=rates,
        rate_card=card,
        laid=laid,
    )


def _rates(named: Named, asked: Asked, when: datetime) -> Rates:
    ladder = named.card.ladder(when, asked.processing, named.region, asked.facts)
    standard = ladder
    if asked.processing != STANDARD:
        standard = named.card.ladder(when, STANDARD, named.region, asked.facts)
    return (
        Rates(ladder[:1], standard[:1], named.region) if asked.at_base_tier else Rates(ladder, standard, named.region)
    )


def _scope(prices: PriceList, named: Named, asked: Asked, when: datetime, card: NamedCard) -> Scope:
    providers, models = prices.names_of(named, asked.model, when)
    meant = names_in_rules(card.card, prices, named, when)
    billed_by = frozenset({named.seller}) if named.seller else providers
    return Scope(billed_by, models | meant, asked.processing.casefold(), when)


def _with_model(heard: Finding[None], asked: Asked) -> Finding[None]:
    """With a word that the model the asker names is not the one that answered."""
    return warned(heard, "field-not-used", f"model: the response names {asked.model!r}, and decides")


def _leads_to(prices: PriceList, named: Named, model: str, when: datetime) -> bool:
    try:
        return prices.find(named.card.provider, model, when).card is named.card
    except QuoteError:
        return False


def _card_of(prices: PriceList, named: Named, model: str, when: datetime) -> Finding[Card | None]:
    """The card, with why this model is billed for the name, and who else sells it where no provider is named."""
    card, assumed = named.card, []
    if named.assumed:
        url = PASSES_ON.get(named.seller, "")
        assumed.append(Assumption("model", card.model, basis="derived", why=named.assumed, source_url=url))
    if named.beside:
        others = [prices.find(seller, model, when).card for seller in named.beside]
        priced = [other for other in others if _both_prices(other, when) != _NEITHER]
        told = "; ".join(f"{other.provider} {_both_prices(other, when)}" for other in (card, *priced))
        why = f"no provider is named, and this is the model's maker; dollars per million tokens in/out: {told}"
        assumed.append(Assumption("provider", card.provider, basis="derived", why=why))
    return Finding(card, tuple(assumed))


_NEITHER = "?/?"
"""Nobody knows that seller's price at that moment, so it is no price to stand beside another."""


def _both_prices(card: Card, when: datetime) -> str:
    """Input and output of a model at the moment, as an answer names other sellers' prices."""
    rates = card.ladder(when)[0].rates if STANDARD in card.processings else {}
    shown = [rates[name].usd_per_unit.normalize() if name in rates else None for name in _BOTH]
    return "/".join("?" if usd is None else f"{usd:f}" for usd in shown)


def _place_of(named: Named) -> Finding[str | None]:
    warnings = () if named.warning is None else (named.warning,)
    if not named.billed_as:
        return Finding(named.place or None, warnings=warnings)
    told = Assumption("region", named.region or named.place, basis="derived", why=named.billed_as)
    return Finding(named.place or None, (told,), warnings=warnings)


def _heard(question: ApiUsage, asked: Asked, when: datetime, now: datetime) -> tuple[Warning, ...]:
    warnings = [*asked.warnings, *ahead(when, now).warnings]
    if question.as_of is None and asked.answered_at is not None and now - asked.answered_at > _SAME_TIME:
        detail = f"answered at {asked.answered_at.isoformat()}, priced as of now: say as_of to price it as of then"
        warnings.append(Warning("answered-earlier", detail))
    belongs = "it belongs to a provider_response, and none is given"
    if question.provider_response is None:
        said = [name for name in ("api", "request") if getattr(question, name) is not None]
        warnings += [Warning("field-not-used", f"{name}: {belongs}") for name in said]
    return tuple(warnings)


def _per_mtok(question: ApiUsage, said: Sequence[str]) -> Asked:
    """Tokens of no one prompt, at the rates of the base tier."""
    if said and question.usage is None:
        detail = f"per prices tokens by themselves, and a {said[0].replace('_', ' ')} has prompts of its own"
        raise Malformed(detail, pointer="/per", hint="give usage, or no counts for a million each")
    asked = asked_by_usage(question.model, question.usage or Usage(), question.processing, question.region)
    return replace(asked, counts=asked.counts if question.usage else _MILLION_EACH, at_base_tier=True)


def _asked(question: ApiUsage, provider: str | None, prices: PriceList, when: datetime) -> Asked:
    said = [name for name in _WAYS if getattr(question, name) is not None]
    if len(said) > 1:
        raise Malformed(f"{' and '.join(said)} each say what was used", pointer=f"/{said[1]}", hint="give one of them")
    if question.per is not None:
        return _per_mtok(question, said)
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
    if provider is None:
        raise Malformed("a response is read in its provider's dialect", pointer="/provider", hint="say whose it is")
    beside = Beside(question.api, question.request, question.model, question.processing, question.region)
    return asked_by_response(prices.dialect(provider, when), question.provider_response, beside)
