"""Smells of parts, rates and rentals: against kin of their generation, other forms and other sellers."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from mlquote.catalog.checks import Located
from mlquote.catalog.suspects.smell import Catalog, Smell, Trace, grouped, standing, usual

_PEAKS, _RENTALS = "accelerator_peaks", "rental_prices"
_TIMES_FP16 = {"tf32": 0.5, "bf16": 1.0, "fp8": 2.0, "int8": 2.0}
"""Dense matrix rates over the dense fp16 rate: one datapath, split; a generation's own usual ratio goes before."""
_SPARSE_TIMES_DENSE = 2.0
"""What 2:4 sparsity is marketed at."""
_SLACK = 0.03
"""What rounding in data sheets moves a ratio by."""
FAR_FROM_RENTALS = 8
"""Times the median of a part's offers."""
_LIKE = 1.5
"""Times by which memories of one size differ between forms of one product."""
_GEN3, _GEN4, _GEN5 = date(2012, 3, 22), date(2020, 5, 14), date(2025, 1, 1)
"""Since when cards of a new generation come on PCIe 3 (Kepler), PCIe 4 (Ampere) and PCIe 5 (Blackwell)."""
_LINKS = ((_GEN5, 128.0), (_GEN4, 64.0), (_GEN3, 32.0))
"""Since when x16, both directions summed, in GB/s."""
_EARLY = timedelta(days=31)
"""A rental list is dated by the month."""


def _off(ratio: float, rule: float) -> bool:
    return abs(ratio / rule - 1) > _SLACK


def _sparse_for_dense(catalog: Catalog) -> Iterator[Trace]:
    rates = standing(catalog, _PEAKS)
    for key, member in rates.items():
        row = member.row
        dense = None if row.sparsity == "dense" else rates.get((*key[:4], "dense", key[5]))
        if dense is not None and _off(row.tflop_per_s / dense.row.tflop_per_s, _SPARSE_TIMES_DENSE):
            detail = f"dense {dense.row.tflop_per_s:g} beside sparse {row.tflop_per_s:g}"
            yield Trace(_PEAKS, dense, "tflop_per_s", detail)


def _off_ladder(catalog: Catalog) -> Iterator[Trace]:
    """A dense matrix rate off the ladder of matrix units, and off that of its generation where it has its own."""
    ratios: dict[tuple[str, str, str], list[tuple[Located, float]]] = {}
    generations = {m.row.id: (m.row.vendor, m.row.generation) for m in catalog.get("accelerators", ())}
    for member, ratio in _times_fp16(standing(catalog, _PEAKS).values()):
        place = (*generations.get(member.row.accelerator, ("", "")), member.row.dtype)
        ratios.setdefault(place, []).append((member, ratio))
    for (_, _, dtype), members in ratios.items():
        rules = (_TIMES_FP16[dtype], usual(ratio for _, ratio in members) or _TIMES_FP16[dtype])
        for member, ratio in members:
            if all(_off(ratio, rule) for rule in rules):
                detail = f"{member.row.tflop_per_s:g} is {ratio:.3g} of its fp16 rate, the rule is {rules[0]:g}"
                yield Trace(_PEAKS, member, "tflop_per_s", detail)


def _times_fp16(rates: Iterable[Located]) -> Iterator[tuple[Located, float]]:
    """Each dense matrix rate and its ratio to the fp16 rate of the same part and claim, fp32 accumulated."""
    dense = (m for m in rates if (m.row.sparsity, m.row.unit_class) == ("dense", "matrix"))
    for members in grouped(dense, lambda row: (row.accelerator, row.claim)).values():
        base = next((m.row.tflop_per_s for m in members if (m.row.dtype, m.row.accumulate) == ("fp16", "fp32")), None)
        for member in members:
            if base is not None and member.row.dtype in _TIMES_FP16 and member.row.accumulate != "fp16":
                yield member, member.row.tflop_per_s / base


