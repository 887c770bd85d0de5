"""Fields of a training question that count only under a condition: given where it is not met, they are named."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.asking.unused import NOT_USED, Needs, unused
from mlquote.estimators.machines.own_part import unused_figures
from mlquote.estimators.machines.peaks import SIXTEEN_BIT
from mlquote.estimators.models.flop import ADAPTED
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.training.adapters import absent_modules
from mlquote.estimators.training.communication import is_bound_by_network
from mlquote.estimators.training.facts import TrainingFacts
from mlquote.estimators.training.filling import USUAL_NODE, load_of_run
from mlquote.estimators.training.methods import recipe_of
from mlquote.estimators.training.question import DEFAULT_PRECISION, TrainingQuestion
from mlquote.estimators.training.rows import can_pad, packs, text_lengths
from mlquote.estimators.training.run import TrainingRun
from mlquote.formulas.models.adapters import ALL_LINEAR
from mlquote.formulas.training.efficiency import ONE_NODE
from mlquote.kit.provenance import Warning
from mlquote.kit.records import quick_record

_WEIGHTLESS = frozenset({"cookbook"})
"""Conventions that count every weight as trained."""


@quick_record
class Reckoned:
    """A question with what was found and reckoned for it."""

    question: TrainingQuestion
    facts: TrainingFacts
    run: TrainingRun

    @property
    def resolved(self) -> Resolved | None:
        """The model, where its sizes are known."""
        return self.facts.model.value

    @property
    def convention(self) -> str | None:
        """How tokens are counted into FLOP; None where they are not."""
        counted = self.run.work.value.counted
        return counted.convention if counted is not None and counted.unit == "token" else None

    @property
    def has_parts(self) -> bool:
        """Memory is counted part by part."""
        return self.run.memory.value is not None and self.question.memory_convention == "parts"

    @property
    def has_activations(self) -> bool:
        """Activations are among those parts."""
        return self.has_parts and self.resolved is not None and self.resolved.stack is not None

    @property
    def has_logits(self) -> bool:
        """Logits are among the activations, and by how many bytes each is a matter of how the loss runs."""
        need = self.run.memory.value
        layout = need.layout if need else None
        has_head = self.resolved is not None and self.resolved.stack is not None and self.resolved.stack.vocab_size > 0
        return has_head and layout is not None and layout.pipeline_parallel == 1

    @property
    def is_fitted(self) -> bool:
        """Its efficiency is that of published runs like it."""
        asked = self.question
        return not asked.is_measured and asked.mfu is None and asked.hfu is None

    @property
    def is_stepped(self) -> bool:
        """Its efficiency is that of its micro-steps."""
        return any("a micro-step" in said.why for said in self.facts.efficiency.assumptions)

    @property
    def is_powered(self) -> bool:
        """Some energy is known, by plug or by nameplate."""
        return self.run.footprint.energy_kwh is not None or self.run.footprint.energy_kwh_nameplate is not None

    @property
    def is_sent(self) -> bool:
        """The traffic of a step is told, and there is some."""
        told = self.run.communication.value
        return told is not None and told.bytes_per_accelerator_per_step > 0


def unused_fields(question: TrainingQuestion, facts: TrainingFacts, run: TrainingRun) -> Finding[None]:
    """A `field-not-used` warning for each field that was given and changes nothing, with why."""
    asked = Reckoned(question, facts, run)
    said = unused(question, asked, RULES)
    besides = (_wide_windows(asked), _uncounted_shape(asked), absent_modules(question, asked.resolved), _figures(asked))
    more = tuple(chain.from_iterable(besides))
    return replace(said, warnings=said.warnings + more) if more else said


def _uncounted_shape(r: Reckoned) -> Iterator[Warning]:
    """Said of sizes that only FLOP are counted by, where none are: the hours or the FLOP of all of it are given."""
    part, sizes = r.question.architecture, r.resolved.sizes if r.resolved is not None else None
    if part is None or r.run.work.value.counted is not None:
        return
    names = ["forward_flop_per_sample"]
    if sizes is not None and sizes.sliding_window:
        names += ["sliding_window", "full_attention_layers"]
    if part.params is not None or r.question.params is not None:
        names += ["conv_layers", "image_size", "patch_size"]
    for name in names:
        if getattr(part, name) is not None:
            yield Warning(NOT_USED, f"{name} changes nothing: no FLOP are counted from the model's shape")


def _figures(r: Reckoned) -> Iterator[Warning]:
    """Said of figures of one's own part that this run does not come to."""
    asked, run = r.question, r.run
    if asked.accelerator_figures is None:
        return
    peaks, generated = r.facts.peaks.value, r.facts.rollouts.value
    is_generating = generated is not None and generated.tokens_per_s is not None
    used = {
        "memory_gb": run.memory.value is not None,
        "memory_gb_per_s": is_generating,
        "peak_tflop_per_s": False,
        "tdp_w": r.is_powered and not (asked.power_w is not None and asked.power_scope == "chip"),
        "link_gb_per_s": r.is_sent or is_generating or (r.is_stepped and (asked.accelerator_count or 1) > 1),
        "usd_per_hour": asked.usd_per_accelerator_hour is None and run.costs.rental is not None,
        "purchase_usd": run.costs.amortised is not None,
    }
    if peaks is not None:
        given = asked.accelerator_figures.peak_tflop_per_s or {}
        counted = {peaks.own_dtype, next((each for each in SIXTEEN_BIT if each in given), peaks.own_dtype)}
        used |= {f"peak_tflop_per_s.{dtype}": True for dtype in counted}
    yield from unused_figures(asked.accelerator_figures, used, _FIGURES)


