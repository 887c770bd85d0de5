"""The client's types, written from the service's own OpenAPI document, and its plain half from its waiting half.

python -m benchmarks.clients.typed_answers            writes app/mlquote_client/{answers,questions,units,client}.py
python -m benchmarks.clients.typed_answers --check    says whether they are what would be written
"""

import argparse
import keyword
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import indent, wrap
from typing import Any

from mlquote.catalog.tables import TABLES
from mlquote.kit.units import SUFFIXES
from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.web.openapi.answers import ROWS

CLIENT = Path(__file__).parents[2] / "app" / "mlquote_client"
_REF = "#/components/schemas/"
_WIDTH = 116
QUESTIONS = {
    "/v1/estimates/training": "TrainingQuestion",
    "/v1/estimates/inference": "ApiUsage",
    "/v1/estimates/inference/tokens": "TextCount",
    "/v1/estimates/serving": "ServingQuestion",
    "/v1/comparisons": "Comparison",
    "/v1/comparisons/releases": "QuoteChange",
    "/v1/scaling-laws/evaluate": "ScalingQuestion",
    "/v1/plans/training": "TrainingPlan",
    "/v1/plans/loss": "LossPlan",
    "/v1/plans/adaptation": "AdaptationPlan",
    "/v1/estimates/annotation": "AnnotationQuestion",
    "/v1/estimates/project": "ProjectQuestion",
}
"""A question's path -> what its fields are called together; a path that this service has not is passed over."""
_LOSSES = {
    "/v1/losses/evaluate": "LossAnswer",
    "/v1/losses/compare": "FrameworksAnswer",
    "/v1/regularizers/evaluate": "PenaltyAnswer",
    "/v1/losses/closed-form": "ClosedFormAnswer",
    "/v1/losses/class-weights": "ClassWeightsAnswer",
    "/v1/losses/decision-threshold": "DecisionAnswer",
    "/v1/losses/descent": "DescentAnswer",
    "/v1/losses/surface": "SurfaceAnswer",
}
"""A path whose answer has no name of its own -> the name it gets."""
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None", "object": "Any"}


def written(document: Mapping[str, Any]) -> dict[str, str]:
    """File name -> its text."""
    waiting = (CLIENT / "async_client.py").read_text()
    texts = {"answers.py": answers(document), "questions.py": questions(document), "units.py": units()}
    return {name: formatted(text) for name, text in (texts | {"client.py": plainly(waiting)}).items()}


def formatted(text: str) -> str:
    """The text as this repository writes Python."""
    ruff = [sys.executable, "-m", "ruff", "format", "--config", str(CLIENT.parents[1] / "pyproject.toml"), "-"]
    return subprocess.run(ruff, input=text, capture_output=True, text=True, check=True).stdout


def answers(document: Mapping[str, Any]) -> str:
    """Every answer as a dataclass, and every part of one."""
    schemas = dict(document["components"]["schemas"])
    whole = set(_answered(document, schemas))
    kept = sorted(_reached(schemas, whole | set(ROWS.values())))
    body = [_dataclass(name, schemas[name], schemas, is_whole=name in whole) for name in kept]
    rows = "".join(f'    "{table.public or table.name}": {ROWS[table.public or table.name]},\n' for table in TABLES)
    return (
        '"""What the service answers, as dataclasses; written by benchmarks/clients/typed_answers.py."""\n\n'
        "from __future__ import annotations\n\n"
        "from collections.abc import Mapping\nfrom dataclasses import dataclass, field\n"
        "from datetime import date, datetime\nfrom decimal import Decimal\nfrom typing import Any, Literal\n\n"
        "from mlquote_client.told import Told as _Told\n\n\n" + "\n\n".join(body) + "\n\n"
        f"ROWS: Mapping[str, type[Any]] = {{\n{rows}}}\n" + '"""A table of the catalogue -> what a row of it is."""\n'
    )


