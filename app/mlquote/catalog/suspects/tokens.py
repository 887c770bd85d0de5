"""Smells of token prices: against the same model's other meters, modes and sellers."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from statistics import median
from typing import Any

from mlquote.catalog.checks import Located
from mlquote.catalog.suspects.smell import Catalog, Smell, Trace, grouped, standing, usual
from mlquote.catalog.tables import TABLE
from mlquote.kit.units import MULTIPLIER

_TABLE = "token_prices"
_KEY = TABLE[_TABLE].key
FAR_FROM_STANDARD = 10
"""Times the standard price, up or down, that no mode of processing is sold at."""
HALF = 0.5
"""What a batch costs of the standard price where a seller has no ratio of its own."""
FAR_FROM_SELLERS = 10
"""Times the median of four or more sellers of one model."""
_ROUNDING = 0.02
"""What rounding to a list price's digits moves a ratio of two prices by."""

Sibling = Callable[..., Located | None]


def _prices(catalog: Catalog) -> Iterator[tuple[Located, Sibling]]:
    """Each price that stands, and a way to its siblings: the same key but for the columns named."""
    held = standing(catalog, _TABLE)
    for key, member in held.items():
        if member.row.unit == MULTIPLIER:
            continue

        def sibling(_key: tuple[Any, ...] = key, **other: Any) -> Located | None:
            return held.get(tuple(other.get(column, value) for column, value in zip(_KEY, _key, strict=True)))

        yield member, sibling


def _trace(member: Located, detail: str, column: str = "usd") -> Trace:
    return Trace(_TABLE, member, column, detail)


def _cache_read_above_input(catalog: Catalog) -> Iterator[Trace]:
    for member, sibling in _prices(catalog):
        if member.row.meter == "cache_read" and (full := sibling(meter="input")) and member.row.usd > full.row.usd:
            yield _trace(member, f"{member.row.usd}, its input is {full.row.usd}")


def _cache_read_off_rule(catalog: Catalog) -> Iterator[Trace]:
    for member, sibling in _prices(catalog):
        row = member.row
        if row.meter == "cache_read" and (full := sibling(meter="input")) and row.usd * 200 < full.row.usd:
            yield _trace(member, f"{row.usd} is under a two-hundredth of its input, {full.row.usd}")


def _cache_write_below_input(catalog: Catalog) -> Iterator[Trace]:
    for member, sibling in _prices(catalog):
        row = member.row
        if row.meter == "cache_write" and row.unit == "per_million_tokens":
            full = sibling(meter="input", cache_ttl="")
            if full and row.usd < full.row.usd:
                yield _trace(member, f"{row.usd}, its input is {full.row.usd}")


def _output_below_input(catalog: Catalog) -> Iterator[Trace]:
    for member, sibling in _prices(catalog):
        if (member.row.meter, member.row.modality) == ("output", "text"):
            full = sibling(meter="input")
            if full and member.row.usd < full.row.usd:
                yield _trace(member, f"{member.row.usd}, its input is {full.row.usd}: swapped?")


def _far_from_standard(catalog: Catalog) -> Iterator[Trace]:
    for member, sibling in _prices(catalog):
        row = member.row
        standard = None if row.processing == "standard" else sibling(processing="standard")
        if standard is None:
            continue
        ratio = float(row.usd / standard.row.usd)
        if not 1 / FAR_FROM_STANDARD < ratio < FAR_FROM_STANDARD:
            yield _trace(member, f"{row.usd} is {ratio:.3g} of the standard {standard.row.usd}")


def _batch_off_rule(catalog: Catalog) -> Iterator[Trace]:
    """A seller's rule is the ratio that most of its batch prices have to the standard ones.

    A cache in a batch may be read at the batch's rule, at its own price, or at the batch's input.
    """
    batches: dict[str, list[tuple[Located, tuple[Decimal, ...]]]] = {}
    for member, sibling in _prices(catalog):
        if member.row.processing == "batch" and (standard := sibling(processing="standard")):
            bases: list[Decimal] = [standard.row.usd]
            if member.row.meter.startswith("cache") and (full := sibling(meter="input", cache_ttl="")):
                bases += [standard.row.usd * 2, full.row.usd * 2]
            batches.setdefault(member.row.provider, []).append((member, tuple(bases)))
    for members in batches.values():
        rule = usual(float(member.row.usd / ways[0]) for member, ways in members) or HALF
        for member, ways in members:
            usd = float(member.row.usd)
            if all(abs(usd - rule * float(base)) > _ROUNDING * float(base) + _last_digit(member) for base in ways):
                yield _trace(member, f"{usd:g} is {usd / float(ways[0]):.3g} of the standard price, the rule {rule:g}")


def _last_digit(member: Located) -> float:
    """Half of the last digit that a price is printed to, where that is little of it."""
    usd = member.row.usd
    return min(0.5 * 10.0 ** int(usd.normalize().as_tuple().exponent), 0.2 * float(usd))


