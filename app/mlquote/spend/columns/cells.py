"""Price cells: all that a single quote would look up for a spelling, as rows that any engine can join.

A kind is one spelling of provider, model, processing and region. Its cells part time and prompt length, each with the
price of every meter in whole pico-dollars a unit, read from the ladders that `Card.ladder` gives to a single quote: no
rule of prices is written a second time. Where hours have prices of their own, a cell holds for a half hour of the day.
What no cell can say exactly (a price by the hour, a mode spelt in another way) is left to the reader of lines.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any, Final, NamedTuple

from mlquote.catalog.remembered import Memory
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import EARLIEST, LATEST
from mlquote.estimators.tokens.price_list import STANDARD, Ladder, Rate, Sheet
from mlquote.estimators.tokens.token_models import Named, price_list
from mlquote.kit.errors import QuoteError
from mlquote.spend.columns.layout import KINDS
from mlquote.spend.usage_groups import Called
from mlquote.spend.usage_prices import MODES, is_plain_text

PICO: Final = 10**6
"""1e-18 dollars, in which rates are held, in a pico-dollar."""
BY_LINE: Final = -1
"""Instead of a price: only the reader of lines can charge this meter exactly."""
FEE: Final = "request_fee"
REASONING: Final = "reasoning_tokens"
SLOT_S: Final = 1800
ANY_SLOT: Final = -1
FOREVER_US: Final = 2**62
"""Beyond every moment and every prompt."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MOST_KINDS = 100_000
_MOST_TABLES = 4
"""Tables of cells that are kept: a few megabytes each."""
_FACT: Final = 4
"""Where in a kind its facts begin."""

Kind = tuple[str, ...]
"""Provider, model, processing, region, then facts, as a row spells them; "" for what it does not say."""


_Asked = tuple[tuple[Kind, ...], tuple[str, ...], tuple[str, ...], tuple[datetime, datetime], tuple[str, ...]]
"""The arguments of `CellBook.cells`."""


def microseconds(moment: datetime) -> int:
    """An aware moment in microseconds since 1970."""
    return (moment - EPOCH) // _MICROSECOND


class Spell(NamedTuple):
    """One stretch of time and prompts in which a kind has the same prices."""

    slot_us: int
    """The beginning of the half hour of UTC's day in which it holds, microseconds from midnight; ANY_SLOT for all."""
    from_us: int
    to_us: int
    from_tokens: int
    to_tokens: int
    called: Called | None
    """The names of its bill; None where its lines are faults."""
    sheet: Sheet | None
    fault: str = ""
    """Code of the fault that each of its lines is."""


class Resolved(NamedTuple):
    """What a spelling leads to: its spells, or why it has none."""

    spells: tuple[Spell, ...] = ()
    """None for times that are left to the reader of lines."""
    is_inferred: bool = False
    """Whether it names no provider, and is its model's maker's."""
    is_windowed: bool = False


_BY_LINE: Final = Resolved()


class _Stretch(NamedTuple):
    """What the names of a kind lead to for a while; `named` is None for a fault."""

    start: datetime
    end: datetime
    named: Named | None
    is_inferred: bool = False
    fault: str = ""


