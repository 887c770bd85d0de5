"""Spans above the calls that they made: an agent's span that counts what the calls below it count is no call itself.

Frameworks put the tokens of a whole run on the agent's span too. Children are usually logged before their parent, and
sometimes after it: a span that was billed before the first call below it came is withdrawn again. Spans are known by
their trace and id, the latest MOST_REMEMBERED of them that were met.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from mlquote.spend.usage_lines import Lineage

MOST_REMEMBERED: Final = 10_000
"""Spans that are remembered; a run's calls stand nearer to one another than this."""
_MOST_FLOORS: Final = 64
"""Spans above one call that are looked at: no run is nested deeper, and a circle of parents ends."""

T = TypeVar("T")


class _Span(Generic[T]):
    """What is known of one span."""

    __slots__ = ("below", "has_calls", "parent", "receipt", "tokens")

    def __init__(self) -> None:
        self.parent = 0
        self.tokens: int | None = None
        """What it counts itself; None where it counts nothing, or was not met yet."""
        self.below = 0
        """What the calls below it count."""
        self.has_calls = False
        self.receipt: T | None = None
        """What withdraws it from the bill; None where it is not on it."""


class SpanTrees(Generic[T]):
    """The spans of a log, each below its parent."""

    def __init__(self, withdraw: Callable[[T], None]) -> None:
        """`withdraw` takes a span off the bill, by the receipt it was added with."""
        self._withdraw = withdraw
        self._spans: OrderedDict[int, _Span[T]] = OrderedDict()
        self._differing = 0
        self.above = 0
        """Spans that are not billed, since calls below them are."""
        self.forgot = False
        """Whether some span was forgotten to make room."""

    @property
    def differing(self) -> int:
        """Spans not billed that count otherwise than all calls below them together."""
        return self._differing + sum(map(_differs, self._spans.values()))

    def is_above(self, lineage: Lineage) -> bool:
        """Whether calls below this span are on the bill."""
        known = self._spans.get(lineage.own)
        return known is not None and known.has_calls

    def pass_over(self, lineage: Lineage, tokens: int | None) -> None:
        """Meet a span above calls that are on the bill."""
        span = self._at(lineage.own)
        span.parent, span.tokens = lineage.parent, tokens
        self.above += 1
        self._raise(span.parent, span.below)

    def go_through(self, lineage: Lineage) -> None:
        """Meet a span that counts nothing: what is below it is below its parent too."""
        span = self._at(lineage.own)
        span.parent = lineage.parent
        if span.has_calls:
            self._raise(span.parent, span.below)

    def add(self, lineage: Lineage, tokens: int | None, receipt: T) -> None:
        """Meet a span that is on the bill, or is refused; `tokens` is None where it counts nothing."""
        span = self._at(lineage.own)
        span.parent, span.tokens, span.receipt = lineage.parent, tokens, receipt
        if tokens is not None:
            self._raise(span.parent, tokens)

    def _raise(self, key: int, tokens: int) -> None:
        """Count a call's tokens at every span above it, and take those spans off the bill."""
        for _ in range(_MOST_FLOORS):
            if not key:
                return
            span = self._at(key)
            span.below += tokens
            if span.receipt is not None:
                self._withdraw(span.receipt)
                span.receipt = None
                self.above += 1
                tokens -= span.tokens or 0  # it was a call itself until now, to the spans above it
            span.has_calls = True
            key = span.parent

    def _at(self, key: int) -> _Span[T]:
        """The span of a key, now the latest that was met."""
        span = self._spans.get(key)
        if span is not None:
            self._spans.move_to_end(key)
            return span
        if len(self._spans) >= MOST_REMEMBERED:
            self._differing += _differs(self._spans.popitem(last=False)[1])
            self.forgot = True
        span = self._spans[key] = _Span()
        return span


def _differs(span: _Span[T]) -> bool:
    return span.has_calls and span.tokens is not None and span.tokens != span.below
