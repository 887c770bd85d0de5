"""What labels are sold at: a price that is given, one seller's, or every seller's; and what a market takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from mlquote.catalog.rows import AnnotationPrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.annotation.question import AnnotationQuestion
from mlquote.estimators.asking.finding import Finding, unknown, warned
from mlquote.kit.errors import unknown_name
from mlquote.kit.money import EXACT, plain
from mlquote.kit.provenance import Assumption, RowRef

Tiers = tuple[tuple[int, Decimal], ...]
"""(units of a month after which a price holds, dollars), the first from 0."""
Per = Literal["unit", "item", "hour"]
TABLE = "annotation_prices"
_PER: dict[str, Per] = {"hour": "hour", "image": "item"}
"""What a row's unit is counted by, where that is not the task's own unit."""
_REPORTED = frozenset({"reported", "reported_low", "reported_high"})


@dataclass(frozen=True, slots=True)
class LabelPrice:
    """What one label, one item or one hour costs, at both ends where a range is known, by tiers of a month."""

    provider: str | None
    annotator: str | None
    unit: str
    per: Per
    stated: Literal["given", "list_price", "reported"]
    low: Tiers
    central: Tiers
    high: Tiers
    list_ends: int | None = None
    """Units of a month beyond which the list says nothing."""

    @property
    def is_range(self) -> bool:
        """Only its ends are known."""
        return self.low != self.high


@dataclass(frozen=True, slots=True)
class MarketFee:
    """What a platform takes beside the label: by the item, or a share of what an assignment pays."""

    per_item: Tiers | None = None
    least_usd: Decimal | None = None
    fraction: Decimal = Decimal(0)
    extra_fraction: Decimal = Decimal(0)
    extra_from: int = 0

    def share(self, assignments: int) -> Decimal:
        """Share of the reward, where so many people do one task."""
        more = self.extra_fraction if self.extra_from and assignments >= self.extra_from else Decimal(0)
        return EXACT.add(self.fraction, more)


Prices = tuple[Finding[LabelPrice], ...]
NO_FEE: Finding[MarketFee | None] = Finding(None)


def provider_of(question: AnnotationQuestion, catalog: Snapshot, moment: datetime) -> str | None:
    """The seller that is named.

    Raises: UnknownName for one that the catalogue has no prices of
    """
    if question.provider is None:
        return None
    known = {key[0] for key in catalog.keys(TABLE)}
    found = catalog.resolve("provider", question.provider, moment, scope="annotation")
    if found not in known:
        raise unknown_name("provider", question.provider, sorted(known), pointer="/provider")
    return found


def prices_of(question: AnnotationQuestion, provider: str | None, catalog: Snapshot, moment: datetime) -> Prices:
    """Every price that counts: those of one basis, list prices before what somebody reports."""
    own = _given(question, provider)
    if own is not None:
        return (own,)
    found = list(_listed(question, provider, catalog, moment))
    basis = question.basis
    if basis is None:
        basis = "hourly" if all(each.value.per == "hour" for each in found) else "per_unit"
    found = [each for each in found if (each.value.per == "hour") == (basis == "hourly")]
    lists = [each for each in found if each.value.stated == "list_price"]
    return tuple(lists or found)


def _given(question: AnnotationQuestion, provider: str | None) -> Finding[LabelPrice] | None:
    usd, per, name = question.usd_per_unit, "unit", "usd_per_unit"
    if usd is None:
        usd, per, name = question.usd_per_worker_hour, "hour", "usd_per_worker_hour"
    if usd is None:
        return None
    tiers: Tiers = ((0, usd),)
    told = Assumption(name, usd, "$", basis="given", why="given in the question")
    kind: Per = "unit" if per == "unit" else "hour"
    return Finding(LabelPrice(provider, None, per, kind, "given", tiers, tiers, tiers), (told,))


def _listed(
    question: AnnotationQuestion, provider: str | None, catalog: Snapshot, moment: datetime
) -> Iterator[Finding[LabelPrice]]:
    """Every seller's price of this task, one for each unit and kind of people."""
    groups: dict[tuple[str, ...], list[Finding[AnnotationPrice]]] = {}
    for task in (question.task, "any"):
        for key in catalog.keys(TABLE):
            row = catalog.history(TABLE, *key)[0]
            if row.task == task and _wanted(row, question, provider):
                found = _at(catalog, key, moment)
                groups.setdefault((row.provider, row.unit, row.annotator, _stated(row.basis)), []).append(found)
    for rows in groups.values():
        yield _price(rows, question, catalog, moment)


def _wanted(row: AnnotationPrice, question: AnnotationQuestion, provider: str | None) -> bool:
    if row.annotator in ("model", "platform_fee") or (provider is not None and row.provider != provider):
        return False
    if row.unit == "comparison" and (question.ranking_size or 2) > 2:
        return False  # nobody sells a ranking by its pairs
    return question.annotator is None or row.annotator == question.annotator


