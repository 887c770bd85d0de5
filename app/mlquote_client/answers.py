"""What the service answers, as dataclasses; written by benchmarks/clients/typed_answers.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from mlquote_client.told import Told as _Told


@dataclass(frozen=True, kw_only=True)
class AcceleratorPeakRow:
    """One rate of one accelerator. Sources disagree by dtype, accumulation and sparsity, so each is a row."""

    accelerator: str
    dtype: Literal["fp64", "fp32", "tf32", "fp16", "bf16", "fp8", "int8", "fp4"]
    unit_class: Literal["matrix", "vector"]
    accumulate: Literal["fp64", "fp32", "fp16", "int32"]
    sparsity: Literal["dense", "sparse"]
    claim: Literal["vendor", "derived", "measured"]
    tflop_per_s: float
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class AcceleratorPowerRow:
    """One power figure with its scope and statistic; scopes are never mixed. `watts` is the draw of everything in
    the scope, which serves `accelerator_count` accelerators: divide before comparing a node with a board."""

    accelerator: str
    system: str
    workload: str
    scope: Literal["chip", "board", "system_per_accelerator", "node", "node_without_accelerators", "facility"]
    statistic: Literal["tdp", "max", "mean", "min", "idle"]
    claim: Literal["measured", "rated", "assumed"]
    year: int | None
    accelerator_count: int
    watts: float
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class AcceleratorRow:
    """One SKU: form factor and memory size. Its peaks and power are rows of their own. Parts of one maker and
    `generation` are kin, and closest kin where they share the `form` too (the board: "sxm5", "pcie"; "unified"
    where the memory is the processor's too); `product` is what the maker sells in several forms ("A100"). `export`
    parts were cut down for sale to China; a part with a `sole_provider` stands nowhere else."""

    id: str
    vendor: str
    name: str
    family: str
    generation: str
    form: str
    export: bool
    sole_provider: str
    product: str
    release_date: date | None
    status: Literal["available", "announced", "discontinued"]
    memory_gb: float | None
    memory_bandwidth_gb_per_s: float | None
    interconnect_gb_per_s: float | None
    accelerators_per_node: int | None
    typical_server: str
    unconfirmed_fields: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class Adaptation:
    """The ways, the cheapest first; those without a price last, each with its reason."""

    months: int
    best: str | None
    cost_usd: Range | None
    """The cheapest way over all months."""
    rank_by: str
    rows: tuple[Mapping[str, Any], ...]
    """The table of the ways, as a comparison has it."""
    options: tuple[PlanOption, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class AdaptationPlanAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: Adaptation
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True)
class AliasRow:
    """Another name of a known thing, with its own dates: `scope` is the provider for token models, else blank."""

    kind: Literal["accelerator", "model", "token_model", "provider", "zone", "region"]
    scope: str
    alias: str
    target: str
    basis: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class AlternativeResult:
    """The same work done otherwise, over the same months at the same discount."""

    cost_usd: Range | None
    present_cost_usd: Range | None
    project_less_alternative_usd: Range | None
    """Present dollars that the project costs more, draw by draw; below 0 it costs less."""
    break_even_month: ProjectsBreakEven
    """The month from whose end on the project has cost no more in all."""
    break_even_share_of_draws: float | None
    """In how many of the draws that month comes."""
    parts: tuple[PartResult, ...]


@dataclass(frozen=True, kw_only=True)
class Amount:
    """A quantity of one figure, in that figure's unit; an exact one has three equal ends."""

    low: Decimal
    central: Decimal
    high: Decimal


@dataclass(frozen=True, kw_only=True)
class AnnotationPriceRow:
    """What one unit of human (or model) labelling costs: a list price, or what a study says it paid."""

    provider: str
    task: str
    unit: str
    annotator: Literal["crowd", "trained", "expert", "model", "platform_fee"]
    basis: Literal["list_price", "reported", "reported_low", "reported_high"]
    tier_units: int | None
    usd: Decimal
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True, repr=False)
class AnnotationQuestionAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: AnnotationResult
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True)
class AnnotationResult:
    """Dollars are exact where a price by the unit is; null where nobody knows."""

    cost_usd: Range | None
    usd_per_item: Range | None
    usd_per_worker_hour: Range | None
    """What an hour of work is paid, before fees: always looked at, for a price a label hides it."""
    worker_hours: Range | None
    basis: str | None
    """`per_unit` or `hourly`; null where there is no price."""
    unit: str
    units: int
    labels: int
    """Units with votes, gold and rework."""
    reviews: int
    """Units that are looked over again."""
    votes: float
    """For each unit; expected where people are asked until one answer leads."""
    verdict_accuracy: float | None
    pairs: int | None
    """Comparisons that rankings hold; those of one ranking are not independent."""
    seconds_per_unit: LabelSeconds | None
    time_parts: tuple[TimePart, ...]
    cost_lines: tuple[CostLine, ...]
    ways: tuple[LabelWay, ...]
    offers: tuple[LabelOffer, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class ApiKey(_Told):
    """A key without its secret."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    previous_until: datetime | None
    """Until when the secret before the last rotation opens as much."""
    last_used_at: datetime | None
    """To the hour."""


@dataclass(frozen=True, kw_only=True, repr=False)
class ApiUsageAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: InferenceCost | WorkloadCost
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """One input the answer rests on: its value, where it came from and why it was chosen."""

    name: str
    value: Any
    unit: str
    low: float | None
    high: float | None
    basis: Literal["given", "catalog", "default", "derived"]
    why: str
    source_url: str
    share_of_variance: float | None


@dataclass(frozen=True, kw_only=True)
class BasisSum:
    """The dollars of the parts of one basis: rental and amortised dollars are never added."""

    cost_basis: str
    """`rental`, `amortised`, or `neither`: data, people and APIs, which may stand beside either."""
    cost_usd: Range | None
    parts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BestTraining:
    """The best plan, or why there is none."""

    feasible: bool
    decided_by: str
    """The law whose loss is lowest in `plan`."""
    plan: PlannedTraining | None
    least_regret: PlannedTraining | None
    """The plan whose worst regret over the laws is least; null under one law."""
    by_law: tuple[PlannedTraining, ...]
    """Each law's own best plan, in the order of the laws: their regrets under the others are the regret table."""
    laws_asked: int
    laws_that_reach: int | None
    """Laws under which the plan has `loss_to`; null where none is asked for."""
    constraints: tuple[Constraint, ...]
    frontier: tuple[FrontierPoint, ...]
    ties: Ties | None
    what_if: tuple[MovedLimit, ...]
    lifetime: Lifetime | None
    infeasible: Infeasible | None
    training_flop: Range | None
    accelerator_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    cost_usd: Range | None
    """Of the plan; null where there is none."""


@dataclass(frozen=True, kw_only=True)
class BillDifference:
    """Dollars of one cause by which a bill is above (below: negative) our prices."""

    cause: str
    usd: Decimal
    lines: int
    first_line: int
    """The number of the first of them, in `file` where there are several; 0 where it is of no single line."""
    why: str


@dataclass(frozen=True, kw_only=True)
class BilledBesidePriced:
    """A seller's bill beside our prices; the causes add up to the difference exactly."""

    billed_usd: Decimal
    priced_usd: Decimal
    """The same quantities at our prices of their moments; of the calls beside the bill, where there are any."""
    difference_usd: Decimal
    unexplained_usd: Decimal
    causes: tuple[BillDifference, ...]


@dataclass(frozen=True, kw_only=True)
class BudgetBalance:
    """Figure -> what was ever held and spent of it."""

    held: Mapping[str, Amount]
    spent: Mapping[str, Amount]


@dataclass(frozen=True, kw_only=True, repr=False)
class BudgetKept(_Told):
    """A budget, and since when it is so."""

    limits: tuple[LimitSaid, ...]
    labels: Mapping[str, str]
    expires_after_s: int
    note: str | None
    name: str
    version: int
    created_at: datetime
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, kw_only=True)
class BudgetSaid:
    """The budget of a check."""

    name: str
    labels: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, repr=False)
class BudgetStanding(_Told):
    """A budget, where each of its limits stands now, and how the periods of its limits end."""

    limits: tuple[LimitSaid, ...]
    labels: Mapping[str, str]
    expires_after_s: int
    note: str | None
    name: str
    version: int
    created_at: datetime
    updated_at: datetime
    updated_by: str
    standing: tuple[LimitStanding, ...]
    forecasts: tuple[LimitOutlook, ...]
    balance: BudgetBalance


