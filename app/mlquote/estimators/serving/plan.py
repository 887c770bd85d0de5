"""A serving question read down to numbers: model, part, engine, layout, requests; what cannot be is refused here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.models.architecture import Description
from mlquote.estimators.models.resolved import Resolved, resolved_of
from mlquote.estimators.serving.constants import Constants, Setting, batch_cap, constants_of, habits_for, rates_for
from mlquote.estimators.serving.parts import Engine, Part, engine_of, part_of, served_of
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.formulas.serving.batching import Habits, Traffic
from mlquote.formulas.serving.load import (
    BYTES_PER_WEIGHT,
    USABLE_MEMORY,
    Bytes,
    Layout,
    Served,
    default_layout,
    load_of,
    most_sequences,
    weights_bytes_per_accelerator,
)
from mlquote.formulas.serving.queueing import accepted_tokens
from mlquote.formulas.serving.roofline import Load, Rates
from mlquote.kit.errors import Malformed, OutOfDomain, UnknownName
from mlquote.kit.provenance import Trail

DEFAULT_TOKENS = 256.0
DEFAULT_ACCEPTANCE = 0.7
DEFAULT_DRAFT_COST = 0.03
MOST_ACCELERATORS = 1024
LAYERWISE = frozenset({"llama_cpp"})
"""Engines that give each accelerator whole layers: more of them hold more, and one sequence goes no faster."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The question as numbers: one replica's load, its constants, and how many replicas work side by side."""

    model: Resolved
    served: Served
    part: Part
    engine: Engine
    each: Bytes
    layout: Layout
    accelerators: int
    load: Load
    rates: Rates
    habits: Habits
    traffic: Traffic
    constants: Constants
    input_tokens: float
    output_tokens: float
    room: float
    """Sequences whose caches fit, over everything."""
    cap: float
    """Sequences the engine takes at most, over everything."""
    defaults: Mapping[str, Any]
    """Fields of the question that were left out, as they were taken."""

    @property
    def parts(self) -> int:
        """Batches that run side by side: replicas, and the pipeline parts in each."""
        return self.layout.replicas * self.layout.stages


def plan_of(question: ServingQuestion, catalog: Snapshot, moment: datetime, trail: Trail) -> Plan:
    """Read a question down to numbers, each default on the trail.

    Raises:  OutOfDomain where the model does not fit or cannot be computed there; Malformed, UnknownName as they say
    """
    model = _model(question, catalog, moment, trail)
    served = served_of(model)
    accelerator = catalog.accelerator(question.accelerator, moment)
    weight, cache = _dtypes(question, model, trail)
    part = part_of(accelerator, weight, catalog)
    trail.use(catalog.ref("accelerators", accelerator))
    trail.use(catalog.ref("accelerator_peaks", part.peak))
    each = Bytes(weight=BYTES_PER_WEIGHT[weight], cache=BYTES_PER_WEIGHT[cache])
    prompt, output = _lengths(question, trail)
    filled = question.scenario == "offline" and question.concurrency is None and question.requests_per_s is None
    count = question.accelerator_count or _enough(question, served, part, each, trail)
    engine = engine_of(question.engine)
    layout = _layout(question, served, part, each, count, filled=filled)
    if engine.family in LAYERWISE and not question.expert_parallel:
        layout = replace(layout, width=1, stages=layout.width * layout.stages, sharding="tensor")
    context = prompt + output / 2
    room = most_sequences(served, part.chip, layout, each, context)
    if room < 1:
        raise _does_not_fit(question, served, part, weight, layout, context, cache)
    if question.scenario == "offline" and question.concurrency is not None:
        engine = replace(engine, static=True)
    constants = constants_of(catalog)
    setting = Setting(engine, accelerator.vendor, weight, question.scenario != "offline")
    traffic = _traffic(question, prompt, output, trail)
    parts = layout.replicas * layout.stages
    _tell(question, part, engine, layout, constants, weight, trail)
    return Plan(
        model, served, part, engine, each, layout, count,
        load_of(served, part.chip, layout, each, input_tokens=prompt, output_tokens=output),
        *_resolved(constants, setting), traffic, constants, prompt, output, room * parts,
        max(1.0, batch_cap(constants.values, engine, float(layout.width))) * parts,
        {"weight_dtype": weight, "kv_dtype": cache, "input_tokens": prompt, "output_tokens": output,
         "accelerator_count": count},
    )  # fmt: skip


