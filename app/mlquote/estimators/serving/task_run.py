"""A task of whole passes at work: how many units a second, and what they draw and cost."""

from dataclasses import dataclass

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.asking.unused import NOT_USED
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.serving.cost import usd_per_hour
from mlquote.estimators.serving.energy import Power
from mlquote.estimators.serving.question import ServingQuestion, Task
from mlquote.estimators.serving.task_facts import TaskFacts
from mlquote.formulas.models.compute import forward_flop
from mlquote.formulas.serving.load import BYTES_PER_WEIGHT
from mlquote.formulas.serving.passes import WINDOW_POSITIONS, image_flop, speech_windows, units_per_s
from mlquote.formulas.serving.queueing import replicas_needed
from mlquote.formulas.uncertainty import Uncertain, known
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Assumption, Range, Warning
from mlquote.kit.units import BYTES_PER_GB, SECONDS_PER_HOUR, WATTS_PER_KILOWATT

UNITS: dict[Task, str] = {
    "image": "image", "embed": "input token", "rerank": "pair", "transcribe": "second of audio",
}  # fmt: skip
_KINDS = {
    "image": frozenset({"diffusion"}),
    "embed": frozenset({"encoder", "transformer", "encoder_decoder"}),
    "rerank": frozenset({"encoder", "transformer", "encoder_decoder"}),
    "transcribe": frozenset({"encoder_decoder"}),
}
MOST_ACCELERATORS = 1024


@dataclass(frozen=True, slots=True)
class TaskLayout:
    """Replicas side by side, each of `width` accelerators."""

    replicas: int
    width: int
    count: Finding[int]
    """All accelerators."""
    weights_bytes: float
    free_bytes: float
    """Of one replica, beside the weights."""


@dataclass(frozen=True, slots=True)
class TaskRun:
    """What a task delivers, draws and costs."""

    question: ServingQuestion
    layout: TaskLayout
    computes_in: str
    flop_per_request: float
    units_per_request: float
    requests_per_s: Uncertain
    """What all replicas deliver when kept busy."""
    power: Power
    usd_per_hour: Uncertain | None
    usd_per_request: Uncertain | None
    joules_per_request: Uncertain | None
    """In the scope that is asked."""
    kgco2e_per_request: Uncertain | None
    """Through the meter, making of the parts included."""
    replicas_needed: Range | None
    load_fraction: Uncertain | None
    """Requests that are asked, over what the paid hours deliver."""
    windows: Finding[None]
    """Sizes of windows that no text reaches."""


def task_run_of(question: ServingQuestion, facts: TaskFacts) -> TaskRun:
    """What a question and its facts give.

    Raises:  OutOfDomain where the model does no such task, or does not fit
    """
    layout = _layout(question, facts)
    flop, units = _request(question.task, facts)
    chip, reached = facts.sheet.value.chip, facts.peak_fraction.value
    assert reached is not None
    done = reached * units_per_s(float(layout.replicas * layout.width), chip.flop_per_s, flop)
    power = _power(question, facts, layout)
    hourly = usd_per_hour(facts.price, layout.count.value, power.facility)
    paid = hourly * (1 / question.utilisation_fraction) if hourly else None
    drawn = power.by_scope()[question.power_scope]
    return TaskRun(
        question=question,
        layout=layout,
        computes_in=facts.sheet.value.computes_in,
        flop_per_request=flop,
        units_per_request=units,
        requests_per_s=done,
        power=power,
        usd_per_hour=hourly,
        usd_per_request=paid / done * (1 / SECONDS_PER_HOUR) if paid else None,
        joules_per_request=drawn / done if drawn else None,
        kgco2e_per_request=_carbon(facts, layout, power, done),
        replicas_needed=_replicas(question, layout, done),
        load_fraction=known(question.requests_per_s / question.utilisation_fraction) / done
        if question.requests_per_s is not None
        else None,
        windows=_windows(question, facts),
    )


def _request(task: Task, facts: TaskFacts) -> tuple[float, float]:
    """(FLOP, units) of one request: an image, a text, a pair, a recording.

    Raises:  OutOfDomain where the model cannot be counted for this task
    """
    model = facts.model.value
    if model.kind not in _KINDS[task]:
        hint = f"a model of kind {' or '.join(sorted(_KINDS[task]))}"
        raise OutOfDomain(f"a {model.kind} model does not {task}", pointer="/task", hint=hint)
    if task == "image":
        return _image(model, facts)
    if model.image is not None:
        return float(model.image.forward_flop), _units(task, facts)
    if model.stack is None or not model.counted:
        hint = "give the architecture: layers and hidden_size at least"
        raise OutOfDomain("the model's layers are not known", pointer="/model", hint=hint)
    if task == "transcribe":
        return _recording(model, facts)
    tokens = facts.input_tokens.value
    assert tokens is not None
    if tokens <= 0:
        raise OutOfDomain("there is no text to read", pointer="/input_tokens", hint="1 at least")
    flop = tokens * (forward_flop(model.stack, tokens).total - _logits(model))
    return flop, _units(task, facts)


