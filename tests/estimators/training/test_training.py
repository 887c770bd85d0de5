"""The training estimate, worked out by hand on a catalogue of round figures."""

from decimal import Decimal
from math import log
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from mlquote.estimators.training.answer import TrainingResult
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.errors import Malformed, OutOfDomain, QuoteError, UnknownName
from mlquote.kit.provenance import Answer, Range
from tests.estimators.hardware_sample import NOW, row, snapshot

CATALOG = snapshot()
PLAIN: dict[str, Any] = {"params": 10**10, "tokens": 1e12, "accelerator": "a1", "flop_convention": "6nd"}


def asked(**fields: Any) -> Answer:
    return training_estimate(TrainingQuestion.model_validate(fields), CATALOG, NOW)


def result(**fields: Any) -> TrainingResult:
    answer = asked(**fields).result
    assert isinstance(answer, TrainingResult)
    return answer


def middle(interval: Range | None) -> float:
    assert interval is not None
    return float(interval.central)


def codes(answer: Answer) -> set[str]:
    return {warning.code for warning in answer.warnings}


def test_a_run_worked_out_by_hand() -> None:
    found = result(**PLAIN, mfu=0.5, goodput_fraction=0.8, accelerator_count=1000, pue=1.25, kgco2e_per_kwh=0.2)
    # 6 x 1e10 x 1e12 = 6e22 FLOP; over 1e15 x 0.5 x 0.8 FLOP/s = 1.5e8 s = 41,666.7 h
    assert middle(found.training_flop) == pytest.approx(6e22)
    assert middle(found.petaflop_days) == pytest.approx(6e22 / 8.64e19)
    assert middle(found.accelerator_hours) == pytest.approx(41_666.667)
    assert middle(found.wall_clock_hours) == pytest.approx(41.666667)
    # plug: 500 W x 1.2 x 1.25 = 750 W; nameplate: 500 W x 1.25
    assert middle(found.energy_kwh) == pytest.approx(41_666.667 * 0.75)
    assert middle(found.energy_kwh_nameplate) == pytest.approx(41_666.667 * 0.625)
    assert middle(found.emissions_kgco2e.location_based) == pytest.approx(41_666.667 * 0.75 * 0.2)
    assert middle(found.emissions_kgco2e.location_based_nameplate) == pytest.approx(41_666.667 * 0.625 * 0.2)
    # median of 1, 2 and 4 $/h
    assert middle(found.cost_usd) == pytest.approx(83_333.33)


def test_sparse_and_measured_rates_are_never_the_peak() -> None:
    found = result(**PLAIN, mfu=0.5, goodput_fraction=1)
    assert middle(found.accelerator_hours) == pytest.approx(6e22 / (1000e12 * 0.5 * 3600))


def test_an_mfu_counts_against_the_peak_of_its_own_precision() -> None:
    found = result(**PLAIN, mfu=0.25, goodput_fraction=1, precision="fp8")
    assert middle(found.accelerator_hours) == pytest.approx(6e22 / (2000e12 * 0.25 * 3600))


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


def test_hours_given_with_a_model_tell_its_mfu() -> None:
    found = result(**PLAIN, accelerator_hours=6e22 / (1000e12 * 0.3 * 3600))
    assert middle(found.mfu) == pytest.approx(0.3)


def test_total_is_location_based_plus_embodied() -> None:
    emissions = result(**PLAIN, grid_zone="USA").emissions_kgco2e
    assert middle(emissions.total) == pytest.approx(middle(emissions.location_based) + middle(emissions.embodied))


def test_market_based_is_unknown_without_a_provider_who_publishes_it() -> None:
    assert result(**PLAIN).emissions_kgco2e.market_based is None


def test_system_power_is_taken_as_given_and_pue_once() -> None:
    found = result(accelerator="a1", accelerator_hours=96, power_w=176.9725, power_scope="system", pue=1.58)
    # Strubell et al. 2019, Transformer base: 1415.78 W over 8 GPUs, 12 h, PUE 1.58: 26.84, printed 27 kWh
    assert middle(found.energy_kwh) == pytest.approx(26.84, abs=0.01)


