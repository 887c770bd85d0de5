"""Figures of owning: of the subject, else of its default; in effect, else the first there is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlquote.estimators.machines.cost_factors import cost_factor, cost_factor_by_subject
from mlquote.kit.errors import InvalidCatalog
from tests.estimators.hardware_sample import NOW, row, snapshot


def cost(subject: str, value: float, begun: int) -> Any:
    return row("cost_factors", id="server_cost_ratio", subject=subject, value=value, method="list",
               effective_from=datetime(begun, 1, 1, tzinfo=UTC))  # fmt: skip


CATALOG = snapshot(cost_factors=[cost("A1", 1.5, 2020), cost("A1", 1.4, 2024)])


@pytest.mark.parametrize(
    ("subject", "when", "value"),
    [
        ("A1", datetime(2023, 12, 31, tzinfo=UTC), 1.5),
        ("A1", datetime(2024, 1, 1, tzinfo=UTC), 1.4),
        ("A1", datetime(2010, 1, 1, tzinfo=UTC), 1.5),
        ("X9", NOW, 1.64),
        (None, NOW, 1.64),
    ],
    ids=["before the change", "at the change", "before all", "another subject", "none"],
)
def test_the_figure_of_the_subject_at_the_date(subject: str | None, when: datetime, value: float) -> None:
    assert cost_factor("server_cost_ratio", CATALOG, when, subject=subject).value == value


def test_every_subject_has_its_row() -> None:
    rows = cost_factor_by_subject("server_cost_ratio", CATALOG, NOW)
    assert {subject: factor.value for subject, factor in rows.items()} == {"A1": 1.4, "other": 1.64}


def test_a_release_without_the_factor_is_faulty() -> None:
    with pytest.raises(InvalidCatalog, match="price_performance_growth"):
        cost_factor("price_performance_growth", type(CATALOG)(CATALOG.release, {}), NOW)
