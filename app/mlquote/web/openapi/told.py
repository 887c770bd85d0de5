"""Answers put together field by field, as records for OpenAPI to read: budgets, keys, catalogue, rate cards, usage.

They describe and are never built; a test holds each against what the service really answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mlquote.catalog.rows import ModelLifecycle
from mlquote.kit.provenance import CatalogRef, Range, Warning
from mlquote.spend.amounts import Amount
from mlquote.spend.budgets import FigureName, Level, Per, Verdict
from mlquote.spend.forecasts import LimitOutlook
from mlquote.spend.ledger import Account, Act
from mlquote.spend.machine_costs import MachineCost
from mlquote.spend.reservations import State
from mlquote.spend.usage_days import UnusualDay, UsageOutlook
from mlquote.store.api_keys import ApiKey
from mlquote.web.routes.names import Provider, SoldModel, Zone
from mlquote.web.schemas import NAMED, SOMETIMES

_SOMETIMES: Mapping[str, Any] = {SOMETIMES: True}


@dataclass(frozen=True, slots=True)
class LimitSaid:
    """One ceiling of a budget."""

    figure: FigureName
    per: Per
    fail_above: Decimal | None
    warn_above: Decimal | None
    compare: Level


@dataclass(frozen=True, slots=True)
class LimitsSaid:
    """What may be spent."""

    limits: tuple[LimitSaid, ...]
    labels: Mapping[str, str]
    expires_after_s: int
    note: str | None


@dataclass(frozen=True, slots=True)
class BudgetKept(LimitsSaid):
    """A budget, and since when it is so."""

    name: str
    version: int
    created_at: datetime
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class LimitStanding(LimitSaid):
    """Where a limit stands: in its period, what is used, what is left."""

    unit: str
    period_from: datetime | None
    period_to: datetime | None
    used: Decimal | None
    asked: Decimal | None
    remaining: Decimal | None
    remaining_after: Decimal | None
    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class BudgetBalance:
    """Figure -> what was ever held and spent of it."""

    held: Mapping[str, Amount]
    spent: Mapping[str, Amount]


@dataclass(frozen=True, slots=True)
class BudgetStanding(BudgetKept):
    """A budget, where each of its limits stands now, and how the periods of its limits end."""

    standing: tuple[LimitStanding, ...]
    forecasts: tuple[LimitOutlook, ...]
    balance: BudgetBalance


@dataclass(frozen=True, slots=True)
class Budgets:
    """Every budget that was asked for."""

    budgets: tuple[BudgetKept, ...]


@dataclass(frozen=True, slots=True)
class BudgetVersion(LimitsSaid):
    """What a budget was at one time."""

    version: int
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class BudgetVersions:
    """Every version of a budget, oldest first."""

    versions: tuple[BudgetVersion, ...]


@dataclass(frozen=True, slots=True)
class ReservationSaid:
    """What is held of a budget for one piece of work, and what became of it."""

    id: str
    budget: str
    state: State
    asked: Mapping[str, Amount]
    spent: Mapping[str, Amount] | None
    at_estimate: tuple[str, ...]
    """Figures whose actual nobody gave: they count as estimated."""
    labels: Mapping[str, str]
    reserved_at: datetime
    reserved_by: str
    expires_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReservationNow(ReservationSaid):
    """A reservation as it stands."""

    corrected_spent: Mapping[str, Amount] | None
    """What counts as spent after corrections; null where there was none."""


@dataclass(frozen=True, slots=True)
class ReservationSettled(ReservationSaid):
    """A reservation that was settled just now."""

    warnings: tuple[Warning, ...]


@dataclass(frozen=True, slots=True)
class Reservations:
    """The newest reservations of a budget."""

    reservations: tuple[ReservationSaid, ...]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One side of a transaction."""

    id: int
    transaction_id: str
    act: Act
    account: Account
    figure: str
    low: Decimal
    central: Decimal
    high: Decimal
    charged_at: datetime
    posted_at: datetime
    posted_by: str
    reservation_id: str | None
    labels: Mapping[str, str]
    corrects: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class LedgerEntries:
    """A page of the ledger; `next_after` asks for the next one."""

    next_after: int | None
    rows: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class CorrectionWritten:
    """A correction: what counted as spent before it, and what does now."""

    transaction_id: str
    corrects: str
    reason: str
    budget: str
    before: Mapping[str, Amount]
    after: Mapping[str, Amount]


@dataclass(frozen=True, slots=True)
class LedgerAudit:
    """The whole ledger summed again."""

    entries: int
    transactions: int
    is_balanced: bool
    agrees_with_balances: bool
    sums: Mapping[str, Mapping[str, Amount]]
    """Figure -> account -> its sum."""


@dataclass(frozen=True, slots=True)
class CardSummary:
    """A version of a rate card."""

    name: str
    version: int
    reference: str
    digest: str
    put_at: datetime
    put_by: str