def test_chip_power_takes_the_place_of_the_tdp() -> None:
    found = result(accelerator="a1", accelerator_hours=1000, power_w=400, power_scope="chip", pue=1)
    assert middle(found.energy_kwh_nameplate) == pytest.approx(400)
    assert middle(found.energy_kwh) == pytest.approx(480)  # host overhead 1.2


def test_both_bases_are_given_and_the_asked_one_is_the_cost() -> None:
    rental, owned = result(**PLAIN), result(**PLAIN, cost_basis="amortised")
    assert (rental.cost_basis, owned.cost_basis) == ("rental", "amortised")
    assert rental.cost_usd == rental.cost_usd_rental
    assert owned.cost_usd == owned.cost_usd_amortised
    assert rental.cost_usd_amortised == owned.cost_usd_amortised
    assert rental.cost_usd_amortised != rental.cost_usd_rental


def test_an_owned_hour_after_epochs_method() -> None:
    found = result(accelerator="a1", accelerator_hours=1000, cost_basis="amortised", pue=1, date="2024-01-01")
    # 30,000 $ x 1.64 / 0.81 x 0.14 ln 10 / 8766 = 2.23369 $/h; 600 kWh at 0.08 $
    assert middle(found.cost_usd) == pytest.approx(2233.69 + 48, abs=0.01)
    lines = {line.item: float(line.usd) for line in found.cost_lines}
    assert lines["chips, value lost"] == pytest.approx(1103.22, abs=0.01)  # 1.10322 $/h: Epoch's own figure
    assert sum(lines.values()) == pytest.approx(middle(found.cost_usd), abs=0.02)
    # colocation apart: 600 kWh in the rack at 146.1 $ per kW and month of 730.5 h
    assert middle(found.cost_usd_hosting) == pytest.approx(120.0)


def test_a_price_of_your_own_is_exact() -> None:
    found = result(accelerator="a1", accelerator_hours=2_664_000, usd_per_accelerator_hour="2")
    # DeepSeek-V3, table 1: 2.664 M hours at 2 $/h = 5.328 M$
    assert found.cost_usd == Range(Decimal(5_328_000), Decimal(5_328_000), Decimal(5_328_000))


def test_experiments_multiply_hours_and_dollars_but_not_the_final_run() -> None:
    once, twice = result(**PLAIN, accelerator_count=10), result(**PLAIN, accelerator_count=10, experiments_multiplier=2)
    assert middle(twice.accelerator_hours) == pytest.approx(2 * middle(once.accelerator_hours))
    assert middle(twice.cost_usd) == pytest.approx(2 * middle(once.cost_usd), rel=1e-6)
    assert twice.training_flop == once.training_flop
    assert twice.wall_clock_hours == once.wall_clock_hours


def test_thresholds_are_judged_by_the_whole_range() -> None:
    verdicts = {v.name: v.exceeded for v in result(**PLAIN).thresholds}
    assert verdicts == {"T1": "yes", "T2": "no"}
    near = training_estimate(
        TrainingQuestion.model_validate(PLAIN),
        snapshot(thresholds=[row("thresholds", id="t3", name="T3", flop=6e22)]),
        NOW,
    ).result
    assert {v.name: v.exceeded for v in near.thresholds}["T3"] == "likely"


def test_a_range_holds_the_fitted_doubt() -> None:
    interval = result(**PLAIN).accelerator_hours
    # no published run near: sqrt(0.1^2 + 0.3^2); 6 N D in doubt by 0.04: sqrt(0.1 + 0.0016) = 0.318748 in all
    assert log(float(interval.high) / float(interval.low)) == pytest.approx(2 * 1.2815516 * 0.318748, rel=1e-5)


def test_shares_of_variance_add_to_one_and_name_the_assumption() -> None:
    answer = asked(**PLAIN, grid_zone="USA")
    shares = [a.share_of_variance for a in answer.assumptions if a.share_of_variance is not None]
    assert sum(shares) == pytest.approx(1.0, abs=0.002)
    for each in answer.result.variance_shares.values():
        assert sum(each.values()) == pytest.approx(1.0)


