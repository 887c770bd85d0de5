"""The operating point: targets, queues, and who waits."""

from dataclasses import astuple
from datetime import datetime
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.answer import ServingResult
from mlquote.estimators.serving.constants import line_of
from mlquote.estimators.serving.data_sheet import data_sheet_of
from mlquote.estimators.serving.engine_memory import engine_memory_of
from mlquote.estimators.serving.engines import engine_of
from mlquote.estimators.serving.facts import facts_of
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.run import run_of
from mlquote.kit.errors import OutOfDomain
from tests.estimators.serving.asking import BIG, LLAMA, NOW, asked, assumption, central, codes, detail, result


def test_past_capacity_it_says_saturated_and_gives_no_number(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, **BIG, requests_per_s=1000, output_tokens=500)
    found: ServingResult = answer.result
    assert "saturated" in codes(answer) and found.bound == "queue"
    assert found.output_tokens_per_s is None and found.ttft_ms is None and found.usd_per_mtok is None
    assert found.replicas_needed is not None and found.replicas_needed.central > 1


def test_more_sequences_than_caches_fit_wait(catalog: Snapshot, now: datetime) -> None:
    """70B in fp8 on one part of 80 GB: 1.4 GB beside weights and table hold 4 sequences of 2,176 tokens."""
    fields = {"model": "llama-3.1-70b", "accelerator": "h100", "accelerator_count": 1, "weight_dtype": "fp8",
              "kv_dtype": "fp8", "input_tokens": 128, "output_tokens": 4096}  # fmt: skip
    few, many = (asked(catalog, now, **fields, concurrency=n) for n in (4, 64))
    assert "concurrency-above-memory" in codes(many)
    assert central(many.result.ttft_ms) > 20 * central(few.result.ttft_ms)
    assert central(many.result.tpot_ms) < 1.5 * central(few.result.tpot_ms)


def test_open_loop_at_a_load_runs_as_a_closed_loop_of_as_many(catalog: Snapshot, now: datetime) -> None:
    """Little: sequences = rate x time each stays."""
    load = result(catalog, now, **BIG, requests_per_s=2, output_tokens=500)
    stays = (central(load.ttft_ms) + 499 * central(load.tpot_ms)) / 1e3
    assert load.concurrency == pytest.approx(2 * stays, rel=0.05)
    assert central(load.output_tokens_per_s) == pytest.approx(1000)


def test_tighter_targets_allow_fewer_sequences(catalog: Snapshot, now: datetime) -> None:
    loose, tight = (result(catalog, now, **BIG, scenario="interactive", max_tpot_ms=t) for t in (100, 40))
    assert tight.concurrency < loose.concurrency
    assert central(tight.output_tokens_per_s) < central(loose.output_tokens_per_s)
    assert central(tight.tpot_ms) <= 40


def test_a_missed_target_at_a_given_concurrency_is_said(catalog: Snapshot, now: datetime) -> None:
    assert "target-missed" in codes(asked(catalog, now, **BIG, concurrency=400, max_tpot_ms=25))


def test_two_targets_that_are_missed_are_both_named(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, **BIG, concurrency=400, max_tpot_ms=25, max_ttft_ms=100)
    assert detail(answer, "target-missed").startswith("max_tpot_ms and max_ttft_ms are missed")


def test_the_target_that_holds_the_batch_down_is_known(catalog: Snapshot, now: datetime) -> None:
    question = ServingQuestion.model_validate(BIG | {"max_tpot_ms": 40, "max_ttft_ms": 1e6})
    limit = run_of(question, facts_of(question, catalog, now)).operation.limit
    assert limit.by_targets
    assert limit.held_by == {"max_tpot_ms"}


ENGINES = ("vLLM", "SGLang", "TensorRT-LLM", "llama.cpp", "transformers", None)


