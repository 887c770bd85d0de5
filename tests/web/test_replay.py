"""The same question under the same release answers alike for ever, on either database."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest
from fastapi import FastAPI

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.files import bundled_folder
from mlquote.store.releases import import_folder
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
        assert again.content == first.content
    assert client.get(TOKENS).json()["result"]["cost_usd"] > answers[TOKENS].json()["result"]["cost_usd"]
