"""The fitted constants of serving, read from one release and resolved for one engine, vendor and dtype."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlquote.catalog.rows import ServingConstant
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.parts import Engine
from mlquote.formulas.serving.batching import Habits
from mlquote.formulas.serving.roofline import Rates
from mlquote.kit.errors import InvalidCatalog
from mlquote.kit.provenance import RowRef
from mlquote.kit.units import FLOP_PER_TFLOP

BYTES_PER_TB = 1e12
SCENARIOS = ("offline", "server", "interactive")
Values = Mapping[tuple[str, str], float]
"""(constant, what it applies to) -> value."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What decides which constants hold."""

    engine: Engine
    vendor: str
    weight_dtype: str
    closed_loop: bool
    """Clients wait for their answers; offline every request is there from the start."""


def rates_for(values: Values, setting: Setting) -> Rates:
    """The step constants of one setting."""
    engine = setting.engine.family
    slow = _times(values, "weight_slowdown", f"vendor:{setting.vendor}", f"{setting.weight_dtype}:{engine}")
    launch = _times(values, "launch_factor", engine)
    value = {name: values[name, "any"] for name in _PLAIN}
    return Rates(
        weight_slowdown=slow,
        bandwidth_ceiling_bytes_per_s=values["bandwidth_ceiling_tb_per_s", "any"] * BYTES_PER_TB,
        flop_ceiling_per_s=values["flop_ceiling_tflop_per_s", "any"] * FLOP_PER_TFLOP,
        step_s=values["step_s", "any"] * launch,
        layer_s=values["layer_s", "any"] * launch,
        sequence_s=values["sequence_s", "any"] * _times(values, "sequence_factor", engine),
        **value,
    )


_PLAIN = (
    "bandwidth_fraction", "expert_bandwidth_fraction", "cache_bandwidth_fraction", "decode_flop_fraction",
    "prefill_flop_fraction", "mixture_decode_fraction", "mixture_prefill_fraction", "latent_flop_fraction",
    "prompt_attention_factor", "overlap_exponent", "mixture_layer_factor", "hybrid_layer_factor", "link_fraction",
    "collective_s", "expert_collective_s", "activation_passes", "routed_passes",
)  # fmt: skip


def habits_for(values: Values, setting: Setting) -> Habits:
    """The constants around the step, of one setting."""
    engine, static = setting.engine.family, setting.engine.static
    fixed, layer = values["first_token_s", "any"], values["first_token_layer_s", "any"]
    alone = values["static_first_token_factor", "any"] if static else 1.0
    return Habits(
        prefill_share=values["prefill_share", "any"] * _times(values, "prefill_share_factor", engine),
        delivered_fraction=values["delivered_fraction", "any"] if setting.closed_loop else 1.0,
        first_token_s=fixed * _times(values, "first_token_factor", engine) * alone,
        first_token_layer_s=layer * _times(values, "first_token_layer_factor", engine) * alone,
        prefill_speed=_times(values, "prefill_speed", engine),
        **{name: values[name, "any"] for name in _HABITS},
    )


_HABITS = (
    "crowding", "crowding_exponent", "step_wait", "idle_draw", "memory_draw", "compute_draw", "memory_exponent",
    "compute_exponent", "group_exponent",
)  # fmt: skip


def batch_cap(values: Values, engine: Engine, width: float) -> float:
    """Sequences one replica of `width` accelerators takes at most, memory apart: cap x width^x."""
    cap = values["batch_cap", "any"] * _times(values, "batch_cap_factor", engine.family)
    return float(cap * width ** values["batch_cap_exponent", "any"])


def _times(values: Values, name: str, *applies_to: str) -> float:
    """The product of the factors that apply; a kind without its own takes the average one of "any", or 1."""
    product = 1.0
    for kind in applies_to:
        product *= values.get((name, kind), values.get((name, "any"), 1.0))
    return product


@dataclass(frozen=True, slots=True)
class Constants:
    """The fitted constants of one release, and the row that stands for the fit."""

    values: Values
    ref: RowRef
    runs: int
    source_url: str
    fitted_on: str
    resolved: dict[Setting, tuple[Rates, Habits]] = field(default_factory=dict)
    """Rates and habits of the settings already asked for."""

    def residual(self, quantity: str) -> tuple[float, float]:
        """(low, high): measured over estimated at the 10th and 90th percentile, runs held out of the fit."""
        return self.values["residual_low", quantity], self.values["residual_high", quantity]


def constants_of(catalog: Snapshot) -> Constants:
    """The constants of this release.

    Raises:  InvalidCatalog when it has none
    """
    return catalog.derived(_constants)


def _constants(catalog: Snapshot) -> Constants:
    rows: tuple[ServingConstant, ...] = catalog.rows("serving_constants")
    if not rows:
        raise InvalidCatalog("this release has no serving constants", hint="run benchmarks/fit_serving.py and import")
    values = {(row.name, row.applies_to): row.value for row in rows}
    base = next(row for row in rows if row.name == "bandwidth_fraction")
    day = base.checked_on.isoformat() if base.checked_on else "an unknown day"
    return Constants(values, catalog.ref("serving_constants", base), base.runs, base.source_url, day)
