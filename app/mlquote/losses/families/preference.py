"""Losses of preferences and policies: PPO's clipped surrogate, DPO and its variants, Bradley-Terry rewards."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlquote.losses.loss import (
    Answer,
    Array,
    Batch,
    Block,
    Folding,
    Params,
    Properties,
    Reader,
    Reduce,
    sigmoid,
    softplus,
    times,
)

EXO_SMOOTHING = 1e-3
"""TRL's stand-in for a smoothing of 0 in EXO, whose formula takes its logarithm."""
SMOOTHED = frozenset({"sigmoid", "robust", "exo_pair", "aot", "aot_unpaired"})
"""Variants of DPO in which label smoothing acts."""
PER_TOKEN = frozenset({"ipo", "sigmoid_norm"})
"""Variants of DPO that average log-probabilities over an answer's tokens."""
REFERENCES = ("reference_chosen_logps", "reference_rejected_logps")
SORTED = frozenset({"aot", "aot_unpaired"})
"""Variants of DPO that compare the batch's sorted log-ratios, so that no pair stands alone."""
DIVERGING = frozenset({"sigmoid", "sigmoid_norm", "hinge", "ipo", "exo_pair", "robust", "discopop"})
"""Variants of DPO, functions of the margin alone, in which another divergence from the reference may stand."""
DISCOPOP_TEMPERATURE = 0.05
UNIT = np.ones(1)


def exponential_excess(d: Array) -> Array:
    """exp(-d) - 1 + d, by its series d^2/2 - d^3/6 + ... below |d| = 0.01, where the closed form cancels."""
    found: Array = np.expm1(-d) + d
    near = np.abs(d) < 0.01
    small = d[near]
    found[near] = small * small * (1 / 2 - small * (1 / 6 - small * (1 / 24 - small * (1 / 120 - small / 720))))
    return found


def ppo_clip(block: Block) -> Array:
    """Proximal policy optimisation, as a cost: the clipped surrogate with value, entropy and KL terms.

        L = -min(r A, clip(r, 1-c, 1+c') A) + vf_coef V - entropy_coef H + kl_coef K,  r = exp(logp - logp_old)
        dual clip, A < 0: the minimum is held above dual_clip A
        V = scale (v - R)^2, with v clipped around v_old replacing it, or the larger of both squared errors (max)
        K with d = logp - logp_ref: k1 = d, k2 = d^2/2, k3 = exp(-d) - 1 + d

    Gradient: -r A where the unclipped term is the smaller, else 0; plus kl_coef K' in logp; -entropy_coef in entropy.
    Domain: any real log-probabilities and advantages; clip ranges >= 0; dual_clip > 1.
    Kinks: where clipped and unclipped terms meet, the unclipped slope is returned.
    Aligned with: the expected advantage near the old policy; it is maximised, so the cost is its negative.
    Pitfalls: Stable-Baselines3 replaces the value by the clipped one with factor 1, TRL takes the maximum with factor
        1/2; token, sequence and padded means of the same numbers differ.
    Source: Schulman et al., Proximal policy optimization algorithms (2017), equations 7 and 9; dual clip: Ye et al.
        (2020); KL estimators: Schulman, Approximating KL divergence (2020).
    """
    block.notes.mark("importance_ratio_extreme", np.abs(block.predictions["logp"] - block.targets["logp_old"]) > 10.0)
    terms = ppo_terms(block.predictions, block.targets, block.batch.params)
    values, slope = terms["policy_loss"]
    values = values.copy()
    if "kl" in terms:
        values += block["kl_coef"] * terms["kl"][0]
        slope = slope + block["kl_coef"] * terms["kl"][1]
    if "value_loss" in terms:
        values += block["vf_coef"] * terms["value_loss"][0]
        if block.wants("values"):
            np.multiply(terms["value_loss"][1], block["vf_coef"], out=block.slot("values"))
    if "entropy" in terms:
        values -= block["entropy_coef"] * terms["entropy"][0]
        if block.wants("entropy"):
            block.slot("entropy")[...] = -block["entropy_coef"]
    if block.wants("logp"):
        block.slot("logp")[...] = slope
    return values


