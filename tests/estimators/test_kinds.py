"""Every kind has an example that the bundled catalogue answers in full, and says what it spends."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.figures import figure_at
from mlquote.estimators.kinds import ESTIMATORS, INFERENCE, SERVING, TRAINING, Estimator, kind_of
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Answer, Range, Warning
from mlquote.spend.budgets import UNITS


def example(member: Estimator, catalog: Snapshot, now: datetime) -> Answer:
    return member.estimate(member.question.model_validate(member.example), catalog, now)


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_the_example_is_answered(kind: str, catalog: Snapshot, now: datetime) -> None:
    member = ESTIMATORS[kind]
    answer = example(member, catalog, now)
    assert answer.rows
    assert answer.catalog.release == catalog.release.id
    assert isinstance(answer.result, member.results)
    assert figure_at(answer.result, member.ranked_by) is not None


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_what_a_kind_spends_is_read_from_its_own_answer(kind: str, catalog: Snapshot, now: datetime) -> None:
    member = ESTIMATORS[kind]
    answer = example(member, catalog, now)
    figures = {name: read(answer) for name, read in member.spends.items()}
    assert list(figures) == [name for name in UNITS if name in figures]  # in the order of all figures
    assert figures["cost_usd"] is not None


def test_a_bills_lines_are_the_answers_own(catalog: Snapshot, now: datetime) -> None:
    # Claude Opus 4.7: $5 and $25 a million tokens in and out (platform.claude.com/docs/en/pricing);
    # 1,000 in are $0.005 and 500 out are $0.0125
    lines = list(INFERENCE.cost_lines(example(INFERENCE, catalog, now)))
    assert [(line.item, line.usd) for line in lines] == [
        ("input_tokens", Decimal("0.005")),
        ("output_tokens", Decimal("0.0125")),
    ]
    items = [line.item for line in TRAINING.cost_lines(example(TRAINING, catalog, now))]
    assert items and all(items)
    assert list(SERVING.cost_lines(example(SERVING, catalog, now))) == []


def test_a_bill_that_lacks_a_part_is_unknown_unless_the_provider_said_what_it_took(
    catalog: Snapshot, now: datetime
) -> None:
    whole = example(INFERENCE, catalog, now)
    lacking = replace(whole, warnings=(Warning("no-price", "no price of web_searches"),))
    charged = replace(lacking, result=replace(whole.result, reported_usd=Decimal("0.02")))
    disputed = replace(whole, result=replace(whole.result, cost_range_usd=Range(1, 2, 3)))
    read = INFERENCE.spends["cost_usd"]
    assert [read(answer) for answer in (whole, lacking, charged, disputed)] == [
        Decimal("0.0175"), None, Decimal("0.0175"), Range(1, 2, 3),
    ]  # fmt: skip
    assert INFERENCE.spends["usd_per_mtok"](lacking) is None


def test_a_deployment_spends_the_accelerators_it_pays_and_the_facilitys_power(catalog: Snapshot, now: datetime) -> None:
    answer = example(SERVING, catalog, now)
    known = replace(answer.result, power_w_by_scope={"facility": Range(500.0, 1000.0, 1500.5)})
    assert SERVING.spends["energy_kwh"](replace(answer, result=known)) == Range(
        Decimal("0.5"), Decimal(1), Decimal("1.5005")
    )
    asked = replace(answer, question={**answer.question, "accelerator_count": 10})
    laid_out = replace(known, layout=replace(known.layout, replicas=2, tensor_parallel=4, pipeline_parallel=1))
    unsaid = replace(answer, question={}, result=laid_out)
    assert [SERVING.spends["accelerator_hours"](each) for each in (asked, unsaid)] == [10, 8]


def test_only_a_kind_that_rate_cards_can_price_names_one() -> None:
    question = INFERENCE.question.model_validate({"rate_card": "acme"})
    assert INFERENCE.card_named(question) == "acme"
    assert SERVING.card_named(SERVING.question.model_validate(SERVING.example)) is None


def test_every_kind_has_its_own_path_of_a_figure_to_rank_by(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(Malformed):
        figure_at(example(TRAINING, catalog, now).result, SERVING.ranked_by)


def test_a_plan_is_meant_where_no_estimate_is() -> None:
    """A run's own fields stay a run's, whatever a plan has of the same names."""
    assert kind_of({"cost_usd": 5000, "deadline_days": 7}).kind == "training-plan"
    assert kind_of({"accelerator_hours": 1000, "accelerator": "h100-sxm"}).kind == "training"
    assert kind_of({"training_flop": 1e21, "accelerator": "h100-sxm", "accelerator_count": 8}).kind == "training"
