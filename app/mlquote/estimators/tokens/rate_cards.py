"""Rate cards: what an organisation negotiated, laid over the public price list.

A card is an ordered list of dated rules. For each line of a bill the first rule that matches it and is in effect
decides, and the others do not: "Opus at 4 dollars, then 12 % off everything" is two rules in that order. A rule is a
price of its own, or a multiplier on the public price, which may be above 1 (a reseller's margin, a residency premium).
The public bill is kept beside the negotiated one, line by line.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from mlquote.catalog.snapshot import letters
from mlquote.estimators.asking.numbers import a_number, a_share
from mlquote.estimators.asking.question import Moment, Part, utc
from mlquote.estimators.tokens.charges import Cost, CostLine
from mlquote.estimators.tokens.meters import SELECTORS
from mlquote.estimators.tokens.price_list import Rate, Sheet, weakest
from mlquote.formulas.pricing import charge, dollars, scaled_usd, times
from mlquote.kit.errors import OutOfDomain, nearest
from mlquote.kit.money import EXACT, plain
from mlquote.kit.units import PRICE_UNITS


def _known_meter(pattern: str) -> str:
    if not any(fnmatchcase(name, pattern) for name in SELECTORS):
        raise ValueError(f"no count is named {pattern!r}; {nearest(pattern, SELECTORS) or 'try input_tokens'}")
    return pattern


def _known_unit(unit: str | None) -> str | None:
    if unit is not None and unit not in PRICE_UNITS:
        raise ValueError(f"no price is per {unit!r}; known: {', '.join(PRICE_UNITS)}")
    return unit


_WILD = frozenset("*?[")
"""What makes a name a pattern of names."""

Pattern = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=200)]
"""A name, or a shell pattern of names: claude-opus-*, *."""
_DIGITS = Field(max_digits=12, decimal_places=9, allow_inf_nan=False)
Factor = Annotated[Decimal, BeforeValidator(a_share), Field(ge=0, le=100), _DIGITS]
Discount = Annotated[Decimal, BeforeValidator(a_share), Field(ge=-99, le=1), _DIGITS]
Price = Annotated[
    Decimal, BeforeValidator(a_number), Field(ge=0, le=10**6, max_digits=15, decimal_places=9, allow_inf_nan=False)
]


class RateRule(Part):
    """One negotiated rate: for which lines, since when, and either a price or a multiplier on the public one."""

    provider: Pattern = "*"
    """The seller it holds for, by its id, an alias, or a pattern of these: bedrock, azure-*."""
    model: Pattern = "*"
    """Models it holds for, as asked for or as the catalogue names them, or a pattern: us.anthropic.claude-*."""
    meter: Annotated[Pattern, AfterValidator(_known_meter)] = "*"
    """Counts of `usage` it holds for, as a pattern: input_tokens, cache_*, web_searches."""
    processing: Pattern = "*"
    """Processing modes it holds for, as a pattern."""
    multiplier: Factor | None = None
    """The public price times this: 0.88 is 12 % off, 1.05 a surcharge of 5 %."""
    discount_fraction: Discount | None = None
    """The same as a discount: 0.12 is multiplier 0.88; a surcharge is negative."""
    usd_per_unit: Price | None = None
    """A price instead of the public one, per unit as the catalogue counts it (per_million_tokens)."""
    unit: Annotated[str, AfterValidator(_known_unit)] | None = None
    """The unit of usd_per_unit; needed where the catalogue has no price of its own, checked where it has."""
    effective_from: Moment | None = None
    """From this moment on; default: always."""
    effective_to: Moment | None = None
    """Until just before this moment; default: for ever."""
    note: Annotated[str, StringConstraints(max_length=500)] = ""
    """Where this was agreed: a contract's number."""

    @model_validator(mode="after")
    def _one_rate(self) -> "RateRule":
        given = [v for v in (self.multiplier, self.discount_fraction, self.usd_per_unit) if v is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of multiplier, discount_fraction and usd_per_unit")
        if self.unit is not None and self.usd_per_unit is None:
            raise ValueError("unit belongs to usd_per_unit")
        if self.effective_from and self.effective_to and utc(self.effective_to) <= utc(self.effective_from):
            raise ValueError("effective_to must come after effective_from")
        return self

    @property
    def factor(self) -> Decimal | None:
        """The multiplier on the public price; None where the rule is a price."""
        return self.multiplier if self.discount_fraction is None else 1 - self.discount_fraction

    def holds(self, moment: datetime) -> bool:
        """Whether the rule is in effect: half-open, like every interval here."""
        return (self.effective_from is None or utc(self.effective_from) <= moment) and (
            self.effective_to is None or moment < utc(self.effective_to)
        )

    def matches(self, scope: "Scope", meter: str) -> bool:
        """Whether the rule is about this line."""
        return (
            fnmatchcase(meter, self.meter)
            and fnmatchcase(scope.processing, self.processing)
            and means(self.provider, scope.providers)
            and means_model(self.model, scope.providers, scope.models)
        )


class RateCard(Part):
    """What an organisation negotiated, in the order in which its rules are tried."""

    description: Annotated[str, StringConstraints(max_length=2000)] = ""
    """Whose agreement this is, for a reader."""
    rules: Annotated[tuple[RateRule, ...], Field(min_length=1, max_length=1000)]
    """Tried in this order; the first that matches a line and is in effect decides it."""

    def digest(self) -> str:
        """A name for exactly these rules: the first 16 hex digits of the SHA-256 of their canonical JSON."""
        return hashlib.sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class NamedCard:
    """A stored card, by the name and version that find exactly it again."""

    name: str
    card: RateCard


Names = frozenset[str]
"""Every spelling of one thing, folded: its id, its aliases, what the asker wrote."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a bill is for, in all its spellings: what rules are matched against."""

    providers: Names
    models: Names
    processing: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class LaidCard:
    """A stored card laid over a bill: what the bill is for, and when."""

    named: NamedCard
    scope: Scope

    def at(self, processing: str, moment: datetime) -> "LaidCard":
        """The same card over a part of the bill in another mode, at another moment."""
        return replace(self, scope=replace(self.scope, processing=processing.casefold(), moment=moment))


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line that a rule changed: public price and negotiated price, of all requests."""

    meter: str
    list_usd_per_unit: Decimal | None
    usd_per_unit: Decimal
    list_usd: Decimal | None
    usd: Decimal
    rule: int
    note: str


@dataclass(frozen=True, slots=True)
class CardCost:
    """Both bills: the public one, the negotiated one, and the difference; null where a price is missing."""

    name: str
    digest: str
    list_usd: Decimal | None
    usd: Decimal | None
    difference_usd: Decimal | None
    lines: tuple[CardLine, ...]


def lay_over(cost: Cost, over: LaidCard) -> tuple[Cost, tuple[CardLine, ...]]:
    """A bill under a card: the same lines at the negotiated rates, and which rule changed which.

    usd = quantity * usd_per_unit, or list_usd * multiplier; a line that no rule matches keeps the public price

    Args:    cost: one request at public prices; over: the card, what the bill is for, and the moment
    Returns: the negotiated cost, whose total is known as soon as every line has a price of either kind; the changes
    """
    card, scope = over.named.card, over.scope
    lines, changes = [], []
    for line in cost.lines:
        laid, change = _laid(line, card, scope)
        lines.append(laid)
        if change is not None:
            changes.append(change)
    return Cost(_total(lines), tuple(lines), _sheet(cost, lines, card, scope)), tuple(changes)


def compared(named: NamedCard, public: Cost, laid: Cost, changes: tuple[CardLine, ...], requests: int = 1) -> CardCost:
    """Both bills of `requests` such requests, side by side."""
    listed, negotiated = _times(public.usd, requests), _times(laid.usd, requests)
    return CardCost(
        name=named.name,
        digest=named.card.digest(),
        list_usd=listed,
        usd=negotiated,
        difference_usd=_difference(listed, negotiated),
        lines=tuple(
            replace(line, list_usd=_times(line.list_usd, requests), usd=plain(times(line.usd, Decimal(requests))))
            for line in changes
        ),
    )


def rule_for(card: RateCard, scope: Scope, meter: str) -> tuple[int, RateRule] | None:
    """The first rule that matches a line and is in effect, with its place in the card."""
    for place, rule in enumerate(card.rules):
        if rule.matches(scope, meter) and rule.holds(scope.moment):
            return place, rule
    return None


def is_pattern(name: str) -> bool:
    """Whether a rule's name is a shell pattern of names."""
    return not _WILD.isdisjoint(name)


def means(pattern: str, names: Names) -> bool:
    """Whether a rule's pattern is one of a thing's spellings, or a shell pattern of one."""
    if pattern == "*" or pattern in names:
        return True
    if not is_pattern(pattern):
        return letters(pattern) in names
    return any(fnmatchcase(name, pattern) for name in names)


def means_model(pattern: str, sellers: Names, models: Names) -> bool:
    """Whether a rule's pattern is of a model, with or without its seller before it: bedrock/us.anthropic.claude-*."""
    if means(pattern, models):
        return True
    seller, slash, model = pattern.partition("/")
    return bool(slash) and seller in sellers and means(model, models)


def _sheet(cost: Cost, lines: list[CostLine], card: RateCard, scope: Scope) -> Sheet:
    """The sheet with the negotiated rates: those of the lines, and of input and output, which every answer shows."""
    rates = dict(cost.sheet.rates)
    for meter in ("input_tokens", "output_tokens"):
        public = rates.get(meter)
        if public is not None:
            laid = _laid(CostLine(meter, 1, public, public.usd_per_unit), card, scope)[0].rate
            rates[meter] = laid or public
    rates |= {line.meter: line.rate for line in lines if line.rate is not None}
    return cost.sheet._replace(rates=rates)


def _laid(line: CostLine, card: RateCard, scope: Scope) -> tuple[CostLine, CardLine | None]:
    found = rule_for(card, scope, line.meter)
    if found is None:
        return line, None
    place, rule = found
    rate = _rate(line, place, rule)
    if rate is None:
        return line, None
    usd = dollars(charge(line.quantity, rate.amount, rate.divisor))
    if rule.factor is not None and line.usd is not None:
        usd = times(line.usd, rule.factor)
    change = CardLine(
        meter=line.meter,
        list_usd_per_unit=None if line.rate is None else plain(line.rate.usd_per_unit),
        usd_per_unit=plain(rate.usd_per_unit),
        list_usd=None if line.usd is None else plain(line.usd),
        usd=plain(usd),
        rule=place,
        note=rule.note,
    )
    return CostLine(line.meter, line.quantity, rate, usd), change


def _rate(line: CostLine, place: int, rule: RateRule) -> Rate | None:
    """The negotiated rate; None where there is no public price to multiply. An agreed price is in no dispute."""
    public, factor = line.rate, rule.factor
    if factor is not None:
        return None if public is None else _scaled(public, factor)
    unit = rule.unit or (public.unit if public is not None else None)
    if unit is None or (public is not None and unit != public.unit):
        known = f"the catalogue prices it {public.unit}" if public else "the catalogue has no price whose unit to take"
        raise OutOfDomain(
            f"rule {place} of the rate card gives {line.meter} a price {unit or 'without a unit'}, and {known}",
            pointer="/rate_card",
            hint=f"rules/{place}/unit",
            code="rate-card-unit",
        )
    _, things, divisor = PRICE_UNITS[unit]
    usd = rule.usd_per_unit or Decimal(0)
    rows = tuple(replace(row, usd_low=None, usd_high=None) for row in public.rows) if public else ()
    refs = public.refs if public else ()
    return Rate(scaled_usd(usd, things), divisor, unit, usd, rows, refs, confidence=weakest(rows))


def _scaled(public: Rate, factor: Decimal) -> Rate:
    """The public rate times a factor; its integer is rounded, and only the exact price is billed from."""
    return public._replace(amount=int(public.amount * factor), usd_per_unit=times(public.usd_per_unit, factor))


def _total(lines: list[CostLine]) -> Decimal | None:
    total = Decimal(0)
    for line in lines:
        if line.usd is None:
            return None
        total = EXACT.add(total, line.usd)
    return total


def _times(usd: Decimal | None, requests: int) -> Decimal | None:
    return None if usd is None else plain(times(usd, Decimal(requests)))


def _difference(public: Decimal | None, laid: Decimal | None) -> Decimal | None:
    return None if public is None or laid is None else plain(EXACT.subtract(laid, public))