@dataclass(frozen=True, kw_only=True)
class BudgetVersion:
    """What a budget was at one time."""

    limits: tuple[LimitSaid, ...]
    labels: Mapping[str, str]
    expires_after_s: int
    note: str | None
    version: int
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, kw_only=True, repr=False)
class BudgetVersions(_Told):
    """Every version of a budget, oldest first."""

    versions: tuple[BudgetVersion, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Budgets(_Told):
    """Every budget that was asked for."""

    budgets: tuple[BudgetKept, ...]


@dataclass(frozen=True, kw_only=True)
class CardCost:
    """Both bills: the public one, the negotiated one, and the difference; null where a price is missing."""

    name: str
    digest: str
    list_usd: Decimal | None
    usd: Decimal | None
    difference_usd: Decimal | None
    lines: tuple[CardLine, ...]


@dataclass(frozen=True, kw_only=True)
class CardLine:
    """One line that a rule changed: public price and negotiated price, of all requests."""

    meter: str
    list_usd_per_unit: Decimal | None
    usd_per_unit: Decimal
    list_usd: Decimal | None
    usd: Decimal
    rule: int
    note: str


@dataclass(frozen=True, kw_only=True, repr=False)
class CardSaid(_Told):
    """A rate card with its rules, those fields of each that were given."""

    name: str
    version: int
    reference: str
    digest: str
    put_at: datetime
    put_by: str
    rules: tuple[Mapping[str, Any], ...]
    description: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class CardStored(_Told):
    """A rate card that was put just now."""

    name: str
    version: int
    reference: str
    digest: str
    put_at: datetime
    put_by: str
    rules: tuple[Mapping[str, Any], ...]
    description: str | None = None
    warnings: tuple[Warning, ...]


@dataclass(frozen=True, kw_only=True)
class CardSummary:
    """A version of a rate card."""

    name: str
    version: int
    reference: str
    digest: str
    put_at: datetime
    put_by: str


@dataclass(frozen=True, kw_only=True, repr=False)
class CardVersions(_Told):
    """Every version of a rate card."""

    versions: tuple[CardSaid, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Cards(_Told):
    """Every rate card in use."""

    rate_cards: tuple[CardSummary, ...]


@dataclass(frozen=True, kw_only=True)
class CatalogRef:
    """Which release answered, and for which moment."""

    release: str
    digest: str
    as_of: datetime


@dataclass(frozen=True, kw_only=True, repr=False)
class CatalogSaid(_Told):
    """The newest release and its tables."""

    release: ReleaseSaid
    tables: tuple[TableAges, ...]


@dataclass(frozen=True, kw_only=True)
class Change:
    """The whole quote then and now."""

    was_usd: Decimal | None
    is_usd: Decimal | None
    difference_usd: Decimal | None
    because: str
    was: Mapping[str, Any]
    lines: tuple[LineChange, ...]


@dataclass(frozen=True, kw_only=True)
class ChartSaid:
    """One kind of chart: where its question is asked, and an address that draws it."""

    kind: str
    summary: str
    asked_at: str
    example: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Charts(_Told):
    """Every kind of chart."""

    charts: tuple[ChartSaid, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class ClassWeightsAnswer(_Told):
    """What /v1/losses/class-weights answers."""

    scheme: str | None = None
    classes: Any = None
    counts: Any = None
    weights: Any = None
    sample_weights: Any = None
    resolved: Any = None


@dataclass(frozen=True, kw_only=True, repr=False)
class ClosedFormAnswer(_Told):
    """What /v1/losses/closed-form answers."""

    problem: str | None = None
    theta: Any = None
    intercept: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    objective: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    residual_sum_of_squares: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    penalty: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    condition_number: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    effective_degrees_of_freedom: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    equivalents: Any = None
    resolved: Any = None


@dataclass(frozen=True, kw_only=True)
class Code:
    """One code: where it stands, what it means, what to do, and the figures it leaves unknown."""

    code: str
    kind: Literal["warning", "error", "diagnostic"]
    sentence: str
    what_to_do: str
    leaves_unknown: tuple[str, ...]
    """Figures of budgets that are null (or lack a part) because of it."""
    cannot_be: bool
    """What was asked cannot happen as it was asked: no figure of it may pass a budget."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Codes(_Told):
    """All of them, those of one kind together."""

    codes: tuple[Code, ...]


@dataclass(frozen=True, kw_only=True)
class Communication:
    """What each accelerator sends in a step for gradients and sharded weights, and the time it has for that."""

    bytes_per_accelerator_per_step: float
    seconds_per_step: float
    compute_seconds_per_step: float
    """A step's share of the run's time, at the efficiency of this estimate."""
    bounds: bool
    """Sending alone takes longer than the step: it cannot be hidden behind arithmetic."""


@dataclass(frozen=True, kw_only=True, repr=False)
class ComparisonAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: Ranking
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True)
class Constraint:
    """One limit: how much of it the plan takes, and what a little more of it would be worth."""

    limit: str
    """The field that sets it."""
    given: float
    used: float | None
    slack_fraction: float | None
    """Share of it that is left over; 0 where it binds."""
    is_binding: bool
    loss_per_unit: float | None
    """Nats of one unit more (a dollar, an hour, a day, a kWh, a kg, a FLOP, a token), the choice kept: at most 0;
    null for limits that only say what may be chosen."""
    step_fraction: float | None
    """How far the limit is moved for the two figures below, everything chosen anew."""
    loss_change_with_more: float | None
    loss_change_with_less: float | None


@dataclass(frozen=True, kw_only=True)
class ContextTier:
    """Which long-context tier priced the request."""

    from_tokens: int
    why: str
    tokens_over: int | None
    """How many tokens fewer would leave the tier; null in the base tier."""
    tokens_left: int | None
    """How many tokens more still fit below the next tier; null where there is none."""


@dataclass(frozen=True, kw_only=True)
class Contributor:
    """A line of the bill, or a whole question, and its share of what is asked (by the central figures)."""

    question: str
    item: str
    amount: Decimal
    share_fraction: float


@dataclass(frozen=True, kw_only=True, repr=False)
class CorrectionWritten(_Told):
    """A correction: what counted as spent before it, and what does now."""

    transaction_id: str
    corrects: str
    reason: str
    budget: str
    before: Mapping[str, Amount]
    after: Mapping[str, Amount]


@dataclass(frozen=True, kw_only=True)
class CostFactorRow:
    """A figure of owning a cluster that no price list carries: a share, a life, a rate; `subject` is what it is
    of."""

    id: str
    subject: str
    value: float
    low: float | None
    high: float | None
    unit: str
    method: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class CostLine:
    """So many of an item at a price; dollars are None where nobody publishes the price."""

    item: str
    quantity: float
    unit: str | None
    usd_per_unit: Decimal | None
    usd: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """Where hosting at one price model begins to win; None where it never does."""

    price_model: str
    usd_per_accelerator_hour: Decimal
    requests_per_day: float | None
    """The least load at which hosting costs no more than the API."""
    always_from_requests_per_day: float | None
    """From here on no further step of the staircase makes it dearer again."""
    replicas: int | None
    usd_per_month: Decimal | None


@dataclass(frozen=True, kw_only=True, repr=False)
class DecisionAnswer(_Told):
    """What /v1/losses/decision-threshold answers."""

    op: str | None = None
    policy: str | None = None
    threshold: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    decisions: Any = None
    expected_costs: Any = None
    diagnostics: Any = None


@dataclass(frozen=True, kw_only=True)
class DefaultRow:
    """What is taken where a question names no figure of its own; `value` is blank where only its ends are known.
    `level` is what it holds for, or blank. Sources as in `Doubt`."""

    name: str
    level: str
    value: float | None
    unit: str
    low: float | None
    high: float | None
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True, repr=False)
class DescentAnswer(_Told):
    """What /v1/losses/descent answers."""

    thetas: Any = None
    objectives: Any = None
    gradient_norms: Any = None
    starts_at: Any = None
    ends_at: Any = None
    stability_bound: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    largest_curvature: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    diverged: bool | None = None
    diagnostics: Any = None
    resolved: Any = None


@dataclass(frozen=True, kw_only=True)
class DoubtRow:
    """How far a figure may be off: the standard deviation of ln(true over stated) of one quantity. `level` is where
    the figure came from ("country", "sibling") or which part of its doubt this is ("per_year_away"). Where nobody
    published it, it is our own: derived (`source_url` is a page of docs/) or judged (no `source_url`, and a note
    that begins "judgement:")."""

    quantity: str
    level: str
    log_sd: float
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class Doubted:
    """A break-even load in doubt: an end is null where hosting never wins there."""

    low: float | None
    central: float | None
    high: float | None
    chance_that_hosting_wins: float
    """That a replica kept busy costs less than the API, whatever the load."""
    variance_shares: Mapping[str, float]
    """Source of doubt -> its share in the doubt of hosted dollars per request."""


@dataclass(frozen=True, kw_only=True)
class EfficiencyAnchorRow:
    """A published run as the efficiency rule sees it, and what the fitted factors leave unexplained of its MFU."""

    run: str
    hardware: str
    architecture: str
    precision: str
    kind: str
    params: float | None
    accelerator_count: float | None
    tokens: float | None
    year: float
    mfu: float
    log_residual: float
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class EmbodiedRow:
    """Carbon of making one thing, with the boundary, the method and what the unit includes."""

    item: str
    item_kind: str
    accelerator: str
    per: str
    boundary: str
    method: str
    kgco2e: float
    lifetime_years: float | None
    lifetime_basis: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class Emissions:
    """kg CO2e by ledger; total = location_based + embodied, and market_based is never added to it."""

    location_based: Range | None
    location_based_nameplate: Range | None
    market_based: Range | None
    embodied: Range | None
    total: Range | None


@dataclass(frozen=True, kw_only=True)
class FacilityRow:
    """A data-centre figure of a site, part of a fleet, a fleet, a country or the industry. `provider_region` is a
    continent of a provider's fleet; `tool_default` is another tool's constant; `grid` rows are named by grid zone:
    `grid_water` is what power stations consume per kWh, where `wue` is what a site evaporates."""

    scope: Literal["site", "provider_region", "provider", "country", "grid", "industry", "tool_default"]
    provider: str
    name: str
    metric: Literal["pue", "wue", "grid_water", "cfe", "co2_location_based", "co2_market_based"]
    year: int | None
    value: float
    unit: str
    statistic: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class FieldWords:
    """The words of a field, and the paths that take it."""

    field: str
    also_said_in: tuple[str, ...]
    paths: tuple[str, ...]
    choices: tuple[NamedChoice, ...]


@dataclass(frozen=True, kw_only=True)
class FigureSum:
    """How one figure adds up: what is known, both ways of adding ranges, and what is left out."""

    figure: str
    known: Range | None
    """The sum of the parts that are known, its range drawn."""
    sum_of_lows: Decimal | None
    """Every part at its low end at once: what happens only if all doubts are one."""
    sum_of_highs: Decimal | None
    """Every part at its high end at once."""
    drawn_median: Decimal | None
    """The middle of the draws; above the sum of the central amounts, since amounts err by ratios."""
    unknown_parts: tuple[str, ...]
    """Parts that take some of it, nobody knows how much: with one of them the total is null."""
    untold_parts: tuple[str, ...]
    """Parts of which nothing says that they take any: they count as none."""


@dataclass(frozen=True, kw_only=True)
class FitOfRuns:
    """The law of the asker's own runs, and how far other draws of them differ."""

    E: float
    A: float
    B: float
    alpha: float
    beta: float
    runs: int
    rms_log_loss: float
    """Root mean square of ln(fitted / observed loss)."""
    held_out_error: float | None
    draws: int
    draws_that_reach: int | None
    """Of the draws, those under which some compute reaches `loss_to`."""
    times_compute: Range | None
    """Interval of the step's compute over those draws; null where fewer than half of them reach the loss."""


@dataclass(frozen=True, kw_only=True)
class FittedFactorRow:
    """One term of a rule fitted on published runs: what the quantity is multiplied by when the term applies.
    `log_sd` is the doubt of the factor (or, for a residual, of a whole prediction) in natural-log units; `runs` is
    how many published figures stand behind it. Written by benchmarks/fit_training.py; `checked_on` is the day of
    the fit."""

    quantity: str
    term: str
    value: float
    log_sd: float
    runs: int
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class FlopBreakdown:
    """FLOP of one token or one image: forward by term, training, and what recomputation adds to the hardware's."""

    convention: str
    unit: str
    forward_flop_per_unit: float | None
    forward_flop_by_term: Mapping[str, float] | None
    training_flop_per_unit: float
    recomputed_flop_per_unit: float


@dataclass(frozen=True, kw_only=True)
class FocusExport:
    """A bill as charges of FOCUS: one a meter, price, period and set of labels."""

    version: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    """A charge's values in the order of `columns`; null where nothing is said."""


@dataclass(frozen=True, kw_only=True, repr=False)
class FrameworksAnswer(_Told):
    """What /v1/losses/compare answers."""

    loss: str | None = None
    reference: Any = None
    frameworks: Any = None
    values_differ: bool | None = None
    diagnostics: Any = None


@dataclass(frozen=True, kw_only=True)
class FrontierPoint:
    """A plan within the limits that none beats in loss, dollars, days and kg at once."""

    loss: float
    cost_usd: float | None
    wall_clock_days: float
    emissions_kgco2e: float | None
    params: int
    tokens: float
    accelerator: str
    accelerator_count: int
    precision: str
    provider: str | None
    region: str | None
    price_model: str


@dataclass(frozen=True, kw_only=True)
class Goodput:
    """What failures do to the schedule, from Llama 3's rate of interruptions; already inside a fitted MFU."""

    interruptions: float | None
    hours_between_interruptions: float
    checkpoint_interval_s: float
    goodput_fraction: float


@dataclass(frozen=True, kw_only=True)
class GridIntensityRow:
    """Carbon per kWh of one zone and year in one release of one dataset; which boundary and accounting is named."""

    zone: str
    zone_kind: Literal[
        "world", "region", "country", "us_state", "province", "egrid_subregion", "bidding_zone", "cloud_region"
    ]
    zone_name: str
    year: int
    dataset: str
    dataset_release: str
    boundary: Literal["lifecycle", "direct", "mixed"]
    accounting: Literal["location", "market"]
    flow: Literal["production", "consumption"]
    gco2e_per_kwh: float
    licence: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class ImageRuleRow:
    """How a family of models cuts an image into prompt tokens, and the encoder that reads its patches. `models` are
    ids of the catalogue, `config_types` what a Hugging Face config calls itself, both with "; " between. `rule`:
    `fixed` tokens whatever the size; `multiples` of a unit within the least and the most tokens; `rows`, each ended
    by a token; a `budget` that is filled; `padded` to whole units. A unit is `patches_across` patches wide and
    high. Where windows are not all of an image, `encoder_full_layers` see it whole. Blank: the rule does not read
    it, or nobody knows."""

    family: str
    models: str
    config_types: str
    rule: Literal["fixed", "multiples", "rows", "budget", "padded"]
    patch_px: int | None
    patches_across: int | None
    tokens_per_image: int | None
    least_tokens: int | None
    most_tokens: int | None
    longest_side_px: int | None
    encoder_layers: int | None
    encoder_full_layers: int | None
    encoder_window_patches: int | None
    encoder_hidden_size: int | None
    encoder_ffn_size: int | None
    encoder_ffn_gated: bool | None
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Index(_Told):
    """Every path."""

    release: str
    openapi: str
    docs: str
    paths: tuple[PathSaid, ...]


@dataclass(frozen=True, kw_only=True)
class Infeasible:
    """Why no plan is within the limits, and the one that comes nearest."""

    binding: str
    """The limit that has to be raised least, all others kept; or, where none alone is enough, that which the
    nearest plan exceeds most."""
    needed: float
    given: float
    times: float
    """What is needed over what is given."""
    is_enough: bool
    """Raising this limit alone is enough."""
    why: str
    nearest: PlannedTraining


@dataclass(frozen=True, kw_only=True)
class InferenceCost:
    """The bill; `reported_usd` is the provider's own charge for as many requests, and how far ours is above it."""

    cost_usd: Decimal | None
    cost_per_request_usd: Decimal | None
    cost_range_usd: Range | None
    cost_lines: tuple[InferenceLine, ...]
    list_cost_usd: Decimal | None
    savings_usd: Decimal | None
    usd_per_mtok: TokensUsdPerMtok
    context_tier: ContextTier
    reported_usd: Decimal | None
    reported_difference_usd: Decimal | None
    read_as: ReadAs | None
    """How the provider's own response was read, where the question was one."""
    rate_card: CardCost | None
    """Public and negotiated bill side by side, where a rate card was named; `cost_usd` is then the negotiated
    one."""


@dataclass(frozen=True, kw_only=True)
class InferenceLine:
    """One meter of the bill; `usd` is null where no row prices it."""

    meter: str
    quantity: int | Decimal
    unit: str | None
    usd_per_unit: Decimal | None
    usd: Decimal | None
    row: str | None
    multiplier_row: str | None
    confidence: str | None
    """high: tables that do not copy each other agree; medium: several were weighed; single: one table alone lists
    it; low: its source or its date is weak. Null where no row prices it."""


@dataclass(frozen=True, kw_only=True)
class JudgedRow:
    """A row that smells and was looked at: why it stands as it is. `checked_on` is the day of the judgement. `row`
    is the key as `catalog verify --suspects` prints it; a `*` stands for any text, for rows of one cause."""

    table_name: str
    row: str
    smell: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True, repr=False)
class KeyMade(_Told):
    """A key with its secret, which is shown this once."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    previous_until: datetime | None
    """Until when the secret before the last rotation opens as much."""
    last_used_at: datetime | None
    """To the hour."""
    key: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Keys(_Told):
    """Every key, and what each scope opens."""

    keys: tuple[ApiKey, ...]
    scopes: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class LabelOffer:
    """What one seller asks."""

    provider: str | None
    annotator: str | None
    unit: str
    basis: str
    stated: str
    """`given`, `list_price` or `reported`."""
    cost_usd: Range | None
    usd_per_worker_hour: Range | None


@dataclass(frozen=True, kw_only=True)
class LabelSeconds:
    """Seconds of work on one label: totals rest on the mean, which is above the median."""

    mean: Range
    median: float | None


@dataclass(frozen=True, kw_only=True)
class LabelWay:
    """One way to have the labels made."""

    way: str
    """`people`, `assisted` or `model`."""
    cost_usd: Range | None
    worker_hours: Range | None
    usd_per_item: Range | None
    no_answer: str | None
    """Why it has no price."""
    question: Mapping[str, Any] | None
    """What a model's part was asked of /v1/estimates/inference."""


@dataclass(frozen=True, kw_only=True)
class LawLoss:
    """What one law foretells of a run."""

    law: str
    loss: Range
    """Nats per token; the range is that of the tokens that the budget buys, the law itself taken as it is."""
    regret: float
    """How far it lies above the best that this law says the budget buys."""
    percent_compute_lost: float | None
    """What the regret is worth: compute that this law's best run could do without; null where tokens are
    repeated."""
    beyond_fit: tuple[str, ...]
    """Which of size and compute lie beyond what the law was fitted on."""


@dataclass(frozen=True, kw_only=True, repr=False)
class LedgerAudit(_Told):
    """The whole ledger summed again."""

    entries: int
    transactions: int
    is_balanced: bool
    agrees_with_balances: bool
    sums: Mapping[str, Mapping[str, Amount]]
    """Figure -> account -> its sum."""


@dataclass(frozen=True, kw_only=True, repr=False)
class LedgerEntries(_Told):
    """A page of the ledger; `next_after` asks for the next one."""

    next_after: int | None
    rows: tuple[LedgerEntry, ...]


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """One side of a transaction."""

    id: int
    transaction_id: str
    act: Literal["reserve", "settle", "release", "expire", "spend", "correct"]
    account: Literal["free", "held", "spent"]
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


@dataclass(frozen=True, kw_only=True)
class Lever:
    """One change, alone: what the period would cost with it, and how much less that is."""

    lever: str
    change: str
    cost_usd: Decimal
    saves_usd: Decimal
    saves_fraction: Decimal


@dataclass(frozen=True, kw_only=True)
class Lifetime:
    """The plan of the lowest cost of training and use together, at one loss."""

    loss: float
    inference_tokens: float
    training_usd: float
    inference_usd: float
    total_usd: float
    usd_per_mtok: float
    """Of use: the forward pass of a token on the machines that train, at their efficiency."""
    plan: PlannedTraining
    exceeded: tuple[str, ...]
    """Budgets that training it takes more of than is given: they are not held against it, deadline and tokens
    are."""
    best_plan_total_usd: float | None
    """What the plan of lowest loss would cost with the same use."""


@dataclass(frozen=True, kw_only=True)
class LimitOutlook:
    """A limit over a period that ends, and what will have been used by then."""

    figure: Literal["cost_usd", "accelerator_hours", "energy_kwh", "emissions_kgco2e", "training_flop", "usd_per_mtok"]
    per: Literal["check", "day", "month", "quarter", "total"]
    compare: Literal["low", "central", "high"]
    period_to: datetime
    used: Decimal
    """Held and spent so far."""
    forecast: Amount | None
    level_fraction: float
    days_seen: int
    days_ahead: float
    why: str


@dataclass(frozen=True, kw_only=True)
class LimitSaid:
    """One ceiling of a budget."""

    figure: Literal["cost_usd", "accelerator_hours", "energy_kwh", "emissions_kgco2e", "training_flop", "usd_per_mtok"]
    per: Literal["check", "day", "month", "quarter", "total"]
    fail_above: Decimal | None
    warn_above: Decimal | None
    compare: Literal["low", "central", "high"]


@dataclass(frozen=True, kw_only=True)
class LimitStanding:
    """Where a limit stands: in its period, what is used, what is left."""

    figure: Literal["cost_usd", "accelerator_hours", "energy_kwh", "emissions_kgco2e", "training_flop", "usd_per_mtok"]
    per: Literal["check", "day", "month", "quarter", "total"]
    fail_above: Decimal | None
    warn_above: Decimal | None
    compare: Literal["low", "central", "high"]
    unit: str
    period_from: datetime | None
    period_to: datetime | None
    used: Decimal | None
    asked: Decimal | None
    remaining: Decimal | None
    remaining_after: Decimal | None
    verdict: Literal["pass", "warn", "unknown", "fail"]
    why: str


@dataclass(frozen=True, kw_only=True)
class LimitVerdict:
    """One limit and its numbers, all in `unit`, at the end of the range that `compare` names. `remaining` is what
    may still be spent before this check, `remaining_after` what would be left if it were spent; both are null for a
    limit that only warns, and `asked` is null where it is not known."""

    figure: Literal["cost_usd", "accelerator_hours", "energy_kwh", "emissions_kgco2e", "training_flop", "usd_per_mtok"]
    unit: str
    per: Literal["check", "day", "month", "quarter", "total"]
    period_from: datetime | None
    period_to: datetime | None
    compare: Literal["low", "central", "high"]
    fail_above: Decimal | None
    warn_above: Decimal | None
    used: Decimal
    asked: Decimal | None
    remaining: Decimal | None
    remaining_after: Decimal | None
    verdict: Literal["pass", "warn", "unknown", "fail"]
    why: str


@dataclass(frozen=True, kw_only=True)
class LineChange:
    """One meter then and now; null where one side does not price it."""

    meter: str
    was_usd: Decimal | None
    is_usd: Decimal | None
    difference_usd: Decimal | None
    was_usd_per_unit: Decimal | None
    is_usd_per_unit: Decimal | None
    because: str


@dataclass(frozen=True, kw_only=True, repr=False)
class LossAnswer(_Told):
    """What /v1/losses/evaluate answers."""

    loss: str | None = None
    cost: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    empirical_risk: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    denominator: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    weighted_sum: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    penalty: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    objective: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    per_example: Any = None
    gradient: Any = None
    gradient_theta: Any = None
    resolved: Any = None
    diagnostics: Any = None
    properties: Any = None
    numerics: Any = None


@dataclass(frozen=True, kw_only=True, repr=False)
class LossPlanAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: LossStep
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True)
class LossProperties:
    """What is known of a loss as a function of its predictions; null where it has no such number."""

    differentiable: bool
    convex_in_predictions: bool | None
    lipschitz: float | None
    smooth: float | None
    bounded_below: float | None
    numerically_stable: bool
    aligned_with: str
    note: str


@dataclass(frozen=True, kw_only=True, repr=False)
class LossSaid(_Told):
    """One loss: formula, parameters, properties, framework spellings, pitfalls."""

    name: str
    aliases: tuple[str, ...]
    narrower_names: tuple[NarrowerName, ...]
    family: str
    scope: str
    typical_use: str
    about: str
    formula: str
    gradient: str
    domain: str
    aligned_with: str
    pitfalls: str
    source: str
    predictions: tuple[str, ...]
    targets: tuple[str, ...]
    optional: tuple[str, ...]
    input_forms: tuple[str, ...]
    usual_form: str | None
    class_weights: bool
    pos_weight: bool
    parameters: tuple[ParameterSaid, ...]
    properties: LossProperties
    frameworks: tuple[LossSpelling, ...]
    kinks: str | None = None
    """Where its gradient is one of several."""
    stability: str | None = None
    """In which form it is computed, and why."""


@dataclass(frozen=True, kw_only=True)
class LossSpelling:
    """How a framework spells a loss, and where its function differs."""

    framework: str
    checked_with: str
    spelling: str
    also: tuple[str, ...]
    only_by_name: bool
    reduction: str
    defaults: Mapping[str, Any]
    fixed: Mapping[str, Any]
    input_form: str | None
    input_forms: tuple[str, ...]
    weights: tuple[str, ...]
    differs: str


@dataclass(frozen=True, kw_only=True)
class LossStep:
    """The step under every law, and the range that spans them."""

    laws_asked: int
    laws_that_reach: int
    times_compute: Range | None
    training_flop: Range | None
    accelerator_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    cost_usd: Range | None
    """On top of the run at `loss_from`: from the lowest end under any law to the highest, the middle law's
    central."""
    laws: tuple[UnderLaw, ...]
    fit: FitOfRuns | None


@dataclass(frozen=True, kw_only=True, repr=False)
class LossTerms(_Told):
    """Loss, cost, risk, objective, criterion, reward."""

    terms: tuple[TermSaid, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class LossWords(_Told):
    """Every word of a question by its field."""

    words: tuple[FieldWords, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Losses(_Told):
    """Every loss and penalty, and the words around them."""

    losses: tuple[LossSaid, ...]
    regularizers: tuple[PenaltySaid, ...]
    reductions: tuple[ReductionSaid, ...]
    weightings: tuple[MeaningSaid, ...]
    properties: tuple[MeaningSaid, ...]
    terms: tuple[TermSaid, ...]
    unanswered: tuple[Unanswered, ...]


@dataclass(frozen=True, kw_only=True)
class MachineCost:
    """What machines cost; null where not all of it is known."""

    cost_usd: Range | None
    energy_kwh: Range | None
    """Through the building's meter: measured and estimated IT energy times PUE."""
    emissions_kgco2e: Range | None
    """Location-based, of running them."""
    idle_cost_usd: Range | None
    """Of hours paid for and used by nobody; in none of the figures above."""
    idle_energy_kwh: Range | None
    unpriced_accelerator_hours: Mapping[str, Decimal]
    """Part -> hours without a known price; the dollars are of all others."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Who is best at one thing, by the central figure, and how many others may be."""

    figure: str
    choice: Mapping[str, Any]
    value: Any
    tied: int
    """Other rows whose range overlaps."""


@dataclass(frozen=True, kw_only=True)
class MeaningSaid:
    """A word, and what it means."""

    name: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Bytes of one replica; `free_bytes` is what its caches may take."""

    weights_bytes: float
    kv_bytes_per_token: float
    kv_bytes_per_sequence: float
    free_bytes: float
    fits: bool


@dataclass(frozen=True, kw_only=True)
class MemoryNeed:
    """Bytes on the most loaded accelerator, part by part, and whether that fits; null where it cannot be known."""

    bytes: Range | None
    """All parts together, and how far published peaks lie from such sums."""
    bytes_per_accelerator: float | None
    """The middle of `bytes`."""
    weights_bytes: float | None
    gradients_bytes: float | None
    optimizer_bytes: float | None
    activations_bytes: float | None
    optimizer_step_bytes: float | None
    """What the optimizer's step holds beyond the activations, which are gone by then."""
    shared_bytes: float | None
    """Of gradients that come as activations go, where each step frees them: counted in both, held once."""
    reserve_bytes: float | None
    """Runtime, allocator and kernels' workspaces."""
    host_bytes: float | None
    """Kept in the host's memory for this accelerator: paged or offloaded optimizer states."""
    beside_bytes: float | None
    """Other models than the one trained: reference, reward, value, teacher."""
    capacity_bytes: float | None
    """What a program sees of the accelerator's memory."""
    fits: bool | None
    """At least four chances in five that it does."""
    fits_probability: float | None
    min_accelerators: int | None
    """The fewest that hold it: everything sharded (ZeRO stage 3) and every layer recomputed."""
    layout: Split | None
    """The layout counted: the one given, or the plainest that fits the accelerators there are."""
    convention: str


@dataclass(frozen=True, kw_only=True)
class ModelLifecycle:
    """From when and until when a seller serves a model, as far as it has said; all days are UTC. `announced_on` is
    the day it was made public, `available_on` the first day on which it can be called, `deprecated_on` the day on
    which its end was made known, `retired_on` the first day on which it is not served, and `successor` the model of
    the same seller that it names instead."""

    provider: str
    model: str
    announced_on: date | None
    available_on: date | None
    deprecated_on: date | None
    retired_on: date | None
    successor: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class ModelLifecycleRow:
    """From when and until when a seller serves a model, as far as it has said; all days are UTC. `announced_on` is
    the day it was made public, `available_on` the first day on which it can be called, `deprecated_on` the day on
    which its end was made known, `retired_on` the first day on which it is not served, and `successor` the model of
    the same seller that it names instead."""

    provider: str
    model: str
    announced_on: date | None
    available_on: date | None
    deprecated_on: date | None
    retired_on: date | None
    successor: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class ModelPrice:
    """One model at one seller: standard processing, text, prompts of any length."""

    provider: str
    model: str
    input_usd_per_mtok: Decimal
    output_usd_per_mtok: Decimal
    blended_usd_per_mtok: Decimal
    context_tokens: int | None
    """Of the open model of that name; null where the catalogue does not know it."""
    dated_on: date | None
    date_basis: Literal["available", "announced", "first priced", "not known"]
    on_front: bool | None
    """No other one is as good in both; null where one of the two is not known."""


@dataclass(frozen=True, kw_only=True, repr=False)
class ModelPricesAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: ModelPricesResult
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True)
class ModelPricesResult:
    """The cheapest first."""

    against: str
    models: int
    """How many pass, of which `rows` may be the cheapest so many."""
    rows: tuple[ModelPrice, ...]


@dataclass(frozen=True, kw_only=True)
class ModelRow:
    """An open model's architecture, as its config and paper print it; blank where nobody published it. `layers`
    counts decoder layers where `encoder_layers` is given too; `dense_layers` of a mixture have no experts;
    `state_elements_per_layer` is the recurrent state of one sequence in a linear-attention or state-space layer."""

    id: str
    name: str
    organisation: str
    release_date: date | None
    kind: Literal["transformer", "encoder", "encoder_decoder", "vit", "cnn", "diffusion", "ssm", "other"]
    params: int
    active_params: int | None
    layers: int | None
    hidden_size: int | None
    heads: int | None
    kv_heads: int | None
    head_dim: int | None
    ffn_size: int | None
    ffn_gated: bool | None
    vocab_size: int | None
    tied_embeddings: bool | None
    attention: str
    full_attention_layers: int | None
    sliding_window: int | None
    experts: int | None
    experts_per_token: int | None
    shared_experts: int | None
    dense_layers: int | None
    expert_ffn_size: int | None
    q_lora_rank: int | None
    kv_lora_rank: int | None
    qk_rope_head_dim: int | None
    qk_nope_head_dim: int | None
    v_head_dim: int | None
    state_elements_per_layer: int | None
    encoder_layers: int | None
    patch_size: int | None
    image_size: int | None
    context_tokens: int | None
    training_sequence_tokens: int | None
    training_tokens: float | None
    weight_dtype: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class MonthResult:
    """One month of a project, all parts together."""

    month: int
    cost_usd: Range | None
    accelerator_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    cumulative_cost_usd: Decimal | None
    """Of this month and all before it, the central amounts."""


@dataclass(frozen=True, kw_only=True)
class MonthsUntil:
    """When one way has cost less than another with a lower set-up; null ends where it never does."""

    against: str
    low: float | None
    central: float | None
    high: float | None
    chance_within_months: float
    """That it has cost less by the last month."""


@dataclass(frozen=True, kw_only=True)
class MovedLimit:
    """The plan with one limit moved."""

    change: str
    loss: float
    loss_change: float
    params: int
    tokens: float
    accelerator: str
    accelerator_count: int
    provider: str | None
    region: str | None
    price_model: str
    cost_usd: Range | None
    wall_clock_hours: Range | None


@dataclass(frozen=True, kw_only=True)
class NamedChoice:
    """One word of a field, and its other names."""

    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NarrowerName:
    """Another name, and the parameters that it stands for."""

    name: str
    params: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ParameterSaid:
    """A parameter of a loss or a penalty."""

    name: str
    default: Any
    required: bool
    domain: str
    about: str
    acts: str | None = None
    """Where it acts only under some condition: which."""


@dataclass(frozen=True, kw_only=True)
class PartResult:
    """One part of a project over all its months; null is unknown, or nothing that anybody told."""

    part: str
    kind: str
    cost_basis: str | None
    """`rental`, `amortised`, or null where no machine is paid."""
    first_month: int
    last_month: int
    cost_usd: Range | None
    accelerator_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    share_of_cost: float | None
    """Of the dollars of all parts that are known, by the central amounts."""
    bound: str | None
    """`at_most` or `at_least` where its dollars are known as a bound alone."""


@dataclass(frozen=True, kw_only=True)
class Pass:
    """One model that sees tokens: which, how, and its FLOP."""

    model: str
    work: str
    """`forward`, `forward and backward` or `generation`."""
    params: int
    tokens: float
    flop: float


@dataclass(frozen=True, kw_only=True)
class PathSaid:
    """A path, and what it answers."""

    path: str
    methods: tuple[str, ...]
    summary: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Penalties(_Told):
    """Every penalty."""

    regularizers: tuple[PenaltySaid, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class PenaltyAnswer(_Told):
    """What /v1/regularizers/evaluate answers."""

    penalty: float | str | None = None
    """"Infinity", "-Infinity" and "NaN" are strings"""
    penalties: Any = None
    resolved: Any = None
    diagnostics: Any = None
    gradient: Any = None


@dataclass(frozen=True, kw_only=True, repr=False)
class PenaltySaid(_Told):
    """One penalty: formula, fields, framework spellings."""

    name: str
    aliases: tuple[str, ...]
    about: str
    formula: str
    gradient: str
    properties: str
    source: str
    parameters: tuple[ParameterSaid, ...]
    frameworks: tuple[PenaltySpelling, ...]
    kinks: str | None = None
    pitfalls: str | None = None


@dataclass(frozen=True, kw_only=True)
class PenaltySpelling:
    """How a framework spells a penalty."""

    framework: str
    spelling: str
    means: str


@dataclass(frozen=True, kw_only=True)
class PlacedRun:
    """The run at one place and time, and what it saves against the run as it was asked; null is unknown."""

    choice: Mapping[str, Any]
    cost_basis: str | None
    cost_usd: Range | None
    emissions_kgco2e: Range | None
    energy_kwh: Range | None
    saved_usd: Range | None
    """Dollars less, draw by draw; below 0 it costs more. Null between rental and an owner's dollars."""
    saved_kgco2e: Range | None
    """kg CO2e less, draw by draw."""
    kgco2e_per_kwh: float | None
    """The grid's figure that counts."""
    carbon_from: str
    """Whose figure that is, and of which year."""
    carbon_free_percent: float | None
    carbon_free_basis: str | None
    error: str | None


@dataclass(frozen=True, kw_only=True, repr=False)
class PlacementAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: Placements
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True)
class Placements:
    """The run as asked, and every other place, time and terms, the least dollars first."""

    asked: PlacedRun
    marks: Mapping[str, Mark]
    """cheapest and greenest, the run as asked among them."""
    options: tuple[PlacedRun, ...]
    carbon: str
    """What the figures of carbon are, and are not."""
    seed: int


@dataclass(frozen=True, kw_only=True)
class PlanOption:
    """One way to have the task done: null figures where a part of it has no price."""

    option: str
    """`prompt`, `cache`, `lora`, `finetune`, `distil` or `train`."""
    rank: int | None
    """By the central dollars over all months."""
    tied_with_first: bool
    """Its range overlaps that of the cheapest: their dollars do not tell them apart."""
    rank_at_best: int | None
    rank_at_worst: int | None
    setup_cost_usd: Range | None
    monthly_cost_usd: Range | None
    total_usd: Range | None
    """Over all months, set-up in it."""
    chance_cheapest: float | None
    """Share of the draws in which it costs least: doubts that ways share, as of one rent, do not part them."""
    break_even: tuple[MonthsUntil, ...]
    """Against every way with a lower set-up: the month from which this one has cost less."""
    parts: tuple[PlanPart, ...]
    measure: str
    """What quality has to be measured before it may be taken."""
    no_answer: str | None


@dataclass(frozen=True, kw_only=True)
class PlanPart:
    """One part of an option: when it is paid, what it costs, and the question that says so."""

    part: str
    when: Literal["setup", "month"]
    cost_usd: Range
    question: Mapping[str, Any]
    """As it may be asked again, with its kind."""


@dataclass(frozen=True, kw_only=True)
class PlannedRun:
    """The cheapest run that reaches a loss under one law, and what it takes."""

    loss: float
    params: float
    tokens: float
    training_flop: float
    accelerator_hours: Range | None
    wall_clock_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    cost_usd: Range | None


@dataclass(frozen=True, kw_only=True)
class PlannedTraining:
    """A run as the training estimate has it, ready to be asked again."""

    params: int
    tokens: float
    """Seen, repeats included."""
    epochs: float | None
    """Passes over `unique_tokens`; null where nobody says how many there are."""
    tokens_per_param: float
    architecture: Mapping[str, Any]
    accelerator: str
    accelerator_count: int
    precision: str
    layout: Split | None
    """How the model is split over the accelerators, so that it fits."""
    provider: str | None
    region: str | None
    price_model: str
    losses: tuple[LawLoss, ...]
    worst_regret: float
    training_flop: Range | None
    accelerator_hours: Range
    wall_clock_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    cost_usd: Range | None
    mfu: Range | None
    memory_bytes_per_accelerator: float | None
    memory_fits_probability: float | None
    question: Mapping[str, Any]
    """What to ask `/v1/estimates/training` for these figures, to the last digit."""


@dataclass(frozen=True, kw_only=True)
class PriceChange:
    """From a moment on, another price; `begins` is null where the source does not say since when."""

    begins: datetime | None
    ends: datetime | None
    usd: Decimal
    before_usd: Decimal | None
    change_fraction: float | None
    is_declared: bool
    """Whether the seller said from when; else the price was first seen then."""
    basis: str
    provider: str
    row: str
    source_url: str


@dataclass(frozen=True, kw_only=True, repr=False)
class PriceSeriesAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: PriceSeriesResult
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True)
class PriceSeriesResult:
    """Every series that was asked for, in that order."""

    series: tuple[Series, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class ProjectQuestionAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: ProjectResult
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True)
class ProjectResult:
    """A project's totals, and all they are made of. Central amounts add up exactly; ends are drawn and do not."""

    cost_basis: str | None
    """What the dollars of machines mean: `rental`, `amortised`, `mixed` (then `cost_usd` is null), null without
    any."""
    cost_usd: Range | None
    bound: str | None
    """`at_most` or `at_least` where a part's dollars are a bound alone; `mixed` where they are of both kinds."""
    present_cost_usd: Range | None
    """The same, later months counting less by `discount_rate_per_year`."""
    accelerator_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    parts: tuple[PartResult, ...]
    months: tuple[MonthResult, ...]
    sums: tuple[FigureSum, ...]
    bases: tuple[BasisSum, ...]
    shared_doubts: tuple[SharedDoubt, ...]
    what_if: tuple[WhatIfResult, ...]
    alternative: AlternativeResult | None
    by_part_and_month: Mapping[str, Mapping[str, tuple[Decimal | None, ...]]]
    """Part -> figure -> its central amount in each month."""
    draws: int
    seed: int
    ranges: str
    """How ranges are added, in words."""
    variance_shares: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, kw_only=True)
