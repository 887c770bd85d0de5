"""Model FLOP of a transformer from its shape: one closed form, its terms, and the conventions people count by.

A multiply-add is 2 FLOP. Matrix products and attention are counted; look-ups, norms, softmax, activations, rotary
embeddings are not. Training is 3 x forward (backward: gradients of activations and of weights). Recomputed
activations are hardware FLOP and never part of the model FLOP that an MFU divides.
"""

from collections.abc import Sequence
from typing import Literal

from mlquote.formulas.models.layers import (
    Attention,
    CompressedAttention,
    Experts,
    FeedForward,
    LatentAttention,
    Layers,
    Recurrence,
    Softmax,
    Stack,
)
from mlquote.formulas.models.weights import PLACE, READ, WRITTEN, Weights, is_logits
from mlquote.kit.records import quick_record

Convention = Literal["causal", "full_attention", "6nd", "palm", "cookbook"]
Recompute = Literal["none", "selective", "full"]

SCAN_FLOP_PER_STATE_ELEMENT = 7
"""Decay, update and read of a recurrent state: Megatron-LM, `mamba_layer_flops` (7 B S d_in d_state)."""


@quick_record
class FlopTerms:
    """Forward FLOP per token, term by term; `total` is their sum."""

    projections: float = 0.0
    """Query, key, value and output projections (and low-rank latents)."""
    attention: float = 0.0
    """Scores and weighted values."""
    recurrence: float = 0.0
    """Linear attention and state space: projections and scan."""
    feed_forward: float = 0.0
    """Dense feed-forwards, routed experts in use, shared experts."""
    router: float = 0.0
    logits: float = 0.0
    cross_attention: float = 0.0

    @property
    def total(self) -> float:
        """All terms."""
        return self.layers + self.logits

    @property
    def layers(self) -> float:
        """All terms but the logits: what full recomputation runs again."""
        return self.weights - self.logits + self.attention

    @property
    def weights(self) -> float:
        """The terms that multiply with weights: those have a weight gradient."""
        return self.projections + self.recurrence + self.feed_forward + self.router + self.logits + self.cross_attention

    def plus(self, other: "FlopTerms") -> "FlopTerms":
        """Term by term."""
        return FlopTerms(
            self.projections + other.projections,
            self.attention + other.attention,
            self.recurrence + other.recurrence,
            self.feed_forward + other.feed_forward,
            self.router + other.router,
            self.logits + other.logits,
            self.cross_attention + other.cross_attention,
        )

    def times(self, factor: float) -> "FlopTerms":
        """Term by term."""
        return FlopTerms(
            self.projections * factor,
            self.attention * factor,
            self.recurrence * factor,
            self.feed_forward * factor,
            self.router * factor,
            self.logits * factor,
            self.cross_attention * factor,
        )


def attended_tokens(
    sequence_tokens: float, *, window: int = 0, chunked: bool = False, causal: bool = True, triangle: bool = True
) -> float:
    """Tokens that one token attends to, averaged over a sequence.

    causal S/2; windowed w - w^2 / (2 S) for w < S; chunked w/2; not causal, or without the triangle, S or w.

    Args:
        sequence_tokens: S, tokens in one document, > 0.
        window: w, tokens seen back; 0 for all.
        chunked: the window does not slide.
        causal: no token sees a later one.
        triangle: count the causal triangle as half a square; False counts what a dense kernel multiplies.

    Returns: tokens.

    Source: Megatron-LM, `num_floating_point_operations` (core attention halved when causal).
    """
    seen = min(window, sequence_tokens) if window else sequence_tokens
    if not (causal and triangle):
        return seen
    if chunked or seen == sequence_tokens:
        return seen / 2
    return seen - seen * seen / (2 * sequence_tokens)


def mean_document_tokens(document_tokens: Sequence[int]) -> float:
    """The length that gives the attention of packed documents: sum(S_i^2) / sum(S_i).

    Args:
        document_tokens: S_i, the lengths packed into one row, each > 0.

    Returns: tokens.

    Source: Megatron-LM, packed sequences: S^2 replaced by the sum of squared document lengths.
    """
    return sum(length * length for length in document_tokens) / sum(document_tokens)


