"""Which model of which provider a name means at a moment: ids, dated aliases, regional ids, a provider left out."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.dialects import DIALECTS
from mlquote.estimators.tokens.price_list import Card, cards_of
from mlquote.kit.errors import Malformed, OutOfDomain, UnknownName, unknown_name

_DATE = re.compile(r"(?:[-@](?:20\d{6}|20\d\d-\d\d-\d\d|default|latest)|:latest)$")
_LOCATION = re.compile(r"regional|[a-z]+-[a-z]+\d+|us|eu|europe|asia")
"""A location of Vertex AI that is not the global one."""
_BEDROCK_PLACE = re.compile(r"^(?:us|eu|apac|jp|au|ca)\.")
"""An inference profile of a geography; us-gov and global have prices of their own."""
_BEDROCK_PROFILE = re.compile(r"(?:global|us-gov|us|eu|apac|jp|au|ca)\.")
"""An inference profile, whose id says where it runs, wherever it was called from."""
_HOME_REGIONS = ("", "global", "default", "not_available")
"""Words by which a caller or a response says that no regional price applies."""

_GEOGRAPHIES = (("us-gov-", "us-gov"), ("us-", "us"), ("eu-", "eu"), ("ap-", "apac"))


class Named(NamedTuple):
    """The card a name led to, the region left to apply, and what was assumed on the way ("" where nothing was)."""

    card: Card
    region: str
    assumed: str


class PriceList:
    """Every card of a snapshot, by provider and model."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.cards = cards_of(snapshot)

    def find(self, provider: str | None, model: str, moment: datetime, region: str | None = None) -> Named:
        """The card that a provider's name and a model's name mean at `moment`.

        Raises: UnknownName for a provider or model not in the catalogue; Malformed where several providers sell the
        model and none is named; OutOfDomain for a region in which the provider does not price the model.
        """
        if region is None and provider in self.cards and model in self.cards[provider]:
            return Named(self.cards[provider][model], "", "")
        provider = self._only_seller(model, moment) if provider is None else self.provider(provider, moment)
        place = "" if region is None or region.casefold() in _HOME_REGIONS else region.casefold()
        if provider == "aws-bedrock" and _BEDROCK_PROFILE.match(model.strip().casefold()):
            place = ""
        for name, left, assumed in self._names(provider, model, place):
            card = self._card(provider, name, moment)
            if card is None:
                continue
            if not left or left in card.regions:
                return Named(card, left, assumed)
            nearby = self._without_premium(provider, card, left)
            if nearby is None:
                raise _no_such_region(card, place, self._elsewhere(provider, model))
            return nearby
        known = [card.model for card in self.cards[provider].values()]
        known += self._snapshot.names("token_model", provider)
        raise unknown_name("model", model, known, pointer="/model")

    def provider(self, name: str, moment: datetime) -> str:
        """The provider's id that a name means."""
        folded = name.strip().casefold()
        if folded in self.cards:
            return folded
        resolved = self._snapshot.resolve("provider", name, moment, scope="tokens")
        if resolved not in self.cards:
            known = [*self.cards, *self._snapshot.names("provider", "tokens")]
            raise unknown_name("provider", name, known, pointer="/provider")
        return resolved

    def dialect(self, name: str, moment: datetime) -> str:
        """The provider whose dialect a response is in; one that the catalogue does not price is folded, no more."""
        try:
            return self.provider(name, moment)
        except UnknownName:
            if name.strip().casefold() in DIALECTS:
                return name.strip().casefold()
            raise

    def sells(self, provider: str | None, model: str, moment: datetime) -> bool:
        """Whether a name leads to a model that the catalogue prices."""
        try:
            self.find(provider, model, moment)
        except UnknownName:
            return False
        return True

    def sellers(self, model: str, moment: datetime) -> list[str]:
        """Every provider that a model's name leads to a card of; "openai/gpt-5" leads to OpenAI's alone."""
        maker = model.strip().casefold().partition("/")[0]
        if maker in self.cards and self._card(maker, model.strip().casefold().partition("/")[2], moment):
            return [maker]
        return [p for p in self.cards if any(self._card(p, n, moment) for n, _, _ in self._names(p, model, ""))]

    def _only_seller(self, model: str, moment: datetime) -> str:
        sellers = self.sellers(model, moment)
        if len(sellers) == 1:
            return sellers[0]
        if sellers:
            raise Malformed(
                f"{len(sellers)} providers sell {model!r}; say which one",
                pointer="/provider",
                hint=f"one of: {', '.join(sorted(sellers))}",
                code="provider-needed",
            )
        known = {card.model for cards in self.cards.values() for card in cards.values()}
        raise unknown_name("model", model, known, pointer="/model")

    def _card(self, provider: str, name: str, moment: datetime) -> Card | None:
        cards = self.cards[provider]
        return cards.get(name) or cards.get(
            self._snapshot.resolve("token_model", name, moment, scope=provider).casefold()
        )

    def _names(self, provider: str, model: str, region: str) -> Iterator[tuple[str, str, str]]:
        """The ids to try, best first: (id, region left to apply, what is assumed)."""
        name = model.strip().casefold()
        names = [(name, "")]
        for prefix in (f"{provider}/", "models/", "accounts/fireworks/models/"):
            if name.startswith(prefix):
                names.append((name.removeprefix(prefix), ""))
        if name.startswith("ft:"):
            names.append((":".join(name.split(":")[:2]), "a fine-tuned model is billed as its base is when fine-tuned"))
        if undated := _DATE.sub("", names[-1][0]):
            names.append(
                (undated, f"{model!r} is billed as {undated!r}: the catalogue lists no price of its own for it")
            )
        for candidate, assumed in names:
            if region:
                yield from _regional(provider, candidate, region, assumed)
            yield candidate, region, assumed
        if provider == "aws-bedrock" and not name.startswith("us-gov.") and not region.startswith("us-gov"):
            yield f"regional.{_BEDROCK_PLACE.sub('', name)}", "", "an in-region or geographic id is billed as regional"

    def _without_premium(self, provider: str, card: Card, place: str) -> Named | None:
        """A place that the provider prices for other models, or prices under a common name; None for any other.

        Vertex AI's premium is for every endpoint but the global one, whichever location it is in.
        """
        if provider == "google-vertex" and _LOCATION.fullmatch(place) and card.regions:
            return Named(card, card.regions[0], f"{place} is a regional endpoint, and is billed as one")
        known = {region for other in self.cards[provider].values() for region in other.regions}
        if card.regions or not (place in known or (provider == "google-vertex" and _LOCATION.fullmatch(place))):
            return None
        return Named(card, "", f"no premium is listed for this model in {place}: it is billed at the list price")

    def _elsewhere(self, provider: str, model: str) -> list[str]:
        name = model.strip().casefold()
        tails = (f"/{name}", f".{name}")
        return sorted({id_.removesuffix(t)[:] for id_ in self.cards[provider] for t in tails if id_.endswith(t)})


def _regional(provider: str, name: str, region: str, assumed: str) -> Iterator[tuple[str, str, str]]:
    """Ids that carry the region themselves, as Bedrock's and Azure's do."""
    if provider not in ("aws-bedrock", "azure-openai"):
        return
    yield f"{region}/{name}", "", assumed
    for prefix, geography in _GEOGRAPHIES:
        if region.startswith(prefix) or region == geography:
            yield f"{geography}.{name}", "", assumed
            yield f"{geography}/{name}", "", assumed
            break
    if provider == "aws-bedrock" and region.startswith("us-") and not region.startswith("us-gov"):
        yield name, "", assumed or f"AWS lists one price for its US regions; {region} is billed at it"


def _no_such_region(card: Card, region: str, elsewhere: list[str]) -> OutOfDomain:
    return OutOfDomain(
        f"{card.provider} has no price for {card.model} in region {region!r}",
        pointer="/region",
        hint=f"known: {', '.join(['global', *card.regions, *elsewhere])}",
        code="unknown-modifier",
    )


def price_list(snapshot: Snapshot) -> PriceList:
    """The snapshot's price list, compiled on first use: `snapshot.derived(price_list)`."""
    return PriceList(snapshot)
