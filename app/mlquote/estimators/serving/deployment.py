"""How a model is put on accelerators: layout, room, and what each accelerator has to do; what cannot be is refused.

A deployment is pure arithmetic on a question and its facts: it looks nothing up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from mlquote.estimators.asking.finding import Finding, warned
from mlquote.estimators.serving.data_sheet import DataSheet
from mlquote.estimators.serving.facts import ServingFacts
from mlquote.estimators.serving.hosted import Hosted, Way
from mlquote.estimators.serving.longest import Longest, longest_of
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.formulas.serving.batching import Traffic
from mlquote.formulas.serving.load import (
    BYTES_PER_WEIGHT,
    Bytes,
    Chip,
    Kept,
    Laid,
    LayoutWish,
    Placement,
    Served,
    default_placement,
)
from mlquote.formulas.serving.queueing import accepted_tokens
from mlquote.formulas.serving.roofline import Law
from mlquote.kit.errors import Malformed, OutOfDomain
from mlquote.kit.provenance import Assumption
from mlquote.kit.units import BYTES_PER_GB

MOST_ACCELERATORS = 1024
"""No more than these are taken, or proposed, where nobody says how many."""
LIGHTER_DTYPES = ("fp8", "int4")
"""Weights that are proposed where the given ones do not fit."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One replica's load, and how many replicas work side by side."""

    served: Served
    chip: Chip
    each: Bytes
    layout: Placement
    law: Law
    traffic: Traffic
    weights_bytes: float
    """Of one replica."""
    input_tokens: float
    output_tokens: float
    room: float
    """Sequences whose caches fit, over everything."""
    cap: float
    """Sequences the engine takes at most, over everything."""
    prefill_accelerators: int
    """Those that compute prompts alone; 0 where all do both."""
    longest: Finding[Longest]
    count: Finding[int]
    """All accelerators together."""
    computes_in: Finding[str]
    width: Finding[int]
    """Accelerators that work on one layer together."""
    sharing: Finding[str]
    """How the accelerators of a replica share the model, and how many are left over."""
    link: Finding[float] | None
    """GB/s between accelerators, where a replica is wider than one."""
    network: Finding[float] | None
    """GB/s beyond the node for each accelerator, where a replica is larger than one."""

    @property
    def accelerators(self) -> int:
        """All accelerators together."""
        return self.count.value


class Candidate(NamedTuple):
    """One layout that may be taken: what decides how fast it goes, before anything is said about it."""

    way: Way
    kept: Kept
    traffic: Traffic
    room: float
    """Sequences whose caches fit, over everything."""
    cap: float
    """Sequences the engine takes at most, over everything."""
    admitted: float
    """Sequences that may run at once, over everything."""
    prefill_accelerators: int
    """Those that compute prompts alone; 0 where all do both."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The layouts that may be taken, and what they have in common."""

    count: Finding[int]
    tried: tuple[int, ...]
    """Widths, those that do not hold the model included."""
    each: tuple[Candidate, ...]
    """At least one."""


def candidates_of(question: ServingQuestion, facts: ServingFacts) -> Candidates:
    """The layouts that a question and its facts allow: the one that is asked, or each that may be tried.

    Raises:  OutOfDomain where the model does not fit or cannot be divided so; Malformed for contradictions
    """
    hosted, context = facts.hosted.value, facts.prompt_tokens + facts.output_tokens.value / 2
    count = _count(question, hosted, facts.weights_fill.value)
    decoding = count.value - (question.prefill_accelerators or 0)
    if decoding < 1:
        detail = f"none of {count.value} accelerators are left to decode"
        raise OutOfDomain(detail, pointer="/prefill_accelerators", hint="fewer than all", code="layout-impossible")
    ways = _ways(question, hosted, decoding)
    rooms = [(way, room) for way in ways for room in [way.laid.room(context)] if room >= 1]
    if not rooms:
        raise _does_not_fit(question, hosted, ways[0].laid, context)
    if question.max_model_len is not None:
        rooms = _holding_the_longest(question, facts, rooms)
    traffic = _traffic(question, facts)
    found = tuple(_candidate(question, facts, traffic, way, room) for way, room in rooms)
    return Candidates(count, tuple(dict.fromkeys(way.laid.layout.width for way in ways)), found)