class ProjectsBreakEven:
    """A month, counted from 1: its 80 % interval over the draws, and by the central amounts; null is never, within
    the months asked."""

    low: int | None
    central: int | None
    high: int | None


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Who sells, and how many rows of each kind this release holds of it."""

    provider: str
    tokens: int
    machines: int
    annotation: int
    regions: int


@dataclass(frozen=True, kw_only=True, repr=False)
class Providers(_Told):
    """Who sells what."""

    list: str
    release: str
    total: int
    next_cursor: str | None
    rows: tuple[Provider, ...]


@dataclass(frozen=True, kw_only=True)
class PurchasePriceRow:
    """What one accelerator was sold for on a day, and whether that bought a card or a share of a whole system. A
    `system_share` holds host, chassis and interconnect of `system`; a `card` or `baseboard_share` does not; an
    `estimate` is nobody's price (TPUs were never sold)."""

    accelerator: str
    seller: str
    form: Literal["card", "baseboard_share", "system_share", "estimate"]
    system: str
    usd: Decimal
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class QuestionFigures:
    """What one question of a check asks for; null is unknown, a figure it does not spend is absent."""

    name: str
    kind: str
    question: Mapping[str, Any]
    hours: Decimal | None
    figures: Mapping[str, Amount | None]
    warnings: tuple[Warning, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class QuoteChangeAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: Change
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True)
class Range:
    """The 80 % interval (10th to 90th percentile) and the median, all in the unit of the field's name."""

    low: float | Decimal
    central: float | Decimal
    high: float | Decimal


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The table, best first; what could not be ranked stands below."""

    kind: str
    rank_by: str
    order: str
    best: Mapping[str, Any] | None
    marks: Mapping[str, Mark]
    """cheapest, greenest, fastest: the row that is, by its central figure, and how many others may be."""
    front: tuple[str, ...]
    """The figures of `on_front`."""
    rows: tuple[Mapping[str, Any], ...]
    """Rank, choice, the figure that decides (`value`), how many times the first one's it is, whether its range and
    the first one's overlap (`tied_with_first`), the ranks it may have, what it is best at, and the other
    figures."""


@dataclass(frozen=True, kw_only=True)
class ReadAs:
    """How a provider's response was read: what it used, and which of its counts hold which."""

    dialect: str
    counts: Mapping[str, int | Decimal]
    cached: str
    """Where cached tokens are counted: inside or beside which count."""
    reasoning: str
    """Where reasoning is counted."""
    total: str
    """What the provider's total must be the sum of."""
    source_url: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Readiness(_Told):
    """What answers: the release in memory, and whether the database can be reached."""

    status: str
    release: str
    digest: str
    published_on: date
    release_age_days: int
    tables: Mapping[str, Mapping[str, int]]
    database: str


