"""Losses of vectors, masks, boxes, sequences and batches of embeddings."""

from mlquote.losses.families import boxes, embeddings, overlap, sequence, signals, similarity, softened
from mlquote.losses.loss import Folding, Loss
from mlquote.losses.parameters import array, choice, flag, nonnegative, number, positive, whole
from mlquote.losses.reading import Interval

AXIS = array("axis", "axes folded into one overlap; null is all", "list of axes, or null")
EPS_BELOW = positive("eps", 1e-7, "added to the denominator")
SMOOTH = nonnegative("smooth", 0.0, "added above and below")
NORMALIZE = flag("normalize", True, "divide embeddings by their lengths")
BLANK = whole("blank", 0, "the symbol of no label; negative counts from the end", low=-(2**31))
ZERO_INFINITY = flag("zero_infinity", False, "0 where labels do not fit into the steps, instead of Infinity")
VIEWS = ("view1", "view2")
PAIR = ("input1", "input2")
FALSE_ALARMS = nonnegative("alpha", 0.5, "weight of false alarms")
MISSES = nonnegative("beta", 0.5, "weight of missed positives")

MASKS = tuple(
    Loss(
        name=name,
        kernel=kernel,
        properties=properties,
        params=(AXIS, *params),
        folding=Folding.WHOLE,
        forms=("probabilities", "logits"),
        usual_form="probabilities",
        align=overlap.align_overlap,
    )
    for name, kernel, properties, params in (
        ("dice", overlap.dice, overlap.overlap_properties, (SMOOTH, EPS_BELOW)),
        ("jaccard", overlap.jaccard, overlap.overlap_properties, (SMOOTH, EPS_BELOW)),
        ("tversky", overlap.tversky, overlap.overlap_properties, (FALSE_ALARMS, MISSES, SMOOTH, EPS_BELOW)),
        (
            "focal_tversky",
            overlap.focal_tversky,
            overlap.overlap_properties,
            (FALSE_ALARMS, MISSES, positive("gamma", 0.75, "power of the loss"), SMOOTH, EPS_BELOW),
        ),
        ("lovasz", overlap.lovasz, overlap.lovasz_properties, ()),
        ("mcc", overlap.mcc, overlap.mcc_properties, (positive("eps", 1e-5, "added above and below"),)),
    )
)
BOXES = tuple(
    Loss(
        name=name,
        kernel=kernel,
        properties=boxes.box_properties,
        params=(EPS_BELOW,),
        folding=Folding.VECTORS,
        align=boxes.align_boxes,
    )
    for name, kernel in (("iou", boxes.iou), ("giou", boxes.giou), ("diou", boxes.diou), ("ciou", boxes.ciou))
)
LOSSES = (
    *MASKS,
    Loss(
        name="boundary",
        kernel=overlap.boundary,
        properties=overlap.boundary_properties,
        forms=("probabilities", "logits"),
    ),
    *BOXES,
    Loss(
        name="si_sdr",
        kernel=signals.si_sdr,
        properties=signals.si_sdr_properties,
        params=(flag("zero_mean", False, "take each signal's mean off first"),),
        folding=Folding.VECTORS,
    ),
    Loss(name="byol", kernel=similarity.byol, properties=similarity.byol_properties, folding=Folding.VECTORS),
    Loss(
        name="cosine_similarity",
        kernel=similarity.cosine_similarity,
        properties=similarity.cosine_similarity_properties,
        params=(
            choice("form", ("distance", "negative", "similarity"), "1 - cos, -cos, or cos, which is to be maximised"),
            nonnegative("epsilon", 0.0, "what lengths are held above"),
        ),
        folding=Folding.VECTORS,
    ),
    Loss(
        name="cosine_embedding",
        kernel=similarity.cosine_embedding,
        properties=similarity.cosine_embedding_properties,
        params=(number("margin", 0.0, "cosine up to which unlike pairs cost nothing", Interval(-1.0, 1.0)),),
        folding=Folding.VECTORS,
        predictions=PAIR,
        align=similarity.align_pairs,
    ),
    Loss(
        name="contrastive_pair",
        kernel=similarity.contrastive_pair,
        properties=similarity.contrastive_pair_properties,
        params=(positive("margin", 1.0, "distance wanted of unlike pairs"), positive("scale", 0.5, "1/2 in the paper")),
        folding=Folding.VECTORS,
        predictions=PAIR,
        align=similarity.align_pairs,
    ),
    Loss(
        name="siglip",
        kernel=embeddings.siglip,
        properties=embeddings.siglip_properties,
        params=(positive("scale", 10.0, "times the similarity"), number("bias", -10.0, "added to it"), NORMALIZE),
        folding=Folding.WHOLE,
        predictions=("queries", "keys"),
        targets=(),
        align=embeddings.align_siglip,
    ),
    Loss(
        name="circle",
        kernel=embeddings.circle,
        properties=embeddings.circle_properties,
        params=(
            positive("gamma", 80.0, "scale of the similarities"),
            number("margin", 0.4, "relaxation m", Interval(0.0, 1.0)),
            flag("normalize", False, "divide embeddings by their lengths"),
        ),
        folding=Folding.WHOLE,
        predictions=("embeddings",),
        align=embeddings.align_circle,
    ),
    Loss(
        name="vicreg",
        kernel=embeddings.vicreg,
        properties=embeddings.batch_properties,
        params=(
            nonnegative("sim_coef", 25.0, "weight of the distance of views"),
            nonnegative("std_coef", 25.0, "weight of the spread"),
            nonnegative("cov_coef", 1.0, "weight of the covariances"),
            positive("eps", 1e-4, "added to the variances"),
        ),
        folding=Folding.WHOLE,
        predictions=VIEWS,
        targets=(),
        align=embeddings.align_views,
        components=embeddings.parts,
    ),
    Loss(
        name="barlow_twins",
        kernel=embeddings.barlow_twins,
        properties=embeddings.batch_properties,
        params=(
            nonnegative("lambd", 5.1e-3, "weight of correlations between coordinates"),
            positive("eps", 1e-5, "added to the variances"),
        ),
        folding=Folding.WHOLE,
        predictions=VIEWS,
        targets=(),
        align=embeddings.align_views,
        components=embeddings.parts,
    ),
    Loss(
        name="arcface",
        kernel=embeddings.arcface,
        properties=embeddings.angular_properties,
        params=(
            positive("scale", 64.0, "times the cosines"),
            number("margin", 0.5, "angle added at the target, in radians", Interval(0.0, 3.141592653589793)),
        ),
        folding=Folding.CLASSES,
        classes=True,
        prepare=softened.prepare_indices,
    ),
    Loss(
        name="cosface",
        kernel=embeddings.cosface,
        properties=embeddings.angular_properties,
        params=(positive("scale", 64.0, "times the cosines"), nonnegative("margin", 0.35, "taken from the target's")),
        folding=Folding.CLASSES,
        classes=True,
        prepare=softened.prepare_indices,
    ),
    Loss(
        name="ctc",
        kernel=sequence.ctc,
        properties=sequence.sequence_properties,
        params=(
            BLANK,
            ZERO_INFINITY,
            flag("divide_by_label_length", False, "each value over its labels, as PyTorch's mean does"),
        ),
        folding=Folding.WHOLE,
        targets=("labels", "input_lengths", "label_lengths"),
        optional=frozenset({"input_lengths", "label_lengths"}),
        forms=("logits", "log_probabilities"),
        usual_form="logits",
        infinite=frozenset({"logits", "log_probabilities"}),
        align=sequence.align_ctc,
    ),
    Loss(
        name="rnnt",
        kernel=sequence.rnnt,
        properties=sequence.sequence_properties,
        params=(BLANK,),
        folding=Folding.WHOLE,
        targets=("labels", "input_lengths", "label_lengths"),
        optional=frozenset({"input_lengths", "label_lengths"}),
        forms=("logits", "log_probabilities"),
        usual_form="logits",
        infinite=frozenset({"logits", "log_probabilities"}),
        align=sequence.align_rnnt,
    ),
)
