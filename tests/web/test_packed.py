"""Packed bodies are unpacked as they come, and their limit counts what comes out."""

import asyncio
import gzip
import json
import resource
from collections.abc import Callable

import httpx
import pytest
import zstandard
from fastapi import FastAPI

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.web.guards.packed import Gzip, Zstd
from tests.web.conftest import NOW, Client

QUOTE = {"provider": "openai", "model": "gpt-4o-2024-08-06", "usage": {"input_tokens": 4_000_000}}
PACKED: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "zstd": zstandard.ZstdCompressor().compress}
STREAMS = {"gzip": Gzip, "zstd": Zstd}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory):
    """A service that takes 100 kB of a quote and 1 MB of a batch."""
    database = tmp_path_factory.mktemp("packed") / "mlquote.sqlite3"
    limits = {"max_config_bytes": 100_000, "max_body_bytes": 100_000, "max_batch_bytes": 1_000_000}
    app = create_app(Settings(database_url=f"sqlite:///{database}", **limits), now=lambda: NOW)
    yield app
    app.state.engine.dispose()


def post(app: FastAPI, path: str, body: bytes, coding: str) -> httpx.Response:
    headers = {"Content-Type": "application/json", "Content-Encoding": coding}
    return Client(app).request("POST", path, content=body, headers=headers)


@pytest.mark.parametrize("coding", PACKED)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/estimates/inference", QUOTE),
        ("/v1/losses/evaluate", {"loss": "mse", "predictions": [1.0], "targets": [3.0]}),
        ("/v1/estimates/inference/batch", [QUOTE, QUOTE]),
        ("/v1/usage/cost", [{"model": "gpt-4o", "input_tokens": 1}]),
    ],
)
def test_every_route_answers_a_packed_body_as_it_does_the_same_unpacked(client, path, body, coding) -> None:
    content = json.dumps(body).encode()
    plain = client.request("POST", path, content=content, headers={"Content-Type": "application/json"})
    packed = post(client.app, path, PACKED[coding](content), coding)
    assert (packed.status_code, packed.text) == (plain.status_code, plain.text) and plain.status_code == 200


def test_several_members_and_frames_are_one_body(client) -> None:
    content = json.dumps(QUOTE).encode()
    for coding, pack in PACKED.items():
        answer = post(client.app, "/v1/estimates/inference", pack(content[:20]) + pack(content[20:]), coding)
        assert answer.json()["result"]["cost_usd"] == 10, coding
    assert post(client.app, "/v1/estimates/inference", content, "identity").status_code == 200
    assert post(client.app, "/v1/estimates/inference", gzip.compress(content), "X-GZip").status_code == 200


@pytest.mark.parametrize("coding", PACKED)
def test_a_bomb_is_refused_at_the_limit_of_what_comes_out(small: FastAPI, coding: str) -> None:
    bomb = PACKED[coding](b" " * 300_000_000)
    assert len(bomb) < 400_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for path in ("/v1/estimates/inference", "/v1/estimates/inference/batch"):
        answer = post(small, path, bomb, coding)
        assert answer.status_code == 413, answer.text
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024, "kB"


@pytest.mark.parametrize("coding", PACKED)
def test_one_piece_of_a_bomb_stays_small(coding: str) -> None:
    bomb = PACKED[coding](b" " * 300_000_000)
    assert max(len(piece) for piece, _ in zip(STREAMS[coding]().pieces(bomb), range(20), strict=False)) <= 8 * 2**20


def test_a_stream_without_end_that_unpacks_to_nothing_is_refused(small: FastAPI) -> None:
    assert post(small, "/v1/estimates/inference", gzip.compress(b"") * 10_000, "gzip").status_code == 413


@pytest.mark.parametrize(
    ("coding", "body", "said"),
    [
        ("gzip", b"{}", "not packed as it says"),
        ("zstd", b"{}" * 20, "not packed as it says"),
        ("gzip", gzip.compress(json.dumps(QUOTE).encode())[:-9], "ends in the middle"),
        ("zstd", PACKED["zstd"](json.dumps(QUOTE).encode())[:-3], "ends in the middle"),
        ("gzip", b"", "ends in the middle"),
    ],
    ids=["no gzip", "no zstd", "cut gzip", "cut zstd", "empty"],
)
def test_what_is_not_packed_as_it_says_is_refused(client, coding: str, body: bytes, said: str) -> None:
    answer = post(client.app, "/v1/estimates/inference", body, coding)
    assert answer.status_code == 422 and said in answer.json()["detail"]
    assert answer.json()["errors"][0]["pointer"] == "/Content-Encoding"


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "compress"])
def test_a_coding_that_nobody_reads_is_415_with_those_that_are(client, coding: str) -> None:
    answer = post(client.app, "/v1/estimates/inference", b"{}", coding)
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "gzip, zstd")
    assert answer.json()["code"] == "unknown-coding"


def test_a_body_is_unpacked_however_it_is_cut() -> None:
    content = bytes(range(256)) * 4000
    for coding, pack in PACKED.items():
        packed, stream = pack(content), STREAMS[coding]()
        out = b"".join(piece for at in range(len(packed)) for piece in stream.pieces(packed[at : at + 1]))
        assert out == content and stream.is_whole(), coding


def test_others_are_answered_while_a_body_is_unpacked(small: FastAPI) -> None:
    async def both() -> bool:
        transport = httpx.ASGITransport(small)
        async with httpx.AsyncClient(transport=transport, base_url="http://mlquote") as client:
            headers = {"Content-Encoding": "gzip"}
            content = gzip.compress(b" " * 900_000 + b"[]")
            long = asyncio.create_task(client.post("/v1/estimates/inference/batch", content=content, headers=headers))
            await client.get("/healthz")
            return not long.done()

    assert asyncio.run(both())
