"""TRL's trainers: preference losses of given log-probabilities, averaged over pairs, without sample weights."""

from mlquote.losses.families.preference import PER_TOKEN, align_dpo
from mlquote.losses.frameworks.function import Function, Module, own
from mlquote.losses.loss import Batch, Params, Reader

VERSION = "trl 1.16.0"
SMOOTHED = frozenset({"robust", "exo_pair", "aot", "aot_unpaired"})
"""Variants of DPO in which TRL uses its label_smoothing."""


def _smoothing(params: Params, reader: Reader) -> Params:
    """label_smoothing acts on four variants only; exo_pair refuses 0, and robust a half or more."""
    variant, smoothing = params["variant"], params["label_smoothing"]
    if variant == "exo_pair" and not smoothing:
        reader.refuse("params/label_smoothing", "TRL refuses exo_pair without label_smoothing", "above 0")
    return params if variant in SMOOTHED else {**params, "label_smoothing": 0.0}


def _lengths(batch: Batch, reader: Reader) -> Batch:
    """ipo and sigmoid_norm average over an answer's tokens, always."""
    needed = [name for name in ("chosen_lengths", "rejected_lengths") if name not in batch.targets]
    if batch.params["variant"] in PER_TOKEN and needed:
        detail = f"TRL averages {batch.params['variant']} per token: it has no form without lengths"
        reader.refuse(f"targets/{needed[0]}", detail, "give chosen_lengths and rejected_lengths")
    return align_dpo(batch, reader)


FUNCTIONS = (
    Function(
        framework="trl",
        spelling="trl.DPOTrainer",
        loss=own("dpo", align=_lengths),
        has={"variant": "sigmoid", "beta": 0.1, "label_smoothing": 0.0, "f_divergence": "reverse_kl"},
        settle=_smoothing,
        differs="label_smoothing acts on robust, exo_pair, aot and aot_unpaired only (on sigmoid too up to 0.28.0); "
        "ipo and sigmoid_norm average log-probabilities per token",
    ),
    Function(framework="trl", spelling="trl.RewardTrainer", loss=own("bradley_terry"), has={"center_coef": None}),
)
MODULE = Module("trl", VERSION, FUNCTIONS)
