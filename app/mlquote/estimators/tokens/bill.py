"""The bill of like requests: lines that name their rows, what list price would have been, and what to know first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Generic, TypeVar

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.tokens.asked import ReadAs
from mlquote.estimators.tokens.charges import Cost, CostLine, Counts, prompt_tokens
from mlquote.estimators.tokens.price_list import Ladder, Rate, Sheet
from mlquote.estimators.tokens.rate_cards import CardCost
from mlquote.formulas.pricing import times
from mlquote.kit.money import EXACT, plain
from mlquote.kit.provenance import Range
from mlquote.kit.records import quick_record
from mlquote.kit.units import TOKENS_PER_MTOK


@quick_record
class InferenceLine:
    """One meter of the bill; `usd` is null where no row prices it."""

    meter: str
    quantity: int | Decimal
    unit: str | None
    usd_per_unit: Decimal | None
    usd: Decimal | None
    row: str | None
    multiplier_row: str | None = None
    confidence: str | None = None
    """high: tables that do not copy each other agree; medium: several were weighed; single: one table alone lists it;
    low: its source or its date is weak. Null where no row prices it."""


@quick_record
class ContextTier:
    """Which long-context tier priced the request."""

    from_tokens: int
    why: str
    tokens_over: int | None = None
    """How many tokens fewer would leave the tier; null in the base tier."""
    tokens_left: int | None = None
    """How many tokens more still fit below the next tier; null where there is none."""


@dataclass(frozen=True, slots=True)
class UsdPerMtok:
    """Dollars per million tokens, after the discount; blended is the whole bill over all tokens."""

    input: Decimal | None
    output: Decimal | None
    blended: Decimal | None


@quick_record
class InferenceCost:
    """The bill; `reported_usd` is the provider's own charge for as many requests, and how far ours is above it."""

    cost_usd: Decimal | None
    cost_per_request_usd: Decimal | None
    cost_range_usd: Range | None
    cost_lines: tuple[InferenceLine, ...]
    list_cost_usd: Decimal | None
    savings_usd: Decimal | None
    usd_per_mtok: UsdPerMtok
    context_tier: ContextTier
    reported_usd: Decimal | None = None
    reported_difference_usd: Decimal | None = None
    read_as: ReadAs | None = None
    """How the provider's own response was read, where the question was one."""
    rate_card: CardCost | None = None
    """Public and negotiated bill side by side, where a rate card was named; `cost_usd` is then the negotiated one."""


