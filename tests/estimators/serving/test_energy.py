"""Watts by scope, joules and carbon, and the doubt they carry."""

from datetime import datetime
from math import hypot, log

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.constants import constants_of
from mlquote.formulas.uncertainty import Z80
from tests.estimators.serving.asking import BIG, LLAMA, asked, assumption, central, result
from tests.estimators.serving.test_constants import SETTING


def test_power_grows_by_scope_and_energy_is_power_over_tokens(catalog: Snapshot, now: datetime) -> None:
    found = {
        s: result(catalog, now, **LLAMA, concurrency=32, power_scope=s, pue=1.25) for s in ("gpu", "wall", "facility")
    }
    assert central(found["facility"].power_w) == pytest.approx(1.25 * central(found["wall"].power_w))
    assert central(found["gpu"].power_w) < central(found["wall"].power_w)
    one = found["gpu"]
    assert central(one.joules_per_output_token) == pytest.approx(
        central(one.power_w) / central(one.output_tokens_per_s)
    )
    assert one.kgco2e_per_mtok == found["facility"].kgco2e_per_mtok


ASSUMED = {"model": "llama-3.1-8b", "accelerator": "mi210", "accelerator_count": 1, "concurrency": 4}


def test_the_doubt_of_an_assumed_tdp_reaches_the_watts(catalog: Snapshot, now: datetime) -> None:
    """Residual and TDP are apart: sqrt(s_residual^2 + 0.15^2)."""
    answer = asked(catalog, now, **ASSUMED, power_scope="gpu")
    residual = assumption(answer, "residual.power")
    own = log(float(residual.high or 0) / float(residual.low or 1)) / (2 * Z80)
    drawn = answer.result.power_w
    assert log(drawn.high / drawn.central) == pytest.approx(Z80 * hypot(own, 0.15))


@pytest.mark.parametrize("headline", ["joules_per_output_token", "kgco2e_per_mtok", "usd_per_mtok.output"])
def test_the_doubt_of_an_assumed_tdp_reaches_what_is_counted_of_it(
    catalog: Snapshot, now: datetime, headline: str
) -> None:
    shares = asked(catalog, now, **ASSUMED, price_model="owned").result.variance_shares[headline]
    assert shares["tdp_w"] > 0


def test_joules_of_the_chips_alone_are_as_far_off_as_the_held_out_runs(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, **LLAMA, concurrency=32, power_scope="gpu")
    residual, each = assumption(answer, "residual.joules"), answer.result.joules_per_output_token
    assert each.low / each.central == pytest.approx(float(residual.low or 0))
    assert each.high / each.central == pytest.approx(float(residual.high or 0))


def test_through_the_meter_joules_carry_the_doubt_of_the_pue(catalog: Snapshot, now: datetime) -> None:
    chips, meter = (asked(catalog, now, **LLAMA, concurrency=32, power_scope=scope) for scope in ("gpu", "facility"))
    ratios = [each.result.joules_per_output_token for each in (chips, meter)]
    assert ratios[0].high / ratios[0].central < ratios[1].high / ratios[1].central
    assert "pue" in meter.result.variance_shares["joules_per_output_token"]
    assert "pue" not in chips.result.variance_shares["joules_per_output_token"]


def test_a_measured_draw_has_no_residual(catalog: Snapshot, now: datetime) -> None:
    """900 W x 1.2 through the meter."""
    answer = asked(catalog, now, **LLAMA, concurrency=32, power_w=900, pue=1.2)
    assert central(answer.result.power_w_by_scope["facility"]) == pytest.approx(1080)
    assert answer.result.power_w_by_scope["gpu"] is None
    assert all(each.name != "residual.power" for each in answer.assumptions)


def test_an_idle_machine_draws_its_idle_power(catalog: Snapshot, now: datetime) -> None:
    """A sequence is in flight 0.03 % of the time: 4 parts of 700 W at the fitted idle draw."""
    fields = BIG | {"weight_dtype": "fp8", "output_tokens": 256, "requests_per_s": 1e-4, "power_scope": "gpu"}
    idle = constants_of(SETTING, catalog).value.habits.idle_draw
    assert central(result(catalog, now, **fields).power_w) == pytest.approx(idle * 2800, rel=0.01)
