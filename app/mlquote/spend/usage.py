"""A usage log priced: each line at the prices of its own moment, totals by day, model or label, nothing dropped.

A line without a price keeps the whole bill from being called complete: `cost_usd` is null then, and what has a price
stands in `priced_usd`. Lines are folded into totals as they come: memory grows with the groups, not with the log.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from pydantic import ValidationError

from mlquote.catalog.remembered import Memory
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.faults import malformed
from mlquote.estimators.tokens.charges import ExactSum
from mlquote.estimators.tokens.dialects.spans import tokens_of
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.kit.errors import Fault as QuoteFault
from mlquote.kit.errors import Malformed, QuoteError
from mlquote.kit.money import EXACT, plain
from mlquote.kit.provenance import Range, Warning
from mlquote.spend.amounts import Amount
from mlquote.spend.billed_beside import BillPrices, Explained
from mlquote.spend.delivered.formats import Line
from mlquote.spend.delivered.records import BilledLine, CallLine, MachineLine, Note, PassedLine, Why
from mlquote.spend.focus.charges import Entry, FocusCharges, FocusTerms
from mlquote.spend.focus.rows import Export, export_of
from mlquote.spend.machine_costs import Cells, MachineCell, MachineCosts, together
from mlquote.spend.machine_terms import MachineTerms
from mlquote.spend.usage_beside import UNTYPED, BesideCalls, MachineSums, PartNames
from mlquote.spend.usage_days import Dearest, looked_at
from mlquote.spend.usage_faults import MOST_IN_FULL, Fault, Faults
from mlquote.spend.usage_groups import Called, Grouping, Spot
from mlquote.spend.usage_lines import BadLine, LogLine
from mlquote.spend.usage_prices import Estimate, LinePrices, Priced
from mlquote.spend.usage_repeats import MOST_REMEMBERED, Repeats, Seen
from mlquote.spend.usage_spans import MOST_REMEMBERED as MOST_SPANS
from mlquote.spend.usage_spans import SpanTrees

_DAY_S = 86_400


@dataclass(slots=True)
class Total:
    """The lines of one group, folded together as they come."""

    group: Mapping[str, Any]
    lines: int = 0
    unpriced_lines: int = 0
    quantities: dict[str, int | Decimal] = field(default_factory=dict)
    priced: ExactSum = field(default_factory=ExactSum)
    sums: MachineSums | None = None
    """Of machines and of sellers' bills, where any line is one."""
    dearest: Dearest | None = None
    """Where unusual days are looked for."""

    def told(self, costs: MachineCosts | None = None) -> dict[str, Any]:
        """As the answer gives it."""
        whole = plain(self.priced.usd)
        beside = {} if self.sums is None else _billed(self.sums, self.quantities, whole)
        if costs is not None and self.sums is not None and self.sums.cells:
            beside["machines"] = costs.of(self.sums.cells)
        return {
            **self.group,
            "lines": self.lines,
            "unpriced_lines": self.unpriced_lines,
            "quantities": _counted(self.quantities or (self.sums.billed_quantities if self.sums else {})),
            "priced_usd": whole,
            "cost_usd": None if self.unpriced_lines or self.sums is not None else whole,
            **beside,
        }

    def with_sums(self) -> MachineSums:
        """What it holds of machines and bills."""
        self.sums = self.sums or MachineSums()
        return self.sums


class Receipt(NamedTuple):
    """What takes a line off the bill again: where it was added, and how much; its number alone where it was refused."""

    number: int
    total: Total | None = None
    day: ExactSum | None = None
    quantities: Collection[tuple[str, int | Decimal]] = ()
    amount: int | Decimal | None = None
    calls: int = 0
    charges: Collection[Entry] = ()
    """What it added to an export of charges."""


