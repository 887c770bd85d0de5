"""Fit the rules of the training estimate on the published runs and write them into pricing_data.

    python benchmarks/fit_training.py [--check]

Reads pricing_data/training_runs.csv, writes fitted_factors.csv and efficiency_anchors.csv beside it. `--check` writes
nothing and says whether the files are what the fit gives. Rules only: no run has a knob of its own. Dates and digits
are fixed, so the same catalogue gives the same files, byte for byte.

Efficiency: Huber-weighted ridge regression of ln(model FLOP / (accelerator-hours x dense 16-bit peak)) on
`efficiency_terms`, then simple kriging of the residuals (clipped at +-0.7). Power, PUE and prices: geometric means.
"""

import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from pathlib import Path
from statistics import median

import numpy as np
from published import NOW, group_of, question_of, seller_of
from tuned import COSTS, ENOUGH, TERMS, LeftOut, peaks, reserve, spread_of, step_rule, timed
from tuned import group_of as tuned_group

from mlquote.catalog.rows import AcceleratorPower, EfficiencyAnchor, FittedFactor, TrainingRun, TuningRun
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLE
from mlquote.estimators.asking.question import utc
from mlquote.estimators.machines.market import NAMED_SELLER, market_quote, rate_in_market
from mlquote.estimators.machines.offers import Wanted
from mlquote.estimators.machines.peaks import peaks_of
from mlquote.estimators.training.question import DEFAULT_PRECISION, TrainingQuestion
from mlquote.estimators.training.steps import way_of
from mlquote.estimators.training.utilisation import efficiency_job
from mlquote.estimators.training.work import Beside, amount_of, count_doubt_of, model_of, work_of
from mlquote.formulas.training.efficiency import Job, efficiency_terms
from mlquote.kit.errors import QuoteError
from mlquote.kit.units import SECONDS_PER_HOUR
from mlquote.store.files import bundled_folder, snapshot_from_files

RIDGE = 1.0
KIND_RIDGE = 0.3
"""Kinds of job differ on purpose (a benchmark is tuned), so their factors are held to one less tightly than others."""
HUBER = 1.3
CLIP = 0.7
KERNEL = {
    "scale:params": 0.7, "scale:tokens": 1.05, "scale:count": 0.7, "scale:year": 0.7,
    "penalty:hardware": 2.0, "penalty:kind": 6.0, "penalty:architecture": 2.0, "penalty:precision": 1.0,
    "signal": 0.25, "noise": 0.25,
}  # fmt: skip
"""Chosen once by leave-one-out error over a coarse search; the error is flat around them."""
FITTED_ON = NOW.date()
SOURCE = "docs/scoreboard.md"
"""The fit is our own: no publication holds its rows. What it was fitted on is said in the note of each."""
MEASURED = frozenset({"measured_power_x_time", "metered_node", "unstated"})


@dataclass(frozen=True, slots=True)
class Observed:
    """A published run as the efficiency rule sees it."""

    run: TrainingRun
    job: Job
    log_mfu: float


def fit(catalog: Snapshot, runs: Sequence[TrainingRun]) -> tuple[list[FittedFactor], list[EfficiencyAnchor]]:
    """Every fitted row that these runs give."""
    seen = observed(catalog, runs)
    factors, anchors = _efficiency(seen)
    factors += catalog.derived(_tuned)
    factors += _power(catalog, runs) + _pue(runs) + _prices(catalog, runs) + _price_models(catalog)
    factors.sort(key=lambda row: (row.quantity, row.term))
    return factors, anchors


