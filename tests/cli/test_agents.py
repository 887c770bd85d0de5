"""An agent's door, asked by the protocol's own client: in memory, and over standard input and output."""

import sys
from typing import Any

import anyio
import msgspec
import pytest
from mcp import Client, StdioServerParameters

from mlquote.catalog.snapshot import Snapshot
from mlquote.cli import quoting
from mlquote.cli.agents import agents_server
from mlquote.cli.quoting import Local

TOOLS = {"estimate", "fields", "compare", "price", "check_budget", "catalog"}


@pytest.fixture
def local(catalog: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Local:
    """Who answers: the bundled catalogue, already read."""
    monkeypatch.setattr(quoting, "snapshot_from_files", lambda _: catalog)
    return Local()


def _ask(local: Local, tool: str, **arguments: Any) -> tuple[bool, str]:
    async def asked() -> tuple[bool, str]:
        async with Client(agents_server(local)) as client:
            answer = await client.call_tool(tool, arguments)
            return bool(answer.is_error), answer.content[0].text

    return anyio.run(asked)


def _told(local: Local, tool: str, **arguments: Any) -> Any:
    failed, text = _ask(local, tool, **arguments)
    assert not failed, text
    return msgspec.json.decode(text)


def test_every_tool_only_reads(local: Local) -> None:
    async def listed() -> Any:
        async with Client(agents_server(local)) as client:
            return (await client.list_tools()).tools

    tools = anyio.run(listed)
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)


def test_a_price_is_the_list_price(local: Local) -> None:
    told = _told(local, "price", model="gpt-4o", provider="openai", as_of="2026-06-01")
    assert (told["result"]["usd_per_mtok"]["input"], told["result"]["usd_per_mtok"]["output"]) == (2.5, 10)
    assert told["catalog"]["release"]


def test_an_estimate_is_that_of_the_service(local: Local) -> None:
    question = {"model": "llama-3.1-8b", "tokens": "15T", "accelerator": "h100-sxm", "as_of": "2026-06-01"}
    told = _told(local, "estimate", kind="training", question=question)
    assert set(told) == {"result", "warnings", "catalog"}
    whole = _told(local, "estimate", kind="training", question=question, detail="full")
    assert told["result"] == whole["result"]
    assert whole["question"]["tokens"] == 15e12


def test_a_fault_says_what_would_be_right(local: Local) -> None:
    failed, text = _ask(local, "estimate", kind="training", question={"model": "llama-3.1-8b", "acelerator": "h100"})
    assert failed
    assert "acelerator" in text
    assert "accelerator" in text.replace("acelerator", "")
    assert _ask(local, "estimate", kind="trainig", question={})[0]
    assert "nearest" in _ask(local, "catalog", table="modells")[1]


def test_fields_are_named_and_an_example_is_answered(local: Local) -> None:
    told = _told(local, "fields", kind="serving")
    assert told["fields"]["accelerator"]
    assert _told(local, "estimate", kind="serving", question=told["example"])["result"]


def test_a_check_holds_nothing_and_says_its_verdict(local: Local) -> None:
    asked = {"kind": "inference", "provider": "openai", "model": "gpt-4o", "as_of": "2026-06-01", "requests": 1000,
             "usage": {"input_tokens": 2000, "output_tokens": 500}}  # fmt: skip
    for most, verdict in ((10, "pass"), (9.99, "fail")):
        told = _told(local, "check_budget", questions=[asked], limits=[{"figure": "cost_usd", "fail_above": most}])
        assert (told["verdict"], told["reservation"]) == (verdict, None)
    assert _ask(local, "check_budget", questions=[asked], limits=[{"figure": "dollars"}])[0]


def test_the_catalogue_is_looked_up_by_any_part_of_a_name(local: Local) -> None:
    told = _told(local, "catalog", table="accelerators", query="H100")
    assert {"h100-sxm5-80gb"} <= {row["id"] for row in told["rows"]}
    assert told["shown"] <= 20 <= _told(local, "catalog", table="token_prices", query="gpt")["found"]


def test_a_comparison_ranks(local: Local) -> None:
    question = {"model": ["gpt-4o", "gpt-4o-mini"], "provider": "openai", "usage": {"input_tokens": 1000}}
    told = _told(local, "compare", kind="inference", question=question)
    assert "gpt-4o-mini" in msgspec.json.encode(told["result"]["rows"][0]).decode()


def test_the_command_speaks_over_standard_input_and_output() -> None:
    async def asked() -> str:
        command = StdioServerParameters(command=sys.executable, args=["-m", "mlquote", "mcp"])
        async with Client(command, read_timeout_seconds=60) as client:
            answer = await client.call_tool("price", {"model": "gpt-4o", "provider": "openai"})
            return str(answer.content[0].text)

    assert msgspec.json.decode(anyio.run(asked))["result"]["cost_usd"] is not None