Cost_co = TypeVar("Cost_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Billed(Generic[Cost_co]):
    """A bill, and what an answer must say of the rates behind it."""

    result: Cost_co
    told: tuple[Finding[Any], ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """How many requests, and what was negotiated on each."""

    requests: int = 1
    discount_fraction: Decimal = Decimal(0)

    @property
    def kept(self) -> Decimal:
        """The share of the list price that is paid."""
        return 1 - self.discount_fraction


def bill(counts: Counts, ladder: Ladder, cost: Cost, standard: Cost, terms: Terms) -> InferenceCost:
    """The bill of `terms.requests` requests that cost `cost` each, and `standard` at the list price, nothing cached.

    cost_usd = requests * (1 - discount) * cost of one request
    """
    requests = Decimal(terms.requests)
    each = None if cost.usd is None else times(cost.usd, terms.kept)
    total = None if each is None else times(each, requests)
    listed = None if standard.usd is None else times(standard.usd, requests)
    return InferenceCost(
        cost_usd=_plain(total),
        cost_per_request_usd=_plain(each),
        cost_range_usd=_disputed(cost, total, times(terms.kept, requests)),
        cost_lines=(*(_line(line, requests) for line in cost.lines), *_discount(cost, terms)),
        list_cost_usd=_plain(listed),
        savings_usd=None if listed is None or total is None else plain(EXACT.subtract(listed, total)),
        usd_per_mtok=_usd_per_mtok(counts, cost, each, terms.kept),
        context_tier=context_tier(prompt_tokens(counts), ladder, cost.sheet),
    )


def together(bills: Sequence[tuple[str, InferenceCost]]) -> InferenceCost:
    """The bill of several calls that one response reports, each with its model; prices per token are the first's.

    Lines of the same model, meter and rate are one line, whose row names the model. A call with no known price leaves
    the sum unknown.
    """
    first = bills[0][1]
    several = len({model for model, _ in bills}) > 1
    lines: dict[Any, InferenceLine] = {}
    for model, one in bills:
        for line in one.cost_lines:
            key = (model, line.meter, line.row, line.usd_per_unit)
            lines[key] = _added(lines[key], line) if key in lines else line
    costs = [one for _, one in bills]
    return replace(
        first,
        cost_usd=_sum([one.cost_usd for one in costs]),
        cost_per_request_usd=_sum([one.cost_per_request_usd for one in costs]),
        cost_range_usd=_ranges(costs),
        cost_lines=tuple(lines.values()),
        list_cost_usd=_sum([one.list_cost_usd for one in costs]),
        savings_usd=_sum([one.savings_usd for one in costs]),
        usd_per_mtok=replace(first.usd_per_mtok, blended=None) if several else first.usd_per_mtok,
        rate_card=_under_card([one.rate_card for one in costs if one.rate_card is not None]),
    )


def _under_card(bills: Sequence[CardCost]) -> CardCost | None:
    """The bills of several calls under the same rate card, as one."""
    if not bills:
        return None
    return replace(
        bills[0],
        list_usd=_sum([one.list_usd for one in bills]),
        usd=_sum([one.usd for one in bills]),
        difference_usd=_sum([one.difference_usd for one in bills]),
        lines=tuple(line for one in bills for line in one.lines),
    )


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total = EXACT.add(total, amount)
    return plain(total)


def _added(one: InferenceLine, other: InferenceLine) -> InferenceLine:
    return replace(one, quantity=one.quantity + other.quantity, usd=_sum([one.usd, other.usd]))


def _ranges(costs: Sequence[InferenceCost]) -> Range | None:
    """The range of a sum, where some of its bills have one; the others count as they are."""
    if all(one.cost_range_usd is None for one in costs):
        return None
    sums = []
    for bound in ("low", "central", "high"):
        amounts = [one.cost_usd if one.cost_range_usd is None else getattr(one.cost_range_usd, bound) for one in costs]
        total = _sum(amounts)
        if total is None:
            return None
        sums.append(total)
    return Range(*sums)


def reported_bill(usd: Decimal, terms: Terms) -> InferenceCost:
    """The bill where the catalogue has no price, and the provider's own charge for one request is all that is known."""
    total = plain(times(usd, Decimal(terms.requests)))
    nothing = UsdPerMtok(None, None, None)
    tier = ContextTier(0, "not in the catalogue")
    return InferenceCost(total, plain(usd), None, (), None, None, nothing, tier, total, Decimal(0))


def _line(line: CostLine, requests: Decimal) -> InferenceLine:
    rate, quantity = line.rate, line.quantity * int(requests)
    if rate is None or line.usd is None:
        return InferenceLine(line.meter, quantity, None, None, None, None)
    rows = [ref.key for ref in rate.refs]
    usd, price = plain(times(line.usd, requests)), plain(rate.usd_per_unit)
    row, multiplier = (*rows, None, None)[:2]
    return InferenceLine(line.meter, quantity, rate.unit, price, usd, row, multiplier, rate.confidence)


def _discount(cost: Cost, terms: Terms) -> tuple[InferenceLine, ...]:
    if not terms.discount_fraction or cost.usd is None:
        return ()
    off = plain(times(times(cost.usd, -terms.discount_fraction), Decimal(terms.requests)))
    return (InferenceLine("negotiated_discount", terms.requests, "per_request", None, off, None),)


def _disputed(cost: Cost, total: Decimal | None, factor: Decimal) -> Range | None:
    """The bill at the lowest and at the highest figure that public tables give, where they dispute a row we used."""
    if total is None or not any(is_disputed(line.rate) for line in cost.lines):
        return None
    low = sum((at_bound(line, "usd_low") for line in cost.lines), Decimal(0))
    high = sum((at_bound(line, "usd_high") for line in cost.lines), Decimal(0))
    return Range(plain(times(low, factor)), plain(total), plain(times(high, factor)))


def is_disputed(rate: Rate | None) -> bool:
    """Whether public tables dispute the row behind a rate."""
    return rate is not None and bool(rate.rows) and rate.rows[0].usd_low is not None


def at_bound(line: CostLine, bound: str) -> Decimal:
    """A line's dollars at one bound of its row: usd_low or usd_high."""
    if line.rate is None or line.usd is None:
        return Decimal(0)
    if not is_disputed(line.rate):
        return line.usd
    row = line.rate.rows[0]
    figure: Decimal | None = getattr(row, bound)
    return line.usd if figure is None else EXACT.divide(times(line.usd, figure), row.usd)


def _usd_per_mtok(counts: Counts, cost: Cost, each: Decimal | None, kept: Decimal) -> UsdPerMtok:
    def price(meter: str) -> Decimal | None:
        rate = cost.sheet.rates.get(meter)
        return None if rate is None else plain(times(rate.usd_per_unit, kept))

    tokens = sum(count for name, count in counts.items() if name.endswith("_tokens") and name != "reasoning_tokens")
    blended = None
    if each is not None and tokens:
        exact = EXACT.divide(times(each, Decimal(TOKENS_PER_MTOK)), Decimal(tokens))
        blended = plain(exact.quantize(Decimal("1e-12"), context=EXACT))
    return UsdPerMtok(price("input_tokens"), price("output_tokens"), blended)


def context_tier(prompt: int, ladder: Ladder, sheet: Sheet) -> ContextTier:
    """Which of a ladder's tiers a prompt of so many tokens is in, and why."""
    if len(ladder) == 1:
        return ContextTier(0, "one price for every prompt length")
    above = next((other for other in ladder if other.from_tokens > sheet.from_tokens), None)
    left = None if above is None else above.from_tokens - 1 - prompt
    if not sheet.tier_tokens:
        first = ladder[1]
        why = f"the prompt of {prompt} tokens is not {first.operator} {first.tier_tokens}: base rates"
        return ContextTier(0, why, None, left)
    why = (
        f"the prompt of {prompt} tokens, cached ones included, is {sheet.operator} {sheet.tier_tokens}: "
        "the whole request is billed at the long-context rates; per=mtok prices tokens of shorter prompts"
    )
    return ContextTier(sheet.from_tokens, why, prompt - sheet.from_tokens + 1, left)


def base_tier(ladder: Ladder) -> ContextTier:
    """The base tier of a ladder, for tokens that are no one prompt."""
    if len(ladder) == 1:
        return ContextTier(0, "one price for every prompt length")
    above = ladder[1]
    return ContextTier(
        0, f"per=mtok: base rates, which hold for prompts that are not {above.operator} {above.tier_tokens}"
    )


def _plain(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else plain(amount)