def ppo_terms(p: Mapping[str, Array], t: Mapping[str, NDArray[Any]], params: Params) -> dict[str, tuple[Array, Array]]:
    """Each term of the PPO cost, entry by entry, with its slope in its own prediction."""
    terms = {"policy_loss": _surrogate(p["logp"], t["logp_old"], t["_advantages"], params)}
    if "values" in p:
        terms["value_loss"] = _value_error(p["values"], t["returns"], t.get("values_old"), params)
    if "entropy" in p:
        terms["entropy"] = (p["entropy"], np.ones_like(p["entropy"]))
    if "logp_ref" in t:
        d = p["logp"] - t["logp_ref"]
        estimates = {"k1": (d, np.ones_like(d)), "k2": (0.5 * d * d, d), "k3": (exponential_excess(d), -np.expm1(-d))}
        terms["kl"] = estimates[params["kl_estimator"]]
    return terms


def _surrogate(logp: Array, old: Array, advantage: Array, params: Params) -> tuple[Array, Array]:
    upper = params["clip_range"] if params["clip_range_high"] is None else params["clip_range_high"]
    ratio = np.exp(logp - old)
    free = times(advantage, ratio)
    held = np.clip(ratio, 1.0 - params["clip_range"], 1.0 + upper) * advantage
    gain = np.minimum(free, held)
    slope = np.where(free <= held, free, 0.0)
    if params["dual_clip"] is not None:
        floor = np.where(advantage < 0.0, params["dual_clip"] * advantage, -np.inf)
        slope = np.where(floor > gain, 0.0, slope)
        gain = np.maximum(gain, floor)
    return -gain, -slope


def _value_error(value: Array, target: Array, old: Array | None, params: Params) -> tuple[Array, Array]:
    scale, width = params["value_loss_scale"], params["value_clip_range"]
    free = value - target
    if width is None or old is None:
        return scale * free * free, 2.0 * scale * free
    step = value - old
    held = old + np.clip(step, -width, width) - target
    held_slope = np.where(np.abs(step) <= width, 2.0 * scale * held, 0.0)
    if params["value_clip_mode"] == "replace":
        return scale * held * held, held_slope
    larger = np.abs(free) >= np.abs(held)
    return scale * np.where(larger, free * free, held * held), np.where(larger, 2.0 * scale * free, held_slope)


def align_ppo(batch: Batch, reader: Reader) -> Batch:
    """Advantages one a token, or one an answer: those are normalised by who made them, over answers or over tokens."""
    wide = batch.one_a_row("advantages", batch.predictions["logp"].shape)
    if wide is not batch and batch.params["normalize_advantages"] is not None:
        detail = "one advantage a row: it is not said whether rows or tokens are normalised over"
        reader.refuse("params/normalize_advantages", detail, "give normalised ones, or one advantage a token")
    return wide


def prepare_ppo(batch: Batch, reader: Reader) -> Batch:
    """Terms that need each other, and advantages normalised over the kept entries where asked for."""
    if batch.params["dual_clip"] is not None and batch.params["dual_clip"] <= 1.0:
        reader.refuse("params/dual_clip", "a dual clip at or below 1 would clip everything", "dual_clip > 1, or null")
    if batch.params["kl_coef"] and "logp_ref" not in batch.targets:
        reader.refuse("targets/logp_ref", "kl_coef needs logp_ref", "give targets.logp_ref")
    if batch.params["entropy_coef"] and "entropy" not in batch.predictions:
        reader.refuse("predictions/entropy", "entropy_coef needs entropy", "give predictions.entropy")
    if "values" in batch.predictions and "returns" not in batch.targets:
        reader.refuse("targets/returns", "values need returns", "give targets.returns")
    clips = batch.params["value_clip_range"] is not None and "values" in batch.predictions
    if clips and "values_old" not in batch.targets:
        reader.refuse("targets/values_old", "value_clip_range needs values_old", "give targets.values_old")
    return batch.with_targets(_advantages=_normalized(batch, reader))


