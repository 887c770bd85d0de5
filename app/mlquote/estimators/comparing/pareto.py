"""The Pareto front: which answers no other one beats in every figure that counts."""

from collections.abc import Sequence

HIGHER_IS_BETTER = ("tokens_per_s", "requests_per_s", "per_accelerator", "concurrency")
"""How names of figures end of which more is better; of all others, less is."""

Point = tuple[float, ...]


def signed(name: str, value: float) -> float:
    """A figure turned so that less is better."""
    return -value if name.endswith(HIGHER_IS_BETTER) else value


def on_front(points: Sequence[Point | None]) -> list[bool | None]:
    """For each point, whether no other is as good in every coordinate and better in one.

    Args:    points: coordinates of which less is better; None where one is unknown
    Returns: True, False, or None for an unknown point; equal points stand on the front together
    Source:  definition of Pareto efficiency; points sorted first, so a point is only compared with the front so far
    """
    front: list[Point] = []
    verdict: list[bool | None] = [None] * len(points)
    for point, place in sorted((point, place) for place, point in enumerate(points) if point is not None):
        verdict[place] = not any(_beats(other, point) for other in front)
        if verdict[place]:
            front.append(point)
    return verdict


def _beats(one: Point, other: Point) -> bool:
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))
