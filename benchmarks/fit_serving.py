"""Fit the constants of serving on measured runs: python benchmarks/fit_serving.py [--check] [--write FILE].

The runs are the catalogue's `serving_runs` (architecture, accelerator, engine, lengths, concurrency -> tokens/s, TTFT,
TPOT, power); the estimates compared are the product's own formulas; nothing is keyed on a model, a part or lengths.
Needs scipy, which the product does not: python -m pip install scipy.
--check holds out whole model x accelerator groups, then whole accelerators, and prints the errors; --write puts the
constants, with the held-out residuals of each quantity, into pricing_data/serving_constants.csv.
"""

import argparse
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from mlquote.catalog.rows import ServingRun
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.power import rated_of
from mlquote.estimators.models.architecture import Architecture, Description
from mlquote.estimators.models.resolved import resolved_of
from mlquote.estimators.serving.constants import Setting, batch_cap, habits_for, rates_for
from mlquote.estimators.serving.data_sheet import data_sheet_of
from mlquote.estimators.serving.engine_memory import engine_memory_of
from mlquote.estimators.serving.engines import engine_of
from mlquote.estimators.serving.served import served_of
from mlquote.formulas.serving.batching import (
    Habits,
    Traffic,
    draw_fraction,
    pace,
    tail_tpot_s,
    tokens_per_s,
    tpot_s,
    ttft_s,
)
from mlquote.formulas.serving.load import (
    Bytes,
    LayoutWish,
    default_placement,
    load_of,
    most_sequences,
)
from mlquote.formulas.serving.roofline import Load, Rates
from mlquote.store.files import snapshot_from_files

CATALOG = Path(__file__).parents[1] / "pricing_data"
QUANTITIES = ("output_tokens_per_s", "tpot_ms", "ttft_ms", "power_w", "joules_per_output_token")
WEIGHTS = (1.0, 1.0, 1.0, 0.7, 1.2)
NOISE = 0.15
"""Scale of a log residual at which the loss turns from squares to outliers."""
DEFAULT_INPUT = 256.0
SERVED_TTFT = 64
"""Times to first token are compared up to this concurrency; above, queues in front of the engine set them."""

