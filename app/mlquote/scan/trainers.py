"""Training as it is configured: transformers, TRL, PEFT, Unsloth, Axolotl, LLaMA-Factory and torchtune."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.models.naming import model_named
from mlquote.kit.errors import QuoteError
from mlquote.scan.found import Said, Spending, to_fill
from mlquote.scan.groups import Group, Value, Written
from mlquote.scan.machines import Machine

_ARGUMENTS = re.compile(
    r"(?:^|\.)(?:Seq2Seq|Unsloth)?(?P<kind>Training|SFT|DPO|ORPO|KTO|CPO|GRPO|RLOO|PPO|Reward|GKD)"
    r"(?:Arguments|TrainingArguments|Config)$"
)
"""Calls that say how a run is done, and what kind of run it is."""
_BY_CONFIG = {
    "DPO": "dpo",
    "ORPO": "orpo",
    "KTO": "kto",
    "GRPO": "grpo",
    "RLOO": "rloo",
    "PPO": "ppo",
    "GKD": "distill",
}
_BY_STAGE = {"pt": "continued_pretrain", "sft": "sft", "dpo": "dpo", "kto": "kto", "ppo": "ppo", "orpo": "orpo",
             "simpo": "orpo", "ipo": "dpo", "grpo": "grpo"}  # fmt: skip
_WHOLE_FILE: tuple[tuple[str, ...], ...] = (
    ("base_model", "micro_batch_size"),
    ("model_name_or_path", "finetuning_type"),
    ("model_name_or_path", "per_device_train_batch_size"),
    ("model._component_", "batch_size"),
)
"""Keys that a config of Axolotl, LLaMA-Factory, TRL's scripts or torchtune has at its top."""
_MODEL = ("base_model", "model_name_or_path", "model_name", "pretrained_model_name_or_path", "model_id", "model")
_OPTIMIZERS: tuple[tuple[str, str], ...] = (
    (r"paged.*8bit", "adam_8bit_paged"),
    (r"paged", "adam_paged"),
    (r"8.?bit", "adam_8bit"),
    (r"muon", "muon"),
    (r"(^|[._])sgd", "sgd"),
)


def _optimizer(value: Value) -> Value:
    return next((ours for mark, ours in _OPTIMIZERS if re.search(mark, str(value).casefold())), None)


def _recompute(value: Value) -> Value:
    return "full" if value is True or str(value).casefold() == "unsloth" else None


def _positive(value: Value) -> Value:
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else None


def _yes(value: Value) -> Value:
    return True if value is True else None


def _modules(value: Value) -> Value:
    return "all-linear" if value in ("all", "all-linear") else value if isinstance(value, str) else None


_FIELDS: Mapping[str, tuple[Callable[[Value], Value], tuple[str, ...]]] = {
    "sequence_length": (_positive, ("sequence_len", "max_seq_length", "cutoff_len", "max_length", "max_seq_len",
                                    "tokenizer.max_seq_len", "dataset.max_seq_len", "model_max_length")),
    "epochs": (_positive, ("num_train_epochs", "num_epochs", "epochs")),
    "micro_batch_size": (_positive, ("per_device_train_batch_size", "micro_batch_size", "batch_size",
                                     "train_micro_batch_size_per_gpu")),
    "gradient_accumulation_steps": (_positive, ("gradient_accumulation_steps",)),
    "lora_rank": (_positive, ("lora_r", "r", "lora_rank", "model.lora_rank")),
    "target_modules": (_modules, ("lora_target_modules", "target_modules", "lora_target")),
    "generations_per_prompt": (_positive, ("num_generations", "trl.num_generations", "rloo_k")),
    "optimizer": (_optimizer, ("optim", "optimizer", "optimizer._component_")),
    "recompute": (_recompute, ("gradient_checkpointing", "use_gradient_checkpointing",
                              "enable_activation_checkpointing")),
    "packing": (_yes, ("sample_packing", "packing", "dataset.packed")),
    "fused_loss": (_yes, ("use_liger_kernel", "liger_fused_linear_cross_entropy", "enable_liger_kernel")),
}  # fmt: skip
"""Our fields -> how a value is read, and what trainers call it."""
_DTYPES = (("bf16", "bf16"), ("fp16", "fp16"), ("dtype", ""), ("mixed_precision", ""))


def training_spendings(
    groups: Iterable[Group], catalog: Snapshot, now: datetime, machine: Machine | None
) -> Iterator[Spending]:
    """The training runs that one file configures."""
    members = list(groups)
    whole = next((each for each in members if _is_config(each)), None)
    if whole is not None:
        yield _run(whole.file, _stage(whole), [whole], catalog, now, machine)
        return
    for call in members:
        kind = _ARGUMENTS.search(call.callee)
        if kind is not None:
            helpers = [each for each in members if _helps(each)]
            yield _run(call.file, _BY_CONFIG.get(kind["kind"], ""), [call, *helpers], catalog, now, machine)


def configures_training(group: Group) -> bool:
    """Whether a group says how a run is done, so that what it names is trained and not called."""
    return _is_config(group) or bool(_ARGUMENTS.search(group.callee)) or _helps(group)


def _is_config(group: Group) -> bool:
    return any(all(name in group.settings for name in names) for names in _WHOLE_FILE)


def _helps(group: Group) -> bool:
    return bool(re.search(r"from_pretrained$|LoraConfig$|BitsAndBytesConfig$|get_peft_model$|Trainer$", group.callee))


