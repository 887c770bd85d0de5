"""What is found for a serving question: every look-up, each a Finding that says where it comes from."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, Finding, unknown, warned
from mlquote.estimators.machines.footprint import embodied_of
from mlquote.estimators.machines.parts import accelerator_of, sole_provider
from mlquote.estimators.machines.place import Place, place_of
from mlquote.estimators.machines.power import rated_of
from mlquote.estimators.machines.site import Site, site_of
from mlquote.estimators.models.architecture import Description
from mlquote.estimators.models.resolved import Resolved, resolved_of
from mlquote.estimators.serving.api_price import ApiPrice, Request, api_price_of
from mlquote.estimators.serving.constants import Constants, Setting, constants_of, line_of
from mlquote.estimators.serving.data_sheet import DataSheet, data_sheet_of
from mlquote.estimators.serving.engine_age import age_of
from mlquote.estimators.serving.engine_memory import EngineMemory, engine_memory_of
from mlquote.estimators.serving.engines import ServingEngine, engine_found
from mlquote.estimators.serving.hour_price import HourPrice, Lessor, hour_price_of, other_prices_of
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.tokens.rate_cards import NamedCard
from mlquote.formulas.serving.load import BYTES_PER_WEIGHT
from mlquote.kit.errors import Malformed, UnknownName
from mlquote.kit.provenance import Assumption

NOT_NEEDED: Finding[None] = Finding(None)
"""A fact that this question does not rest on."""
SIXTEEN_BIT_CACHE = Finding(
    "bf16", (Assumption("kv_dtype", "bf16", why="engines keep caches in 16 bits unless told otherwise"),)
)
_CHAT = "not given: a chat turn of middling length"
DEFAULTS = {
    "input_tokens": ("input_tokens", "tokens", _CHAT),
    "output_tokens": ("output_tokens", "tokens", _CHAT),
    "acceptance_fraction": ("acceptance_fraction", "", "draft models of published systems have 0.6 to 0.8 accepted"),
    "draft_cost_fraction": (
        "draft_cost_fraction", "", "one extra layer (multi-token prediction) of some tens",
    ),
    "tpot_ms": (
        "max_tpot_ms", "ms",
        "neither concurrency nor targets are given: the machine is filled within MLPerf's server limit",
    ),
}  # fmt: skip
"""A default of the catalogue -> the field that it stands in for, its unit, and why it is taken."""
LENGTHS = ("input_tokens", "output_tokens")
DENSE_FROM = 0.8
"""From this share of active parameters on, a model without experts is dense: some counts leave tables out."""
MOST_ROUTED = 0.75
"""Experts hold no more than this share of the active parameters: attention and tables are active too."""
_SHOWN = 80
"""Letters of an unknown model's name that are repeated."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """How well drafts do: the chance that a drafted token is accepted, and the time of drafting one over a step's."""

    acceptance_fraction: float
    cost_fraction: float


@dataclass(frozen=True, slots=True)
class Sparsity:
    """Experts of a mixture, and how many of them a token uses."""

    experts: float
    experts_per_token: float


@dataclass(frozen=True, slots=True)
class Targets:
    """Latencies in ms that hold the batch down; None where nobody wants one."""

    ttft_ms: float | None
    tpot_ms: float | None
    tail_factor: float
    """How many times as much as the mean crowding slows the slowest hundredth of the requests."""


@dataclass(frozen=True, slots=True)
class ServingFacts:
    """All that serving rests on beside its question, in the order in which it is looked up."""

    model: Finding[Resolved]
    sparsity: Finding[Sparsity | None]
    """Experts that stand in where a part of the parameters is active and nobody counts experts; else None."""
    weight_dtype: Finding[str]
    kv_dtype: Finding[str]
    accelerator: Finding[Accelerator]
    memory: Finding[EngineMemory | None]
    """What the engine lets weights and caches take of an accelerator."""
    sheet: Finding[DataSheet]
    input_tokens: Finding[float]
    """Mean prompt, cached prefix included."""
    output_tokens: Finding[float]
    weights_fill: Finding[float | None]
    """How full the weights make the memory where nobody says how many accelerators; None where somebody does."""
    drafting: Finding[Drafting | None]
    """None where nothing is drafted."""
    engine: Finding[ServingEngine]
    engine_age: Finding[float]
    """Years by which it is older than the newest that was measured."""
    constants: Finding[Constants]
    targets: Finding[Targets | None]
    """None where no latency is to be held."""
    place: Finding[Place]
    site: Site
    price: HourPrice
    embodied: Figure
    """kg CO2e of making, per accelerator-hour."""
    rated_w: Figure
    """Rated power of one accelerator; None where a draw is given, or nobody published one."""
    wall_factor: Finding[float | None]
    """Whole server over its accelerators; None where their draw is given or unknown."""
    api: Finding[ApiPrice | None]
    """What an API asks for one such request; None where none is named, or it has no price."""
    other_prices: tuple[HourPrice, ...]
    """The hour under the other price models, to break even under each; empty without an API's price."""