_FIGURES = {
    "memory_gb": "no memory is counted", "memory_gb_per_s": "nothing is generated",
    "peak_tflop_per_s": "no FLOP are set against it", "tdp_w": "no energy follows from it",
    "link_gb_per_s": "no traffic between accelerators is told",
    "usd_per_hour": "no rent follows from it, or usd_per_accelerator_hour is given",
    "purchase_usd": "no owner's dollars are told",
}  # fmt: skip


def _wide_windows(r: Reckoned) -> Iterator[Warning]:
    """Said of which layers attend in a window, where no document is longer than it."""
    part, resolved = r.question.architecture, r.resolved
    lengths = r.question.document_lengths or ((r.question.sequence_length,) if r.question.sequence_length else ())
    window = resolved.sizes.sliding_window if resolved is not None else None
    if part is None or part.full_attention_layers is None or not window or not lengths or max(lengths) > window:
        return
    detail = f"full_attention_layers changes nothing: no document is longer than the window of {window} tokens"
    yield Warning(NOT_USED, detail)


def _counts_amount(r: Reckoned) -> bool:
    """How much is trained decides FLOP, an efficiency, a loss or the carbon of a token."""
    if r.facts.amount.value is None:
        return False
    if r.run.work.value.counted is not None:
        return True
    is_timed = r.facts.speed.value is not None and r.facts.speed.value.tokens_per_s is not None
    return r.run.work.value.tokens is not None and (r.is_fitted or is_timed or r.run.sci_kgco2e_per_mtok is not None)


def _counts_samples(r: Reckoned) -> bool:
    return r.resolved is not None and _counts_amount(r)


def _counts_length(r: Reckoned) -> bool:
    """A sequence's length makes attention, activations or, times samples, tokens."""
    by_row = not text_lengths(r.question) or (r.question.document_lengths is not None and packs(r.question))
    if r.question.samples is not None and by_row and r.run.work.value.tokens is not None and _counts_amount(r):
        return True
    return (_is_attended(r) and not text_lengths(r.question)) or r.has_activations


def _counts_mean(r: Reckoned) -> bool:
    """A text's mean length makes attention, padded rows or, times samples, tokens."""
    is_counted = r.question.samples is not None and r.run.work.value.tokens is not None and _counts_amount(r)
    return is_counted or _is_attended(r) or (r.is_stepped and not packs(r.question))


def _counts_packing(r: Reckoned) -> bool:
    """Rows are padded or not: steps, memory's longest row, or what a sample is."""
    lengths = r.question.document_lengths
    is_counted = r.question.samples is not None and r.run.work.value.tokens is not None and _counts_amount(r)
    return r.is_stepped or (lengths is not None and (is_counted or r.has_activations))


def _is_attended(r: Reckoned) -> bool:
    """Attention is counted, by how many tokens attend to each other."""
    counted = r.run.work.value.counted
    if counted is None or r.convention in (None, "6nd"):
        return False
    return counted.terms is None or counted.terms.attention > 0


def _counts_method(r: Reckoned) -> bool:
    return r.run.work.value.model_flop is not None or (r.has_parts and r.question.adapted is not None)


def _counts_trained_share(r: Reckoned) -> bool:
    counted = r.run.work.value.counted
    is_arithmetic = counted is not None and counted.convention not in _WEIGHTLESS
    return is_arithmetic or (r.is_sent and r.question.adapted is None)


def _counts_adapters(r: Reckoned) -> bool:
    return r.has_parts or r.convention is not None


