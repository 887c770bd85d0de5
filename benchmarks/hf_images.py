"""Compares image_rules with the image processors of transformers on random sizes. Development only.

    python benchmarks/hf_images.py [--sizes 20000] [--seed 1]

Each family whose rule reads the size of an image is asked for its tokens beside the function by which the library
scales one, with the limits that the row holds. Prints for each family how many sizes differ; leaves with 1 where any
does. Needs transformers 5.24.0, torch, torchvision and pillow.
"""

import argparse
import csv
import random
import sys
from collections.abc import Callable, Iterator
from math import exp, log
from pathlib import Path

import numpy as np
from transformers.models.gemma4.image_processing_pil_gemma4 import get_aspect_ratio_preserving_size
from transformers.models.kimi_k25.image_processing_kimi_k25 import navit_resize
from transformers.models.pixtral.image_processing_pil_pixtral import get_resize_output_image_size
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import smart_resize

sys.path.insert(0, str(Path(__file__).parents[1] / "app"))

from mlquote.formulas.models.image_tokens import MOST_OBLONG, Cut, grid_of

RULES = Path(__file__).parents[1] / "pricing_data" / "image_rules.csv"
Library = Callable[[Cut, int, int], int]
SMALLEST, LARGEST = 8, 20_000
"""Pixels of a side."""


def _multiples(cut: Cut, height: int, width: int) -> int:
    unit = cut.unit_px
    least, most = (tokens * unit * unit for tokens in (cut.least_tokens or 1, cut.most_tokens or 1))
    down, across = smart_resize(height, width, unit, least, most)
    return int(down * across) // unit**2


def _rows(cut: Cut, height: int, width: int) -> int:
    image = np.broadcast_to(np.zeros((1, 1, 3), np.uint8), (height, width, 3))
    unit, side = (cut.unit_px, cut.unit_px), (cut.longest_side_px, cut.longest_side_px)
    down, across = get_resize_output_image_size(image, size=side, patch_size=unit)
    return int(across // cut.unit_px + 1) * int(down // cut.unit_px)


def _budget(cut: Cut, height: int, width: int) -> int:
    most = (cut.most_tokens or 1) * cut.patches_across**2
    down, across = get_aspect_ratio_preserving_size(height, width, cut.patch_px, most, cut.patches_across)
    return int(down * across) // cut.unit_px**2


def _padded(cut: Cut, height: int, width: int) -> int:
    most, side = (cut.most_tokens or 1) * cut.patches_across**2, (cut.longest_side_px or 1) // (cut.patch_px or 1)
    _, (down, across) = navit_resize(height, width, cut.patch_px, cut.patches_across, most, side)
    return int(down * across) // cut.unit_px**2


LIBRARY: dict[str, Library] = {"multiples": _multiples, "rows": _rows, "budget": _budget, "padded": _padded}


def cuts() -> Iterator[tuple[str, Cut]]:
    """Each family whose rule reads sizes, and its rule."""
    with RULES.open(newline="") as file:
        for row in csv.DictReader(file):
            names = ("patch_px", "patches_across", "least_tokens", "most_tokens", "longest_side_px")
            if row["rule"] in LIBRARY:
                yield row["family"], Cut(rule=row["rule"], **{name: int(row[name]) for name in names if row[name]})


def sizes(count: int, seed: int) -> Iterator[tuple[int, int]]:
    """Heights and widths, even on a logarithm; those too oblong for any processor are left out."""
    rng = random.Random(seed)
    for _ in range(count):
        height, width = (round(exp(rng.uniform(log(SMALLEST), log(LARGEST)))) for _ in range(2))
        if max(height, width) <= MOST_OBLONG * min(height, width):
            yield height, width


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    wrong = 0
    for family, cut in cuts():
        asked = list(sizes(options.sizes, options.seed))
        off = [each for each in asked if grid_of(cut, *each).tokens != LIBRARY[cut.rule](cut, *each)]
        wrong += len(off)
        print(f"{family:16s} {len(asked)} sizes, {len(off)} differ {off[:3] or ''}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
