"""Fit the constants of serving on measured runs: python benchmarks/fit_serving.py [--check] [--write FILE].

The runs are the catalogue's `serving_runs` (architecture, accelerator, engine, lengths, concurrency -> tokens/s, TTFT,
TPOT, power); the estimates compared are the product's own formulas; nothing is keyed on a model, a part or lengths.
Factors of engines and vendors are shrunk to a common prior. All constants are moved at once, as arrays, by damped
Gauss-Newton steps; the same runs give the same constants. --check fits and fails where the catalogue holds others (a
minute); --write leaves out every group by itself, then sources, then vendors, prints their errors, and puts the
constants with what was left out measured over estimated into pricing_data/serving_constants.csv (a quarter of an hour).
"""

import argparse
import csv
import re
import sys
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from mlquote.catalog.rows import ServingRun
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.power import rated_of
from mlquote.estimators.models.architecture import Architecture, Description
from mlquote.estimators.models.resolved import resolved_of
from mlquote.estimators.serving.constants import FIRST_WAVE, Setting, batch_cap, habits_for, line_of, rates_for
from mlquote.estimators.serving.data_sheet import data_sheet_of
from mlquote.estimators.serving.engine_age import releases_of
from mlquote.estimators.serving.engine_memory import engine_memory_of
from mlquote.estimators.serving.engines import engine_of
from mlquote.estimators.serving.served import served_of
from mlquote.formulas.serving.batching import (
    Habits,
    Traffic,
    draw_fraction,
    inter_token_median_s,
    pace,
    residence_s,
    tail_tpot_s,
    tokens_per_s,
    tpot_s,
    ttft_s,
    warm_ttft_s,
)
from mlquote.formulas.serving.load import (
    Bytes,
    LayoutWish,
    default_placement,
    load_of,
    most_sequences,
)
from mlquote.formulas.serving.roofline import Load, Rates, law_of
from mlquote.kit.errors import OutOfDomain
from mlquote.store.files import snapshot_from_files

CATALOG = Path(__file__).parents[1] / "pricing_data"
QUANTITIES = ("output_tokens_per_s", "tpot_ms", "ttft_ms", "power_w", "joules_per_output_token")
MEAN_TTFT = "ttft_mean_ms"
"""The mean time to the first token of runs that print a median and, beside it, a mean."""
TOLD_TTFT = "ttft_told_ms"
"""What an answer's `ttft_ms` says, whatever statistic the run prints."""
WEIGHTS = (1.0, 1.0, 1.0, 0.7, 1.2, 0.5)
NOISE = 0.15
"""Scale of a log residual at which the loss turns from squares to outliers."""
DEFAULT_INPUT = 256.0
SERVED_TTFT = 64
"""Times to first token are compared up to this concurrency; above, queues in front of the engine set them."""

