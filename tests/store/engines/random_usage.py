"""Random rows of usage over every meter, mode, tier, provider, region and moment of the catalogue, and then some."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.price_list import Card
from mlquote.estimators.tokens.token_models import price_list
from mlquote.estimators.tokens.usage import COUNTED

MODES = ("standard", "batch", "flex", "priority", "fast")
_TIERS = (127_999, 128_000, 128_001, 199_999, 200_000, 200_001, 256_000, 272_001)
_STEP = timedelta(microseconds=1)


def random_rows(catalog: Snapshot, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Rows as columns hold them, nulls left out."""
    chosen = random.Random(seed)
    cards = [card for models in catalog.derived(price_list).cards.values() for card in models.values()]
    aliases = list(catalog.versions("aliases", kind="token_model"))
    windowed = [card for card in cards if card.windows]
    for _ in range(count):
        card = chosen.choice(windowed if chosen.random() < 0.05 else cards)
        row: dict[str, Any] = {"provider": card.provider, "model": card.model, "timestamp": _moment(card, chosen)}
        if aliases and chosen.random() < 0.1:
            alias = chosen.choice(aliases)
            row |= {"provider": alias.scope, "model": alias.alias}
        _respell(row, chosen)
        _place(row, card, chosen)
        row |= _counts(card, chosen)
        if chosen.random() < 0.2:
            row["requests"] = chosen.choice([1, 2, 7, 1000, 0, -1])
        if chosen.random() < 0.5:
            row["labels.team"] = chosen.choice(["search", "ads", "mail"])
        yield row


def _respell(row: dict[str, Any], chosen: random.Random) -> None:
    """Names as people write them, and some that lead nowhere."""
    odd = chosen.random()
    if odd < 0.03:
        row["model"] = row["model"].upper()
    elif odd < 0.05:
        row["model"] = f"{row['provider']}/{row['model']}"
    elif odd < 0.07:
        del row["provider"]
    elif odd < 0.08:
        row["model"] += chosen.choice(["-nope", " ", "-2026-01-01"])
    elif odd < 0.09:
        row["provider"] = chosen.choice(["nobody", "OpenAI", "Amazon Bedrock", "openrouter"])


def _place(row: dict[str, Any], card: Card, chosen: random.Random) -> None:
    if chosen.random() < 0.4:
        row["processing"] = chosen.choice(card.processings if chosen.random() < 0.8 else MODES)
    if chosen.random() < 0.1:
        row["region"] = chosen.choice([*card.regions, "us", "eu", "global", "us-east-1"])


def _counts(card: Card, chosen: random.Random) -> dict[str, int]:
    """Counts of the meters that the model has, mostly, and of any other now and then."""
    own = [name for name in COUNTED if card.pricing(name)]
    names = chosen.sample(own, min(len(own), chosen.randint(1, 4))) if own else ["input_tokens"]
    if chosen.random() < 0.15:
        names.append(chosen.choice(COUNTED))
    found = {name: _count(chosen) for name in names}
    if chosen.random() < 0.2 and found.get("output_tokens"):
        found["reasoning_tokens"] = chosen.randint(0, found["output_tokens"] + (chosen.random() < 0.05))
    return found


def _count(chosen: random.Random) -> int:
    kind = chosen.random()
    if kind < 0.1:
        return chosen.choice(_TIERS)
    if kind < 0.15:
        return chosen.choice([0, 1, 10**9, 10**9 + 1, 10**12])
    return 2 ** chosen.randint(0, 18) + chosen.randint(0, 99)


def _moment(card: Card, chosen: random.Random) -> datetime:
    """Mostly near what changes a price, to the microsecond."""
    if chosen.random() < 0.4 and card.changes:
        return chosen.choice(card.changes) + chosen.choice([-_STEP, 0 * _STEP, _STEP])
    return datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=chosen.randint(0, 90 * 1440), microseconds=1)
