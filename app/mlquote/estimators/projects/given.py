"""Parts of a project that are no question: amounts given, storage, egress, idle machines, minimums, multiples."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mlquote.estimators.asking.numbers import a_number
from mlquote.estimators.asking.question import Name, Part, Positive, PositiveCount, Usd, any_case
from mlquote.estimators.projects.question import CostBasis
from mlquote.kit.money import EXACT

Amount = Annotated[Decimal, BeforeValidator(a_number), Field(ge=0, le=Decimal("1e30"), allow_inf_nan=False)]
Bound = Literal["at_most", "at_least"]
_MACHINE_HOURS = re.compile(r"(?:gpu|tpu|chip|accelerator|[a-z]+[ -]?\d\w*(?:-\w+)*)[ -]?hours?", re.IGNORECASE)
_AGREE = Decimal("1e-6")


def _names(value: Any) -> Any:
    return value.split(",") if isinstance(value, str) else value


Names = Annotated[tuple[Name, ...], BeforeValidator(_names), Field(min_length=1, max_length=40)]


class LineItem(Part):
    """Something given in dollars: staff, a data licence, a published bill."""

    monthly: ClassVar = False

    usd: Usd | None = None
    """Dollars."""
    usd_low: Usd | None = None
    """Their low end (10th percentile), where they are in doubt."""
    usd_high: Usd | None = None
    """Their high end (90th percentile)."""
    quantity: Amount | None = None
    """How much of it."""
    unit: Name | None = None
    """Of what: `examples`, `H800 hours`; hours of a part count as accelerator-hours."""
    usd_per_unit: Usd | None = None
    """Dollars of one."""
    accelerator_hours: Amount | None = None
    """Accelerator-hours that it took."""
    usd_per_accelerator_hour: Usd | None = None
    """What one of them costs."""
    energy_kwh: Amount | None = None
    """Energy that it took."""
    emissions_kgco2e: Amount | None = None
    """What it emitted."""
    cost_basis: Annotated[CostBasis, any_case] | None = None
    """What its dollars mean, where they are of machines."""
    bound: Annotated[Bound, any_case] | None = None
    """The dollars are known as a bound alone: "less than $500" is `at_most`."""
    doubt: Name | None = None
    """Name of what its range comes from; lines of one name are high together."""
    source_url: Name | None = None
    """Where the figures stand."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.dollars is None:
            raise ValueError("no price: give usd, or quantity and usd_per_unit, or hours and usd_per_accelerator_hour")
        for amount, price in ((self.quantity, self.usd_per_unit), (self.hours, self.usd_per_accelerator_hour)):
            if self.usd is not None and amount is not None and price is not None:
                found = EXACT.multiply(amount, price)
                if abs(found - self.usd) > _AGREE * max(found, self.usd):
                    raise ValueError(f"usd is {self.usd:f}, and quantity times its price {found:f}: give one of them")
        if (self.usd_low is None) != (self.usd_high is None):
            raise ValueError("a range has two ends: give usd_low and usd_high")
        if self.usd_low is not None and not self.usd_low <= self.dollars <= (self.usd_high or 0):
            raise ValueError("usd lies between usd_low and usd_high")
        if self.doubt is not None and self.usd_low is None:
            raise ValueError("doubt names where a range comes from: give usd_low and usd_high")
        return self

    @property
    def hours(self) -> Decimal | None:
        """Accelerator-hours, as such or as a quantity of a part's hours."""
        is_hours = self.unit is not None and _MACHINE_HOURS.fullmatch(self.unit)
        return self.accelerator_hours if self.accelerator_hours is not None or not is_hours else self.quantity

    @property
    def dollars(self) -> Decimal | None:
        """What it costs, by the first of the ways in which that was said."""
        if self.usd is not None:
            return self.usd
        for amount, price in ((self.quantity, self.usd_per_unit), (self.hours, self.usd_per_accelerator_hour)):
            if amount is not None and price is not None:
                return EXACT.multiply(amount, price)
        return None


class StoredData(Part):
    """Data kept in object storage, each month."""

    monthly: ClassVar = True

    gb: Positive
    """Gigabytes kept."""
    usd_per_gb_month: Usd | None = None
    """A price of your own; default: the provider's list price, or the median of those the catalogue knows."""
    provider: Name | None = None
    """Who stores it."""
    region: Name | None = None
    """The provider's region."""


class SentData(Part):
    """Data sent out to the internet."""

    monthly: ClassVar = False

    egress_gb: Positive
    """Gigabytes sent."""
    usd_per_egress_gb: Usd | None = None
    """A price of your own; default: the provider's list price, or the median of those the catalogue knows."""
    provider: Name | None = None
    """Whose network it leaves."""
    region: Name | None = None
    """The provider's region."""


class IdleReserve(Part):
    """Machines that are rented and wait: dollars and hours, no energy."""

    monthly: ClassVar = True

    accelerator: Name
    """Catalogue id or alias of the accelerator."""
    accelerator_count: Annotated[PositiveCount, Field(le=10**8)]
    """How many wait."""
    idle_hours: Annotated[Positive, Field(le=744)] | None = None
    """How long each month; default 730.5, a twelfth of a year."""
    usd_per_accelerator_hour: Usd | None = None
    """A rental price of your own."""
    provider: Name | None = None
    """Who rents them out."""
    region: Name | None = None
    """The provider's region."""
    price_model: Annotated[
        Literal[
            "on_demand", "spot", "capacity_block", "reserved_1m", "reserved_3m", "reserved_6m", "reserved_1y",
            "reserved_3y",
        ],
        any_case,
    ] = "on_demand"  # fmt: skip
    """Terms of renting."""


class CommittedMinimum(Part):
    """A spend promised for each month: what the named parts leave of it is paid all the same."""

    monthly: ClassVar = True

    usd_per_month: Usd
    """What is promised."""
    of: Names
    """The parts that count towards it."""


class Multiple(Part):
    """So many times what other parts take: ablations, failed runs, a second region; as much in doubt as they are."""

    monthly: ClassVar = False

    of: Names
    """The parts that it is a multiple of."""
    times: Annotated[Decimal, BeforeValidator(a_number), Field(ge=0, le=1000, allow_inf_nan=False)]
    """0.5 is half as much again."""


GIVEN: Mapping[str, type[Part]] = {
    "line_item": LineItem,
    "storage": StoredData,
    "egress": SentData,
    "idle_reserve": IdleReserve,
    "committed_minimum": CommittedMinimum,
    "multiple": Multiple,
}
"""Kind of part -> its fields."""
_TELL: Mapping[str, str] = {
    "gb": "storage", "egress_gb": "egress", "idle_hours": "idle_reserve", "usd_per_month": "committed_minimum",
    "times": "multiple", "usd": "line_item", "usd_per_unit": "line_item", "quantity": "line_item",
}  # fmt: skip
"""A field that only one kind of part has -> that kind."""


def kind_told(fields: Mapping[str, Any]) -> str | None:
    """The kind of part that its fields tell, where it is no question."""
    return next((kind for name, kind in _TELL.items() if name in fields), None)
