"""Losses of single answers and of answers without a reference: KTO, ORPO, CPO with SimPO."""

from dataclasses import replace

import numpy as np

from mlquote.losses.loss import Array, Batch, Block, Params, Properties, Reader, sigmoid, softplus


def kto(block: Block) -> Array:
    """Answers wanted or not, one by one, against a reference point: the prospect-theoretic loss.

        kto:                w (1 - sigma(beta (r - z)))  if desirable, else  w (1 - sigma(beta (z - r)))
        apo_zero_unpaired:  w (1 - sigma(beta r))        if desirable, else  w sigma(beta r)
        r = policy - reference; z = max(0, mean of kl_logps - reference_kl_logps), held constant; w by desirability

    Gradient: -+ w beta s (1 - s) in policy_logps, s the sigmoid.
    Domain: log-probabilities of whole answers; desirable is 0 or 1; beta > 0; weights >= 0.
    Aligned with: a utility that is concave in gains and convex in losses, not a likelihood.
    Pitfalls: z comes from answers paired with other prompts; it is one number for the batch, so micro-batches differ;
        the divisor is the number of answers, not the sum of weights.
    Source: Ethayarajh et al., KTO (2024), equation 8; apo_zero_unpaired: D'Oosterlinck et al., APO (2024).
    """
    wanted = block.targets["desirable"]
    block.require("desirable", (wanted == 0.0) | (wanted == 1.0), "is neither 0 nor 1", "1 is wanted, 0 is not")
    beta, good = block["beta"], wanted == 1.0
    r = block.predictions["policy_logps"] - block.targets["reference_logps"]
    if block["variant"] == "kto":
        r = r - block.targets["_point"]
    sign = np.where(good, 1.0, -1.0)
    weight = np.where(good, block["desirable_weight"], block["undesirable_weight"])
    lost = sigmoid(-sign * beta * r)
    block.give(-weight * sign * beta * lost * (1.0 - lost), "policy_logps")
    values: Array = weight * lost
    return values


def prepare_kto(batch: Batch, reader: Reader) -> Batch:
    """The reference point of the batch, from the mismatched answers it keeps."""
    if batch.params["variant"] != "kto":
        return batch
    own, reference = batch.targets.get("kl_logps"), batch.targets.get("reference_kl_logps")
    if own is None or reference is None:
        missing = "kl_logps" if own is None else "reference_kl_logps"
        hint = "log-probabilities of answers paired with other prompts; or variant apo_zero_unpaired"
        reader.refuse(f"targets/{missing}", "variant kto needs a reference point", hint)
        return batch
    apart = own - reference if batch.keep is None else (own - reference)[batch.keep]
    point = max(0.0, float(apart.mean())) if apart.size else 0.0
    return batch.with_targets(_point=np.full(own.shape, point))


def kto_properties(params: Params) -> Properties:
    """Bounded on both sides, so not convex."""
    beta, heaviest = params["beta"], max(params["desirable_weight"], params["undesirable_weight"])
    return Properties(
        differentiable=True,
        convex_in_predictions=False,
        lipschitz=0.25 * beta * heaviest,
        smooth=beta**2 * heaviest / (6.0 * 3.0**0.5),
        bounded_below=0.0,
        aligned_with="a utility of gains and losses",
    )


def _nll(block: Block, count: int, coefficient: float) -> Array | float:
    """The likelihood term, one number for the batch or one an answer, its slope given at once."""
    given = block.predictions.get("chosen_nll")
    if given is None:
        return 0.0
    shares = block.factors * coefficient
    block.give(shares if given.shape == (count,) and count > 1 else shares.sum().reshape(given.shape), "chosen_nll")
    term: Array = coefficient * (given if given.shape == (count,) else np.full(count, given.reshape(-1)[0]))
    return term


def align_answers(batch: Batch, reader: Reader) -> Batch:
    """A chosen and a rejected log-probability each; chosen_nll one an answer, or one for all."""
    chosen, rejected = (batch.predictions[name] for name in ("policy_chosen_logps", "policy_rejected_logps"))
    if chosen.ndim != 1 or chosen.shape != rejected.shape:
        shapes = f"shape {list(rejected.shape)} does not match policy_chosen_logps, shape {list(chosen.shape)}"
        reader.refuse("predictions/policy_rejected_logps", shapes, "one of each per pair")
    nll = batch.predictions.get("chosen_nll")
    if nll is not None and nll.shape not in {(1,), (), chosen.shape}:
        reader.refuse("predictions/chosen_nll", f"chosen_nll has shape {list(nll.shape)}", "one number, or one a pair")
    return replace(batch, shape=chosen.shape)


