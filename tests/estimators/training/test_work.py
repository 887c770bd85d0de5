"""Training FLOP as the service answers it: the oracle's cases asked as questions."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.errors import Malformed, OutOfDomain, QuoteError
from mlquote.kit.provenance import Range
from tests.estimators.training.asking import asked, codes, middle, result

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("training_flop.json").read_text())


def answer(catalog: Snapshot, now: datetime, **asked: Any) -> Any:
    question = TrainingQuestion.model_validate({"accelerator": "h100-sxm5-80gb"} | asked)
    return training_estimate(question, catalog, now)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_answer_gives_the_published_figure(catalog: Snapshot, now: datetime, case: dict[str, Any]) -> None:
    result = answer(catalog, now, **case["question"]).result
    for name, value in case["expected"].items():
        found = getattr(result, name)
        found = getattr(found, "central", found)
        assert found == pytest.approx(value, rel=case["rel_tol"]), name


def test_the_convention_is_named_in_the_answer(catalog: Snapshot, now: datetime) -> None:
    said = {a.name: a for a in answer(catalog, now, model="llama-3.1-8b", tokens=1e9).assumptions}
    assert said["flop_convention"].value == "causal"
    assert "attention at 1/2" in said["flop_convention"].why
    assert said["sequence_length"].value == 8192


def test_the_terms_of_the_count_are_published(catalog: Snapshot, now: datetime) -> None:
    # Llama 3 8B at 8192: 32 x 2 x (2 x 4096 (4096 + 1024)) projections, 32 x 2 x 8192 x 4096 attention, 3 x 14336 h ...
    parts = answer(catalog, now, model="llama-3.1-8b", tokens=1e9).result.flop_breakdown
    assert parts.forward_flop_by_term == {
        "projections": 32 * 2 * 2 * 4096 * (4096 + 1024),
        "attention": 32 * 2 * 8192 * 4096,
        "feed_forward": 32 * 2 * 3 * 4096 * 14336,
        "logits": 2 * 4096 * 128256,
    }
    assert parts.training_flop_per_unit == 3 * sum(parts.forward_flop_by_term.values())


def test_attention_left_out_of_a_long_context_is_said(catalog: Snapshot, now: datetime) -> None:
    # Llama 3 8B at 131k: exact FLOP are 3.07 times 6 N D; parameters alone cannot say more than "about"
    codes = {w.code for w in answer(catalog, now, params=8e9, tokens=1e9, sequence_length=131072).warnings}
    assert "attention-left-out" in codes
    short = {w.code for w in answer(catalog, now, params=70e9, tokens=1e9, sequence_length=2048).warnings}
    assert "attention-left-out" not in short


def test_document_lengths_may_be_spelt_with_commas(catalog: Snapshot, now: datetime) -> None:
    asked = {"model": "llama-3.1-8b", "tokens": 8192}
    listed = answer(catalog, now, **asked, document_lengths=[2048] * 4).result
    assert answer(catalog, now, **asked, document_lengths="2048,2048,2048,2048").result == listed


def test_recomputation_is_hardware_flop_only(catalog: Snapshot, now: datetime) -> None:
    plain = answer(catalog, now, model="llama-3.1-8b", tokens=1e9).result
    again = answer(catalog, now, model="llama-3.1-8b", tokens=1e9, recompute="full").result
    assert again.training_flop == plain.training_flop
    assert again.hardware_flop.central > plain.hardware_flop.central == plain.training_flop.central


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        pytest.param({"model": "resnet-50", "tokens": 1e9}, "/tokens", id="tokens of a CNN"),
        pytest.param({"model": "resnet-50"}, "/samples", id="no images"),
        pytest.param({"model": "seer-1.3b", "samples": 1e9}, "/model", id="layers unknown"),
        pytest.param({"model": "resnet-50", "samples": 1, "tokens": 1}, "/samples", id="both"),
        pytest.param(
            {"architecture": {"kind": "cnn", "conv_layers": [{"kind": "conv"}]}, "samples": 1},
            "/architecture/conv_layers/0/out_channels",
            id="a layer without outputs",
        ),
        pytest.param(
            {"architecture": {"kind": "cnn", "conv_layers": [{"out_channels": 8, "groups": 5}]}, "samples": 1},
            "/architecture/conv_layers/0/groups",
            id="groups that do not divide",
        ),
        pytest.param(
            {
                "architecture": {
                    "kind": "cnn",
                    "image_size": 8,
                    "conv_layers": [{"out_channels": 8, "kernel_size": 9, "padding": 0}],
                },
                "samples": 1,
            },
            "/architecture/conv_layers/0",
            id="nothing left of the image",
        ),
        pytest.param(
            {"model": "vit-b-16", "architecture": {"patch_size": 512}, "samples": 1},
            "/architecture/patch_size",
            id="a patch larger than the image",
        ),
        pytest.param(
            {"model": "resnet-50", "architecture": {"image_size": 8}, "samples": 1},
            "/architecture/image_size",
            id="an image too small",
        ),
    ],
)
def test_an_image_model_that_cannot_be_counted_says_where(
    catalog: Snapshot, now: datetime, asked: dict[str, Any], pointer: str
) -> None:
    with pytest.raises((Malformed, OutOfDomain)) as refused:
        answer(catalog, now, **asked)
    assert refused.value.faults[0].pointer == pointer


def test_a_layer_list_is_counted_layer_by_layer(catalog: Snapshot, now: datetime) -> None:
    # LeNet-like, 28 x 28: 5 x 5 x 3 x 6 = 450 weights at 28 x 28; pool to 14; 14 x 14 x 6 = 1176 inputs to 10 outputs
    layers = [
        {"out_channels": 6, "kernel_size": 5, "bias": True, "norm": False},
        {"kind": "pool", "kernel_size": 2, "stride": 2},
        {"kind": "linear", "out_channels": 10, "bias": True},
    ]
    asked = {"architecture": {"kind": "cnn", "image_size": 28, "conv_layers": layers}, "samples": 1000}
    result = answer(catalog, now, **asked).result
    first, last = 450 * 28 * 28, 1176 * 10
    assert result.params == 450 + 6 + 11760 + 10
    assert result.training_flop.central == 1000 * (6 * (first + last) - 2 * first)


def test_a_count_of_your_own_is_taken(catalog: Snapshot, now: datetime) -> None:
    asked = {"architecture": {"kind": "diffusion", "params": 10**9, "forward_flop_per_sample": 1e12}, "samples": 1e6}
    assert answer(catalog, now, **asked).result.training_flop.central == 3e18


def test_hours_given_need_only_the_accelerator() -> None:
    answer = asked(accelerator="a1", accelerator_hours=1000)
    assert answer.result.training_flop is None
    assert answer.result.mfu is None
    assert answer.result.accelerator_hours == Range(1000.0, 1000.0, 1000.0)
    assert middle(answer.result.energy_kwh) == pytest.approx(1000 * 0.6 * 1.1)
    assert "flop-unknown" in codes(answer)


def test_hours_given_answer_a_model_whose_flop_nobody_can_count() -> None:
    answer = asked(accelerator="a1", accelerator_hours=1000, architecture={"kind": "diffusion"})
    assert answer.result.training_flop is None
    assert middle(answer.result.energy_kwh) == pytest.approx(1000 * 0.6 * 1.1)
    assert "flop-unknown" in codes(answer)


@pytest.mark.parametrize("sizes", [{}, {"kind": "transformer"}, {"layers": 32}, {"kind": "cnn"}])
def test_hours_or_flop_given_answer_for_a_model_half_said(sizes: dict[str, Any]) -> None:
    by_hours = asked(accelerator="a1", accelerator_hours=1000, architecture=sizes, sequence_length=2048)
    assert by_hours.result.training_flop is None
    assert "flop-unknown" in codes(by_hours)
    by_flop = result(accelerator="a1", training_flop=6e22, architecture=sizes, mfu=0.5, goodput_fraction=1)
    assert middle(by_flop.accelerator_hours) == pytest.approx(6e22 / (1000e12 * 0.5 * 3600))


def test_sizes_that_contradict_each_other_are_refused_though_hours_are_given() -> None:
    with pytest.raises(QuoteError):
        asked(accelerator="a1", accelerator_hours=1000, params=10, architecture={"layers": 32, "hidden_size": 4096})


@pytest.mark.parametrize("epochs", [1.0, 3.0])
def test_tokens_beside_flop_of_no_model_are_seen_once_an_epoch(epochs: float) -> None:
    found = result(accelerator="a1", training_flop=6e22, tokens=1e12, epochs=epochs, mfu=0.5, goodput_fraction=1)
    ratio = middle(found.emissions_kgco2e.total) / middle(found.sci_kgco2e_per_mtok)
    assert ratio == pytest.approx(epochs * 1e6)  # millions of tokens
