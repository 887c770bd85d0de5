"""Weights of the usual parts, by hand."""

from mlquote.formulas.models.weights import attention, block, convolution, layer_norm, linear, lstm, mlp


def test_a_product_and_a_convolution() -> None:
    assert linear(3, 5) == 3 * 5 + 5
    assert convolution(4, 6, 9, groups=2, bias=False) == 9 * 2 * 6


def test_a_gated_feed_forward_has_a_product_more() -> None:
    assert mlp(4, 8, gated=True, bias=False) == 3 * 32
    assert mlp(4, 8) == 32 + 8 + 32 + 4


def test_attention_to_another_width_reads_keys_and_values_there() -> None:
    assert attention(4, memory=6, bias=False) == 2 * 16 + 2 * 24


def test_a_block_of_vit_base_has_seven_million() -> None:
    """12 d^2 + 13 d with d = 768 (Dosovitskiy et al. 2021: 12 of them in 86 million)."""
    assert block(768, 3072) == 12 * 768**2 + 13 * 768 == 7_087_872


def test_heads_rounded_down_are_narrower_than_the_layer() -> None:
    assert block(10, 20, heads=3) == 3 * (10 * 9 + 9) + 90 + 10 + mlp(10, 20) + 2 * layer_norm(10)


def test_a_recurrence_has_four_gates_and_two_biases() -> None:
    assert lstm(2, 3, 2) == 4 * (6 + 9 + 6) + 4 * (18 + 6)
