"""Answers as JSON and back: money keeps its digits, moments are RFC 3339, equal bodies have equal digests."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mlquote.kit.provenance import Range
from mlquote.spend.documents import digest, from_json, indented, plain, to_json

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_money_is_a_number_with_all_its_digits_and_a_moment_is_utc() -> None:
    text = to_json({"usd": Decimal("0.000000000000000001"), "at": AT, "range": Range(1, 2.5, Decimal("3.50"))})
    assert text == '{"usd":1E-18,"at":"2026-11-23T12:00:00Z","range":{"low":1,"central":2.5,"high":3.50}}'
    assert from_json(text)["usd"] == Decimal("1e-18")


def test_plain_is_what_comes_back_over_the_wire() -> None:
    assert plain({"usd": Decimal("2.50"), "counts": (1, 2)}) == {"usd": Decimal("2.50"), "counts": [1, 2]}


def test_indented_ends_its_line() -> None:
    assert indented({"a": [1]}) == '{\n  "a": [\n    1\n  ]\n}\n'


@pytest.mark.parametrize(("other", "same"), [({"b": 2, "a": 1}, True), ({"a": 1, "b": 3}, False)])
def test_a_digest_names_a_body_whatever_the_order_of_its_fields(other: dict[str, int], same: bool) -> None:
    assert (digest({"a": 1, "b": 2}) == digest(other)) is same
