"""What is found for a machine and the model on it, whatever its load: worked out once a day, or until a row changes.

Most questions ask about few machines under many loads. What a look-up reads of the question stands in `Hosting`, which
is its key: a figure that is not in it cannot be looked up here.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from mlquote.catalog.rows import Accelerator, PriceModel
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of, day_of
from mlquote.catalog.tables import TABLE
from mlquote.estimators.asking.finding import Figure, Finding, unknown, warned
from mlquote.estimators.asking.question import Premises
from mlquote.estimators.machines.footprint import embodied_of
from mlquote.estimators.machines.own_part import AcceleratorFigures
from mlquote.estimators.machines.parts import accelerator_of, sole_provider
from mlquote.estimators.machines.place import Place, place_of
from mlquote.estimators.machines.power import rated_of
from mlquote.estimators.machines.premises import premises_of
from mlquote.estimators.machines.site import Site, site_of
from mlquote.estimators.models.architecture import Description
from mlquote.estimators.models.naming import model_named
from mlquote.estimators.models.resolved import Resolved, resolved_of
from mlquote.estimators.serving.constants import Constants, Setting, constants_of, line_of
from mlquote.estimators.serving.data_sheet import DataSheet, data_sheet_of
from mlquote.estimators.serving.engine_age import age_of
from mlquote.estimators.serving.engine_memory import EngineMemory, engine_memory_of
from mlquote.estimators.serving.engines import ServingEngine, engine_found
from mlquote.estimators.serving.hosted import Hosted
from mlquote.estimators.serving.hour_price import HourPrice, Lessor, hour_price_of
from mlquote.estimators.serving.images import beside_images, encoder_params_of
from mlquote.estimators.serving.lora import ServedAdapters, adapters_of_serving, beside_adapters, slowed
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.served import served_of
from mlquote.formulas.serving.load import BYTES_PER_WEIGHT, Bytes, Served
from mlquote.kit.errors import NotEffective, UnknownName
from mlquote.kit.provenance import Assumption

NOT_NEEDED: Finding[None] = Finding(None)
"""A fact that this question does not rest on."""
SIXTEEN_BIT_CACHE = Finding(
    "bf16", (Assumption("kv_dtype", "bf16", why="engines keep caches in 16 bits unless told otherwise"),)
)
DENSE_FROM = 0.8
"""From this share of active parameters on, a model without experts is dense: some counts leave tables out."""
MOST_ROUTED = 0.75
"""Experts hold no more than this share of the active parameters: attention and tables are active too."""
_SHOWN = 80
"""Letters of an unknown model's name that are repeated."""
_TABLES = tuple(TABLE)


class Hosting(NamedTuple):
    """What a question says of the model and its machine, lengths and load apart."""

    moment: datetime
    described: Description
    weight_dtype: str | None
    kv_dtype: str | None
    accelerator: str
    figures: AcceleratorFigures | None
    is_counted: bool
    """Somebody says how many accelerators there are."""
    gpu_memory_utilization: float | None
    engine: str | None
    engine_date: date | None
    lora_adapters: int | None
    lora_rank: int | None
    has_images: bool
    is_fixed_batch: bool
    is_filled: bool
    provider: str | None
    region: str | None
    grid_zone: str | None
    place: Premises | None
    pue: float | None
    kgco2e_per_kwh: float | None
    terms: PriceModel
    usd_per_accelerator_hour: Decimal | None
    is_draw_given: bool

    @classmethod
    def of(cls, question: ServingQuestion, when: datetime) -> "Hosting":
        """As it is asked; offline with a concurrency of its own an engine runs one fixed batch."""
        return cls(
            when,
            Description.of(question),
            question.weight_dtype,
            question.kv_dtype,
            question.accelerator,
            question.accelerator_figures,
            question.accelerator_count is not None,
            question.gpu_memory_utilization,
            question.engine,
            question.engine_date,
            question.lora_adapters,
            question.lora_rank,
            question.images > 0,
            question.scenario == "offline" and question.concurrency is not None,
            question.is_filled,
            question.provider,
            question.region,
            question.grid_zone,
            question.place,
            question.pue,
            question.kgco2e_per_kwh,
            question.terms,
            question.own_usd_per_hour,
            question.power_w is not None,
        )