def _counts_rank(r: Reckoned) -> bool:
    return r.resolved is not None and r.resolved.stack is not None and (r.convention is not None or r.has_parts)


def _counts_recompute(r: Reckoned) -> bool:
    """Hardware FLOP grow or become unknown, or fewer activations are kept."""
    work = r.run.work.value
    if work.model_flop is not None and (
        work.hardware_flop is None or work.hardware_flop.median != work.model_flop.median
    ):
        return True
    return r.has_activations and (r.question.recompute == "full" or not r.question.fused_attention)


def _counts_scores(r: Reckoned) -> bool:
    """Attention scores would be kept."""
    if not r.has_activations or r.resolved is None or r.question.recompute == "selective":
        return False
    return load_of_run(r.question, r.resolved).score_bytes_per_pair > 0


def _counts_accumulation(r: Reckoned) -> bool:
    """Fewer gradients are sent for as many tokens."""
    return r.is_sent or (r.is_stepped and 1 < (r.question.accelerator_count or 1) <= ONE_NODE)


def _leaves_node(r: Reckoned) -> bool:
    node = r.facts.accelerator.value.accelerators_per_node or USUAL_NODE
    return r.is_sent and (r.question.accelerator_count or 0) > node


def _bounds_traffic(r: Reckoned) -> bool:
    need, given = r.run.memory.value, r.question.network_gb_per_s
    layout = need.layout if need is not None else None
    return layout is None or given is None or is_bound_by_network(r.facts.accelerator.value, layout, given)


def _counts_terms(r: Reckoned) -> bool:
    if r.question.price_model == "spot":
        return True
    if r.question.price_model == "owned":
        return r.question.cost_basis != "rental"
    return r.question.own_usd_per_hour is None


def _counts_provider(r: Reckoned) -> bool:
    """A price, an overhead, a market's carbon or water is the provider's own."""
    asked, site = r.question, r.facts.site
    is_priced = asked.own_usd_per_hour is None
    is_stored = bool(asked.storage_gb_months) and asked.usd_per_gb_month is None
    is_sent_out = bool(asked.egress_gb) and asked.usd_per_egress_gb is None
    its_own = site.market_kgco2e_per_kwh.value is not None or site.wue_l_per_kwh.value is not None
    return (
        is_priced or is_stored or is_sent_out or _counts_region(r)
        or (r.is_powered and (its_own or site.pue.level in ("region", "fleet")))
    )  # fmt: skip


def _counts_region(r: Reckoned) -> bool:
    """The grid, a price or a figure of the building is the region's."""
    asked, site, region = r.question, r.facts.site, r.facts.place.value.region
    if region is None:
        return False
    if asked.grid_zone is None and asked.kgco2e_per_kwh is None and r.is_powered:
        return True
    if any(region in row.key.split("/") for row in r.facts.rate.rows):
        return True
    figures = (site.pue, site.market_kgco2e_per_kwh, site.wue_l_per_kwh)
    return r.is_powered and any(row.table == "regions" for figure in figures for row in figure.rows)


