"""Methods as they are run: FLOP of every pass, models kept in memory, rollouts, and what is refused or named."""

from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.methods import RECIPES
from mlquote.kit.errors import Malformed, OutOfDomain, UnknownName
from mlquote.kit.provenance import Answer
from tests.estimators.training.asking import asked, codes, middle, result

QWEN: dict[str, Any] = {
    "model": "qwen2.5-7b", "tokens": 1e8, "sequence_length": 2048, "recompute": "full", "accelerator": "a100-80gb",
    "accelerator_count": 8, "flop_convention": "6nd",
}  # fmt: skip
N, FROZEN = 7_615_616_512, 2 * 7_615_616_512
"""Parameters of Qwen2.5-7B (its card: 7.61 B), and their bytes in bf16."""


def flop(catalog: Snapshot, **fields: Any) -> float:
    return middle(result(catalog, **QWEN | fields).training_flop) / 1e8


@pytest.mark.parametrize(
    ("method", "per_token"),
    [
        ("sft", 6), ("orpo", 6), ("dpo", 8), ("kto", 12),
        # rollouts: 2 N of 256 tokens generated and 1,792 of the prompt read once for 8 or 2 completions, over 2,048
        ("grpo", 8 + 2 * (256 + 1792 / 8) / 2048),
        ("rloo", 10 + 2 * (256 + 1792 / 2) / 2048),
        ("ppo", 20 + 2),
    ],
)  # fmt: skip
def test_flop_of_a_token_by_method(catalog: Snapshot, method: str, per_token: float) -> None:
    assert flop(catalog, method=method) == pytest.approx(per_token * N, rel=1e-3)


def test_a_teacher_reads_what_its_student_learns_from(catalog: Snapshot) -> None:
    # 6 N + 2 x 70.55e9
    found = flop(catalog, method="distill", teacher="llama-3.1-70b")
    assert found == pytest.approx(6 * N + 2 * 70.55e9, rel=1e-3)


def test_an_embedding_model_pays_for_no_logits(catalog: Snapshot) -> None:
    """Of Qwen2.5-7B a token's logits are 2 x 3,584 x 152,064 FLOP forward, thrice that in training."""
    plain, headless = (flop(catalog, method=method, flop_convention="causal") for method in ("sft", "contrastive"))
    assert plain - headless == pytest.approx(3 * 2 * 3584 * 152_064, rel=1e-6)


@pytest.mark.parametrize(
    ("method", "tokens"),
    [("sft", 1000 * 512), ("dpo", 2 * 1000 * 512), ("contrastive", 2 * 1000 * 512), ("grpo", 8 * 1000 * 512),
     ("rloo", 2 * 1000 * 512), ("ppo", 1000 * 512)],
)  # fmt: skip
def test_what_a_sample_is(catalog: Snapshot, method: str, tokens: float) -> None:
    fields = {"samples": 1000, "sequence_length": 512, "method": method, "completion_tokens": 128}
    found = result(catalog, **{k: v for k, v in QWEN.items() if k != "tokens"} | fields)
    seen = found.passes[0].tokens if found.passes else middle(found.training_flop) / 6 / N
    assert seen == pytest.approx(tokens, rel=0.01) if method != "contrastive" else 0.85 * tokens < seen <= tokens


@pytest.mark.parametrize(
    ("method", "beside"),
    [("sft", 0), ("orpo", 0), ("dpo", FROZEN), ("kto", FROZEN), ("grpo", FROZEN), ("rloo", 2 * FROZEN),
     # reference and reward in bf16, and a value model trained as the policy is: 18 bytes a parameter
     ("ppo", 2 * FROZEN + 18 * N)],
)  # fmt: skip
def test_models_kept_beside_the_policy_on_one_card(catalog: Snapshot, method: str, beside: float) -> None:
    memory = result(catalog, **QWEN | {"method": method, "accelerator_count": 1}).memory
    assert memory is not None and memory.beside_bytes is not None
    assert memory.beside_bytes == pytest.approx(beside, rel=1e-3)


