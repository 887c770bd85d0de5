"""Where a run fits, against hand-worked counts."""

from mlquote.formulas.models.shape import filled
from mlquote.formulas.models.sizes import Sizes
from mlquote.formulas.models.stacks import stack_of
from mlquote.formulas.training.layouts import Fitting, smallest_layout, suggested_layout
from mlquote.formulas.training.memory import OPTIMIZERS, Trained, load_of


def load(**sizes: object) -> Trained:
    return load_of(stack_of(filled(Sizes(**sizes))[0]))  # type: ignore[arg-type]  # flat sizes


LLAMA_7B = load(hidden_size=4096, layers=32, heads=32, kv_heads=32, ffn_size=11008, ffn_gated=True, vocab_size=32000)
LLAMA_70B = load(hidden_size=8192, layers=80, heads=64, kv_heads=8, ffn_size=28672, ffn_gated=True, vocab_size=128256)
H100 = Fitting(80e9, 4096, 4096, "none", OPTIMIZERS["adam"])


def test_a_7b_model_needs_two_h100_and_a_70b_model_a_few_nodes() -> None:
    # 18 x 6.74e9 = 121 GB of states on 75 GB usable each: 2; 18 x 70.6e9 = 1270 GB: at least 17
    small = smallest_layout(LLAMA_7B, H100)
    large = smallest_layout(LLAMA_70B, H100)
    assert small is not None and small.accelerators in {2, 3}
    assert large is not None and 17 <= large.accelerators <= 32


def test_more_accelerators_than_needed_split_the_model_less() -> None:
    few, many = suggested_layout(LLAMA_70B, H100, 32), suggested_layout(LLAMA_70B, H100, 1024)
    assert few is not None and many is not None
    assert many.tensor_parallel * many.pipeline_parallel <= few.tensor_parallel * few.pipeline_parallel
    assert suggested_layout(LLAMA_70B, H100, 4) is None


def test_nothing_fits_where_activations_alone_are_too_much() -> None:
    assert smallest_layout(LLAMA_70B, Fitting(80e9, 1e9, 4096, "none", OPTIMIZERS["adam"])) is None
