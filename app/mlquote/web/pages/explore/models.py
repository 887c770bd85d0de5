"""/explore/models: every model that is sold by the token, by price against its date or its context."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from mlquote.estimators.comparing.model_prices import ModelPrice, ModelPrices, model_prices
from mlquote.kit.provenance import Answer
from mlquote.render.charts.specs import Axis, Point, Points
from mlquote.web.pages.asked import FormField, Query, Slider
from mlquote.web.pages.explore.telling import Cell, Column, Source, Vantage, dollars, ordered, seen

SOURCE = Source("/v1/explore/models", ModelPrices, model_prices)
COLUMNS = (
    Column("Model", "model"),
    Column("Seller", "provider"),
    Column("Input, $/Mtok", "input", is_number=True),
    Column("Output, $/Mtok", "output", is_number=True),
    Column("Blended, $/Mtok", "blended", is_number=True),
    Column("Context, tokens", "context", is_number=True),
    Column("Dated", "dated"),
    Column("Frontier", "front"),
)


def models_view(query: Query, asked: Vantage) -> dict[str, Any]:
    """What the page tells of a query."""
    return seen(SOURCE, query, asked, _shown, _fields(query))


def _shown(query: Query, answer: Answer) -> dict[str, Any]:
    prices: Sequence[ModelPrice] = answer.result.rows
    is_dated = answer.result.against == "date"
    points = [point for price in prices if (point := _point(price, is_dated=is_dated)) is not None]
    x = Axis("", "", "dates") if is_dated else Axis("context, tokens", "tokens", "ratios")
    y = Axis("$ per million tokens, blended", "$/Mtok", "ratios")
    title = f"Dollars for a million tokens over {'the date' if is_dated else 'the context'} of {len(points)} models"
    says = _says(prices, is_dated=is_dated)
    rows = [_row(price) for price in prices]
    return {
        "panel": Points(title, points, x, y, says) if points else None,
        "title_words": title,
        "says": says,
        "meaning": _meaning(answer, len(prices) - len(points), is_dated=is_dated),
        "columns": COLUMNS,
        "rows": ordered(rows, query.text("sort"), COLUMNS),
    }  # fmt: skip


def _point(price: ModelPrice, *, is_dated: bool) -> Point | None:
    y = float(price.blended_usd_per_mtok)
    if y <= 0:
        return None
    if is_dated:
        if price.dated_on is None:
            return None
        x = datetime.combine(price.dated_on, time(), UTC).timestamp()
    elif price.context_tokens is None:
        return None
    else:
        x = float(price.context_tokens)
    return Point(x, y, price.model if price.on_front else "", "", is_front=bool(price.on_front))


def _row(price: ModelPrice) -> dict[str, Cell]:
    context = "not known" if price.context_tokens is None else f"{price.context_tokens:,}"
    day = "not known" if price.dated_on is None else f"{price.dated_on.isoformat()}, {price.date_basis}"
    return {
        "model": Cell(price.model, price.model),
        "provider": Cell(price.provider, price.provider),
        "input": Cell(dollars(price.input_usd_per_mtok), price.input_usd_per_mtok),
        "output": Cell(dollars(price.output_usd_per_mtok), price.output_usd_per_mtok),
        "blended": Cell(dollars(price.blended_usd_per_mtok), price.blended_usd_per_mtok),
        "context": Cell(context, price.context_tokens),
        "dated": Cell(day, None if price.dated_on is None else price.dated_on.isoformat()),
        "front": Cell("on it" if price.on_front else "", 0 if price.on_front else 1),
    }


def _says(prices: Sequence[ModelPrice], *, is_dated: bool) -> str:
    front = [price for price in prices if price.on_front]
    if not front:
        return "No model here has both figures."
    words = "was the cheapest of its day" if is_dated else "reads most for its price"
    told = [f"{each.model} at {dollars(each.blended_usd_per_mtok)}" for each in front[:3]]
    count = f"{len(front)} of {len(prices)} models are on the frontier"
    return f"{count}; the cheapest of those that {words}: {', '.join(told)}."


def _meaning(answer: Answer, left_out: int, *, is_dated: bool) -> str:
    share = answer.question["output_share"]
    told = f"Blended is {1 - share:.0%} input and {share:.0%} output at list price; a cheaper model may answer worse."
    missing = "no date" if is_dated else "a context that nobody here knows"
    return f"{told} {left_out} are not drawn: {missing}, or free." if left_out else told


def _fields(query: Query) -> list[FormField]:
    return [
        FormField("q", "Name contains", query.text("q")),
        FormField("provider", "Sellers", query.text("provider"), help="every maker of its own models unless told"),
        FormField("against", "Held against", query.text("against", "date"), "select", ("date", "context")),
        FormField("output_share", "Output among all tokens", query.text("output_share", "0.25"), "number",
                  slider=Slider(0, 1, 0.05)),
        FormField("since", "Dated since", query.text("since"), help="2026, 2026-06 or 2026-06-30"),
        FormField("min_context_tokens", "Reads at least", query.text("min_context_tokens"), help="tokens: 128k"),
    ]  # fmt: skip
