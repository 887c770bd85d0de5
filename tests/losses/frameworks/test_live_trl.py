"""TRL's trainers themselves beside their entries: random questions, values and gradients in float64.

A trainer's loss is asked of a stand-in for the trainer and of a model that answers with given log-probabilities: no
model is loaded or trained. Skipped where TRL is not installed.
"""

from collections import defaultdict
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mlquote.losses.objective import evaluate

torch, trl = pytest.importorskip("torch"), pytest.importorskip("trl")
SEEDS = range(25)
Body = dict[str, Any]


@dataclass
class Asked:
    """A question, the leaves its slopes are wanted of, TRL's cost of the same, and how near it is to be met."""

    body: Body
    leaves: Body
    made: Any
    rtol: float = 1e-9

    def hold(self) -> None:
        """Our cost and slopes are TRL's."""
        predictions = {name: each.detach().numpy() for name, each in self.leaves.items()}
        alone = predictions.get("predictions", predictions)
        answer = evaluate({**self.body, "predictions": alone, "gradient": True, "convention": "trl"})
        np.testing.assert_allclose(answer["cost"], self.made.item(), rtol=self.rtol, atol=1e-12)
        self.made.backward()
        found = answer["gradient"]["predictions"]
        for name, each in self.leaves.items():
            slope = found if name == "predictions" else found[name]
            np.testing.assert_allclose(slope, each.grad.numpy(), rtol=100.0 * self.rtol, atol=1e-3 * self.rtol)


def same(x: Any, *_: Any, **__: Any) -> Any:
    """What one process gathers."""
    return x


def trainer(**fields: Any) -> SimpleNamespace:
    """What a loss looks up in its trainer."""
    accelerator = SimpleNamespace(
        device=torch.device("cpu"), gather=same, gather_for_metrics=same, reduce=same, num_processes=1
    )
    idle = {
        "aux_loss_enabled": False,
        "use_vllm": False,
        "_total_train_tokens": 0,
        "_metrics": {"eval": defaultdict(list)},
    }
    return SimpleNamespace(accelerator=accelerator, model=SimpleNamespace(training=False), **idle, **fields)


def leaf(array: Any) -> Any:
    """A tensor whose slope is wanted."""
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


def spread(logps: Any, lengths: Any) -> tuple[Any, Any]:
    """Answers' log-probabilities over their tokens, and which tokens those are, one of a prompt before them."""
    sizes = torch.tensor(lengths)[:, None]
    mask = torch.arange(int(lengths.max()))[None, :] < sizes
    return logps[:, None] / sizes * mask, torch.cat([torch.zeros(len(lengths), 1).long(), mask.long()], dim=1)


def outputs(each: Any) -> SimpleNamespace:
    """What a model returns, of which the log-probabilities count."""
    none = each.detach() * 0.0
    return SimpleNamespace(log_probs=each, entropy=none, mean_logits=none, is_top1=none.bool())


def pick(rng: np.random.Generator, *choices: float) -> float:
    """One of these."""
    return float(rng.choice(choices))


