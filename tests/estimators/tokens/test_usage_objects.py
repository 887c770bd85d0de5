"""Provider responses as they are, each with its bill worked by hand: exact to the last digit, or refused.

`usage_objects.ndjson` holds one response a line: what it is, when, the bill and the arithmetic behind it, and why the
case is there. Shapes without a source of their own follow the provider's API reference; the prices in the arithmetic
are those of the provider's price list at that moment, which the answer traces to its row.
"""

import json
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.kit.errors import QuoteError

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "usage_objects.ndjson").read_text().splitlines()
]
PRICED = [pytest.param(case, id=case["id"]) for case in CASES if "cost_usd" in case]
REFUSED = [pytest.param(case, id=case["id"]) for case in CASES if case.get("refused")]
FIELDS = ("provider", "api", "as_of", "processing", "region", "request", "model")


def question(case: dict[str, Any]) -> ApiUsage:
    """The question that a case is asked as."""
    fields = {name: case[name] for name in FIELDS if name in case}
    return ApiUsage.model_validate(fields | {"provider_response": case["response"]})


@pytest.mark.parametrize("case", PRICED)
def test_the_bill_is_exact_to_the_last_digit(case: dict[str, Any], catalog: Snapshot, now: datetime) -> None:
    answer = inference_estimate(question(case), catalog, now)
    assert answer.result.cost_usd == Decimal(case["cost_usd"]), case["why"]
    assert all(line.row for line in answer.result.cost_lines)


@pytest.mark.parametrize("case", PRICED)
def test_the_arithmetic_that_is_shown_makes_the_bill(case: dict[str, Any]) -> None:
    """Evaluated in fractions, so that no rounding hides a slip."""
    parts = "".join(f'Fraction("{word}")' if word[:1].isdigit() else word for word in _words(case["arithmetic"]))
    assert eval(parts, {"Fraction": Fraction}) == Fraction(case["cost_usd"])


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_true_is_refused_with_a_pointer(case: dict[str, Any], catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(QuoteError) as refusal:
        inference_estimate(question(case), catalog, now)
    assert refusal.value.faults[0].pointer


@pytest.mark.parametrize("case", PRICED)
def test_the_echoed_question_makes_the_same_bill_again(case: dict[str, Any], catalog: Snapshot, now: datetime) -> None:
    first = inference_estimate(question(case), catalog, now)
    again = inference_estimate(ApiUsage.model_validate(dict(first.question)), catalog, now)
    assert again.result == first.result


def _words(arithmetic: str) -> list[str]:
    """Numbers and signs of an expression, apart."""
    words, number = [], ""
    for sign in arithmetic:
        if sign.isdigit() or sign == ".":
            number += sign
            continue
        words += [number, sign]
        number = ""
    return [word for word in [*words, number] if word]


def test_the_answer_tells_how_the_response_was_read(catalog: Snapshot, now: datetime) -> None:
    case = next(case for case in CASES if case["id"] == "xa-01")
    read = inference_estimate(question(case), catalog, now).result.read_as
    assert (read.dialect, read.counts["output_tokens"]) == ("xai-chat", 1000)
    assert (read.cached, read.reasoning) == ("inside usage.prompt_tokens", "beside usage.completion_tokens")
    assert read.total == "prompt_tokens + completion_tokens + reasoning_tokens"
    assert read.source_url.startswith("https://docs.x.ai/")