def facts_of(
    question: ServingQuestion, catalog: Snapshot, when: datetime, card: NamedCard | None = None
) -> ServingFacts:
    """Every look-up that a question needs.

    Raises:  OutOfDomain where the part cannot compute with such weights; UnknownName for names the catalogue lacks;
             Malformed for contradictions
    """
    model = _model(question, catalog, when)
    accelerator = accelerator_of(question.accelerator, catalog, when)
    part = accelerator.value
    weight = weight_dtype_of(question, model.value)
    engine, age, constants = _running(question, part, weight.value, catalog)
    memory = engine_memory_of(part, engine.value, question.gpu_memory_utilization, catalog, when)
    prompt, output = (_given_or(getattr(question, each), each, catalog, when) for each in LENGTHS)
    place = place_of(catalog, when, provider=question.provider, region=question.region, grid_zone=question.grid_zone)
    site = site_of_question(question, place.value, part, catalog, when)
    rated = rated_of_part(question, part, catalog)
    lessor = Lessor(part, place.value, site.zone, question.usd_per_accelerator_hour)
    api = api_price_of(question, Request(prompt.value, output.value), catalog, when, card)
    return ServingFacts(
        model=model,
        sparsity=_sparsity(model.value, catalog, when),
        weight_dtype=weight,
        kv_dtype=_kv_dtype(question),
        accelerator=accelerator,
        memory=memory,
        sheet=data_sheet_of(part, weight.value, memory.value, catalog, when),
        input_tokens=prompt,
        output_tokens=output,
        weights_fill=_weights_fill(question, catalog, when),
        drafting=_drafting(question, catalog, when),
        engine=engine,
        engine_age=age,
        constants=constants,
        targets=_targets(question, constants.value, catalog, when),
        place=place,
        site=site,
        price=hour_price_of(question.terms, lessor, catalog, when),
        embodied=embodied_of(part, catalog),
        rated_w=rated,
        wall_factor=constants.value.fit.wall_factor if rated.value is not None else NOT_NEEDED,
        api=api,
        other_prices=other_prices_of(question.terms, lessor, catalog, when) if api.value else (),
    )


def _model(question: ServingQuestion, catalog: Snapshot, when: datetime) -> Finding[Resolved]:
    """The model that is served; a name the catalogue lacks is a label where the sizes are given beside it."""
    described, name = Description.of(question), question.model
    has_sizes = any(part is not None for part in (question.params, question.architecture, question.hf_config))
    if name is None or not has_sizes or _is_known(name, catalog, when):
        return resolved_of(described, catalog, when)
    detail = f"{name[:_SHOWN]!r} is not in the catalogue: only the sizes given count"
    found = resolved_of(replace(described, model=None), catalog, when)
    return warned(found, "model-not-in-catalogue", detail)


def _is_known(name: str, catalog: Snapshot, when: datetime) -> bool:
    try:
        catalog.model(name, when)
    except UnknownName:
        return False
    return True


def _sparsity(model: Resolved, catalog: Snapshot, when: datetime) -> Finding[Sparsity | None]:
    """The experts of a model that uses a part of its parameters and whose experts nobody counts."""
    if model.sizes.experts or model.active_params >= DENSE_FROM * model.params:
        return NOT_NEEDED
    experts, used = (catalog.default(name, when) for name in ("assumed_experts", "assumed_experts_per_token"))
    assert experts.value is not None and used.value is not None
    least = MOST_ROUTED * model.active_params / model.params
    found = Sparsity(max(experts.value, used.value / least), used.value)
    why = f"{model.active_params / model.params:.1%} of the parameters are active, and nobody says by which experts"
    said = tuple(
        Assumption(name, value, low=row.low, high=row.high, why=why)
        for name, value, row in (("experts", round(found.experts), experts), ("experts_per_token", used.value, used))
    )
    refs = (catalog.ref("defaults", experts), catalog.ref("defaults", used))
    detail = f"{why}: {used.value:g} of {found.experts:.0f} experts per token stand in; give architecture or hf_config"
    return warned(Finding(found, said, refs), "mixture-assumed", detail)


def _running(
    question: ServingQuestion, part: Accelerator, weight_dtype: str, catalog: Snapshot
) -> tuple[Finding[ServingEngine], Finding[float], Finding[Constants]]:
    """The engine, its age, and the constants that hold for them on this part."""
    engine = _engine(question)
    age = age_of(engine.value, question.engine_date, catalog)
    setting = Setting(engine.value, line_of(part), weight_dtype, question.is_filled, age.value)
    return engine, age, _measured_or_said(constants_of(setting, catalog), part, engine.value)


