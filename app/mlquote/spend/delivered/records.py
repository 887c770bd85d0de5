"""What delivered files hold, whatever their format: calls, hours of machines, what was billed, what counts for none.

A record keeps names as its source spells them; whoever prices it resolves them, once a spelling. What a source does not
say is None, and never zero.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from mlquote.spend.usage_lines import Lineage


class Why(StrEnum):
    """Why a line of a delivered file is on no bill, though it can be read."""

    REPEATED = "repeats of a call that counts"
    """Of the lines of one identity the last counts."""
    ABOVE = "agents above calls that count"
    """It repeats what the calls below it say."""
    NO_CALL = "no calls of a model"
    """A message of a user, a tool's span, an event without counts."""
    CACHED = "answered from a proxy's cache"
    """No provider was asked."""
    FAILED = "failed without tokens"
    """It failed before anything was generated, and counts nothing."""
    OTHER = "measures of something else"
    STEP = "steps of jobs that count"
    """It ran on the machines that its job has."""
    NOT_STARTED = "jobs that have not begun"
    WITHOUT = "without accelerators"
    """A job, a pod or a sample of something else than an accelerator."""


class CallLine(NamedTuple):
    """One call of a model, or the sum of several."""

    line: int
    """Its physical line, or its place in the list of a document, from 1."""
    at: datetime | None
    """Its moment, in UTC."""
    provider: str | None
    model: str
    counts: Mapping[str, Any]
    """Meter (a field of `usage`) -> how many, each token once."""
    calls: int | None = 1
    """How many calls the counts are the sum of; None where the source does not say."""
    is_sum: bool = False
    """Whether the counts are a sum over calls: no length of a prompt follows from them."""
    prompt_from: int | None = None
    """Of a sum: the shortest prompt of its calls, as the source's context window tells (0, 200001)."""
    processing: str | None = None
    region: str | None = None
    labels: Mapping[str, str] = {}
    identity: str = ""
    """What makes it one call; the last line of an identity counts."""
    reported_usd: Decimal | None = None
    """What the source itself says that it cost; compared, never used."""
    pointer: str = ""
    """Where it stands in a document."""


class MachineLine(NamedTuple):
    """Machines used for a time: a job, a pod, a run, an interval of a counter."""

    line: int
    start: datetime | None
    end: datetime | None
    accelerator: str | None
    """As the source spells it; None where it does not say which."""
    accelerator_hours: Fraction | None
    """Hours times accelerators; None where the source does not tell the time."""
    at_most_hours: Fraction | None = None
    """The bound of hours that are not told."""
    energy_kwh: Fraction | None = None
    """As measured."""
    emissions_kgco2e: Fraction | None = None
    """As the source tells."""
    is_idle: bool = False
    """Paid for and used by nobody."""
    region: str | None = None
    labels: Mapping[str, str] = {}
    reported_usd: Decimal | None = None
    """The source's own dollars, at the source's own rates."""
    identity: str = ""
    """What makes it one job, or one run; the last line of an identity counts."""
    is_running: bool = False
    """Whether it has no end yet."""
    pointer: str = ""
    provider: str | None = None
    """Whose region it is, where the source says."""


class Charge(StrEnum):
    """What a line of a bill is for."""

    USAGE = "usage"
    TAX = "tax"
    FEE = "fee"
    """A commitment's or a subscription's, whatever is used."""
    CREDIT = "credit"
    REFUND = "refund"
    ADJUSTMENT = "adjustment"


class BilledLine(NamedTuple):
    """A line of what a seller billed."""

    line: int
    start: datetime | None
    end: datetime | None
    amount: Decimal
    """What was billed, before credits told beside it."""
    currency: str
    charge: Charge
    credits: Decimal = Decimal(0)
    """Credits told beside the amount: negative."""
    effective: Decimal | None = None
    """What it costs with its share of what was paid ahead, where the source says."""
    listed: Decimal | None = None
    """What it would have cost at list price, where the source says."""
    contracted: Decimal | None = None
    """What it costs at the negotiated price, whoever paid what ahead, where the source says."""
    processing: str | None = None
    """The mode, where the source says."""
    rows: tuple[str, ...] = ()
    """Rows of the catalogue that price it, by their keys, where a bill of ours names them."""
    provider: str | None = None
    model: str | None = None
    meter: str | None = None
    """The field of `usage` it is billed by; None where it is no meter of a model."""
    quantity: Decimal | None = None
    """How many of the meter, single tokens and requests, whatever unit the bill is written in."""
    accelerator: str | None = None
    """The part, or words that hold its name."""
    accelerator_hours: Fraction | None = None
    instance: str | None = None
    """A type of machine, as its seller calls it: how many of which part it has, the catalogue knows."""
    instance_hours: Fraction | None = None
    region: str | None = None
    labels: Mapping[str, str] = {}
    identity: str = ""
    pointer: str = ""


class PassedLine(NamedTuple):
    """A line that can be read and is on no bill."""

    line: int
    why: Why
    lines: int = 1
    """How many of them it stands for."""
    span: Lineage | None = None
    """Of a span: where it stands among the others, for calls may be below it."""


class Note(NamedTuple):
    """Something to say of the file as a whole, once."""

    code: str
    detail: str