def observed(catalog: Snapshot, runs: Iterable[TrainingRun]) -> list[Observed]:
    """The runs whose whole-job MFU is known: developers' own hours, on a known part, of FLOP that can be counted."""
    found = []
    for run in runs:
        if run.source_type == "third_party_estimate" or not (run.accelerator and run.accelerator_hours):
            continue
        if group_of(run) == "aggregate":
            continue
        question = TrainingQuestion.model_validate(question_of(run))
        when = utc(question.date or NOW)
        accelerator = catalog.accelerator(question.accelerator, when)
        peaks = peaks_of(accelerator, question.precision or DEFAULT_PRECISION, catalog).value
        try:
            resolved = model_of(question, catalog, when).value
            seen = amount_of(question, resolved).value
            work = work_of(question, resolved, seen, count_doubt_of(catalog), Beside()).value
        except QuoteError:
            continue
        if work.model_flop is None or peaks is None:
            continue
        mfu = work.model_flop.median / (run.accelerator_hours * SECONDS_PER_HOUR * peaks.sixteen_bit)
        job = efficiency_job(question, accelerator, resolved, work.tokens, when, peaks)
        found.append(Observed(run, job, log(mfu)))
    return found


def _efficiency(seen: Sequence[Observed]) -> tuple[list[FittedFactor], list[EfficiencyAnchor]]:
    terms = [efficiency_terms(each.job) for each in seen]
    names = sorted({name for each in terms for name in each})
    matrix = np.array([[each.get(name, 0.0) for name in names] for each in terms])
    target = np.array([each.log_mfu for each in seen])
    penalty = np.diag([_ridge(name) for name in names])
    weights = np.ones(len(seen))
    for _ in range(15):
        normal = matrix.T @ (weights[:, None] * matrix) + penalty
        beta = np.linalg.solve(normal, matrix.T @ (weights * target))
        residual = target - matrix @ beta
        scale = 1.4826 * float(np.median(np.abs(residual))) + 1e-6
        weights = np.minimum(1.0, HUBER * scale / np.maximum(np.abs(residual), 1e-9))
    doubt = np.sqrt(np.diag(np.linalg.inv(normal))) * scale
    counts, on = (matrix != 0).sum(axis=0), f"{len(seen)} runs, see training_runs"
    factors = [
        _factor("mfu", name, exp(b), float(sd), int(n), on, "whole-job MFU, dense 16-bit peak, model FLOP")
        for name, b, sd, n in zip(names, beta, doubt, counts, strict=True)
    ]
    factors += [
        _factor("mfu_kernel", name, value, 0.0, len(seen), on, "kriging of residuals; see app/mlquote/formulas")
        for name, value in KERNEL.items()
    ]
    anchors = [
        EfficiencyAnchor(
            run=each.run.id, hardware=each.job.hardware, architecture=each.job.architecture,
            precision=each.job.precision, kind=each.job.kind, params=each.job.params,
            accelerator_count=each.job.accelerator_count, tokens=each.job.tokens, year=round(each.job.year, 3),
            mfu=_digits(exp(each.log_mfu)), log_residual=round(float(np.clip(left, -CLIP, CLIP)), 4),
            effective_from=None, effective_to=None, source_url=each.run.source_url, checked_on=FITTED_ON,
            note="fitted by benchmarks/fit_training.py",
        )
        for each, left in zip(seen, residual, strict=True)
    ]  # fmt: skip
    return factors, sorted(anchors, key=lambda row: row.run)


def _ridge(term: str) -> float:
    """How tightly a term's factor is held to one."""
    if term == "base":
        return 0.0
    return KIND_RIDGE if term.startswith("kind:") else RIDGE


def _tuned(catalog: Snapshot) -> list[FittedFactor]:
    """The rules of fine-tuning steps, on which no whole run bears."""
    return tuned_without(catalog, "")


def tuned_without(catalog: Snapshot, group: str) -> list[FittedFactor]:
    """The same, had one group of measurements never been published."""
    runs = [run for run in catalog.rows("tuning_runs") if tuned_group(run) != group]
    return [*_memory(catalog, runs), *_steps(catalog, runs)]


def _memory(catalog: Snapshot, runs: Sequence[TuningRun]) -> list[FittedFactor]:
    """What peaks of memory hold beside the parts that are counted of them."""
    seen = peaks(catalog, runs)
    held, left_out = reserve(seen)
    note = "bytes beside tensors, and the spread of measured peaks around the whole sum"
    on = f"{len(seen)} peaks, see tuning_runs"
    whole = _factor("memory", "reserve_bytes", held, spread_of(left_out), len(seen), on, note)
    return [whole, *_by_adapters("memory", "peaks", left_out)]