def _at(catalog: Snapshot, key: tuple[object, ...], moment: datetime) -> Finding[AnnotationPrice]:
    """The version in effect, or with a warning the nearest."""
    row: AnnotationPrice | None = catalog.held(TABLE, *key, moment=moment)
    if row is not None:
        return Finding(row, rows=(catalog.ref(TABLE, row),))
    row = catalog.nearest(TABLE, *key, moment=moment)
    assert row is not None
    said = f"{row.provider} has no price of {row.task} at {moment.date()}: that of another date stands in"
    return warned(Finding(row, rows=(catalog.ref(TABLE, row),)), "label-price-from-another-date", said)


def _stated(basis: str) -> Literal["list_price", "reported"]:
    return "reported" if basis in _REPORTED else "list_price"


def _price(
    rows: Sequence[Finding[AnnotationPrice]], question: AnnotationQuestion, catalog: Snapshot, moment: datetime
) -> Finding[LabelPrice]:
    first = rows[0].value
    by_basis: dict[str, list[AnnotationPrice]] = {}
    for each in rows:
        by_basis.setdefault(each.value.basis, []).append(each.value)
    if "reported_low" in by_basis:
        low, high = _tiers(by_basis["reported_low"]), _tiers(by_basis.get("reported_high", by_basis["reported_low"]))
        central: Tiers = ((0, _between(low[0][1], high[0][1])),)
    else:
        low = central = high = _tiers(by_basis[first.basis])
    ends = catalog.held_or_first("defaults", "annotation_list_ends", first.provider, moment=moment)
    price = LabelPrice(
        first.provider, first.annotator, first.unit, _PER.get(first.unit, "unit"), _stated(first.basis),
        low, central, high, None if ends is None or ends.value is None else int(ends.value),
    )  # fmt: skip
    refs = tuple(dict.fromkeys(ref for each in rows for ref in each.rows))
    warnings = tuple(dict.fromkeys(warning for each in rows for warning in each.warnings))
    return Finding(price, (_told(price, refs[0]),), refs, warnings)


def _told(price: LabelPrice, row: RowRef) -> Assumption:
    usd = price.central[0][1]
    low, high = (price.low[0][1], price.high[0][1]) if price.is_range else (None, None)
    why = f"{price.provider}, {price.annotator}, {'list price' if price.stated == 'list_price' else 'as reported'}"
    return Assumption(f"usd_per_{price.unit.replace(' ', '_')}", usd, "$", low, high, "catalog", why, row.source_url)


def _tiers(rows: Sequence[AnnotationPrice]) -> Tiers:
    ordered = sorted((row.tier_units or 0, row.usd) for row in rows)
    return tuple((0 if n == 0 else start, usd) for n, (start, usd) in enumerate(ordered))


def _between(low: Decimal, high: Decimal) -> Decimal:
    """The geometric mean of two ends, to a hundredth of a cent."""
    mean = EXACT.sqrt(EXACT.multiply(low, high))
    return plain(mean.quantize(Decimal("0.0001"), context=EXACT))


def fee_of(provider: str | None, catalog: Snapshot, moment: datetime) -> Finding[MarketFee | None]:
    """What the platform of a seller takes; None where it takes nothing that is known."""
    rows = [
        _at(catalog, key, moment)
        for key in catalog.keys(TABLE)
        if catalog.history(TABLE, *key)[0].provider == provider
        and catalog.history(TABLE, *key)[0].annotator == "platform_fee"
    ]
    if provider is None or not rows:
        return NO_FEE
    refs = tuple(ref for each in rows for ref in each.rows)
    warnings = tuple(warning for each in rows for warning in each.warnings)
    if rows[0].value.unit != "assignment":
        tiers = _tiers([each.value for each in rows])
        source = refs[0].source_url
        said = Assumption("platform_fee_usd", tiers[0][1], "$ an object", None, None, "catalog", provider, source)
        return Finding(MarketFee(per_item=tiers), (said,), refs, warnings)
    figures = {name: catalog.held_or_first("defaults", name, provider, moment=moment) for name in _FEES}
    fraction, extra, starts = (Decimal(repr(row.value)) if row else Decimal(0) for row in figures.values())
    fee = MarketFee(None, rows[0].value.usd, fraction, extra, int(starts))
    told = tuple(
        Assumption(name, row.value, row.unit, basis="catalog", why=provider, source_url=row.source_url)
        for name, row in figures.items()
        if row is not None
    )
    used = tuple(catalog.ref("defaults", row) for row in figures.values() if row is not None)
    return Finding(fee, told, (*refs, *used), warnings)


_FEES = ("assignment_fee_fraction", "assignment_fee_extra_fraction", "assignment_fee_extra_from")


def no_price(question: AnnotationQuestion, provider: str | None) -> Finding[None]:
    """Said where nobody sells this task."""
    who = "nobody" if provider is None else f"not {provider}"
    people = f" by {question.annotator} people" if question.annotator else ""
    said = f"{who} sells {question.task}{people}: give usd_per_unit, or usd_per_worker_hour with the seconds of a label"
    return unknown("no-label-price", said)
