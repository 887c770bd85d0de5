"""Which offers count: in effect before ended, the narrowest place before the wider, and what is said of the rest."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from mlquote.estimators.machines.offers import Offers, Wanted, offer_at
from tests.estimators.hardware_sample import snapshot
from tests.estimators.machines.rental_sample import WHEN, price

ENDED = datetime(2024, 1, 1, tzinfo=UTC)


def chosen(rows: list[Any], **wanted: str | None) -> tuple[list[float], list[str], float]:
    """Dollars of the offers of part x9 that count, the codes said of them, and the doubt they add."""
    catalog = snapshot(rental_prices=rows)
    terms = {"price_model": "on_demand", "provider": "p9", "region": None} | wanted
    asked = Wanted(catalog.accelerator("a1", WHEN), WHEN, str(terms["price_model"]), terms["provider"], terms["region"])
    found = Offers(catalog).chosen("x9", asked.price_model, asked)
    assert found is not None
    return (
        sorted(float(offer.row.usd_per_accelerator_hour) for offer in found.rows),
        [each.code for each in found.stands_in],
        found.log_sd,
    )


def offer(usd: str, begun: str = "2023-01-01", provider: str = "p9", **more: Any) -> Any:
    return price(provider, usd, begun, "x9", **({"sku": usd} | more))


def test_what_has_ended_does_not_count_beside_what_is_in_effect() -> None:
    assert chosen([offer("5", effective_to=ENDED), offer("3")]) == ([3.0], [], 0.0)


def test_where_nothing_is_in_effect_the_nearest_date_stands_in_and_says_so() -> None:
    long_ended = offer("9", "2020-01-01", effective_to=datetime(2021, 1, 1, tzinfo=UTC))
    usd, codes, log_sd = chosen([offer("5", effective_to=ENDED), long_ended])
    assert (usd, codes) == ([5.0], ["price-from-another-date"])
    assert log_sd == pytest.approx(0.18 * 182 / 365.25)  # 2024-01-01 to 2024-07-01


def test_the_region_comes_before_everywhere_and_everywhere_before_elsewhere() -> None:
    here, everywhere = offer("1", region="west"), offer("2", region="global")
    unsaid, elsewhere = offer("3", region="unspecified"), offer("4", region="east")
    assert chosen([here, everywhere, unsaid, elsewhere], region="west") == ([1.0], [], 0.0)
    assert chosen([everywhere, unsaid, elsewhere], region="west") == ([2.0], [], 0.0)
    assert chosen([unsaid, elsewhere], region="west") == ([3.0], ["price-from-another-region"], 0.15)
    assert chosen([elsewhere], region="west") == ([4.0], ["price-from-another-region"], 0.15)


def test_a_price_in_effect_elsewhere_comes_before_an_ended_one_here() -> None:
    here, elsewhere = offer("5", region="west", effective_to=ENDED), offer("4", region="east")
    assert chosen([here, elsewhere], region="west")[:2] == ([4.0], ["price-from-another-region"])
    assert chosen([here], region="west")[:2] == ([5.0], ["price-from-another-date"])


def test_too_small_a_market_is_helped_out_by_other_dates_and_says_so() -> None:
    rows = [offer("1", provider="a"), offer("2", provider="b"), offer("9", provider="c", effective_to=ENDED)]
    usd, codes, log_sd = chosen(rows, provider=None)
    assert (usd, codes) == ([1.0, 2.0, 9.0], ["price-from-another-date"])
    assert log_sd == pytest.approx(0.18 * 182 / 3 / 365.25)  # the mean of 0, 0 and 182 days
    assert chosen([*rows, offer("3", provider="d")], provider=None) == ([1.0, 2.0, 3.0], [], 0.0)


def test_a_sellers_ended_price_never_helps_out_beside_its_own_in_effect() -> None:
    rows = [offer("1", provider="a"), offer("9", provider="a", effective_to=ENDED)]
    assert chosen(rows, provider=None) == ([1.0], [], 0.0)


def test_between_two_versions_the_nearer_one_is_taken() -> None:
    ended = offer("5", effective_to=datetime(2024, 6, 30, tzinfo=UTC))
    coming = offer("6", "2024-09-01")
    assert offer_at([ended, coming], WHEN).row is ended
    near = offer_at([ended, coming], datetime(2024, 8, 31, tzinfo=UTC))
    assert (near.row, near.days_away, near.holds) == (coming, 1, False)


@pytest.mark.parametrize(("day", "holds"), [(30, True), (31, False)], ids=["the day before", "the very day"])
def test_an_end_is_the_first_day_on_which_it_no_longer_holds(day: int, holds: bool) -> None:
    row = offer("5", effective_to=datetime(2024, 5, 31, tzinfo=UTC))
    assert offer_at([row], datetime(2024, 5, day, tzinfo=UTC)).holds is holds


def test_a_price_that_nobody_looked_at_for_half_a_year_is_told() -> None:
    """2024-07-01 is 182 days after the first day of the year and 180 after the third."""
    old, seen = (offer("3", checked_on=day) for day in (date(2024, 1, 1), date(2024, 1, 3)))
    assert chosen([old]) == ([3.0], ["price-unseen-for"], 0.0)
    assert chosen([seen]) == ([3.0], [], 0.0)
    assert chosen([offer("3", checked_on=date(2024, 1, 1), effective_to=datetime(2025, 1, 1, tzinfo=UTC))])[1] == []