@dataclass(slots=True)
class UsageBill:
    """A whole log, priced."""

    grouping: Grouping
    lines: int = 0
    priced_lines: int = 0
    calls: int = 0
    """Calls that the lines stand for, as far as they say."""
    uncounted_lines: int = 0
    """Lines that are sums of calls and do not say of how many."""
    beside: BesideCalls = field(default_factory=BesideCalls)
    terms: MachineTerms = field(default_factory=MachineTerms)
    """Where machines stand, and on which terms they are had."""
    parts: PartNames | None = None
    undated_lines: int = 0
    future_lines: int = 0
    inferred_lines: int = 0
    """Lines that name no provider, read as their model's maker's."""
    repeated_lines: int = 0
    """Lines that repeat an answer that is billed, or are spans above calls that are: they are not billed themselves."""
    differing_lines: int = 0
    """Lines that bear an id already seen and say another usage; they are billed."""
    totals: dict[tuple[Any, ...], Total] = field(default_factory=dict)
    by_day: dict[int, ExactSum] = field(default_factory=dict)
    unpriced: Faults = field(default_factory=Faults)
    malformed: Faults = field(default_factory=Faults)
    ignored: dict[str, None] = field(default_factory=dict)
    forgot_ids: bool = False
    trees: SpanTrees[Receipt] | None = None
    has_days: bool = True
    """Whether `by_day` tells the days apart, as a ledger needs them; without, all stands at day 0."""
    focus: FocusCharges | None = None
    """The charges of an export, where one is asked for."""
    said: dict[str, list[Any]] = field(default_factory=dict)
    """Code of a line's own warning -> how many lines have it, the first one's number, and what is said of that."""
    _places: dict[Spot, tuple[Total, ExactSum]] = field(init=False)

    def __post_init__(self) -> None:
        """Remember where lines go: those of one spot go to the same totals."""
        self._places = Memory(self._place)

    def amounts(self) -> dict[datetime, dict[str, Amount]]:
        """What each UTC day cost, as a ledger takes it.

        Raises: RuntimeError where the days were not told apart
        """
        if not self.has_days:
            raise RuntimeError("the days of this bill were not told apart: price it with days=True")
        days = {datetime.fromtimestamp(day * _DAY_S, UTC): plain(cost.usd) for day, cost in self.by_day.items()}
        return {day: {"cost_usd": Amount(usd, usd, usd)} for day, usd in days.items() if usd}

    def add(self, line: LogLine, priced: Priced, at: datetime, calls: int | None = 1) -> "Receipt":
        """Fold one priced line into the totals."""
        self.undated_lines += line.at is None
        self.calls += calls or 0
        self.uncounted_lines += calls is None
        if line.ignored:
            self.ignored.update(dict.fromkeys(line.ignored))
        for warning in priced.warnings:
            found = self.said.setdefault(warning.code, [0, line.number, warning.detail])
            found[0] += 1
        total, day = self._places[self.grouping.spot(line.number, at, priced.called, line.labels)]
        total.lines += 1
        quantities = total.quantities
        for meter, quantity in priced.quantities:
            quantities[meter] = quantities.get(meter, 0) + quantity
        if priced.amount is None:
            total.unpriced_lines += 1
            self.unpriced.add(Fault(line.number, "no-price", priced.gap, []))
        else:
            self.priced_lines += 1
            total.priced.add(priced.amount)
            day.add(priced.amount)
            if total.dearest is not None:
                total.dearest.add(priced.amount, line.number)
        charges = () if self.focus is None else self.focus.add(priced, at, line.labels)
        return Receipt(line.number, total, day, priced.quantities, priced.amount, calls or 0, charges)

    def add_machine(self, line: MachineLine, part: str, at: datetime) -> None:
        """Fold hours of machines into the totals of their groups."""
        called = Called(None, part, None, line.region)
        total, _ = self._places[self.grouping.spot(line.line, at, called, line.labels)]
        total.lines += 1
        self.beside.machine_lines += 1
        utc = at.astimezone(UTC)
        day = datetime(utc.year, utc.month, utc.day, tzinfo=UTC)
        sums = total.with_sums()
        sums.add_machine(line, part)
        sums.add_cell(line, MachineCell(part, day, line.is_idle, line.provider if line.region else None, line.region))
        if self.focus is not None:
            self.focus.add_machine(line, part, day, at)
        self.beside.sums.add_machine(line, part)

    def add_bill(
        self, line: BilledLine, machine: tuple[str, Fraction] | None, at: datetime, explained: Explained | None
    ) -> None:
        """Fold a line of a seller's bill, beside our price, into the totals of its groups."""
        called = Called(line.provider, line.model or (machine[0] if machine else None), None, line.region)
        total, _ = self._places[self.grouping.spot(line.line, at, called, line.labels)]
        total.lines += 1
        self.beside.billed_lines += 1
        total.with_sums().add_bill(line, machine, explained)
        if self.focus is not None:
            self.focus.billed_lines += 1
        self.beside.sums.add_bill(line, machine, explained)

    def fold(self, spot: Spot, lines: int, quantities: Mapping[str, int], amount: int | None) -> None:
        """Fold many lines of one spot into its totals; `amount` in 1e-18 dollars, None where none has a price."""
        total, day = self._places[spot]
        self.lines += lines
        self.calls += lines
        total.lines += lines
        for meter, quantity in quantities.items():
            total.quantities[meter] = total.quantities.get(meter, 0) + quantity
        if amount is None:
            total.unpriced_lines += lines
            return
        self.priced_lines += lines
        total.priced.add(amount)
        day.add(amount)

    def withdraw(self, receipt: "Receipt") -> None:
        """Take a line off the totals, or out of those that cannot be read: it repeats what other lines say."""
        self.repeated_lines += 1
        total, day = receipt.total, receipt.day
        if total is None or day is None:
            self.malformed.withdraw(receipt.number)
            return
        total.lines -= 1
        self.calls -= receipt.calls
        if self.focus is not None:
            self.focus.take(receipt.charges)
        for meter, quantity in receipt.quantities:
            total.quantities[meter] -= quantity
        if receipt.amount is None:
            total.unpriced_lines -= 1
            self.unpriced.withdraw(receipt.number)
            return
        self.priced_lines -= 1
        total.priced.take(receipt.amount)
        if total.dearest is not None:
            total.dearest.withdraw(receipt.number)
        day.take(receipt.amount)

    def _place(self, spot: Spot) -> tuple[Total, ExactSum]:
        """The totals that the lines of a spot are folded into: their group's, and their day's."""
        key = self.grouping.key(spot)
        total = self.totals.get(key)
        if total is None:
            total = self.totals[key] = Total(dict(zip(self.grouping.by, key, strict=True)))
            total.dearest = Dearest() if self.grouping.looks.anomalies else None
        return total, self.by_day.setdefault(spot.day, ExactSum())