def projection_params(hidden_size: int, mixer: Softmax) -> int:
    """Weights that project to queries, keys, values and back.

    Grouped: h d (2 a + 2 k), d the head size, a heads, k key-value heads; one a more with an output gate, one k less
    where keys give the values. Latent: h q + q a (n + r) [or h a (n + r)] + h (c + r) + c a (n + v) + a v h; an
    indexer of i heads of size j: q i j + h j + h i.

    Args:
        hidden_size: h.
        mixer: the attention of one layer.

    Returns: parameters, biases and norms left out.

    Source: Ainslie et al. 2023 (GQA); DeepSeek-V2 2024, section 2.1 (MLA).
    """
    if isinstance(mixer, Attention):
        values = mixer.value_dim or mixer.head_dim
        queries = mixer.heads * mixer.head_dim * (2 if mixer.output_gate else 1)
        keys = mixer.kv_heads * (mixer.head_dim + (0 if mixer.values_from_keys else values))
        return (mixer.input_size or hidden_size) * (queries + keys) + mixer.heads * values * hidden_size
    if isinstance(mixer, CompressedAttention):
        return _compressed_params(hidden_size, mixer)
    per_head = mixer.nope_head_dim + mixer.rope_head_dim
    query = (
        mixer.q_lora_rank * (hidden_size + mixer.heads * per_head)
        if mixer.q_lora_rank
        else hidden_size * mixer.heads * per_head
    )
    keys = hidden_size * (mixer.kv_lora_rank + mixer.rope_head_dim)
    keys += mixer.kv_lora_rank * mixer.heads * (mixer.nope_head_dim + mixer.v_head_dim)
    width = mixer.index_heads * mixer.index_head_dim
    indexer = mixer.q_lora_rank * width + hidden_size * (mixer.index_head_dim + mixer.index_heads) if width else 0
    return query + keys + indexer + mixer.heads * mixer.v_head_dim * hidden_size


def _compressed_params(h: int, mixer: CompressedAttention) -> int:
    """h q + q a d + h d + a d o + g o h; entries 2 h d, twice that where an indexer picks, and its own in little."""
    wide = mixer.heads * mixer.head_dim
    params = mixer.q_lora_rank * (h + wide) + h * mixer.head_dim
    params += mixer.o_lora_rank * (wide + mixer.o_groups * h)
    if not mixer.ratio:
        return params
    if not mixer.index_heads:
        return params + 2 * h * mixer.head_dim
    indexer = mixer.q_lora_rank * mixer.index_heads * mixer.index_head_dim + h * mixer.index_heads
    return params + 4 * h * (mixer.head_dim + mixer.index_head_dim) + indexer


def feed_forward_params(hidden_size: int, feed: FeedForward | Experts | None, *, active: bool) -> int:
    """Weights of a feed-forward or of the experts (those one token uses, if `active`), the router apart.

    m h f, m = 3 if gated else 2; for a mixture m (h' f k + h s), k experts in use, s the shared size, h' the size the
    experts work on, and 2 h h' where that is a projection.

    Args:
        hidden_size: h.
        feed: the feed-forward of one layer; None has no weights.
        active: count the experts of one token, or all.

    Returns: parameters, biases left out.

    Source: Shazeer 2020 (gated units); Mixtral 2024; DeepSeekMoE 2024 (shared experts).
    """
    if feed is None:
        return 0
    matrices = 3 if feed.gated else 2
    if isinstance(feed, FeedForward):
        return matrices * hidden_size * feed.size
    width = feed.latent_size or hidden_size
    used = feed.per_token if active else feed.experts
    down_and_up = 2 * hidden_size * feed.latent_size
    return matrices * (width * feed.size * used + hidden_size * feed.shared_size) + down_and_up


def _core(mixer: Softmax, attended: float) -> float:
    if isinstance(mixer, CompressedAttention):
        return 4 * mixer.heads * mixer.head_dim * attended
    if isinstance(mixer, Attention):
        return 2 * mixer.heads * (mixer.head_dim + (mixer.value_dim or mixer.head_dim)) * attended
    return 2 * mixer.heads * (mixer.nope_head_dim + mixer.rope_head_dim + mixer.v_head_dim) * attended


def _latent_norms(mixer: Softmax) -> int:
    """Megatron-LM counts the norm of each latent, alone of all norms: one multiply-add per channel."""
    return mixer.q_lora_rank + mixer.kv_lora_rank if isinstance(mixer, LatentAttention) else 0


