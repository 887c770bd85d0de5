"""Figures of one's own accelerator that hosting does not come to: each is named."""

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.machines.own_part import unused_figures
from mlquote.estimators.machines.peaks import SIXTEEN_BIT
from mlquote.estimators.serving.hour_price import HourPrice
from mlquote.estimators.serving.question import ServingQuestion

_WHY = {
    "memory_gb_per_s": "whole passes are counted by their products",
    "peak_tflop_per_s": "products are computed in another dtype",
    "tdp_w": "power_w says what it draws",
    "link_gb_per_s": "no replica is wider than one",
    "usd_per_hour": "usd_per_accelerator_hour is the price",
    "purchase_usd": "it is rented, or its rent is given",
}


def figures_heard(
    question: ServingQuestion, price: HourPrice, computes_in: str, *, width: int, reads_weights: bool
) -> Finding[None]:
    """A warning for each figure that was given and changes nothing.

    Args:    computes_in: the dtype of the products; width: accelerators of one replica
             reads_weights: time goes by the bandwidth of the memory too
    """
    figures = question.accelerator_figures
    if figures is None:
        return Finding(None)
    given = figures.peak_tflop_per_s or {}
    counted = {computes_in, next((each for each in SIXTEEN_BIT if each in given), computes_in)}
    used = {
        "memory_gb_per_s": reads_weights,
        "peak_tflop_per_s": False,
        "tdp_w": question.power_w is None,
        "link_gb_per_s": width > 1,
        "usd_per_hour": question.usd_per_accelerator_hour is None,
        "purchase_usd": price.price_model == "owned" and question.own_usd_per_hour is None,
    } | {f"peak_tflop_per_s.{dtype}": True for dtype in counted}
    return Finding(None, warnings=tuple(unused_figures(figures, used, _WHY)))
