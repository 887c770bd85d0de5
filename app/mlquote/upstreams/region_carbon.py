"""Google's carbon of its cloud regions (`data/yearly/YEAR.csv` of region-carbon-info; Apache-2.0) as grid intensity."""

import csv
import io
import re
from collections.abc import Mapping
from typing import Final

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams.grids import listed_intensity
from mlquote.upstreams.listing import Draft, Listing, Upstream
from mlquote.upstreams.names import SoldHere

FILES: Final = ("*data/yearly/*.csv", "*20??.csv")

_PAGE: Final = "https://cloud.google.com/sustainability/region-carbon"
_YEAR: Final = re.compile(r"(20\d\d)\.csv$")


def read(texts: Mapping[str, bytes], upstream: Upstream, _sold: SoldHere) -> Listing:
    """g CO2e/kWh of each region and year: of the whole life of a power station where the column says so, else direct.

    Args:    texts: file name -> content; of `FILES`
    Raises:  InvalidCatalog where a file has no column of a region or none of its grid
    """
    draft = Draft()
    for path, text in sorted(texts.items()):
        year = _YEAR.search(path)
        rows = csv.DictReader(io.StringIO(text.decode("utf-8-sig")))
        column = next((name for name in rows.fieldnames or () if "carbon intensity" in name.casefold()), "")
        if year is None or not column or "Google Cloud Region" not in (rows.fieldnames or ()):
            raise InvalidCatalog(f"{path} is no year of region-carbon-info")
        boundary = "lifecycle" if "lifecycle" in column.casefold() else "direct"
        for row in rows:
            zone = f"gcp:{row['Google Cloud Region'].strip()}"
            key = (zone, "Google region carbon", f"{year[1]} file", boundary, "location", "consumption")
            said = {
                "zone_kind": "cloud_region", "zone_name": row.get("Location") or zone, "year": int(year[1]),
                "licence": "Apache-2.0",
            }  # fmt: skip
            listed_intensity(draft, key, row[column] or "", _PAGE, said)
    return draft.listing(upstream)
