"""Our estimate of every published run beside what was published, error by error: docs/scoreboard.md, training_scores.

    python benchmarks/scoreboard.py [--check | --print] [-v]

Each run is estimated by a catalogue whose rules were fitted without it, twice: forward (model, data and hardware known)
and given hours (the disclosed accelerator-hours handed over). Energy and carbon are compared on the publisher's own
basis: nameplate where the source says TDP, at the plug elsewhere. The page is docs/scoreboard.md, its figures are
pricing_data/training_scores.csv. `--print` writes to the terminal instead; `--check`
writes nothing, and says (and leaves with 1) where the page is not what the catalogue and the code give.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import median

from fit_training import fit, tuned_without
from published import NOW, is_headline, question_of
from tuned import asked_of, group_of

from mlquote.catalog.rows import TrainingRun, TuningRun
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLE, TABLES
from mlquote.estimators.training.answer import TrainingResult
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.errors import QuoteError
from mlquote.kit.provenance import Range
from mlquote.store.files import bundled_folder, snapshot_from_files

QUANTITIES = ("accelerator_hours", "energy_kwh", "emissions_kgco2e", "cost_usd")
HERE = "docs/"
"""The folder of the page: its links stand beside it."""
UNUSED = frozenset({"token_prices", "time_windows", "annotation_prices", "training_scores"})


@dataclass(frozen=True, slots=True)
class Score:
    """One disclosed figure and ours."""

    run: TrainingRun
    quantity: str
    published: float
    ours: Range

    @property
    def error(self) -> float:
        """Relative error of the central figure."""
        return abs(float(self.ours.central) - self.published) / self.published

    @property
    def inside(self) -> bool:
        """The published figure lies in our 80 % range."""
        return float(self.ours.low) <= self.published <= float(self.ours.high)


def without(run: TrainingRun, catalog: Snapshot) -> Snapshot:
    """The catalogue as it would be had this run never been published."""
    others = [row for row in catalog.rows("training_runs") if row.id != run.id]
    factors, anchors = fit(catalog, others)
    rows = {table.name: catalog.rows(table.name) for table in TABLES if table.name not in UNUSED}
    return Snapshot(catalog.release, rows | {"fitted_factors": factors, "efficiency_anchors": anchors})


def scores_of(run: TrainingRun, catalog: Snapshot, *, with_hours: bool) -> Iterator[Score]:
    """Every figure this run discloses that we can estimate."""
    try:
        question = TrainingQuestion.model_validate(question_of(run, with_hours=with_hours))
        result = training_estimate(question, catalog, NOW).result
    except QuoteError:
        return
    for quantity, published, ours in _pairs(run, result):
        if published and ours is not None and not (with_hours and quantity == "accelerator_hours"):
            yield Score(run, quantity, float(published), ours)


def _pairs(run: TrainingRun, result: TrainingResult) -> tuple[tuple[str, float | None, Range | None], ...]:
    emissions, rated = result.emissions_kgco2e, "tdp" in run.energy_basis
    tonnes = run.emissions_tco2e_location
    return (
        ("accelerator_hours", run.accelerator_hours, result.accelerator_hours),
        ("energy_kwh", run.energy_kwh, result.energy_kwh_nameplate if rated else result.energy_kwh),
        (
            "emissions_kgco2e",
            tonnes * 1000 if tonnes else None,
            emissions.location_based_nameplate if rated else emissions.location_based,
        ),
        ("cost_usd", float(run.cost_usd) if run.cost_usd else None, result.cost_usd_rental),
        (
            "cost_usd_amortised",
            float(run.cost_usd_amortised) if run.cost_usd_amortised else None,
            result.cost_usd_amortised,
        ),
    )


def scoreboard(catalog: Snapshot) -> dict[bool, list[Score]]:
    """with_hours -> every score, each run judged by rules fitted without it."""
    found: dict[bool, list[Score]] = {False: [], True: []}
    for run in catalog.rows("training_runs"):
        if not run.accelerator:
            continue
        held_out = without(run, catalog)
        for with_hours in (False, True):
            if run.accelerator_hours or not with_hours:
                found[with_hours].extend(scores_of(run, held_out, with_hours=with_hours))
    return found


@dataclass(frozen=True, slots=True)
class Tuned:
    """One measured step of fine-tuning, its peak in GB or the hours of its tokens, and ours."""

    run: TuningRun
    quantity: str
    measured: float
    ours: Range

    @property
    def ratio(self) -> float:
        """Ours over measured."""
        return float(self.ours.central) / self.measured

    @property
    def inside(self) -> bool:
        """The measurement lies in our 80 % range."""
        return float(self.ours.low) <= self.measured <= float(self.ours.high)


def tuned_scores(catalog: Snapshot) -> list[Tuned]:
    """Every measured step, judged by rules fitted without its group: the same source's, of one model by one method."""
    rows = {table.name: catalog.rows(table.name) for table in TABLES if table.name not in UNUSED}
    others = [row for row in catalog.rows("fitted_factors") if row.quantity not in ("memory", "step")]
    runs, found = catalog.rows("tuning_runs"), []
    for group in sorted({group_of(run) for run in runs}):
        fitted = [*others, *tuned_without(catalog, group)]
        held_out = Snapshot(catalog.release, rows | {"fitted_factors": fitted})
        for run in (run for run in runs if group_of(run) == group):
            question = TrainingQuestion.model_validate(asked_of(run, as_run=False))
            result = training_estimate(question, held_out, NOW).result
            if run.peak_gb is not None and result.memory is not None and result.memory.bytes is not None:
                found.append(Tuned(run, "peak_bytes", run.peak_gb * 1e9, result.memory.bytes))
            if run.accelerator_hours is not None:
                found.append(Tuned(run, "accelerator_hours", run.accelerator_hours, result.accelerator_hours))
    return found