def test_the_echoed_question_repeats_the_answer() -> None:
    first = asked(**PLAIN)
    again = training_estimate(TrainingQuestion.model_validate(first.question), CATALOG, NOW.replace(year=2030))
    assert again.result == first.result


def test_a_guessed_grid_is_said_to_be_one() -> None:
    assert "grid-zone-assumed" in codes(asked(**PLAIN))
    assert "grid-zone-assumed" not in codes(asked(**PLAIN, grid_zone="USA"))


def test_what_nobody_published_is_null_with_a_warning() -> None:
    bare = snapshot(accelerators=[row("accelerators", id="x9", vendor="ACME", name="X9", family="Odd")])
    question = TrainingQuestion.model_validate({"accelerator": "x9", "accelerator_hours": 10})
    with pytest.raises(OutOfDomain, match="no dense peak"):
        training_estimate(TrainingQuestion.model_validate(PLAIN | {"accelerator": "x9"}), bare, NOW)
    answer = training_estimate(question, bare, NOW)
    assert answer.result.cost_usd is None
    assert answer.result.energy_kwh is None
    assert {"no-rental-price", "no-tdp", "no-purchase-price"} <= codes(answer)


@pytest.mark.parametrize(
    ("fields", "error", "pointer"),
    [
        pytest.param({"accelerator": "a1"}, Malformed, "/model", id="nothing to train"),
        pytest.param({"accelerator": "a1", "params": 10}, Malformed, "/tokens", id="no amount"),
        pytest.param({"accelerator": "b7", "params": 10, "tokens": 5}, UnknownName, "/accelerator", id="accelerator"),
        pytest.param(PLAIN | {"grid_zone": "Atlantis"}, UnknownName, "/grid_zone", id="zone"),
        pytest.param(PLAIN | {"provider": "nobody"}, UnknownName, "/provider", id="provider"),
        pytest.param(PLAIN | {"region": "r1"}, Malformed, "/provider", id="region without provider"),
        pytest.param(PLAIN | {"mfu": 0.4, "hfu": 0.5}, Malformed, "/hfu", id="two efficiencies"),
        pytest.param(PLAIN | {"samples": 5}, Malformed, "/samples", id="two amounts"),
    ],
)
def test_what_cannot_be_answered_says_which_field(
    fields: dict[str, Any], error: type[QuoteError], pointer: str
) -> None:
    with pytest.raises(error) as caught:
        asked(**fields)
    assert caught.value.faults[0].pointer == pointer


@pytest.mark.parametrize(
    "fields",
    [
        {"tokens": -1},
        {"tokens": "nan"},
        {"tokens": 1e40},
        {"pue": 0.9},
        {"mfu": 1.5},
        {"acelerator": "a1"},
        {"epochs": 0},
    ],
    ids=str,
)
def test_numbers_without_meaning_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TrainingQuestion.model_validate(PLAIN | fields)


up = st.floats(1.0, 50.0)


@settings(max_examples=40, deadline=None)
@given(up)
def test_more_tokens_never_lower_anything(factor: float) -> None:
    less, more = result(**PLAIN), result(**(PLAIN | {"tokens": 1e12 * factor}))
    for name in ("training_flop", "accelerator_hours", "energy_kwh", "cost_usd"):
        assert middle(getattr(more, name)) >= middle(getattr(less, name))


@settings(max_examples=40, deadline=None)
@given(up)
def test_more_parameters_never_lower_anything(factor: float) -> None:
    less, more = result(**PLAIN), result(**(PLAIN | {"params": int(1e10 * factor)}))
    for name in ("training_flop", "accelerator_hours", "energy_kwh", "cost_usd"):
        assert middle(getattr(more, name)) >= middle(getattr(less, name))


