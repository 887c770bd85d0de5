"""The golden questions: whole requests in questions/*.ndjson, a line each, and the answers kept in answers/.

A line is one request (`method`, `path`, `headers`, `body`; a body that is text is sent as it is), or a story: `steps`
that are asked in turn with a key of the `scopes`. A step may `keep` a field of its answer, which later paths name in
braces. What differs from run to run is `masked`, by field.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

from tests.golden.service import Service
from tests.golden.wire import Digits, masked, parsed, parsed_lines, pretty

HERE = Path(__file__).parent
ANSWERS = HERE / "answers"
RELEASE = ("release", "since_release", "catalog/digest")
"""Masked in every answer: new tables make a new release of the same figures."""


@dataclass(frozen=True, slots=True)
class Step:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names for fields of the answer, each by the keys that lead to it."""

    @property
    def content(self) -> bytes | None:
        """The body as it is sent."""
        if self.body is None:
            return None
        return (self.body if isinstance(self.body, str) else json.dumps(self.body, ensure_ascii=False)).encode()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, under a name."""

    name: str
    steps: tuple[Step, ...]
    scopes: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()

    @property
    def file(self) -> Path:
        """Where the answer is kept."""
        return ANSWERS / f"{self.name}.json"


def questions() -> Iterator[Question]:
    """Every golden question, in the order of the files and their lines."""
    for path in sorted((HERE / "questions").glob("*.ndjson")):
        for line in path.read_text(encoding="utf-8").splitlines():
            fields = json.loads(line)
            about = {name: fields.pop(name) for name in ("name", "scopes", "masked") if name in fields}
            steps = tuple(Step(**step) for step in fields.get("steps", [fields]))
            yield Question(steps=steps, **about)


def answer(service: Service, question: Question) -> str:
    """What the service says, as it is kept: status, content type and body, masked."""
    key = service.key(question.scopes) if question.scopes else {}
    kept: dict[str, str] = {}
    told = []
    for step in question.steps:
        headers = {"content-type": "application/json"} | dict(step.headers) | key
        path = step.path.format_map(kept)
        response = service.request(step.method, path, content=step.content, headers=headers)
        kind = response.headers["content-type"]
        body = _unlinked(_body(response.content.decode(), kind))
        kept |= {name: reduce(lambda value, each: value[each], keys, body) for name, keys in step.keep.items()}
        shown = masked(body, (*RELEASE, *question.masked)) if "json" in kind else _without(service.release, body)
        told.append({"status": Digits(str(response.status_code)), "content_type": kind, "body": shown})
    return pretty(told if len(told) > 1 else told[0])


def _body(text: str, kind: str) -> Any:
    """JSON as its value, anything else as its lines."""
    if "json" not in kind:
        return text.split("\n")
    return parsed_lines(text) if text.endswith("\n") else parsed(text)


def _unlinked(body: Any) -> Any:
    """An estimate without its own address, which repeats the question; tests/web/test_permalinks.py follows it."""
    return {name: each for name, each in body.items() if name != "links"} if isinstance(body, dict) else body


def _without(release: str, lines: list[str]) -> list[str]:
    """Lines for eyes name the release in running text: that very word is masked, nothing like it."""
    return [line.replace(release, "<release>") for line in lines]
