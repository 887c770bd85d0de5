"""One question with some of its fields given as lists: every combination asked, and ranked by one figure.

A combination that cannot be answered keeps its place in the table with the reason, and no rank: a provider that does
not sell a model is an answer too. Only where none can be answered is the first refusal raised as it is.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.figures import central, figure_at, figures_of
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.asking.question import Name, Question, Word
from mlquote.estimators.asking.telling import Envelope, told
from mlquote.estimators.comparing.combinations import MOST_COMBINATIONS, Combination, combinations_of
from mlquote.estimators.comparing.pareto import HIGHER_IS_BETTER, on_front, signed
from mlquote.estimators.comparing.standing import Mark, RankSpan, ends_of, mark_of, places_of
from mlquote.estimators.kinds import UNSAID, Estimator, estimator, kind_of, read_question
from mlquote.estimators.tokens.rate_cards import NamedCard
from mlquote.kit.errors import Malformed, QuoteError, TooLarge
from mlquote.kit.money import EXACT
from mlquote.kit.provenance import Answer, Range, Warning


class Comparison(Question):
    """A question of any kind; a field given as a list is tried with each of its values."""

    model_config = ConfigDict(extra="allow")
    own: ClassVar = ("kind", "question", "alternatives", "rank_by", "order", "pareto", "as_of", "release")

    kind: Annotated[Name, Word] | None = None
    """Kind of question; told from the fields where it is left out."""
    question: Mapping[str, Any] | None = None
    """The question's fields, if they are not given beside these."""
    alternatives: Annotated[Sequence[Mapping[str, Any]], Field(max_length=MOST_COMBINATIONS)] | None = None
    """Sets of fields to try together, such as a provider with its model, each laid over the question."""
    rank_by: Name | None = None
    """The figure of the result that decides, by its path: cost_usd (default), energy_kwh, usd_per_mtok.blended (default
    for serving)."""
    order: Annotated[Literal["lowest", "highest"], Word] = "lowest"
    """Which end is first."""
    pareto: Annotated[Sequence[Name], Field(min_length=2, max_length=6)] | None = None
    """Figures, lower is better (throughputs and capacities: higher): rows that none beats in all are `on_front`."""

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, str]) -> dict[str, Any]:
        """Query parameters; commas part the values to compare, and counts of `usage` stand beside the others."""
        kind = estimator(parameters.get("kind", UNSAID.kind))
        parted = {name: _parted(value) for name, value in parameters.items() if name not in cls.own}
        own: dict[str, Any] = {name: value for name, value in parameters.items() if name in cls.own}
        for name in ("pareto", "as_of"):
            if (name == "pareto" and name in own) or "," in own.get(name, ""):
                own[name] = own[name].split(",")
        return own | lifted(kind.question, parted)

    @model_validator(mode="before")
    @classmethod
    def _over_time(cls, given: Any) -> Any:
        """Several moments are a field to compare like any other: a series of prices in one request."""
        if not isinstance(given, Mapping) or not isinstance(given.get("as_of"), list | tuple):
            return given
        own = {name: value for name, value in given.items() if name in cls.own and name != "as_of"}
        beside = {name: value for name, value in given.items() if name not in cls.own}
        asked = own.get("question")
        inside = dict(asked) if isinstance(asked, Mapping) else {}
        return own | {"question": {**beside, **inside, "as_of": list(given["as_of"])}}

    def asked(self) -> dict[str, Any]:
        """The fields of the question to compare, lists still in them."""
        beside = dict(self.model_extra or {})
        if self.question is not None and beside:
            name = next(iter(beside))
            raise Malformed(f"{name} stands beside question", pointer=f"/{name}", hint=f"put it at /question/{name}")
        return dict(self.question) if self.question is not None else beside


