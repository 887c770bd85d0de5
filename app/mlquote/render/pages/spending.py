"""Budgets and bills as pages show them: what is spent, held and on course, and a log's cost by day, model and label."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from mlquote.kit.units import unit_of
from mlquote.render.charts.amounts import MINUS, measure, percent, price
from mlquote.render.charts.drawing import svg
from mlquote.render.charts.specs import Bars, Meter, Portion, Span
from mlquote.render.figures import shown
from mlquote.render.pages.labels import figure_label
from mlquote.render.pages.words import told
from mlquote.render.pictures.budgets import forecast, outlook

WORDS = {
    "pass": ("within", "given"),
    "warn": ("little left", "assumed"),
    "fail": ("exceeded", "bad"),
    "unknown": ("unknown", "assumed"),
}
"""Verdict -> its word and its colour."""
MOST_BARS = 62
MOST_FAULTS = 50


def budget_view(budget: Mapping[str, Any]) -> dict[str, Any]:
    """A budget's card: every limit with its meter; the worst limit's word.

    Args:    budget: as GET /v1/budgets/{name} tells it
    """
    limits = [_limit(budget, limit, f"{budget['name']}-{place}") for place, limit in enumerate(budget["standing"])]
    worst = next(
        (
            each
            for word in ("exceeded", "unknown", "little left", "may exceed")
            for each in limits
            if each["word"] == word
        ),
        None,
    )
    return {
        "name": budget["name"],
        "note": budget.get("note"),
        "labels": budget.get("labels") or {},
        "limits": limits,
        "word": worst["word"] if worst else "within",
        "colour": worst["colour"] if worst else "given",
    }


def _limit(budget: Mapping[str, Any], limit: Mapping[str, Any], name: str) -> dict[str, Any]:
    figure, used, ceiling = limit["figure"], float(limit["used"]), limit["fail_above"] or limit["warn_above"]
    word, colour = WORDS[limit["verdict"]]
    held = min(_held(budget, figure, limit["compare"]), used) if limit["per"] != "check" else 0.0
    ahead, most = forecast(budget, limit), limit["fail_above"]
    on_course = ahead is not None and most is not None and ahead.high > float(most)
    if word == "within" and on_course:
        word, colour = "may exceed", "assumed"
    return {
        "figure": figure,
        "label": figure_label(figure),
        "per": limit["per"],
        "compare": limit["compare"],
        "used": _amount(figure, limit["used"]),
        "ceiling": _amount(figure, ceiling),
        "raw": limit["used"],
        "remaining": _amount(figure, limit["remaining"]),
        "word": word,
        "colour": colour,
        "until": f"{limit['period_to']:%Y-%m-%d}" if limit["period_to"] else "",
        "forecast": "" if ahead is None else _foretold(figure, ahead),
        "exceeds": "" if ahead is None or most is None else _chance(ahead, float(most)),
        "no_forecast": str(outlook(budget, limit).get("why", "")),
        "is_per_check": limit["per"] == "check",
        "chart": None
        if ceiling is None or limit["per"] == "check"
        else Markup(
            svg(
                Meter(
                    f"{budget['name']}: {figure_label(figure)} this {limit['per']}",
                    used - held,
                    held,
                    ahead,
                    float(ceiling),
                    unit_of(figure),
                ),
                name=name,
            )
        ),
    }


def _held(budget: Mapping[str, Any], figure: str, compare: str) -> float:
    amount = budget["balance"]["held"].get(figure)
    if amount is None:
        return 0.0
    return max(float(amount[compare] if isinstance(amount, Mapping) else getattr(amount, compare)), 0.0)


def _foretold(figure: str, ahead: Span) -> str:
    """What a period's end is foretold to be: about $940, eight in ten between $820 and $1,100."""
    written = measure(unit_of(figure), ahead.central)
    return f"about {written.told(ahead.central)}, in eight of ten cases {written.between(ahead.low, ahead.high)}"


def _chance(ahead: Span, most: float) -> str:
    """Where a limit lies in what is foretold."""
    if ahead.low > most:
        return "in nine of ten cases or more above the limit"
    if ahead.central > most:
        return "more likely above the limit than not"
    return "above the limit in one of ten cases or more" if ahead.high > most else ""


def _amount(figure: str, value: Any) -> str:
    if value is None:
        return ""
    if unit_of(figure).startswith("$"):
        amount = Decimal(str(value)).quantize(Decimal("0.01"))
        return f"{MINUS if amount < 0 else ''}{price(abs(amount))}"
    figure_told = told(figure, float(value))
    return figure_told.short if figure_told else ""


