"""Every table that can be read, by the name of the package that carries it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from mlquote.upstreams import codecarbon, genai_prices, gpuhunt, karpenter, litellm, region_carbon, skypilot
from mlquote.upstreams.listing import Listing, Upstream
from mlquote.upstreams.names import SoldHere


@dataclass(frozen=True, slots=True)
class Adapter:
    """How one upstream is read: which of its files are needed, and the function that reads them."""

    files: tuple[str, ...]
    """Patterns of paths; of a package or a checkout, the members that match the first that matches any."""
    read: Callable[[Mapping[str, bytes], Upstream, SoldHere], Listing]


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "codecarbon": Adapter(codecarbon.FILES, codecarbon.read),
    "genai-prices": Adapter(genai_prices.FILES, genai_prices.read),
    "gpuhunt": Adapter(gpuhunt.FILES, gpuhunt.read),
    "karpenter-provider-aws": Adapter(karpenter.AWS_FILES, karpenter.read_aws),
    "karpenter-provider-azure": Adapter(karpenter.AZURE_FILES, karpenter.read_azure),
    "litellm": Adapter(litellm.FILES, litellm.read),
    "region-carbon-info": Adapter(region_carbon.FILES, region_carbon.read),
    "skypilot-catalog": Adapter(skypilot.FILES, skypilot.read),
}
