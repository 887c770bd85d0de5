"""Which model a question means, and what had to be derived."""

from datetime import datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.models.architecture import Architecture, Description
from mlquote.estimators.models.resolved import Resolved, resolved_of
from mlquote.formulas.models.parameters import stack_params
from mlquote.kit.errors import Malformed, OutOfDomain, QuoteError, UnknownName

LLAMA_8B = {"layers": 32, "hidden_size": 4096, "heads": 32, "kv_heads": 8, "ffn_size": 14336, "vocab_size": 128256}


def found(catalog: Snapshot, now: datetime, **asked: Any) -> Finding[Resolved]:
    if "architecture" in asked:
        asked["architecture"] = Architecture.model_validate(asked["architecture"])
    return resolved_of(Description(**asked), catalog, now)


def resolved(catalog: Snapshot, now: datetime, **asked: Any) -> Resolved:
    return found(catalog, now, **asked).value


@pytest.mark.parametrize(
    ("name", "params"),
    [
        pytest.param("llama-3.1-405b", 405853388800, id="an id"),
        pytest.param("Llama-3.1-405B", 405853388800, id="an id in other letters"),
        pytest.param("meta-llama/Llama-3.1-8B", 8030261248, id="a name on the hub"),
        pytest.param("Llama 2 70B", 68976648192, id="a name with spaces"),
        pytest.param("deepseek-ai/DeepSeek-R1", 671026419200, id="latent attention and experts"),
        pytest.param("BLOOM-176B", 176247271424, id="a short name"),
    ],
)
def test_a_catalogue_model_is_found_by_the_names_people_use(
    catalog: Snapshot, now: datetime, name: str, params: int
) -> None:
    known = found(catalog, now, model=name)
    assert known.value.params == params
    assert [row.table for row in known.rows] == ["models"]


