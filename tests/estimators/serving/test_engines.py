"""Engines: families, and names that nobody knows."""

from datetime import datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.engines import engine_found, engine_of
from tests.estimators.serving.asking import LLAMA, asked, detail


@pytest.mark.parametrize(
    ("text", "family"),
    [("TensorRT-LLM 0.17", "tensorrt_llm"), ("vLLM 0.6.5.dev964+mlperf50", "vllm"), ("SGLang nightly", "sglang"),
     ("llama.cpp", "llama_cpp"), ("FasterTransformer", "fastertransformer"), ("our own", "any"), (None, "any")],
)  # fmt: skip
def test_an_engines_family_is_recognised(catalog: Snapshot, now: datetime, text: str | None, family: str) -> None:
    answer = asked(catalog, now, **LLAMA, concurrency=4, engine=text)
    assert next(a.value for a in answer.assumptions if a.name == "engine_family") == family


@pytest.mark.parametrize(
    ("text", "static"),
    [
        ("TensorRT-LLM 0.8.0", True),
        ("TensorRT-LLM 0.9", False),
        ("llama.cpp", False),
        ("DeepSpeed-Inference", True),
        ("vLLM", False),
        (None, False),
    ],
)
def test_an_engine_that_runs_one_fixed_batch_is_known(text: str | None, static: bool) -> None:
    assert engine_of(text).static is static


def test_only_llama_cpp_gives_each_accelerator_whole_layers() -> None:
    assert engine_of("llama.cpp").is_layerwise
    assert not engine_of("vLLM").is_layerwise


def test_an_unknown_engine_is_named_and_the_average_stands_in(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, **LLAMA, concurrency=4, engine="our own 2.0")
    assert "'our own 2.0'" in detail(answer, "engine-not-recognised")
    assert answer.result == asked(catalog, now, **LLAMA, concurrency=4).result


def test_no_engine_at_all_is_no_fault() -> None:
    assert engine_found(None).warnings == ()
    assert engine_found("SGLang").warnings == ()
