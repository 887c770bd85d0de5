"""Every fact holds where and when it is used, or a warning says what stands in.

200 seeded questions of training, serving and inference, half of them about another moment than today. Each row that an
answer names is looked up in the snapshot again; its interval must contain the moment asked, and its scope columns must
be the names that the question means.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

import pytest

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLE
from mlquote.estimators.asking.question import Question, utc
from mlquote.kit.provenance import Answer, RowRef
from tests.estimators.asked_sample import KINDS, Fields, Kind, seeded
from tests.estimators.rows_used import holds, row_of
from tests.estimators.test_nothing_silent import answered

COUNTS: Final = {"training": 80, "serving": 70, "inference": 50}
MOMENTS: Final = ("2020-06-01", "2022-06-01", "2024-03-01", "2025-06-01", "2026-03-01", "2027-06-01")

UNDATED: Final[Mapping[str, str]] = {
    "fitted_factors": "a fit on every published run of the release: it has no day of its own",
    "serving_constants": "a fit on every measured serving run of the release",
    "efficiency_anchors": "what one published run reached, whenever it ran",
    "training_runs": "evidence: a published run stays what it was",
    "tuning_runs": "evidence: a measurement stays what it was",
    "image_rules": "how published weights read an image, whenever they are run",
    "serving_runs": "evidence: a measurement stays what it was",
    "doubts": "how far figures of a kind scatter: of the method, not of the day",
    "defaults": "asked at the release date of the part, not at the moment of the question",
}
"""Tables whose rows are used whatever the moment, and why."""

_NONE: frozenset[str] = frozenset()
_PRICES = frozenset({"price-from-another-date", "accelerator-not-yet-released"})
_YEARLY = frozenset({"figure-from-another-year"})
ANOTHER_TIME: Final[Mapping[str, frozenset[str]]] = {
    "accelerators": frozenset({"accelerator-not-yet-released"}),
    "accelerator_peaks": frozenset({"accelerator-not-yet-released"}),
    "accelerator_power": frozenset({"accelerator-not-yet-released"}),
    "rental_prices": _PRICES,
    "purchase_prices": _PRICES,
    "grid_intensity": _YEARLY,
    "regions": _YEARLY,
    "facilities": _YEARLY,
    "cost_factors": _YEARLY | _PRICES,
    "thresholds": frozenset({"threshold-not-in-force"}),
}
"""A table -> the codes of the warnings that say that a row of another time stands in."""

ANOTHER_SCOPE: Final[Mapping[str, frozenset[str]]] = {
    "accelerator": frozenset(
        {"price-from-sibling-part", "embodied-from-other-parts", "assumed-tdp", "no-tdp", "idle-draw-from-sibling-part"}
    ),
    "provider": frozenset({"price-from-another-seller", "pue-from-fleet"}),
    "region": frozenset({"price-from-another-region", "wider-place"}),
    "zone": frozenset(
        {"grid-zone-assumed", "grid-from-wider-zone", "electricity-price-from-another-zone", "wider-place"}
    ),
    "model": frozenset(),
}
"""A scope column -> the codes of the warnings that say that another part, seller or place stands in."""


@dataclass(frozen=True)
class Scope:
    """The names that a question means, resolved: None where it leaves them open."""

    accelerator: str | None = None
    provider: str | None = None
    region: str | None = None
    zone: str | None = None
    model: str | None = None


@dataclass(frozen=True)
class Miss:
    """A row whose interval or scope does not contain the question, without a word."""

    kind: str
    of: str
    row: RowRef
    held: Any
    asked: Any
    question: Fields

    def __str__(self) -> str:
        what = f"{self.row.table} {self.row.key}: {self.of} is {self.held}, asked {self.asked}"
        return f"{self.kind}: {what}, and no warning says so, in {self.question}"


def questions(kind: Kind) -> Iterator[Fields]:
    """Seeded questions of one kind; every other one is about a moment of its own."""
    for seed, fields in enumerate(seeded(kind)):
        rng = random.Random(seed)
        yield fields | ({"as_of": rng.choice(MOMENTS)} if seed % 2 else {})


def moment_of(question: Question, now: datetime) -> datetime:
    """When the question is about: a run's own date before the moment of the prices."""
    date = getattr(question, "date", None)
    return question.moment(now) if date is None else utc(date)


def moment_for(table: str, question: Question, now: datetime) -> datetime:
    """A law of loss is knowledge, so what was published by the moment of the prices counts, whenever the run was."""
    return question.moment(now) if table == "scaling_laws" else moment_of(question, now)


def scope_of(question: Any, answer: Answer, catalog: Snapshot, moment: datetime) -> Scope:
    """The names a question means, resolved."""
    if not hasattr(question, "accelerator"):
        echo = answer.question
        region = None if echo["region"] == "global" else echo["region"]
        return Scope(provider=echo["provider"], model=echo["model"], region=region)
    accelerator: Accelerator = catalog.accelerator(question.accelerator, moment)
    provider = catalog.resolve("provider", question.provider, moment) if question.provider else None
    region = zone = None
    if provider and question.region:
        place = catalog.region(provider, question.region, moment)
        region, zone = place.region, place.zone
    if question.grid_zone:
        zone = catalog.zone(question.grid_zone, moment)
    model = catalog.model(question.model, moment).id if question.model else None
    return Scope(accelerator.id, provider, region, zone, model)