_ = (0.0, np.inf)
COMMON = 0.3
"""How far factors of engines and vendors stray from each other: the log-sd of their common prior."""
Start = tuple[float, float, str, tuple[float, float]]
START: dict[tuple[str, str], Start] = {
    # (name, applies to): (start, log-sd of the prior, unit, bounds)
    ("bandwidth_fraction", "any"): (0.9, 0.06, "fraction of the data sheet", (0.0, 0.95)),
    ("bandwidth_ceiling_tb_per_s", "any"): (20.0, 0.7, "TB/s", _),
    ("bandwidth_ceiling_factor", "llama_cpp"): (0.5, 0.7, "factor", (0.0, 1.0)),
    ("expert_bandwidth_fraction", "any"): (0.95, 0.3, "fraction", (0.0, 1.0)),
    ("routing_exponent", "any"): (0.9, 0.1, "exponent", (0.5, 1.0)),
    ("cache_bandwidth_fraction", "any"): (0.75, 0.3, "fraction", (0.0, 1.0)),
    ("decode_flop_fraction", "any"): (0.7, 0.3, "fraction", (0.0, 0.95)),
    ("prefill_flop_fraction", "any"): (0.6, 0.3, "fraction", (0.0, 0.95)),
    ("flop_ceiling_tflop_per_s", "any"): (6000.0, 0.7, "TFLOP/s", _),
    ("mixture_decode_fraction", "any"): (0.5, 0.4, "factor", (0.0, 1.0)),
    ("mixture_prefill_fraction", "any"): (0.7, 0.4, "factor", (0.0, 1.0)),
    ("latent_flop_fraction", "any"): (0.4, 0.5, "fraction", (0.0, 1.0)),
    ("prompt_attention_factor", "any"): (1.0, 0.5, "factor", _),
    ("overlap_exponent", "any"): (2.0, 0.3, "exponent", (1.0, 4.0)),
    ("step_s", "any"): (0.6e-3, 1.0, "s", _),
    ("layer_s", "any"): (50e-6, 0.3, "s", _),
    ("mixture_layer_factor", "any"): (2.0, 0.25, "factor", _),
    ("hybrid_layer_factor", "any"): (1.0, 0.5, "factor", _),
    ("sequence_s", "any"): (20e-6, 1.0, "s", _),
    ("link_fraction", "any"): (0.3, 0.5, "fraction", (0.0, 1.0)),
    ("collective_s", "any"): (10e-6, 0.7, "s", _),
    ("expert_collective_s", "any"): (10e-6, 0.7, "s", _),
    ("network_collective_s", "any"): (130e-6, 0.3, "s", _),
    ("activation_passes", "any"): (8.0, 0.7, "passes", _),
    ("routed_passes", "any"): (8.0, 0.7, "passes", _),
    **{
        ("launch_factor", engine): (1.0, COMMON, "factor", _)
        for engine in ("vllm", "tensorrt_llm", "sglang", "exllama")
    },
    **{
        ("launch_factor", engine): (1.0, 0.5, "factor", _) for engine in ("llama_cpp", "mii", "mlc", "habana", "neuron")
    },
    **{("launch_factor", engine): (1.5, 0.5, "factor", _) for engine in ("deepspeed", "eager")},
    **{
        ("sequence_factor", engine): (1.0, 0.7, "factor", (0.05, 20.0)) for engine in ("vllm", "tensorrt_llm", "sglang")
    },
    **{("sequence_factor", engine): (1.0, 0.5, "factor", (0.05, 60.0)) for engine in ("llama_cpp", "mii", "habana")},
    ("launch_aging", "any"): (0.1, 0.7, "a year", (0.0, 1.0)),
    ("sequence_aging", "any"): (0.2, 0.7, "a year", (0.0, 2.0)),
    ("launch_factor", "llama_cpp:fixed"): (3.0, 1.0, "factor", _),
    ("weight_aging", "vendor:AMD"): (0.4, 0.5, "a year", (0.0, 1.0)),
    **{
        ("weight_slowdown", f"vendor:{v}"): (1.2, COMMON, "factor", (1.0, 6.0))
        for v in ("AMD", "AWS", "Google", "Habana")
    },
    ("weight_slowdown", "vendor:Intel"): (1.5, 0.7, "factor", (1.0, 12.0)),
    ("weight_slowdown", "int8:deepspeed"): (1.5, 0.7, "factor", (1.0, 4.0)),
    ("weight_slowdown", "fp4:sglang"): (1.2, COMMON, "factor", (1.0, 4.0)),
    ("mixture_slowdown", "int4"): (1.5, 0.5, "factor", (1.0, 8.0)),
    **{
        ("product_speed", f"vendor:{v}"): (0.7, COMMON, "factor", (0.02, 1.0))
        for v in ("AMD", "AWS", "Google", "Intel")
    },
    **{("product_speed", e): (0.8, COMMON, "factor", (0.02, 1.0)) for e in ("llama_cpp", "mii", "habana")},
    ("median_stall_fraction", "any"): (0.1, 0.7, "fraction", (0.0, 1.0)),
    ("batch_cap", "any"): (700.0, 0.5, "sequences", _),
    ("batch_cap_factor", "vllm"): (0.3, 0.7, "factor", _),
    ("batch_cap_exponent", "any"): (0.7, 0.5, "exponent", (0.0, 1.2)),
    ("tail_factor", "any"): (1.5, 0.3, "factor", (1.0, 4.0)),
    ("first_token_s", "any"): (10e-3, 1.0, "s", _),
    ("first_token_layer_s", "any"): (0.55e-3, 1.0, "s", _),
    ("first_token_factor", "vllm"): (1.1, 0.7, "factor", _),
    ("first_token_factor", "tensorrt_llm"): (2.0, 0.7, "factor", _),
    ("first_token_factor", "sglang"): (2.0, 0.7, "factor", _),
    **{("first_token_factor", e): (0.3, 1.0, "factor", _) for e in ("llama_cpp", "neuron")},
    ("first_token_layer_factor", "vllm"): (1.0, 0.5, "factor", _),
    ("first_token_layer_factor", "tensorrt_llm"): (2.0, 0.5, "factor", _),
    ("first_token_layer_factor", "sglang"): (2.0, 0.5, "factor", _),
    **{("first_token_layer_factor", e): (0.3, 1.0, "factor", _) for e in ("llama_cpp", "neuron")},
    ("first_token_layer_factor", "eager"): (2.0, 1.0, "factor", _),
    ("static_first_token_factor", "any"): (0.05, 1.0, "factor", _),
    ("prefill_speed", "llama_cpp"): (1.0, 0.3, "factor", _),
    ("crowding", "any"): (0.13, 1.0, "factor", (0.0, 0.5)),
    ("crowding_exponent", "any"): (0.93, 0.3, "exponent", (0.3, 1.0)),
    **{("first_wave", engine): (0.3, 0.7, "fraction", (0.0, 2.0)) for engine in ("vllm", "tensorrt_llm", "sglang")},
    ("interruption", "sglang"): (1.0, 0.2, "fraction", (0.0, 2.0)),
    ("step_wait", "any"): (1.0, 0.4, "steps", (0.0, 2.0)),
    ("idle_draw", "any"): (0.12, 0.2, "fraction of TDP", _),
    ("memory_draw", "any"): (0.5, 0.3, "fraction of TDP", _),
    ("compute_draw", "any"): (1.0, 0.5, "fraction of TDP", _),
    ("memory_exponent", "any"): (0.37, 0.2, "exponent", _),
    ("compute_exponent", "any"): (0.3, 0.5, "exponent", _),
    ("group_exponent", "any"): (0.1, 1.0, "exponent", _),
    ("wall_factor", "any"): (1.5, 0.2, "factor", _),
}
AVERAGED = ("launch_factor", "sequence_factor", "first_token_factor", "first_token_layer_factor", "first_wave")
"""Factors of engines: one nobody recognises takes the geometric mean of the servers'."""
SERVERS = ("vllm", "tensorrt_llm", "sglang")
KEYS = tuple(START)
PRIOR = np.array([np.log(start) for start, *_rest in START.values()])
SPREAD = np.array([sd for _start, sd, *_rest in START.values()])
LOW = np.array([np.log(b[0]) if b[0] > 0 else -np.inf for *_rest, b in START.values()])
HIGH = np.array([np.log(b[1]) for *_rest, b in START.values()])


