"""What a row of each table says: one frozen dataclass a table.

A row's fields are its CSV columns and its database columns, in this order. Every row ends in
`effective_from, effective_to, source_url, checked_on, note` (`Tail`). Blank is unknown, never zero. Figures whose
digits matter (money) are `Decimal`; physics is `float`; a quantity's name ends in its unit as the source prints it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol


class Row(Protocol):
    """What every row carries: since when it holds (half-open UTC instants), from whom, checked when, and why so."""

    @property
    def effective_from(self) -> datetime | None: ...
    @property
    def effective_to(self) -> datetime | None: ...
    @property
    def source_url(self) -> str: ...
    @property
    def checked_on(self) -> date | None: ...
    @property
    def note(self) -> str: ...


PriceModel = Literal[
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
"""On which terms machines are had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accelerator:
    """One SKU: form factor and memory size. Its peaks and power are rows of their own.

    Parts of one maker and `generation` are kin, and closest kin where they share the `form` too (the board: "sxm5",
    "pcie"; "unified" where the memory is the processor's too); `product` is what the maker sells in several forms
    ("A100"). `export` parts were cut down for sale to China; a part with a `sole_provider` stands nowhere else.
    """

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

    def __hash__(self) -> int:
        """By its id: parts are keys of what is remembered, asked for every answer."""
        return hash(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceleratorPeak:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceleratorPower:
    """One power figure with its scope and statistic; scopes are never mixed.

    `watts` is the draw of everything in the scope, which serves `accelerator_count` accelerators: divide before
    comparing a node with a board.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasePrice:
    """What one accelerator was sold for on a day, and whether that bought a card or a share of a whole system.

    A `system_share` holds host, chassis and interconnect of `system`; a `card` or `baseboard_share` does not; an
    `estimate` is nobody's price (TPUs were never sold).
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RentalPrice:
    """Renting accelerators by the hour: an offer, a dated observation, or a published index."""

    provider: str
    sku: str
    accelerator: str
    accelerator_count: int
    region: str
    price_model: PriceModel
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPrice:
    """A price is a point in declared dimensions: who, which model, what is metered, how, when, where -> dollars.

    `meter` is what is counted ("input", "output", "cache_read", "cache_write", "web_search", ...), `modality` of what,
    `cache_ttl` only for cache writes ("default", "5m", "1h", "12h"), `tier_operator`/`tier_tokens` the prompt size from
    which the price holds (">" 200000), `time_window` an id of `time_windows`, `variant` the rest (size=..,quality=..).
    `usd` is the figure we decided for; where public tables still dispute it, `usd_low` and `usd_high` span theirs.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLifecycle:
    """From when and until when a seller serves a model, as far as it has said; all days are UTC.

    `announced_on` is the day it was made public, `available_on` the first day on which it can be called,
    `deprecated_on` the day on which its end was made known, `retired_on` the first day on which it is not served, and
    `successor` the model of the same seller that it names instead.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow:
    """Recurring hours in which a price holds: `start` to `end` (HH:MM in `timezone`, half-open) on `weekdays`.

    `weekdays` and `holidays` are words apart by blanks ("mon tue", "2026-10-01"); a holiday is outside the window.
    Several rows of one id are one window; `complement` makes it every moment that the rows leave out.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """An open model's architecture, as its config and paper print it; blank where nobody published it.

    `layers` counts decoder layers where `encoder_layers` is given too; `dense_layers` of a mixture have no experts;
    `state_elements_per_layer` is the recurrent state of one sequence in a linear-attention or state-space layer.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class GridIntensity:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A provider's region in one year: the grid zone we map it to, PUE, WUE, carbon-free share, market-based factor."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """A data-centre figure of a site, part of a fleet, a fleet, a country or the industry.

    `provider_region` is a continent of a provider's fleet; `tool_default` is another tool's constant; `grid` rows are
    named by grid zone: `grid_water` is what power stations consume per kWh, where `wue` is what a site evaporates.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Embodied:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFactor:
    """A figure of owning a cluster that no price list carries: a share, a life, a rate; `subject` is what it is of."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """How far a figure may be off: the standard deviation of ln(true over stated) of one quantity.

    `level` is where the figure came from ("country", "sibling") or which part of its doubt this is ("per_year_away").
    Where nobody published it, it is our own: derived (`source_url` is a page of docs/) or judged (no `source_url`, and
    a note that begins "judgement:").
    """

    quantity: str
    level: str
    log_sd: float
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """What is taken where a question names no figure of its own; `value` is blank where only its ends are known.

    `level` is what it holds for, or blank. Sources as in `Doubt`.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """An amount of training compute from which a law or guideline treats a model differently.

    Each status has its own interval (proposed, enacted, in force, revoked), so the row that holds at a moment has the
    status of that moment. `applies_to` is whose compute is meant: any training, or only that of modifying a model.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingLaw:
    """One fit of loss against parameters, tokens or compute, or of how compute is best split between the two.

    `parametric` is E + A/N^alpha + B/D^beta (repeated tokens saturate with r_d_star, r_n_star where those are fitted),
    `power_law` is (x_c/x)^alpha of `variable`, `power_law_offset` E + (x_c/x)^alpha, `kaplan_joint`
    ((N_c/N)^(alpha_n/alpha_d) + D_c/D)^alpha_d. `allocation` is N = n_c C^alpha_n and D = d_c C^alpha_d, where one side
    alone is published the other follows from C; `allocation_ratio` is N/D = x_c (C/6e18)^alpha_n. `precision` is
    N (1 - exp(-P/gamma)) for each of weights, activations and cache of P bits.
    """

    id: str
    name: str
    form: Literal[
        "parametric",
        "power_law",
        "power_law_offset",
        "kaplan_joint",
        "allocation",
        "allocation_ratio",
        "precision",
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
    """What N counts: all parameters, those without embeddings, those that one token uses, or the FLOP of a token."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationPrice:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRun:
    """What was published about one training run, as printed; blank where the source is silent.

    `source_type` tells a developer's own figures from a third party's guess, and every basis column says what its
    figure is: energy at TDP or from a meter, dollars at list price or estimated, FLOP counted or inferred from time.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingScore:
    """One published figure of a training run beside ours, by rules fitted without that run.

    `given` says what was known when it was asked: `forward` model, data and hardware, `hours` the disclosed
    accelerator-hours too. `is_headline` where the figure is a developer's own of a whole job. `low` to `high` is our
    80 % range. Written by benchmarks/scoreboard.py; `source_url` is the run's, `checked_on` the day of the fit.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRule:
    """How a family of models cuts an image into prompt tokens, and the encoder that reads its patches.

    `models` are ids of the catalogue, `config_types` what a Hugging Face config calls itself, both with "; " between.
    `rule`: `fixed` tokens whatever the size; `multiples` of a unit within the least and the most tokens; `rows`, each
    ended by a token; a `budget` that is filled; `padded` to whole units. A unit is `patches_across` patches wide and
    high. Where windows are not all of an image, `encoder_full_layers` see it whole. Blank: the rule does not read it,
    or nobody knows.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningRun:
    """One published measurement of a fine-tuning step: its peak memory, or the hours of so many tokens at its speed.

    `source` is who measured, for the fit weighs sources and not rows; sizes are blank where `model` names a row of
    `models`. Blank is unsaid: a micro-batch of one sequence is then taken, and the question's own default of the rest.
    `optimizer` and `target_modules` are as a question says them.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedFactor:
    """One term of a rule fitted on published runs: what the quantity is multiplied by when the term applies.

    `log_sd` is the doubt of the factor (or, for a residual, of a whole prediction) in natural-log units; `runs` is how
    many published figures stand behind it. Written by benchmarks/fit_training.py; `checked_on` is the day of the fit.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class EfficiencyAnchor:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingConstant:
    """One effective constant of serving, fitted on measured runs: a rate, an overhead or a habit of an engine.

    `applies_to` is "any", an engine's family, "vendor:NAME" or "dtype:engine" for a factor, and for the residuals
    (measured over estimated at the 10th and 90th percentile, held out of the fit) the quantity. Written by
    benchmarks/fit_serving.py; `checked_on` is the day of the fit, `runs` how many measured points stand behind it.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingRun:
    """One measured run of a model being served, as its source prints it: what ran on what, and what came out.

    The constants of serving are fitted on these. `measured` is the date as printed (a day or a month), `accelerator`
    an alias, `group` the model and accelerator held out together; throughput and power are of the whole system.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A row that smells and was looked at: why it stands as it is. `checked_on` is the day of the judgement.

    `row` is the key as `catalog verify --suspects` prints it; a `*` stands for any text, for rows of one cause.
    """

    table_name: str
    row: str
    smell: str
    effective_from: datetime | None
    effective_to: datetime | None
    source_url: str
    checked_on: date | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Rows of a sample that were held against a source again, and how that went: the published error rate's record.

    `row` is the key of one row, or blank where a sample was told only by its counts; `against` is what it was held to
    and `checked_on` the day; `fields` are the columns that were looked at, or those that were wrong.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A table, dataset or body of pages that rows were read in, and on what ground its facts are carried here.

    `lineages` are the words by which rows name it (`read_from`, `read in ...` of a note, a repository of `source_url`),
    parted by "; ". `ground` is "open_licence" or "public_domain"; "single_facts" where figures are quoted one by one,
    each with its publisher, and no file, selection or text is carried; "own" for what we derived; "refused" for what
    may not be carried at all.
    """

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
