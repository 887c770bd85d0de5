"""The client in front of a real service: typed answers, exact money, problems, pages, and what is sent twice."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar

import numpy as np
import pytest

from mlquote_client import AsyncClient, Client, NoAnswer, Problem, UnexpectedAnswer, answers

CALL = {"provider": "openai", "model": "gpt-4o", "as_of": "2026-11-23"}
RUN = {"params": "8b", "tokens": "1T", "accelerator": "64xh100", "as_of": "2026-11-23"}


def test_money_comes_exactly_and_a_range_as_three_numbers(client: Client) -> None:
    quote = client.inference(input_tokens="1M", output_tokens=1, **CALL)
    assert quote.result.cost_usd == Decimal("2.50001")  # 1M at 2.50 $ and 1 at 10 $ a million
    assert isinstance(quote.result, answers.InferenceCost)
    assert quote.catalog.release in quote.links["self"]
    run = client.training(**RUN)
    assert isinstance(run.result.cost_usd.low, Decimal)
    assert run.result.cost_usd.low < run.result.cost_usd.central < run.result.cost_usd.high
    assert isinstance(run.result.energy_kwh.central, float)
    assert run.raw["result"]["cost_usd"]["central"] == run.result.cost_usd.central


def test_every_question_has_a_method_with_a_typed_answer(client: Client) -> None:
    hosted = client.serving(model="llama-3.1-8b", accelerator="h100")
    assert isinstance(hosted.result, answers.ServingResult)
    labels = client.annotation(task="boxes", items=120_000, provider="google").result
    assert isinstance(labels, answers.AnnotationResult)
    assert labels.cost_usd is not None
    ranked = client.compare(kind="inference", model=["gpt-4o", "gpt-4.1"], provider="openai", input_tokens=1000)
    assert ranked.result.rows[0]["choice"] == {"model": "gpt-4.1"}
    assert client.compare_releases(input_tokens=1000, since="2026-06-01", **CALL).result
    assert client.tokens(text="What does this model cost?", **CALL).result
    law = client.scaling_law(op="loss", N=7e9, D="1.4e11")
    assert law.raw["loss"] == pytest.approx(1.8172 + 482.01 / 7e9**0.3478 + 2085.43 / 1.4e11**0.3658, rel=1e-6)
    told = list(client.inference_batch([{**CALL, "input_tokens": 1_000_000}, {"model": "no-such-model"}]))
    assert told[0]["result"]["cost_usd"] == Decimal("2.5")
    assert told[1]["status"] in (404, 422)


def test_losses_take_arrays_as_they_are(client: Client) -> None:
    told = client.loss(loss="mse", predictions=np.array([1.0, 3.0]), targets=[0, 1], gradient=True)
    assert told.cost == 2.5  # (1 + 4) / 2
    assert told.gradient["predictions"] == [1.0, 2.0]
    long = np.zeros(50_000)
    assert client.loss(loss="mse", predictions=long, targets=long + 2).cost == 4.0
    assert client.about_loss("huber").parameters[0].name == "delta"
    assert client.penalty(penalties=[{"type": "l1", "lambda": 0.5, "theta": [1, -3]}]).raw["penalty"] == 2.0
    assert client.class_weights(scheme="balanced", labels=[0, 0, 0, 1]).raw["weights"]


def test_a_problem_carries_every_fault_and_an_address_that_is_answered(client: Client) -> None:
    with pytest.raises(Problem) as caught:
        client.training(params="8b", tokns="1T", accelerator="h100")
    problem = caught.value
    assert (problem.status, problem.code) == (422, "unknown-field")
    assert problem.errors[0].pointer == "/tokns"
    assert problem.hints == ("nearest: tokens",)
    assert problem.try_url is not None
    assert "try: http" in str(problem)
    path, _, query = problem.try_url.removeprefix("http://127.0.0.1:8000").partition("?")
    assert client.get(path, **dict(pair.split("=") for pair in query.split("&")))["result"]
    with pytest.raises(Problem) as unknown:
        client.budget("nobody")
    assert unknown.value.status == 404


def test_pages_are_followed_as_they_are_needed(client: Client) -> None:
    rows = list(client.rows("accelerators"))
    assert len(rows) == client.get("/v1/catalog/accelerators")["total"] > 100
    assert all(isinstance(row, answers.AcceleratorRow) for row in rows)
    prices = client.rows("token_prices", provider="openai", model="gpt-4o", limit=1)
    assert isinstance(next(iter(prices)).usd, Decimal)
    assert next(iter(client.facts("accelerators", "h100-sxm"))).memory_gb == 80
    assert len(list(client.history("token_prices", "deepseek-chat", provider="deepseek"))) > 5
    assert any(each.provider == "openai" for each in client.providers())
    assert next(iter(client.zones("oregon"))).zone == "US-OR"
    assert {table.table for table in client.catalog().tables} >= {"models"}


def test_budgets_are_put_checked_held_and_settled(client: Client) -> None:
    kept = client.put_budget("client-test", [{"figure": "cost_usd", "per": "month", "fail_above": "100"}], note="ours")
    assert kept.limits[0].fail_above == Decimal(100)
    asked = {"kind": "inference", **CALL, "input_tokens": "1M"}
    assert client.check("client-test", asked).verdict == "pass"
    held = client.check("client-test", asked, reserve=True, idempotency_key="k-1")
    again = client.check("client-test", asked, reserve=True, idempotency_key="k-1")
    assert held.reservation == again.reservation, "one key, one hold"
    assert held.reservation is not None
    settled = client.settle(held.reservation["id"], {"cost_usd": "2.25"})
    assert settled.spent is not None
    assert settled.spent["cost_usd"].central == Decimal("2.25")
    assert client.budget("client-test").standing[0].used == Decimal("2.25")
    assert [entry.act for entry in client.ledger("client-test")][:2] == ["reserve", "reserve"]
    assert client.ledger_audit("client-test").agrees_with_balances
    assert client.give_back(client.check("client-test", asked, reserve=True).reservation["id"]).state == "released"
    client.delete_budget("client-test")
    with pytest.raises(Problem):
        client.budget("client-test")


def test_a_usage_log_is_priced_from_mappings(client: Client) -> None:
    line = {"timestamp": "2026-11-20", "provider": "openai", "model": "gpt-4o", "usage": {"input_tokens": 1_000_000}}
    bill = client.price_usage([line, line], by="model")
    assert (bill.lines, bill.cost_usd) == (2, Decimal(5))
    assert bill.totals[0].quantities["input_tokens"] == Decimal(2_000_000)


def test_it_can_be_awaited(served: tuple[str, str]) -> None:
    async def asked() -> tuple[Decimal | None, int]:
        async with AsyncClient(served[0]) as waiting:
            quotes = await asyncio.gather(*(waiting.inference(input_tokens="1M", **CALL) for _ in range(3)))
            rows = [row async for row in waiting.rows("accelerators", limit=150)]
        return quotes[0].result.cost_usd, len(rows)

    cost, count = asyncio.run(asked())
    assert cost == Decimal("2.5")
    assert count > 150


def test_an_answer_is_drawn_in_text_and_in_html(client: Client) -> None:
    run = client.training(**RUN)
    assert "cost_usd: " in repr(run)
    assert all(len(line) < 100 for line in repr(run).splitlines())
    drawn = run._repr_html_()
    assert "eight in ten" in drawn
    assert drawn.count("<svg") > 5
    widths = re.findall(r"<rect x='([\d.]+)' y='3' width='([\d.]+)'", drawn)
    assert all(float(x) >= 0 and float(x) + float(width) <= 160 for x, width in widths)
    names = {figure.name: figure for figure in run.figures()}
    assert names["cost_usd"].unit == "$"
    assert names["memory.fits"].text == "true"


class Flaky(BaseHTTPRequestHandler):
    """Answers 503 so many times, then what a service would."""

    failing = 2
    seen: ClassVar[list[str]] = []

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        type(self).seen.append(self.headers.get("Idempotency-Key") or self.command)
        failing = len(type(self).seen) <= type(self).failing
        body = b'{"detail": "busy", "code": "unavailable"}' if failing else b'{"codes": [], "is_kept": 0.10}'
        self.send_response(503 if failing else 200)
        self.send_header("Content-Type", "application/problem+json" if failing else "application/json")
        self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer  # noqa: N815  # http.server's names

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def flaky(failing: int) -> Iterator[Client]:
    Flaky.failing, Flaky.seen = failing, []
    with HTTPServer(("127.0.0.1", 0), Flaky) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        with Client(f"http://127.0.0.1:{server.server_port}") as asking:
            yield asking
        server.shutdown()
        thread.join()


def test_what_may_be_sent_twice_is_and_what_may_not_is_not() -> None:
    with flaky(2) as asking:
        assert asking.codes().codes == ()
        assert Flaky.seen == ["GET"] * 3
    with flaky(9) as asking:
        with pytest.raises(Problem) as caught:
            asking.codes()
        assert (caught.value.status, len(Flaky.seen)) == (503, 3)
    with flaky(2) as asking:
        with pytest.raises(Problem):
            asking.ask("/v1/keys", name="x")
        assert len(Flaky.seen) == 1
    with flaky(2) as asking:
        with pytest.raises(UnexpectedAnswer, match="older"):
            asking.settle("res_1", {"cost_usd": 1})
        assert len(set(Flaky.seen)) == 1, "each attempt bears the same key"
        assert len(Flaky.seen) == 3


def test_nobody_there_is_said_with_the_address() -> None:
    with Client("http://127.0.0.1:9", retries=0) as asking, pytest.raises(NoAnswer, match=r"127\.0\.0\.1:9/v1/codes"):
        asking.codes()
