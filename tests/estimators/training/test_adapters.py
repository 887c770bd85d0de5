"""Adapters under every method: their FLOP and memory, the modules they stand beside, and what is refused or named."""

from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import Malformed
from tests.estimators.training.asking import asked, codes, middle, result

LLAMA: dict[str, Any] = {
    "model": "llama-3.1-8b", "tokens": 1e8, "sequence_length": 1024, "recompute": "full", "accelerator": "a100-80gb",
    "accelerator_count": 1, "flop_convention": "6nd", "date": "2026-06-01",
}  # fmt: skip
N = 8_030_261_248
"""Parameters of Llama 3.1 8B."""
ALL, QUERIES_AND_VALUES = 41_943_040, 6_815_744
"""Adapters of rank 16 as PEFT prints them: all linear layers; q_proj and v_proj."""


def flop(catalog: Snapshot, **fields: Any) -> float:
    return middle(result(catalog, **LLAMA | fields).training_flop) / 1e8


@pytest.mark.parametrize(
    ("method", "per_token"),
    # the policy's 4 N; the reference is the base, read without adapters: 2 N, but no second copy of it
    [("sft", 4), ("orpo", 4), ("dpo", 6), ("kto", 10)],
)
def test_flop_of_a_token_under_adapters(catalog: Snapshot, method: str, per_token: float) -> None:
    found = flop(catalog, method=method, adapters="lora")
    assert found == pytest.approx(per_token * N + 6 * ALL, rel=1e-3)


@pytest.mark.parametrize("method", ["dpo", "kto", "grpo"])
def test_the_reference_is_the_base_without_its_adapters(catalog: Snapshot, method: str) -> None:
    memory = result(catalog, **LLAMA | {"method": method, "adapters": "lora"}).memory
    assert memory is not None
    assert memory.beside_bytes == 0
    assert memory.weights_bytes == pytest.approx(2 * (N + ALL), rel=1e-3)
    assert memory.optimizer_bytes == pytest.approx(12 * ALL)
    said = asked(catalog, **LLAMA | {"method": method, "adapters": "lora"})
    assert any("no second copy" in each.why for each in said.assumptions)


def test_reward_and_value_models_stay_beside(catalog: Snapshot) -> None:
    rloo, ppo = (result(catalog, **LLAMA | {"method": m, "adapters": "lora"}).memory for m in ("rloo", "ppo"))
    assert rloo is not None and ppo is not None and ppo.beside_bytes is not None
    assert rloo.beside_bytes == pytest.approx(2 * N)  # the reward model
    # reward, and a value model of a frozen base with adapters: 2 + 4 + 12 bytes of each
    assert ppo.beside_bytes == pytest.approx(2 * N + 2 * N + 18 * ALL, rel=1e-3)


def test_sft_with_adapters_is_the_method_of_their_name(catalog: Snapshot) -> None:
    for name in ("lora", "qlora"):
        asked_so, named = (
            result(catalog, **LLAMA | fields) for fields in ({"method": "sft", "adapters": name}, {"method": name})
        )
        assert asked_so.accelerator_hours == named.accelerator_hours
        assert asked_so.memory == named.memory


def test_quantised_dpo_fits_where_whole_dpo_does_not(catalog: Snapshot) -> None:
    card = LLAMA | {"method": "dpo", "accelerator": "rtx-4090"}
    whole, small = asked(catalog, **card), asked(catalog, **card | {"adapters": "qlora"})
    assert "does-not-fit" in codes(whole)
    assert "does-not-fit" not in codes(small)


def test_fewer_modules_are_fewer_adapters_and_less_memory(catalog: Snapshot) -> None:
    every, some = (
        result(catalog, **LLAMA | {"method": "lora"} | fields)
        for fields in ({}, {"target_modules": ["q_proj", "v_proj"]})
    )
    assert every.memory is not None and some.memory is not None
    assert some.memory.optimizer_bytes == pytest.approx(12 * QUERIES_AND_VALUES)
    assert every.memory.bytes_per_accelerator is not None and some.memory.bytes_per_accelerator is not None
    # 2 bytes of weight and 12 of states; the 4 of gradients come as activations go
    less = every.memory.bytes_per_accelerator - some.memory.bytes_per_accelerator
    assert less == pytest.approx(14 * (ALL - QUERIES_AND_VALUES), rel=0.1)
    assert middle(every.training_flop) - middle(some.training_flop) == pytest.approx(
        6e8 * (ALL - QUERIES_AND_VALUES), rel=1e-3
    )


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"method": "pretrain", "adapters": "lora"}, "/adapters"),
        ({"method": "lora", "adapters": "qlora"}, "/adapters"),
        ({"method": "lora", "target_modules": ["q_porj"]}, "/target_modules"),
        ({"method": "lora", "target_modules": ["kv_a_proj_with_mqa"]}, "/target_modules"),
    ],
    ids=["pretraining", "two sorts", "unknown", "none in the model"],
)
def test_what_cannot_be_is_refused(catalog: Snapshot, fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Malformed) as refused:
        asked(catalog, **LLAMA | fields)
    assert refused.value.faults[0].pointer == pointer


def test_a_module_that_the_model_lacks_is_named(catalog: Snapshot) -> None:
    answer = asked(catalog, **LLAMA | {"method": "lora", "target_modules": ["q_proj", "q_a_proj"]})
    said = next(warning for warning in answer.warnings if warning.code == "target-modules-absent")
    assert "q_a_proj" in said.detail and "down_proj" in said.detail


@pytest.mark.parametrize("method", ["rlhf", "rl"])
def test_what_names_no_algorithm_counts_the_policy_alone_and_says_so(catalog: Snapshot, method: str) -> None:
    assert "policy-alone" in codes(asked(catalog, **LLAMA | {"method": method}))
    assert "policy-alone" not in codes(asked(catalog, **LLAMA | {"method": "grpo"}))
