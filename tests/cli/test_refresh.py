"""mlquote catalog refresh and amend, on two stored versions of one upstream and one of another."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mlquote.cli import refresh
from mlquote.kit.errors import Malformed
from mlquote.store.files import snapshot_from_files
from tests.cli.conftest import Ran
from tests.store.sample import token_price, write
from tests.upstreams.sample import WHEN, entry, gpt9, token_key

Run = Callable[..., Ran]


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    write(tmp_path / "c", token_prices=gpt9())
    old = {"gpt-9": entry(output_cost_per_token=7e-06)}
    new = {"gpt-9": entry(output_cost_per_token=7e-06, input_cost_per_token=1.5e-06), "gpt-10": entry()}
    (tmp_path / "old.json").write_text(json.dumps(old))
    (tmp_path / "new.json").write_text(json.dumps(new))
    price = {"input_mtok": 1.5, "output_mtok": 8}
    models = [{"id": "gpt-9", "match": {"equals": "gpt-9"}, "prices": price}]
    (tmp_path / "data.json").write_text(json.dumps([{"id": "openai", "models": models}]))
    return tmp_path


def _refresh(mlquote: Run, tables: Path, *more: object) -> Ran:
    sources = ("--from", "litellm=new.json@2026-11-24", "--from", "genai-prices=data.json@2026-11-25")
    older = ("--since", "litellm=old.json@2026-11-17")
    return mlquote("catalog", "refresh", *sources, *older, "--folder", tables / "c", "--as-of", "2026-11-25", *more)


def test_a_price_is_refreshed_reviewed_and_written(mlquote: Run, tables: Path) -> None:
    seen = _refresh(mlquote, tables, "--review", "review.csv")
    assert seen.code == 0
    assert "openai/gpt-9/input/text/standard/per_million_tokens: 2 -> 1.5 (-25.0%)" in seen.out
    assert "New, listed by one or disputed (3)" in seen.out
    assert "1 facts agree, 1 differ as before, 4 differ anew, 1 of them proposed" in seen.out
    written = mlquote("catalog", "amend", "review.csv", "--folder", tables / "c", "--published-on", "2026-11-25")
    assert "1 facts written; sound" in written.out
    held = snapshot_from_files(tables / "c").held("token_prices", *token_key("gpt-9", "input"), moment=WHEN)
    assert held is not None
    assert (str(held.usd), held.read_from) == ("1.5", "genai-prices of 2026-11-25; litellm of 2026-11-24")


def test_the_same_files_give_the_same_review(mlquote: Run, tables: Path) -> None:
    first = _refresh(mlquote, tables, "--review", "one.csv").out.replace("one.csv", "")
    assert _refresh(mlquote, tables, "--review", "two.csv").out.replace("two.csv", "") == first
    assert Path("one.csv").read_text() == Path("two.csv").read_text()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("litellm=new.json", "does not say of which day it is"),
        ("litelm=new.json@2026-11-24", "nearest: litellm"),
        ("new.json", "names no upstream"),
        ("litellm=new.json@soon", "names no upstream"),
        ("litellm=absent.json@2026-11-24", "no file or folder"),
        ("genai-prices=new.json@2026-11-24", "not genai-prices' table"),
    ],
)
def test_a_source_that_cannot_be_read_is_named(mlquote: Run, tables: Path, source: str, said: str) -> None:
    refused = mlquote("catalog", "refresh", "--from", source, "--folder", tables / "c")
    assert refused.code in (2, 3)
    assert said in refused.err


def test_since_a_name_is_the_newest_version_that_rows_name(tmp_path: Path) -> None:
    rows = [*gpt9(), *gpt9(model="gpt-8", read_from="genai-prices 0.2; litellm 1.10.2", checked_on="2026-11-20")]
    catalog = snapshot_from_files(write(tmp_path / "c", token_prices=rows))
    assert refresh._last_read(catalog, "litellm") == "litellm==1.10.2@2026-11-20"
    assert refresh._last_read(catalog, "litellm==1.9@2026-11-01") == "litellm==1.9@2026-11-01"
    empty = snapshot_from_files(write(tmp_path / "d", token_prices=[]))
    with pytest.raises(Malformed, match="no row was read"):
        refresh._last_read(empty, "litellm")


def test_what_is_due_for_another_look_is_listed(mlquote: Run, tmp_path: Path) -> None:
    write(tmp_path / "c", token_prices=[*gpt9(), token_price(provider="old", checked_on="2025-01-01")])
    told = mlquote("catalog", "freshness", tmp_path / "c").out.splitlines()
    assert [line.split("rows  ")[1] for line in told[:-1]] == ["token_prices old"]
    assert told[-1].startswith("1 of ")


def test_a_week_without_news_leaves_the_release_as_it_is(mlquote: Run, tables: Path) -> None:
    _refresh(mlquote, tables, "--review", "review.csv")
    lines = Path("review.csv").read_text().splitlines()
    Path("review.csv").write_text("\n".join([lines[0], *(line.removeprefix("yes") for line in lines[1:])]) + "\n")
    before = {path: path.read_bytes() for path in (tables / "c").rglob("*") if path.is_file()}
    told = mlquote("catalog", "amend", "review.csv", "--folder", tables / "c")
    assert (told.code, "nothing written" in told.out) == (0, True)
    assert {path: path.read_bytes() for path in before} == before
