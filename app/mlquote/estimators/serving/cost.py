"""What an hour of serving costs at a place, and what that makes a token cost."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure
from mlquote.estimators.asking.money import usd_range
from mlquote.estimators.asking.telling import write
from mlquote.estimators.machines.footprint import embodied_of
from mlquote.estimators.machines.ownership import capital_of
from mlquote.estimators.machines.parts import sole_provider
from mlquote.estimators.machines.place import Place, place_of
from mlquote.estimators.machines.rental import rate_of
from mlquote.estimators.machines.site import Site, site_of
from mlquote.estimators.machines.tariffs import electricity_of
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.formulas.uncertainty import Uncertain
from mlquote.kit.money import estimated_usd
from mlquote.kit.provenance import Assumption, Range, RowRef, Trail, Warning
from mlquote.kit.units import SECONDS_PER_HOUR, TOKENS_PER_MTOK, WATTS_PER_KILOWATT

MOST_REMEMBERED = 4096
UTILISATIONS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Terms:
    """A place and its prices, with all that the answer must say about them."""

    site: Site
    rate: Uncertain | None
    """Dollars per accelerator-hour: the rent, or an owner's capital."""
    electricity: Uncertain | None
    """Dollars per kWh an owner pays on top; None for rented ones."""
    embodied: Uncertain | None
    """kg CO2e of making, per accelerator-hour."""
    assumptions: tuple[Assumption, ...]
    rows: tuple[RowRef, ...]
    warnings: tuple[Warning, ...]

    def told(self, trail: Trail) -> "Terms":
        """Itself, after writing down on `trail` where its figures come from."""
        trail.assumptions.extend(self.assumptions)
        for row in self.rows:
            trail.use(row)
        for warning in self.warnings:
            trail.warn(warning.code, warning.detail)
        return self


def terms_of(question: ServingQuestion, accelerator: Accelerator, catalog: Snapshot, moment: datetime) -> Terms:
    """The place and prices of a question, worked out once for each combination that is asked.

    Raises:  UnknownName for a provider, region or zone the catalogue lacks; Malformed for a region without a provider
    """
    known = catalog.derived(_remembered)
    key = (
        accelerator.id, moment, question.provider, question.region, question.terms,
        question.usd_per_accelerator_hour, question.grid_zone, question.kgco2e_per_kwh, question.pue,
    )  # fmt: skip
    if key not in known:
        if len(known) >= MOST_REMEMBERED:
            known.clear()
        known[key] = _terms(question, accelerator, catalog, moment)
    return known[key]


def _remembered(_: Snapshot) -> dict[tuple[object, ...], Terms]:
    return {}


def _terms(question: ServingQuestion, accelerator: Accelerator, catalog: Snapshot, moment: datetime) -> Terms:
    trail = Trail()
    place = place_of(
        catalog, moment, provider=question.provider, region=question.region, grid_zone=question.grid_zone
    ).told(trail)
    site = site_of(
        place, catalog, moment,
        pue=question.pue, kgco2e_per_kwh=question.kgco2e_per_kwh, fleet=sole_provider(accelerator),
    )  # fmt: skip
    write(trail, site)
    rate = _rate(question, accelerator, place, catalog, moment).told(trail)
    electricity = electricity_of(site.zone, catalog, moment).told(trail) if question.terms == "owned" else None
    embodied = embodied_of(accelerator, catalog).told(trail)
    rows = tuple(trail.rows.values())
    return Terms(
        site, rate, electricity, embodied, tuple(trail.assumptions), rows, tuple(trail.warnings.values())
    )  # fmt: skip


def _rate(
    question: ServingQuestion, accelerator: Accelerator, place: Place, catalog: Snapshot, moment: datetime
) -> Figure:
    if question.terms == "owned" and question.usd_per_accelerator_hour is None:
        capital = capital_of(accelerator, catalog, moment)
        return capital.of(capital.value.usd_per_hour if capital.value else None)
    terms = "on_demand" if question.terms == "owned" else question.terms
    return rate_of(
        accelerator, place, catalog, moment, price_model=terms,
        usd_per_accelerator_hour=question.usd_per_accelerator_hour,
    )  # fmt: skip


def usd_per_hour(terms: Terms, accelerators: int, facility_w: Uncertain | None) -> Uncertain | None:
    """Dollars per hour of all accelerators; an owner's electricity, by the draw through the meter, on top."""
    if terms.rate is None:
        return None
    rent = terms.rate * float(accelerators)
    if terms.electricity is None or facility_w is None:
        return rent
    return rent + facility_w * terms.electricity * (1 / WATTS_PER_KILOWATT)


@dataclass(frozen=True, slots=True)
class UsdPerMtok:
    """Dollars per million tokens: prompts and outputs by the time they take, blended over both."""

    input: Range | None
    output: Range | None
    blended: Range | None


@dataclass(frozen=True, slots=True)
class UtilisationPoint:
    """What tokens cost when paid hours are used only so much (central figures)."""

    utilisation_fraction: float
    output_usd_per_mtok: Decimal
    blended_usd_per_mtok: Decimal


def usd_per_mtok(
    hourly: Uncertain, tokens_per_s: Uncertain, *, prompt_share: float, input_per_output: float
) -> UsdPerMtok:
    """The hour's dollars over the hour's tokens.

    input = C phi / (3600 R_in), output = C (1 - phi) / (3600 R_out), blended = C / (3600 (R_in + R_out)), per 1e6

    Args:    hourly: C, dollars per used hour; tokens_per_s: R_out
             prompt_share: phi, share of the time that goes into prompts; input_per_output: R_in / R_out
    Source:  time split, not token split: an output token takes many times a prompt token's time
    """
    each = hourly / tokens_per_s * (TOKENS_PER_MTOK / SECONDS_PER_HOUR)
    into = each * (prompt_share / input_per_output) if input_per_output > 0 else None
    return UsdPerMtok(
        usd_range(into), usd_range(each * (1 - prompt_share)), usd_range(each * (1 / (1 + input_per_output)))
    )


def utilisation_curve(
    hourly: Uncertain, tokens_per_s: Uncertain, *, prompt_share: float, input_per_output: float
) -> tuple[UtilisationPoint, ...]:
    """Dollars per million tokens at each utilisation: the full machine's, over it."""
    full = hourly.median / tokens_per_s.median * TOKENS_PER_MTOK / SECONDS_PER_HOUR
    output, blended = full * (1 - prompt_share), full / (1 + input_per_output)
    return tuple(UtilisationPoint(u, estimated_usd(output / u), estimated_usd(blended / u)) for u in UTILISATIONS)