def _by_adapters(quantity: str, what: str, left_out: Sequence[LeftOut]) -> list[FittedFactor]:
    """The spread of each way of training by itself: full weights, LoRA and QLoRA are not foretold alike."""
    by_way: dict[str, list[LeftOut]] = {}
    for each in left_out:
        by_way.setdefault(way_of(each.adapted), []).append(each)
    note = f"the spread of measured {what} trained this way, their groups left out of the fit"
    rows = []
    for way, errors in sorted(by_way.items()):
        groups = len({error.group for error in errors})
        if len(errors) >= ENOUGH and groups > 1:
            on = f"{len(errors)} {what} of {groups} groups, see tuning_runs"
            spread = _predictive(spread_of(errors), groups)
            rows.append(_factor(quantity, way, 1.0, spread, len(errors), on, note))
    return rows


def _steps(catalog: Snapshot, runs: Sequence[TuningRun]) -> list[FittedFactor]:
    """How fast a saturated step is, and what a micro-step costs beside its arithmetic."""
    seen = timed(catalog, runs)
    rule, left_out = step_rule(seen)
    spread = spread_of(left_out)
    on = f"{len(seen)} speeds, see tuning_runs"
    share = "of a saturated step: hardware FLOP over the dense 16-bit peak"
    beside = "seconds of a micro-step beside its arithmetic"
    names = [(term, share) for term in TERMS] + [(cost, beside) for cost in COSTS]
    return [
        _factor("step", name, exp(value), spread if name == "base" else 0.0, len(seen), on, note)
        for (name, note), value in zip(names, rule, strict=True)
    ] + _by_adapters("step", "speeds", left_out)


def _power(catalog: Snapshot, runs: Sequence[TrainingRun]) -> list[FittedFactor]:
    """Whole-system watts: over TDP by family (shrunk towards all families), and as such for parts without a TDP."""
    watts: dict[str, list[float]] = {}
    for run in runs:
        if run.energy_kwh and run.accelerator_hours and run.energy_basis in MEASURED and run.accelerator:
            watts.setdefault(run.accelerator, []).append(
                run.energy_kwh * 1000 / run.accelerator_hours / (run.pue or _unsaid_pue(runs))
            )
    for row in catalog.rows("accelerator_power"):
        known = watts.get(row.accelerator, [])
        new = not any(abs(w / row.watts - 1) < 0.02 for w in known)
        if (_is_system_mean(row) and new and len(known) < 2) or (
            _is_system_mean(row) and new and _tdp(row, catalog) is None
        ):
            watts.setdefault(row.accelerator, []).append(row.watts)
    ratios: dict[str, list[float]] = {}
    factors = []
    for part, each in sorted(watts.items()):
        accelerator = catalog.accelerator(part, NOW)
        tdp = _tdp_of(part, catalog)
        if accelerator.sole_provider or tdp is None:
            mean, sd = _geometric(each)
            factors.append(_factor("system_power_w", part, mean, max(sd, 0.15), len(each), _metered(each), "W"))
        else:
            ratios.setdefault(accelerator.generation, []).extend(w / tdp for w in each)
    return factors + _shrunk_ratios(ratios)


def _unsaid_pue(runs: Sequence[TrainingRun]) -> float:
    """An energy whose boundary is not stated may be the rack's or the building's: it is taken halfway between."""
    return sqrt(_pue(runs)[0].value)


