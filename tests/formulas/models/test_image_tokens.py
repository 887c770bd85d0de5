"""Images cut into prompt tokens: the values are those of the processors of Hugging Face Transformers 5.24.0, run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquote.formulas.models.image_tokens import Cut, Encoder, Grid, encoding_flop, grid_of

QWEN_25 = Cut(rule="multiples", patch_px=14, patches_across=2, least_tokens=4, most_tokens=16384)
QWEN_3 = Cut(rule="multiples", patch_px=16, patches_across=2, least_tokens=64, most_tokens=16384)
PIXTRAL = Cut(rule="rows", patch_px=16, longest_side_px=1024)
MISTRAL_3 = Cut(rule="rows", patch_px=14, patches_across=2, longest_side_px=1540)
GEMMA_4 = Cut(rule="budget", patch_px=16, patches_across=3, most_tokens=280)
KIMI = Cut(rule="padded", patch_px=14, patches_across=2, most_tokens=4096, longest_side_px=7168)
GEMMA_3 = Cut(rule="fixed", patch_px=14, tokens_per_image=256, longest_side_px=896)
SIGLIP = Encoder(layers=27, full_layers=27, window_patches=0, hidden_size=1152, ffn_size=4304, ffn_gated=False)
QWEN_TOWER = Encoder(layers=32, full_layers=4, window_patches=64, hidden_size=1280, ffn_size=3420, ffn_gated=True)


@pytest.mark.parametrize(
    ("cut", "height", "width", "tokens"),
    [
        (QWEN_25, 1024, 1024, 1369), (QWEN_25, 720, 1280, 1196), (QWEN_25, 224, 224, 64), (QWEN_25, 32, 32, 4),
        (QWEN_3, 1024, 1024, 1024), (QWEN_3, 720, 1280, 880), (QWEN_3, 32, 32, 64),
        (PIXTRAL, 1024, 1024, 4160), (PIXTRAL, 720, 1280, 2340), (PIXTRAL, 224, 224, 210),
        (MISTRAL_3, 1024, 1024, 1406), (MISTRAL_3, 720, 1280, 1222), (MISTRAL_3, 224, 224, 72),
        (GEMMA_4, 1024, 1024, 256), (GEMMA_4, 720, 1280, 264), (GEMMA_4, 224, 224, 256),
        (KIMI, 1024, 1024, 1369), (KIMI, 720, 1280, 1196), (KIMI, 224, 224, 64),
    ],
)  # fmt: skip
def test_an_image_is_cut_as_its_familys_processor_cuts_it(cut: Cut, height: int, width: int, tokens: int) -> None:
    assert grid_of(cut, height, width).tokens == tokens


def test_a_fixed_family_scales_every_image_to_its_own_size() -> None:
    """896 / 14 = 64 patches a side, pooled four by four into 256 tokens."""
    assert grid_of(GEMMA_3, 50, 5000) == Grid(256, 4096) == grid_of(GEMMA_3, 896, 896)


def test_a_token_that_ends_a_row_is_no_patch() -> None:
    """1024 / 16 = 64 rows of 64 patches and one end each."""
    assert grid_of(PIXTRAL, 1024, 1024) == Grid(64 * 65, 64 * 64)


def test_merged_patches_pass_the_encoder_one_by_one() -> None:
    assert grid_of(QWEN_25, 1024, 1024).patches == 4 * 1369


@pytest.mark.parametrize(("height", "width"), [(20, 20000), (20000, 20)])
def test_a_budget_holds_a_strip_in_one_row_of_units(height: int, width: int) -> None:
    """One unit high, as many wide as the sides' ratio of 1,000, within the budget of 280."""
    assert grid_of(GEMMA_4, height, width).tokens == 280


SIDES = st.integers(16, 8000)


@settings(max_examples=200, deadline=None)
@given(height=SIDES, width=SIDES, cut=st.sampled_from((QWEN_25, QWEN_3, MISTRAL_3, PIXTRAL, GEMMA_4, KIMI)))
def test_no_image_is_without_tokens_and_turning_it_changes_rows_alone(height: int, width: int, cut: Cut) -> None:
    upright, lying = grid_of(cut, height, width), grid_of(cut, width, height)
    assert min(upright) >= 1
    assert upright.patches == lying.patches


def test_encoding_an_image_is_its_patches_through_every_layer() -> None:
    """4,096 x (2 x 27 (4 x 1152^2 + 2 x 1152 x 4304) + 4 x 1152 x 27 x 4,096) = 5.45e12."""
    weights = 27 * (4 * 1152**2 + 2 * 1152 * 4304)
    assert encoding_flop(SIGLIP, 4096) == 4096 * (2 * weights + 4 * 1152 * 27 * 4096)
    assert encoding_flop(SIGLIP, 4096) == pytest.approx(5.45e12, rel=1e-3)


def test_windows_make_attention_grow_with_the_image_and_not_with_its_square() -> None:
    """28 of 32 layers see 64 patches: 4 x 1280 x (4 n + 28 x 64) for each of n patches, gates beside (m = 3)."""
    weights = 32 * (4 * 1280**2 + 3 * 1280 * 3420)
    assert encoding_flop(QWEN_TOWER, 5476) == 5476 * (2 * weights + 4 * 1280 * (4 * 5476 + 28 * 64))
