"""Who may rent a planned run its machines, and what an accelerator-hour takes there: dollars, kWh and kg CO2e."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import nan
from typing import Any

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of, day_of
from mlquote.catalog.tables import TABLE
from mlquote.estimators.machines.on_sale import JOINED, Sale, on_sale
from mlquote.estimators.machines.parts import accelerator_of
from mlquote.estimators.machines.place import place_of
from mlquote.estimators.planning.training_question import TrainingPlan
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.standing import Standing
from mlquote.formulas.uncertainty import Uncertain
from mlquote.kit.errors import OutOfDomain, unknown_name
from mlquote.kit.units import WATTS_PER_KILOWATT

OWN = "owned"
USUAL_MACHINE = 8


@dataclass(frozen=True, slots=True)
class Seller:
    """One part of one seller in one place on one kind of terms, and what an hour of it takes; NaN is unknown."""

    sale: Sale
    part: Accelerator
    usd: float
    """Of an accelerator-hour, of spot without what interruptions repeat."""
    kwh: float
    kg: float
    zone: str | None

    @property
    def is_spot(self) -> bool:
        """It may be taken away."""
        return self.sale.price_model == "spot"

    @property
    def named(self) -> tuple[str, str, str, str]:
        """What it is called by, to break ties."""
        return self.part.id, self.sale.provider, self.sale.region or "", self.sale.price_model


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a question says of every place."""

    sale: Sale
    day: datetime
    usd: Decimal | None
    kgco2e_per_kwh: float | None
    pue: float | None
    grid_zone: str | None


def sellers_of(question: TrainingPlan, catalog: Snapshot, when: datetime) -> tuple[Seller, ...]:
    """All that the question allows, sorted.

    Raises:  UnknownName for a name; OutOfDomain where nothing that it allows is on sale, naming the field
    """
    parts = _parts(question, catalog, when)
    if question.usd_per_accelerator_hour is not None or OWN in question.price_model:
        sales = _own(question, parts, catalog, when)
    else:
        sales = _kept(question, parts, on_sale(catalog, when), catalog, when)
    day = day_of(when, changes_of(catalog, *TABLE))
    zone = question.grid_zone if sales and not sales[0].provider else None
    said = (day, question.usd_per_accelerator_hour, question.kgco2e_per_kwh, question.pue, zone)
    found = tuple(catalog.remembered(_seller, _Terms(sale, *said)) for sale in sales)
    if question.grid_zone is None or zone is not None:
        return found
    grid = place_of(catalog, when, grid_zone=question.grid_zone).value.grid
    inside = tuple(each for each in found if each.sale.region and grid is not None and each.zone == grid.zone)
    if not inside:
        zones = sorted({each.zone for each in found if each.sale.region and each.zone})
        detail = f"no region in {question.grid_zone} rents out what is asked for"
        raise OutOfDomain(detail, pointer="/grid_zone", hint=f"one of {', '.join(zones[:12])}")
    return inside


def question_at(sale: Sale, plan: TrainingPlan, **said: Any) -> TrainingQuestion:
    """The training question of a run at a seller, under what the plan says of every run.

    Args:    said: model, tokens, count, precision
    """
    zone = plan.grid_zone if not sale.provider else None
    fields = {name: getattr(plan, name) for name in _PASSED if getattr(plan, name) is not None}
    return TrainingQuestion(
        accelerator=sale.part, provider=sale.provider or None, region=sale.region, price_model=sale.price_model,
        grid_zone=zone, **fields, **said,
    )  # fmt: skip


_PASSED = (
    "usd_per_accelerator_hour", "kgco2e_per_kwh", "pue", "mfu", "goodput_fraction", "optimizer", "recompute",
    "micro_batch_size", "flop_convention", "experiments_multiplier", "date", "as_of", "release",
)  # fmt: skip


def _parts(question: TrainingPlan, catalog: Snapshot, when: datetime) -> tuple[str, ...] | None:
    if question.accelerator is None:
        return None
    return tuple(accelerator_of(name, catalog, when).value.id for name in question.accelerator)


