"""Dollars rented and owned: each basis by hand, experiments and interruptions on lines of their own."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.provenance import Answer, Range
from tests.estimators.training.asking import PLAIN, asked, codes, holds, middle, result


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
    lines = {line.item: float(line.usd or 0) for line in found.cost_lines}
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


def test_experiments_have_a_line_of_their_own() -> None:
    lines = result(accelerator="a1", accelerator_hours=1000, experiments_multiplier=1.5).cost_lines
    assert [(line.item, line.quantity) for line in lines] == [
        ("rental", pytest.approx(1000.0)),
        ("rental, experiments and failed runs", pytest.approx(500.0)),
    ]


@settings(max_examples=40, deadline=None)
@given(st.decimals("0.01", "50", places=4), st.decimals("0.01", "50", places=4))
def test_a_higher_price_never_lowers_the_cost(a: Decimal, b: Decimal) -> None:
    low, high = sorted((a, b))
    less, more = result(**PLAIN, usd_per_accelerator_hour=low), result(**PLAIN, usd_per_accelerator_hour=high)
    assert middle(more.cost_usd) >= middle(less.cost_usd)


@pytest.mark.parametrize(
    ("fields", "rental_usd"),
    [
        # AI Index 2024 and 2025 (Epoch AI): 78 M$ on 57 M A100-hours, 191 M$ on 132 M TPU v4-hours, 170 M$
        pytest.param({"accelerator_hours": 57e6, "accelerator": "A100-40GB", "date": "2023-03-01"}, 78e6, id="GPT-4"),
        pytest.param(
            {"training_flop": 2.1e25, "accelerator": "A100-40GB", "accelerator_count": 25_000, "date": "2023-03-01"},
            78e6,
            id="GPT-4 from its FLOP",
        ),
        pytest.param(
            {"accelerator_hours": 132e6, "accelerator": "TPUv4", "date": "2023-12-01"}, 191e6, id="Gemini Ultra"
        ),
        pytest.param(
            {"training_flop": 5e25, "accelerator": "TPUv4", "accelerator_count": 57_000, "date": "2023-12-01"},
            191e6,
            id="Gemini Ultra from its FLOP",
        ),
        pytest.param(
            {"accelerator_hours": 30.84e6, "accelerator": "h100-sxm", "date": "2024-07-01"}, 170e6, id="Llama 3.1 405B"
        ),
        pytest.param(
            {"model": "llama-3.1-405b", "tokens": 15.6e12, "accelerator": "h100-sxm", "accelerator_count": 16384,
             "date": "2024-07-01"},
            170e6,
            id="Llama 3.1 405B from the model",
        ),
    ],
)  # fmt: skip
def test_what_the_ai_index_reckons_in_rent_lies_in_our_range(
    catalog: Snapshot, fields: dict[str, Any], rental_usd: float
) -> None:
    assert holds(result(catalog, **fields).cost_usd_rental, rental_usd)


def test_what_epoch_reckons_in_owned_hardware_lies_in_our_range(catalog: Snapshot) -> None:
    found = result(
        catalog, accelerator_hours=30.84e6, accelerator="h100-sxm", date="2024-07-01", cost_basis="amortised"
    )
    assert holds(found.cost_usd, 60e6)
    assert holds(found.cost_usd, 51.26e6)  # training-cost-trends, component table


def test_the_publishers_price_in_effect_at_the_date(catalog: Snapshot) -> None:
    # AWS cut P5 from 98.32 to 55.04 $/h for 8 in June 2025
    before, after = (
        result(catalog, accelerator="h100-sxm", accelerator_hours=8, provider="aws", region="us-east-1", date=day)
        for day in ("2025-01-15", "2025-09-01")
    )
    assert middle(before.cost_usd) == pytest.approx(98.32, abs=0.01)
    assert middle(after.cost_usd) == pytest.approx(55.04, abs=0.01)


def test_what_is_owned_at_home_pays_no_data_centre(catalog: Snapshot) -> None:
    desk = {"model": "llama-3.1-8b", "tokens": 1e7, "method": "lora", "accelerator": "rtx-4090", "accelerator_count": 1}
    owned = desk | {"price_model": "owned", "grid_zone": "US-CA"}
    rack, home = asked(catalog, **owned), asked(catalog, **owned, place="Home")
    assert "place-assumed" in codes(rack)
    assert "place-assumed" not in codes(home) | codes(asked(catalog, **owned, place="data center"))
    bills = [
        {line.item: line.usd_per_unit for line in answer.result.cost_lines} | {"pue": pue(answer)}
        for answer in (rack, home)
    ]
    assert "cluster network, value lost" in bills[0]
    assert "cluster network, value lost" not in bills[1]
    assert (bills[1]["electricity"], bills[1]["pue"]) == (Decimal("0.2951"), 1.0)  # EIA: households of California, 2023
    assert home.result.cost_usd_hosting.central == 0
    assert middle(home.result.energy_kwh) == pytest.approx(middle(home.result.energy_kwh_it))


def pue(answer: Answer) -> float:
    """The overhead that an answer took."""
    return next(float(each.value) for each in answer.assumptions if each.name == "pue")


def test_a_rented_machine_stands_where_its_landlord_says(catalog: Snapshot) -> None:
    rented = asked(catalog, **PLAIN | {"accelerator": "rtx-4090"}, place="home")
    assert any(each.detail.startswith("place changes nothing") for each in rented.warnings)