def _tuned_page(scores: Sequence[Tuned]) -> str:
    """The measured steps: by quantity, by method, and each of them."""
    lines = [TUNED_INTRODUCTION, "", TUNED_HEAD]
    for quantity in ("peak_bytes", "accelerator_hours"):
        of_it = [score for score in scores if score.quantity == quantity]
        lines.append(f"| {quantity} | all | {_tuned_summary(of_it)} |")
        for method in sorted({score.run.method for score in of_it}):
            lines.append(f"| {quantity} | {method} | {_tuned_summary([s for s in of_it if s.run.method == method])} |")
    lines += ["", TUNED_RUN_HEAD]
    for s in sorted(scores, key=lambda s: (s.quantity, s.run.id)):
        low, central, high = (float(x) for x in (s.ours.low, s.ours.central, s.ours.high))
        lines.append(
            f"| {s.quantity} | [{s.run.id}]({s.run.source_url.removeprefix(HERE)}) | {s.measured:.3g} | {central:.3g} "
            f"| {low:.3g} to {high:.3g} | {s.ratio:.2f} | {'yes' if s.inside else 'no'} |"
        )
    return "\n".join(lines)


def _tuned_summary(scores: Sequence[Tuned]) -> str:
    error = median(abs(score.ratio - 1) for score in scores)
    low = sum(score.ratio < 0.9 for score in scores) / len(scores)
    inside = sum(score.inside for score in scores) / len(scores)
    return f"{len(scores)} | {error:.0%} | {low:.0%} | {inside:.0%} | x{median(score.ratio for score in scores):.2f}"


def _by_kind(scores: Sequence[Score]) -> Iterator[str]:
    """Bias of the hours by kind of run."""
    of_it = [score for score in scores if score.quantity == "accelerator_hours"]
    for kind in sorted({score.run.kind for score in of_it}):
        yield f"| {kind} | {summary([score for score in of_it if score.run.kind == kind])} |"


def summary(scores: Sequence[Score]) -> str:
    """Count, median and p90 of the error, how many lie inside, how wide the ranges are."""
    errors = sorted(score.error for score in scores)
    p90 = errors[round(0.9 * (len(errors) - 1))]
    inside = sum(score.inside for score in scores) / len(scores)
    width = median(float(s.ours.high) / float(s.ours.low) for s in scores)
    bias = exp(median(log(float(s.ours.central) / s.published) for s in scores))
    return f"{len(scores)} | {median(errors):.0%} | {p90:.0%} | {inside:.0%} | x{width:.2f} | x{bias:.2f}"


def page(board: dict[bool, list[Score]], tuned: Sequence[Tuned]) -> str:
    """The whole page as markdown."""
    parts = [INTRODUCTION]
    for with_hours in (False, True):
        scores = [s for s in board[with_hours] if is_headline(s.run)]
        parts.append(f"## {'Given hours' if with_hours else 'Forward'}\n\n{HEAD}\n" + "\n".join(_summaries(scores)))
    parts.append(f"{KIND_HEAD}\n" + "\n".join(_by_kind(board[False])))
    parts += [_tuned_page(tuned), RULES]
    for with_hours in (False, True):
        title = "Every run, given hours" if with_hours else "Every run, forward"
        rows = sorted(board[with_hours], key=lambda s: (s.quantity, s.run.run_date, s.run.id))
        parts.append(f"## {title}\n\n{RUN_HEAD}\n" + "\n".join(_row(score) for score in rows))
    return "\n\n".join(parts) + "\n"


