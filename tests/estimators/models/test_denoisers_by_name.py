"""Denoisers by name: as many parameters as were published, and FLOP as PyTorch's counter sees them."""

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.models.denoisers_by_name import CONFIGS, named_denoiser

ROUNDED = {"flux.1-dev": 11_901_408_320, "sd3-medium": 2_028_328_000}
"""What diffusers 0.42.1 builds where the catalogue holds the publisher's round figure."""


@pytest.mark.parametrize("name", CONFIGS)
def test_the_config_builds_the_model_of_the_catalogue(catalog: Snapshot, name: str) -> None:
    (row,) = catalog.versions("models", id=name)
    counted = named_denoiser(name, None).count.params
    assert counted == ROUNDED.get(name, row.params)
    assert counted == pytest.approx(row.params, rel=0.015)


def test_flux_costs_what_pytorchs_counter_sees() -> None:
    """4,096 places of the latent, 512 of the prompt: torch 2.14.1 on the meta device, diffusers 0.42.1."""
    sample = named_denoiser("flux.1-dev", 1024)
    assert sample.count.forward_flop == 74_384_653_418_496
    assert sample.what == "a sample of 128 x 128, with a text of 512 tokens"


def test_a_smaller_image_costs_less_than_its_share() -> None:
    """A quarter of the places, a sixteenth of the pairs; the prompt stays."""
    large, small = (named_denoiser("stable-diffusion-3.5-large", side).count.forward_flop for side in (1024, 512))
    assert 0.25 < small / large < 0.35
