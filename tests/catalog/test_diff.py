"""How two releases differ: facts added, gone and changed, and prices that were superseded as one move."""

from decimal import Decimal
from pathlib import Path

from mlquote.catalog.diff import Change, Move, changes, moves
from mlquote.catalog.snapshot import Snapshot
from mlquote.store.files import snapshot_from_files
from tests.store.sample import accelerator, token_price, write


def _snapshot(folder: Path, *prices: dict[str, str], **part: str) -> Snapshot:
    return snapshot_from_files(write(folder, token_prices=list(prices), accelerators=[accelerator(**part)]))


def test_a_superseded_price_is_one_move_in_dollars(tmp_path: Path) -> None:
    before = _snapshot(tmp_path / "a", token_price(usd="2"))
    after = _snapshot(
        tmp_path / "b",
        token_price(usd="2", effective_to="2026-11-24"),
        token_price(usd="1.5", effective_from="2026-11-24"),
    )
    (move,) = moves(changes(before, after))
    assert isinstance(move, Move)
    assert (move.figures, move.percent) == ((Decimal(2), Decimal("1.5")), Decimal("-25.0"))
    assert f"{move.since:%Y-%m-%d}" == "2026-11-24"


def test_an_end_without_a_successor_and_a_corrected_field_stay_changes(tmp_path: Path) -> None:
    before = _snapshot(tmp_path / "a", token_price(usd="2"))
    after = _snapshot(tmp_path / "b", token_price(usd="2", effective_to="2026-11-24"), memory_gb="96")
    part, price = moves(changes(before, after))
    assert isinstance(part, Change)
    assert isinstance(price, Change)
    assert (part.fields, price.fields) == (("memory_gb",), ("effective_to",))


def test_facts_that_come_and_go(tmp_path: Path) -> None:
    before, after = _snapshot(tmp_path / "a", token_price()), _snapshot(tmp_path / "b", token_price(model="acme-2"))
    gone, new = moves(changes(before, after))
    assert isinstance(gone, Change)
    assert isinstance(new, Change)
    assert (gone.after, new.before) == (None, None)


def test_equal_releases_do_not_differ(tmp_path: Path) -> None:
    assert list(changes(_snapshot(tmp_path / "a", token_price()), _snapshot(tmp_path / "b", token_price()))) == []
