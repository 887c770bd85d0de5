"""The same question by page, curl, client and command line gives the same answer, from each form."""

import html
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import httpx
import msgspec
import pytest

from mlquote.web.pages.kinds import KINDS, CalculatorKind
from mlquote_client import Client
from tests.cli.conftest import Live, Ran

STARTS = [(kind, query) for kind in KINDS for query in kind.start.values()]
PINNED = "as_of=2026-11-20T00:00:00Z"
METHODS = {"/v1/plans/training": "plan_training", "/v1/plans/loss": "plan_loss"}


def _at(result: Any, path: str) -> Any:
    for part in path.split("."):
        result = result[int(part) if isinstance(result, list | tuple) else part]
    return result["central"] if isinstance(result, dict) else result


def _page(live: Live, kind: CalculatorKind, query: str) -> tuple[str, float, str]:
    """The path of the page's headline, its value, and its command for curl."""
    told = httpx.get(
        f"{live.url}/calculator/{kind.name}?{query}&{PINNED}", headers={"accept": "text/html"}, timeout=120
    ).text
    head = re.search(r'id="headline" data-name="([^"]+)" data-value="([^"]+)"', told)
    command = re.search(r'aria-label="curl">([^<]+)<', told)
    assert head and command, told[:2000]
    return head[1], float(head[2]), html.unescape(command[1])


@pytest.mark.parametrize(("kind", "query"), STARTS, ids=lambda each: each if isinstance(each, str) else each.name)
def test_page_curl_client_and_command_line_say_the_same(
    kind: CalculatorKind, query: str, live: Live, mlquote: Callable[..., Ran]
) -> None:
    path, value, command = _page(live, kind, query)
    asked = shlex.split(command.replace("&format=text", "&format=json"))
    curl = subprocess.run(asked, capture_output=True, check=True).stdout if shutil.which("curl") else b""
    by_curl = json.loads(curl or httpx.get(asked[-1], timeout=120).content)
    fields = [f"{name}={text}" for name, text in parse_qsl(f"{query}&{PINNED}")]
    way = ("estimate", kind.member.kind) if kind.asked_at.startswith("/v1/estimates/") else (kind.name,)
    by_shell = json.loads(mlquote(*way, *fields, "--server", live.url, "--format", "json").out)
    with Client(live.url, timeout=120) as client:
        ask = getattr(client, METHODS.get(kind.asked_at, kind.member.kind))
        body = kind.member.question.from_parameters(dict(parse_qsl(f"{query}&{PINNED}")))
        by_client = msgspec.to_builtins(ask(**body).result)
    for told in (by_curl["result"], by_shell["result"], by_client):
        assert float(_at(told, path)) == pytest.approx(value, rel=1e-12)
    assert by_curl["result"] == by_shell["result"]
