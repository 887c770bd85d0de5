"""A part that was read -> what it takes before it is spread over months, with all that an answer must say of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.faults import below
from mlquote.estimators.asking.finding import Figure, Finding
from mlquote.estimators.asking.money import usd_range
from mlquote.estimators.machines.parts import accelerator_of
from mlquote.estimators.machines.place import place_of
from mlquote.estimators.machines.rental import rate_of
from mlquote.estimators.machines.storage_prices import EGRESS, STORAGE, price_per_gb
from mlquote.estimators.projects.flows import FIGURES, Base, Ends, ends_of
from mlquote.estimators.projects.given import IdleReserve, LineItem, SentData, StoredData
from mlquote.estimators.projects.reading import PartRead, PricedKind
from mlquote.estimators.projects.sources import Sources
from mlquote.kit.errors import QuoteError
from mlquote.kit.money import EXACT
from mlquote.kit.provenance import Answer, Assumption, RowRef, Warning
from mlquote.kit.units import HOURS_PER_MONTH


@dataclass(frozen=True, slots=True)
class PartPriced:
    """What a part takes, on which basis its dollars are, and what is to be told of it."""

    base: Base
    basis: str | None
    """`rental`, `amortised`, or None where no machine of one's own or another's is paid."""
    bound: str | None = None
    told: tuple[Assumption, ...] = ()
    rows: tuple[RowRef, ...] = ()
    warnings: tuple[Warning, ...] = ()


@dataclass(slots=True)
class Desk:
    """What every part of a project is asked with; a question that was answered once is not asked again."""

    catalog: Snapshot
    now: datetime
    moment: datetime
    card: Any = None
    answers: dict[str, Answer] = field(default_factory=dict)
    most: int = 120
    """Estimates that one project may take."""
    cells: int = 0
    """Months of parts that were reckoned, of the project, its what-ifs and its alternative."""
    most_cells: int = 20_000

    def answer(self, part: PartRead) -> Answer:
        """The answer to a part's question at the project's moment, from its release.

        Raises: QuoteError, its pointers below the part
        """
        member, asked = part.member, part.asked
        assert member is not None and asked is not None
        pinned = asked.model_copy(update={"as_of": self.moment, "release": self.catalog.release.id})
        key = f"{member.kind} {pinned!r}"
        if key not in self.answers:
            self.answers[key] = self._asked(member, pinned, part.pointer)
        return self.answers[key]

    def _asked(self, member: PricedKind, pinned: Any, pointer: str) -> Answer:
        under = member.under_card(self.card) if self.card is not None and member.under_card is not None else None
        named = getattr(pinned, "rate_card", None) is not None
        estimate = under if under is not None and named else member.estimate
        try:
            return estimate(pinned, self.catalog, self.now)
        except QuoteError as error:
            raise below(error, pointer) from error


def priced(part: PartRead, desk: Desk, sources: Sources) -> PartPriced:
    """What a part takes.

    Raises:  QuoteError as its estimator has it, below the part
    """
    if part.member is not None:
        return _asked(part, part.member, desk.answer(part), sources)
    given = part.given
    if isinstance(given, LineItem):
        return _line(part.name, given, sources)
    if isinstance(given, StoredData | SentData):
        return _data(part, given, desk, sources)
    assert isinstance(given, IdleReserve)
    return _idle(part, given, desk, sources)


def _asked(part: PartRead, member: PricedKind, answer: Answer, sources: Sources) -> PartPriced:
    """A part that an estimator answers; of a rate, an hour of it."""
    base, basis = base_of(part.name, member, answer, sources), basis_told(answer.question)
    return PartPriced(base, basis, None, (), answer.rows, answer.warnings)


def base_of(name: str, member: PricedKind, answer: Answer, sources: Sources) -> Base:
    """What an answer of a kind takes of each figure, its doubts by the names that `sources` gives them."""
    figures = {figure: ends_of(read(answer)) for figure, read in member.spends.items() if figure in FIGURES}
    doubts = {
        figure: sources.of_answer(name, answer, member.doubts.get(figure, figure))
        for figure, amount in figures.items()
        if amount is not None and not amount.is_exact
    }
    return Base(name, figures, doubts)


def basis_told(asked: Mapping[str, Any]) -> str | None:
    """What an answer's dollars of machines mean; None where it is about no machines."""
    if "cost_basis" not in asked:
        return None
    said = asked["cost_basis"]
    return str(said) if said is not None else "amortised" if asked.get("price_model") == "owned" else "rental"


