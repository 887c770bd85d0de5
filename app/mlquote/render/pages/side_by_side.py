"""Quotes side by side: which is cheapest and whether that is sure, a figure a card on one axis, and what differs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from mlquote.render.charts.drawing import svg
from mlquote.render.charts.specs import Bands, Quoted
from mlquote.render.pages.answers import figure_of, head_name
from mlquote.render.pages.labels import NOTES, field_label, figure_label
from mlquote.render.pages.words import Told, figure_unit

COMPARED: Mapping[str, tuple[str, ...]] = {
    "training": ("wall_clock_hours", "energy_kwh", "emissions_kgco2e.total"),
    "inference": ("cost_per_request_usd", "usd_per_mtok.input", "usd_per_mtok.output"),
    "serving": ("usd_per_hour", "output_tokens_per_s", "ttft_ms", "kgco2e_per_mtok"),
}
"""Kind -> the figures beside the headline that are drawn."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One quote of a comparison."""

    kind: str
    given: Mapping[str, str]
    answer: Mapping[str, Any] | None
    """None where it was refused."""
    refused: str = ""


def comparison_view(quotes: Sequence[Candidate]) -> dict[str, Any]:
    """All that the template of a comparison uses."""
    labels = labels_of(quotes)
    kinds = {quote.kind for quote in quotes}
    heads = [_head(quote) for quote in quotes]
    names = [_common(heads)]
    if len(kinds) == 1:
        names += COMPARED.get(next(iter(kinds)), ())
    return {
        "labels": labels,
        "says": _says(labels, heads),
        "cards": [_card(place, name, quotes, labels) for place, name in enumerate(filter(None, names))],
        "differing": list(_differing(quotes)),
        "equal": sum(1 for _ in _fields(quotes)) - sum(1 for _ in _differing(quotes)),
    }


def labels_of(quotes: Sequence[Candidate]) -> list[str]:
    """What tells each quote from the others, in its own words; a number where nothing does."""
    told = [[values[place] for _, values in _differing(quotes)] for place in range(len(quotes))]
    labels = [", ".join(word for word in words if word) or f"quote {place + 1}" for place, words in enumerate(told)]
    return [label if labels.count(label) == 1 else f"{label} ({place + 1})" for place, label in enumerate(labels)]


def _fields(quotes: Sequence[Candidate]) -> Iterator[str]:
    yield from dict.fromkeys(name for quote in quotes for name in quote.given)


def _differing(quotes: Sequence[Candidate]) -> Iterator[tuple[str, list[str]]]:
    """The fields in which the quotes differ, with each one's value."""
    if len({quote.kind for quote in quotes}) > 1:
        yield "kind", [quote.kind for quote in quotes]
    for name in _fields(quotes):
        values = [quote.given.get(name, "") for quote in quotes]
        if len(set(values)) > 1:
            yield name, values


def _head(quote: Candidate) -> Told | None:
    if quote.answer is None:
        return None
    return figure_of(quote.answer["result"], head_name(quote.answer["result"]))


def _common(heads: Sequence[Told | None]) -> str:
    """The headline that the quotes share; quotes of different units share none."""
    names = [head.name for head in heads if head is not None]
    units = {figure_unit(name) for name in names}
    return names[0] if len(units) == 1 else ""


def _says(labels: Sequence[str], heads: Sequence[Told | None]) -> Markup:
    known = sorted(
        ((float(head.value), place) for place, head in enumerate(heads) if head is not None), key=lambda pair: pair[0]
    )
    if len(known) < 2 or not _common(heads):
        return Markup("Two quotes with the same kind of figure are needed to say which costs less.")
    first, second = (heads[place] for _, place in known[:2])
    assert first is not None and second is not None
    others = " and ".join(head.long for _, place in known[1:] if (head := heads[place]) is not None)
    if known[0][0] == known[1][0]:
        return Markup("<b>{} and {} cost the same</b>: {}.").format(
            labels[known[0][1]], labels[known[1][1]], first.long
        )
    return Markup("<b>{} is cheapest</b>{}: {} against {}. {}").format(
        labels[known[0][1]], " at the centre" if first.span else "", first.long, others, _overlap(first, second)
    )


def _overlap(first: Told, second: Told) -> str:
    if first.span is None or second.span is None:
        return "The figures are exact." if first.span is second.span else ""
    if first.span.high >= second.span.low:
        return "The bands overlap, so the dearer one may still turn out cheaper."
    return "The bands do not overlap."


def _card(place: int, name: str, quotes: Sequence[Candidate], labels: Sequence[str]) -> dict[str, Any]:
    rows = []
    for quote, label in zip(quotes, labels, strict=True):
        own = name if place or quote.answer is None else head_name(quote.answer["result"])
        figure = figure_of(quote.answer["result"], own) if quote.answer is not None else None
        exact = None if figure is None or figure.span is not None else float(figure.value)
        rows.append((Quoted(label, figure.span if figure else None, exact), figure))
    title = figure_label(name)
    drawn = svg(Bands(title, [row for row, _ in rows], figure_unit(name)), name=f"card{place}")
    values = [(row.label, figure) for row, figure in rows]
    return {"title": title, "note": NOTES.get(name, ""), "name": name, "chart": Markup(drawn), "values": values}


def field_rows(differing: Sequence[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """The differing fields by the names that people read."""
    return [("Kind" if name == "kind" else field_label(name), values) for name, values in differing]
