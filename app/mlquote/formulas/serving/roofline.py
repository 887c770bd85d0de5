"""How long one decode step and one prompt token take on a group of accelerators: bytes, FLOP, links and overheads.

A step is not one roof: weights, caches, products, messages and launches overlap badly, so their times are combined and
added, each with an effective rate fitted on measured runs (`Rates`, from the catalogue's `serving_constants`). Every
function is plain arithmetic, so that a fit may pass arrays where an estimate passes floats. The price: the rates are
effective ones, which also soak up what a kernel wastes; left aside are tables of measured kernels, which know only the
shapes and parts they were measured on.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one replica does for its requests, as seen by one of its accelerators; nothing here is fitted.

    Flags are 0 or 1. Bytes and FLOP are one accelerator's share of a replica's.
    """

    bandwidth_bytes_per_s: float
    """Data-sheet memory bandwidth."""
    flop_per_s: float
    """Data-sheet dense rate of the dtype that is really computed in."""
    sixteen_bit_flop_per_s: float
    """Data-sheet dense rate of 16-bit products, in which attention is computed."""
    link_bytes_per_s: float
    """Data-sheet link between accelerators, one way."""
    network_bytes_per_s: float
    """Network beyond a node for each accelerator, one way."""
    shared_bytes: float
    """Weights that every step reads: all of a dense model; of a mixture what every token passes through."""
    expert_bytes: float
    """Weights of all routed experts."""
    expert_fraction: float
    """Share of the experts that one token uses; 0 in a dense model."""
    flop_per_token: float
    """Products with weights: 2 x active parameters."""
    cache_bytes_per_sequence: float
    """Keys, values and states read for one sequence at its mean length."""
    latent_flop_per_sequence: float
    """Products of latent attention at the mean length; 0 for other attention."""
    attention_flop_per_prompt_token: float
    """Products of attention for one prompt token, causal mean over the prompt."""
    encoding_flop_per_prompt_token: float = 0.0
    """Products of an image encoder for one prompt token, in the dtype that is computed in; 0 where no image is read."""
    message_bytes_per_token: float
    """What all layers' collectives send for one token."""
    network_bytes_per_token: float
    """The part of it that leaves the node, where no second micro-batch hides it."""
    network_hops: float
    """Collectives and hand-overs of a step that cross a node's edge; experts that are spread over nodes hide theirs
    behind a second micro-batch."""
    collectives: float
    """Collectives per step: two a layer where a replica is wider than one accelerator."""
    depth: float
    """Layers that launch kernels one after another."""
    activation_bytes_per_token: float
    """Bytes of one hidden state in every layer."""
    routed_bytes_per_token: float
    """The same, times the experts that one token is copied to."""
    mixture: float
    """1 where experts are chosen."""
    hybrid: float
    """1 where layers carry a recurrent state."""
    expert_parallel: float
    """1 where experts are spread and attention is replicated."""
    host_share: float
    """Share of a replica's sequences that one scheduler handles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The fitted constants, resolved for one engine, dtype and vendor. Sources and fit date stand in the catalogue."""

    bandwidth_fraction: float
    bandwidth_ceiling_bytes_per_s: float
    """No kernel streams faster than this, however fast the memory: 1/rate = 1/(fraction x data sheet) + 1/ceiling."""
    expert_bandwidth_fraction: float
    cache_bandwidth_fraction: float
    weight_slowdown: float
    """Times longer that weights take to read where a dtype or a vendor's kernels lag."""
    mixture_slowdown: float
    """The same for the weights of a mixture: kernels that pick experts lag in some dtypes."""
    decode_flop_fraction: float
    prefill_flop_fraction: float
    flop_ceiling_per_s: float
    mixture_decode_fraction: float
    mixture_prefill_fraction: float
    latent_flop_fraction: float
    prompt_attention_factor: float
    routing_exponent: float
    """r: tokens that choose experts like so many independent ones, b^r; 1 where routing is uniform."""
    overlap_exponent: float
    """p in (memory^p + compute^p)^(1/p): 1 adds them, infinity overlaps them wholly."""
    step_s: float
    layer_s: float
    mixture_layer_factor: float
    hybrid_layer_factor: float
    sequence_s: float
    """Host time per sequence and step: scheduling, sampling, detokenising, streaming."""
    link_fraction: float
    collective_s: float
    expert_collective_s: float
    network_collective_s: float
    """What a collective takes longer where it crosses a node's edge."""
    activation_passes: float
    routed_passes: float


