"""Publishing is all or nothing, whoever else publishes, and every release can be read back for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, event, select

from mlquote.catalog.diff import changes
from mlquote.catalog.tables import TABLE
from mlquote.kit.errors import Conflict, InvalidCatalog, Unavailable, UnknownName
from mlquote.store.engine import migrate, open_engine, reading
from mlquote.store.files import bundled_folder, read_catalog, snapshot_from_files, table_from_files
from mlquote.store.releases import (
    SAID_ELSEWHERE,
    import_bundled,
    import_folder,
    list_releases,
    load_snapshot,
    newest_release,
)
from mlquote.store.tables import facts, release_tables
from tests.store.sample import accelerator, token_price, write

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def database(engine: Engine) -> Engine:
    migrate(engine)
    return engine


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return write(tmp_path / "first", token_prices=[token_price(), token_price(meter="output", usd="15")],
                 accelerators=[accelerator()])  # fmt: skip


@pytest.fixture
def second(tmp_path: Path) -> Path:
    return write(tmp_path / "second", published_on="2026-11-24",
                 token_prices=[token_price(usd="2.50"), token_price(meter="output", usd="15")])  # fmt: skip


def test_the_database_gives_back_what_the_files_said(database: Engine, first: Path) -> None:
    published = import_folder(database, first, now=NOW)
    assert (published.is_new, published.added, published.retracted) == (True, 3, 0)
    loaded, read = load_snapshot(database), snapshot_from_files(first)
    assert loaded.release == read.release
    assert all(loaded.rows(table) == read.rows(table) for table in ("token_prices", "accelerators"))


def test_the_same_files_twice_change_nothing(database: Engine, first: Path) -> None:
    import_folder(database, first, now=NOW)
    assert not import_folder(database, first, now=NOW).is_new
    assert len(list_releases(database)) == 1


def test_a_correction_is_a_new_row_in_a_new_release(database: Engine, first: Path, second: Path) -> None:
    before = import_folder(database, first, now=NOW).release
    published = import_folder(database, second, now=NOW)
    assert (published.added, published.retracted) == (1, 2)
    old, new = load_snapshot(database, before.id), load_snapshot(database)
    assert [str(row.usd) for row in old.rows("token_prices")] == ["3", "15"]
    assert [str(row.usd) for row in new.rows("token_prices")] == ["2.50", "15"]
    assert (len(old.rows("accelerators")), len(new.rows("accelerators"))) == (1, 0)
    with reading(database) as connection:
        assert len(connection.execute(select(facts["token_prices"])).all()) == 3


def test_tables_that_two_releases_share_are_read_once(database: Engine, first: Path, tmp_path: Path) -> None:
    """Digits count: 3.00 dollars is another row than 3, though equal."""
    import_folder(database, first, now=NOW)
    old = load_snapshot(database)
    later = write(tmp_path / "later", published_on="2026-11-25", accelerators=[accelerator()],
                  token_prices=[token_price(usd="3.00"), token_price(meter="output", usd="15")])  # fmt: skip
    import_folder(database, later, now=NOW)
    new, read = load_snapshot(database, like=old), load_snapshot(database)
    assert new.rows("accelerators") is old.rows("accelerators") and new.release == read.release
    assert [str(row.usd) for row in new.rows("token_prices")] == ["3.00", "15"]
    assert all(new.rows(name) == read.rows(name) for name in TABLE)
    assert new.history("accelerators", "a1") == read.history("accelerators", "a1") != ()


def test_two_releases_are_compared_fact_by_fact(database: Engine, first: Path, second: Path) -> None:
    before = import_folder(database, first, now=NOW).release
    after = import_folder(database, second, now=NOW).release
    found = list(changes(load_snapshot(database, before.id), load_snapshot(database, after.id)))
    assert [(c.table, c.fields) for c in found] == [("accelerators", ()), ("token_prices", ("usd",))]
    assert (str(found[1].before.usd), str(found[1].after.usd)) == ("3", "2.50")


def test_a_superseded_release_is_not_published_again(database: Engine, first: Path, second: Path) -> None:
    import_folder(database, first, now=NOW)
    import_folder(database, second, now=NOW)
    with pytest.raises(Conflict, match="superseded"):
        import_folder(database, first, now=NOW)


def test_an_older_installation_does_not_take_the_catalogue_back(database: Engine, first: Path, second: Path) -> None:
    newer = import_folder(database, second, now=NOW).release
    assert import_bundled(database, first, now=NOW).release.id == newer.id
    assert newest_release(database).id == newer.id


def test_faulty_files_publish_nothing(database: Engine, first: Path, second: Path) -> None:
    before = import_folder(database, first, now=NOW).release
    (second / "accelerators.csv").write_text("not,a,catalogue\n")
    with pytest.raises(InvalidCatalog):
        import_folder(database, second, now=NOW)
    assert newest_release(database) == before


@pytest.mark.parametrize("statement", range(1, 6))
def test_a_failure_at_any_statement_leaves_the_last_release(
    database: Engine, first: Path, second: Path, statement: int
) -> None:
    before = import_folder(database, first, now=NOW).release
    seen = 0

    def fail(conn, cursor, text, parameters, context, executemany) -> None:
        nonlocal seen
        seen += text.startswith("INSERT")
        if seen == statement:
            raise RuntimeError("the disk is full")

    event.listen(database, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError):
        import_folder(database, second, now=NOW)
    event.remove(database, "before_cursor_execute", fail)
    assert load_snapshot(database).release == before
    assert import_folder(database, second, now=NOW).release.id.startswith("2026-11-24")


def test_two_importers_at_once_end_with_one_release(database: Engine, database_url: str, first: Path) -> None:
    def publish(_: int) -> bool:
        engine = open_engine(database_url)
        try:
            return import_folder(engine, first, now=NOW).is_new
        finally:
            engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(publish, range(4))) == [False, False, False, True]
    assert [r.id for r in list_releases(database)] == [read_catalog(first).release.id]


def test_a_release_no_database_could_hold_is_unknown(database: Engine) -> None:
    with pytest.raises(UnknownName):
        load_snapshot(database, "2026\0")


def published_before_the_tables(database: Engine, folder: Path) -> str:
    """A release as an installation published it that had its spreads in the code."""
    release = import_folder(database, folder, now=NOW).release
    with database.begin() as connection:
        connection.execute(delete(release_tables).where(release_tables.c.table_name.in_(SAID_ELSEWHERE)))
    return release.id


def doubt(log_sd: str) -> dict[str, str]:
    return {"quantity": "pue", "level": "fleet", "log_sd": log_sd, "source_url": "https://example.org"}


def test_a_release_from_before_a_table_reads_the_first_rows_of_it(
    database: Engine, first: Path, tmp_path: Path
) -> None:
    old = published_before_the_tables(database, first)
    for day, log_sd in (("2026-11-24", "0.5"), ("2026-11-25", "0.7")):
        import_folder(database, write(tmp_path / day, published_on=day, doubts=[doubt(log_sd)]), now=NOW)
    assert load_snapshot(database, old).doubt("pue", "fleet") == 0.5
    assert load_snapshot(database).doubt("pue", "fleet") == 0.7


def test_where_no_release_holds_the_table_yet_the_installation_says_it(database: Engine, first: Path) -> None:
    old = load_snapshot(database, published_before_the_tables(database, first))
    assert set(old.rows("doubts")) == set(table_from_files(bundled_folder(), "doubts"))
    assert old.default("tpot_ms", NOW).value == 200


def test_a_release_that_holds_the_table_empty_is_left_as_it_is(database: Engine, first: Path) -> None:
    import_folder(database, first, now=NOW)
    assert load_snapshot(database).rows("doubts") == ()


def test_an_unknown_release_names_the_known_ones(database: Engine, first: Path) -> None:
    known = import_folder(database, first, now=NOW).release.id
    with pytest.raises(UnknownName) as caught:
        load_snapshot(database, known[:-1] + "x")
    assert known in caught.value.faults[0].hint


def test_a_database_that_cannot_be_reached_is_said_to_be_unavailable() -> None:
    with pytest.raises(Unavailable):
        newest_release(open_engine("postgresql://nobody@127.0.0.1:1/none"))
