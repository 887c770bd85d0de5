"""Each field that counts only under a condition is named where it is not met, and not where it is."""

from collections.abc import Iterator
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.unused import RULES
from mlquote.kit.provenance import Answer
from tests.estimators.hardware_sample import row, snapshot
from tests.estimators.training.asking import PLAIN, asked

SAMPLE = snapshot(
    accelerators=[
        row("accelerators", id="x9", vendor="ACME", name="X9", family="Odd"),
        row("accelerators", id="linked", vendor="NVIDIA", name="L", family="Hopper", memory_gb=1000.0,
            accelerators_per_node=8, interconnect_gb_per_s=900.0),
    ],
    cost_factors=[row("cost_factors", id="storage_usd_per_gb_month", subject="p1", value=0.02)],
)  # fmt: skip
HOURS: dict[str, Any] = {"accelerator": "a1", "accelerator_hours": 1000}
SHAPED: dict[str, Any] = {"accelerator": "a1", "tokens": 1e12, "architecture": {"layers": 32, "hidden_size": 4096}}
UNPOWERED: dict[str, Any] = {"accelerator": "x9", "accelerator_hours": 10}
STEP: dict[str, Any] = PLAIN | {"accelerator": "linked", "accelerator_hours": 1e4, "batch_tokens": 4e6}


def named(answer: Answer) -> set[str]:
    """The fields that an answer calls unused."""
    return {warning.detail.split()[0] for warning in answer.warnings if warning.code == "field-not-used"}


