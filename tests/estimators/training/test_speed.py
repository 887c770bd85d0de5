"""A measured speed gives hours exactly, tells the MFU, and contradicts every other way to say how fast."""

from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import Malformed
from tests.estimators.training.asking import PLAIN, asked, codes, middle, result


def test_tokens_per_second_give_hours_exactly_and_tell_the_mfu() -> None:
    # 1e12 tokens at 5,000/s: 2e8 s; 6e10 FLOP a token x 5,000/s of 1e15 FLOP/s
    found = result(**PLAIN, tokens_per_s_per_accelerator=5000)
    assert (found.accelerator_hours.low, found.accelerator_hours.high) == (2e8 / 3600, 2e8 / 3600)
    assert middle(found.mfu) == pytest.approx(0.3)


def test_a_step_gives_tokens_per_second_of_each_accelerator() -> None:
    # 4e6 tokens in 8 s on 100: 5,000/s each; 250,000 steps of 8 s are 555.6 h on the wall
    found = result(**PLAIN, step_s=8, batch_tokens=4e6, accelerator_count=100)
    assert middle(found.accelerator_hours) == pytest.approx(2e8 / 3600)
    assert middle(found.wall_clock_hours) == pytest.approx(250_000 * 8 / 3600)


def test_tflop_per_second_are_model_flop_whatever_is_recomputed() -> None:
    found = result(**PLAIN, tflop_per_s_per_accelerator=400, recompute="full")
    assert middle(found.accelerator_hours) == pytest.approx(6e22 / 4e14 / 3600)
    assert middle(found.mfu) == pytest.approx(0.4)


def test_goodput_lengthens_the_hours_of_a_measured_speed() -> None:
    plain, slower = (
        result(**PLAIN, tokens_per_s_per_accelerator=5000, **more) for more in ({}, {"goodput_fraction": 0.8})
    )
    assert middle(slower.accelerator_hours) == pytest.approx(middle(plain.accelerator_hours) / 0.8)


def test_a_speed_of_tokens_needs_no_model() -> None:
    answer = asked(accelerator="a1", tokens=1e9, tokens_per_s_per_accelerator=5000)
    assert middle(answer.result.accelerator_hours) == pytest.approx(1e9 / 5000 / 3600)
    assert answer.result.mfu is None
    assert "flop-unknown" in codes(answer)


def test_published_speeds_give_published_hours(catalog: Snapshot) -> None:
    """torchtune README: Llama 3.1 8B LoRA on an RTX 4090 at 3,083 tokens/s: 1e8 tokens in 9.0 h."""
    found = result(
        catalog, model="llama-3.1-8b", tokens=1e8, sequence_length=2048, method="lora", accelerator="rtx-4090",
        accelerator_count=1, tokens_per_s_per_accelerator=3083,
    )  # fmt: skip
    assert middle(found.accelerator_hours) == pytest.approx(9.0, rel=0.01)


def test_a_speed_beyond_the_peak_is_told() -> None:
    assert "mfu-above-reachable" in codes(asked(**PLAIN, tokens_per_s_per_accelerator=50_000))
    assert "mfu-above-reachable" in codes(asked(**PLAIN, tflop_per_s_per_accelerator=1200))


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"tokens_per_s_per_accelerator": 5000, "mfu": 0.3}, "/mfu"),
        ({"tflop_per_s_per_accelerator": 400, "hfu": 0.3}, "/hfu"),
        ({"tokens_per_s_per_accelerator": 5000, "tflop_per_s_per_accelerator": 400}, "/tflop_per_s_per_accelerator"),
        ({"step_s": 8, "accelerator_count": 8}, "/batch_tokens"),
        ({"step_s": 8, "batch_tokens": 4e6}, "/accelerator_count"),
    ],
)
def test_contradictions_and_halves_are_refused(fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Malformed) as refused:
        asked(**PLAIN, **fields)
    assert refused.value.faults[0].pointer == pointer


def test_a_speed_of_tokens_needs_tokens() -> None:
    with pytest.raises(Malformed, match="tokens"):
        asked(accelerator="a1", training_flop=1e21, tokens_per_s_per_accelerator=5000)


def test_hours_given_come_before_a_speed_and_say_so() -> None:
    answer = asked(**PLAIN, accelerator_hours=1000, step_s=3)
    assert middle(answer.result.accelerator_hours) == 1000
    assert any(w.code == "efficiency-not-used" and "step_s" in w.detail for w in answer.warnings)
