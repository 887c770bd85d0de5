"""Adapters as they are asked for: which contradict the method, and which name modules that the model lacks."""

from collections.abc import Iterator

from mlquote.estimators.models.flop import ADAPTED, adapters_in
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.formulas.models.adapters import ALL_LINEAR, NAMES, adapters_of
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Warning


def modules_of(question: TrainingQuestion) -> tuple[str, ...]:
    """What has an adapter."""
    return question.target_modules or (ALL_LINEAR,)


def check_adapters(question: TrainingQuestion, resolved: Resolved | None) -> None:
    """Refuse adapters that cannot be.

    Raises:  Malformed for adapters where there are no trained weights to freeze, for two sorts at once, and for modules
             that nobody knows or of which the model has none
    """
    method, asked = question.method, question.adapters
    if asked is not None and method == "pretrain":
        detail = "adapters stand beside weights that are trained already"
        raise Malformed(detail, pointer="/adapters", hint="continued_pretrain, or finetune")
    if asked is not None and method in ADAPTED and asked != method:
        raise Malformed(f"method {method} and adapters {asked} differ", pointer="/adapters", hint="give one of them")
    if question.adapted is None or question.target_modules is None or resolved is None or resolved.stack is None:
        return
    try:
        adapters = adapters_in(resolved, question.lora_rank, question.target_modules)
    except KeyError as unknown:
        detail, hint = f"no module is known by the name {unknown.args[0]}", ", ".join((ALL_LINEAR, *NAMES))
        raise Malformed(detail, pointer="/target_modules", hint=hint) from None
    if not adapters.params:
        detail = f"the model has none of these modules: {', '.join(adapters.absent)}"
        raise Malformed(detail, pointer="/target_modules", hint=f"{ALL_LINEAR}, {', '.join(_names_in(resolved))}")


def absent_modules(question: TrainingQuestion, resolved: Resolved | None) -> Iterator[Warning]:
    """Said of targets that the model lacks, beside others that it has."""
    if question.adapted is None or question.target_modules is None or resolved is None or resolved.stack is None:
        return
    absent = adapters_in(resolved, question.lora_rank, question.target_modules).absent
    if absent:
        has = ", ".join(_names_in(resolved))
        yield Warning("target-modules-absent", f"the model has no {', '.join(absent)}: its modules are {has}")


def _names_in(resolved: Resolved) -> list[str]:
    """The matrices that a model has."""
    assert resolved.stack is not None
    return [name for name in NAMES if adapters_of(resolved.stack, 1, (name,)).params]
