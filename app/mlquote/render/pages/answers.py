"""An answer as a page shows it: the headline with its range, what else it says, its doubts, warnings and sources.

Everything here reads the envelope alone, so that a new figure or a new warning is shown without a word changed here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from mlquote.render.brief import headlines
from mlquote.render.charts.amounts import percent, price
from mlquote.render.charts.drawing import svg
from mlquote.render.charts.specs import Dots
from mlquote.render.figures import RANGE, shown
from mlquote.render.pages.labels import NOTES, field_label, figure_label
from mlquote.render.pages.plans import band_of, is_spread, plan_says, plan_view
from mlquote.render.pages.strips import shares, strip
from mlquote.render.pages.subjects import subject
from mlquote.render.pages.words import Told, told

Pin = Callable[[str, str], str]
"""A field and a value for it -> the address of the same question with it."""
HEADS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("feasible", ("plan.losses.0.loss",)),
    ("times_compute", ("cost_usd",)),
    ("usd_per_worker_hour", ("cost_usd",)),
    ("output_tokens_per_s", ("usd_per_mtok.output",)),
    ("context_tier", ("cost_range_usd", "cost_usd")),
    ("accelerator_hours", ("cost_usd",)),
)
"""A field that tells the kind of a result -> its headline, the first of them that is known."""
ALSO: Sequence[tuple[str, tuple[str, ...]]] = (
    ("feasible", (
        "cost_usd", "plan.wall_clock_hours", "accelerator_hours", "energy_kwh", "emissions_kgco2e", "training_flop",
        "plan.params", "plan.tokens", "plan.mfu", "plan.memory_bytes_per_accelerator",
    )),
    ("times_compute", ("times_compute", "accelerator_hours", "energy_kwh", "emissions_kgco2e", "training_flop")),
    ("usd_per_worker_hour", ("usd_per_item", "usd_per_worker_hour", "worker_hours", "labels", "verdict_accuracy")),
    ("output_tokens_per_s", (
        "usd_per_hour", "usd_per_day", "usd_per_mtok.input", "usd_per_mtok.blended", "output_tokens_per_s", "ttft_ms",
        "tpot_ms", "max_concurrency", "power_w", "kgco2e_per_mtok", "replicas_needed",
    )),
    ("context_tier", (
        "cost_per_request_usd", "cost_per_day_usd", "cost_per_month_usd", "usd_per_mtok.input", "usd_per_mtok.output",
        "usd_per_mtok.blended", "list_cost_usd", "savings_usd",
    )),
    ("accelerator_hours", (
        "wall_clock_hours", "accelerator_hours", "energy_kwh", "emissions_kgco2e.total", "water_l", "training_flop",
        "memory.bytes", "predicted_loss",
    )),
)  # fmt: skip
MEASURED = {
    "residual.throughput": "output_tokens_per_s",
    "residual.power": "power_w",
    "residual.joules": "power_w",
}
"""A doubt that no field names -> the field that, measured, settles it."""
STILL_OPEN = {"mfu": ("goodput_fraction", "1")}
"""A doubt that stays where its field is given -> the field that settles the rest, with a value that moves no figure."""
_REST = {"goodput_fraction": "a given mfu is a good step's or the whole run's; 1 says that it is the whole run's"}
"""Why such a doubt stays."""
LEAST_SHARE = 0.01
"""Doubts of less than this share of the variance are counted, not listed."""


def head_name(result: Mapping[str, Any]) -> str:
    """The path of the figure that answers; "" where none is known."""
    for name in _of_kind(HEADS, result):
        if figure_of(result, name) is not None:
            return name
    if _of_kind(HEADS, result):
        return ""
    return next((figure.name for figure in headlines(result)), "")


def figure_of(result: Mapping[str, Any], name: str) -> Told | None:
    """The figure at a path of a result."""
    value: Any = result
    for part in name.split(".") if name else ():
        value = value.get(part) if isinstance(value, Mapping) else _item(value, part)
    return told(name, value) if name else None


def _item(value: Any, part: str) -> Any:
    is_place = isinstance(value, list | tuple) and part.isdigit() and int(part) < len(value)
    return value[int(part)] if is_place else None


def answer_view(answer: Mapping[str, Any], pin: Pin) -> dict[str, Any]:
    """All that the template of an answer uses.

    Args:    answer: an envelope, of plain values
             pin: the address of the same question with a field pinned
    """
    result, question = answer["result"], answer["question"]
    name = head_name(result)
    head = figure_of(result, name)
    doubts = list(_doubts(answer, name, pin))
    return {
        "title": subject(question),
        "head": head,
        "unit_note": figure_label(name) if name else "",
        "says": _says(answer, head),
        "chart": Markup(svg(_dots(head), name="head")) if head and head.span and is_spread(result) else None,
        "band": band_of(result),
        "also": [
            _also(figure_of(result, each), each, band_of(result))
            for each in _of_kind(ALSO, result)
            if _is_told(result, each)
        ],
        "lines": [_line(each) for each in result.get("cost_lines") or ()],
        "tier": result.get("context_tier"),
        "doubts": doubts,
        "shares": Markup(shares([(each["label"], each["share"], each["percent"]) for each in doubts]))
        if doubts
        else None,
        "plan": plan_view(answer),
        "warnings": answer["warnings"],
        "assumptions": [_assumption(each) for each in answer["assumptions"]],
        "rows": answer["rows"],
        "catalog": answer["catalog"],
    }


def in_short(answer: Mapping[str, Any]) -> str:
    """The headline of an answer: $1.8 million ($0.88 to $3.6 million); "no figure" where none is known."""
    head = figure_of(answer["result"], head_name(answer["result"]))
    if head is None:
        return "no figure"
    return f"{head.long} ({head.sentence})" if head.span else head.long


def _of_kind(table: Sequence[tuple[str, tuple[str, ...]]], result: Mapping[str, Any]) -> tuple[str, ...]:
    return next((names for field, names in table if field in result), ())


def _is_told(result: Mapping[str, Any], name: str) -> bool:
    """Whether the result has such a figure, known or stated as unknown."""
    head, _, tail = name.rpartition(".")
    place = result.get(head) if head else result
    return isinstance(place, Mapping) and tail in place and (place[tail] is not None or name in _SAID_UNKNOWN)


_SAID_UNKNOWN = frozenset({"cost_usd", "wall_clock_hours", "energy_kwh", "emissions_kgco2e.total", "ttft_ms"})
"""Figures whose absence is told: people look for them."""


def _says(answer: Mapping[str, Any], head: Told | None) -> Markup:
    """The headline's second line."""
    if said := plan_says(answer["result"]):
        around = "" if head is None or head.span is None else f" {band_of(answer['result'])}: {head.sentence}."
        return Markup("{}{}").format(said, around[:2].upper() + around[2:])
    if head is None:
        why = next(
            (w["detail"] for w in answer["warnings"] if "price" in w["code"]), "a figure that it needs is unknown"
        )
        return Markup("{}. The rest of the answer stands.").format(why[:1].upper() + why[1:])
    if head.span is None and "context_tier" not in answer["result"]:
        return Markup("Without a band: what it rests on is given, or priced by the unit.")
    if head.span is None:
        return Markup("Exact: list prices in effect at {}, to the last digit.").format(
            shown(answer["catalog"]["as_of"])[:10]
        )
    is_run = head.name == "cost_usd" and "training_flop" in answer["result"]
    around = "such runs cost" if is_run else "like it cost"
    return Markup("Eight in ten {} <b>{}</b>{}").format(around, head.sentence, _around(answer))


