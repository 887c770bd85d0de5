"""What an accelerator-hour costs an owner: chips, servers and network losing value, after Epoch AI's method.

Energy is priced beside it, from the footprint's own kWh; hosting stands apart, as in that method; staff is not in it.
"""

from dataclasses import dataclass
from datetime import datetime
from statistics import median

from mlquote.catalog.rows import Accelerator, PurchasePrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import MOST_REMEMBERED, Finding, changes_of, found, spell_of, unknown
from mlquote.estimators.machines.cost_factors import cost_factor
from mlquote.estimators.machines.parts import kin
from mlquote.formulas.ownership import cluster_value, remaining_value_fraction, value_loss_per_hour
from mlquote.formulas.uncertainty import Uncertain, doubtful
from mlquote.kit.provenance import Warning
from mlquote.kit.units import DAYS_PER_YEAR

CAPITAL = "capital_usd_per_accelerator_hour"
CAPITAL_LOG_SD = 0.25
"""Doubt of an owned hour's capital: prices asked for one part in one year spread by 10 to 25 %, and the server and
network shares by as much (Cottier et al. 2024 give a factor 2 to 3 between their 5th and 95th percentiles)."""
ESTIMATE_LOG_SD = 0.45
"""Doubt where nobody ever bought the part (TPUs): a manufacturing-cost estimate."""
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
    return catalog.derived(_Book).capital(accelerator, when)


class _Book:
    """Owned costs of one snapshot, worked out once per part and spell."""

    def __init__(self, catalog: Snapshot) -> None:
        self._catalog = catalog
        self._changes = changes_of(catalog, "purchase_prices", "cost_factors")
        self._known: dict[tuple[str, datetime], Finding[Capital | None]] = {}

    def capital(self, accelerator: Accelerator, when: datetime) -> Finding[Capital | None]:
        """See `capital_of`."""
        when = spell_of(when, self._changes)
        key = (accelerator.id, when)
        if key not in self._known:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = _capital(accelerator, self._catalog, when)
        return self._known[key]


def _capital(accelerator: Accelerator, catalog: Snapshot, when: datetime) -> Finding[Capital | None]:
    part, rows = _prices(accelerator, catalog)
    if not rows:
        return unknown("no-purchase-price", f"no purchase price of {accelerator.id} is known: amortised unknown")
    near = sorted(rows, key=lambda row: abs((when - _sold(row)).days))
    nearest = abs((when - _sold(near[0])).days)
    near = [row for row in near if abs((when - _sold(row)).days) <= nearest + WINDOW_DAYS]
    server = cost_factor("server_cost_ratio", catalog, when, subject=part.split("-", maxsplit=1)[0].upper())
    network = cost_factor("cluster_interconnect_fraction", catalog, when)
    growth = cost_factor("price_performance_growth", catalog, when)
    overhead = server.value
    chip = median(_chip_value(row, overhead, growth.value, when) for row in near)
    whole = cluster_value(chip, overhead, network.value)
    hourly = value_loss_per_hour(whole, growth.value)
    guessed = all(row.form == "estimate" for row in near)
    sibling = part != accelerator.id
    log_sd = (ESTIMATE_LOG_SD if guessed else CAPITAL_LOG_SD) + (0.15 if sibling else 0.0)
    detail = f"no purchase price of {accelerator.id} is known: {part} stands in"
    finding = found(
        CAPITAL, doubtful(hourly, log_sd, CAPITAL), "$/h", basis="derived",
        why=f"{chip:,.0f} $ for a chip worth that at the date, x {overhead:g} for the server, / {1 - network.value:g} "
        f"for the network, losing {growth.value:g} orders of magnitude a year (Cottier et al. 2024), staff apart",
        rows=(
            *[catalog.ref("purchase_prices", row) for row in near[:4]],
            *[catalog.ref("cost_factors", row) for row in (server, network, growth)],
        ),
        warnings=(Warning("price-from-sibling-part", detail),) if sibling else (),
    )  # fmt: skip
    chips, servers, rest = (
        value_loss_per_hour(part, growth.value) for part in (chip, chip * (overhead - 1), whole - chip * overhead)
    )
    return finding.of(Capital(finding.value, CapitalShares(chips, servers, rest)))


def _prices(accelerator: Accelerator, catalog: Snapshot) -> tuple[str, list[PurchasePrice]]:
    """Prices of the part, or of the likeliest sibling that has any."""
    for part in (accelerator.id, *kin(accelerator, catalog)):
        rows = [row for row in catalog.rows("purchase_prices") if row.accelerator == part]
        if rows:
            return part, rows
    return accelerator.id, []


def _chip_value(row: PurchasePrice, server_over_chip: float, oom_per_year: float, when: datetime) -> float:
    """What the chip of one sale is worth at `when`: out of its server's price, less the loss since (no gain before)."""
    chip = float(row.usd) / (server_over_chip if row.form == "system_share" else 1.0)
    years = max((when - _sold(row)).days, 0) / DAYS_PER_YEAR
    return chip * remaining_value_fraction(years, oom_per_year)


def _sold(row: PurchasePrice) -> datetime:
    assert row.effective_from is not None
    return row.effective_from
