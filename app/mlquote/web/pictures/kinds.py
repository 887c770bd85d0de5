"""Every kind of chart: where its question is asked, how its answer is drawn, and an example."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from mlquote.kit.errors import Malformed, UnknownName, nearest
from mlquote.losses.fields import ASKED as OPERATIONS
from mlquote.render.charts.specs import Picture
from mlquote.render.pictures import budgets, estimates, explored, objectives
from mlquote.web.deps import now
from mlquote.web.pictures.asking import Heard, asked_get, asked_post, nested

Parameters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, and how long the answer it shows may be kept."""

    picture: Picture
    kept: str = ""


Draw = Callable[[Request, Parameters], Awaitable[Drawn]]


@dataclass(frozen=True, slots=True)
class Chart:
    """One kind of chart."""

    kind: str
    summary: str
    asked_at: str
    """The address of its question, whose fields are its parameters."""
    draw: Draw
    example: Parameters = field(default_factory=dict)


def _estimate(path: str, picture: Callable[[Mapping[str, Any]], Picture]) -> Draw:
    """A question that is asked over GET, and answered by an envelope."""

    async def draw(request: Request, parameters: Parameters) -> Drawn:
        found = await asked_get(request, path, parameters)
        return Drawn(picture(found.answer()), found.headers.get("cache-control", ""))

    return draw


async def _loss(request: Request, parameters: Parameters) -> Drawn:
    found = await asked_post(request, SLICE, nested(parameters))
    return Drawn(objectives.loss(found.answer()))


SLICE, SURFACE, DESCENT, THRESHOLD = (
    f"/v1/losses/{name}" for name in ("slice", "surface", "descent", "decision-threshold")
)
_REACH, _STEPS, _WAYS = 3.0, 41, 4


async def _surface(request: Request, parameters: Parameters) -> Drawn:
    """The surface; with `learning_rate` a descent walks over it, one for each of the optimizers."""
    walks = {field.name for field in OPERATIONS[DESCENT].fields} - {field.name for field in OPERATIONS[SURFACE].fields}
    question = nested({name: text for name, text in parameters.items() if name not in walks and name != "reach"})
    question.setdefault("grid", _grid(parameters.get("reach")))
    answer = (await asked_post(request, SURFACE, question)).answer()
    walked = nested({name: text for name, text in parameters.items() if name in walks})
    ways = await _walks(request, question, walked, answer) if walked else []
    return Drawn(objectives.surface(answer, ways))


def _grid(reach: str | None) -> list[list[float]]:
    """Even steps so far each way along both directions."""
    try:
        far = _REACH if reach is None else float(reach)
    except ValueError:
        far = 0.0
    if not 0 < far < 1e6:
        raise Malformed(
            f"reach is no length: {str(reach)[:40]!r}", pointer="/reach", hint="a number above 0, such as 3"
        )
    return [[far * (2 * n / (_STEPS - 1) - 1) for n in range(_STEPS)]] * 2


async def _walks(
    request: Request, question: Mapping[str, Any], walked: Mapping[str, Any], answer: Mapping[str, Any]
) -> list[tuple[str, list[list[float]]]]:
    """Descents from `theta0`, told in steps along the directions of the surface."""
    shared = {field.name for field in OPERATIONS[DESCENT].fields}
    model = {name: value for name, value in question.items() if name in shared}
    named = walked.get("optimizer", "gd")
    ways = []
    for optimizer in (named if isinstance(named, list) else [named])[:_WAYS]:
        asked = {"steps": 50, **model, **walked, "optimizer": optimizer}
        told = (await asked_post(request, DESCENT, asked)).answer()
        ways.append((str(optimizer), objectives.along(told["thetas"], question["theta"], answer["directions"])))
    return ways


async def _threshold(request: Request, parameters: Parameters) -> Drawn:
    asked = {"op": "empirical", **nested(parameters)}
    found: Heard = await asked_post(request, THRESHOLD, asked)
    return Drawn(objectives.threshold(found.answer()))


def _front(kind: str, figures: str) -> Draw:
    """A comparison by two figures, `pareto`, which stand as said unless others are asked."""

    async def draw(request: Request, parameters: Parameters) -> Drawn:
        asked = {"kind": kind, "pareto": figures, **parameters}
        found = await asked_get(request, "/v1/comparisons", asked)
        return Drawn(explored.front(found.answer(), asked["pareto"].split(",")), found.headers.get("cache-control", ""))

    return draw


QUANTITIES = ("accelerator_hours", "energy_kwh", "emissions_kgco2e", "cost_usd", "cost_usd_amortised")
GIVEN = ("forward", "hours")


async def _scoreboard(request: Request, parameters: Parameters) -> Drawn:
    """Published runs by one `quantity`, asked `forward` or from their disclosed `hours`."""
    asked = dict(parameters)
    quantity = _one_of(asked.pop("quantity", QUANTITIES[0]), QUANTITIES, "quantity")
    given = _one_of(asked.pop("given", GIVEN[0]), GIVEN, "given")
    answer = (await asked_get(request, "/v1/catalog/training_scores", {"limit": "1000", **asked})).answer()
    rows = [row for row in answer["rows"] if (row["quantity"], row["given"]) == (quantity, given)]
    told = {"catalog": {"release": answer["release"], "as_of": now(request)}}
    return Drawn(explored.scoreboard(rows, quantity, told))


