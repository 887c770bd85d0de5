"""What is found for a serving question: every look-up, each a Finding that says where it comes from."""

from dataclasses import dataclass
from datetime import datetime

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, Finding
from mlquote.estimators.machines.place import Place
from mlquote.estimators.machines.site import Site
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.serving.api_price import ApiPrice, Request, api_price_of
from mlquote.estimators.serving.constants import Constants
from mlquote.estimators.serving.data_sheet import DataSheet
from mlquote.estimators.serving.engine_memory import EngineMemory
from mlquote.estimators.serving.engines import ServingEngine
from mlquote.estimators.serving.hosted import Hosted
from mlquote.estimators.serving.hour_price import HourPrice, other_prices_of
from mlquote.estimators.serving.images import PromptImages, images_of
from mlquote.estimators.serving.lora import ServedAdapters
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.standing import NOT_NEEDED, Sparsity, standing_of
from mlquote.estimators.tokens.rate_cards import NamedCard
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Assumption

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


@dataclass(frozen=True, slots=True)
class Drafting:
    """How well drafts do: the chance that a drafted token is accepted, and the time of drafting one over a step's."""

    acceptance_fraction: float
    cost_fraction: float


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
    hosted: Finding[Hosted]
    """The model on the part under the engine, ready to be laid out."""
    input_tokens: Finding[float]
    """Mean prompt, cached prefix included, images apart."""
    images: Finding[PromptImages | None]
    """Those of the prompt; None where there are none, or nobody knows their tokens."""
    output_tokens: Finding[float]
    weights_fill: Finding[float | None]
    """How full the weights make the memory where nobody says how many accelerators; None where somebody does."""
    drafting: Finding[Drafting | None]
    """None where nothing is drafted."""
    engine: Finding[ServingEngine]
    engine_age: Finding[float]
    """Years by which it is older than the newest that was measured."""
    adapters: Finding[ServedAdapters | None]
    """Kept ready beside the weights; None where none are."""
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

    @property
    def prompt_tokens(self) -> float:
        """Mean prompt, its images included."""
        return prompt_of(self.input_tokens, self.images)


def facts_of(
    question: ServingQuestion, catalog: Snapshot, when: datetime, card: NamedCard | None = None
) -> ServingFacts:
    """Every look-up that a question needs.

    Raises:  OutOfDomain where the part cannot compute with such weights; UnknownName for names the catalogue lacks;
             Malformed for contradictions
    """
    standing = standing_of(question, catalog, when)
    prompt, output = (_given_or(getattr(question, each), each, catalog, when) for each in LENGTHS)
    images = images_of(question, standing.model.value.name, catalog, when)
    api = api_price_of(question, Request(prompt_of(prompt, images), output.value), catalog, when, card)
    return ServingFacts(
        model=standing.model,
        sparsity=standing.sparsity,
        weight_dtype=standing.weight_dtype,
        kv_dtype=standing.kv_dtype,
        accelerator=standing.accelerator,
        memory=standing.memory,
        sheet=standing.sheet,
        hosted=standing.hosted,
        input_tokens=prompt,
        images=images,
        output_tokens=output,
        weights_fill=standing.weights_fill,
        drafting=_drafting(question, catalog, when),
        engine=standing.engine,
        engine_age=standing.engine_age,
        adapters=standing.adapters,
        constants=standing.constants,
        targets=_targets(question, standing.constants.value, catalog, when),
        place=standing.place,
        site=standing.site,
        price=standing.price,
        embodied=standing.embodied,
        rated_w=standing.rated_w,
        wall_factor=standing.wall_factor,
        api=api,
        other_prices=other_prices_of(question.terms, standing.lessor, catalog, when) if api.value else (),
    )


def prompt_of(text: Finding[float], images: Finding[PromptImages | None]) -> float:
    """Tokens of a mean prompt: its text, and the images in it."""
    return text.value if images.value is None else text.value + images.value.tokens


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
