"""The longest sequences an engine is started for."""

from datetime import datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import OutOfDomain
from tests.estimators.serving.asking import LLAMA, asked, assumption, codes, result


def test_concurrency_at_the_greatest_length(catalog: Snapshot, now: datetime) -> None:
    """57.16 GB of room over 131,072 bytes a token: 436,100 tokens, 53 times 8,192."""
    found = result(catalog, now, **LLAMA, max_model_len=8192)
    assert found.cache_tokens == pytest.approx(436_100, rel=1e-3)
    assert found.max_concurrency_at_max_model_len == pytest.approx(53.23, rel=1e-3)


def test_by_default_it_is_the_models_context(catalog: Snapshot, now: datetime) -> None:
    said = assumption(asked(catalog, now, **LLAMA), "max_model_len")
    assert (said.value, said.basis) == (131072, "derived")


def test_requests_beyond_it_are_refused(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(OutOfDomain) as refused:
        asked(catalog, now, **LLAMA, input_tokens=8000, output_tokens=500, max_model_len=8192)
    fault = refused.value.faults[0]
    assert (refused.value.code, fault.pointer, fault.hint) == ("above-max-model-len", "/max_model_len", "at least 8500")


def test_what_finds_no_room_is_refused_with_what_would(catalog: Snapshot, now: datetime) -> None:
    """vLLM refuses Qwen2.5-14B at 131,072 tokens on two RTX 4090 and offers 81,536 (vllm-project/vllm#13061).

    Its cards hold back a tenth of a GiB: of all logs the farthest below the 2.8 GiB that stand in.
    """
    with pytest.raises(OutOfDomain) as refused:
        asked(catalog, now, model="qwen2.5-14b", accelerator="rtx-4090", accelerator_count=2, tensor_parallel=2,
              engine="vLLM", max_model_len=131072)  # fmt: skip
    most = int(refused.value.faults[0].hint.split()[3].rstrip(","))
    assert most == pytest.approx(81_536, rel=0.4)


def test_no_more_run_than_the_engine_is_told(catalog: Snapshot, now: datetime) -> None:
    few = asked(catalog, now, **LLAMA, engine="vLLM", concurrency=64, max_num_seqs=8)
    assert "concurrency-above-max-num-seqs" in codes(few)
    alone = result(catalog, now, **LLAMA, engine="vLLM", concurrency=8)
    assert few.result.tpot_ms == alone.tpot_ms and few.result.concurrency == 64
    assert few.result.ttft_ms.central > alone.ttft_ms.central
