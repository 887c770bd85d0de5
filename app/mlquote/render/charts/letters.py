"""How wide a text is: the advances of DejaVu Sans, the font that pictures are drawn with, per thousand of its size.

Source: DejaVu Sans and DejaVu Sans Bold 2.37, table hmtx; a test compares them with the fonts in the wheel.
"""

_FIRST = 32
_PLAIN = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
)  # fmt: skip
_BOLD = (
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696, 696,
    696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995,
    837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716,
    678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712,
    365, 712, 838,
)  # fmt: skip
_OTHERS = {"\u00a0": 348, "\u2212": 838, "–": 500, "·": 380, "×": 838, "θ": 687, "ŷ": 652, "δ": 687} | dict.fromkeys(
    "₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", 438
)
_UNKNOWN = 1000
"""Letters without an entry are taken as wide as any but a few: room is left rather than missed."""


def width_of(text: str, size: float = 12, *, is_bold: bool = False) -> float:
    """The width of a line in px, at a size in px."""
    advances = _BOLD if is_bold else _PLAIN
    total = 0
    for letter in text:
        at = ord(letter) - _FIRST
        total += advances[at] if 0 <= at < len(advances) else _OTHERS.get(letter, _UNKNOWN)
    return total * size / 1000


def wrapped(text: str, room: float, size: float = 12, *, is_bold: bool = False) -> list[str]:
    """The lines of a text in so many px; a word that is longer than a line is broken where it must be."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        tried = f"{line} {word}" if line else word
        if width_of(tried, size, is_bold=is_bold) <= room:
            line = tried
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line, size, is_bold=is_bold) > room and len(line) > 1:
            fits = next(
                (n for n in range(len(line) - 1, 0, -1) if width_of(line[:n], size, is_bold=is_bold) <= room), 1
            )
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line else lines


def shortened(text: str, room: float, size: float = 12, *, is_bold: bool = False) -> str:
    """The text, or as much of it as so many px hold, the rest told by an ellipsis."""
    if width_of(text, size, is_bold=is_bold) <= room:
        return text
    for kept in range(len(text) - 1, 0, -1):
        told = text[:kept].rstrip() + "…"
        if width_of(told, size, is_bold=is_bold) <= room:
            return told
    return "…"
