"""Layouts that are tried: every width that divides, and what is asked alone where it is."""

from dataclasses import replace

from mlquote.formulas.serving.layouts import placements
from mlquote.formulas.serving.load import LayoutWish
from tests.formulas.serving.test_load import BF16, DEEPSEEK, FP8, H100, LLAMA_70B


def widths(*, accelerators: int) -> set[int]:
    return {each.width for each in placements(LLAMA_70B, H100, FP8, LayoutWish(accelerators=accelerators))}


def test_every_power_of_two_that_divides_is_tried() -> None:
    assert widths(accelerators=8) == {1, 2, 4, 8}
    assert widths(accelerators=6) >= {1, 2}


def test_no_width_goes_beyond_two_nodes() -> None:
    assert max(widths(accelerators=256)) == 16


def test_more_memory_takes_no_layout_away() -> None:
    larger = replace(H100, memory_bytes=288e9)
    few, many = (placements(LLAMA_70B, chip, BF16, LayoutWish(accelerators=8)) for chip in (H100, larger))
    assert {p.width for p in few if p.stages == 1} <= {p.width for p in many}


def test_two_nodes_may_be_cut_into_stages_or_taken_as_one_width() -> None:
    shapes = {(p.width, p.stages) for p in placements(DEEPSEEK, H100, FP8, LayoutWish(accelerators=16))}
    assert {(8, 2), (16, 1)} <= shapes


def test_what_is_asked_is_the_only_one() -> None:
    (only,) = placements(LLAMA_70B, H100, FP8, LayoutWish(accelerators=8, width=4))
    assert (only.width, only.replicas) == (4, 2)
