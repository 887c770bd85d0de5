"""What an answer is about, in a phrase: Training llama-3.1-8b on 15 T tokens."""

from collections.abc import Mapping
from typing import Any

from mlquote.render.charts.amounts import NARROW, measure
from mlquote.render.figures import shown


def subject(question: Mapping[str, Any]) -> str:
    """The question in a phrase; its kind shows in its fields."""
    if "tokens" in question:
        return _training(question)
    if "shape_family" in question:
        return "The run of lowest loss within these limits"
    if "loss_from" in question:
        return f"Lowering the loss from {question['loss_from']:g} to {question['loss_to']:g} nats a token"
    if "labels_per_item" in question:
        task = str(question.get("task") or "items").replace("_", " ")
        return f"Labels for {counted(question['items'])} items: {task}" if question.get("items") else f"Labels: {task}"
    if "concurrency" in question:
        return f"Hosting {_model(question)} on {_machines(question)}"
    return _usage(question)


def _training(question: Mapping[str, Any]) -> str:
    method = question.get("method") or "pretrain"
    verb = "Training" if method in ("pretrain", "continued_pretrain") else f"Fine-tuning ({method})"
    if question.get("tokens") is not None:
        amount = f" on {counted(question['tokens'])} tokens"
    elif question.get("samples") is not None:
        amount = f" on {counted(question['samples'])} samples"
    elif question.get("accelerator_hours") is not None:
        amount = f" for {shown(question['accelerator_hours'])} accelerator-hours"
    else:
        amount = ""
    return f"{verb} {_model(question)}{amount}"


def _usage(question: Mapping[str, Any]) -> str:
    seller = f" at {question['provider']}" if question.get("provider") else ""
    workload = question.get("workload")
    if workload:
        days = workload.get("days") or 30
        return f"{counted(workload['requests_per_day'])} requests a day to {_model(question)}{seller} for {days} days"
    count = question.get("requests") or 1
    return f"{'One request' if count == 1 else f'{shown(count)} requests'} to {_model(question)}{seller}"


def _model(question: Mapping[str, Any]) -> str:
    if question.get("model"):
        return str(question["model"])
    params = question.get("params")
    return f"a model of {counted(params)} parameters" if params else "a model of your own"


def _machines(question: Mapping[str, Any]) -> str:
    count = question.get("accelerator_count")
    return f"{shown(count)}{NARROW}× {question['accelerator']}" if count else str(question["accelerator"])


def counted(value: Any) -> str:
    """A count as people say it: 15 T, 8 B, 1,024; as it was given, not rounded."""
    written = measure("", float(value))
    number = f"{float(value) / written.per:,.4g}" if written.after else shown(value)
    return f"{number}{NARROW + written.after if written.after else ''}"