class StepTime(NamedTuple):
    """One decode step of a replica, in seconds, and its parts (weights and products overlap in `linear_s`)."""

    total_s: float
    weights_s: float
    products_s: float
    linear_s: float
    cache_s: float
    communication_s: float
    overhead_s: float


def raised(base: float, exponent: float) -> float:
    """base ** exponent, for bases that are never negative."""
    return base**exponent  # type: ignore[no-any-return]  # float ** float is Any: a negative base gives a complex


def experts_touched_fraction(expert_fraction: float, tokens: float) -> float:
    """Share of the experts that a batch of tokens touches, routing taken as uniform.

    1 - (1 - e/E)^t

    Args:    expert_fraction: e/E, share of the experts one token uses, in [0, 1]
             tokens: tokens in the step, > 0
    Returns: fraction; e/E at one token, towards 1 in a large batch
    Source:  linearity of expectation over experts drawn without regard to each other
    """
    return 1 - raised(1 - expert_fraction, tokens)


def critical_batch(flop_per_s: float, bandwidth_bytes_per_s: float, bytes_per_weight: float) -> float:
    """Tokens in flight above which products take longer than reading the weights.

    B_crit = F / BW * w / 2

    Args:    flop_per_s: F, dense peak; bandwidth_bytes_per_s: BW; bytes_per_weight: w
    Returns: tokens
    Source:  Austin et al. 2025, How to Scale Your Model, chapter 7 (240 on TPU v5e in bf16)
    """
    return flop_per_s / bandwidth_bytes_per_s * bytes_per_weight / 2


def effective_bandwidth(load: Load, rates: Rates) -> float:
    """Bytes per second at which weights are streamed: a fraction of the data sheet below a common ceiling.

    1 / (1 / (u BW) + 1 / B0)
    """
    fraction = rates.bandwidth_fraction * load.bandwidth_bytes_per_s
    return 1 / (1 / fraction + 1 / rates.bandwidth_ceiling_bytes_per_s)


def effective_flop_per_s(load: Load, rates: Rates) -> float:
    """Data-sheet FLOP/s below a common ceiling, as small products cannot fill the fastest parts: 1 / (1/F + 1/F0)."""
    return 1 / (1 / load.flop_per_s + 1 / rates.flop_ceiling_per_s)


def activation_s_per_token(load: Load, rates: Rates) -> float:
    """Time one token's hidden states take through memory, and through the copies its experts need."""
    moved = rates.activation_passes * load.activation_bytes_per_token
    return (moved + rates.routed_passes * load.routed_bytes_per_token) / load.bandwidth_bytes_per_s


def message_s_per_token(load: Load, rates: Rates) -> float:
    """Time one token's collectives take on the links inside and beyond the node, latency apart."""
    inside = load.message_bytes_per_token / load.link_bytes_per_s
    return (inside + load.network_bytes_per_token / load.network_bytes_per_s) / rates.link_fraction


class Lengths(Protocol):
    """What the length of a mean request makes one accelerator do; a `Load` says it among other things."""

    @property
    def cache_bytes_per_sequence(self) -> float: ...
    @property
    def latent_flop_per_sequence(self) -> float: ...
    @property
    def attention_flop_per_prompt_token(self) -> float: ...
    @property
    def encoding_flop_per_prompt_token(self) -> float: ...


class Law(NamedTuple):
    """A load under fitted constants, whatever the lengths and the number of sequences: what steps and prompts take."""

    shared_bytes: float
    expert_bytes: float
    expert_fraction: float
    expert_bandwidth_fraction: float
    routing_exponent: float
    bandwidth_bytes_per_s: float
    """At which weights are streamed, slowdowns included."""
    flop_per_token: float
    flop_per_s: float
    """Data-sheet rate below the common ceiling."""
    decode_flop_per_s: float
    overlap_exponent: float
    cache_bytes_per_s: float
    latent_flop_per_s: float
    latency_s: float
    """Of a step's collectives."""
    message_s_per_token: float
    fixed_s: float
    """Launches of a step and its layers."""
    sequence_s: float
    host_share: float
    activation_s_per_token: float
    prefill_flop_per_s: float
    prompt_attention_factor: float


