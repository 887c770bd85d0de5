"""An answer in one line of the asker's own: names of figures and of fields in braces."""

import re
from collections.abc import Mapping
from typing import Any

from mlquote.kit.errors import Malformed, nearest
from mlquote.render.figures import cell, estimate, figures
from mlquote.render.harmless import on_one_line

FIELDS = ("model", "provider", "accelerator", "accelerator_count", "tokens", "region", "release", "as_of", "url")
"""What of a question and its release may stand in a line, beside the figures."""
_MOST_LETTERS = 500
_NAMED = re.compile(r"\{([^{}]*)\}")


def formatted(line: str, answer: Mapping[str, Any], address: str) -> str:
    """The line with each `{name}` as its value: the middle of a range, or its `.low` or `.high`.

    Raises: Malformed for a name that the answer lacks, with the nearest one
    """
    if len(line) > _MOST_LETTERS:
        raise Malformed(f"one line has up to {_MOST_LETTERS} letters", pointer="/q")
    known = _known(answer, address)

    def value(found: re.Match[str]) -> str:
        name = found[1].strip()
        if name not in known:
            hint = nearest(name, known) or f"one of {', '.join(FIELDS)}, or a figure"
            raise Malformed(f"the answer has no {name[:80]!r}", pointer="/q", hint=hint)
        return known[name]

    return on_one_line(_NAMED.sub(value, line))


def _known(answer: Mapping[str, Any], address: str) -> dict[str, str]:
    question = answer["question"]
    catalog = {"release": answer["catalog"]["release"], "as_of": str(answer["catalog"]["as_of"])[:10], "url": address}
    known = {name: str(catalog.get(name, question.get(name))) for name in FIELDS}
    for figure in figures(answer["result"]):
        if figure.low is None:
            known[figure.name] = cell(figure.name, figure.value)
        else:
            known[figure.name] = estimate(figure.value)
            known |= {f"{figure.name}.low": estimate(figure.low), f"{figure.name}.high": estimate(figure.high)}
    return known
