"""A spell is a month, cut where a row begins or ends."""

from datetime import UTC, datetime

from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of, day_of, spell_of

MAY_10 = datetime(2026, 5, 10, tzinfo=UTC)


def test_without_a_change_a_month_is_one_spell() -> None:
    assert spell_of(datetime(2026, 5, 31, 23, tzinfo=UTC), ()) == datetime(2026, 5, 1, tzinfo=UTC)


def test_a_change_begins_a_new_spell() -> None:
    found = [spell_of(datetime(2026, 5, day, tzinfo=UTC), (MAY_10,)) for day in (9, 10, 11)]
    assert found == [datetime(2026, 5, 1, tzinfo=UTC), MAY_10, MAY_10]


def test_a_day_is_cut_by_the_changes_on_it() -> None:
    noon = datetime(2026, 5, 10, 12, tzinfo=UTC)
    found = [day_of(datetime(2026, 5, 10, hour, tzinfo=UTC), (noon,)) for hour in (11, 12, 13)]
    assert found == [MAY_10, noon, noon]
    assert day_of(datetime(2026, 5, 11, 1, tzinfo=UTC), (noon,)) == datetime(2026, 5, 11, tzinfo=UTC)


def test_the_changes_of_tables_are_sorted_single_and_remembered(catalog: Snapshot) -> None:
    changes = changes_of(catalog, "thresholds", "time_windows")
    assert list(changes) == sorted(set(changes))
    assert changes_of(catalog, "thresholds", "time_windows") is changes
    assert len(changes_of(catalog, "thresholds")) <= len(changes)
