"""Losses of policies, preferences, teachers, routers and critics beside those of the registry."""

from mlquote.losses.families import adversarial, answers, control, distillation, policy, routing
from mlquote.losses.loss import Folding, Loss
from mlquote.losses.parameters import (
    Condition,
    choice,
    flag,
    nonnegative,
    number,
    positive,
    where,
    whole,
    with_array,
)
from mlquote.losses.reading import Interval

SHARE = Interval(0.0, 1.0)
BETA = positive("beta", 0.1, "strength of the preference")
CLIPS = where("variant", *sorted(policy.CLIPPED))
CLIPS_AT_ALL = where("variant", *sorted({*policy.CLIPPED, "cispo"}))
LOWER_CLIP = Condition(
    "with a variant that clips the ratio, or cispo without clip_range_high",
    lambda params, form, arrays: (
        params["variant"] in policy.CLIPPED or (params["variant"] == "cispo" and params["clip_range_high"] is None)
    ),
)
MORE_THAN_ONE = Condition("with top_k above 1", lambda params, form, arrays: params["top_k"] > 1)
CHOSEN = ("policy_chosen_logps", "policy_rejected_logps", "chosen_nll")

LOSSES = (
    Loss(
        name="kto",
        kernel=answers.kto,
        properties=answers.kto_properties,
        params=(
            choice("variant", ("kto", "apo_zero_unpaired"), "with the reference point, or without"),
            positive("beta", 0.1, "strength of the reference"),
            nonnegative("desirable_weight", 1.0, "weight of answers that are wanted"),
            nonnegative("undesirable_weight", 1.0, "weight of those that are not"),
        ),
        predictions=("policy_logps",),
        targets=("desirable", "reference_logps", "kl_logps", "reference_kl_logps"),
        optional=frozenset({"kl_logps", "reference_kl_logps"}),
        array_acts={name: where("variant", "kto") for name in ("kl_logps", "reference_kl_logps")},
        prepare=answers.prepare_kto,
    ),
    Loss(
        name="orpo",
        kernel=answers.orpo,
        properties=answers.orpo_properties,
        params=(BETA,),
        folding=Folding.WHOLE,
        predictions=CHOSEN,
        targets=(),
        align=answers.align_answers,
    ),
    Loss(
        name="cpo",
        kernel=answers.cpo,
        properties=answers.cpo_properties,
        params=(
            choice("variant", ("sigmoid", "hinge", "ipo", "simpo"), "which function of the margin"),
            BETA,
            number("label_smoothing", 0.0, "share of flipped preferences", Interval(0.0, 1.0, open_high=True)).only(
                where("variant", "sigmoid", "simpo")
            ),
            nonnegative("simpo_gamma", 0.5, "margin wanted, in units of the reward").only(where("variant", "simpo")),
            nonnegative("cpo_alpha", 1.0, "weight of the chosen answer's likelihood").only(with_array("chosen_nll")),
        ),
        folding=Folding.WHOLE,
        predictions=CHOSEN,
        targets=(),
        optional=frozenset({"chosen_nll"}),
        align=answers.align_answers,
    ),
    Loss(
        name="grpo",
        kernel=policy.grpo,
        properties=policy.grpo_properties,
        params=(
            choice("variant", tuple(policy.REDUCED), "which objective, and what divides its tokens", default="grpo"),
            choice("importance_sampling_level", ("token", "sequence"), "the ratio of a token, or of an answer").only(
                where("variant", *sorted({*policy.REDUCED} - {"vespo"}))
            ),
            nonnegative("clip_range", 0.2, "c: the ratio is held in [1-c, 1+c']").only(LOWER_CLIP),
            nonnegative("clip_range_high", None, "c'; null is c; cispo: the bound itself", nullable=True).only(
                CLIPS_AT_ALL
            ),
            positive("delta", None, "bounds the ratio that is not clipped", nullable=True).only(CLIPS),
            nonnegative("kl_coef", 0.0, "weight of the KL penalty"),
            positive("sapo_temperature_pos", 1.0, "for advantages above 0").only(where("variant", "sapo")),
            positive("sapo_temperature_neg", 1.05, "for the others").only(where("variant", "sapo")),
            positive("vespo_k_pos", 2.0, "for advantages of 0 and above").only(where("variant", "vespo")),
            positive("vespo_lambda_pos", 3.0, "for advantages of 0 and above").only(where("variant", "vespo")),
            positive("vespo_k_neg", 3.0, "for advantages below 0").only(where("variant", "vespo")),
            positive("vespo_lambda_neg", 2.0, "for advantages below 0").only(where("variant", "vespo")),
            positive("max_completion_length", None, "dr_grpo's divisor an answer; null is T", nullable=True).only(
                where("variant", "dr_grpo")
            ),
            whole("group_size", None, "answers of one prompt, side by side; null is all", low=1, nullable=True).only(
                with_array("rewards")
            ),
            choice("scale_rewards", ("group", "batch", "none"), "whose spread rewards are divided by").only(
                with_array("rewards")
            ),
        ),
        folding=Folding.WHOLE,
        predictions=("logp",),
        targets=("logp_old", "advantages", "rewards", "logp_ref"),
        optional=frozenset({"logp_old", "advantages", "rewards", "logp_ref"}),
        align=policy.align_grpo,
        components=policy.grpo_components,
        reduction=policy.usual_reduction,
        divisor=policy.longest,
    ),
    Loss(
        name="policy_gradient",
        kernel=control.policy_gradient,
        properties=control.policy_gradient_properties,
        params=(
            nonnegative("vf_coef", 0.5, "weight of the value loss").only(with_array("values")),
            nonnegative("entropy_coef", 0.01, "weight of the entropy bonus").only(with_array("entropy")),
        ),
        predictions=("logp", "values", "entropy"),
        targets=("advantages", "returns"),
        optional=frozenset({"values", "entropy", "returns"}),
        array_acts={"returns": with_array("values")},
        align=control.align_policy_gradient,
        prepare=control.prepare_policy_gradient,
        components=control.policy_parts,
    ),
    Loss(
        name="sac",
        kernel=control.sac,
        properties=control.sac_properties,
        params=(nonnegative("alpha", 0.2, "weight of the entropy"),),
        predictions=("logp", "q"),
        targets=(),
    ),
    Loss(
        name="jsd",
        streams=True,
        kernel=distillation.jsd,
        properties=distillation.jsd_properties,
        params=(
            choice("target_form", ("probabilities", "log_probabilities", "logits"), "what the targets are"),
            number("beta", 0.5, "the teacher's share in the mixture: 0 forward KL, 1 reverse KL", SHARE),
            positive("temperature", 1.0, "divides logits"),
        ),
        folding=Folding.VECTORS,
        forms=("logits", "log_probabilities", "probabilities"),
        usual_form="probabilities",
        prepare=distillation.prepare_jsd,
    ),
    Loss(
        name="z_loss",
        kernel=routing.z_loss,
        properties=routing.z_loss_properties,
        params=(positive("coef", 1.0, "1e-3 in ST-MoE, 1e-4 in PaLM"),),
        folding=Folding.VECTORS,
        targets=(),
        forms=("logits",),
    ),
    Loss(
        name="moe_load_balancing",
        kernel=routing.moe_load_balancing,
        properties=routing.balancing_properties,
        params=(
            whole("top_k", 1, "experts each token is sent to", low=1),
            flag("divide_by_top_k", False, "shares of choices instead of tokens").only(MORE_THAN_ONE),
            positive("coef", 1.0, "1e-2 in Switch, 1e-3 in Mixtral's configuration"),
        ),
        folding=Folding.WHOLE,
        targets=(),
        forms=("logits", "probabilities"),
        align=routing.align_routing,
        components=routing.loads,
    ),
    Loss(
        name="gan",
        kernel=adversarial.gan,
        properties=adversarial.gan_properties,
        params=(
            choice("form", adversarial.FORMS, "which function of the scores"),
            choice("player", ("critic", "generator"), "whose loss"),
        ),
        predictions=("real", "fake"),
        targets=(),
        optional=frozenset({"real"}),
        prepare=adversarial.prepare_gan,
    ),
    Loss(
        name="gradient_penalty",
        kernel=adversarial.gradient_penalty,
        properties=adversarial.gradient_penalty_properties,
        params=(
            positive("coef", 10.0, "lambda in WGAN-GP; gamma/2 in R1"),
            nonnegative("center", 1.0, "the length wanted"),
        ),
        folding=Folding.SAMPLES,
        targets=(),
    ),
)