def _line(name: str, line: LineItem, sources: Sources) -> PartPriced:
    usd = line.dollars
    assert usd is not None
    low, high = (usd, usd) if line.usd_low is None or line.usd_high is None else (line.usd_low, line.usd_high)
    figures: dict[str, Ends | None] = {"cost_usd": Ends(low, usd, high)}
    others = {"accelerator_hours": line.hours, "energy_kwh": line.energy_kwh, "emissions_kgco2e": line.emissions_kgco2e}
    figures |= {figure: Ends(value, value, value) for figure, value in others.items() if value is not None}
    doubts: dict[str, Mapping[str, float]] = {}
    if low != high:
        doubts["cost_usd"] = sources.of_name(name, line.doubt) if line.doubt else sources.own(name)
    basis = line.cost_basis or ("rental" if line.hours is not None else None)
    ends = (None, None) if low == high else (low, high)
    said = Assumption(name, usd, "$", ends[0], ends[1], "given", "given in the question", line.source_url or "")
    return PartPriced(Base(name, figures, doubts), basis, line.bound, (said,))


def _data(part: PartRead, given: StoredData | SentData, desk: Desk, sources: Sources) -> PartPriced:
    """Storage or egress at a price of one's own, or a list price."""
    place = _placed(part, given, desk)
    if isinstance(given, StoredData):
        factor, amount, own = STORAGE, given.gb, given.usd_per_gb_month
    else:
        factor, amount, own = EGRESS, given.egress_gb, given.usd_per_egress_gb
    rate = price_per_gb(factor, own, place.value, desk.catalog, desk.moment)
    return _rated(part, rate, Decimal(str(amount)), {}, sources, place)


def _idle(part: PartRead, given: IdleReserve, desk: Desk, sources: Sources) -> PartPriced:
    """Machines that wait: their hours at the price of the market, a seller, or one's own."""
    try:
        chip = accelerator_of(given.accelerator, desk.catalog, desk.moment)
    except QuoteError as error:
        raise below(error, part.pointer) from error
    place = _placed(part, given, desk)
    rate = rate_of(
        chip.value, place.value, desk.catalog, desk.moment,
        price_model=given.price_model, usd_per_accelerator_hour=given.usd_per_accelerator_hour,
    )  # fmt: skip
    hours = EXACT.multiply(Decimal(str(given.idle_hours or HOURS_PER_MONTH)), given.accelerator_count)
    return _rated(part, rate, hours, {"accelerator_hours": Ends(hours, hours, hours)}, sources, chip, place)


def _placed(part: PartRead, given: Any, desk: Desk) -> Finding[Any]:
    try:
        return place_of(desk.catalog, desk.moment, provider=given.provider, region=given.region)
    except QuoteError as error:
        raise below(error, part.pointer) from error


def _rated(
    part: PartRead,
    rate: Figure,
    amount: Decimal,
    beside: Mapping[str, Ends],
    sources: Sources,
    *found: Finding[Any],
) -> PartPriced:
    """So much of something at a rate that was found, or was not."""
    ends = _dollars(rate, amount)
    figures: dict[str, Ends | None] = {"cost_usd": ends, **beside}
    doubts: dict[str, Mapping[str, float]] = {}
    if ends is not None and not ends.is_exact:
        doubts["cost_usd"] = sources.of_rate(part.name, rate, found)
    told = (*rate.assumptions, *(each for finding in found for each in finding.assumptions))
    rows = (*rate.rows, *(row for finding in found for row in finding.rows))
    warnings = (*rate.warnings, *(each for finding in found for each in finding.warnings))
    basis = "rental" if "accelerator_hours" in beside else None
    return PartPriced(Base(part.name, figures, doubts), basis, None, told, rows, warnings)


def _dollars(rate: Figure, amount: Decimal) -> Ends | None:
    """So much at a rate: exactly where the price is given, else to the cent."""
    if rate.value is None:
        return None
    if not rate.value.loads:
        usd = EXACT.multiply(Decimal(str(rate.value.median)), amount)
        return Ends(usd, usd, usd)
    return ends_of(usd_range(rate.value * float(amount)))
