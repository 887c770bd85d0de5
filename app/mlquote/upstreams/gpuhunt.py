"""gpuhunt's catalogue of machines with accelerators (`PROVIDER.csv` of its catalog.zip): on demand and spot."""

import csv
import io
from collections.abc import Mapping
from typing import Final

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams.listing import Draft, Listing, Upstream
from mlquote.upstreams.names import SoldHere
from mlquote.upstreams.offers import Offers, part_of

FILES: Final = ("*.csv",)

_PAGE: Final = "https://github.com/dstackai/gpuhunt"
_NEEDED: Final = frozenset({"instance_name", "location", "price", "gpu_count", "gpu_name", "gpu_memory", "spot"})

_SELLERS: Final[Mapping[str, str]] = {
    "datacrunch": "verda",
    "hotaisle": "hot-aisle",
    "jarvislabs": "jarvis-labs",
    "lambdalabs": "lambda",
    "vastai": "vast-ai",
}
"""File -> our seller, where it is another word."""


def read(texts: Mapping[str, bytes], upstream: Upstream, sold: SoldHere) -> Listing:
    """Hourly prices by seller, machine and region.

    Args:    texts: file name -> content; of `FILES`, each named after its provider
    Raises:  InvalidCatalog where no file is such a table
    """
    draft, tables = Draft(), 0
    for path, text in sorted(texts.items()):
        rows = csv.DictReader(io.StringIO(text.decode("utf-8", "replace")))
        if not set(rows.fieldnames or ()) >= _NEEDED:
            draft.unread["a file of another form"] += 1
            continue
        tables += 1
        provider = path.rpartition("/")[2].removesuffix(".csv")
        seller = _SELLERS.get(provider, provider)
        offers = Offers(draft, sold, seller, sold.page(seller) or _PAGE)
        for row in rows:
            if row["gpu_name"]:
                part = part_of(row, sold, "gpu_name", "gpu_memory", "gpu_count")
                price_model = "spot" if row["spot"].casefold() == "true" else "on_demand"
                offers.add(row["instance_name"], row["location"] or "unspecified", price_model, row["price"], part)
    if not tables:
        raise InvalidCatalog(f"no file has the columns {', '.join(sorted(_NEEDED))}")
    return draft.listing(upstream)
