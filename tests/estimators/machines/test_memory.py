"""What programs see of a card: GiB, less what driver and error correction keep."""

from dataclasses import replace
from datetime import datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.memory import visible_bytes_of

GIB = 1 << 30


@pytest.mark.parametrize(
    ("part", "gib"),
    [("rtx-3090", 23.68), ("a100-sxm4-80gb", 79.15), ("a100-sxm4-40gb", 39.5), ("l40s", 44.42), ("t4", 14.75),
     ("a30", 23.53), ("b200-sxm", 178.35)],
)  # fmt: skip
def test_cards_show_what_their_owners_logs_say(catalog: Snapshot, now: datetime, part: str, gib: float) -> None:
    """Totals printed by PyTorch when it ran out of memory."""
    found = visible_bytes_of(catalog.accelerator(part, now), catalog, now)
    assert found.value is not None
    assert found.value / GIB == pytest.approx(gib, rel=0.01)
    assert [row.table for row in found.rows] == ["defaults"]


def test_a_card_without_a_published_size_has_none(catalog: Snapshot, now: datetime) -> None:
    part = replace(catalog.accelerator("t4", now), memory_gb=None)
    assert visible_bytes_of(part, catalog, now).value is None
