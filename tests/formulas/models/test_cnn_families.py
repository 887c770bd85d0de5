"""Convolutional networks and Swin against torchvision's published parameters and multiply-adds, and a counter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.formulas.models.cnn_families import FAMILIES, family_count

TORCHVISION = {
    "alexnet": (61100840, 0.714), "vgg-11": (132863336, 7.609), "vgg-13": (133047848, 11.308), "vgg-16": (138357544,
    15.47), "vgg-19": (143667240, 19.632), "vgg-16-bn": (138365992, 15.47), "googlenet": (6624904, 1.498),
    "resnet-18": (11689512, 1.814), "resnet-34": (21797672, 3.664), "resnet-50": (25557032, 4.089), "resnet-101":
    (44549160, 7.801), "resnet-152": (60192808, 11.514), "resnext-50-32x4d": (25028904, 4.23), "resnext-101-32x8d":
    (88791336, 16.414), "resnext-101-64x4d": (83455272, 15.46), "wide-resnet-50-2": (68883240, 11.398),
    "wide-resnet-101-2": (126886696, 22.753), "densenet-121": (7978856, 2.834), "densenet-161": (28681000, 7.728),
    "densenet-169": (14149480, 3.36), "densenet-201": (20013928, 4.291), "squeezenet-1.0": (1248424, 0.819),
    "squeezenet-1.1": (1235496, 0.349), "mobilenet-v2": (3504872, 0.301), "mobilenet-v3-large": (5483032, 0.217),
    "mobilenet-v3-small": (2542856, 0.057), "efficientnet-b0": (5288548, 0.386), "efficientnet-b1": (7794184, 0.687),
    "efficientnet-b2": (9109994, 1.088), "efficientnet-b3": (12233232, 1.827), "efficientnet-b4": (19341616, 4.394),
    "efficientnet-b5": (30389784, 10.266), "efficientnet-b6": (43040704, 19.068), "efficientnet-b7": (66347960,
    37.746), "efficientnet-v2-s": (21458488, 8.366), "efficientnet-v2-m": (54139356, 24.582), "efficientnet-v2-l":
    (118515272, 56.08), "convnext-tiny": (28589128, 4.456), "convnext-small": (50223688, 8.684), "convnext-base":
    (88591464, 15.355), "convnext-large": (197767336, 34.361), "swin-tiny": (28288354, 4.491), "swin-small":
    (49606258, 8.741), "swin-base": (87768224, 15.431),
}  # fmt: skip
"""Parameters and 1e9 multiply-adds at the usual size: torchvision 0.28, weights metadata."""


@pytest.mark.parametrize("model", TORCHVISION)
def test_a_known_family_has_the_published_parameters_and_multiply_adds(model: str) -> None:
    params, gmacs = TORCHVISION[model]
    count = family_count(model)
    assert count.params == params
    assert count.forward_flop / 2e9 == pytest.approx(gmacs, abs=6e-4)


def test_every_family_has_its_published_size_in_a_test() -> None:
    searched = {name for name in FAMILIES if name.startswith(("regnet", "mnasnet", "shufflenet", "inception"))}
    assert set(FAMILIES) - searched == set(TORCHVISION)


def test_resnet_50_costs_twice_its_published_gflops() -> None:
    # FlopCounterMode: 8,178,368,512 forward, 24,299,077,632 with backward; published as "4.089 GFLOPS" of multiply-adds
    count = family_count("resnet-50")
    assert (count.forward_flop, count.training_flop) == (8178368512, 24299077632)


def test_depthwise_layers_cost_three_times_forward_and_not_nine() -> None:
    # convnext_tiny: a tool that forgets groups reports 77,476,101,120; 3 x 8,911,062,528 less the stem's input gradient
    count = family_count("convnext-tiny")
    assert count.forward_flop == 8911062528
    assert count.training_flop == 26733187584 - 2 * 3 * 96 * 16 * 56 * 56


@given(st.sampled_from(sorted(FAMILIES)), st.integers(96, 512))
def test_a_larger_image_never_costs_less(model: str, size: int) -> None:
    assert family_count(model, size + 32).training_flop >= family_count(model, size).training_flop
    assert family_count(model, size).params == family_count(model).params
