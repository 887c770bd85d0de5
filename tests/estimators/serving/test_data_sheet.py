"""Data sheets: what a part computes in, and over which link."""

from datetime import datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.data_sheet import data_sheet_of
from mlquote.estimators.serving.engine_memory import engine_memory_of
from mlquote.estimators.serving.engines import engine_of
from mlquote.kit.errors import OutOfDomain
from tests.estimators.serving.asking import NOW, asked, assumption, result, rows


def test_fp8_weights_on_ampere_are_computed_in_sixteen_bits(catalog: Snapshot, now: datetime) -> None:
    assert (
        result(catalog, now, model="llama-3.1-8b", accelerator="a100-80gb", weight_dtype="fp8").layout.computes_in
        == "bf16"
    )


def sheet(catalog: Snapshot, accelerator: str, weight_dtype: str) -> Any:
    part = catalog.accelerator(accelerator, NOW)
    memory = engine_memory_of(part, engine_of("vLLM"), None, catalog, NOW).value
    return data_sheet_of(part, weight_dtype, memory, catalog, NOW)


@pytest.mark.parametrize(
    ("accelerator", "weight_dtype", "computes_in"),
    [
        ("h100-sxm", "bf16", "bf16"),
        ("h100-sxm", "fp8", "fp8"),
        ("h100-sxm", "fp4", "bf16"),
        ("h100-sxm", "int4", "bf16"),
        ("b200", "mxfp4", "fp8"),
        ("a100-80gb", "fp8", "bf16"),
        ("v100", "fp16", "fp16"),
    ],
)
def test_weights_are_multiplied_at_their_own_rate_or_unpacked(
    catalog: Snapshot, accelerator: str, weight_dtype: str, computes_in: str
) -> None:
    assert sheet(catalog, accelerator, weight_dtype).value.computes_in == computes_in


def test_the_row_of_the_peak_is_named(catalog: Snapshot) -> None:
    found = sheet(catalog, "h100-sxm", "fp8")
    assert [row.table for row in found.rows] == ["accelerator_peaks"]
    assert "fp8" in found.rows[0].key


@pytest.mark.parametrize("weight_dtype", ["fp64", "tf32"])
def test_dtypes_without_a_rate_are_refused_with_those_that_have_one(catalog: Snapshot, weight_dtype: str) -> None:
    with pytest.raises(OutOfDomain) as refused:
        sheet(catalog, "mi210" if weight_dtype == "tf32" else "l40s", weight_dtype)
    assert refused.value.code == "dtype-not-computable"
    assert "bf16" in refused.value.faults[0].hint


def test_a_link_that_no_sheet_names_is_pcie_and_said_where_it_is_used(catalog: Snapshot, now: datetime) -> None:
    """PCIe 3.0 x16: 32 GB/s, both directions; one part alone sends nothing."""
    fields = {"model": "llama-3.1-8b", "accelerator": "max-1550", "concurrency": 8}
    wide = asked(catalog, now, **fields, accelerator_count=2, tensor_parallel=2)
    said = assumption(wide, "interconnect_gb_per_s")
    assert (said.value, said.basis) == (32, "default")
    assert rows(wide, "defaults").count("pcie_gb_per_s") == 1
    alone = asked(catalog, now, **fields, accelerator_count=1)
    assert all(each.name != "interconnect_gb_per_s" for each in alone.assumptions)
