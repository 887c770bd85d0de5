"""Responses that open-source projects recorded from providers, each read as an independent reader reads them.

`recorded_shapes.ndjson` holds one a line with its source: the provider's response, content left out, and the tokens of
it as [uncached input, read from a cache, written to a cache, output], all modalities together.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mlquote.estimators.tokens.dialects import Reading, provider_of, read_response
from mlquote.estimators.tokens.dialects.spans import is_span
from mlquote.estimators.tokens.dialects.unread import ROOTS
from mlquote.kit.errors import QuoteError
from tests.estimators.tokens.test_usage_objects import CASES

SHAPES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "recorded_shapes.ndjson").read_text().splitlines()
]
READ = {"cache_read_tokens", "explicit_cache_read_tokens", "audio_cache_read_tokens", "image_cache_read_tokens"}
WRITTEN = {"cache_write_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens"}
IN = {"input_tokens", "audio_input_tokens", "image_input_tokens", "video_input_tokens"}
OUT = {"output_tokens", "audio_output_tokens", "image_output_tokens", "video_output_tokens"}


def summed(reading: Reading) -> list[int]:
    """The tokens of every call of a reading, in four sums."""
    calls = [reading.counts, *(one.counts for one in reading.others)]
    return [sum(counts.get(name, 0) for counts in calls for name in names) for names in (IN, READ, WRITTEN, OUT)]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in SHAPES])
def test_a_recorded_response_is_read_as_an_independent_reader_reads_it(case: dict[str, Any]) -> None:
    assert summed(read(case, case["provider_response"])) == case["counts"]


def test_every_real_response_with_an_unknown_count_says_so() -> None:
    """Wherever counts stand, seven tokens of a kind that nobody knows are refused, and other numbers are told."""
    silent = []
    for case in (*({**one, "provider_response": one["response"]} for one in CASES if "cost_usd" in one), *SHAPES):
        response = case["provider_response"]
        for place in range(len(list(holders(response)))):
            if not is_said(case, "x_new_tokens", place, ("unread-count",)):
                silent.append((case["id"], place, "x_new_tokens"))
            if not is_said(case, "x_new_things", place, ("unread-count", "unread-number")):
                silent.append((case["id"], place, "x_new_things"))
    assert silent == []


def is_said(case: Mapping[str, Any], name: str, place: int, codes: tuple[str, ...]) -> bool:
    """Whether the response with 7 under this name at one of its places is refused, or read with a word about it."""
    changed = json.loads(json.dumps(case["provider_response"]))
    list(holders(changed))[place][name] = 7
    try:
        return any(warning.code in codes for warning in read(case, changed).warnings)
    except QuoteError as error:
        return error.code == codes[0]


def read(case: Mapping[str, Any], response: Any) -> Reading:
    """A case's response, as its provider's dialect reads it."""
    named = {name: case[name] for name in ("api", "request", "model") if name in case}
    return read_response(provider_of(case.get("provider"), response) or "", response, **named)


def holders(response: Any) -> Iterator[dict[str, Any]]:
    """The objects of a response that hold its counts: of a stream, those of the last event that has any."""
    found = list(_holders(response))
    last = None if not isinstance(response, list) else next((one for one in reversed(found)), None)
    yield from found if last is None else [last]


def _holders(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for member in value:
            yield from _holders(member)
    elif isinstance(value, dict):
        attributes = value.get("attributes", value)
        if is_span(value) and isinstance(attributes, dict):
            yield Spanned(attributes)
        for name, inside in value.items():
            if name in ROOTS and isinstance(inside, dict) and any(isinstance(n, int | dict) for n in inside.values()):
                yield inside
            elif name not in (*ROOTS, "trace"):
                yield from _holders(inside)


class Spanned(dict[str, Any]):
    """A span's attributes, which take a count under the name that spans give it."""

    def __init__(self, attributes: dict[str, Any]) -> None:
        super().__init__()
        self.attributes = attributes

    def __setitem__(self, name: str, value: Any) -> None:
        self.attributes[f"gen_ai.usage.{name}"] = value
