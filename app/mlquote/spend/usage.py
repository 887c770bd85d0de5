"""A usage log priced: each line at the prices of its own moment, totals by day, model or label, nothing dropped.

A line without a price keeps the whole bill from being called complete: `cost_usd` is null then, and what has a price
stands in `priced_usd`. Malformed lines come back with their numbers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.kit.codes import leaving_unknown
from mlquote.kit.errors import Malformed, QuoteError, nearest
from mlquote.kit.money import EXACT, plain
from mlquote.kit.provenance import Answer, Warning
from mlquote.spend.amounts import Amount
from mlquote.spend.usage_lines import BadLine, LogLine

GROUPS = ("day", "month", "provider", "model", "line")
_MOST_GROUPS = 6
_MOST_BAD_LINES = 1000
Estimate = Callable[[ApiUsage, Snapshot, datetime], Answer]


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that was not priced."""

    line: int
    code: str
    detail: str
    errors: list[dict[str, str]]


@dataclass(slots=True)
class Total:
    """The lines of one group, folded together as they come."""

    group: Mapping[str, Any]
    lines: int = 0
    unpriced_lines: int = 0
    quantities: dict[str, int | Decimal] = field(default_factory=dict)
    priced_usd: Decimal = Decimal(0)

    def told(self) -> dict[str, Any]:
        """As the answer gives it."""
        whole = plain(self.priced_usd)
        return {
            **self.group,
            "lines": self.lines,
            "unpriced_lines": self.unpriced_lines,
            "quantities": self.quantities,
            "priced_usd": whole,
            "cost_usd": None if self.unpriced_lines else whole,
        }


@dataclass(slots=True)
class UsageBill:
    """A whole log, priced."""

    lines: int = 0
    priced_lines: int = 0
    undated_lines: int = 0
    totals: dict[tuple[Any, ...], Total] = field(default_factory=dict)
    by_day: dict[datetime, Decimal] = field(default_factory=dict)
    unpriced: list[Fault] = field(default_factory=list)
    malformed: list[Fault] = field(default_factory=list)
    ignored: dict[str, None] = field(default_factory=dict)

    def amounts(self) -> dict[datetime, dict[str, Amount]]:
        """What each UTC day cost, as a ledger takes it."""
        return {day: {"cost_usd": Amount(usd, usd, usd)} for day, usd in self.by_day.items() if usd}


def groups_of(by: str) -> tuple[str, ...]:
    """The groups that `by` names: any of day, month, provider, model, line and label.NAME, comma-separated.

    Raises: Malformed naming the nearest.
    """
    names = tuple(dict.fromkeys(name.strip() for name in by.split(",") if name.strip()))
    for name in names:
        if name not in GROUPS and not (name.startswith("label.") and len(name) > len("label.")):
            hint = nearest(name, GROUPS) or f"{', '.join(GROUPS)} or label.NAME"
            raise Malformed(f"cannot group by {name[:80]!r}", pointer="/by", hint=hint)
    if len(names) > _MOST_GROUPS:
        raise Malformed(f"at most {_MOST_GROUPS} groups", pointer="/by")
    return names


def bill(
    lines: Iterable[LogLine | BadLine],
    catalog: Snapshot,
    now: datetime,
    by: Sequence[str] = (),
    estimate: Estimate = inference_estimate,
) -> UsageBill:
    """Price every line at its own moment (`now` where it says none) and fold it into the totals of its groups."""
    whole = UsageBill()
    for line in lines:
        whole.lines += 1
        if isinstance(line, BadLine):
            whole.malformed.append(_fault(line.number, line.error))
            continue
        try:
            answer = estimate(line.question, catalog, now)
        except QuoteError as error:
            whole.malformed.append(_fault(line.number, error))
            continue
        _fold(whole, line, answer, now, by)
    return whole


def told(whole: UsageBill, catalog: Snapshot, now: datetime) -> dict[str, Any]:
    """The answer: totals, and every line that is not in them."""
    is_complete = not whole.unpriced and not whole.malformed
    priced = plain(sum((total.priced_usd for total in whole.totals.values()), Decimal(0)))
    return {
        "lines": whole.lines,
        "priced_lines": whole.priced_lines,
        "cost_usd": priced if is_complete else None,
        "priced_usd": priced,
        "is_complete": is_complete,
        "totals": [total.told() for _, total in sorted(whole.totals.items(), key=_place)],
        "unpriced_lines": whole.unpriced[:_MOST_BAD_LINES],
        "malformed_lines": whole.malformed[:_MOST_BAD_LINES],
        "catalog": catalog.catalog_ref(now),
        "warnings": list(_warnings(whole)),
    }


def _fold(whole: UsageBill, line: LogLine, answer: Answer, now: datetime, by: Sequence[str]) -> None:
    at = line.at or now
    whole.undated_lines += line.at is None
    whole.ignored.update(dict.fromkeys(line.ignored))
    group = {name: _part(name, line, answer, at) for name in by}
    total = whole.totals.setdefault(tuple(group.values()), Total(group))
    total.lines += 1
    for charge in answer.result.cost_lines:
        total.quantities[charge.meter] = total.quantities.get(charge.meter, 0) + charge.quantity
    usd: Decimal | None = answer.result.cost_usd
    if usd is None:
        total.unpriced_lines += 1
        reasons = (
            "; ".join(w.detail for w in answer.warnings if w.code in leaving_unknown("cost_usd")) or "no price is known"
        )
        whole.unpriced.append(Fault(line.number, "no-price", reasons, []))
        return
    whole.priced_lines += 1
    total.priced_usd = EXACT.add(total.priced_usd, usd)
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    whole.by_day[day] = EXACT.add(whole.by_day.get(day, Decimal(0)), usd)


def _part(name: str, line: LogLine, answer: Answer, at: datetime) -> Any:
    if name == "line":
        return line.number
    if name in ("day", "month"):
        return at.astimezone(UTC).strftime("%Y-%m-%d" if name == "day" else "%Y-%m")
    if name in ("provider", "model"):
        return answer.question[name]
    return line.labels.get(name.removeprefix("label."))


def _place(total: tuple[tuple[Any, ...], Total]) -> list[tuple[bool, int, str]]:
    """Totals in the order of their groups: what has no label first, lines by number."""
    return [(part is not None, part if isinstance(part, int) else 0, str(part)) for part in total[0]]


def _fault(number: int, error: QuoteError) -> Fault:
    errors = [{"pointer": f.pointer, "detail": f.detail, "hint": f.hint} for f in error.faults]
    return Fault(number, error.code, error.detail, errors)


def _warnings(whole: UsageBill) -> Iterator[Warning]:
    if whole.malformed:
        detail = f"{len(whole.malformed)} lines are not in the totals: they cannot be read"
        yield Warning("malformed-lines", detail)
    if whole.unpriced:
        yield Warning("unpriced-lines", f"{len(whole.unpriced)} lines have no known price: cost_usd is unknown")
    if whole.undated_lines:
        detail = f"{whole.undated_lines} lines say no timestamp: they are priced at today's prices and counted today"
        yield Warning("undated-lines", detail)
    if whole.ignored:
        yield Warning("ignored-fields", f"fields that say nothing about a price: {', '.join(whole.ignored)}")
    for code, found in (("unpriced-lines-cut", whole.unpriced), ("malformed-lines-cut", whole.malformed)):
        if len(found) > _MOST_BAD_LINES:
            yield Warning(code, f"only the first {_MOST_BAD_LINES} of {len(found)} are listed")
