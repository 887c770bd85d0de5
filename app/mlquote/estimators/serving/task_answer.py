"""The answer about a task of whole passes: images, vectors, scores, transcripts, each with its unit in its name."""

from dataclasses import dataclass

from mlquote.estimators.asking.money import usd_range
from mlquote.estimators.asking.telling import shares_of
from mlquote.estimators.serving.answer import ServingLayout, UsdPerMtok
from mlquote.estimators.serving.task_run import UNITS, TaskRun
from mlquote.formulas.uncertainty import Uncertain
from mlquote.kit.provenance import Range
from mlquote.kit.units import HOURS_PER_DAY, SECONDS_PER_HOUR, TOKENS_PER_MTOK


@dataclass(frozen=True, slots=True)
class TaskMemory:
    """What one replica holds."""

    weights_bytes: float
    free_bytes: float
    fits: bool


@dataclass(frozen=True, slots=True)
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
    usd_per_mtok: UsdPerMtok | None
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
    power_w_by_scope: dict[str, Range | None]
    usd_per_hour: Range | None
    usd_per_day: Range | None
    replicas_needed: Range | None
    load_fraction: Range | None
    """`requests_per_s` over what the paid hours deliver: above 1 the machines do not keep up."""
    variance_shares: dict[str, dict[str, float]]


def task_result_of(run: TaskRun) -> TaskResult:
    """The figures of a run as ranges."""
    task, layout, power = run.question.task, run.layout, run.power
    by_scope = {name: _range(value) for name, value in power.by_scope().items()}
    each = {name: _Each(run, name == task) for name in UNITS}
    image, text, pair, sound = (each[name] for name in ("image", "embed", "rerank", "transcribe"))
    alone = 1 / (run.requests_per_s * (1 / layout.replicas)).median
    one = Uncertain(alone, run.requests_per_s.loads)
    return TaskResult(
        task=task,
        unit=UNITS[task],
        requests_per_s=run.requests_per_s.range(),
        flop_per_request=run.flop_per_request,
        images_per_s=image.per_s(),
        seconds_per_image=one.range() if task == "image" else None,
        usd_per_image=image.usd(1.0),
        joules_per_image=image.joules(),
        input_tokens_per_s=text.per_s(),
        usd_per_mtok=_usd_per_mtok(text.usd(TOKENS_PER_MTOK)),
        joules_per_input_token=text.joules(),
        pairs_per_s=pair.per_s(),
        usd_per_thousand_pairs=pair.usd(1000.0),
        joules_per_pair=pair.joules(),
        audio_seconds_per_s=sound.per_s(),
        usd_per_audio_hour=sound.usd(float(SECONDS_PER_HOUR)),
        joules_per_audio_second=sound.joules(),
        kgco2e_per_thousand_requests=_range(run.kgco2e_per_request * 1000.0 if run.kgco2e_per_request else None),
        memory=TaskMemory(layout.weights_bytes, layout.free_bytes, fits=True),
        layout=ServingLayout(layout.replicas, layout.width, 1, "tensor", run.computes_in),
        power_scope=run.question.power_scope,
        power_w=by_scope[run.question.power_scope],
        power_w_by_scope=by_scope,
        usd_per_hour=usd_range(run.usd_per_hour),
        usd_per_day=usd_range(run.usd_per_hour * HOURS_PER_DAY if run.usd_per_hour else None),
        replicas_needed=run.replicas_needed,
        load_fraction=_range(run.load_fraction),
        variance_shares=_shares(run),
    )


@dataclass(frozen=True, slots=True)
class _Each:
    """A run by its unit, or nothing where another unit is asked."""

    run: TaskRun
    is_asked: bool

    def per_s(self) -> Range | None:
        return (self.run.requests_per_s * self.run.units_per_request).range() if self.is_asked else None

    def usd(self, units: float) -> Range | None:
        cost = self.run.usd_per_request
        return usd_range(cost * (units / self.run.units_per_request)) if self.is_asked and cost else None

    def joules(self) -> Range | None:
        drawn = self.run.joules_per_request
        return (drawn * (1 / self.run.units_per_request)).range() if self.is_asked and drawn else None


def _usd_per_mtok(input_usd: Range | None) -> UsdPerMtok | None:
    """Only prompts are read: their price is the blended one."""
    return None if input_usd is None else UsdPerMtok(input_usd, None, input_usd)


def _shares(run: TaskRun) -> dict[str, dict[str, float]]:
    return shares_of(
        {
            "requests_per_s": run.requests_per_s,
            "usd_per_request": run.usd_per_request,
            "joules_per_request": run.joules_per_request,
            "kgco2e_per_thousand_requests": run.kgco2e_per_request,
        }
    )


def _range(value: Uncertain | None) -> Range | None:
    return value.range() if value is not None else None
