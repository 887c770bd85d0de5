"""Each smell is planted in a small sound catalogue and found, once; the catalogue without it smells of nothing."""

from pathlib import Path

import pytest

from mlquote.catalog.suspects.registry import JUDGED_FOR_NOTHING, SMELLS
from mlquote.catalog.suspects.smell import usual
from mlquote.catalog.suspects.tokens import bare_name
from mlquote.store.files import suspects_in
from tests.store.sample import SOURCE, accelerator, token_price, write

Cells = dict[str, str]
Tables = dict[str, list[Cells]]


def peak(dtype: str, rate: str, part: str = "a1", **cells: str) -> Cells:
    accumulate = {"fp64": "fp64", "int8": "int32"}.get(dtype, "fp32")
    unit = "vector" if dtype in ("fp32", "fp64") else "matrix"
    row = {"accelerator": part, "dtype": dtype, "unit_class": unit, "accumulate": accumulate, "sparsity": "dense",
           "claim": "vendor", "tflop_per_s": rate, "source_url": SOURCE, "checked_on": "2026-11-23"}  # fmt: skip
    return row | cells


def rental(usd: str, provider: str = "acme", **cells: str) -> Cells:
    row = {"provider": provider, "sku": "one", "accelerator": "a1", "accelerator_count": "1", "region": "here",
           "price_model": "on_demand", "basis": "instance", "usd_per_hour": usd, "usd_per_accelerator_hour": usd,
           "confirmed": "yes", "effective_from": "2026-01-01", "source_url": SOURCE,
           "checked_on": "2026-11-23"}  # fmt: skip
    return row | cells


def grid(zone: str, year: int, figure: str, **cells: str) -> Cells:
    row = {"zone": zone, "zone_kind": "country", "zone_name": zone, "year": str(year), "dataset": "D",
           "dataset_release": "1", "boundary": "direct", "accounting": "location", "flow": "production",
           "gco2e_per_kwh": figure, "licence": "public domain", "effective_from": f"{year}-01-01",
           "source_url": SOURCE, "checked_on": "2026-11-23"}  # fmt: skip
    return row | cells


def model(**cells: str) -> Cells:
    row = {"id": "acme-1", "name": "Acme 1", "organisation": "Acme", "kind": "transformer", "params": "7000000000",
           "source_url": SOURCE, "checked_on": "2026-11-23"}  # fmt: skip
    return row | cells


def alias(**cells: str) -> Cells:
    return {"kind": "zone", "basis": "code", "source_url": SOURCE, "checked_on": "2026-11-23"} | cells


def kin(*dtypes_and_rates: tuple[str, str]) -> Tables:
    """Four parts of a generation, the last with rates of its own."""
    parts = [accelerator(id=f"a{n}", name=f"A{n}", product=f"A{n}") for n in range(1, 5)]
    usual_rates = [("fp32", "64"), ("fp64", "1"), ("fp16", "100"), ("fp8", "200")]
    peaks = [peak(dtype, rate, f"a{n}") for n in range(1, 4) for dtype, rate in usual_rates]
    return {"accelerators": parts, "accelerator_peaks": [*peaks, *(peak(d, r, "a4") for d, r in dtypes_and_rates)]}


OUTPUT = token_price(meter="output", usd="15")
SELLERS = [token_price(provider=f"seller-{n}", usd=str(n)) for n in range(1, 5)]
OFFERS = [rental(str(n), f"seller-{n}") for n in range(1, 5)]
PLANTED: dict[str, Tables] = {
    "cache-read-above-input": {"token_prices": [token_price(), token_price(meter="cache_read", usd="3.1")]},
    "cache-read-far-below-input": {"token_prices": [token_price(), token_price(meter="cache_read", usd="0.005")]},
    "cache-write-below-input": {
        "token_prices": [token_price(), token_price(meter="cache_write", cache_ttl="5m", usd="2")]
    },
    "output-below-input": {"token_prices": [token_price(), token_price(meter="output", usd="1")]},
    "far-from-standard": {"token_prices": [token_price(), token_price(processing="priority", usd="150")]},
    "batch-off-rule": {"token_prices": [token_price(), token_price(processing="batch", usd="2")]},
    "tier-on-one-meter": {
        "token_prices": [token_price(), OUTPUT, token_price(tier_operator=">", tier_tokens="200000", usd="6")]
    },
    "long-below-short": {
        "token_prices": [token_price(), token_price(tier_operator=">", tier_tokens="200000", usd="2")]
    },
    "far-from-other-sellers": {"token_prices": [*SELLERS, token_price(provider="dear", model="x/Acme_1", usd="40")]},
    "commitment-unit": {"token_prices": [token_price(model="eu/1-month-commitment/acme-1", unit="per_second")]},
    "nobody-read-it": {"token_prices": [token_price(read_from="general knowledge of the announcement")]},
    "ended-alone": {"token_prices": [token_price(effective_to="2026-02-01"), OUTPUT]},
    "sparse-for-dense": {
        "accelerators": [accelerator()],
        "accelerator_peaks": [peak("fp16", "200"), peak("fp16", "200", sparsity="sparse")],
    },
    "off-ladder": kin(("fp16", "100"), ("fp8", "400")),
    "fp64-off-family": kin(("fp32", "64"), ("fp64", "2")),
    "link-off-bus": {"accelerators": [accelerator(release_date="2023-03-21", interconnect_gb_per_s="32")]},
    "unlike-its-product": {
        "accelerators": [
            accelerator(memory_bandwidth_gb_per_s="2000"),
            accelerator(id="a2", memory_bandwidth_gb_per_s="2000"),
            accelerator(id="a3", memory_bandwidth_gb_per_s="200"),
        ]
    },
    "rated-power-apart": {
        "accelerators": [accelerator()],
        "accelerator_power": [
            {
                "accelerator": "a1",
                "system": system,
                "scope": "board",
                "statistic": "tdp",
                "claim": "rated",
                "accelerator_count": "1",
                "watts": watts,
                "source_url": SOURCE,
                "checked_on": "2026-11-23",
            }
            for system, watts in (("x", "300"), ("y", "300"), ("z", "700"))
        ],
    },
    "released-after-priced": {"accelerators": [accelerator(release_date="2026-09-16")], "rental_prices": [rental("2")]},
    "spot-above-on-demand": {
        "accelerators": [accelerator()],
        "rental_prices": [rental("2"), rental("2.5", price_model="spot")],
    },
    "reserved-above-shorter": {
        "accelerators": [accelerator()],
        "rental_prices": [rental("2"), rental("2.5", price_model="reserved_1y", commitment="1 year")],
    },
    "hour-arithmetic": {
        "accelerators": [accelerator()],
        "rental_prices": [rental("16", accelerator_count="8", usd_per_accelerator_hour="16")],
    },
    "far-from-other-offers": {"accelerators": [accelerator()], "rental_prices": [*OFFERS, rental("40", "dear")]},
    "bare-home-page": {"token_prices": [token_price(source_url="https://example.org/")]},
    "share-alike-source": {"grid_intensity": [grid("FRA", 2024, "40", source_url="https://electricitymaps.com/data")]},
    "no-day": {"token_prices": [token_price(checked_on="")]},
    "coarse-zone": {
        "grid_intensity": [grid("CAN", 2024, "190")],
        "aliases": [alias(alias="CA-QC", target="CAN", basis="wider zone")],
    },
    "grid-jump": {"grid_intensity": [grid("FRA", 2023, "40"), grid("FRA", 2024, "400")]},
    "priced-before-release": {"models": [model(release_date="2026-06-01")], "token_prices": [token_price()]},
    "active-above-total": {"models": [model(active_params="8000000000")]},
}