@dataclass(frozen=True, kw_only=True)
class ReductionSaid:
    """What a reduction divides by."""

    name: str
    meaning: str
    aliases: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True, kw_only=True, repr=False)
class Reductions(_Told):
    """Every reduction."""

    reductions: tuple[ReductionSaid, ...]


@dataclass(frozen=True, kw_only=True)
class RegionRow:
    """A provider's region in one year: the grid zone we map it to, PUE, WUE, carbon-free share, market-based
    factor."""

    provider: str
    region: str
    location: str
    country: str
    zone: str
    source_zone: str
    year: int | None
    pue: float | None
    wue_l_per_kwh: float | None
    cfe_percent: float | None
    cfe_basis: str
    market_based_gco2e_per_kwh: float | None
    latitude: float | None
    longitude: float | None
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True, repr=False)
class ReleaseDiff(_Told):
    """A page of what differs between two releases."""

    from_: str
    to: str
    total: int
    next_cursor: str | None
    changes: tuple[RowChange, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class ReleaseList(_Told):
    """Every release, newest first."""

    releases: tuple[ReleaseSaid, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class ReleasePublished(_Told):
    """What publishing did."""

    release: ReleaseSaid
    is_new: bool
    added_rows: int
    retracted_rows: int


@dataclass(frozen=True, kw_only=True)
class ReleaseSaid:
    """A release of the catalogue."""

    id: str
    published_on: date
    digest: str
    row_counts: Mapping[str, int]
    note: str
    withdrawn: str | None = None
    """Why it was withdrawn, where it was."""
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class ReleaseWithdrawn(_Told):
    """The release that was withdrawn, and the one that answers now."""

    release: ReleaseSaid
    newest: str


@dataclass(frozen=True, kw_only=True)
class RentalPriceRow:
    """Renting accelerators by the hour: an offer, a dated observation, or a published index."""

    provider: str
    sku: str
    accelerator: str
    accelerator_count: int
    region: str
    price_model: Literal[
        "on_demand",
        "spot",
        "capacity_block",
        "reserved_1m",
        "reserved_3m",
        "reserved_6m",
        "reserved_1y",
        "reserved_3y",
        "owned",
    ]
    commitment: str
    basis: Literal[
        "instance", "accelerator", "accelerator_with_host", "accelerator_only", "deployment", "index", "tco_model"
    ]
    usd_per_hour: Decimal
    usd_per_accelerator_hour: Decimal
    confirmed: Literal["yes", "secondary"]
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Report(_Told):
    """A check's answer."""

    verdict: Literal["pass", "warn", "unknown", "fail"]
    budget: BudgetSaid
    checked_at: datetime
    limits: tuple[LimitVerdict, ...]
    contributors: Mapping[str, tuple[Contributor, ...]]
    """Limited figure -> its three largest contributors."""
    questions: tuple[QuestionFigures, ...]
    labels: Mapping[str, str]
    """The budget's, the check's own laid over them."""
    reservation: Mapping[str, Any] | None
    """What is held, where that was asked for and the verdict lets it pass."""
    catalog: CatalogRef | Mapping[str, str]
    warnings: tuple[Warning, ...]


@dataclass(frozen=True, kw_only=True)
class RequestFlop:
    """Model FLOP of one mean request, cached prompt tokens left out."""

    prefill: float
    decode: float


@dataclass(frozen=True, kw_only=True, repr=False)
class ReservationNow(_Told):
    """A reservation as it stands."""

    id: str
    budget: str
    state: Literal["held", "settled", "released", "expired"]
    asked: Mapping[str, Amount]
    spent: Mapping[str, Amount] | None
    at_estimate: tuple[str, ...]
    """Figures whose actual nobody gave: they count as estimated."""
    labels: Mapping[str, str]
    reserved_at: datetime
    reserved_by: str
    expires_at: datetime
    closed_at: datetime | None
    corrected_spent: Mapping[str, Amount] | None
    """What counts as spent after corrections; null where there was none."""


@dataclass(frozen=True, kw_only=True, repr=False)
class ReservationSaid(_Told):
    """What is held of a budget for one piece of work, and what became of it."""

    id: str
    budget: str
    state: Literal["held", "settled", "released", "expired"]
    asked: Mapping[str, Amount]
    spent: Mapping[str, Amount] | None
    at_estimate: tuple[str, ...]
    """Figures whose actual nobody gave: they count as estimated."""
    labels: Mapping[str, str]
    reserved_at: datetime
    reserved_by: str
    expires_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True, repr=False)
class ReservationSettled(_Told):
    """A reservation that was settled just now."""

    id: str
    budget: str
    state: Literal["held", "settled", "released", "expired"]
    asked: Mapping[str, Amount]
    spent: Mapping[str, Amount] | None
    at_estimate: tuple[str, ...]
    """Figures whose actual nobody gave: they count as estimated."""
    labels: Mapping[str, str]
    reserved_at: datetime
    reserved_by: str
    expires_at: datetime
    closed_at: datetime | None
    warnings: tuple[Warning, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Reservations(_Told):
    """The newest reservations of a budget."""

    reservations: tuple[ReservationSaid, ...]


@dataclass(frozen=True, kw_only=True)
class Rival:
    """The best plan on another part or from another seller."""

    accelerator: str
    accelerator_count: int
    precision: str
    provider: str | None
    region: str | None
    price_model: str
    params: int
    tokens: float
    loss: float


@dataclass(frozen=True, kw_only=True)
class RowChange:
    """One fact that differs: `before` is null when it is new, `after` when it is gone."""

    table: str
    key: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RowRef:
    """A catalogue row the answer used."""

    table: str
    key: str
    effective_from: datetime | None
    source_url: str
    checked_on: date | None


@dataclass(frozen=True, kw_only=True, repr=False)
class RowsPage(_Told):
    """A page of a table; every row's fields are its table's."""

    table: str
    release: str
    total: int
    next_cursor: str | None
    rows: tuple[
        AcceleratorRow
        | AcceleratorPeakRow
        | AcceleratorPowerRow
        | PurchasePriceRow
        | RentalPriceRow
        | TokenPriceRow
        | ModelLifecycleRow
        | TimeWindowRow
        | ModelRow
        | ImageRuleRow
        | GridIntensityRow
        | RegionRow
        | FacilityRow
        | EmbodiedRow
        | CostFactorRow
        | DoubtRow
        | DefaultRow
        | ThresholdRow
        | ScalingLawRow
        | AnnotationPriceRow
        | TrainingRunRow
        | TrainingScoreRow
        | TuningRunRow
        | FittedFactorRow
        | EfficiencyAnchorRow
        | ServingRunRow
        | ServingConstantRow
        | JudgedRow
        | VerificationRow
        | AliasRow
        | SourceRow,
        ...,
    ]
    lifecycles: tuple[ModelLifecycle, ...] = field(default_factory=tuple)
    """Of prices of tokens: from when until when each seller serves what is priced."""


@dataclass(frozen=True, kw_only=True)
class ScalingLawRow:
    """One fit of loss against parameters, tokens or compute, or of how compute is best split between the two.
    `parametric` is E + A/N^alpha + B/D^beta (repeated tokens saturate with r_d_star, r_n_star where those are
    fitted), `power_law` is (x_c/x)^alpha of `variable`, `power_law_offset` E + (x_c/x)^alpha, `kaplan_joint`
    ((N_c/N)^(alpha_n/alpha_d) + D_c/D)^alpha_d. `allocation` is N = n_c C^alpha_n and D = d_c C^alpha_d, where one
    side alone is published the other follows from C; `allocation_ratio` is N/D = x_c (C/6e18)^alpha_n. `precision`
    is N (1 - exp(-P/gamma)) for each of weights, activations and cache of P bits."""

    id: str
    name: str
    form: Literal[
        "parametric", "power_law", "power_law_offset", "kaplan_joint", "allocation", "allocation_ratio", "precision"
    ]
    variable: str
    e: float | None
    a: float | None
    b: float | None
    alpha: float | None
    beta: float | None
    r_d_star: float | None
    r_n_star: float | None
    x_c: float | None
    n_c: float | None
    d_c: float | None
    alpha_n: float | None
    alpha_d: float | None
    gamma_weights: float | None
    gamma_activations: float | None
    gamma_cache: float | None
    counts: Literal["total", "non_embedding", "active", "flop_per_token", ""]
    """What N counts: all parameters, those without embeddings, those that one token uses, or the FLOP of a
    token."""
    flop_per_param_token: float | None
    flop_per_token: float | None
    """How the law counts compute: C = flop_per_param_token N D + flop_per_token D."""
    loss_unit: str
    """What one unit of its loss is; only laws of the same unit are compared."""
    dataset: str
    embedding_params_counted: bool | None
    fitted_params_min: float | None
    fitted_params_max: float | None
    fitted_flop_max: float | None
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True, repr=False)
class ScalingQuestionAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any]
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """One model or machine at one seller; empty where the catalogue knows no price of that kind."""

    name: str
    provider: str
    unit: str
    usd: Decimal | None
    """In effect at `as_of`."""
    changes: tuple[PriceChange, ...]