def _normalized(batch: Batch, reader: Reader) -> Array:
    """The advantages, less their mean and over their spread where asked for."""
    advantages = batch.targets["advantages"]
    how = batch.params["normalize_advantages"]
    if how is None:
        return advantages
    kept = advantages if batch.keep is None else advantages[batch.keep]
    if len(kept) <= how["ddof"]:
        reader.refuse("params/normalize_advantages", f"{len(kept)} advantages have no spread", "give more of them")
        return advantages
    found: Array = (advantages - kept.mean()) / (kept.std(ddof=how["ddof"]) + how["eps"])
    return found


def ppo_components(batch: Batch, extras: Mapping[str, float], reduce: Reduce) -> Answer:
    """Each term reduced as the cost is."""
    terms = ppo_terms(batch.predictions, batch.targets, batch.params)
    return {name: reduce(values) for name, (values, _) in terms.items()}


def ppo_properties(params: Params) -> Properties:
    """Neither convex nor bounded: the ratio is an exponential, and clipping kinks it."""
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=None,
        aligned_with="expected advantage, near the old policy",
        note="per example at least -(1+c) A for A > 0; for A < 0 unbounded above without a dual clip; convex in the "
        "ratio, not in logp",
    )


def dpo(block: Block) -> Array:
    """Direct preference optimisation: a loss of how much more the policy prefers the chosen answer than its reference.

        a = policy_chosen - reference_chosen, b the same of the rejected answer, h = a - b, u = beta h, e = smoothing
        sigmoid       (1-e) softplus(-u) + e softplus(u)
        robust        ((1-e) softplus(-u) - e softplus(u)) / (1-2e)
        hinge         max(0, 1-u)
        ipo           (h - 1/(2 beta))^2, a and b per token when lengths are given
        exo_pair      s (log s - log(1-e)) + (1-s)(log(1-s) - log e), s = sigma(u)
        nca_pair      softplus(-beta a) + (softplus(beta a) + softplus(beta b)) / 2
        bco_pair      softplus(-beta a) + softplus(beta b)
        sppo_hard     (a - 1/(2 beta))^2 + (b + 1/(2 beta))^2
        apo_zero      1 - sigma(beta a) + sigma(beta b)
        apo_down      sigma(beta a) + 1 - sigma(u)
        sigmoid_norm  softplus(-beta (a / chosen_lengths - b / rejected_lengths))
        discopop      (1-g) softplus(-u) + g exp(-u), g = sigma(u / 0.05)
        aot           sigmoid of the batch's sorted policy_chosen - policy_rejected less its sorted reference ones
        aot_unpaired  sigmoid of the batch's sorted a less its sorted b
        f_divergence  of x = a and b, before lengths divide: forward_kl 1 - exp(-x); js_divergence log 2 + log sigma(x)

    Gradient: dL/da in policy_chosen_logps, dL/db in policy_rejected_logps.
    Domain: any real log-probabilities, summed over tokens; beta > 0; smoothing in [0, 1), for robust below 1/2.
    Stability: softplus by log1p, exact at h = 300.
    Aligned with: the Bradley-Terry preference under an implicit reward beta a.
    Pitfalls: TRL ignores label_smoothing for sigmoid from 0.29.0 on (it is applied here: the cDPO loss), and averages
        log-probabilities per token for ipo; robust is unbounded below.
    Source: Rafailov et al., Direct preference optimization (2023), equation 7; variants as named in TRL's DPO trainer.
    """
    if block["variant"] in SORTED:
        return _sorted(block)
    values, chosen, rejected = dpo_terms(block.predictions, block.targets, block.batch.params)
    if block["variant"] == "hinge" and block.slots:
        block.notes.mark("subgradient_at_kink", _rewards(block.predictions, block.targets, block["beta"])[2] == 1.0)
    if block.wants("policy_chosen_logps"):
        block.slot("policy_chosen_logps")[...] = chosen
    if block.wants("policy_rejected_logps"):
        block.slot("policy_rejected_logps")[...] = rejected
    return values