def _shrunk_ratios(ratios: dict[str, list[float]]) -> list[FittedFactor]:
    modern = [r for family, each in ratios.items() for r in each if family not in ("Pascal", "Volta")]
    pooled, pooled_sd = _geometric(modern)
    on = _metered(modern)
    rows = [_factor("system_power_ratio", "any", pooled, max(pooled_sd, 0.18), len(modern), on, "over TDP")]
    for family, each in sorted(ratios.items()):
        mean, sd = _geometric(each)
        weight = len(each) / (len(each) + 1.0) if family not in ("Pascal", "Volta") else 1.0
        value = exp(weight * log(mean) + (1 - weight) * log(pooled))
        rows.append(
            _factor("system_power_ratio", family, value, max(sd, 0.12 if len(each) > 2 else 0.18), len(each),
                    _metered(each), "whole-system mean draw over TDP")
        )  # fmt: skip
    return rows


def _metered(values: Sequence[float]) -> str:
    return f"{len(values)} measurement{'s' * (len(values) > 1)}, see training_runs and accelerator_power"


def _pue(runs: Sequence[TrainingRun]) -> list[FittedFactor]:
    said = [r.pue for r in runs if r.pue and r.pue > 1 and r.run_date.year >= 2019 and group_of(r) != "aggregate"]
    spread = _geometric(said)[1]
    note = "disclosed PUEs of runs since 2019, metered nodes (PUE 1) left out"
    on = f"{len(said)} runs, see training_runs"
    return [_factor("pue", "published runs", median(said), max(spread, 0.08), len(said), on, note)]


def _prices(catalog: Snapshot, runs: Sequence[TrainingRun]) -> list[FittedFactor]:
    """What published runs paid (or were reckoned to pay) per hour over the market's median quote at their date."""
    paid: dict[str, dict[tuple[str, str], list[float]]] = {}
    for run in runs:
        if not (run.cost_usd and run.accelerator_hours and run.accelerator) or "ambiguous" in run.caveats:
            continue
        when = utc(TrainingQuestion.model_validate({"accelerator": run.accelerator, "date": run.run_date}).date or NOW)
        quote = market_quote(catalog.accelerator(run.accelerator, when), catalog, when)
        if quote is not None:
            source = (run.source_url, run.accelerator)
            ratio = float(run.cost_usd) / run.accelerator_hours / quote.usd
            paid.setdefault(quote.market, {}).setdefault(source, []).append(ratio)
    rows = []
    for market, by_source in sorted(paid.items()):
        ratios = [median(each) for each in by_source.values()]
        centre, spread = median(ratios), _predictive(_geometric(ratios)[1], len(ratios))
        note = "dollars per accelerator-hour of published runs over the market's median on-demand quote"
        on = f"the runs of {len(ratios)} sources, see training_runs and rental_prices"
        rows.append(_factor("rental_price", market, centre, max(spread, 0.25), len(ratios), on, note))
    return rows + _named_sellers(catalog, runs)


def _named_sellers(catalog: Snapshot, runs: Sequence[TrainingRun]) -> list[FittedFactor]:
    """How far what was paid to a seller who is named lies from the seller's price in the catalogue, which stands."""
    by_source: dict[str, list[float]] = {}
    for run in runs:
        seller = seller_of(run)
        if not (seller and run.cost_usd and run.accelerator_hours and run.accelerator):
            continue
        when = utc(TrainingQuestion.model_validate({"accelerator": run.accelerator, "date": run.run_date}).date or NOW)
        asked = Wanted(catalog.accelerator(run.accelerator, when), when, "on_demand", seller, None)
        rate = rate_in_market(asked, catalog).value
        if rate is not None:
            paid = float(run.cost_usd) / run.accelerator_hours
            by_source.setdefault(run.source_url, []).append(log(paid / rate.median))
    off = [median(each) for each in by_source.values()]
    if not off:
        return []
    spread = sqrt(sum(each**2 for each in off) / len(off))
    note = "a named seller's price as the catalogue has it; the spread of what published runs paid there around it"
    on = f"the runs of {len(off)} sources, see training_runs and rental_prices"
    return [_factor("rental_price", NAMED_SELLER, 1.0, _predictive(spread, len(off)), len(off), on, note)]


