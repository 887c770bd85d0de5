"""How the door turns the bytes of a log into a bill: the one road of a log that is answered at once and of a job."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from mlquote.catalog.remembered import Memory
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import Name
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Answer
from mlquote.spend.budgets import BudgetName
from mlquote.spend.delivered.columns import is_columns
from mlquote.spend.delivered.sources import source_of
from mlquote.spend.delivered.walk import Delivery, read_delivered
from mlquote.spend.focus.charges import FocusTerms
from mlquote.spend.focus.columns import version_of
from mlquote.spend.machine_terms import MachineAsked
from mlquote.spend.reservations import Request as Again
from mlquote.spend.usage import UsageBill, bill, told
from mlquote.spend.usage_days import check_looks
from mlquote.spend.usage_groups import ForecastOf, Grouping, Looks, groups_of, zone_of
from mlquote.store import idempotent, reservations
from mlquote.store.engine import Engine
from mlquote.store.engines.logs import columnar_bill
from mlquote.web.routes.rate_cards import stored_card

PARQUET: Final = "parquet"
"""The format of an export that is no face of other answers."""
_PIECE_BYTES: Final = 256 * 1024


class Pricing(MachineAsked):
    """How a log is priced."""

    by: str = ""
    """Totals by any of hour, day, week, month, provider, model, processing, region, key, line, label.NAME."""
    timezone: Name | None = None
    """The zone whose hours, days, weeks and months count: Europe/Zurich; default: UTC."""
    source: Name | None = None
    """Which delivered format it is (docs/usage.md); default: told by how it begins."""
    provider: Name | None = None
    """Whose the lines are that name no provider: a provider's own export never names it."""
    forecast: ForecastOf | None = None
    """Also foretell what the month, or the quarter, of the log's last day will have cost; `by` has day."""
    anomalies: bool = False
    """Also name days that cost unusually much or little in their group, and their dearest lines; `by` has day."""
    release: Name | None = None
    """Catalogue release the prices are read from; default: the newest."""
    focus_version: Name | None = None
    """Also tell the bill as charges of FOCUS, in this version: 1.2; format=csv and parquet are then its file."""
    billing_account: Name | None = None
    """Whose account at the sellers it is, as the export's BillingAccountId; default: unspecified."""
    budget: BudgetName | None = None
    """Charge the cost to this budget, each line to its own day; needs scope budgets:reserve and an Idempotency-Key."""
    format: Name | None = None
    """json, text, markdown or csv; parquet for an export of FOCUS."""

    @property
    def looks(self) -> Looks:
        """What is asked of its days."""
        return Looks(self.forecast, self.anomalies)

    @property
    def focus(self) -> FocusTerms | None:
        """How its charges are exported; None where they are not."""
        if self.focus_version is None:
            return None
        return FocusTerms(version_of(self.focus_version), self.billing_account)


def checked(pricing: Pricing) -> None:
    """Refuse what no log can be priced by, before the log is read.

    Raises: Malformed
    """
    check_looks(pricing.looks, groups_of(pricing.by))
    zone_of(pricing.timezone)
    if pricing.source is not None:
        source_of(pricing.source)
    if pricing.focus is not None:
        return
    hint = "focus_version=1.2"
    if pricing.billing_account is not None:
        raise Malformed("billing_account is a column of FOCUS exports", pointer="/billing_account", hint=hint)
    if (pricing.format or "").strip().casefold() == PARQUET:
        raise Malformed("parquet is a format of FOCUS exports", pointer="/format", hint=hint)


def priced_log(
    engine: Engine, catalog: Snapshot, pieces: Iterable[bytes], pricing: Pricing, media_type: str, now: datetime
) -> tuple[UsageBill, dict[str, Any]]:
    """A log's bill, and what is told of it.

    Raises: Malformed where it is no log of usage
    """
    whole = _billed(engine, catalog, iter(pieces), pricing, media_type, now)
    whole.terms = pricing.machine_terms
    return whole, told(whole, catalog, now)


def _billed(
    engine: Engine, catalog: Snapshot, pieces: Iterator[bytes], pricing: Pricing, media_type: str, now: datetime
) -> UsageBill:
    """The bill of a log: a table of counts in Parquet or Arrow by its columns, everything else line by line."""
    zone, first = zone_of(pricing.timezone), next(pieces, b"")
    grouping = Grouping(groups_of(pricing.by), zone, pricing.looks)
    price, asked = _Priced(engine), Delivery(pricing.source, media_type, pricing.provider, zone)
    if not is_columns(first) or pricing.focus is not None:
        return bill(read_delivered(chain((first,), pieces), asked), catalog, now, grouping, price, focus=pricing.focus)
    with NamedTemporaryFile(suffix=".parquet") as file:
        for piece in chain((first,), pieces):
            file.write(piece)
        file.flush()
        charges = pricing.budget is not None
        found = columnar_bill(
            [Path(file.name)], catalog, now, grouping, estimate=price, provider=pricing.provider, days=charges
        )
        if found is not None:
            return found
        file.seek(0)
        return bill(read_delivered(iter(partial(file.read, _PIECE_BYTES), b""), asked), catalog, now, grouping, price)


def charged(engine: Engine, budget: str, whole: UsageBill, answer: Mapping[str, Any], again: Again) -> Any:
    """The answer after a bill was charged to its budget, once, however often it is asked."""
    told_so = {**answer, "budget": budget, "charged_usd": answer["priced_usd"]}
    return reservations.spend(engine, budget, whole.amounts(), again, labels={}, answer=told_so)


def charged_before(engine: Engine, budget: str, again: Again) -> Any | None:
    """The answer that this log already had under its key."""
    return idempotent.answered(engine, budget, again)


class _Priced:
    """Answers a line's question, under the rate card that it names; each card is looked up once in a log."""

    def __init__(self, engine: Engine) -> None:
        self._cards = Memory(partial(stored_card, engine))

    def __call__(self, question: ApiUsage, catalog: Snapshot, moment: datetime) -> Answer:
        """The answer to one line.

        Raises: as `inference_estimate`; UnknownName for a card that is not stored
        """
        card = None if question.rate_card is None else self._cards[question.rate_card]
        return inference_estimate(question, catalog, moment, card=card)
