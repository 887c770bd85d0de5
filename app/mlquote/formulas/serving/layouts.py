"""The layouts worth trying: the ways in which accelerators may share a model, where nobody says how."""

from mlquote.formulas.serving.load import Bytes, Chip, LayoutWish, Placement, Served, default_placement

NODES_ACROSS = 2
"""Nodes that a width is tried over at most: beyond, messages over the network only grow."""


def placements(served: Served, chip: Chip, each: Bytes, asked: LayoutWish) -> tuple[Placement, ...]:
    """The placements to try, each once: as asked where a width or a spread is given, else every width that divides.

    Widths are the powers of two that divide the accelerators, up to two nodes, each with the pipeline stages that the
    weights need; a width of 1 spreads the experts of a fine-grained mixture. The default of engines stands first.

    Args:    asked: accelerators, and what of their layout is given
    Returns: placements, which may not all fit
    """
    first = default_placement(served, chip, each, asked)
    if asked.width is not None or asked.spread is not None:
        return (first,)
    tried = [first]
    width = 1
    while width * (asked.stages or 1) <= asked.accelerators and width <= NODES_ACROSS * chip.node:
        if asked.accelerators % width == 0:
            tried.append(default_placement(served, chip, each, asked._replace(width=width)))
        width *= 2
    return tuple(dict.fromkeys(tried))