def _model(question: ServingQuestion, catalog: Snapshot, moment: datetime, trail: Trail) -> Resolved:
    """The model that is served; a name the catalogue lacks is a label where the sizes are given beside it."""
    described = Description.of(question)
    if described.model is not None and replace(described, model=None).says_something:
        try:
            catalog.model(described.model, moment)
        except UnknownName:
            detail = f"{described.model[:80]!r} is not in the catalogue: only the sizes given count"
            trail.warn("model-not-in-catalogue", detail)
            described = replace(described, model=None)
    return resolved_of(described, catalog, moment).told(trail)


def _resolved(constants: Constants, setting: Setting) -> tuple[Rates, Habits]:
    """Rates and habits of one setting, worked out once for each."""
    if setting not in constants.resolved:
        constants.resolved[setting] = rates_for(constants.values, setting), habits_for(constants.values, setting)
    return constants.resolved[setting]


def _dtypes(question: ServingQuestion, model: Resolved, trail: Trail) -> tuple[str, str]:
    """How weights and cache are stored."""
    weight: str | None = question.weight_dtype
    if weight is None:
        weight = model.weight_dtype if model.weight_dtype in BYTES_PER_WEIGHT else "bf16"
        why = "as the model was published" if weight == model.weight_dtype else "16 bits, as most models are published"
        trail.assume("weight_dtype", weight, why=why)
    if question.kv_dtype is None:
        trail.assume("kv_dtype", "bf16", why="engines keep caches in 16 bits unless told otherwise")
    return weight, question.kv_dtype or "bf16"


def _lengths(question: ServingQuestion, trail: Trail) -> tuple[float, float]:
    """Mean prompt and output."""
    for name in ("input_tokens", "output_tokens"):
        if getattr(question, name) is None:
            trail.assume(name, DEFAULT_TOKENS, unit="tokens", why="not given: a chat turn of middling length")
    prompt = DEFAULT_TOKENS if question.input_tokens is None else question.input_tokens
    return prompt, DEFAULT_TOKENS if question.output_tokens is None else question.output_tokens


def _enough(question: ServingQuestion, served: Served, part: Part, each: Bytes, trail: Trail) -> int:
    """The least power of two of accelerators on which the weights leave room."""
    least = question.expert_parallel or (question.tensor_parallel or 1) * (question.pipeline_parallel or 1)
    count = least
    while count < MOST_ACCELERATORS and served.params * each.weight > 0.75 * count * part.chip.memory_bytes:
        count *= 2
    trail.assume("accelerator_count", count, why="the least power of two whose memory the weights fill to 75 %")
    return count


def _layout(question: ServingQuestion, served: Served, part: Part, each: Bytes, count: int, *, filled: bool) -> Layout:
    """How the accelerators share the model.

    Raises:  OutOfDomain where they cannot be divided so
    """
    width, stages, spread = question.tensor_parallel, question.pipeline_parallel, question.expert_parallel
    if spread is not None:
        _check_spread(question, served)
    needed = (width or 1) * (stages or 1) if spread is None else spread
    if needed > count:
        detail = f"{needed} accelerators of one replica are more than all {count}"
        pointer = "/expert_parallel" if spread else "/tensor_parallel" if width else "/pipeline_parallel"
        raise OutOfDomain(detail, pointer=pointer, hint=f"at most {count}", code="layout-impossible")
    layout = default_layout(
        served, part.chip, each, accelerators=count, width=width, stages=stages, spread=spread, filled=filled
    )  # fmt: skip
    if layout.stages > served.layers:
        hint = f"at most {served.layers:.0f}"
        raise OutOfDomain("more pipeline stages than layers", pointer="/pipeline_parallel", hint=hint)
    return layout


def _check_spread(question: ServingQuestion, served: Served) -> None:
    if not served.experts:
        raise OutOfDomain("the model has no experts to spread", pointer="/expert_parallel", hint="leave it out")
    for name in ("tensor_parallel", "pipeline_parallel"):
        if (getattr(question, name) or 1) > 1:
            hint = "give expert_parallel alone: attention is replicated beside it"
            raise Malformed(f"{name} and expert_parallel do not go together here", pointer=f"/{name}", hint=hint)


