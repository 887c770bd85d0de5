"""The fitted constants of serving, read from one release and resolved for one engine, vendor and dtype."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from mlquote.catalog.rows import Accelerator, ServingConstant
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.asking.question import LATEST
from mlquote.estimators.serving.engine_age import measured_runs
from mlquote.estimators.serving.engines import ANY, ServingEngine, engine_of
from mlquote.estimators.serving.residuals import Quantity, Residual
from mlquote.formulas.serving.batching import Habits
from mlquote.formulas.serving.roofline import Rates
from mlquote.kit.errors import InvalidCatalog
from mlquote.kit.provenance import Assumption
from mlquote.kit.units import BYTES_PER_TB, FLOP_PER_TFLOP

TABLE = "serving_constants"
BASE = ("bandwidth_fraction", "any")
"""The constant whose row stands for the whole fit."""
TAIL = "targets hold for 99 % of requests: crowding slows them this many times as much as the mean, MLPerf runs"
WALL = "whole server over its accelerators, from runs measured at the plug"
HELD_OUT = "what runs held out of the fit measured over what was estimated: 80 % of them lie between"
GAUDI, HABANA = "Gaudi", "Habana"
"""Intel's parts of Habana's making, and their maker."""
FIRST_WAVE = "first_wave_share"
SHARED = (
    "of what the first wave adds to the mean first token of a benchmark of ten waves: a long-lived service has none"
)
UNMEASURED = "unmeasured"
"""What residuals of makers without runs apply to."""
Key = tuple[str, str]
"""(constant, what it applies to)."""
Values = Mapping[Key, float]
Rows = Mapping[Key, ServingConstant]
_PLAIN_RATES = (
    "bandwidth_fraction", "expert_bandwidth_fraction", "routing_exponent", "cache_bandwidth_fraction",
    "mixture_decode_fraction", "mixture_prefill_fraction", "latent_flop_fraction",
    "prompt_attention_factor", "overlap_exponent", "mixture_layer_factor", "hybrid_layer_factor", "link_fraction",
    "collective_s", "expert_collective_s", "network_collective_s", "activation_passes", "routed_passes",
)  # fmt: skip
_PLAIN_HABITS = (
    "median_stall_fraction", "crowding_exponent", "idle_draw", "memory_draw", "compute_draw", "memory_exponent",
    "compute_exponent", "group_exponent",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """What decides which constants hold."""

    engine: ServingEngine
    vendor: str
    """Of the part; one with two lines of parts counts as two."""
    weight_dtype: str
    filled: bool
    """Every request is there from the start, and the machine is never short of them: nothing waits for an engine."""
    age_years: float = 0.0
    """How much older the engine is than the newest that was measured."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The fit of one release: its constants, the row of each, and how far held-out runs were from it."""

    values: Values
    tail_factor: Finding[float]
    """How many times as much as the mean crowding slows the slowest hundredth of the requests."""
    wall_factor: Finding[float]
    """Whole server over its accelerators."""
    residuals: Mapping[Key, Finding[Residual]]
    """By quantity and engine's family; "" for all, "unmeasured" for makers that no run has."""
    makers: frozenset[str]
    """Those whose parts were measured, as `line_of` names them."""
    families: frozenset[str]
    """Engines that were measured, and the average one."""
    first_wave_share: Finding[float]
    """Of what the first wave adds to the mean first token of a benchmark: how much an answer counts."""
    said: Finding[None]
    """When and on what it was fitted, and the row that stands for the whole."""


@dataclass(frozen=True, slots=True)
class Constants:
    """The fitted constants of one release, as they hold for one setting."""

    fit: Fit
    rates: Rates
    habits: Habits
    engine: ServingEngine
    vendor: str
    is_untried: bool = False
    """Adapters stand beside the weights, or images in the prompts, which no measured run had."""

    @property
    def is_measured(self) -> bool:
        """Some run was measured on a part of this maker, and some under this engine, with nothing that none had."""
        return not self.is_untried and self.vendor in self.fit.makers and self.engine.family in self.fit.families

    def cap(self, width: float) -> float:
        """Sequences one replica of `width` accelerators takes at most, memory apart."""
        return batch_cap(self.fit.values, self.engine, width)

    def residual(self, quantity: Quantity) -> Finding[Residual]:
        """How far measurements of a quantity were from their estimates, in runs of the engine left out of the fit."""
        residuals = self.fit.residuals
        if not self.is_measured:
            return residuals[quantity, UNMEASURED]
        return residuals.get((quantity, self.engine.family)) or residuals[quantity, ""]