@settings(max_examples=80, deadline=None)
@given(
    engine=st.sampled_from(ENGINES),
    prompt=st.sampled_from([0, 8, 512, 8192, 32768]),
    output=st.sampled_from([1, 2, 32, 256, 4096]),
    concurrency=st.sampled_from([0.25, 1, 3, 16, 64, 300, 5000]),
    width=st.sampled_from([1, 2, 4, 8, None]),
    scenario=st.sampled_from(["server", "offline"]),
)
def test_the_sequences_in_flight_are_throughput_times_their_stay(
    catalog: Snapshot,
    engine: str | None,
    prompt: int,
    output: int,
    concurrency: float,
    width: int | None,
    scenario: str,
) -> None:
    """Little 1961, over engines, lengths, concurrency and widths: L = lambda (TTFT + (out - 1) TPOT)."""
    found = result(
        catalog, NOW, model="llama-3.1-8b", accelerator="h100-sxm", accelerator_count=8, engine=engine,
        input_tokens=prompt, output_tokens=output, concurrency=concurrency, tensor_parallel=width, scenario=scenario,
    )  # fmt: skip
    stays_s = (central(found.ttft_ms) + (output - 1) * central(found.tpot_ms)) / 1e3
    assert central(found.requests_per_s) * stays_s == pytest.approx(concurrency, rel=0.05)
    assert found.concurrency == pytest.approx(concurrency)


@settings(max_examples=40, deadline=None)
@given(rate=st.floats(1e-4, 30), output=st.sampled_from([1, 64, 1000]), engine=st.sampled_from(ENGINES))
def test_an_open_loop_holds_rate_times_stay(catalog: Snapshot, rate: float, output: int, engine: str | None) -> None:
    found = result(catalog, NOW, **BIG, requests_per_s=rate, output_tokens=output, engine=engine)
    if found.ttft_ms is not None:
        stays_s = (central(found.ttft_ms) + (output - 1) * central(found.tpot_ms)) / 1e3
        assert rate * stays_s == pytest.approx(found.concurrency, rel=0.05)


@pytest.mark.parametrize("dtype", ["bf16", "fp8"])
@pytest.mark.parametrize("concurrency", [1, 16, 200])
@pytest.mark.parametrize(("less", "more"), [("h100-sxm", "h200"), ("b200", "b300"), ("mi300x", "mi325x")])
def test_more_memory_or_bandwidth_never_slows_the_same_chip(
    catalog: Snapshot, now: datetime, less: str, more: str, concurrency: int, dtype: str
) -> None:
    asked_of = {"model": "llama-3.1-70b", "accelerator_count": 8, "weight_dtype": dtype, "concurrency": concurrency}
    small, large = (result(catalog, now, **asked_of, accelerator=part) for part in (less, more))
    assert central(large.output_tokens_per_s) >= 0.9999 * central(small.output_tokens_per_s)


def test_a_first_token_of_a_fixed_batch_is_no_faster_than_the_data_sheet(catalog: Snapshot, now: datetime) -> None:
    """64 prompts of 1024 tokens on 989 TFLOP/s, whatever the range says."""
    found = result(catalog, now, **LLAMA, scenario="offline", concurrency=64, input_tokens=1024)
    assert found.ttft_ms is not None
    assert found.ttft_ms.central > 64 * found.flop_per_request.prefill / 989e12 * 1e3