_ = (0.0, np.inf)
START: dict[tuple[str, str], tuple[float, float, str, tuple[float, float]]] = {
    # (name, applies to): (start, log-sd of the prior, unit, bounds)
    ("bandwidth_fraction", "any"): (0.9, 0.06, "fraction of the data sheet", (0.0, 0.95)),
    ("bandwidth_ceiling_tb_per_s", "any"): (20.0, 0.7, "TB/s", _),
    ("expert_bandwidth_fraction", "any"): (0.95, 0.3, "fraction", (0.0, 1.0)),
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
    ("activation_passes", "any"): (8.0, 0.7, "passes", _),
    ("routed_passes", "any"): (8.0, 0.7, "passes", _),
    ("launch_factor", "vllm"): (1.0, 0.3, "factor", _),
    ("launch_factor", "tensorrt_llm"): (1.0, 0.3, "factor", _),
    ("launch_factor", "sglang"): (1.0, 0.3, "factor", _),
    ("launch_factor", "llama_cpp"): (1.0, 0.3, "factor", _),
    ("launch_factor", "deepspeed"): (1.0, 0.5, "factor", _),
    ("launch_factor", "eager"): (1.5, 0.5, "factor", _),
    ("sequence_factor", "vllm"): (1.0, 0.7, "factor", _),
    ("sequence_factor", "tensorrt_llm"): (1.0, 0.7, "factor", (0.05, 20.0)),
    ("sequence_factor", "sglang"): (1.0, 0.7, "factor", _),
    ("weight_slowdown", "vendor:AMD"): (1.0, 0.3, "factor", (1.0, 3.0)),
    ("weight_slowdown", "int8:deepspeed"): (1.5, 0.7, "factor", (1.0, 4.0)),
    ("prefill_share", "any"): (0.74, 0.5, "fraction", (0.0, 1.0)),
    ("prefill_share_factor", "vllm"): (0.7, 0.5, "factor", _),
    ("batch_cap", "any"): (700.0, 0.5, "sequences", _),
    ("batch_cap_factor", "vllm"): (0.3, 0.7, "factor", _),
    ("batch_cap_exponent", "any"): (0.7, 0.5, "exponent", (0.0, 1.2)),
    ("delivered_fraction", "any"): (0.92, 0.1, "fraction", (0.0, 1.0)),
    ("tail_factor", "any"): (1.5, 0.3, "factor", (1.0, 4.0)),
    ("first_token_s", "any"): (20e-3, 1.0, "s", _),
    ("first_token_layer_s", "any"): (0.55e-3, 1.0, "s", _),
    ("first_token_factor", "vllm"): (1.1, 0.7, "factor", _),
    ("first_token_factor", "tensorrt_llm"): (3.0, 0.7, "factor", _),
    ("first_token_factor", "sglang"): (5.0, 0.7, "factor", _),
    ("first_token_layer_factor", "vllm"): (1.0, 0.5, "factor", _),
    ("first_token_layer_factor", "tensorrt_llm"): (2.0, 0.5, "factor", _),
    ("first_token_layer_factor", "sglang"): (4.0, 0.5, "factor", _),
    ("static_first_token_factor", "any"): (0.05, 1.0, "factor", _),
    ("prefill_speed", "llama_cpp"): (1.0, 0.3, "factor", _),
    ("crowding", "any"): (0.13, 1.0, "factor", _),
    ("crowding_exponent", "any"): (0.93, 0.3, "exponent", (0.3, 1.5)),
    ("step_wait", "any"): (1.0, 0.4, "steps", (0.0, 2.0)),
    ("idle_draw", "any"): (0.12, 0.2, "fraction of TDP", _),
    ("memory_draw", "any"): (0.5, 0.3, "fraction of TDP", _),
    ("compute_draw", "any"): (1.0, 0.5, "fraction of TDP", _),
    ("memory_exponent", "any"): (0.37, 0.2, "exponent", _),
    ("compute_exponent", "any"): (0.3, 0.5, "exponent", _),
    ("group_exponent", "any"): (0.1, 1.0, "exponent", _),
    ("wall_factor", "any"): (1.5, 0.2, "factor", _),
}
AVERAGED = ("launch_factor", "sequence_factor", "first_token_factor", "first_token_layer_factor")
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


def number(value: float | None) -> float:
    """A figure, or NaN where it is unknown."""
    return float("nan") if value is None else float(value)


SIZES = (
    "params", "active_params", "layers", "hidden_size", "kv_heads", "head_dim", "attention", "full_attention_layers",
    "sliding_window", "experts", "experts_per_token",
)  # fmt: skip


def read_runs(catalog: Snapshot) -> Runs:
    """Every run through the product's own reading of model, part, engine and layout."""
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    lines: tuple[ServingRun, ...] = catalog.rows("serving_runs")
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
        loads.append(load_of(served, chip, layout, each, input_tokens=prompt, output_tokens=output))
        setting = Setting(engine, row.vendor, line.weight_dtype, not offline)
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
    counted["ttft_ms"] &= ~slo_set & ~(table["concurrency"] * table["replicas"] > SERVED_TTFT)
    load = Load(**{f.name: np.array([getattr(each, f.name) for each in loads], float) for f in fields(Load)})
    return Runs(
        load, Traffic(input_tokens=table["input"], output_tokens=table["output"]), tuple(settings), np.array(of),
        table["width"], table["replicas"], table["accelerators"], table["layers"], table["room"],
        table["concurrency"], table["slo"], table["rated"], table["wall"], measured, counted,
        np.array([line.group for line in lines]), np.array([line.accelerator for line in lines]),
        np.array([line.source for line in lines]),
    )  # fmt: skip


def values_of(theta: Any) -> dict[tuple[str, str], float]:
    """The constants that a point of the fit means, the average engine's included."""
    values = {key: float(v) for key, v in zip(KEYS, np.exp(theta), strict=True)}
    for name in AVERAGED:
        values[name, "any"] = float(np.exp(np.mean([np.log(values[name, engine]) for engine in SERVERS])))
        values[name, "fastertransformer"] = values[name, "tensorrt_llm"]
    return values