def _fp64_off_family(catalog: Catalog) -> Iterator[Trace]:
    """fp64 over fp32 of vector units is one ratio in a generation's kind of die: whole or cut."""
    parts = {m.row.id: m.row for m in catalog.get("accelerators", ())}
    rates = standing(catalog, _PEAKS)
    ratios: dict[Any, list[tuple[Located, float]]] = {}
    for key, member in rates.items():
        row = member.row
        if (row.dtype, row.unit_class) != ("fp64", "vector") or row.accelerator not in parts:
            continue
        single = rates.get((row.accelerator, "fp32", "vector", "fp32", row.sparsity, key[5]))
        if single is not None:
            ratio, part = row.tflop_per_s / single.row.tflop_per_s, parts[row.accelerator]
            ratios.setdefault((part.vendor, part.generation, ratio > 0.1), []).append((member, ratio))
    for members in ratios.values():
        rule = usual(round(1 / ratio) for _, ratio in members)
        for member, ratio in members:
            if rule is not None and _off(1 / ratio, rule):
                yield Trace(_PEAKS, member, "tflop_per_s", f"fp64 is 1/{1 / ratio:.3g} of fp32, its kin 1/{rule:g}")


def _link_off_bus(catalog: Catalog) -> Iterator[Trace]:
    """Half of what a card's bus carries both ways: one direction, or the generation before."""
    for member in catalog.get("accelerators", ()):
        row = member.row
        link, released = row.interconnect_gb_per_s, row.release_date
        if link is None or released is None or link not in (16.0, 32.0, 64.0):
            continue
        full = next((rate for since, rate in _LINKS if released >= since), link)
        if link < full:
            yield Trace("accelerators", member, "interconnect_gb_per_s", f"{link:g} where its bus carries {full:g}")


def _unlike_its_product(catalog: Catalog) -> Iterator[Trace]:
    """Bandwidth that no other form of a product of that memory comes near; "H100" is a product, "RTX" a whole range."""
    sold = (m for m in catalog.get("accelerators", ()) if any(letter.isdigit() for letter in m.row.product))
    for members in grouped(sold, lambda row: (row.vendor, row.product, row.memory_gb)).values():
        known = [m for m in members if m.row.memory_bandwidth_gb_per_s]
        middle = median(m.row.memory_bandwidth_gb_per_s for m in known) if len(known) > 1 else None
        for member in known:
            rate = member.row.memory_bandwidth_gb_per_s
            if middle is not None and not 1 / _LIKE < rate / middle < _LIKE:
                detail = f"{rate:g} where the product's other forms have {middle:g}"
                yield Trace("accelerators", member, "memory_bandwidth_gb_per_s", detail)


def _tdp_outlier(catalog: Catalog) -> Iterator[Trace]:
    """A rated power of a part more than twice or less than half of what its own other rows say, per accelerator."""
    rated = [m for m in catalog.get("accelerator_power", ()) if (m.row.scope, m.row.statistic) == ("board", "tdp")]
    for members in grouped(rated, lambda row: row.accelerator).values():
        watts = [m.row.watts / m.row.accelerator_count for m in members]
        for member, own in zip(members, watts, strict=True):
            if not 0.5 <= own / median(watts) <= 2:
                yield Trace("accelerator_power", member, "watts", f"{own:g} W where others say {median(watts):g}")


def _released_after_priced(catalog: Catalog) -> Iterator[Trace]:
    first: dict[str, datetime] = {}
    for member in catalog.get(_RENTALS, ()):
        row = member.row
        if row.effective_from is not None and row.basis in (
            "instance",
            "accelerator",
            "accelerator_with_host",
            "deployment",
        ):
            first[row.accelerator] = min(row.effective_from, first.get(row.accelerator, row.effective_from))
    for member in catalog.get("accelerators", ()):
        released, priced = member.row.release_date, first.get(member.row.id)
        if released is not None and priced is not None and released > priced.date() + _EARLY:
            detail = f"released {released}, rented since {priced:%Y-%m-%d}"
            yield Trace("accelerators", member, "release_date", detail)


