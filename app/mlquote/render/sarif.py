"""A check's answer as SARIF 2.1.0, so that a forge shows it at the lines of the spec (code scanning, IDEs)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlquote.render.harmless import on_one_line

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_RULES: Mapping[str, tuple[str, str]] = {
    "over-budget": ("error", "What is asked is over a limit of its budget."),
    "unknown-figure": ("error", "A figure that a limit needs is not known, so that nobody can say that it holds."),
    "near-limit": ("warning", "A limit holds, with little left."),
    "doubt": ("note", "A question was answered with a warning."),
    "bad-question": ("error", "A question cannot be read or cannot be answered."),
}
_BY_VERDICT = {"fail": "over-budget", "unknown": "unknown-figure", "warn": "near-limit"}


@dataclass(frozen=True, slots=True)
class Lines:
    """Where in a spec file its limits and its questions stand, counted from 1."""

    file: str
    limits: Sequence[int] = ()
    """By their order; the first line stands in for those of a budget that is elsewhere."""
    questions: Mapping[str, int] = field(default_factory=dict)


def checked(report: Mapping[str, Any], lines: Lines) -> str:
    """A result for each limit that does not simply hold, and a note for each warning of a question."""
    return _log(list(_results(report, lines)))


def failed(code: str, faults: Sequence[Mapping[str, str]]) -> str:
    """A result for each fault; pointers that begin with a file and a line are shown there."""
    return _log([_result("bad-question", _fault(code, fault), *_place(fault["pointer"])) for fault in faults])


def _results(report: Mapping[str, Any], lines: Lines) -> Iterator[dict[str, Any]]:
    for place, limit in enumerate(report["limits"]):
        rule = _BY_VERDICT.get(limit["verdict"])
        if rule is not None:
            line = lines.limits[place] if place < len(lines.limits) else 1
            yield _result(rule, f"{limit['figure']} per {limit['per']}: {limit['why']}", lines.file, line)
    for question in report["questions"]:
        for warning in question["warnings"]:
            text = f"{question['name']}: {warning['detail']}"
            yield _result("doubt", text, lines.file, lines.questions.get(question["name"], 1))


def _result(rule: str, text: str, file: str, line: int) -> dict[str, Any]:
    where = {"artifactLocation": {"uri": file.replace("\\", "/")}, "region": {"startLine": max(1, line)}}
    return {
        "ruleId": rule,
        "level": _RULES[rule][0],
        "message": {"text": on_one_line(text)},
        "locations": [{"physicalLocation": where}],
    }


def _fault(code: str, fault: Mapping[str, str]) -> str:
    hint = f" ({fault['hint']})" if fault["hint"] else ""
    return f"{fault['detail']}{hint} [{code}]"


def _place(pointer: str) -> tuple[str, int]:
    """file:line:path -> its file and line; what is no such place is shown at the first line of what it names."""
    file, _, rest = pointer.partition(":")
    line, _, _ = rest.partition(":")
    return file or "mlquote.toml", int(line) if line.isdigit() else 1


def _log(results: list[dict[str, Any]]) -> str:
    rules = [{"id": name, "shortDescription": {"text": sentence}} for name, (_, sentence) in _RULES.items()]
    driver = {"name": "mlquote", "rules": rules}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"
