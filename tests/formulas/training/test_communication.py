"""Traffic of a training step: a ring's lower bound, ZeRO's volumes, the rate out of a node."""

import pytest

from mlquote.formulas.training.communication import collective_bytes_per_s, data_parallel_bytes, ring_all_reduce_bytes


@pytest.mark.parametrize(
    ("ranks", "factor"),
    # nccl-tests, doc/PERFORMANCE.md: bus bandwidth of an all-reduce is 2 (n - 1) / n of the algorithm's
    [pytest.param(1, 0.0, id="alone"), pytest.param(2, 1.0, id="two"), pytest.param(8, 1.75, id="eight")],
)
def test_a_ring_sends_each_byte_almost_twice(ranks: int, factor: float) -> None:
    assert ring_all_reduce_bytes(4e9, ranks) == pytest.approx(factor * 4e9)


def test_zero_sends_as_much_until_weights_are_sharded_then_half_as_much_again() -> None:
    # Rajbhandari et al. 2020, section 7: 2 Psi for plain data parallelism and stages 1 and 2, 3 Psi for stage 3
    psi, many = 7.5e9, 10**9
    volumes = [data_parallel_bytes(2 * psi, 2 * psi, many, stage) / (2 * psi) for stage in (0, 1, 2, 3)]
    assert volumes == pytest.approx([2, 2, 2, 3])


def test_gradients_kept_in_fp32_weigh_twice_their_weights() -> None:
    # one billion parameters, 4-byte gradients, 2-byte weights, four ranks: 3/4 x (4 + 2 x 2) GB and 3/2 x 4 GB
    assert data_parallel_bytes(4e9, 2e9, 4, 3) == pytest.approx(6e9)
    assert data_parallel_bytes(4e9, 2e9, 4, 0) == pytest.approx(6e9)
    assert data_parallel_bytes(4e9, 2e9, 4, 1) == pytest.approx(4.5e9)


def test_one_rank_sends_nothing() -> None:
    assert [data_parallel_bytes(4e9, 2e9, 1, stage) for stage in (0, 1, 2, 3)] == [0, 0, 0, 0]


def test_the_cards_of_a_node_carry_a_group_together() -> None:
    # two nodes of eight H100: 8 x 50 GB/s; NCCL 2.20 measured 435 GB/s of bus bandwidth there
    assert collective_bytes_per_s(450e9, 50e9, 8, one_node=False) == pytest.approx(435e9, rel=0.1)
    assert collective_bytes_per_s(450e9, 50e9, 1, one_node=False) == 50e9
    assert collective_bytes_per_s(450e9, 500e9, 8, one_node=False) == 450e9


def test_inside_a_node_the_links_alone_count() -> None:
    assert collective_bytes_per_s(450e9, 50e9, 1, one_node=True) == 450e9
