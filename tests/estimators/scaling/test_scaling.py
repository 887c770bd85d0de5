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


@pytest.mark.parametrize(
    ("question", "expected", "within"),
    [
        pytest.param(
            {"op": "compute_optimal", "law": "llama3-2024-isoflop", "C": 3.8e25},
            {"D": 16.55e12, "N": 402e9}, 0.06, id="Llama 3: 402e9 parameters, 16.55e12 tokens",
        ),
        pytest.param(
            {"op": "chinchilla_for_params", "law": "hoffmann2022-approach1", "N": 67e9},
            {"C": 5.76e23, "D": 1.5e12}, 0.06, id="Hoffmann et al. table 3, 67B",
        ),
        pytest.param(
            {"op": "chinchilla_for_params", "law": "hoffmann2022-approach2", "N": 1e12},
            {"C": 1.59e26, "D": 26.5e12}, 0.08, id="Hoffmann et al. table A3, 1T",
        ),
        pytest.param(
            {"op": "compute_optimal", "law": "hunyuan2024", "C": 3.1e24},
            {"N": 58.1e9, "D": 5.6e12}, 0.05, id="Hunyuan-Large: 58.1e9 active, 5.6e12 tokens",
        ),
        pytest.param(
            {"op": "allocation_exponent", "law": "hoffmann2022-approach2"},
            {"exponent_params": 0.49, "exponent_tokens": 0.51}, 0.01, id="Hoffmann et al. table 2",
        ),
        pytest.param(
            {"op": "tokens_per_param", "law": "minicpm2024", "C": 4.1e21},
            {"tokens_per_param": 192}, 0.05, id="MiniCPM: 192 on average",
        ),
        pytest.param(
            {"op": "loss_at_compute", "law": "cerebras2023-compute", "C": 2.3e22},
            {"loss": 1.580}, 0.002, id="Cerebras-GPT 13B, predicted",
        ),
        pytest.param(
            {"op": "data_constrained_optimal", "C": 1e22, "unique_tokens": 25e9},
            {"N": 7022364735.88, "D": 237336955477.55, "epochs": 9.4935}, 0.002, id="Muennighoff's own optimum",
        ),
        pytest.param(
            {"op": "deadweight_compute", "law": "llama3-2024-refit", "N": 393.3e9, "D": 16.1e12, "C": 3.8e25},
            {"loss": 0.630895, "equivalent_flop_lost": 2.39e24}, 0.02, id="approach 2 wastes 6.3 % of Llama 3's budget",
        ),
        pytest.param(
            {"op": "effective_unique_tokens", "epochs": 16, "unique_tokens": 1e9},
            {"effective_multiple": 10.582456982670752, "effective_tokens": 10.582456982670752e9}, 1e-9,
            id="16 passes keep 66 %",
        ),
        pytest.param(
            {"op": "effective_params", "N": 7e9, "weight_bits": 4},
            {"effective_params": 7e9 * 0.775894}, 1e-4, id="4-bit weights lose a fifth: 1 - exp(-4 / 2.6745)",
        ),
    ],
)  # fmt: skip
def test_published_allocations_come_out(
    question: dict[str, Any], expected: dict[str, float], within: float, catalog: Snapshot, now: datetime
) -> None:
    found = asked(catalog, now, **question).result
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=within)


def test_a_law_counts_compute_as_its_authors_do_unless_told_otherwise(catalog: Snapshot, now: datetime) -> None:
    """D = C / M under DeepSeek's count, whose N is the FLOP of a token: 1e24 = M D."""
    own = asked(catalog, now, op="compute_optimal", law="deepseek2024", C=1e24).result
    assert own["N"] * own["D"] == pytest.approx(1e24, rel=0.03)
    assert own["counting"] == {"flop_per_param_token": 1.0, "flop_per_token": 0.0}
    told = asked(catalog, now, op="compute_optimal", law="llama3-2024-isoflop", C=1e24, flops_per_param_token=8).result
    assert told["N"] * told["D"] * 8 == pytest.approx(1e24, rel=1e-9)


def test_losses_in_another_unit_say_so(catalog: Snapshot, now: datetime) -> None:
    told = asked(catalog, now, op="loss", law="llama3-2024-refit", N=1e9, D=1e11).warnings
    assert any(w.code == "loss-not-comparable" and "Llama 3" in w.detail for w in told)


def test_a_law_of_another_unit_is_not_set_beside_the_others(catalog: Snapshot, now: datetime) -> None:
    beside = {law["law"] for law in asked(catalog, now, op="compute_for_loss", loss=2.2).result["laws"]}
    assert "muennighoff2023" in beside
    assert not beside & {"llama3-2024-refit", "soda2026-audio", "shukor2025-sparse-nmm"}
    alone = asked(catalog, now, op="compute_for_loss", law="soda2026-audio", loss=3.3).result["laws"]
    assert alone == []


def test_a_study_of_one_law_names_it_and_one_of_several_does_not(catalog: Snapshot, now: datetime) -> None:
    """Cerebras-GPT foretells 1.580 nats at 2.3e22 FLOP (Dey et al. 2023); Hoffmann's study has four laws."""
    answer = asked(catalog, now, op="loss_at_compute", law="cerebras2023", C=2.3e22)
    assert answer.result["loss"] == pytest.approx(1.580, abs=5e-4)
    assert next(each.value for each in answer.assumptions if each.name == "law") == "cerebras2023-compute"
    with pytest.raises(UnknownName):
        asked(catalog, now, op="loss", law="hoffmann2022", N=1e9, D=2e10)