@dataclass(frozen=True)
class Runs:
    """All runs, as arrays of one entry a run; `of` says which setting each run has."""

    load: Load
    traffic: Traffic
    settings: tuple[Setting, ...]
    of: Any
    width: Any
    replicas: Any
    accelerators: Any
    layers: Any
    room: Any
    concurrency: Any
    slo_tpot_s: Any
    rated_w: Any
    at_wall: Any
    measured: dict[str, Any]
    counted: dict[str, Any]
    group: Any
    accelerator: Any
    source: Any
    vendor: Any
    family: Any
    median: Any
    first_median: Any
    first_set: Any
    first_wave_share: float
    """Of what the first wave adds to a benchmark's mean: how much answers count."""


def number(value: float | None) -> float:
    """A figure, or NaN where it is unknown."""
    return float("nan") if value is None else float(value)


SIZES = (
    "params", "active_params", "layers", "hidden_size", "kv_heads", "head_dim", "attention", "full_attention_layers",
    "sliding_window", "experts", "experts_per_token",
)  # fmt: skip


MEANS = re.compile(r"TTFT is the median \(mean ([\d.]+)\)")
MEDIANS = ("TTFT is the median", "p50s", "median of the minutes")
"""Notes of runs whose time to the first token is a median."""


def mean_ttft(line: ServingRun) -> float:
    """The mean that a note gives beside the median; none where a cold first request is in it."""
    found = MEANS.search(line.note)
    return float(found[1]) if found else float("nan")


