"""Hours follow from FLOP, peak and efficiency; a given efficiency counts against the peak of its own precision."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.hours import goodput_of, hours_of
from mlquote.formulas.uncertainty import known
from tests.estimators.training.asking import PLAIN, middle, result

up = st.floats(1.0, 100.0)


def test_sparse_and_measured_rates_are_never_the_peak() -> None:
    found = result(**PLAIN, mfu=0.5, goodput_fraction=1)
    assert middle(found.accelerator_hours) == pytest.approx(6e22 / (1000e12 * 0.5 * 3600))


def test_an_mfu_counts_against_the_peak_of_its_own_precision() -> None:
    found = result(**PLAIN, mfu=0.25, goodput_fraction=1, precision="fp8")
    assert middle(found.accelerator_hours) == pytest.approx(6e22 / (2000e12 * 0.25 * 3600))


def test_hours_given_with_a_model_tell_its_mfu() -> None:
    found = result(**PLAIN, accelerator_hours=6e22 / (1000e12 * 0.3 * 3600))
    assert middle(found.mfu) == pytest.approx(0.3)


def test_a_goodput_of_your_own_scales_a_fitted_efficiency() -> None:
    usual, better = result(**PLAIN, accelerator_count=1000), result(**PLAIN, accelerator_count=1000, goodput_fraction=1)
    assert usual.goodput is not None
    ratio = middle(usual.accelerator_hours) / middle(better.accelerator_hours)
    assert ratio == pytest.approx(1 / usual.goodput.goodput_fraction)


def test_an_hfu_counts_recomputation_and_an_mfu_does_not() -> None:
    plain = {**PLAIN, "recompute": "full", "goodput_fraction": 1}
    by_mfu, by_hfu = result(**plain, mfu=0.3), result(**plain, hfu=0.4)
    # 6 N D model FLOP and 8 N D with everything computed again: 0.3 of one is 0.4 of the other
    assert middle(by_hfu.hardware_flop) == pytest.approx(8e22)
    assert middle(by_mfu.accelerator_hours) == pytest.approx(middle(by_hfu.accelerator_hours))
    assert middle(by_hfu.mfu) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("layers", "hidden", "heads", "gpus", "tflops", "days"),
    [
        # Narayanan et al. 2021, table 2: 300e9 tokens, A100; teraFLOP/s against its equation 3 (all recomputed)
        pytest.param(96, 12288, 96, 768, 88, 74, id="175 B, ZeRO-3"),
        pytest.param(96, 12288, 96, 768, 149, 43, id="175 B on 768"),
        pytest.param(96, 12288, 96, 1536, 141, 23, id="175 B on 1536"),
        pytest.param(105, 20480, 128, 1120, 167, 80, id="530 B on 1120"),
    ],
)
def test_narayanans_training_times_within_a_day(
    catalog: Snapshot, layers: int, hidden: int, heads: int, gpus: int, tflops: float, days: float
) -> None:
    found = result(
        catalog, tokens=300e9, sequence_length=2048, accelerator="A100", accelerator_count=gpus, hfu=tflops / 312,
        recompute="full", flop_convention="full_attention", goodput_fraction=1,
        architecture={"layers": layers, "hidden_size": hidden, "heads": heads, "kv_heads": heads,
                      "ffn_size": 4 * hidden, "ffn_gated": False, "vocab_size": 51_200},
    )  # fmt: skip
    assert middle(found.wall_clock_hours) / 24 == pytest.approx(days, abs=1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(up, st.floats(8, 12), st.sampled_from(["h100-sxm", "a100-80gb", "tpu-v4"]), st.sampled_from([8, 512, 4096]))
def test_among_published_runs_too_more_work_never_takes_less(
    catalog: Snapshot, factor: float, decade: float, part: str, count: int
) -> None:
    fields = {"accelerator": part, "accelerator_count": count, "date": "2024-03-01", "grid_zone": "USA"}
    once = result(catalog, params=int(10**decade), tokens=1e12, **fields)
    wider = result(catalog, params=int(10**decade * factor), tokens=1e12, **fields)
    longer = result(catalog, params=int(10**decade), tokens=1e12 * factor, **fields)
    for more in (wider, longer):
        for name in ("training_flop", "accelerator_hours", "energy_kwh", "cost_usd"):
            assert middle(getattr(more, name)) >= middle(getattr(once, name)) * (1 - 1e-9)


def test_failures_come_at_llama_3s_rate() -> None:
    # 419 interruptions in 54 days on 16,384 accelerators: one in 3.09 h
    assert goodput_of(16_384, None).hours_between_interruptions == pytest.approx(54 * 24 / 419, rel=0.01)


def test_twice_the_flop_take_twice_the_hours() -> None:
    # 3.6e18 FLOP at 1e15 FLOP/s and 0.5 are 7200 s
    assert hours_of(known(3.6e18), 1e15, known(0.5)).median == pytest.approx(2)
    assert hours_of(known(7.2e18), 1e15, known(0.5)).median == pytest.approx(4)
