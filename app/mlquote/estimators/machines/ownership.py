"""What an accelerator-hour costs an owner: chips, servers and network losing value, after Epoch AI's method.

Energy is priced beside it, from the footprint's own kWh; hosting stands apart, as in that method; staff is not in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import hypot, log
from statistics import median

from mlquote.catalog.intervals import holds
from mlquote.catalog.rows import Accelerator, CostFactor, PurchasePrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of, spell_of
from mlquote.estimators.asking.finding import Finding, found, unknown
from mlquote.estimators.asking.question import Premises
from mlquote.estimators.asking.selecting import StandIn, from_another_time, said
from mlquote.estimators.machines.cost_factors import cost_factor
from mlquote.estimators.machines.own_part import own_purchase_usd
from mlquote.estimators.machines.parts import kin
from mlquote.estimators.machines.premises import DATACENTRE, is_card
from mlquote.formulas.ownership import cluster_value, remaining_value_fraction, value_loss_per_hour
from mlquote.formulas.uncertainty import Z80, Uncertain, doubtful
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


def capital_of(
    accelerator: Accelerator, catalog: Snapshot, when: datetime, premises: Premises = DATACENTRE
) -> Finding[Capital | None]:
    """Capital cost of one accelerator-hour at a moment, and its shares; None where no price of the part is known.

    Args:    premises: a data centre's machine is a share of a server and of the cluster's network; in an office or at
             home a card sits in a machine bought for it, and a part with a board of its own in its server
    """
    spell = spell_of(when, changes_of(catalog, "purchase_prices", "cost_factors"))
    return catalog.remembered(_capital, (accelerator, premises, spell))


@dataclass(frozen=True, slots=True)
class _Factors:
    """What turns a chip's price into an owner's capital."""

    server: CostFactor
    network: CostFactor
    growth: CostFactor

    @property
    def rows(self) -> tuple[CostFactor, ...]:
        return self.server, self.network, self.growth


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a chip, dollars, and the rows and words of it."""

    host: float
    network: float
    log_sd: float
    """Doubt of the host's price, in natural-log units of it."""
    why: str
    rows: tuple[CostFactor, ...]


def _capital(catalog: Snapshot, asked: tuple[Accelerator, Premises, datetime]) -> Finding[Capital | None]:
    accelerator, premises, when = asked
    bought = own_purchase_usd(accelerator)
    part, rows = (accelerator.id, ()) if bought is not None else _prices(accelerator, catalog)
    if bought is None and not rows:
        return unknown("no-purchase-price", f"no purchase price of {accelerator.id} is known: amortised unknown")
    near = _near(rows, when) if rows else []
    product = accelerator.product if part == accelerator.id else catalog.accelerator(part, when).product
    factors = _Factors(
        cost_factor("server_cost_ratio", catalog, when, subject=product),
        cost_factor("cluster_interconnect_fraction", catalog, when),
        cost_factor("price_performance_growth", catalog, when),
    )
    overhead, growth = factors.server.value, factors.growth.value
    chip = median([_chip_value(row, overhead, growth, when) for row in near] or [float(bought or 0)])
    around = _around(chip, factors, _machine(accelerator, premises, catalog, when), premises)
    whole = chip + around.host + around.network
    guessed = bool(near) and all(row.form == "estimate" for row in near)
    log_sd = catalog.doubt(CAPITAL, "estimate" if guessed else "") + _sibling_log_sd(part, accelerator, catalog)
    log_sd = hypot(log_sd, around.log_sd * around.host / whole)
    finding = found(
        CAPITAL, doubtful(value_loss_per_hour(whole, growth), log_sd, CAPITAL), "$/h", basis="derived",
        why=f"{chip:,.0f} $ for a chip worth that at the date, {around.why}, losing {growth:g} orders of magnitude a "
        "year (Cottier et al. 2024), staff apart",
        rows=(
            *[catalog.ref("purchase_prices", row) for row in near[:4]],
            *[catalog.ref("cost_factors", row) for row in (*around.rows, factors.growth)],
        ),
        warnings=said(_stand_ins(part, accelerator, near, factors, when)),
    )  # fmt: skip
    parts = (chip, around.host, around.network)
    return finding.of(Capital(finding.value, CapitalShares(*(value_loss_per_hour(each, growth) for each in parts))))


def _machine(accelerator: Accelerator, premises: Premises, catalog: Snapshot, when: datetime) -> CostFactor | None:
    """What a machine bought for a card at a desk costs beside it; None where the part sits in a server of its own."""
    if premises == DATACENTRE or not is_card(accelerator):
        return None
    return cost_factor("workstation_host_usd_per_accelerator", catalog, when)


def _around(chip: float, factors: _Factors, machine: CostFactor | None, premises: Premises) -> _Around:
    """Server and network of a data centre; elsewhere a server without one, or the machine around a card."""
    ratio, share = factors.server.value, factors.network.value
    server = chip * (ratio - 1)
    if premises == DATACENTRE:
        network = cluster_value(chip, ratio, share) - chip * ratio
        words = f"x {ratio:g} for the server, / {1 - share:g} for the network"
        return _Around(server, network, 0.0, words, (factors.server, factors.network))
    if machine is None:
        return _Around(server, 0.0, 0.0, f"x {ratio:g} for the server, without a cluster's network", (factors.server,))
    assert machine.low is not None and machine.high is not None
    doubt = log(machine.high / machine.low) / (2 * Z80)
    words = f"and {machine.value:,.0f} $ for its share of a machine bought for it"
    return _Around(machine.value, 0.0, doubt, words, (machine,))


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
