"""One release in memory: immutable, indexed, and asked "what was in effect at that moment?"."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar, cast
from weakref import ref

from mlquote.catalog.intervals import BEGINNING, begins, begun_or_first, in_effect, nearest
from mlquote.catalog.release import Release
from mlquote.catalog.remembered import Memory
from mlquote.catalog.rows import (
    Accelerator,
    AcceleratorPeak,
    AcceleratorPower,
    Alias,
    Default,
    Doubt,
    GridIntensity,
    Model,
    Region,
)
from mlquote.catalog.tables import TABLE, Table
from mlquote.kit.errors import InvalidCatalog, NotEffective, unknown_name
from mlquote.kit.provenance import CatalogRef, RowRef, WithdrawnRef

__all__ = ["BEGINNING", "Snapshot", "in_effect"]

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


_NAMED = (
    ("accelerator", "", "accelerators", "id"),
    ("model", "", "models", "id"),
    ("zone", "", "grid_intensity", "zone"),
    ("provider", "", "rental_prices", "provider"),
    ("provider", "", "regions", "provider"),
    ("provider", "", "facilities", "provider"),
    ("provider", "tokens", "token_prices", "provider"),
    ("provider", "annotation", "annotation_prices", "provider"),
)
"""Kinds of names that are known by other spellings, their scope, and where their ids stand."""
_LOOSE = frozenset({"region", *(kind for kind, *_ in _NAMED)})


class Snapshot:
    """Every row of one release, grouped by key and sorted by time. Nothing in it changes after it is made.

    `derived(build)` keeps what a caller computes from the whole snapshot (a compiled price table, a fitted index):
    built once, on first use, and dropped with the snapshot. `remembered(build, key)` keeps what depends on a key too.
    """

    def __init__(self, release: Release, rows: Mapping[str, Iterable[Any]], *, like: "Snapshot | None" = None) -> None:
        """Index `rows` (table name -> rows in any order) of `release`.

        Args:    like: a snapshot of another release: tables whose rows are its very own share its indices too
        """
        self.release = release
        self._rows: dict[str, tuple[Any, ...]] = {}
        self._by_key: dict[str, dict[tuple[Any, ...], tuple[Any, ...]]] = {}
        self._derived: dict[Callable[[Snapshot], Any], Any] = {}
        self._memories: Memory[Callable[[Snapshot, Any], Any], Memory[Any, Any]] = Memory(partial(_memory, ref(self)))
        self._refs: dict[Any, RowRef] = {}
        for name, table in TABLE.items():
            given = rows.get(name, ())
            if like is not None and given is like._rows[name]:
                self._by_key[name], self._rows[name] = like._by_key[name], like._rows[name]
                continue
            self._by_key[name] = _by_key(table, given)
            self._rows[name] = tuple(row for versions in self._by_key[name].values() for row in versions)

    def forget(self) -> None:
        """Let go of what was worked out, for a snapshot that nobody new is handed: whoever has it works it out anew.

        Much of that holds this snapshot, which as a circle is freed late, or never where a process froze its memory.
        """
        self._memories.clear()
        self._derived.clear()
        self._refs.clear()

    def catalog_ref(self, as_of: datetime) -> CatalogRef:
        """How an answer names this snapshot."""
        release = self.release
        if release.withdrawn is not None:
            return WithdrawnRef(release.id, release.digest, as_of, release.withdrawn.because)
        return CatalogRef(release.id, release.digest, as_of)

    def rows(self, table: str) -> tuple[Any, ...]:
        """All rows of a table, sorted by key, then by time."""
        return self._rows[table]

    def indexed(self, table: str, *columns: str) -> Mapping[tuple[Any, ...], tuple[Any, ...]]:
        """Values of these columns -> the rows that hold them, sorted by key, then by time; remembered."""
        return self.remembered(_indexed, (table, *columns))

    def versions(self, table: str, **where: Any) -> tuple[Any, ...]:
        """The rows whose columns have these values, sorted by key, then by time; empty where there is none.

        `versions("embodied", accelerator="h100-sxm")` looks into an index that is made once.
        """
        rows: tuple[Any, ...] = self._memories[_indexed][(table, *where)].get((*where.values(),), ())
        return rows

    def history(self, table: str, *key: Any) -> tuple[Any, ...]:
        """Every version of one fact, oldest first; empty when the key is not known."""
        return self._by_key[table].get(key, ())

    def keys(self, table: str) -> Iterator[tuple[Any, ...]]:
        """The keys of a table."""
        return iter(self._by_key[table])

    def held(self, table: str, *key: Any, moment: datetime) -> Any | None:
        """The version of one fact in effect at `moment`; None before it began and after it ended."""
        return in_effect(self.history(table, *key), moment)

    def held_or_first(self, table: str, *key: Any, moment: datetime) -> Any | None:
        """The latest version of one fact that has begun, even if it ended since; before all, the first.

        None only where the fact is not known. Whoever takes it says so where it does not `hold`.
        """
        return begun_or_first(self.history(table, *key), moment)

    def nearest(self, table: str, *key: Any, moment: datetime) -> Any | None:
        """The version of one fact in effect, else the one that ended or begins closest to `moment`."""
        return nearest(self.history(table, *key), moment)

    def effective(self, table: str, moment: datetime) -> Iterator[Any]:
        """For every key of a table, the row in effect at `moment`."""
        for versions in self._by_key[table].values():
            row = in_effect(versions, moment)
            if row is not None:
                yield row

    def ref(self, table: str, row: Any) -> RowRef:
        """A row as an answer names it; made once for each row."""
        known = self._refs.get(row)
        if known is None:
            known = self._refs[row] = TABLE[table].ref(row)
        return known

    def derived(self, build: Callable[["Snapshot"], T]) -> T:
        """`build(self)`, computed once for the life of this snapshot."""
        if build not in self._derived:
            self._derived[build] = build(self)
        return cast(T, self._derived[build])

    def remembered(self, build: Callable[["Snapshot", K], T], key: K) -> T:
        """`build(self, key)`, worked out once for each key and let go with the snapshot, or when too many are kept.

        `build` is a function of a module (not made anew for each call) without any other input; equal keys, equal
        values. A moment in a key is best the start of its spell (`spells.spell_of`).
        """
        value: T = self._memories[build][key]
        return value

    def doubt(self, quantity: str, level: str = "") -> float:
        """The log-standard deviation of a figure of this level (a fallback, a kind of source).

        Raises: InvalidCatalog when this release does not say it
        """
        row: Doubt = self._memories[_doubt][quantity, level]
        return row.log_sd

    def doubt_row(self, quantity: str, level: str = "") -> Doubt:
        """The row that `doubt` reads."""
        return self.remembered(_doubt, (quantity, level))

    def default(self, name: str, moment: datetime, level: str = "") -> Default:
        """The figure taken at `moment` where a question names none: in effect, or the one that stands in for it.

        Raises: InvalidCatalog when this release does not say it
        """
        row = self.held_or_first("defaults", name, level, moment=moment)
        if row is None:
            raise _lacking("default", f"{name}/{level}" if level else name)
        return cast(Default, row)

    def resolve(self, kind: str, name: str, moment: datetime, *, scope: str = "") -> str:
        """The id that `name` means at `moment`: an alias followed (case-insensitive), or `name` itself, folded.

        All but a provider's model ids (there a hyphen may be the difference) are also known by other separators and by
        their letters and digits alone ("RTX6000 Ada", "US East 2"), where these belong to one id only. A region's id of
        another provider is never a spelling: "us-east-1" is AWS's, not Google's us-east1.
        """
        folded = name.strip().casefold()
        alias = in_effect(self.derived(_aliases).get((kind, scope, folded), ()), moment)
        if alias is not None:
            return str(alias.target)
        if kind not in _LOOSE or (kind == "region" and (folded,) in self.indexed("regions", "region")):
            return folded
        ids = self.derived(_respelt)
        return next((ids[key] for s in _spellings(folded) if (key := (kind, scope, s)) in ids), folded)

    def accelerator(self, name: str, moment: datetime, *, pointer: str = "/accelerator") -> Accelerator:
        """The accelerator that `name` (an id or an alias) means."""
        return cast(Accelerator, self._named("accelerators", "accelerator", name, moment, pointer))

    def model(self, name: str, moment: datetime, *, pointer: str = "/model") -> Model:
        """The open model that `name` (an id or an alias) means."""
        return cast(Model, self._named("models", "model", name, moment, pointer))

    def peaks(self, accelerator: str) -> tuple[AcceleratorPeak, ...]:
        """Every peak-rate row of one accelerator."""
        return self.derived(_peaks).get(accelerator, ())

    def power(self, accelerator: str) -> tuple[AcceleratorPower, ...]:
        """Every power row of one accelerator."""
        return self.derived(_power).get(accelerator, ())

    def grid(self, zone: str) -> tuple[GridIntensity, ...]:
        """Every intensity row of one zone, whatever its dataset, oldest first."""
        return self.derived(_grid).get(zone, ())

    def zone(self, name: str, moment: datetime, *, pointer: str = "/grid_zone") -> str:
        """The zone id that `name` (a zone id, an ISO code, or a country's or state's name) means.

        "US (Georgia)" is read as the state, then as the country.
        """
        known = self.derived(_zones)
        for spelling in _place_names(name):
            zone = self.resolve("zone", spelling, moment).casefold()
            if zone in known:
                return known[zone]
        raise unknown_name("grid_zone", name, (*known.values(), *self.names("zone")), pointer=pointer)

    def region(self, provider: str, region: str, moment: datetime, *, pointer: str = "/region") -> Region:
        """The newest row of a provider's region that had begun at `moment`, or its oldest one (see `held_or_first`)."""
        versions = self.history("regions", provider, self.resolve("region", region, moment, scope=provider))
        if not versions:
            known = [key[1] for key in self.keys("regions") if key[0] == provider]
            raise unknown_name("region", region, known, pointer=pointer)
        return cast(Region, begun_or_first(versions, moment))

    def names(self, kind: str, scope: str = "") -> list[str]:
        """Every alias of a kind, as written."""
        return [a.alias for a in self.rows("aliases") if a.kind == kind and a.scope == scope]

    def _named(self, table: str, kind: str, name: str, moment: datetime, pointer: str) -> Any:
        versions = self.history(table, self.resolve(kind, name, moment))
        if not versions:
            known = [key[0] for key in self.keys(table)] + self.names(kind)
            raise unknown_name(kind, name, known, pointer=pointer)
        row = in_effect(versions, moment) or in_effect(versions, versions[0].effective_from or BEGINNING)
        if row is None:
            raise NotEffective(f"{kind} {name!r} is not in effect at {moment.isoformat()}", pointer=pointer)
        return row


