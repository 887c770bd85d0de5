"""What do these API calls cost? Usage of one request, priced exactly per token, page, image or search."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from app.catalog.snapshot import Snapshot
from app.estimators.charges import Cost, CostLine, cost_of, prompt_tokens, uncached
from app.estimators.price_list import STANDARD, Card, Facts, Ladder, Rate, Sheet, row_ref
from app.estimators.question import Name, PositiveCount, Question, Word
from app.estimators.token_models import price_list
from app.estimators.usage import Usage
from app.formulas.pricing import times
from app.kit.errors import Malformed
from app.kit.money import EXACT, plain
from app.kit.provenance import Answer, Range, Trail
from app.kit.units import TOKENS_PER_MTOK

Share = Annotated[Decimal, Field(ge=-10, le=1, allow_inf_nan=False)]


class ApiUsage(Question):
    """A number of like requests to a provider's API."""

    lifted: ClassVar = ("usage",)

    provider: Name | None = None
    """Who sells it: anthropic, openai, google, aws-bedrock; may be left out where only one provider sells the model."""
    model: Name | None = None
    """The provider's model id, or an alias of it."""
    usage: Usage | None = None
    """What one request used."""
    requests: PositiveCount = 1
    """How many requests like this one; each is priced by itself, so that no tier is chosen by their sum."""
    processing: Annotated[Name, Word] = STANDARD
    """standard, batch, flex, priority or fast: what the model is not sold as is refused."""
    region: Name | None = None
    """Where it runs, where that changes the price: us, eu, regional, us-east-1."""
    discount_fraction: Share = Decimal(0)
    """Negotiated discount on the list price; a surcharge is negative."""


@dataclass(frozen=True, slots=True)
class InferenceLine:
    """One meter of the bill; `usd` is null where no row prices it."""

    meter: str
    quantity: int | Decimal
    unit: str | None
    usd_per_unit: Decimal | None
    usd: Decimal | None
    row: str | None
    multiplier_row: str | None = None


@dataclass(frozen=True, slots=True)
class ContextTier:
    """Which long-context tier priced the request."""

    from_tokens: int
    why: str


@dataclass(frozen=True, slots=True)
class UsdPerMtok:
    """Dollars per million tokens, after the discount; blended is the whole bill over all tokens."""

    input: Decimal | None
    output: Decimal | None
    blended: Decimal | None


@dataclass(frozen=True, slots=True)
class InferenceCost:
    """The bill."""

    cost_usd: Decimal | None
    cost_per_request_usd: Decimal | None
    cost_range_usd: Range | None
    cost_lines: tuple[InferenceLine, ...]
    list_cost_usd: Decimal | None
    savings_usd: Decimal | None
    usd_per_mtok: UsdPerMtok
    context_tier: ContextTier


def inference_estimate(question: ApiUsage, catalog: Snapshot, now: datetime) -> Answer:
    """The exact cost of `question.requests` requests like the one given, each line with the row that prices it.

    Raises: Malformed where model or usage is missing; UnknownName for a provider or model not in the catalogue;
            OutOfDomain for a processing mode or region that the model is not sold in
    """
    if question.model is None:
        raise Malformed("say which model", pointer="/model")
    if question.usage is None:
        raise Malformed("say what one request used", pointer="/usage", hint="input_tokens and output_tokens, to begin")
    moment, trail = question.moment(now), Trail()
    named = catalog.derived(price_list).find(question.provider, question.model, moment, question.region)
    if named.assumed:
        trail.assume("model", named.card.model, basis="derived", why=named.assumed)
    facts: Facts = tuple(sorted(question.usage.facts().items()))
    counts = question.usage.counts()
    ladder = named.card.ladder(moment, question.processing, named.region, facts)
    cost = cost_of(counts, ladder)
    standard = cost_of(uncached(counts), named.card.ladder(moment, STANDARD, named.region, facts))
    _explain(trail, named.card, cost, moment, now)
    result = _result(question, counts, ladder, cost, standard)
    echo = {"provider": named.card.provider, "model": named.card.model, "region": question.region or "global"}
    usage = question.usage.model_dump(exclude_none=True)
    filled = question.filled(as_of=moment, release=catalog.release.id, usage=usage, **echo)
    return trail.answer(filled, result, catalog.catalog_ref(moment))


def _result(
    question: ApiUsage, counts: Mapping[str, int | Decimal], ladder: Ladder, cost: Cost, standard: Cost
) -> InferenceCost:
    keep, times_asked = 1 - question.discount_fraction, Decimal(question.requests)
    each = None if cost.usd is None else times(cost.usd, keep)
    total = None if each is None else times(each, times_asked)
    listed = None if standard.usd is None else times(standard.usd, times_asked)
    lines = [_line(line, times_asked) for line in cost.lines]
    if question.discount_fraction and cost.usd is not None:
        off = times(times(cost.usd, -question.discount_fraction), times_asked)
        lines.append(InferenceLine("negotiated_discount", question.requests, "request", None, plain(off), None))
    return InferenceCost(
        cost_usd=_plain(total),
        cost_per_request_usd=_plain(each),
        cost_range_usd=_disputed(cost, total, times(keep, times_asked)),
        cost_lines=tuple(lines),
        list_cost_usd=_plain(listed),
        savings_usd=None if listed is None or total is None else plain(EXACT.subtract(listed, total)),
        usd_per_mtok=_usd_per_mtok(counts, cost, each, keep),
        context_tier=_context_tier(counts, ladder, cost.sheet),
    )