def _one_of(word: str, known: tuple[str, ...], field: str) -> str:
    found = word.strip().casefold()
    if found not in known:
        hint = nearest(found[:40], known) or f"one of {', '.join(known)}"
        raise Malformed(f"no {field} named {word[:40]!r}", pointer=f"/{field}", hint=hint)
    return found


async def _budget(request: Request, parameters: Parameters) -> Drawn:
    rest = dict(parameters)
    name = rest.pop("name", "")
    if not name or "/" in name:
        raise Malformed("which budget?", pointer="/name", hint="name=the budget's name")
    found = await asked_get(request, f"/v1/budgets/{name}", rest)
    return Drawn(budgets.budget(found.answer()))


_POINTS = {"X": "[[1,0],[0,2],[1,1]]", "y": "[1,2,3]"}
_ALL = (
    Chart(
        "training", "A training run's cost as ten dots; hours, energy and emissions", "/v1/estimates/training",
        _estimate("/v1/estimates/training", estimates.training),
        {"model": "llama-3.1-8b", "tokens": "15e12", "accelerator": "h100-sxm", "accelerator_count": "1024"},
    ),
    Chart(
        "inference", "What an API bill is made of, to the cent", "/v1/estimates/inference",
        _estimate("/v1/estimates/inference", estimates.inference),
        {"provider": "anthropic", "model": "claude-opus-4-7", "input_tokens": "1000000", "output_tokens": "200000"},
    ),
    Chart(
        "serving", "What hosting costs as ten dots; speed and latency", "/v1/estimates/serving",
        _estimate("/v1/estimates/serving", estimates.serving),
        {"model": "llama-3.1-8b", "accelerator": "h100-sxm", "accelerator_count": "1", "concurrency": "16"},
    ),
    Chart(
        "comparison", "Every choice on one axis", "/v1/comparisons",
        _estimate("/v1/comparisons", estimates.comparison),
        {"kind": "training", "params": "8e9", "tokens": "15e12", "accelerator": "h100,b200,a100-80gb"},
    ),
    Chart(
        "price-history", "Prices of models or machines over time, a step a change",
        "/v1/explore/prices", _estimate("/v1/explore/prices", explored.prices),
        {"model": "gpt-4o,o3,deepseek-chat,gpt-3.5-turbo"},
    ),
    Chart(
        "models", "Models by dollars per million tokens against their day or context", "/v1/explore/models",
        _estimate("/v1/explore/models", explored.models), {"provider": "openai,anthropic,deepseek,mistral"},
    ),
    Chart(
        "frontier", "Loss against dollars of runs, those that none beats in both named", "/v1/comparisons",
        _front("training", "cost_usd,predicted_loss"),
        {"params": "1e9,3e9,8e9,20e9", "tokens": "1e11,3e11,1e12", "accelerator": "h100"},
    ),
    Chart(
        "latency", "Dollars against latency of ways to host a model", "/v1/comparisons",
        _front("serving", "tpot_ms,usd_per_mtok.blended"),
        {"model": "llama-3.1-8b", "accelerator": "h100,l40s", "concurrency": "1,4,16,64"},
    ),
    Chart(
        "break-even", "From how many requests a day hosting pays", "/v1/estimates/serving",
        _estimate("/v1/estimates/serving", explored.break_even),
        {"model": "llama-3.3-70b", "accelerator": "h100-sxm", "accelerator_count": "8", "concurrency": "64",
         "against_provider": "openai", "against_model": "gpt-4o"},
    ),
    Chart(
        "scoreboard", "Our estimates against published runs", "/v1/catalog/training_scores", _scoreboard,
        {"quantity": "accelerator_hours"},
    ),
    Chart(
        "loss", "A loss along one prediction: value, slope and curvature", SLICE, _loss,
        {"loss": "huber", "params.delta": "1", "from": "-4", "to": "4", "at": "1.5"},
    ),
    Chart(
        "surface", "J from above: levels, flat places; descents with `learning_rate`, `theta0`", SURFACE, _surface,
        {"model": "ridge", **_POINTS, "lambda": "0.5", "convention": "sum", "theta": "[1,1]",
         "directions": "[[1,0],[0,1]]", "theta0": "[3,-1.5]", "learning_rate": "0.05", "optimizer": "gd,adam"},
    ),
    Chart(
        "threshold", "What decisions cost by where they are cut", THRESHOLD, _threshold,
        {"costs": '{"tp":0,"tn":0,"fp":1,"fn":4}', "probabilities": "[0.1,0.3,0.4,0.6,0.8,0.9]",
         "labels": "[0,0,1,0,1,1]"},
    ),
    Chart("budget", "A budget's limits: spent, held and forecast", "/v1/budgets/{name}", _budget, {"name": "search"}),
)  # fmt: skip
CHARTS: Mapping[str, Chart] = {chart.kind: chart for chart in _ALL}


def chart(kind: str) -> Chart:
    """The chart of a kind.

    Raises: UnknownName naming the nearest one
    """
    found = CHARTS.get(kind.casefold())
    if found is None:
        hint = nearest(kind[:80], CHARTS) or f"one of {', '.join(CHARTS)}"
        raise UnknownName(f"no chart named {kind[:80]!r}", pointer="/kind", hint=hint, code="unknown-chart")
    return found
