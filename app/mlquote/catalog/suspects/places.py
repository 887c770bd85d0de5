"""Smells of places and of sources: zones too wide, years that jump, pages that prove nothing."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from mlquote.catalog.checks import Located
from mlquote.catalog.suspects.smell import Catalog, Smell, Trace, grouped
from mlquote.catalog.suspects.tokens import bare_name

_SHARE_ALIKE = re.compile(r"electricitymaps|electricity-maps|boavizta/environmental-footprint-data|openstreetmap", re.I)
JUMP = 3
"""Times from one year to the next that a zone's electricity does not move."""
_LISTED_BY_MONTH = timedelta(days=31)
"""Some price tables date a price by the first of its month."""
_NO_FIGURES = frozenset({"aliases", "sources"})
"""Tables of names and of addresses: a code is nobody's table, and a publisher's home page is his address."""
_FIGURES = ("token_prices", "rental_prices", "accelerators", "purchase_prices", "models", "annotation_prices")


def _with_figures(catalog: Catalog) -> Iterator[tuple[str, Sequence[Located]]]:
    return ((table, members) for table, members in catalog.items() if table not in _NO_FIGURES)


def _bare_home_page(catalog: Catalog) -> Iterator[Trace]:
    for table, members in _with_figures(catalog):
        for member in members:
            address = urlsplit(member.row.source_url)
            if address.netloc and not address.path.strip("/") and not address.query and not address.fragment:
                yield Trace(table, member, "source_url", f"{member.row.source_url} is a home page")


def _share_alike(catalog: Catalog) -> Iterator[Trace]:
    for table, members in _with_figures(catalog):
        for member in members:
            if _SHARE_ALIKE.search(member.row.source_url):
                yield Trace(table, member, "source_url", f"{member.row.source_url} is shared under share-alike terms")


def _no_day(catalog: Catalog) -> Iterator[Trace]:
    for table in _FIGURES:
        for member in catalog.get(table, ()):
            if member.row.checked_on is None:
                yield Trace(table, member, "checked_on", "no day on which its source was read")


def _coarse_zone(catalog: Catalog) -> Iterator[Trace]:
    """A region or a code mapped to a wider zone than the one of its own name, or than any we hold of it."""
    own = {member.row.zone for member in catalog.get("grid_intensity", ())}
    for member in catalog.get("regions", ()):
        row = member.row
        finer = f"{row.provider}:{row.region}"
        if finer in own and row.zone != finer:
            yield Trace("regions", member, "zone", f"mapped to {row.zone}, and {finer} is held")
    for member in catalog.get("aliases", ()):
        row = member.row
        if row.kind == "zone" and (row.basis == "wider zone" or (row.alias in own and row.target != row.alias)):
            yield Trace("aliases", member, "target", f"answered by {row.target}")


def _grid_jump(catalog: Catalog) -> Iterator[Trace]:
    def series(row: object) -> tuple[object, ...]:
        return tuple(getattr(row, c) for c in ("zone", "dataset", "dataset_release", "boundary", "accounting", "flow"))

    for members in grouped(catalog.get("grid_intensity", ()), series).values():
        members.sort(key=lambda m: m.row.year)
        for before, after in pairwise(members):
            low, high = sorted((before.row.gco2e_per_kwh, after.row.gco2e_per_kwh))
            if after.row.year - before.row.year == 1 and low > 0 and high > JUMP * low:
                detail = f"{before.row.gco2e_per_kwh:g} in {before.row.year}, {after.row.gco2e_per_kwh:g} the next year"
                yield Trace("grid_intensity", after, "gco2e_per_kwh", detail)


def _priced_before_release(catalog: Catalog) -> Iterator[Trace]:
    """An open model that somebody sold before the day we say it was released."""
    first: dict[str, date] = {}
    for member in catalog.get("token_prices", ()):
        row = member.row
        if row.effective_from is not None:
            name = bare_name(row.model)
            first[name] = min(row.effective_from.date(), first.get(name, date.max))
    for member in catalog.get("models", ()):
        released, sold = member.row.release_date, first.get(bare_name(member.row.id))
        if released is not None and sold is not None and sold < released - _LISTED_BY_MONTH:
            yield Trace("models", member, "release_date", f"released {released}, sold since {sold}")


def _active_above_total(catalog: Catalog) -> Iterator[Trace]:
    for member in catalog.get("models", ()):
        row = member.row
        if row.active_params is not None and row.active_params > row.params:
            yield Trace("models", member, "active_params", f"{row.active_params} of {row.params} are active")


SMELLS = (
    Smell("bare-home-page", "a source is the page that says the figure", _bare_home_page),
    Smell("share-alike-source", "tables under share-alike terms are not shipped", _share_alike),
    Smell("no-day", "a figure names the day its source was read", _no_day),
    Smell("coarse-zone", "a place is answered by its own grid", _coarse_zone),
    Smell("grid-jump", "a grid changes slowly", _grid_jump),
    Smell("priced-before-release", "nothing is sold before it is released", _priced_before_release),
    Smell("active-above-total", "no more parameters are active than there are", _active_above_total),
)
