"""What a smell is, the rows it is looked for in, and how a row stands beside others of its kind."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlquote.catalog.checks import Located
from mlquote.catalog.tables import TABLE
from mlquote.kit.errors import Fault

Catalog = Mapping[str, Sequence[Located]]
"""Table name -> its rows, each with its place."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A row that smells: of what, and the place and figures that a person looks at."""

    smell: str
    table: str
    row: str
    """The row's key in words, as a judgement names it."""
    fault: Fault


@dataclass(frozen=True, slots=True)
class Smell:
    """One kind of suspicion: its name, what it says of a row, and where it finds it (table, row, column, detail)."""

    name: str
    sentence: str
    found: Callable[[Catalog], Iterable["Trace"]]

    def suspects(self, catalog: Catalog) -> Iterator[Suspect]:
        """Every row of a catalogue that smells so."""
        for trace in self.found(catalog):
            row = TABLE[trace.table].label(trace.member.row)
            detail = f"{row}: {trace.detail} ({self.name})"
            yield Suspect(self.name, trace.table, row, trace.member.fault(trace.column, detail, self.sentence))


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a smell was met."""

    table: str
    member: Located
    column: str
    detail: str


def standing(catalog: Catalog, table: str) -> dict[tuple[Any, ...], Located]:
    """Key -> the row that nothing has ended or superseded; keys whose last row has ended are left out."""
    last: dict[tuple[Any, ...], Located] = {}
    key_of = TABLE[table].key_of
    for member in catalog.get(table, ()):
        key = key_of(member.row)
        if key not in last or _begun(member) > _begun(last[key]):
            last[key] = member
    return {key: member for key, member in last.items() if member.row.effective_to is None}


def grouped(members: Iterable[Located], key: Callable[[Any], Hashable]) -> dict[Hashable, list[Located]]:
    """The rows that share what `key` reads of a row."""
    groups: dict[Hashable, list[Located]] = defaultdict(list)
    for member in members:
        groups[key(member.row)].append(member)
    return groups


def usual(values: Iterable[float], *, share: float = 0.5) -> float | None:
    """The value that at least this share of three or more have, to three digits; None where they have none in common.

    Nothing is unusual among two.
    """
    counted = Counter(float(f"{value:.3g}") for value in values)
    total = sum(counted.values())
    if total < 3:
        return None
    value, count = counted.most_common(1)[0]
    return value if count >= share * total else None


def _begun(member: Located) -> str:
    start = member.row.effective_from
    return "" if start is None else start.isoformat()