def _offers(catalog: Catalog) -> dict[tuple[Any, ...], Located]:
    listed = ("instance", "accelerator", "accelerator_with_host", "deployment")
    return {key: m for key, m in standing(catalog, _RENTALS).items() if m.row.basis in listed}


def _dearer_than(catalog: Catalog, cheap: str, dear: str) -> Iterator[Trace]:
    offers = _offers(catalog)
    prices = grouped(offers.values(), lambda r: (r.provider, r.sku, r.accelerator, r.accelerator_count, r.region))
    for members in prices.values():
        full = [m.row.usd_per_hour for m in members if m.row.price_model == dear]
        for member in members:
            if full and member.row.price_model == cheap and member.row.usd_per_hour > max(full):
                detail = f"{cheap} {member.row.usd_per_hour} above {dear} {max(full)}"
                yield Trace(_RENTALS, member, "usd_per_hour", detail)


def _spot_above_on_demand(catalog: Catalog) -> Iterator[Trace]:
    yield from _dearer_than(catalog, "spot", "on_demand")


def _reserved_above_shorter(catalog: Catalog) -> Iterator[Trace]:
    for cheap, dear in (("reserved_1y", "on_demand"), ("reserved_3y", "on_demand"), ("reserved_3y", "reserved_1y")):
        yield from _dearer_than(catalog, cheap, dear)


def _hour_arithmetic(catalog: Catalog) -> Iterator[Trace]:
    for member in catalog.get(_RENTALS, ()):
        row = member.row
        each = float(row.usd_per_hour) / row.accelerator_count
        if abs(each / float(row.usd_per_accelerator_hour) - 1) > 0.01:
            detail = f"{row.usd_per_hour} for {row.accelerator_count} is not {row.usd_per_accelerator_hour} each"
            yield Trace(_RENTALS, member, "usd_per_accelerator_hour", detail)


def _far_from_other_offers(catalog: Catalog) -> Iterator[Trace]:
    for members in grouped(_offers(catalog).values(), lambda row: (row.accelerator, row.price_model)).values():
        sellers = grouped(members, lambda row: row.provider).values()
        if len(sellers) < 3:
            continue
        middle = float(median(median(m.row.usd_per_accelerator_hour for m in offers) for offers in sellers))
        for member in members:
            each = float(member.row.usd_per_accelerator_hour)
            if not 1 / FAR_FROM_RENTALS < each / middle < FAR_FROM_RENTALS:
                detail = f"{each:g} an hour where the median of {len(sellers)} sellers is {middle:.3g}"
                yield Trace(_RENTALS, member, "usd_per_accelerator_hour", detail)


SMELLS = (
    Smell("sparse-for-dense", "a sparse rate is twice the dense one", _sparse_for_dense),
    Smell("off-ladder", "rates of one part are halves and doubles of its fp16 rate", _off_ladder),
    Smell("fp64-off-family", "fp64 over fp32 is one ratio in a generation", _fp64_off_family),
    Smell("link-off-bus", "a card's link is its bus, both directions summed", _link_off_bus),
    Smell("unlike-its-product", "forms of one product have like memories", _unlike_its_product),
    Smell("rated-power-apart", "two data sheets rate one board alike", _tdp_outlier),
    Smell("released-after-priced", "nothing is rented before it is released", _released_after_priced),
    Smell("spot-above-on-demand", "what may be taken back costs less", _spot_above_on_demand),
    Smell("reserved-above-shorter", "a longer term costs less an hour", _reserved_above_shorter),
    Smell("hour-arithmetic", "the machine's price is its accelerators' together", _hour_arithmetic),
    Smell("far-from-other-offers", "one part costs about the same elsewhere", _far_from_other_offers),
)
