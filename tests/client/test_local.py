"""`mlquote.local()` answers as the service behind a socket does, byte for byte."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

import mlquote
from mlquote.web.openapi.examples import EXAMPLES
from mlquote_client import Client, Problem

PINNED = {"as_of": "2026-11-23", "release": ""}
ASKED = [
    (path, dict(EXAMPLES["GET", path].query))
    for method, path in EXAMPLES
    if method == "GET" and path.startswith(("/v1/estimates/", "/v1/plans/"))
]
METHOD = {"inference/tokens": "tokens"}
"""What the client calls an estimate that is called otherwise than its path."""


def nested(query: dict[str, object]) -> dict[str, object]:
    """Fields as Python has them: a dot in a query's name is an object's field."""
    fields: dict[str, object] = {}
    for name, value in query.items():
        *outer, last = name.split(".")
        place: Any = fields
        for each in outer:
            place = place.setdefault(each, {})
        place[last] = value
    return fields


@pytest.fixture(scope="module")
def local() -> Iterator[Client]:
    with mlquote.local() as asking:
        yield asking


@pytest.mark.parametrize(("path", "query"), ASKED, ids=[path for path, _ in ASKED])
def test_the_bytes_are_those_of_http(client: Client, local: Client, path: str, query: dict[str, object]) -> None:
    pinned: dict[str, Any] = {**nested(query), "as_of": "2026-11-23", "release": client.catalog().release.id}
    name = path.removeprefix("/v1/estimates/").replace("/v1/plans/", "plan_")
    there, here = (getattr(each, METHOD.get(name, name))(**pinned) for each in (client, local))
    assert here.content == there.content
    assert here == there


def test_a_refusal_is_the_same_too(client: Client, local: Client) -> None:
    told = []
    for each in (client, local):
        with pytest.raises(Problem) as caught:
            each.training(params="8b", tokns="1T", accelerator="h100")
        told.append((caught.value.raw, str(caught.value)))
    assert told[0] == told[1]


def test_it_has_budgets_of_its_own_and_pages(local: Client) -> None:
    kept = local.put_budget("mine", [{"figure": "cost_usd", "fail_above": "0.50"}])
    assert kept.limits[0].fail_above == Decimal("0.50")
    assert local.check("mine", {"kind": "inference", "model": "gpt-4o", "input_tokens": "1M"}).verdict == "fail"
    assert len(list(local.rows("accelerators", limit=100))) > 100