def bill(
    lines: Iterable[Line],
    catalog: Snapshot,
    now: datetime,
    by: Sequence[str] | Grouping = (),
    estimate: Estimate = inference_estimate,
    zone: tzinfo = UTC,
    focus: FocusTerms | None = None,
) -> UsageBill:
    """Price every line at its own moment (`now` where it says none) and fold it into the totals of its groups.

    An answer that is logged again, by its id and with the same usage, is billed once; a span is not billed where calls
    below it are.

    Args:   by: what its totals are grouped by; a Grouping says in which zone, and what is asked of its days
            focus: how its charges are exported; None where they are not
    Raises: Malformed for what is no log of usage: not one of its first 100,000 lines can be read
    """
    grouping = by if isinstance(by, Grouping) else Grouping(by, zone)
    billing = begun(grouping, catalog, now, estimate, focus=focus)
    take_all(billing, lines)
    return billing.whole


def begun(
    grouping: Grouping,
    catalog: Snapshot,
    now: datetime,
    estimate: Estimate = inference_estimate,
    *,
    days: bool = True,
    focus: FocusTerms | None = None,
) -> "Billing":
    """A bill that nothing is on yet."""
    charges = None if focus is None else FocusCharges(focus, grouping.by, grouping.zone)
    whole = UsageBill(grouping, parts=PartNames(catalog, now), has_days=days, focus=charges)
    return Billing(whole, LinePrices(catalog, now, estimate), BillPrices(catalog), now)


