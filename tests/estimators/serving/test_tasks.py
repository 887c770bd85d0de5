"""Tasks of whole passes against what was measured, and what they refuse."""

from datetime import datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.task_answer import TaskResult
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Range
from tests.estimators.serving.asking import asked, assumption, codes, detail

IMAGE: dict[str, Any] = {"task": "image", "model": "stable-diffusion-xl", "accelerator": "a100-sxm4-80gb"}
EMBED: dict[str, Any] = {"task": "embed", "model": "bge-large-en-v1.5", "accelerator": "l4"}
SPEECH: dict[str, Any] = {"task": "transcribe", "model": "whisper-large-v3-turbo", "accelerator": "h100-sxm"}


def told(catalog: Snapshot, now: datetime, **fields: Any) -> TaskResult:
    found = asked(catalog, now, **fields).result
    assert isinstance(found, TaskResult)
    return found


def holds(figure: Range | None, measured: float) -> bool:
    assert figure is not None
    return float(figure.low) <= measured <= float(figure.high)


@pytest.mark.parametrize("seconds", [5.933, 5.132, 4.605, 4.102])
def test_an_sdxl_image_takes_what_was_measured(catalog: Snapshot, now: datetime, seconds: float) -> None:
    """50 steps at 1024 pixels on one A100: diffusers 5.9 s to TensorRT 4.1 s (fal-ai/stable-diffusion-benchmarks)."""
    assert holds(told(catalog, now, **IMAGE).seconds_per_image, seconds)


def test_mlperfs_server_is_within_the_range(catalog: Snapshot, now: datetime) -> None:
    """18 images of 20 steps a second on 8 H100 (MLPerf Inference v5.1, The Stage)."""
    asked_for = IMAGE | {"accelerator": "h100-sxm", "accelerator_count": 8, "steps": 20}
    assert holds(told(catalog, now, **asked_for).images_per_s, 18)


@pytest.mark.parametrize("requests_per_s", [0.54, 0.51, 0.43])
def test_embedding_delivers_what_was_measured(catalog: Snapshot, now: datetime, requests_per_s: float) -> None:
    """bge-large on one L4, requests of 256 texts and 115,000 tokens (michaelfeil/infinity)."""
    assert holds(told(catalog, now, **EMBED, input_tokens=449).input_tokens_per_s, 115_000 * requests_per_s)


def test_speech_goes_as_fast_as_was_measured(catalog: Snapshot, now: datetime) -> None:
    """120 s in 0.201 s on one H100: 597 times real time."""
    assert holds(told(catalog, now, **SPEECH, audio_seconds=120).audio_seconds_per_s, 597)


def test_fewer_steps_smaller_images_and_single_passes_are_cheaper(catalog: Snapshot, now: datetime) -> None:
    whole = told(catalog, now, **IMAGE).flop_per_request
    assert told(catalog, now, **IMAGE, steps=25).flop_per_request == pytest.approx(whole / 2)
    assert told(catalog, now, **IMAGE, passes_per_step=1).flop_per_request == pytest.approx(whole / 2)
    assert told(catalog, now, **IMAGE, image_size=512).flop_per_request < whole / 3


def test_a_short_recording_is_filled_up(catalog: Snapshot, now: datetime) -> None:
    """Of 3 s and of 30 s one window is read: the second of the short one costs nearly ten times as much."""
    short, full = (told(catalog, now, **SPEECH, audio_seconds=s) for s in (3, 30))
    assert short.audio_seconds_per_s is not None and full.audio_seconds_per_s is not None
    assert full.audio_seconds_per_s.central / short.audio_seconds_per_s.central == pytest.approx(9.6, rel=0.05)


def test_dollars_follow_from_the_hour(catalog: Snapshot, now: datetime) -> None:
    """$3.60 an hour is $0.001 a second: times the seconds of one image."""
    found = told(catalog, now, **IMAGE, usd_per_accelerator_hour="3.6")
    assert found.usd_per_image is not None and found.seconds_per_image is not None
    assert float(found.usd_per_image.central) == pytest.approx(0.001 * found.seconds_per_image.central, rel=1e-6)


def test_figures_of_other_tasks_are_null(catalog: Snapshot, now: datetime) -> None:
    found = told(catalog, now, **EMBED)
    assert found.images_per_s is None and found.usd_per_audio_hour is None and found.pairs_per_s is None
    assert found.usd_per_mtok is not None and found.usd_per_mtok.output is None


def test_what_was_published_in_32_bits_is_served_in_16(catalog: Snapshot, now: datetime) -> None:
    assert assumption(asked(catalog, now, **EMBED), "weight_dtype").value == "fp16"


def test_fields_of_other_tasks_are_named(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, **EMBED, concurrency=4, steps=20)
    assert "field-not-used" in codes(answer)
    assert detail(answer, "field-not-used") in {
        "concurrency changes nothing: this task generates no tokens one by one",
        "steps changes nothing: no image is made",
    }
    generating = asked(catalog, now, model="llama-3.1-8b", accelerator="h100-sxm", steps=20)
    assert "steps changes nothing: no image is made; give task image" in detail(generating, "field-not-used")


@pytest.mark.parametrize(
    ("fields", "pointer", "hint"),
    [
        (IMAGE | {"model": "llama-3.1-8b"}, "/task", "diffusion"),
        (IMAGE | {"model": "flux.2-dev"}, "/model", "hf_config"),
        (EMBED | {"model": "stable-diffusion-xl"}, "/task", "encoder"),
        (EMBED | {"input_tokens": 0}, "/input_tokens", "1 at least"),
        (SPEECH | {"model": "llama-3.1-8b"}, "/task", "encoder_decoder"),
        (EMBED | {"model": "llama-3.1-70b", "accelerator_count": 1}, "/accelerator_count", "more accelerators"),
    ],
)
def test_the_impossible_is_refused(
    catalog: Snapshot, now: datetime, fields: dict[str, Any], pointer: str, hint: str
) -> None:
    with pytest.raises(OutOfDomain) as refused:
        asked(catalog, now, **fields)
    assert refused.value.faults[0].pointer == pointer and hint in refused.value.faults[0].hint


def test_replicas_keep_up_with_the_rate(catalog: Snapshot, now: datetime) -> None:
    found = told(catalog, now, **IMAGE, requests_per_s=1, accelerator_count=2)
    assert found.replicas_needed is not None and found.layout.replicas == 2
    assert found.replicas_needed.central == 6


def test_a_rate_is_told_as_a_share_of_what_is_delivered(catalog: Snapshot, now: datetime) -> None:
    slow, fast = (told(catalog, now, **EMBED, requests_per_s=rate) for rate in (5, 10))
    assert slow.load_fraction is not None
    assert fast.load_fraction is not None
    assert fast.load_fraction.central == pytest.approx(2 * float(slow.load_fraction.central))
    assert slow.load_fraction.central == pytest.approx(5 / float(slow.requests_per_s.central))


def test_a_distilled_denoiser_takes_fewer_passes_than_the_one_it_was_made_of(catalog: Snapshot, now: datetime) -> None:
    """FLUX.1 schnell: 4 steps of one pass; dev: 50 of one; both are as large."""
    fast, slow = (told(catalog, now, **IMAGE | {"model": name}) for name in ("flux.1-schnell", "flux.1-dev"))
    assert slow.flop_per_request == pytest.approx(fast.flop_per_request * 50 / 4, rel=0.01)
