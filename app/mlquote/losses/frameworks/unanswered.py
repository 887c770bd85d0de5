"""Losses and metrics of the frameworks that are not answered for, each with the reason, and what to ask instead."""

from collections.abc import Mapping

METRIC = "a metric without a useful gradient"
SCORE = "a score, larger is better, without a loss of its own"
MATCHED = "it matches predicted boxes to true ones first: give matched pairs to giou, mae and focal"
WHOLE_TRAINER = "its loss takes what only the trainer has"

UNANSWERED: Mapping[str, Mapping[str, str]] = {
    "pytorch": {
        "torch.nn.AdaptiveLogSoftmaxWithLoss": "it learns weights of its own: cross_entropy over the full vocabulary",
        "torch.nn.LinearCrossEntropyLoss": "it holds weights: cross_entropy of the logits x W' + b",
        "torch.nn.functional.linear_cross_entropy": "it takes weights: cross_entropy of the logits x W' + b",
    },
    "keras": {},
    "optax": {
        "optax.losses.make_fenchel_young_loss": "it makes a loss of a function that is given",
        "optax.losses.smooth_labels": "it changes labels and is no loss: params.label_smoothing",
    },
    "sklearn": {
        "sklearn.metrics.max_error": f"{METRIC}: minkowski with a large p",
        "sklearn.metrics.median_absolute_error": f"{METRIC}: mae",
        "sklearn.metrics.zero_one_loss": f"{METRIC}: cross_entropy or hinge",
        "sklearn.metrics.hamming_loss": f"{METRIC}: binary_cross_entropy",
        "sklearn.metrics.coverage_error": f"{METRIC}: pairwise_ranking",
        "sklearn.metrics.label_ranking_loss": f"{METRIC}: pairwise_ranking",
        "sklearn.metrics.label_ranking_average_precision_score": f"{SCORE}: pairwise_ranking",
        "sklearn.metrics.dcg_score": f"{SCORE}: approx_ndcg",
        "sklearn.metrics.ndcg_score": f"{SCORE}: approx_ndcg",
        "sklearn.metrics.r2_score": f"{SCORE}: 1 - mse / variance of y",
        "sklearn.metrics.explained_variance_score": f"{SCORE}: mse",
        "sklearn.metrics.d2_absolute_error_score": f"{SCORE}: 1 - mae over that of the median",
        "sklearn.metrics.d2_pinball_score": f"{SCORE}: 1 - quantile over that of a constant",
        "sklearn.metrics.d2_tweedie_score": f"{SCORE}: 1 - tweedie_deviance over that of the mean",
        "sklearn.metrics.d2_log_loss_score": f"{SCORE}: 1 - log_loss over that of the class shares",
        "sklearn.metrics.d2_brier_score": f"{SCORE}: 1 - brier over that of the class shares",
        "sklearn.linear_model.HuberRegressor": "it learns the scale of the residuals beside: huber of scaled residuals",
        "sklearn.ensemble.GradientBoostingRegressor(loss='huber')": "its delta is a quantile of the residuals: huber",
        "sklearn.linear_model.LinearRegression": "POST /v1/losses/closed-form with problem ols",
        "sklearn.linear_model.Ridge": "POST /v1/losses/closed-form with problem ridge",
        "sklearn.linear_model.Lasso": "POST /v1/losses/closed-form with problem lasso",
        "sklearn.linear_model.ElasticNet": "POST /v1/losses/closed-form with problem elastic_net",
    },
    "transformers": {
        "ForObjectDetectionLoss": MATCHED,
        "ForSegmentationLoss": MATCHED,
        "DeformableDetrForObjectDetectionLoss": MATCHED,
        "DeformableDetrForSegmentationLoss": MATCHED,
        "GroundingDinoForObjectDetectionLoss": MATCHED,
        "RTDetrForObjectDetectionLoss": MATCHED,
        "DFineForObjectDetectionLoss": MATCHED,
        "Deimv2ForObjectDetectionLoss": MATCHED,
        "LwDetrForObjectDetectionLoss": MATCHED,
        "RfDetrForSegmentationLoss": MATCHED,
        "ForCTCLoss": "lengths and reduction are the model's configuration: ctc, as torch.nn.CTCLoss",
        "ParakeetForRNNTLoss": "it takes the joint network's outputs and its own kernel: rnnt",
        "ParakeetForTDTLoss": "token and duration transducer: none here; rnnt without durations",
        "PocketTTSForConditionalGenerationLoss": "its flow runs inside the model: mse of the velocity",
    },
    "trl": {
        "trl.DistillationTrainer": f"{WHOLE_TRAINER} (tokens of the accumulated batch): jsd, as trl.GKDTrainer",
        "trl.experimental.gold.GOLDTrainer": f"{WHOLE_TRAINER} (two tokenizers): jsd",
        "trl.experimental.server_distillation.ServerDistillationTrainer": f"{WHOLE_TRAINER} (a server's scores): jsd",
        "trl.experimental.async_distillation.AsyncDistillationTrainer": f"{WHOLE_TRAINER}: jsd",
        "trl.experimental.async_grpo.AsyncGRPOTrainer": f"{WHOLE_TRAINER}: grpo",
        "trl.experimental.gmpo.GMPOTrainer": "it clips the log-ratio of each token: grpo with sequence ratios is near",
        "trl.experimental.a2po.A2POTrainer": f"{WHOLE_TRAINER}: policy_gradient with its advantages",
        "trl.experimental.tpo.TPOTrainer": f"{WHOLE_TRAINER} (triples of answers): dpo and cross_entropy",
        "trl.experimental.sdft.SDFTTrainer": f"{WHOLE_TRAINER} (its own answers): jsd",
        "trl.experimental.sdpo.SDPOTrainer": f"{WHOLE_TRAINER} (its own answers): jsd",
        "trl.experimental.iw_opd.IWOPDTrainer": f"{WHOLE_TRAINER} (importance weights): jsd",
        "trl.PPOTrainer": "not in this version: ppo_clip",
        "trl.experimental.ppo.PPOTrainer": "not in this version: ppo_clip",
        "trl.PRMTrainer": "not in this version: cross_entropy of each step's label",
        "trl.BCOTrainer": "not in this version: dpo with variant bco_pair",
        "trl.NashMDTrainer": "not in this version: policy_gradient with the preference as reward",
        "trl.XPOTrainer": "not in this version: dpo beside the chosen answer's nll",
    },
}
"""Framework -> spelling -> why there is no answer, and what comes nearest."""