def take_all(billing: "Billing", lines: Iterable[Line]) -> None:
    """Put every line of a log on a bill.

    Raises: Malformed for what is no log of usage: not one of its first 100,000 lines can be read
    """
    for line in lines:
        billing.take(line)
        if billing.whole.lines == _LOOKED_AT and billing.whole.malformed.count == _LOOKED_AT:
            raise _no_log(billing.whole.malformed)


_LOOKED_AT = 100_000
"""Lines after which it is told apart whether a log is damaged, or is none."""


def _no_log(faults: Faults) -> Malformed:
    first = faults.first[0]
    told = [QuoteFault(e["pointer"], f"line {first.line}: {e['detail']}", e["hint"]) for e in first.errors]
    return Malformed(
        f"not one of the first {_LOOKED_AT} lines can be read; line {first.line}: {first.detail}", faults=told
    )


class Billing:
    """A log on its way to a bill, line by line."""

    def __init__(self, whole: UsageBill, prices: LinePrices, bills: BillPrices, now: datetime) -> None:
        self.whole, self._prices, self._bills, self._now = whole, prices, bills, now
        self._repeats = Repeats()
        whole.trees = self._trees = SpanTrees(whole.withdraw)

    def take(self, line: Line) -> None:
        """One more line."""
        if isinstance(line, LogLine | BadLine):
            self._take_logged(line)
        elif isinstance(line, CallLine):
            self._take_call(line)
        else:
            self._take_beside(line)

    def _take_beside(self, line: MachineLine | BilledLine | PassedLine | Note) -> None:
        """A line that is no call."""
        whole = self.whole
        if isinstance(line, Note):
            whole.beside.note(line)
            return
        whole.lines += line.lines if isinstance(line, PassedLine) else 1
        if isinstance(line, PassedLine):
            whole.beside.pass_over(line)
            if line.span is not None:
                self._trees.go_through(line.span)
            whole.repeated_lines += line.lines if line.why in (Why.REPEATED, Why.ABOVE) else 0
            return
        at = line.start or self._now
        whole.undated_lines += line.start is None
        parts = whole.parts
        if isinstance(line, BilledLine):
            machine = parts.of_bill(line) if parts else None
            whole.add_bill(line, machine, at, self._bills.explained(line, at))
            return
        whole.beside.running_lines += line.is_running
        whole.add_machine(line, parts.named(line.accelerator) if parts else UNTYPED, at)

    def _take_call(self, line: CallLine) -> None:
        """A call that a tool tells, or a sum of them."""
        whole = self.whole
        whole.lines += 1
        fields = {
            "provider": line.provider, "model": line.model, "usage": line.counts, "as_of": line.at,
            "processing": line.processing, "region": line.region,
        }  # fmt: skip
        fields = {name: value for name, value in fields.items() if value is not None}
        logged = LogLine(line.line, fields, line.at, line.labels, ())
        try:
            priced = self._prices.priced_sum(line) if line.is_sum else self._priced(logged)
        except (ValidationError, QuoteError) as error:
            named = malformed(error, ApiUsage) if isinstance(error, ValidationError) else error
            whole.malformed.add(Fault.of(line.line, named))
            return
        at = line.at or self._now
        whole.future_lines += at > self._now
        whole.add(logged, priced, at, line.calls)

    def _take_logged(self, line: LogLine | BadLine) -> None:
        """A line of a log."""
        whole, span = self.whole, line.span
        whole.lines += 1
        if span is not None and self._trees.is_above(span):
            whole.repeated_lines += 1
            self._trees.pass_over(span, _tokens(line))
            return
        receipt, tokens = self._billed(line)
        if span is not None and receipt is not None:
            self._trees.add(span, tokens, receipt)

    def fault_of(self, line: LogLine | BadLine) -> Fault | None:
        """Why a line that is on the bill already has no price there; None where it has one."""
        return self.price_of(line)[1]

    def price_of(self, line: LogLine | BadLine) -> tuple[Decimal | None, Fault | None]:
        """What a line costs by itself, or why that is not known; nothing is put on the bill."""
        try:
            if isinstance(line, BadLine):
                raise line.error
            priced, _ = self._priced_at(line)
        except (ValidationError, QuoteError) as error:
            named = malformed(error, ApiUsage) if isinstance(error, ValidationError) else error
            return None, Fault.of(line.number, named)
        fault = Fault(line.number, "no-price", priced.gap, []) if priced.amount is None else None
        return priced.usd, fault

    def _billed(self, line: LogLine | BadLine) -> tuple[Receipt | None, int | None]:
        """What withdraws a line from the bill again, None for a repeated one; and what it counts in all."""
        whole = self.whole
        try:
            if isinstance(line, BadLine):
                raise line.error
            priced = self._priced(line)
        except (ValidationError, QuoteError) as error:
            named = malformed(error, ApiUsage) if isinstance(error, ValidationError) else error
            whole.malformed.add(Fault.of(line.number, named))
            return Receipt(line.number), None
        if line.answer_id:
            usage = (priced.called.provider, priced.called.model, tuple(priced.quantities))
            seen = self._repeats.seen(line.answer_id, usage)
            whole.forgot_ids = self._repeats.forgot
            whole.differing_lines += seen is Seen.OTHER
            if seen is Seen.SAME:
                whole.repeated_lines += 1
                return None, None
        at = line.at or self._now
        whole.future_lines += at > self._now
        requests = line.fields.get("requests", 1)
        receipt = whole.add(line, priced, at, requests if type(requests) is int else 1)
        return receipt, int(sum(quantity for _, quantity in priced.quantities)) if line.span else None

    def _priced(self, line: LogLine) -> Priced:
        """A line's price, at its model's maker where it names no provider.

        Raises: ValidationError, QuoteError
        """
        priced, is_inferred = self._priced_at(line)
        self.whole.inferred_lines += is_inferred
        return priced

    def _priced_at(self, line: LogLine) -> tuple[Priced, bool]:
        """A line's price, and whether it is read as its model's maker's.

        Raises: ValidationError, QuoteError
        """
        fields = line.fields
        seller = self._prices.seller_of(fields) if fields.get("provider") is None else None
        if seller is None:
            return self._prices.priced(fields), False
        return self._prices.priced({**fields, "provider": seller}), True


