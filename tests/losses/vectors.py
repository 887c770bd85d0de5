"""The golden cases of vectors.ndjson: generated arrays expanded, answers compared with what is expected."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

PATH = Path(__file__).with_name("vectors.ndjson")
NON_FINITE = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}
MASK = 0xFFFFFFFF


def cases(*kinds: str) -> list[dict[str, Any]]:
    """Every case of these kinds (an error case counts as the endpoint it names too)."""
    found = [json.loads(line) for line in PATH.read_text().splitlines()]
    return [case for case in found if case["kind"] in kinds]


def wrong(*endpoints: str) -> list[dict[str, Any]]:
    """Every refused case of these endpoints."""
    return [case for case in cases("error") if case["endpoint"] in endpoints]


def hash32(index: int, seed: int) -> float:
    """The deterministic draw in [0, 1) of the file's `gen_formula`, in exact integer arithmetic."""
    x = ((index + 1) * 2654435761 + seed * 2246822519 + 374761393) & MASK
    x ^= x >> 15
    x = (x * 2246822519) & MASK
    x ^= x >> 13
    x = (x * 3266489917) & MASK
    return (x ^ (x >> 16)) / 2**32


def generated(rule: dict[str, Any]) -> Any:
    """The nested lists a `$gen` rule stands for."""
    draws = [hash32(i, rule["seed"]) for i in range(math.prod(rule["shape"]))]
    if "int" in rule:
        return np.array([math.floor(u * rule["int"]) for u in draws]).reshape(rule["shape"]).tolist()
    span = rule["hi"] - rule["lo"]
    return np.array([rule["lo"] + span * u for u in draws]).reshape(rule["shape"]).tolist()


def expanded(value: Any) -> Any:
    """A request with every `$gen` and `$const` written out."""
    if isinstance(value, dict):
        if "$gen" in value:
            return generated(value["$gen"])
        if "$const" in value:
            return np.full(value["$const"]["shape"], value["$const"]["value"]).tolist()
        return {name: expanded(entry) for name, entry in value.items()}
    return [expanded(entry) for entry in value] if isinstance(value, list) else value


def differences(got: Any, want: Any, rtol: float, atol: float, path: str = "") -> list[str]:
    """Where an answer differs from what is wanted; keys that are not wanted are not looked at."""
    if isinstance(want, dict):
        return [d for key in want for d in differences(_part(got, key), want[key], rtol, atol, f"{path}/{key}")]
    if isinstance(want, list):
        got = got.tolist() if isinstance(got, np.ndarray) else got
        if not isinstance(got, list | tuple) or len(got) != len(want):
            return [f"{path}: {got!r:.80} is not {want!r:.80}"]
        pairs = enumerate(zip(got, want, strict=True))
        return [d for i, (g, w) in pairs for d in differences(g, w, rtol, atol, f"{path}/{i}")]
    got, want = _number(got), _number(want)
    if isinstance(want, str | bool) or want is None or got is None or isinstance(got, str):
        return [] if got == want else [f"{path}: {got!r} is not {want!r}"]
    same = got == want or abs(got - want) <= atol + rtol * abs(want)
    return [] if same else [f"{path}: {got!r} is not {want!r}"]


def _part(got: Any, key: str) -> Any:
    return got.get(key) if isinstance(got, dict) else None


def _number(value: Any) -> Any:
    if isinstance(value, str):
        return NON_FINITE.get(value, value)
    return value.item() if isinstance(value, np.generic) else value


def mismatches(answer: dict[str, Any], case: dict[str, Any]) -> list[str]:
    """Every way in which an answer misses the case's expected keys, within the case's tolerances."""
    bound = case["tolerance"]
    slopes = {"rtol": bound["grad_rtol"], "atol": bound["grad_atol"]}
    found: list[str] = []
    for key, want in case["expected"].items():
        if key.startswith("diagnostics_"):
            found += _diagnostics(answer, key, want)
        elif key == "gradient":
            found += differences(_gradient(answer), want, **slopes, path="gradient")
        elif key == "gradient_theta":
            found += differences(answer["gradient"]["theta"], want, **slopes, path="theta")
        elif key == "gradient_summary":
            found += _summary(_gradient(answer), want, **slopes)
        elif key == "gradient_interval":
            found += differences(answer[key], want, **slopes, path=key)
        else:
            found += differences(answer.get(key), want, bound["rtol"], bound["atol"], key)
    return found


def _gradient(answer: dict[str, Any]) -> Any:
    gradient = answer["gradient"]
    return gradient["predictions"] if isinstance(gradient, dict) else gradient


def _diagnostics(answer: dict[str, Any], key: str, codes: list[str]) -> list[str]:
    seen = {entry["code"] for entry in answer["diagnostics"]}
    if key == "diagnostics_include":
        return [f"{code} is missing" for code in codes if code not in seen]
    return [f"{code} is there" for code in codes if code in seen]


def _summary(gradient: Any, want: dict[str, Any], rtol: float, atol: float) -> list[str]:
    """Length and samples of a gradient too long to list; named arrays have a summary each."""
    if "l2" not in want:
        return [d for name in want for d in _summary(gradient[name], want[name], rtol, atol)]
    flat = np.asarray(gradient).ravel()
    found = differences(float(np.linalg.norm(flat)), want["l2"], rtol, atol, "l2")
    for place, value in want["samples"]:
        found += differences(float(flat[place]), value, rtol, atol, f"gradient/{place}")
    return found
