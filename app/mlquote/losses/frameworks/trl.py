"""TRL's trainers: preference losses of given log-probabilities, averaged over pairs, without sample weights."""

from mlquote.losses.families.preference import PER_TOKEN, REFERENCES, align_dpo
from mlquote.losses.frameworks.departures import overflowing_discopop, shifted
from mlquote.losses.frameworks.function import Function, Module, hard_targets, own
from mlquote.losses.loss import Batch, Params, Reader
from mlquote.losses.registry import LOSSES

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
    for name in REFERENCES:
        if name not in batch.targets:
            reader.refuse(f"targets/{name}", "TRL always scores a reference", "give it, or drop the convention")
    needed = [name for name in ("chosen_lengths", "rejected_lengths") if name not in batch.targets]
    if batch.params["variant"] in PER_TOKEN and needed:
        detail = f"TRL averages {batch.params['variant']} per token: it has no form without lengths"
        reader.refuse(f"targets/{needed[0]}", detail, "give chosen_lengths and rejected_lengths")
    return align_dpo(batch, reader)


def _two_variants(params: Params, reader: Reader) -> Params:
    """OnlineDPO knows two functions of the margin."""
    if params["variant"] not in {"sigmoid", "ipo"}:
        reader.refuse("params/variant", f"OnlineDPOTrainer has no {params['variant']}", "sigmoid | ipo")
    return params


def _kept_or_rows(params: Params) -> str:
    """GKD divides by a number that depends on whether labels mask anything."""
    return "constant"


def _kept_or_axis_0(batch: Batch) -> float:
    """The kept tokens where a mask tells them, else the size of axis 0."""
    return float(batch.shape[0] if batch.keep is None else batch.keep.sum())


FUNCTIONS = (
    Function(
        framework="trl",
        spelling="trl.DPOTrainer",
        loss=own("dpo", align=_lengths, kernel=overflowing_discopop),
        has={"variant": "sigmoid", "beta": 0.1, "label_smoothing": 0.0, "f_divergence": "reverse_kl"},
        settle=_smoothing,
        differs="label_smoothing acts on robust, exo_pair, aot and aot_unpaired only (on sigmoid too up to 0.28.0); "
        "ipo and sigmoid_norm average log-probabilities per token; discopop is NaN from u = -710 on",
    ),
    Function(
        framework="trl",
        spelling="trl.experimental.online_dpo.OnlineDPOTrainer",
        also=("trl.OnlineDPOTrainer",),
        loss=own("dpo"),
        has={"variant": "sigmoid", "beta": 0.1},
        settle=_two_variants,
        by_name=True,
        differs="ipo sums log-probabilities over tokens, as the paper does",
    ),
    Function(
        framework="trl",
        spelling="trl.SFTTrainer",
        loss=own("cross_entropy", forms=("logits",), align=shifted),
        has={"ignore_index": -100},
        form="logits",
        when=hard_targets,
        by_name=True,
        nothing_left="zero",
        differs="labels are shifted by one inside; 0 where none is left; "
        "the divisor is the tokens of the whole accumulated batch",
    ),
    Function(
        framework="trl",
        spelling="trl.RLOOTrainer",
        loss=own(
            "ppo_clip",
            predictions=("logp",),
            targets=("logp_old", "advantages"),
            optional=frozenset(),
            array_acts={},
        ),
        has={"clip_range": 0.2, "clip_range_high": None},
        by_name=True,
        differs="logp and logp_old are sums over an answer's tokens; the KL penalty is in the rewards",
    ),
    Function(framework="trl", spelling="trl.RewardTrainer", loss=own("bradley_terry"), has={"center_coef": None}),
    Function(
        framework="trl",
        spelling="trl.KTOTrainer",
        loss=own("kto"),
        has={"variant": "kto", "beta": 0.1, "desirable_weight": 1.0, "undesirable_weight": 1.0},
    ),
    Function(framework="trl", spelling="trl.ORPOTrainer", loss=own("orpo"), has={"beta": 0.1}),
    Function(
        framework="trl",
        spelling="trl.CPOTrainer",
        loss=own("cpo"),
        has={"variant": "sigmoid", "beta": 0.1, "label_smoothing": 0.0, "simpo_gamma": 0.5, "cpo_alpha": 1.0},
        differs="sigmoid and hinge sum log-probabilities over tokens, ipo and simpo average them",
    ),
    Function(
        framework="trl",
        spelling="trl.GRPOTrainer",
        loss=own("grpo"),
        has={param.name: "dapo" if param.name == "variant" else param.default for param in LOSSES["grpo"].params},
        nothing_left="zero",
        differs="loss_type is dapo by default; cispo's epsilon_high is the bound itself",
    ),
    Function(
        framework="trl",
        spelling="trl.GKDTrainer",
        also=("trl.GKDTrainer.generalized_jsd_loss",),
        loss=own("jsd", forms=("logits",), reduction=_kept_or_rows, divisor=_kept_or_axis_0),
        has={"target_form": "logits", "beta": 0.5, "temperature": 1.0},
        form="logits",
        nothing_left="zero",
        differs="with labels the mean is over kept tokens, without over axis 0",
    ),
)
MODULE = Module("trl", VERSION, FUNCTIONS)
