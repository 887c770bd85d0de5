"""What may be kept: tags that hold in every encoding, 304 for whoever has it, and for ever only what never changes."""

import gzip

import brotli
import pytest
import zstandard

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import create_key
from mlquote.web.guards.caching import LASTING
from tests.web.conftest import NOW, Client

RUN = "/v1/estimates/training?model=llama-3.1-8b&tokens=15e12&accelerator=h100-sxm&accelerator_count=1024"
CALL = "/v1/estimates/inference?provider=openai&model=gpt-4o&input_tokens=1000"
UNPACK = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}


def raw(client: Client, path: str, **headers: str):
    return client.request("GET", path, headers={"accept-encoding": "identity"} | headers)


@pytest.mark.parametrize("encoding", UNPACK)
def test_an_answer_is_packed_on_request_under_the_same_tag(client: Client, encoding: str) -> None:
    plain, packed = raw(client, RUN), raw(client, RUN, **{"accept-encoding": encoding})
    assert packed.headers["content-encoding"] == encoding
    assert packed.content == plain.content, "httpx unpacked it"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2.5
    assert packed.headers["etag"] == plain.headers["etag"]
    assert {"Accept", "Accept-Encoding"} <= {each.strip() for each in packed.headers["vary"].split(",")}


@pytest.mark.parametrize("asked", ["identity", "gzip;q=0", "compress", ""])
def test_what_is_not_asked_or_is_small_stays_as_it_is(client: Client, asked: str) -> None:
    assert "content-encoding" not in raw(client, RUN, **{"accept-encoding": asked}).headers
    assert "content-encoding" not in raw(client, "/healthz", **{"accept-encoding": "gzip"}).headers


def test_a_long_problem_is_packed_too(client: Client) -> None:
    answer = client.request("POST", "/v1/estimates/training", json={f"a{n}": 1 for n in range(50)})
    assert answer.status_code == 422 and "content-encoding" in answer.headers


@pytest.mark.parametrize("face", ["json", "text", "csv"])
def test_whoever_holds_the_answer_gets_304_without_it(client: Client, face: str) -> None:
    first = raw(client, f"{RUN}&format={face}")
    tag = first.headers["etag"]
    for held in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = raw(client, f"{RUN}&format={face}", **{"if-none-match": held})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag and "Accept" in again.headers["vary"]
    assert raw(client, f"{RUN}&format={face}", **{"if-none-match": '"other"'}).status_code == 200


def test_each_face_has_a_tag_of_its_own(client: Client) -> None:
    assert len({raw(client, f"{RUN}&format={face}").headers["etag"] for face in ("json", "text", "csv")}) == 3


def test_only_a_pinned_answer_lasts(client: Client) -> None:
    release = client.get("/v1/catalog").json()["release"]["id"]
    pinned = f"{RUN}&release={release}&as_of=2026-11-01"
    assert raw(client, pinned).headers["cache-control"] == LASTING
    for loose in (RUN, f"{RUN}&release={release}", f"{RUN}&as_of=2026-11-01"):
        assert raw(client, loose).headers["cache-control"] == "no-cache", loose
    later = raw(client, f"{RUN}&release={release}&as_of=2027-06-01")
    assert "as-of-in-future" in later.text and later.headers["cache-control"] == "no-cache"


def test_a_price_that_ends_is_asked_about_again(client: Client) -> None:
    ending = next(
        row
        for row in client.get("/v1/catalog/token_prices", limit=1000, q="gemini").json()["rows"]
        + client.get("/v1/catalog/token_prices", limit=1000, as_of="2026-11-23").json()["rows"]
        if row["effective_to"] is not None and row["effective_to"] > "2026-11-24" and row["meter"] == "input"
    )
    release = client.get("/v1/catalog").json()["release"]["id"]
    path = f"/v1/estimates/inference?provider={ending['provider']}&model={ending['model']}&input_tokens=10"
    answer = raw(client, f"{path}&release={release}&as_of=2026-11-23")
    assert "price-ends" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_the_state_of_the_service_is_never_kept(client: Client, path: str) -> None:
    answer = raw(client, path)
    assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers


def test_a_problem_and_an_answer_to_post_have_no_tag(client: Client) -> None:
    body = {"provider": "openai", "model": "gpt-4o", "usage": {"input_tokens": 1}}
    assert "etag" not in client.post("/v1/estimates/inference", body).headers
    assert "etag" not in client.get("/v1/estimates/inference", model="nobody").headers


def test_a_closed_service_lets_no_shared_cache_keep_its_answers(tmp_path) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'a.sqlite3'}", require_key=True), now=lambda: NOW)
    _, text = create_key(app.state.engine, "reader", ["budgets:reserve"], now=NOW, by="test")
    closed, key = Client(app), {"x-api-key": text}
    release = app.state.snapshots.current.release.id
    pinned = raw(closed, f"{CALL}&release={release}&as_of=2026-11-01", **key)
    assert pinned.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert raw(closed, CALL, **key).headers["cache-control"] == "private, no-cache"
    assert raw(closed, CALL, **{"if-none-match": "*"}).status_code == 401, "a tag is no key"
    app.state.engine.dispose()