def _tokens(line: LogLine | BadLine) -> int | None:
    """What a span counts; None where it counts nothing that can be read."""
    response = line.fields.get("provider_response") if isinstance(line, LogLine) else None
    try:
        return tokens_of(response) if isinstance(response, Mapping) else None
    except QuoteError:
        return None


def told(whole: UsageBill, catalog: Snapshot, now: datetime) -> dict[str, Any]:
    """The answer: totals, and every line that is not in them."""
    is_complete = not whole.unpriced.count and not whole.malformed.count
    summed = ExactSum()
    for day in whole.by_day.values():
        summed.add(day.usd)
    priced, beside, quantities = plain(summed.usd), whole.beside, _quantities(whole)
    is_of_calls = not beside.machine_lines and not beside.billed_lines
    costs = MachineCosts(catalog, whole.terms, now) if beside.machine_lines else None
    answer: dict[str, Any] = {
        "lines": whole.lines,
        "priced_lines": whole.priced_lines,
        "repeated_lines": whole.repeated_lines,
        "calls": whole.calls,
        "cost_usd": priced if is_complete and is_of_calls else None,
        "priced_usd": priced,
        "is_complete": is_complete,
        "quantities": _counted(quantities or beside.sums.billed_quantities),
        **_billed(beside.sums, quantities, priced),
        "timezone": str(whole.grouping.zone),
        "totals": [total.told(costs) for _, total in sorted(whole.totals.items(), key=_place) if total.lines],
        "unpriced_lines": whole.unpriced.first,
        "malformed_lines": whole.malformed.first,
    }
    for name, faults in (("unpriced", whole.unpriced), ("malformed", whole.malformed)):
        if faults.count > MOST_IN_FULL:
            answer[f"further_{name}_lines"] = faults.further()
    dearest = {key: total.dearest.lines for key, total in whole.totals.items() if total.dearest is not None}
    answer |= looked_at(whole.grouping.looks, answer["totals"], whole.grouping, dearest, now)
    named = catalog.catalog_ref(now)
    warnings = [*named.warnings, *_warnings(whole)]
    warnings += whole.terms.unused(has_machines=costs is not None, has_export=whole.focus is not None)
    if costs is not None:
        cells = together(total.sums.cells for total in whole.totals.values() if total.sums is not None)
        answer |= _of_machines(costs, cells, priced)
        warnings += costs.warnings(cells)
    if whole.focus is not None:
        export = export_of(whole.focus, costs, named.release, LinePrices(catalog, now).maker_of)
        answer["focus"] = export.told()
        warnings += _left_out(whole, whole.focus, export)
    return answer | {"catalog": named, "warnings": warnings}


