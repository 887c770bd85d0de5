"""Which model of which provider a name means at a moment: ids, dated aliases, regional ids, a provider left out."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from mlquote.catalog.intervals import BEGINNING
from mlquote.catalog.remembered import Memory
from mlquote.catalog.snapshot import Snapshot, letters
from mlquote.catalog.spells import changes_of
from mlquote.estimators.tokens.dialects import DIALECTS
from mlquote.estimators.tokens.price_list import Card, cards_of
from mlquote.estimators.tokens.regions import NOWHERE, Place, Regions
from mlquote.estimators.tokens.sellers import GLOBAL, PASSES_ON, makes, seller_of
from mlquote.estimators.tokens.usage import DATED
from mlquote.estimators.tokens.written_names import unwrapped
from mlquote.kit.errors import Malformed, OutOfDomain, QuoteError, UnknownName, nearest, unknown_name
from mlquote.kit.provenance import Warning

_LONGEST = 1000
"""No model's name has more letters; what is longer is not remembered."""


class Named(NamedTuple):
    """What a provider's, a model's and a region's name led to, and what was assumed on the way ("" for nothing)."""

    card: Card
    region: str = ""
    """The region whose rows of the card hold; "" for those that name none."""
    assumed: str = ""
    """Why this model is billed for the one that was named."""
    place: str = ""
    """The place asked for, by its id, or that of the model's id, or that of the list price; "" where it has several."""
    billed_as: str = ""
    """Why the price of this place is the one it is."""
    warning: Warning | None = None
    """What stands in for a price in this place, where the list has none; or why the place asked for is not used."""
    beside: tuple[str, ...] = ()
    """The other sellers of the model, where no provider was named and its maker's price stands."""
    seller: str = ""
    """The seller that passes this price on, where it is another than the one who sets it."""

    @property
    def needs_words(self) -> bool:
        """Whether an answer must say more than the names."""
        return bool(self.assumed or self.billed_as or self.warning or self.beside or self.seller)


class _Name(NamedTuple):
    """What a question names, and the spell between two changes of an alias in which it asks."""

    provider: str | None
    model: str
    region: str | None
    spell: int


class _Step(NamedTuple):
    """One id to try."""

    name: str
    assumed: str = ""
    region: str = ""
    """What of the place is left to the card's rows."""


