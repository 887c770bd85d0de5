"""Thin strips whose words stand beside them: a range from zero for a cell of a table, shares of a whole over a list."""

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from mlquote.render.charts.scales import from_zero, plain
from mlquote.render.charts.specs import Span


def strip(span: Span, said: str) -> str:
    """The band with its ends and its median as SVG."""
    scale = from_zero([span.high], plain)
    low, middle, high = (f"{100 * scale.at(each):.2f}%" for each in (span.low, span.central, span.high))
    wide = f"{100 * (scale.at(span.high) - scale.at(span.low)):.2f}%"
    ends = "".join(f'<line class="axis" x1="{at}" x2="{at}" y1="3" y2="19"/>' for at in (low, high))
    return (
        f'<svg class="ch" height="22" role="img" aria-label={quoteattr(said)}>'
        f'<line class="gl" x1="0" x2="100%" y1="11" y2="11"/>'
        f'<rect class="band" x="{low}" width="{wide}" y="3" height="16" rx="2"/>{ends}'
        f'<line class="med" x1="{middle}" x2="{middle}" y1="0" y2="22"/></svg>'
    )


def shares(parts: Sequence[tuple[str, float, str]]) -> str:
    """One bar of shares as SVG.

    Args:    parts: name, share from 0 to 1, and the share in words; the largest first
    """
    begun, marks = 0.0, []
    for place, (_, share, told) in enumerate(parts):
        fill = f"f{place + 1}" if place < _COLOURS else "f0"
        marks.append(f'<rect class="{fill} sep" x="{100 * begun:.2f}%" width="{100 * share:.2f}%" y="0" height="26"/>')
        if share >= _ROOM:
            marks.append(f'<text class="in mid" x="{100 * (begun + share / 2):.2f}%" y="17.5">{told}</text>')
        begun += share
    said = ", ".join(f"{name} {told}" for name, _, told in parts)
    return f'<svg class="ch" height="26" role="img" aria-label={quoteattr(said)}>{"".join(marks)}</svg>'


_COLOURS = 4
_ROOM = 0.16
"""The least share whose words fit into it at 320 px."""
