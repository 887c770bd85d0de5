"""A stamp names its rows for ever; a withdrawn release is kept, flagged, and nobody's newest."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from mlquote.kit.errors import Conflict, InvalidCatalog, Malformed, UnknownName
from mlquote.store.engine import migrate
from mlquote.store.files import read_catalog
from mlquote.store.releases import (
    digested_anew,
    import_bundled,
    import_folder,
    list_releases,
    load_snapshot,
    newest_release,
    withdraw,
    withdrawn_releases,
)
from mlquote.store.tables import facts
from tests.store.sample import token_price, write

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 12, tzinfo=UTC)
BECAUSE = "the output price of acme-1 is swapped"


@pytest.fixture
def database(engine: Engine) -> Engine:
    migrate(engine)
    return engine


def folder(place: Path, usd: str, *, day: str = "2026-11-23") -> Path:
    return write(place / f"{day}-{usd}", token_prices=[token_price(usd=usd)], published_on=day)


def test_other_rows_under_a_published_stamp_are_refused(database: Engine, tmp_path: Path) -> None:
    first = import_folder(database, folder(tmp_path, "3"), now=NOW).release
    with pytest.raises(Conflict, match=first.id) as caught:
        import_folder(database, folder(tmp_path, "2.50"), now=NOW)
    assert (caught.value.code, caught.value.faults[0].pointer) == (
        "release-stamp-in-use",
        "release.toml:1:published_on",
    )
    assert newest_release(database) == first


def test_the_same_day_with_a_note_of_its_own_is_another_stamp(database: Engine, tmp_path: Path) -> None:
    import_folder(database, folder(tmp_path, "3"), now=NOW)
    second = folder(tmp_path, "2.50")
    (second / "release.toml").write_text('published_on = 2026-11-23\nnote = "a correction"\n')
    assert import_folder(database, second, now=NOW).is_new


def test_a_day_before_the_newest_release_is_refused(database: Engine, tmp_path: Path) -> None:
    newest = import_folder(database, folder(tmp_path, "3", day="2026-11-24"), now=NOW).release
    with pytest.raises(Conflict, match=f"{newest.id} is of a later day"):
        import_folder(database, folder(tmp_path, "2.50"), now=NOW)


def test_a_service_whose_files_carry_an_old_stamp_answers_from_what_was_published(
    database: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = import_bundled(database, folder(tmp_path, "3"), now=NOW).release
    assert import_bundled(database, folder(tmp_path, "2.50"), now=NOW).release == first
    assert f"answering from {first.id}" in caplog.text


def test_a_withdrawn_release_is_kept_flagged_and_passed_over(database: Engine, tmp_path: Path) -> None:
    first = import_folder(database, folder(tmp_path, "3"), now=NOW).release
    second = import_folder(database, folder(tmp_path, "2.50", day="2026-11-24"), now=NOW).release
    found = withdraw(database, second.id, because=f" {BECAUSE} ", now=LATER, by="key")
    assert found.withdrawn is not None
    assert (found.withdrawn.because, found.withdrawn.withdrawn_at) == (BECAUSE, LATER)
    assert newest_release(database) == first
    assert [release.withdrawn is not None for release in list_releases(database)] == [True, False]
    assert withdrawn_releases(database) == {second.id: found.withdrawn}
    named = load_snapshot(database, second.id)
    assert [str(row.usd) for row in named.rows("token_prices")] == ["2.50"]
    assert [w.code for w in named.catalog_ref(NOW).warnings] == ["release-withdrawn"]
    assert BECAUSE in named.catalog_ref(NOW).warnings[0].detail
    assert load_snapshot(database).release == first


def test_withdrawing_twice_keeps_the_first_reason(database: Engine, tmp_path: Path) -> None:
    first = import_folder(database, folder(tmp_path, "3"), now=NOW).release
    once = withdraw(database, first.id, because=BECAUSE, now=NOW, by="key")
    assert withdraw(database, first.id, because="another", now=LATER, by="key") == once


def test_where_every_release_is_withdrawn_the_last_answers_flagged(database: Engine, tmp_path: Path) -> None:
    first = import_folder(database, folder(tmp_path, "3"), now=NOW).release
    withdraw(database, first.id, because=BECAUSE, now=NOW, by="key")
    assert load_snapshot(database).release.id == first.id
    assert load_snapshot(database).catalog_ref(NOW).warnings != ()


def test_a_withdrawn_release_is_not_published_again(database: Engine, tmp_path: Path) -> None:
    place = folder(tmp_path, "3", day="2026-11-24")
    before = import_folder(database, folder(tmp_path, "2"), now=NOW).release
    release = import_folder(database, place, now=NOW).release
    withdraw(database, release.id, because=BECAUSE, now=NOW, by="key")
    with pytest.raises(Conflict, match="withdrawn"):
        import_folder(database, place, now=NOW)
    assert import_bundled(database, place, now=NOW).release == before


def test_a_release_after_a_withdrawn_one_differs_from_it_and_not_from_the_one_before(
    database: Engine, tmp_path: Path
) -> None:
    first = import_folder(database, folder(tmp_path, "3"), now=NOW).release
    second = import_folder(database, folder(tmp_path, "9", day="2026-11-24"), now=NOW).release
    withdraw(database, second.id, because=BECAUSE, now=NOW, by="key")
    third = import_folder(database, folder(tmp_path, "4", day="2026-11-25"), now=NOW).release
    prices = [
        [str(row.usd) for row in load_snapshot(database, each.id).rows("token_prices")]
        for each in (first, second, third)
    ]
    assert prices == [["3"], ["9"], ["4"]]
    assert newest_release(database) == third


@pytest.mark.parametrize("because", ["", "  ", "two\nlines"])
def test_a_withdrawal_says_why_in_a_line(database: Engine, tmp_path: Path, because: str) -> None:
    first = import_folder(database, folder(tmp_path, "3"), now=NOW).release
    with pytest.raises(Malformed) as caught:
        withdraw(database, first.id, because=because, now=NOW, by="key")
    assert caught.value.faults[0].pointer == "/because"


def test_a_release_nobody_published_cannot_be_withdrawn(database: Engine, tmp_path: Path) -> None:
    first = import_folder(database, folder(tmp_path, "3"), now=NOW).release
    with pytest.raises(UnknownName) as caught:
        withdraw(database, "2020-01-01-00000000", because=BECAUSE, now=NOW, by="key")
    assert first.id in caught.value.faults[0].hint


def test_a_digest_taken_anew_is_that_of_the_files_or_names_the_table(database: Engine, tmp_path: Path) -> None:
    place = folder(tmp_path, "3")
    release = import_folder(database, place, now=NOW).release
    assert digested_anew(database, release.id) == read_catalog(place).release
    with database.begin() as connection:
        connection.execute(update(facts["token_prices"]).values(note="somebody wrote here"))
    with pytest.raises(InvalidCatalog) as caught:
        digested_anew(database, release.id)
    assert [fault.pointer for fault in caught.value.faults] == ["token_prices"]
