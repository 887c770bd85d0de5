"""Which sellers and models a rate card's rules mean: checked when a card is put, and where it is laid over a bill.

A rule may say a seller and a model as any question may: an alias, a regional or versioned id, an ARN, a gateway's
prefix, or a shell pattern of these. One that means nothing in the catalogue would leave the bill at the public price
without a word, so no card with such a rule is kept.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase, translate
from itertools import chain

from mlquote.catalog.snapshot import letters
from mlquote.estimators.tokens.price_list import Card
from mlquote.estimators.tokens.rate_cards import Names, RateCard, RateRule, is_pattern, means
from mlquote.estimators.tokens.sellers import PASSES_ON
from mlquote.estimators.tokens.token_models import Named, PriceList
from mlquote.kit.errors import Fault, Malformed, QuoteError, nearest

MOST_WRONG = 20
"""Rules that are told of as meaning nothing; what stands after them is not looked at, since each takes a while."""
MOST_HINTS = 5
"""Of those, so many with the names that come nearest."""


@dataclass(frozen=True, slots=True)
class _Shop:
    """One seller: all spellings of it, and the cards that each spelling of a model means."""

    sellers: Names
    cards: Mapping[str, Sequence[Card]]

    def meant(self, pattern: str) -> Iterator[Card]:
        """The cards of a rule's model, with or without its seller before it, as `means_model` reads it."""
        yield from self._named(pattern)
        seller, slash, model = pattern.partition("/")
        if slash and seller in self.sellers:
            yield from self._named(model)

    def names(self) -> Iterator[str]:
        """Every spelling of a model, and its id as it is written."""
        for name, cards in self.cards.items():
            yield from (name, *(card.model for card in cards))

    def _named(self, pattern: str) -> Iterator[Card]:
        if not is_pattern(pattern):
            yield from (*self.cards.get(pattern, ()), *self.cards.get(letters(pattern), ()))
            return
        matches = re.compile(translate(pattern)).match
        for name, cards in self.cards.items():
            if name == pattern or matches(name):
                yield from cards


def check_rules(card: RateCard, prices: PriceList, moment: datetime) -> None:
    """Refuse a card with a rule that means no seller, model or mode of the catalogue.

    A thousand rules take seconds: not for an event loop.

    Raises: Malformed with a fault for each such rule, naming what it would match
    """
    shops, faults = _shops(prices), list[Fault]()
    for place, rule in enumerate(card.rules):
        faults += _faults(rule, place, _Street(prices, shops, moment, len(faults) < MOST_HINTS))
        if len(faults) == MOST_WRONG:
            break
    if faults:
        count = f"{len(faults)} or more" if len(faults) == MOST_WRONG else str(len(faults))
        told = f"{count} of the card's rules can match nothing in this catalogue release"
        raise Malformed(told, faults=faults, code="rule-matches-nothing")


@dataclass(frozen=True, slots=True)
class _Street:
    """Every shop of a release, and whether whoever finds none is told the nearest."""

    prices: PriceList
    shops: Mapping[str, _Shop]
    moment: datetime
    hints: bool


def _shops(prices: PriceList) -> dict[str, _Shop]:
    cards: dict[str, dict[str, list[Card]]] = {}
    sellers: dict[str, Names] = {}
    for names, models, card in prices.every_name():
        sellers[card.provider] = names
        for model in models:
            cards.setdefault(card.provider, {}).setdefault(model, []).append(card)
    return {provider: _Shop(names, cards[provider]) for provider, names in sellers.items()}


def names_in_rules(card: RateCard, prices: PriceList, named: Named, moment: datetime) -> Names:
    """The models' names in a card's rules that mean the model, and the place, that a question's names led to."""
    written = {rule.model for rule in card.rules if not is_pattern(rule.model)}
    return frozenset(name for name in written if prices.means_same(named, name, moment))


def _faults(rule: RateRule, place: int, street: _Street) -> Iterator[Fault]:
    prices, shops = street.prices, street.shops
    sold = {each: s for each, s in shops.items() if rule.provider in PASSES_ON or means(rule.provider, s.sellers)}
    if not sold:
        near = nearest(rule.provider, prices.cards) if street.hints else ""
        hint = near or f"one of: {', '.join(sorted(prices.cards)[:12])}, ..."
        yield Fault(f"/rules/{place}/provider", f"no seller is named {rule.provider!r}", hint)
        return
    meant: Iterator[Card] = (card for shop in sold.values() for card in shop.meant(rule.model))
    first = next(meant, None)
    meant = _found(rule, prices, sold, street.moment) if first is None else chain((first,), meant)
    modes = set[str]()
    for card in meant:
        if any(fnmatchcase(mode, rule.processing) for mode in card.processings):
            return
        modes.update(card.processings)
    if modes:
        told = f"none of these models is sold as {rule.processing!r}"
        yield Fault(f"/rules/{place}/processing", told, f"known: {', '.join(sorted(modes))}")
        return
    names = {name for shop in sold.values() for name in shop.names()} if street.hints else ()
    yield Fault(
        f"/rules/{place}/model", f"{rule.model!r} matches no model of {rule.provider!r}",
        _would_match(rule.model, sorted(names)),
    )  # fmt: skip


def _found(rule: RateRule, prices: PriceList, sellers: Iterable[str], moment: datetime) -> Iterator[Card]:
    """The cards that a rule's name leads to, read as a question's name is."""
    for seller in sellers if not is_pattern(rule.model) else ():
        try:
            yield prices.find(seller, rule.model, moment).card
        except QuoteError:
            continue


def _would_match(pattern: str, names: Sequence[str]) -> str:
    bare = "".join(c for c in pattern if c not in "*?[]")
    return nearest(bare, names) or "GET /v1/catalog/token_prices lists every model"
