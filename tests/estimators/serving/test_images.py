"""Images in a prompt: tokens by the family's rule, the encoder's pass, and what is said where nobody knows."""

from datetime import datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.images import BETWEEN, encoder_of, family_of
from mlquote.kit.errors import OutOfDomain
from tests.estimators.serving.asking import LLAMA, asked, assumption, central, codes, detail, result, rows

QWEN: dict[str, Any] = {
    "model": "qwen2.5-vl-7b", "accelerator": "h100-sxm", "accelerator_count": 1, "concurrency": 8, "engine": "vllm",
    "input_tokens": 100, "output_tokens": 200,
}  # fmt: skip
GEMMA = QWEN | {"model": "gemma-3-27b"}


def test_an_image_is_prompt_tokens_by_its_familys_rule(catalog: Snapshot, now: datetime) -> None:
    """1280 x 720 in units of 28 pixels: 46 x 26 = 1,196 tokens, as many as if they were text."""
    pictured = asked(catalog, now, **QWEN, images=1, image_size=1280, image_height=720)
    told = asked(catalog, now, **(QWEN | {"input_tokens": 100 + 1196}))
    assert assumption(pictured, "image_tokens").value == 1196
    assert rows(pictured, "image_rules") == ["qwen2.5-vl"]
    held = (each.result.memory.kv_bytes_per_sequence for each in (pictured, told))
    assert next(held) == next(held)
    assert central(pictured.result.ttft_ms) > central(told.result.ttft_ms)  # the encoder's pass comes on top


def test_the_encoders_pass_is_prompt_work(catalog: Snapshot, now: datetime) -> None:
    """4,784 patches of 1280 x 720 through 32 layers of 1280: 6.54e12 FLOP, beside 1,296 tokens of the model."""
    pictured = asked(catalog, now, **QWEN, images=1, image_size=1280, image_height=720)
    told = asked(catalog, now, **(QWEN | {"input_tokens": 100 + 1196}))
    extra = pictured.result.flop_per_request.prefill - told.result.flop_per_request.prefill
    assert extra == pytest.approx(assumption(pictured, "image_encoding_flop").value, rel=1e-9)
    assert extra == pytest.approx(6.54e12, rel=1e-3)


def test_two_images_are_twice_one(catalog: Snapshot, now: datetime) -> None:
    lengths = [result(catalog, now, **QWEN, images=images).memory.kv_bytes_per_sequence for images in (0, 1, 2)]
    assert lengths[2] - lengths[1] == pytest.approx(lengths[1] - lengths[0])
    assert lengths[1] > lengths[0]


def test_a_cached_image_is_not_encoded_again(catalog: Snapshot, now: datetime) -> None:
    flop = [
        result(catalog, now, **GEMMA, images=1, prefix_cache_hit_fraction=hits).flop_per_request.prefill
        for hits in (0.0, 1.0)
    ]
    assert flop[0] > flop[1] == 0.0


def test_a_size_that_nobody_gives_is_said(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, **QWEN, images=1)
    assert assumption(answer, "image_size").value == 1024
    assert assumption(answer, "image_tokens").value == 1369
    assert "prompt_image_px" in rows(answer, "defaults")


def test_a_fixed_family_says_that_size_changes_nothing(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, **GEMMA, images=1, image_size=99)
    assert assumption(answer, "image_tokens").value == 256
    assert "image_size" in detail(answer, "field-not-used")


def test_tokens_that_are_given_count_and_the_encoder_reads_as_many_patches(catalog: Snapshot, now: datetime) -> None:
    """300 tokens of Qwen2.5-VL are 1,200 patches."""
    given, ruled = (asked(catalog, now, **QWEN, images=1, **each) for each in ({"image_tokens": 300}, {}))
    share = assumption(given, "image_encoding_flop").value / assumption(ruled, "image_encoding_flop").value
    assert 1200 / 5476 * 0.8 < share < 1200 / 5476
    assert not [each for each in given.assumptions if each.name == "image_tokens"]