def _holding_the_longest(
    question: ServingQuestion, facts: ServingFacts, rooms: list[tuple[Way, float]]
) -> list[tuple[Way, float]]:
    """The layouts in which a sequence of the length that is asked finds room."""
    held, refused = [], None
    for way, room in rooms:
        try:
            longest_of(question, facts, way.laid.room, 1)
        except OutOfDomain as fault:
            refused = fault
        else:
            held.append((way, room))
    if refused is not None and not held:
        raise refused
    return held


def _candidate(question: ServingQuestion, facts: ServingFacts, traffic: Traffic, way: Way, room: float) -> Candidate:
    layout, most, images = way.laid.layout, question.max_num_seqs, facts.images.value
    room = room * layout.replicas * layout.stages
    cap = way.cap if most is None else float(most * layout.replicas)
    return Candidate(
        way,
        way.laid.kept(facts.prompt_tokens, facts.output_tokens.value, images.encoding_flop if images else 0.0),
        traffic,
        room,
        cap,
        room if most is None else min(room, cap),
        question.prefill_accelerators or 0,
    )


def deployed(question: ServingQuestion, facts: ServingFacts, among: Candidates, best: Candidate) -> Deployment:
    """The layout that is taken, with all that is said about it."""
    sheet, laid, layout = facts.sheet.value, best.way.laid, best.way.laid.layout
    return Deployment(
        served=laid.served,
        chip=laid.chip,
        each=laid.each,
        layout=layout,
        law=best.way.law,
        traffic=best.traffic,
        weights_bytes=laid.weights_bytes * layout.accelerators,
        input_tokens=facts.prompt_tokens,
        output_tokens=facts.output_tokens.value,
        room=best.room,
        cap=best.cap,
        longest=longest_of(question, facts, laid.room, best.way.batches),
        count=among.count,
        computes_in=_computes_in(sheet, facts.weight_dtype.value),
        width=_width(question, layout, among.tried),
        sharing=_sharing(layout, among.count.value - best.prefill_accelerators),
        prefill_accelerators=best.prefill_accelerators,
        link=sheet.link if layout.width > 1 else None,
        network=sheet.network if layout.accelerators > laid.chip.node else None,
    )


def _count(question: ServingQuestion, hosted: Hosted, fill: float | None) -> Finding[int]:
    """All accelerators: given, or the least power of two whose memory the weights fill no further than `fill`."""
    if question.accelerator_count is not None:
        return Finding(question.accelerator_count)
    assert fill is not None
    count = question.expert_parallel or (question.tensor_parallel or 1) * (question.pipeline_parallel or 1)
    weights, memory = hosted.served.params * hosted.each.weight, hosted.sheet.chip.memory_bytes
    while count < MOST_ACCELERATORS and weights > fill * count * memory:
        count *= 2
    why = f"the least power of two whose memory the weights fill to {100 * fill:g} %"
    return Finding(count, (Assumption("accelerator_count", count, why=why),))


def _ways(question: ServingQuestion, hosted: Hosted, count: int) -> tuple[Way, ...]:
    """How the accelerators may share the model.

    Raises:  OutOfDomain where they cannot be divided so
    """
    width, stages, spread = question.tensor_parallel, question.pipeline_parallel, question.expert_parallel
    if spread is not None:
        _check_spread(question, hosted.served)
    needed = (width or 1) * (stages or 1) if spread is None else spread
    if needed > count:
        detail = f"{needed} accelerators of one replica are more than all {count}"
        pointer = "/expert_parallel" if spread else "/tensor_parallel" if width else "/pipeline_parallel"
        raise OutOfDomain(detail, pointer=pointer, hint=f"at most {count}", code="layout-impossible")
    ways = hosted.ways[LayoutWish(count, width, stages, spread, question.is_filled)]
    if ways[0].laid.layout.stages > hosted.served.layers:
        hint = f"at most {hosted.served.layers:.0f}"
        raise OutOfDomain("more pipeline stages than layers", pointer="/pipeline_parallel", hint=hint)
    return ways


def _check_spread(question: ServingQuestion, served: Served) -> None:
    if not served.experts:
        raise OutOfDomain("the model has no experts to spread", pointer="/expert_parallel", hint="leave it out")
    for name in ("tensor_parallel", "pipeline_parallel"):
        if (getattr(question, name) or 1) > 1:
            hint = "give expert_parallel alone: attention is replicated beside it"
            raise Malformed(f"{name} and expert_parallel do not go together here", pointer=f"/{name}", hint=hint)


