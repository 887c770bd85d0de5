"""Releases published and withdrawn over HTTP: whole or not at all, by whoever may, and told in every answer."""

import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import create_key
from mlquote.store.engine import migrate, open_engine
from mlquote.store.releases import import_folder
from tests.store.sample import token_price, write
from tests.web.conftest import NOW, Client

PATH = "/v1/catalog/releases"
OLD, NEW = "2027-01-01", "2027-01-02"
BECAUSE = "acme-1 was read from the wrong column"
QUESTION = {"provider": "acme", "model": "acme-1", "usage": {"input_tokens": 1_000_000}}


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[FastAPI]:
    engine = open_engine(database_url)
    migrate(engine)
    import_folder(engine, write(tmp_path / "old", token_prices=[token_price()], published_on=OLD), now=NOW)
    engine.dispose()
    made = create_app(Settings(database_url=database_url, max_release_bytes=200_000), now=lambda: NOW)
    yield made
    made.state.desks.close(wait=True)  # that a key was used is written when nobody waits any more
    made.state.engine.dispose()


@pytest.fixture
def key(app: FastAPI) -> dict[str, str]:
    _, text = create_key(app.state.engine, "publisher", ["catalog:write"], now=NOW, by="test")
    return {"authorization": f"Bearer {text}"}


def files(place: Path, usd: str = "2.50", day: str = NEW, **tables: list[dict[str, str]]) -> dict[str, str]:
    folder = write(place / f"sent-{usd}", token_prices=[token_price(usd=usd)], published_on=day, **tables)
    return {path.name: path.read_text() for path in folder.iterdir()}


def packed(texts: dict[str, str], kind: str) -> bytes:
    held = io.BytesIO()
    if kind == "application/zip":
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in texts.items():
                archive.writestr(f"pricing_data/{name}", text)
    elif kind == "application/gzip":
        with tarfile.open(fileobj=held, mode="w:gz") as archive:
            for name, text in texts.items():
                member = tarfile.TarInfo(f"./{name}")
                member.size = len(text.encode())
                archive.addfile(member, io.BytesIO(text.encode()))
    else:
        return json.dumps({"files": texts}).encode()
    return held.getvalue()


def send(app: FastAPI, key: dict[str, str], body: bytes, kind: str = "application/json") -> httpx.Response:
    return Client(app).request("POST", PATH, content=body, headers=key | {"content-type": kind})


def quoted(app: FastAPI, **more: str) -> dict:
    return Client(app).post("/v1/estimates/inference", QUESTION | more).json()


@pytest.mark.parametrize("kind", ["application/json", "application/zip", "application/gzip"])
def test_a_release_is_published_and_answers_at_once(app: FastAPI, key: dict, tmp_path: Path, kind: str) -> None:
    old = app.state.snapshots.current.release.id
    sent = send(app, key, packed(files(tmp_path), kind), kind)
    assert (sent.status_code, sent.json()["is_new"]) == (201, True)
    assert (sent.json()["added_rows"], sent.json()["retracted_rows"]) == (1, 1)
    assert sent.json()["release"]["id"].startswith(NEW)
    assert quoted(app)["result"]["cost_usd"] == 2.5
    assert quoted(app, release=old)["result"]["cost_usd"] == 3


def test_the_same_release_twice_changes_nothing(app: FastAPI, key: dict, tmp_path: Path) -> None:
    body = packed(files(tmp_path), "application/json")
    first, again = send(app, key, body), send(app, key, body)
    assert (first.status_code, again.status_code, again.json()["is_new"]) == (201, 200, False)
    assert first.json()["release"]["digest"] == again.json()["release"]["digest"]
    listed = Client(app).get(PATH).json()["releases"]
    assert [release["id"][:10] for release in listed] == [NEW, OLD]


def test_faults_come_back_as_file_row_and_column_and_nothing_is_published(
    app: FastAPI, key: dict, tmp_path: Path
) -> None:
    texts = files(tmp_path, accelerators=[{"id": "a1", "memory_gb": "much", "export": "false", "status": "available"}])
    answer = send(app, key, packed(texts, "application/zip"), "application/zip")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-catalog")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "accelerators.csv:2:memory_gb" in [fault["pointer"] for fault in answer.json()["errors"]]
    assert quoted(app)["result"]["cost_usd"] == 3


def test_a_table_left_out_is_named_and_not_emptied(app: FastAPI, key: dict, tmp_path: Path) -> None:
    texts = files(tmp_path)
    del texts["token_prices.csv"]
    answer = send(app, key, packed(texts, "application/json"))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "token_prices.csv:1:")
    assert "holds 1 rows" in answer.json()["errors"][0]["detail"]


def test_an_old_stamp_is_a_conflict(app: FastAPI, key: dict, tmp_path: Path) -> None:
    answer = send(app, key, packed(files(tmp_path, day=OLD), "application/json"))
    assert (answer.status_code, answer.json()["code"]) == (409, "release-stamp-in-use")