def _around(answer: Mapping[str, Any]) -> str:
    basis = answer["result"].get("cost_basis")
    if basis is None:
        return "."
    kind = "in rented hours" if basis == "rental" else "as an owner's capital and electricity"
    return f" {kind}. Staff is not in it; storage and failed attempts are where you say so."


def _dots(head: Told) -> Dots:
    assert head.span is not None
    title = f"{figure_label(head.name)}: {head.short}, eight in ten {head.ends}"
    desc = (
        f"Ten dots, each one case in ten. Eight lie in the band from {head.sentence}; one is below it, one above it. "
        f"The line is the median, {head.short}."
    )
    return Dots(title, head.span, head.unit, desc)


def _also(figure: Told | None, name: str, band: str) -> dict[str, Any]:
    label = figure_label(name)
    if figure is None:
        return {"name": name, "label": label, "note": NOTES.get(name, ""), "figure": None, "strip": None}
    said = f"{label}: {figure.short}, {band} {figure.ends}"
    drawn = Markup(strip(figure.span, said)) if figure.span is not None else None
    return {"name": name, "label": label, "note": NOTES.get(name, ""), "figure": figure, "strip": drawn}


def _doubts(answer: Mapping[str, Any], name: str, pin: Pin) -> Iterator[dict[str, Any]]:
    """What the headline's spread comes from, the largest first, and how each can be pinned."""
    shares = (answer["result"].get("variance_shares") or {}).get(name) or {}
    by_name = {each["name"]: each for each in answer["assumptions"]}
    listed = sorted(((float(share), each) for each, share in shares.items()), reverse=True)
    for place, (share, each) in enumerate(pair for pair in listed if pair[0] >= LEAST_SHARE):
        known = by_name.get(each, {})
        field, value = _pinned(answer, each, known)
        yield {
            "label": field_label(each), "share": share, "percent": percent(share), "swatch": min(place + 1, 5) % 5,
            "range": _ends(known), "why": _REST.get(field) or known.get("why", ""), "field": field, "value": value,
            "address": pin(field, value) if field else "",
        }  # fmt: skip