def _stage(group: Group) -> str:
    stage = group.get("rl", "stage")
    return _BY_STAGE.get(str(stage.value).casefold(), "") if stage is not None else ""


def _run(
    file: str, method: str, groups: list[Group], catalog: Snapshot, now: datetime, machine: Machine | None
) -> Spending:
    fields: dict[str, Said] = {}
    model = _model(groups)
    fields |= _sizes(model, catalog, now)
    adapters = _adapters(groups)
    fields["method"] = Said(adapters if adapters and method in ("", "sft") else method or "finetune")
    if adapters and fields["method"].value not in ("lora", "qlora"):
        fields["adapters"] = Said(adapters)
    for name, (read, called) in _FIELDS.items():
        said = _first(groups, called, read)
        if said is not None:
            fields[name] = said
    fields |= _precision(groups)
    fields |= _machine(machine)
    fields |= _amount(groups, fields)
    line = groups[0].line if model is None else model.line
    label = str(model.value).rpartition("/")[2] if model is not None else "run"
    return Spending("training", f"train-{label}", (f"{file}:{line}",), _in_order(fields))


def _in_order(fields: dict[str, Said]) -> dict[str, Said]:
    first = ("model", "params", "method", "adapters", "samples", "epochs", "sequence_length")
    last = ("accelerator", "accelerator_count")
    rank = {name: place for place, name in enumerate(first)} | {name: 100 + n for n, name in enumerate(last)}
    return dict(sorted(fields.items(), key=lambda each: rank.get(each[0], 50)))


def _model(groups: list[Group]) -> Written | None:
    for group in groups:
        named = group.get(*_MODEL)
        if named is None and re.search(r"(?:Model|ForCausalLM|LanguageModel)\w*\.from_pretrained$", group.callee):
            named = group.first
        component = group.get("model._component_")
        if component is not None:
            bare = re.sub(r"^(?:q?lora|dora)_", "", str(component.value).rpartition(".")[2])
            return Written(bare, component.line)
        if named is not None and isinstance(named.value, str):
            return named
    return None


def _sizes(model: Written | None, catalog: Snapshot, now: datetime) -> dict[str, Said]:
    if model is None:
        return {"params": to_fill("parameters, or model = a name of the catalogue: no model is named here")}
    name = str(model.value)
    try:
        row = model_named(name, catalog, now).value.row
    except QuoteError:
        return {"params": to_fill(f"parameters of {name}, which this catalogue does not know")}
    return {"model": Said(row.id, "" if row.id == name else f"{name} in line {model.line}")}


def _adapters(groups: list[Group]) -> str:
    named = _first(groups, ("adapter", "finetuning_type"), lambda value: str(value).casefold())
    component = _first(groups, ("model._component_",), str)
    said = str(named.value) if named else str(component.value).rpartition(".")[2] if component else ""
    has_adapters = "lora" in said or any(
        re.search(r"LoraConfig$|get_peft_model$", each.callee) or each.get("lora_r", "use_peft") for each in groups
    )
    in_four = _first(groups, ("load_in_4bit", "quantization_bit"), lambda value: value if value in (True, 4) else None)
    if not has_adapters:
        return ""
    return "qlora" if "qlora" in said or in_four is not None else "lora"


def _first(groups: list[Group], names: tuple[str, ...], read: Callable[[Value], Value]) -> Said | None:
    for group in groups:
        found = group.get(*names)
        value = read(found.value) if found is not None else None
        if found is not None and value is not None:
            return Said(value, f"line {found.line}")
    return None


def _precision(groups: list[Group]) -> dict[str, Said]:
    for name, dtype in _DTYPES:
        said = _first(groups, (name,), lambda value: value if value not in (False, "no", "auto") else None)
        if said is None:
            continue
        value = dtype or str(said.value).rpartition(".")[2].replace("bfloat16", "bf16").replace("float16", "fp16")
        if value in ("bf16", "fp16", "fp32", "fp8"):
            return {"precision": Said(value, said.why)}
    return {}


def _machine(machine: Machine | None) -> dict[str, Said]:
    part = Said(machine.accelerator, machine.place) if machine and machine.accelerator else to_fill("h100-sxm, l4, ...")
    count = Said(machine.count, machine.place) if machine and machine.count else to_fill("how many at once")
    stage = {"zero_stage": Said(machine.zero_stage, machine.place)} if machine and machine.zero_stage else {}
    return {"accelerator": part, "accelerator_count": count, **stage}


def _amount(groups: list[Group], fields: Mapping[str, Said]) -> dict[str, Said]:
    """Samples, where steps and the batch of a step are written; the data set itself is in no file."""
    steps = _first(groups, ("max_steps",), _positive)
    parts = [fields.get(name) for name in ("micro_batch_size", "accelerator_count")]
    accumulated = fields.get("gradient_accumulation_steps", Said(1))
    numbers = [each.value for each in (steps, accumulated, *parts) if each is not None and _positive(each.value)]
    if steps is None or len(numbers) < len(parts) + 2:
        return {"samples": to_fill("texts in the data set, each of at most sequence_length tokens; or tokens = ...")}
    samples = 1
    for number in numbers:
        samples *= int(number)
    why = f"max_steps ({steps.why}) x the batch of a step, once; texts of at most sequence_length tokens"
    return {"samples": Said(samples, why), "epochs": Said(1, "max_steps ends the run")}