@pytest.mark.parametrize(("method", "each"), [("grpo", 18 + 2), ("ppo", 18 + 2 + 2 + 18)])
def test_grpo_on_one_card_says_what_does_not_fit_and_how_many_cards_do(
    catalog: Snapshot, method: str, each: int
) -> None:
    """18 bytes of each of 7.6 B parameters trained, 2 of each frozen: 152 GB (GRPO), 305 (PPO) before activations."""
    answer = asked(catalog, **QWEN | {"method": method, "accelerator_count": 1})
    memory = answer.result.memory
    states = memory.weights_bytes + memory.gradients_bytes + memory.optimizer_bytes + memory.beside_bytes
    assert states == pytest.approx(each * N, rel=1e-3)
    assert memory.bytes_per_accelerator > states
    said = next(warning.detail for warning in answer.warnings if warning.code == "does-not-fit")
    assert "reference" in said
    assert f"{memory.min_accelerators} accelerators hold the run" in said
    whole = asked(catalog, **QWEN | {"method": method, "accelerator_count": memory.min_accelerators, "zero_stage": 3})
    assert whole.result.memory.fits is True


def test_more_models_need_more_cards(catalog: Snapshot) -> None:
    fewest = [
        result(catalog, **QWEN | {"method": method}).memory.min_accelerators  # type: ignore[union-attr]
        for method in ("sft", "grpo", "rloo", "ppo")
    ]
    assert fewest == sorted(fewest)


def generated(answer: Answer) -> float:
    """Tokens per second of one accelerator that the answer took for its rollouts."""
    return next(float(a.value) for a in answer.assumptions if a.name == "rollout_tokens_per_s_per_accelerator")


def test_rollouts_take_the_time_that_serving_takes(catalog: Snapshot) -> None:
    answer, update = (asked(catalog, **QWEN | {"method": method}) for method in ("grpo", "dpo"))
    # 1e8 / 2,048 sequences of 256 generated tokens each, beside the same passes as DPO's
    tokens = 1e8 / 2048 * 256
    hours = middle(answer.result.accelerator_hours) - middle(update.result.accelerator_hours)
    assert hours == pytest.approx(tokens / generated(answer) / 3600, rel=1e-3)


def test_longer_completions_take_longer(catalog: Snapshot) -> None:
    hours = [
        middle(result(catalog, **QWEN | {"method": "grpo", "completion_tokens": n}).accelerator_hours)
        for n in (128, 512, 1536)
    ]
    assert hours == sorted(hours)


def test_hours_that_are_given_hold_the_rollouts(catalog: Snapshot) -> None:
    found = result(catalog, **QWEN | {"method": "grpo", "accelerator_hours": 20})
    assert middle(found.accelerator_hours) == 20
    assert [each.work for each in found.passes].count("generation") == 1


def test_a_question_without_lengths_takes_what_trainers_do(catalog: Snapshot) -> None:
    answer = asked(catalog, model="qwen2.5-7b", samples=1000, method="grpo", accelerator="a100-80gb")
    echoed = {
        name: answer.question[name] for name in ("sequence_length", "completion_tokens", "generations_per_prompt")
    }
    assert echoed == {"sequence_length": 768, "completion_tokens": 256, "generations_per_prompt": 8}


@pytest.mark.parametrize(
    ("fields", "error", "pointer"),
    [
        ({"method": "distill"}, Malformed, "/teacher"),
        ({"method": "distill", "teacher": "no-such-model"}, UnknownName, "/model"),
        ({"method": "grpo", "completion_tokens": 2048}, OutOfDomain, "/completion_tokens"),
    ],
)
def test_what_cannot_be_run_is_refused(
    catalog: Snapshot, fields: dict[str, Any], error: type[Exception], pointer: str
) -> None:
    with pytest.raises(error) as refused:
        asked(catalog, **QWEN | fields)
    assert refused.value.faults[0].pointer.startswith(pointer[:3])  # type: ignore[attr-defined]


def test_preferences_over_images_are_refused(catalog: Snapshot) -> None:
    with pytest.raises(Malformed, match="images"):
        asked(catalog, model="resnet-50", samples=1e6, method="dpo", accelerator="a100-80gb")


@pytest.mark.parametrize("name", ["generations_per_prompt", "completion_tokens"])
def test_a_field_of_rollouts_is_named_where_nothing_is_generated(catalog: Snapshot, name: str) -> None:
    answer = asked(catalog, **QWEN | {name: 4})
    assert any(w.code == "field-not-used" and w.detail.startswith(name) for w in answer.warnings)


def test_every_recipe_is_a_method_that_can_be_asked(catalog: Snapshot) -> None:
    for method in RECIPES:
        more = {"teacher": "llama-3.1-8b"} if method == "distill" else {}
        assert "flop-unknown" not in codes(asked(catalog, **QWEN | {"method": method} | more))
