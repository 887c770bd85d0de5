"""A field's name announces its unit."""

import pytest

from mlquote.kit.units import FLOP_PER_PETAFLOP_DAY, unit_of


@pytest.mark.parametrize(
    ("name", "unit"),
    [("cost_usd", "$"), ("energy_kwh_nameplate", "kWh"), ("usd_per_mtok", "$/Mtok"), ("ttft_ms", "ms"), ("layers", ""),
     ("training_flop", "FLOP"), ("ttft_ms_median", "ms"), ("output_tokens_per_s", "tok/s"), ("accelerator_hours", "h"),
     ("power_w_by_scope", "W"), ("joules_per_output_token", "J/token")],
)  # fmt: skip
def test_a_suffix_or_a_word_after_it_names_the_unit(name: str, unit: str) -> None:
    assert unit_of(name) == unit


def test_a_petaflop_day_is_a_quadrillion_a_second_for_a_day() -> None:
    assert FLOP_PER_PETAFLOP_DAY == 1e15 * 86_400