def _tier_on_one_meter(catalog: Catalog) -> Iterator[Trace]:
    """Providers that bill long prompts higher bill their input and their output so."""
    for member, sibling in _prices(catalog):
        row = member.row
        if row.tier_tokens and row.modality == "text" and row.meter in ("input", "output"):
            other = "output" if row.meter == "input" else "input"
            base = sibling(meter=other, tier_operator="", tier_tokens=None)
            if base is not None and sibling(meter=other) is None:
                yield _trace(member, f"{other} has no rate above {row.tier_tokens} tokens", "tier_tokens")


def _long_below_short(catalog: Catalog) -> Iterator[Trace]:
    for member, sibling in _prices(catalog):
        row = member.row
        if row.tier_tokens and (base := sibling(tier_operator="", tier_tokens=None)) and row.usd < base.row.usd:
            yield _trace(member, f"{row.usd} above {row.tier_tokens} tokens, {base.row.usd} below")


_NAME = re.compile(r"[^a-z0-9]+")
_DRESS = re.compile(r"-(instruct|chat|turbo|it|hf|fp8|bf16|fp16|maas|v1:0|latest|tee)$")


def bare_name(model: str) -> str:
    """A model's id without its maker's folder, its dress (-instruct, -fp8) and its separators."""
    name = model.casefold().rsplit("/", 1)[-1]
    while (shorter := _DRESS.sub("", name)) != name:
        name = shorter
    return _NAME.sub("", name)


def _far_from_other_sellers(catalog: Catalog) -> Iterator[Trace]:
    plain = (
        member
        for member in standing(catalog, _TABLE).values()
        if (row := member.row).modality == "text"
        and row.meter in ("input", "output")
        and (row.processing, row.tier_tokens, row.region, row.variant) == ("standard", None, "", "")
    )
    for sold in grouped(plain, lambda row: (bare_name(row.model), row.meter, row.unit)).values():
        if len({member.row.provider for member in sold}) < 4:
            continue
        middle = float(median(member.row.usd for member in sold))
        for member in sold:
            if not 1 / FAR_FROM_SELLERS < float(member.row.usd) / middle < FAR_FROM_SELLERS:
                yield _trace(member, f"{member.row.usd} where the median of {len(sold)} prices is {middle:.3g}")


_COMMITTED = re.compile(r"commit|provisioned|reserved|\bptu\b|\bmonth", re.IGNORECASE)


def _commitment_unit(catalog: Catalog) -> Iterator[Trace]:
    for member in standing(catalog, _TABLE).values():
        row = member.row
        words = f"{row.processing} {row.variant} {row.model}"
        if _COMMITTED.search(words) and not row.unit.endswith("_hour"):
            yield _trace(member, f"a committed capacity is priced {row.unit}", "unit")


_UNREAD = re.compile(r"general knowledge|from memory|recalled|guess", re.IGNORECASE)


def _nobody_read(catalog: Catalog) -> Iterator[Trace]:
    for member in catalog.get(_TABLE, ()):
        if _UNREAD.search(member.row.read_from):
            yield _trace(member, f"read from {member.row.read_from!r}", "read_from")


def _ended_alone(catalog: Catalog) -> Iterator[Trace]:
    """A text meter that ended while its model's other text meters go on, in the same mode."""
    held = standing(catalog, _TABLE)
    going = {(key[0], key[1], key[5]) for key, m in held.items() if m.row.meter in ("input", "output")}
    retired = {(m.row.provider, m.row.model) for m in catalog.get("model_lifecycles", ()) if m.row.retired_on}
    last: dict[tuple[Any, ...], Located] = {}
    for member in catalog.get(_TABLE, ()):
        row, key = member.row, TABLE[_TABLE].key_of(member.row)
        plain = row.modality == "text" and row.meter in ("input", "output") and not row.variant
        if plain and (key not in last or str(row.effective_from) > str(last[key].row.effective_from)):
            last[key] = member
    for key, member in last.items():
        place = (key[0], key[1], key[5])
        if key not in held and place in going and place[:2] not in retired and member.row.tier_tokens is None:
            yield _trace(member, f"ended {member.row.effective_to:%Y-%m-%d}, its model is sold on", "effective_to")


SMELLS = (
    Smell("cache-read-above-input", "reading a cache costs less than reading anew", _cache_read_above_input),
    Smell("cache-read-far-below-input", "no seller discounts a cached token so far", _cache_read_off_rule),
    Smell("cache-write-below-input", "writing a cache costs at least the input", _cache_write_below_input),
    Smell("output-below-input", "output costs at least as much as input", _output_below_input),
    Smell("far-from-standard", "no mode costs ten times the standard price, or a tenth", _far_from_standard),
    Smell("batch-off-rule", "a seller's batch prices have one ratio to its standard ones", _batch_off_rule),
    Smell("tier-on-one-meter", "a long-context tier holds for input and output", _tier_on_one_meter),
    Smell("long-below-short", "a long prompt is not cheaper than a short one", _long_below_short),
    Smell("far-from-other-sellers", "one model costs about the same elsewhere", _far_from_other_sellers),
    Smell("commitment-unit", "committed capacity is priced by the hour", _commitment_unit),
    Smell("nobody-read-it", "a fact is read somewhere", _nobody_read),
    Smell("ended-alone", "a meter ends with its model, or another row follows it", _ended_alone),
)