def questions(document: Mapping[str, Any]) -> str:
    """The fields of every question, and of the parts they hold, as typed keywords."""
    schemas, found = document["components"]["schemas"], {}
    for path, name in QUESTIONS.items():
        if path not in document["paths"]:
            continue
        asked = document["paths"][path]
        body = asked["post"]["requestBody"]["content"]["application/json"]["schema"]
        fields = dict(schemas[body["$ref"].removeprefix(_REF)]["properties"])
        for each in asked["get"]["parameters"]:
            if "name" in each and each["name"] not in fields:
                fields[each["name"]] = {**each["schema"], "description": each.get("description", "")}
        about = f"Fields of a question to {path}."
        found[name] = {"properties": fields, "description": about}
    parts = _reached(schemas | found, set(found)) - set(found)
    names = (*sorted(parts - {"WrittenNumber"}), *sorted(found))
    body = [_keywords(name, (dict(schemas) | found)[name]) for name in names]
    return (
        '"""What is asked, as typed keywords; written by benchmarks/clients/typed_answers.py."""\n\n'
        "from __future__ import annotations\n\n"
        "from collections.abc import Mapping, Sequence\nfrom datetime import date, datetime\n"
        "from decimal import Decimal\nfrom typing import Any, TypedDict\n\n"
        "Number = float | int | Decimal | str\n"
        '"""A number, or one as people write it: "15T", "1,000,000", "50%"."""\n'
        "Moment = datetime | date | str\n\n\n" + "\n\n".join(body)
    )


def units() -> str:
    """What the end of a field's name says of its unit."""
    lines = "".join(f'    "{suffix}": "{unit}",\n' for suffix, unit in SUFFIXES.items())
    return (
        '"""Units by the ends of names; written by benchmarks/clients/typed_answers.py."""\n\n'
        f"from collections.abc import Mapping\n\nUNITS: Mapping[str, str] = {{\n{lines}}}\n"
        '"""The end of a field\'s name -> its unit; longer ends first."""\n'
    )


def plainly(waiting: str) -> str:
    """The client that blocks, from the one that is awaited."""
    for pattern, instead in _PLAINLY:
        waiting = re.sub(pattern, instead, waiting)
    return waiting


_PLAINLY = (
    (r"async def |async with |async for ", lambda found: found.group().removeprefix("async ")),
    (r"await asyncio\.sleep", "time.sleep"),
    (r"await ", ""),
    (r"import asyncio\n", "import time\n"),
    (r"httpx\.AsyncClient", "httpx.Client"),
    (r"httpx\.AsyncBaseTransport", "httpx.BaseTransport"),
    (r"AsyncClient", "Client"),
    (r"AsyncIterator, Iterable", "Iterable, Iterator"),
    (r"AsyncIterator", "Iterator"),
    (r"for row in (.*):\n +yield row\n", r"yield from \1\n"),
    (r"for entry in (.*):\n +yield entry\n", r"yield from \1\n"),
    (r"__aenter__", "__enter__"),
    (r"__aexit__", "__exit__"),
    (r"\baclose\b", "close"),
    (r"aiter_lines", "iter_lines"),
    (r"The client that is awaited", "The client that waits for each answer"),
    (r"This file is the source.*\n", "Written from async_client.py by benchmarks/clients/typed_answers.py.\n"),
)  # fmt: skip