MARGINS = ("sigmoid", "sigmoid_norm", "hinge", "ipo", "exo_pair", "robust", "discopop")
OTHERS = ("nca_pair", "bco_pair", "sppo_hard", "aot", "aot_unpaired", "apo_zero", "apo_down")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("variant", [*MARGINS, *OTHERS])
def test_dpo(variant: str, seed: int) -> None:
    """Every loss type; other divergences where they act; smoothing given to those that use none, too."""
    rng = np.random.default_rng(seed)
    pairs, beta = int(rng.integers(1, 6)), pick(rng, 0.05, 0.1, 0.5, 2.0)
    divergence = str(rng.choice(("reverse_kl", "forward_kl", "js_divergence"))) if variant in MARGINS else "reverse_kl"
    smoothing = pick(rng, 0.1, 0.25, 0.4)
    chosen, rejected = leaf(rng.normal(-20.0, 4.0, pairs)), leaf(rng.normal(-20.0, 4.0, pairs))
    reference, lengths = rng.normal(-20.0, 4.0, 2 * pairs), rng.integers(1, 9, 2 * pairs)
    each, mask = spread(torch.cat([chosen, rejected]), lengths)
    stand_in = trainer(
        beta=beta, label_smoothing=smoothing, f_divergence_type=divergence, loss_types=[variant], loss_weights=[1.0],
        ld_alpha=None, precompute_ref_logps=True, use_weighting=False, args=SimpleNamespace(discopop_tau=0.05),
    )  # fmt: skip
    inputs = {"input_ids": mask, "completion_mask": mask}
    inputs |= {
        "ref_chosen_logps": torch.tensor(reference[:pairs]),
        "ref_rejected_logps": torch.tensor(reference[pairs:]),
    }
    made = trl.DPOTrainer._compute_loss(stand_in, lambda **_: outputs(each), inputs, return_outputs=False)
    targets: Body = {"reference_chosen_logps": reference[:pairs], "reference_rejected_logps": reference[pairs:]}
    if variant in {"ipo", "sigmoid_norm"}:
        targets |= {"chosen_lengths": lengths[:pairs], "rejected_lengths": lengths[pairs:]}
    params = {"variant": variant, "beta": beta, "label_smoothing": smoothing, "f_divergence": divergence}
    body: Body = {"loss": "DPOTrainer", "targets": targets, "params": params}
    leaves = {"policy_chosen_logps": chosen, "policy_rejected_logps": rejected}
    Asked(body, leaves, made, rtol=1e-6 if variant == "exo_pair" else 1e-9).hold()  # its smoothing is a float32


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("variant", ["kto", "apo_zero_unpaired"])
def test_kto(variant: str, seed: int) -> None:
    """Wanted and unwanted answers in any number, a reference point above 0 or held there."""
    rng = np.random.default_rng(seed)
    size, beta = int(rng.integers(1, 7)), pick(rng, 0.05, 0.1, 0.5)
    wanted, reference = rng.integers(0, 2, size), rng.normal(-20.0, 6.0, size)
    kl, reference_kl = rng.normal(-20.0, 6.0, size), rng.normal(-20.0, 6.0, size)
    weights = {"desirable_weight": pick(rng, 1.0, 0.7, 1.33), "undesirable_weight": pick(rng, 1.0, 1.2)}
    logps, lengths = leaf(rng.normal(-20.0, 6.0, size)), rng.integers(1, 9, size)
    each, mask = spread(logps, lengths)
    stand_in = trainer(
        beta=beta, loss_type=variant, calculate_KL=variant == "kto", precompute_ref_logps=True, **weights,
        _compute_kl_logps=lambda *_: torch.tensor(kl),
    )  # fmt: skip
    batch = {"input_ids": mask, "completion_mask": mask, "label": torch.tensor(wanted)}
    batch |= {"ref_logps": torch.tensor(reference), "ref_KL_logps": torch.tensor(reference_kl)}
    made = trl.KTOTrainer._compute_loss(stand_in, lambda **_: outputs(each), batch, return_outputs=False)
    targets: Body = {"desirable": wanted, "reference_logps": reference}
    if variant == "kto":
        targets |= {"kl_logps": kl, "reference_kl_logps": reference_kl}
    body: Body = {"loss": "KTOTrainer", "targets": targets, "params": {"variant": variant, "beta": beta, **weights}}
    Asked(body, {"policy_logps": logps}, made).hold()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("variant", ["orpo", "sigmoid", "hinge", "ipo", "simpo"])