def _pinned(answer: Mapping[str, Any], name: str, known: Mapping[str, Any]) -> tuple[str, str]:
    """The field that settles a doubt, and the value that it has now; "" where none does."""
    field = MEASURED.get(name, name)
    if known.get("basis") == "given":
        return STILL_OPEN.get(name, ("", ""))
    if field not in answer["question"] or (field == "training_flop" and answer["question"].get("tokens")):
        return "", ""
    value = known.get("value")
    if field != name:
        found = figure_of(answer["result"], field)
        value = None if found is None else found.value
    return (field, f"{float(value):.4g}") if value is not None else ("", "")


def _ends(known: Mapping[str, Any]) -> str:
    if known.get("low") is None:
        return ""
    low, middle, high = (f"{float(known[end]):.3g}" for end in ("low", "value", "high"))
    return f"{low} – {middle} – {high} {known.get('unit', '')}".strip()


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the bill; a bill of tokens names a meter, any other an item."""
    dollars = {"price": line.get("usd_per_unit"), "usd": line.get("usd")}
    told_usd = {name: "unknown" if value is None else price(value) for name, value in dollars.items()}
    return {
        "what": line.get("meter") or line.get("item") or "",
        "quantity": shown(line.get("quantity")),
        "unit": line.get("unit") or "",
        "value": dollars["usd"],
        **told_usd,
    }


def _assumption(each: Mapping[str, Any]) -> dict[str, Any]:
    value = each["value"]
    if isinstance(value, Mapping) and set(value) == set(RANGE):
        value = value["central"]
    source = str(each.get("source_url") or "")
    return {
        "name": each["name"], "label": field_label(each["name"]), "value": shown(value), "unit": each.get("unit", ""),
        "basis": each["basis"], "why": each.get("why", ""), "range": _ends(each),
        "source": source, "is_link": source.startswith("http"),
    }  # fmt: skip
