"""Names of models as hubs, local runners and files spell them: what they mean, what is told, what is refused."""

from datetime import datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.models.architecture import Description
from mlquote.estimators.models.naming import model_named
from mlquote.estimators.models.resolved import resolved_of
from mlquote.kit.errors import UnknownName


@pytest.mark.parametrize(
    ("name", "model"),
    [
        pytest.param("llama-3.1-8B-instruct", "llama-3.1-8b", id="letters"),
        pytest.param("llama3.1:8b", "llama-3.1-8b", id="a tag of a local runner"),
        pytest.param("qwen3:30b-a3b", "qwen3-30b-a3b", id="a tag of a mixture"),
        pytest.param("meta-llama/Llama-3.1-8B", "llama-3.1-8b", id="a name on the hub"),
        pytest.param("Kimi K2.6", "kimi-k2.6", id="spaces"),
    ],
)
def test_a_listed_name_needs_no_word(catalog: Snapshot, now: datetime, name: str, model: str) -> None:
    found = model_named(name, catalog, now)
    assert (found.value.row.id, found.value.weight_dtype, found.assumptions, found.warnings) == (model, "", (), ())


@pytest.mark.parametrize(
    ("name", "model", "dtype", "said"),
    [
        pytest.param("Qwen/Qwen3-8B-FP8", "qwen3-8b", "fp8", "'FP8'", id="FP8 of the maker"),
        pytest.param("unsloth/Llama-3.2-1B-Instruct-bnb-4bit", "llama-3.2-1b", "int4", "'unsloth'", id="a copy"),
        pytest.param("TheBloke/Llama-2-7B-Chat-GPTQ", "llama-2-7b", "int4", "'GPTQ'", id="GPTQ is 4 bits"),
        pytest.param("Qwen/Qwen2.5-7B-Instruct-GPTQ-Int8", "qwen2.5-7b", "int8", "'Int8'", id="unless it says 8"),
        pytest.param("hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4", "llama-3.1-8b", "int4", "'AWQ'", id="AWQ"),
        pytest.param("RedHatAI/Llama-3.3-70B-Instruct-quantized.w8a8", "llama-3.3-70b", "int8", "'w8a8'", id="w8a8"),
        pytest.param("nvidia/Llama-3.3-70B-Instruct-NVFP4", "llama-3.3-70b", "fp4", "'NVFP4'", id="NVFP4"),
        pytest.param("Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf", "llama-3.1-8b", "q4_k_m", "'Q4_K_M'", id="a file"),
        pytest.param(
            "hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M", "llama-3.2-3b", "q4_k_m", "'GGUF'", id="hub and level"
        ),
        pytest.param("llama3.1:8b-instruct-q8_0", "llama-3.1-8b", "int8", "'q8_0'", id="a tag with its level"),
        pytest.param("Qwen3-235B-A22B-Q4_K_M-00001-of-00003.gguf", "qwen3-235b-a22b", "q4_k_m", "of-00003", id="shard"),
    ],
)
def test_a_quantised_copy_is_the_model_with_its_dtype_told(
    catalog: Snapshot, now: datetime, name: str, model: str, dtype: str, said: str
) -> None:
    found = resolved_of(Description(model=name), catalog, now)
    assert (found.value.name, found.value.weight_dtype) == (model, dtype)
    told = found.assumptions[0]
    assert (told.name, told.value) == ("model", model)
    assert said in told.why and dtype in told.why
    assert not found.warnings


@pytest.mark.parametrize("name", ["qwen3-8b-q5_k_m.gguf", "bartowski/Qwen3-8B-GGUF", "Qwen3-8B-UD-Q4_K_XL.gguf"])
def test_a_level_without_a_dtype_is_warned_of(catalog: Snapshot, now: datetime, name: str) -> None:
    found = resolved_of(Description(model=name), catalog, now)
    assert (found.value.name, found.value.weight_dtype) == ("qwen3-8b", "bf16")
    assert [warning.code for warning in found.warnings] == ["quantisation-not-read"]


@pytest.mark.parametrize("name", ["gpt-4o", "gpt4o", "claude-opus-4-7", "claude sonnet", "gemini-2.5-pro", "openai/o3"])
def test_a_closed_model_is_said_to_be_one(catalog: Snapshot, now: datetime, name: str) -> None:
    with pytest.raises(UnknownName) as refused:
        model_named(name, catalog, now)
    assert refused.value.code == "sizes-not-published"
    assert "/v1/estimates/inference" in refused.value.faults[0].hint


def test_a_closed_model_names_the_estimates_of_its_training(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(UnknownName) as refused:
        model_named("gpt-4", catalog, now)
    assert "gpt4 of GET /v1/catalog/training_runs" in refused.value.faults[0].hint


@pytest.mark.parametrize(
    ("name", "first"),
    [
        pytest.param("llama 70b", "llama-3.3-70b", id="many: the newest first"),
        pytest.param("llama3.1", "llama-3.1-8b", id="a family: the plain ones first"),
        pytest.param("NousResearch/Hermes-3-Llama-3.1-8B", "llama-3.1-8b", id="what it was made from"),
    ],
)
def test_a_name_of_several_models_is_refused_with_them(catalog: Snapshot, now: datetime, name: str, first: str) -> None:
    with pytest.raises(UnknownName) as refused:
        model_named(name, catalog, now)
    assert refused.value.code == "unknown-model"
    assert first in refused.value.faults[0].hint


@pytest.mark.parametrize("name", ["foo", "/", "x/", ":", ".gguf", "q4_k_m", "-fp8", "%"])
def test_a_name_of_nothing_is_refused(catalog: Snapshot, now: datetime, name: str) -> None:
    with pytest.raises(UnknownName):
        model_named(name, catalog, now)
