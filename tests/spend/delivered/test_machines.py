"""Files of machines: hours of accelerators and energy, each once, whatever repeats them."""

import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mlquote.catalog.snapshot import Snapshot
from tests.spend.delivered.reading import answered, bad_lines, codes, csv, ndjson

SACCT = "JobID|JobIDRaw|Account|State|Start|End|ElapsedRaw|AllocTRES"
EIGHT = "billing=96,cpu=96,gres/gpu:a100=8,gres/gpu=8,mem=512G,node=1"


def job(
    name: str = "1",
    seconds: str = "5400",
    tres: str = EIGHT,
    start: str = "2026-11-02T08:00:00",
    state: str = "COMPLETED",
) -> str:
    """A row of sacct."""
    return f"{name}|{name.partition('_')[0]}|nlp|{state}|{start}|2026-11-02T09:30:00|{seconds}|{tres}"


def test_a_job_counts_once_and_its_steps_do_not(catalog: Snapshot) -> None:
    """8 A100 for 5,400 s are 12 hours; with three steps they would be 48."""
    rows = (job(), *(job(f"1.{step}") for step in ("batch", "extern", "0")))
    answer = answered(csv(SACCT, *rows), catalog, by="label.account")
    assert (answer["read_as"], answer["accelerator_hours"]) == ("sacct", {"a100-sxm4-80gb": 12})
    assert (answer["totals"][0]["label.account"], "lines-passed-over" in codes(answer)) == ("nlp", True)
    assert (answer["cost_usd"], answer["calls"]) == (None, 0)


def test_each_run_of_a_requeued_job_counts_and_one_exported_twice_does_not(catalog: Snapshot) -> None:
    """(5,000 + 7,000 + 9,000) s * 8 / 3,600 = 46.667 hours."""
    runs = [
        job(seconds=s, start=f"2026-11-02T{hour}:00:00") for s, hour in (("5000", "08"), ("7000", "12"), ("9000", "16"))
    ]
    answer = answered(csv(SACCT, *runs, runs[1]), catalog)
    assert answer["accelerator_hours"] == {"a100-sxm4-80gb": Decimal("46.666666666667")}
    assert (answer["repeated_lines"], "repeated-answers" in codes(answer)) == (1, True)


@pytest.mark.parametrize(
    ("tres", "hours"),
    [
        pytest.param("cpu=4,gres/gpu=2", {"untyped": 3}, id="no type"),
        pytest.param(
            "gres/gpu:a100=1,gres/gpu:h100=1,gres/gpu=2", {"a100-sxm4-80gb": 1.5, "h100-sxm5-80gb": 1.5}, id="two"
        ),
        pytest.param("gres/gpu:l40s=1,gres/gpu=3", {"l40s": 1.5, "untyped": 3}, id="a type of one of three"),
        pytest.param("gres/gpu:weird=2", {"weird": 3}, id="a part that nobody knows, as spelled"),
        pytest.param("cpu=4,mem=16G", None, id="processors alone"),
    ],
)
def test_the_two_spellings_of_a_device_are_one(catalog: Snapshot, tres: str, hours: Any) -> None:
    answer = answered(csv(SACCT, job(tres=tres)), catalog)
    assert answer.get("accelerator_hours") == hours


def test_pending_arrays_running_jobs_and_odd_ends(catalog: Snapshot) -> None:
    """One hour each of three of an array and of a heterogeneous job; the rest of the array waits."""
    rows = [job(f"20_{n}", "3600", "gres/gpu:a100=1").replace("|20|", f"|2{n}|") for n in range(3)]
    rows.append("20_[3-9]|20|nlp|PENDING|Unknown|Unknown|0|")
    rows.append(job("60+1", "3600", "gres/gpu:a100=1", state="CANCELLED by 1001"))
    rows.append("70|70|nlp|RUNNING|2026-11-02T08:00:00|Unknown|7200|gres/gpu:a100=1")
    answer = answered(csv(SACCT, *rows), catalog)
    assert answer["accelerator_hours"] == {"a100-sxm4-80gb": 6}
    assert {"still-running", "lines-passed-over"} <= codes(answer)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(csv(f"{SACCT}|", f"{job()}|"), id="a mark ends each line"),
        pytest.param(csv(SACCT, f"{job()}|"), id="a mark ends the rows alone"),
        pytest.param(b"\xef\xbb\xbf" + csv(SACCT, job()).replace(b"\n", b"\r\n"), id="as Windows writes it"),
        pytest.param(
            csv("AllocTRES|Elapsed|Start|JobID|State", f"{EIGHT}|01:30:00|2026-11-02T08:00:00|1|COMPLETED"),
            id="other columns, elapsed as a clock",
        ),
    ],
)
def test_sacct_in_any_dress(catalog: Snapshot, body: bytes) -> None:
    assert answered(body, catalog)["accelerator_hours"] == {"a100-sxm4-80gb": 12}


