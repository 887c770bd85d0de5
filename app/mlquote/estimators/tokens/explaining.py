"""What an answer says about a bill: every row behind it, what was assumed, what is doubtful, what has no price."""

from collections.abc import Iterator
from datetime import datetime

from mlquote.catalog.rows import TokenPrice
from mlquote.estimators.asking.finding import Finding, unknown
from mlquote.estimators.tokens.charges import Cost, CostLine
from mlquote.estimators.tokens.meters import NO_DISCOUNT
from mlquote.estimators.tokens.price_list import Card, Rate
from mlquote.kit.money import plain
from mlquote.kit.provenance import Assumption, Warning

UNSEEN_DAYS = 180
"""A price without an end that was last seen longer ago than this is told as an old one."""


_GROUNDING = "list price: the account's free grounding queries of the day or month are no fact of this call"
_ALLOWANCES = {
    ("google", "web_searches"): _GROUNDING,
    ("google", "maps_queries"): _GROUNDING,
    ("google-vertex", "web_searches"): _GROUNDING,
    ("google-vertex", "maps_queries"): _GROUNDING,
}
"""Counts of which an account has some for free (https://ai.google.dev/gemini-api/docs/pricing)."""


def told_of(card: Card, cost: Cost, *, moment: datetime, now: datetime) -> Iterator[Finding[Rate | None]]:
    """Every rate behind a bill with its rows, and what was assumed, is doubtful or is missing.

    Args: card: the model's prices; cost: one request's; moment: whose prices; now: the asker's clock
    """
    for line in cost.lines:
        yield _told_line(card, line, moment, now)
    if not card.knows_holidays(moment):
        yield unknown_holidays(moment)


def unknown_holidays(moment: datetime) -> Finding[None]:
    """That nobody knows which days of a year are holidays, where peak hours depend on it."""
    return unknown("holidays-unknown", f"the holidays of {moment.year} that decide peak hours are not in this release")


def _told_line(card: Card, line: CostLine, moment: datetime, now: datetime) -> Finding[Rate | None]:
    rate = line.rate
    if rate is None:
        return Finding(None, warnings=(Warning(*_gap(card, line, moment)),))
    warnings = [
        Warning(code, f"{ref.key}: {detail}")
        for row, ref in zip(rate.rows, rate.refs, strict=True)
        for code, detail in _doubts(row, moment, now)
    ]
    if (allowance := _ALLOWANCES.get((card.provider, line.meter))) is not None:
        warnings.append(Warning("free-allowance", allowance))
    assumed = tuple(
        Assumption(f"{line.meter}_usd_per_unit", plain(rate.usd_per_unit), rate.unit, why=why)
        for why in _choices(card, line.meter, rate)
    )
    return Finding(rate, assumed, rate.refs, tuple(warnings))


def needs_words(card: Card, meter: str, rate: Rate, *, now: datetime) -> bool:
    """Whether `told_of` would have more to say of a line at this rate than the row it was read from."""
    return (
        any(True for row in rate.rows for _ in _doubts(row, now, now))
        or any(True for _ in _choices(card, meter, rate))
        or (card.provider, meter) in _ALLOWANCES
    )


def _choices(card: Card, meter: str, rate: Rate) -> Iterator[str]:
    """Why this rate and not another one, where the question left it open."""
    if rate.rows and not rate.rows[0].variant and (kinds := card.told_apart_by(meter)):
        yield f"prices differ by {', '.join(kinds)}, which was not given"
    if meter == "code_sessions" and card.pricing("code_minutes"):
        yield "each session is billed as a full one of 20 minutes; code_minutes bills what containers ran"
    if rate.rows and rate.rows[0].tier_tokens:
        tier = f"{rate.rows[0].tier_operator} {rate.rows[0].tier_tokens:,} tokens"
        yield f"the rate of one prompt {tier}; per=mtok prices a million tokens at the base rate"
    if rate.at_text_rate:
        like = "uncached ones" if meter in NO_DISCOUNT else "text"
        yield f"{card.provider} lists no rate of its own for them, so they are billed as {like}"


def _doubts(row: TokenPrice, moment: datetime, now: datetime) -> Iterator[tuple[str, str]]:
    """What a reader must know of one row: (code, detail)."""
    if row.usd_low is not None:
        yield "disputed-price", f"public tables give {row.usd_low} to {row.usd_high}; {row.note}"
    elif row.confidence == "low":
        yield "low-confidence-price", row.note or row.effective_from_basis
    if row.effective_to is not None and row.effective_to > now:
        yield "price-ends", f"holds until {row.effective_to.isoformat()}"
    if row.effective_to is None and row.checked_on is not None:
        days = (moment.date() - row.checked_on).days
        if days > UNSEEN_DAYS:
            yield "price-unseen-for", f"last seen on {row.checked_on}, {days} days before"


def _gap(card: Card, line: CostLine, moment: datetime) -> tuple[str, str]:
    """Why a count has no price: the model is younger, or the rows that price it are for something else."""
    rows = card.pricing(line.meter)
    began = [row.effective_from for row in rows]
    first = min((start for start in began if start is not None), default=None)
    if first is not None and None not in began and moment < first:
        return "no-price-at-moment", f"{card.model}: no known price of {line.meter} before {first.isoformat()}"
    if not rows:
        return "no-price", f"{card.provider} lists no price of {line.meter} for {card.model}"
    known = "; ".join(sorted({_circumstances(row) for row in rows})[:12])
    return "no-price", f"{card.model} has no price of {line.meter} under these circumstances; it has one for: {known}"


def _circumstances(row: TokenPrice) -> str:
    tier = f"prompt {row.tier_operator} {row.tier_tokens}" if row.tier_tokens else ""
    until = f"until {row.effective_to.date()}" if row.effective_to else ""
    return ", ".join(part for part in (row.processing, row.variant, tier, until) if part)
