"""Questions under a scaling law: which law answers, what it needs, and what is said beside the figure."""

from datetime import datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.scaling.question import ScalingQuestion
from mlquote.estimators.scaling.scaling import scaling_estimate
from mlquote.kit.errors import Malformed, OutOfDomain, QuoteError, UnknownName
from tests.losses.vectors import cases, mismatches

TO_195 = {"loss_from": 2.0, "loss_to": 1.95, "peak_flops": 989e12, "mfu": 0.4, "usd_per_gpu_hour": 2.5}


def asked(catalog: Snapshot, now: datetime, **question: Any) -> Any:
    return scaling_estimate(ScalingQuestion.model_validate(question), catalog, now)


@pytest.mark.parametrize("case", cases("scaling_law"), ids=lambda case: case["id"])
def test_an_answer_has_the_expected_figures(case: dict[str, Any], catalog: Snapshot, now: datetime) -> None:
    assert mismatches(asked(catalog, now, **case["request"]).result, case) == []


def test_lowering_a_loss_costs_seven_times_as_much_under_another_fit(catalog: Snapshot, now: datetime) -> None:
    """From 2.00 to 1.95 nats on H100s at 2.50 dollars: 2.17 million dollars (Besiroglu), 0.296 (Hoffmann's digits)."""
    answer = asked(catalog, now, op="dollars_for_loss", **TO_195)
    assert float(answer.result["delta_usd"]) == pytest.approx(2.17e6, rel=0.005)
    others = {law["law"]: law for law in answer.result["laws"]}
    assert float(others["hoffmann2022-tex"]["delta_usd"]) == pytest.approx(296e3, rel=0.005)


def test_a_law_of_the_catalogue_is_named_with_its_source(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, op="loss", law="Hoffmann2022-Printed", N=70e9, D=1.4e12)
    assert answer.result["loss"] == pytest.approx(1.9366454705587173, rel=1e-12)
    assert [row.key for row in answer.rows] == ["hoffmann2022-printed"]
    assert {warning.code for warning in answer.warnings} == {"extrapolated", "loss-not-comparable"}


def test_the_echoed_question_repeats_the_answer(catalog: Snapshot, now: datetime) -> None:
    first = asked(catalog, now, op="compute_optimal", C=1e23)
    again = asked(catalog, now, **{name: value for name, value in first.question.items() if value is not None})
    assert again.result == first.result


def test_kaplans_own_names_of_a_power_law_are_understood(catalog: Snapshot, now: datetime) -> None:
    given = asked(catalog, now, op="power_law_loss", x=1e9, coefficients={"N_c": 8.8e13, "alpha_N": 0.076})
    assert (
        given.result["loss"] == asked(catalog, now, op="power_law_loss", law="kaplan2020-params", x=1e9).result["loss"]
    )


@pytest.mark.parametrize(
    ("question", "error", "pointer"),
    [
        ({"op": "loss", "N": 1e9}, Malformed, "/D"),
        ({"op": "loss", "N": 1e9, "D": 1e9, "C": 1e20}, Malformed, "/C"),
        ({"op": "loss", "law": "chinchila", "N": 1e9, "D": 1e9}, UnknownName, "/law"),
        ({"op": "loss", "law": "kaplan2020-joint", "N": 1e9, "D": 1e9}, OutOfDomain, "/law"),
        ({"op": "loss", "coefficients": {"E": 1.7}, "N": 1e9, "D": 1e9}, Malformed, "/coefficients/A"),
        ({"op": "loss", "N": 1e9, "D": 1e9, "flops_per_param_token": 8}, Malformed, "/flops_per_param_token"),
        (
            {"op": "compute_optimal", "C": 1e21, "inference_flops_per_param_token": 3},
            Malformed,
            "/inference_flops_per_param_token",
        ),
        ({"op": "compute_for_loss", "loss": 1.5}, OutOfDomain, "/loss"),
        ({"op": "dollars_for_loss", **TO_195, "loss_to": 1.8}, OutOfDomain, "/loss_to"),
        ({"op": "dollars_for_loss", **TO_195, "mfu": 0}, Malformed, "/mfu"),
        ({"op": "compute_for_loss", "loss": 1.71, "coefficients": {
            "E": 1.7, "A": 406.0, "B": 410.0, "alpha": 1e-4, "beta": 0.28}}, OutOfDomain, "/loss"),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_a_question_that_means_nothing_is_refused(
    question: dict[str, Any], error: type[QuoteError], pointer: str, catalog: Snapshot, now: datetime
) -> None:
    with pytest.raises(error) as refusal:
        asked(catalog, now, **question)
    assert refusal.value.faults[0].pointer == pointer