def is_answered(line: ServingRun, catalog: Snapshot, moment: datetime) -> bool:
    """The product knows enough of the part to estimate the run."""
    row = catalog.accelerator(line.accelerator, moment)
    try:
        memory = engine_memory_of(row, engine_of(line.engine), None, catalog, moment).value
        data_sheet_of(row, line.weight_dtype, memory, catalog, moment)
    except OutOfDomain:
        print(f"not answered: {line.id} on {line.accelerator}")
        return False
    return True


def read_runs(catalog: Snapshot) -> Runs:
    """Every run through the product's own reading of model, part, engine and layout."""
    moment = datetime(2026, 11, 27, tzinfo=UTC)
    releases = releases_of(catalog)
    lines = [line for line in catalog.rows("serving_runs") if is_answered(line, catalog, moment)]
    loads, settings, of, columns = [], {}, [], []
    for line in lines:
        sizes = Architecture(**{name: getattr(line, name) for name in SIZES if getattr(line, name) is not None})
        served = served_of(resolved_of(Description(architecture=sizes), catalog, moment).value)
        row = catalog.accelerator(line.accelerator, moment)
        engine = engine_of(line.engine)
        if line.scenario == "offline" and line.concurrency is not None:
            engine = replace(engine, static=True)
        memory = engine_memory_of(row, engine, None, catalog, moment).value
        chip = data_sheet_of(row, line.weight_dtype, memory, catalog, moment).value.chip
        rated = rated_of(row, catalog).value
        each = Bytes.of(line.weight_dtype, line.kv_dtype)
        concurrency, offline = number(line.concurrency), line.scenario == "offline"
        wanted = LayoutWish(
            accelerators=line.accelerator_count,
            width=line.tensor_parallel,
            filled=offline and line.concurrency is None,
        )
        layout = default_placement(served, chip, each, wanted)
        prompt = DEFAULT_INPUT if line.input_tokens is None else line.input_tokens
        output = line.output_tokens
        filled = offline and line.concurrency is None
        if engine.is_layerwise:
            layout = replace(layout, width=1, stages=layout.accelerators, sharding="tensor")
        loads.append(load_of(served, chip, layout, each, input_tokens=prompt, output_tokens=output))
        age = releases.years(releases.day_of(engine))
        setting = Setting(replace(engine, version=None), line_of(row), line.weight_dtype, filled, age)
        of.append(settings.setdefault(setting, len(settings)))
        parts = layout.replicas * layout.stages
        columns.append(
            {
                "input": prompt,
                "output": output,
                "width": layout.width,
                "replicas": parts,
                "accelerators": line.accelerator_count,
                "layers": served.layers,
                "concurrency": concurrency / parts,
                "slo": number(line.max_tpot_ms) / 1e3,
                "room": max(1.0, most_sequences(served, chip, layout, each, prompt + output / 2)),
                "rated": rated.median if rated else np.nan,
                "wall": float(line.power_scope == "wall"),
            }
        )
    table = {name: np.array([c[name] for c in columns], float) for name in columns[0]}
    measured = {q: np.array([number(getattr(line, q)) for line in lines]) for q in QUANTITIES}
    slo_set = np.array(["MLPerf" in line.source for line in lines])
    counted = {q: ~np.isnan(measured[q]) for q in QUANTITIES}
    counted["tpot_ms"] &= ~slo_set
    for quantity in ("power_w", "joules_per_output_token"):
        counted[quantity] &= np.array(["the peak at the plug" not in line.note for line in lines])
    counted["ttft_ms"] &= ~slo_set & ~(table["concurrency"] * table["replicas"] > SERVED_TTFT)
    measured[MEAN_TTFT] = np.array([mean_ttft(line) for line in lines])
    counted[MEAN_TTFT] = ~np.isnan(measured[MEAN_TTFT]) & counted["ttft_ms"]
    load = Load(**{f.name: np.array([getattr(each, f.name) for each in loads], float) for f in fields(Load)})
    table = {name: column[:, None] for name, column in table.items()}
    load = Load(**{f.name: getattr(load, f.name)[:, None] for f in fields(Load)})
    return Runs(
        load, Traffic(input_tokens=table["input"], output_tokens=table["output"]), tuple(settings), np.array(of),
        table["width"], table["replicas"], table["accelerators"], table["layers"], table["room"],
        table["concurrency"], table["slo"], table["rated"], table["wall"], measured, counted,
        np.array([line.group for line in lines]), np.array([line.accelerator for line in lines]),
        np.array([line.source for line in lines]), np.array([tuple(settings)[n].vendor for n in of]),
        np.array([tuple(settings)[n].engine.family for n in of]),
        np.array(["ML.ENERGY" in line.source for line in lines])[:, None],
        np.array([any(word in line.note for word in MEDIANS) for line in lines])[:, None],
        np.array([line.id.startswith("inf") for line in lines]),
        number(catalog.default(FIRST_WAVE, moment).value),
    )  # fmt: skip


