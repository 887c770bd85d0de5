"""CodeCarbon's tables (`codecarbon/data/private_infra`; MIT) as grid intensity: US states, provinces, Nordic zones."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams.grids import listed_intensity
from mlquote.upstreams.listing import Draft, Listing, Upstream
from mlquote.upstreams.names import SoldHere

FILES: Final = ("*private_infra/*.json",)

_EGRID: Final = "https://www.epa.gov/egrid/download-data"
_ENTSOE: Final = "https://transparency.entsoe.eu/"
_CER: Final = "https://www.cer-rec.gc.ca/en/data-analysis/energy-markets/provincial-territorial-energy-profiles/"

_GRAMS_PER_KWH: Final = 453.59237 / 1000
"""Of one pound a megawatt-hour."""

_FOSSIL: Final[Mapping[str, float]] = {"coal": 995.725971, "petroleum": 816.6885263, "naturalGas": 743.8415916}
"""g/kWh by source, as `Emissions._region_energy_mix_to_emissions_rate` of CodeCarbon has them."""

_PROVINCES: Final[Mapping[str, str]] = {
    "alberta": "CA-AB", "british columbia": "CA-BC", "manitoba": "CA-MB", "new brunswick": "CA-NB",
    "newfoundland and labrador": "CA-NL", "northwest territories": "CA-NT", "nova scotia": "CA-NS", "nunavut": "CA-NU",
    "saskatchewan": "CA-SK", "yukon": "CA-YT",
}  # fmt: skip
"""Those that mostly use what they generate, and of which nobody measures the grid; the others are not read."""


def read(texts: Mapping[str, bytes], upstream: Upstream, _sold: SoldHere) -> Listing:
    """g CO2e/kWh of the zones that this version holds; its country mix is an older copy of Ember's, and not read.

    Args:    texts: file name -> content; of `FILES`
    Raises:  InvalidCatalog where a file that is read is not of the form known
    """
    draft = Draft()
    for path, text in sorted(texts.items()):
        reader = next((_READERS[name] for name in _READERS if path.endswith(name)), None)
        if reader is None:
            draft.unread[f"a file of another kind: {path.rpartition('/')[2]}"] += 1
            continue
        try:
            reader(draft, json.loads(text), path, upstream)
        except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError) as error:
            raise InvalidCatalog(f"{path} is not CodeCarbon's: {error!r}") from None
    return draft.listing(upstream)


def _states(draft: Draft, table: dict[str, Any], _path: str, _upstream: Upstream) -> None:
    year = int(table["_source"]["year"])
    for name, state in table.items():
        if name.startswith("_"):
            continue
        if not re.fullmatch("[A-Z]{2}", state["regionCode"]):
            draft.unread[f"no state: {name}"] += 1
        else:
            key = (f"US-{state['regionCode']}", "EPA eGRID states", f"eGRID{year}", "direct", "location", "production")
            grams = round(state["emissions"] * _GRAMS_PER_KWH, 3)
            said = {"zone_kind": "us_state", "zone_name": name.title(), "year": year, "licence": "US public domain"}
            listed_intensity(draft, key, grams, _EGRID, said)


def _nordic(draft: Draft, table: dict[str, Any], _path: str, upstream: Upstream) -> None:
    for zone, figures in table["data"].items():
        country = "FIN" if zone == "FI" else zone
        key = (country, "ENTSO-E via CodeCarbon", upstream.name, "lifecycle", "location", "production")
        said = {
            "zone_kind": "country" if country == "FIN" else "bidding_zone", "zone_name": figures["description"],
            "year": int(figures["year"]), "licence": "MIT",
        }  # fmt: skip
        listed_intensity(draft, key, figures["emission_factor"], _ENTSOE, said)


def _provinces(draft: Draft, table: dict[str, Any], path: str, upstream: Upstream) -> None:
    year = int(path.split("/")[-2])
    for name, mix in table.items():
        if name not in _PROVINCES:
            draft.unread[f"a province that is not read: {name}"] += 1
            continue
        key = (_PROVINCES[name], "CodeCarbon provincial mix", upstream.name, "direct", "location", "production")
        grams = round(sum(mix[source] * grams for source, grams in _FOSSIL.items()) / mix["total"], 1)
        said = {"zone_kind": "province", "zone_name": name.title(), "year": year, "licence": "MIT"}
        listed_intensity(draft, key, grams, _CER, said)


_READERS: Final = {
    "canada_energy_mix.json": _provinces,
    "nordic_emissions.json": _nordic,
    "usa_emissions.json": _states,
}
