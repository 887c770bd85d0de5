"""Prompt, cache, fine-tune, distil or train: every part is the estimator's own answer, and break-even adds up."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.kinds import ESTIMATORS, read_question
from mlquote.estimators.planning.adaptation import Adaptation, PlanOption, adaptation_plan
from mlquote.estimators.planning.adaptation_question import AdaptationPlan
from mlquote.kit.errors import UnknownName
from mlquote.kit.money import exact
from mlquote.kit.provenance import Answer, Range
from mlquote.kit.units import HOURS_PER_MONTH

TASK: dict[str, Any] = {
    "requests_per_month": 2_000_000, "input_tokens": 2000, "output_tokens": 300, "shared_prefix_tokens": 1500,
    "provider": "openai", "model": "gpt-4o",
}  # fmt: skip
OWN: dict[str, Any] = {
    "hosted_model": "llama-3.1-8b", "accelerator": "h100-sxm", "usd_per_accelerator_hour": "2.5", "examples": 10_000,
    "examples_ready": True, "usd_per_eval_label": "0.3",
}  # fmt: skip


def asked(catalog: Snapshot, now: datetime, **fields: Any) -> Answer:
    return adaptation_plan(AdaptationPlan.model_validate(TASK | fields), catalog, now)


def options(catalog: Snapshot, now: datetime, **fields: Any) -> dict[str, PlanOption]:
    found: Adaptation = asked(catalog, now, **fields).result
    return {option.option: option for option in found.options}


def central(span: Range | None) -> Decimal:
    assert span is not None
    found = exact(span.central)
    assert found is not None
    return found


def test_a_months_prompts_and_its_cached_prefix_are_priced_to_the_last_digit(catalog: Snapshot, now: datetime) -> None:
    # gpt-4o: 2.50, cached 1.25 and 10 dollars a million; 2,000 and 300 tokens, 1,500 of them shared
    found = options(catalog, now, cache_hit_fraction=1, months=6)
    assert found["prompt"].monthly_cost_usd == Range(*[Decimal(16_000)] * 3)
    assert found["cache"].monthly_cost_usd == Range(*[Decimal(12_250)] * 3)
    assert found["prompt"].total_usd == Range(*[Decimal(96_000)] * 3)
    assert (found["cache"].rank, found["prompt"].rank, found["cache"].chance_cheapest) == (1, 2, 1.0)


def test_every_part_is_what_its_own_question_is_answered_with(catalog: Snapshot, now: datetime) -> None:
    found = options(catalog, now, **OWN, train_params="1b", train_tokens="20b")
    parts = {part.part: part for option in found.values() for part in option.parts}
    assert set(parts) == {
        "API", "API, its prefix cached", "examples by the API's model", "comparisons with the API's answers", "hosting",
        "training (lora)", "training (finetune)", "training (pretrain)",
    }  # fmt: skip
    for part in parts.values():
        fields = dict(part.question)
        member = ESTIMATORS[fields.pop("kind")]
        told = member.spends["cost_usd"](member.estimate(read_question(member, fields), catalog, now))
        again = exact(told.central if isinstance(told, Range) else told)
        assert again is not None
        if member.is_rate:
            again *= Decimal(repr(HOURS_PER_MONTH))
        assert float(again) == pytest.approx(float(central(part.cost_usd)), rel=1e-9), part.part


def test_what_is_paid_once_comes_back_by_what_is_saved_each_month(catalog: Snapshot, now: datetime) -> None:
    found = options(catalog, now, **OWN, accelerator_count=1)
    lora, prompt = found["lora"], found["prompt"]
    saved = central(prompt.monthly_cost_usd) - central(lora.monthly_cost_usd)
    until = next(each for each in lora.break_even if each.against == "prompt")
    assert until.central == pytest.approx(float(central(lora.setup_cost_usd) / saved))
    assert until.low is not None and until.central is not None and until.high is not None
    assert until.low <= until.central <= until.high
    assert central(lora.total_usd) == central(lora.setup_cost_usd) + 12 * central(lora.monthly_cost_usd)
    assert central(lora.monthly_cost_usd) == Decimal("2.5") * Decimal(repr(HOURS_PER_MONTH))


def test_few_requests_never_pay_for_a_machine(catalog: Snapshot, now: datetime) -> None:
    found = options(catalog, now, **OWN, requests_per_month=1000)
    until = next(each for each in found["lora"].break_even if each.against == "prompt")
    assert (until.low, until.central, until.high, until.chance_within_months) == (None, None, None, 0.0)
    assert found["prompt"].rank in (1, 2)


def test_a_way_that_has_no_price_says_why(catalog: Snapshot, now: datetime) -> None:
    bare = options(catalog, now, shared_prefix_tokens=None)
    assert bare["cache"].no_answer == "nothing is shared: give shared_prefix_tokens"
    assert bare["lora"].no_answer == "give accelerator, hosted_model, examples"
    unpaid = options(catalog, now, **{**OWN, "examples_ready": None})
    assert "usd_per_example" in str(unpaid["lora"].no_answer)
    assert unpaid["distil"].no_answer is None
    small = options(catalog, now, **OWN, accelerator_count=1, requests_per_month=10**9)
    assert "do not carry it" in str(small["lora"].no_answer)
    with pytest.raises(UnknownName) as caught:
        asked(catalog, now, **{**OWN, "hosted_model": "llama-99"})
    assert caught.value.faults[0].pointer == "/hosted_model"
    for field in ("model", "machine_provider"):
        with pytest.raises(UnknownName) as caught:
            asked(catalog, now, **{**OWN, field: "gpt-99"})
        assert caught.value.faults[0].pointer == f"/{field}"


def test_ways_whose_ranges_overlap_tie_and_share_their_doubts(catalog: Snapshot, now: datetime) -> None:
    fields = {name: value for name, value in OWN.items() if name != "usd_per_accelerator_hour"}
    answer = asked(catalog, now, **fields)
    best, second = answer.result.options[:2]
    assert (best.tied_with_first, second.tied_with_first) == (True, True)
    assert (best.rank, best.rank_at_best, best.rank_at_worst) == (1, 1, 3)
    assert (second.rank, second.rank_at_best, second.rank_at_worst) == (2, 1, 3)
    assert "ranges-overlap" in {warning.code for warning in answer.warnings}
    dearer = options(catalog, now, **{**fields, "examples_ready": None, "usd_per_example": "2"})
    assert dearer["lora"].tied_with_first and dearer["lora"].chance_cheapest == 0.0  # the same rent, and 20,000 more


def test_more_requests_more_replicas_and_the_same_seed_the_same_answer(catalog: Snapshot, now: datetime) -> None:
    totals = [
        central(options(catalog, now, **OWN, requests_per_month=n)["lora"].total_usd) for n in (10**5, 10**7, 10**9)
    ]
    assert totals == sorted(totals)
    assert totals[0] < totals[-1]
    assert asked(catalog, now, **OWN, seed=3).result == asked(catalog, now, **OWN, seed=3).result


@pytest.mark.parametrize(
    "bad",
    [
        {"shared_prefix_tokens": 3000},
        {"examples_ready": True, "usd_per_example": 1},
        {"train_params": 10**9},
        {"requests_per_month": 0},
    ],
    ids=str,
)
def test_what_contradicts_itself_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AdaptationPlan.model_validate(TASK | bad)
