"""/explore/prices: what models or machines have cost since when."""

from collections.abc import Sequence
from typing import Any

from mlquote.estimators.comparing.price_series import PriceChange, PriceSeries, Series, price_series
from mlquote.kit.provenance import Answer
from mlquote.render.charts.amounts import percent
from mlquote.render.charts.specs import Stair, Steps, Tread
from mlquote.web.pages.asked import FormField, Query
from mlquote.web.pages.explore.telling import Cell, Column, Source, Vantage, dollars, ordered, seen, web_link

SOURCE = Source("/v1/explore/prices", PriceSeries, price_series)
FIRST = {"model": "gpt-4o, o3, gpt-3.5-turbo, deepseek-chat"}
MOST_LINES = 4
"""Lines that can be told apart; further series stand in the table."""
COLUMNS = (
    Column("From", "begins"),
    Column("What", "name"),
    Column("Seller", "provider"),
    Column("Price", "usd", is_number=True),
    Column("Change", "change", is_number=True),
    Column("The date is", "basis"),
    Column("Source", "source"),
)
TERMS = ("on_demand", "spot", "reserved_1y", "reserved_3y")


def prices_view(query: Query, asked: Vantage) -> dict[str, Any]:
    """What the page tells of a query."""
    if not query.without("scale", "sort").given:
        query = Query({**FIRST, **query.given})
    return seen(SOURCE, query, asked, _shown, _fields(query))


def _shown(query: Query, answer: Answer) -> dict[str, Any]:
    series: Sequence[Series] = answer.result.series
    is_model = "model" in query.given
    unit = "a million tokens" if is_model else "an accelerator-hour"
    what = f"{query.text('meter', 'input')} tokens" if is_model else query.text("price_model", "on_demand")
    drawn = [each for each in series if any(change.begins for change in each.changes)][:MOST_LINES]
    title = f"Dollars for {unit}: {what.replace('_', ' ')}"
    steps = Steps(title, [_stair(each, answer) for each in drawn], "$", _says(series), query.text("scale") == "even")
    rows = [_row(each, change) for each in series for change in each.changes]
    rows.sort(key=lambda row: str(row["begins"].value or ""), reverse=True)
    return {
        "panel": steps if drawn else None,
        "title_words": title,
        "says": _says(series),
        "meaning": _meaning(series, is_model=is_model),
        "columns": COLUMNS,
        "rows": ordered(rows, query.text("sort"), COLUMNS),
        "left_out": [each.name for each in series if each.changes][MOST_LINES:],
        "unknown": [f"{each.name} at {each.provider}" for each in series if not each.changes],
    }


def _stair(series: Series, answer: Answer) -> Stair:
    until = answer.catalog.as_of
    dated = [change for change in series.changes if change.begins is not None]
    last = dated[-1]
    is_over = last.ends is not None and last.ends <= until
    end = last.ends if is_over and last.ends is not None else until
    treads = [Tread(change.begins.timestamp(), float(change.usd), change.is_declared) for change in dated]  # type: ignore[union-attr]  # dated
    return Stair(series.name, treads, end.timestamp(), is_over)


def _row(series: Series, change: PriceChange) -> dict[str, Cell]:
    moved = "" if change.change_fraction is None else percent(change.change_fraction)
    sign = "+" if (change.change_fraction or 0) > 0 else ""
    told = dollars(change.usd) if change.before_usd is None else f"{dollars(change.before_usd)} → {dollars(change.usd)}"
    day = change.begins.date().isoformat() if change.begins else "not said"
    return {
        "begins": Cell(day, None if change.begins is None else change.begins.isoformat()),
        "name": Cell(series.name, series.name),
        "provider": Cell(change.provider, change.provider),
        "usd": Cell(told, change.usd),
        "change": Cell(f"{sign}{moved}", change.change_fraction),
        "basis": Cell("declared" if change.is_declared else "first seen", change.basis),
        "source": Cell("price page" if web_link(change.source_url) else change.source_url, change.row,
                       web_link(change.source_url)),
    }  # fmt: skip


def _says(series: Sequence[Series]) -> str:
    """The largest move of each, in a sentence."""
    told = []
    for each in series:
        moves = [change for change in each.changes if change.change_fraction]
        if not moves:
            continue
        largest = max(moves, key=lambda change: abs(change.change_fraction or 0))
        fraction = largest.change_fraction or 0.0
        way = "fell" if fraction < 0 else "rose"
        day = f" on {largest.begins.date().isoformat()}" if largest.begins else ""
        told.append(f"{each.name} {way} by {percent(abs(fraction))}{day}")
    return f"{'; '.join(told)}." if told else "No price here has changed since it was first known."


def _meaning(series: Sequence[Series], *, is_model: bool) -> str:
    """What the reader may take from it."""
    now = [f"{each.name} {dollars(each.usd)}" for each in series if each.usd is not None]
    today = f"In effect: {', '.join(now)}. " if now else ""
    if is_model:
        return f"{today}A list price for prompts of any length, before caching, batches and discounts."
    return f"{today}The lowest list price that is known then, not what one would be offered everywhere."


def _fields(query: Query) -> list[FormField]:
    is_machine = "accelerator" in query.given
    told = "up to eight, with commas"
    found = [
        FormField("model", "Models sold by the token", query.text("model"), help=told, listed="token_models"),
        FormField("accelerator", "or accelerators rented", query.text("accelerator"), help=told, listed="accelerators"),
        FormField("provider", "Sellers", query.text("provider"), help="the maker, or the cheapest, unless told"),
    ]  # fmt: skip
    if is_machine:
        found.append(FormField("price_model", "Terms", query.text("price_model", "on_demand"), "select", TERMS))
    else:
        meters = ("input", "output", "cache_read", "cache_write")
        found.append(FormField("meter", "Which tokens", query.text("meter", "input"), "select", meters))
    scale = query.text("scale", "honest")
    told = "even from zero, or equal steps for equal ratios where prices lie far apart"
    return [*found, FormField("scale", "Scale", scale, "select", ("honest", "even"), told)]