def test_orpo_and_cpo(variant: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    size, beta = int(rng.integers(1, 6)), pick(rng, 0.1, 0.5, 2.0)
    far = 20.0 if variant in {"sigmoid", "hinge"} else 1.5
    chosen, rejected = (leaf(-rng.gamma(2.0, far / 2.0, size) - 1e-3) for _ in range(2))
    nll = leaf([rng.gamma(2.0, 1.0)])
    stand_in = trainer(concatenated_forward=lambda *_: (chosen, rejected, chosen, rejected, nll[0]), beta=beta)
    params: Body = {"beta": beta}
    if variant == "orpo":
        orpo = pytest.importorskip("trl.experimental.orpo").ORPOTrainer
        stand_in.odds_ratio_loss = lambda *given: orpo.odds_ratio_loss(stand_in, *given)
        made, _ = orpo.get_batch_loss_metrics(stand_in, None, {}, "eval")
    else:
        cpo = pytest.importorskip("trl.experimental.cpo").CPOTrainer
        params |= {"variant": variant, "cpo_alpha": pick(rng, 0.0, 1.0, 0.3)}
        params |= {"simpo_gamma": pick(rng, 0.5, 1.4)} if variant == "simpo" else {}
        params |= {"label_smoothing": pick(rng, 0.0, 0.1)} if variant in {"sigmoid", "simpo"} else {}
        settings = {"simpo_gamma": 0.5, "label_smoothing": 0.0, "alpha": 0.0, "loss_type": variant} | params
        vars(stand_in).update(settings)
        stand_in.cpo_loss = lambda *given: cpo.cpo_loss(stand_in, *given)
        made, _ = cpo.get_batch_loss_metrics(stand_in, None, {}, "eval")
    leaves = {"policy_chosen_logps": chosen, "policy_rejected_logps": rejected, "chosen_nll": nll}
    body: Body = {"loss": "ORPOTrainer" if variant == "orpo" else "CPOTrainer", "params": params}
    Asked(body, leaves, made, rtol=1e-5 if variant == "orpo" else 1e-9).hold()  # its odds are float32


VARIANTS = ("grpo", "bnpo", "dapo", "dr_grpo", "luspo", "cispo", "sapo", "vespo")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("level", ["token", "sequence"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_grpo(variant: str, level: str, seed: int) -> None:
    """Answers of all lengths, none among them; advantages an answer or a token; KL, clips, a bound on the ratio."""
    rng = np.random.default_rng(seed)
    rows, steps = int(rng.integers(1, 5)), int(rng.integers(1, 6))
    logp = leaf(-rng.gamma(2.0, 1.0, (rows, steps)))
    old, reference = (logp.detach().numpy() + rng.normal(0.0, 0.4, (rows, steps)) for _ in range(2))
    advantages = rng.normal(size=(rows, steps) if rng.random() < 0.3 else rows)
    mask = np.arange(steps)[None, :] < rng.integers(0, steps + 1, rows)[:, None]
    params: Body = {"variant": variant, "kl_coef": pick(rng, 0.0, 0.04)}
    clips = {"clip_range": pick(rng, 0.1, 0.2), "clip_range_high": pick(rng, 0.2, 0.28, 1.2)}
    own: Body = {
        "sapo": {"sapo_temperature_pos": pick(rng, 1.0, 2.0), "sapo_temperature_neg": pick(rng, 1.05, 1.5)},
        "vespo": {
            "vespo_k_pos": pick(rng, 2.0, 1.5),
            "vespo_lambda_pos": 3.0,
            "vespo_k_neg": 3.0,
            "vespo_lambda_neg": 2.0,
        },
        "dr_grpo": {**clips, "max_completion_length": 8},
        "cispo": {"clip_range_high": clips["clip_range_high"]},
    }.get(variant, clips)
    if variant not in {"sapo", "vespo", "cispo"} and rng.random() < 0.5:
        own = {**own, "delta": 1.3}
    params |= own | ({} if variant == "vespo" else {"importance_sampling_level": level})
    args = SimpleNamespace(**{"delta": None, "use_bias_correction_kl": False, "steps_per_generation": 1} | own)
    stand_in = trainer(
        loss_type=variant, importance_sampling_level=level, beta=params["kl_coef"], top_entropy_quantile=1.0,
        epsilon_low=clips["clip_range"], epsilon_high=clips["clip_range_high"], off_policy_mask_threshold=None,
        max_completion_length=8, args=args, _entropy_bonus_enabled=False, current_gradient_accumulation_steps=1,
        get_gamma_weights=trl.GRPOTrainer.get_gamma_weights,
        _get_per_token_logps_and_entropies=lambda *_, **__: (logp, torch.zeros(rows, steps), None),
    )  # fmt: skip
    none = torch.zeros(rows, 1).long()
    inputs = {
        "prompt_ids": none, "prompt_mask": none, "completion_ids": torch.zeros(rows, steps).long(),
        "completion_mask": torch.tensor(mask).long(), "advantages": torch.tensor(advantages),
        "ref_per_token_logps": torch.tensor(reference), "num_items_in_batch": torch.tensor(mask.sum()),
    }  # fmt: skip
    targets: Body = {"advantages": advantages}
    if rng.random() < 0.8:
        inputs["old_per_token_logps"] = torch.tensor(old)
        targets["logp_old"] = old
    if params["kl_coef"]:
        targets["logp_ref"] = reference
    made = trl.GRPOTrainer._compute_loss(stand_in, None, inputs)
    body: Body = {"loss": "GRPOTrainer", "targets": targets, "params": params, "mask": mask}
    Asked(body, {"logp": logp}, made, rtol=1e-6 if variant == "sapo" else 1e-9).hold()  # its temperatures are float32


@pytest.mark.parametrize("seed", SEEDS)
def test_rloo(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 6))
    logp = leaf(rng.normal(-20.0, 3.0, size))
    old, advantages = logp.detach().numpy() + rng.normal(0.0, 0.4, size), rng.normal(size=size)
    params = {"clip_range": pick(rng, 0.1, 0.2), "clip_range_high": pick(rng, 0.2, 0.28)}
    each, mask = spread(logp, rng.integers(1, 6, size))
    stand_in = trainer(
        epsilon_low=params["clip_range"], epsilon_high=params["clip_range_high"],
        _get_per_token_logps_and_entropies=lambda *_, **__: (each, torch.zeros_like(each), None),
    )  # fmt: skip
    ids = dict.fromkeys(("prompt_ids", "prompt_mask", "completion_ids", "completion_mask"), mask[:, 1:])
    inputs = {**ids, "old_logps": torch.tensor(old), "advantages": torch.tensor(advantages)}
    made = trl.RLOOTrainer._compute_loss(stand_in, None, inputs)
    body: Body = {"loss": "RLOOTrainer", "targets": {"logp_old": old, "advantages": advantages}, "params": params}
    Asked(body, {"logp": logp}, made).hold()


@pytest.mark.parametrize("seed", SEEDS)
def test_rewards(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size, center = int(rng.integers(1, 6)), rng.choice([None, 0.01, 0.5])
    chosen, rejected, margins = leaf(rng.normal(size=size)), leaf(rng.normal(size=size)), rng.gamma(1.0, 1.0, size)
    logits = torch.cat([chosen, rejected])[:, None]
    stand_in = trainer(args=SimpleNamespace(center_rewards_coefficient=center))
    inputs, targets = ({"margin": torch.tensor(margins)}, {"margins": margins}) if rng.random() < 0.5 else ({}, {})
    made = trl.RewardTrainer.compute_loss(stand_in, lambda **_: SimpleNamespace(logits=logits), inputs)
    body: Body = {"loss": "RewardTrainer", "params": {"center_coef": center}}
    leaves = {"chosen_rewards": chosen, "rejected_rewards": rejected}
    Asked(body | ({"targets": targets} if targets else {}), leaves, made).hold()


@pytest.mark.parametrize("seed", SEEDS)
def test_fine_tuning(seed: int) -> None:
    """Labels shifted by one inside, prompts left out, and 0 where nothing is left."""
    rng = np.random.default_rng(seed)
    rows, steps, symbols = int(rng.integers(1, 4)), int(rng.integers(2, 6)), int(rng.integers(2, 6))
    logits, labels = leaf(rng.normal(0.0, 2.0, (rows, steps, symbols))), rng.integers(0, symbols, (rows, steps))
    labels[rng.random((rows, steps)) < pick(rng, 0.0, 0.4, 1.0)] = -100
    ahead = torch.tensor(np.concatenate([labels[:, 1:], np.full((rows, 1), -100)], axis=1))
    kept = ahead != -100
    logps = torch.log_softmax(logits, dim=-1).gather(-1, ahead.clamp(min=0)[..., None])[..., 0] * kept
    found = outputs(logps)
    found.label_mask = kept
    stand_in = trainer(
        compute_loss_func=None, label_smoother=None,
        args=SimpleNamespace(loss_type="nll", average_tokens_across_devices=False),
    )  # fmt: skip
    stand_in.accelerator.parallelism_config = None
    made = trl.SFTTrainer.compute_loss(stand_in, lambda **_: found, {"labels": torch.tensor(labels)})
    Asked({"loss": "SFTTrainer", "targets": labels}, {"predictions": logits}, made).hold()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("beta", [0.0, 0.3, 1.0])
def test_distillation(beta: float, seed: int) -> None:
    """With labels divided by the tokens they keep, without by axis 0."""
    gkd = pytest.importorskip("trl.experimental.gkd").GKDTrainer
    rng = np.random.default_rng(seed)
    shape = tuple(int(n) for n in rng.integers(1, 5, 3))
    student, teacher, temperature = leaf(rng.normal(0.0, 2.0, shape)), rng.normal(0.0, 2.0, shape), pick(rng, 1.0, 2.0)
    kept = rng.random(shape[:2]) < 0.6
    masked = rng.random() < 0.7
    labels = torch.tensor(np.where(kept, 1, -100)) if masked else None
    made = gkd.generalized_jsd_loss(student, torch.tensor(teacher), labels=labels, beta=beta, temperature=temperature)
    body: Body = {"loss": "GKDTrainer", "targets": teacher, "params": {"beta": beta, "temperature": temperature}}
    Asked(body | ({"mask": kept} if masked else {}), {"predictions": student}, made).hold()