@dataclass(frozen=True, kw_only=True)
class ServingBreakEven:
    """Hosting against one API for the same requests and the same cache hits."""

    against: str
    api_usd_per_request: Decimal
    requests_per_day: float | None
    usd_per_month: Decimal | None
    requests_per_day_range: Doubted
    """The same under the doubt of the hour's dollars and of what a replica delivers."""
    by_price_model: tuple[Crossing, ...]
    staircase: tuple[Stair, ...]


@dataclass(frozen=True, kw_only=True)
class ServingConstantRow:
    """One effective constant of serving, fitted on measured runs: a rate, an overhead or a habit of an engine.
    `applies_to` is "any", an engine's family, "vendor:NAME" or "dtype:engine" for a factor, and for the residuals
    (measured over estimated at the 10th and 90th percentile, held out of the fit) the quantity. Written by
    benchmarks/fit_serving.py; `checked_on` is the day of the fit, `runs` how many measured points stand behind
    it."""

    name: str
    applies_to: str
    value: float
    unit: str
    runs: int
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class ServingLayout:
    """How the accelerators share the model, and the dtype in which products are computed."""

    replicas: int
    tensor_parallel: int
    pipeline_parallel: int
    sharding: str
    computes_in: str
    prefill_accelerators: int | None
    """Those that compute prompts alone; null where all do both."""


