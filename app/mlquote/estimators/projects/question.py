"""What may be asked of a whole project: its parts, over which months, on which basis, and what stands beside it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from mlquote.estimators.asking.numbers import a_number, a_share
from mlquote.estimators.asking.question import Count, Name, Part, Positive, PositiveCount, Question, Usd, Word, any_case

MOST_PARTS, MOST_MONTHS, MOST_WHAT_IFS = 40, 120, 8


def _named(value: Any) -> Any:
    """A list of parts, each under its own `name` (or `part`), as a mapping; what is none of both is left to refuse."""
    if not isinstance(value, list | tuple) or not all(isinstance(each, Mapping) for each in value):
        return value
    found: dict[str, Any] = {}
    for place, each in enumerate(value, 1):
        name = str(each.get("name", each.get("part", place)))
        if name in found:
            raise ValueError(f"two parts are named {name!r}")
        found[name] = {field: said for field, said in each.items() if field not in ("name", "part")}
    return found


Growth = Annotated[Decimal, BeforeValidator(a_share), Field(gt=-1, le=10, allow_inf_nan=False)]
Month = Annotated[PositiveCount, Field(le=MOST_MONTHS)]
Occurs = Literal["once", "monthly"]
Hours = Annotated[Decimal, BeforeValidator(a_number), Field(gt=0, le=1_000_000, allow_inf_nan=False)]
CostBasis = Literal["rental", "amortised"]


class ProjectPart(Part):
    """One part: a question of any kind, or one of `line_item`, `storage`, `egress`, `idle_reserve`, `committed_minimum`
    and `multiple`, its own fields beside these."""

    model_config = ConfigDict(extra="allow")

    kind: Annotated[Name, Word] | None = None
    """Kind of question or of part; told from the fields where it is left out."""
    question: Mapping[str, Any] | None = None
    """The question's fields, if they are not given beside these."""
    month: Month = 1
    """The first month it falls in, 1 the project's first."""
    months: Month | None = None
    """In how many months; default: one where it occurs once, else all that are left."""
    occurs: Annotated[Occurs, any_case] | None = None
    """`once`: its amounts are of all its months together, spread evenly; `monthly`: of each. Default: `monthly` for
    rates, workloads, storage, idle reserves and minimums."""
    hours: Hours | None = None
    """Of a rate: how long it runs in all."""
    hours_per_month: Annotated[Positive, Field(le=744)] | None = None
    """Of a rate: how long it runs each month; default 730.5, a twelfth of a year."""
    monthly_use_growth_fraction: Growth = Decimal(0)
    """By how much use grows from each month to the next; below 0 it shrinks."""
    monthly_price_change_fraction: Growth = Decimal(0)
    """By how much its prices change from each month to the next; below 0 they fall."""

    def asked(self) -> dict[str, Any]:
        """The fields of its own question."""
        return dict(self.question) if self.question is not None else dict(self.model_extra or {})


Parts = Annotated[Mapping[Name, ProjectPart], BeforeValidator(_named), Field(min_length=1, max_length=MOST_PARTS)]


class WhatIf(Part):
    """The same project, on the same draws, with fields changed."""

    name: Name | None = None
    """What it is called in the answer."""
    part: Name | None = None
    """Whose fields are changed; left out, the project's own."""
    change: Annotated[Mapping[str, Any], Field(min_length=1, max_length=20)]
    """Field -> its other value."""


class ProjectQuestion(Question):
    """What a whole project costs: data, labels, runs, tuning, evaluation, serving or API use, over months."""

    held: ClassVar = "parts"

    parts: Parts
    """Name -> part; or a list of parts, each with a `name`."""
    months: Month | None = None
    """How long the project lasts; default: to the last month that a part names."""
    cost_basis: Annotated[CostBasis, any_case] | None = None
    """What the dollars of machines mean in every part that does not say: rent, or an owner's capital and power."""
    usd_per_accelerator_hour: Usd | None = None
    """A rental price of your own, for every part that has none."""
    shared: Annotated[Mapping[str, Any], Field(max_length=20)] = Field(default_factory=dict)
    """Fields of questions (provider, region, grid_zone, pue, date ...) for every part that has one and does not say."""
    rate_card: Name | None = None
    """An organisation's own prices, laid over the API's of every part."""
    discount_rate_per_year: Annotated[Decimal, BeforeValidator(a_share), Field(ge=0, le=10, allow_inf_nan=False)] = (
        Decimal(0)
    )
    """What a dollar a year later counts less, for `present_cost_usd` and the break-even; 0 unless said."""
    alternative: Parts | None = None
    """The same work done otherwise over the same months, parts like the project's: an API alone, say."""
    what_if: Annotated[tuple[WhatIf, ...], Field(max_length=MOST_WHAT_IFS)] = ()
    """Changes to look at, each alone, on the same draws."""
    seed: Count = 0
    """Of the draws."""