class CellBook:
    """Resolves the spellings of logs, each once for one snapshot."""

    def __init__(self, catalog: Snapshot) -> None:
        """Prices from `catalog`."""
        self._prices = catalog.derived(price_list)
        self._resolved = Memory(self._resolve, most=_MOST_KINDS)
        self._tables = Memory(self._cells, most=_MOST_TABLES)

    def cells(
        self,
        kinds: tuple[Kind, ...],
        counts: tuple[str, ...],
        named: tuple[str, ...],
        during: tuple[datetime, datetime],
        by: tuple[str, ...] = (),
    ) -> "Cells":
        """The cells of all kinds of a log; the latest few are kept.

        Args: counts: the log's columns of counts; named: the columns its kinds are told by; during: the log's
              [from, to); by: the groups of the bill
        """
        return self._tables[kinds, counts, named, during, by]

    def _cells(self, asked: "_Asked") -> "Cells":
        kinds, counts, named, (first, end), by = asked
        table = _Table(meters_of(counts), named, by, (microseconds(first), microseconds(end)))
        places = [KINDS.index(name) for name in named]
        for said in kinds:
            whole = [""] * len(KINDS)
            for place, word in zip(places, said, strict=True):
                whole[place] = word
            kind = tuple(whole)
            found = self.kind(kind)
            table.add(said, self.in_slots(kind, first, end) if found.is_windowed else found)
        return table.cells

    def kind(self, kind: Kind) -> Resolved:
        """What a kind leads to at all times; without spells where hours have prices of their own."""
        return self._resolved[kind]

    def in_slots(self, kind: Kind, start: datetime, end: datetime) -> Resolved:
        """What a kind whose hours have prices of their own leads to in [start, end), by half hours."""
        provider, model, processing, region = kind[:_FACT]
        spells: list[Spell] = []
        for stretch in self._stretches(provider or None, model, region or None):
            named = stretch.named
            if named is None or not named.card.changes_on_half_hours:
                return _BY_LINE
            try:
                spells += _slots(named, processing or STANDARD, max(stretch.start, start), min(stretch.end, end))
            except QuoteError:
                return _BY_LINE
        return self._resolved[kind]._replace(spells=tuple(spells))

    def _resolve(self, kind: Kind) -> Resolved:
        provider, model, processing, region = kind[:_FACT]
        said = (provider or None, model, processing or STANDARD, region or None)
        if any(kind[_FACT:]) or not model or said[2] not in MODES or not is_plain_text(said):
            return _BY_LINE
        spells: list[Spell] = []
        stretches = self._stretches(said[0], model, said[3])
        is_inferred = any(stretch.is_inferred for stretch in stretches)
        for stretch in stretches:
            if stretch.named is None:
                spells.append(_fault(stretch, stretch.fault))
                continue
            if stretch.named.card.windows:
                return Resolved(is_inferred=is_inferred, is_windowed=True)
            try:
                spells += _spells(stretch.named, said[2], stretch.start, stretch.end)
            except QuoteError as error:
                spells.append(_fault(stretch, error.code))
        return Resolved(tuple(_merged(spells)), is_inferred)

    def _stretches(self, provider: str | None, model: str, region: str | None) -> list[_Stretch]:
        """What names lead to at all times, one after the other."""
        changes = self._prices.changes_of_meaning(provider, model, region)
        edges = [EARLIEST, *(at for at in changes if EARLIEST < at < LATEST), LATEST]
        found: list[_Stretch] = []
        for start, end in pairwise(edges):
            stretch = self._stretch(provider, model, region, start)._replace(end=end)
            if found and found[-1][2:] == stretch[2:]:
                found[-1] = found[-1]._replace(end=end)
            else:
                found.append(stretch)
        return found

    def _stretch(self, provider: str | None, model: str, region: str | None, at: datetime) -> _Stretch:
        try:
            if provider is not None:
                return _Stretch(at, at, self._prices.find(provider, model, at, region))
            seller = self._prices.find(None, model, at).card.provider
            return _Stretch(at, at, self._prices.find(seller, model, at, region), is_inferred=True)
        except QuoteError as error:
            return _Stretch(at, at, None, fault=error.code)


class Shared(NamedTuple):
    """What the rows of a cell share beyond their prices."""

    called: Called | None
    """The names of their bill; None where they are faults."""
    is_inferred: bool = False
    fault: str = ""


@dataclass(slots=True)
class Cells:
    """The cells of a log's kinds, column by column, for one set of meters and groups."""

    meters: tuple[str, ...]
    columns: dict[str, list[Any]]
    """A row a cell: how its kind is spelt, where it holds, what it says."""
    windowed: dict[str, list[str]]
    """A row a kind whose hours have prices of their own: how it is spelt."""
    spots: list[Shared] = field(default_factory=list)
    """What the column `spot` numbers."""
    has_tiers: bool = False

    @property
    def has_windows(self) -> bool:
        """Whether the hours of any kind have prices of their own."""
        return any(map(len, self.windowed.values()))

    @property
    def dearest(self) -> Mapping[str, int]:
        """Meter -> the highest price of a unit in any cell, pico-dollars."""
        prices = {meter: self.columns[price_of(meter)] for meter in self.meters}
        return {meter: max((p for p in column if p is not None), default=0) for meter, column in prices.items()}


def said_as(name: str) -> str:
    """The column of kinds that holds how a name is spelt."""
    return f"said_{name}"


def windowed_as(name: str) -> str:
    """The column of kinds with windows that holds how a name is spelt."""
    return f"windowed_{name}"


def price_of(meter: str) -> str:
    """The column of cells that holds a meter's price."""
    return f"price_{meter}"


class _Table:
    """Cells on their way into columns."""

    def __init__(
        self, meters: tuple[str, ...], kind_names: Sequence[str], by: Sequence[str], during_us: tuple[int, int]
    ) -> None:
        self._by, (self._first_us, self._end_us) = frozenset(by), during_us
        names = ("slot_us", "from_us", "to_us", "from_tokens", "to_tokens", "is_fault", "spot", "is_apart")
        self.cells = Cells(
            meters,
            {name: [] for name in (*map(said_as, kind_names), *names, *map(price_of, meters))},
            {name: [] for name in map(windowed_as, kind_names)},
        )
        self._spots = Memory(self._numbered, most=FOREVER_US)
        self._priced: dict[int, tuple[int | None, ...]] = {}
        self._kept: list[Sheet | None] = []

    def add(self, kind: Kind, found: Resolved) -> None:
        """Add one kind with its cells, those that hold within the log's time."""
        cells = self.cells
        if found.is_windowed and found.spells:
            for column, word in zip(cells.windowed.values(), kind, strict=True):
                column.append(word)
        for spell in found.spells:
            if spell.to_us <= self._first_us or spell.from_us >= self._end_us:
                continue
            cells.has_tiers = cells.has_tiers or spell.from_tokens > 0
            called = None if spell.called is None else self._called(spell.called)
            spot = self._spots[Shared(called, found.is_inferred, spell.fault)]
            self._row(*kind, *spell[:5], int(called is None), spot, *self._prices_of(spell.sheet))

    def _called(self, called: Called) -> Called:
        """The names of a bill that its groups are told by; the others are left out, for fewer groups."""
        kept = (name if field in self._by else "" for field, name in called._asdict().items())
        return Called(*kept)

    def _row(self, *values: Any) -> None:
        for column, value in zip(self.cells.columns.values(), values, strict=True):
            column.append(value)

    def _numbered(self, spot: Shared) -> int:
        self.cells.spots.append(spot)
        return len(self.cells.spots) - 1

    def _prices_of(self, sheet: Sheet | None) -> tuple[int | None, ...]:
        """Whether reasoning is priced apart, and the price of each meter."""
        found = self._priced.get(id(sheet))
        if found is None:
            rates = {} if sheet is None else sheet.rates
            prices = (priced_in_pico(rates.get(meter)) for meter in self.cells.meters)
            found = self._priced[id(sheet)] = (int(REASONING in rates), *prices)
            self._kept.append(sheet)
        return found


