"""What stands however much is trained: worked out once a day, or until a row of the catalogue changes.

Runs that differ in nothing but their tokens and their date ask the same of the catalogue. Each fact is looked up when
it is first asked for, so that a refusal comes where it would come without a memory, and is not remembered.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of, day_of
from mlquote.catalog.tables import TABLE
from mlquote.estimators.asking.finding import Figure, Finding
from mlquote.estimators.machines.footprint import embodied_of
from mlquote.estimators.machines.ownership import Capital, capital_of
from mlquote.estimators.machines.parts import accelerator_of, sole_provider
from mlquote.estimators.machines.peaks import Peaks, peaks_of
from mlquote.estimators.machines.place import Place, place_of
from mlquote.estimators.machines.power import Draw, draw_of
from mlquote.estimators.machines.premises import premises_of
from mlquote.estimators.machines.rental import rate_of
from mlquote.estimators.machines.site import Site, site_of
from mlquote.estimators.machines.tariffs import electricity_of, hosting_of
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.training.adapters import check_adapters
from mlquote.estimators.training.memory import Memory, Room, memory_of, room_of
from mlquote.estimators.training.methods import teacher_of
from mlquote.estimators.training.question import DEFAULT_PRECISION, TrainingQuestion
from mlquote.estimators.training.rows import check_rows
from mlquote.estimators.training.spot import spot_overhead_of
from mlquote.estimators.training.storage import egress_rate, storage_rate
from mlquote.estimators.training.work import model_of

NOT_NEEDED: Finding[None] = Finding(None)
"""A fact that this run does not rest on."""
VARYING = frozenset({"tokens", "as_of", "date", "release"})
"""Fields that nothing here reads, which a test holds: the date stands beside them as the day asked about."""
_PLAIN = frozenset({str, int, float, bool, type(None)})
"""What is equal only where it reads the same; 2.5 and 2.50 dollars are equal, and are echoed as they were given."""
_TABLES = tuple(TABLE)


class Standing:
    """The facts that a question and a day give; see `TrainingFacts`, whose fields most of them become."""

    def __init__(self, question: TrainingQuestion, catalog: Snapshot, when: datetime) -> None:
        """Nothing is looked up yet.

        Args:    question: of which nothing `VARYING` is read; when: the date of the run, or the start of its day
        """
        self.question, self.catalog, self.when = question, catalog, when

    @cached_property
    def accelerator(self) -> Finding[Accelerator]:
        """The part, by its name or by figures of one's own."""
        asked = self.question
        return accelerator_of(asked.accelerator, self.catalog, self.when, asked.accelerator_figures)

    @cached_property
    def model(self) -> Finding[Resolved | None]:
        """The model that is trained, on which the adapters that are asked for can stand, by texts that can be."""
        check_rows(self.question)
        model = model_of(self.question, self.catalog, self.when)
        check_adapters(self.question, model.value)
        return model

    @cached_property
    def teacher(self) -> Finding[Resolved | None]:
        """What a distilled model learns from."""
        return teacher_of(self.question, self.catalog, self.when)

    @cached_property
    def peaks(self) -> Finding[Peaks | None]:
        """Dense peaks of the part at the precision that is asked for."""
        return peaks_of(self.accelerator.value, self.question.precision or DEFAULT_PRECISION, self.catalog)

    @cached_property
    def reachable_fraction(self) -> float:
        """Of a dense peak, what the best kernels reach."""
        return self.catalog.default("reachable_fraction", self.when).value or 1.0

    @cached_property
    def place(self) -> Finding[Place]:
        """Whose machines, and where."""
        asked = self.question
        return place_of(
            self.catalog, self.when, provider=asked.provider, region=asked.region, grid_zone=asked.grid_zone
        )

    @cached_property
    def site(self) -> Site:
        """Grid, building and premises."""
        asked, part = self.question, self.accelerator.value
        return site_of(
            self.place.value, self.catalog, self.when,
            pue=asked.pue, kgco2e_per_kwh=asked.kgco2e_per_kwh, fleet=sole_provider(part),
            premises=premises_of(asked.place, asked.is_amortised, part),
        )  # fmt: skip

    @cached_property
    def draw(self) -> Draw:
        """What one accelerator draws."""
        asked = self.question
        return draw_of(
            self.accelerator.value, self.catalog,
            power_w=asked.power_w, power_scope=asked.power_scope, idle_fraction=asked.idle_fraction,
        )  # fmt: skip

    @cached_property
    def capital(self) -> Finding[Capital | None]:
        """What an owned accelerator-hour loses in value."""
        return capital_of(self.accelerator.value, self.catalog, self.when, self.site.premises.value)

    @cached_property
    def embodied(self) -> Figure:
        """kg CO2e of making, per accelerator-hour."""
        return embodied_of(self.accelerator.value, self.catalog)

    @cached_property
    def rate(self) -> Figure:
        """Rent of an accelerator-hour, $."""
        asked = self.question
        terms = "on_demand" if asked.price_model == "owned" else asked.price_model
        return rate_of(
            self.accelerator.value, self.place.value, self.catalog, self.when,
            price_model=terms, usd_per_accelerator_hour=asked.own_usd_per_hour,
        )  # fmt: skip

    @cached_property
    def spot_overhead(self) -> Figure:
        """Billed over useful hours; None on other terms than spot."""
        return spot_overhead_of(self.question, self.accelerator.value, self.catalog, self.when)

    @cached_property
    def electricity(self) -> Figure:
        """$ per kWh; None where no owner's bill can be drawn up."""
        if not (self.draw.system_w and self.capital.value):
            return NOT_NEEDED
        return electricity_of(self.site.zone, self.catalog, self.when, self.site.premises.value)

    @cached_property
    def hosting(self) -> Figure:
        """$ per kWh of IT energy for the racks' place; None where the energy is unknown."""
        if not self.draw.system_w:
            return NOT_NEEDED
        return hosting_of(self.catalog, self.when, self.site.premises.value)

    @cached_property
    def storage(self) -> Figure:
        """$ per GB-month; None where nothing is stored."""
        return storage_rate(self.question, self.place.value, self.catalog, self.when)

    @cached_property
    def egress(self) -> Figure:
        """$ per GB; None where nothing is sent out."""
        return egress_rate(self.question, self.place.value, self.catalog, self.when)

    @cached_property
    def room(self) -> Finding[Room]:
        """What the part has for a run in its memory."""
        return room_of(self.question, self.model.value, self.accelerator.value, self.catalog, self.when)

    @cached_property
    def memory(self) -> Memory:
        """What is kept on each accelerator, and whether that fits."""
        part, room = self.accelerator.value, self.room.value
        return memory_of(self.question, self.model.value, part, room, self.teacher.value)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a question says but for what varies, and the day it is about: the key of what stands."""

    said: frozenset[tuple[str, object]]
    day: datetime
    question: TrainingQuestion = field(compare=False)


def standing_of(question: TrainingQuestion, catalog: Snapshot, when: datetime) -> Standing:
    """What stands for a question at a date: remembered where all that it says is plain words and numbers."""
    given = question.__dict__
    said = [(name, given[name]) for name in question.model_fields_set if name not in VARYING]
    if any(type(value) not in _PLAIN for _, value in said):
        return Standing(question, catalog, when)
    day = day_of(when, changes_of(catalog, *_TABLES))
    return catalog.remembered(_standing, _Ground(frozenset(said), day, question))


def _standing(catalog: Snapshot, asked: _Ground) -> Standing:
    return Standing(asked.question, catalog, asked.day)