_NO_PARTS = "memory is not counted part by part"
_NO_ACTIVATIONS = "no activations are counted"
_NO_FLOP = "no FLOP are counted from tokens"
_HOURS_STAND = "sizes are missing, and the hours or FLOP that are given do without"
RULES: tuple[Needs[Reckoned], ...] = (
    Needs(("model", "params", "active_params", "architecture", "hf_config"), lambda r: r.resolved is not None,
          _HOURS_STAND),
    Needs(("tokens", "epochs"), _counts_amount, "nothing that is asked depends on how much is trained"),
    Needs(("samples",), _counts_samples, "nothing that is asked depends on how much is trained"),
    Needs(("sequence_length",), _counts_length, "neither attention nor activations are counted by it"),
    Needs(("flop_convention",), lambda r: r.convention is not None, _NO_FLOP),
    Needs(("document_lengths",), _is_attended, "attention is not counted"),
    Needs(("mean_document_tokens",), _counts_mean, "neither attention, rows nor samples are counted by it"),
    Needs(("packing",), lambda r: bool(text_lengths(r.question)),
          "nobody says how long texts are: give mean_document_tokens or document_lengths"),
    Needs(("packing",), lambda r: can_pad(r.question), "pretraining cuts one stream, rollouts are rows apart"),
    Needs(("packing",), lambda r: packs(r.question.model_copy(update={"packing": None})) != r.question.packing,
          "rows are so anyway"),
    Needs(("packing",), _counts_packing, "no rows are counted"),
    Needs(("method",), _counts_method, "no FLOP are known that a law might look at, and nothing is frozen in memory"),
    Needs(("run_kind",), lambda r: r.is_fitted, "only an efficiency that is fitted differs by it"),
    Needs(("adapters",), lambda r: r.question.method not in ADAPTED, "the method says so already"),
    Needs(("adapters",), _counts_adapters, "no FLOP are counted from tokens, and no memory part by part"),
    Needs(("lora_rank", "target_modules"), lambda r: r.question.adapted is not None,
          "only lora and qlora, as method or adapters, have any"),
    Needs(("lora_rank", "target_modules"), _counts_rank, "no adapters are counted"),
    Needs(("target_modules",), lambda r: r.question.target_modules != (ALL_LINEAR,), "all-linear is the default"),
    Needs(("generations_per_prompt", "completion_tokens"), lambda r: recipe_of(r.question.method).generates,
          "only grpo, rloo and ppo generate what they learn from"),
    Needs(("generations_per_prompt", "completion_tokens"), lambda r: r.facts.rollouts.value is not None,
          "no rollouts are counted"),
    Needs(("teacher",), lambda r: r.question.method == "distill", "only distill has a teacher"),
    Needs(("teacher",), lambda r: bool(r.run.work.value.passes) or r.has_parts, "no FLOP or memory of it are counted"),
    Needs(("trainable_fraction",), _counts_trained_share, "no FLOP are counted by what is trained"),
    Needs(("recompute",), _counts_recompute, "no FLOP or activations are counted that it would change"),
    Needs(("tensor_parallel", "pipeline_parallel", "expert_parallel"), lambda r: r.has_parts, _NO_PARTS),
    Needs(("zero_stage", "memory_convention"), lambda r: r.run.memory.value is not None, "no memory is counted"),
    Needs(("optimizer",), lambda r: r.has_parts or r.is_sent, _NO_PARTS),
    Needs(("micro_batch_size",), lambda r: r.has_activations or r.is_stepped, _NO_ACTIVATIONS),
    Needs(("gradient_accumulation_steps",), _counts_accumulation, "no traffic of a step is told"),
    Needs(("fused_loss",), lambda r: r.has_activations, _NO_ACTIVATIONS),
    Needs(("fused_loss",), lambda r: r.has_logits, "no logits of one stage are counted"),
    Needs(("embedding_dtype",), lambda r: r.question.adapted == "qlora" and r.has_parts,
          "only qlora, where memory is counted part by part, has an embedding table apart"),
    Needs(("fused_attention",), _counts_scores, "no attention scores would be kept"),
    Needs(("network_gb_per_s",), _leaves_node, "no step is told whose traffic leaves a node"),
    Needs(("network_gb_per_s",), _bounds_traffic, "the links inside a node are slower, and bound what is sent"),
    Needs(("precision",), lambda r: r.facts.peaks.value is not None or r.question.precision == DEFAULT_PRECISION,
          "no FLOP are set against a peak"),
    Needs(("power_scope",), lambda r: r.question.power_w is not None, "power_w is not given"),
    Needs(("idle_fraction",), lambda r: r.facts.draw.system.value is not None or not r.question.idle_fraction,
          "the draw at work is unknown"),
    Needs(("grid_zone",), lambda r: r.question.kgco2e_per_kwh is None or r.facts.site.zone is not None,
          "kgco2e_per_kwh is given"),
    Needs(("grid_zone", "kgco2e_per_kwh", "pue"), lambda r: r.is_powered, "no energy is known"),
    Needs(("region",), _counts_region, "every figure of the place is given or has another source"),
    Needs(("provider",), _counts_provider, "every figure of the place is given or has another source"),
    Needs(("place",), lambda r: r.question.is_amortised,
          "only machines of one's own stand there; give price_model owned"),
    Needs(("place",), lambda r: r.run.costs.amortised is not None or (r.is_powered and r.question.pue is None),
          "neither an owner's dollars nor an overhead are told"),
    Needs(("price_model",), _counts_terms, "the price or the basis is given"),
    Needs(("usd_per_accelerator_hour",), lambda r: r.run.costs.rental is not None or bool(r.run.costs.lines),
          "another part of the bill is unknown, so no dollars are told"),
    Needs(("usd_per_gb_month",), lambda r: bool(r.question.storage_gb_months), "nothing is stored"),
    Needs(("usd_per_egress_gb",), lambda r: bool(r.question.egress_gb), "nothing is sent out"),
)  # fmt: skip
"""In the order of the question's fields; of two rules for one field, the first that is not met is said."""
