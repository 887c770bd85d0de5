"""What makes a set of rows a catalogue: keys, times, sources, sentinels, references. Every fault is named at once."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from mlquote.catalog.rows import TokenPrice
from mlquote.catalog.sources import MOST_SINGLE_FACTS, PARTED, lineages_of
from mlquote.catalog.tables import TABLE, Table
from mlquote.kit.errors import Fault
from mlquote.kit.units import MULTIPLIER, PRICE_UNITS


@dataclass(frozen=True, slots=True)
class Located:
    """A row and the place it was read from."""

    file: str
    line: int
    row: Any

    def fault(self, column: str, detail: str, hint: str = "") -> Fault:
        """A fault of this row, as file:row:column."""
        return Fault(f"{self.file}:{self.line}:{column}", detail, hint)


def faults_of(catalog: Mapping[str, Sequence[Located]]) -> Iterator[Fault]:
    """Every fault of a whole catalogue (table name -> its rows)."""
    for name, members in catalog.items():
        table = TABLE[name]
        bounds = _BOUNDS.get(name, {})
        for member in members:
            yield from _row_faults(table, member, bounds)
        yield from _time_faults(table, members)
    yield from _reference_faults(catalog)
    yield from _tier_faults(catalog.get("token_prices", ()))
    yield from _lineage_faults(catalog)


def checked_after(catalog: Mapping[str, Sequence[Located]], published_on: date) -> Iterator[Fault]:
    """Rows that were checked after the release that holds them says it was published: the stamp is an old one's."""
    if published_on == date.min:
        return
    for members in catalog.values():
        for member in members:
            if member.row.checked_on is not None and member.row.checked_on > published_on:
                detail = f"checked on {member.row.checked_on}, after the release of {published_on}"
                yield member.fault("checked_on", detail, "a later published_on in release.toml, and a note of its own")


_PLACED = re.compile(
    r"(?:(?:global|regional|us-gov|us|eu|apac|jp|au|ca|in)[./]|[a-z]{2}(?:-gov)?-[a-z]+-\d/)?(?:anthropic\.)?"
)
"""How one seller's ids of a model differ: by the place they run in, and by a maker that some leave out."""


def _tier_faults(prices: Sequence[Located]) -> Iterator[Fault]:
    """Ids of one model at one seller that lack a long-context tier which its other ids have."""
    sold: dict[tuple[str, str], dict[str, list[Located]]] = {}
    for member in prices:
        row = member.row
        if row.effective_to is None and (row.meter, row.modality, row.processing) == ("input", "text", "standard"):
            model = row.model.casefold()
            bare = _PLACED.sub("", model, count=1)  # it matches at the beginning, if only nothing
            sold.setdefault((row.provider, bare), {}).setdefault(row.model, []).append(member)
    for ids in sold.values():
        tiers = {model: {member.row.tier_tokens for member in members} for model, members in ids.items()}
        for model, own in tiers.items():
            for other, theirs in tiers.items():
                if missing := theirs - own - {None, 0}:
                    detail = f"no rate above {min(missing)} tokens, which {other} has"
                    yield ids[model][0].fault("tier_tokens", detail, "a hole bills a long prompt at the base rate")
                    break


TOKEN_UNITS = frozenset({*PRICE_UNITS, MULTIPLIER})
"""The units a token price may have; another one is a fault until the estimator knows what it counts."""

MOST_PRICE_DECIMALS = 12
"""A list price has few digits; more is a quotient that somebody rounded (an hourly price printed per second)."""

Bound = tuple[float, float]
"""Lowest allowed and highest allowed, both included."""

_POSITIVE_USD: Bound = (1e-9, 1e6)

_BOUNDS: dict[str, dict[str, Bound]] = {
    "accelerators": {
        "memory_gb": (0.01, 10_000),
        "memory_bandwidth_gb_per_s": (1, 30_000_000),
        "interconnect_gb_per_s": (1, 1_000_000),
        "accelerators_per_node": (1, 1024),
    },
    "accelerator_peaks": {"tflop_per_s": (0.01, 500_000)},
    "accelerator_power": {"watts": (1, 250_000), "year": (2010, 2035)},
    "purchase_prices": {"usd": (100, 10_000_000)},
    "rental_prices": {
        "usd_per_hour": (0.001, 100_000),
        "usd_per_accelerator_hour": (0.001, 200),
        "accelerator_count": (1, 100_000),
    },
    "token_prices": {"usd": _POSITIVE_USD, "tier_tokens": (1, 100_000_000)},
    "models": {"params": (1, 10**15), "active_params": (1, 10**15)},
    "image_rules": {"patch_px": (4, 64), "tokens_per_image": (1, 100_000), "most_tokens": (1, 1_000_000)},
    "grid_intensity": {"gco2e_per_kwh": (0, 1_700), "year": (1990, 2035)},
    "regions": {
        "pue": (1, 3),
        "wue_l_per_kwh": (0, 20),
        "cfe_percent": (0, 100),
        "market_based_gco2e_per_kwh": (0, 1_700),
        "year": (2010, 2035),
        "latitude": (-90, 90),
        "longitude": (-180, 180),
    },
    "doubts": {"log_sd": (0.001, 3)},
    "embodied": {"kgco2e": (0.001, 1_000_000), "lifetime_years": (0.5, 20)},
}
"""What a figure may be at all. 0 and 700 stand for "no price" in some sources: a price of exactly that is refused."""

