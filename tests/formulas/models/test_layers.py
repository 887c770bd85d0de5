"""A stack of layers as numbers: how many layers, how wide an embedding."""

from mlquote.formulas.models.layers import Attention, FeedForward, Layers, Stack

ATTENTION = Attention(heads=8, kv_heads=2, head_dim=64)
FEED = FeedForward(size=1024, gated=True)


def stack(**more: int) -> Stack:
    blocks = (
        Layers(count=5, mixer=ATTENTION, feed=FEED),
        Layers(count=1, mixer=Attention(heads=8, kv_heads=2, head_dim=64, window=128), feed=FEED),
    )
    return Stack(hidden_size=512, vocab_size=1000, blocks=blocks, **more)


def test_layers_of_every_sort_are_layers() -> None:
    assert stack().layers == 6


def test_a_layer_that_looks_further_ahead_is_none_of_the_depth() -> None:
    """DeepSeek-V3 counts 61 layers and one that predicts the token after the next (its report, section 4.2)."""
    assert stack(mtp_layers=1).layers == 5


def test_a_narrow_embedding_is_widened_after_the_look_up() -> None:
    """1000 rows of 512, or of 128 (ALBERT, Lan et al. 2019, section 3.1)."""
    assert (stack().embedding_params, stack(embedding_size=128).embedding_params) == (512_000, 128_000)
