"""What is found for a task that is answered in whole passes: model, machine, place, and what such tasks reach."""

from dataclasses import dataclass, replace
from datetime import datetime

from mlquote.catalog.rows import Accelerator, Default
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, Finding, found
from mlquote.estimators.machines.footprint import embodied_of
from mlquote.estimators.machines.parts import accelerator_of
from mlquote.estimators.machines.place import Place, place_of
from mlquote.estimators.machines.site import Site
from mlquote.estimators.models.architecture import Architecture, Description
from mlquote.estimators.models.resolved import Resolved, resolved_of
from mlquote.estimators.serving.constants import wall_factor_of
from mlquote.estimators.serving.data_sheet import DataSheet, data_sheet_of
from mlquote.estimators.serving.engine_memory import EngineMemory, engine_memory_of
from mlquote.estimators.serving.engines import engine_of
from mlquote.estimators.serving.hour_price import HourPrice, Lessor, hour_price_of
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.standing import NOT_NEEDED, rated_of_part, site_at, weight_dtype_of
from mlquote.formulas.uncertainty import between
from mlquote.kit.provenance import Assumption

HALVED = Finding("fp16", (Assumption("weight_dtype", "fp16", why="published in 32 bits, served in 16"),))
EAGER = engine_of("transformers")
"""No pool of caches is set aside for what has none."""


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """All that such a task rests on beside its question."""

    model: Finding[Resolved]
    weight_dtype: Finding[str]
    accelerator: Finding[Accelerator]
    memory: Finding[EngineMemory | None]
    sheet: Finding[DataSheet]
    input_tokens: Finding[float | None]
    """Of one text, or of one pair of query and document; None where no text is read."""
    steps: Finding[float | None]
    """Noise levels of one image."""
    passes_per_step: Finding[float | None]
    audio_s: Finding[float | None]
    """Mean length of a recording."""
    spoken_tokens_per_s: Finding[float | None]
    peak_fraction: Figure
    """Share of the dense peak that such a task reaches on machines kept busy."""
    draw_fraction: Figure
    """Draw of a busy accelerator over its rated power."""
    place: Finding[Place]
    site: Site
    price: HourPrice
    embodied: Figure
    """kg CO2e of making, per accelerator-hour."""
    rated_w: Figure
    wall_factor: Finding[float]
    """Whole server over its accelerators."""


def task_facts_of(question: ServingQuestion, catalog: Snapshot, when: datetime) -> TaskFacts:
    """Every look-up that such a task needs.

    Raises:  as `facts_of` of serving
    """
    task, model = question.task, resolved_of(_described(question), catalog, when)
    accelerator = accelerator_of(question.accelerator, catalog, when, question.accelerator_figures)
    part, weight = accelerator.value, _weight_dtype(question, model.value)
    memory = engine_memory_of(part, EAGER, question.gpu_memory_utilization, catalog, when)
    place = place_of(catalog, when, provider=question.provider, region=question.region, grid_zone=question.grid_zone)
    site = site_at(place.value, part, question, catalog, when)
    lessor = Lessor(part, place.value, site.zone, question.own_usd_per_hour, site.premises.value)
    asked = _Defaults(catalog, when)
    is_text, is_image, is_sound = task in ("embed", "rerank"), task == "image", task == "transcribe"
    return TaskFacts(
        model=model,
        weight_dtype=weight,
        accelerator=accelerator,
        memory=memory,
        sheet=data_sheet_of(part, weight.value, memory.value, catalog, when),
        input_tokens=asked.given_or(question.input_tokens, "input_tokens", "tokens") if is_text else NOT_NEEDED,
        steps=asked.given_or(question.steps, "steps", "noise levels", model.value.name) if is_image else NOT_NEEDED,
        passes_per_step=_passes(question, model.value.name, asked) if is_image else NOT_NEEDED,
        audio_s=asked.given_or(question.audio_seconds, "audio_seconds", "s") if is_sound else NOT_NEEDED,
        spoken_tokens_per_s=asked.taken("spoken_tokens_per_s", "tokens/s") if is_sound else NOT_NEEDED,
        peak_fraction=asked.doubted("task_peak_fraction", "of the dense peak", task),
        draw_fraction=asked.doubted("task_draw_fraction", "of the rated power"),
        place=place,
        site=site,
        price=hour_price_of(question.terms, lessor, catalog, when),
        embodied=embodied_of(part, catalog),
        rated_w=NOT_NEEDED if question.power_w is not None else rated_of_part(part, catalog),
        wall_factor=wall_factor_of(catalog),
    )


def _weight_dtype(question: ServingQuestion, model: Resolved) -> Finding[str]:
    """As given, or as published; what was published in 32 bits is served in 16."""
    if question.weight_dtype is None and model.weight_dtype == "fp32":
        return HALVED
    return weight_dtype_of(question.weight_dtype, model)


def _described(question: ServingQuestion) -> Description:
    """The model, its images at the size that is asked."""
    described = Description.of(question)
    if question.image_size is None:
        return described
    sizes = question.architecture or Architecture()
    return replace(described, architecture=sizes.model_copy(update={"image_size": question.image_size}))


@dataclass(frozen=True, slots=True)
class _Defaults:
    """Defaults of a catalogue at a moment, each told as an assumption."""

    catalog: Snapshot
    when: datetime

    def row(self, name: str, level: str) -> Default:
        own: Default | None = self.catalog.held_or_first("defaults", name, level, moment=self.when)
        return own or self.catalog.default(name, self.when)

    def taken(self, name: str, unit: str, level: str = "") -> Finding[float | None]:
        """The default of a level, else of all."""
        row = self.row(name, level)
        assert row.value is not None
        said = Assumption(name, row.value, unit, row.low, row.high, why=row.note, source_url=row.source_url)
        return Finding(row.value, (said,), (self.catalog.ref("defaults", row),))

    def given_or(self, given: float | None, name: str, unit: str, level: str = "") -> Finding[float | None]:
        return self.taken(name, unit, level) if given is None else Finding(given)

    def doubted(self, name: str, unit: str, level: str = "") -> Figure:
        """A default with the 80 % interval that its row says."""
        row = self.row(name, level)
        assert row.value is not None and row.low is not None and row.high is not None
        value = between(row.low, row.high, name, median=row.value)
        return found(name, value, unit, basis="default", why=row.note, rows=(self.catalog.ref("defaults", row),))


def _passes(question: ServingQuestion, model: str, asked: _Defaults) -> Finding[float | None]:
    if question.passes_per_step is not None:
        return Finding(float(question.passes_per_step))
    return asked.taken("passes_per_step", "passes", model)