class PriceList:
    """Every card of a snapshot, by provider and model."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.cards = cards_of(snapshot)
        self._regions = Regions(snapshot)
        self._respelt = Memory(self._spellings)
        self._by_last = Memory(self._last_parts)
        self._changes = changes_of(snapshot, "aliases")
        self._found = Memory(self._find)
        self._near = Memory(self._nearest)
        self._near_provider = Memory(self._nearest_provider)

    def find(self, provider: str | None, model: str, moment: datetime, region: str | None = None) -> Named:
        """The card that a provider's name and a model's name mean at `moment`.

        Raises: UnknownName for a provider, model or region not in the catalogue; Malformed where several providers
        sell the model and none is named; OutOfDomain for a region in which the provider does not price the model, or
        another than the model's id says.
        """
        passing = provider.strip().casefold() if provider is not None else ""
        if passing in PASSES_ON and not self._lists(passing, model, moment):
            return self._passed_on(passing, model.strip().casefold(), moment, region)
        if len(model) > _LONGEST:
            return self._resolved(provider, model, moment, region)
        return self._found[_Name(provider, model, region, bisect_right(self._changes, moment))]

    def _find(self, name: "_Name") -> Named:
        """What a name means in a spell of time in which no alias changes."""
        provider, model, region, spell = name
        moment = self._changes[spell - 1] if spell else BEGINNING
        return self._resolved(provider, model, moment, region)

    def _resolved(self, provider: str | None, model: str, moment: datetime, region: str | None) -> Named:
        if region is None and provider in self.cards and model in self.cards[provider]:
            exact = self.cards[provider][model]
            return Named(exact, place=self._regions.in_name(provider, model)[0] or _list_place(exact))
        name = model.strip().casefold()
        if provider is None:
            return self._sellers_own(name, moment, region)
        provider = self.provider(provider, moment)
        place = self._regions.place(provider, region, moment)
        said = self._said(provider, name, place)
        for step in self._steps(provider, name, NOWHERE if said else place, said):
            card = self._card(provider, step.name, moment)
            if card is not None:
                return self._named(card, step, place, said)
        respelt = self._respelt[provider].get(letters(name), name)
        if respelt != name:
            found = self.find(provider, respelt, moment, region)
            return found._replace(assumed=found.assumed or f"{model!r} is read as {respelt!r}")
        bare = self._without_wrapping(provider, name, moment, region)
        if bare is not None:
            return bare
        raise self._unknown(provider, model)

    def _unknown(self, provider: str, model: str) -> UnknownName:
        """That a model is not known, of a provider or of any; what it looks like is searched for once."""
        near = self._near[provider, model] if len(model) <= _LONGEST else ""
        return unknown_name("model", model, (), pointer="/model", table="token_models", near=near)

    def _nearest(self, asked: tuple[str, str]) -> str:
        provider, model = asked
        cards = self.cards.values() if not provider else (self.cards[provider],)
        known = [card.model for of_one in cards for card in of_one.values()]
        return nearest(model, [*known, *(self._snapshot.names("token_model", provider) if provider else ())])

    def _nearest_provider(self, name: str) -> str:
        return nearest(name, [*self.cards, *self._snapshot.names("provider", "tokens")])

    def changes_of_meaning(self, provider: str | None, model: str, region: str | None) -> Sequence[datetime]:
        """Every moment at which these names may begin to lead elsewhere, sorted."""
        passing = provider.strip().casefold() if provider is not None else ""
        if passing not in PASSES_ON and region is None and provider in self.cards and model in self.cards[provider]:
            return ()
        name, own = model.strip().casefold(), set[Card | None]()
        for seller in PASSES_ON:  # who passes prices on does so until it lists a price of its own
            cards = self.cards.get(seller, {})
            own |= {cards[known] for known in cards if name.endswith(known)}
            own |= {self._card(seller, name, at) for at in (BEGINNING, *self._changes)} if cards else set()
        return sorted({*self._changes, *(at for card in own if card is not None for at in card.changes)})

    def provider(self, name: str, moment: datetime) -> str:
        """The provider's id that a name means: its id, an alias, or either without its spaces, dots and hyphens."""
        folded = name.strip().casefold()
        if folded in self.cards:
            return folded
        for spelling in self._provider_spelt(folded, moment):
            resolved = self._snapshot.resolve("provider", spelling, moment, scope="tokens")
            if resolved in self.cards:
                return resolved
        near = self._near_provider[name] if len(name) <= _LONGEST else ""
        raise unknown_name("provider", name, (), pointer="/provider", near=near)

    def _provider_spelt(self, folded: str, moment: datetime) -> Iterator[str]:
        """The name; what it means among all providers ("Amazon Web Services" is aws)."""
        yield folded
        yield self._snapshot.resolve("provider", folded, moment)

    def dialect(self, name: str, moment: datetime) -> str:
        """The provider whose dialect a response is in; one that the catalogue does not price is folded, no more."""
        try:
            return self.provider(name, moment)
        except UnknownName:
            if name.strip().casefold() in DIALECTS:
                return name.strip().casefold()
            raise

    def names_of(self, named: Named, asked: str, moment: datetime) -> tuple[frozenset[str], frozenset[str]]:
        """Every spelling, folded, of the seller and of the model that names led to, for rules that name them.

        An alias that says where it runs is one of them only where it runs in the place that was asked for; letters
        and digits alone are one where they are this model's alone.
        """
        card = named.card
        around = self._regions.place(card.provider, named.place, moment).around
        own = {card.model.casefold(), asked.strip().casefold()}
        for alias in self._snapshot.versions("aliases", kind="token_model", scope=card.provider):
            name = alias.alias.casefold()
            said = self._regions.in_name(card.provider, name)[0]
            if (not said or said in around) and self._card(card.provider, name, moment) is card:
                own.add(name)
        unmistakable = self._respelt[card.provider]
        own |= {letters(name) for name in own if letters(name) in unmistakable}
        return self._snapshot.derived(_provider_names)[card.provider], frozenset(own)

    def means_same(self, named: Named, name: str, moment: datetime) -> bool:
        """Whether a name leads, at the same seller, to the model that names led to, in the same place or in any."""
        provider = named.card.provider
        try:
            found = self.find(provider, name, moment)
        except QuoteError:
            return False
        written = unwrapped(name.strip().casefold())
        said = self._regions.in_name(provider, name.strip().casefold() if written is None else written.model)[0]
        return found.card is named.card and (
            not said or said in self._regions.place(provider, named.place, moment).around
        )

    def every_name(self) -> Iterator[tuple[frozenset[str], frozenset[str], Card]]:
        """Every spelling of the seller and of the model, for every card."""
        sellers = self._snapshot.derived(_provider_names)
        for provider, cards in self.cards.items():
            names = {name: {name, letters(name)} for name in cards}
            for alias in self._snapshot.versions("aliases", kind="token_model", scope=provider):
                names[alias.target.casefold()] |= {alias.alias.casefold(), letters(alias.alias.casefold())}
            yield from ((sellers[provider], frozenset(own), cards[name]) for name, own in names.items())

    def sells(self, provider: str | None, model: str, moment: datetime) -> bool:
        """Whether a name leads to a model that the catalogue prices at this very seller."""
        try:
            return not self.find(provider, model, moment).seller
        except UnknownName:
            return False

    def sellers(self, model: str, moment: datetime) -> list[str]:
        """Every provider that a model's name leads to a card of; "openai/gpt-5" leads to OpenAI's alone."""
        name = model.strip().casefold()
        written = unwrapped(name)
        if written is not None:
            named = self._named_seller(written.seller, moment)
            if named and self._leads(named, written.model, moment):
                return [named]
            if not written.seller:
                return self.sellers(written.model, moment)
        return [
            p for p in self.cards
            if any(self._card(p, s.name, moment) for s in self._steps(p, name)) or letters(name) in self._respelt[p]
            or letters(name) in self._by_last[p]
        ]  # fmt: skip

    def _sellers_own(self, name: str, moment: datetime, region: str | None) -> Named:
        """The card of a model without a provider: its maker's where the maker sells it, else the only seller's.

        Raises: Malformed where several sell it and none of them made it, or where others sell it under a longer name
        """
        written = unwrapped(name)
        said = "" if written is None else self._named_seller(written.seller, moment)
        sellers = [p for p in self.sellers(name, moment) if self._leads(p, name, moment)]
        if said and sellers == [said]:
            return self.find(said, name, moment, region)
        if not sellers:
            raise self._unknown("", name)
        made = [p for p in sellers if makes(p, self.find(p, name, moment).card.model.casefold())]
        if len(sellers) == 1 and (made or not (alike := self._sold_alike(name, sellers[0]))):
            return self.find(sellers[0], name, moment, region)
        if len(made) != 1:
            everyone = sorted({*sellers, *(alike if len(sellers) == 1 else ())})
            raise Malformed(
                f"{len(everyone)} providers sell {name!r}; say which one",
                pointer="/provider",
                hint=f"one of: {', '.join(everyone)}",
                code="provider-needed",
            )
        found = self.find(made[0], name, moment, region)
        return found._replace(beside=tuple(sorted({*sellers} - {made[0]})))

    def _sold_alike(self, name: str, seller: str) -> list[str]:
        """Other sellers of a model whose name begins like this one: a short name is not one seller's by accident."""
        bare = letters(_last(name))
        return [
            p for p in self.cards
            if p != seller and any(letters(_last(model)).startswith(bare) for model in self.cards[p])
        ]  # fmt: skip

    def _lists(self, seller: str, model: str, moment: datetime) -> bool:
        """Whether a seller that passes prices on has one of its own for this very id then."""
        card = self._card(seller, model.strip().casefold(), moment) if seller in self.cards else None
        return card is not None and bool(card.ladder(moment)[0].rates)

    def _passed_on(self, seller: str, name: str, moment: datetime, region: str | None) -> Named:
        """The price of the maker that a seller passes requests on to, by an id of the form maker/model.

        Raises: UnknownName for a model whose maker's price is not known, and for a variant with a price of its own
        """
        maker, slash, model = name.partition("/")
        provider = self._named_seller(maker, moment) if slash else ""
        if not provider or ":" in model or not self._leads(provider, model, moment):
            raise UnknownName(
                f"no price is known of {name[:120]!r} at {seller}",
                pointer="/model",
                hint=f"{seller} bills its maker's price: maker/model of a maker in the catalogue, without a variant",
                code="unknown-model",
            )
        found = self.find(provider, model, moment, region)
        told = f"{seller} passes on the price of the provider that answers, here taken to be {provider}"
        return found._replace(assumed="; ".join(part for part in (told, found.assumed) if part), seller=seller)

    def _leads(self, provider: str, model: str, moment: datetime) -> bool:
        try:
            self.find(provider, model, moment)
        except QuoteError:
            return False
        return True

    def _named_seller(self, word: str, moment: datetime) -> str:
        """The seller that a word means; "" where it means none."""
        try:
            return self.provider(word, moment) if word else ""
        except UnknownName:
            return ""

    def _without_wrapping(self, provider: str, name: str, moment: datetime, region: str | None) -> Named | None:
        """The card of a name without a gateway's prefix or a resource's path, or with the maker that it leaves out.

        Raises: OutOfDomain where the name runs in another place than the one asked for
        """
        written = unwrapped(name)
        if written is not None:
            seller = self._named_seller(written.seller, moment)
            if written.seller and seller not in ("", provider) and makes(provider, written.model):
                return None
            if region and written.place and region.strip().casefold() != written.place:
                hint = f"leave the region out, or ask for {written.model}"
                told = f"{name[:120]} runs in {written.place}, and the region asked for is {region[:80]!r}"
                raise OutOfDomain(told, pointer="/region", hint=hint, code="contradictory-region")
            if self._leads(provider, written.model, moment):
                found = self.find(provider, written.model, moment, region or written.place or None)
                passing = not written.seller or seller == provider
                told = "" if passing else f"{name!r} is read as {written.model!r}"
                return found._replace(assumed=found.assumed or told)
        whole = self._by_last[provider].get(letters(_last(name)))
        if whole is None:
            return None
        found = self.find(provider, whole, moment, region)
        return found._replace(assumed=found.assumed or f"{name!r} is read as {whole!r}")

    def _last_parts(self, provider: str) -> dict[str, str]:
        """Letters of what follows the last slash of an id -> the id, where they are one card's alone."""
        meant: dict[str, set[str]] = {}
        for name in self.cards[provider]:
            if "/" in name and not self._regions.in_name(provider, name)[0]:
                meant.setdefault(letters(_last(name)), set()).add(name)
        return {spelling: next(iter(names)) for spelling, names in meant.items() if len(names) == 1}

    def _card(self, provider: str, name: str, moment: datetime) -> Card | None:
        cards = self.cards[provider]
        return cards.get(name) or cards.get(
            self._snapshot.resolve("token_model", name, moment, scope=provider).casefold()
        )

    def _said(self, provider: str, name: str, place: Place) -> str:
        """The place that an id says it runs in, "" where it says none.

        Raises: OutOfDomain where another place is asked for; the global endpoint is no place, and the id wins
        """
        said, model = self._regions.in_name(provider, name)
        if not said or place.name in ("", GLOBAL) or self._regions.agree(provider, said, place):
            return said
        raise OutOfDomain(
            f"{name} runs in {said}, and the region asked for is {place.name!r}",
            pointer="/region",
            hint=f"leave the region out, or ask for {model}",
            code="contradictory-region",
        )

    def _steps(self, provider: str, name: str, place: Place = NOWHERE, said: str = "") -> Iterator[_Step]:
        """The ids to try, best first: those of the place asked for, of the zones that hold it, of no place."""
        seller = seller_of(provider)
        names = _spelt(provider, name)
        for candidate, assumed in names if place.around else ():
            if seller.listed_in == place.name == GLOBAL:
                yield _Step(candidate, assumed)
            for zone in place.around:
                yield from (_Step(f"{zone}{joint}{candidate}", assumed) for joint in seller.joints)
            if seller.listed_in in place.around:
                yield _Step(candidate, assumed, place.name if seller.listed_in == place.name else "")
        anywhere = _Step(
            f"{seller.everywhere}.{self._regions.in_name(provider, name)[1]}",
            "an in-region or geographic id is billed as regional",
        )
        if place.around and seller.holds_everywhere(place.around):
            yield anywhere
        left = "" if place.name == GLOBAL and seller.joints else place.name
        yield from (_Step(candidate, assumed, left) for candidate, assumed in names)
        if not left and seller.holds_everywhere((said,)):
            yield anywhere

    def _named(self, card: Card, step: _Step, place: Place, said: str) -> Named:
        """The card of a step, with what must be said of its place."""
        listed = self._regions.in_name(card.provider, card.model.casefold())[0]
        answered, listed_in = said or listed or _list_place(card), seller_of(card.provider).listed_in
        named = Named(card, "", step.assumed, place.name or answered)
        if place.name == GLOBAL != answered and said:
            told = f"region: the id runs in {said}, whatever else is asked for"
            return named._replace(place=said, warning=Warning("field-not-used", told))
        if not said and (listed in place.around[1:] or place.name == GLOBAL != answered):
            other = answered or listed_in
            told = f"region: no price in {place.name} is listed for {card.model}: that of {other} stands in"
            return named._replace(warning=Warning("place-stands-in", told))
        if listed and self._regions.agree(card.provider, listed, place):
            same = said or place.name in ("", listed)
            return named if same else named._replace(billed_as=_one_price(card, listed, place))
        if not listed and listed_in in place.around and place.name not in (GLOBAL, *card.regions):
            named = named._replace(billed_as=_one_price(card, listed_in, place))
        return self._in_rows(named, step.region)

    def _in_rows(self, named: Named, region: str) -> Named:
        """The card with the region of its rows that hold in a place.

        Raises: OutOfDomain where none does
        """
        card = named.card
        seller = seller_of(card.provider)
        if region in card.regions:
            return named._replace(region=region)
        if region in ("", seller.listed_in, GLOBAL if card.regions else ""):
            return named
        if seller.premium in card.regions:
            told = f"{region} is a regional endpoint, and is billed as one"
            return named._replace(region=seller.premium, billed_as=told)
        priced = {region for other in self.cards[card.provider].values() for region in other.regions}
        if card.regions or not (region in priced or seller.premium):
            raise _no_such_region(card, region, self._elsewhere(card))
        told = f"no premium is listed for this model in {region}: it is billed at the list price"
        return named._replace(billed_as=told)

    def _elsewhere(self, card: Card) -> list[str]:
        """The places in which this model has a price."""
        _, model = self._regions.in_name(card.provider, card.model.casefold())
        found = (self._regions.in_name(card.provider, name) for name in self.cards[card.provider])
        return sorted({place for place, other in found if place and other == model})

    def _spellings(self, provider: str) -> dict[str, str]:
        """Letters and digits of a name -> the name, where they are one card's alone."""
        meant: dict[str, dict[str, str]] = {}
        for name in self.cards[provider]:
            meant.setdefault(letters(name), {})[name] = name
        for row in self._snapshot.versions("aliases", kind="token_model", scope=provider):
            alias = row.alias.casefold()
            meant.setdefault(letters(alias), {})[row.target.casefold()] = alias
        return {spelling: next(iter(names.values())) for spelling, names in meant.items() if len(names) == 1}