def _price_models(catalog: Snapshot) -> list[FittedFactor]:
    """What spot and reserved cost over on demand, where one provider quotes both for one machine."""
    on_demand = {
        _sku(row): float(row.usd_per_hour) for row in catalog.rows("rental_prices") if row.price_model == "on_demand"
    }
    rows = []
    for model in ("spot", "reserved_1y", "reserved_3y"):
        ratios = [
            float(row.usd_per_hour) / on_demand[_sku(row)]
            for row in catalog.rows("rental_prices")
            if row.price_model == model and _sku(row) in on_demand
        ]
        note = "median over machines quoted both ways by one provider in one region"
        on = f"{len(ratios)} machines, see rental_prices"
        rows.append(
            _factor("price_model", model, median(ratios), max(_geometric(ratios)[1], 0.15), len(ratios), on, note)
        )
    return rows


def _sku(row: object) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in ("provider", "sku", "accelerator", "accelerator_count", "region"))


def _is_system_mean(row: AcceleratorPower) -> bool:
    return row.scope == "system_per_accelerator" and row.statistic == "mean" and row.claim == "measured"


def _tdp(row: AcceleratorPower, catalog: Snapshot) -> float | None:
    return _tdp_of(row.accelerator, catalog)


def _tdp_of(part: str, catalog: Snapshot) -> float | None:
    rated = [
        p for p in catalog.power(part) if p.statistic == "tdp" and p.claim == "rated" and p.scope in ("chip", "board")
    ]
    return rated[0].watts / rated[0].accelerator_count if rated else None


def _geometric(values: Sequence[float]) -> tuple[float, float]:
    logs = [log(value) for value in values]
    mean = sum(logs) / len(logs)
    return exp(mean), sqrt(sum((x - mean) ** 2 for x in logs) / max(len(logs) - 1, 1))


def _predictive(log_sd: float, count: int) -> float:
    """The log-sd of a next value, when centre and spread were told from few: Student's t for the normal, 1 + 1/n.

    Source:  t quantile to first order in 1/v: z (1 + (z^2 + 1) / 4v), Fisher and Cornish 1960
    """
    if count < 2:
        return log_sd
    return log_sd * (1 + (1.2816**2 + 1) / (4 * (count - 1))) * sqrt(1 + 1 / count)


def _factor(quantity: str, term: str, value: float, sd: float, runs: int, on: str, note: str) -> FittedFactor:
    """A row of the fit; `on` says how much of what it was fitted on."""
    return FittedFactor(
        quantity=quantity, term=term, value=_digits(value), log_sd=_digits(sd), runs=runs, effective_from=None,
        effective_to=None, source_url=SOURCE, checked_on=FITTED_ON,
        note=f"{note}; fitted on {on}, by benchmarks/fit_training.py",
    )  # fmt: skip


def _digits(value: float) -> float:
    return float(f"{value:.4g}")


def write(table: str, rows: Sequence[object], folder: Path) -> str:
    """The CSV text of `rows`, as pricing_data holds it."""
    from io import StringIO

    columns = TABLE[table].columns
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(getattr(row, column)) for column in columns] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return (
        repr(value)
        if isinstance(value, float) and value != int(value)
        else str(int(value) if isinstance(value, float) else value)
    )


def main(arguments: Sequence[str]) -> int:
    """Fit, then write or compare."""
    folder = bundled_folder()
    catalog = snapshot_from_files(folder)
    factors, anchors = fit(catalog, catalog.rows("training_runs"))
    texts = {
        "fitted_factors": write("fitted_factors", factors, folder),
        "efficiency_anchors": write("efficiency_anchors", anchors, folder),
    }
    stale = [
        name
        for name, text in texts.items()
        if not (folder / f"{name}.csv").exists() or (folder / f"{name}.csv").read_text() != text
    ]
    if "--check" in arguments:
        print("up to date" if not stale else f"stale: {', '.join(stale)}")
        return 1 if stale else 0
    for name in stale:
        (folder / f"{name}.csv").write_text(texts[name])
    for row in factors:
        print(f"{row.quantity:20} {row.term:28} {row.value:10g} +-{row.log_sd:<8g} n={row.runs}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
