"""Training memory against Megatron-LM, DeepSpeed and the papers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.formulas.models.layers import Stack
from mlquote.formulas.models.shape import filled
from mlquote.formulas.models.sizes import Sizes
from mlquote.formulas.models.stacks import stack_of
from mlquote.formulas.training.layouts import Fitting
from mlquote.formulas.training.memory import (
    EAGER_LOGIT_BYTES,
    OPTIMIZERS,
    FrozenBytes,
    Kernels,
    Parallelism,
    activation_bytes,
    deepspeed_bytes,
    eager_bytes_per_token,
    load_of,
    load_of_params,
    training_memory,
)

GIB = 2**30
ADAM = OPTIMIZERS["adam"]


def stack(**sizes: object) -> Stack:
    return stack_of(filled(Sizes(**sizes))[0])  # type: ignore[arg-type]  # flat sizes


GPT3 = load_of(stack(hidden_size=12288, layers=96, heads=96, ffn_size=49152, ffn_gated=False, vocab_size=51200))
LLAMA_7B = load_of(
    stack(hidden_size=4096, layers=32, heads=32, kv_heads=32, ffn_size=11008, ffn_gated=True, vocab_size=32000)
)
LLAMA_70B = load_of(
    stack(hidden_size=8192, layers=80, heads=64, kv_heads=8, ffn_size=28672, ffn_gated=True, vocab_size=128256)
)
H100 = Fitting(80e9, 4096, 4096, "none", ADAM)


def test_gpt3_on_64_ranks_needs_what_megatron_says() -> None:
    # Megatron-LM theoretical_memory_usage.py, tp 8, pp 8, dp 1, s 2048, b 1: 46.8908 GiB and 9.586 GiB
    layout = Parallelism(tensor_parallel=8, pipeline_parallel=8)
    states = training_memory(GPT3, layout, ADAM)
    assert states.total_bytes / GIB == pytest.approx(46.8908, rel=1e-4)
    kept = activation_bytes(
        GPT3,
        micro_batch_tokens=2048,
        sequence_tokens=2048,
        tensor_parallel=8,
        pipeline_parallel=8,
        recompute="selective",
    )
    assert kept / GIB == pytest.approx(9.586, rel=1e-4)


def test_one_layer_of_a_gpt_keeps_34_bytes_per_channel() -> None:
    # Korthikanti et al. 2022, equation 1: s b h (34 + 5 a s / h)
    assert GPT3.kept_bytes_per_token == 96 * 34 * 12288
    assert GPT3.score_bytes_per_pair == 96 * 5 * 96


def test_stored_scores_grow_with_the_square_of_the_sequence() -> None:
    # 5 a s^2 b L bytes more: 5 x 96 x 2048^2 x 96
    asked = {"micro_batch_tokens": 2048, "sequence_tokens": 2048}
    stored = activation_bytes(GPT3, **asked, kernels=Kernels(attention_fused=False))
    assert stored - activation_bytes(GPT3, **asked) == 5 * 96 * 2048**2 * 96


def test_full_recomputation_keeps_the_input_of_each_layer() -> None:
    # 2 s b h L and one layer's working set s b 34 h; logits and embedding as ever
    kept = activation_bytes(GPT3, micro_batch_tokens=2048, sequence_tokens=2048, recompute="full")
    ends = 2048 * (8 + 12288) + 4 * 2048 * (12288 + 51200)
    assert kept == 2048 * (2 * 12288 * 96 + 34 * 12288) + ends


@pytest.mark.parametrize(
    ("accelerators", "expected"),
    [pytest.param(64, 28638266368, id="8 nodes of 8"), pytest.param(1, 134768312320, id="one")],
)
def test_deepspeeds_estimator_is_reproduced_under_its_name(accelerators: int, expected: int) -> None:
    # DeepSpeed stage_1_and_2.py for Llama-2 7B: 4 P + 16 P / n
    assert deepspeed_bytes(6738415616, accelerators, 2) == expected


def test_zero_shards_one_part_after_the_other() -> None:
    # Rajbhandari et al. 2020: 18 P, 6 P + 12 P / 8, 2 P + 16 P / 8, 18 P / 8
    load = load_of_params(1e9)
    totals = [
        training_memory(load, Parallelism(data_parallel=8, zero_stage=stage), ADAM).total_bytes / 1e9
        for stage in (0, 1, 2, 3)
    ]
    assert totals == [18, 6 + 12 / 8, 2 + 16 / 8, 18 / 8]


def test_the_parts_add_up_and_are_not_their_maximum() -> None:
    # Llama-2 7B, bf16 Adam: 12.55 + 12.55 + 75.3 GiB of weights, gradients, states; a peer prints the largest, 50.2
    states = training_memory(LLAMA_7B, Parallelism(), OPTIMIZERS["adam_bf16_gradients"])
    assert states.total_bytes / GIB == pytest.approx(16 * 6738415616 / GIB)
    assert states.total_bytes / GIB > 100


def test_adapters_train_without_states_of_the_base() -> None:
    # QLoRA: 70e9 x 0.52 bytes = 36.7 GB of weights; 18 bytes for each of 200e6 adapter parameters
    load = load_of_params(70.55e9, adapter_params=2e8, frozen=True)
    memory = training_memory(load, Parallelism(), ADAM, frozen=FrozenBytes(0.52, 0.52))
    assert memory.total_bytes == pytest.approx(70.55e9 * 0.52 + 2e8 * 18)


def test_experts_are_split_over_expert_parallel_ranks() -> None:
    mixture = load_of(stack(**{"layers": 32, "hidden_size": 4096, "heads": 32, "kv_heads": 8, "ffn_size": 14336,
                               "vocab_size": 32000, "experts": 8, "experts_per_token": 2}))  # fmt: skip
    # 8 experts x 3 x 4096 x 14336 x 32 layers = 45.1e9 of 46.7e9 parameters
    assert mixture.expert_params == 8 * 3 * 4096 * 14336 * 32
    spread = training_memory(mixture, Parallelism(data_parallel=8, expert_parallel=8), ADAM)
    assert spread.weights_bytes == 2 * (46702792704 - mixture.expert_params + mixture.expert_params / 8)


def test_qlora_leaves_the_table_and_the_head_as_they_are() -> None:
    # Qwen-7B: 2 x 151,936 x 4,096 parameters at 4 bytes beside 0.52 bytes of every other weight
    qwen = load_of(
        stack(hidden_size=4096, layers=32, heads=32, kv_heads=32, ffn_size=11008, ffn_gated=True, vocab_size=151936),
        frozen=True,
    )
    ends = 2 * 151936 * 4096
    memory = training_memory(qwen, Parallelism(), ADAM, frozen=FrozenBytes(0.52, 4.0))
    assert memory.weights_bytes == pytest.approx(4.0 * ends + 0.52 * qwen.layer_params)
    assert memory.gradients_bytes == memory.optimizer_bytes == 0


def test_logits_of_plain_pytorch_cost_three_times_those_of_a_fused_loss() -> None:
    asked = {"micro_batch_tokens": 2048, "sequence_tokens": 2048, "recompute": "full"}
    eager = activation_bytes(LLAMA_7B, **asked, kernels=Kernels(EAGER_LOGIT_BYTES))  # type: ignore[arg-type]  # a word
    fused = activation_bytes(LLAMA_7B, **asked)  # type: ignore[arg-type]  # a word
    assert eager - fused == 2048 * 32000 * 8


def test_the_peak_is_the_backward_pass_or_the_step_and_never_both() -> None:
    # 1e9 parameters: an unfused Adam holds 4 GB while it steps, beside 18 GB of states
    load, one = load_of_params(1e9), Parallelism()
    plain = Kernels(steps_fused=False)
    assert training_memory(load, one, ADAM, activations_bytes=1e9, kernels=plain).total_bytes == 22e9
    assert training_memory(load, one, ADAM, activations_bytes=5e9, kernels=plain).total_bytes == 23e9
    assert training_memory(load, one, ADAM, activations_bytes=1e9).total_bytes == 19e9


def test_gradients_that_are_freed_come_as_activations_go() -> None:
    # 1e9 parameters in bf16: 6 GB of weights and moments, 2 GB of gradients; these or activations count
    load, states, freed = load_of_params(1e9), OPTIMIZERS["adam_bf16"], Kernels(gradients_freed=True)
    few = training_memory(load, Parallelism(), states, activations_bytes=1e9, kernels=freed)
    many = training_memory(load, Parallelism(), states, activations_bytes=5e9, kernels=freed)
    assert (few.total_bytes, many.total_bytes) == (8e9, 11e9)
    assert (few.shared_bytes, many.shared_bytes) == (1e9, 2e9)
    kept = Parallelism(data_parallel=2, zero_stage=1)
    assert training_memory(load, kept, states, activations_bytes=5e9, kernels=freed).shared_bytes == 0


def test_a_layer_of_plain_pytorch_keeps_what_autograd_needs() -> None:
    # Llama 2 7B: h = q = k = v = 4096, f = 11008; trained 24 h + 8 f, frozen 16 h + 6 f bytes a token and layer
    (block,) = stack(layers=32, hidden_size=4096, heads=32, ffn_size=11008, ffn_gated=True, vocab_size=32000).blocks
    assert eager_bytes_per_token(4096, block, frozen=False) == 24 * 4096 + 8 * 11008
    assert eager_bytes_per_token(4096, block, frozen=True) == 16 * 4096 + 6 * 11008


def test_states_that_are_paged_or_offloaded_stay_with_the_host() -> None:
    load = load_of_params(8e9)
    paged = training_memory(load, Parallelism(), OPTIMIZERS["adam_8bit_paged_in_backward"])
    assert paged.total_bytes == 2 * 8e9
    assert paged.host_bytes == 2 * 8e9
    offloaded = training_memory(load, Parallelism(data_parallel=8, zero_stage=2), OPTIMIZERS["adam_offloaded"])
    assert offloaded.total_bytes == 2 * 8e9 + 2 * 1e9
    assert offloaded.host_bytes == 16 * 1e9


@given(
    st.floats(1e6, 1e13),
    st.floats(0, 1e12),
    st.sampled_from([0, 1, 2, 3]),
    st.sampled_from([1, 2, 8]),
    st.integers(1, 4096),
)
def test_more_parameters_never_need_less_and_more_ranks_never_more(
    params: float, more: float, stage: int, tensor: int, ranks: int
) -> None:
    layout = Parallelism(tensor_parallel=tensor, data_parallel=ranks, zero_stage=stage)  # type: ignore[arg-type]  # 0 to 3
    wider = Parallelism(tensor_parallel=tensor, data_parallel=2 * ranks, zero_stage=stage)  # type: ignore[arg-type]  # 0 to 3
    small = training_memory(load_of_params(params), layout, ADAM).total_bytes
    assert training_memory(load_of_params(params + more), layout, ADAM).total_bytes >= small
    assert training_memory(load_of_params(params), wider, ADAM).total_bytes <= small
