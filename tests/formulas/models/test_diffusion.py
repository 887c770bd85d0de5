"""Denoisers against their papers' tables and the published weights."""

import pytest

from mlquote.formulas.models.diffusion import denoiser_count, dit


@pytest.mark.parametrize(
    ("model", "params", "gmacs"),
    [
        pytest.param("dit-xl-2", 675129632, 118.64, id="DiT-XL/2"),
        pytest.param("dit-b-2", None, 23.01, id="DiT-B/2"),
        pytest.param("dit-s-2", None, 6.06, id="DiT-S/2"),
        pytest.param("stable-diffusion-1.5", 859520964, None, id="Stable Diffusion 1.5"),
        pytest.param("stable-diffusion-2", 865910724, None, id="Stable Diffusion 2"),
        pytest.param("stable-diffusion-xl", 2567463684, None, id="Stable Diffusion XL"),
    ],
)
def test_a_denoiser_has_the_published_size(model: str, params: int | None, gmacs: float | None) -> None:
    # Peebles and Xie 2022, table 4 ("Gflops" of multiply-adds); parameter totals of the published U-Net weights
    count = denoiser_count(model)
    if params is not None:
        assert count.params == params
    if gmacs is not None:
        assert count.forward_flop / 2e9 == pytest.approx(gmacs, rel=1e-3)


def test_a_transformer_of_latents_by_hand() -> None:
    """One layer of width 8 on 16 pixels: latents of 2 x 2, patches of 2, one token.

    Multiply-adds: patch 4 x 2 x 2 x 8 = 128; noise level 256 x 8 + 8 x 8 = 2112; modulation 8 x 48 = 384; queries,
    keys, values 8 x 24 = 192, scores and values 2 x 8 = 16, out 64; feed-forward 2 x 8 x 32 = 512; last modulation
    8 x 16 = 128; out 8 x 2 x 2 x 8 = 256."""
    assert dit(16, layers=1, hidden=8).macs == 128 + 2112 + 384 + 192 + 16 + 64 + 512 + 128 + 256


def test_four_times_the_patches_cost_more_than_four_times_as_much() -> None:
    """Products grow with the tokens, attention with their square."""
    small, large = denoiser_count("dit-xl-2", 256), denoiser_count("dit-xl-2", 512)
    assert 4 < large.forward_flop / small.forward_flop < 8
