"""A speed that was measured: tokens, steps or FLOP a second, from which hours follow without any efficiency."""

from dataclasses import dataclass

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.formulas.uncertainty import Uncertain, known
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Assumption
from mlquote.kit.units import FLOP_PER_TFLOP, SECONDS_PER_HOUR

SPEEDS = ("tokens_per_s_per_accelerator", "step_s", "tflop_per_s_per_accelerator")
_UNITS = dict(zip(SPEEDS, ("tokens/s per accelerator", "s a step", "TFLOP/s per accelerator"), strict=True))


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast one accelerator trains: by tokens, or by model FLOP; the other is None."""

    tokens_per_s: float | None = None
    flop_per_s: float | None = None


def speed_of(question: TrainingQuestion, tokens: float | None) -> Finding[Speed | None]:
    """The measured speed that the question brings; None where it brings none, or hours stand in its place.

    Args:    tokens: that are seen
    Raises:  Malformed for two ways to say how fast, and for a step or a token rate that lacks what makes hours of it
    """
    said = [name for name in SPEEDS if getattr(question, name) is not None]
    if not said or question.accelerator_hours is not None:
        return Finding(None)
    others = [*said[1:], *(name for name in ("mfu", "hfu") if getattr(question, name) is not None)]
    if others:
        raise Malformed(
            f"{said[0]} and {others[0]} both say how fast", pointer=f"/{others[0]}", hint="give one of them"
        )
    name, value = said[0], getattr(question, said[0])
    why = "measured: hours follow from it" + ("" if question.goodput_fraction else "; stalls and restarts as far as it")
    why += ", over goodput_fraction" if question.goodput_fraction else " holds them"
    told = Finding(None, (Assumption(name, value, _UNITS[name], basis="given", why=why),))
    if name == "tflop_per_s_per_accelerator":
        return told.of(Speed(flop_per_s=value * FLOP_PER_TFLOP))
    if tokens is None:
        raise Malformed(f"{name} needs the tokens that are trained on", pointer="/tokens", hint="give tokens")
    if name == "step_s":
        value = _tokens_per_s(question)
    return told.of(Speed(tokens_per_s=value))


def hours_at(
    speed: Speed, tokens: float | None, model_flop: Uncertain | None, goodput_fraction: float | None
) -> Uncertain:
    """Accelerator-hours of the work at a measured speed.

    H = work / (rate * goodput * 3600)

    Args:    goodput_fraction: share of the time at that speed; all of it where nobody says
    Raises:  Malformed where the work that the speed counts is unknown
    """
    per_hour = SECONDS_PER_HOUR * (goodput_fraction or 1.0)
    if speed.tokens_per_s is not None:
        assert tokens is not None
        return known(tokens / (speed.tokens_per_s * per_hour))
    if model_flop is None or speed.flop_per_s is None:
        hint = "give the model and its tokens, or training_flop"
        raise Malformed("a rate of FLOP needs the FLOP", pointer="/tflop_per_s_per_accelerator", hint=hint)
    return model_flop / (speed.flop_per_s * per_hour)


def _tokens_per_s(question: TrainingQuestion) -> float:
    """Tokens per second of one accelerator: a step's, over all of them."""
    batch, count = question.batch_tokens, question.accelerator_count
    for name, value in (("batch_tokens", batch), ("accelerator_count", count)):
        if value is None:
            raise Malformed(f"step_s needs {name}", pointer=f"/{name}", hint=f"give {name} beside step_s")
    assert question.step_s is not None and batch is not None and count is not None
    return batch / question.step_s / count
