"""The losses of Transformers' heads: PyTorch's, with labels of -100 left out and without weights."""

from mlquote.losses.frameworks.departures import shifted
from mlquote.losses.frameworks.function import Function, Module, hard_targets, own

VERSION = "transformers 5.24.0"
HEAD = own("cross_entropy", forms=("logits",))

FUNCTIONS = (
    Function(
        framework="transformers",
        spelling="MSELoss of a regression head",
        also=("ForSequenceClassificationLoss(regression)",),
        loss=own("mse"),
        differs="logits are squeezed to the labels' shape",
    ),
    Function(
        framework="transformers",
        spelling="BCEWithLogitsLoss of a multi-label head",
        also=("ForSequenceClassificationLoss(multi_label_classification)",),
        loss=own("binary_cross_entropy", forms=("logits",)),
        form="logits",
        differs="labels as floats",
    ),
    Function(
        framework="transformers",
        spelling="ForSequenceClassificationLoss",
        also=(
            "ForTokenClassification",
            "ForMaskedLMLoss",
            "ForMaskedLM",
            "ForSequenceClassification",
            "ForImageClassification",
            "ForVideoClassification",
            "ForAudioClassification",
        ),
        loss=HEAD,
        has={"ignore_index": -100, "label_smoothing": 0.0},
        form="logits",
        when=hard_targets,
        differs="label_smoothing is the Trainer's LabelSmoother; labels are not shifted; no upcast to float32",
    ),
    Function(
        framework="transformers",
        spelling="ForCausalLMLoss",
        also=("ForCausalLM", "ForConditionalGeneration"),
        loss=own("cross_entropy", forms=("logits",), align=shifted),
        has={"ignore_index": -100},
        form="logits",
        when=hard_targets,
        by_name=True,
        differs="labels are shifted by one inside: the last position has none, and shifted labels are shifted twice",
    ),
    Function(
        framework="transformers",
        spelling="LabelSmoother",
        also=("transformers.trainer_pt_utils.LabelSmoother",),
        loss=HEAD,
        has={"ignore_index": -100, "label_smoothing": 0.1},
        form="logits",
        when=hard_targets,
        by_name=True,
        differs="(1 - e) nll + e times the mean of -log p over the classes",
    ),
    Function(
        framework="transformers",
        spelling="ForSemanticSegmentationLoss",
        also=("ForSemanticSegmentation",),
        loss=HEAD,
        has={"ignore_index": 255},
        fixed={"class_axis": 1},
        form="logits",
        when=hard_targets,
        by_name=True,
        differs="logits are interpolated to the labels' size first: give them at that size",
    ),
    Function(
        framework="transformers",
        spelling="ForQuestionAnsweringLoss",
        also=("ForQuestionAnswering",),
        loss=own("span_extraction"),
        differs="positions beyond the text are left out, those below 0 are 0",
    ),
    Function(
        framework="transformers",
        spelling="load_balancing_loss_func",
        also=("transformers.models.mixtral.modeling_mixtral.load_balancing_loss_func",),
        loss=own("moe_load_balancing", forms=("logits",)),
        has={"top_k": 2},
        form="logits",
        differs="layers are taken together; the coefficient (router_aux_loss_coef) comes after; float32 counts",
    ),
)
MODULE = Module("transformers", VERSION, FUNCTIONS)