@dataclass(frozen=True, kw_only=True, repr=False)
class ServingQuestionAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: ServingResult | TaskResult
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True)
class ServingResult:
    """See the API: every figure with its unit in its name, Ranges where a range is honest, null where unknown."""

    output_tokens_per_s: Range | None
    output_tokens_per_s_per_accelerator: Range | None
    input_tokens_per_s: Range | None
    requests_per_s: Range | None
    ttft_ms: Range | None
    """Mean over a run, a share of its first wave of requests included."""
    ttft_ms_median: Range | None
    """Median of a warm engine."""
    tpot_ms: Range | None
    inter_token_ms_median: Range | None
    latency_statistic: str
    """What the latencies are: mean or median, cold or warm."""
    flop_per_request: RequestFlop
    concurrency: float
    max_concurrency: float
    cache_tokens: float
    """Tokens that the caches of all replicas hold, in sequences of `max_model_len`."""
    max_concurrency_at_max_model_len: float
    critical_batch: float
    """Sequences of one replica above which a data sheet's products outlast its reading of the weights."""
    capacity_output_tokens_per_s: Range
    memory: Memory
    layout: ServingLayout
    bound: str
    power_scope: str
    power_w: Range | None
    power_w_by_scope: Mapping[str, Range | None]
    joules_per_output_token: Range | None
    usd_per_hour: Range | None
    usd_per_day: Range | None
    usd_per_mtok: ServingUsdPerMtok | None
    utilisation_curve: tuple[UtilisationPoint, ...]
    kgco2e_per_mtok: Range | None
    kgco2e_per_hour: Range | None
    """Of all accelerators, their making included."""
    water_l_per_mtok: Range | None
    replicas_needed: Range | None
    break_even: ServingBreakEven | None
    variance_shares: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, kw_only=True)
class ServingRunRow:
    """One measured run of a model being served, as its source prints it: what ran on what, and what came out. The
    constants of serving are fitted on these. `measured` is the date as printed (a day or a month), `accelerator` an
    alias, `group` the model and accelerator held out together; throughput and power are of the whole system."""

    id: str
    source: str
    source_place: str
    measured: str
    model: str
    params: int
    active_params: int
    layers: int
    hidden_size: int
    kv_heads: int
    head_dim: int
    attention: str
    full_attention_layers: int | None
    sliding_window: int | None
    experts: int | None
    experts_per_token: int | None
    weight_dtype: str
    kv_dtype: str
    accelerator: str
    accelerator_count: int
    tensor_parallel: int | None
    engine: str
    scenario: Literal["offline", "server", "interactive"]
    input_tokens: float | None
    output_tokens: float
    concurrency: float | None
    max_ttft_ms: float | None
    max_tpot_ms: float | None
    output_tokens_per_s: float | None
    ttft_ms: float | None
    tpot_ms: float | None
    power_w: float | None
    joules_per_output_token: float | None
    power_scope: Literal["", "gpu", "wall"]
    group: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class ServingUsdPerMtok:
    """Dollars per million tokens: prompts and outputs by the time they take, blended over both."""

    input: Range | None
    output: Range | None
    blended: Range | None


@dataclass(frozen=True, kw_only=True)
class SharedDoubt:
    """One source of doubt that parts share: it is drawn once, and they are high or low together."""

    source: str
    parts: tuple[str, ...]
    share_of_variance: float | None
    """Of the variance of the dollars; null where their total is unknown."""


@dataclass(frozen=True, kw_only=True)
class SoldModel:
    """A model that is sold per token, as its sellers spell it."""

    model: str
    providers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class SoldModels(_Told):
    """Models that are sold per token."""

    list: str
    release: str
    total: int
    next_cursor: str | None
    rows: tuple[SoldModel, ...]