@pytest.mark.parametrize("smell", [smell.name for smell in SMELLS])
def test_a_planted_smell_is_found(tmp_path: Path, smell: str) -> None:
    found = suspects_in(write(tmp_path / "planted", **PLANTED[smell]))
    assert [suspect.smell for suspect in found] == [smell]
    place, line, column = found[0].fault.pointer.split(":")
    assert (place.removesuffix(".csv"), int(line) > 1, column != "") == (found[0].table, True, True)
    assert found[0].row in found[0].fault.detail


def test_a_sound_catalogue_smells_of_nothing(tmp_path: Path) -> None:
    prices = [
        token_price(),
        OUTPUT,
        token_price(meter="cache_read", usd="0.3"),
        token_price(processing="batch", usd="1.5"),
    ]
    tables = kin(("fp32", "64"), ("fp64", "1"), ("fp16", "100"), ("fp8", "200"))
    assert suspects_in(write(tmp_path / "sound", token_prices=prices, rental_prices=OFFERS, **tables)) == ()


def judged(**cells: str) -> Cells:
    row = {"table_name": "token_prices", "row": "acme/acme-1/output/*", "smell": "output-below-input",
           "checked_on": "2026-11-23", "note": "judgement: captions are short"}  # fmt: skip
    return row | cells


def test_a_judgement_beside_the_row_answers_for_it(tmp_path: Path) -> None:
    tables = PLANTED["output-below-input"]
    assert suspects_in(write(tmp_path / "judged", judged=[judged()], **tables)) == ()
    other = write(tmp_path / "other", judged=[judged(smell="off-ladder")], **tables)
    assert [suspect.smell for suspect in suspects_in(other)] == ["output-below-input", JUDGED_FOR_NOTHING]


def test_a_judgement_that_nothing_needs_smells_itself(tmp_path: Path) -> None:
    found = suspects_in(write(tmp_path / "idle", judged=[judged()], token_prices=[token_price()]))
    assert [(suspect.smell, suspect.fault.pointer) for suspect in found] == [(JUDGED_FOR_NOTHING, "judged.csv:2:row")]


def test_ended_rows_and_versions_that_were_superseded_are_left_in_peace(tmp_path: Path) -> None:
    swapped = token_price(meter="output", usd="1", effective_to="2026-03-01")
    mended = token_price(meter="output", usd="15", effective_from="2026-03-01")
    assert suspects_in(write(tmp_path / "mended", token_prices=[token_price(), swapped, mended])) == ()


def test_a_seller_with_a_ratio_of_its_own_is_held_to_that(tmp_path: Path) -> None:
    """xAI bills batches at 0.8 of the standard price."""
    prices = [
        token_price(model=f"m{n}", processing=mode, usd=str(n * factor))
        for n in range(1, 5)
        for mode, factor in (("standard", 10), ("batch", 8 if n < 4 else 5))
    ]
    found = suspects_in(write(tmp_path / "xai", token_prices=prices))
    assert [suspect.row for suspect in found] == ["acme/m4/input/text/batch/per_million_tokens"]


def test_a_models_name_is_bare_of_its_maker_and_dress() -> None:
    assert bare_name("meta-llama/Meta-Llama-3.1-8B-Instruct") == bare_name("Meta_Llama_3.1_8b") == "metallama318b"
    assert bare_name("gemma-3-27b-it") == bare_name("Gemma 3 27B")


def test_nothing_is_unusual_among_two() -> None:
    assert usual([1, 2]) is None
    assert usual([0.5, 0.5, 0.8]) == 0.5
    assert usual([1, 2, 3]) is None
