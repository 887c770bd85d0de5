"""Hours of machines in dollars, energy and carbon: as a training run's, what is measured first, idle hours apart."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.kinds import TRAINING
from mlquote.kit.errors import QuoteError
from mlquote.kit.provenance import Range
from mlquote.spend.delivered.walk import Delivery, read_delivered
from mlquote.spend.machine_terms import MachineAsked
from mlquote.spend.usage import bill, told

CALL = '{"provider":"openai","model":"gpt-4o","usage":{"input_tokens":1},"timestamp":"2026-11-01"}'
HEAD = "JobID|JobIDRaw|Account|State|Submit|Start|End|ElapsedRaw|NNodes|AllocTRES"
# 8 accelerators for 5,400 s are 12 accelerator-hours, 4 for 3,600 s are 4.
JOBS = [
    HEAD,
    "1|1|nlp|COMPLETED|2026-11-20T08:00:00|2026-11-20T08:00:00|2026-11-20T09:30:00|5400|1|cpu=96,gres/gpu:h100=8,node=1",
    "2|2|cv|COMPLETED|2026-11-20T08:00:00|2026-11-20T08:00:00|2026-11-20T09:00:00|3600|1|cpu=96,gres/gpu:h100=4,node=1",
]


def answered(catalog: Snapshot, now: datetime, lines: list[str], source: str | None, **terms: Any) -> dict[str, Any]:
    read = read_delivered(["\n".join(lines).encode()], Delivery(source, "", None, UTC))
    whole = bill(read, catalog, now, ("label.account",) if source == "sacct" else ())
    whole.terms = MachineAsked(**terms).machine_terms
    return told(whole, catalog, now)


def test_hours_cost_draw_and_emit_what_a_training_run_of_as_many_does(catalog: Snapshot, now: datetime) -> None:
    answer = answered(catalog, now, JOBS, "sacct", machine_provider="aws", machine_region="us-east-1")
    asked = {"accelerator": "h100-sxm", "accelerator_hours": 16, "provider": "aws", "region": "us-east-1",
             "as_of": "2026-11-20"}  # fmt: skip
    run = TRAINING.estimate(TRAINING.question.model_validate(asked), catalog, now).result
    machines = answer["machines"]
    assert machines.energy_kwh.central == pytest.approx(run.energy_kwh.central)
    assert machines.energy_kwh.high == pytest.approx(run.energy_kwh.high)
    assert machines.cost_usd == run.cost_usd
    by_team = {total["label.account"]: total["machines"].cost_usd.central for total in answer["totals"]}
    assert by_team["nlp"] == pytest.approx(3 * by_team["cv"])
    rests = answer["machines_rest_on"]
    assert {"usd_per_accelerator_hour", "power_w", "pue", "kgco2e_per_kwh"} <= {
        one.name for one in rests["assumptions"]
    }
    assert {"rental_prices", "grid_intensity"} <= {row.table for row in rests["rows"]}


def test_a_rate_that_is_given_is_exact(catalog: Snapshot, now: datetime) -> None:
    answer = answered(catalog, now, JOBS, "sacct", usd_per_accelerator_hour=Decimal("2.10"))
    exact = Decimal("33.6")  # 16 h x $2.10
    assert answer["machines"].cost_usd == answer["calls_and_machines_usd"] == Range(exact, exact, exact)


def test_owned_hours_cost_what_an_owners_training_run_does(catalog: Snapshot, now: datetime) -> None:
    answer = answered(catalog, now, JOBS, "sacct", price_model="owned", pue=1.2)
    asked = {"accelerator": "h100-sxm", "accelerator_hours": 16, "price_model": "owned", "pue": 1.2,
             "as_of": "2026-11-20"}  # fmt: skip
    run = TRAINING.estimate(TRAINING.question.model_validate(asked), catalog, now).result
    mine, theirs = answer["machines"].cost_usd, run.cost_usd
    assert float(mine.central) == pytest.approx(float(theirs.central))
    assert float(mine.high) == pytest.approx(float(theirs.high))
    assert "purchase_prices" in {row.table for row in answer["machines_rest_on"]["rows"]}


def test_terms_that_change_nothing_are_named(catalog: Snapshot, now: datetime) -> None:
    def unused(lines: list[str], source: str | None, **terms: Any) -> list[str]:
        said = answered(catalog, now, lines, source, **terms)["warnings"]
        return [one.detail for one in said if one.code == "field-not-used"]

    given = {"usd_per_accelerator_hour": Decimal(2)}
    assert unused(JOBS, "sacct", price_model="owned", **given) == []
    assert unused(JOBS, "sacct", price_model="spot", **given) == [
        "price_model changes nothing: usd_per_accelerator_hour is given"
    ]
    assert unused([CALL], None, pue=1.2, grid_zone="DE") == [
        f"{name} changes nothing: no line of the log is of machines" for name in ("grid_zone", "pue")
    ]


RUN_HEAD = "timestamp,run_id,duration,emissions,energy_consumed,cloud_provider,cloud_region,gpu_model,gpu_count"


def test_a_lines_own_region_decides_its_price_and_grid(catalog: Snapshot, now: datetime) -> None:
    def told_of(region: str, **terms: Any) -> dict[str, Any]:
        run = f"2026-11-20T08:00:00,r,3600,,8,aws,{region},8 x NVIDIA H100 80GB HBM3,8"
        return answered(catalog, now, [RUN_HEAD, run], "codecarbon", **terms)

    own = told_of("eu-north-1", machine_provider="gcp", machine_region="us-central1", grid_zone="PL")
    same = told_of("", machine_provider="aws", machine_region="eu-north-1")
    assert own["machines"] == same["machines"]
    unused = {one.detail for one in own["warnings"] if one.code == "field-not-used"}
    assert unused == {
        f"{name} changes nothing: every line of machines says its own region"
        for name in ("grid_zone", "machine_region")
    }
    lost = told_of("narnia-1", machine_provider="aws", machine_region="eu-north-1")
    assert lost["machines"] == same["machines"]
    assert any("region narnia-1 of lines of machines" in one.detail for one in lost["warnings"])


def test_a_place_that_nobody_knows_is_refused_by_its_own_field(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(QuoteError) as refused:
        answered(catalog, now, JOBS, "sacct", machine_provider="aws", machine_region="us-east-99")
    assert refused.value.faults[0].pointer == "/machine_region"


def test_what_was_measured_goes_before_what_is_estimated(catalog: Snapshot, now: datetime) -> None:
    # 1e9 to 4.6e9 mJ are 3.6e9 mJ: 1 kWh at the board, 1.2 through the meter of a building of PUE 1.2.
    head = "timestamp,metric,gpu,UUID,modelName,Hostname,namespace,pod,value"
    row = "{},DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION,0,GPU-1,NVIDIA H100 80GB HBM3,a,nlp,p,{}"
    lines = [head, row.format(1795161600, 1_000_000_000), row.format(1795165200, 4_600_000_000)]
    answer = answered(catalog, now, lines, "dcgm", pue=1.2)
    assert answer["energy_kwh"] == 1
    assert answer["machines"].energy_kwh.central == pytest.approx(1.2)
    assert "measured_energy" in {one.name for one in answer["machines_rest_on"]["assumptions"]}


def test_a_part_that_nobody_knows_is_a_stated_gap_and_never_zero(catalog: Snapshot, now: datetime) -> None:
    answer = answered(catalog, now, [HEAD, JOBS[1].replace("h100", "abacus9"), JOBS[2]], "sacct")
    machines = answer["machines"]
    assert machines.unpriced_accelerator_hours == {"abacus9": 12}
    assert machines.cost_usd is not None and machines.energy_kwh is None and machines.emissions_kgco2e is None
    said = {warning.code: warning.detail for warning in answer["warnings"]}
    assert said["machines-not-priced"] == "no price is known of 12 h of abacus9"