Values = dict[tuple[str, str], Any]


def values_of(thetas: Any) -> Values:
    """The constants that points of the fit mean, an array of one entry a point; the average engine's included."""
    values = dict(zip(KEYS, np.exp(np.atleast_2d(thetas)).T, strict=True))
    for name in AVERAGED:
        average = np.exp(np.mean([np.log(values[name, engine]) for engine in SERVERS], axis=0))
        values[name, "any"] = average
        values[name, "fastertransformer"] = values[name, "tensorrt_llm"]
    return values


def gathered(kind: type[Any], each: list[Any], of: Any, points: int) -> Any:
    """One object of arrays (runs, points) from one object a setting."""

    def column(name: str) -> Any:
        return np.stack([np.broadcast_to(getattr(e, name), points) for e in each])[of]

    return kind(**{f.name: column(f.name) for f in fields(kind)})


def picked(thing: Any, mask: Any) -> Any:
    """The same object with only some of its entries."""
    return type(thing)(**{f.name: _some(getattr(thing, f.name), mask) for f in fields(thing)})


def _some(value: Any, mask: Any) -> Any:
    return value[mask] if isinstance(value, np.ndarray) else value


def predicted(thetas: Any, runs: Runs) -> dict[str, Any]:
    """The product's estimate of every run at each of some points: arrays of (runs, points)."""
    values, points = values_of(thetas), len(np.atleast_2d(thetas))
    rates = gathered(Rates, [rates_for(values, s) for s in runs.settings], runs.of, points)
    habits = gathered(Habits, [habits_for(values, s) for s in runs.settings], runs.of, points)
    caps = np.stack([batch_cap(values, s.engine, 1.0) for s in runs.settings])[runs.of]
    cap = caps * runs.width ** values["batch_cap_exponent", "any"]
    free = np.isnan(runs.concurrency)
    b = np.maximum(1.0, np.minimum(np.where(free, cap, runs.concurrency), runs.room))
    bound = (free & ~np.isnan(runs.slo_tpot_s))[:, 0]
    b[bound] = within(runs, rates, habits, bound, b[bound], runs.slo_tpot_s[bound], values["tail_factor", "any"])
    law = law_of(runs.load, rates)
    at = pace(law, runs.load, runs.traffic, b)
    layers = runs.layers * rates.mixture_layer_factor**runs.load.mixture
    each = tpot_s(at, habits, runs.traffic, sequences=b, layers=layers)
    warm = warm_ttft_s(habits, runs.traffic, at, each_s=each, sequences=b, layers=layers)
    first = ttft_s(habits, warm, b)
    habits = replace(habits, first_wave=habits.first_wave * runs.first_wave_share)
    told_first = ttft_s(habits, warm, b)
    stays = residence_s(runs.traffic, told_first, each)
    busy = np.where(free, 1.0, np.minimum(1.0, runs.concurrency))
    tps = runs.replicas * busy * tokens_per_s(runs.traffic, b, stays)
    waiting = np.maximum(np.where(free, 0.0, runs.concurrency) - b, 0.0)
    share = draw_fraction(law, habits, runs.traffic, at, sequences=b, width=runs.width)
    share = habits.idle_draw + busy * (share - habits.idle_draw)
    power = share * runs.accelerators * runs.rated_w
    power = power * np.where(runs.at_wall > 0, values["wall_factor", "any"], 1.0)
    told = np.where(runs.median, inter_token_median_s(at, habits, b), each)
    queued = waiting / b * stays
    return {
        "output_tokens_per_s": tps, "tpot_ms": 1e3 * told,
        "ttft_ms": 1e3 * (np.where(runs.first_median, warm, first) + queued), MEAN_TTFT: 1e3 * (first + queued),
        TOLD_TTFT: 1e3 * (told_first + queued), "power_w": power, "joules_per_output_token": power / tps,
    }  # fmt: skip


