"""The same question under the same release answers alike for ever, on either database."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree

import pytest
from fastapi import FastAPI

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.amended import amend
from mlquote.store.files import bundled_folder, snapshot_from_files
from mlquote.store.releases import import_folder
from mlquote.upstreams.amending import amendments
from mlquote.upstreams.review import review_of
from mlquote.upstreams.review_file import rendered, taken_in
from tests.store.sample import write
from tests.upstreams.sample import WHEN, entry, gpt9, of_genai_prices, of_litellm
from tests.web.conftest import NOW, Client

TRAINING = "/v1/estimates/training?params=8e9&tokens=15e12&accelerator=h100-sxm&accelerator_count=1024"
TOKENS = "/v1/estimates/inference?provider=anthropic&model=claude-opus-4-7&input_tokens=1e6&output_tokens=12345"


@pytest.fixture
def app(database_url: str) -> Iterator[FastAPI]:
    made = create_app(Settings(database_url=database_url), now=lambda: NOW)
    yield made
    made.state.engine.dispose()


def dearer(folder: Path) -> Path:
    """The bundled catalogue a day later, with one price corrected."""
    copytree(bundled_folder(), folder)
    (folder / "release.toml").write_text("published_on = 2027-01-01\n")
    prices = folder / "token_prices" / "anthropic.csv"
    before = prices.read_text()
    lines = [line.replace(",per_million_tokens,25,", ",per_million_tokens,26,") for line in before.splitlines()]
    prices.write_text("\n".join(lines) + "\n")
    assert prices.read_text() != before
    return folder


def test_an_answer_repeats_byte_for_byte_after_a_newer_release(app: FastAPI, service: FastAPI, tmp_path: Path) -> None:
    client = Client(app)
    answers = {path: client.get(path) for path in (TRAINING, TOKENS)}
    assert {a.status_code for a in answers.values()} == {200}
    on_sqlite = {path: Client(service).get(path).content for path in answers}
    assert on_sqlite == {path: answer.content for path, answer in answers.items()}

    import_folder(app.state.engine, dearer(tmp_path / "later"), now=datetime(2027, 1, 1, tzinfo=UTC))
    assert asyncio.run(app.state.snapshots.refresh())
    for path, first in answers.items():
        question = first.json()["question"]
        again = client.post(path.partition("?")[0], question)
        assert again.content.partition(b',"links":')[0] == first.content.partition(b',"links":')[0]
    assert client.get(TOKENS).json()["result"]["cost_usd"] > answers[TOKENS].json()["result"]["cost_usd"]


def refreshed(folder: Path) -> None:
    """The folder as `catalog refresh` and `catalog amend` leave it: two tables list gpt-9's input at 1.5 now."""
    held = snapshot_from_files(folder)
    listed = (
        of_litellm(held, {"gpt-9": entry(input_cost_per_token=1.5e-06)}),
        of_genai_prices(held, "ModelInfo(id='gpt-9', match=ClauseEquals(equals='gpt-9'), prices=ModelPrice("
        "input_mtok=Decimal('1.5'), cache_read_mtok=Decimal('0.2'), output_mtok=Decimal('8')))"),
    )  # fmt: skip
    taken = list(taken_in(rendered(review_of(held, WHEN, listed))))
    amend(folder, [c for one in taken for c in amendments(held, one)], published_on=date(2027, 1, 2), note="as listed")


def test_a_quote_repeats_byte_for_byte_through_refresh_amend_and_publication(app: FastAPI, tmp_path: Path) -> None:
    folder = write(tmp_path / "c", token_prices=gpt9())
    (folder / "release.toml").write_text("published_on = 2027-01-01\n")
    first = import_folder(app.state.engine, folder, now=datetime(2027, 1, 1, tzinfo=UTC))
    assert asyncio.run(app.state.snapshots.refresh())
    client = Client(app)
    asked = {"provider": "openai", "model": "gpt-9", "usage": {"input_tokens": 10**6}, "as_of": "2026-11-25"}
    quoted = client.post("/v1/estimates/inference", asked | {"release": first.release.id})

    refreshed(folder)
    import_folder(app.state.engine, folder, now=datetime(2027, 1, 2, tzinfo=UTC))
    assert asyncio.run(app.state.snapshots.refresh())
    again = client.post("/v1/estimates/inference", asked | {"release": first.release.id})
    assert again.content == quoted.content
    newest = client.post("/v1/estimates/inference", asked)
    assert (quoted.json()["result"]["cost_usd"], newest.json()["result"]["cost_usd"]) == (2.0, 1.5)