def _answered(document: Mapping[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    """The names of whole answers; those without one get theirs."""
    for path, methods in document["paths"].items():
        for told in methods.values():
            for status, answer in told["responses"].items():
                schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
                if status.startswith("2") and "$ref" in schema:
                    yield schema["$ref"].removeprefix(_REF)
                elif status.startswith("2") and path in _LOSSES:
                    schemas[_LOSSES[path]] = {"description": f"What {path} answers.", **schema}
                    yield _LOSSES[path]


def _reached(schemas: Mapping[str, Any], names: set[str]) -> set[str]:
    """These schemas and those that they name, and so on."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [ref.removeprefix(_REF) for ref in _refs(schemas[name])]
    return found


def _refs(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for each in node.values():
            yield from _refs(each)
    elif isinstance(node, list):
        for each in node:
            yield from _refs(each)


def _dataclass(name: str, schema: Mapping[str, Any], schemas: Mapping[str, Any], *, is_whole: bool) -> str:
    needed = schema.get("required", ())
    lines = []
    for key, told in schema.get("properties", {}).items():
        kind = "float | Decimal" if name == "Range" else _type(told)
        kind = "Any" if name in _LOSSES.values() and told.get("type") == ["object", "null"] else kind
        if key in needed:
            lines.append(f"{_name(key)}: {kind}\n")
        elif "$ref" not in told and told.get("type") in ("array", "object") and not name.endswith("Row"):
            empty = "tuple" if told["type"] == "array" else "dict"
            lines.append(f"{_name(key)}: {kind} = field(default_factory={empty})\n")
        else:
            lines.append(f"{_name(key)}: {kind if 'None' in kind or kind == 'Any' else f'{kind} | None'} = None\n")
        lines.append(_docstring(told.get("description", "")))
    base, shown = ("(_Told)", ", repr=False") if is_whole else ("", "")
    head = f"@dataclass(frozen=True, kw_only=True{shown})\nclass {name}{base}:\n"
    return head + indent(_docstring(schema.get("description") or f"{name}.") + "\n" + "".join(lines), "    ")


def _keywords(name: str, schema: Mapping[str, Any]) -> str:
    head = f"class {name}(TypedDict, total=False):\n"
    lines = [_docstring(schema.get("description") or f"{name}."), "\n"]
    plain = {key: told for key, told in schema.get("properties", {}).items() if not _is_no_name(key)}
    for key, told in plain.items():
        lines += [f"{key}: {_asked(told)}\n", _docstring(told.get("description", ""))]
    return head + indent("".join(lines), "    ")


def _type(told: Mapping[str, Any]) -> str:  # noqa: PLR0911  # a schema's words, one after the other
    """The type of a value that is answered."""
    if "$ref" in told:
        return str(told["$ref"]).removeprefix(_REF)
    if "anyOf" in told:
        return _either(_type(each) for each in told["anyOf"])
    if "enum" in told or "const" in told:
        return f"Literal[{', '.join(map(_quoted, told.get('enum', [told.get('const')])))}]"
    kind = told.get("type")
    if isinstance(kind, list):
        return "Any" if "array" in kind else _either(_PLAIN[each] for each in kind)
    if kind == "number" and told.get("format") == "decimal":
        return "Decimal"
    if kind == "string":
        return {"date-time": "datetime", "date": "date"}.get(told.get("format", ""), "str")
    if kind == "array":
        return f"tuple[{_type(told.get('items', {}))}, ...]"
    if kind == "object":
        inner = told.get("additionalProperties")
        return f"Mapping[str, {_type(inner) if isinstance(inner, Mapping) else 'Any'}]"
    return _PLAIN.get(str(kind), "Any")


def _asked(told: Mapping[str, Any]) -> str:
    """The type of a value that is asked with."""
    if "$ref" in told:
        name = str(told["$ref"]).removeprefix(_REF)
        return "str" if name == "WrittenNumber" else name
    if "anyOf" in told:
        found = list(dict.fromkeys(_asked(each) for each in told["anyOf"]))
        return _either("Number" if each == "str" and "Number" in found else each for each in found)
    kind = told.get("type")
    if kind in ("number", "integer"):
        return "Number"
    if kind == "string":
        return "Moment" if told.get("format", "").startswith("date") else "str"
    if kind == "array":
        return f"Sequence[{_asked(told.get('items', {}))}]"
    return {"object": "Mapping[str, Any]", "boolean": "bool", "null": "None"}.get(str(kind), "Any")


def _either(kinds: Iterator[str]) -> str:
    found = list(dict.fromkeys(part for kind in kinds for part in kind.split(" | ")))
    if "Any" in found:
        return "Any"
    return " | ".join([*(each for each in found if each != "None"), *(["None"] if "None" in found else [])])


def _quoted(word: Any) -> str:
    return f'"{word}"' if isinstance(word, str) else repr(word)


def _name(key: str) -> str:
    return f"{key}_" if _is_no_name(key) else key


def _is_no_name(key: str) -> bool:
    return keyword.iskeyword(key) or not key.isidentifier()


def _docstring(words: str) -> str:
    words = " ".join(words.split()).replace("\\", "\\\\").replace('"""', "'''")
    if not words:
        return ""
    words = f"{words} " if words.endswith('"') else words
    return "\n".join(wrap(f'"""{words}"""', _WIDTH - 4, break_long_words=False, break_on_hyphens=False)) + "\n"


def main() -> int:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        app = create_app(Settings(database_url=f"sqlite:///{folder}/mlquote.sqlite3"))
        texts = written(app.openapi())
        app.state.workbench.close()
        app.state.engine.dispose()
    kept = {name: (CLIENT / name).read_text() if (CLIENT / name).exists() else "" for name in texts}
    stale = [name for name, text in texts.items() if kept[name] != text]
    for name in () if asked.check else stale:
        (CLIENT / name).write_text(texts[name])
    print(f"{'stale' if asked.check else 'written'}: {', '.join(stale) or 'nothing'}")
    return 1 if asked.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
