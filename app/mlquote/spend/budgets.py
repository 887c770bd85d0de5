"""What a budget is: limits on figures, per check and per period, each compared with one end of a range."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from mlquote.estimators.asking.numbers import a_number
from mlquote.estimators.asking.question import Name, Part

FigureName = Literal["cost_usd", "accelerator_hours", "energy_kwh", "emissions_kgco2e", "training_flop", "usd_per_mtok"]
Per = Literal["check", "day", "month", "quarter", "total"]
Level = Literal["low", "central", "high"]
Verdict = Literal["pass", "warn", "unknown", "fail"]

ADDITIVE = ("cost_usd", "accelerator_hours", "energy_kwh", "emissions_kgco2e", "training_flop")
"""Figures that add up over questions and time: what a ledger keeps. A rate ($/Mtok) does not."""
PERIODS: tuple[Per, ...] = ("day", "month", "quarter", "total")
LEVELS: tuple[Level, ...] = ("low", "central", "high")
UNITS = {
    "cost_usd": "$",
    "accelerator_hours": "h",
    "energy_kwh": "kWh",
    "emissions_kgco2e": "kg CO2e",
    "training_flop": "FLOP",
    "usd_per_mtok": "$/Mtok",
}


def _folded(word: Any) -> Any:
    return word.strip().casefold() if isinstance(word, str) else word


_Folded = BeforeValidator(_folded)
Ceiling = Annotated[Decimal, BeforeValidator(a_number), Field(ge=0, le=Decimal("1e40"), allow_inf_nan=False)]
Label = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Labels = Annotated[dict[Label, Label], Field(max_length=20)]
BUDGET_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
BudgetName = Annotated[str, StringConstraints(pattern=BUDGET_NAME)]
Hold = Annotated[int, Field(ge=1, le=366 * 86400)]


class Limit(Part):
    """One ceiling: a figure, over what, and the two levels at which it speaks."""

    figure: Annotated[FigureName, _Folded]
    """What is limited; its unit is the figure's own."""
    per: Annotated[Per, _Folded] = "check"
    """One check alone, or everything charged in the same UTC day, calendar month, quarter, or ever."""
    fail_above: Ceiling | None = None
    """Over budget above this; exactly this much still passes."""
    warn_above: Ceiling | None = None
    """Speak up above this, and pass."""
    compare: Annotated[Level, _Folded] = "central"
    """Which end of the range counts: `high` is the careful one."""

    @model_validator(mode="after")
    def _speaks(self) -> Self:
        if self.fail_above is None and self.warn_above is None:
            raise ValueError("a limit needs fail_above, warn_above or both")
        if self.fail_above is not None and self.warn_above is not None and self.warn_above > self.fail_above:
            raise ValueError("warn_above is beyond fail_above, so it could never speak first")
        if self.figure == "usd_per_mtok" and self.per != "check":
            raise ValueError("$/Mtok is a rate and does not add up over a period: use per = check")
        return self


class Budget(Part):
    """What may be spent."""

    limits: Annotated[tuple[Limit, ...], Field(max_length=50)]
    """Every limit must hold; the worst one is the verdict."""
    labels: Labels = Field(default_factory=dict)
    """Whose it is: team, project, model, as you like; a check's own labels are laid over these."""
    expires_after_s: Hold = 86_400
    """How long a reservation is held when nobody settles or releases it; one day by default."""
    note: Name | None = None
    """Why it is so."""

    @model_validator(mode="after")
    def _limits(self) -> Self:
        if not self.limits:
            raise ValueError("a budget needs at least one limit: without one nothing is ever over it")
        return self

    def limited(self) -> tuple[str, ...]:
        """The figures that some limit names, in the order of the limits."""
        return tuple(dict.fromkeys(limit.figure for limit in self.limits))


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of UTC time, half-open, and the key that balances are kept under ("month:2026-11")."""

    key: str
    start: datetime | None
    end: datetime | None


def period_of(per: Per, moment: datetime) -> Period:
    """The calendar period (UTC) that `moment` lies in; `total` has neither start nor end.

    Raises: ValueError for `check`, which is no stretch of time.
    """
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if per == "total":
        return Period("total", None, None)
    if per == "day":
        return Period(f"day:{day:%Y-%m-%d}", day, day + timedelta(days=1))
    if per == "month":
        first = day.replace(day=1)
        return Period(f"month:{first:%Y-%m}", first, _months_later(first, 1))
    if per == "quarter":
        first = day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
        return Period(f"quarter:{first.year}-Q{(first.month + 2) // 3}", first, _months_later(first, 3))
    raise ValueError("a check is no stretch of time")


def period_keys(moment: datetime) -> tuple[str, ...]:
    """The keys of every period that something charged at `moment` counts in."""
    return tuple(period_of(per, moment).key for per in PERIODS)


def _months_later(first: datetime, months: int) -> datetime:
    index = first.month - 1 + months
    return first.replace(year=first.year + index // 12, month=index % 12 + 1)