@settings(max_examples=40, deadline=None)
@given(st.floats(1.0, 2.5), st.floats(1.0, 2.0))
def test_a_higher_pue_never_lowers_energy_and_counts_once(pue: float, factor: float) -> None:
    less, more = result(**PLAIN, pue=pue), result(**PLAIN, pue=pue * factor)
    assert middle(more.energy_kwh) == pytest.approx(middle(less.energy_kwh) * factor)
    assert middle(more.energy_kwh_nameplate) == pytest.approx(middle(less.energy_kwh_nameplate) * factor)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.0, 2.0), st.floats(0.0, 2.0))
def test_a_dirtier_grid_never_lowers_emissions(a: float, b: float) -> None:
    low, high = sorted((a, b))
    less, more = result(**PLAIN, kgco2e_per_kwh=low), result(**PLAIN, kgco2e_per_kwh=high)
    assert middle(more.emissions_kgco2e.total) >= middle(less.emissions_kgco2e.total)


@settings(max_examples=40, deadline=None)
@given(st.decimals("0.01", "50", places=4), st.decimals("0.01", "50", places=4))
def test_a_higher_price_never_lowers_the_cost(a: Decimal, b: Decimal) -> None:
    low, high = sorted((a, b))
    less, more = result(**PLAIN, usd_per_accelerator_hour=low), result(**PLAIN, usd_per_accelerator_hour=high)
    assert middle(more.cost_usd) >= middle(less.cost_usd)


def test_null_figures_are_explained() -> None:
    answer = asked(**PLAIN)
    assert answer.result.wall_clock_hours is None
    assert {"no-accelerator-count", "no-market-based-factor", "no-water-figure"} <= codes(answer)
    assert answer.question["precision"] == "bf16"


def test_a_part_before_its_time_is_remarked_on() -> None:
    early = row("accelerators", id="a3", vendor="NVIDIA", name="A3", family="Hopper", release_date=NOW.date())
    question = TrainingQuestion.model_validate({"accelerator": "a3", "accelerator_hours": 1, "date": "2020-01-01"})
    answer = training_estimate(question, snapshot(accelerators=[early]), NOW)
    assert "accelerator-not-yet-released" in codes(answer)


def test_a_goodput_of_your_own_scales_a_fitted_efficiency() -> None:
    usual, better = result(**PLAIN, accelerator_count=1000), result(**PLAIN, accelerator_count=1000, goodput_fraction=1)
    assert usual.goodput is not None
    ratio = middle(usual.accelerator_hours) / middle(better.accelerator_hours)
    assert ratio == pytest.approx(1 / usual.goodput.goodput_fraction)


def test_an_hfu_counts_recomputation_and_an_mfu_does_not() -> None:
    plain = {**PLAIN, "recompute": "full", "goodput_fraction": 1}
    by_mfu, by_hfu = result(**plain, mfu=0.3), result(**plain, hfu=0.4)
    # 6 N D model FLOP and 8 N D with everything computed again: 0.3 of one is 0.4 of the other
    assert middle(by_hfu.hardware_flop) == pytest.approx(8e22)
    assert middle(by_mfu.accelerator_hours) == pytest.approx(middle(by_hfu.accelerator_hours))
    assert middle(by_hfu.mfu) == pytest.approx(0.3)


def test_experiments_have_a_line_of_their_own() -> None:
    lines = result(accelerator="a1", accelerator_hours=1000, experiments_multiplier=1.5).cost_lines
    assert [(line.item, line.quantity) for line in lines] == [
        ("rental", pytest.approx(1000.0)),
        ("rental, experiments and failed runs", pytest.approx(500.0)),
    ]


def test_hours_beat_an_efficiency_and_say_so() -> None:
    answer = asked(**PLAIN, accelerator_hours=1000, mfu=0.4)
    assert answer.result.accelerator_hours == Range(1000.0, 1000.0, 1000.0)
    assert "efficiency-not-used" in codes(answer)


def test_the_hour_of_the_day_changes_nothing() -> None:
    morning = training_estimate(TrainingQuestion.model_validate(PLAIN), snapshot(), NOW.replace(hour=1))
    evening = training_estimate(TrainingQuestion.model_validate(PLAIN), snapshot(), NOW.replace(hour=23))
    assert morning.result == evening.result