def _last(name: str) -> str:
    """What follows the last slash of an id."""
    return name.rpartition("/")[2]


def _spelt(provider: str, name: str) -> list[tuple[str, str]]:
    """A folded name and what it may be short or long for: (spelling, what is assumed)."""
    names = [(name, "")]
    for prefix in (f"{provider}/", "models/", "accounts/fireworks/models/"):
        if name.startswith(prefix):
            names.append((name.removeprefix(prefix), ""))
    if name.startswith("ft:"):
        names.append((":".join(name.split(":")[:2]), "a fine-tuned model is billed as its base is when fine-tuned"))
    if undated := DATED.sub("", names[-1][0]):
        told = f"{name!r} is billed as {undated!r}: the catalogue lists no price of its own for it"
        names.append((undated, told))
    return names


def _provider_names(snapshot: Snapshot) -> dict[str, frozenset[str]]:
    """Token seller -> its id and aliases, folded, and those without spaces, dots and hyphens."""
    names = {key[0]: {key[0]} for key in snapshot.keys("token_prices")}
    for row in snapshot.versions("aliases", kind="provider", scope="tokens"):
        names[row.target].add(row.alias.casefold())
    return {seller: frozenset(own | {letters(name) for name in own}) for seller, own in names.items()}


def _one_price(card: Card, zone: str, place: Place) -> str:
    """What is said of a place that is billed at the one price of a zone."""
    return seller_of(card.provider).words.get(zone, "").format(place=place.name)


def _list_place(card: Card) -> str:
    """The place that a price without one is for; "" where it holds in several, and can be asked for as none."""
    return GLOBAL if seller_of(card.provider).listed_in in ("", GLOBAL, *card.regions) else ""


def _no_such_region(card: Card, region: str, elsewhere: list[str]) -> OutOfDomain:
    known = elsewhere if seller_of(card.provider).joints else [GLOBAL, *card.regions]
    return OutOfDomain(
        f"{card.provider} has no price for {card.model} in region {region!r}",
        pointer="/region",
        hint=f"known: {', '.join(known)}",
        code="unknown-modifier",
    )


def price_list(snapshot: Snapshot) -> PriceList:
    """The snapshot's price list, compiled on first use: `snapshot.derived(price_list)`."""
    return PriceList(snapshot)
