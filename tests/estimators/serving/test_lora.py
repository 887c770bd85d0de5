"""Adapters beside the weights: bytes by hand, a slower step, wider ranges, and what cannot be counted."""

from dataclasses import replace
from datetime import datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.models.architecture import Description
from mlquote.estimators.models.resolved import resolved_of
from mlquote.estimators.serving.lora import adapters_of_serving
from mlquote.kit.errors import OutOfDomain
from tests.estimators.serving.asking import LLAMA, asked, assumption, central, codes, detail, result


def test_adapters_take_room_from_the_caches(catalog: Snapshot, now: datetime) -> None:
    """Rank 16 in every projection of Llama-3.1-8B: 41,943,040 parameters (PEFT), two bytes each."""
    bare, served = result(catalog, now, **LLAMA), asked(catalog, now, **LLAMA, lora_adapters=32)
    assert assumption(served, "lora_bytes").value == 32 * 41_943_040 * 2
    assert bare.memory.free_bytes - served.result.memory.free_bytes == pytest.approx(32 * 41_943_040 * 2)
    assert assumption(served, "lora_rank").value == 16


def test_a_step_with_adapters_takes_longer_in_a_wider_range(catalog: Snapshot, now: datetime) -> None:
    load = LLAMA | {"concurrency": 1}
    bare, served = result(catalog, now, **load), asked(catalog, now, **load, lora_adapters=1, lora_rank=16)
    slower = central(served.result.tpot_ms) / central(bare.tpot_ms)
    assert 1.05 < slower < 1.21  # caches and the host's work are as before
    widths = [float(each.high) / float(each.low) for each in (bare.tpot_ms, served.result.tpot_ms) if each is not None]
    assert widths[1] > widths[0]
    assert "no-measured-runs" in codes(served)


def test_more_adapters_than_the_memory_holds_are_refused(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(OutOfDomain, match="do not fit"):
        asked(catalog, now, **LLAMA, lora_adapters=800)


def test_adapters_of_unknown_matrices_are_refused(catalog: Snapshot, now: datetime) -> None:
    model = resolved_of(Description(model="llama-3.1-8b"), catalog, now).value
    with pytest.raises(OutOfDomain, match="not known"):
        adapters_of_serving(2, None, replace(model, stack=None), catalog, now)


def test_a_rank_without_adapters_is_named(catalog: Snapshot, now: datetime) -> None:
    assert detail(asked(catalog, now, **LLAMA, lora_rank=8), "field-not-used").startswith("lora_rank changes nothing")
