"""What is counted, and which rows price it: every count of a question has a price's row, in a unit that counts it."""

from datetime import UTC, datetime

import pytest

from mlquote.catalog.rows import TokenPrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.meters import AT_TEXT_RATE, FEES, NO_DISCOUNT, SELECTORS, selects, variant_of
from mlquote.estimators.tokens.usage import COUNTED
from mlquote.kit.units import PRICE_UNITS

ANY = datetime(2026, 11, 10, tzinfo=UTC)


def test_every_count_of_a_question_has_its_rows() -> None:
    """`request_fee` alone is no count: a request has one of itself."""
    assert SELECTORS.keys() - {"request_fee"} == set(COUNTED)


@pytest.mark.parametrize("count", SELECTORS)
def test_a_count_is_priced_in_units_that_count_the_same_thing(count: str) -> None:
    """Hours and seconds are one thing; images and pages are not."""
    units = {unit for selector in SELECTORS[count] for unit in selector.units}
    assert units
    assert len({PRICE_UNITS[unit].counted for unit in units}) == 1


def test_what_is_billed_like_something_else_is_a_count_and_so_is_the_other() -> None:
    likes = {**AT_TEXT_RATE, **NO_DISCOUNT}
    assert likes.keys() | set(likes.values()) | FEES <= SELECTORS.keys()


def test_a_row_prices_the_one_count_that_selects_it(catalog: Snapshot) -> None:
    rows: tuple[TokenPrice, ...] = catalog.history(
        "token_prices", "openai", "gpt-5", "input", "text", "", "standard", "", None, "", "", "", "per_million_tokens"
    )
    found = {count for count, selectors in SELECTORS.items() for row in rows for s in selectors if selects(s, row)}
    assert found == {"input_tokens"}


def test_a_variant_is_read_as_its_facts(catalog: Snapshot) -> None:
    rows = [row for row in catalog.effective("token_prices", ANY) if row.variant == "quality=high,size=1024x1024"]
    assert rows
    assert variant_of(rows[0]) == {"quality": "high", "size": "1024x1024"}
