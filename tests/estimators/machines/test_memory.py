"""What programs see of a card: GiB, less what driver and error correction keep."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.memory import visible_bytes_of
from mlquote.estimators.machines.peaks import peaks_of
from mlquote.kit.errors import OutOfDomain
from tests.estimators.serving import asking as serving
from tests.estimators.training import asking as training

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


@pytest.mark.parametrize(("part", "gib"), [("m4-max-40", 96), ("m3-ultra-80", 384), ("gb10", 126.2)])
def test_memory_that_a_processor_shares_is_said(catalog: Snapshot, now: datetime, part: str, gib: float) -> None:
    """macOS leaves the GPU three quarters; of any other part the usual 98.6 % are seen."""
    found = visible_bytes_of(catalog.accelerator(part, now), catalog, now)
    assert found.value is not None
    assert found.value / GIB == pytest.approx(gib, rel=1e-3)
    assert [warning.code for warning in found.warnings] == ["memory-shared"]


def test_answers_on_a_desk_computer_say_so_and_borrow_no_price_by_its_memory(catalog: Snapshot, now: datetime) -> None:
    fields: dict[str, Any] = {"model": "llama-3.1-8b", "accelerator": "dgx spark", "accelerator_count": 1}
    served = serving.asked(catalog, now, **fields, concurrency=4)
    trained = training.asked(catalog, **fields, method="lora", tokens=1e7)
    for answer in (served, trained):
        codes = {warning.code for warning in answer.warnings}
        assert {"memory-shared", "no-rental-price"} <= codes
        assert "price-from-sibling-part" not in codes


def test_every_part_is_answered_or_refused_for_a_figure_that_nobody_prints(catalog: Snapshot, now: datetime) -> None:
    for part in catalog.rows("accelerators"):
        asked = {"model": "llama-3.2-1b", "accelerator": part.id, "accelerator_count": 1}
        rated = peaks_of(part, "bf16", catalog).value is not None
        try:
            assert training.asked(catalog, **asked, method="lora", tokens=1e6).result
        except OutOfDomain as refused:
            assert not rated, (part.id, refused)
        try:
            assert serving.asked(catalog, now, **asked, weight_dtype="int8", concurrency=1).result
        except OutOfDomain as refused:
            usable = rated and part.memory_gb and part.memory_bandwidth_gb_per_s
            assert not usable or "do not fit" in str(refused), (part.id, refused)
