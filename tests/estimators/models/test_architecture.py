"""Which model a question means, and what had to be derived."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.models.architecture import Architecture, Resolved, resolve_architecture
from mlquote.estimators.models.flop import training_flop
from mlquote.formulas.models.parameters import stack_params
from mlquote.kit.errors import Malformed, OutOfDomain, UnknownName
from mlquote.kit.provenance import Trail

LLAMA_8B = {"layers": 32, "hidden_size": 4096, "heads": 32, "kv_heads": 8, "ffn_size": 14336, "vocab_size": 128256}


def resolved(catalog: Snapshot, now: datetime, trail: Trail | None = None, **asked: Any) -> Resolved:
    if "architecture" in asked:
        asked["architecture"] = Architecture.model_validate(asked["architecture"])
    return resolve_architecture(catalog=catalog, moment=now, trail=trail or Trail(), **asked)


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
    trail = Trail()
    found = resolved(catalog, now, trail, model=name)
    assert found.params == params
    assert [row.table for row in trail.rows.values()] == ["models"]


def test_an_unknown_model_names_the_nearest_ones(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(UnknownName) as refused:
        resolved(catalog, now, model="llama-3.1-406b")
    assert "llama-3.1-405b" in refused.value.faults[0].hint


def test_every_shaped_row_counts_up_to_its_own_parameters(catalog: Snapshot, now: datetime) -> None:
    # the rest is what a row has no column for: image encoders (Gemma 3), relative positions (Gopher, Chinchilla)
    for row in catalog.rows("models"):
        found = resolved(catalog, now, model=row.id)
        if found.stack is None or not found.counted:
            continue
        counted = stack_params(found.stack)
        assert counted.total == pytest.approx(row.params, rel=0.1), row.id
        active = row.active_params or row.params
        assert counted.active == pytest.approx(active, rel=0.17 if row.id.startswith("gpt-oss") else 0.1), row.id


def test_parameters_alone_are_not_pretended_to_be_a_shape(catalog: Snapshot, now: datetime) -> None:
    trail = Trail()
    found = resolved(catalog, now, trail, params=70_000_000_000)
    assert (found.params, found.active_params, found.counted) == (70_000_000_000, 70_000_000_000, False)
    assert {"architecture.layers", "architecture.hidden_size"} <= {a.name for a in trail.assumptions}
    assert all(a.basis == "derived" and a.why for a in trail.assumptions)


def test_a_given_architecture_is_counted_exactly(catalog: Snapshot, now: datetime) -> None:
    found = resolved(catalog, now, architecture=LLAMA_8B)
    assert (found.params, found.counted) == (8030261248, True)
    assert (found.head_dim, found.ffn_gated, found.attention) == (128, True, "gqa")


def test_what_the_question_gives_beats_the_catalogue(catalog: Snapshot, now: datetime) -> None:
    found = resolved(catalog, now, model="llama-3.1-8b", architecture={"layers": 16})
    assert (found.layers, found.hidden_size) == (16, 4096)


def test_a_mixture_of_unsaid_experts_is_counted_by_its_active_parameters(catalog: Snapshot, now: datetime) -> None:
    # Mixtral 8x7B without its expert count: 6 x (12.88e9 - 32000 x 4096) and 3 x 2 x 32 x 4096 x 4096 of attention
    shape = {**LLAMA_8B, "vocab_size": 32000}
    found = resolved(catalog, now, params=46702792704, active_params=12879925248, architecture=shape)
    flop = training_flop(found, 1.0, trail=Trail(), sequence_tokens=4096).model_flop
    assert flop == pytest.approx(6 * (12879925248 - 32000 * 4096) + 6 * 32 * 4096 * 4096, rel=1e-3)


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
    found = resolved(catalog, now, hf_config=config)
    assert (found.params, found.attention, found.weight_dtype) == (7241732096, "gqa+swa", "bf16")


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
    catalog: Snapshot, now: datetime, asked: dict[str, Any], error: type[Exception], pointer: str
) -> None:
    with pytest.raises(error) as refused:
        resolved(catalog, now, **asked)
    assert refused.value.faults[0].pointer == pointer  # type: ignore[attr-defined]  # a QuoteError


@pytest.mark.parametrize(
    "bad",
    [{"layers": -1}, {"layers": 10**9}, {"attention": "psychic"}, {"layrs": 3}, {"hidden_size": "wide"}, {"heads": 0}],
    ids=str,
)
def test_an_absurd_size_is_no_architecture(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Architecture.model_validate(bad)


def test_llama_3_405b_costs_what_meta_published(catalog: Snapshot, now: datetime) -> None:
    # The Llama 3 Herd of Models, 2024, section 1: 3.8e25 FLOP on 15.6e12 tokens (6 N D; attention adds 4 %)
    found = resolved(catalog, now, model="llama-3.1-405b")
    flop = training_flop(found, 15.6e12, trail=Trail())
    assert flop.model_flop == pytest.approx(3.8e25, rel=0.05)
    assert flop.convention == "causal"
    assert training_flop(found, 15.6e12, trail=Trail(), convention="6nd").model_flop == pytest.approx(3.8e25, rel=1e-3)


def test_six_n_d_is_what_the_scaling_book_counts(catalog: Snapshot, now: datetime) -> None:
    # LLaMA-3 70B on 15e12 tokens: 6 x 70e9 x 15e12 = 6.3e24 (JAX scaling book, applied training)
    flop = training_flop(resolved(catalog, now, params=70_000_000_000), 15e12, trail=Trail())
    assert (flop.model_flop, flop.convention) == (6.3e24, "6nd")


def test_the_cookbooks_convention_counts_logits_forward_only(catalog: Snapshot, now: datetime) -> None:
    # EleutherAI cookbook: 80 layers, h 8192, three matrices of 4 h, KV ratio 1/8, 2e12 tokens at 4096: 9.8352e23
    shape = {"layers": 80, "hidden_size": 8192, "heads": 64, "kv_heads": 8, "ffn_size": 32768, "ffn_gated": True}
    found = resolved(catalog, now, architecture={**shape, "vocab_size": 32000})
    asked = {"sequence_tokens": 4096, "convention": "cookbook"}
    assert training_flop(found, 2e12, trail=Trail(), **asked).model_flop == pytest.approx(9.8352e23, rel=1e-4)  # type: ignore[arg-type]  # words


def test_the_cookbooks_neox_recomputes_every_layer(catalog: Snapshot, now: datetime) -> None:
    # EleutherAI cookbook defaults: 44 layers, h 6144, V 51200, 300e9 tokens at 2048, checkpointed: 5.068e22 FLOP
    found = resolved(catalog, now, architecture={"layers": 44, "hidden_size": 6144, "vocab_size": 51200})
    flop = training_flop(
        found, 300e9, trail=Trail(), sequence_tokens=2048, convention="cookbook", recompute="full"
    ).hardware_flop
    assert flop == pytest.approx(5.068e22, rel=1e-3)


def test_adapters_leave_the_base_weights_frozen(catalog: Snapshot, now: datetime) -> None:
    # Lightning-AI/litgpt#420, Falcon-40B adapters, micro-batch 2 of 2048: 768 TFLOP estimated, 709 measured
    found = resolved(catalog, now, model="falcon-40b")
    flop = training_flop(found, 2 * 2048, trail=Trail(), method="lora", sequence_tokens=2048)
    assert 0.9 * 708.77e12 < flop.model_flop < 1.1 * 768.02e12


def test_a_convention_that_needs_a_shape_says_so(catalog: Snapshot, now: datetime) -> None:
    found = resolved(catalog, now, params=10**9)
    with pytest.raises(Malformed) as refused:
        training_flop(found, 1e9, trail=Trail(), convention="full_attention")
    assert refused.value.faults[0].pointer == "/flop_convention"


@given(params=st.integers(10**6, 10**14), more=st.integers(0, 10**13), tokens=st.integers(1, 10**15))
def test_more_parameters_or_tokens_never_cost_less(catalog: Snapshot, params: int, more: int, tokens: int) -> None:
    moment = datetime.fromisoformat("2026-11-23T00:00:00+00:00")
    small = training_flop(resolved(catalog, moment, params=params), tokens, trail=Trail())
    large = training_flop(resolved(catalog, moment, params=params + more), tokens + more, trail=Trail())
    assert large.model_flop >= small.model_flop
    assert large.hardware_flop >= large.model_flop
