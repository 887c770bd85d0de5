"""What serving asks of each accelerator: a model and its requests, laid over a group of accelerators."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

from mlquote.formulas.serving.roofline import Load

BYTES_PER_WEIGHT = {
    "fp64": 8.0, "fp32": 4.0, "tf32": 4.0, "fp16": 2.0, "bf16": 2.0, "fp8": 1.0, "int8": 1.0,
    "fp4": 0.5625, "mxfp4": 0.53, "int4": 0.53, "q4_k_m": 0.61,
}  # fmt: skip
"""Stored bytes per weight with the scales that come with them: NVFP4 one byte per 16 weights, MXFP4 one per 32, int4 a
half per 128 with zero points, Q4_K_M as llama.cpp's files come out (8B: 4.58 GiB)."""
WHOLE = frozenset({"q4_k_m"})
"""Formats that quantise the embedding table and the head too; the others leave both in 16 bits."""
SIXTEEN_BITS = 2.0
STATE_BYTES = 4.0
"""Recurrent states are kept in 32 bits."""
LATENT_WIDTH = 16384 / 7168
"""Width of latent attention over the hidden size: DeepSeek-V3's 128 heads of 128 on 7168."""
LATENT_DECODE = (576 + 512) / 2 / 128
"""Products per cached token of absorbed latent attention over those of a head of 128: scores on 576, values on 512."""
MESSAGE_BYTES = 2.0
"""Hidden states are sent in 16 bits."""
LEAST_SHARED = 0.02
"""Least share of a mixture's weights that every token passes through, where counts leave less."""
FINE_EXPERTS = 16
"""From this many experts on, engines spread experts over accelerators rather than replicate the model."""

