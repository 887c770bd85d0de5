"""A part by figures of one's own: over a catalogue's, or of a part that it lacks; nothing is invented beside them."""

from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.own_part import AcceleratorFigures, unused_figures
from mlquote.estimators.machines.ownership import capital_of
from mlquote.estimators.machines.parts import accelerator_of
from mlquote.estimators.machines.peaks import peaks_of
from mlquote.estimators.machines.power import draw_of
from mlquote.formulas.ownership import cluster_value, value_loss_per_hour
from mlquote.kit.errors import OutOfDomain, UnknownName
from tests.estimators.hardware_sample import NOW, snapshot
from tests.estimators.serving import asking as serving
from tests.estimators.training import asking as training

CATALOG = snapshot()
FULL: dict[str, Any] = {
    "memory_gb": 96, "memory_gb_per_s": 3000, "peak_tflop_per_s": {"bf16": 500}, "tdp_w": 600, "usd_per_hour": "2",
    "purchase_usd": "20000",
}  # fmt: skip
TUNED = {"model": "llama-3.1-8b", "tokens": 1e8, "method": "lora", "accelerator_count": 1}


def part(name: str, **figures: Any) -> Any:
    return accelerator_of(name, CATALOG, NOW, AcceleratorFigures(**figures))


def test_figures_stand_for_a_catalogue_parts() -> None:
    found = part("a1", memory_gb=48, peak_tflop_per_s={"BF16": 250})
    assert (found.value.memory_gb, found.value.family) == (48, "Hopper")
    peaks = peaks_of(found.value, "bf16", CATALOG).value
    assert peaks is not None
    assert (peaks.own, peaks.rows) == (250e12, ())  # a rate that was given rests on no row
    assert [(each.name, each.value, each.basis, each.why) for each in found.assumptions] == [
        ("accelerator_figures.memory_gb", 48, "given", "given; the catalogue has 80"),
        ("accelerator_figures.peak_tflop_per_s.bf16", 250, "given", "given in the question"),
    ]
    assert [each.code for each in found.warnings] == ["accelerator-figures-given"]


def test_a_part_that_the_catalogue_lacks_has_what_was_given_and_nothing_else() -> None:
    found = part("My chip", peak_tflop_per_s={"bf16": 250})
    assert (found.value.id, found.value.memory_gb, found.rows) == ("My chip", None, ())
    assert [each.code for each in found.warnings] == ["accelerator-not-in-catalogue"]
    draw = draw_of(found.value, CATALOG)
    assert (draw.nameplate.value, draw.system.value) == (None, None)
    assert capital_of(found.value, CATALOG, NOW).value is None


def test_no_figures_are_no_part() -> None:
    with pytest.raises(UnknownName):
        part("My chip")
    assert part("a1") == accelerator_of("a1", CATALOG, NOW)


def test_a_given_power_carries_the_host_of_other_parts() -> None:
    draw = draw_of(part("My chip", tdp_w=600).value, CATALOG)
    assert (draw.nameplate.value, draw.system.value) != (None, None)
    assert draw.nameplate.value is not None
    assert draw.system.value is not None
    assert draw.system.value.median == pytest.approx(600 * 1.2)  # the sample's ratio of any part


def test_a_given_price_is_what_the_chip_costs_today() -> None:
    capital = capital_of(part("My chip", purchase_usd=20_000).value, CATALOG, NOW).value
    assert capital is not None
    whole = cluster_value(20_000, 1.64, 0.19)
    assert capital.usd_per_hour.median == pytest.approx(value_loss_per_hour(whole, 0.14))


