"""Losses of policies trained on groups of answers: GRPO and its descendants."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlquote.losses.loss import Answer, Array, Batch, Block, Params, Properties, Reader, Reduce, sigmoid

REDUCED = {
    "grpo": "sequence_mean",
    "sapo": "sequence_mean",
    "bnpo": "mean",
    "dapo": "mean",
    "cispo": "mean",
    "vespo": "mean",
    "dr_grpo": "constant",
    "luspo": "sequence_sum_mean",
}
"""What each variant reduces its tokens by."""
CLIPPED = frozenset({"grpo", "bnpo", "dapo", "dr_grpo", "luspo"})
"""Variants with PPO's clipped ratio; the others weigh the log-probability, or bend the ratio."""
LONGEST_LOG = 20.0
SHORTEST_LOG = np.log(1e-8)


def grpo(block: Block) -> Array:
    """Policy optimisation on advantages of groups of answers, token by token.

        r = exp(logp - logp_old) per token, or exp of its mean over an answer's kept tokens (sequence: GSPO)
        grpo, bnpo, dapo, dr_grpo, luspo:  -min(min(r, delta) A, clip(r, 1 - c, 1 + c') A)
        cispo:  -min(r, clip_range_high) A logp, the ratio held constant
        sapo:   -A 4 sigma(t (r - 1)) / t,  t by the sign of A
        vespo:  -w A logp, w = exp(l + k log W - l W) held constant, W the ratio of the whole answer, k and l by A's
        sign + kl_coef (exp(d) - 1 - d),  d = logp_ref - logp
        A: advantages per answer or token; or of rewards: (R - mean of its group) / (its spread + 1e-4)

    Gradient: in logp, of what is not held constant; a ratio of a sequence spreads over its kept tokens.
    Domain: logp [B, T]; advantages [B] or [B, T], or rewards [B] with group_size; a mask keeps tokens.
    Kinks: where clipped and unclipped meet, the unclipped slope is returned.
    Aligned with: the expected advantage near the old policy; it is maximised, so the cost is its negative.
    Pitfalls: variants differ in what divides the tokens: grpo and sapo by each answer's length and then the answers,
        bnpo, dapo, cispo and vespo by all tokens, dr_grpo by B x max_completion_length, luspo by the answers;
        clip_range_high of cispo is the bound itself, not what is added to 1; without logp_old the ratio is 1 and only
        its slope is left.
    Source: Shao et al., DeepSeekMath (2024), equation 3; Liu et al., Dr. GRPO (2025); Yu et al., DAPO (2025); Zheng et
        al., GSPO (2025); MiniMax, CISPO (2025); variants as named in TRL's GRPO trainer.
    """
    terms = Tokens(block)
    values, slope = terms.policy()
    if block["kl_coef"]:
        penalty, steep = terms.kl()
        values, slope = values + block["kl_coef"] * penalty, slope + block["kl_coef"] * steep * terms.factors
    if block.wants("logp"):
        block.give(slope, "logp")
    return values.reshape(-1)


@dataclass(slots=True)
class Tokens:
    """A batch of answers as arrays [B, T], and the terms of the cost with their slopes, factors in them."""

    block: Block

    @property
    def logp(self) -> Array:
        return self.block.predictions["logp"]

    @property
    def factors(self) -> Array:
        return self.block.factors.reshape(self.logp.shape)

    @property
    def kept(self) -> Array:
        keep = self.block.batch.keep
        return np.ones(self.logp.shape) if keep is None else keep.reshape(self.logp.shape).astype(np.float64)

    def policy(self) -> tuple[Array, Array]:
        """The policy term of each token, and its slope in logp times the factors."""
        block, a = self.block, self.block.targets["_advantages"]
        log_ratio = self.logp - block.targets.get("logp_old", self.logp)
        block.notes.mark("importance_ratio_extreme", (np.abs(log_ratio) > 10.0).reshape(-1))
        variant = block["variant"]
        if variant == "vespo":
            weight = self._answers(log_ratio, a)
            return -weight * a * self.logp, -weight * a * self.factors
        length = np.maximum(self.kept.sum(axis=1, keepdims=True), 1.0)
        sequence = block["importance_sampling_level"] == "sequence"
        mean = (log_ratio * self.kept).sum(axis=1, keepdims=True) / length
        ratio = np.exp(np.broadcast_to(mean, log_ratio.shape) if sequence else log_ratio)
        if variant == "cispo":
            weight = np.minimum(ratio, self._upper())
            return -weight * a * self.logp, -weight * a * self.factors
        values, steep = self._clipped(ratio, a) if variant in CLIPPED else self._bent(ratio, a)
        slope = steep * ratio * self.factors
        if sequence:
            slope = slope.sum(axis=1, keepdims=True) / length * self.kept
        return values, slope

    def _upper(self) -> float:
        given = self.block["clip_range_high"]
        return float(self.block["clip_range"] if given is None else given)

    def _clipped(self, ratio: Array, a: Array) -> tuple[Array, Array]:
        delta = self.block["delta"]
        free = ratio if delta is None else np.minimum(ratio, delta)
        held = np.clip(ratio, 1.0 - self.block["clip_range"], 1.0 + self._upper())
        alive = np.where(free * a <= held * a, free == ratio, held == ratio)
        return -np.minimum(free * a, held * a), -np.where(alive, a, 0.0)

    def _bent(self, ratio: Array, a: Array) -> tuple[Array, Array]:
        t = np.where(a > 0.0, self.block["sapo_temperature_pos"], self.block["sapo_temperature_neg"])
        gate = sigmoid(t * (ratio - 1.0))
        return -a * 4.0 * gate / t, -a * 4.0 * gate * (1.0 - gate)

    def _answers(self, log_ratio: Array, a: Array) -> Array:
        """VESPO's weight of each answer."""
        each = (np.clip(log_ratio, -LONGEST_LOG, LONGEST_LOG) * self.kept).sum(axis=1, keepdims=True)
        log_w = np.clip(each, SHORTEST_LOG, LONGEST_LOG)
        good = a >= 0.0
        k = np.where(good, self.block["vespo_k_pos"], self.block["vespo_k_neg"])
        rate = np.where(good, self.block["vespo_lambda_pos"], self.block["vespo_lambda_neg"])
        weight: Array = np.nan_to_num(np.exp(rate + k * log_w - rate * np.exp(log_w)), nan=0.0, posinf=0.0)
        return weight

    def kl(self) -> tuple[Array, Array]:
        """exp(d) - 1 - d of each token, d = logp_ref - logp, and its slope."""
        d = self.block.targets["logp_ref"] - self.logp
        return np.expm1(d) - d, -np.expm1(d)


