"""What may be asked of a law of loss: one operation, its variables, and a law by name or by coefficients."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from mlquote.estimators.asking.numbers import a_number
from mlquote.estimators.asking.question import Fraction, Name, NonNegative, Positive, Question
from mlquote.formulas.scaling import parametric

Op = Literal[
    "loss",
    "compute_optimal",
    "compute_for_loss",
    "loss_at_compute",
    "chinchilla_for_params",
    "allocation_exponent",
    "tokens_per_param",
    "tokens_for_loss",
    "inference_optimal",
    "deadweight_compute",
    "data_constrained_loss",
    "data_constrained_optimal",
    "effective_unique_tokens",
    "effective_params",
    "kaplan_joint_loss",
    "power_law_loss",
    "dollars_for_loss",
]


def _word(value: Any) -> Any:
    """An operation as it is compared: no case, no space around it, `_` for `-` and for a space."""
    return value.strip().casefold().replace("-", "_").replace(" ", "_") if isinstance(value, str) else value


class ScalingQuestion(Question):
    """One operation under one law: a catalogue law by name, or coefficients of your own."""

    @model_validator(mode="before")
    @classmethod
    def _one_word(cls, given: Any) -> Any:
        """`op` may be called `problem`, `scheme` or `type`, as elsewhere in this service."""
        if not isinstance(given, Mapping) or "op" in given:
            return given
        named = [field for field in ("problem", "scheme", "type") if field in given]
        if len(named) != 1:
            return given
        return {"op" if field == named[0] else field: value for field, value in given.items()}

    op: Annotated[Op, BeforeValidator(_word)]
    """What is asked: a loss, the best split of a budget, what a loss takes in compute, tokens or dollars."""
    law: Name | None = None
    """A law of the catalogue (scaling_laws); default besiroglu2024, or the one law of the operation's form."""
    coefficients: Mapping[str, float] | None = None
    """Coefficients of your own: E, A, B, alpha, beta (r_d_star, r_n_star; N_c, D_c, alpha_N, alpha_D; x_c, alpha)."""
    N: Positive | None = None
    """Parameters."""
    D: Positive | None = None
    """Training tokens, repeats counted."""
    C: Positive | None = None
    """Training FLOP."""
    x: Positive | None = None
    """What a one-variable power law is a law of: parameters, tokens or PF-days."""
    loss: Positive | None = None
    """Nats per token."""
    loss_from: Positive | None = None
    """Loss today, nats per token."""
    loss_to: Positive | None = None
    """Loss wanted, nats per token."""
    unique_tokens: Positive | None = None
    """Tokens before any repeat."""
    epochs: Annotated[float, BeforeValidator(a_number), Field(ge=1, le=1e6, allow_inf_nan=False)] | None = None
    """Passes over the same tokens."""
    weight_bits: Positive | None = None
    """Bits of each weight."""
    activation_bits: Positive | None = None
    """Bits of each activation."""
    cache_bits: Positive | None = None
    """Bits of each number in the KV cache."""
    inference_tokens: NonNegative | None = None
    """Tokens read and written over the model's life."""
    flops_per_param_token: Positive | None = None
    """Training FLOP per parameter and token; default: as each law counts them, 6 by convention."""
    inference_flops_per_param_token: Positive = parametric.INFERENCE_FLOP_PER_PARAM_TOKEN
    """Inference FLOP per parameter and token."""
    peak_flops: Positive | None = None
    """Dense peak of one accelerator, FLOP/s."""
    mfu: Fraction | None = None
    """Share of that peak reached."""
    usd_per_gpu_hour: Positive | None = None
    """Price of one accelerator-hour, dollars."""