def amounts(figures: Mapping[str, Any], compare: str = "central") -> str:
    """Several figures in a line: $12.40, 3 h; each at its centre."""
    words = []
    for figure, value in figures.items():
        middle = value.get(compare) if isinstance(value, Mapping) else value
        words.append(f"{figure_label(figure)} {_amount(figure, middle)}")
    return ", ".join(words)


def check_view(report: Mapping[str, Any]) -> dict[str, Any]:
    """A check's verdict, limit by limit.

    Args:    report: as POST /v1/budgets/{name}/checks tells it
    """
    word, colour = WORDS[report["verdict"]]
    limits = [
        {
            "label": figure_label(limit["figure"]),
            "per": limit["per"],
            "compare": limit["compare"],
            "used": _amount(limit["figure"], _number(limit["used"])),
            "asked": _amount(limit["figure"], _number(limit["asked"])),
            "ceiling": _amount(limit["figure"], _number(limit["fail_above"])),
            "left": _amount(limit["figure"], _number(limit["remaining_after"])),
            "word": WORDS[limit["verdict"]][0],
            "colour": WORDS[limit["verdict"]][1],
            "why": limit["why"],
        }
        for limit in report["limits"]
    ]
    return {
        "verdict": report["verdict"],
        "word": word,
        "colour": colour,
        "limits": limits,
        "warnings": report["warnings"],
    }


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def bill_view(answer: Mapping[str, Any], label: str = "") -> dict[str, Any]:
    """A log's cost by day, by model and by a label, and the lines that are in no total.

    Args:    answer: as POST /v1/usage/cost tells it, by day, model and maybe `label.NAME`
    """
    totals, whole = answer["totals"], Decimal(str(answer["priced_usd"]))
    days = _grouped(totals, "day")
    bars = [Portion(day, float(usd), price(usd)) for day, _, usd, _ in sorted(days)][-MOST_BARS:]
    chart = svg(Bars("Cost by day", bars, "$", f"{len(bars)} bars, one a day"), name="days") if len(bars) > 1 else ""
    faults = [*answer["unpriced_lines"], *answer["malformed_lines"]]
    return {
        "priced": price(whole),
        "raw": answer["priced_usd"],
        "lines": answer["lines"],
        "priced_lines": answer["priced_lines"],
        "is_complete": answer["is_complete"],
        "chart": Markup(chart),
        "days": _rows(sorted(days), whole),
        "models": _rows(_by_cost(_grouped(totals, "model")), whole),
        "labels": _rows(_by_cost(_grouped(totals, label)), whole) if label else [],
        "label": label.removeprefix("label."),
        "faults": _faults(faults),
        "missing": answer["lines"] - answer["priced_lines"] - answer.get("repeated_lines", 0),
        "warnings": answer["warnings"],
        "release": answer["catalog"]["release"],
    }


Group = tuple[str, int, Decimal, int]
"""A name, its lines, its dollars and its lines without a price."""


def _grouped(totals: Sequence[Mapping[str, Any]], by: str) -> list[Group]:
    found: dict[str, list[Any]] = {}
    for total in totals:
        group = found.setdefault(str(total.get(by) if total.get(by) is not None else "not said"), [0, Decimal(0), 0])
        group[0] += total["lines"]
        group[1] += Decimal(str(total["priced_usd"]))
        group[2] += total["unpriced_lines"]
    return [(name, *group) for name, group in found.items()]


def _by_cost(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (-group[2], group[0]))


def _rows(groups: Iterable[Group], whole: Decimal) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "lines": shown(lines),
            "usd": price(usd),
            "raw": usd,
            "unpriced": unpriced,
            "share": percent(float(usd / whole)) if whole else "",
        }
        for name, lines, usd, unpriced in groups
    ]


def _faults(faults: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lines that are in no total, by their reason: the first of them, how many more, and what to do."""
    first: dict[tuple[str, str], Mapping[str, Any]] = {}
    counted: Counter[tuple[str, str]] = Counter()
    for fault in faults:
        reason = (str(fault.get("code", "")), str(fault.get("detail", "")))
        first.setdefault(reason, fault)
        counted[reason] += 1
    return [
        {
            "line": fault.get("line"),
            "more": counted[reason] - 1,
            "code": reason[0],
            "why": reason[1],
            "hint": next((each["hint"] for each in fault.get("errors") or () if each.get("hint")), ""),
        }
        for reason, fault in list(first.items())[:MOST_FAULTS]
    ]
