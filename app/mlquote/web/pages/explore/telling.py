"""What the pages of Explore share: one question asked as the API asks it, its addresses, and how figures are told."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import Question
from mlquote.estimators.asking.wording import as_written, question_of
from mlquote.kit.errors import QuoteError
from mlquote.kit.provenance import Answer, Range
from mlquote.web.pages.asked import FormField, Query, faults_of

Show = Callable[[Query, Answer], dict[str, Any]]
"""What a view makes of an answer: title, figure, sentence, table."""
MOST_ROWS = 100
"""Rows of a table that stand on one page; all are in its JSON and its CSV."""
MOST_DIGITS = 7
MOST_WARNINGS, COMPARED = 12, "/v1/comparisons"
SHOWN = ("sort", "scale", "x", "y", "from_row")
"""Fields of a page that say how an answer is drawn; they move no number."""


@dataclass(frozen=True, slots=True)
class Vantage:
    """What answers a page: the catalogue, and the moment of the asker's clock."""

    catalog: Snapshot
    now: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """The API's question behind a page."""

    path: str
    question: type[Question]
    estimate: Callable[[Any, Snapshot, datetime], Answer]

    def answer(self, query: Query, asked: Vantage) -> Answer:
        """What the API answers to the same fields.

        Raises: QuoteError
        """
        fields = self.question.from_parameters(dict(query.without(*SHOWN).given))
        question = question_of(self.question, fields)
        try:
            return self.estimate(question, asked.catalog, asked.now)
        except QuoteError as error:
            raise as_written(error, question.places) from error


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its words, and the field that it is sorted by."""

    words: str
    key: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure as it is told, with all its digits behind it."""

    told: str
    value: Any = None
    href: str = ""


def seen(
    source: Source,
    query: Query,
    asked: Vantage,
    show: Callable[[Query, Answer], dict[str, Any]],
    fields: list[FormField],
) -> dict[str, Any]:
    """What a page tells: its form, and what `show` makes of the answer; or the faults, each under its field."""
    told: dict[str, Any] = {"faults": [], "fields": fields, "panel": None, "rows": [], "columns": (), "says": ""}
    told |= {"meaning": "", "warnings": [], "json": address(source.path, query), "pinned": "", "title_words": ""}
    try:
        answer = source.answer(query, asked)
        found = told | show(query, answer)
    except QuoteError as error:
        return told | {"faults": faults_of(error)}
    pinned = dict(query.given) | {"release": answer.catalog.release, "as_of": answer.catalog.as_of.isoformat()}
    said = list(_said(source, answer))
    left = max(len(said) - MOST_WARNINGS, 0)
    return found | {"warnings": said[:MOST_WARNINGS], "more_warnings": left, "pinned": urlencode(pinned)}


def _said(source: Source, answer: Answer) -> Iterator[str]:
    """Each warning once; of a comparison without the choice it is said of, but with how many say it."""
    if source.path != COMPARED:
        yield from dict.fromkeys(warning.detail for warning in answer.warnings)
        return
    counts = Counter(warning.detail.partition(": ")[2] or warning.detail for warning in answer.warnings)
    for detail, count in counts.items():
        yield f"{detail} (said of {count} choices)" if count > 1 else detail


def address(path: str, query: Query) -> str:
    """The API's address of the same question."""
    asked = urlencode(dict(query.without(*SHOWN).given))
    return f"{path}?{asked}" if asked else path


def central(value: Any) -> float | None:
    """The middle of a figure; None where nobody knows it."""
    middle = value.central if isinstance(value, Range) else value
    return None if middle is None else float(middle)


def ends(value: Any) -> tuple[float | None, float | None]:
    """The ends of a figure in doubt."""
    return (float(value.low), float(value.high)) if isinstance(value, Range) else (None, None)


def ordered(rows: list[dict[str, Cell]], sort: str, columns: Sequence[Column]) -> list[dict[str, Cell]]:
    """The rows by a column, `-` before it turning them round; what has no figure stands last."""
    key = sort.removeprefix("-")
    if key not in {column.key for column in columns}:
        return rows
    known = [row for row in rows if row[key].value is not None]
    known.sort(key=lambda row: row[key].value, reverse=sort.startswith("-"))
    return known + [row for row in rows if row[key].value is None]


def heads(columns: Sequence[Column], query: Query, path: str) -> list[dict[str, Any]]:
    """Each column's head: the address that sorts by it, and how it is sorted now."""
    now = query.text("sort")
    found = []
    for column in columns:
        turned = f"-{column.key}" if now == column.key else column.key
        asked = urlencode(dict(query.without("from_row").given) | {"sort": turned})
        way = {column.key: "ascending", f"-{column.key}": "descending"}.get(now, "none")
        found.append({"column": column, "href": f"{path}?{asked}", "sorted": way})
    return found


def paged(rows: Sequence[dict[str, Cell]], query: Query, path: str) -> dict[str, Any]:
    """A hundred rows from `from_row` on, counted from one, and where those before and after them are."""
    asked = query.text("from_row")
    start = min(max(int(asked), 1), max(len(rows), 1)) if asked.isdigit() and len(asked) < MOST_DIGITS else 1
    end = min(start + MOST_ROWS - 1, len(rows))

    def place(first: int) -> str:
        return f"{path}?{urlencode(dict(query.given) | {'from_row': str(first)})}#figures"

    return {
        "rows": rows[start - 1 : end],
        "counted": (start, end, len(rows)),
        "earlier": place(max(start - MOST_ROWS, 1)) if start > 1 else "",
        "following": place(end + 1) if end < len(rows) else "",
    }


def dollars(value: Decimal | float | None) -> str:
    """A price with all its digits, at least two behind the point."""
    if value is None:
        return "no price"
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    plain = exact.normalize()
    places = max(2, -int(plain.as_tuple().exponent))
    return f"${plain:,.{places}f}"


def web_link(source: str) -> str:
    """A source that can be followed."""
    return source if source.startswith(("https://", "http://")) else ""


def plain_fields(query: Query, shown: Sequence[tuple[str, str, str]]) -> list[FormField]:
    """A box a field: its name, its words and its help; accelerators are completed."""
    lists = {"accelerator": "accelerators", "model": "models"}
    return [
        FormField(name, words, query.text(name), help=told, listed=lists.get(name, "")) for name, words, told in shown
    ]
