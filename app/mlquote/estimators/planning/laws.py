"""Under which laws a plan is made: those that are named, or one fit of each study of text that anybody can follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mlquote.catalog.rows import ScalingLaw
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.planning.own_law import OwnLaw
from mlquote.estimators.scaling.laws import coefficients_of, fitting, law_named
from mlquote.formulas.scaling.allocations import Counting
from mlquote.formulas.scaling.parametric import ParametricLaw
from mlquote.kit.errors import Malformed, unknown_name
from mlquote.kit.provenance import Assumption

USUAL = ("besiroglu2024", "hoffmann2022-tex", "muennighoff2023")
"""One fit of each study of web text, as far as it was published by then; the digits of the TeX source, not the rounded
ones, and no second fit of the same points."""
OWN = "runs"
"""How a law of one's own runs is called."""


@dataclass(frozen=True, slots=True)
class NamedLaw:
    """A law of L(N, D) with its name, its count of compute and the range it was fitted on."""

    name: str
    law: ParametricLaw
    counting: Counting
    loss_unit: str
    dataset: str
    largest_params: float | None
    largest_flop: float | None

    def beyond(self, params: float, training_flop: float) -> list[str]:
        """Which of size and compute lie beyond what it was fitted on."""
        found = []
        if self.largest_params is not None and params > self.largest_params:
            found.append("params")
        if self.largest_flop is not None and training_flop > self.largest_flop:
            found.append("training_flop")
        return found


def laws_of(
    names: Sequence[str] | None, own: Finding[OwnLaw] | None, catalog: Snapshot, moment: datetime
) -> tuple[Finding[NamedLaw], ...]:
    """The laws that a plan is made under, the asker's own first.

    Raises: UnknownName for a law; Malformed for laws whose losses are of different units
    """
    held = {row.id: row for row in fitting("loss", catalog, moment)}
    mine = () if own is None else (own.of(_mine(own.value)),)
    chosen = USUAL if names is None else tuple(law_named(name, held) for name in names)
    if names is None and own is not None:
        return mine
    for place, name in enumerate(chosen):
        if name not in held and names is not None:
            raise unknown_name("law", name, list(held), pointer=f"/laws/{place}", table="scaling_laws")
    found = (*mine, *(_found(held[name], catalog, given=names is not None) for name in chosen if name in held))
    _one_unit([each.value for each in found])
    return found


def _found(row: ScalingLaw, catalog: Snapshot, *, given: bool) -> Finding[NamedLaw]:
    said = coefficients_of(row, "loss")
    law = NamedLaw(
        row.id, said.law, said.counting, row.loss_unit, row.dataset, row.fitted_params_max, row.fitted_flop_max
    )
    why = f"{row.name}; fitted on {row.dataset}"
    assumption = Assumption("law", row.id, basis="given" if given else "default", why=why, source_url=row.source_url)
    return Finding(law, (assumption,), (catalog.ref("scaling_laws", row),))


def _mine(own: OwnLaw) -> NamedLaw:
    return NamedLaw(OWN, own.law, Counting(), "nats per token", "your runs", None, own.largest_flop)


def _one_unit(laws: Sequence[NamedLaw]) -> None:
    units = {law.loss_unit for law in laws}
    if len(units) > 1:
        said = "; ".join(f"{law.name}: {law.loss_unit}" for law in laws)
        raise Malformed(f"a loss of one of these laws is none of another: {said}", pointer="/laws")