@settings(max_examples=80, deadline=None)
@given(
    part=st.sampled_from(["h100-sxm", "h200", "b200", "mi300x", "a100-sxm4-80gb", "l40s", "rtx-4090"]),
    weight=st.sampled_from(["bf16", "int8", "int4"]),
    engine=st.sampled_from(ENGINES),
    prompt=st.sampled_from([8, 512, 8192]),
    output=st.sampled_from([2, 256, 2048]),
    concurrency=st.sampled_from([1, 8, 64, 1000]),
    width=st.sampled_from([1, 2, 8]),
)
def test_nothing_is_faster_than_the_data_sheet(
    catalog: Snapshot,
    part: str,
    weight: str,
    engine: str | None,
    prompt: int,
    output: int,
    concurrency: int,
    width: int,
) -> None:
    """No answer has an accelerator multiply or read more than its sheet says: F b / t <= n P, W / t <= w B."""
    fields = {"model": "llama-3.1-8b", "weight_dtype": weight, "engine": engine, "input_tokens": prompt,
              "output_tokens": output, "concurrency": concurrency}  # fmt: skip
    found = result(catalog, NOW, accelerator=part, accelerator_count=8, tensor_parallel=width, **fields)
    row = catalog.accelerator(part, NOW)
    peak = max(peak.tflop_per_s for peak in catalog.peaks(row.id)) * 1e12
    flop = found.flop_per_request.prefill + found.flop_per_request.decode
    assert central(found.requests_per_s) * flop <= 8 * peak
    assert central(found.ttft_ms) / 1e3 >= found.flop_per_request.prefill / (width * peak)
    assert row.memory_bandwidth_gb_per_s is not None
    read_s = found.memory.weights_bytes / (found.layout.tensor_parallel * row.memory_bandwidth_gb_per_s * 1e9)
    assert central(found.tpot_ms) / 1e3 >= read_s


def test_a_measured_throughput_is_the_one_capacity(catalog: Snapshot, now: datetime) -> None:
    """256 tokens/s asked of machines that deliver 50 each: ceil(256 / 50) = 6 replicas."""
    asked_of = LLAMA | {"output_tokens": 256, "requests_per_s": 1}
    found = result(catalog, now, **asked_of, output_tokens_per_s=50)
    assert (central(found.replicas_needed), central(found.capacity_output_tokens_per_s)) == (6, 50)


def test_hosting_that_was_measured_slow_loses(catalog: Snapshot, now: datetime) -> None:
    """20 tok/s are 6,750 requests of 256 tokens a day: $2 of API for a whole H100."""
    api = {"against_provider": "openai", "against_model": "gpt-4o-mini", "input_tokens": 1024, "output_tokens": 256}
    found = result(catalog, now, **LLAMA, **api, output_tokens_per_s=20)
    assert found.break_even is not None and found.break_even.requests_per_day is None
    assert found.break_even.staircase[0].up_to_requests_per_day == pytest.approx(20 / 256 * 86400)


def test_two_servers_are_not_one(catalog: Snapshot, now: datetime) -> None:
    """DeepSeek-R1 in fp8 on 16 H100 over InfiniBand at batch 1: 23.2 ms (SGLang), 31.2 ms (TensorRT-LLM).

    Source: tenstorrent/tt-inference-server issue 356
    """
    across = {"model": "deepseek-r1", "accelerator": "h100-sxm", "accelerator_count": 16, "tensor_parallel": 16,
              "weight_dtype": "fp8", "concurrency": 1, "input_tokens": 128, "output_tokens": 128}  # fmt: skip
    assert central(result(catalog, now, **across, engine="SGLang").tpot_ms) == pytest.approx(23.2, rel=0.35)
    answer = asked(catalog, now, **across, engine="TensorRT-LLM")
    assert central(answer.result.tpot_ms) == pytest.approx(31.2, rel=0.35)
    assert assumption(answer, "network_gb_per_s").value == 50


def test_the_width_that_was_taken_is_said(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, model="llama-3.1-70b", accelerator="b300", accelerator_count=8, concurrency=16)
    said = assumption(answer, "tensor_parallel")
    assert (said.value, said.why) == (8, "of the widths 1, 2, 4, 8 the one that delivers most at this load")


DAY = {
    "model": "deepseek-v3", "accelerator": "h800", "accelerator_count": 1814, "expert_parallel": 144,
    "weight_dtype": "fp8", "input_tokens": 3619, "output_tokens": 1000, "prefix_cache_hit_fraction": 342 / 608,
    "usd_per_accelerator_hour": "2", "prefill_accelerators": 764,
}  # fmt: skip