def usual_reduction(params: Params) -> str:
    """By variant; the mean for one that is none, which is refused elsewhere."""
    return REDUCED.get(params["variant"], "mean")


def longest(batch: Batch) -> float:
    """Dr. GRPO's divisor: answers times the longest an answer may be."""
    rows, steps = batch.predictions["logp"].shape
    return float(rows * (batch.params["max_completion_length"] or steps))


def align_grpo(batch: Batch, reader: Reader) -> Batch:
    """Tokens [B, T] of every array; advantages one an answer or one a token, or made of rewards."""
    shape = batch.predictions["logp"].shape
    if len(shape) != 2 or not all(shape):
        reader.refuse("predictions/logp", f"logp has shape {list(shape)}", "answers along axis 0, their tokens along 1")
        return batch
    for name in ("logp_old", "logp_ref"):
        if name in batch.targets and batch.targets[name].shape != shape:
            detail = f"shape {list(batch.targets[name].shape)} does not match logp, shape {list(shape)}"
            reader.refuse(f"targets/{name}", detail, "shapes match exactly: nothing is broadcast")
    if batch.params["kl_coef"] and "logp_ref" not in batch.targets:
        reader.refuse("targets/logp_ref", "kl_coef needs logp_ref", "give targets.logp_ref")
    advantages = _advantages(batch.one_a_row("advantages", shape), reader, shape)
    return replace(batch, shape=shape, targets={**batch.targets, "_advantages": advantages})


def _advantages(batch: Batch, reader: Reader, shape: tuple[int, ...]) -> Array:
    given, rewards = batch.targets.get("advantages"), batch.targets.get("rewards")
    none = np.zeros(shape)
    if (given is None) == (rewards is None):
        reader.refuse("targets/advantages", "either advantages or rewards", "one of the two")
        return none
    if given is not None:
        if given.shape != shape:
            hint = f"shape {list(shape[:1])}, one an answer, or {list(shape)}"
            reader.refuse("targets/advantages", f"advantages have shape {list(given.shape)}", hint)
            return none
        return given
    assert rewards is not None  # one of the two
    size = batch.params["group_size"] or shape[0]
    if rewards.shape != shape[:1] or shape[0] % size:
        hint = f"one reward an answer, {shape[0]} of them, in groups of group_size"
        reader.refuse("targets/rewards", f"{list(rewards.shape)} rewards in groups of {size}", hint)
        return none
    return np.broadcast_to(group_advantages(rewards, size, batch.params["scale_rewards"])[:, None], shape)


def group_advantages(rewards: Array, size: int, scale: str) -> Array:
    """Rewards less their group's mean, over their group's (or the batch's) spread.

        A = (R - mean(group)) / (std + 1e-4), std over n - 1, 0 of a single one

    Args:    rewards, shape [B], groups side by side; size, answers a group; scale, group, batch or none
    Returns: shape [B]
    Source:  Shao et al., DeepSeekMath (2024), section 4.1.2; the 1e-4 as in TRL
    """
    groups = rewards.reshape(-1, size)
    centred = groups - groups.mean(axis=1, keepdims=True)
    if scale == "none":
        return centred.reshape(-1)
    whole = groups if scale == "group" else groups.reshape(1, -1)
    spread = whole.std(axis=1, ddof=1, keepdims=True) if whole.shape[1] > 1 else np.zeros((len(whole), 1))
    scaled: Array = (centred / (spread + 1e-4)).reshape(-1)
    return scaled


def grpo_components(batch: Batch, extras: Mapping[str, float], reduce: Reduce) -> Answer:
    """Each answer's advantage, and how often the ratio is clipped."""
    advantages: NDArray[Any] = batch.targets["_advantages"]
    return {"advantages": advantages[:, 0] if "rewards" in batch.targets else advantages}


def grpo_properties(params: Params) -> Properties:
    """Neither convex nor bounded."""
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=None,
        aligned_with="expected advantage, near the old policy",
    )