INTRODUCTION = """# Scoreboard: our training estimate beside what was published

Generated by `benchmarks/scoreboard.py`; do not edit. Every run of `pricing_data/training_runs.csv` is estimated by
rules fitted without it (leave one out), as a user would have asked: *forward* from model, data, hardware, date and
place; *given hours* with the disclosed accelerator-hours, PUE and grid handed over. Energy and carbon stand on the
publisher's own basis: nameplate where the source multiplies TDP by hours, at the plug elsewhere. The headline counts
developers' own figures of whole jobs; third-party guesses, throughput tests and family totals are listed but not
counted. An error is |ours - published| / published; *inside* is the share of published figures within our 80 % range;
*width* the median of high over low; *bias* the median of ours over published."""
HEAD = "| quantity | figures | median error | 90th percentile | inside | width | bias |\n|---|---|---|---|---|---|---|"
KIND_HEAD = (
    "### Hours by kind of run\n\n| kind | figures | median error | 90th percentile | inside | width | bias |\n"
    "|---|---|---|---|---|---|---|"
)
TUNED_INTRODUCTION = """## Fine-tuning, measured

Every measured step of `pricing_data/tuning_runs.csv`, estimated by rules fitted without its group (one source's figures
of one model under one method), as a user would have asked who does not know how the source computes its loss. *Low* is
the share of figures of which ours is more than a tenth too low."""
TUNED_HEAD = "| quantity | method | figures | median error | low | inside | bias |\n|---|---|---|---|---|---|---|"
TUNED_RUN_HEAD = "| quantity | step | measured | ours | 80 % range | ratio | inside |\n|---|---|---|---|---|---|---|"
RUN_HEAD = "| quantity | run | published | ours | 80 % range | ratio | inside |\n|---|---|---|---|---|---|---|"
RULES = """## The rules

- **FLOP** are counted in closed form where layers and hidden size are known, else 6 N D; half of it where an
  encoder-decoder's tokens pass through one half each.
- **Utilisation** is whole-job model FLOP over billed hours at the dense 16-bit peak. ln(MFU) is a Huber-weighted ridge
  regression on hardware class, architecture, precision class, kind of job, size, count, one node or more, and year
  (`fitted_factors`, quantity `mfu`); what it leaves unexplained of each published run (`efficiency_anchors`) is carried
  to jobs near it by simple kriging (`mfu_kernel`). The range is the kriging variance: wide far from any run.
- **Fine-tuning**: hours by micro-steps, memory part by part with one fitted reserve (docs/training.md).
- **Power** is the measured whole-system draw over TDP by family, or in watts where there is no TDP.
- **PUE**: site, region, fleet, else the median that published runs disclose. **Grid**: the zone named, national average
  of the year, lifecycle.
- **Dollars**: the median on-demand quote in effect at the date times what published runs paid over quotes, by market:
  open, only hyperscalers, or parts made for export; Epoch AI's method for owned hardware."""


def _summaries(scores: Sequence[Score]) -> Iterator[str]:
    for quantity in (*QUANTITIES, "cost_usd_amortised"):
        chosen = [score for score in scores if score.quantity == quantity]
        if chosen:
            yield f"| {quantity} | {summary(chosen)} |"


def _row(score: Score) -> str:
    low, central, high = (float(x) for x in (score.ours.low, score.ours.central, score.ours.high))
    inside = "yes" if score.inside else "no"
    return (
        f"| {score.quantity} | [{score.run.id}]({score.run.source_url}) | {score.published:.3g} | {central:.3g} "
        f"| {low:.3g} to {high:.3g} | {central / score.published:.2f} | {inside} |"
    )


def rows_of(board: dict[bool, list[Score]]) -> str:
    """Every score as a row of `training_scores`, in four significant digits."""
    lines = [",".join(TABLE["training_scores"].columns)]
    for with_hours in (False, True):
        given = "hours" if with_hours else "forward"
        for s in sorted(board[with_hours], key=lambda s: (s.run.id, s.quantity)):
            figures = (s.published, float(s.ours.low), float(s.ours.central), float(s.ours.high))
            told = ",".join(f"{figure:.4g}" for figure in figures)
            flag = "true" if is_headline(s.run) else "false"
            head = f"{s.run.id},{given},{s.quantity},{s.run.kind},{s.run.run_date},{flag}"
            lines.append(f"{head},{told},,,{s.run.source_url},{NOW.date()},")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write, check or print the page."""
    catalog = snapshot_from_files(bundled_folder())
    board, tuned = scoreboard(catalog), tuned_scores(catalog)
    target, figures = bundled_folder().parent / "docs" / "scoreboard.md", bundled_folder() / "training_scores.csv"
    if "--check" in arguments:
        written = {target: page(board, tuned), figures: rows_of(board)}
        stale = any(not each.exists() or each.read_text() != text for each, text in written.items())
        print("stale: run benchmarks/scoreboard.py and read the difference" if stale else "up to date")
        return int(stale)
    if "--print" not in arguments:
        target.parent.mkdir(exist_ok=True)
        target.write_text(page(board, tuned))
        figures.write_text(rows_of(board))
        print(f"wrote {target.name}, {figures.name}")
        return 0
    for with_hours in (False, True):
        print("given hours" if with_hours else "forward")
        for quantity in (*QUANTITIES, "cost_usd_amortised"):
            scores = [s for s in board[with_hours] if s.quantity == quantity and is_headline(s.run)]
            if scores:
                print(f"  {quantity:20} {summary(scores)}")
            for score in sorted(scores, key=lambda s: -s.error) if "-v" in arguments else ():
                ratio = float(score.ours.central) / score.published
                print(f"      {score.run.id:32} {score.published:12.5g} {ratio:5.2f} {'' if score.inside else 'OUT'}")
    print(_tuned_page(tuned).split(TUNED_RUN_HEAD)[0])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