def dpo_terms(p: Mapping[str, Array], t: Mapping[str, NDArray[Any]], params: Params) -> tuple[Array, Array, Array]:
    """L, dL/d policy_chosen and dL/d policy_rejected of each pair."""
    a = p["policy_chosen_logps"] - t["reference_chosen_logps"]
    b = p["policy_rejected_logps"] - t["reference_rejected_logps"]
    long_a, long_b = UNIT, UNIT
    if params["variant"] in PER_TOKEN and "chosen_lengths" in t:
        long_a, long_b = t["chosen_lengths"], t["rejected_lengths"]
    bend = DIVERGENCES[params["f_divergence"]]
    (bent_a, slope_a), (bent_b, slope_b) = bend(a), bend(b)
    values, chosen, rejected = DPO_VARIANTS[params["variant"]](bent_a / long_a, bent_b / long_b, params)
    return values, chosen * slope_a / long_a, rejected * slope_b / long_b


def _reverse_kl(x: Array) -> tuple[Array, Array | float]:
    return x, 1.0


def _forward_kl(x: Array) -> tuple[Array, Array | float]:
    return -np.expm1(-x), np.exp(-x)


def _js_divergence(x: Array) -> tuple[Array, Array | float]:
    return math.log(2.0) - softplus(-x), sigmoid(-x)


DIVERGENCES = {"reverse_kl": _reverse_kl, "forward_kl": _forward_kl, "js_divergence": _js_divergence}
"""What stands for a log-ratio to the reference, and its slope: f' of the divergence, up to a constant."""


def _sorted(block: Block) -> Array:
    """Losses of the batch's sorted log-ratios, one value per place; slopes go back where each came from."""
    p, t = block.predictions, block.targets
    chosen, rejected = p["policy_chosen_logps"], p["policy_rejected_logps"]
    if block["variant"] == "aot":
        one, other = chosen - rejected, t["reference_chosen_logps"] - t["reference_rejected_logps"]
    else:
        one, other = chosen - t["reference_chosen_logps"], rejected - t["reference_rejected_logps"]
    first, second = np.argsort(one, kind="stable"), np.argsort(other, kind="stable")
    values, slope, _ = _sigmoid(one[first], other[second], block.batch.params)
    slope = slope * block.factors
    back, across = np.empty(len(one)), np.empty(len(one))
    back[first], across[second] = slope, slope
    block.give(back, "policy_chosen_logps")
    block.give(-(back if block["variant"] == "aot" else across), "policy_rejected_logps")
    return values


def dpo_folding(params: Params) -> Folding:
    """Pair by pair, but for the variants that sort the batch."""
    return Folding.WHOLE if params["variant"] in SORTED else Folding.ELEMENTS


def align_dpo(batch: Batch, reader: Reader) -> Batch:
    """Zeros for a reference that is not given; sorted variants take one pair an entry, none left out or weighed:
    places in an order are no pairs."""
    batch = _referred(batch, reader)
    if batch.params["variant"] not in SORTED:
        return batch
    shape = batch.predictions["policy_chosen_logps"].shape
    for side in (batch.predictions, batch.targets):
        for name, array in side.items():
            if array.shape != shape or len(shape) != 1:
                detail = f"shape {list(array.shape)} does not match policy_chosen_logps, shape {list(shape)}"
                reader.refuse(batch.pointer(name)[1:], detail, "one number a pair")
    for field in ("mask", "weights"):
        if reader.body.get(field) is not None:
            reader.refuse(field, f"{batch.params['variant']} sorts the batch: no place is one pair's", "drop it")
    return replace(batch, shape=shape)