def within(runs: Runs, rates: Rates, habits: Habits, mask: Any, most: Any, limit_s: Any, tail: Any) -> Any:
    """Sequences at which TPOT meets its limit, by bisection."""
    load, some_rates, some_habits = picked(runs.load, mask), picked(rates, mask), picked(habits, mask)
    traffic = picked(runs.traffic, mask)
    low, high = np.ones_like(most), most.copy()
    layers = runs.layers[mask] * some_rates.mixture_layer_factor**load.mixture
    law = law_of(load, some_rates)
    alone = tpot_s(pace(law, load, traffic, low), some_habits, traffic, sequences=low, layers=layers)
    for _step in range(24):
        middle = np.sqrt(low * high)
        mean = tpot_s(pace(law, load, traffic, middle), some_habits, traffic, sequences=middle, layers=layers)
        ok = tail_tpot_s(mean, alone, tail) <= limit_s
        low, high = np.where(ok, middle, low), np.where(ok, high, middle)
    return low


STEPS = 80
STILL = 1e-5
AT_REST = 4
"""So many steps in a row that lower the loss by no more than that are the last: one alone may be a narrow bend."""
MOST_DAMPED = 1e6
NUDGE = 1e-4
AGAIN = 10
"""Steps from the fit to all runs to the fit without some of them."""


def misses(thetas: Any, runs: Runs, mask: Any) -> Any:
    """Weighed log misses of the masked runs at each point, (misses, points)."""
    estimate, parts = predicted(thetas, runs), []
    for quantity, weight in zip((*QUANTITIES, MEAN_TTFT), WEIGHTS, strict=True):
        chosen = mask & runs.counted[quantity]
        ratio = np.log(estimate[quantity][chosen] / runs.measured[quantity][chosen][:, None])
        parts.append(weight * np.clip(ratio, -3, 3) / NOISE)
    return np.concatenate(parts)


def loss_of(missed: Any, theta: Any) -> float:
    """Cauchy's loss of misses, outliers counting little, and the prior's."""
    return float(np.sum(np.log1p(missed**2)) + np.sum(((theta - PRIOR) / SPREAD) ** 2))


def fitted(runs: Runs, mask: Any, start: Any = None, steps: int = STEPS) -> Any:
    """The constants that explain the masked runs: damped Gauss-Newton steps on reweighted squares.

    Args:    start: another fit to go on from; the prior by default
    """
    theta = np.clip(PRIOR, LOW + 0.02, HIGH - 0.02) if start is None else start.copy()
    damping, prior, still = 1e-2, 1 / SPREAD**2, 0
    missed = misses(theta, runs, mask)[:, 0]
    loss = loss_of(missed, theta)
    for _step in range(steps):
        inward = np.where(theta + NUDGE > HIGH, -NUDGE, NUDGE)
        slopes = (misses(theta + np.diag(inward), runs, mask) - missed[:, None]) / inward
        weights = 1 / (1 + missed**2)
        normal = slopes.T @ (weights[:, None] * slopes) + np.diag(prior)
        pull = slopes.T @ (weights * missed) + prior * (theta - PRIOR)
        before = loss
        while damping < MOST_DAMPED:
            tried = np.clip(theta - np.linalg.solve(normal + damping * np.diag(np.diag(normal)), pull), LOW, HIGH)
            there = misses(tried, runs, mask)[:, 0]
            if loss_of(there, tried) < loss:
                theta, missed, loss, damping = tried, there, loss_of(there, tried), damping / 5
                break
            damping *= 4
        still = still + 1 if before - loss < STILL * before else 0
        if still == AT_REST or damping >= MOST_DAMPED:
            break
    return theta


def estimates(theta: Any, runs: Runs) -> dict[str, Any]:
    """The estimate of every run at one point."""
    return {quantity: column[:, 0] for quantity, column in predicted(theta, runs).items()}


def left_out(runs: Runs, of: Any, parts: list[Any], start: Any) -> dict[str, Any]:
    """Estimates of every run by constants fitted without its part; NaN for runs of no part.

    Args:    of: what each run belongs to; parts: what is left out together, each an array of such names
    """
    names = (*QUANTITIES, TOLD_TTFT)
    out: dict[str, Any] = {q: np.full(len(runs.of), np.nan) for q in names}
    for part in parts:
        test = np.isin(of, part)
        estimate = estimates(fitted(runs, ~test, start, AGAIN), runs)
        for quantity in names:
            out[quantity][test] = estimate[quantity][test]
    return out