def test_an_unknown_model_names_the_nearest_ones(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(UnknownName) as refused:
        resolved(catalog, now, model="llama-3.1-406b")
    assert "llama-3.1-405b" in refused.value.faults[0].hint


def test_every_shaped_row_counts_up_to_its_own_parameters(catalog: Snapshot, now: datetime) -> None:
    # the rest is what a row has no column for: image encoders (Gemma 3), relative positions (Gopher, Chinchilla)
    for row in catalog.rows("models"):
        model = resolved(catalog, now, model=row.id)
        if model.stack is None or not model.counted:
            continue
        counted = stack_params(model.stack)
        assert counted.total == pytest.approx(row.params, rel=0.1), row.id
        active = row.active_params or row.params
        assert counted.active == pytest.approx(active, rel=0.17 if row.id.startswith("gpt-oss") else 0.1), row.id


def test_parameters_alone_are_not_pretended_to_be_a_shape(catalog: Snapshot, now: datetime) -> None:
    known = found(catalog, now, params=70_000_000_000)
    model = known.value
    assert (model.params, model.active_params, model.counted) == (70_000_000_000, 70_000_000_000, False)
    assert {"architecture.layers", "architecture.hidden_size"} <= {a.name for a in known.assumptions}
    assert all(a.basis == "derived" and a.why for a in known.assumptions)


def test_a_given_architecture_is_counted_exactly(catalog: Snapshot, now: datetime) -> None:
    model = resolved(catalog, now, architecture=LLAMA_8B)
    assert (model.params, model.counted) == (8030261248, True)
    assert (model.sizes.head_dim, model.sizes.ffn_gated, model.sizes.attention) == (128, True, "gqa")


def test_what_the_question_gives_beats_the_catalogue(catalog: Snapshot, now: datetime) -> None:
    model = resolved(catalog, now, model="llama-3.1-8b", architecture={"layers": 16})
    assert (model.sizes.layers, model.sizes.hidden_size) == (16, 4096)


@pytest.mark.parametrize("params", [10**6, 10**15])
def test_parameters_that_cannot_be_in_that_shape_are_refused(catalog: Snapshot, now: datetime, params: int) -> None:
    with pytest.raises(OutOfDomain) as refused:
        resolved(catalog, now, params=params, architecture={"layers": 80, "hidden_size": 8192})
    assert refused.value.faults[0].pointer == "/params"


def test_sizes_and_parameters_of_two_models_are_refused(catalog: Snapshot, now: datetime) -> None:
    shape = {**LLAMA_8B, "experts": 8, "experts_per_token": 2}
    with pytest.raises(OutOfDomain) as refused:
        resolved(catalog, now, params=10**12, active_params=10**12, architecture=shape)
    assert refused.value.faults[0].pointer == "/params"


def test_latent_attention_has_no_encoder_before_it(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(OutOfDomain) as refused:
        resolved(catalog, now, params=10**9, architecture={"kind": "encoder_decoder", "attention": "mla"})
    assert refused.value.faults[0].pointer == "/architecture/attention"


def test_a_hugging_face_config_is_read_as_it_is(catalog: Snapshot, now: datetime) -> None:
    config = {
        "model_type": "mistral",
        "hidden_size": 4096,
        "intermediate_size": 14336,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "vocab_size": 32000,
        "sliding_window": 4096,
        "torch_dtype": "bfloat16",
    }
    model = resolved(catalog, now, hf_config=config)
    assert (model.params, model.sizes.attention, model.weight_dtype) == (7241732096, "gqa+swa", "bf16")


@pytest.mark.parametrize(
    ("asked", "error", "pointer"),
    [
        pytest.param({}, Malformed, "/model", id="nothing"),
        pytest.param({"model": "bert-base", "hf_config": {"a": 1}}, Malformed, "/hf_config", id="two models"),
        pytest.param({"architecture": {"layers": 3}}, OutOfDomain, "/architecture/hidden_size", id="half a shape"),
        pytest.param({"architecture": {"kind": "cnn"}}, Malformed, "/architecture/params", id="a bare CNN"),
        pytest.param(
            {"params": 10, "architecture": {"params": 20}}, Malformed, "/architecture/params", id="two parameter counts"
        ),
        pytest.param(
            {"architecture": {**LLAMA_8B, "experts": 2, "experts_per_token": 4}},
            OutOfDomain,
            "/architecture/experts_per_token",
            id="more experts used than there are",
        ),
        pytest.param({"params": 10**9, "active_params": 10**10}, OutOfDomain, "/active_params", id="active"),
    ],
)
def test_a_contradiction_is_refused_where_it_stands(
    catalog: Snapshot, now: datetime, asked: dict[str, Any], error: type[QuoteError], pointer: str
) -> None:
    with pytest.raises(error) as refused:
        resolved(catalog, now, **asked)
    assert refused.value.faults[0].pointer == pointer


@pytest.mark.parametrize(
    ("kind", "given", "name"),
    [
        pytest.param("llama-3.1-8b", {"sliding_window": 512}, "sliding_window", id="no windowed layer"),
        pytest.param("llama-3.1-8b", {"kv_lora_rank": 128}, "kv_lora_rank", id="no latent attention"),
        pytest.param("llama-3.1-8b", {"shared_experts": 1}, "shared_experts", id="no experts"),
        pytest.param("llama-3.1-8b", {"encoder_layers": 4}, "encoder_layers", id="no encoder"),
        pytest.param("llama-3.1-8b", {"patch_size": 14}, "patch_size", id="no images"),
        pytest.param("resnet-50", {"heads": 4}, "heads", id="no attention at all"),
    ],
)
def test_a_size_that_a_model_has_no_use_for_is_named(
    catalog: Snapshot, now: datetime, kind: str, given: dict[str, Any], name: str
) -> None:
    said = found(catalog, now, model=kind, architecture=given).warnings
    assert [(warning.code, warning.detail.split()[0]) for warning in said] == [("field-not-used", name)]


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        pytest.param({"model": "bert-base", "architecture": {"kind": "transformer"}}, "/architecture/kind", id="kind"),
        pytest.param(
            {"model": "gpt-2", "architecture": {"forward_flop_per_sample": 1e9}},
            "/architecture/forward_flop_per_sample",
            id="images of a text model",
        ),
        pytest.param({"model": "gpt-2", "active_params": 10**12}, "/active_params", id="more active than there are"),
    ],
)
def test_what_cannot_be_true_of_a_named_model_is_refused(
    catalog: Snapshot, now: datetime, asked: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(OutOfDomain) as refused:
        resolved(catalog, now, **asked)
    assert refused.value.faults[0].pointer == pointer


def test_a_config_and_sizes_beside_it_are_one_too_many(catalog: Snapshot, now: datetime) -> None:
    config = {
        "model_type": "gpt2",
        "n_embd": 768,
        "n_layer": 12,
        "n_head": 12,
        "vocab_size": 50257,
        "n_positions": 1024,
    }
    with pytest.raises(Malformed) as refused:
        resolved(catalog, now, hf_config=config, architecture={"layers": 24})
    assert refused.value.faults[0].pointer == "/architecture/layers"
    assert resolved(catalog, now, hf_config=config, params=130_000_000).params == 130_000_000


def test_a_vision_transformer_of_stages_has_no_layers_made_up_for_it(catalog: Snapshot, now: datetime) -> None:
    swin = found(catalog, now, model="swin-base")
    assert (swin.value.kind, swin.value.stack, swin.assumptions) == ("vit", None, ())
    assert swin.value.image is not None
    assert swin.value.image.params == 87_768_224