def _referred(batch: Batch, reader: Reader) -> Batch:
    """Without a reference the policy is measured against one that finds all answers equally likely."""
    missing = [name for name in REFERENCES if name not in batch.targets]
    if len(missing) == 1:
        reader.refuse(f"targets/{missing[0]}", "a reference scores both answers", f"give {' and '.join(REFERENCES)}")
    if len(missing) < 2:
        return batch
    none = np.zeros(batch.predictions["policy_chosen_logps"].shape)
    return batch.with_targets(**dict.fromkeys(REFERENCES, none), _reference_free=none)


def _of_margin(value: Array, slope: Array) -> tuple[Array, Array, Array]:
    """A loss of h = a - b alone: opposite slopes in a and b."""
    return value, slope, -slope


def _sigmoid(a: Array, b: Array, params: Params) -> tuple[Array, Array, Array]:
    beta, e = params["beta"], params["label_smoothing"]
    u = beta * (a - b)
    value = (1.0 - e) * softplus(-u) + (e * softplus(u) if e else 0.0)
    return _of_margin(value, beta * ((e * sigmoid(u) if e else 0.0) - (1.0 - e) * sigmoid(-u)))


def _robust(a: Array, b: Array, params: Params) -> tuple[Array, Array, Array]:
    beta, e = params["beta"], params["label_smoothing"]
    u, scale = beta * (a - b), 1.0 / (1.0 - 2.0 * e)
    value = scale * ((1.0 - e) * softplus(-u) - (e * softplus(u) if e else 0.0))
    return _of_margin(value, -scale * beta * ((1.0 - e) * sigmoid(-u) + (e * sigmoid(u) if e else 0.0)))


def _hinge(a: Array, b: Array, params: Params) -> tuple[Array, Array, Array]:
    value = np.maximum(1.0 - params["beta"] * (a - b), 0.0)
    return _of_margin(value, -params["beta"] * (value > 0.0))


def _ipo(a: Array, b: Array, params: Params) -> tuple[Array, Array, Array]:
    r = (a - b) - 0.5 / params["beta"]
    return _of_margin(r * r, 2.0 * r)


def _exo_pair(a: Array, b: Array, params: Params) -> tuple[Array, Array, Array]:
    beta, e = params["beta"], params["label_smoothing"] or EXO_SMOOTHING
    u = beta * (a - b)
    yes, no = sigmoid(u), sigmoid(-u)
    value = yes * (-softplus(-u) - math.log1p(-e)) + no * (-softplus(u) - math.log(e))
    return _of_margin(value, beta * yes * no * (u - math.log1p(-e) + math.log(e)))


def _discopop(a: Array, b: Array, params: Params) -> tuple[Array, Array, Array]:
    u = params["beta"] * (a - b)
    gate, rest = sigmoid(u / DISCOPOP_TEMPERATURE), sigmoid(-u / DISCOPOP_TEMPERATURE)
    steep = gate * rest / DISCOPOP_TEMPERATURE
    fall = np.exp(-u)
    value = rest * softplus(-u) + times(gate, fall)
    slope = steep * (fall - softplus(-u)) - rest * sigmoid(-u) - times(gate, fall)
    return _of_margin(value, params["beta"] * slope)


def _nca_pair(a: Array, b: Array, params: Params) -> tuple[Array, Array, Array]:
    beta = params["beta"]
    value = softplus(-beta * a) + 0.5 * (softplus(beta * a) + softplus(beta * b))
    return value, beta * (0.5 * sigmoid(beta * a) - sigmoid(-beta * a)), 0.5 * beta * sigmoid(beta * b)


def _bco_pair(a: Array, b: Array, params: Params) -> tuple[Array, Array, Array]:
    beta = params["beta"]
    return softplus(-beta * a) + softplus(beta * b), -beta * sigmoid(-beta * a), beta * sigmoid(beta * b)


