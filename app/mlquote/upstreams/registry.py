"""Every table that can be read, by the name of the package that carries it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from mlquote.upstreams import genai_prices, litellm
from mlquote.upstreams.listing import Listing, Upstream
from mlquote.upstreams.names import SoldModels


@dataclass(frozen=True, slots=True)
class Adapter:
    """How one upstream is read: which of its files are needed, and the function that reads them."""

    files: tuple[str, ...]
    """Patterns of paths; of a package or a checkout, the members that match the first that matches any."""
    read: Callable[[Mapping[str, bytes], Upstream, SoldModels], Listing]


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "genai-prices": Adapter(genai_prices.FILES, genai_prices.read),
    "litellm": Adapter(litellm.FILES, litellm.read),
}
