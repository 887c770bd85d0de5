"""What an accelerator-hour costs an owner: chips, servers and network losing value, after Epoch AI's method.

Energy is priced beside it, from the footprint's own kWh; hosting stands apart, as in that method; staff is not in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from mlquote.catalog.intervals import holds
from mlquote.catalog.rows import Accelerator, CostFactor, PurchasePrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of, spell_of
from mlquote.estimators.asking.finding import Finding, found, unknown
from mlquote.estimators.asking.selecting import StandIn, from_another_time, said
from mlquote.estimators.machines.cost_factors import cost_factor
from mlquote.estimators.machines.parts import kin
from mlquote.formulas.ownership import cluster_value, remaining_value_fraction, value_loss_per_hour
from mlquote.formulas.uncertainty import Uncertain, doubtful
from mlquote.kit.units import DAYS_PER_YEAR

CAPITAL = "capital_usd_per_accelerator_hour"
WINDOW_DAYS = 400


@dataclass(frozen=True, slots=True)
class CapitalShares:
    """Capital of one accelerator-hour by what it buys, dollars; they add up to the whole."""

    chips: float
    servers: float
    network: float


@dataclass(frozen=True, slots=True)
class Capital:
    """What an owned accelerator-hour costs in capital, $/h, and what that buys."""

    usd_per_hour: Uncertain
    shares: CapitalShares


def capital_of(accelerator: Accelerator, catalog: Snapshot, when: datetime) -> Finding[Capital | None]:
    """Capital cost of one accelerator-hour at a moment, and its shares; None where no price of the part is known."""
    spell = spell_of(when, changes_of(catalog, "purchase_prices", "cost_factors"))
    return catalog.remembered(_capital, (accelerator, spell))


@dataclass(frozen=True, slots=True)
class _Factors:
    """What turns a chip's price into an owner's capital."""

    server: CostFactor
    network: CostFactor
    growth: CostFactor

    @property
    def rows(self) -> tuple[CostFactor, ...]:
        return self.server, self.network, self.growth


def _capital(catalog: Snapshot, asked: tuple[Accelerator, datetime]) -> Finding[Capital | None]:
    accelerator, when = asked
    part, rows = _prices(accelerator, catalog)
    if not rows:
        return unknown("no-purchase-price", f"no purchase price of {accelerator.id} is known: amortised unknown")
    near = _near(rows, when)
    factors = _Factors(
        cost_factor("server_cost_ratio", catalog, when, subject=catalog.accelerator(part, when).product),
        cost_factor("cluster_interconnect_fraction", catalog, when),
        cost_factor("price_performance_growth", catalog, when),
    )
    overhead, growth = factors.server.value, factors.growth.value
    chip = median(_chip_value(row, overhead, growth, when) for row in near)
    whole = cluster_value(chip, overhead, factors.network.value)
    guessed = all(row.form == "estimate" for row in near)
    log_sd = catalog.doubt(CAPITAL, "estimate" if guessed else "") + _sibling_log_sd(part, accelerator, catalog)
    finding = found(
        CAPITAL, doubtful(value_loss_per_hour(whole, growth), log_sd, CAPITAL), "$/h", basis="derived",
        why=f"{chip:,.0f} $ for a chip worth that at the date, x {overhead:g} for the server, "
        f"/ {1 - factors.network.value:g} for the network, losing {growth:g} orders of magnitude a year "
        "(Cottier et al. 2024), staff apart",
        rows=(
            *[catalog.ref("purchase_prices", row) for row in near[:4]],
            *[catalog.ref("cost_factors", row) for row in factors.rows],
        ),
        warnings=said(_stand_ins(part, accelerator, near, factors, when)),
    )  # fmt: skip
    parts = (chip, chip * (overhead - 1), whole - chip * overhead)
    return finding.of(Capital(finding.value, CapitalShares(*(value_loss_per_hour(each, growth) for each in parts))))


def _near(rows: Sequence[PurchasePrice], when: datetime) -> list[PurchasePrice]:
    """The sale nearest in time and those not much farther: sales to come only where none was made not long before."""
    made = [row for row in rows if 0 <= (when - _sold(row)).days <= WINDOW_DAYS]
    near = sorted(made or rows, key=lambda row: abs((when - _sold(row)).days))
    nearest = abs((when - _sold(near[0])).days)
    return [row for row in near if abs((when - _sold(row)).days) <= nearest + WINDOW_DAYS]


def _sibling_log_sd(part: str, accelerator: Accelerator, catalog: Snapshot) -> float:
    return catalog.doubt(CAPITAL, "sibling") if part != accelerator.id else 0.0


def _stand_ins(
    part: str, accelerator: Accelerator, near: Sequence[PurchasePrice], factors: _Factors, when: datetime
) -> Iterator[StandIn]:
    """A sibling's price, sales of another date, and factors that do not hold at the moment."""
    if part != accelerator.id:
        detail = f"no purchase price of {accelerator.id} is known: {part} stands in"
        yield StandIn("price-from-sibling-part", detail)
    if not all(holds(row, when) for row in near):
        detail = f"sales of {part} of another date stand in: the nearest is of {_sold(near[0]):%Y-%m-%d}"
        yield StandIn("price-from-another-date", detail)
    for row in factors.rows:
        yield from from_another_time(row.id, row, when)


def _prices(accelerator: Accelerator, catalog: Snapshot) -> tuple[str, tuple[PurchasePrice, ...]]:
    """Prices of the part, or of the likeliest sibling that has any."""
    for part in (accelerator.id, *kin(accelerator, catalog)):
        rows = catalog.versions("purchase_prices", accelerator=part)
        if rows:
            return part, rows
    return accelerator.id, ()


def _chip_value(row: PurchasePrice, server_over_chip: float, oom_per_year: float, when: datetime) -> float:
    """What the chip of one sale is worth at `when`: out of its server's price, less the loss since (no gain before)."""
    chip = float(row.usd) / (server_over_chip if row.form == "system_share" else 1.0)
    years = max((when - _sold(row)).days, 0) / DAYS_PER_YEAR
    return chip * remaining_value_fraction(years, oom_per_year)


def _sold(row: PurchasePrice) -> datetime:
    assert row.effective_from is not None
    return row.effective_from
