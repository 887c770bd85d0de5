"""Losses of a student against a teacher: Jensen-Shannon divergence, with forward and reverse KL at its ends."""

import numpy as np

from mlquote.losses.loss import Array, Batch, Block, Params, Properties, Reader, Softmax, row_dots, times

SMALLEST = 1e-300
"""q log q below this is 0 in float64 sums, and log(0) never has to be taken."""


def jsd(block: Block) -> Array:
    """Divergence of a student s from a teacher t: forward KL with beta 0, reverse KL with 1, Jensen-Shannon between.

        m = beta t + (1 - beta) s
        L = beta KL(t || m) + (1 - beta) KL(s || m),   0 < beta < 1
        L = KL(t || s) with beta 0;  KL(s || t) with beta 1;  logits are divided by the temperature first

    Gradient: in the student: dL/ds = (1 - beta) log(s/m); -t/s with beta 0; log(s/t) + 1 with beta 1; through the
        softmax of logits s (g - s.g) / T.
    Domain: distributions as logits, log-probabilities or probabilities; beta in [0, 1]; temperature > 0.
    Stability: exact log-softmax; 0 log 0 = 0.
    Aligned with: the teacher: its mean with beta 0, one of its modes with beta 1.
    Pitfalls: beta is the teacher's share in the mixture; on-policy distillation is beta 1 on the student's own answers;
        TRL divides by the kept tokens, and without labels by axis 0.
    Source: Agarwal et al., On-policy distillation of language models (2024), equation 1; Lin (1991).
    """
    beta, temperature = block["beta"], block["temperature"]
    s, log_s = _read(block, block.p, str(block.batch.form), "predictions", temperature)
    t, log_t = _read(block, block.y, block["target_form"], "targets", temperature)
    if beta == 0.0:
        values, slope = _against(t, log_t, log_s), -t / np.maximum(s, SMALLEST)
    elif beta == 1.0:
        values, slope = _against(s, log_s, log_t), log_s - log_t + 1.0
    else:
        log_m = np.log(np.maximum(beta * t + (1.0 - beta) * s, SMALLEST))
        values = beta * _against(t, log_t, log_m) + (1.0 - beta) * _against(s, log_s, log_m)
        slope = (1.0 - beta) * (log_s - log_m)
    if block.wants():
        if block.batch.form == "logits":
            slope = times(s, slope)
            slope = (slope - s * slope.sum(axis=1)[:, None]) / temperature
        elif block.batch.form == "log_probabilities":
            slope = times(s, slope)
        block.give(slope)
    return values


def _against(p: Array, log_p: Array, log_q: Array) -> Array:
    """KL(p || q) of each row."""
    found: Array = row_dots(p, log_p - log_q)
    return found


def _read(block: Block, given: Array, form: str, name: str, temperature: float) -> tuple[Array, Array]:
    """q and log q, the logarithm finite wherever q is 0."""
    if form == "logits":
        z = given / temperature
        soft = Softmax(z, np.empty_like(z))
        log = np.maximum(soft.log_probabilities(), np.log(SMALLEST))
        return soft.probabilities(), log
    q = np.exp(given) if form == "log_probabilities" else given
    block.require_rows(name, q)
    block.require_probabilities(name, q)
    return q, np.log(np.maximum(q, SMALLEST))


def prepare_jsd(batch: Batch, reader: Reader) -> Batch:
    """A temperature divides logits, of student or teacher; with neither it would silently do nothing."""
    if batch.params["temperature"] != 1.0 and "logits" not in {batch.form, batch.params["target_form"]}:
        reader.refuse("params/temperature", "a temperature divides logits, and there are none", "give logits")
    return batch


def jsd_properties(params: Params) -> Properties:
    """Bounded between the ends; convex in the student's probabilities."""
    inner = 0.0 < params["beta"] < 1.0
    return Properties(
        differentiable=True,
        convex_in_predictions=params["beta"] == 0.0 and params["_form"] == "logits",
        lipschitz=None,
        smooth=None,
        bounded_below=0.0 if params["_form"] == "logits" else None,
        aligned_with="the teacher's distribution",
        note="never above the entropy of beta" if inner else "",
    )
