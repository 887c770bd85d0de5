"""SkyPilot's catalogue of machines (`catalogs/vN/CLOUD/vms.csv`): prices on demand and spot of many clouds."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Final

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams.listing import Draft, Listing, Upstream
from mlquote.upstreams.names import SoldHere
from mlquote.upstreams.offers import Offers, part_of

FILES: Final = ("*/vms.csv",)

_PAGE: Final = "https://github.com/skypilot-org/skypilot-catalog"
_PATH: Final = re.compile(r"(?:.*?(?:^|/)v(?P<version>\d+)/)?(?:.*/)?(?P<cloud>[^/]+)/vms\.csv")
_NEEDED: Final = frozenset({"InstanceType", "AcceleratorName", "AcceleratorCount", "Region", "Price", "SpotPrice"})

_SELLERS: Final[Mapping[str, str]] = {
    "do": "digitalocean",
    "jarvislabs": "jarvis-labs",
    "ovhcloud": "ovhcloud",
    "vast": "vast-ai",
}
"""Folder -> our seller, where it is another word."""

_BROKERS: Final = frozenset({"shadeform", "primeintellect", "kubernetes", "slurm", "common"})
"""Folders of offers of other sellers, or of no price at all."""


def read(texts: Mapping[str, bytes], upstream: Upstream, sold: SoldHere) -> Listing:
    """Hourly prices by seller, machine and region, of the newest version of the catalogue's form that a folder holds.

    Args:    texts: path -> content; of `FILES`, each in the folder of its cloud
    Raises:  InvalidCatalog where a file is no such table
    """
    draft = Draft()
    for cloud, text in _newest(texts):
        seller = _SELLERS.get(cloud, cloud)
        if cloud in _BROKERS:
            draft.unread[f"{cloud}: no seller of its own"] += 1
            continue
        offers = Offers(draft, sold, seller, sold.page(seller) or _PAGE)
        rows = csv.DictReader(io.StringIO(text.decode("utf-8", "replace")))
        if missing := _NEEDED - set(rows.fieldnames or ()):
            raise InvalidCatalog(f"{cloud}/vms.csv has no column {', '.join(sorted(missing))}")
        for row in rows:
            part = part_of(row, sold, "AcceleratorName", "", "AcceleratorCount")
            for price_model, column in (("on_demand", "Price"), ("spot", "SpotPrice")):
                if row["AcceleratorName"]:
                    offers.add(row["InstanceType"], row["Region"] or "unspecified", price_model, row[column], part)
    return draft.listing(upstream)


def _newest(texts: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Each cloud's table of the highest version, by cloud."""
    found: dict[str, tuple[int, bytes]] = {}
    for path, text in sorted(texts.items()):
        if named := _PATH.fullmatch(path):
            version = int(named["version"] or 0)
            if version >= found.get(named["cloud"], (-1, b""))[0]:
                found[named["cloud"]] = version, text
    if not found:
        raise InvalidCatalog("no vms.csv lies in a folder of its cloud")
    yield from ((cloud, text) for cloud, (_, text) in sorted(found.items()))