def lifted(question: type[Question], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Query parameters as a question's fields: what is none of them belongs to the part that it lifts (`usage`)."""
    home = next(iter(question.lifted), None)
    own = {name: value for name, value in fields.items() if name in question.model_fields or home is None}
    rest = {name: value for name, value in fields.items() if name not in own}
    return own | ({home: rest} if home and rest else {})


def _parted(value: str) -> str | list[str]:
    return value.split(",") if "," in value and not _GROUPED.fullmatch(value.strip()) else value


_GROUPED = re.compile(r"\$?\d{1,3}(?:,\d{3})*,0\d\d(?:,\d{3})*(?:\.\d+)?")
"""One number with its thousands apart: no list holds 000."""


@dataclass(frozen=True, slots=True)
class Row:
    """One combination: what was tried, what came out, and how it stands to the first."""

    rank: int | None
    choice: Mapping[str, Any]
    value: Any
    times_best: float | None
    figures: Mapping[str, Any]
    warnings: tuple[str, ...] = ()
    error: str | None = None
    basis: str | None = None
    """What its dollars of machines mean."""
    place: RankSpan | None = None
    marks: tuple[str, ...] = ()
    """What it is best at: cheapest, greenest, fastest."""
    on_front: bool | None = None
    """No other row is as good in every figure of `pareto` and better in one; null where a figure is unknown."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The table, best first; what could not be ranked stands below."""

    kind: str
    rank_by: str
    order: str
    best: Mapping[str, Any] | None
    marks: Mapping[str, Mark]
    """cheapest, greenest, fastest: the row that is, by its central figure, and how many others may be."""
    front: tuple[str, ...]
    """The figures of `on_front`."""
    rows: tuple[Mapping[str, Any], ...]
    """Rank, choice, the figure that decides (`value`), how many times the first one's it is, whether its range and the
    first one's overlap (`tied_with_first`), the ranks it may have, what it is best at, and the other figures."""


@dataclass(frozen=True, slots=True)
class Contest:
    """What every combination of a comparison is asked with."""

    question: Comparison
    member: Estimator
    rank_by: str
    catalog: Snapshot
    now: datetime
    cards: Mapping[str, NamedCard]

    @property
    def moment(self) -> datetime:
        """The moment that all combinations are asked for."""
        return self.question.moment(self.now)


def comparison(
    question: Comparison, catalog: Snapshot, now: datetime, cards: Mapping[str, NamedCard] | None = None
) -> Answer:
    """Ask every combination and rank the answers.

    Args:   cards: the rate cards that `cards_named` finds in the question, by the name it gives them
    Raises: Malformed where no field is a list, or the figure to rank by is unknown; TooLarge beyond MOST_COMBINATIONS;
            what the estimator raises, where it refuses every combination
    """
    asked = question.asked()
    _of_one_release(question, catalog.release.id)
    member = estimator(question.kind, "/kind") if question.kind else kind_of(asked)
    contest = Contest(question, member, question.rank_by or member.ranked_by, catalog, now, cards or {})
    combinations = _combinations(contest, asked)
    tried = [_tried(contest, choice, fields) for choice, fields in combinations]
    refusals = [row for row in tried if isinstance(row, QuoteError)]
    if len(refusals) == len(tried):
        raise refusals[0]
    rows = [_row(choice, row) for (choice, _), row in zip(combinations, tried, strict=True)]
    filled = question.filled(
        kind=member.kind, rank_by=contest.rank_by, as_of=contest.moment, release=catalog.release.id
    )
    answered = [row for row in tried if isinstance(row, Finding)]
    ranking = _ranking(contest, rows)
    said = _said_of(contest, ranking, answered)
    return told(Envelope(filled, catalog.catalog_ref(contest.moment)), ranking, *answered, said)


def _said_of(contest: Contest, ranking: Ranking, answered: Sequence[Finding[Row]]) -> Finding[None]:
    """How sure the first place is, and whether dollars of two kinds stand in one table."""
    said = []
    ranked = [row for row in ranking.rows if row["rank"] is not None]
    tied = sum(bool(row["tied_with_first"]) for row in ranked) - 1
    is_doubtful = any(isinstance(row["value"], Range) for row in ranked)
    if tied > 0 and is_doubtful:
        detail = f"{tied} of the {len(ranked) - 1} others lie within the range of the first: they are ties"
        if tied >= _MANY:
            detail += ", and the least of so many doubtful figures is likely less than it will prove"
        said.append(Warning("ranges-overlap", detail))
    bases = {answer.value.basis for answer in answered} - {None}
    if len(bases) > 1 and contest.rank_by.startswith("cost_usd"):
        detail = "some rows are rental dollars and some an owner's: give cost_basis to compare like with like"
        said.append(Warning("cost-bases-mixed", detail))
    return Finding(None, warnings=tuple(said))


_MANY = 5
"""Ties from which on the first place owes something to chance."""


def _of_one_release(question: Comparison, answering: str) -> None:
    """Refuse a release inside the question or an alternative: one release answers all combinations.

    Raises: Malformed
    """
    inside = [("/question", question.question or {})]
    inside += [(f"/alternatives/{n}", fields) for n, fields in enumerate(question.alternatives or ())]
    for place, fields in inside:
        beside_only(fields, {"release": answering}, place)


def beside_only(fields: Mapping[str, Any], answering: Mapping[str, Any], place: str) -> None:
    """Refuse fields of a comparison that stand inside its question, where nobody reads them, but for what answers.

    Raises: Malformed
    """
    for name, answers in answering.items():
        if fields.get(name) not in (None, answers):
            detail = f"{name} stands inside a question that is asked more than once"
            raise Malformed(detail, pointer=f"{place}/{name}", hint=f"give {name} beside it, once for all")


def _combinations(contest: Contest, asked: Mapping[str, Any]) -> list[Combination]:
    """Every single question that a comparison stands for.

    Raises: Malformed for fewer than two, TooLarge for more than MOST_COMBINATIONS
    """
    wanted = combinations_of(asked, contest.question.alternatives or ({},))
    if contest.member.sellers is not None:
        sellers = partial(contest.member.sellers, contest.catalog)
        wanted = (each for one in wanted for each in _with_sellers(one, sellers, contest.moment))
    most = MOST_COMBINATIONS // contest.member.weight
    combinations = list(islice(wanted, most + 1))
    if len(combinations) > most:
        raise TooLarge(f"more than {most} combinations are not compared at once")
    if len(combinations) < 2:
        hint = "give a field as a list: model, provider, region"
        raise Malformed("nothing to compare", pointer="/question", hint=hint)
    return combinations


def _with_sellers(
    one: Combination, sellers_of: Callable[[str, datetime], Sequence[str]], moment: datetime
) -> Iterator[Combination]:
    """A model without a provider is compared over every provider that sells it."""
    choice, fields = one
    model = fields.get("model")
    if fields.get("provider") is not None or not isinstance(model, str):
        yield one
        return
    sellers = sellers_of(model, moment)
    for seller in sellers or (None,):
        chosen = choice | {"provider": seller} if len(sellers) > 1 else choice
        yield chosen, fields | ({"provider": seller} if seller else {})


def cards_named(question: Comparison) -> list[str]:
    """The rate cards that any combination of a comparison names."""
    named: list[Any] = []
    for fields in (question.asked(), *(question.alternatives or ())):
        given = fields.get("rate_card")
        named += given if isinstance(given, list | tuple) else [given]
    return list(dict.fromkeys(name for name in named if isinstance(name, str)))


def _under_card(member: Estimator, fields: Mapping[str, Any], cards: Mapping[str, NamedCard]) -> Estimator:
    """The estimator under the rate card that a combination names."""
    named = fields.get("rate_card")
    if member.under_card is None or not isinstance(named, str) or named not in cards:
        return member
    return replace(member, estimate=member.under_card(cards[named]))


def _tried(contest: Contest, choice: Mapping[str, Any], fields: Mapping[str, Any]) -> Finding[Row] | QuoteError:
    """One combination's row before ranks, with the rows and warnings of its answer; or why there is none."""
    question, member = contest.question, _under_card(contest.member, fields, contest.cards)
    shared = {"as_of": contest.moment, "release": contest.catalog.release.id}
    place = "/question" if question.question is not None else ""
    try:
        answer = member.estimate(read_question(member, {**shared, **fields}, place), contest.catalog, contest.now)
    except QuoteError as error:
        return error
    value = figure_at(answer.result, contest.rank_by)
    named = {name: figure_at(answer.result, name, "/pareto") for name in question.pareto or ()}
    marked = {name: figure_at(answer.result, name, "/kind") for name in member.marks.values()}
    figures = figures_of(answer.result) | marked | named
    basis = getattr(answer.result, "cost_basis", None)
    row = Row(None, choice, value, None, figures, tuple(w.code for w in answer.warnings), basis=basis)
    who = ", ".join(str(chosen) for chosen in choice.values())
    warnings = tuple(Warning(each.code, f"{who}: {each.detail}") for each in answer.warnings)
    return Finding(row, rows=answer.rows, warnings=warnings)


def _row(choice: Mapping[str, Any], tried: Finding[Row] | QuoteError) -> Row:
    return tried.value if isinstance(tried, Finding) else Row(None, choice, None, None, {}, (), tried.detail)


def _ranking(contest: Contest, rows: list[Row]) -> Ranking:
    """The table, best first."""
    question = contest.question
    ranked = _ranked(rows, question.order)
    best = ranked[0].choice if ranked[0].rank else None
    marks = _marks(contest.member, ranked)
    marked = [replace(row, marks=tuple(name for name, mark in marks.items() if _is_best(row, mark))) for row in ranked]
    front = tuple(question.pareto or _known(contest.member.marks.values(), ranked))
    is_fronted = len(front) > 1
    shown = _fronted(marked, front) if is_fronted else marked
    flat = tuple(_flat(row, fronted=is_fronted) for row in shown)
    return Ranking(contest.member.kind, contest.rank_by, question.order, best, marks, front if is_fronted else (), flat)


def _marks(member: Estimator, rows: Sequence[Row]) -> dict[str, Mark]:
    """Who is cheapest, greenest and fastest, where the kind's answers tell it."""
    found = {
        name: mark_of(
            figure,
            [(row.choice, row.figures.get(figure)) for row in rows if row.error is None],
            is_highest_first=figure.endswith(HIGHER_IS_BETTER),
        )
        for name, figure in member.marks.items()
    }
    return {name: mark for name, mark in found.items() if mark is not None}


def _is_best(row: Row, mark: Mark) -> bool:
    """Whether a row is as good as the best at something, by the central figure."""
    return row.error is None and central(row.figures.get(mark.figure)) == central(mark.value)


def _known(figures: Iterable[str], rows: Sequence[Row]) -> Iterator[str]:
    """Those figures that some row knows."""
    return (name for name in figures if any(row.figures.get(name) is not None for row in rows))


def _fronted(rows: list[Row], names: Sequence[str]) -> list[Row]:
    """The rows, each saying whether it stands on the front of the named figures."""
    points = []
    for row in rows:
        values = [central(row.figures.get(name)) for name in names]
        pairs = zip(names, values, strict=True)
        points.append(None if None in values else tuple(signed(name, float(value)) for name, value in pairs))
    return [replace(row, on_front=verdict) for row, verdict in zip(rows, on_front(points), strict=True)]


def _flat(row: Row, *, fronted: bool) -> dict[str, Any]:
    """A row as a table shows it, with a column for every figure, and one for the front where one was asked for."""
    head = {"rank": row.rank, "choice": row.choice, "value": row.value, "times_best": row.times_best}
    front = {"on_front": row.on_front} if fronted else {}
    place = row.place
    sureness = {
        "tied_with_first": place.tied_with_first if place else None,
        "rank_at_best": place.rank_at_best if place else None,
        "rank_at_worst": place.rank_at_worst if place else None,
        "marks": list(row.marks),
    }
    return {**head, **front, **row.figures, "warnings": list(row.warnings), "error": row.error, **sureness}


def _ranked(rows: list[Row], order: str) -> list[Row]:
    """Best first; what has no figure keeps the order it was asked in, below."""
    known = sorted((row for row in rows if central(row.value) is not None), key=_value, reverse=order == "highest")
    best = _value(known[0]) if known else Decimal(0)
    spans = [ends_of(row.value, is_highest_first=order == "highest") for row in known]
    places = places_of([each for each in spans if each is not None])
    placed = [
        replace(row, rank=rank, times_best=_ratio(_value(row), best), place=place)
        for rank, (row, place) in enumerate(zip(known, places, strict=True), start=1)
    ]
    return placed + [row for row in rows if central(row.value) is None]


def _value(row: Row) -> Decimal:
    value = central(row.value)
    return Decimal(0) if value is None else Decimal(str(value))


def _ratio(value: Decimal, best: Decimal) -> float | None:
    return float(EXACT.divide(value, best)) if best else None
