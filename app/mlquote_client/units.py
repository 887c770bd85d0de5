"""Units by the ends of names; written by benchmarks/clients/typed_answers.py."""

from collections.abc import Mapping

UNITS: Mapping[str, str] = {
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
"""The end of a field's name -> its unit; longer ends first."""
