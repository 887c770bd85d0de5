"""Idle hours: billed as the others, at a lower draw; nothing is said of them where nobody asks."""

from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.provenance import Answer, Range
from tests.estimators.hardware_sample import NOW, row, snapshot

SAMPLE = snapshot()
MEASURED = snapshot(
    accelerators=[row("accelerators", id="a2", vendor="NVIDIA", name="A2", family="Hopper")],
    accelerator_power=[
        row("accelerator_power", accelerator="a2", scope="board", statistic="tdp", claim="rated", accelerator_count=1,
            watts=1000.0),
        row("accelerator_power", accelerator="a2", scope="board", statistic="idle", claim="measured",
            accelerator_count=1, watts=100.0),
    ],
)  # fmt: skip
HOURS: dict[str, Any] = {"accelerator": "a1", "accelerator_hours": 1000, "pue": 1.0}


def asked(catalog: Snapshot = SAMPLE, **fields: Any) -> Answer:
    return training_estimate(TrainingQuestion.model_validate(HOURS | fields), catalog, NOW)


def middle(interval: Range | None) -> float:
    assert interval is not None
    return float(interval.central)


def test_idle_hours_draw_a_stated_share() -> None:
    # 600 W at work, 0.3 of it idle, a quarter of the time: 450 + 45 W
    assert middle(asked(idle_fraction=0.25).result.energy_kwh) == pytest.approx(495)


def test_a_published_idle_draw_of_the_family_comes_first() -> None:
    answer = asked(MEASURED, idle_fraction=0.5)
    # 600 W at work, 500 W of them the chip's TDP; idle 100 W of host and a tenth of 500 W: 150 W; the mean 375 W
    assert middle(answer.result.energy_kwh) == pytest.approx(375)
    assumed = next(each for each in answer.assumptions if each.name == "idle_draw_fraction")
    assert (assumed.value, assumed.basis) == (pytest.approx(0.25), "derived")
    assert any("a2" in used.key for used in answer.rows)


def test_hours_rent_and_nameplate_stay() -> None:
    busy, idle = asked().result, asked(idle_fraction=0.5).result
    for name in ("accelerator_hours", "cost_usd_rental", "energy_kwh_nameplate"):
        assert getattr(busy, name) == getattr(idle, name)
    assert middle(idle.cost_usd_amortised) < middle(busy.cost_usd_amortised)  # less electricity


@pytest.mark.parametrize("fraction", [None, 0.0])
def test_without_idle_hours_nothing_is_said(fraction: float | None) -> None:
    plain, answer = asked(), asked(idle_fraction=fraction)
    assert answer.result == plain.result
    assert not [each for each in answer.assumptions if each.name.startswith("idle")]


def test_carbon_and_water_follow_the_energy() -> None:
    busy, idle = asked(kgco2e_per_kwh=0.2).result, asked(kgco2e_per_kwh=0.2, idle_fraction=1).result
    assert middle(idle.energy_kwh) == pytest.approx(0.3 * middle(busy.energy_kwh))
    ratio = middle(idle.emissions_kgco2e.location_based) / middle(busy.emissions_kgco2e.location_based)
    assert ratio == pytest.approx(0.3)


def test_a_power_of_your_own_is_the_draw_at_work() -> None:
    assert middle(asked(power_w=1000, idle_fraction=0.5).result.energy_kwh) == pytest.approx(650)


def test_a_hopper_node_idles_at_a_quarter(catalog: Snapshot) -> None:
    answer = asked(catalog, accelerator="h100-sxm", idle_fraction=0.5)
    assumed = next(each for each in answer.assumptions if each.name == "idle_draw_fraction")
    # 74.7 of 700 W (arXiv 2605.23918); the rest of some 870 W goes on
    assert 0.2 < assumed.value < 0.35
    assert asked(catalog, accelerator="a100-80gb", idle_fraction=0.5).result.energy_kwh is not None
