"""Which parts stand near one, and a name that means one."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.parts import accelerator_of, contemporaries, kin
from tests.estimators.hardware_sample import NOW, row, snapshot


def part(name: str, memory_gb: float, form: str = "sxm5", released: date | None = None, **more: Any) -> Any:
    return row("accelerators", id=name, vendor="ACME", name=name, family="Odd", form=form, memory_gb=memory_gb,
               release_date=released, **more)  # fmt: skip


CATALOG = snapshot(
    accelerators=[
        part("x1", 80.0, released=date(2023, 1, 1)), part("x2", 40.0, "pcie", released=date(2021, 1, 1)),
        part("x3", 141.0), part("x4", 64.0, released=date(2022, 6, 1)), part("x5", 80.0, generation="Even"),
    ]
)  # fmt: skip


def test_kin_are_of_the_same_form_first_then_the_nearest_in_memory() -> None:
    assert kin(CATALOG.accelerator("x1", NOW), CATALOG) == ["x4", "x3", "x2"]


def test_contemporaries_are_the_makers_nearest_in_date() -> None:
    assert [row.id for row in contemporaries(CATALOG.accelerator("x1", NOW), CATALOG)] == ["x4", "x2"]
    assert contemporaries(CATALOG.accelerator("x3", NOW), CATALOG) == []


@pytest.mark.parametrize(("day", "codes"), [(31, ["accelerator-not-yet-released"]), (1, [])])
def test_a_part_is_had_from_the_day_it_came_out(day: int, codes: list[str]) -> None:
    when = datetime(2022, 12, 31, tzinfo=UTC) if day == 31 else datetime(2023, 1, 1, tzinfo=UTC)
    found = accelerator_of("x1", CATALOG, when)
    assert [warning.code for warning in found.warnings] == codes
    assert found.rows[0].key == "x1"


def test_every_alias_of_an_accelerator_means_its_target(catalog: Snapshot) -> None:
    for alias in catalog.rows("aliases"):
        if alias.kind == "accelerator":
            assert accelerator_of(alias.alias.upper(), catalog, NOW) == accelerator_of(alias.target, catalog, NOW)