def gathered(kind: type[Any], each: list[Any], of: Any) -> Any:
    """One object of arrays from one object a setting."""
    return kind(**{f.name: np.array([getattr(e, f.name) for e in each])[of] for f in fields(kind)})


def picked(thing: Any, mask: Any) -> Any:
    """The same object with only some of its entries."""
    return type(thing)(**{f.name: _some(getattr(thing, f.name), mask) for f in fields(thing)})


def _some(value: Any, mask: Any) -> Any:
    return value[mask] if isinstance(value, np.ndarray) else value


def predicted(theta: Any, runs: Runs) -> dict[str, Any]:
    """The product's estimate of every run."""
    values = values_of(theta)
    rates = gathered(Rates, [rates_for(values, s) for s in runs.settings], runs.of)
    habits = gathered(Habits, [habits_for(values, s) for s in runs.settings], runs.of)
    caps = np.array([batch_cap(values, s.engine, 1.0) for s in runs.settings])[runs.of]
    cap = caps * runs.width ** values["batch_cap_exponent", "any"]
    free = np.isnan(runs.concurrency)
    b = np.maximum(1.0, np.minimum(np.where(free, cap, runs.concurrency), runs.room))
    bound = free & ~np.isnan(runs.slo_tpot_s)
    b[bound] = within(runs, rates, habits, bound, b[bound], runs.slo_tpot_s[bound], values["tail_factor", "any"])
    at = pace(runs.load, rates, runs.traffic, b)
    waiting = np.maximum(np.where(free, 0.0, runs.concurrency) - b, 0.0)
    tps = runs.replicas * tokens_per_s(at, habits, b)
    share = draw_fraction(runs.load, rates, habits, runs.traffic, at, sequences=b, width=runs.width)
    power = share * runs.accelerators * runs.rated_w
    power = power * np.where(runs.at_wall > 0, values["wall_factor", "any"], 1.0)
    layers = runs.layers * rates.mixture_layer_factor**runs.load.mixture
    first = ttft_s(habits, runs.traffic, at, sequences=b, waiting=waiting, layers=layers)
    return {
        "output_tokens_per_s": tps, "tpot_ms": 1e3 * tpot_s(at, habits), "ttft_ms": 1e3 * first, "power_w": power,
        "joules_per_output_token": power / tps,
    }  # fmt: skip


def within(runs: Runs, rates: Rates, habits: Habits, mask: Any, most: Any, limit_s: Any, tail: float) -> Any:
    """Sequences at which TPOT meets its limit, by bisection."""
    load, some_rates, some_habits = picked(runs.load, mask), picked(rates, mask), picked(habits, mask)
    traffic = picked(runs.traffic, mask)
    low, high = np.ones_like(most), most.copy()
    alone = tpot_s(pace(load, some_rates, traffic, low), some_habits)
    for _step in range(24):
        middle = np.sqrt(low * high)
        mean = tpot_s(pace(load, some_rates, traffic, middle), some_habits)
        ok = tail_tpot_s(mean, alone, tail) <= limit_s
        low, high = np.where(ok, middle, low), np.where(ok, high, middle)
    return low


def fitted(runs: Runs, mask: Any) -> Any:
    """The constants that explain the masked runs, outliers counting little (Cauchy loss)."""

    def residuals(theta: Any) -> Any:
        estimate = predicted(theta, runs)
        parts = []
        for quantity, weight in zip(QUANTITIES, WEIGHTS, strict=True):
            chosen = mask & runs.counted[quantity]
            ratio = np.log(estimate[quantity][chosen] / runs.measured[quantity][chosen])
            parts.append(weight * np.clip(ratio, -3, 3) / NOISE)
        return np.concatenate([*parts, (theta - PRIOR) / SPREAD])

    start = np.clip(PRIOR, LOW + 0.02, HIGH - 0.02)
    found = least_squares(
        residuals, start, loss="cauchy", max_nfev=100, x_scale=SPREAD, bounds=(LOW, HIGH), diff_step=1e-4
    )
    return found.x


def held_out(runs: Runs, folds: int, seed: int) -> dict[str, Any]:
    """Estimates of every run by constants fitted without its group."""
    groups = np.unique(runs.group)
    np.random.default_rng(seed).shuffle(groups)
    out: dict[str, Any] = {q: np.full(len(runs.of), np.nan) for q in QUANTITIES}
    for fold in range(folds):
        test = np.isin(runs.group, groups[fold::folds])
        estimate = predicted(fitted(runs, ~test), runs)
        for quantity in QUANTITIES:
            out[quantity][test] = estimate[quantity][test]
    return out