def _printed(quantity: str) -> str:
    """What runs print of a quantity."""
    return "ttft_ms" if quantity == TOLD_TTFT else quantity


def report(name: str, estimate: dict[str, Any], runs: Runs, mask: Any = True) -> None:
    """Median and 90th percentile of the absolute error, and the share within a factor of 2."""
    cells = []
    for quantity in (*QUANTITIES, TOLD_TTFT):
        printed = _printed(quantity)
        chosen = runs.counted[printed] & mask & ~np.isnan(estimate[quantity])
        if chosen.sum() >= 2:
            ratio = estimate[quantity][chosen] / runs.measured[printed][chosen]
            error = 100 * np.abs(ratio - 1)
            twice = 100 * np.mean((ratio > 0.5) & (ratio < 2))
            cells.append(f"{quantity} {np.median(error):.1f}/{np.quantile(error, 0.9):.0f}/{twice:.0f}")
    print(f"{name:28s} {' | '.join(cells)}", flush=True)


FEW = 5
"""Left-out runs of an engine from which on it has a range of its own."""
OWN = 25
"""Left-out runs of an engine that weigh as much as all runs together in its range."""
Ranges = dict[tuple[str, str], tuple[float, float, int]]
"""(quantity, engine's family, "" or "unmeasured") -> 10th and 90th percentile of measured over estimated, and runs."""


def residuals_of(estimates: list[dict[str, Any]], runs: Runs, quantity: str, mask: Any = True) -> Any:
    """Log of measured over told of the masked runs, left out in each of some ways."""
    told, parts = TOLD_TTFT if quantity == "ttft_ms" else quantity, []
    for estimate in estimates:
        chosen = runs.counted[quantity] & mask & ~np.isnan(estimate[told])
        parts.append(np.log(runs.measured[quantity][chosen] / estimate[told][chosen]))
    return np.concatenate(parts)


def ranges_of(known: list[dict[str, Any]], foreign: dict[str, Any], runs: Runs) -> Ranges:
    """A family's percentiles are drawn to those of all by the number of its runs, never to inside its own. What was
    never measured has the percentiles of vendors left out whole.

    Args:    known: estimates with groups left out, and with sources; foreign: with vendors left out
    """
    out: Ranges = {}
    for quantity in QUANTITIES:
        pooled = residuals_of(known, runs, quantity)
        middle = np.quantile(pooled, (0.1, 0.9))
        out[quantity, ""] = (*np.exp(middle), len(pooled))
        for family in np.unique(runs.family):
            own = residuals_of(known, runs, quantity, runs.family == family)
            if len(own) >= FEW:
                share = len(own) / (len(own) + OWN)
                ends = np.quantile(own, (0.1, 0.9))
                low, high = share * ends + (1 - share) * middle
                low, high = min(low, ends[0]), max(high, ends[1])
                out[quantity, family] = (float(np.exp(low)), float(np.exp(high)), len(own))
        far = residuals_of([foreign], runs, quantity)
        if len(far) >= FEW:
            low, high = np.minimum(np.quantile(far, 0.1), middle[0]), np.maximum(np.quantile(far, 0.9), middle[1])
            out[quantity, "unmeasured"] = (float(np.exp(low)), float(np.exp(high)), len(far))
        else:
            out[quantity, "unmeasured"] = (*np.exp(2 * middle), len(far))
    return out


def held(name: str, estimate: dict[str, Any], ranges: Ranges, runs: Runs) -> None:
    """Share of the left-out runs inside their engine's range, by quantity, and of the engine with the least."""
    cells = []
    for quantity in QUANTITIES:
        inside = {}
        for family in np.unique(runs.family):
            low, high, _count = ranges.get((quantity, family), ranges[quantity, ""])
            residuals = np.exp(residuals_of([estimate], runs, quantity, runs.family == family))
            inside[family] = (low <= residuals) & (residuals <= high)
        shares = {family: 100 * np.mean(each) for family, each in inside.items() if len(each) >= FEW}
        least = min(shares, key=lambda family: shares[family])
        every = 100 * np.mean(np.concatenate(list(inside.values())))
        cells.append(f"{quantity} {every:.0f} (least {least} {shares[least]:.0f})")
    print(f"{name:28s} {' | '.join(cells)}", flush=True)


