"""A running service and the releases it answers from."""

import asyncio
import gc
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from weakref import ref

import pytest
from fastapi import FastAPI

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import Unavailable
from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.engine import migrate, open_engine
from mlquote.store.releases import import_folder
from mlquote.web.deps import Snapshots
from tests.store.sample import token_price, write
from tests.web.conftest import NOW, Client

OLD, NEW = "2027-01-01", "2027-01-02"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[FastAPI]:
    settings = Settings(database_url=database_url, release_poll_seconds=0.05)
    engine = open_engine(settings.database_url)
    migrate(engine)
    import_folder(engine, write(tmp_path / "old", token_prices=[token_price()], published_on=OLD), now=NOW)
    engine.dispose()
    made = create_app(settings, now=lambda: NOW)
    opened = made.state.engine
    yield made
    opened.dispose()


def publish_newer(app: FastAPI, tmp_path: Path) -> None:
    rows = [token_price(usd="2.50"), token_price(meter="output")]
    import_folder(app.state.engine, write(tmp_path / "new", token_prices=rows, published_on=NEW), now=NOW)


def prices(client: Client, **parameters: str) -> list[float]:
    return [row["usd"] for row in client.get("/v1/catalog/token_prices/acme-1", **parameters).json()["rows"]]


def test_a_newer_release_is_noticed_and_the_old_one_still_answers(app: FastAPI, tmp_path: Path) -> None:
    client, snapshots = Client(app), app.state.snapshots
    old = snapshots.current.release.id
    assert prices(client) == [3]
    before = client.get("/v1/catalog/token_prices/acme-1", release=old).content
    publish_newer(app, tmp_path)

    async def noticed() -> None:
        async with snapshots.watched(0.05):
            for _ in range(200):
                if snapshots.current.release.id != old:
                    return
                await asyncio.sleep(0.05)

    asyncio.run(noticed())
    assert prices(client) == [2.5, 3]
    assert prices(client, release=old) == [3]
    assert client.get("/v1/catalog/token_prices/acme-1", release=old).content == before


def test_an_old_release_is_let_go_of_with_all_that_it_worked_out(
    app: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlquote.web.deps._LET_GO_AFTER_S", 0.0)
    client, snapshots = Client(app), app.state.snapshots
    question = {"provider": "acme", "model": "acme-1", "input_tokens": "1e6"}
    assert client.get("/v1/estimates/inference", **question).status_code == 200
    old, row = ref(snapshots.current), snapshots.current.rows("token_prices")[0]
    publish_newer(app, tmp_path)
    asyncio.run(snapshots.look())
    gc.unfreeze()  # what a serving process freezes, this one goes on to walk
    assert old() is None and row.usd == 3
    assert client.get("/v1/estimates/inference", **question).json()["result"]["cost_usd"] == 2.5


def test_a_stopped_database_keeps_the_loaded_release_answering(app: FastAPI, tmp_path: Path) -> None:
    old = app.state.snapshots.current.release.id
    publish_newer(app, tmp_path)
    client, snapshots = Client(app), app.state.snapshots
    asyncio.run(snapshots.refresh())
    snapshots.engine = app.state.engine = open_engine("postgresql://nobody@127.0.0.1:1/none")
    assert prices(client) == [2.5, 3]
    question = {"provider": "acme", "model": "acme-1", "input_tokens": "1e6"}
    quoted = client.get("/v1/estimates/inference", **question)
    assert (quoted.status_code, quoted.json()["result"]["cost_usd"]) == (200, 2.5)
    assert client.get("/v1/estimates/inference", **question, release=old).status_code == 503
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (503, "degraded")
    older = client.get("/v1/catalog/token_prices/acme-1", release=old)
    assert (older.status_code, older.json()["code"]) == (503, "unavailable")


def test_a_watcher_outlives_a_database_that_is_down(app: FastAPI) -> None:
    snapshots: Snapshots = app.state.snapshots
    good, snapshots.engine = snapshots.engine, open_engine("postgresql://nobody@127.0.0.1:1/none")

    async def down_then_up() -> Snapshot:
        async with snapshots.watched(0.02):
            await asyncio.sleep(0.2)
            snapshots.engine = good
            return await snapshots.of(None)

    assert asyncio.run(down_then_up()).release.id.startswith(OLD)


def test_an_older_release_with_the_database_down_is_unavailable(app: FastAPI) -> None:
    snapshots: Snapshots = app.state.snapshots
    snapshots.engine = open_engine("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Unavailable, match="2020"):
        asyncio.run(snapshots.of("2020-01-01-00000000"))


def test_readiness_names_the_release(app: FastAPI) -> None:
    ready = Client(app).get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["release"].startswith(OLD)
    assert datetime.fromisoformat(ready["release"][:10])
