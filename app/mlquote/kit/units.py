"""Exact constants, each with its unit, and what a field's suffix and a price's unit mean."""

from typing import NamedTuple

SECONDS_PER_HOUR = 3600
HOURS_PER_DAY = 24
DAYS_PER_YEAR = 365.25
HOURS_PER_YEAR = 8766.0
"""365.25 days of 24 hours."""
SECONDS_PER_DAY = 86400
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
HOURS_PER_MONTH = HOURS_PER_YEAR / 12
"""A twelfth of a year: 730.5 hours."""
WATTS_PER_KILOWATT = 1000
GRAMS_PER_KILOGRAM = 1000
BYTES_PER_GB = 1_000_000_000
"""Decimal gigabyte, as data sheets count memory bandwidth."""
BYTES_PER_GIB = 1 << 30
"""Binary gigabyte, as memory chips are built and drivers count."""
BYTES_PER_TB = 1e12
FLOP_PER_TFLOP = 1e12
FLOP_PER_PETAFLOP_DAY = 8.64e19
"""1e15 FLOP/s for 86,400 s."""
TOKENS_PER_MTOK = 1_000_000


class PriceUnit(NamedTuple):
    """What a list price is for: how many counted things it buys, and how many of them make one priced unit."""

    counted: str
    """What is counted: tokens, requests, seconds."""
    things: int = 1
    """How many counted things the price buys."""
    per_unit: int = 1
    """How many counted things make the one unit that the price is for: 3,600 seconds an hour."""


PRICE_UNITS: dict[str, PriceUnit] = {
    "per_million_tokens": PriceUnit("tokens", things=1_000_000),
    "per_thousand_requests": PriceUnit("requests", things=1_000),
    "per_image": PriceUnit("images"),
    "per_second": PriceUnit("seconds"),
    "per_hour": PriceUnit("seconds", per_unit=SECONDS_PER_HOUR),
    "per_thousand_pages": PriceUnit("pages", things=1_000),
    "per_million_characters": PriceUnit("characters", things=1_000_000),
    "per_step": PriceUnit("steps"),
    "per_model_unit_hour": PriceUnit("model_unit_hours"),
    "per_session": PriceUnit("sessions"),
    "per_minute": PriceUnit("minutes"),
    "per_billion_pixels": PriceUnit("pixels", things=1_000_000_000),
}
"""Every unit that a price of tokens, pages, images or hours may have.

Hours are counted in seconds: 3,600 of them make the one the price is for, so a charge is divided at the end.
"""

MULTIPLIER = "multiplier"
"""The unit of a row that is no price but a factor on others: a regional surcharge."""


def price_units(counted: str) -> tuple[str, ...]:
    """The units in which a price of these counted things may stand."""
    return tuple(name for name, unit in PRICE_UNITS.items() if unit.counted == counted)


SUFFIXES: dict[str, str] = {
    "_usd_per_mtok": "$/Mtok",
    "_usd_per_hour": "$/h",
    "_usd": "$",
    "_flop_per_s": "FLOP/s",
    "_flop": "FLOP",
    "_tokens_per_s": "tok/s",
    "_tokens": "tokens",
    "_kgco2e_per_mtok": "kg CO2e/Mtok",
    "_kgco2e_per_kwh": "kg CO2e/kWh",
    "_kgco2e": "kg CO2e",
    "_kwh": "kWh",
    "joules_per_output_token": "J/token",
    "_hours": "h",
    "_bytes": "bytes",
    "_fraction": "fraction",
    "_params": "parameters",
    "requests_per_s": "requests/s",
    "_ms": "ms",
    "_s": "s",
    "_w": "W",
    "_w_by_scope": "W",
    "_l": "l",
}
"""A field's suffix to the unit a reader sees; longer suffixes first."""


def unit_of(name: str) -> str:
    """The unit that a field's name announces, or "" for a bare count or name.

    A word may follow a unit of two letters or more: energy_kwh_nameplate is in kWh, ttft_ms_median in ms.
    """
    name = f"_{name}"
    ends = next((unit for suffix, unit in SUFFIXES.items() if name.endswith(suffix)), "")
    return ends or next((unit for suffix, unit in SUFFIXES.items() if f"{suffix}_" in name and len(suffix) > 2), "")
