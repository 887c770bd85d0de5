"""A project's sums as its answer tells them."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from mlquote.estimators.projects.answer import (
    AlternativeResult,
    BasisSum,
    FigureSum,
    MonthResult,
    PartResult,
    ProjectResult,
    SharedDoubt,
    WhatIfResult,
)
from mlquote.estimators.projects.flows import FIGURES, Ends, summed
from mlquote.estimators.projects.putting import Put
from mlquote.estimators.projects.question import ProjectQuestion
from mlquote.estimators.projects.ranges import amount_drawn, interval_between
from mlquote.estimators.projects.sums import Sums, discount_factors, shares_of_cost, sums_of_bases
from mlquote.formulas.draws import DRAWS, interval
from mlquote.kit.money import EXACT, plain
from mlquote.kit.provenance import Range

RANGES = (
    "Central amounts add up exactly; low and high ends do not. A source of doubt (a price, a PUE, a grid, an "
    "efficiency) is drawn once and used in every part that has it, so that parts are high together only as far as they "
    "share their doubt; low and high are the 10th and 90th percentile of the drawn sums. `sums` has the sums of the "
    "ends beside them."
)


def result_of(
    question: ProjectQuestion, held: Put, what_ifs: tuple[WhatIfResult, ...], alternative: AlternativeResult | None,
    shares: Mapping[str, Mapping[str, float]],
) -> ProjectResult:  # fmt: skip
    """The figures of a project."""
    sums = held.sums
    basis = basis_of(sums)
    is_total = basis != "mixed" and sums.total("cost_usd") is not None
    factors = discount_factors(question.discount_rate_per_year, sums.horizon)
    return ProjectResult(
        cost_basis=basis,
        cost_usd=sums.total("cost_usd") if is_total else None,
        bound=_bound(sums),
        present_cost_usd=sums.present(factors).range() if is_total else None,
        accelerator_hours=sums.total("accelerator_hours"),
        energy_kwh=sums.total("energy_kwh"),
        emissions_kgco2e=sums.total("emissions_kgco2e"),
        parts=parts_of(sums),
        months=tuple(_months(sums, is_total=is_total)),
        sums=tuple(_figure_sum(sums, figure, is_total=is_total) for figure in FIGURES),
        bases=_bases(sums),
        shared_doubts=_shared(held, shares["cost_usd"] if is_total else {}),
        what_if=what_ifs,
        alternative=alternative,
        by_part_and_month=_by_part_and_month(sums),
        draws=DRAWS,
        seed=question.seed,
        ranges=RANGES,
        variance_shares={figure: dict(found) for figure, found in shares.items() if found},
    )


def basis_of(sums: Sums) -> str | None:
    """What the dollars of all parts' machines mean; `mixed` where they mean two things."""
    found = {part.basis for part in sums.parts if part.basis is not None}
    return "mixed" if len(found) > 1 else next(iter(found), None)


def _bound(sums: Sums) -> str | None:
    found = {part.bound for part in sums.parts if part.bound is not None}
    return "mixed" if len(found) > 1 else next(iter(found), None)


def parts_of(sums: Sums) -> tuple[PartResult, ...]:
    """Every part over all months."""
    shares = shares_of_cost(sums)
    return tuple(
        PartResult(
            part=part.name,
            kind=part.kind,
            cost_basis=part.basis,
            first_month=part.first,
            last_month=part.last,
            **{figure: sums.part_range(part, figure) for figure in FIGURES},
            share_of_cost=shares.get(part.name),
            bound=part.bound,
        )
        for part in sums.parts
    )


def _months(sums: Sums, *, is_total: bool) -> Iterator[MonthResult]:
    columns = {figure: sums.by_month(figure) for figure in FIGURES}
    if not is_total:
        columns["cost_usd"] = (None,) * sums.horizon
    so_far = Decimal(0)
    for place in range(sums.horizon):
        row = {figure: column[place] for figure, column in columns.items()}
        cost = row["cost_usd"]
        so_far = EXACT.add(so_far, Decimal(str(cost.central))) if cost is not None else so_far
        yield MonthResult(month=place + 1, **row, cumulative_cost_usd=plain(so_far) if cost is not None else None)


def _figure_sum(sums: Sums, figure: str, *, is_total: bool) -> FigureSum:
    known = bool(sums.known(figure)) and (figure != "cost_usd" or is_total or basis_of(sums) != "mixed")
    if not known:
        return FigureSum(figure, None, None, None, None, tuple(sums.unknown(figure)), tuple(sums.untold(figure)))
    ends = summed(sums.month_ends(figure))
    drawn = ends.central if ends.is_exact else amount_drawn(interval(sums.drawn(figure).sum(axis=1))[1], figure)
    return FigureSum(
        figure, sums.of_known(figure), plain(ends.low), plain(ends.high), plain(drawn), tuple(sums.unknown(figure)),
        tuple(sums.untold(figure)),
    )  # fmt: skip


def _bases(sums: Sums) -> tuple[BasisSum, ...]:
    return tuple(
        BasisSum(name, each.total("cost_usd"), tuple(part.name for part in each.parts))
        for name, each in sums_of_bases(sums).items()
    )


def _shared(held: Put, shares: Mapping[str, float]) -> tuple[SharedDoubt, ...]:
    found = held.sources.shared().items()
    told = [SharedDoubt(source, parts, shares.get(source, 0.0) if shares else None) for source, parts in found]
    return tuple(sorted(told, key=lambda each: -(each.share_of_variance or 0.0)))


def _by_part_and_month(sums: Sums) -> dict[str, dict[str, tuple[Decimal | None, ...]]]:
    return {
        part.name: {figure: _centrals(sums.of_part(part, figure), sums.horizon) for figure in FIGURES
                    if figure in part.figures}
        for part in sums.parts
    }  # fmt: skip


def _centrals(months: Sequence[Ends] | None, horizon: int) -> tuple[Decimal | None, ...]:
    return (None,) * horizon if months is None else tuple(plain(each.central) for each in months)


def difference(one: Sums, other: Sums, figure: str) -> Range | None:
    """What one takes more than the other, draw by draw; None where either is unknown."""
    if any(each.unknown(figure) or not each.known(figure) for each in (one, other)):
        return None
    drawn = one.drawn(figure).sum(axis=1) - other.drawn(figure).sum(axis=1)
    middle = EXACT.subtract(summed(one.month_ends(figure)).central, summed(other.month_ends(figure)).central)
    return interval_between(drawn, middle, figure)
