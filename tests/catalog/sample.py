"""Rows that a catalogue made by hand takes from the committed one, because estimates cannot do without them."""

from typing import Any

from mlquote.store.files import bundled_folder, table_from_files


def doubts_and_defaults() -> dict[str, list[Any]]:
    """Table -> the committed rows of the spreads and of the defaults."""
    return {name: table_from_files(bundled_folder(), name) for name in ("doubts", "defaults")}
