"""Losses of policies that act: the policy gradient with its critic, and SAC's actor."""

from collections.abc import Mapping

import numpy as np

from mlquote.losses.loss import Answer, Array, Batch, Block, Reader, Reduce, steep


def policy_gradient(block: Block) -> Array:
    """REINFORCE: actions made likelier by their advantages; with values and entropy, an actor and its critic.

        L = -A logp + vf_coef (V - R)^2 - entropy_coef H

    Gradient: -A in logp; 2 vf_coef (V - R) in the values; -entropy_coef in the entropy.
    Domain: log-probabilities of the actions taken; any real advantages (returns, for REINFORCE without a baseline).
    Aligned with: the expected return, whose gradient it has; its value is no measure of it.
    Pitfalls: the value means nothing, only its gradient does; A2C is this with vf_coef 0.5 and entropy_coef 0.01;
        values are held constant in A.
    Source: Williams, Simple statistical gradient-following algorithms (1992); Mnih et al., A3C (2016), section 4.
    """
    found, slopes = np.zeros(block.predictions["logp"].shape), dict[str, Array]()
    for name, (value, slope) in terms_of(block.predictions, block.targets, block.batch.params).items():
        found = found + value
        slopes[name] = slope
    for name in block.slots:
        block.give(slopes[name], name)
    return found


def terms_of(
    p: Mapping[str, Array], t: Mapping[str, Array], params: Mapping[str, float]
) -> dict[str, tuple[Array, Array]]:
    """Each term of the loss and its slope, by the prediction it is of."""
    found = {"logp": (-t["advantages"] * p["logp"], -t["advantages"])}
    if "values" in p:
        r = p["values"] - t["returns"]
        found["values"] = params["vf_coef"] * r * r, 2.0 * params["vf_coef"] * r
    if "entropy" in p:
        found["entropy"] = -params["entropy_coef"] * p["entropy"], np.full(p["logp"].shape, -params["entropy_coef"])
    return found


def align_policy_gradient(batch: Batch, reader: Reader) -> Batch:
    """Advantages one an action, or one an episode."""
    return batch.one_a_row("advantages", batch.predictions["logp"].shape)


def prepare_policy_gradient(batch: Batch, reader: Reader) -> Batch:
    """A critic needs its returns, and they a critic."""
    if ("values" in batch.predictions) != ("returns" in batch.targets):
        missing = "targets/returns" if "values" in batch.predictions else "predictions/values"
        reader.refuse(missing, "values and returns come together", "give both, or neither")
    return batch


def policy_parts(batch: Batch, extras: Mapping[str, float], reduce: Reduce) -> Answer:
    """Each term reduced as the cost was."""
    named = {"logp": "policy_loss", "values": "value_loss", "entropy": "entropy_loss"}
    terms = terms_of(batch.predictions, batch.targets, batch.params)
    return {named[name]: reduce(value) for name, (value, _) in terms.items()}


def sac(block: Block) -> Array:
    """The actor's loss of soft actor-critic: value wanted, and entropy.

        L = alpha logp - Q

    Gradient: alpha in logp, -1 in the value.
    Domain: the log-density of the policy's own action, and the critics' value of it (the smaller of two).
    Aligned with: a policy proportional to exp(Q / alpha).
    Pitfalls: both depend on the policy's parameters through its action; DDPG's and TD3's actor loss is this with alpha
        0.
    Source: Haarnoja et al., Soft actor-critic (2018), equation 9.
    """
    logp, q = block.predictions["logp"], block.predictions["q"]
    block.give(np.full(logp.shape, block["alpha"]), "logp")
    block.give(np.full(q.shape, -1.0), "q")
    values: Array = block["alpha"] * logp - q
    return values


policy_gradient_properties = steep("the expected return", below=None, differentiable=True, convex=True)
sac_properties = steep("a policy proportional to exp(Q / alpha)", below=None, differentiable=True, convex=True)
