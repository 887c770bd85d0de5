"""A plan as its page shows it beside the figures: what holds it back, the frontier drawn, and what else is as good."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from mlquote.render.charts.amounts import MINUS, percent, significant
from mlquote.render.charts.drawing import svg
from mlquote.render.charts.specs import Axis, Point, Points
from mlquote.render.figures import shown
from mlquote.render.pages.labels import field_label
from mlquote.render.pages.subjects import counted
from mlquote.render.pages.words import told

MOST_ROWS = 12
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlanTable:
    """A table of a plan's page: its first column names, the others are figures."""

    title: str
    note: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def plan_view(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of a plan shows that no estimate has: a figure and tables; nothing for an estimate."""
    result = answer["result"]
    if "feasible" in result:
        return {"figure": _frontier(result), "tables": [each for each in _of_training(result) if each.rows]}
    if "times_compute" in result and "laws" in result:
        return {"figure": None, "tables": [_laws(result)]}
    return {"figure": None, "tables": []}


def plan_says(result: Mapping[str, Any]) -> str:
    """What a plan comes to in a sentence; "" for an estimate."""
    if result.get("infeasible"):
        lacking = result["infeasible"]
        return f"No run is within these limits: {lacking['why']}."
    if result.get("plan"):
        plan = result["plan"]
        model = f"{counted(float(significant(plan['params'], 3).replace(',', '')))} parameters"
        tokens = f"{counted(float(significant(plan['tokens'], 3).replace(',', '')))} tokens"
        return f"A model of {model} on {tokens}, {_machines(plan)}, by the law {result['decided_by']}."
    if "laws_that_reach" in result and "times_compute" in result:
        return f"{result['laws_that_reach']} of {result['laws_asked']} laws say that compute reaches it."
    return ""


def is_spread(result: Mapping[str, Any]) -> bool:
    """Whether the headline's range is one of cases, drawn from zero; a loss is none, nor what several laws span."""
    return "laws_asked" not in result


def band_of(result: Mapping[str, Any]) -> str:
    """What the ends of a range are."""
    if "times_compute" in result:
        return "from the lowest end under any law to the highest"
    return "eight in ten, the law taken as it is" if "laws_asked" in result else "eight in ten"


def _machines(row: Row) -> str:
    seller = " at ".join(each for each in (row["price_model"].replace("_", " "), row["provider"] or "") if each)
    return f"{row['accelerator_count']:,} × {row['accelerator']} ({seller})"


def _frontier(result: Mapping[str, Any]) -> Markup | None:
    points = [point for row in result["frontier"] if (point := _point(row, result["plan"])) is not None]
    if len(points) < 2:
        return None
    says = f"{len(points)} plans that none beats in loss, dollars, days and kg of CO₂e at once; the best is named."
    title = "Loss against dollars of the plans within the limits"
    x, y = Axis("dollars", "$", "ratios"), Axis("loss, nats a token", "", "even")
    return Markup(svg(Points(title, points, x, y, says), name="plans"))  # our own, escaped


def _point(row: Row, plan: Row | None) -> Point | None:
    if not row["cost_usd"]:
        return None
    is_best = plan is not None and abs(row["loss"] - plan["losses"][0]["loss"]["central"]) < 1e-9
    says = f"{_machines(row)}: ${significant(float(row['cost_usd']), 2)}, {row['loss']:.3f} nats a token"
    return Point(float(row["cost_usd"]), row["loss"], "best" if is_best else "", says, is_front=is_best)


def _of_training(result: Mapping[str, Any]) -> Iterable[PlanTable]:
    yield PlanTable(
        "What holds it back", "a little more of what binds lowers the loss",
        ("Limit", "Given", "Used", "Left over", "Loss, with a tenth more", "Loss, with a tenth less"),
        [_limit(each) for each in result["constraints"]],
    )  # fmt: skip
    plans = {"best": result["plan"], "least regret": result["least_regret"]}
    if result["infeasible"]:
        plans["nearest"] = result["infeasible"]["nearest"]
    named = [(name, plan) for name, plan in plans.items() if plan is not None]
    yield PlanTable(
        "Under each law", "the range is that of the tokens that the money buys",
        ("Plan, law", "Loss", "Regret"),
        [(f"{name}, {law['law']}", _range("loss", law["loss"]), f"{law['regret']:.4f}")
         for name, plan in named for law in plan["losses"]],
    )  # fmt: skip
    nearest = result["ties"]["nearest"] if result["ties"] else ()
    within = f"{result['ties']['within_range']} of {result['ties']['choices']}" if result["ties"] else "none"
    yield PlanTable(
        "As good, for all that is known", f"{within} choices cannot be told from the best",
        ("On", "Parameters", "Tokens", "Loss"), [_choice(each) for each in nearest[:MOST_ROWS]],
    )  # fmt: skip
    yield PlanTable(
        "If a limit moved", "everything chosen anew", ("Limit", "On", "Loss", "Change"),
        [(_words(each["change"]), _machines(each), f"{each['loss']:.3f}", _signed(each["loss_change"]))
         for each in result["what_if"][:MOST_ROWS]],
    )  # fmt: skip
    cheapest = sorted(result["frontier"], key=lambda row: row["loss"])[:MOST_ROWS]
    yield PlanTable(
        "The frontier", f"{len(cheapest)} of {len(result['frontier'])}; all are in the JSON",
        ("On", "Loss", "Cost", "Days", "Emissions"), [_front(each) for each in cheapest],
    )  # fmt: skip


def _limit(each: Row) -> tuple[str, ...]:
    name = str(each["limit"])
    left = each["slack_fraction"]
    says = "none: it binds" if each["is_binding"] else "" if left is None else percent(left)
    more, less = (_signed(each[f"loss_change_with_{way}"]) for way in ("more", "less"))
    return field_label(name), _figure(name, each["given"]), _figure(name, each["used"]), says, more, less


def _choice(each: Row) -> tuple[str, ...]:
    return _machines(each), _count(each["params"]), _count(each["tokens"]), f"{each['loss']:.3f}"


def _front(each: Row) -> tuple[str, ...]:
    kilograms = each["emissions_kgco2e"]
    cost = "unknown" if each["cost_usd"] is None else _figure("cost_usd", float(significant_of(each["cost_usd"])))
    days = f"{each['wall_clock_days']:.3g}"
    return _machines(each), f"{each['loss']:.3f}", cost, days, _figure("emissions_kgco2e", kilograms)


def significant_of(value: Any) -> float:
    """A figure of a plan at three digits: more of them say nothing."""
    return float(f"{float(value):.3g}")


def _laws(result: Mapping[str, Any]) -> PlanTable:
    rows = []
    for each in result["laws"]:
        step, run = each["step"], each["run_to"]
        if step is None or run is None:
            rows.append((each["law"], f"{each['loss_floor']:.3f}", each["no_answer"] or "no answer", "", "", ""))
            continue
        cost = _range("cost_usd", step["cost_usd"])
        model = f"{_count(run['params'])} on {_count(run['tokens'])}"
        beyond = ", ".join(field_label(name).lower() for name in each["beyond_fit"])
        rows.append((each["law"], f"{each['loss_floor']:.3f}", model, f"{step['times_compute']:.3g} ×", cost, beyond))
    heads = ("Law", "Floor", "Parameters on tokens", "Compute", "On top", "Beyond what it was fitted on")
    return PlanTable("Under each law", "each run split best, priced by the training estimate", heads, rows)


def _words(change: str) -> str:
    name, _, value = change.partition("=")
    return f"{field_label(name)} {_figure(name, float(value))}" if value.replace(".", "").isdigit() else change


def _signed(value: float | None) -> str:
    return "" if value is None else f"{'+' if value > 0 else MINUS if value < 0 else ''}{abs(value):.4f}"


def _count(value: float) -> str:
    return counted(significant_of(value))


def _range(name: str, value: Any) -> str:
    figure = told(name, value)
    if figure is None:
        return "unknown"
    if name == "loss" and figure.span is not None:
        return f"{figure.span.central:.3f} ({figure.span.low:.3f} to {figure.span.high:.3f})"
    return f"{figure.short} ({figure.ends})" if figure.span else figure.short


def _figure(name: str, value: Any) -> str:
    if value is None:
        return "unknown"
    figure = told(name, value if isinstance(value, Mapping) else significant_of(value))
    return figure.short if figure else shown(value)