def test_deepseeks_day_follows_from_its_inputs(catalog: Snapshot, now: datetime) -> None:
    """226.75 nodes of 8 at $2: $87,072 for 608 billion tokens in and 168 billion out.

    Nodes: 608e9 / 86400 / 73.7e3 = 95.5 prefill (764 parts), 168e9 / 86400 / 14.8e3 = 131.4 decode.
    Source: deepseek-ai/open-infra-index, day 6
    """
    found = result(catalog, now, **DAY, output_tokens_per_s=168e9 / 86400)
    assert central(found.usd_per_day) == pytest.approx(87072, rel=0.02)
    assert central(found.output_tokens_per_s) * 86400 == pytest.approx(168e9)
    assert found.layout.prefill_accelerators == 764
    assert found.usd_per_mtok is not None
    paid = central(found.usd_per_mtok.input) * 608e3 + central(found.usd_per_mtok.output) * 168e3
    assert paid == pytest.approx(87072, rel=0.02)


@pytest.mark.parametrize("prefilling", [1, 2, 6])
def test_apart_from_prompts_a_step_is_not_interrupted_and_little_holds(
    catalog: Snapshot, now: datetime, prefilling: int
) -> None:
    asked_of = {"model": "llama-3.1-8b", "accelerator": "h100-sxm", "accelerator_count": 8, "concurrency": 128,
                "input_tokens": 8192, "output_tokens": 128, "tensor_parallel": 1}  # fmt: skip
    found = result(catalog, now, **asked_of, prefill_accelerators=prefilling)
    assert central(found.tpot_ms) == pytest.approx(central(found.inter_token_ms_median))
    stays_s = (central(found.ttft_ms) + 127 * central(found.tpot_ms)) / 1e3
    assert central(found.requests_per_s) * stays_s == pytest.approx(128, rel=0.05)


def test_someone_has_to_decode(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(OutOfDomain, match="left to decode"):
        result(catalog, now, **LLAMA, prefill_accelerators=1)


# Parts that are better in every figure


def answered(catalog: Snapshot, **fields: Any) -> dict[str, tuple[str, tuple[float, ...], ServingResult]]:
    """Part -> its maker, the figures of its data sheet, and what it delivers; parts that do not answer are left out."""
    found = {}
    for part in catalog.rows("accelerators"):
        memory = engine_memory_of(part, engine_of(fields["engine"]), None, catalog, NOW).value
        try:
            chip = data_sheet_of(part, fields["weight_dtype"], memory, catalog, NOW).value.chip
            found[part.id] = (line_of(part), astuple(chip), result(catalog, NOW, accelerator=part.id, **fields))
        except OutOfDomain:
            continue
    return found


@pytest.mark.parametrize(
    ("model", "weight", "engine", "concurrency", "width"),
    [("llama-3.1-8b", "bf16", "vLLM", 1, 1), ("llama-3.1-8b", "fp16", "SGLang", 1, 4),
     ("qwen3-30b-a3b", "int8", "vLLM", 1, 8), ("llama-3.1-8b", "int4", None, 8, 2),
     ("llama-3.1-8b", "fp8", "TensorRT-LLM", 64, 8), ("gpt-oss-120b", "mxfp4", "vLLM", 64, 8)],
)  # fmt: skip
def test_a_part_that_is_better_in_every_figure_is_never_slower(
    catalog: Snapshot, model: str, weight: str, engine: str | None, concurrency: int, width: int
) -> None:
    """Over all pairs of one maker's parts of which one has no less of anything: other makers' kernels may lag."""
    parts = answered(
        catalog, model=model, weight_dtype=weight, engine=engine, concurrency=concurrency, accelerator_count=width,
        tensor_parallel=width, input_tokens=1024, output_tokens=256,
    )  # fmt: skip
    pairs = 0
    for (maker, more, better), (other, less, worse) in permutations(parts.values(), 2):
        if maker != other or any(ours < theirs for ours, theirs in zip(more, less, strict=True)):
            continue
        pairs += 1
        assert central(better.output_tokens_per_s) >= central(worse.output_tokens_per_s) * (1 - 1e-9)
        assert central(better.tpot_ms) <= central(worse.tpot_ms) * (1 + 1e-9)
        assert central(better.ttft_ms) <= central(worse.ttft_ms) * (1 + 1e-9)
    assert pairs > 200
