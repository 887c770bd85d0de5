"""Amendments of the files: all of them into a sound catalogue, or none."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mlquote.kit.errors import Conflict, InvalidCatalog
from mlquote.store.amended import amend
from mlquote.store.files import snapshot_from_files
from mlquote.upstreams.amending import Amendment, Taken, amendments
from tests.store.sample import token_price, write
from tests.upstreams.sample import NEW, gpt9, token_key

_DAY = date(2026, 11, 25)


def _changes(folder: Path, usd: str = "1.5", model: str = "gpt-9") -> list[Amendment]:
    key = token_key(model, "input")
    page = "https://example.org/prices"
    taken = Taken("token_prices", key, Decimal(usd), NEW, "litellm 1.1", NEW, page, 1)
    return list(amendments(snapshot_from_files(folder), taken))


def test_the_old_row_ends_the_new_one_stands_after_it_and_all_else_is_as_it_was(tmp_path: Path) -> None:
    folder = write(tmp_path / "c", token_prices=gpt9())
    before = (folder / "token_prices.csv").read_text().splitlines()
    written = amend(folder, _changes(folder), published_on=_DAY, note='a "price" fell')
    after = (folder / "token_prices.csv").read_text().splitlines()
    assert [line for line in after if line not in before] == after[2:4]
    assert after[2].startswith(before[2].replace("2026-01-01,", "2026-01-01,2026-11-24")[:60])
    assert ",1.5,,,medium,first_observed_change:litellm,litellm 1.1,2026-11-24,," in after[3]
    assert (written.release.published_on, written.release.note) == (_DAY, 'a "price" fell')
    assert snapshot_from_files(folder).release.id == written.release.id


def test_a_new_seller_has_a_file_of_its_own(tmp_path: Path) -> None:
    folder = write(tmp_path / "c", accelerators=[])
    (folder / "accelerators.csv").unlink()
    (folder / "token_prices").mkdir()
    amend(folder, _changes(folder), published_on=_DAY, note="")
    assert (folder / "token_prices" / "openai.csv").read_text().count("\n") == 2


def test_faults_leave_every_file_as_it_was(tmp_path: Path) -> None:
    folder = write(tmp_path / "c", token_prices=gpt9())
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(InvalidCatalog):
        amend(folder, _changes(folder, usd="0"), published_on=_DAY, note="")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_a_row_that_changed_meanwhile_is_a_conflict(tmp_path: Path) -> None:
    folder = write(tmp_path / "c", token_prices=gpt9())
    changes = _changes(folder)
    write(folder, token_prices=[token_price(provider="openai", model="gpt-9", usd="7")])
    with pytest.raises(Conflict, match="not as it was held"):
        amend(folder, changes, published_on=_DAY, note="")
