"""Who answers the command line: this process or a server, what a server's refusal means, and what is tried again."""

import json
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from mlquote.cli import quoting
from mlquote.cli.quoting import Local, Remote, located_quote
from mlquote.kit.errors import Conflict, Forbidden, Malformed, QuoteError, Unavailable, UnknownName
from mlquote.spend.checks import Report
from mlquote.spend.spec import read_spec

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SPEC = "[questions.chat]\nkind = 'inference'\nprovider = 'openai'\nmodel = 'gpt-4o'\nusage = { input_tokens = 1 }\n"
PROBLEM = {"detail": "no", "code": "unknown-model", "errors": [{"pointer": "/model", "detail": "no", "hint": "gpt-5"}]}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quoting.time, "sleep", lambda _: None)


def remote(*answers: httpx.Response) -> Remote:
    waiting = list(answers)
    return Remote("http://prices", httpx.MockTransport(lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]))


def refusal(status: int, **changes: Any) -> httpx.Response:
    return httpx.Response(status, json=PROBLEM | changes)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refusal(422), Malformed),
        (refusal(404), UnknownName),
        (refusal(409), Conflict),
        (refusal(403), Forbidden),
        (refusal(404, code="not-found"), Unavailable),
        (refusal(500, code="internal"), Unavailable),
        (refusal(503, code="unavailable"), Unavailable),
        (httpx.Response(422, text="<html>"), Unavailable),
        (httpx.Response(404, json={"detail": "x"}), Unavailable),
    ],
    ids=["422", "404", "409", "403", "no-path", "500", "503", "no-problem", "half-a-problem"],
)
def test_a_refusal_is_the_error_it_came_from(answer: httpx.Response, kind: type[QuoteError]) -> None:
    with pytest.raises(QuoteError) as refused:
        remote(answer).post("/v1/estimates/inference", {})
    assert type(refused.value) is kind


def test_the_servers_code_pointer_and_hint_are_kept_even_where_the_code_is_a_newer_one() -> None:
    with pytest.raises(UnknownName) as refused:
        remote(refusal(404, code="of-tomorrow")).post("/", {})
    assert refused.value.code == "of-tomorrow"
    assert (refused.value.faults[0].pointer, refused.value.faults[0].hint) == ("/model", "gpt-5")


def test_what_failed_on_the_way_is_tried_again() -> None:
    assert remote(refusal(503), refusal(429), httpx.Response(200, json={"ok": 0.1})).post("/", {})["ok"]


def test_an_answer_that_is_no_estimate_is_a_service_that_failed() -> None:
    (asked,) = read_spec(SPEC, "spec.toml").questions
    with pytest.raises(Unavailable, match="something else"):
        remote(httpx.Response(200, json={"status": "alive"})).quote(asked)


def test_only_the_questions_own_fields_are_sent() -> None:
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append((request.url.path, json.loads(request.content)))
        return refusal(422)

    text = "[serving.host]\nmodel = 'llama-3.1-8b'\naccelerator = 'h100-sxm'\nhours = 720\n"
    (asked,) = read_spec(text, "spec.toml").questions
    with pytest.raises(Malformed):
        Remote("http://prices", httpx.MockTransport(answer)).quote(asked)
    assert sent == [("/v1/estimates/serving", {"model": "llama-3.1-8b", "accelerator": "h100-sxm"})]


def test_a_fault_names_its_line_of_the_file() -> None:
    spec = read_spec(SPEC, "spec.toml")
    with pytest.raises(UnknownName) as refused:
        located_quote(remote(refusal(404)), spec, spec.questions[0])
    assert refused.value.faults[0].pointer == "spec.toml:4:questions.chat.model"


def test_this_process_answers_from_its_own_release_alone(monkeypatch: pytest.MonkeyPatch, catalog: Any) -> None:
    monkeypatch.setattr(quoting, "snapshot_from_files", lambda _: catalog)
    (asked,) = read_spec(SPEC + "release = '2020-01-01-00000000'\n", "spec.toml").questions
    with pytest.raises(UnknownName) as refused:
        Local(NOW).quote(asked)
    assert refused.value.code == "unknown-release"


HEAD = {"release": "r", "digest": "d", "as_of": "2026-01-01"}
RUBBISH = [
    httpx.Response(200, text="<html>"),
    httpx.Response(200, content=b"\xff"),
    httpx.Response(200, text="[" * 100_000),
    httpx.Response(200, json=[]),
    httpx.Response(200, json={"catalog": HEAD, "result": "x", "question": 1}),
    httpx.Response(200, json={"verdict": "pass"}),
]  # fmt: skip


@pytest.mark.parametrize("answer", RUBBISH, ids=["html", "bytes", "deep", "list", "half", "verdict-alone"])
def test_a_server_that_answers_rubbish_could_not_be_asked(answer: httpx.Response) -> None:
    spec = read_spec(SPEC, "spec.toml")
    with pytest.raises(Unavailable):
        remote(answer).quote(spec.questions[0])
    with pytest.raises(Unavailable):
        remote(answer).check("b", spec, {}, reserve=False, key=None)


def test_a_verdict_that_is_none_of_ours_never_passes() -> None:
    told = {field.name: None for field in fields(Report)} | {"verdict": "splendid"}
    with pytest.raises(Unavailable, match="splendid"):
        remote(httpx.Response(200, json=told)).check("b", read_spec(SPEC, "s.toml"), {}, reserve=False, key=None)


def test_a_page_for_browsers_is_no_answer() -> None:
    with pytest.raises(Unavailable, match="browsers"):
        remote(httpx.Response(200, html="<html>")).get("/v1/estimates/inference", {})


def test_a_key_that_no_header_can_carry_is_the_callers_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLQUOTE_API_KEY", "é")
    with pytest.raises(Malformed):
        Remote("http://prices")
