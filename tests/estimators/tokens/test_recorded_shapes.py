"""Responses that open-source projects recorded from providers, each read as an independent reader reads them.

`recorded_shapes.ndjson` holds one a line with its source: the provider's response, content left out, and the tokens of
it as [uncached input, read from a cache, written to a cache, output], all modalities together.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from mlquote.estimators.tokens.dialects import Reading, provider_of, read_response
from mlquote.estimators.tokens.dialects.spans import is_span
from mlquote.estimators.tokens.dialects.unread import ROOTS
from mlquote.kit.errors import OutOfDomain, QuoteError
from tests.estimators.tokens.test_usage_objects import CASES

SHAPES: Final[list[dict[str, Any]]] = [
    json.loads(line) for line in (Path(__file__).parent / "recorded_shapes.ndjson").read_text().splitlines()
]
REAL: Final = (*({**one, "provider_response": one["response"]} for one in CASES if "cost_usd" in one), *SHAPES)
UNCOUNTED: Final = frozenset({"openai-dall-e", "openai-speech"})
"""Answers that tell no count: an image by its size, speech by its text."""
CHAT: Final = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
USED: Final = {"input_tokens": 9, "output_tokens": 2}
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
    for case in REAL:
        response = case["provider_response"]
        for place in range(len(list(holders(response)))):
            if not is_said(case, "x_new_tokens", place, ("unread-count",)):
                silent.append((case["id"], place, "x_new_tokens"))
            if not is_said(case, "x_new_things", place, ("unread-count", "unread-number")):
                silent.append((case["id"], place, "x_new_things"))
    assert silent == []


def test_an_unknown_count_is_heard_inside_every_breakdown() -> None:
    """In a detail, in a member of a list, in an event of a stream: refused, or refused for what it contradicts."""
    silent = []
    for case in REAL:
        for place in range(len(list(inner(case["provider_response"])))):
            changed = json.loads(json.dumps(case["provider_response"]))
            list(inner(changed))[place]["x_new_tokens"] = 7
            if refusal(case, changed) not in ("unread-count", "contradictory-counts"):
                silent.append((case["id"], place))
    assert silent == []


@pytest.mark.parametrize(
    ("provider", "response", "pointer"),
    [
        pytest.param(
            "openai",
            {"custom_id": "a", "x_new_tokens": 7, "response": {"body": {"model": "gpt-5", "usage": CHAT}}},
            "/provider_response/x_new_tokens",
            id="beside a batch line's response",
        ),
        pytest.param(
            "openai",
            {"custom_id": "a", "response": {"x_new_tokens": 7, "body": {"model": "gpt-5", "usage": CHAT}}},
            "/provider_response/response/x_new_tokens",
            id="beside a batch line's body",
        ),
        pytest.param(
            "anthropic",
            {"custom_id": "a", "result": {"x_new_tokens": 7, "message": {"model": "claude-opus-4-7", "usage": USED}}},
            "/provider_response/result/x_new_tokens",
            id="beside a batch line's message",
        ),
        pytest.param(
            "openai",
            [{"type": "response.completed", "x_new_tokens": 7, "response": {"model": "gpt-5", "usage": USED}}],
            "/provider_response/0/x_new_tokens",
            id="beside an event's response",
        ),
        pytest.param(
            "groq",
            [{"model": "llama-3.1-8b-instant", "x_groq": {"x_new_tokens": 7, "usage": CHAT}}],
            "/provider_response/0/x_groq/x_new_tokens",
            id="beside a chunk's usage",
        ),
        pytest.param(
            "openai",
            {"model": "gpt-5", "usage": CHAT, "billing": {"x_new_tokens": 7}},
            "/provider_response/billing/x_new_tokens",
            id="in what a response says of its billing",
        ),
    ],
)
def test_an_unknown_count_is_heard_in_what_an_answer_comes_wrapped_in(
    provider: str, response: Any, pointer: str
) -> None:
    with pytest.raises(OutOfDomain) as refused:
        read_response(provider, response)
    assert (refused.value.code, refused.value.faults[0].pointer) == ("unread-count", pointer)


def test_a_list_of_two_answers_is_never_billed_as_one_of_them() -> None:
    """Answers of any two dialects: refused, or both are counted, or one is told to repeat the other."""
    by_dialect = {read(case, case["provider_response"]).dialect: case for case in REAL if case["id"] not in UNCOUNTED}
    silent = []
    for first, one in by_dialect.items():
        for second, other in by_dialect.items():
            both = [*listed(one["provider_response"]), *listed(other["provider_response"])]
            counts = [summed(read(case, case["provider_response"])) for case in (one, other)]
            try:
                reading = read(one, both)
            except QuoteError:
                continue
            told = {warning.code for warning in reading.warnings} & {"repeated-answers", "unread-number"}
            if first != second and not told and summed(reading) != [sum(pair) for pair in zip(*counts, strict=True)]:
                silent.append((first, second))
    assert silent == []


def listed(response: Any) -> list[Any]:
    """A response as the events of a stream."""
    return response if isinstance(response, list) else [response]


def refusal(case: Mapping[str, Any], response: Any) -> str:
    """The code with which a response is refused; "" where it is read."""
    try:
        read(case, response)
    except QuoteError as error:
        return error.code
    return ""


def inner(response: Any) -> Iterator[dict[str, Any]]:
    """Every object inside those that hold counts; of a stream, inside the last of them: others are superseded."""
    held = list(holders(response))
    for holder in held:
        if not isinstance(holder, Spanned):
            yield from (one for name, inside in holder.items() if name != "trace" for one in _objects(inside))


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for member in value:
            yield from _objects(member)
    elif isinstance(value, dict):
        yield value
        for inside in value.values():
            yield from _objects(inside)


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