def _left_out(whole: UsageBill, charges: FocusCharges, export: Export) -> Iterator[Warning]:
    """What of a log is in no row of its export."""
    left = {
        "lines without a known price": whole.unpriced.count,
        "lines that cannot be read": whole.malformed.count,
        "lines of a seller's own bill": charges.billed_lines,
    }
    told = [f"{lines} {words}" for words, lines in left.items() if lines]
    told += [
        f"{hours} h of {part}, which nobody rents out" for part, hours in export.unpriced_accelerator_hours.items()
    ]
    if told:
        yield Warning("not-in-focus", f"in no row of the export: {'; '.join(told)}")


def _of_machines(costs: MachineCosts, cells: Cells, priced: Decimal) -> dict[str, Any]:
    """What machines cost, beside and together with calls, and what that rests on."""
    found = costs.of(cells)
    ends = found.cost_usd
    money = (
        () if ends is None else tuple(EXACT.add(priced, Decimal(end)) for end in (ends.low, ends.central, ends.high))
    )
    both = Range(*map(plain, money)) if money else None
    return {"machines": found, "calls_and_machines_usd": both, "machines_rest_on": costs.provenance()}


def _billed(sums: MachineSums, quantities: Mapping[str, int | Decimal], priced: Decimal) -> dict[str, Any]:
    """What is beside calls, and a bill beside our prices: beside the calls' own dollars where there are any."""
    found, calls = sums.told(), bool(quantities)
    if sums.comparison is not None:
        found["billed_beside_priced"] = sums.comparison.told(priced if calls else None)
    if calls and sums.billed_quantities:
        found["billed_quantities"] = _counted(sums.billed_quantities)
    return found


def _quantities(whole: UsageBill) -> dict[str, int | Decimal]:
    """How many of each meter the calls have in all."""
    summed: dict[str, int | Decimal] = {}
    for total in whole.totals.values():
        for meter, quantity in total.quantities.items():
            summed[meter] = summed.get(meter, 0) + quantity
    return summed


def _counted(quantities: Mapping[str, int | Decimal]) -> dict[str, int | Decimal]:
    """Meter -> how many, as an answer gives it."""
    return {meter: plain(q) if isinstance(q, Decimal) else q for meter, q in quantities.items() if q}


