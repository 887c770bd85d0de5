"""mlquote price-usage: the same bill as POST /v1/usage/cost, and exit codes that tell whether it is whole."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Live, Ran

# openai.com/api/pricing: gpt-4o is $2.50 per million tokens in
LINE = {"provider": "openai", "model": "gpt-4o", "usage": {"input_tokens": 1_000_000}, "timestamp": "2026-11-01"}


def log(*lines: dict) -> Path:
    path = Path("usage.ndjson")
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    return path


def test_a_log_is_priced_here_as_on_a_server(mlquote: Callable[..., Ran], live: Live) -> None:
    path = log(LINE, LINE | {"timestamp": "2026-11-02"})
    own = mlquote("price-usage", path, "--by", "day", "--format", "json")
    assert own.code == 0
    answer = json.loads(own.out)
    assert [(total["day"], total["cost_usd"]) for total in answer["totals"]] == [
        ("2026-11-01", 2.5),
        ("2026-11-02", 2.5),
    ]
    served = json.loads(mlquote("price-usage", path, "--by", "day", "--format", "json", "--server", live.url).out)
    assert served["totals"] == answer["totals"]
    assert mlquote("price-usage", path, "--format", "csv", "--by", "day").out.startswith("day,lines,")
    assert "cost_usd" in mlquote("price-usage", path).out


def test_machines_are_priced_here_as_on_a_server(mlquote: Callable[..., Ran], live: Live) -> None:
    """8 H100 for 5,400 s at $2.10: 12 x 2.10 = $25.20."""
    head, job = (
        "JobID|JobIDRaw|Account|State|Start|End|ElapsedRaw|AllocTRES",
        "2026-11-02T09:30:00|5400|gres/gpu:h100=8",
    )
    Path("sacct.txt").write_text(f"{head}\n1|1|nlp|COMPLETED|2026-11-02T08:00:00|{job}\n", "utf-8")
    terms = ("--price-model", "owned", "--usd-per-accelerator-hour", "2.10", "--grid-zone", "DE", "--pue", "1.2")
    own, served = (
        json.loads(mlquote("price-usage", "sacct.txt", *terms, "--format", "json", *where).out)
        for where in ((), ("--server", live.url))
    )
    assert own["machines"]["cost_usd"]["central"] == 25.2
    assert own["machines"] == served["machines"]
    assert mlquote("price-usage", "sacct.txt", "--pue", "0.5").code == 2
    assert "machine_provider" in mlquote("price-usage", "sacct.txt", "--machine-region", "us-east-1").err
    assert mlquote("price-usage", "sacct.txt", "--price-model", "leased").code == 2


def test_charges_are_written_whole_beside_the_bill_and_read_again(mlquote: Callable[..., Ran], live: Live) -> None:
    path = log(LINE, LINE | {"timestamp": "2026-11-02"})
    own = mlquote("price-usage", path, "--focus", "-")
    assert (own.code, own.out.count("\n"), own.out.startswith("AvailabilityZone,BilledCost,")) == (0, 3, True)
    assert mlquote("price-usage", path, "--focus", "-", "--server", live.url).out == own.out
    assert "cost_usd" in mlquote("price-usage", path, "--focus", "charges.parquet").out
    assert [file.name for file in Path().iterdir() if "charges" in file.name] == ["charges.parquet"]
    back = json.loads(mlquote("price-usage", "charges.parquet", "--format", "json").out)
    assert (back["billed_usd"], back["lines"]) == (5, 2)
    assert mlquote("price-usage", path, "--focus", "-", "--focus-version", "0.5").code == 2
    assert mlquote("price-usage", path, "--focus", "no/such/folder.csv").code == 2


def test_a_bill_beside_its_log_says_what_of_it_the_log_has_not(mlquote: Callable[..., Ran]) -> None:
    """2 M tokens billed at 2.25 for 2.50, and 1 M logged: 4.50 - 2.50 = 2.50 of other usage - 0.50 of discount."""
    header = "BilledCost,ListCost,BillingCurrency,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,"
    header += "ProviderName,SkuId,SkuMeter"
    row = "4.5,5.0,USD,2026-11-01T00:00:00Z,2000000.0,Tokens,OpenAI,openai/gpt-4o/input_tokens,input_tokens"
    Path("bill.csv").write_text(f"{header}\n{row}\n", "utf-8")
    answer = json.loads(mlquote("price-usage", log(LINE), "bill.csv", "--format", "json").out)
    beside = answer["billed_beside_priced"]
    assert (beside["billed_usd"], beside["priced_usd"], beside["difference_usd"]) == (4.5, 2.5, 2)
    assert {one["cause"]: one["usd"] for one in beside["causes"]} == {"other-usage": 2.5, "negotiated-discount": -0.5}
    assert [(one["file"], one["first_line"]) for one in beside["causes"] if one["first_line"]] == [("bill.csv", 2)]
    assert (answer["quantities"], answer["billed_quantities"]) == ({"input_tokens": 10**6}, {"input_tokens": 2 * 10**6})
    assert "negotiated-discount" in mlquote("price-usage", "bill.csv").out


@pytest.mark.parametrize(
    ("line", "code"),
    [(LINE | {"model": "gpt-4oo"}, 2), (LINE | {"timestamp": "2020-01-01"}, 3)],
    ids=["bad", "unpriced"],
)
def test_a_bill_that_is_not_whole_says_so(mlquote: Callable[..., Ran], line: dict, code: int) -> None:
    ran = mlquote("price-usage", log(LINE, line), "--format", "json")
    assert (ran.code, json.loads(ran.out)["cost_usd"], json.loads(ran.out)["priced_usd"]) == (code, None, 2.5)


def test_standard_input_is_read_and_nonsense_refused(mlquote: Callable[..., Ran], monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(LINE).encode())))
    assert mlquote("price-usage", "-").code == 0
    assert mlquote("price-usage", "missing.csv").code == 2
    assert "nearest: day" in mlquote("price-usage", log(LINE), "--by", "dya").err