OPEN: Final = {"", None, "unspecified", "global", "any"}
"""What a row says in a scope column that holds everywhere."""


COLUMNS: Final = ("accelerator", "provider", "region", "zone", "model")
"""The columns that bound where a row holds. A region's own zone does not: `grid_zone` beside it wins."""


def parts_of(row: Any, table: str, scope: Scope) -> Iterator[tuple[str, Any, Any]]:
    """(what, held, asked) of each scope column that the question says something about."""
    if table == "accelerators":
        yield "accelerator", row.id, scope.accelerator
    if table == "models":
        yield "model", row.id, scope.model
    if table in {"token_prices", "model_lifecycles"} and scope.accelerator is not None:
        return  # what serving breaks even against is named by fields of its own
    names = ("accelerator", "provider", "region", "model") if table == "regions" else COLUMNS
    for name in names:
        if hasattr(row, name):
            yield name, getattr(row, name), getattr(scope, name)


def misses(kind: Kind, fields: Fields, answer: Answer, catalog: Snapshot, now: datetime) -> Iterator[Miss]:
    """The rows of one answer that do not hold where and when it was asked."""
    question = kind.question.model_validate(fields)
    moment = moment_of(question, now)
    scope = scope_of(question, answer, catalog, moment)
    codes = {warning.code for warning in answer.warnings}
    for ref in answer.rows:
        row = row_of(catalog, ref)
        if row is None:
            yield Miss(kind.name, "row", ref, None, "a row of the snapshot", fields)
            continue
        at = moment_for(ref.table, question, now)
        if ref.table not in UNDATED and not holds(row, at) and not codes & ANOTHER_TIME.get(ref.table, _NONE):
            yield Miss(kind.name, "interval", ref, f"[{row.effective_from}, {row.effective_to})", at, fields)
        for of, held, asked in parts_of(row, ref.table, scope):
            if asked is not None and held not in OPEN and held != asked and not codes & ANOTHER_SCOPE[of]:
                yield Miss(kind.name, of, ref, held, asked, fields)


def all_misses(kind: Kind, catalog: Snapshot, now: datetime) -> list[Miss]:
    """What misses in the seeded answers of one kind, one of a sort."""
    found: dict[tuple[str, str], Miss] = {}
    asked = ((fields, answer) for fields in questions(kind) if (answer := answered(kind, fields, catalog, now)))
    for fields, answer in islice(asked, COUNTS[kind.name]):
        for miss in misses(kind, fields, answer, catalog, now):
            key = (miss.row.table, miss.of)
            if key not in found or len(str(fields)) < len(str(found[key].question)):
                found[key] = miss
    return list(found.values())


ASKED = [kind for kind in KINDS if kind.name in COUNTS]


@pytest.mark.parametrize("kind", ASKED, ids=lambda kind: str(kind.name))
def test_every_row_holds_where_and_when_it_is_used(kind: Kind, catalog: Snapshot, now: datetime) -> None:
    found = all_misses(kind, catalog, now)
    assert found == [], "\n" + "\n".join(str(miss) for miss in found)


def test_the_answers_looked_at_are_two_hundred() -> None:
    assert sum(COUNTS.values()) == 200
    assert set(COUNTS) == {kind.name for kind in ASKED}


def test_a_stand_in_without_its_word_is_found(catalog: Snapshot, now: datetime) -> None:
    """A run of 2020 on a part of 2022 rests on later prices and years; the same answer without warnings is reported."""
    training = ASKED[0]
    fields: Fields = {"accelerator": "h100-sxm", "accelerator_hours": 1000, "grid_zone": "FRA", "as_of": "2020-06-01"}
    answer = answered(training, fields, catalog, now)
    assert answer is not None
    unsaid = {miss.row.table for miss in misses(training, fields, replace(answer, warnings=()), catalog, now)}
    assert {"accelerators", "rental_prices"} <= unsaid


def test_a_row_of_another_place_is_found(catalog: Snapshot, now: datetime) -> None:
    """The rows of an answer about Virginia do not hold for a question about Ireland."""
    training = ASKED[0]
    fields: Fields = {"accelerator": "h100-sxm", "accelerator_hours": 1000, "provider": "aws"}
    virginia, ireland = fields | {"region": "us-east-1"}, fields | {"region": "eu-west-1"}
    answer = answered(training, virginia, catalog, now)
    assert answer is not None
    found = {(miss.row.table, miss.of) for miss in misses(training, ireland, answer, catalog, now)}
    assert ("regions", "region") in found


def test_every_table_that_has_no_moment_of_its_own_is_a_table() -> None:
    assert UNDATED.keys() | ANOTHER_TIME.keys() <= TABLE.keys()
    assert not UNDATED.keys() & ANOTHER_TIME.keys()
