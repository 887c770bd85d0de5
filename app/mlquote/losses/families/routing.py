"""Losses of a router's logits: load balancing over experts, and the z-loss that keeps logits small."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from mlquote.losses.loss import Answer, Array, Batch, Block, Params, Properties, Reader, Reduce, Softmax, row_sums


def z_loss(block: Block) -> Array:
    """The squared logarithm of the softmax's normaliser, of a router or of an output layer.

        L = coef (log sum_c exp z_c)^2

    Gradient: 2 coef lse softmax(z).
    Domain: logits along the last axis; coef > 0.
    Stability: the largest logit is set apart.
    Aligned with: nothing of the targets; a normaliser of 1.
    Pitfalls: coef is 1 here, 1e-3 in ST-MoE and 1e-4 in PaLM; the router's and the output layer's are two losses.
    Source: Zoph et al., ST-MoE (2022), equation 5; Chowdhery et al., PaLM (2022), section 5.
    """
    soft = Softmax(block.p, block.spare("z"))
    block.require_some_class(soft)
    total = soft.peak + soft.log
    if block.wants():
        block.give(soft.probabilities() * (2.0 * block["coef"] * total)[:, None])
    values: Array = block["coef"] * total * total
    return values


def z_loss_properties(params: Params) -> Properties:
    """Convex where the normaliser is at least 1."""
    return Properties(
        differentiable=True,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="a normaliser of 1",
    )


def moe_load_balancing(block: Block) -> Array:
    """How unevenly a router spreads its tokens over experts; 1 (times top_k) for an even spread.

        L_i = coef E sum_e f_e P_ie;  their mean is coef E sum_e f_e mean(P_e)
        P the router's probabilities, f_e the tokens sent to e (one of its top_k) over the tokens; over top_k too with
        divide_by_top_k

    Gradient: coef E f_e through the softmax; f is held constant, as counting has no slope.
    Domain: one row of logits, or of probabilities, per token; 1 <= top_k <= E; a mask drops tokens from both shares.
    Kinks: equal probabilities at the top_k border; the first expert is taken.
    Aligned with: nothing of the targets; an even load.
    Pitfalls: Transformers adds over the k choices (so top_k is the even value) and takes the layers together:
        concatenate their tokens; Switch has top_k 1; DeepSeek's form divides by top_k.
    Source: Fedus, Zoph, Shazeer, Switch transformers (2022), equations 4 to 6; Shazeer et al. (2017).
    """
    z = block.p.reshape(-1, block.p.shape[-1])
    experts = z.shape[1]
    if block.batch.form == "logits":
        soft = Softmax(np.ascontiguousarray(z), np.empty_like(z))
        block.require_some_class(soft)
        share = soft.probabilities()
    else:
        block.require_probabilities("predictions", block.p)
        share = z
    kept = np.ones(len(z), dtype=np.bool_) if block.batch.keep is None else block.batch.keep
    sent = np.argsort(-share, axis=1, kind="stable")[:, : block["top_k"]][kept]
    load = np.bincount(sent.reshape(-1), minlength=experts) / max(int(kept.sum()), 1)
    if block["divide_by_top_k"]:
        load = load / block["top_k"]
    block.extras.update({"largest_load": float(load.max() * experts), "idle_experts": float((load == 0.0).sum())})
    scale = block["coef"] * experts
    values: Array = scale * (share @ load)
    if block.wants():
        slope = np.broadcast_to(scale * load, share.shape)
        if block.batch.form == "logits":
            slope = share * (slope - row_sums(share * slope)[:, None])
        block.give((slope * block.factors[:, None]).reshape(block.p.shape))
    return values


def align_routing(batch: Batch, reader: Reader) -> Batch:
    """One row an example; as many experts as are chosen at least."""
    if batch.p.ndim < 2 or not batch.p.size:
        reader.refuse("predictions", f"shape {list(batch.p.shape)}", "tokens, then experts along the last axis")
        return batch
    if batch.params["top_k"] > batch.p.shape[-1]:
        detail = f"{batch.params['top_k']} of {batch.p.shape[-1]} experts"
        reader.refuse("params/top_k", detail, f"1 to {batch.p.shape[-1]}")
    return replace(batch, shape=batch.p.shape[:-1])


def loads(batch: Batch, extras: Mapping[str, float], reduce: Reduce) -> Answer:
    """The largest expert's load over an even one, and how many experts got nothing."""
    return dict(extras)


def balancing_properties(params: Params) -> Properties:
    """Of the batch: linear in the probabilities while no choice changes."""
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="an even load",
        note="even loads give coef (times top_k unless divided)",
    )
