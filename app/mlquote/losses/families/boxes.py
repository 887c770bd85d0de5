"""Losses of boxes given by their corners: IoU and what is added to it where boxes do not meet."""

from dataclasses import dataclass

import numpy as np

from mlquote.losses.loss import Array, Batch, Block, Params, Properties, Reader

FOUR = "boxes are (x1, y1, x2, y2) along the last axis, x2 >= x1 and y2 >= y1"


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two boxes share and span, each with its slope in the predicted corners, shape [N, 4]."""

    iou: Array
    iou_slope: Array
    union: Array
    union_slope: Array
    hull: Array
    """Width and height of the smallest box around both, shape [N, 2]."""
    hull_slope: Array
    """Of width in x1, x2 and of height in y1, y2."""


def corners(p: Array, t: Array, eps: float) -> Overlap:
    """Intersection over union and the hull of predicted and true boxes."""
    low, high = np.maximum(p[:, :2], t[:, :2]), np.minimum(p[:, 2:], t[:, 2:])
    side = high - low
    meet = np.asarray((side > 0.0).all(axis=1))
    common = np.where(meet, side[:, 0] * side[:, 1], 0.0)
    other = side[:, ::-1] * meet[:, None]
    inner = np.concatenate([-other * (p[:, :2] > t[:, :2]), other * (p[:, 2:] < t[:, 2:])], axis=1)
    size = p[:, 2:] - p[:, :2]
    area_slope = np.concatenate([-size[:, ::-1], size[:, ::-1]], axis=1)
    truth = t[:, 2:] - t[:, :2]
    union = size.prod(axis=1) + truth.prod(axis=1) - common
    union_slope = area_slope - inner
    below = (union + eps)[:, None]
    hull = np.maximum(p[:, 2:], t[:, 2:]) - np.minimum(p[:, :2], t[:, :2])
    hull_slope = np.concatenate([-(p[:, :2] < t[:, :2]).astype(np.float64), p[:, 2:] > t[:, 2:]], axis=1)
    return Overlap(
        common / (union + eps),
        inner / below - (common[:, None] / below) * (union_slope / below),
        union,
        union_slope,
        hull,
        hull_slope,
    )


def _boxes(block: Block) -> tuple[Array, Array]:
    for name, box in (("predictions", block.p), ("targets", block.y)):
        block.require(name, np.asarray((box[:, 2:] >= box[:, :2]).all(axis=1)), "is no box", FOUR)
    return block.p, block.y


def iou(block: Block) -> Array:
    """One minus the intersection over the union of two boxes.

        L = 1 - I / (U + eps)

    Gradient: that of the ratio in the four corners; 0 where boxes do not meet.
    Domain: corners (x1, y1, x2, y2) with x2 >= x1, y2 >= y1.
    Kinks: corners that coincide.
    Aligned with: the overlap itself.
    Pitfalls: boxes apart cost 1 however far, and teach nothing: giou, diou and ciou do.
    Source: Yu et al., UnitBox (2016), without its logarithm.
    """
    p, t = _boxes(block)
    found = corners(p, t, block["eps"])
    block.give(-found.iou_slope)
    return 1.0 - found.iou


def giou(block: Block) -> Array:
    """IoU loss and the share of the smallest box around both that neither fills.

        L = 1 - I / (U + eps) + (C - U) / (C + eps),  C the area of the hull

    Gradient: of each ratio in the four corners.
    Domain: corners (x1, y1, x2, y2) with x2 >= x1, y2 >= y1.
    Kinks: corners that coincide.
    Aligned with: the overlap, and nearness where there is none.
    Pitfalls: torchvision returns one value per box unless told otherwise; at most 2.
    Source: Rezatofighi et al., Generalized intersection over union (2019), algorithm 1.
    """
    p, t = _boxes(block)
    found, eps = corners(p, t, block["eps"]), block["eps"]
    area = found.hull.prod(axis=1)
    area_slope = found.hull_slope * np.tile(found.hull[:, ::-1], 2)
    below = (area + eps)[:, None]
    empty = (area - found.union)[:, None]
    block.give(-found.iou_slope + (area_slope - found.union_slope) / below - empty * area_slope / below**2)
    values: Array = 1.0 - found.iou + empty[:, 0] / below[:, 0]
    return values


def diou(block: Block) -> Array:
    """IoU loss and the squared distance of the centres over that of the hull's corners.

        L = 1 - I / (U + eps) + |c_p - c_t|^2 / (|diagonal of the hull|^2 + eps)

    Gradient: of each ratio in the four corners.
    Domain: corners (x1, y1, x2, y2) with x2 >= x1, y2 >= y1.
    Kinks: corners that coincide.
    Aligned with: the overlap and the centre.
    Pitfalls: at most 2; boxes with one centre are told apart by their overlap alone.
    Source: Zheng et al., Distance-IoU loss (2020), equation 7.
    """
    p, t = _boxes(block)
    values, slope, _ = _distance(block, p, t)
    block.give(slope)
    return values


def _distance(block: Block, p: Array, t: Array) -> tuple[Array, Array, Array]:
    found, eps = corners(p, t, block["eps"]), block["eps"]
    apart = 0.5 * (p[:, :2] + p[:, 2:] - t[:, :2] - t[:, 2:])
    far, span = (apart**2).sum(axis=1), (found.hull**2).sum(axis=1) + eps
    far_slope = np.tile(apart, 2)
    span_slope = 2.0 * found.hull_slope * np.tile(found.hull, 2)
    ratio = far / span
    slope = -found.iou_slope + (far_slope - ratio[:, None] * span_slope) / span[:, None]
    return 1.0 - found.iou + ratio, slope, found.iou


def ciou(block: Block) -> Array:
    """DIoU loss and a term for the shape: the angle of a box's diagonal.

        L = diou + a v,  v = (4 / pi^2) (atan(w_t / h_t) - atan(w_p / h_p))^2,  a = v / (1 - iou + v + eps)

    Gradient: a is held constant, as in the paper and in torchvision.
    Domain: corners (x1, y1, x2, y2) with x2 > x1, y2 > y1.
    Kinks: corners that coincide.
    Aligned with: overlap, centre and proportions.
    Pitfalls: since a is held, difference quotients of the value differ from the gradient.
    Source: Zheng et al., Distance-IoU loss (2020), equations 8 to 11.
    """
    p, t = _boxes(block)
    values, slope, overlap = _distance(block, p, t)
    w, h = (p[:, 2:] - p[:, :2]).T
    angle = np.arctan2(t[:, 2] - t[:, 0], t[:, 3] - t[:, 1]) - np.arctan2(w, h)
    shape = (4.0 / np.pi**2) * angle * angle
    weight = shape / (1.0 - overlap + shape + block["eps"])
    steep = weight * (8.0 / np.pi**2) * angle / np.maximum(w * w + h * h, np.finfo(np.float64).tiny)
    turn = np.stack([steep * h, -steep * w, -steep * h, steep * w], axis=1)
    block.give(slope + turn)
    return values + weight * shape


def align_boxes(batch: Batch, reader: Reader) -> Batch:
    """Four numbers a box."""
    if batch.p.ndim < 2 or batch.p.shape[-1] != 4:
        reader.refuse("predictions", f"shape {list(batch.p.shape)} holds no boxes", FOUR)
    return batch


def box_properties(params: Params) -> Properties:
    """Of any of them: a ratio of areas, with kinks where corners pass each other."""
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="overlap of boxes",
        note="iou is never above 1, giou and diou never above 2",
    )