def _windows(question: ServingQuestion, facts: TaskFacts) -> Finding[None]:
    """A window as long as the text is no window: its sizes change nothing."""
    given, tokens, size = question.architecture, facts.input_tokens.value, facts.model.value.sizes.sliding_window
    if given is None or tokens is None or size is None or size < tokens:
        return Finding(None)
    names = [name for name in ("sliding_window", "full_attention_layers") if getattr(given, name) is not None]
    why = f"texts of {tokens:g} tokens are no longer than the window of {size}"
    warnings = tuple(Warning(NOT_USED, f"architecture.{name} changes nothing: {why}") for name in names)
    return Finding(None, warnings=warnings)


def _units(task: Task, facts: TaskFacts) -> float:
    """What one request is counted as: its tokens, its seconds, or one pair."""
    counted = {"embed": facts.input_tokens.value, "transcribe": facts.audio_s.value}.get(task)
    return 1.0 if counted is None else counted


def _logits(model: Resolved) -> float:
    """A vector or a score needs no logits over the vocabulary."""
    assert model.stack is not None
    return forward_flop(model.stack, 1.0).logits


def _image(model: Resolved, facts: TaskFacts) -> tuple[float, float]:
    steps, passes = facts.steps.value, facts.passes_per_step.value
    assert steps is not None and passes is not None
    if model.image is None:
        hint = "give its config.json as hf_config, or architecture.forward_flop of one noise level"
        raise OutOfDomain("the FLOP of this denoiser are not known", pointer="/model", hint=hint)
    return image_flop(model.image.forward_flop, steps, passes), 1.0


def _recording(model: Resolved, facts: TaskFacts) -> tuple[float, float]:
    """Whole windows through the encoder, spoken tokens through the decoder."""
    seconds, spoken = facts.audio_s.value, facts.spoken_tokens_per_s.value
    assert seconds is not None and spoken is not None and model.stack is not None
    windows = speech_windows(seconds)
    positions = float(WINDOW_POSITIONS)
    both = positions + max(1.0, spoken * seconds / windows)
    each = forward_flop(model.stack, both, encoder_fraction=positions / both).total
    return windows * both * each, _units("transcribe", facts)


def _layout(question: ServingQuestion, facts: TaskFacts) -> TaskLayout:
    """Replicas of the least power of two of accelerators that holds the weights, unless the question says.

    Raises:  OutOfDomain where the weights do not fit
    """
    weights = facts.model.value.params * BYTES_PER_WEIGHT[facts.weight_dtype.value]
    usable = facts.sheet.value.chip.usable_bytes
    width = question.tensor_parallel or 1
    if question.tensor_parallel is None:
        while width < MOST_ACCELERATORS and weights > width * usable:
            width *= 2
    count = question.accelerator_count or width
    if weights > min(width, count) * usable or width > count:
        detail = (
            f"{weights / BYTES_PER_GB:.1f} GB of weights do not fit into {min(width, count)} x "
            f"{usable / BYTES_PER_GB:.1f} GB"
        )
        pointer = "/tensor_parallel" if question.tensor_parallel else "/accelerator_count"
        raise OutOfDomain(detail, pointer=pointer, hint="more accelerators, or lighter weights", code="does-not-fit")
    return TaskLayout(count // width, width, _counted(question, count), weights, width * usable - weights)


def _counted(question: ServingQuestion, count: int) -> Finding[int]:
    if question.accelerator_count is not None:
        return Finding(count)
    return Finding(count, (Assumption("accelerator_count", count, why="the least power of two that holds the model"),))


def _power(question: ServingQuestion, facts: TaskFacts, layout: TaskLayout) -> Power:
    """Draw by scope of accelerators kept busy; the measured draw where it is given."""
    pue, count = facts.site.pue.value, float(layout.count.value)
    if question.power_w is not None:
        said = Assumption("power_w", question.power_w, "W per accelerator, whole system", basis="given", why="given")
        wall = known(question.power_w * count)
        return Power(None, wall, wall * pue, Finding(None, (said,)))
    rated, drawn = facts.rated_w.value, facts.draw_fraction.value
    if rated is None or drawn is None:
        return Power(None, None, None, Finding(None))
    chips = rated * drawn * count
    wall = chips * facts.wall_factor.value
    return Power(chips, wall, wall * pue, Finding(None))


def _carbon(facts: TaskFacts, layout: TaskLayout, power: Power, done: Uncertain) -> Uncertain | None:
    if power.facility is None:
        return None
    hours = 1 / SECONDS_PER_HOUR
    carbon = power.facility / done * (hours / WATTS_PER_KILOWATT) * facts.site.kgco2e_per_kwh.value
    made = facts.embodied.value
    return carbon if made is None else carbon + made / done * (hours * layout.count.value)


def _replicas(question: ServingQuestion, layout: TaskLayout, done: Uncertain) -> Range | None:
    if question.requests_per_s is None:
        return None
    one, rate = done * (question.utilisation_fraction / layout.replicas), question.requests_per_s
    reached = one.range()
    return Range(*(replicas_needed(rate, float(end)) for end in (reached.high, reached.central, reached.low)))
