"""The model that is served, as the formulas of serving see it."""

from functools import lru_cache

from mlquote.estimators.models.resolved import Resolved
from mlquote.formulas.models.kv_cache import cached_elements_per_token, state_elements
from mlquote.formulas.models.layers import Attention, LatentAttention, Recurrence, Stack
from mlquote.formulas.serving.load import Served
from mlquote.kit.errors import OutOfDomain

GENERATES = frozenset({"transformer", "ssm", "encoder_decoder"})
"""Kinds of model that make tokens one by one."""


@lru_cache(maxsize=1024)
def served_of(model: Resolved) -> Served:
    """The model as the formulas see it.

    Raises:  OutOfDomain where it has no decoder layers to count
    """
    stack = model.stack
    if stack is None or model.image is not None or model.kind not in GENERATES:
        hint = "give a decoder: a catalogue model, params, architecture or hf_config"
        raise OutOfDomain(f"{model.kind} models do not generate tokens one by one", pointer="/architecture", hint=hint)
    full, windowed, window = _cached(stack)
    recurrence = next((b.mixer for b in stack.blocks if isinstance(b.mixer, Recurrence)), None)
    latent = any(isinstance(b.mixer, LatentAttention) for b in stack.blocks)
    heads = max((b.mixer.kv_heads for b in stack.blocks if isinstance(b.mixer, Attention)), default=1)
    experts = model.sizes.experts or 0
    return Served(
        params=float(model.params),
        active_params=float(model.active_params),
        table_params=float(stack.embedding_params * (1 if stack.tied_embeddings or not stack.has_head else 2)),
        layers=float(stack.layers),
        hidden_size=float(stack.hidden_size),
        kv_heads=1.0 if latent else float(heads),
        full_layers=float(_full_layers(stack)),
        full_elements_per_token=full,
        window_elements_per_token=windowed,
        window=window,
        state_elements=float(state_elements(stack)),
        experts=float(experts) if model.mixture else 0.0,
        experts_per_token=float(model.sizes.experts_per_token or 0) if model.mixture else 0.0,
        latent=latent,
        recurrent=recurrence.kind if recurrence else "",
    )


def _cached(stack: Stack) -> tuple[float, float, float]:
    """(elements per token of full layers, of windowed ones, their window)."""
    full = windowed = window = 0.0
    for block in stack.blocks:
        each = block.count * cached_elements_per_token(block.mixer)
        if isinstance(block.mixer, Attention) and block.mixer.window:
            windowed, window = windowed + each, float(block.mixer.window)
        else:
            full += each
    return full, windowed, window


def _full_layers(stack: Stack) -> int:
    whole = (b for b in stack.blocks if isinstance(b.mixer, Attention | LatentAttention))
    return sum(b.count for b in whole if not (isinstance(b.mixer, Attention) and b.mixer.window))
