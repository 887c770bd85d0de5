"""Writes `class_defaults.py`: what a Hugging Face configuration class takes where a file is silent.

Development only. It wants transformers and diffusers in an environment of their own:

    python benchmarks/hf_class_defaults.py > app/mlquote/estimators/models/hugging_face/class_defaults.py

A class's default is a fact of its library; only names that a reader of this house mentions are kept.
"""

import dataclasses
import inspect
import json
import pathlib
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import diffusers
import transformers
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

ROOM = pathlib.Path(__file__).parent.parent / "app/mlquote/estimators/models/hugging_face"
TABLE = "class_defaults.py"
LAWS = "law_table.py"
HEADER = '''"""What a Hugging Face configuration class takes where a file is silent, one type a paragraph.

Written by `benchmarks/hf_class_defaults.py` from transformers {transformers} and diffusers {diffusers}; only names that
a reader of this room mentions are here. A nested object names its type and where it departs from that type's defaults.
"""

import json
from functools import cache
from typing import Any


@cache
def class_defaults(name: str) -> dict[str, Any]:
    """Field -> default of a model_type or a diffusers class; empty for one that is not known.

    Args:
        name: as the file says it.

    Returns: values as JSON has them.

    Source: the libraries named above.
    """
    said = _paragraphs().get(name, "")
    return {{key: json.loads(value) for key, _, value in (word.partition("=") for word in said.split())}}


@cache
def _paragraphs() -> dict[str, str]:
    flat = TABLE.replace("\\n ", " ").strip().splitlines()
    return {{name: rest for name, _, rest in (line.partition(" ") for line in flat)}}


TABLE = """
'''


def mentioned() -> set[str]:
    """Names of fields in the readers' own text."""
    texts = (path.read_text() for path in ROOM.glob("*.py") if path.name not in (TABLE, LAWS))
    return {word for text in texts for word in re.findall(r'"([\w-]+)"', text)}


def plain(value: Any) -> bool:
    """A default that a count may hang on."""
    if isinstance(value, list | tuple):
        return all(isinstance(v, int | float | str | list | tuple) for v in value) and len(str(value)) < 400
    return isinstance(value, bool | int | str) or (isinstance(value, float) and abs(value) < 1e9)


def own(cls: Any) -> dict[str, Any]:
    """The defaults in a configuration class's own words."""
    found = {}
    for field in dataclasses.fields(cls):
        value = field.default
        if value is dataclasses.MISSING and field.default_factory is not dataclasses.MISSING:
            value = field.default_factory()
        if value is not None and value is not dataclasses.MISSING and plain(value):
            found[field.name] = value
    return found


def nested(cls: Any) -> dict[str, Any]:
    """Each sub-configuration that the class makes by itself, where it departs from its own class's defaults."""
    try:
        whole = cls()
    except Exception:
        kinds = {name: getattr(sub, "model_type", "") for name, sub in cls.sub_configs.items()}
        return {name: {"model_type": kind} for name, kind in kinds.items() if kind}
    return {name: departing(part) for name in cls.sub_configs if (part := getattr(whole, name, None)) is not None}


def departing(part: Any) -> dict[str, Any]:
    """A sub-configuration as its type and what differs from the type's defaults."""
    if isinstance(part, dict):
        return {key: value for key, value in part.items() if plain(value)}
    usual = own(type(part))
    said = {k: v for k, v in part.to_dict().items() if k in NAMES and plain(v) and usual.get(k) != v}
    inner = {name: departing(sub) for name in type(part).sub_configs if (sub := getattr(part, name, None)) is not None}
    changed = {k: v for k, v in said.items() if k in usual}
    made = made_of(type(part), changed)
    derived = {k: v for k, v in said.items() if k not in usual and (k in unset(type(part)) or made.get(k, v) != v)}
    return {**derived, **changed, **inner, "model_type": part.model_type}


def made_of(cls: Any, said: dict[str, Any]) -> dict[str, Any]:
    """All fields as a class works them out from some; nothing where it refuses them."""
    try:
        return dict(cls(**said).to_dict())
    except Exception:
        return {}


def unset(cls: Any) -> set[str]:
    """Fields of a class whose default is null; what it makes of them hangs on the others."""
    try:
        plainly = cls().to_dict()
    except Exception:
        return set()
    return {
        field.name for field in dataclasses.fields(cls) if field.default is None and plainly.get(field.name) is None
    }


def rows() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every type and class with its defaults."""
    for name in sorted(CONFIG_MAPPING.keys()):
        try:
            cls = CONFIG_MAPPING[name]
        except Exception:
            continue
        yield name, {**own(cls), **nested(cls)}
    for name in sorted(dir(diffusers)):
        if not (
            name.startswith(("Autoencoder", "UNet", "VQ", "StableCascade"))
            or "Transformer" in name
            or "ControlNet" in name
        ):
            continue
        init = getattr(getattr(diffusers, name), "__init__", None)
        if init is None or "Pipeline" in name:
            continue
        said = {p.name: p.default for p in inspect.signature(init).parameters.values()}
        yield name, {k: v for k, v in said.items() if v is not inspect.Parameter.empty and plain(v)}


def reached(table: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Types that a reader names, and those of their parts."""
    found, new = set(), {name for name in table if name in NAMES}
    while new:
        found |= new
        new = {kind for name in new for kind in kinds_in(table[name])} & set(table) - found
    return found


def kinds_in(value: Any) -> Iterator[str]:
    """Every type that a nested default names."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from [part] if key == "model_type" else kinds_in(part)


NAMES = mentioned()
WRAP = textwrap.TextWrapper(width=118, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)

if __name__ == "__main__":
    print(HEADER.format(transformers=transformers.__version__, diffusers=diffusers.__version__).rstrip("\n"))
    table = dict(rows())
    for name in sorted(reached(table), key=list(table).index):
        said = table[name]
        kept = {key: value for key, value in said.items() if key in NAMES}
        words = (f"{key}={json.dumps(value, separators=(',', ':')).replace(' ', '')}" for key, value in kept.items())
        if kept:
            print(WRAP.fill(" ".join((name, *words))))
    print('"""')
