"""Prices of AWS and Azure as karpenter's generated Go files hold them (`zz_generated.pricing*.go`; Apache-2.0)."""

import re
from collections.abc import Mapping
from typing import Final

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams.listing import Draft, Listing, Upstream
from mlquote.upstreams.names import SoldHere
from mlquote.upstreams.offers import Offers

AWS_FILES: Final = ("*zz_generated.pricing_aws.go",)
AZURE_FILES: Final = ("*zz_generated.pricing.go",)

_AWS_PAGE: Final = "https://aws.amazon.com/ec2/pricing/on-demand/"
_AZURE_PAGE: Final = "https://prices.azure.com/api/retail/prices"

_ENTRY: Final = re.compile(
    r'^\s*"(?P<aws>[a-z]{2}(?:-[a-z]+)+-\d)": \{'
    r'|\["(?P<azure>[a-z0-9]+)"\] = map'
    r'|"(?P<sku>[A-Za-z][\w.-]*)":\s*(?P<usd>\d+\.\d+)',
    re.MULTILINE,
)
"""The head of a region in either file, or one machine and its dollars an hour."""


def read_aws(texts: Mapping[str, bytes], upstream: Upstream, sold: SoldHere) -> Listing:
    """Prices on demand by AWS region.

    Args:    texts: file name -> content; of `AWS_FILES`
    Raises:  InvalidCatalog where no file holds a price
    """
    return _read(texts, upstream, sold, "aws", _AWS_PAGE)


def read_azure(texts: Mapping[str, bytes], upstream: Upstream, sold: SoldHere) -> Listing:
    """Prices on demand by Azure region.

    Args:    texts: file name -> content; of `AZURE_FILES`
    Raises:  InvalidCatalog where no file holds a price
    """
    return _read(texts, upstream, sold, "azure", _AZURE_PAGE)


def _read(texts: Mapping[str, bytes], upstream: Upstream, sold: SoldHere, seller: str, page: str) -> Listing:
    draft, priced = Draft(), False
    offers = Offers(draft, sold, seller, page)
    for _, text in sorted(texts.items()):
        region = ""
        for entry in _ENTRY.finditer(text.decode("utf-8", "replace")):
            region = entry["aws"] or entry["azure"] or region
            if entry["sku"] and region:
                priced = True
                offers.add(entry["sku"], region, "on_demand", entry["usd"])
    if not priced:
        raise InvalidCatalog(f"{', '.join(sorted(texts))}: no price by region is in it")
    return draft.listing(upstream)