def test_a_model_whose_rule_nobody_knows_counts_no_image_and_says_so(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, **LLAMA, images=2)
    assert "image-tokens-unknown" in codes(answer)
    assert answer.result.memory.kv_bytes_per_sequence == result(catalog, now, **LLAMA).memory.kv_bytes_per_sequence
    told = asked(catalog, now, **LLAMA, images=2, image_tokens=500)
    assert {"image-encoder-unknown"} <= codes(told) and "image-tokens-unknown" not in codes(told)
    assert told.result.memory.kv_bytes_per_sequence > answer.result.memory.kv_bytes_per_sequence


def test_no_run_with_images_was_measured(catalog: Snapshot, now: datetime) -> None:
    bare, pictured = asked(catalog, now, **QWEN), asked(catalog, now, **QWEN, images=1)
    assert "no-measured-runs" in codes(pictured) - codes(bare)
    done = [each.result.output_tokens_per_s for each in (bare, pictured)]
    widths = [float(each.high / each.low) for each in done]
    assert widths[1] > widths[0]


def test_a_config_is_known_by_its_type(catalog: Snapshot) -> None:
    found = family_of("", {"model_type": "qwen2_5_vl"}, catalog)
    assert found is not None and found.family == "qwen2.5-vl"
    assert family_of("", {"model_type": "llama"}, catalog) is None


def test_an_api_counts_images_by_a_rule_of_its_own(catalog: Snapshot, now: datetime) -> None:
    against = {"against_provider": "openai", "against_model": "gpt-4o-mini"}
    assert "images-as-tokens" in codes(asked(catalog, now, **QWEN, **against, images=1))
    assert "images-as-tokens" not in codes(asked(catalog, now, **QWEN, **against))


def test_an_image_too_oblong_for_any_processor_is_refused(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(OutOfDomain, match="oblong"):
        asked(catalog, now, **QWEN, images=1, image_size=32, image_height=9000)


def test_sizes_without_images_are_named(catalog: Snapshot, now: datetime) -> None:
    for field in ("image_size", "image_height", "image_tokens"):
        assert field in detail(asked(catalog, now, **QWEN, **{field: 640}), "field-not-used")


def test_an_encoder_holds_no_more_than_the_model(catalog: Snapshot) -> None:
    """Its weights are in the model's published parameters, or beside them: 0.03 to 0.7 billion."""
    for row in catalog.rows("image_rules"):
        encoder = encoder_of(row)
        if encoder is None:
            continue
        assert 1e8 < encoder.params < 7e8, row.family
        assert encoder.full_layers == encoder.layers or encoder.window_patches


def test_a_model_stands_in_one_family(catalog: Snapshot) -> None:
    for column in ("models", "config_types"):
        names = [name for row in catalog.rows("image_rules") for name in getattr(row, column).split(BETWEEN) if name]
        assert len(names) == len(set(names))


def test_no_token_reads_the_encoder_and_the_memory_holds_it(catalog: Snapshot, now: datetime) -> None:
    """Gemma 3 4B: 4.300 billion, 0.420 of them in SigLIP and its projection; 3.880 are multiplied with a token."""
    answer = asked(catalog, now, **(GEMMA | {"model": "gemma-3-4b", "input_tokens": 0, "output_tokens": 1}))
    over = assumption(answer, "image_encoder_params").value
    assert over == pytest.approx(0.42e9, rel=0.01)
    assert answer.result.memory.weights_bytes == pytest.approx(2 * 4_300_079_472)
    assert answer.result.flop_per_request.decode == pytest.approx(2 * (4_300_079_472 - over), rel=0.001)


@pytest.mark.parametrize("model", ["llama-3.1-8b", "gemma-3n-e4b", "qwen3-vl-30b-a3b", "ministral-3-8b"])
def test_a_model_without_an_encoder_in_its_count_reads_all_of_it(catalog: Snapshot, now: datetime, model: str) -> None:
    found = asked(catalog, now, **(QWEN | {"model": model}))
    assert not [each for each in found.assumptions if each.name == "image_encoder_params"]