@pytest.mark.parametrize(
    ("name", "pointer"),
    [("../release.toml", "/files/../release.toml"), ("/etc/passwd.csv", "/files//etc/passwd.csv"),
     ("nothing.csv", "/files/nothing.csv"), ("token_prices/../../x.csv", "/files/token_prices/../../x.csv")],
    ids=["above", "absolute", "no table", "out of the folder"],
)  # fmt: skip
def test_a_file_that_is_none_of_a_catalogues_is_refused(app: FastAPI, key: dict, name: str, pointer: str) -> None:
    for kind in ("application/json", "application/gzip"):
        held = {name: "x"}
        body = packed(held, kind) if kind == "application/json" or name[0] != "/" else packed({name[1:]: "x"}, kind)
        answer = send(app, key, body, kind)
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert send(app, key, packed(held, "application/json")).json()["errors"][0]["pointer"] == pointer


def test_links_in_an_archive_are_refused(app: FastAPI, key: dict) -> None:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        link = tarfile.TarInfo("release.toml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    answer = send(app, key, held.getvalue(), "application/gzip")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/files/release.toml")


@pytest.mark.parametrize("kind", ["application/zip", "application/gzip"])
def test_what_unpacks_beyond_the_limit_is_413(app: FastAPI, key: dict, kind: str) -> None:
    body = packed({"token_prices.csv": "0" * 5_000_000}, kind)
    assert len(body) < 200_000
    assert send(app, key, body, kind).status_code == 413


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"no zip", "application/zip"), (b"no tar", "application/gzip"), (b"{", "application/json"),
     (b'{"files": {"release.toml": 1}}', "application/json"), (b'{"file": {}}', "application/json"),
     (b'{"files": {}}', "application/json"), (b"a,b", "text/csv"), (b"", "")],
    ids=["zip", "tar", "json", "no text", "misspelt", "empty", "csv", "nothing"],
)  # fmt: skip
def test_a_body_that_holds_no_release_is_422(app: FastAPI, key: dict, body: bytes, kind: str) -> None:
    assert send(app, key, body, kind).status_code == 422


def test_only_a_key_with_the_scope_publishes_or_withdraws(app: FastAPI, key: dict, tmp_path: Path) -> None:
    _, text = create_key(app.state.engine, "reader", ["budgets:write"], now=NOW, by="test")
    release = app.state.snapshots.current.release.id
    for path, body in ((PATH, packed(files(tmp_path), "application/json")), (f"{PATH}/{release}/withdrawal", b"{}")):
        headers = {"content-type": "application/json"}
        assert Client(app).request("POST", path, content=body, headers=headers).status_code == 401
        other = headers | {"authorization": f"Bearer {text}"}
        assert Client(app).request("POST", path, content=body, headers=other).status_code == 403


def withdraw(app: FastAPI, key: dict[str, str], release: str, because: str = BECAUSE) -> httpx.Response:
    return Client(app).request("POST", f"{PATH}/{release}/withdrawal", json={"because": because}, headers=key)


def test_a_withdrawn_release_says_so_in_every_answer_and_the_one_before_answers(
    app: FastAPI, key: dict, tmp_path: Path
) -> None:
    old = app.state.snapshots.current.release.id
    new = send(app, key, packed(files(tmp_path), "application/json")).json()["release"]["id"]
    kept = quoted(app, release=new)
    done = withdraw(app, key, new)
    assert (done.status_code, done.json()["newest"], done.json()["release"]["withdrawn"]) == (200, old, BECAUSE)
    assert (quoted(app)["result"]["cost_usd"], quoted(app)["warnings"]) == (3, [])
    under = quoted(app, release=new)
    assert (under["result"], under["catalog"]["withdrawn"]) == (kept["result"], BECAUSE)
    assert [(w["code"], BECAUSE in w["detail"]) for w in under["warnings"]] == [("release-withdrawn", True)]
    listed = Client(app).get(PATH).json()["releases"]
    assert [(release["id"], release.get("withdrawn")) for release in listed] == [(new, BECAUSE), (old, None)]


def test_batches_logs_and_checks_say_it_too(app: FastAPI, key: dict) -> None:
    release = app.state.snapshots.current.release.id
    withdraw(app, key, release)
    client = Client(app)
    line = client.post("/v1/estimates/inference/batch", [QUESTION]).json()[0]
    assert [w["code"] for w in line["warnings"]] == ["release-withdrawn"]
    log = json.dumps({"provider": "acme", "model": "acme-1", "usage": {"input_tokens": 10}})
    costed = client.request("POST", "/v1/usage/cost", content=log, headers={"content-type": "application/x-ndjson"})
    assert "release-withdrawn" in [w["code"] for w in costed.json()["warnings"]]
    _, text = create_key(app.state.engine, "b", ["budgets:write", "budgets:reserve"], now=NOW, by="test")
    headers = {"authorization": f"Bearer {text}"}
    budget = {"limits": [{"figure": "cost_usd", "per": "check", "fail_above": 10}]}
    assert client.request("PUT", "/v1/budgets/b", json=budget, headers=headers).status_code < 300
    asked = {"question": QUESTION | {"kind": "inference"}}
    checked = client.request("POST", "/v1/budgets/b/checks", json=asked, headers=headers).json()
    assert "release-withdrawn" in [w["code"] for w in checked["warnings"]]


def test_a_withdrawal_needs_a_known_release_and_a_reason(app: FastAPI, key: dict) -> None:
    assert withdraw(app, key, "2020-01-01-00000000").status_code == 404
    refused = withdraw(app, key, app.state.snapshots.current.release.id, because="two\nlines")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/because")
