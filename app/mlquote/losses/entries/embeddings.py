"""Losses of labelled embeddings, and of two sets of samples."""

from collections.abc import Callable
from typing import Any

from mlquote.losses.families import metric, samples
from mlquote.losses.loss import Folding, Loss, Prepare, Properties
from mlquote.losses.parameters import Param, Params, choice, flag, nonnegative, number, positive
from mlquote.losses.reading import Interval

UNIT = flag("normalize", True, "divide embeddings by their lengths")
PLAIN = flag("normalize", False, "divide embeddings by their lengths")
SCALE = positive("scale", 1.0, "times the squared distances")
ORDER = number("p", 1.0, "power of the differences", Interval(1.0))
Known = Callable[[Params], Properties]


def _labelled(name: str, kernel: Any, properties: Known, align: Prepare, *params: Param, beside: str = "") -> Loss:
    """A loss of rows of embeddings, each with a label, and of rows for the classes beside."""
    return Loss(
        name=name,
        kernel=kernel,
        properties=properties,
        params=params,
        folding=Folding.WHOLE,
        predictions=("embeddings", beside) if beside else ("embeddings",),
        align=align,
    )


def _sets(name: str, kernel: Any, properties: Known, *params: Param, align: Prepare = samples.align_sets) -> Loss:
    """A distance of two sets."""
    return Loss(name=name, kernel=kernel, properties=properties, params=params, folding=Folding.WHOLE, align=align)


LOSSES = (
    _labelled(
        "multi_similarity",
        metric.multi_similarity,
        metric.labelled_properties,
        metric.align_labelled,
        positive("alpha", 2.0, "steepness over positives"),
        positive("beta", 50.0, "steepness over negatives"),
        number("base", 0.5, "similarity that parts them"),
        UNIT,
    ),
    _labelled("nca", metric.nca, metric.labelled_properties, metric.align_partners, SCALE, UNIT),
    _labelled(
        "proxy_nca", metric.proxy_nca, metric.proxy_properties, metric.align_labelled, SCALE, UNIT, beside="proxies"
    ),
    _labelled(
        "proxy_anchor",
        metric.proxy_anchor,
        metric.proxy_properties,
        metric.align_one_value,
        number("margin", 0.1, "similarity wanted beyond 0"),
        positive("alpha", 32.0, "steepness"),
        UNIT,
        beside="proxies",
    ),
    _labelled("center", metric.center, metric.center_properties, metric.align_labelled, beside="centers"),
    _labelled(
        "triplet_mining",
        metric.triplet_mining,
        metric.mined_properties,
        metric.align_mined,
        choice("mining", ("batch_hard", "semi_hard"), "which triplets count"),
        nonnegative("margin", 1.0, "margin wanted"),
        flag("squared", False, "squared distances"),
        flag("soft", False, "softplus instead of max(0, .)"),
        PLAIN,
    ),
    Loss(
        name="cosent",
        kernel=metric.cosent,
        properties=metric.cosent_properties,
        params=(positive("scale", 20.0, "times the differences of scores"),),
        folding=Folding.WHOLE,
        predictions=("scores",),
        align=metric.align_scores,
    ),
    _sets("energy_distance", samples.energy_distance, samples.pointed_properties),
    _sets("mmd", samples.mmd, samples.smooth_properties, positive("bandwidth", 1.0, "width of the kernel")),
    _sets(
        "sinkhorn",
        samples.sinkhorn,
        samples.sinkhorn_properties,
        positive("epsilon", 0.05, "strength of the entropy"),
        flag("debiased", True, "take half of each set's cost onto itself off"),
    ),
    _sets("wasserstein", samples.wasserstein, samples.pointed_properties, ORDER, align=samples.align_numbers),
    _sets("chamfer", samples.chamfer, samples.chamfer_properties),
)
