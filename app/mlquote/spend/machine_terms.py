"""How the machines of a log are asked about: where they stand, and on which terms they are had."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from mlquote.estimators.asking.question import Name, Part
from mlquote.estimators.asking.unused import NOT_USED
from mlquote.estimators.machines.rental import PriceModel
from mlquote.kit.provenance import Warning

OWNED: Final = "owned"
Terms = PriceModel | Literal["owned"]


@dataclass(frozen=True, slots=True)
class MachineTerms:
    """Where machines stand and on which terms they are had; what is not said is the market's, and a typical grid's."""

    provider: str | None = None
    region: str | None = None
    grid_zone: str | None = None
    price_model: Terms = "on_demand"
    usd_per_accelerator_hour: Decimal | None = None
    pue: float | None = None
    given: frozenset[str] = frozenset()
    """Fields of the question that were given, as it calls them."""

    @property
    def is_owned(self) -> bool:
        """Whether they are the asker's own."""
        return self.price_model == OWNED

    def unused(self, *, has_machines: bool, has_export: bool) -> Iterator[Warning]:
        """Each field that was given and changes nothing of the answer.

        Args: has_machines: whether any line is of machines; has_export: whether charges of FOCUS name the terms
        """
        if not has_machines:
            for name in sorted(self.given):
                yield Warning(NOT_USED, f"{name} changes nothing: no line of the log is of machines")
        elif "price_model" in self.given and self.usd_per_accelerator_hour is not None and not has_export:
            yield from self._priced_already()

    def _priced_already(self) -> Iterator[Warning]:
        if not self.is_owned:
            yield Warning(NOT_USED, "price_model changes nothing: usd_per_accelerator_hour is given")


class MachineAsked(Part):
    """What is said of machines beside a log."""

    machine_provider: Name | None = None
    """Whose machines hours of machines are, or in whose data centre they stand; default: the market's prices."""
    machine_region: Name | None = None
    """A region of that provider."""
    grid_zone: Name | None = None
    """Where they draw their power; default: the region's zone, else a typical grid."""
    price_model: Terms | None = None
    """Terms they are rented on, default on_demand; or `owned`: what they lose in value an hour, and electricity."""
    usd_per_accelerator_hour: Annotated[Decimal, Field(ge=0, le=100_000)] | None = None
    """What an hour costs, in place of the catalogue's prices: of rented machines or of one's own."""
    pue: Annotated[float, Field(ge=1, le=10)] | None = None
    """What the building adds to their energy, in place of the catalogue's figure."""

    @property
    def machine_terms(self) -> MachineTerms:
        """What machines are priced by."""
        return MachineTerms(
            provider=self.machine_provider,
            region=self.machine_region,
            grid_zone=self.grid_zone,
            price_model=self.price_model or "on_demand",
            usd_per_accelerator_hour=self.usd_per_accelerator_hour,
            pue=self.pue,
            given=frozenset(name for name in MachineAsked.model_fields if getattr(self, name) is not None),
        )