SOURCE = "docs/serving.md"
"""The fit is our own: no publication holds its rows. Every run of `serving_runs` names its source."""
HEADER = "name,applies_to,value,unit,runs,effective_from,effective_to,source_url,checked_on,note"


def written(theta: Any, ranges: Ranges, runs: Runs, day: date) -> list[str]:
    """The constants as lines of the catalogue."""
    units = {name: unit for (name, _applies), (_start, _sd, unit, _bounds) in START.items()}
    total = len(runs.of)
    lines = [
        (n, a, f"{v[0]:.6g}", units[n], total, f"effective constant; {on(total)}")
        for (n, a), v in values_of(theta).items()
    ]
    for (quantity, family), (low, high, count) in ranges.items():
        for name, value, percentile in (("residual_low", low, "10th"), ("residual_high", high, "90th")):
            left = "vendors" if family == "unmeasured" else "groups, and sources,"
            note = f"{percentile} percentile of measured over estimated; {left} left out; {on(count)}"
            applies = f"{quantity}:{family}" if family else quantity
            lines.append((name, applies, f"{value:.4f}", "ratio", count, note))
    return [HEADER] + [f'{n},{a},{v},{u},{k},,,{SOURCE},{day},"{note}"' for n, a, v, u, k, note in sorted(lines)]


def on(count: int) -> str:
    """What a constant was fitted on."""
    return f"fitted on {count} runs, see serving_runs, by benchmarks/fit_serving.py"


SAME = 0.01
"""A constant that differs by more from the catalogue's, in log units, is another fit."""


def checked(theta: Any) -> list[str]:
    """The constants that the catalogue holds otherwise than the fit gives them."""
    with (CATALOG / "serving_constants.csv").open(newline="") as file:
        held = {(row["name"], row["applies_to"]): float(row["value"]) for row in csv.DictReader(file)}
    return [
        f"{name} {applies}: {held.get((name, applies))} in the catalogue, {value[0]:.6g} fitted"
        for (name, applies), value in values_of(theta).items()
        if abs(np.log(max(held.get((name, applies), 0.0), 1e-30) / max(value[0], 1e-30))) > SAME
    ]


RICH = 20
"""Runs of a source from which on it is worth leaving out by itself."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail where the catalogue holds another fit")
    parser.add_argument("--write", type=Path, help="file to write, usually pricing_data/serving_constants.csv")
    parser.add_argument("--day", type=date.fromisoformat, default=datetime.now(UTC).date())
    options = parser.parse_args()
    runs = read_runs(snapshot_from_files(CATALOG))
    theta = fitted(runs, np.ones(len(runs.of), bool))
    report("fit (median/p90/% within 2x)", estimates(theta, runs), runs)
    if options.check:
        others = checked(theta)
        print("\n".join(others) or "the catalogue holds this fit")
        sys.exit(1 if others else 0)
    if options.write:
        known = left_out(runs, runs.group, [np.array([group]) for group in np.unique(runs.group)], theta)
        report("groups left out", known, runs)
        report("the same, first set", known, runs, runs.first_set)
        sources = np.array([source.split(" v")[0] for source in runs.source])
        apart = left_out(
            runs, sources, [np.array([each]) for each in np.unique(sources) if (sources == each).sum() >= RICH], theta
        )
        report("sources left out", apart, runs)
        for source in np.unique(sources):
            report(f"without {source[:28]}", apart, runs, sources == source)
        vendors = [np.array([vendor]) for vendor in np.unique(runs.vendor) if vendor != "NVIDIA"]
        foreign = left_out(runs, runs.vendor, vendors, theta)
        report("vendors left out", foreign, runs)
        ranges = ranges_of([known, apart], foreign, runs)
        for name, estimate in (("in range, groups left out", known), ("in range, sources left out", apart)):
            held(name, estimate, ranges, runs)
        lines = written(theta, ranges, runs, options.day)
        options.write.write_text("\n".join(lines) + "\n")
    else:
        for key, value in values_of(theta).items():
            print(f"{key[0]:28s} {key[1]:20s} {value[0]:.5g}")


if __name__ == "__main__":
    main()
