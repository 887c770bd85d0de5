"""Whether a seller serves a model at a moment: not yet, still, not for long, or no more."""

from collections.abc import Iterator
from datetime import date, datetime

from mlquote.catalog.rows import ModelLifecycle
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.tokens.price_list import Card
from mlquote.kit.provenance import Warning

SOON_DAYS = 180
"""A model that is served no longer than this after the moment is told as one that ends."""
_UNSAID: Finding[ModelLifecycle | None] = Finding(None)


def lifecycle_of(catalog: Snapshot, card: Card, when: datetime) -> Finding[ModelLifecycle | None]:
    """What is known of a model's days at its seller, with a warning where the moment is outside them or near their end.

    None where nothing is known of it, and where there is nothing to say of it at that moment.
    """
    row: ModelLifecycle | None = catalog.held("model_lifecycles", card.provider, card.model, moment=when)
    warnings = () if row is None else tuple(_said(row, when.date()))
    if row is None or not warnings:
        return _UNSAID
    return Finding(row, rows=(catalog.ref("model_lifecycles", row),), warnings=warnings)


def _said(row: ModelLifecycle, day: date) -> Iterator[Warning]:
    named = f"{row.provider} names {row.successor} as its successor" if row.successor else ""
    if row.retired_on is not None and row.retired_on <= day:
        told = f"a public table gives {row.retired_on} as the day from which {row.provider} does not serve {row.model}"
        yield Warning("model-retired", _joined(told, named))
    elif row.available_on is not None and day < row.available_on:
        yield Warning("model-not-yet-available", f"{row.provider} serves {row.model} from {row.available_on} on")
    elif row.retired_on is not None and (row.retired_on - day).days <= SOON_DAYS:
        left = (row.retired_on - day).days
        told = f"{row.provider} serves {row.model} until {row.retired_on}, in {left} day{'s' if left > 1 else ''}"
        yield Warning("model-retiring", _joined(told, named))
    elif row.retired_on is None and row.deprecated_on is not None and row.deprecated_on <= day:
        told = f"{row.provider} has called {row.model} deprecated since {row.deprecated_on}, and named no last day"
        yield Warning("model-retiring", _joined(told, named))


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
