"""RegNet, MNASNet, ShuffleNetV2 and Inception v3 against torchvision's published figures."""

from functools import partial

import pytest

from mlquote.formulas.models.cnn_families import family_count
from mlquote.formulas.models.cnn_searched import mnasnet, regnet
from mlquote.formulas.models.vision import ImageTooSmall

TORCHVISION = {
    "inception-v3": (27161264, 5.713), "mnasnet-0.5": (2218512, 0.104), "mnasnet-0.75": (3170208, 0.215),
    "mnasnet-1.0": (4383312, 0.314), "mnasnet-1.3": (6282256, 0.526), "shufflenet-v2-x0.5": (1366792, 0.04),
    "shufflenet-v2-x1.0": (2278604, 0.145), "shufflenet-v2-x1.5": (3503624, 0.296), "shufflenet-v2-x2.0": (7393996,
    0.583), "regnet-y-400mf": (4344144, 0.402), "regnet-y-800mf": (6432512, 0.834), "regnet-y-1.6gf": (11202430,
    1.612), "regnet-y-3.2gf": (19436338, 3.176), "regnet-y-8gf": (39381472, 8.473), "regnet-y-16gf": (83590140,
    15.912), "regnet-y-32gf": (145046770, 32.28), "regnet-y-128gf": (644812894, 374.57), "regnet-x-400mf": (5495976,
    0.414), "regnet-x-800mf": (7259656, 0.8), "regnet-x-1.6gf": (9190136, 1.603), "regnet-x-3.2gf": (15296552, 3.177),
    "regnet-x-8gf": (39572648, 7.995), "regnet-x-16gf": (54278536, 15.941), "regnet-x-32gf": (107811560, 31.736),
}  # fmt: skip
"""Parameters and 1e9 multiply-adds at the usual size: torchvision 0.28, weights metadata."""


@pytest.mark.parametrize("model", TORCHVISION)
def test_a_known_family_has_the_published_parameters_and_multiply_adds(model: str) -> None:
    params, gmacs = TORCHVISION[model]
    count = family_count(model)
    assert count.params == params
    assert count.forward_flop / 2e9 == pytest.approx(gmacs, abs=6e-4)


def test_an_image_too_small_for_its_strides_is_refused() -> None:
    with pytest.raises(ImageTooSmall):
        family_count("inception-v3", 40)


def test_a_wider_mnasnet_costs_more_and_never_less_than_its_share() -> None:
    """Convolutions grow with the square of the width: 2 times as wide is 2 to 4 times the multiply-adds."""
    half, whole = mnasnet(224, 0.5).macs, mnasnet(224, 1.0).macs
    assert 2 < whole / half < 4


def test_squeezing_adds_parameters_and_hardly_a_multiply() -> None:
    """RegNetY is RegNetX with squeeze and excitation, whose products are on one pixel a channel."""
    laid = partial(regnet, 224, depth=16, start=48, slope=27.89, step=2.09, group=8)
    plain, squeezed = laid(), laid(squeezed=True)
    assert squeezed.params > plain.params
    assert plain.macs < squeezed.macs < 1.01 * plain.macs
