"""The efficiency rule: factors to the power of their terms, and published runs pulling what is near them."""

from dataclasses import replace
from math import exp, log, sqrt

import pytest

from mlquote.formulas.training.efficiency import Job, Kernel, Neighbours, efficiency_terms, fitted_mfu, reachable_mfu

JOB = Job("hopper", "transformer", "bf16", "pretrain", 1e10, 300.0, 1e12, 2023.0)
KERNEL = Kernel(
    scales={"params": 1.0, "tokens": 1.0, "count": 1.0, "year": 1.0},
    penalties={"hardware": 2.0, "kind": 4.0, "architecture": 2.0, "precision": 1.0},
    signal=0.3,
    noise=0.4,
)


def test_the_reference_job_has_only_its_classes() -> None:
    assert {name: value for name, value in efficiency_terms(JOB).items() if value} == {
        "base": 1.0,
        "hardware:hopper": 1.0,
    }


def test_sizes_count_in_decades_and_time_in_years() -> None:
    terms = efficiency_terms(replace(JOB, params=1e12, accelerator_count=3000.0, year=2025.5))
    assert terms["params:per_decade"] == pytest.approx(2.0)
    assert terms["count:per_decade"] == pytest.approx(1.0)
    assert terms["year:per_year"] == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("change", "term"),
    [
        ({"kind": "benchmark"}, "kind:benchmark"),
        ({"precision": "fp8"}, "precision:8bit"),
        ({"precision": "tf32"}, "precision:32bit"),
        ({"architecture": "moe"}, "architecture:moe"),
        ({"accelerator_count": 8.0}, "count:one_node"),
        ({"accelerator_count": None}, "count:unsaid"),
    ],
    ids=str,
)
def test_a_job_is_in_the_classes_it_is_in(change: dict[str, object], term: str) -> None:
    assert efficiency_terms(replace(JOB, **change))[term] == 1.0  # type: ignore[arg-type]


def test_factors_multiply_as_often_as_their_term_says() -> None:
    factors = {"base": 0.3, "hardware:hopper": 0.9, "params:per_decade": 1.1}
    terms = {"base": 1.0, "hardware:hopper": 1.0, "params:per_decade": 2.0, "never:fitted": 1.0}
    assert fitted_mfu(factors, terms) == pytest.approx(0.3 * 0.9 * 1.21)


def test_a_small_mfu_is_left_alone_and_a_great_one_stays_below_its_ceiling() -> None:
    assert reachable_mfu(0.3, 0.9) == pytest.approx(0.3, rel=1e-3)
    assert reachable_mfu(5.0, 0.9) < 0.9
    assert reachable_mfu(0.9, 0.9) == pytest.approx(0.9 / 2 ** (1 / 6))


def test_one_published_run_pulls_its_like_by_signal_over_signal_plus_noise() -> None:
    # simple kriging with one datum: r* = s^2 / (s^2 + n^2) r = 0.09 / 0.25 x 0.5 = 0.18
    neighbours = Neighbours([JOB], [0.5], KERNEL)
    mean, sd, like = neighbours.expected(JOB)
    assert mean == pytest.approx(0.18)
    # s*^2 = 0.09 + 0.16 - 0.09^2 / 0.25
    assert sd == pytest.approx(sqrt(0.25 - 0.0081 / 0.25))
    assert like[0] == pytest.approx(0.09)


def test_likeness_falls_with_distance_and_difference() -> None:
    # two decades apart in size: exp(-4/2); another class of hardware: exp(-2/2)
    far = replace(JOB, params=1e12)
    other = replace(JOB, hardware="tpu")
    neighbours = Neighbours([far, other], [0.0, 0.0], KERNEL)
    _, _, like = neighbours.expected(JOB)
    assert like[0] == pytest.approx(0.09 * exp(-2))
    assert like[1] == pytest.approx(0.09 * exp(-1))


def test_a_job_unlike_any_keeps_the_factors_and_the_widest_range() -> None:
    stranger = Job("other", "ssm", "fp32", "rl", 1e15, 1.0, 1e3, 1990.0)
    mean, sd, _ = Neighbours([JOB], [0.5], KERNEL).expected(stranger)
    assert mean == pytest.approx(0.0, abs=1e-9)
    assert sd == pytest.approx(0.5)  # sqrt(0.09 + 0.16)


def test_without_published_runs_there_is_only_doubt() -> None:
    mean, sd, like = Neighbours([], [], KERNEL).expected(JOB)
    assert (mean, sd, len(like)) == (0.0, pytest.approx(0.5), 0)


def test_two_that_agree_pull_more_than_one() -> None:
    one, _, _ = Neighbours([JOB], [log(1.5)], KERNEL).expected(JOB)
    two, _, _ = Neighbours([JOB, JOB], [log(1.5), log(1.5)], KERNEL).expected(JOB)
    assert two > one
