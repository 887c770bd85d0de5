"""A model on parts of one kind under one engine: the ways it may be laid out, each worked out once."""

from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple, Self

from mlquote.catalog.remembered import Memory
from mlquote.estimators.serving.constants import Constants
from mlquote.estimators.serving.data_sheet import DataSheet
from mlquote.formulas.serving.layouts import placements
from mlquote.formulas.serving.load import Bytes, Laid, LayoutWish, Served
from mlquote.formulas.serving.roofline import Law, law_of, raised


class Way(NamedTuple):
    """One layout, and what its steps take whatever the load."""

    laid: Laid
    law: Law
    batches: int
    """That run side by side: replicas, and the pipeline stages of each."""
    cap: float
    """Sequences that engines reach at most, over everything, memory apart."""
    layers: float
    """Of the model; those with experts count as many times as they launch more kernels."""


@dataclass(frozen=True, slots=True)
class Hosted:
    """One model on accelerators of one kind, before anybody says how many and how they share it."""

    served: Served
    sheet: DataSheet
    each: Bytes
    constants: Constants
    ways: Memory[LayoutWish, tuple[Way, ...]]
    """The layouts to try for a wish, which may not all fit; the default of engines first."""

    @classmethod
    def of(cls, served: Served, sheet: DataSheet, each: Bytes, constants: Constants) -> Self:
        """With an empty memory of layouts."""
        return cls(served, sheet, each, constants, Memory(partial(_ways, served, sheet, each, constants)))


def _ways(served: Served, sheet: DataSheet, each: Bytes, constants: Constants, wanted: LayoutWish) -> tuple[Way, ...]:
    """Every layout to try; one of whole layers where the engine gives each accelerator such."""
    layouts = placements(served, sheet.chip, each, wanted)
    if constants.engine.is_layerwise and not wanted.spread:
        first = layouts[0]
        layouts = (replace(first, width=1, stages=first.accelerators, sharding="tensor"),)
    return tuple(_way(Laid.of(served, sheet.chip, layout, each), constants) for layout in layouts)


def _way(laid: Laid, constants: Constants) -> Way:
    served, layout, load = laid.served, laid.layout, laid.load(0.0, 0.0)
    return Way(
        laid,
        law_of(load, constants.rates),
        layout.replicas * layout.stages,
        max(1.0, constants.cap(float(layout.width))) * layout.replicas * layout.stages,
        served.layers * raised(constants.rates.mixture_layer_factor, load.mixture),
    )