def test_a_jobs_times_are_the_clusters_own(catalog: Snapshot) -> None:
    """00:30 in Zurich on the 3rd is 23:30 UTC on the 2nd."""
    rows = csv(SACCT, job(start="2026-11-03T00:30:00"))
    told = [
        answered(rows, catalog, by="day", zone=zone)["totals"][0]["day"]
        for zone in (ZoneInfo("Europe/Zurich"), ZoneInfo("UTC"))
    ]
    assert told == ["2026-11-03", "2026-11-03"]


def test_damage_in_sacct_costs_its_line(catalog: Snapshot) -> None:
    rows = (job(), job("2", "-5"), "3|3|cut", job("4", tres="gres/gpu=eight"), job("5", start="tomorrow"))
    answer = answered(csv(SACCT, *rows), catalog)
    assert (bad_lines(answer), answer["accelerator_hours"]) == ([3, 4, 5, 6], {"a100-sxm4-80gb": 12})


POD = "Date,Namespace,ControllerName,Pod,Container,GPUs,GPUCost,TotalCost,Labels"


def test_opencost_tells_no_hours_and_a_day_is_their_bound(catalog: Snapshot) -> None:
    """4 GPUs are at most 96 hours; what is idle stands apart."""
    rows = ('2026-11-02,search,d,p,main,4,240,241.41,"{""team"": ""search"", ""gpu"": ""h100""}"',)
    rows += ("2026-11-02,__idle__,,__idle__,__idle__,0,120,125,{}", "02/11/26,search,d,p,main,2,120,121,{}")
    answer = answered(csv(POD, *rows), catalog, by="label.namespace")
    assert (answer["read_as"], answer["at_most_accelerator_hours"]) == ("opencost", {"h100-sxm5-80gb": 96})
    assert "accelerator_hours" not in answer
    assert (answer["reported_usd"], answer["idle_reported_usd"]) == (Decimal("241.41"), 125)
    assert (bad_lines(answer), "hours-not-told" in codes(answer)) == ([4], True)


def allocated(name: str, day: int, hours: float, days: int = 1) -> dict[str, Any]:
    """An allocation of Kubecost."""
    window = {"start": f"2026-11-{day:02}T00:00:00Z", "end": f"2026-11-{day + days:02}T00:00:00Z"}
    return {
        "name": name,
        "properties": {"namespace": name, "labels": {"team": name}},
        "window": window,
        "start": window["start"],
        "minutes": 90,
        "gpuHours": hours,
        "totalCost": 10.5,
    }


@pytest.mark.parametrize("indent", [None, 1])
def test_kubecost_tells_hours_and_a_sum_beside_its_steps_is_not_added(catalog: Snapshot, indent: int | None) -> None:
    """4 GPUs for 90 minutes are 6 hours, on two days; the set of both days is their sum."""
    steps = [{"search": allocated("search", day, 6)} for day in (2, 3)]
    whole = {"search": allocated("search", 2, 12, days=2)}
    idle = {"__idle__": allocated("__idle__", 2, 18), "bad": allocated("bad", 2, -1)}
    data = [{**steps[0], **idle}, steps[1], whole]
    answer = answered(json.dumps({"code": 200, "data": data}, indent=indent).encode(), catalog, by="label.namespace")
    assert (answer["read_as"], answer["accelerator_hours"]) == ("kubecost", {"untyped": 12})
    assert answer["idle_accelerator_hours"] == {"untyped": 18}
    assert (answer["repeated_lines"], answer["malformed_lines"][0].errors[0]["pointer"]) == (1, "/data/0/bad/gpuHours")