_SENTINELS: dict[str, tuple[str, frozenset[Decimal]]] = {
    "rental_prices": ("usd_per_accelerator_hour", frozenset({Decimal(0), Decimal(700)})),
    "token_prices": ("usd", frozenset({Decimal(0), Decimal(700)})),
}


def is_free(row: Any) -> bool:
    """Whether a price of nothing is one that the seller states as a rule, and no figure left out."""
    return isinstance(row, TokenPrice) and row.usd == 0 and row.effective_from_basis == "provider_rule"


def _row_faults(table: Table, member: Located, bounds: Mapping[str, Bound]) -> Iterator[Fault]:
    row = member.row
    for column in {table.key[0], *_REQUIRED.get(table.name, ())}:
        if getattr(row, column) == "":
            yield member.fault(column, "blank, and a fact needs it to be told from others")
    if row.effective_from and row.effective_to and row.effective_from >= row.effective_to:
        yield member.fault("effective_to", "ends before it begins", "half-open: [effective_from, effective_to)")
    yield from _source_faults(table, member)
    for column, (low, high) in bounds.items():
        value = getattr(row, column)
        if value is not None and not low <= value <= high and not is_free(row):
            yield member.fault(column, f"{value} is outside {low} to {high}")
    if table.name in _SENTINELS and not is_free(row):
        column, sentinels = _SENTINELS[table.name]
        if getattr(row, column) in sentinels:
            yield member.fault(column, f"{getattr(row, column)} stands for 'no price' in some sources", "leave it out")
    if table.name == "token_prices" and row.unit not in TOKEN_UNITS:
        yield member.fault("unit", f"unknown unit {row.unit!r}", f"one of {', '.join(sorted(TOKEN_UNITS))}")
    if table.name == "token_prices" and -int(row.usd.as_tuple().exponent) > MOST_PRICE_DECIMALS:
        yield member.fault("usd", f"{row.usd} has more than {MOST_PRICE_DECIMALS} decimals", "price a larger unit")


_OWN_PAGE = re.compile(r"docs/[a-z_]+\.md(#[a-z0-9-]+)?")
"""What we derived ourselves names the page of this repository that tells how."""
_JUDGED = frozenset({"doubts", "defaults", "judged"})
"""Where a figure may be nobody's but ours."""
_JUDGEMENT = "judgement: "


def _source_faults(table: Table, member: Located) -> Iterator[Fault]:
    row = member.row
    if not row.source_url:
        if table.name not in _JUDGED:
            yield member.fault("source_url", "a fact without a source is not kept")
        elif not row.note.startswith(_JUDGEMENT):
            hint = f"name one, or begin the note with {_JUDGEMENT!r} and say what it was judged from"
            yield member.fault("source_url", "no source, and nothing says that it is our judgement", hint)
    elif not row.source_url.startswith(("https://", "http://")) and not _OWN_PAGE.fullmatch(row.source_url):
        hint = "docs/<page>.md is for what we derived ourselves"
        yield member.fault("source_url", f"{row.source_url[:60]!r} is not an http address", hint)


_REQUIRED: dict[str, tuple[str, ...]] = {
    "token_prices": ("model", "meter", "unit"),
    "model_lifecycles": ("model",),
    "rental_prices": ("accelerator",),
    "accelerators": ("generation", "product"),
    "regions": ("region", "zone"),
    "aliases": ("alias", "target"),
}
"""What may not be blank beside the first column of the key."""


def _time_faults(table: Table, members: Sequence[Located]) -> Iterator[Fault]:
    by_key: dict[tuple[Any, ...], list[Located]] = {}
    for member in members:
        by_key.setdefault(table.key_of(member.row), []).append(member)
    for versions in by_key.values():
        if len(versions) < 2:
            continue
        versions.sort(key=lambda m: (m.row.effective_from is not None, m.row.effective_from))
        for earlier, later in pairwise(versions):
            yield from _pair_faults(table, earlier, later)