@dataclass(frozen=True, slots=True)
class CardSaid(CardSummary):
    """A rate card with its rules, those fields of each that were given."""

    rules: tuple[Mapping[str, Any], ...]
    description: str = field(metadata=_SOMETIMES)


@dataclass(frozen=True, slots=True)
class CardStored(CardSaid):
    """A rate card that was put just now."""

    warnings: tuple[Warning, ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """Every rate card in use."""

    rate_cards: tuple[CardSummary, ...]


@dataclass(frozen=True, slots=True)
class CardVersions:
    """Every version of a rate card."""

    versions: tuple[CardSaid, ...]


@dataclass(frozen=True, slots=True)
class KeyMade(ApiKey):
    """A key with its secret, which is shown this once."""

    key: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Keys:
    """Every key, and what each scope opens."""

    keys: tuple[ApiKey, ...]
    scopes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WriteSaid:
    """One write: who, when, what, before and after."""

    id: int
    at: datetime
    by: str
    act: str
    subject: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Writes:
    """A page of the log of writes; `next_after` asks for the next one."""

    next_after: int | None
    rows: tuple[WriteSaid, ...]


@dataclass(frozen=True, slots=True)
class MachinesUsed:
    """What lines of machines and of bills sum to; each only where some line says it."""

    accelerator_hours: Mapping[str, Decimal] = field(metadata=_SOMETIMES)
    """Part -> its hours."""
    at_most_accelerator_hours: Mapping[str, Decimal] = field(metadata=_SOMETIMES)
    idle_accelerator_hours: Mapping[str, Decimal] = field(metadata=_SOMETIMES)
    energy_kwh: Decimal = field(metadata=_SOMETIMES)
    idle_energy_kwh: Decimal = field(metadata=_SOMETIMES)
    emissions_kgco2e: Decimal = field(metadata=_SOMETIMES)
    billed_usd: Decimal = field(metadata=_SOMETIMES)
    billed_usd_by_charge: Mapping[str, Decimal] = field(metadata=_SOMETIMES)
    billed_quantities: Mapping[str, Decimal] = field(metadata=_SOMETIMES)
    """Meter -> how many of it a bill counts, where calls are beside it."""
    billed_beside_priced: "BilledBesidePriced" = field(metadata=_SOMETIMES)
    machines: MachineCost = field(metadata=_SOMETIMES)
    """What hours of machines cost, draw and emit."""


@dataclass(frozen=True, slots=True)
class BillDifference:
    """Dollars of one cause by which a bill is above (below: negative) our prices."""

    cause: str
    usd: Decimal
    lines: int
    first_line: int
    """The number of the first of them, in `file` where there are several; 0 where it is of no single line."""
    why: str


@dataclass(frozen=True, slots=True)
class BilledBesidePriced:
    """A seller's bill beside our prices; the causes add up to the difference exactly."""

    billed_usd: Decimal
    priced_usd: Decimal
    """The same quantities at our prices of their moments; of the calls beside the bill, where there are any."""
    difference_usd: Decimal
    unexplained_usd: Decimal
    causes: tuple[BillDifference, ...]


@dataclass(frozen=True, slots=True)
class UsageTotal(MachinesUsed):
    """The lines of one group; what they are grouped by stands beside, under its own name."""

    lines: int
    unpriced_lines: int
    quantities: Mapping[str, Decimal]
    priced_usd: Decimal
    cost_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class UsageFault:
    """A line that is not in the totals."""

    line: int
    code: str
    detail: str
    errors: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class FocusExport:
    """A bill as charges of FOCUS: one a meter, price, period and set of labels."""

    version: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    """A charge's values in the order of `columns`; null where nothing is said."""


@dataclass(frozen=True, slots=True)
class UsageCost(MachinesUsed):
    """A usage log, priced; `cost_usd` is null while a line has no known price or cannot be read."""

    lines: int
    priced_lines: int
    repeated_lines: int
    calls: int
    cost_usd: Decimal | None
    priced_usd: Decimal
    is_complete: bool
    quantities: Mapping[str, Decimal]
    """Meter -> how many in all."""
    timezone: str
    totals: tuple[UsageTotal, ...]
    unpriced_lines: tuple[UsageFault, ...]
    malformed_lines: tuple[UsageFault, ...]
    catalog: CatalogRef
    warnings: tuple[Warning, ...]
    further_unpriced_lines: Mapping[str, tuple[int, ...]] = field(metadata=_SOMETIMES)
    """Code -> the numbers of the lines beyond those told in full."""
    further_malformed_lines: Mapping[str, tuple[int, ...]] = field(metadata=_SOMETIMES)
    forecast: UsageOutlook | None = field(metadata=_SOMETIMES)
    """How the period of the log's last day ends, where `forecast` asks for it; null where no day has a price."""
    anomalies: tuple[UnusualDay, ...] = field(metadata=_SOMETIMES)
    """Days that cost unusually much or little, the largest difference first."""
    further_anomalies: int = field(metadata=_SOMETIMES)
    """How many there are beyond those that are told."""
    focus: FocusExport = field(metadata=_SOMETIMES)
    """The bill as charges of FOCUS, where `focus_version` asks for them."""
    budget: str = field(metadata=_SOMETIMES)
    """The budget that was charged."""
    charged_usd: Decimal = field(metadata=_SOMETIMES)
    calls_and_machines_usd: Range | None = field(metadata=_SOMETIMES)
    """What has a price, calls and machines together."""
    machines_rest_on: Mapping[str, Any] = field(metadata=_SOMETIMES)
    """Assumptions and rows behind what machines cost."""


@dataclass(frozen=True, slots=True)
class ReleaseSaid:
    """A release of the catalogue."""

    id: str
    published_on: date
    digest: str
    row_counts: Mapping[str, int]
    note: str
    withdrawn: str = field(metadata=_SOMETIMES)
    """Why it was withdrawn, where it was."""
    withdrawn_at: datetime = field(metadata=_SOMETIMES)


@dataclass(frozen=True, slots=True)
class ReleaseList:
    """Every release, newest first."""

    releases: tuple[ReleaseSaid, ...]


@dataclass(frozen=True, slots=True)
class ReleasePublished:
    """What publishing did."""

    release: ReleaseSaid
    is_new: bool
    added_rows: int
    retracted_rows: int


@dataclass(frozen=True, slots=True)
class ReleaseWithdrawn:
    """The release that was withdrawn, and the one that answers now."""

    release: ReleaseSaid
    newest: str


@dataclass(frozen=True, slots=True)
class SourceAges:
    """How old the sources of a seller's rows are."""

    row_count: int
    median_age_days: int | None
    oldest_age_days: int | None
    over_90_days_fraction: float | None
    over_365_days_fraction: float | None
    undated_rows: int
    provider: str = field(metadata=_SOMETIMES)


@dataclass(frozen=True, slots=True)
class TableAges:
    """A table: how many rows it has, and how old the sources of those in effect are."""

    table: str
    row_count: int
    newest_effective_from: datetime | None
    last_checked_on: date | None
    age_days: int | None
    rows_in_effect: int
    median_age_days: int | None
    oldest_age_days: int | None
    over_90_days_fraction: float | None
    over_365_days_fraction: float | None
    undated_rows: int
    providers: tuple[SourceAges, ...] = field(metadata=_SOMETIMES)


@dataclass(frozen=True, slots=True)
class CatalogSaid:
    """The newest release and its tables."""

    release: ReleaseSaid
    tables: tuple[TableAges, ...]


@dataclass(frozen=True, slots=True)
class RowChange:
    """One fact that differs: `before` is null when it is new, `after` when it is gone."""

    table: str
    key: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleaseDiff:
    """A page of what differs between two releases."""

    older: str = field(metadata={NAMED: "from"})
    newer: str = field(metadata={NAMED: "to"})
    total: int
    next_cursor: str | None
    changes: tuple[RowChange, ...]


@dataclass(frozen=True, slots=True)
class NamesPage:
    """A page of names."""

    list: str
    release: str
    total: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Providers(NamesPage):
    """Who sells what."""

    rows: tuple[Provider, ...]


@dataclass(frozen=True, slots=True)
class SoldModels(NamesPage):
    """Models that are sold per token."""

    rows: tuple[SoldModel, ...]


@dataclass(frozen=True, slots=True)
class Zones(NamesPage):
    """Grid zones."""

    rows: tuple[Zone, ...]


@dataclass(frozen=True, slots=True)
class RowsPage:
    """A page of a table; every row's fields are its table's."""

    table: str
    release: str
    total: int
    next_cursor: str | None
    rows: tuple[Mapping[str, Any], ...]
    lifecycles: tuple[ModelLifecycle, ...] = field(metadata=_SOMETIMES)
    """Of prices of tokens: from when until when each seller serves what is priced."""


@dataclass(frozen=True, slots=True)
class PathSaid:
    """A path, and what it answers."""

    path: str
    methods: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Index:
    """Every path."""

    release: str
    openapi: str
    docs: str
    paths: tuple[PathSaid, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """What answers: the release in memory, and whether the database can be reached."""

    status: str
    release: str
    digest: str
    published_on: date
    release_age_days: int
    tables: Mapping[str, Mapping[str, int]]
    database: str


@dataclass(frozen=True, slots=True)
class ChartSaid:
    """One kind of chart: where its question is asked, and an address that draws it."""

    kind: str
    summary: str
    asked_at: str
    example: str


@dataclass(frozen=True, slots=True)
class Charts:
    """Every kind of chart."""

    charts: tuple[ChartSaid, ...]


@dataclass(frozen=True, slots=True)
class ViewSaid:
    """One answer as HTML."""

    view: str
    summary: str
    page: str
    asked_at: str
    example: str


@dataclass(frozen=True, slots=True)
class Views:
    """Every answer that is had as HTML."""

    views: tuple[ViewSaid, ...]