def _attention_flop(mixer: Softmax, sequence_tokens: float, *, causal: bool, triangle: bool) -> float:
    """The core, and what an indexer looks at to choose the core's tokens."""
    if isinstance(mixer, Attention):
        window, chunked = mixer.window, mixer.chunked
        return _core(
            mixer,
            attended_tokens(sequence_tokens, window=window, chunked=chunked, causal=causal, triangle=triangle),
        )
    if isinstance(mixer, CompressedAttention):
        near = attended_tokens(sequence_tokens, window=mixer.window, causal=causal, triangle=triangle)
        entries = sequence_tokens / mixer.ratio if mixer.ratio else 0.0
        far = attended_tokens(entries, window=mixer.index_entries, causal=causal, triangle=triangle) if entries else 0.0
        scored = attended_tokens(entries, causal=causal, triangle=triangle) if entries else 0.0
        return _core(mixer, near + far) + 2 * mixer.index_heads * mixer.index_head_dim * scored
    chosen = attended_tokens(sequence_tokens, window=mixer.index_tokens, causal=causal, triangle=triangle)
    looked_at = attended_tokens(sequence_tokens, causal=causal, triangle=triangle)
    return _core(mixer, chosen) + 2 * mixer.index_heads * mixer.index_head_dim * looked_at


def block_flop(
    block: Layers, hidden_size: int, sequence_tokens: float, *, causal: bool, triangle: bool, router: bool = False
) -> FlopTerms:
    """Forward FLOP per token of all `block.count` layers, without cross attention.

    Per layer 2 P_proj + 2 a (d_qk + d_v) s + 2 P_ffn (+ 2 h E for the router); a recurrence 2 P + 7 state.

    Args:
        block: the layers.
        hidden_size: h.
        sequence_tokens: tokens of one document.
        causal: no token sees a later one.
        triangle: count the causal triangle as half a square.
        router: count the router's product.

    Returns: FLOP per token, by term.

    Source: Megatron-LM d98e8a64dd, `num_floating_point_operations`.
    """
    projections = attention = recurrence = routing = 0.0
    mixer, feed = block.mixer, block.feed
    if isinstance(mixer, Recurrence):
        recurrence = 2 * mixer.matmul_params + SCAN_FLOP_PER_STATE_ELEMENT * mixer.state_elements
    elif mixer is not None:
        projections = 2 * (projection_params(hidden_size, mixer) + _latent_norms(mixer))
        attention = _attention_flop(mixer, sequence_tokens, causal=causal, triangle=triangle)
    if router and isinstance(feed, Experts):
        routing = 2 * hidden_size * feed.experts
    ffn = 2 * feed_forward_params(hidden_size, feed, active=True)
    return FlopTerms(
        projections=block.count * projections,
        attention=block.count * attention,
        recurrence=block.count * recurrence,
        feed_forward=block.count * ffn,
        router=block.count * routing,
    )


def logits_flop(stack: Stack) -> float:
    """Forward FLOP per token of the output head: 2 h V (1 + M), and the dense layers before it.

    M layers that predict further ahead use the head again, after a product of 2 h^2 and norms of 3 h.

    Args:
        stack: the model; its vocabulary as stored, padding included.

    Returns: FLOP per token; 0 without a head.

    Source: Narayanan et al. 2021, section 5.1; DeepSeek-V3 2024, section 2.2, as Megatron-LM counts it.
    """
    width, ahead = stack.embedding_size or stack.hidden_size, stack.mtp_layers
    joined = ahead * stack.hidden_size * (2 * stack.hidden_size + 3)
    return 2.0 * (width * stack.vocab_size * stack.has_head * (1 + ahead) + stack.head_params + joined)


def forward_flop(
    stack: Stack,
    sequence_tokens: float,
    *,
    triangle: bool = True,
    router: bool = False,
    encoder_fraction: float = 0.5,
) -> FlopTerms:
    """Forward FLOP per token of a whole model, by term: the sum of its blocks and its logits.

    With an encoder, a share `encoder_fraction` of the tokens passes the encoder and the rest the decoder; each
    decoder token attends to the encoder's, whose keys and values are projected once.

    Args:
        stack: the model.
        sequence_tokens: tokens of one document (of encoder and decoder together).
        triangle: count the causal triangle as half a square (model FLOP); False: the full square.
        router: count the mixture's router.
        encoder_fraction: share of the tokens that the encoder reads, where there is an encoder.

    Returns: FLOP per token, by term.

    Source: Megatron-LM d98e8a64dd, `num_floating_point_operations`; Raffel et al. 2020, section 3.2.1 (an
        encoder-decoder of 2P parameters costs what a language model of P costs).
    """
    share = 1.0 - encoder_fraction if stack.encoder else 1.0
    total = FlopTerms(logits=share * logits_flop(stack))
    for block in stack.blocks:
        terms = block_flop(
            block, stack.hidden_size, share * sequence_tokens, causal=stack.causal, triangle=triangle, router=router
        )
        total = total.plus(terms.times(share) if share != 1.0 else terms)
    for block in stack.encoder:
        read = encoder_fraction * sequence_tokens
        terms = block_flop(block, stack.hidden_size, read, causal=False, triangle=triangle, router=router)
        total = total.plus(terms.times(encoder_fraction))
    if stack.encoder:
        total = total.plus(FlopTerms(cross_attention=_cross(stack, sequence_tokens, encoder_fraction)))
    return total