def law_of(load: Load, rates: Rates) -> Law:
    """What of a step and of a prompt token does not depend on lengths and sequences.

    Args:    load: one accelerator's share; rates: fitted constants
    """
    slow = rates.weight_slowdown * raised(rates.mixture_slowdown, load.mixture)
    flop_per_s = effective_flop_per_s(load, rates)
    latency = rates.collective_s + load.expert_parallel * (rates.expert_collective_s - rates.collective_s)
    return Law(
        shared_bytes=load.shared_bytes,
        expert_bytes=load.expert_bytes,
        expert_fraction=load.expert_fraction,
        expert_bandwidth_fraction=rates.expert_bandwidth_fraction,
        routing_exponent=rates.routing_exponent,
        bandwidth_bytes_per_s=effective_bandwidth(load, rates) / slow,
        flop_per_token=load.flop_per_token,
        flop_per_s=flop_per_s,
        decode_flop_per_s=flop_per_s
        * (rates.decode_flop_fraction * raised(rates.mixture_decode_fraction, load.mixture)),
        overlap_exponent=rates.overlap_exponent,
        cache_bytes_per_s=load.bandwidth_bytes_per_s * rates.bandwidth_fraction * rates.cache_bandwidth_fraction,
        latent_flop_per_s=load.sixteen_bit_flop_per_s * rates.latent_flop_fraction,
        latency_s=load.collectives * latency + load.network_hops * rates.network_collective_s,
        message_s_per_token=message_s_per_token(load, rates),
        fixed_s=_overhead_s(load, rates),
        sequence_s=rates.sequence_s,
        host_share=load.host_share,
        activation_s_per_token=activation_s_per_token(load, rates),
        prefill_flop_per_s=flop_per_s
        * (rates.prefill_flop_fraction * raised(rates.mixture_prefill_fraction, load.mixture)),
        prompt_attention_factor=rates.prompt_attention_factor,
    )


def decode_step(law: Law, lengths: Lengths, sequences: float, tokens_per_sequence: float = 1.0) -> StepTime:
    """One decode step of one replica.

    t = (t_weights^p + t_products^p)^(1/p) + t_cache + t_communication + t_overhead
    t_weights  = [W_shared + W_experts (1 - (1 - e/E)^(b^r)) / x] / BW',  t_products = 2 A b / (F' m)
    t_cache    = (t_read^3 + t_latent^3)^(1/3),  t_overhead = t_step + t_layer L + b (t_sequence + t_activations)

    Args:    law: one accelerator's share under fitted constants; lengths: of the mean request
             sequences: b, sequences of one replica, >= 1
             tokens_per_sequence: tokens verified at once for each of them (1 without speculation)
    Returns: seconds
    Source:  Austin et al. 2025, How to Scale Your Model, chapter 7 (general step time); smooth maximum and overheads
             fitted by benchmarks/fit_serving.py
    """
    tokens, power = sequences * tokens_per_sequence, law.overlap_exponent
    touched = law.expert_bytes * experts_touched_fraction(law.expert_fraction, raised(tokens, law.routing_exponent))
    weights = (law.shared_bytes + touched / law.expert_bandwidth_fraction) / law.bandwidth_bytes_per_s
    products = law.flop_per_token * tokens / law.decode_flop_per_s
    linear = raised(raised(weights, power) + raised(products, power), 1 / power)
    read = sequences * lengths.cache_bytes_per_sequence / law.cache_bytes_per_s
    latent = tokens * lengths.latent_flop_per_sequence / law.latent_flop_per_s
    cache = raised(read * read * read + latent * latent * latent, 1 / 3)
    communication = law.latency_s + tokens * law.message_s_per_token
    overhead = law.fixed_s + sequences * law.sequence_s * law.host_share + tokens * law.activation_s_per_token
    total = linear + cache + communication + overhead
    return StepTime(total, weights, products, linear, cache, communication, overhead)


def prefill_s_per_token(law: Law, lengths: Lengths) -> float:
    """Time one prompt token takes in a full batch of them.

    (2 A + attention + images) / (F' m) + activations + messages

    Args:    law, lengths: as `decode_step`
    Returns: seconds per prompt token and replica
    Source:  Kaplan et al. 2020, section 2.1 (2 N per token); efficiency fitted by benchmarks/fit_serving.py
    """
    flop = law.flop_per_token + law.prompt_attention_factor * lengths.attention_flop_per_prompt_token
    flop = flop + lengths.encoding_flop_per_prompt_token
    return flop / law.prefill_flop_per_s + law.activation_s_per_token + law.message_s_per_token


def _overhead_s(load: Load, rates: Rates) -> float:
    factor = raised(rates.mixture_layer_factor, load.mixture) * raised(rates.hybrid_layer_factor, load.hybrid)
    return rates.step_s + rates.layer_s * load.depth * factor
