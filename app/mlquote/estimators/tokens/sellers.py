"""How each seller writes a place into a model's name, and which of its prices holds in which place: a table.

Bedrock's ids say where they run (us.anthropic..., eu-west-1/deepseek.v3.2), Azure's name a data zone (us/gpt-4.1); the
other sellers tell places apart by a row's region, or not at all. A seller that is not in the table is one of those.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

NO_PLACE: Final = frozenset({"", "default", "not_available"})
"""Words by which a caller or a response says nothing of a place."""
GLOBAL: Final = "global"

_EUROPEAN_UNION: Final = (
    "AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV", "HUN", "IRL", "ITA",
    "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "SWE",
)  # fmt: skip
"""Member states, ISO 3166-1 alpha-3 (https://european-union.europa.eu/principles-countries-history/eu-countries_en)."""


@dataclass(frozen=True, slots=True)
class Seller:
    """One seller's places, from the narrowest to the widest that a price may be for."""

    landlord: str = ""
    """The provider of machines whose `regions` it runs in; "" where only its own price rows name places."""
    zones: frozenset[str] = frozenset()
    """Places wider than a region that its prices know."""
    joints: tuple[str, ...] = ()
    """What stands between a place and a model in its ids, most usual first; none where ids carry no place."""
    by_country: Mapping[str, str] = field(default_factory=dict)
    """Country of a region -> the zone that holds it."""
    by_beginning: tuple[tuple[str, str], ...] = ()
    """How a region's id begins -> a zone that holds it, wider than its country's."""
    everywhere: str = ""
    """The zone whose price holds wherever no narrower one is listed, but not in the zones `apart`."""
    apart: frozenset[str] = frozenset()
    """Zones with prices of their own, for which no other zone's stands."""
    listed_in: str = ""
    """The zone whose price an id without a place states; "" where it holds in none that can be asked for."""
    words: Mapping[str, str] = field(default_factory=dict)
    """A zone with one price for all it holds -> what an answer says of a place that is billed at it."""
    premium: str = ""
    """The `region` of rows that hold in every place but the global endpoint."""
    source_url: str = ""

    def wider(self, place: str, country: str = "") -> tuple[str, ...]:
        """A place and the zones that hold it, the narrowest first."""
        zones = [place]
        if zone := self.by_country.get(country):
            zones.append(zone)
        zones += [zone for beginning, zone in self.by_beginning if place.startswith(beginning)][:1]
        return tuple(dict.fromkeys(zones))

    def holds_everywhere(self, places: tuple[str, ...]) -> bool:
        """Whether the price of `everywhere` holds in a place, given it and the zones around it."""
        return bool(self.everywhere) and not self.apart & set(places)

    def split(self, name: str, regions: frozenset[str]) -> tuple[str, str]:
        """(place, model) of an id that carries a place, ("", the id) of any other."""
        for joint in self.joints:
            place, found, model = name.partition(joint)
            if found and (place in self.zones or (joint == "/" and place in regions)):
                return place, model
        return "", name


SELLERS: Final[Mapping[str, Seller]] = {
    "aws-bedrock": Seller(
        landlord="aws",
        zones=frozenset({GLOBAL, "regional", "us", "us-gov", "eu", "apac", "jp", "au", "ca", "in"}),
        joints=(".", "/"),
        by_country={"JPN": "jp", "AUS": "au", "CAN": "ca", "IND": "in"},
        by_beginning=(("us-gov-", "us-gov"), ("us-", "us"), ("eu-", "eu"), ("ap-", "apac")),
        everywhere="regional",
        apart=frozenset({GLOBAL, "us-gov"}),
        listed_in="us",
        words={
            "us": "AWS lists one price for its US regions; {place} is billed at it",
            "regional": "AWS lists one price for its regions and geographies; {place} is billed at it",
        },
        source_url="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html",
    ),
    "azure-openai": Seller(
        landlord="azure",
        zones=frozenset({GLOBAL, "us", "eu", "apac", "us-gov"}),
        joints=("/",),
        by_country={"USA": "us"} | dict.fromkeys(_EUROPEAN_UNION, "eu"),
        listed_in=GLOBAL,
        source_url="https://learn.microsoft.com/en-us/azure/ai-foundry/foundry-models/concepts/deployment-types",
    ),
    "azure-ai-foundry": Seller(
        landlord="azure",
        source_url="https://learn.microsoft.com/en-us/azure/ai-foundry/foundry-models/concepts/deployment-types",
    ),
    "google-vertex": Seller(
        landlord="gcp",
        zones=frozenset({"regional", "us", "eu", "europe", "asia"}),
        premium="regional",
        source_url="https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations",
    ),
}
"""Token seller -> its places. Bedrock's geographies are AWS's inference profiles; `regional` is the catalogue's word
for the one price that AWS lists for in-region and geographic use."""

_PLAIN: Final = Seller()


def seller_of(provider: str) -> Seller:
    """A seller's places; those of one that is not in the table are its rows' own."""
    return SELLERS.get(provider, _PLAIN)


_ALL: Final = ("",)
_MAKERS: Final[Mapping[str, tuple[str, ...]]] = dict.fromkeys(
    (
        "ai21", "amazon-nova", "anthropic", "black-forest-labs", "cohere", "deepseek", "elevenlabs",
        "google", "jina", "meta", "minimax", "moonshot", "openai", "runwayml", "stability", "voyage", "xai", "zai",
    ),
    _ALL,
) | {
    "alibaba": ("qwen", "qwq", "qvq", "wan", "happyhorse", "text-embedding"),
    "mistral": (
        "mistral", "mixtral", "ministral", "magistral", "codestral", "devstral", "pixtral", "voxtral", "open-mi",
    ),
    "deepgram": ("nova", "base", "enhanced", "streaming", "aura", "flux"),
    "perplexity": ("sonar", "pplx", "r1-1776", "perplexity/sonar", "llama-3.1-sonar"),
}  # fmt: skip
"""Seller -> how the ids of models that it makes itself begin; one that is not named sells those of others."""

LISTED_IN_PART: Final = frozenset({"aws-bedrock", "azure-openai", "azure-ai-foundry"})
"""Sellers whose modes are listed here for some models only: a mode without a price is not one that is not sold.
(https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-supported.html,
https://learn.microsoft.com/en-us/azure/ai-foundry/openai/how-to/batch)"""

PASSES_ON: Final[Mapping[str, str]] = {"openrouter": "https://openrouter.ai/docs/faq"}
"""Seller that bills the price of the provider it passes a request on to -> where it says so."""


def makes(provider: str, model: str) -> bool:
    """Whether a seller is the maker of a model that it sells, by the model's folded id."""
    return any(model.startswith(beginning) for beginning in _MAKERS.get(provider, ()))
