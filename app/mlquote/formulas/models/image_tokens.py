"""Images that a language model reads: into how many prompt tokens each is cut, and what encoding it takes.

A family scales an image, cuts it into patches and lets its encoder pass over them; so many patches across and down then
make one token of the prompt. How an image is scaled is one of five rules, which the catalogue names for each family.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import Literal, NamedTuple

Rule = Literal["fixed", "multiples", "rows", "budget", "padded"]
MOST_OBLONG = 200
"""Images whose one side is this many times the other are refused by the processors that say a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How a family cuts images; what its rule does not read is None."""

    rule: Rule
    patch_px: int | None = None
    """Side of a patch."""
    patches_across: int = 1
    """Patches across one token, and as many down."""
    tokens_per_image: int | None = None
    least_tokens: int | None = None
    most_tokens: int | None = None
    longest_side_px: int | None = None

    @property
    def unit_px(self) -> int:
        """Side of what becomes one token."""
        return (self.patch_px or 1) * self.patches_across


class Grid(NamedTuple):
    """One image as a model reads it."""

    tokens: int
    """Of the prompt."""
    patches: int
    """That the encoder passes over; 0 where nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """The transformer that reads patches."""

    layers: int
    full_layers: int
    """Of them, those in which every patch attends to every other."""
    window_patches: int
    """Patches that attend to each other in the other layers."""
    hidden_size: int
    ffn_size: int
    ffn_gated: bool

    @property
    def params(self) -> int:
        """Weights of its layers: L (4 h^2 + m h f), m = 3 with a gate, 2 without."""
        matrices = (3 if self.ffn_gated else 2) * self.ffn_size
        return self.layers * self.hidden_size * (4 * self.hidden_size + matrices)


def grid_of(cut: Cut, height_px: int, width_px: int) -> Grid:
    """Tokens and patches of an image.

    Args:    cut: the family's rule; height_px, width_px: of the image, > 0
    Returns: at least one token
    Source:  the image processors of Hugging Face Transformers 5.24.0, one a family
    """
    if cut.rule == "fixed":
        side = (cut.longest_side_px or 0) // (cut.patch_px or 1)
        return Grid(cut.tokens_per_image or 1, side * side)
    down, across = _SCALED[cut.rule](cut, height_px, width_px)
    ends = down if cut.rule == "rows" else 0
    return Grid(down * across + ends, down * across * cut.patches_across**2)


def encoding_flop(encoder: Encoder, patches: int) -> float:
    """One image's pass through the encoder.

    F = n [2 P + 4 h (L_full n + (L - L_full) w)]

    Args:    encoder: P weights in L layers of width h, windows of w patches; patches: n
    Returns: FLOP; the projection into the language model left out (a few percent)
    Source:  Dosovitskiy et al. 2021, An Image is Worth 16x16 Words, equations 1 to 4
    """
    seen = encoder.full_layers * patches + (encoder.layers - encoder.full_layers) * min(encoder.window_patches, patches)
    return float(patches) * (2 * encoder.params + 4 * encoder.hidden_size * seen)


def _multiples(cut: Cut, height: int, width: int) -> tuple[int, int]:
    """To the nearest multiples of a unit, then within the least and the most tokens, the sides' ratio kept."""
    unit, least, most = cut.unit_px, cut.least_tokens or 1, cut.most_tokens or 1
    down, across = round(height / unit), round(width / unit)
    if down * across > most:
        shrunk = sqrt(height * width / (most * unit * unit))
        return max(1, floor(height / shrunk / unit)), max(1, floor(width / shrunk / unit))
    if down * across < least:
        grown = sqrt(least * unit * unit / (height * width))
        return ceil(height * grown / unit), ceil(width * grown / unit)
    return down, across


def _rows(cut: Cut, height: int, width: int) -> tuple[int, int]:
    """Down to the longest side, never up, and filled to whole units."""
    ratio = max(height, width) / (cut.longest_side_px or max(height, width))
    if ratio > 1:
        height, width = floor(height / ratio), floor(width / ratio)
    return max(1, ceil(height / cut.unit_px)), max(1, ceil(width / cut.unit_px))


def _budget(cut: Cut, height: int, width: int) -> tuple[int, int]:
    """As large as the most tokens allow, cut down to whole units."""
    most = cut.most_tokens or 1
    factor = sqrt(most * cut.unit_px**2 / (height * width))
    down, across = floor(factor * height / cut.unit_px), floor(factor * width / cut.unit_px)
    if down and across:
        return down, across
    return (max(1, down), min(width // height, most)) if not down else (min(height // width, most), 1)


def _padded(cut: Cut, height: int, width: int) -> tuple[int, int]:
    """Down to the most patches and the longest side, never up, and filled to whole units."""
    patch, longest = cut.patch_px or 1, cut.longest_side_px or 1
    counted = max(1, height // patch) * max(1, width // patch)
    most = (cut.most_tokens or 1) * cut.patches_across**2
    scale = min(1.0, sqrt(most / counted), longest / height, longest / width)
    down, across = (max(1, int(side * scale)) for side in (height, width))
    return ceil(down / cut.unit_px), ceil(across / cut.unit_px)


_SCALED: Mapping[str, Callable[[Cut, int, int], tuple[int, int]]] = {
    "multiples": _multiples, "rows": _rows, "budget": _budget, "padded": _padded,
}  # fmt: skip
"""A rule -> units down and across of a scaled image."""