@pytest.mark.parametrize(
    "slip",
    [
        pytest.param({"memory_gb": 80e9}, id="bytes-for-gb"),
        pytest.param({"peak_tflop_per_s": {"bf16": 989e12}}, id="flop-for-tflop"),
        pytest.param({"memory_gb_per_s": 3.35e12}, id="bytes-for-gb-per-s"),
        pytest.param({"peak_tflop_per_s": {"bf17": 989}}, id="no-such-dtype"),
        pytest.param({"memory": 80}, id="no-such-figure"),
    ],
)
def test_slips_of_a_unit_are_refused(slip: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AcceleratorFigures(**slip)


def test_what_changes_nothing_is_named() -> None:
    figures = AcceleratorFigures(tdp_w=300, peak_tflop_per_s={"bf16": 10, "fp8": 20})
    used = {"tdp_w": False, "peak_tflop_per_s": False, "peak_tflop_per_s.bf16": True}
    said = unused_figures(figures, used, {"tdp_w": "no energy", "peak_tflop_per_s": "another dtype"})
    assert [each.detail.split(" ")[0] for each in said] == [
        "accelerator_figures.peak_tflop_per_s.fp8", "accelerator_figures.tdp_w",
    ]  # fmt: skip


def test_a_bigger_card_holds_what_a_smaller_one_does_not(catalog: Snapshot) -> None:
    small, big = ({}, {"accelerator_figures": {"memory_gb": 48}})
    asked = TUNED | {"accelerator": "rtx-4090", "sequence_length": 2048}
    fits = [training.result(catalog, **asked, **each).memory for each in (small, big)]
    assert [need.fits for need in fits if need is not None] == [False, True]


def test_a_part_nobody_ran_on_has_a_wider_range_and_is_told(catalog: Snapshot) -> None:
    mine = training.asked(catalog, **TUNED, accelerator="My chip", accelerator_figures=FULL)
    known = training.asked(catalog, **TUNED, accelerator="mi300x")
    widths = [answer.result.accelerator_hours.high / answer.result.accelerator_hours.low for answer in (mine, known)]
    assert widths[0] > 1.5 * widths[1]
    assert {"accelerator-not-in-catalogue", "no-measured-runs"} <= training.codes(mine)
    assert "field-not-used" in training.codes(mine)  # its bandwidth
    hours = mine.result.accelerator_hours.central
    assert float(mine.result.cost_usd_rental.central) == pytest.approx(2 * hours, rel=1e-2)
    assert mine.result.cost_usd_amortised is not None


def test_what_nobody_gave_is_null_or_refused(catalog: Snapshot) -> None:
    bare = training.result(
        catalog, **TUNED, accelerator="My chip", accelerator_figures={"peak_tflop_per_s": {"bf16": 9}}
    )
    assert (bare.cost_usd, bare.energy_kwh) == (None, None)
    assert bare.memory is not None
    assert bare.memory.fits is None
    with pytest.raises(OutOfDomain, match="no dense rate"):
        training.asked(catalog, **TUNED, accelerator="My chip", accelerator_figures={"memory_gb": 9})


def test_an_h100_with_the_memory_of_an_h200_serves_as_one(catalog: Snapshot, now: datetime) -> None:
    asked = serving.LLAMA | {"concurrency": 16}
    figures = {"memory_gb_per_s": 4800, "memory_gb": 141}
    made = serving.result(catalog, now, **asked, accelerator_figures=figures)
    h200 = serving.result(catalog, now, **asked | {"accelerator": "h200-sxm"})
    assert serving.central(made.output_tokens_per_s) == pytest.approx(
        serving.central(h200.output_tokens_per_s), rel=1e-3
    )


def test_a_part_of_ones_own_serves_within_its_bandwidth(catalog: Snapshot, now: datetime) -> None:
    asked = serving.LLAMA | {"accelerator": "My chip", "concurrency": 1}
    answer = serving.asked(catalog, now, **asked, accelerator_figures=FULL)
    assert serving.central(answer.result.tpot_ms) > 16.06e9 / 3000e9 * 1000  # its weights over its bandwidth
    assert {"accelerator-not-in-catalogue", "no-measured-runs"} <= serving.codes(answer)
    assert answer.result.usd_per_hour.central == 2
    with pytest.raises(OutOfDomain, match="is not published") as refused:
        serving.asked(catalog, now, **asked, accelerator_figures={"memory_gb": 96})
    assert "accelerator_figures" in refused.value.faults[0].hint