def _sppo_hard(a: Array, b: Array, params: Params) -> tuple[Array, Array, Array]:
    half = 0.5 / params["beta"]
    return (a - half) ** 2 + (b + half) ** 2, 2.0 * (a - half), 2.0 * (b + half)


def _apo_zero(a: Array, b: Array, params: Params) -> tuple[Array, Array, Array]:
    beta = params["beta"]
    value = sigmoid(-beta * a) + sigmoid(beta * b)
    return value, -beta * sigmoid(beta * a) * sigmoid(-beta * a), beta * sigmoid(beta * b) * sigmoid(-beta * b)


def _apo_down(a: Array, b: Array, params: Params) -> tuple[Array, Array, Array]:
    beta = params["beta"]
    u = beta * (a - b)
    margin = beta * sigmoid(u) * sigmoid(-u)
    return sigmoid(beta * a) + sigmoid(-u), beta * sigmoid(beta * a) * sigmoid(-beta * a) - margin, margin


DPO_VARIANTS = {
    "sigmoid": _sigmoid,
    "hinge": _hinge,
    "ipo": _ipo,
    "robust": _robust,
    "exo_pair": _exo_pair,
    "nca_pair": _nca_pair,
    "bco_pair": _bco_pair,
    "sppo_hard": _sppo_hard,
    "apo_zero": _apo_zero,
    "apo_down": _apo_down,
    "sigmoid_norm": _sigmoid,
    "discopop": _discopop,
    "aot": _sigmoid,
    "aot_unpaired": _sigmoid,
}


def prepare_dpo(batch: Batch, reader: Reader) -> Batch:
    """Lengths where a variant averages over tokens; smoothing only where it acts."""
    variant, smoothing = batch.params["variant"], batch.params["label_smoothing"]
    if smoothing and variant not in SMOOTHED:
        reader.refuse(
            "params/label_smoothing", f"{variant} has no label smoothing", f"only {', '.join(sorted(SMOOTHED))}"
        )
    if batch.params["f_divergence"] != "reverse_kl" and variant not in DIVERGING:
        hint = f"only {', '.join(sorted(DIVERGING))}"
        reader.refuse("params/f_divergence", f"{variant} knows no other divergence", hint)
    if variant == "robust" and smoothing >= 0.5:
        reader.refuse(
            "params/label_smoothing", f"robust with smoothing {smoothing:g} divides by 1 - 2e <= 0", "below 0.5"
        )
    lengths = [name for name in ("chosen_lengths", "rejected_lengths") if name in batch.targets]
    if variant == "sigmoid_norm" and len(lengths) < 2:
        reader.refuse("targets", "sigmoid_norm needs chosen_lengths and rejected_lengths", "token counts per answer")
    elif len(lengths) == 1:
        reader.refuse(f"targets/{lengths[0]}", "lengths come in pairs", "give chosen_lengths and rejected_lengths")
    for name in lengths:
        if not (batch.targets[name] > 0).all():
            reader.refuse(f"targets/{name}", "a length is not positive", "token counts > 0")
    return batch


def _rewards(p: Mapping[str, Array], t: Mapping[str, NDArray[Any]], beta: float) -> tuple[Array, Array, Array]:
    """The implicit rewards beta (policy - reference) of the chosen and the rejected answer, and their difference."""
    chosen = beta * (p["policy_chosen_logps"] - t["reference_chosen_logps"])
    rejected = beta * (p["policy_rejected_logps"] - t["reference_rejected_logps"])
    return chosen, rejected, chosen - rejected


def dpo_components(batch: Batch, extras: Mapping[str, float], reduce: Reduce) -> Answer:
    """Implicit rewards, and the share of pairs in which the chosen answer's is larger."""
    chosen, rejected, _ = _rewards(batch.predictions, batch.targets, batch.params["beta"])
    accuracy = float((chosen > rejected).mean()) if chosen.size else None
    return {"chosen_rewards": chosen, "rejected_rewards": rejected, "reward_accuracy": accuracy}


