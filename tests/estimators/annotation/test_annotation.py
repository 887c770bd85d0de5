"""Labels priced and timed: price lists' own examples, published totals, and what must hold of any question."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.annotation.annotation import annotation_estimate
from mlquote.estimators.annotation.answer import AnnotationResult
from mlquote.estimators.annotation.question import AnnotationQuestion
from mlquote.estimators.asking.wording import question_of
from mlquote.kit.errors import UnknownName
from mlquote.kit.provenance import Answer, Range

GOOGLE = {"provider": "google-data-labeling"}


def asked(catalog: Snapshot, now: datetime, **fields: Any) -> Answer:
    return annotation_estimate(AnnotationQuestion.model_validate(fields), catalog, now)


def result(catalog: Snapshot, now: datetime, **fields: Any) -> AnnotationResult:
    found: AnnotationResult = asked(catalog, now, **fields).result
    return found


def cost(found: AnnotationResult) -> Decimal:
    assert found.cost_usd is not None
    assert isinstance(found.cost_usd.central, Decimal)
    return found.cost_usd.central


def codes(answer: Answer) -> set[str]:
    return {warning.code for warning in answer.warnings}


@pytest.mark.parametrize(
    ("fields", "units"),
    [
        ({"task": "image_classification", "items": 1, "votes": 3}, 3),
        ({"task": "image_bounding_box", "items": 1, "labels_per_item": 2, "votes": 3}, 6),
        ({"task": "text_classification", "items": 1, "words_per_item": 70}, 2),
        ({"task": "video_classification", "items": 1, "media_seconds": 25, "votes": 3}, 15),
        ({"task": "video_event", "items": 1, "media_seconds": 120, "labels_per_item": 10}, 14),
        ({"task": "image_bounding_box", "items": 5, "labels_per_item": 0}, 0),
    ],
    ids=lambda each: str(each.get("task")) if isinstance(each, dict) else "",
)
def test_units_are_counted_as_googles_price_list_counts_them(
    fields: dict[str, Any], units: int, catalog: Snapshot, now: datetime
) -> None:
    assert result(catalog, now, **fields, usd_per_unit="0.1").labels == units


@pytest.mark.parametrize(
    ("fields", "usd"),
    [
        ({"task": "image_classification", "items": 1, "votes": 3}, "0.105"),
        ({"task": "image_bounding_box", "items": 1, "labels_per_item": 2, "votes": 3}, "0.378"),
        ({"task": "image_bounding_box", "items": 120_000}, "6580"),  # 50,000 at 0.063 and 70,000 at 0.049
        ({"task": "image_segmentation", "items": 60_000, "votes": 3}, "154000"),  # 50,000 at 0.87, 130,000 at 0.85
        ({"task": "image_bounding_box", "items": 120_000, "months": 3}, "7560"),  # every month below 50,000
    ],
    ids=lambda each: "" if isinstance(each, dict) else str(each),
)
def test_tiers_of_a_price_list_are_marginal_and_by_the_month(
    fields: dict[str, Any], usd: str, catalog: Snapshot, now: datetime
) -> None:
    found = result(catalog, now, **fields, **GOOGLE)
    assert found.cost_usd == Range(*[Decimal(usd)] * 3)
    assert found.usd_per_worker_hour is not None


def test_coco_took_85_000_hours_by_its_parts(catalog: Snapshot, now: datetime) -> None:
    # Lin et al. 2014: 20,000 h of categories, 10,000 h of spotting, 22 h for each 1,000 of 2.5 million segments
    stages = [
        {"name": "categories", "worker_hours": 20_000},
        {"name": "spotting", "worker_hours": 10_000},
        {"name": "masks", "seconds_per_unit": 79.2},
    ]
    found = result(catalog, now, task="segmentation", items=2_500_000, stages=stages, usd_per_worker_hour=10)
    assert found.worker_hours == Range(85_000, 85_000, 85_000)
    assert [part.worker_hours for part in found.time_parts] == [20_000, 10_000, pytest.approx(55_000)]
    measured = result(catalog, now, task="segmentation", items=2_500_000, usd_per_worker_hour=10).worker_hours
    assert measured is not None
    assert measured.central == pytest.approx(55_000)


def test_a_box_takes_42_seconds_by_the_median_and_88_by_the_mean(catalog: Snapshot, now: datetime) -> None:
    # Su, Deng and Fei-Fei 2012, table 1: draw 25.5, quality 9.0, coverage 7.8; means 50.8, 21.9, 15.3
    found = result(catalog, now, task="boxes", items=1000, **GOOGLE)
    assert found.seconds_per_unit is not None
    assert found.seconds_per_unit.median == pytest.approx(42.4, rel=0.005)
    assert found.seconds_per_unit.mean.central == pytest.approx(88.0)
    assert {part.stage: part.median_s for part in found.time_parts} == {"draw": 25.5, "quality": 9.0, "coverage": 7.8}
    assert found.worker_hours is not None
    assert found.worker_hours.low < 1000 * 88 / 3600 < found.worker_hours.high


def test_machiavelli_cost_half_a_million_by_the_hour(catalog: Snapshot, now: datetime) -> None:
    # Pan et al. 2023: 20,000 hours at 25 USD for 572,322 scenes
    found = result(catalog, now, task="text_annotation", items=572_322, worker_hours=20_000, usd_per_worker_hour=25)
    assert (cost(found), found.basis) == (Decimal(500_000), "hourly")
    assert found.usd_per_item is not None
    assert float(found.usd_per_item.central) == pytest.approx(0.874, rel=0.001)
    surge = result(catalog, now, task="text_annotation", items=572_322, provider="surge")
    assert float(cost(surge)) == pytest.approx(500_000, rel=0.001)  # 125.8 s a scene


def test_ten_boxes_for_fifteen_cents_pay_7_70_an_hour_before_the_fee(catalog: Snapshot, now: datetime) -> None:
    # Papadopoulos et al. 2017: 7.0 s an image; the market takes 20 % of 0.15 on top
    batch = {"task": "boxes", "items": 10, "usd_per_unit": "0.015", "seconds_per_unit": 7.0}
    alone = result(catalog, now, **batch)
    assert alone.usd_per_worker_hour is not None
    assert float(alone.usd_per_worker_hour.central) == pytest.approx(7.7, rel=0.01)
    market = {"provider": "mturk", "units_per_assignment": 10}
    assert cost(result(catalog, now, **batch, **market)) == Decimal("0.18")
    many = result(catalog, now, **batch, **market, votes=10)  # 40 % of ten assignments of one task
    assert cost(many) == 10 * Decimal("0.21")
    assert cost(result(catalog, now, **batch, provider="mturk")) == 10 * Decimal("0.025")  # 0.01 at least, each


def test_sagemaker_takes_eight_cents_of_each_object_whoever_labels_it(catalog: Snapshot, now: datetime) -> None:
    # 1,000 images, three workers at 0.012, and 0.08 an image
    fields: dict[str, Any] = {"task": "image_classification", "votes": 3, "provider": "sagemaker"}
    assert cost(result(catalog, now, items=1000, **fields)) == 1000 * (3 * Decimal("0.012") + Decimal("0.08"))
    assert "beyond-price-list" in codes(asked(catalog, now, items=60_000, **fields))


def test_asking_until_one_answer_leads_by_two_takes_2_44_votes(catalog: Snapshot, now: datetime) -> None:
    fields: dict[str, Any] = {"task": "text_annotation", "items": 100_000, "usd_per_unit": "0.01"}
    led = asked(catalog, now, **fields, vote_margin=2, labeler_accuracy=0.9)
    assert float(led.result.votes) == pytest.approx(2.44, abs=0.001)
    assert led.result.verdict_accuracy == pytest.approx(0.988, abs=0.0005)
    assert cost(led.result) == Decimal("2439.03")  # 243,902.4 votes, the started one whole
    assert "votes-independent" in codes(led)
    assert result(catalog, now, **fields, votes=3, labeler_accuracy=0.9).verdict_accuracy == pytest.approx(0.972)


def test_a_ranking_holds_dependent_pairs_and_is_read_once(catalog: Snapshot, now: datetime) -> None:
    # InstructGPT: 33,000 prompts, four to nine answers each
    found = result(catalog, now, task="preference_pairs", items=33_000, ranking_size=9, usd_per_unit="2")
    assert (found.pairs, found.labels, cost(found)) == (33_000 * 36, 33_000, Decimal(66_000))


def test_gold_rework_review_and_set_up_come_on_top(catalog: Snapshot, now: datetime) -> None:
    fields: dict[str, Any] = {
        "task": "text_annotation", "items": 1000, "votes": 3, "usd_per_unit": "0.1", "gold_fraction": "0.05",
        "rework_fraction": "0.1", "review_fraction": "0.2", "review_usd_per_unit": "0.3", "setup_usd": "250",
    }  # fmt: skip
    found = result(catalog, now, **fields)
    assert found.labels == 3465  # 1000 * 3 * 1.05 * 1.1
    assert cost(found) == Decimal("346.5") + 200 * Decimal("0.3") + 250
    del fields["review_usd_per_unit"]
    assert cost(result(catalog, now, **fields)) == Decimal("346.5") + 200 * Decimal("0.1") + 250
    assert sum(line.usd or 0 for line in result(catalog, now, **fields).cost_lines) == Decimal("616.5")


def test_without_a_seller_the_range_spans_those_who_sell(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, task="image_bounding_box", items=1000, annotator="trained")
    offers = {offer.provider: offer.cost_usd for offer in answer.result.offers}
    assert offers == {"google-data-labeling": Range(*[Decimal(63)] * 3)}  # a list price before what is reported
    reported = asked(catalog, now, task="preference_pair", items=1000)
    assert reported.result.cost_usd == Range(Decimal(150), Decimal("273.9"), Decimal(500))
    assert "label-price-reported" in codes(reported)
    both = asked(catalog, now, task="image_bounding_box", items=1000)
    assert "several-label-prices" in codes(both)
    assert len(both.result.offers) > 1


def test_what_nobody_sells_or_timed_is_null_and_said(catalog: Snapshot, now: datetime) -> None:
    unsold = asked(catalog, now, task="red_teaming", items=100, basis="per_unit")
    assert (unsold.result.cost_usd, unsold.result.usd_per_worker_hour) == (None, None)
    assert {"no-label-price", "label-time-unknown"} <= codes(unsold)
    untimed = asked(catalog, now, task="red_teaming", items=100, usd_per_unit="5")
    assert "implied-wage-unknown" in codes(untimed)
    assert "2.48e+03 s" in next(w.detail for w in untimed.warnings if w.code == "implied-wage-unknown")
    with pytest.raises(UnknownName, match="nobody-at-all"):
        asked(catalog, now, task="boxes", items=1, provider="nobody-at-all")


def test_a_question_is_heard_in_the_words_of_price_lists(catalog: Snapshot, now: datetime) -> None:
    said = {"task": "boxes", "images": 1, "boxes_per_image": 2, "labelers": 3, "provider": "Google"}
    answer = annotation_estimate(question_of(AnnotationQuestion, said), catalog, now)
    assert cost(answer.result) == Decimal("0.378")
    assert [each.name for each in answer.assumptions].count("read-as") == 3


@pytest.mark.parametrize(
    "bad",
    [
        {"usd_per_unit": 1, "usd_per_worker_hour": 9},
        {"usd_per_unit": 1, "basis": "hourly"},
        {"votes": 3, "vote_margin": 2, "labeler_accuracy": 0.9},
        {"vote_margin": 2},
        {"labeler_accuracy": 0.5},
        {"stages": [{"name": "draw"}]},
        {"accepted_fraction": 0.5},
        {"task": "classification"},
        {"items": 0},
    ],
    ids=str,
)
def test_what_contradicts_itself_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AnnotationQuestion.model_validate({"task": "boxes", "items": 10} | bad)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    items=st.integers(1, 10**6),
    votes=st.integers(1, 15),
    provider=st.sampled_from(["google-data-labeling", "mechanical-turk", "sagemaker-ground-truth"]),
    gold=st.integers(0, 50),
)
def test_more_votes_more_gold_and_more_items_are_never_cheaper(
    items: int, votes: int, provider: str, gold: int, catalog: Snapshot, now: datetime
) -> None:
    fields: dict[str, Any] = {"task": "image_bounding_box", "provider": provider}
    least = cost(result(catalog, now, **fields, items=items, votes=votes, gold_fraction=gold / 100))
    for more in ({"votes": votes + 1}, {"items": items + 1}, {"gold_fraction": (gold + 1) / 100}):
        said = {"items": items, "votes": votes, "gold_fraction": gold / 100} | more
        assert cost(result(catalog, now, **fields, **said)) >= least
