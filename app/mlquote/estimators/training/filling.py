"""How a run fills an accelerator: the model as it is split and trained, its micro-batch, its kernels and its optimizer.

Pretraining is taken to run fused kernels; every other method to run PyTorch's own, with fp32 copies of logits and
norms, unless `fused_loss` says otherwise.
"""

from dataclasses import replace

from mlquote.catalog.rows import Accelerator
from mlquote.estimators.models.flop import adapters_in
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.training.adapters import modules_of
from mlquote.estimators.training.methods import TEACHER, kept_beside, recipe_of
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.rows import PRETRAINING, row_of
from mlquote.formulas.models.adapters import Adapters
from mlquote.formulas.training.layouts import Fitting
from mlquote.formulas.training.memory import (
    EAGER_LOGIT_BYTES,
    FP32_HEAD_LOGIT_BYTES,
    FUSED,
    FUSED_LOGIT_BYTES,
    OPTIMIZERS,
    FrozenBytes,
    Kernels,
    Trained,
    load_of,
    load_of_params,
)
from mlquote.kit.errors import OutOfDomain

USUAL_NODE = 8
"""Accelerators in one machine where nobody says."""
QLORA_WEIGHT_BYTES = 0.52
"""4-bit NormalFloat with double quantisation: 4.127 bits a weight (Dettmers et al. 2023, section 3)."""
_WIDE = "fp32"
"""What PEFT's prepare_model_for_kbit_training makes of all that is not quantised: embedding table, head and norms."""


def plan_of(question: TrainingQuestion, resolved: Resolved, accelerator: Accelerator, capacity_bytes: float) -> Fitting:
    """What a run puts on one accelerator beside the model.

    Args:    capacity_bytes: what tensors may fill, 0 where it is unknown
    Raises:  OutOfDomain: gradients are accumulated that the optimizer does not keep
    """
    states = OPTIMIZERS[question.optimizer]
    if states.in_backward and (question.gradient_accumulation_steps or 1) > 1:
        detail = f"{question.optimizer} steps inside the backward pass and keeps no gradients to accumulate"
        raise OutOfDomain(detail, pointer="/gradient_accumulation_steps", hint="1, or another optimizer")
    length = row_of(question, resolved).longest_tokens
    return Fitting(
        capacity_bytes=capacity_bytes,
        micro_batch_tokens=float(question.micro_batch_size * length),
        sequence_tokens=float(length),
        recompute=question.recompute,
        states=states,
        frozen=_frozen(question),
        kernels=replace(_kernels(question), attention_fused=question.fused_attention),
        accelerators_per_node=accelerator.accelerators_per_node or USUAL_NODE,
    )


def embedding_dtype(question: TrainingQuestion) -> str:
    """What QLoRA leaves unquantised is kept in: as asked, else fp32."""
    return question.embedding_dtype or _WIDE


def _frozen(question: TrainingQuestion) -> FrozenBytes | None:
    """Bytes of the base weights under QLoRA; None where they are as trained ones."""
    if question.adapted != "qlora":
        return None
    return FrozenBytes(QLORA_WEIGHT_BYTES, 4.0 if embedding_dtype(question) == _WIDE else 2.0)


def _kernels(question: TrainingQuestion) -> Kernels:
    if question.method in PRETRAINING and question.adapted is None:
        return replace(FUSED, logit_bytes=EAGER_LOGIT_BYTES) if question.fused_loss is False else FUSED
    has_wide_head = question.adapted == "qlora" and embedding_dtype(question) == _WIDE
    eager = FP32_HEAD_LOGIT_BYTES if has_wide_head else EAGER_LOGIT_BYTES
    logit = FUSED_LOGIT_BYTES if question.fused_loss else eager
    if question.method == "contrastive":
        logit = 0.0
    freed = (question.gradient_accumulation_steps or 1) == 1
    return Kernels(logit, eager=not question.fused_loss, gradients_freed=freed, steps_fused=False)


def load_of_run(question: TrainingQuestion, resolved: Resolved, teacher: Resolved | None = None) -> Trained:
    """The model's parameters as they are split and trained, to the last one of its stated count, and models beside it.

    Args:    teacher: what a distilled model learns from
    """
    recipe = recipe_of(question.method)
    frozen = sum((teacher if name == TEACHER and teacher else resolved).params for name in kept_beside(question))
    alone = _alone(question, resolved)
    return replace(alone, frozen_beside_params=frozen, trained_beside=len(recipe.also_trained))


def _alone(question: TrainingQuestion, resolved: Resolved) -> Trained:
    """The model that is trained."""
    frozen = question.adapted is not None
    if resolved.stack is None:
        return load_of_params(resolved.params, frozen=frozen)
    adapters = adapters_in(resolved, question.lora_rank, modules_of(question)) if frozen else Adapters(0, 0)
    load = load_of(resolved.stack, adapter_params=adapters.params, adapter_inputs=adapters.inputs, frozen=frozen)
    counted = load.layer_params + load.expert_params + load.embedding_params + load.head_params
    rest = resolved.params - counted
    if load.expert_params:
        return replace(load, expert_params=max(0.0, load.expert_params + rest))
    return replace(load, layer_params=max(0.0, load.layer_params + rest))
