"""The kinds of question that the calculator asks: its name, the fields that stand in front, and what to start from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlquote.estimators.kinds import ANNOTATION, INFERENCE, PLAN, SERVING, TRAINING, Estimator
from mlquote.estimators.planning.loss import LossStep, loss_plan
from mlquote.estimators.planning.loss_question import LossPlan


@dataclass(frozen=True, slots=True)
class CalculatorKind:
    """One tab of the calculator."""

    name: str
    """Its word in the path."""
    label: str
    member: Estimator
    front: Mapping[str, tuple[str, ...]]
    """Legend -> the fields that stand under it; the rest is folded away."""
    start: Mapping[str, str]
    """Legend of a question to start from -> its query."""
    implied: Mapping[str, str] = field(default_factory=dict)
    """Fields that this tab gives where nobody does."""
    path: str = ""
    """Where the API is asked, if at no estimate of its kind."""

    @property
    def asked_at(self) -> str:
        """The address of the API's question."""
        return self.path or f"/v1/estimates/{self.member.kind}"

    @property
    def is_quote(self) -> bool:
        """Whether its answers are drawn, and set beside each other."""
        return self.member in (TRAINING, INFERENCE, SERVING)


_MACHINES = ("accelerator", "accelerator_count")
_PRICE = ("provider", "grid_zone", "usd_per_accelerator_hour")
_ESTIMATES = (
    CalculatorKind(
        "training",
        "Training",
        TRAINING,
        {"What is trained": ("model", "tokens"), "On what": _MACHINES, "Where, and at what price": _PRICE},
        {
            "Train llama-3.1-8b on 15 T tokens": "model=llama-3.1-8b&tokens=15T&accelerator=h100-sxm"
            "&accelerator_count=1024",
            "8 B parameters on 1 T tokens": "params=8B&tokens=1T&accelerator=h100-sxm&accelerator_count=64",
        },
    ),
    CalculatorKind(
        "fine-tuning",
        "Fine-tuning",
        TRAINING,
        {
            "What is trained": ("model", "method", "tokens", "epochs", "lora_rank"),
            "On what": _MACHINES,
            "Where, and at what price": _PRICE,
        },
        {
            "LoRA on llama-3.1-8b, 20 M tokens": "model=llama-3.1-8b&method=lora&tokens=20M&accelerator=h100-sxm",
            "Preferences (DPO) for qwen3-8b": "model=qwen3-8b&method=dpo&tokens=50M&accelerator=h100-sxm"
            "&accelerator_count=8",
        },
        {"method": "lora"},
    ),
    CalculatorKind(
        "inference",
        "API tokens",
        INFERENCE,
        {
            "Who is asked": ("model", "provider"),
            "One request, and how many": ("input_tokens", "output_tokens", "cache_read_tokens", "requests"),
            "On which terms": ("processing", "discount_fraction"),
        },
        {
            "1,000 requests to gpt-4o": "provider=openai&model=gpt-4o&input_tokens=1000&output_tokens=500"
            "&requests=1000",
            "A month of claude-sonnet-4-5": "provider=anthropic&model=claude-sonnet-4-5&workload.requests_per_day=2000"
            "&workload.input_tokens=3000&workload.output_tokens=400",
        },
    ),
    CalculatorKind(
        "serving",
        "Hosting",
        SERVING,
        {
            "What is hosted": ("model", "weight_dtype"),
            "On what": _MACHINES,
            "For which load": ("input_tokens", "output_tokens", "concurrency", "utilisation_fraction"),
            "Where, and at what price": _PRICE,
        },
        {
            "Host llama-3.1-8b on one H100": "model=llama-3.1-8b&accelerator=h100-sxm&concurrency=16",
            "llama-3.1-70b on eight H100": "model=llama-3.1-70b&accelerator=h100-sxm&accelerator_count=8"
            "&concurrency=64",
        },
    ),
)
_LOSS = Estimator("plan-loss", LossPlan, loss_plan, {"loss_from": 2.1, "loss_to": 2.05}, {}, results=(LossStep,))
KINDS: tuple[CalculatorKind, ...] = (
    *_ESTIMATES,
    CalculatorKind(
        "annotation",
        "Labels",
        ANNOTATION,
        {"What is labelled": ("task", "items", "labels_per_item", "votes"), "By whom": ("provider", "annotator")},
        {
            "Boxes in 10,000 pictures, three votes": "task=image_bounding_box&items=10000&labels_per_item=3&votes=3"
            "&provider=mechanical-turk"
        },
    ),
    CalculatorKind(
        "plan-training",
        "Best run",
        PLAN,
        {
            "What there is": ("cost_usd", "deadline_days", "energy_kwh", "emissions_kgco2e", "accelerator_hours"),
            "What may be used": (*_MACHINES, "provider", "grid_zone"),
            "What it is limited to": ("max_params", "max_tokens", "unique_tokens", "loss_to", "laws"),
        },
        {
            "The best run for $50,000 in three weeks": "cost_usd=50000&deadline_days=21",
            "On H100 alone, and 20 T tokens to use it for": "cost_usd=1000000&accelerator=h100-sxm"
            "&inference_tokens=20T",
        },
        path="/v1/plans/training",
    ),
    CalculatorKind(
        "plan-loss",
        "Lower loss",
        _LOSS,
        {"How low": ("loss_from", "loss_to", "laws"), "On what": _MACHINES, "Where, and at what price": _PRICE},
        {
            "From 2.10 to 2.05 on 256 H100": "loss_from=2.1&loss_to=2.05&accelerator=h100-sxm&accelerator_count=256",
        },
        path="/v1/plans/loss",
    ),
)
QUOTED = tuple(kind for kind in KINDS if kind.is_quote)
"""Kinds whose answers are set side by side and checked against budgets."""
BY_NAME = {kind.name: kind for kind in KINDS}
OTHER_NAMES = {
    "tokens": "inference", "api": "inference", "api-tokens": "inference", "hosting": "serving",
    "finetuning": "fine-tuning", "fine_tuning": "fine-tuning", "finetune": "fine-tuning", "train": "training",
    "budgets": "budget", "labels": "annotation", "labelling": "annotation",
}  # fmt: skip
"""What else people call a kind."""
LISTS = {
    "model": "models", "teacher": "models", "accelerator": "accelerators", "provider": "providers",
    "grid_zone": "zones", "against_provider": "providers", "against_model": "token_models", "region": "regions",
}  # fmt: skip
"""A field -> the list of /v1/catalog that names its values."""


def list_of(kind: CalculatorKind, name: str) -> str:
    """The list that completes a field's names; "" where none does."""
    return "token_models" if kind.member is INFERENCE and name == "model" else LISTS.get(name, "")