def _pair_faults(table: Table, earlier: Located, later: Located) -> Iterator[Fault]:
    start: datetime | None = later.row.effective_from
    where = f"{earlier.file}:{earlier.line}"
    if start == earlier.row.effective_from:
        yield later.fault("effective_from", f"the same fact from the same moment as {where}", "one row a fact")
    elif not table.annual and (earlier.row.effective_to is None or start is None or earlier.row.effective_to > start):
        yield later.fault("effective_from", f"overlaps {where}, which ends later", "close the earlier row")


_REFERENCES: tuple[tuple[str, str, str, str], ...] = (
    ("accelerator_peaks", "accelerator", "accelerators", "id"),
    ("accelerator_power", "accelerator", "accelerators", "id"),
    ("purchase_prices", "accelerator", "accelerators", "id"),
    ("rental_prices", "accelerator", "accelerators", "id"),
    ("embodied", "accelerator", "accelerators", "id"),
    ("regions", "zone", "grid_intensity", "zone"),
    ("token_prices", "time_window", "time_windows", "id"),
)
"""(table, column, referred table, its column): a value that is not blank must exist there."""

_ALIAS_TARGETS: dict[str, Callable[[Mapping[str, Sequence[Located]]], set[str]]] = {
    "accelerator": lambda c: _column(c, "accelerators", "id"),
    "model": lambda c: _column(c, "models", "id"),
    "zone": lambda c: _column(c, "grid_intensity", "zone"),
    "provider": lambda c: _column(c, "regions", "provider").union(
        *(
            _column(c, table, "provider")
            for table in ("facilities", "rental_prices", "token_prices", "annotation_prices")
        )
    ),
    "region": lambda c: {f"{m.row.provider}/{m.row.region}" for m in c.get("regions", ())},
    "token_model": lambda c: {f"{m.row.provider}/{m.row.model}" for m in c.get("token_prices", ())},
}


def _reference_faults(catalog: Mapping[str, Sequence[Located]]) -> Iterator[Fault]:
    for name, column, target, target_column in _REFERENCES:
        known = _column(catalog, target, target_column)
        for member in catalog.get(name, ()):
            value = getattr(member.row, column)
            if value and value not in known:
                yield member.fault(column, f"{value!r} is not in {target}")
    sold = {(member.row.provider, member.row.model) for member in catalog.get("token_prices", ())}
    for member in catalog.get("model_lifecycles", ()):
        if (member.row.provider, member.row.model) not in sold:
            yield member.fault("model", f"{member.row.provider}/{member.row.model} is not in token_prices")
    models = _column(catalog, "models", "id")
    for member in catalog.get("image_rules", ()):
        for model in member.row.models.split("; "):
            if model not in models:
                yield member.fault("models", f"{model!r} is not in models")
    targets = {kind: known(catalog) for kind, known in _ALIAS_TARGETS.items()}
    for member in catalog.get("aliases", ()):
        alias = member.row
        name = f"{alias.scope}/{alias.target}" if alias.kind in ("token_model", "region") else alias.target
        if alias.kind in targets and name not in targets[alias.kind]:
            yield member.fault("target", f"{alias.target!r} is not a known {alias.kind}")


def _column(catalog: Mapping[str, Sequence[Located]], table: str, column: str) -> set[str]:
    return {getattr(member.row, column) for member in catalog.get(table, ())}


def _lineage_faults(catalog: Mapping[str, Sequence[Located]]) -> Iterator[Fault]:
    """Collections that many rows were read in and `sources` does not name, or names as not to be carried."""
    grounds = {
        lineage: member.row.ground
        for member in catalog.get("sources", ())
        for lineage in member.row.lineages.split(PARTED)
    }
    read: dict[str, list[Located]] = {}
    for name, members in catalog.items():
        if name != "sources":
            for member in members:
                for lineage in set(lineages_of(member.row)):
                    read.setdefault(lineage, []).append(member)
    for lineage, members in sorted(read.items()):
        if grounds.get(lineage) == "refused":
            yield members[0].fault("source_url", f"{lineage} may not be carried (and {len(members)} rows name it)")
        elif lineage not in grounds and len(members) > MOST_SINGLE_FACTS:
            hint = "a row in sources: its licence, or on what ground its facts are carried"
            yield members[0].fault("source_url", f"{len(members)} rows rest on {lineage}, which no source names", hint)
