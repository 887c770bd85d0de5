"""An owned hour's capital: chips, servers and network losing value, and what stands in where nobody bought the part."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.machines.ownership import Capital, capital_of
from tests.estimators.hardware_sample import NOW, row, snapshot


def capital(part: str = "a1", when: datetime = NOW, family: str = "Hopper") -> Finding[Capital | None]:
    catalog = snapshot(accelerators=[row("accelerators", id="a2", vendor="NVIDIA", name="A2", family=family)])
    return capital_of(catalog.accelerator(part, when), catalog, when)


def test_the_shares_add_up_to_the_hour() -> None:
    found = capital().value
    assert found is not None
    shares = found.shares
    assert shares.chips + shares.servers + shares.network == pytest.approx(found.usd_per_hour.median)
    assert shares.servers == pytest.approx(0.64 * shares.chips)  # the sample's server is 1.64 of its chips


def test_a_siblings_price_is_said_and_in_wider_doubt() -> None:
    own, sibling = capital(), capital("a2")
    assert [warning.code for warning in sibling.warnings] == ["price-from-sibling-part"]
    assert own.value is not None
    assert sibling.value is not None
    assert sibling.value.usd_per_hour.log_sd == pytest.approx(own.value.usd_per_hour.log_sd + 0.15)


def test_a_part_nobody_bought_has_no_capital() -> None:
    alone = capital("a2", family="Odd")
    assert (alone.value, [warning.code for warning in alone.warnings]) == (None, ["no-purchase-price"])


def test_a_sale_to_come_is_said() -> None:
    early = capital(when=datetime(2019, 6, 1, tzinfo=UTC))
    assert "price-from-another-date" in [warning.code for warning in early.warnings]


def test_a_sale_to_come_does_not_count_beside_one_made() -> None:
    def sale(usd: int, day: datetime) -> Any:
        return row("purchase_prices", accelerator="x1", seller="s", form="card", usd=Decimal(usd), effective_from=day)

    part = row("accelerators", id="x1", vendor="ACME", name="X1", family="Odd")
    made, coming = sale(10_000, datetime(2024, 1, 1, tzinfo=UTC)), sale(99_000, datetime(2024, 9, 1, tzinfo=UTC))
    when = datetime(2024, 7, 1, tzinfo=UTC)
    both, one = (snapshot(accelerators=[part], purchase_prices=rows) for rows in ([made, coming], [made]))
    found, alone = (capital_of(each.accelerator("x1", when), each, when) for each in (both, one))
    assert found.value == alone.value
    assert found.warnings == ()