def _measured_or_said(constants: Finding[Constants], part: Accelerator, engine: ServingEngine) -> Finding[Constants]:
    if constants.value.is_measured:
        return constants
    detail = f"no run on parts like {part.id} under an engine like {engine.family} was measured: ranges are wider"
    return warned(constants, "no-measured-runs", detail)


def weight_dtype_of(question: ServingQuestion, model: Resolved) -> Finding[str]:
    """How weights are stored: as given, else as the model was published."""
    if question.weight_dtype is not None:
        return Finding(question.weight_dtype)
    return _published_dtype(model.weight_dtype)


@lru_cache(maxsize=64)
def _published_dtype(dtype: str) -> Finding[str]:
    """The dtype in which a model was published, where that is one that can be served."""
    if dtype in BYTES_PER_WEIGHT:
        return Finding(dtype, (Assumption("weight_dtype", dtype, why="as the model was published"),))
    return Finding("bf16", (Assumption("weight_dtype", "bf16", why="16 bits, as most models are published"),))


def _kv_dtype(question: ServingQuestion) -> Finding[str]:
    return SIXTEEN_BIT_CACHE if question.kv_dtype is None else Finding(question.kv_dtype)


def _engine(question: ServingQuestion) -> Finding[ServingEngine]:
    """The engine; offline with a concurrency of its own it runs one fixed batch, whatever it does in a server."""
    engine = engine_found(question.engine)
    if question.scenario == "offline" and question.concurrency is not None:
        return engine.of(replace(engine.value, static=True))
    return engine


def _default(name: str, catalog: Snapshot, when: datetime) -> Finding[float]:
    """A figure that nobody gave, as the catalogue has it for such questions."""
    return catalog.remembered(_defaulted, (name, when))


def _defaulted(catalog: Snapshot, asked: tuple[str, datetime]) -> Finding[float]:
    row = catalog.default(*asked)
    assert row.value is not None
    field, unit, why = DEFAULTS[row.name]
    said = Assumption(field, row.value, unit, why=why, source_url=row.source_url)
    return Finding(row.value, (said,), (catalog.ref("defaults", row),))


def _given_or(given: float | None, name: str, catalog: Snapshot, when: datetime) -> Finding[float]:
    return _default(name, catalog, when) if given is None else Finding(given)


def _weights_fill(question: ServingQuestion, catalog: Snapshot, when: datetime) -> Finding[float | None]:
    if question.accelerator_count is not None:
        return NOT_NEEDED
    row = catalog.default("weights_fill_fraction", when)
    return Finding(row.value, rows=(catalog.ref("defaults", row),))


def _drafting(question: ServingQuestion, catalog: Snapshot, when: datetime) -> Finding[Drafting | None]:
    if not question.speculative_tokens:
        if question.acceptance_fraction is not None:
            hint = "give speculative_tokens, how many are drafted at once"
            raise Malformed("nothing is drafted", pointer="/acceptance_fraction", hint=hint)
        return NOT_NEEDED
    accepted = _given_or(question.acceptance_fraction, "acceptance_fraction", catalog, when)
    cost = _given_or(question.draft_cost_fraction, "draft_cost_fraction", catalog, when)
    both = Drafting(accepted.value, cost.value)
    return Finding(both, accepted.assumptions + cost.assumptions, accepted.rows + cost.rows)


def _targets(
    question: ServingQuestion, constants: Constants, catalog: Snapshot, when: datetime
) -> Finding[Targets | None]:
    """The latencies to hold; a default time per token where nothing else says how full the machine may be."""
    tpot: Finding[float | None] = Finding(question.max_tpot_ms)
    said = (question.concurrency, question.requests_per_s, question.max_ttft_ms, question.max_tpot_ms)
    if question.scenario != "offline" and said == (None, None, None, None):
        tpot = _default("tpot_ms", catalog, when)
    if question.max_ttft_ms is None and tpot.value is None:
        return NOT_NEEDED
    tail = constants.fit.tail_factor
    targets = Targets(question.max_ttft_ms, tpot.value, tail.value)
    return Finding(targets, tpot.assumptions + tail.assumptions, tpot.rows + tail.rows)


def site_of_question(
    question: ServingQuestion, place: Place, part: Accelerator, catalog: Snapshot, when: datetime
) -> Site:
    """PUE, grid and water where the machines stand."""
    return site_of(
        place, catalog, when,
        pue=question.pue, kgco2e_per_kwh=question.kgco2e_per_kwh, fleet=sole_provider(part),
    )  # fmt: skip


def rated_of_part(question: ServingQuestion, part: Accelerator, catalog: Snapshot) -> Figure:
    """Rated power, on which the draw rests where none is given."""
    if question.power_w is not None:
        return NOT_NEEDED
    rated = rated_of(part, catalog)
    if rated.value is not None:
        return rated
    return unknown("no-tdp", f"no rated power of {part.id} is published: power and energy are unknown")