def _own(question: TrainingPlan, parts: Sequence[str] | None, catalog: Snapshot, when: datetime) -> tuple[Sale, ...]:
    """Machines of one's own, or at a price of one's own: nobody lists how many there are."""
    if question.price_model != (OWN,) and OWN in question.price_model:
        detail = "what is owned is not rented: amortised dollars and rents are not ranked beside each other"
        raise OutOfDomain(detail, pointer="/price_model", hint="owned alone, or terms of renting")
    if not parts or (question.usd_per_accelerator_hour is not None and len(parts) > 1):
        raise OutOfDomain(
            "a price or a machine of one's own is of one accelerator", pointer="/accelerator", hint="name it"
        )
    for name in ("provider", "region"):
        if getattr(question, name) is not None:
            raise OutOfDomain(f"a machine or price of one's own has no {name}", pointer=f"/{name}", hint="leave it out")
    terms = question.price_model[0]
    found = []
    for part in parts:
        node = catalog.accelerator(part, when).accelerators_per_node or USUAL_MACHINE
        listed = tuple(count for count in (1, 2, 4, 8) if count <= node)
        found.append(Sale(part, "", None, terms, listed, node if node >= JOINED else None))
    return tuple(found)


def _kept(
    question: TrainingPlan, parts: Sequence[str] | None, sales: Sequence[Sale], catalog: Snapshot, when: datetime
) -> tuple[Sale, ...]:
    """What is on sale and allowed, one wish after the other: the one that leaves nothing is named."""
    wishes: list[tuple[str, Callable[[Sale], str | None], Sequence[str] | None]] = [
        ("price_model", lambda sale: sale.price_model, question.price_model),
        ("accelerator", lambda sale: sale.part, parts),
        ("provider", lambda sale: sale.provider, _providers(question, catalog, when)),
        ("region", lambda sale: sale.region, question.region and [name.casefold() for name in question.region]),
    ]
    for field, read, wanted in wishes:
        if wanted is None:
            continue
        held = {read(sale) or "" for sale in sales}
        for name in wanted:
            if field == "region" and not any(sale.region == name for sale in on_sale(catalog, when)):
                raise unknown_name("region", name, sorted(each for each in held if each), pointer="/region")
        left = [sale for sale in sales if read(sale) in wanted]
        if not left:
            detail = f"nothing that is asked for is on sale with {field} {', '.join(wanted)} at that date"
            raise OutOfDomain(detail, pointer=f"/{field}", hint=f"one of {', '.join(sorted(held)[:20])}")
        sales = left
    return tuple(sales)


def _providers(question: TrainingPlan, catalog: Snapshot, when: datetime) -> tuple[str, ...] | None:
    if question.provider is None:
        return None
    return tuple(place_of(catalog, when, provider=name).value.provider or "" for name in question.provider)


def _seller(catalog: Snapshot, terms: _Terms) -> Seller:
    """An hour as the training estimate has it: the medians of its rent, draw, overhead, grid and making."""
    sale = terms.sale
    asked = TrainingQuestion(
        params=10**9, accelerator=sale.part, provider=sale.provider or None, region=sale.region,
        price_model=sale.price_model, usd_per_accelerator_hour=terms.usd, grid_zone=terms.grid_zone,
        kgco2e_per_kwh=terms.kgco2e_per_kwh, pue=terms.pue,
    )  # fmt: skip
    stands = Standing(asked, catalog, terms.day)
    draw, site = stands.draw.system_w, stands.site
    kwh = draw.median / WATTS_PER_KILOWATT * site.pue.value.median if draw else nan
    kg = kwh * site.kgco2e_per_kwh.value.median + _median(stands.embodied.value)
    usd = _median(stands.rate.value)
    if asked.is_amortised:
        capital = stands.capital.value
        usd = capital.usd_per_hour.median + kwh * _median(stands.electricity.value) if capital else nan
    return Seller(sale, stands.accelerator.value, usd, kwh, kg, site.zone)


def _median(value: Uncertain | None) -> float:
    return nan if value is None else value.median