def report(name: str, estimate: dict[str, Any], runs: Runs, mask: Any = True) -> None:
    """Median and 90th percentile of the absolute error, and the share within a factor of 2."""
    cells = []
    for quantity in QUANTITIES:
        chosen = runs.counted[quantity] & mask
        if chosen.sum() >= 2:
            ratio = estimate[quantity][chosen] / runs.measured[quantity][chosen]
            error = 100 * np.abs(ratio - 1)
            twice = 100 * np.mean((ratio > 0.5) & (ratio < 2))
            cells.append(f"{quantity} {np.median(error):.1f}/{np.quantile(error, 0.9):.0f}/{twice:.0f}")
    print(f"{name:28s} {' | '.join(cells)}", flush=True)


def residuals_of(estimates: list[dict[str, Any]], runs: Runs) -> dict[str, tuple[float, float]]:
    """Per quantity, the 10th and 90th percentile of measured over estimated, held out."""
    out = {}
    for quantity in QUANTITIES:
        chosen = runs.counted[quantity]
        ratios = np.concatenate([runs.measured[quantity][chosen] / e[quantity][chosen] for e in estimates])
        out[quantity] = (float(np.quantile(ratios, 0.1)), float(np.quantile(ratios, 0.9)))
    return out


SOURCE = "docs/serving.md"
"""The fit is our own: no publication holds its rows. Every run of `serving_runs` names its source."""
HEADER = "name,applies_to,value,unit,runs,effective_from,effective_to,source_url,checked_on,note"


def written(theta: Any, residuals: dict[str, tuple[float, float]], runs: Runs, day: date) -> list[str]:
    """The constants as lines of the catalogue."""
    units = {name: unit for (name, _applies), (_start, _sd, unit, _bounds) in START.items()}
    total = len(runs.of)
    lines = [
        (n, a, f"{v:.6g}", units[n], total, f"effective constant; {on(total)}")
        for (n, a), v in values_of(theta).items()
    ]
    for quantity, (low, high) in residuals.items():
        count = int(runs.counted[quantity].sum())
        for name, value in (("residual_low", low), ("residual_high", high)):
            percentile = "10th" if name == "residual_low" else "90th"
            note = f"{percentile} percentile of measured over estimated; groups held out; {on(count)}"
            lines.append((name, quantity, f"{value:.4f}", "ratio", count, note))
    return [HEADER] + [f'{n},{a},{v},{u},{k},,,{SOURCE},{day},"{note}"' for n, a, v, u, k, note in sorted(lines)]


def on(count: int) -> str:
    """What a constant was fitted on."""
    return f"fitted on {count} runs, see serving_runs, by benchmarks/fit_serving.py"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="hold out groups, then accelerators")
    parser.add_argument("--seeds", type=int, default=2, help="times that groups are held out, differently shuffled")
    parser.add_argument("--write", type=Path, help="file to write, usually pricing_data/serving_constants.csv")
    parser.add_argument("--day", type=date.fromisoformat, default=datetime.now(UTC).date())
    options = parser.parse_args()
    runs = read_runs(snapshot_from_files(CATALOG))
    everything = np.ones(len(runs.of), bool)
    theta = fitted(runs, everything)
    report("fit (median/p90/% within 2x)", predicted(theta, runs), runs)
    folds = [held_out(runs, 7, seed) for seed in range(options.seeds)] if options.check or options.write else []
    for seed, estimate in enumerate(folds):
        report(f"groups held out, seed {seed}", estimate, runs)
    if options.check:
        for accelerator in np.unique(runs.accelerator):
            test = runs.accelerator == accelerator
            report(f"without {accelerator}", predicted(fitted(runs, ~test), runs), runs, test)
    for key, value in values_of(theta).items():
        print(f"{key[0]:28s} {key[1]:20s} {value:.5g}")
    if options.write:
        lines = written(theta, residuals_of(folds, runs), runs, options.day)
        options.write.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
