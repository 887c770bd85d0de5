"""Shapes from few numbers, and their parameters: published tables and exact counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.formulas.models.layers import Stack
from mlquote.formulas.models.parameters import stack_params
from mlquote.formulas.models.shape import Contradiction, filled
from mlquote.formulas.models.sizes import Sizes
from mlquote.formulas.models.stacks import stack_of

GPT2 = {"hidden_size": 768, "layers": 12, "heads": 12, "kv_heads": 12, "ffn_size": 3072, "vocab_size": 50257}
TINY = {"hidden_size": 512, "layers": 4, "heads": 8, "kv_heads": 2, "ffn_size": 1376, "vocab_size": 32000}
LLAMA3_8B = {"hidden_size": 4096, "layers": 32, "heads": 32, "kv_heads": 8, "ffn_size": 14336, "vocab_size": 128256}
MIXTRAL = {**LLAMA3_8B, "vocab_size": 32000, "experts": 8, "experts_per_token": 2}


def stack(sequence: int = 2048, **sizes: object) -> Stack:
    return stack_of(filled(Sizes(**sizes), sequence_tokens=sequence)[0])  # type: ignore[arg-type]  # flat sizes


NARAYANAN = [
    (2304, 24, 1.652), (3072, 30, 3.562), (4096, 36, 7.468), (6144, 40, 18.45), (8192, 48, 39.096),
    (10240, 60, 76.051), (12288, 80, 145.622), (16384, 96, 310.131), (20480, 105, 529.601), (25600, 128, 1008.039),
]  # fmt: skip


@pytest.mark.parametrize(("hidden", "layers", "billions"), NARAYANAN)
def test_layers_and_width_alone_give_the_gpt_of_narayanans_table(hidden: int, layers: int, billions: float) -> None:
    # Narayanan et al. 2021, Table 1; equation 2: 12 L h^2 (1 + 13 / (12 h) + (V + S) / (12 L h)), V = 51200, S = 2048
    formula = 12 * layers * hidden**2 + 13 * layers * hidden + (51200 + 2048) * hidden
    assert formula == pytest.approx(billions * 1e9, rel=1e-3)
    counted = stack_params(stack(2048, hidden_size=hidden, layers=layers, vocab_size=51200)).total
    assert counted == formula + 2 * hidden  # the final norm


@pytest.mark.parametrize(
    ("sizes", "total", "active"),
    [
        pytest.param({**GPT2, "ffn_gated": False, "positions": 1024}, 124439808, 124439808, id="GPT-2 124M"),
        pytest.param({**TINY, "ffn_gated": True}, 43848192, 43848192, id="small Llama"),
        pytest.param({**LLAMA3_8B, "ffn_gated": True}, 8030261248, 8030261248, id="Llama 3 8B"),
        pytest.param({**MIXTRAL, "ffn_gated": True}, 46702792704, 12879925248, id="Mixtral 8x7B"),
        pytest.param(
            {"hidden_size": 8192, "layers": 80, "heads": 64, "kv_heads": 8, "ffn_size": 28672, "vocab_size": 128256},
            70553706496,
            70553706496,
            id="Llama 3 70B",
        ),
        pytest.param(
            {"hidden_size": 16384, "layers": 126, "heads": 128, "kv_heads": 8, "ffn_size": 53248, "vocab_size": 128256},
            405853388800,
            405853388800,
            id="Llama 3.1 405B",
        ),
    ],
)
def test_parameters_are_exact_to_the_parameter(sizes: dict[str, int], total: int, active: int) -> None:
    # transformers 5.23 on the meta device; Mixtral's total as on its model card
    count = stack_params(stack(**sizes))
    assert (count.total, count.active) == (total, active)


@given(st.integers(10**6, 10**13), st.integers(0, 10**12))
def test_parameters_alone_give_a_shape_of_about_that_size(params: int, more: int) -> None:
    sizes, why = filled(Sizes(params=params))
    assert {"layers", "hidden_size", "heads"} <= why.keys()
    if params > 3 * 10**8:
        assert stack_params(stack_of(sizes)).total == pytest.approx(params, rel=0.05)
    bigger = filled(Sizes(params=params + more))[0]
    assert bigger.hidden_size is not None and sizes.hidden_size is not None
    assert bigger.hidden_size >= sizes.hidden_size


@pytest.mark.parametrize(
    ("sizes", "field"),
    [
        pytest.param({"layers": 3}, "hidden_size", id="half a shape"),
        pytest.param(
            {**LLAMA3_8B, "full_attention_layers": 33}, "full_attention_layers", id="more full layers than layers"
        ),
        pytest.param({**MIXTRAL, "dense_layers": 40}, "dense_layers", id="more dense layers than layers"),
        pytest.param({"params": 10**6, "layers": 80, "hidden_size": 8192}, "params", id="too few parameters"),
        pytest.param({"params": 10**15, "layers": 1, "hidden_size": 64}, "params", id="too many parameters"),
    ],
)
def test_sizes_that_cannot_all_hold_are_refused(sizes: dict[str, int], field: str) -> None:
    with pytest.raises(Contradiction) as refused:
        filled(Sizes(**sizes))
    assert refused.value.field == field


def test_a_hybrid_of_unsaid_parts_counts_its_active_parameters() -> None:
    # Qwen3.5 397B-A17B: 15 of 60 layers attend; the rest is not told apart but adds up
    given = Sizes(
        params=397 * 10**9, active_params=17 * 10**9, layers=60, hidden_size=4096, kv_heads=2, head_dim=256,
        attention="hybrid-linear", full_attention_layers=15, experts=512, experts_per_token=10,
    )  # fmt: skip
    shape = stack_of(filled(given)[0])
    assert stack_params(shape).active == pytest.approx(17e9, rel=1e-6)