def _line(line: CostLine, requests: Decimal) -> InferenceLine:
    rate, quantity = line.rate, line.quantity * int(requests)
    if rate is None or line.usd is None:
        return InferenceLine(line.meter, quantity, None, None, None, None)
    rows = [row_ref(row).key for row in rate.rows]
    usd, price = plain(times(line.usd, requests)), plain(rate.usd_per_unit)
    return InferenceLine(line.meter, quantity, rate.unit, price, usd, rows[0], rows[1] if len(rows) > 1 else None)


def _disputed(cost: Cost, total: Decimal | None, factor: Decimal) -> Range | None:
    """The bill at the lowest and at the highest figure that public tables give, where they dispute a row we used."""
    if total is None or not any(_is_disputed(line.rate) for line in cost.lines):
        return None
    low = sum((_at(line, "usd_low") for line in cost.lines), Decimal(0))
    high = sum((_at(line, "usd_high") for line in cost.lines), Decimal(0))
    return Range(plain(times(low, factor)), plain(total), plain(times(high, factor)))


def _is_disputed(rate: Rate | None) -> bool:
    return rate is not None and rate.rows[0].usd_low is not None


def _at(line: CostLine, bound: str) -> Decimal:
    """A line's dollars at one bound of its row."""
    if line.rate is None or line.usd is None:
        return Decimal(0)
    row = line.rate.rows[0]
    figure: Decimal | None = getattr(row, bound)
    return line.usd if figure is None else EXACT.divide(times(line.usd, figure), row.usd)


def _usd_per_mtok(counts: Mapping[str, int | Decimal], cost: Cost, each: Decimal | None, keep: Decimal) -> UsdPerMtok:
    def price(meter: str) -> Decimal | None:
        rate = cost.sheet.rates.get(meter)
        return None if rate is None else plain(times(rate.usd_per_unit, keep))

    tokens = sum(count for name, count in counts.items() if name.endswith("_tokens") and name != "reasoning_tokens")
    blended = None
    if each is not None and tokens:
        exact = EXACT.divide(times(each, Decimal(TOKENS_PER_MTOK)), Decimal(tokens))
        blended = plain(exact.quantize(Decimal("1e-12"), context=EXACT))
    return UsdPerMtok(price("input_tokens"), price("output_tokens"), blended)


def _context_tier(counts: Mapping[str, int | Decimal], ladder: Ladder, sheet: Sheet) -> ContextTier:
    prompt = prompt_tokens(counts)
    if sheet.tier_tokens:
        return ContextTier(
            sheet.from_tokens,
            f"the prompt of {prompt} tokens, cached ones included, is {sheet.operator} {sheet.tier_tokens}: "
            "the whole request is billed at the long-context rates",
        )
    if len(ladder) == 1:
        return ContextTier(0, "one price for every prompt length")
    following = ladder[1]
    return ContextTier(
        0, f"the prompt of {prompt} tokens is not {following.operator} {following.tier_tokens}: base rates"
    )


def _explain(trail: Trail, card: Card, cost: Cost, moment: datetime, now: datetime) -> None:
    """Write down every row, assumption and warning behind a bill."""
    for line in cost.lines:
        if line.rate is None:
            trail.warn(*_gap(card, line.meter, moment))
            continue
        for row in line.rate.rows:
            trail.use(row_ref(row))
            if row.confidence == "low":
                trail.warn("low-confidence-price", f"{row_ref(row).key}: {row.note or row.effective_from_basis}")
            if row.usd_low is not None:
                trail.warn("disputed-price", f"{row_ref(row).key}: {row.note}")
            if row.effective_to is not None and row.effective_to > now:
                trail.warn("price-ends", f"{row_ref(row).key} holds until {row.effective_to.isoformat()}")
        if line.rate.at_text_rate:
            why = f"{card.provider} lists no rate of its own for them, so they are billed as text"
            trail.assume(f"{line.meter}_usd_per_unit", plain(line.rate.usd_per_unit), unit=line.rate.unit, why=why)
    if not card.knows_holidays(moment):
        trail.warn("holidays-unknown", f"the holidays of {moment.year} that decide peak hours are not in this release")


def _gap(card: Card, meter: str, moment: datetime) -> tuple[str, str]:
    began = [row.effective_from for row in card.rows if row.effective_from is not None]
    if began and len(began) == len(card.rows) and moment < min(began):
        return "no-price-at-moment", f"{card.model} has no known price before {min(began).isoformat()}"
    return "no-price", f"no row prices {meter} of {card.provider}/{card.model} for this mode, tier and moment"


def _plain(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else plain(amount)