def for_eyes(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with the differences of each group as a sum a cause; those of the whole keep their reasons."""
    return {**answer, "totals": [_with_sums(total) for total in answer["totals"]]}


def _with_sums(total: Mapping[str, Any]) -> dict[str, Any]:
    if "billed_beside_priced" not in total:
        return dict(total)
    beside, sums = dict(total["billed_beside_priced"]), dict[str, Decimal]()
    for one in beside.pop("causes"):
        sums[one["cause"]] = EXACT.add(sums.get(one["cause"], Decimal(0)), one["usd"])
    differs = {name: beside[name] for name in ("difference_usd", "unexplained_usd")}
    return {**total, "billed_beside_priced": differs | {cause: plain(usd) for cause, usd in sums.items()}}


def table(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer as one row a group, and one for the lines that are in none: what a spreadsheet reads."""
    rows = for_eyes(answer)["totals"] or [{"lines": 0, "priced_usd": 0, "cost_usd": answer["cost_usd"]}]
    further = answer.get("further_malformed_lines", {}).values()
    bad = len(answer["malformed_lines"]) + sum(len(lines) for lines in further)
    if bad:
        rows.append({"malformed_lines": bad})
    return {"rows": rows}


def _place(total: tuple[tuple[Any, ...], Total]) -> list[tuple[bool, int, str]]:
    """Totals in the order of their groups: what has no label first, lines by number."""
    return [(part is not None, part if isinstance(part, int) else 0, str(part)) for part in total[0]]


def _warnings(whole: UsageBill) -> Iterator[Warning]:
    if whole.malformed.count:
        detail = f"{whole.malformed.count} lines are not in the totals: they cannot be read"
        yield Warning("malformed-lines", detail)
    if whole.unpriced.count:
        yield Warning("unpriced-lines", f"{whole.unpriced.count} lines have no known price: cost_usd is unknown")
    if whole.undated_lines:
        detail = f"{whole.undated_lines} lines say no timestamp: they are priced at today's prices and counted today"
        yield Warning("undated-lines", detail)
    if whole.future_lines:
        detail = f"{whole.future_lines} lines lie ahead of now: only price changes announced by this release are known"
        yield Warning("as-of-in-future", detail)
    if whole.inferred_lines:
        detail = f"{whole.inferred_lines} lines name no provider: they are priced as their model's maker's"
        yield Warning("provider-from-model", detail)
    if whole.repeated_lines or whole.differing_lines:
        yield Warning("repeated-answers", _repeats(whole))
    for code, (lines, first, detail) in whole.said.items():
        yield Warning(code, f"{lines} lines, the first of them line {first}: {detail}")
    yield from _of_delivered(whole)
    if whole.ignored:
        yield Warning("ignored-fields", f"fields that say nothing about a price: {', '.join(whole.ignored)}")
    for name, code, faults in (
        ("unpriced", "unpriced-lines-cut", whole.unpriced),
        ("malformed", "malformed-lines-cut", whole.malformed),
    ):
        if faults.count > MOST_IN_FULL:
            told = (
                f"{MOST_IN_FULL} of {faults.count} are told in full; further_{name}_lines has the numbers of the rest"
            )
            yield Warning(code, told)


def _of_delivered(whole: UsageBill) -> Iterator[Warning]:
    """What there is to say of a file that a tool delivered."""
    if whole.parts is not None:
        yield from whole.beside.warnings(whole.parts)
    if whole.uncounted_lines:
        detail = f"{whole.uncounted_lines} lines are sums of calls and do not say of how many: calls leaves them out"
        yield Warning("requests-together", detail)
    if whole.beside.billed_lines:
        yield Warning(
            "bills-not-priced",
            f"{whole.beside.billed_lines} lines are of a seller's bill, not in priced_usd: see billed_beside_priced",
        )


def _repeats(whole: UsageBill) -> str:
    told, trees = [], whole.trees
    above = 0 if trees is None else trees.above
    again = whole.beside.passed.get(Why.REPEATED, 0)
    apart = above + again + whole.beside.passed.get(Why.ABOVE, 0)
    if whole.repeated_lines > apart:
        told.append(f"{whole.repeated_lines - apart} lines repeat an answer by its id and its usage: billed once")
    if whole.differing_lines:
        told.append(f"{whole.differing_lines} lines repeat an id with another usage: all are billed")
    if again:
        told.append(f"{again} lines are told again by a later line of the same identity, and the last of them counts")
    if whole.beside.passed.get(Why.ABOVE):
        told.append(f"{whole.beside.passed[Why.ABOVE]} lines are agents above calls that count, and are not billed")
    if whole.forgot_ids:
        told.append(f"repeats more than {MOST_REMEMBERED} answers apart are not looked for")
    if trees is not None and above:
        told.append(f"{above} spans stand above calls that are billed, and are not billed themselves")
        if trees.differing:
            told.append(f"{trees.differing} of them count otherwise than the calls below them, which are billed")
        if trees.forgot:
            told.append(f"calls more than {MOST_SPANS} spans apart from the one above them are not looked for")
    return "; ".join(told)