def _cross(stack: Stack, sequence_tokens: float, encoder_fraction: float) -> float:
    flop = 0.0
    for block in stack.blocks:
        if block.cross is None:
            continue
        queries = 4 * stack.hidden_size * block.cross.heads * block.cross.head_dim
        keys = 4 * stack.hidden_size * block.cross.kv_heads * block.cross.head_dim
        core = _core(block.cross, encoder_fraction * sequence_tokens)
        flop += block.count * ((1 - encoder_fraction) * (queries + core) + encoder_fraction * keys)
    return flop


def products_flop(count: Weights, sequence_tokens: float, *, triangle: bool = True) -> FlopTerms:
    """Forward FLOP per token of a model that is counted as products, by term: those with weights, attention, logits.

    Of an encoder-decoder half of the tokens are read and half are written.

    Args:
        count: products at places "x", or "read" and "written".
        sequence_tokens: S, tokens of one document (read and written together).
        triangle: count the decoder's causal triangle as half a square; an encoder has none.

    Returns: FLOP per token, by term; what is used once a document is shared by its tokens.

    Source: definition; as torch.utils.flop_counter sees it without the triangle.
    """
    half = sequence_tokens / 2
    numbers = {PLACE: sequence_tokens, READ: half, WRITTEN: half}
    found = {"projections": 0.0, "attention": 0.0, "logits": 0.0}
    for places, each in count.products.items():
        term = "attention" if len(places) > 1 else "logits" if is_logits(places) else "projections"
        share = 0.5 if triangle and places == (WRITTEN, WRITTEN) else 1.0
        found[term] += share * Weights(0, {places: each}).flop(**numbers) / sequence_tokens
    return FlopTerms(**found)


def training_flop_per_token(forward: FlopTerms, *, trainable_fraction: float = 1.0) -> float:
    """Model FLOP per token of training: forward, gradients of activations, gradients of what is trained.

    F_w (2 + t) + 3 F_a, F_w the terms with weights, F_a the attention, t the trained share of the weights: 3 F when
    all is trained, 4 per frozen and 6 per trained parameter otherwise.

    Args:
        forward: forward FLOP per token, by term.
        trainable_fraction: t, 0 to 1.

    Returns: FLOP per token.

    Source: Kaplan et al. 2020, section 2.1 (backward is twice forward); Lightning-AI/litgpt#420 (frozen weights).
    """
    return forward.weights * (2.0 + trainable_fraction) + 3.0 * forward.attention


def recomputed_flop_per_token(forward: FlopTerms, recompute: Recompute) -> float:
    """Hardware FLOP per token spent on running the forward pass again; no part of model FLOP.

    none 0; selective: the attention core; full: every layer, not the logits.

    Args:
        forward: forward FLOP per token, by term.
        recompute: which activations are not kept.

    Returns: FLOP per token.

    Source: Korthikanti et al. 2022, appendix A; Narayanan et al. 2021, section 5.1 (96 B s l h^2 ... = 4/3 of the
        layers, logits once).
    """
    return {"none": 0.0, "selective": forward.attention, "full": forward.layers}[recompute]


def six_nd_flop_per_token(params: float, *, trainable_fraction: float = 1.0) -> float:
    """Training FLOP per token from parameters alone: C = 6 N, of which 2 forward, 2 and 2 t backward.

    Args:
        params: N, the parameters one token uses.
        trainable_fraction: t, the trained share.

    Returns: FLOP per token.

    Source: Kaplan et al. 2020, equation 2.2.
    """
    return (4.0 + 2.0 * trainable_fraction) * params


def dense_attention_flop_per_token(layers: int, width: int, sequence_tokens: float, *, causal: bool = True) -> float:
    """Forward FLOP per token of full attention in every layer: 2 L q S when causal, 4 L q S otherwise.

    Args:
        layers: L.
        width: q, heads times head size.
        sequence_tokens: S.
        causal: count the triangle as half a square.

    Returns: FLOP per token.

    Source: Chowdhery et al. 2022 (PaLM), appendix B: 12 L H Q T for training, not halved.
    """
    return (2.0 if causal else 4.0) * layers * width * sequence_tokens
