"""What a record holds is told: each fact once, in order, with its share of the doubt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from mlquote.estimators.asking.finding import Figure, Finding, found, given, unknown
from mlquote.estimators.asking.telling import Envelope, findings_in, shares_of, told
from mlquote.formulas.uncertainty import doubtful
from mlquote.kit.provenance import CatalogRef

HERE = Envelope({"as_of": "2026-11-23"}, CatalogRef("r1", "d", datetime(2026, 11, 23, tzinfo=UTC)))


@dataclass(frozen=True, slots=True)
class Place:
    pue: Figure
    grid: Figure


@dataclass(frozen=True, slots=True)
class Facts:
    place: Place
    rates: tuple[Figure, ...]
    hours: float = 3.0


PUE = found("pue", doubtful(1.2, 0.3, "pue"), "ratio", basis="catalog", why="measured")
GRID = found("grid", doubtful(0.4, 0.4, "grid"), "kg CO2e/kWh", basis="catalog", why="measured")
RATE = given("rate", 2.0, "$/h")
FACTS = Facts(Place(PUE, GRID), (RATE, unknown("no-price", "nobody sells it")))


def test_every_finding_of_a_record_is_found_in_its_order() -> None:
    assert [f.assumptions[0].name for f in findings_in(FACTS) if f.assumptions] == ["pue", "grid", "rate"]


def test_what_is_named_first_is_told_first_and_nothing_twice() -> None:
    answer = told(HERE, "result", RATE, FACTS)
    assert [a.name for a in answer.assumptions] == ["rate", "pue", "grid"]
    assert [w.code for w in answer.warnings] == ["no-price"]


@dataclass(frozen=True, slots=True)
class Run:
    facts: Facts | None
    anything: Any
    words: str = ""
    doubt: Mapping[str, float] = field(default_factory=dict)


def test_whatever_a_field_is_declared_to_be_its_findings_are_found() -> None:
    late = given("late", 1.0, "h")
    assert list(findings_in(Run(FACTS, late)))[-1] is late
    assert list(findings_in(Run(None, (late, "word")))) == [late]


def test_two_alike_findings_are_both_told() -> None:
    assert len(told(HERE, "r", Finding(1, RATE.assumptions), Finding(1, RATE.assumptions)).assumptions) == 2


def test_shares_are_averaged_over_the_headlines_and_add_up_to_one() -> None:
    assert PUE.value is not None
    assert GRID.value is not None
    shares = shares_of({"energy_kwh": PUE.value, "emissions_kgco2e": PUE.value * GRID.value, "cost_usd": None})
    answer = told(HERE, "result", FACTS, shares=shares)
    # energy: all pue; emissions: 0.3^2 / (0.3^2 + 0.4^2) = 0.36 pue, 0.64 grid; means 0.68 and 0.32
    assert {a.name: a.share_of_variance for a in answer.assumptions} == {"pue": 0.68, "grid": 0.32, "rate": None}