def _does_not_fit(
    question: ServingQuestion, served: Served, part: Part, weight: str, layout: Layout, context: float, cache: str
) -> OutOfDomain:
    """What is missing, and what would fit."""
    memory = part.chip.memory_bytes
    held = weights_bytes_per_accelerator(served, layout, Bytes(weight=BYTES_PER_WEIGHT[weight], cache=2.0))
    one = served.cache_elements(context) * BYTES_PER_WEIGHT[cache]
    ways = []
    for count in (2**n for n in range(11)):
        each = Bytes(weight=BYTES_PER_WEIGHT[weight], cache=BYTES_PER_WEIGHT[cache])
        wide = default_layout(
            served, part.chip, each, accelerators=count, width=None, stages=None, spread=None, filled=False
        )
        if count > layout.width * layout.stages and most_sequences(served, part.chip, wide, each, context) >= 1:
            ways.append(f"accelerator_count {count} with tensor_parallel {wide.width}")
            break
    for dtype in ("fp8", "int4"):
        each = Bytes(weight=BYTES_PER_WEIGHT[dtype], cache=BYTES_PER_WEIGHT[cache])
        lighter = BYTES_PER_WEIGHT[dtype] < BYTES_PER_WEIGHT[weight]
        if lighter and most_sequences(served, part.chip, layout, each, context) >= 1:
            ways.append(f"weight_dtype {dtype}")
            break
    detail = (
        f"{held / 1e9:.1f} GB of weights and {one / 1e9:.2f} GB of cache for one sequence do not fit into "
        f"{USABLE_MEMORY:.0%} of the {memory / 1e9:.0f} GB of one of {layout.width * layout.stages} {part.row.id}"
    )
    hint = f"would fit: {' or '.join(ways)}" if ways else "take shorter sequences or parts with more memory"
    pointer = "/tensor_parallel" if question.tensor_parallel else "/accelerator_count"
    return OutOfDomain(detail, pointer=pointer, hint=hint, code="does-not-fit")


def _traffic(question: ServingQuestion, prompt: float, output: float, trail: Trail) -> Traffic:
    """What is computed per request: prompts without their cached part, steps that verify drafts."""
    computed = prompt * (1 - question.prefix_cache_hit_fraction)
    drafted = question.speculative_tokens
    if not drafted:
        if question.acceptance_fraction is not None:
            hint = "give speculative_tokens, how many are drafted at once"
            raise Malformed("nothing is drafted", pointer="/acceptance_fraction", hint=hint)
        return Traffic(input_tokens=computed, output_tokens=output)
    accepted = question.acceptance_fraction
    if accepted is None:
        accepted = DEFAULT_ACCEPTANCE
        trail.assume("acceptance_fraction", accepted, why="draft models of published systems have 0.6 to 0.8 accepted")
    cost = DEFAULT_DRAFT_COST if question.draft_cost_fraction is None else question.draft_cost_fraction
    if question.draft_cost_fraction is None:
        trail.assume("draft_cost_fraction", cost, why="one extra layer (multi-token prediction) of some tens")
    return Traffic(
        input_tokens=computed, output_tokens=output, tokens_per_sequence=drafted + 1.0,
        tokens_per_step=accepted_tokens(drafted, accepted), draft_factor=1 + drafted * cost,
    )  # fmt: skip


def _tell(
    question: ServingQuestion,
    part: Part,
    engine: Engine,
    layout: Layout,
    constants: Constants,
    weight: str,
    trail: Trail,
) -> None:
    """What was decided on the way, and the fit that stands behind the times."""
    trail.use(constants.ref)
    trail.assume(
        "serving_constants", constants.fitted_on, basis="catalog", source_url=constants.source_url,
        why=f"effective rates and overheads fitted on {constants.runs} measured runs of many engines and parts",
    )  # fmt: skip
    if part.computes_in != weight:
        why = f"{part.row.id} multiplies {weight} weights at its {part.computes_in} rate"
        trail.assume("compute_dtype", part.computes_in, basis="derived", why=why)
    named = "recognised" if engine.family != "any" else "not given or not recognised: the average of the servers fitted"
    trail.assume("engine_family", engine.family, basis="derived" if engine.family != "any" else "default", why=named)
    if question.tensor_parallel is None:
        trail.assume("tensor_parallel", layout.width, basis="derived", why="as many as the weights need, with room")
    if layout.spread:
        trail.assume("sharding", layout.sharding, basis="derived", why="experts spread over the replica's accelerators")
    idle = (question.accelerator_count or 0) - layout.width * layout.stages * layout.replicas
    if idle > 0:
        trail.warn("accelerators-left-over", f"{idle} accelerators are left over by this layout and stand idle, paid")
