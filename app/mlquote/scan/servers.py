"""Models that a repository hosts itself: commands of vLLM, SGLang, TGI and Ollama, wherever they stand."""

import re
from collections.abc import Iterator
from datetime import datetime

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.engines import CALLED
from mlquote.estimators.models.naming import model_named
from mlquote.kit.errors import QuoteError
from mlquote.scan.found import Said, Spending, to_fill

_COMMANDS: tuple[tuple[str, str], ...] = (
    ("vLLM", r"vllm[\"', ]+serve[\"',\s\\-]+(?P<model>[A-Za-z][\w./:-]{2,120})"),
    ("vLLM", r"vllm[\s\S]{0,400}?--model[\"',=\s\\-]+(?P<model>[A-Za-z][\w./:-]{2,120})"),
    ("SGLang", r"sglang[\s\S]{0,400}?--model(?:-path)?[\"',=\s\\-]+(?P<model>[A-Za-z][\w./:-]{2,120})"),
    ("TGI", r"text-generation-[\s\S]{0,400}?--model-id[\"',=\s\\-]+(?P<model>[A-Za-z][\w./:-]{2,120})"),
    ("Ollama", r"\bollama[\"', ]+(?:run|pull)[\"',\s]+(?P<model>[A-Za-z][\w./:-]{2,120})"),
)  # fmt: skip
_OPTION = re.compile(r"--(?P<name>[a-z][a-z-]{1,40})[\"',=\s\\-]+(?P<value>[\w.]{1,40})")
_TAKEN = {"tensor_parallel": int, "pipeline_parallel": int, "max_model_len": int, "max_num_seqs": int,
          "gpu_memory_utilization": float, "kv_dtype": str}  # fmt: skip
_AFTER = 1_500
"""Characters behind a command within which its options stand."""


def hosted(text: str, file: str, catalog: Snapshot, now: datetime) -> Iterator[Spending]:
    """The models that commands in a file serve."""
    seen: set[str] = set()
    for engine, pattern in _COMMANDS:
        for command in re.finditer(pattern, text):
            name = command["model"]
            if name in seen:
                continue
            seen.add(name)
            place = f"{file}:{text.count(chr(10), 0, command.start('model')) + 1}"
            options = _options(text[command.end() : command.end() + _AFTER])
            yield Spending(
                "serving", f"host-{name.rpartition('/')[2]}", (place,), _fields(name, engine, options, catalog, now)
            )


def _options(text: str) -> dict[str, Said]:
    found = {}
    for option in _OPTION.finditer(re.split(r"\n\s*\n|;|&&", text)[0]):
        name = option["name"].replace("-", "_")
        field = CALLED.get(name, name)
        if field not in _TAKEN or field in found:
            continue
        try:
            found[field] = Said(_TAKEN[field](option["value"]), f"--{option['name']}")
        except ValueError:
            continue
    return found


def _fields(name: str, engine: str, options: dict[str, Said], catalog: Snapshot, now: datetime) -> dict[str, Said]:
    try:
        called = model_named(name, catalog, now).value
        model = {"model": Said(called.row.id, "" if called.row.id == name else name)}
        if called.weight_dtype:
            model["weight_dtype"] = Said(called.weight_dtype, name)
    except QuoteError:
        model = {"params": to_fill(f"parameters of {name}, which this catalogue does not know")}
    wide = options.get("tensor_parallel")
    count = Said(wide.value, "one replica") if wide is not None else to_fill("how many, over all replicas")
    return {
        **model,
        "engine": Said(engine),
        "accelerator": to_fill("h100-sxm, l4, ..."),
        "accelerator_count": count,
        **options,
        "input_tokens": to_fill("tokens of one prompt (a mean)"),
        "output_tokens": to_fill("tokens of one answer (a mean)"),
        "requests_per_s": to_fill("requests a second (a mean)"),
        "hours": to_fill("how long it runs: 720 for 30 days"),
    }
