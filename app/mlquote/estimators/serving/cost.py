"""What an hour of serving costs, and what that makes a token cost."""

from dataclasses import dataclass
from decimal import Decimal

from mlquote.estimators.serving.hour_price import HourPrice
from mlquote.formulas.uncertainty import Uncertain
from mlquote.kit.money import estimated_usd
from mlquote.kit.units import SECONDS_PER_HOUR, TOKENS_PER_MTOK, WATTS_PER_KILOWATT

UTILISATIONS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class TokenCost:
    """Dollars per million tokens: prompts and outputs by the time they take, blended over both."""

    input: Uncertain | None
    """None where nothing is put in."""
    output: Uncertain
    blended: Uncertain


@dataclass(frozen=True, slots=True)
class UtilisationPoint:
    """What tokens cost when paid hours are used only so much (central figures)."""

    utilisation_fraction: float
    output_usd_per_mtok: Decimal
    blended_usd_per_mtok: Decimal


@dataclass(frozen=True, slots=True)
class TimeSplit:
    """How the time and the tokens divide between prompts and outputs."""

    prompt_share: float
    """Share of the time that goes into prompts."""
    input_per_output: float
    """Prompt tokens for each output token."""


def usd_per_hour(price: HourPrice, accelerators: int, facility_w: Uncertain | None) -> Uncertain | None:
    """Dollars per hour of all accelerators; an owner's electricity, by the draw through the meter, on top."""
    if price.rate.value is None:
        return None
    rent = price.rate.value * float(accelerators)
    if price.electricity.value is None or facility_w is None:
        return rent
    return rent + facility_w * price.electricity.value * (1 / WATTS_PER_KILOWATT)


def token_cost_of(hourly: Uncertain, tokens_per_s: Uncertain, split: TimeSplit) -> TokenCost:
    """The hour's dollars over the hour's tokens.

    input = C phi / (3600 R_in), output = C (1 - phi) / (3600 R_out), blended = C / (3600 (R_in + R_out)), per 1e6

    Args:    hourly: C, dollars per used hour; tokens_per_s: R_out; split: phi and R_in / R_out
    Source:  time split, not token split: an output token takes many times a prompt token's time
    """
    each = hourly / tokens_per_s * (TOKENS_PER_MTOK / SECONDS_PER_HOUR)
    ratio = split.input_per_output
    return TokenCost(
        input=each * (split.prompt_share / ratio) if ratio > 0 else None,
        output=each * (1 - split.prompt_share),
        blended=each * (1 / (1 + ratio)),
    )


def utilisation_curve(hourly: Uncertain, tokens_per_s: Uncertain, split: TimeSplit) -> tuple[UtilisationPoint, ...]:
    """Dollars per million tokens at each utilisation: the full machine's, over it."""
    full = hourly.median / tokens_per_s.median * TOKENS_PER_MTOK / SECONDS_PER_HOUR
    output, blended = full * (1 - split.prompt_share), full / (1 + split.input_per_output)
    return tuple([UtilisationPoint(u, estimated_usd(output / u), estimated_usd(blended / u)) for u in UTILISATIONS])
