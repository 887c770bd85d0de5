"""Losses of classes, margins and rankings beside those of the registry."""

import math

from mlquote.losses.families import classification, detection, divergences, margins, ranking, softened, spans
from mlquote.losses.loss import Folding, Loss, Params
from mlquote.losses.parameters import array, choice, clamp, maybe_flag, nonnegative, number, on, positive, where, whole
from mlquote.losses.reading import Interval

MARGIN_ANY = number("margin", 0.0, "margin wanted")
CLASS_AXIS = whole("class_axis", -1, "axis of the predictions that holds the classes (PyTorch: 1)")
IGNORE = whole("ignore_index", None, "targets equal to this leave numerator and denominator", nullable=True)


def exponential(reduced: float, params: Params) -> tuple[float, float]:
    """exp and its slope."""
    found = math.exp(reduced) if reduced < 709.0 else math.inf
    return found, found


LOSSES = (
    Loss(
        name="perplexity",
        streams=True,
        kernel=classification.perplexity,
        properties=classification.cross_entropy_properties,
        params=(
            IGNORE,
            CLASS_AXIS,
            clamp(),
            maybe_flag("normalize_probabilities", "rescale rows to sum to 1; null refuses rows that do not").only(
                on("probabilities")
            ),
        ),
        folding=Folding.CLASSES,
        forms=("logits", "probabilities", "log_probabilities"),
        infinite=frozenset({"logits", "log_probabilities"}),
        classes=True,
        soft=True,
        prepare=classification.prepare_classes,
        outer=exponential,
    ),
    Loss(
        name="poly_cross_entropy",
        streams=True,
        kernel=softened.poly_cross_entropy,
        properties=softened.poly_properties,
        params=(number("epsilon", 2.0, "what is added to the first coefficient"), CLASS_AXIS),
        folding=Folding.CLASSES,
        forms=("logits",),
        infinite=frozenset({"logits"}),
        classes=True,
        soft=True,
        prepare=softened.prepare_indices,
    ),
    Loss(
        name="generalized_cross_entropy",
        streams=True,
        kernel=softened.generalized_cross_entropy,
        properties=softened.generalized_properties,
        params=(number("q", 0.5, "0 cross-entropy, 1 absolute error", Interval(0.0, 1.0, open_low=True)), CLASS_AXIS),
        folding=Folding.CLASSES,
        forms=("probabilities", "logits"),
        infinite=frozenset({"logits"}),
        classes=True,
        prepare=softened.prepare_indices,
    ),
    Loss(
        name="asymmetric",
        kernel=softened.asymmetric,
        properties=softened.asymmetric_properties,
        params=(
            nonnegative("gamma_pos", 1.0, "how fast easy positives fade"),
            nonnegative("gamma_neg", 4.0, "how fast easy negatives fade"),
            number("shift", 0.05, "negatives below this probability are dropped", Interval(0.0, 1.0, open_high=True)),
        ),
        forms=("logits",),
    ),
    Loss(name="sparsemax", kernel=softened.sparsemax, properties=softened.sparsemax_properties, forms=("logits",)),
    Loss(
        name="brier",
        kernel=softened.brier,
        properties=softened.brier_properties,
        folding=Folding.WHOLE,
        forms=("probabilities",),
        align=softened.align_brier,
    ),
    Loss(name="perceptron", kernel=margins.perceptron, properties=margins.perceptron_properties),
    Loss(name="soft_margin", kernel=margins.soft_margin, properties=margins.soft_margin_properties),
    Loss(
        name="hinge_embedding",
        kernel=margins.hinge_embedding,
        properties=margins.hinge_embedding_properties,
        params=(number("margin", 1.0, "distance wanted of pairs that do not belong together"),),
    ),
    Loss(
        name="margin_ranking",
        kernel=margins.margin_ranking,
        properties=margins.margin_ranking_properties,
        params=(MARGIN_ANY,),
        predictions=("input1", "input2"),
    ),
    Loss(
        name="multilabel_soft_margin",
        kernel=margins.multilabel_soft_margin,
        properties=margins.multilabel_soft_margin_properties,
        params=(CLASS_AXIS,),
        folding=Folding.CLASSES,
        classes=True,
        soft=True,
        prepare=margins.prepare_multilabel,
    ),
    Loss(
        name="multilabel_margin",
        kernel=margins.multilabel_margin,
        properties=margins.multilabel_margin_properties,
        folding=Folding.CLASSES,
        classes=True,
        soft=True,
        prepare=margins.prepare_multilabel_margin,
    ),
    Loss(
        name="listnet",
        kernel=ranking.listnet,
        properties=ranking.listnet_properties,
        params=(choice("relevance", ("weights", "softmax"), "relevances as they are, or their softmax"),),
        folding=Folding.VECTORS,
    ),
    Loss(name="listmle", kernel=ranking.listmle, properties=ranking.listmle_properties, folding=Folding.VECTORS),
    Loss(
        name="lambdarank",
        kernel=ranking.lambdarank,
        properties=ranking.lambdarank_properties,
        params=(positive("sigma", 1.0, "steepness of each pair's logistic loss"),),
        folding=Folding.VECTORS,
    ),
    Loss(
        name="pairwise_ranking",
        kernel=ranking.pairwise_ranking,
        properties=ranking.pairwise_ranking_properties,
        params=(
            choice("form", ("logistic", "hinge", "squared"), "which function of a pair's difference"),
            nonnegative("margin", 1.0, "difference wanted").only(where("form", "hinge")),
        ),
        folding=Folding.VECTORS,
    ),
    Loss(
        name="approx_ndcg",
        kernel=ranking.approx_ndcg,
        properties=ranking.approx_ndcg_properties,
        params=(positive("temperature", 0.1, "what differences of scores are divided by"),),
        folding=Folding.VECTORS,
    ),
    Loss(name="modified_huber", kernel=margins.modified_huber, properties=margins.modified_huber_properties),
    Loss(name="exponential", kernel=margins.exponential, properties=margins.exponential_properties),
    Loss(
        name="symmetric_cross_entropy",
        kernel=softened.symmetric_cross_entropy,
        properties=softened.symmetric_properties,
        params=(
            nonnegative("alpha", 0.1, "weight of the cross-entropy"),
            nonnegative("beta", 1.0, "weight of the exchanged one"),
            number("floor", -4.0, "what the logarithm of 0 is taken as", Interval(high=0.0, open_high=True)),
        ),
        folding=Folding.CLASSES,
        forms=("logits",),
        infinite=frozenset({"logits"}),
        classes=True,
        prepare=softened.prepare_indices,
    ),
    Loss(
        name="multiclass_sparsemax",
        kernel=softened.multiclass_sparsemax,
        properties=softened.multiclass_sparsemax_properties,
        folding=Folding.CLASSES,
        forms=("logits",),
        classes=True,
        prepare=softened.prepare_indices,
    ),
    Loss(
        name="quality_focal",
        kernel=detection.quality_focal,
        properties=detection.share_properties,
        params=(nonnegative("beta", 2.0, "how fast shares that are right fade"),),
        forms=("logits",),
    ),
    Loss(
        name="varifocal",
        kernel=detection.varifocal,
        properties=detection.share_properties,
        params=(
            positive("alpha", 0.75, "weight of the negatives"),
            nonnegative("gamma", 2.0, "how fast easy negatives fade"),
        ),
        forms=("logits",),
    ),
    Loss(
        name="distribution_focal",
        kernel=detection.distribution_focal,
        properties=detection.place_properties,
        folding=Folding.VECTORS,
        forms=("logits",),
        align=detection.align_places,
    ),
    Loss(
        name="generalized_kl",
        kernel=divergences.generalized_kl,
        properties=divergences.generalized_kl_properties,
        folding=Folding.VECTORS,
        forms=("log_probabilities",),
    ),
    Loss(
        name="entropy",
        kernel=divergences.entropy,
        properties=divergences.entropy_properties,
        params=(choice("form", ("minimize", "bonus"), "the entropy, or minus it"),),
        folding=Folding.VECTORS,
        targets=(),
        forms=("logits", "probabilities", "log_probabilities"),
    ),
    Loss(
        name="dino",
        kernel=divergences.dino,
        properties=divergences.dino_properties,
        params=(
            positive("temperature", 0.1, "divides the student's logits"),
            positive("teacher_temperature", 0.04, "divides the teacher's"),
            array("center", "taken off the teacher's logits, one number a class"),
        ),
        folding=Folding.VECTORS,
        prepare=divergences.prepare_dino,
    ),
    Loss(
        name="span_extraction",
        kernel=spans.span_extraction,
        properties=spans.span_properties,
        folding=Folding.WHOLE,
        predictions=("start_logits", "end_logits"),
        targets=("start_positions", "end_positions"),
        align=spans.align_spans,
    ),
    Loss(
        name="emd",
        kernel=divergences.emd,
        properties=divergences.emd_properties,
        params=(number("r", 2.0, "power of the differences", Interval(1.0)),),
        folding=Folding.VECTORS,
        forms=("probabilities", "logits"),
    ),
)