Sharding = Literal["tensor", "expert", "replicated_attention"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What serving needs to know of a model."""

    params: float
    active_params: float
    table_params: float = 0.0
    """Embedding table and head, which quantised models keep in 16 bits."""
    layers: float
    hidden_size: float
    kv_heads: float
    full_layers: float
    full_elements_per_token: float
    """Cache numbers that the full layers keep of a token."""
    window_elements_per_token: float = 0.0
    window: float = 0.0
    state_elements: float = 0.0
    experts: float = 0.0
    experts_per_token: float = 0.0
    unread_params: float = 0.0
    """Held and not read for a token: an image encoder."""
    latent: bool = False
    recurrent: Literal["", "mamba", "linear"] = ""

    @property
    def expert_fraction(self) -> float:
        """Share of the experts that one token uses; 0 in a dense model."""
        return self.experts_per_token / self.experts if self.experts else 0.0

    @property
    def shared_params(self) -> float:
        """Weights that every token passes through: (A - P f) / (1 - f); all of a dense model."""
        fraction = self.expert_fraction
        if not 0 < fraction < 1:
            return self.params
        shared = (self.active_params - self.params * fraction) / (1 - fraction)
        return max(shared, LEAST_SHARED * self.params)

    @property
    def multiplied_params(self) -> float:
        """Weights that one token is multiplied with."""
        return self.active_params - self.unread_params

    @property
    def depth(self) -> float:
        """Layers of a mixer and a feed-forward each; Mamba hybrids count the two apart."""
        return self.layers / 2 if self.recurrent == "mamba" else self.layers

    def cache_elements(self, context_tokens: float) -> float:
        """Numbers kept of a sequence of this length, states apart."""
        windowed = min(context_tokens, self.window) if self.window else context_tokens
        return self.full_elements_per_token * context_tokens + self.window_elements_per_token * windowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """What serving needs to know of an accelerator, as its data sheet says."""

    memory_bytes: float
    """As programs see it."""
    usable_bytes: float
    """What an engine lets weights and caches take of it."""
    bandwidth_bytes_per_s: float
    link_bytes_per_s: float
    """One way."""
    network_bytes_per_s: float
    """Beyond the node, for each accelerator, one way."""
    node: int
    """Accelerators of one node."""
    sixteen_bit_flop_per_s: float
    flop_per_s: float
    """Dense rate of the dtype in which this model's products are computed on this part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How accelerators share a model: a replica is `width` x `stages` of them."""

    width: int
    """Accelerators that work on one layer together."""
    stages: int
    """Pipeline stages; each replica's batch is cut into as many parts, so one part behaves like a batch of its own."""
    replicas: int
    sharding: Sharding

    @property
    def accelerators(self) -> int:
        """Of one replica."""
        return self.width * self.stages

    @property
    def spread(self) -> bool:
        """Experts are spread, attention is replicated: each sequence's cache lies on one accelerator."""
        return self.sharding != "tensor" and self.width > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bytes:
    """Bytes per weight, per number in the cache, and per weight of the embedding table and head."""

    weight: float
    cache: float
    table: float

    @classmethod
    def of(cls, weight_dtype: str, kv_dtype: str) -> Self:
        """As weights and caches of these dtypes are stored."""
        each = BYTES_PER_WEIGHT[weight_dtype]
        table = each if weight_dtype in WHOLE else max(each, SIXTEEN_BITS)
        return cls(weight=each, cache=BYTES_PER_WEIGHT[kv_dtype], table=table)


def weights_bytes_per_accelerator(served: Served, layout: Placement, each: Bytes) -> float:
    """Weights that one accelerator holds: experts divided among all, the rest too unless attention is replicated.

    Args:    served, layout, each: as they are
    Returns: bytes
    """
    shared = served.shared_params * each.weight
    shared += served.table_params * (each.table - each.weight)
    routed = (served.params - served.shared_params) * each.weight
    return (shared / (1 if layout.spread else layout.width) + routed / layout.width) / layout.stages


def cache_width(served: Served, layout: Placement) -> float:
    """Over how many accelerators one sequence's cache is divided: no more than it has key-value heads."""
    return float(layout.width) if layout.spread else min(float(layout.width), max(served.kv_heads, 1.0))


def cache_bytes(served: Served, each: Bytes, context_tokens: float) -> float:
    """Bytes that one sequence keeps, cache and states."""
    return served.cache_elements(context_tokens) * each.cache + served.state_elements * STATE_BYTES


class Kept(NamedTuple):
    """What the length of a mean request makes one accelerator do; see `Load`."""

    cache_bytes_per_sequence: float
    latent_flop_per_sequence: float
    attention_flop_per_prompt_token: float
    encoding_flop_per_prompt_token: float


@dataclass(frozen=True, slots=True)
class Laid:
    """A model laid over accelerators: all that follows before anybody says how long its requests are."""

    served: Served
    chip: Chip
    layout: Placement
    each: Bytes
    weights_bytes: float
    """Of one accelerator."""
    cache_width: float
    """Over how many accelerators one sequence's cache is divided."""
    standing: Mapping[str, float]
    """What a `Load` has in common whatever the lengths."""

    @classmethod
    def of(cls, served: Served, chip: Chip, layout: Placement, each: Bytes) -> Self:
        """The model over the accelerators of this placement."""
        held, width = weights_bytes_per_accelerator(served, layout, each), cache_width(served, layout)
        return cls(served, chip, layout, each, held, width, _standing(served, chip, layout, each))

    def load(self, input_tokens: float, output_tokens: float) -> Load:
        """One accelerator's share of the work: as `load_of`."""
        return Load(**self.standing, **self.kept(input_tokens, output_tokens)._asdict())

    def kept(self, input_tokens: float, output_tokens: float, encoding_flop: float = 0.0) -> Kept:
        """The part of it that follows from lengths.

        Args:    input_tokens: mean prompt, cached prefix and images included; output_tokens: mean output
                 encoding_flop: of a mean request's images, in 16 bits
        """
        served, width, context = self.served, self.layout.width, input_tokens + output_tokens / 2
        attention = served.hidden_size * LATENT_WIDTH if served.latent else served.hidden_size
        latent = served.layers * 4 * attention * LATENT_DECODE * context / width if served.latent else 0.0
        states = 2 * served.state_elements * STATE_BYTES / width
        return Kept(
            served.cache_elements(context) * self.each.cache / self.cache_width + states,
            latent,
            2 * served.full_layers * attention * input_tokens / width,
            self._encoding(encoding_flop / input_tokens / width) if encoding_flop else 0.0,
        )

    def _encoding(self, flop: float) -> float:
        """FLOP in 16 bits as so many of those in which the model's products are computed."""
        return flop * self.chip.flop_per_s / self.chip.sixteen_bit_flop_per_s

    def room(self, context_tokens: float) -> float:
        """Sequences whose caches fit beside the weights: as `most_sequences`."""
        served, free = self.served, self.chip.usable_bytes - self.weights_bytes
        kept = served.cache_elements(context_tokens) * self.each.cache / self.cache_width
        return free / (kept + served.state_elements * STATE_BYTES / self.layout.width)


def load_of(
    served: Served, chip: Chip, layout: Placement, each: Bytes, *, input_tokens: float, output_tokens: float
) -> Load:
    """One accelerator's share of the work.

    Args:    input_tokens: mean prompt, cached prefix included; output_tokens: mean output
    Returns: a `Load`
    """
    return Laid.of(served, chip, layout, each).load(input_tokens, output_tokens)


def _standing(served: Served, chip: Chip, layout: Placement, each: Bytes) -> dict[str, float]:
    """What one accelerator has of a model and its messages, whatever the lengths of requests."""
    width, hidden, spread = float(layout.width), served.hidden_size, layout.spread
    shared = (served.shared_params - served.unread_params) * each.weight
    activation = served.layers * hidden * 2.0 / width
    messages = served.depth * 4 * (width - 1) / width * hidden * MESSAGE_BYTES
    nodes = width / min(width, float(chip.node))
    beyond = served.depth * 4 * (nodes - 1) / nodes * hidden * MESSAGE_BYTES / min(width, float(chip.node))
    return {
        "bandwidth_bytes_per_s": chip.bandwidth_bytes_per_s,
        "flop_per_s": chip.flop_per_s,
        "sixteen_bit_flop_per_s": chip.sixteen_bit_flop_per_s,
        "link_bytes_per_s": chip.link_bytes_per_s,
        "network_bytes_per_s": chip.network_bytes_per_s,
        "shared_bytes": shared / (1 if spread else width),
        "expert_bytes": (served.params - served.shared_params) * each.weight / width,
        "expert_fraction": served.expert_fraction,
        "flop_per_token": 2 * served.multiplied_params / width,
        "message_bytes_per_token": messages / (nodes * width / 2 if spread else 1),
        "network_bytes_per_token": 0.0 if spread else beyond,
        "network_hops": _network_hops(served, layout, nodes, chip.node),
        "collectives": 2 * served.depth if width > 1 else 0.0,
        "depth": served.depth,
        "activation_bytes_per_token": activation,
        "routed_bytes_per_token": activation * served.experts_per_token,
        "mixture": float(served.experts > 0),
        "hybrid": float(bool(served.recurrent)),
        "expert_parallel": float(spread),
        "host_share": 1 / width if layout.sharding == "replicated_attention" else 1.0,
    }


def _network_hops(served: Served, layout: Placement, nodes: float, node: int) -> float:
    """Collectives of a width over several nodes, and hand-overs between pipeline stages on different ones."""
    across = 2 * served.depth if nodes > 1 and not layout.spread else 0.0
    return across + max(layout.accelerators / node - nodes, 0.0)


NODE = 8
"""Accelerators in one server, over which measured runs of small mixtures spread their experts."""
MOST_SPREAD = 320
"""Accelerators over which experts are spread where nobody says: DeepSeek-V3's paper decodes on 320."""
ROOMY = 0.6
"""Weights of a default layout take no more than this share of the memory, so that caches find room."""


def usable_bytes(memory_bytes: float, fraction: float, reserve_bytes: float) -> float:
    """What an engine lets weights and caches take of one accelerator: its share of the memory, less what else it holds.

    M' = u M - r

    Args:    memory_bytes: M, as programs see it; fraction: u, the engine's share (`gpu_memory_utilization`);
             reserve_bytes: r, activations of the largest batch, captured graphs, the runtime
    Returns: bytes, at least 0
    Source:  vLLM, determine_available_memory: u M less the peak of a profiling run
    """
    return max(0.0, fraction * memory_bytes - reserve_bytes)


def most_sequences(served: Served, chip: Chip, layout: Placement, each: Bytes, context_tokens: float) -> float:
    """Sequences whose caches fit beside the weights, for one replica (one pipeline part of it); below 1: it does not.

    b = (M' - W) / kv(s), with M' what the engine lets weights and caches take

    Args:    context_tokens: mean tokens kept of a running sequence
    Returns: sequences, may be negative
    """
    return Laid.of(served, chip, layout, each).room(context_tokens)


class LayoutWish(NamedTuple):
    """How a model is to be laid out, as far as anybody says."""

    accelerators: int
    width: int | None = None
    stages: int | None = None
    spread: int | None = None
    """Accelerators that share the experts, attention replicated."""
    filled: bool = False
    """The batch is as large as it gets."""


def default_placement(served: Served, chip: Chip, each: Bytes, asked: LayoutWish) -> Placement:
    """How engines lay a model over accelerators when nobody says, or says only a part.

    Width: the least power of two at which weights take 60 % of the memory, else all accelerators. Fine-grained mixtures
    (16 experts or more) that are given a width of 1 spread their experts over all accelerators of one node, and over
    more where one does not hold them; filled to the brim they replicate attention. Models too large for their width are
    cut into pipeline stages.

    Args:    asked: accelerators, and what of their layout is given
    Returns: a placement, which may still not fit
    """
    weights, room = served.params * each.weight, chip.usable_bytes
    fine = served.experts >= FINE_EXPERTS
    accelerators, width, stages = asked.accelerators, asked.width, asked.stages
    if asked.spread is not None:
        return _spread_over(asked.spread, accelerators, "replicated_attention")
    if width is None:
        width = 1
        while width < accelerators and weights > ROOMY * width * (stages or 1) * chip.memory_bytes:
            width *= 2
        width = min(width, accelerators)
    elif fine and stages is None and width == 1 and accelerators > 1 and (accelerators <= NODE or weights > room):
        group = min(accelerators, MOST_SPREAD)
        return _spread_over(group, accelerators, "replicated_attention" if asked.filled else "expert")
    if stages is None:
        stages = 1
        while width * stages * 2 <= accelerators and weights > width * stages * chip.usable_bytes:
            stages *= 2
    replicas = accelerators // (width * stages)
    sharding: Sharding = "replicated_attention" if fine and asked.filled and width > 1 else "tensor"
    return Placement(width=width, stages=stages, replicas=max(replicas, 1), sharding=sharding)


def _spread_over(group: int, accelerators: int, sharding: Sharding) -> Placement:
    return Placement(width=group, stages=1, replicas=max(accelerators // group, 1), sharding=sharding)