@pytest.mark.parametrize(
    ("field", "value", "silent", "heard"),
    [
        pytest.param("architecture", {"kind": "cnn"}, HOURS, None, id="architecture"),
        pytest.param("active_params", 10**9, HOURS, PLAIN, id="active_params"),
        pytest.param("tokens", 1e12, UNPOWERED, HOURS, id="tokens: carbon a token"),
        pytest.param("epochs", 2.0, HOURS, PLAIN, id="epochs"),
        pytest.param("samples", 1e6, HOURS, None, id="samples"),
        pytest.param("sequence_length", 512, HOURS, SHAPED, id="sequence_length"),
        pytest.param("flop_convention", "palm", HOURS, SHAPED, id="flop_convention"),
        pytest.param("document_lengths", [100, 200], PLAIN, SHAPED, id="document_lengths"),
        pytest.param("method", "finetune", HOURS, None, id="method"),
        pytest.param("run_kind", "benchmark", PLAIN | {"mfu": 0.4}, None, id="run_kind: efficiency given"),
        pytest.param("run_kind", "benchmark", HOURS, None, id="run_kind: hours given"),
        pytest.param("lora_rank", 8, SHAPED, SHAPED | {"method": "lora"}, id="lora_rank"),
        pytest.param("lora_rank", 8, HOURS | {"method": "lora"}, SHAPED | {"method": "qlora"}, id="lora_rank: hours"),
        pytest.param("adapters", "lora", HOURS | {"method": "finetune"}, SHAPED | {"method": "dpo"}, id="adapters"),
        pytest.param("target_modules", ["q_proj"], SHAPED, SHAPED | {"method": "lora"}, id="target_modules"),
        pytest.param("trainable_fraction", 0.1, HOURS, PLAIN, id="trainable_fraction"),
        pytest.param(
            "trainable_fraction", 0.1, SHAPED | {"flop_convention": "cookbook"}, SHAPED,
            id="trainable_fraction: cookbook",
        ),
        pytest.param("recompute", "full", HOURS, PLAIN, id="recompute"),
        pytest.param("tensor_parallel", 2, HOURS, PLAIN | {"accelerator_count": 8}, id="tensor_parallel"),
        pytest.param("pipeline_parallel", 2, PLAIN | {"memory_convention": "deepspeed"}, PLAIN, id="pipeline_parallel"),
        pytest.param("expert_parallel", 2, HOURS, PLAIN, id="expert_parallel"),
        pytest.param("zero_stage", 1, HOURS, PLAIN | {"memory_convention": "deepspeed"}, id="zero_stage"),
        pytest.param(
            "fused_loss", True, SHAPED | {"memory_convention": "deepspeed"}, None, id="fused_loss: no activations",
        ),
        pytest.param("embedding_dtype", "bf16", SHAPED | {"method": "lora"}, SHAPED | {"method": "qlora"},
                     id="embedding_dtype"),
        pytest.param("gradient_accumulation_steps", 2, SHAPED, STEP | {"accelerator_count": 8, "batch_tokens": None},
                     id="gradient_accumulation_steps"),
        pytest.param("memory_convention", "deepspeed", HOURS, PLAIN, id="memory_convention"),
        pytest.param("optimizer", "sgd", PLAIN | {"memory_convention": "deepspeed"}, PLAIN, id="optimizer"),
        pytest.param("micro_batch_size", 4, HOURS, SHAPED, id="micro_batch_size"),
        pytest.param("fused_attention", False, HOURS, SHAPED, id="fused_attention"),
        pytest.param(
            "network_gb_per_s", 25.0, STEP | {"accelerator_count": 8}, STEP | {"accelerator_count": 16},
            id="network_gb_per_s: one node",
        ),
        pytest.param("precision", "fp8", HOURS, PLAIN, id="precision"),
        pytest.param("power_scope", "chip", HOURS, HOURS | {"power_w": 500}, id="power_scope"),
        pytest.param("idle_fraction", 0.2, UNPOWERED, HOURS, id="idle_fraction"),
        pytest.param("grid_zone", "USA", UNPOWERED, HOURS, id="grid_zone"),
        pytest.param("kgco2e_per_kwh", 0.1, UNPOWERED, HOURS, id="kgco2e_per_kwh"),
        pytest.param("pue", 1.2, UNPOWERED, HOURS, id="pue"),
        pytest.param("provider", "p1", HOURS | {"usd_per_accelerator_hour": 2}, HOURS, id="provider"),
        pytest.param(
            "price_model", "reserved_1y", HOURS | {"usd_per_accelerator_hour": 2}, None, id="price_model: price given"
        ),
        pytest.param("price_model", "owned", HOURS | {"cost_basis": "rental"}, HOURS, id="price_model: basis given"),
        pytest.param(
            "usd_per_gb_month", 0.1, HOURS | {"storage_gb_months": 0}, HOURS | {"storage_gb_months": 1},
            id="usd_per_gb_month",
        ),
        pytest.param(
            "usd_per_egress_gb", 0.1, HOURS | {"egress_gb": 0}, HOURS | {"egress_gb": 1}, id="usd_per_egress_gb"
        ),
    ],
)  # fmt: skip
def test_a_field_is_named_where_it_changes_nothing_and_only_there(
    field: str, value: Any, silent: dict[str, Any], heard: dict[str, Any] | None
) -> None:
    assert field in named(asked(SAMPLE, **silent | {field: value}))
    if heard is not None:
        without, given = asked(SAMPLE, **heard), asked(SAMPLE, **heard | {field: value})
        assert field not in named(given)
        assert given.result != without.result


def test_an_efficiency_beside_hours_keeps_its_own_warning() -> None:
    answer = asked(**HOURS, mfu=0.4)
    assert "efficiency-not-used" in {warning.code for warning in answer.warnings}
    assert not named(answer)


def test_a_plain_question_names_nothing() -> None:
    assert not named(asked(**PLAIN))


def test_an_echoed_question_names_nothing_more() -> None:
    first = asked(**HOURS, price_model="owned")
    assert asked(**dict(first.question)).warnings == first.warnings


def test_every_rule_is_about_fields_that_there_are() -> None:
    def fields() -> Iterator[str]:
        for rule in RULES:
            yield from rule.fields

    assert set(fields()) <= set(TrainingQuestion.model_fields)


def test_a_region_whose_every_figure_is_given_is_named(catalog: Snapshot) -> None:
    place = {"provider": "aws", "region": "us-east-1"}
    fields = {"accelerator": "h100-sxm", "accelerator_hours": 1000, **place}
    assert "region" not in named(asked(catalog, **fields))
    given = {"usd_per_accelerator_hour": 2, "pue": 1.1, "kgco2e_per_kwh": 0.3}
    unpowered = snapshot(regions=[row("regions", provider="p1", region="r1", zone="USA")])
    assert "region" in named(asked(unpowered, **HOURS, provider="p1", region="r1", **given))
