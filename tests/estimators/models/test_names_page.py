"""docs/model_names.md says what names lead to: each line of it is tried on the catalogue that is shipped."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.models.naming import model_named
from mlquote.estimators.tokens.token_models import price_list
from mlquote.kit.errors import QuoteError
from mlquote.store.files import bundled_folder, snapshot_from_files

PAGE = Path(__file__).parents[3] / "docs" / "model_names.md"
WHEN = datetime(2026, 11, 27, tzinfo=UTC)


def lines(cells: int) -> Iterator[list[str]]:
    """The rows of the table with so many columns, each cell's code or words."""
    for line in PAGE.read_text().splitlines():
        row = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(row) == cells and "`" in line and not line.startswith("| name"):
            yield [re.sub(r"`", "", cell) for cell in row]


@pytest.fixture(scope="module")
def catalog() -> Snapshot:
    return snapshot_from_files(bundled_folder())


@pytest.mark.parametrize(("name", "model", "weights", "said"), list(lines(4)))
def test_a_models_name_leads_where_the_page_says(
    catalog: Snapshot, name: str, model: str, weights: str, said: str
) -> None:
    if model.startswith("refused, "):
        with pytest.raises(QuoteError) as refused:
            model_named(name, catalog, WHEN)
        assert refused.value.code == model.removeprefix("refused, ")
        return
    found = model_named(name, catalog, WHEN)
    assert (found.value.row.id, found.value.weight_dtype) == (model, weights)
    assert {w.code for w in found.warnings} == ({"quantisation-not-read"} if "quantisation-not-read" in said else set())


@pytest.mark.parametrize(("provider", "name", "seller", "model", "said"), list(lines(5)))
def test_a_token_models_name_leads_where_the_page_says(
    catalog: Snapshot, provider: str, name: str, seller: str, model: str, said: str
) -> None:
    if seller.startswith("refused, "):
        with pytest.raises(QuoteError) as refused:
            price_list(catalog).find(provider or None, name, WHEN)
        assert refused.value.code == seller.removeprefix("refused, ")
        return
    found = price_list(catalog).find(provider or None, name, WHEN)
    assert (found.card.provider, found.card.model) == (seller, model)
    assert bool(found.assumed) == ("told" in said or name.startswith("arn:"))