def meters_of(counts: Sequence[str]) -> tuple[str, ...]:
    """The meters that rows with these counts may be charged by."""
    return (*counts, FEE)


def _fault(stretch: _Stretch, code: str) -> Spell:
    during = (microseconds(stretch.start), microseconds(stretch.end))
    return Spell(ANY_SLOT, *during, 0, FOREVER_US, None, None, code)


def _spells(named: Named, processing: str, start: datetime, end: datetime) -> Iterator[Spell]:
    for begin, stop in _between(named.card.changes, start, end):
        ladder = named.card.ladder(begin, processing, named.region)
        yield from _tiers(named, processing, ladder, ANY_SLOT, (begin, stop))


def _slots(named: Named, processing: str, start: datetime, end: datetime) -> Iterator[Spell]:
    """The spells of a card whose hours have prices of their own: a half hour of the day each, for days on end."""
    for begin, stop in _between(named.card.changes, start, end):
        ladders = Memory[tuple[str, ...], Ladder](partial(_opened, named, processing, begin))
        running: dict[int, tuple[datetime, Ladder]] = {}
        day = datetime(begin.year, begin.month, begin.day, tzinfo=UTC)
        while day < stop:
            for slot, is_open in enumerate(named.card.opening(day)):
                since, ladder = running.get(slot, (max(day, begin), ladders[is_open]))
                if ladder is not ladders[is_open]:
                    yield from _tiers(named, processing, ladder, slot * SLOT_S * 10**6, (since, day))
                    since, ladder = day, ladders[is_open]
                running[slot] = (since, ladder)
            day += timedelta(days=1)
        for slot, (since, ladder) in running.items():
            yield from _tiers(named, processing, ladder, slot * SLOT_S * 10**6, (since, stop))


def _opened(named: Named, processing: str, moment: datetime, is_open: tuple[str, ...]) -> Ladder:
    return named.card.ladder_with(is_open, moment, processing, named.region)


def _between(edges: Iterable[datetime], start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """[start, end) cut at the edges within it."""
    yield from pairwise([start, *(edge for edge in edges if start < edge < end), end])


def _tiers(
    named: Named, processing: str, ladder: Ladder, slot_us: int, during: tuple[datetime, datetime]
) -> Iterator[Spell]:
    card = named.card
    called = Called(named.seller or card.provider, card.model, processing, named.place or None)
    begin, stop = map(microseconds, during)
    ends = [*(sheet.from_tokens for sheet in ladder[1:]), FOREVER_US]
    for sheet, to_tokens in zip(ladder, ends, strict=True):
        if sheet.from_tokens < to_tokens:
            yield Spell(slot_us, begin, stop, sheet.from_tokens, to_tokens, called, sheet)


def _merged(spells: Iterable[Spell]) -> Iterator[Spell]:
    """The same spells, those that follow one another with the same prices as one."""
    open_ended: dict[tuple[int, int], Spell] = {}
    for spell in spells:
        place = (spell.from_tokens, spell.to_tokens)
        last = open_ended.get(place)
        if last is not None and _goes_on(last, spell):
            open_ended[place] = last._replace(to_us=spell.to_us)
            continue
        if last is not None:
            yield last
        open_ended[place] = spell
    yield from open_ended.values()


def _goes_on(last: Spell, spell: Spell) -> bool:
    """Whether a spell is the one before it for a while longer."""
    is_next = last.to_us == spell.from_us and last.called == spell.called
    same = last.sheet is spell.sheet or _rates(last.sheet) == _rates(spell.sheet)
    return is_next and last.fault == spell.fault and same


def _rates(sheet: Sheet | None) -> dict[str, tuple[int, int]]:
    return {} if sheet is None else {meter: (rate.amount, rate.divisor) for meter, rate in sheet.rates.items()}


def priced_in_pico(rate: Rate | None) -> int | None:
    """Pico-dollars a unit; None where there is no rate, BY_LINE where whole pico-dollars cannot say it."""
    if rate is None:
        return None
    whole, rest = divmod(rate.amount, PICO)
    return BY_LINE if rest or rate.divisor != 1 else whole
