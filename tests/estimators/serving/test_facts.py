"""Facts of a serving question: names, defaults and the part, each look-up said."""

from datetime import datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.serving.facts import facts_of
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.kit.errors import Malformed, UnknownName
from tests.estimators.serving.asking import LLAMA, NOW, asked, assumption, central, codes, rows


def test_accepting_drafts_of_nothing_is_a_contradiction(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(Malformed):
        asked(catalog, now, **LLAMA, acceptance_fraction=0.5)


def test_an_unknown_part_names_the_nearest(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(UnknownName) as refused:
        asked(catalog, now, model="llama-3.1-8b", accelerator="h100-sxn")
    assert "h100" in refused.value.faults[0].hint.casefold()


def test_a_name_of_ones_own_is_a_label_beside_the_sizes(catalog: Snapshot, now: datetime) -> None:
    sizes = {"params": 8e9, "layers": 32, "hidden_size": 4096, "kv_heads": 8, "head_dim": 128}
    named = asked(catalog, now, model="our-own-8b", architecture=sizes, accelerator="h100", concurrency=4)
    plain = asked(catalog, now, architecture=sizes, accelerator="h100", concurrency=4)
    assert named.result == plain.result
    assert "model-not-in-catalogue" in codes(named)


@pytest.mark.parametrize(
    ("field", "value", "fields"),
    [
        ("input_tokens", 256, {}),
        ("output_tokens", 256, {}),
        ("acceptance_fraction", 0.7, {"speculative_tokens": 2}),
        ("draft_cost_fraction", 0.03, {"speculative_tokens": 2}),
        ("tpot_ms", 200, {}),
        ("weights_fill_fraction", 0.75, {"accelerator_count": None}),
    ],
    ids=str,
)
def test_a_default_is_a_row_of_the_catalogue(
    catalog: Snapshot, now: datetime, field: str, value: float, fields: dict[str, Any]
) -> None:
    answer = asked(catalog, now, **(LLAMA | fields))
    assert field in rows(answer, "defaults")
    assert catalog.default(field, now).value == value


def test_what_is_given_takes_no_default(catalog: Snapshot, now: datetime) -> None:
    fields = LLAMA | {"input_tokens": 10, "output_tokens": 10, "concurrency": 4}
    engine = {"visible_memory_fraction", "engine_memory_fraction", "engine_reserve_gib", "first_wave_share"}
    assert set(rows(asked(catalog, now, **fields), "defaults")) == engine
    given = asked(catalog, now, **fields, gpu_memory_utilization=0.95)
    assert set(rows(given, "defaults")) == engine - {"engine_memory_fraction"}


@pytest.mark.parametrize(
    ("part", "watts"), [("mi210", 300), ("trainium2", 500), ("gh200-141gb", 900), ("a800-pcie-80gb", 300)]
)
def test_a_rated_power_that_is_only_assumed_is_said(catalog: Snapshot, now: datetime, part: str, watts: float) -> None:
    answer = asked(catalog, now, model="llama-3.1-8b", accelerator=part, accelerator_count=1, concurrency=4)
    assert "assumed-tdp" in codes(answer)
    said = assumption(answer, "tdp_w")
    assert said.value == watts
    assert said.low is not None and said.low < watts
    assert any(key.startswith(f"{part}/") and key.endswith("/tdp/assumed") for key in rows(answer, "accelerator_power"))


def test_a_rated_power_that_the_maker_publishes_is_named(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, **LLAMA, concurrency=4)
    assert "assumed-tdp" not in codes(answer)
    assert rows(answer, "accelerator_power") == ["h100-sxm5-80gb/board/tdp/rated"]


def test_a_given_power_needs_no_rated_one(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, model="llama-3.1-8b", accelerator="mi210", concurrency=4, power_w=400)
    assert rows(answer, "accelerator_power") == []
    assert not codes(answer) & {"assumed-tdp", "no-tdp"}


def test_a_part_that_is_not_out_yet_is_said(catalog: Snapshot) -> None:
    answer = asked(catalog, NOW, **LLAMA, concurrency=4, as_of="2021-06-01")
    assert "accelerator-not-yet-released" in codes(answer)


def test_every_look_up_is_a_finding_or_a_record_of_them(catalog: Snapshot, now: datetime) -> None:
    facts = facts_of(ServingQuestion.model_validate(LLAMA), catalog, now)
    for name in facts.__slots__:
        fact = getattr(facts, name)
        assert isinstance(fact, Finding) or name in ("site", "price", "other_prices")


def test_an_electricity_price_has_the_range_that_training_gives_it(catalog: Snapshot, now: datetime) -> None:
    """0.0826 $/kWh x/÷ e^(1.2816 x 0.25) = 1.378."""
    answer = asked(catalog, now, **LLAMA, concurrency=8, price_model="owned", grid_zone="USA")
    said = assumption(answer, "usd_per_kwh")
    assert (said.value, said.low, said.high) == pytest.approx((0.0826, 0.0600, 0.1138), abs=5e-5)


def test_active_parameters_below_all_mean_a_mixture_of_doubtful_sparsity(catalog: Snapshot, now: datetime) -> None:
    """Qwen3-235B by its two counts alone: at 64 sequences most experts are read, at 1 few."""
    counts = {"params": 235093634560, "active_params": 22190763520, "accelerator": "h200", "accelerator_count": 8,
              "tensor_parallel": 8, "weight_dtype": "fp8", "engine": "vllm"}  # fmt: skip
    answers = [asked(catalog, now, **counts, concurrency=b) for b in (1, 64)]
    alone, crowded = (central(answer.result.tpot_ms) for answer in answers)
    assert "mixture-assumed" in codes(answers[0])
    assert crowded > 1.5 * alone


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"accelerator": "ascend-910b"}, True), ({"accelerator": "h100", "engine": "mlx-lm"}, True),
     ({"accelerator": "h100", "engine": "vLLM"}, False)],
)  # fmt: skip
def test_what_was_never_measured_is_said_and_has_a_wider_range(
    catalog: Snapshot, now: datetime, fields: dict[str, str], said: bool
) -> None:
    answer = asked(catalog, now, model="llama-2-7b", weight_dtype="fp16", accelerator_count=1, concurrency=16, **fields)
    done = answer.result.output_tokens_per_s
    assert ("no-measured-runs" in codes(answer)) is said
    assert (done.high / done.low > 3) is said