@dataclass(frozen=True, slots=True)
class Sparsity:
    """Experts of a mixture, and how many of them a token uses."""

    experts: float
    experts_per_token: float


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts of a model and its machine; see `ServingFacts`, whose fields they become."""

    model: Finding[Resolved]
    sparsity: Finding[Sparsity | None]
    weight_dtype: Finding[str]
    kv_dtype: Finding[str]
    accelerator: Finding[Accelerator]
    memory: Finding[EngineMemory | None]
    sheet: Finding[DataSheet]
    hosted: Finding[Hosted]
    weights_fill: Finding[float | None]
    engine: Finding[ServingEngine]
    engine_age: Finding[float]
    adapters: Finding[ServedAdapters | None]
    constants: Finding[Constants]
    place: Finding[Place]
    site: Site
    lessor: Lessor
    price: HourPrice
    embodied: Figure
    rated_w: Figure
    wall_factor: Finding[float | None]


def standing_of(question: ServingQuestion, catalog: Snapshot, when: datetime) -> Standing:
    """The facts of the machine that a question is about; remembered where its model is named.

    Raises:  OutOfDomain where the part cannot compute with such weights; UnknownName for names the catalogue lacks;
             Malformed for contradictions
    """
    asked = Hosting.of(question, when)
    if asked.figures is not None or not asked.described.names_alone:
        return _standing(catalog, asked)
    try:
        return catalog.remembered(_standing, asked._replace(moment=day_of(when, changes_of(catalog, *_TABLES))))
    except NotEffective:
        return _standing(catalog, asked)  # the refusal names the moment that was asked


def _standing(catalog: Snapshot, asked: Hosting) -> Standing:
    when = asked.moment
    model = _model(asked.described, catalog, when)
    accelerator = accelerator_of(asked.accelerator, catalog, when, asked.figures)
    part = accelerator.value
    weight = weight_dtype_of(asked.weight_dtype, model.value)
    adapters = adapters_of_serving(asked.lora_adapters, asked.lora_rank, model.value, catalog, when)
    engine, age, constants = _running(asked, part, weight.value, adapters.value, catalog)
    memory = engine_memory_of(part, engine.value, asked.gpu_memory_utilization, catalog, when)
    place = place_of(catalog, when, provider=asked.provider, region=asked.region, grid_zone=asked.grid_zone)
    site = site_at(place.value, part, asked, catalog, when)
    lessor = Lessor(part, place.value, site.zone, asked.usd_per_accelerator_hour, site.premises.value)
    sheet = beside_adapters(data_sheet_of(part, weight.value, memory.value, catalog, when), adapters.value)
    sparsity = _sparsity(model.value, catalog, when)
    cache = SIXTEEN_BIT_CACHE if asked.kv_dtype is None else Finding(asked.kv_dtype)
    encoder, each = encoder_params_of(model.value, catalog), Bytes.of(weight.value, cache.value)
    served = _served(model.value, sparsity.value, encoder.value)
    rated = NOT_NEEDED if asked.is_draw_given else rated_of_part(part, catalog)
    return Standing(
        model=model,
        sparsity=sparsity,
        weight_dtype=weight,
        kv_dtype=cache,
        accelerator=accelerator,
        memory=memory,
        sheet=sheet,
        hosted=encoder.of(Hosted.of(served, sheet.value, each, constants.value)),
        weights_fill=NOT_NEEDED if asked.is_counted else _weights_fill(catalog, when),
        engine=engine,
        engine_age=age,
        adapters=adapters,
        constants=constants,
        place=place,
        site=site,
        lessor=lessor,
        price=hour_price_of(asked.terms, lessor, catalog, when),
        embodied=embodied_of(part, catalog),
        rated_w=rated,
        wall_factor=constants.value.fit.wall_factor if rated.value is not None else NOT_NEEDED,
    )


def _model(described: Description, catalog: Snapshot, when: datetime) -> Finding[Resolved]:
    """The model that is served; a name the catalogue lacks is a label where the sizes are given beside it."""
    name = described.model
    has_sizes = any(part is not None for part in (described.params, described.architecture, described.hf_config))
    if name is None or not has_sizes or _is_known(name, catalog, when):
        return resolved_of(described, catalog, when)
    detail = f"{name[:_SHOWN]!r} is not in the catalogue: only the sizes given count"
    found = resolved_of(replace(described, model=None), catalog, when)
    return warned(found, "model-not-in-catalogue", detail)


def _is_known(name: str, catalog: Snapshot, when: datetime) -> bool:
    try:
        model_named(name, catalog, when)
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


def _served(model: Resolved, sparsity: Sparsity | None, encoder_params: float) -> Served:
    """The model, with the experts that stand in for those nobody counts, and an encoder that no token reads."""
    served = served_of(model)
    if encoder_params:
        served = replace(served, unread_params=encoder_params)
    if sparsity is None:
        return served
    return replace(served, experts=sparsity.experts, experts_per_token=sparsity.experts_per_token)


def _running(
    asked: Hosting, part: Accelerator, weight_dtype: str, adapters: ServedAdapters | None, catalog: Snapshot
) -> tuple[Finding[ServingEngine], Finding[float], Finding[Constants]]:
    """The engine, its age, and the constants that hold for them on this part."""
    engine = engine_found(asked.engine)
    if asked.is_fixed_batch:
        engine = engine.of(replace(engine.value, static=True))
    age = age_of(engine.value, asked.engine_date, catalog)
    setting = Setting(engine.value, line_of(part), weight_dtype, asked.is_filled, age.value)
    constants = slowed(_measured_or_said(constants_of(setting, catalog), part, engine.value), adapters)
    return engine, age, beside_images(constants, asked.has_images)


def _measured_or_said(constants: Finding[Constants], part: Accelerator, engine: ServingEngine) -> Finding[Constants]:
    if constants.value.is_measured:
        return constants
    detail = f"no run on parts like {part.id} under an engine like {engine.family} was measured: ranges are wider"
    return warned(constants, "no-measured-runs", detail)


def weight_dtype_of(given: str | None, model: Resolved) -> Finding[str]:
    """How weights are stored: as given, else as the model was published."""
    if given is not None:
        return Finding(given)
    return _published_dtype(model.weight_dtype)


@lru_cache(maxsize=64)
def _published_dtype(dtype: str) -> Finding[str]:
    """The dtype in which a model was published, where that is one that can be served."""
    if dtype in BYTES_PER_WEIGHT:
        return Finding(dtype, (Assumption("weight_dtype", dtype, why="as the model was published"),))
    return Finding("bf16", (Assumption("weight_dtype", "bf16", why="16 bits, as most models are published"),))


def _weights_fill(catalog: Snapshot, when: datetime) -> Finding[float | None]:
    row = catalog.default("weights_fill_fraction", when)
    return Finding(row.value, rows=(catalog.ref("defaults", row),))


def site_at(
    place: Place, part: Accelerator, asked: Hosting | ServingQuestion, catalog: Snapshot, when: datetime
) -> Site:
    """PUE, grid and water where the machines stand."""
    return site_of(
        place, catalog, when,
        pue=asked.pue, kgco2e_per_kwh=asked.kgco2e_per_kwh, fleet=sole_provider(part),
        premises=premises_of(asked.place, asked.terms == "owned", part),
    )  # fmt: skip


def rated_of_part(part: Accelerator, catalog: Snapshot) -> Figure:
    """Rated power, on which the draw rests where none is given."""
    rated = rated_of(part, catalog)
    if rated.value is not None:
        return rated
    return unknown("no-tdp", f"no rated power of {part.id} is published: power and energy are unknown")