def dpo_properties(params: Params) -> Properties:
    """By variant; the sigmoid has slope sqrt(2) beta and curvature beta^2 / 2 in the two log-probabilities."""
    beta, e, variant = params["beta"], params["label_smoothing"], params["variant"]
    if params["f_divergence"] != "reverse_kl" or variant in {"discopop", *SORTED}:
        return Properties(
            differentiable=variant not in {"hinge", *SORTED},
            convex_in_predictions=False,
            lipschitz=None,
            smooth=None,
            bounded_below=None if variant == "robust" and e else 0.0,
            aligned_with="Bradley-Terry preference",
            note="of the batch: pairs stand in the order of their log-ratios" if variant in SORTED else "",
        )
    entropy = -(e * math.log(e) + (1.0 - e) * math.log1p(-e)) if 0.0 < e < 1.0 else 0.0
    convex = {"sigmoid", "hinge", "ipo", "nca_pair", "bco_pair", "sppo_hard", "sigmoid_norm", "robust"}
    bounds = {"robust": None if e else 0.0, "sigmoid": entropy, "nca_pair": math.log(1.5) + 0.5 * math.log(3.0)}
    smooth = {"sigmoid": beta**2 / 2.0, "sigmoid_norm": beta**2 / 2.0, "robust": beta**2 / 2.0, "ipo": 4.0}
    return Properties(
        differentiable=variant != "hinge",
        convex_in_predictions=variant in convex,
        lipschitz=math.sqrt(2.0) * beta if variant in {"sigmoid", "hinge"} else None,
        smooth=smooth.get(variant, 2.0 if variant == "sppo_hard" else None),
        bounded_below=bounds.get(variant, 0.0),
        aligned_with="Bradley-Terry preference",
        note="robust with smoothing 0.1 is -12.5 at beta h = 100" if variant == "robust" else "",
    )


def bradley_terry(block: Block) -> Array:
    """A reward model's loss on preferred and rejected answers.

        L = softplus(-(c - r - margin)) + center_coef (c + r)^2

    Gradient: -+ sigma(-(c - r - margin)) + 2 center_coef (c + r) in the chosen and the rejected reward.
    Domain: any real rewards; center_coef >= 0.
    Stability: softplus by log1p.
    Aligned with: the preference probability sigma(c - r), up to the rewards' common offset unless centred.
    Pitfalls: rewards are known up to a constant only; pairs of equal quality teach noise; a margin is in units of the
        reward.
    Source: Bradley and Terry, Biometrika 39 (1952); centring: Eisenstein et al., Helping or herding (2023).
    """
    chosen, rejected = block.predictions["chosen_rewards"], block.predictions["rejected_rewards"]
    gap = chosen - rejected
    if "margins" in block.targets:
        gap = gap - block.targets["margins"]
    values = softplus(-gap)
    slope, pull = -sigmoid(-gap), np.zeros_like(gap)
    if block["center_coef"]:
        total = chosen + rejected
        values = values + block["center_coef"] * total * total
        pull += 2.0 * block["center_coef"] * total
    if block.wants("chosen_rewards"):
        block.slot("chosen_rewards")[...] = slope + pull
    if block.wants("rejected_rewards"):
        block.slot("rejected_rewards")[...] = pull - slope
    return values


def bradley_terry_properties(params: Params) -> Properties:
    """Convex; slope sqrt(2) and curvature 1/2 in the two rewards, 4 center_coef more where they are centred."""
    center = params["center_coef"] or 0.0
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=None if center else math.sqrt(2.0),
        smooth=max(0.5, 4.0 * center),
        bounded_below=0.0,
        aligned_with="preference probability",
        note="0 is not attained",
    )
