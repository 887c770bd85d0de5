"""Files in, spendings out: each file read by what it is, what says the same put together, what is not known listed."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.token_models import PriceList, price_list
from mlquote.kit.errors import QuoteError
from mlquote.scan.api_calls import LIBRARIES, api_spending, sellers_in, unknown_names
from mlquote.scan.found import Seen, Spending
from mlquote.scan.groups import Group, of_document, of_lines, of_python, of_source
from mlquote.scan.machines import Machine, agreed, machines_in
from mlquote.scan.servers import hosted
from mlquote.scan.trainers import configures_training, training_spendings
from mlquote.spend.places import parsed

_DOCUMENTS = frozenset({".toml", ".yaml", ".yml", ".json"})
_SOURCES = frozenset(
    (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".vue", ".svelte", ".go", ".java", ".kt", ".rb", ".rs", ".php",
     ".cs", ".swift", ".scala", ".ex", ".sh", ".bash")
)  # fmt: skip
_LINES = frozenset({".env", ".sh", ".bash", ".sbatch", ".slurm"})
READ = _DOCUMENTS | _SOURCES | _LINES | {".py", ".ipynb"}
"""Suffixes of files that are read; beside them images' and makes' files, and lists of packages, by their names."""
_BY_NAME = re.compile(
    r"^(?:Dockerfile|Makefile|Procfile|justfile|\.env)(?:[.-].*)?$|^requirements.*\.txt$|\.env(?:\..+)?$"
)
_LISTS = re.compile(
    r"^(?:requirements.*\.txt|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(?:\.lock)?|package(?:-lock)?\.json|yarn\.lock|"
    r"pnpm-lock\.yaml|go\.mod|Cargo\.toml|Gemfile(?:\.lock)?|environment\.ya?ml)$"
)
"""Lists of packages: what they name is used, and no question by itself."""
_PACKAGES: Mapping[str, str] = {
    "openai": "openai", "anthropic": "anthropic", "google-genai": "google", "google-generativeai": "google",
    "mistralai": "mistral", "cohere": "cohere", "groq": "groq", "litellm": "litellm", "langchain-openai": "openai",
    "langchain-anthropic": "anthropic", "@anthropic-ai/sdk": "anthropic", "@google/genai": "google",
    "@ai-sdk/openai": "openai", "@ai-sdk/anthropic": "anthropic", "@ai-sdk/google": "google", "vllm": "vLLM",
    "trl": "TRL", "axolotl": "Axolotl", "torchtune": "torchtune", "deepspeed": "DeepSpeed", "peft": "PEFT",
}  # fmt: skip


@dataclass(slots=True)
class _Gathered:
    """What has been found so far."""

    by_file: dict[str, list[Group]] = field(default_factory=dict)
    hosted: list[Spending] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    packages: dict[str, str] = field(default_factory=dict)


def is_read(path: str) -> bool:
    """Whether a file may say what is spent."""
    file = PurePosixPath(path)
    return file.suffix.casefold() in READ or bool(_BY_NAME.match(file.name)) or bool(_LISTS.match(file.name))


def scan(files: Iterable[tuple[str, str]], catalog: Snapshot, now: datetime) -> Seen:
    """What the files of a repository spend.

    Args:    files: path and text of each; paths with `/`, as they are to be cited
    Returns: questions, one for each model and way of using it; names that nobody sells; notes
    """
    gathered, prices = _Gathered(), price_list(catalog)
    for path, text in files:
        _read(path, text, gathered, catalog, now)
    machines = [each for groups in gathered.by_file.values() for each in machines_in(groups)]
    machine = agreed(machines)
    found = [*_runs(gathered, catalog, now, machine), *_calls(gathered, prices, now), *gathered.hosted]
    notes = [*gathered.notes, *_about_machines(machines, machine), *_about_packages(gathered, found)]
    return Seen(tuple(_named_apart(_together(found))), tuple(_unknown(gathered, prices, now)), tuple(notes))


def _read(path: str, text: str, gathered: _Gathered, catalog: Snapshot, now: datetime) -> None:
    name = PurePosixPath(path).name
    if _LISTS.match(name):
        for package in _PACKAGES:
            if re.search(rf"(?<![\w@/-]){re.escape(package)}(?![\w/-])", text):
                gathered.packages.setdefault(package, path)
        if name not in ("pyproject.toml", "package.json"):
            return
    gathered.by_file[path] = list(_groups(path, text, gathered))
    gathered.hosted += hosted(text, path, catalog, now)


def _groups(path: str, text: str, gathered: _Gathered) -> Iterator[Group]:
    suffix = PurePosixPath(path).suffix.casefold()
    if suffix == ".py":
        yield from of_python(text, path)
    elif suffix == ".ipynb":
        yield from of_python(_cells(text), path)
    elif suffix in _DOCUMENTS:
        try:
            data, places = parsed(text, path)
        except QuoteError:
            if sellers_in(text) or re.search(r"base_model|model_name_or_path", text):
                gathered.notes.append(f"{path} could not be read as {suffix[1:].upper()}")
            return
        yield from of_document(data, places, text)
    else:
        if suffix in _SOURCES:
            yield from of_source(text, path)
        yield from of_lines(text, path)


def _cells(text: str) -> str:
    """The code of a notebook, one cell after another, without lines that are no Python."""
    try:
        cells = json.loads(text).get("cells", [])
        code = ["".join(cell.get("source", [])) for cell in cells if cell.get("cell_type") == "code"]
    except (ValueError, AttributeError, TypeError):
        return ""
    return "\n".join("" if row.lstrip().startswith(("!", "%")) else row for row in "\n".join(code).splitlines())


def _runs(gathered: _Gathered, catalog: Snapshot, now: datetime, machine: Machine | None) -> Iterator[Spending]:
    for groups in gathered.by_file.values():
        yield from training_spendings(groups, catalog, now, machine)


def _calls(gathered: _Gathered, prices: PriceList, now: datetime) -> Iterator[Spending]:
    for groups in gathered.by_file.values():
        for group in groups:
            if not configures_training(group):
                yield from api_spending(group, prices, now)


def _unknown(gathered: _Gathered, prices: PriceList, now: datetime) -> Iterator[str]:
    seen = set()
    for path, groups in gathered.by_file.items():
        for group in groups:
            if configures_training(group):
                continue
            for name, line in unknown_names(group, prices, now):
                if (path, name) not in seen:
                    seen.add((path, name))
                    yield f"{name} ({path}:{line})"


def _about_machines(machines: list[Machine], machine: Machine | None) -> Iterator[str]:
    if machines and machine is None:
        places = ", ".join(dict.fromkeys(each.place for each in machines))
        yield f"{places} say different things of machines: no question takes them"


def _about_packages(gathered: _Gathered, found: list[Spending]) -> Iterator[str]:
    sold = {str(each.fields["provider"].value) for each in found if "provider" in each.fields}
    for package, path in gathered.packages.items():
        seller = _PACKAGES[package]
        if seller in LIBRARIES and seller not in sold:
            yield f"{path} lists {package}, and no model of {seller} is named in any file: perhaps it is set elsewhere"


_BILLED = ("provider", "model", "processing")
"""What tells one API question from another: how many answers are allowed to be long is no difference."""


def _together(found: Iterable[Spending]) -> Iterator[Spending]:
    """One spending for all places that say the same."""
    kept: dict[object, Spending] = {}
    for each in found:
        names = _BILLED if each.kind == "inference" else sorted(each.fields)
        key = (
            each.kind,
            tuple(each.usage),
            *((name, each.fields[name].value) for name in names if name in each.fields),
        )
        known = kept.get(key)
        kept[key] = (
            each if known is None else replace(known, places=tuple(dict.fromkeys((*known.places, *each.places))))
        )
    yield from kept.values()


def _named_apart(found: Iterable[Spending]) -> Iterator[Spending]:
    seen: dict[str, int] = {}
    for each in found:
        name = re.sub(r"[^a-z0-9]+", "-", each.name.casefold()).strip("-") or each.kind
        seen[name] = seen.get(name, 0) + 1
        yield replace(each, name=name if seen[name] == 1 else f"{name}-{seen[name]}")
