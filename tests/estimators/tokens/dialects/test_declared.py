"""Every dialect's declaration: printed in the documentation as the code has it, and named by what it reads."""

import re
from pathlib import Path
from typing import Any

from mlquote.estimators.tokens.dialects import DECLARED, read_response
from tests.estimators.tokens.test_usage_objects import PRICED

PAGE = Path(__file__).parents[4] / "docs" / "provider_responses.md"


def test_the_page_prints_what_the_code_declares() -> None:
    printed = re.findall(r"^\| ([a-z-]+) \| ([^|]*) \| ([^|]*) \| ([^|]*) \| (https:[^|]*) \|$", PAGE.read_text(), re.M)
    assert printed == [
        (name, r.cached or "none", r.reasoning or "none", r.total or "none reported", r.source_url)
        for name, r in DECLARED.items()
    ]


def test_every_worked_response_was_read_by_a_declared_dialect() -> None:
    for parameters in PRICED:
        case: Any = parameters.values[0]
        provider = "anthropic" if case["provider"] == "opentelemetry" else case["provider"]
        reading = read_response(provider, case["response"], api=case.get("api"), request=case.get("request"))
        declared = DECLARED[reading.dialect if reading.dialect in DECLARED else reading.dialect.partition("-")[2]]
        assert declared == reading.rules