def orpo(block: Block) -> Array:
    """The chosen answer's likelihood, and the odds of choosing it over the rejected one; no reference.

        L = nll + beta softplus(-(log odds(c) - log odds(r))),  odds(x) = exp(x) / (1 - exp(x))

    Gradient: -beta sigma(-o) / (1 - exp(c)) in the chosen, + with r in the rejected; 1 in chosen_nll.
    Domain: log-probabilities averaged over tokens, < 0; chosen_nll one number for the batch or one a pair; beta > 0.
    Stability: log(1 - exp(x)) as log(-expm1(x)).
    Aligned with: the chosen answers' likelihood, tilted by preference.
    Pitfalls: sums over tokens instead of means make the odds vanish; beta is called lambda in the paper.
    Source: Hong, Lee, Thorne, ORPO (2024), equations 4 to 7.
    """
    c, r = block.predictions["policy_chosen_logps"], block.predictions["policy_rejected_logps"]
    for name, x in (("policy_chosen_logps", c), ("policy_rejected_logps", r)):
        block.require(name, x < 0.0, "is no average log-probability", "averages over tokens, below 0")
    odds = (c - r) - (np.log(-np.expm1(c)) - np.log(-np.expm1(r)))
    push = block["beta"] * sigmoid(-odds) * block.factors
    block.give(push / np.expm1(c), "policy_chosen_logps")
    block.give(-push / np.expm1(r), "policy_rejected_logps")
    values: Array = _nll(block, len(c), 1.0) + block["beta"] * softplus(-odds)
    return values


def orpo_properties(params: Params) -> Properties:
    """Steep as a log-probability nears 0."""
    return Properties(
        differentiable=True,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=None,
        aligned_with="likelihood, tilted by preference",
        note="0 is a bound while chosen_nll is not negative",
    )


def cpo(block: Block) -> Array:
    """Preference without a reference, and the chosen answer's likelihood; SimPO with a margin and per-token averages.

        h = chosen - rejected, e = label_smoothing
        sigmoid  (1-e) softplus(-beta h) + e softplus(beta h)
        simpo    the same of h - simpo_gamma / beta
        hinge    max(0, 1 - beta h)
        ipo      (h - 1/(2 beta))^2
        + cpo_alpha chosen_nll

    Gradient: of the function of h, opposite in chosen and rejected; cpo_alpha in chosen_nll.
    Domain: log-probabilities summed over tokens (sigmoid, hinge), averaged (ipo, simpo); beta > 0; e in [0, 1).
    Kinks: beta h = 1 for the hinge, where 0 is returned.
    Aligned with: the preference probability sigma(beta h).
    Pitfalls: without a reference nothing holds the policy near where it began but the likelihood term; SimPO proper has
        cpo_alpha 0 and beta 2 to 2.5.
    Source: Xu et al., Contrastive preference optimization (2024), equation 5; Meng, Xia, Chen, SimPO (2024), equation
        6.
    """
    chosen, rejected = block.predictions["policy_chosen_logps"], block.predictions["policy_rejected_logps"]
    beta, e, variant = block["beta"], block["label_smoothing"], block["variant"]
    h = chosen - rejected
    if variant == "hinge":
        values = np.maximum(1.0 - beta * h, 0.0)
        slope = -beta * (values > 0.0)
        if block.slots:
            block.notes.mark("subgradient_at_kink", beta * h == 1.0)
    elif variant == "ipo":
        values = (h - 0.5 / beta) ** 2
        slope = 2.0 * (h - 0.5 / beta)
    else:
        u = beta * h - (block["simpo_gamma"] if variant == "simpo" else 0.0)
        values = (1.0 - e) * softplus(-u) + e * softplus(u)
        slope = beta * (e * sigmoid(u) - (1.0 - e) * sigmoid(-u))
    block.give(slope * block.factors, "policy_chosen_logps")
    block.give(-slope * block.factors, "policy_rejected_logps")
    total: Array = values + _nll(block, len(h), block["cpo_alpha"])
    return total


def cpo_properties(params: Params) -> Properties:
    """Convex in the two log-probabilities."""
    beta = params["beta"]
    smooth = {"sigmoid": beta**2 / 2.0, "simpo": beta**2 / 2.0, "ipo": 4.0}
    return Properties(
        differentiable=params["variant"] != "hinge",
        convex_in_predictions=True,
        lipschitz=None,
        smooth=smooth.get(params["variant"]),
        bounded_below=None,
        aligned_with="preference probability",
        note="0 is a bound while chosen_nll is not negative",
    )
