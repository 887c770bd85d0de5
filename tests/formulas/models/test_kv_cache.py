"""What a sequence keeps, against hand-worked and published sizes."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mlquote.formulas.models.kv_cache import (
    attended_flop_per_token,
    cached_elements_per_token,
    state_elements,
)
from mlquote.formulas.models.layers import CompressedAttention, Layers, Stack
from mlquote.formulas.models.shape import filled
from mlquote.formulas.models.sizes import Sizes
from mlquote.formulas.models.stacks import stack_of


def stack(**sizes: object) -> Stack:
    return stack_of(filled(Sizes(**sizes))[0])  # type: ignore[arg-type]  # flat sizes


LLAMA_70B = stack(layers=80, hidden_size=8192, heads=64, kv_heads=8)
DEEPSEEK_V3 = stack(layers=61, hidden_size=7168, heads=128, attention="mla")
GEMMA_27B = {"layers": 62, "hidden_size": 5376, "heads": 32, "kv_heads": 16, "head_dim": 128, "attention": "gqa+swa"}


def test_grouped_heads_keep_their_keys_and_values() -> None:
    # Llama 70B: 2 x 80 layers x 8 heads x 128 x 2 bytes = 327,680 bytes a token
    assert sum(b.count * cached_elements_per_token(b.mixer) for b in LLAMA_70B.blocks) * 2 == 327_680


def test_latent_attention_keeps_one_vector_for_all_heads() -> None:
    # DeepSeek-V3: 61 x (512 + 64) x 2 bytes = 70,272 bytes a token (70 kB in the paper's words)
    assert sum(b.count * cached_elements_per_token(b.mixer) for b in DEEPSEEK_V3.blocks) * 2 == 70_272


def test_compressed_attention_keeps_an_entry_for_so_many_tokens() -> None:
    # DeepSeek-V4: 512 numbers an entry of 128 tokens; with an indexer 512 + 128 an entry of 4; and a window of 128
    base = CompressedAttention(heads=64, head_dim=512, q_lora_rank=1024, o_lora_rank=1024, o_groups=8, window=128)
    heavy = replace(base, ratio=128)
    light = replace(base, ratio=4, index_heads=64, index_head_dim=128, index_entries=512)
    blocks = tuple(Layers(count=1, mixer=mixer, feed=None) for mixer in (base, heavy, light))
    shape = Stack(hidden_size=4096, vocab_size=0, blocks=blocks)
    assert [cached_elements_per_token(block.mixer) for block in blocks] == [0, 512 / 128, (512 + 128) / 4]
    # 4 x 64 x 512 a token attended to: 3 windows, 32 entries, 512 of 1024 picked; the indexer scores all 1024
    assert attended_flop_per_token(shape, 4096) == 4 * 64 * 512 * (3 * 128 + 32 + 512) + 2 * 64 * 128 * 1024


def test_windowed_layers_stop_growing() -> None:
    # Gemma 3 27B: 10 full layers, 52 of window 1024; 4 x 32 x 128 = 16384 FLOP for each token kept
    shape = stack(**GEMMA_27B, full_attention_layers=10, sliding_window=1024)
    assert attended_flop_per_token(shape, 512) == 62 * 16384 * 512
    assert attended_flop_per_token(shape, 8192) == 16384 * (10 * 8192 + 52 * 1024)


def test_a_state_does_not_grow_at_all() -> None:
    # Mamba 2.8B: 64 layers x 5120 channels x 16 = 5,242,880 numbers in 32 bits
    shape = stack(kind="ssm", params=2_768_345_600, layers=64, hidden_size=2560, state_elements_per_layer=5120 * 16)
    assert state_elements(shape) == 64 * 5120 * 16
    assert attended_flop_per_token(shape, 10**6) == 0
    hybrid = stack(layers=32, hidden_size=4096, heads=32, attention="hybrid-linear", state_elements_per_layer=1000)
    assert state_elements(hybrid) == 24 * 1000


def test_generating_attends_to_everything_kept() -> None:
    # 4 x 80 x 8192 FLOP for each token in the cache
    assert attended_flop_per_token(LLAMA_70B, 1000) == 4 * 80 * 8192 * 1000


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_longer_sequence_never_attends_to_less(tokens: int, more: int) -> None:
    shape = stack(**GEMMA_27B, full_attention_layers=10, sliding_window=1024)
    assert attended_flop_per_token(shape, tokens + more) >= attended_flop_per_token(shape, tokens)