def _does_not_fit(question: ServingQuestion, hosted: Hosted, laid: Laid, context: float) -> OutOfDomain:
    """What is missing, and what would fit."""
    chip, layout, held = laid.chip, laid.layout, laid.weights_bytes
    one = hosted.served.cache_elements(context) * hosted.each.cache
    group = layout.width * layout.stages
    detail = (
        f"{held / BYTES_PER_GB:.1f} GB of weights and {one / BYTES_PER_GB:.2f} GB of cache for one sequence do not fit "
        f"into the {chip.usable_bytes / BYTES_PER_GB:.1f} GB that the engine takes for them of the "
        f"{chip.memory_bytes / BYTES_PER_GB:.1f} GB of one of {group} {hosted.sheet.accelerator}"
    )
    ways = [*_wider(hosted, group, context), *_lighter(laid, context)]
    hint = f"would fit: {' or '.join(ways)}" if ways else "take shorter sequences or parts with more memory"
    pointer = "/tensor_parallel" if question.tensor_parallel else "/accelerator_count"
    return OutOfDomain(detail, pointer=pointer, hint=hint, code="does-not-fit")


def _wider(hosted: Hosted, group: int, context: float) -> Iterator[str]:
    """The least power of two of accelerators that would hold the model."""
    counts = [2**n for n in range(MOST_ACCELERATORS.bit_length()) if 2**n > group]
    for count in counts:
        chip, each = hosted.sheet.chip, hosted.each
        wide = default_placement(hosted.served, chip, each, LayoutWish(count))
        if Laid.of(hosted.served, chip, wide, each).room(context) >= 1:
            yield f"accelerator_count {count} with tensor_parallel {wide.width}"
            return


def _lighter(laid: Laid, context: float) -> Iterator[str]:
    """The first lighter weights that would fit."""
    for dtype in LIGHTER_DTYPES:
        each = replace(laid.each, weight=BYTES_PER_WEIGHT[dtype])
        if each.weight < laid.each.weight and Laid.of(laid.served, laid.chip, laid.layout, each).room(context) >= 1:
            yield f"weight_dtype {dtype}"
            return


def _traffic(question: ServingQuestion, facts: ServingFacts) -> Traffic:
    """What is computed per request: prompts without their cached part, steps that verify drafts."""
    computed = facts.prompt_tokens * (1 - question.prefix_cache_hit_fraction)
    drafted, drafting = question.speculative_tokens, facts.drafting.value
    if drafting is None:
        return Traffic(input_tokens=computed, output_tokens=facts.output_tokens.value)
    return Traffic(
        input_tokens=computed,
        output_tokens=facts.output_tokens.value,
        tokens_per_sequence=drafted + 1.0,
        tokens_per_step=accepted_tokens(drafted, drafting.acceptance_fraction),
        draft_factor=1 + drafted * drafting.cost_fraction,
    )


def _computes_in(sheet: DataSheet, weight: str) -> Finding[str]:
    if sheet.computes_in == weight:
        return Finding(weight)
    why = f"{sheet.accelerator} multiplies {weight} weights at its {sheet.computes_in} rate"
    said = Assumption("compute_dtype", sheet.computes_in, basis="derived", why=why)
    return Finding(sheet.computes_in, (said,))


def _width(question: ServingQuestion, layout: Placement, tried: tuple[int, ...]) -> Finding[int]:
    return _derived_width(layout.width, tried) if question.tensor_parallel is None else Finding(layout.width)


@lru_cache(maxsize=256)
def _derived_width(width: int, tried: tuple[int, ...]) -> Finding[int]:
    why = "as many as the weights need, with room"
    if len(tried) > 1:
        why = f"of the widths {', '.join(map(str, sorted(tried)))} the one that delivers most at this load"
    return Finding(width, (Assumption("tensor_parallel", width, basis="derived", why=why),))


def _sharing(layout: Placement, count: int) -> Finding[str]:
    found = Finding(str(layout.sharding))
    if layout.spread:
        why = "experts spread over the replica's accelerators"
        found = replace(found, assumptions=(Assumption("sharding", layout.sharding, basis="derived", why=why),))
    idle = count - layout.width * layout.stages * layout.replicas
    if idle > 0:
        detail = f"{idle} accelerators are left over by this layout and stand idle, paid"
        return warned(found, "accelerators-left-over", detail)
    return found
