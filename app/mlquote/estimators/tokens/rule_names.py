"""Which sellers and models a rate card's rules mean: checked when a card is put, and where it is laid over a bill.

A rule may say a seller and a model as any question may: an alias, a regional or versioned id, an ARN, a gateway's
prefix, or a shell pattern of these. One that means nothing in the catalogue would leave the bill at the public price
without a word, so no card with such a rule is kept.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from fnmatch import fnmatchcase

from mlquote.estimators.tokens.price_list import Card
from mlquote.estimators.tokens.rate_cards import Names, RateCard, RateRule, is_pattern, means, means_model
from mlquote.estimators.tokens.sellers import PASSES_ON
from mlquote.estimators.tokens.token_models import Named, PriceList
from mlquote.kit.errors import Fault, Malformed, QuoteError, nearest

Known = Sequence[tuple[Names, Names, Card]]
"""Every card in the catalogue: all spellings of its seller, of its model, and the card itself."""


def check_rules(card: RateCard, prices: PriceList, moment: datetime) -> None:
    """Refuse a card with a rule that means no seller, model or mode of the catalogue.

    Raises: Malformed with a fault for each such rule, naming what it would match
    """
    known = list(prices.every_name())
    faults = [fault for place, rule in enumerate(card.rules) for fault in _faults(rule, place, prices, known, moment)]
    if faults:
        told = f"{len(faults)} of the card's rules can match nothing in this catalogue release"
        raise Malformed(told, faults=faults, code="rule-matches-nothing")


def names_in_rules(card: RateCard, prices: PriceList, named: Named, moment: datetime) -> Names:
    """The models' names in a card's rules that mean the model, and the place, that a question's names led to."""
    written = {rule.model for rule in card.rules if not is_pattern(rule.model)}
    return frozenset(name for name in written if prices.means_same(named, name, moment))


def _faults(rule: RateRule, place: int, prices: PriceList, known: Known, moment: datetime) -> Iterator[Fault]:
    sold = [entry for entry in known if rule.provider in PASSES_ON or means(rule.provider, entry[0])]
    if not sold:
        hint = nearest(rule.provider, prices.cards) or f"one of: {', '.join(sorted(prices.cards)[:12])}, ..."
        yield Fault(f"/rules/{place}/provider", f"no seller is named {rule.provider!r}", hint)
        return
    meant = [card for sellers, models, card in sold if means_model(rule.model, sellers, models)]
    meant = meant or list(_found(rule, prices, {card.provider for _, _, card in sold}, moment))
    if not meant:
        names = {name for _, models, card in sold for name in (card.model, *models)}
        hint = _would_match(rule.model, sorted(names))
        yield Fault(f"/rules/{place}/model", f"{rule.model!r} matches no model of {rule.provider!r}", hint)
        return
    modes = sorted({mode for card in meant for mode in card.processings})
    if not any(fnmatchcase(mode, rule.processing) for mode in modes):
        told = f"none of these models is sold as {rule.processing!r}"
        yield Fault(f"/rules/{place}/processing", told, f"known: {', '.join(modes)}")


def _found(rule: RateRule, prices: PriceList, sellers: set[str], moment: datetime) -> Iterator[Card]:
    """The cards that a rule's name leads to, read as a question's name is."""
    for seller in sellers if not is_pattern(rule.model) else ():
        try:
            yield prices.find(seller, rule.model, moment).card
        except QuoteError:
            continue


def _would_match(pattern: str, names: Sequence[str]) -> str:
    bare = "".join(c for c in pattern if c not in "*?[]")
    return nearest(bare, names) or "GET /v1/catalog/token_prices lists every model"
