"""Builds models of transformers and diffusers on the meta device and counts their parameters. Development only."""

import contextlib
import importlib
import inspect
import json
import random
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import diffusers
import torch
import transformers
from transformers.initialization import no_init_weights
from transformers.models.auto import modeling_auto
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()
diffusers.utils.logging.set_verbosity_error()

transformers.PreTrainedConfig.__repr__ = lambda self: type(self).__name__  # written out for each model made

Config = dict[str, Any]
IDLE = (
    "dropout", "eps", "_id", "token", "initializer", "cache", "theta", "temperature", "_act", "activation", "loss",
    "top_k", "topk", "max_length", "prob", "scal", "logits", "output_", "return_dict", "chunk_size_feed", "jitter",
    "mask_time", "mask_feature", "softcap", "std", "momentum", "cost", "coefficient", "noise", "sampling_rate",
    "_weight", "rope", "stride_", "drop", "factor", "gradient", "is_decoder", "is_encoder", "problem_type",
)  # fmt: skip
"""Parts of names of fields that no count hangs on."""


def classes_of(kind: str) -> list[str]:
    """Every class that transformers builds from one type, those with a head first."""
    found: dict[str, None] = {}
    for name, table in sorted(vars(modeling_auto).items()):
        if name.startswith("MODEL_") and name.endswith("_MAPPING_NAMES") and kind in table:
            classes = table[kind]
            found |= dict.fromkeys([classes] if isinstance(classes, str) else classes)
    return sorted(found, key=lambda name: (name.endswith("Model"), name))


def config_class(kind: str) -> Any:
    """The class of a type's configuration."""
    return CONFIG_MAPPING[kind]


@contextlib.contextmanager
def unmade() -> Iterator[None]:
    """Parameters have shapes and no values."""
    with torch.device("meta"), no_init_weights():
        yield


def config_of(kind: str, said: Mapping[str, Any]) -> Any:
    """A configuration object from what a file says."""
    return config_class(kind).from_dict(dict(said))


def model_of(built_as: str, config: Any) -> torch.nn.Module:
    """A model of the class, without values."""
    with unmade():
        if isinstance(config, Mapping):
            return getattr(diffusers, built_as)(**config)
        cls = getattr(transformers, built_as, None)
        if cls is None:
            room = type(config).__module__.replace("configuration", "modeling")
            cls = getattr(importlib.import_module(room), built_as)
        model = cls(config)
    tie = getattr(model, "tie_weights", None)
    if tie is not None:
        tie()
    return model


def count_of(model: torch.nn.Module) -> int:
    """Parameters, each once."""
    return sum(p.numel() for p in {id(p): p for p in model.parameters()}.values())


def diffusers_classes() -> list[str]:
    """Networks of diffusers that a configuration builds."""
    found = []
    for name in sorted(dir(diffusers)):
        if (
            name.startswith(("Autoencoder", "UNet", "VQ", "StableCascade"))
            or "Transformer" in name
            or "ControlNet" in name
        ):
            cls = getattr(diffusers, name)
            if "Pipeline" not in name and inspect.isclass(cls) and issubclass(cls, torch.nn.Module):
                found.append(name)
    return found


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    return json.loads(json.dumps(value, default=str))


def leaves(said: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every field of a configuration and its nested ones."""
    for name, value in said.items():
        if isinstance(value, Mapping) and (name.endswith(("config", "encoder", "decoder"))):
            yield from leaves(value, (*path, name))
        else:
            yield (*path, name), value


def plausible(path: tuple[str, ...], value: Any) -> bool:
    """A field that a count may hang on."""
    name = path[-1]
    if (
        name.startswith("_")
        or any(part in name for part in IDLE)
        or name in ("architectures", "model_type", "id2label")
    ):
        return False
    if isinstance(value, list):
        return 0 < len(value) <= 200 and all(isinstance(v, int | str) for v in value)
    return isinstance(value, bool | int)


def changed(value: Any, draw: random.Random) -> Any:
    """Another value of the same sort."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        if value <= 0:
            return value
        return draw.choice([value * 2, max(1, value // 2), value + 1 if value < 8 else value + 8])
    if isinstance(value, list) and all(isinstance(v, int) and not isinstance(v, bool) for v in value):
        at = draw.randrange(len(value))
        return [v if n != at else changed(v, draw) for n, v in enumerate(value)]
    if isinstance(value, list):
        words = sorted(set(map(str, value)))
        at = draw.randrange(len(value))
        return [v if n != at else draw.choice(words) for n, v in enumerate(value)]
    return value


def put(said: Config, path: tuple[str, ...], value: Any) -> None:
    """Say one field of a nested configuration."""
    for name in path[:-1]:
        said = said.setdefault(name, {})
    said[path[-1]] = value
