"""Which doubt of one part is the same as a doubt of another: the same price, PUE, grid, efficiency, drawn once.

A doubt is known by the assumption it comes from. Efficiencies err as a family, whatever the run; a price, a draw or
what making it emitted errs for a part of hardware, whoever asks; anything else (a PUE, a grid, a wage) is the same
doubt where it is the same figure. What comes from no assumption is the part's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import sqrt
from typing import Any

from mlquote.estimators.asking.finding import Figure, Finding
from mlquote.kit.provenance import Answer, Assumption, RowRef

_OF_A_FAMILY = frozenset({"mfu", "residual.throughput", "residual.power", "residual.joules"})
_OF_HARDWARE = frozenset(
    {
        "usd_per_accelerator_hour", "capital_usd_per_accelerator_hour", "power_w", "tdp_w", "accelerator_power_w",
        "embodied_kgco2e_per_hour",
    }
)  # fmt: skip


@dataclass(slots=True)
class Sources:
    """The sources of doubt of a project, named in the order in which its parts bring them.

    The first price is the first price in every variant of the project, whatever it is of, so that a variant meets the
    same draws.
    """

    named: dict[tuple[str, Any], str] = field(default_factory=dict)
    assumptions: dict[str, Assumption] = field(default_factory=dict)
    """Source -> what it is in doubt about."""
    parts: dict[str, list[str]] = field(default_factory=dict)
    """Source -> the parts that it is in."""
    _seen: dict[str, int] = field(default_factory=dict)

    def of_answer(self, part: str, answer: Answer, headline: str) -> dict[str, float]:
        """Source -> its load in a headline figure of an answer; the squares of the loads add up to 1."""
        shares: Mapping[str, float] = (getattr(answer.result, "variance_shares", None) or {}).get(headline) or {}
        hardware = _hardware(answer.rows) or str(answer.question.get("accelerator"))
        return self._loads(part, shares, answer.assumptions, hardware)

    def of_rate(self, part: str, rate: Figure, found: Iterable[Finding[Any]]) -> dict[str, float]:
        """The same of a rate that a catalogue knows; `found` is what it is a rate of."""
        assert rate.value is not None
        hardware = _hardware(row for each in found for row in each.rows)
        return self._loads(part, rate.value.shares(), rate.assumptions, hardware or "")

    def own(self, part: str) -> dict[str, float]:
        """A doubt that the part shares with no other."""
        return self.of_name(part, f"range of {part}")

    def of_name(self, part: str, name: str) -> dict[str, float]:
        """A doubt that has its name from the asker."""
        self._told(part, name)
        return {name: 1.0}

    def shared(self) -> dict[str, tuple[str, ...]]:
        """Source -> parts, for those that more than one part has."""
        return {source: tuple(parts) for source, parts in self.parts.items() if len(parts) > 1}

    def _loads(
        self, part: str, shares: Mapping[str, float], assumptions: Iterable[Assumption], hardware: str
    ) -> dict[str, float]:
        whole = sum(shares.values())
        if not whole > 0:
            return self.own(part)
        known = {each.name: each for each in assumptions}
        return {self._source(part, name, known.get(name), hardware): sqrt(n / whole) for name, n in shares.items()}

    def _source(self, part: str, name: str, assumption: Assumption | None, hardware: str) -> str:
        key = (name, ("of", part) if assumption is None else _identity(name, assumption, hardware))
        if key not in self.named:
            place = self._seen[name] = self._seen.get(name, 0) + 1
            self.named[key] = name if place == 1 else f"{name} ({place})"
        source = self.named[key]
        if assumption is not None and source not in self.assumptions:
            self.assumptions[source] = replace(assumption, name=source, share_of_variance=None)
        self._told(part, source)
        return source

    def _told(self, part: str, source: str) -> None:
        parts = self.parts.setdefault(source, [])
        if part not in parts:
            parts.append(part)


def _identity(name: str, assumption: Assumption, hardware: str) -> Any:
    """What tells one doubt of a name from another."""
    if name in _OF_A_FAMILY:
        return "family"
    if name in _OF_HARDWARE:
        return hardware
    return (str(assumption.value), assumption.unit, assumption.low, assumption.high)


def _hardware(rows: Iterable[RowRef]) -> str | None:
    """The accelerator that rows are of."""
    return next((row.key for row in rows if row.table == "accelerators"), None)
