"""What would make a workload cheaper, each change priced by itself and ranked in dollars."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from mlquote.estimators.tokens.price_list import listed, sheet_for
from mlquote.estimators.tokens.workload import Caching, Circumstances, Workload, caching_of, slices_of, total_usd
from mlquote.kit.money import EXACT, plain

_STEP = Decimal("1e-12")


@dataclass(frozen=True, slots=True)
class Lever:
    """One change, alone: what the period would cost with it, and how much less that is."""

    lever: str
    change: str
    cost_usd: Decimal
    saves_usd: Decimal
    saves_fraction: Decimal


def levers_of(workload: Workload, around: Circumstances, cost: Decimal) -> tuple[Lever, ...]:
    """Every lever that saves something, the largest saving first.

    Args: workload; around: model, moment and mode; cost: what the workload costs as asked, before any discount
    """
    found = []
    for name, change, changed, processing in _changes(workload, around):
        usd = _cost(changed, around, processing)
        if usd is not None and usd < cost:
            found.append(_lever(name, change, usd, cost))
    if (cheapest := _off_peak(workload, around)) is not None and cheapest < cost:
        found.append(_lever("off_peak", "send every request in the model's cheaper hours", cheapest, cost))
    return tuple(sorted(found, key=lambda lever: lever.cost_usd))


def _lever(name: str, change: str, usd: Decimal, cost: Decimal) -> Lever:
    saved = (cost - usd).quantize(_STEP, context=EXACT)
    share = EXACT.divide(saved, cost).quantize(Decimal("1e-6"), context=EXACT)
    return Lever(name, change, plain(usd.quantize(_STEP, context=EXACT)), plain(saved), plain(share))


def _cost(workload: Workload, around: Circumstances, processing: str) -> Decimal | None:
    return total_usd(slices_of(workload, replace(around, processing=processing)))


def _changes(workload: Workload, around: Circumstances) -> Iterator[tuple[str, str, Workload, str]]:
    """(name, sentence, the workload with it, its processing mode)."""
    processing, card = around.processing, around.card
    ladder = card.ladder(around.moment, processing, around.region, around.facts)
    sheet = sheet_for(ladder, workload.input_tokens)
    caching = caching_of(workload)
    yield from _caching_changes(workload, caching, "cache_read_tokens" in listed(sheet.rates), processing)
    if "batch" in card.processings and workload.batch_fraction < 1:
        waiting = f"the other {_percent(1 - workload.batch_fraction)}" if workload.batch_fraction else "everything"
        yield (
            "batch",
            f"send {waiting} that can wait as a batch",
            _with(workload, batch_fraction=Decimal(1)),
            processing,
        )
    if "flex" in card.processings and processing != "flex":
        yield "flex", "send what may be slow, or refused when it is busy, at flex prices", workload, "flex"
    if sheet.tier_tokens:
        over = workload.input_tokens - sheet.from_tokens + 1
        shorter = _shortened(workload, caching, over)
        yield "leave_tier", f"shorten the prompt by {over} tokens to leave the long-context tier", shorter, processing
    if tenth := (workload.input_tokens - caching.prefix_tokens) // 10:
        shorter = _shortened(workload, caching, tenth)
        yield "shorter_prompt", f"send {tenth} fewer uncached tokens a prompt (a tenth)", shorter, processing
    if tenth := workload.output_tokens // 10:
        shorter = _with(workload, output_tokens=workload.output_tokens - tenth)
        yield "shorter_answer", f"ask for {tenth} fewer tokens an answer (a tenth)", shorter, processing


def _caching_changes(
    workload: Workload, caching: Caching, can_cache: bool, processing: str
) -> Iterator[tuple[str, str, Workload, str]]:
    if not can_cache:
        return
    if not caching.prefix_tokens:
        half = workload.input_tokens // 2
        change = f"cache a prefix of {half} tokens, if half of every prompt is the same"
        yield "cache_prefix", change, _prefixed(workload, half, "5m"), processing
        return
    yield "no_cache", "do not cache: too few requests find the prefix", _prefixed(workload, 0, "5m"), processing
    other = "1h" if caching.ttl == "5m" else "5m"
    change = f"keep cache entries for {other} instead of {caching.ttl}"
    yield f"cache_{other}", change, _prefixed(workload, caching.prefix_tokens, other), processing


def _with(workload: Workload, **change: Any) -> Workload:
    return workload.model_copy(update=change)


def _prefixed(workload: Workload, tokens: int, ttl: str) -> Workload:
    """The workload with a shared prefix of `tokens`, found as often as its lifetime allows."""
    return _with(
        workload, cached_input_fraction=None, shared_prefix_tokens=tokens, cache_ttl=ttl, cache_hit_fraction=None
    )


def _shortened(workload: Workload, caching: Caching, tokens: int) -> Workload:
    """A shorter prompt around the same prefix, found as often as before."""
    length = workload.input_tokens - tokens
    return _with(
        workload,
        input_tokens=length,
        cached_input_fraction=None,
        shared_prefix_tokens=min(caching.prefix_tokens, length),
        cache_hit_fraction=caching.hit_fraction,
    )


def _off_peak(workload: Workload, around: Circumstances) -> Decimal | None:
    """The workload's cost if all of it were sent in the hours that cost least now; None where hours do not matter."""
    if not around.card.windows:
        return None
    hours = around.card.stretches(around.moment, around.moment + timedelta(days=7))
    totals = [total_usd(slices_of(workload, around, [(at, Decimal(1))])) for at, _ in hours]
    return min((total for total in totals if total is not None), default=None)


def _percent(fraction: Decimal) -> str:
    return f"{(fraction * 100).normalize():f} %"