@dataclass(frozen=True, kw_only=True)
class SourceAges:
    """How old the sources of a seller's rows are."""

    row_count: int
    median_age_days: int | None
    oldest_age_days: int | None
    over_90_days_fraction: float | None
    over_365_days_fraction: float | None
    undated_rows: int
    provider: str | None = None


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """A table, dataset or body of pages that rows were read in, and on what ground its facts are carried here.
    `lineages` are the words by which rows name it (`read_from`, `read in ...` of a note, a repository of
    `source_url`), parted by "; ". `ground` is "open_licence" or "public_domain"; "single_facts" where figures are
    quoted one by one, each with its publisher, and no file, selection or text is carried; "own" for what we
    derived; "refused" for what may not be carried at all."""

    id: str
    name: str
    licence: str
    ground: Literal["open_licence", "public_domain", "single_facts", "own", "refused"]
    attribution: str
    carries: str
    lineages: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class Split:
    """How a model is spread over accelerators."""

    tensor_parallel: int
    pipeline_parallel: int
    expert_parallel: int
    data_parallel: int
    zero_stage: Literal[0, 1, 2, 3]


@dataclass(frozen=True, kw_only=True)
class Stair:
    """One step: so many replicas serve up to so many requests, for so much a month; what the API asks for as
    many."""

    replicas: int
    up_to_requests_per_day: float
    hosting_usd_per_month: Decimal
    api_usd_per_month: Decimal


@dataclass(frozen=True, kw_only=True)
class Step:
    """What comes on top from one run to the other; doubts of price, speed and place are the same in both."""

    training_flop: float
    accelerator_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    cost_usd: Range | None
    times_compute: float
    """Compute of the one over that of the other."""
    usd_per_nat: float | None
    """Dollars of the next nat at `loss_to`, on the frontier: k USD / (L - E)."""


@dataclass(frozen=True, kw_only=True, repr=False)
class SurfaceAnswer(_Told):
    """What /v1/losses/surface answers."""

    objectives: Any = None
    directions: Any = None
    grid: Any = None
    theta: Any = None
    stationary_points: Any = None
    critical_points: Any = None
    resolved: Any = None
    diagnostics: Any = None


@dataclass(frozen=True, kw_only=True)
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
    providers: tuple[SourceAges, ...] = field(default_factory=tuple)


@dataclass(frozen=True, kw_only=True)
class TaskMemory:
    """What one replica holds."""

    weights_bytes: float
    free_bytes: float
    fits: bool


@dataclass(frozen=True, kw_only=True)
class TaskResult:
    """See the API: figures of other tasks than the asked one are null."""

    task: str
    unit: str
    """What a request is counted in: an image, an input token, a pair, a second of audio."""
    requests_per_s: Range
    """Images, texts, pairs or recordings, on machines kept busy."""
    flop_per_request: float
    images_per_s: Range | None
    seconds_per_image: Range | None
    """One image alone on a replica."""
    usd_per_image: Range | None
    joules_per_image: Range | None
    input_tokens_per_s: Range | None
    usd_per_mtok: ServingUsdPerMtok | None
    joules_per_input_token: Range | None
    pairs_per_s: Range | None
    usd_per_thousand_pairs: Range | None
    joules_per_pair: Range | None
    audio_seconds_per_s: Range | None
    usd_per_audio_hour: Range | None
    joules_per_audio_second: Range | None
    kgco2e_per_thousand_requests: Range | None
    memory: TaskMemory
    layout: ServingLayout
    power_scope: str
    power_w: Range | None
    power_w_by_scope: Mapping[str, Range | None]
    usd_per_hour: Range | None
    usd_per_day: Range | None
    replicas_needed: Range | None
    load_fraction: Range | None
    """`requests_per_s` over what the paid hours deliver: above 1 the machines do not keep up."""
    variance_shares: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, kw_only=True)
class TermSaid:
    """What a word means here, and which field it is."""

    term: str
    field: str | None
    scope: str
    formula: str | None
    meaning: str


@dataclass(frozen=True, kw_only=True, repr=False)
class TextCountAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: TextTokens
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True)
class TextTokens:
    """The tokens of a text, and what a request with it costs; low, central and high are one where they are
    counted."""

    characters: int
    input_tokens: Range
    tokenizer: str | None
    """The encoding that counted; null where the tokens are a range by characters."""
    cost_usd: Range | None
    """Prompt and expected output at the list price; null where it is not known."""


@dataclass(frozen=True, kw_only=True)
class ThresholdRow:
    """An amount of training compute from which a law or guideline treats a model differently. Each status has its
    own interval (proposed, enacted, in force, revoked), so the row that holds at a moment has the status of that
    moment. `applies_to` is whose compute is meant: any training, or only that of modifying a model."""

    id: str
    name: str
    jurisdiction: str
    flop: float
    scope: str
    applies_to: Literal["any", "modification"]
    status: Literal["in_force", "enacted", "guideline", "revoked", "proposed"]
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class ThresholdVerdict:
    """Whether the run's compute reaches a regulatory amount; `likely` when its range straddles it."""

    name: str
    jurisdiction: str
    status: str
    """As the law stands at the run's date: `proposed`, `enacted`, `guideline`, `in_force` or `revoked`."""
    scope: str
    flop: float
    exceeded: str
    source_url: str
    effective_from: datetime | None
    """Since when it stands so."""
    effective_to: datetime | None
    """Until when, where that is known: an enacted law's first day in force."""


@dataclass(frozen=True, kw_only=True)
class Ties:
    """Choices that cannot be told from the best one."""

    choices: int
    """Pairs of a part (with its precision) and a count that were compared."""
    within_range: int
    """Those whose own best loss is not above the upper end of the plan's loss range: nobody can rank them."""
    nearest: tuple[Rival, ...]
    """The best of the other parts among them."""


@dataclass(frozen=True, kw_only=True)
class TimePart:
    """One part of the work: seconds of each label where it is timed so, and hours in all where they are said."""

    stage: str
    mean_s: float | None
    median_s: float | None
    worker_hours: float | None


@dataclass(frozen=True, kw_only=True)
class TimeWindowRow:
    """Recurring hours in which a price holds: `start` to `end` (HH:MM in `timezone`, half-open) on `weekdays`.
    `weekdays` and `holidays` are words apart by blanks ("mon tue", "2026-10-01"); a holiday is outside the window.
    Several rows of one id are one window; `complement` makes it every moment that the rows leave out."""

    id: str
    timezone: str
    weekdays: str
    start: str
    end: str
    holidays: str
    complement: bool
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class TokenPriceRow:
    """A price is a point in declared dimensions: who, which model, what is metered, how, when, where -> dollars.
    `meter` is what is counted ("input", "output", "cache_read", "cache_write", "web_search", ...), `modality` of
    what, `cache_ttl` only for cache writes ("default", "5m", "1h", "12h"), `tier_operator`/`tier_tokens` the prompt
    size from which the price holds (">" 200000), `time_window` an id of `time_windows`, `variant` the rest
    (size=..,quality=..). `usd` is the figure we decided for; where public tables still dispute it, `usd_low` and
    `usd_high` span theirs."""

    provider: str
    model: str
    meter: str
    modality: Literal["text", "audio", "image", "video", "document", "any"]
    cache_ttl: Literal["", "default", "5m", "1h", "12h"]
    processing: str
    tier_operator: Literal["", ">", ">="]
    tier_tokens: int | None
    region: str
    time_window: str
    variant: str
    unit: str
    usd: Decimal
    usd_low: Decimal | None
    usd_high: Decimal | None
    confidence: Literal["high", "medium", "low"]
    effective_from_basis: str
    read_from: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class TokensUsdPerMtok:
    """Dollars per million tokens, after the discount; blended is the whole bill over all tokens."""

    input: Decimal | None
    output: Decimal | None
    blended: Decimal | None


@dataclass(frozen=True, kw_only=True, repr=False)
class Told(_Told):
    """A log that is priced in its own time."""

    id: str
    state: Literal["queued", "running", "done", "failed"]
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    keep_until: datetime | None
    """When its answer is forgotten; null before it is finished."""
    attempts: int
    """How often it was begun: once more where the process that priced it ended before."""
    bytes: int
    bytes_read: int
    progress_fraction: float
    """How much of the log has been read; 1 while the last of it is summed up."""
    release: str
    """The catalogue release that prices it: the one asked for, or the newest of that moment."""
    pricing: Mapping[str, Any]
    """How it is priced, as it was asked."""
    problem: Mapping[str, Any] | None
    """Why it failed, as the same log would have been answered at once; null where it did not."""


@dataclass(frozen=True, kw_only=True, repr=False)
class TrainingPlanAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: BestTraining
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True, repr=False)
class TrainingQuestionAnswer(_Told):
    """An envelope with where it can be found again."""

    question: Mapping[str, Any] = field(default_factory=dict)
    result: TrainingResult
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)
    catalog: CatalogRef
    rows: tuple[RowRef, ...] = field(default_factory=tuple)
    warnings: tuple[Warning, ...]
    links: Mapping[str, str | None]
    trimmed: tuple[str, ...] = field(default_factory=tuple)
    """Where the answer is brief: what was left out."""


@dataclass(frozen=True, kw_only=True)
class TrainingResult:
    """See the API: every figure with its unit in its name, Ranges where a range is honest, null where unknown."""

    params: int | None
    active_params: int | None
    training_flop: Range | None
    hardware_flop: Range | None
    flop_breakdown: FlopBreakdown | None
    passes: tuple[Pass, ...]
    petaflop_days: Range | None
    mfu: Range | None
    accelerator_hours: Range
    wall_clock_hours: Range | None
    goodput: Goodput | None
    energy_kwh_accelerators: Range | None
    energy_kwh_it: Range | None
    energy_kwh: Range | None
    energy_kwh_nameplate: Range | None
    emissions_kgco2e: Emissions
    sci_kgco2e_per_mtok: Range | None
    water_l: Range | None
    grid_water_l: Range | None
    cost_basis: str
    cost_usd: Range | None
    cost_usd_rental: Range | None
    cost_usd_amortised: Range | None
    cost_usd_hosting: Range | None
    cost_lines: tuple[CostLine, ...]
    memory: MemoryNeed | None
    communication: Communication | None
    predicted_loss: float | None
    thresholds: tuple[ThresholdVerdict, ...]
    variance_shares: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, kw_only=True)