def line_of(part: Accelerator) -> str:
    """The maker whose kernels a part runs: its vendor, or the line of parts that came with software of its own."""
    return HABANA if part.family == GAUDI else part.vendor


def constants_of(setting: Setting, catalog: Snapshot) -> Finding[Constants]:
    """The constants that hold for a setting, and the fit that stands behind them.

    Raises:  InvalidCatalog when the release has none
    """
    return catalog.remembered(_constants, setting)


def rates_for(values: Values, setting: Setting) -> Rates:
    """The step constants of one setting: those of its engine's family, slower by its age."""
    engine, vendor = setting.engine.family, setting.vendor
    slow = _times(values, "weight_slowdown", f"vendor:{vendor}", f"{setting.weight_dtype}:{engine}")
    slow = slow * _aged(values, "weight_aging", f"vendor:{vendor}", setting)
    kind = f"{engine}:fixed" if setting.engine.static and ("launch_factor", f"{engine}:fixed") in values else engine
    launch = _times(values, "launch_factor", kind) * _aged(values, "launch_aging", "any", setting)
    value = {name: values[name, "any"] for name in _PLAIN_RATES}
    products = _times(values, "product_speed", engine, f"vendor:{vendor}")
    ceiling = values["bandwidth_ceiling_tb_per_s", "any"] * _times(values, "bandwidth_ceiling_factor", engine)
    return Rates(
        weight_slowdown=slow,
        mixture_slowdown=_times(values, "mixture_slowdown", setting.weight_dtype),
        bandwidth_ceiling_bytes_per_s=ceiling * BYTES_PER_TB,
        flop_ceiling_per_s=values["flop_ceiling_tflop_per_s", "any"] * FLOP_PER_TFLOP,
        decode_flop_fraction=values["decode_flop_fraction", "any"] * products,
        prefill_flop_fraction=values["prefill_flop_fraction", "any"]
        * products
        * _times(values, "prefill_speed", engine),
        step_s=values["step_s", "any"] * launch,
        layer_s=values["layer_s", "any"] * launch,
        sequence_s=values["sequence_s", "any"]
        * _times(values, "sequence_factor", engine)
        * _aged(values, "sequence_aging", "any", setting),
        **value,
    )


def _aged(values: Values, name: str, applies_to: str, setting: Setting) -> float:
    """How many times slower an engine is for its age: (1 + yearly)^years."""
    yearly: float = values.get((name, applies_to), 0.0)
    slower: float = (1 + yearly) ** setting.age_years
    return slower


def habits_for(values: Values, setting: Setting, first_wave_share: float = 1.0) -> Habits:
    """The constants around the step, of one setting; the first wave as benchmarks have it unless a share is given."""
    engine, static = setting.engine.family, setting.engine.static
    early = (values["static_first_token_factor", "any"] if static else 1.0) * (not setting.filled)
    return Habits(
        fixed_batch=float(static),
        first_token_s=values["first_token_s", "any"] * _times(values, "first_token_factor", engine) * early,
        first_token_layer_s=values["first_token_layer_s", "any"]
        * _times(values, "first_token_layer_factor", engine)
        * early,
        crowding=values["crowding", "any"] * (not setting.filled),
        step_wait=values["step_wait", "any"] * (not setting.filled),
        interruption=values.get(("interruption", engine), 0.0) * (not setting.filled),
        first_wave=_times(values, "first_wave", engine) * first_wave_share * (not setting.filled),
        **{name: values[name, "any"] for name in _PLAIN_HABITS},
    )


def wall_factor_of(catalog: Snapshot) -> Finding[float]:
    """Whole servers over their accelerators, as measured at the plug."""
    return catalog.derived(_fit).wall_factor


