"""What cannot be is said: a precision without a unit, hours beyond the peak, a run larger than its memory."""

import pytest

from mlquote.catalog.snapshot import Snapshot
from tests.estimators.training.asking import PLAIN, asked, codes, middle, result

LLAMA = {"model": "llama-3.1-8b", "tokens": 1e9}
TOO_FAST, TOO_LARGE, NO_UNIT = "mfu-above-reachable", "does-not-fit", "precision-not-supported"


@pytest.mark.parametrize(
    ("part", "precision"),
    [
        # the narrowest matrix unit of each: V100 fp16 (no 8 bits at all), A100 int8, P100 none, RTX 3090 int8, TPU bf16
        *[("v100-sxm2-32gb", p) for p in ("fp8", "fp4", "int8", "mxfp4", "int4")],
        *[("a100-sxm4-80gb", p) for p in ("fp8", "fp4")],
        ("p100-sxm2-16gb", "fp8"),
        ("rtx-3090", "fp8"),
        ("m3-max-40", "fp8"),
        ("tpu-v3", "fp8"),
        ("tpu-v4", "fp8"),
        ("mi250x", "fp8"),
    ],
)
def test_a_precision_that_the_part_lacks_takes_the_16_bit_hours_and_says_so(
    catalog: Snapshot, part: str, precision: str
) -> None:
    fields = LLAMA | {"accelerator": part, "accelerator_count": 8}
    plain, narrow = asked(catalog, **fields), asked(catalog, **fields, precision=precision)
    assert narrow.result.accelerator_hours == plain.result.accelerator_hours
    assert narrow.result.cost_usd == plain.result.cost_usd
    assert NO_UNIT in codes(narrow)
    assert NO_UNIT not in codes(plain)


@pytest.mark.parametrize("part", ["trainium1", "tpu-v4", "mi250x"])
def test_a_narrow_unit_no_faster_than_16_bits_makes_no_run_cheaper(catalog: Snapshot, part: str) -> None:
    """fp8 on Trainium1, int8 on TPU v4 and MI250X run at the bf16 rate, as their makers print it."""
    narrow = {"trainium1": "fp8"}.get(part, "int8")
    fields = LLAMA | {"accelerator": part, "accelerator_count": 8}
    plain, fast = result(catalog, **fields), result(catalog, **fields, precision=narrow)
    assert middle(fast.accelerator_hours) >= middle(plain.accelerator_hours)


def test_bf16_means_what_the_part_has_at_16_bits(catalog: Snapshot) -> None:
    fields = LLAMA | {"accelerator": "v100-sxm2-32gb", "accelerator_count": 8}
    plain, named = asked(catalog, **fields), asked(catalog, **fields, precision="bf16")
    assert plain.result == named.result
    assert NO_UNIT not in codes(named)


def test_tf32_on_a_part_without_it_is_counted_in_fp32(catalog: Snapshot) -> None:
    fields = LLAMA | {"accelerator": "v100-sxm2-32gb", "accelerator_count": 8, "mfu": 0.3, "goodput_fraction": 1}
    by_name = {p: middle(result(catalog, **fields, precision=p).accelerator_hours) for p in ("tf32", "fp32", "fp16")}
    assert by_name["tf32"] == by_name["fp32"] > by_name["fp16"]


@pytest.mark.parametrize(
    ("part", "tokens", "hours"),
    [("a100", 1e9, 20), ("a100", 1e12, 1), ("m3-max", 1e9, 100), ("t4", 1e9, 100)],
)
def test_hours_that_mean_more_than_the_peak_are_told(catalog: Snapshot, part: str, tokens: float, hours: float) -> None:
    answer = asked(catalog, model="llama-3.1-8b", tokens=tokens, accelerator=part, accelerator_hours=hours)
    assert TOO_FAST in codes(answer)


def test_reachable_is_nine_tenths_of_the_peak() -> None:
    # 6e22 FLOP at 1e15 FLOP/s are 16,667 h at an MFU of 1
    whole = 6e22 / 1e15 / 3600
    assert TOO_FAST in codes(asked(**PLAIN, accelerator_hours=whole / 0.91))
    assert TOO_FAST not in codes(asked(**PLAIN, accelerator_hours=whole / 0.89))


@pytest.mark.parametrize("name", ["mfu", "hfu"])
@pytest.mark.parametrize(("value", "told"), [(0.5, False), (0.9, False), (0.95, True), (1.0, True)])
def test_an_efficiency_beyond_reach_is_told(name: str, value: float, told: bool) -> None:
    assert (TOO_FAST in codes(asked(**PLAIN, **{name: value}))) is told


@pytest.mark.parametrize(
    "fields",
    [
        {"model": "llama-3.1-405b", "tokens": 1e9, "accelerator": "rtx-4090", "accelerator_count": 1},
        {"model": "llama-3.1-8b", "tokens": 1e9, "accelerator": "t4", "accelerator_count": 1, "method": "finetune"},
    ],
)
def test_a_run_that_does_not_fit_says_how_many_accelerators_hold_it(
    catalog: Snapshot, fields: dict[str, object]
) -> None:
    answer = asked(catalog, **fields)
    said = next(warning.detail for warning in answer.warnings if warning.code == TOO_LARGE)
    assert answer.result.memory.fits is False
    assert f"{answer.result.memory.min_accelerators} accelerators hold the run" in said


def test_a_run_that_fits_says_nothing(catalog: Snapshot) -> None:
    fields = {"accelerator": "h100-sxm", "accelerator_count": 8, "method": "lora", "sequence_length": 2048}
    assert not {TOO_LARGE, TOO_FAST} & codes(asked(catalog, **LLAMA, **fields))