def _by_key(table: Table, rows: Iterable[Any]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Rows by their table's key, in the order of their keys, those of one key by time."""
    grouped: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        grouped.setdefault(table.key_of(row), []).append(row)
    for versions in grouped.values():
        versions.sort(key=begins)
    ordered = sorted(grouped.items(), key=lambda item: tuple(str(part) for part in item[0]))
    return {key: tuple(versions) for key, versions in ordered}


def _memory(held: "ref[Snapshot]", build: Callable[[Snapshot, Any], Any]) -> Memory[Any, Any]:
    """What `build` gives of a snapshot, which asks here and so is there; it is not held by its own memory."""

    def built(key: Any) -> Any:
        snapshot = held()
        assert snapshot is not None
        return build(snapshot, key)

    return Memory(built)


def _lacking(kind: str, name: str) -> InvalidCatalog:
    return InvalidCatalog(
        f"this release has no {kind} {name}", hint=f"add it to pricing_data/{kind}s.csv and import the catalogue"
    )


def _doubt(snapshot: Snapshot, key: tuple[str, str]) -> Doubt:
    versions = snapshot.history("doubts", *key)
    if not versions:
        raise _lacking("doubt", "/".join(part for part in key if part))
    return cast(Doubt, versions[-1])


def _indexed(snapshot: Snapshot, wanted: tuple[str, ...]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    table, *columns = wanted
    values = [attrgetter(column) for column in columns]
    grouped: dict[tuple[Any, ...], list[Any]] = {}
    for row in snapshot.rows(table):
        grouped.setdefault(tuple(value(row) for value in values), []).append(row)
    return {key: tuple(rows) for key, rows in grouped.items()}


def _grouped(rows: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, tuple[Any, ...]]:
    grouped: dict[Any, list[Any]] = {}
    for row in rows:
        grouped.setdefault(key(row), []).append(row)
    return {name: tuple(sorted(members, key=begins)) for name, members in grouped.items()}


def _aliases(snapshot: Snapshot) -> dict[tuple[str, str, str], tuple[Alias, ...]]:
    return _grouped(snapshot.rows("aliases"), lambda a: (a.kind, a.scope, a.alias.casefold()))


def _peaks(snapshot: Snapshot) -> dict[str, tuple[AcceleratorPeak, ...]]:
    return _grouped(snapshot.rows("accelerator_peaks"), lambda p: p.accelerator)


def _power(snapshot: Snapshot) -> dict[str, tuple[AcceleratorPower, ...]]:
    return _grouped(snapshot.rows("accelerator_power"), lambda p: p.accelerator)


def _grid(snapshot: Snapshot) -> dict[str, tuple[GridIntensity, ...]]:
    return _grouped(snapshot.rows("grid_intensity"), lambda g: g.zone)


def _zones(snapshot: Snapshot) -> dict[str, str]:
    return {g.zone.casefold(): g.zone for g in snapshot.rows("grid_intensity")}


def letters(name: str) -> str:
    """A folded name without its spaces, dots and hyphens; a plus stays, for it tells "Command R+" from "Command R"."""
    return "".join(c for c in name if c.isalnum() or c == "+")


def _spellings(name: str) -> tuple[str, str]:
    """A folded name with its separators alike ("gpt 3 1.3b" -> "gpt-3-1.3b"), and without any."""
    return "-".join(name.replace("-", " ").replace("_", " ").split()), letters(name)


def _place_names(name: str) -> Iterator[str]:
    yield name
    outer, opened, rest = name.partition("(")
    inner = rest.rstrip(" )")
    if opened and outer.strip() and inner:
        yield from (f"{inner}, {outer.strip()}", inner, outer)


def _respelt(snapshot: Snapshot) -> dict[tuple[str, str, str], str]:
    """(kind, scope, spelling of a name) -> its id, where no other id shares the spelling."""
    meanings: dict[tuple[str, str, str], set[str]] = {}
    for kind, scope, name, meant in _names(snapshot):
        for spelling in _spellings(name.casefold()):
            meanings.setdefault((kind, scope, spelling), set()).add(meant)
    return {spelling: targets.pop() for spelling, targets in meanings.items() if len(targets) == 1}


def _names(snapshot: Snapshot) -> Iterator[tuple[str, str, str, str]]:
    """Every name of a loose kind: kind, scope, the name, and the id it means."""
    for kind, scope, table, column in _NAMED:
        yield from ((kind, scope, name, name) for (name,) in snapshot.indexed(table, column))
    for provider, region in snapshot.indexed("regions", "provider", "region"):
        yield "region", provider, region, region
    for alias in snapshot.rows("aliases"):
        if alias.kind in _LOOSE:
            yield alias.kind, alias.scope, alias.alias, alias.target