def batch_cap(values: Values, engine: ServingEngine, width: float) -> float:
    """Sequences one replica of `width` accelerators takes at most, memory apart: cap x width^x."""
    cap = values["batch_cap", "any"] * _times(values, "batch_cap_factor", engine.family)
    most: float = cap * width ** values["batch_cap_exponent", "any"]
    return most


def _times(values: Values, name: str, *applies_to: str) -> float:
    """The product of the factors that apply; a kind without its own takes the average one of "any", or 1."""
    product = 1.0
    for kind in applies_to:
        product *= values.get((name, kind), values.get((name, "any"), 1.0))
    return product


def _constants(catalog: Snapshot, setting: Setting) -> Finding[Constants]:
    fit = catalog.derived(_fit)
    values, share = fit.values, fit.first_wave_share
    habits = habits_for(values, setting, share.value)
    said = Finding(None, fit.said.assumptions + share.assumptions, fit.said.rows + share.rows)
    return said.of(Constants(fit, rates_for(values, setting), habits, setting.engine, setting.vendor))


def _fit(catalog: Snapshot) -> Fit:
    """A release holds one fit, without dates: the last version of each constant."""
    rows = {key: catalog.history(TABLE, *key)[-1] for key in catalog.keys(TABLE)}
    if BASE not in rows:
        raise InvalidCatalog("this release has no serving constants", hint="run benchmarks/fit_serving.py and import")
    return Fit(
        values={key: row.value for key, row in rows.items()},
        tail_factor=_constant("tail_factor", rows, catalog, TAIL),
        wall_factor=_constant("wall_factor", rows, catalog, WALL),
        residuals=_residuals(rows, catalog),
        makers=_makers(catalog),
        families=frozenset({ANY, *(engine_of(run.engine).family for run in measured_runs(catalog))}),
        first_wave_share=_first_wave_share(catalog),
        said=_said(rows[BASE], catalog),
    )


def _first_wave_share(catalog: Snapshot) -> Finding[float]:
    row = catalog.default(FIRST_WAVE, LATEST)
    assert row.value is not None
    said = Assumption(FIRST_WAVE, row.value, "fraction", row.low, row.high, why=SHARED)
    return Finding(row.value, (said,), (catalog.ref("defaults", row),))


def _said(base: ServingConstant, catalog: Snapshot) -> Finding[None]:
    day = base.checked_on.isoformat() if base.checked_on else "an unknown day"
    why = f"effective rates and overheads fitted on {base.runs} measured runs of many engines and parts"
    said = Assumption("serving_constants", day, basis="catalog", why=why, source_url=base.source_url)
    return Finding(None, (said,), (catalog.ref(TABLE, base),))


def _constant(name: str, rows: Rows, catalog: Snapshot, why: str) -> Finding[float]:
    """One constant that a reader should see by itself."""
    row = rows[name, "any"]
    said = Assumption(name, row.value, "ratio", basis="catalog", why=why, source_url=row.source_url)
    return Finding(row.value, (said,), (catalog.ref(TABLE, row),))


def _makers(catalog: Snapshot) -> frozenset[str]:
    """Makers whose parts some run was measured on; all of them where a release holds no runs."""
    parts = {run.accelerator for run in measured_runs(catalog)}
    return frozenset(line_of(catalog.accelerator(part, LATEST)) for part in parts)


def _residuals(rows: Rows, catalog: Snapshot) -> dict[Key, Finding[Residual]]:
    """Every residual of the fit."""
    found = {}
    for name, applies_to in rows:
        quantity, _, family = applies_to.partition(":")
        if name == "residual_low":
            found[quantity, family] = _residual(cast("Quantity", quantity), applies_to, rows, catalog)
    return found


def _residual(quantity: Quantity, applies_to: str, rows: Rows, catalog: Snapshot) -> Finding[Residual]:
    low, high = rows["residual_low", applies_to], rows["residual_high", applies_to]
    residual = Residual.between(quantity, low.value, high.value)
    said = Assumption(
        residual.name, 1.0, "measured over estimated", low.value, high.value, "catalog", HELD_OUT, low.source_url
    )
    return Finding(residual, (said,), (catalog.ref(TABLE, low), catalog.ref(TABLE, high)))