def test_a_run_of_codecarbon_counts_as_its_last_line_says(catalog: Snapshot) -> None:
    """1.0, then 2.0 kWh: 2.0. Eight boards for 3,600 s are 8 hours."""
    header = "timestamp,project_name,run_id,duration,emissions,energy_consumed,gpu_count,gpu_model"
    rows = ["2026-11-03T10:00:00,ranker,a,1800,0.25,1.0,8,8 x NVIDIA H100 80GB HBM3"]
    rows += ["2026-11-03T11:00:00,ranker,a,3600,0.5,2.0,8,8 x NVIDIA H100 80GB HBM3"]
    rows += ["2026-11-03T11:00:00,ranker,b,3600,0.5,NaN,8,8 x NVIDIA H100 80GB HBM3", "2026-11-03T11:00:00,x"]
    rows += ["2026-11-03T11:00:00,cpu,c,3600,0.25,1.0,,"]
    answer = answered(csv(header, *rows), catalog)
    assert (answer["read_as"], answer["energy_kwh"], answer["emissions_kgco2e"]) == ("codecarbon", 3, Decimal("0.75"))
    assert answer["accelerator_hours"] == {"h100-sxm5-80gb": 8}
    assert (bad_lines(answer), answer["repeated_lines"]) == ([4, 5], 1)


DCGM = "timestamp,metric,UUID,modelName,namespace,pod,value"
ENERGY = "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"


def sample(at: int, value: object, namespace: str = "search", metric: str = ENERGY, board: str = "GPU-0") -> str:
    """A sample of a counter."""
    pod = f"{namespace}-0" if namespace else ""
    return f"{at},{metric},{board},NVIDIA H100 80GB HBM3,{namespace},{pod},{value}"


def test_a_counter_of_millijoules_is_told_by_its_differences(catalog: Snapshot) -> None:
    """1.0e9 to 4.6e9 mJ are 3.6e9 / 3.6e9 = 1 kWh, whatever the order of the lines."""
    rows = (sample(1_793_581_200, 4_600_000_000), sample(1_793_577_600, 1_000_000_000))
    rows += (
        sample(1_793_577_600, 7, metric="DCGM_FI_DEV_GPU_UTIL"),
        sample(1_793_577_600, -3),
        sample(1_793_577_600, "x"),
    )
    answer = answered(csv(DCGM, *rows), catalog)
    assert (answer["read_as"], answer["energy_kwh"], bad_lines(answer)) == ("dcgm", 1, [5, 6])


@pytest.mark.parametrize(
    ("rows", "kwh"),
    [
        pytest.param((sample(0, 9e9), sample(60, 7.2e9)), 2, id="a fall begins anew at nothing"),
        pytest.param(
            (sample(0, 0, metric=f"{ENERGY}_JOULES"), sample(60, 3_600_000, metric=f"{ENERGY}_JOULES")), 1, id="J"
        ),
        pytest.param(
            (sample(0, 0), sample(0, 0, "other"), sample(60, 3.6e9), sample(60, 3.6e9, "other")), 1, id="shared"
        ),
        pytest.param(
            (sample(0, 0), sample(60, 3.6e9), sample(0, 0, board="GPU-1"), sample(60, 7.2e9, board="GPU-1")),
            3,
            id="two",
        ),
    ],
)
def test_counters_that_fall_are_renamed_or_shared(catalog: Snapshot, rows: tuple[str, ...], kwh: int) -> None:
    assert answered(csv(DCGM, *rows), catalog)["energy_kwh"] == kwh


def test_an_interval_is_the_pods_at_its_beginning_and_nobodys_is_idle(catalog: Snapshot) -> None:
    rows = (sample(0, 0, "a"), sample(60, 3.6e9, "b"), sample(120, 10.8e9, ""), sample(180, 14.4e9, ""))
    answer = answered(csv(DCGM, *rows), catalog, by="label.namespace")
    told = {total["label.namespace"]: total.get("energy_kwh") for total in answer["totals"]}
    assert (told, answer["energy_kwh"], answer["idle_energy_kwh"]) == ({"a": 1, "b": 2, None: None}, 3, 1)


def test_prometheus_answers_a_range(catalog: Snapshot) -> None:
    labels = {"__name__": ENERGY, "UUID": "GPU-0", "exported_namespace": "search"}
    series = {"metric": labels, "values": [[0, "1000000000"], [60, "4600000000"]]}
    answer = answered(ndjson({"status": "success", "data": {"resultType": "matrix", "result": [series]}}), catalog)
    assert (answer["read_as"], answer["energy_kwh"]) == ("dcgm", 1)
