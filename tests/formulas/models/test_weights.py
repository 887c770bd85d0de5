"""Weights of the usual parts, by hand."""

import pytest

from mlquote.formulas.models.weights import (
    again,
    attention,
    block,
    convolution,
    first,
    layer_norm,
    linear,
    lstm,
    meeting,
    mlp,
    once,
    tied,
    when,
    within,
)


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


def test_a_product_costs_two_flop_a_weight_at_each_place() -> None:
    assert linear(3, 5).flop(x=7) == 2 * 7 * 15
    assert convolution(4, 6, 9, groups=2).flop(x=10) == 2 * 10 * 9 * 2 * 6


def test_attention_costs_its_products_and_two_for_each_pair() -> None:
    assert attention(4).flop(x=10) == 2 * (10 * 4 * 16 + 100 * 2 * 4)
    assert attention(4, crossed=True).flop(x=10, m=3) == 2 * (10 * 2 * 16 + 3 * 2 * 16 + 30 * 2 * 4)
    assert meeting(4, window=5).flop(x=10) == 2 * 10 * 5 * 2 * 4


def test_sums_and_multiples_keep_arithmetic_and_parameters() -> None:
    both = 3 * linear(2, 2) + 7 + attention(2) - linear(2, 2)
    assert both == 2 * linear(2, 2) + 7 + attention(2)
    assert both.flop(x=5) == 2 * linear(2, 2).flop(x=5) + attention(2).flop(x=5)


def test_places_are_numbered_and_renamed() -> None:
    crossed = block(4, 8, cross=True).over(x="written", m="read")
    assert crossed.at(read=3).flop(written=5) == crossed.flop(read=3, written=5)
    with pytest.raises(KeyError, match="read"):
        crossed.flop(written=5)


def test_what_is_used_once_or_nowhere_or_twice() -> None:
    assert once(linear(3, 5)).flop() == 2 * 15
    assert when(False, linear(3, 5)) == 0
    assert again(linear(3, 5), 2).flop(x=1) == 2 * linear(3, 5).flop(x=1)
    assert (again(linear(3, 5), 2), tied(3, 5)) == (0, 0)
    assert tied(3, 5).flop(x=2) == linear(3, 5).flop(x=2)


def test_windows_meet_within_themselves() -> None:
    assert within(attention(4), 64, 16).flop() == 2 * (64 * 4 * 16 + 64 * 16 * 2 * 4)


def test_the_first_layer_is_told_apart() -> None:
    stem = first(convolution(3, 8, 4).at(x=9))
    assert (stem + linear(2, 2).at(x=1)).input_flop == stem.flop() == 2 * 9 * 3 * 8 * 4
