"""Hybrid decoders: mixers by hand, layers where their config says, blocks stored once."""

from typing import Any

from mlquote.estimators.models.hugging_face.config import read_config
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.estimators.models.hugging_face.hybrids import kimi_delta, mamba1_mixer, mamba2_mixer
from mlquote.formulas.models.kv_cache import cached_elements_per_token, state_elements
from mlquote.formulas.models.layers import Attention, Recurrence, Stack


def stack_of(config: dict[str, Any]) -> Stack:
    stack = read_config(config).stack
    assert stack is not None
    return stack


def test_mamba_by_hand() -> None:
    """2 h m + m (t + 2 s) + t m + m h, and m (k + 1 + 1 + s + 1) beside; h 4, m 8, s 2, t 1, k 4."""
    mixer = mamba1_mixer(Fields({"state_size": 2}), 4, 8)
    assert (mixer.matmul_params, mixer.other_params) == (64 + 8 * 5 + 8 + 32, 8 * (5 + 1 + 2 + 1))


def test_mamba_2_by_hand() -> None:
    """h (2 m + 2 g s + heads) + m h; (m + 2 g s) (k + 1) + 3 heads + m."""
    mixer = mamba2_mixer(Fields({"n_groups": 1}), 4, inner=8, heads=2, state=3)
    assert (mixer.matmul_params, mixer.other_params) == (4 * (16 + 6 + 2) + 32, 14 * 5 + 6 + 8)


def test_delta_attention_keeps_a_square_a_head() -> None:
    mixer = kimi_delta(Fields({"linear_num_heads": 2, "linear_head_dim": 4}), 6, low_rank=True)
    assert mixer.state_elements == 2 * 4 * 4
    assert mixer.matmul_params == 4 * 6 * 8 + 2 * (6 * 4 + 4 * 8) + 6 * 2


def test_jamba_keeps_keys_in_one_layer_of_eight() -> None:
    stack = stack_of({"model_type": "jamba"})
    attends = sum(b.count for b in stack.blocks if isinstance(b.mixer, Attention))
    assert (attends, stack.layers) == (4, 32)
    assert state_elements(stack) == 28 * 8192 * 16


def test_falcon_h1_has_both_mixers_in_every_layer() -> None:
    stack = stack_of({"model_type": "falcon_h1", "num_hidden_layers": 3})
    assert stack.layers == 3
    assert [b.count for b in stack.blocks if isinstance(b.mixer, Recurrence)] == [3]


def test_a_shared_block_is_stored_once_and_run_at_each_place() -> None:
    """Zamba: one more hybrid layer adds its product of h x h, not a block more."""
    kinds = ["linear_attention", "hybrid"]
    config = {"model_type": "zamba", "num_hidden_layers": 2, "layers_block_type": kinds}
    two = read_config(config | {"layers_block_type": ["hybrid", "hybrid"]}).params
    assert two - read_config(config).params == 3712**2


def test_values_smaller_than_keys_are_cached_at_their_size() -> None:
    """MiMo-V2: 4 heads of keys of 192 and values of 128."""
    stack = stack_of({"model_type": "mimo_v2_flash"})
    full = next(b.mixer for b in stack.blocks if isinstance(b.mixer, Attention) and not b.mixer.window)
    assert cached_elements_per_token(full) == 4 * (192 + 128)