class TrainingRunRow:
    """What was published about one training run, as printed; blank where the source is silent. `source_type` tells
    a developer's own figures from a third party's guess, and every basis column says what its figure is: energy at
    TDP or from a meter, dollars at list price or estimated, FLOP counted or inferred from time."""

    id: str
    model: str
    organisation: str
    run_date: date
    kind: str
    source_type: Literal["measured_by_developer", "derived_in_paper", "third_party_estimate"]
    architecture: str
    params: float | None
    active_params: float | None
    layers: int | None
    hidden_size: int | None
    heads: int | None
    kv_heads: int | None
    ffn_size: int | None
    ffn_gated: bool | None
    vocab_size: int | None
    sequence_length: int | None
    tokens: float | None
    epochs: float | None
    precision: str
    accelerator: str
    accelerator_as_printed: str
    accelerator_count: int | None
    accelerator_hours: float | None
    wall_clock_days: float | None
    mfu: float | None
    hfu: float | None
    tflop_per_s_per_accelerator: float | None
    training_flop: float | None
    training_flop_basis: str
    energy_kwh: float | None
    energy_basis: str
    power_w: float | None
    pue: float | None
    gco2e_per_kwh: float | None
    location: str
    grid_zone: str
    emissions_tco2e_location: float | None
    emissions_tco2e_market: float | None
    cost_usd: Decimal | None
    cost_basis: str
    cost_usd_amortised: Decimal | None
    cost_amortised_basis: str
    quote: str
    caveats: str
    unconfirmed_fields: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class TrainingScoreRow:
    """One published figure of a training run beside ours, by rules fitted without that run. `given` says what was
    known when it was asked: `forward` model, data and hardware, `hours` the disclosed accelerator-hours too.
    `is_headline` where the figure is a developer's own of a whole job. `low` to `high` is our 80 % range. Written
    by benchmarks/scoreboard.py; `source_url` is the run's, `checked_on` the day of the fit."""

    run: str
    given: Literal["forward", "hours"]
    quantity: Literal["accelerator_hours", "energy_kwh", "emissions_kgco2e", "cost_usd", "cost_usd_amortised"]
    kind: str
    run_date: date
    is_headline: bool
    published: float
    low: float
    central: float
    high: float
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class TuningRunRow:
    """One published measurement of a fine-tuning step: its peak memory, or the hours of so many tokens at its
    speed. `source` is who measured, for the fit weighs sources and not rows; sizes are blank where `model` names a
    row of `models`. Blank is unsaid: a micro-batch of one sequence is then taken, and the question's own default of
    the rest. `optimizer` and `target_modules` are as a question says them."""

    id: str
    source: str
    model: str
    layers: int | None
    hidden_size: int | None
    heads: int | None
    kv_heads: int | None
    ffn_size: int | None
    ffn_gated: bool | None
    vocab_size: int | None
    tied_embeddings: bool | None
    method: str
    lora_rank: int | None
    tokens: float
    sequence_length: int
    micro_batch_size: int | None
    recompute: str
    fused_loss: bool | None
    gradient_accumulation_steps: int | None
    optimizer: str
    target_modules: str
    accelerator: str
    accelerator_count: int
    run_date: date | None
    peak_gb: float | None
    accelerator_hours: float | None
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class Unanswered:
    """A function of a framework that is no loss of ours, and why."""

    framework: str
    spelling: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class UnderLaw:
    """The step under one law; null runs where the law says that no compute reaches the loss."""

    law: str
    loss_floor: float
    """E: no compute comes below it."""
    percent_compute_per_percent_loss: float
    """How much more compute 1 % less of the loss above the floor takes: (alpha + beta) / (alpha beta)."""
    run_from: PlannedRun | None
    run_to: PlannedRun | None
    step: Step | None
    beyond_fit: tuple[str, ...]
    """Which of size and compute of `run_to` lie beyond what the law was fitted on."""
    no_answer: str | None


@dataclass(frozen=True, kw_only=True)
class UnusualDay:
    """A day of a group that cost far more, or far less, than the same weekdays around it."""

    day: str
    group: Mapping[str, Any]
    cost_usd: Decimal
    usual_usd: Decimal
    """The median of the group's other days of that weekday."""
    score: float
    """How many robust standard deviations it is off; 3.5 and more is told."""
    lines: tuple[int, ...]
    """Its dearest lines, where any were charged."""


@dataclass(frozen=True, kw_only=True, repr=False)
class UsageCost(_Told):
    """A usage log, priced; `cost_usd` is null while a line has no known price or cannot be read."""

    accelerator_hours: Mapping[str, Decimal] = field(default_factory=dict)
    """Part -> its hours."""
    at_most_accelerator_hours: Mapping[str, Decimal] = field(default_factory=dict)
    idle_accelerator_hours: Mapping[str, Decimal] = field(default_factory=dict)
    energy_kwh: Decimal | None = None
    idle_energy_kwh: Decimal | None = None
    emissions_kgco2e: Decimal | None = None
    billed_usd: Decimal | None = None
    billed_usd_by_charge: Mapping[str, Decimal] = field(default_factory=dict)
    billed_quantities: Mapping[str, Decimal] = field(default_factory=dict)
    """Meter -> how many of it a bill counts, where calls are beside it."""
    billed_beside_priced: BilledBesidePriced | None = None
    machines: MachineCost | None = None
    """What hours of machines cost, draw and emit."""
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
    further_unpriced_lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Code -> the numbers of the lines beyond those told in full."""
    further_malformed_lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    forecast: UsageOutlook | None = None
    """How the period of the log's last day ends, where `forecast` asks for it; null where no day has a price."""
    anomalies: tuple[UnusualDay, ...] = field(default_factory=tuple)
    """Days that cost unusually much or little, the largest difference first."""
    further_anomalies: int | None = None
    """How many there are beyond those that are told."""
    focus: FocusExport | None = None
    """The bill as charges of FOCUS, where `focus_version` asks for them."""
    budget: str | None = None
    """The budget that was charged."""
    charged_usd: Decimal | None = None
    calls_and_machines_usd: Range | None = None
    """What has a price, calls and machines together."""
    machines_rest_on: Mapping[str, Any] = field(default_factory=dict)
    """Assumptions and rows behind what machines cost."""


@dataclass(frozen=True, kw_only=True)
class UsageFault:
    """A line that is not in the totals."""

    line: int
    code: str
    detail: str
    errors: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class UsageOutlook:
    """What a period will have cost at its end, in calls that have a price; null where `why` says so."""

    per: Literal["month", "quarter"]
    period_from: datetime
    period_to: datetime
    seen_until: datetime
    """Now, or the end of the log's last day where that is earlier."""
    used_usd: Decimal
    """What the period has cost by then."""
    low_usd: Decimal | None
    central_usd: Decimal | None
    high_usd: Decimal | None
    level_fraction: float
    days_seen: int
    days_ahead: float
    why: str


@dataclass(frozen=True, kw_only=True)
class UsageTotal:
    """The lines of one group; what they are grouped by stands beside, under its own name."""

    accelerator_hours: Mapping[str, Decimal] = field(default_factory=dict)
    """Part -> its hours."""
    at_most_accelerator_hours: Mapping[str, Decimal] = field(default_factory=dict)
    idle_accelerator_hours: Mapping[str, Decimal] = field(default_factory=dict)
    energy_kwh: Decimal | None = None
    idle_energy_kwh: Decimal | None = None
    emissions_kgco2e: Decimal | None = None
    billed_usd: Decimal | None = None
    billed_usd_by_charge: Mapping[str, Decimal] = field(default_factory=dict)
    billed_quantities: Mapping[str, Decimal] = field(default_factory=dict)
    """Meter -> how many of it a bill counts, where calls are beside it."""
    billed_beside_priced: BilledBesidePriced | None = None
    machines: MachineCost | None = None
    """What hours of machines cost, draw and emit."""
    lines: int
    unpriced_lines: int
    quantities: Mapping[str, Decimal]
    priced_usd: Decimal
    cost_usd: Decimal | None


@dataclass(frozen=True, kw_only=True)
class UtilisationPoint:
    """What tokens cost when paid hours are used only so much (central figures)."""

    utilisation_fraction: float
    output_usd_per_mtok: Decimal
    blended_usd_per_mtok: Decimal


@dataclass(frozen=True, kw_only=True)
class VerificationRow:
    """Rows of a sample that were held against a source again, and how that went: the published error rate's record.
    `row` is the key of one row, or blank where a sample was told only by its counts; `against` is what it was held
    to and `checked_on` the day; `fields` are the columns that were looked at, or those that were wrong."""

    sample: str
    table_name: str
    row: str
    against: str
    verdict: Literal["right", "wrong", "unverifiable"]
    rows: int
    fields: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True)
class ViewSaid:
    """One answer as HTML."""

    view: str
    summary: str
    page: str
    asked_at: str
    example: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Views(_Told):
    """Every answer that is had as HTML."""

    views: tuple[ViewSaid, ...]


@dataclass(frozen=True, kw_only=True)
class Warning:
    """Something the reader must know before acting on the answer; `code` is one of kit/codes.py."""

    code: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class WhatIfResult:
    """The project with fields changed, on the same draws."""

    name: str
    part: str | None
    change: Mapping[str, Any]
    totals: Mapping[str, Range | None]
    """Figure -> what it would be."""
    difference: Mapping[str, Range | None]
    """Figure -> what it would be more, draw by draw."""


@dataclass(frozen=True, kw_only=True)
class WorkloadCost:
    """The bill of the whole period; `levers` are changes that would make it smaller, each by itself."""

    cost_usd: Decimal | None
    cost_per_request_usd: Decimal | None
    cost_per_day_usd: Decimal | None
    cost_per_month_usd: Decimal | None
    cost_range_usd: Range | None
    requests: Decimal
    cost_lines: tuple[InferenceLine, ...]
    list_cost_usd: Decimal | None
    savings_usd: Decimal | None
    usd_per_mtok: TokensUsdPerMtok
    context_tier: ContextTier
    cache_hit_fraction: Decimal
    cached_input_fraction: Decimal
    levers: tuple[Lever, ...]
    reported_usd: None
    rate_card: CardCost | None


@dataclass(frozen=True, kw_only=True)
class WriteSaid:
    """One write: who, when, what, before and after."""

    id: int
    at: datetime
    by: str
    act: str
    subject: str
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True, repr=False)
class Writes(_Told):
    """A page of the log of writes; `next_after` asks for the next one."""

    next_after: int | None
    rows: tuple[WriteSaid, ...]


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A grid zone, what kind of place it is, and the names it goes by."""

    zone: str
    kind: str
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Zones(_Told):
    """Grid zones."""

    list: str
    release: str
    total: int
    next_cursor: str | None
    rows: tuple[Zone, ...]


ROWS: Mapping[str, type[Any]] = {
    "accelerators": AcceleratorRow,
    "accelerator_peaks": AcceleratorPeakRow,
    "accelerator_power": AcceleratorPowerRow,
    "purchase_prices": PurchasePriceRow,
    "rental_prices": RentalPriceRow,
    "token_prices": TokenPriceRow,
    "model_lifecycles": ModelLifecycleRow,
    "time_windows": TimeWindowRow,
    "models": ModelRow,
    "image_rules": ImageRuleRow,
    "grid_intensity": GridIntensityRow,
    "regions": RegionRow,
    "facilities": FacilityRow,
    "embodied": EmbodiedRow,
    "cost_factors": CostFactorRow,
    "doubts": DoubtRow,
    "defaults": DefaultRow,
    "thresholds": ThresholdRow,
    "scaling_laws": ScalingLawRow,
    "annotation_prices": AnnotationPriceRow,
    "training_runs": TrainingRunRow,
    "training_scores": TrainingScoreRow,
    "tuning_runs": TuningRunRow,
    "fitted_factors": FittedFactorRow,
    "efficiency_anchors": EfficiencyAnchorRow,
    "serving_runs": ServingRunRow,
    "serving_constants": ServingConstantRow,
    "judged": JudgedRow,
    "verifications": VerificationRow,
    "aliases": AliasRow,
    "sources": SourceRow,
}
"""A table of the catalogue -> what a row of it is."""
