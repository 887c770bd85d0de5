"""Hardware, rental, grid, region, facility and embodied facts: published anchors, and what must hold between rows."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import groupby, pairwise

import pytest

from mlquote.catalog.rows import GridIntensity, RentalPrice
from mlquote.catalog.snapshot import Snapshot, in_effect

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def peak(
    catalog: Snapshot,
    accelerator: str,
    dtype: str,
    *,
    unit_class: str = "matrix",
    accumulate: str = "fp32",
    sparsity: str = "dense",
) -> float:
    """The one claimed (not measured) rate at this point."""
    (row,) = [
        p
        for p in catalog.peaks(accelerator)
        if (p.dtype, p.unit_class, p.accumulate, p.sparsity) == (dtype, unit_class, accumulate, sparsity)
        and p.claim != "measured"
    ]
    return row.tflop_per_s


def rentals(catalog: Snapshot, moment: datetime) -> Iterator[RentalPrice]:
    """Every rental price in effect at a moment."""
    return catalog.effective("rental_prices", moment)


@pytest.mark.parametrize(
    ("accelerator", "dtype", "expected"),
    [
        # NVIDIA A100 data sheet: 108 SM x 2,048 FLOP x 1.41 GHz = 311.9
        pytest.param("a100-sxm4-80gb", "bf16", 312, id="a100 dense"),
        # NVIDIA H100 data sheet: 132 SM x 4,096 FLOP x 1.83 GHz = 989.4; the 1,979 headline is sparse
        pytest.param("h100-sxm5-80gb", "bf16", 989.4, id="h100 sxm dense"),
        pytest.param("h100-pcie-80gb", "bf16", 756, id="h100 pcie dense"),
        # AMD: 383 for the module, 191.5 a die
        pytest.param("mi250x", "bf16", 383, id="mi250x counts both dies"),
        # AWS A10G data sheet: 70, where the A10 has 125
        pytest.param("a10g", "bf16", 70, id="a10g is not an a10"),
        pytest.param("tpu-v3", "bf16", 123, id="tpu v3, Patterson et al. 2021"),
        pytest.param("tpu-v4", "bf16", 275, id="tpu v4, Jouppi et al. 2023"),
        # NVIDIA Ada whitepaper: 165.2 with fp32 accumulate, 330.3 with fp16
        pytest.param("rtx-4090", "fp16", 165.2, id="geforce accumulates in fp32 at half rate"),
    ],
)
def test_a_dense_peak_is_the_published_one(catalog: Snapshot, accelerator: str, dtype: str, expected: float) -> None:
    assert peak(catalog, accelerator, dtype) == expected


def test_parts_without_matrix_units_have_their_vector_rate(catalog: Snapshot) -> None:
    # GeForce GTX 580: 512 cores x 2 FLOP x 1.544 GHz = 1.581; Tesla K80: 8.126 for both of its GPUs (Epoch AI)
    assert peak(catalog, "gtx-580", "fp32", unit_class="vector") == pytest.approx(512 * 2 * 1.544e-3, rel=1e-3)
    assert peak(catalog, "k80", "fp32", unit_class="vector") == 8.126


def test_every_part_has_a_rate_or_says_why_not(catalog: Snapshot) -> None:
    without = {a.id for a in catalog.rows("accelerators") if not catalog.peaks(a.id)}
    # nobody prints a dense rate of the second wafer, of the first Gaudi or, yet, of MI430X
    assert without == {"cerebras-wse2", "gaudi1", "mi430x"}


def test_no_dense_rate_is_the_sparse_headline(catalog: Snapshot) -> None:
    assert peak(catalog, "h100-sxm5-80gb", "bf16", sparsity="sparse") == pytest.approx(1978.8)
    for row in catalog.rows("accelerator_peaks"):
        if row.sparsity == "sparse":
            dense = peak(catalog, row.accelerator, row.dtype, unit_class=row.unit_class, accumulate=row.accumulate)
            assert dense < row.tflop_per_s <= 4 * dense, row


def test_nothing_measured_exceeds_its_peak(catalog: Snapshot) -> None:
    measured = [row for row in catalog.rows("accelerator_peaks") if row.claim == "measured"]
    assert measured
    for row in measured:
        assert row.tflop_per_s < peak(catalog, row.accelerator, row.dtype), row


def test_a_dtype_has_one_claimed_dense_matrix_rate(catalog: Snapshot) -> None:
    points = [
        (p.accelerator, p.dtype, p.unit_class, p.accumulate, p.sparsity)
        for p in catalog.rows("accelerator_peaks")
        if p.claim != "measured"
    ]
    assert len(points) == len(set(points))


def test_a_node_without_its_accelerators_is_the_rest_of_the_nodes_rating(catalog: Snapshot) -> None:
    # DGX A100 6,500 W - 8 x 400 = 3,300; DGX H100 10,200 - 8 x 700 = 4,600; DGX B200 14,300 - 8 x 1,000 = 6,300
    for accelerator, expected in {"a100-sxm4-80gb": 3300, "h100-sxm5-80gb": 4600, "b200-sxm": 6300}.items():
        (row,) = [
            p
            for p in catalog.power(accelerator)
            if p.scope == "node_without_accelerators" and p.claim == "rated" and p.system.startswith("DGX")
        ]
        assert (row.watts, row.accelerator_count) == (expected, 8)


def test_power_of_one_part_serves_one_accelerator_and_of_a_node_several(catalog: Snapshot) -> None:
    for row in catalog.rows("accelerator_power"):
        if row.scope in ("chip", "board", "system_per_accelerator", "facility"):
            assert row.accelerator_count == 1, row
        elif not row.accelerator.startswith("cerebras"):
            assert row.accelerator_count > 1, row


@pytest.mark.parametrize(
    ("moment", "usd_per_hour"),
    [
        # AWS News Blog, 2025-06-05: on-demand cuts of P4 and P5 in effect from 2025-06-01
        pytest.param("2023-08-08T00:00:00Z", "98.32", id="the day it is first seen"),
        pytest.param("2025-05-31T23:59:59Z", "98.32", id="the instant before the cut"),
        pytest.param("2025-06-01T00:00:00Z", "55.04", id="the instant of the cut"),
        pytest.param("2026-11-23T00:00:00Z", "55.04", id="now"),
    ],
)
def test_an_aws_p5_costs_what_it_cost_then(catalog: Snapshot, moment: str, usd_per_hour: str) -> None:
    key = ("aws", "p5.48xlarge", "h100-sxm5-80gb", 8, "us-east-1", "on_demand", "", "instance")
    row = catalog.held("rental_prices", *key, moment=datetime.fromisoformat(moment))
    assert row is not None
    assert row.usd_per_hour == Decimal(usd_per_hour)
    assert row.usd_per_accelerator_hour * 8 == row.usd_per_hour


def test_prices_also_rise(catalog: Snapshot) -> None:
    key = ("gcp", "a3-highgpu-8g", "h100-sxm5-80gb", 8, "us-central1", "spot", "", "instance")
    history = catalog.history("rental_prices", *key)
    prices = {row.effective_from: row.usd_per_accelerator_hour for row in history}
    # Google's list: 2.55 in March 2025, 6.33 at the end of July 2026
    assert prices[datetime(2025, 3, 13, tzinfo=UTC)] == Decimal("2.552879")
    assert prices[datetime(2026, 7, 30, tzinfo=UTC)] == Decimal("6.326193")


def test_an_instance_costs_its_accelerators_together(catalog: Snapshot) -> None:
    for row in catalog.rows("rental_prices"):
        share = row.usd_per_hour / row.accelerator_count
        assert abs(share - row.usd_per_accelerator_hour) <= row.usd_per_accelerator_hour * Decimal("0.001"), row


def test_two_versions_of_one_rental_never_hold_together(catalog: Snapshot) -> None:
    for key in catalog.keys("rental_prices"):
        versions = catalog.history("rental_prices", *key)
        for earlier, later in pairwise(versions):
            assert earlier.effective_from < later.effective_from
            assert earlier.effective_to is None or earlier.effective_to <= later.effective_from, earlier


def test_a_rental_price_says_when_it_was_last_seen(catalog: Snapshot) -> None:
    # the price list of Google Cloud: 3.673385 from 2022-02-24, the same in the list of 2026-08-20
    key = ("gcp", "a2-highgpu-1g", "a100-sxm4-40gb", 1, "us-central1", "on_demand", "", "instance")
    row = catalog.held("rental_prices", *key, moment=NOW)
    assert row is not None
    assert (row.effective_from, row.checked_on) == (datetime(2022, 2, 24, tzinfo=UTC), date(2026, 8, 20))
    for row in catalog.rows("rental_prices"):
        assert row.effective_from is None or row.checked_on >= min(row.effective_from.date(), NOW.date()), row


def test_a_fleets_figure_is_told_from_a_continents(catalog: Snapshot) -> None:
    # Microsoft, fiscal 2025: 1.17 worldwide, 1.28 in Asia Pacific
    scopes = {
        (row.scope, row.name): row.value
        for row in catalog.rows("facilities")
        if row.provider == "azure" and row.metric == "pue" and row.year == 2025 and row.scope.startswith("provider")
    }
    assert scopes["provider", "Microsoft global"] == 1.17
    assert scopes["provider_region", "Microsoft APAC"] == 1.28
    assert len([key for key in scopes if key[0] == "provider"]) == 1


def test_spot_and_reserved_stay_below_their_own_on_demand_price(catalog: Snapshot) -> None:
    moments = {row.effective_from for row in catalog.rows("rental_prices")}
    for moment in sorted(m for m in moments if m is not None)[::25]:
        offers = sorted(rentals(catalog, moment), key=_machine)
        for machine, members in groupby(offers, key=_machine):
            prices = list(members)
            on_demand = [r.usd_per_accelerator_hour for r in prices if r.price_model == "on_demand"]
            for row in prices:
                if on_demand and row.price_model != "on_demand":
                    assert row.usd_per_accelerator_hour <= max(on_demand), (machine, moment)


def _machine(row: RentalPrice) -> tuple[str, ...]:
    return row.provider, row.sku, row.accelerator, str(row.accelerator_count), row.region, row.basis


def test_an_index_or_a_model_is_told_from_an_offer(catalog: Snapshot) -> None:
    for row in catalog.rows("rental_prices"):
        assert (row.basis == "index") == row.provider.startswith("index:")
        assert (row.basis == "tco_model") == row.provider.startswith("model:")
        assert row.price_model != "owned" or row.basis == "tco_model"


def test_every_accelerator_of_another_table_resolves(catalog: Snapshot) -> None:
    known = {key[0] for key in catalog.keys("accelerators")}
    for table in ("accelerator_peaks", "accelerator_power", "purchase_prices", "rental_prices", "embodied"):
        assert {row.accelerator for row in catalog.rows(table)} - {""} <= known


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("h100", "h100-sxm5-80gb"),
        ("H100-SXM", "h100-sxm5-80gb"),
        ("NVIDIA H100 80GB HBM3", "h100-sxm5-80gb"),
        ("A100", "a100-sxm4-80gb"),
        ("A100-40GB", "a100-sxm4-40gb"),
        ("NVIDIA A100-SXM4-80GB", "a100-sxm4-80gb"),
        ("A100-PCIe-80GB", "a100-pcie-80gb"),
        ("TPUv4", "tpu-v4"),
        ("tpu v5e", "tpu-v5e"),
        ("V100", "v100-sxm2-16gb"),
        ("GTX580", "gtx-580"),
        ("K80", "k80"),
        ("GTX 1080 Ti", "gtx-1080-ti"),
        ("TITAN X", "gtx-titan-x"),
        ("ASCEND910B", "ascend-910b"),
        ("GH200-144GB", "gh200-141gb"),
        ("M2-Ultra-76", "m2-ultra-76"),
        ("mi300x", "mi300x"),
        ("rtx 4060 ti 16gb", "rtx-4060-ti-16gb"),
        ("RTX 4060 Ti", "rtx-4060-ti-8gb"),
        ("NVIDIA GeForce RTX 5080", "rtx-5080"),
        ("RTX PRO 5000", "rtx-pro-5000-blackwell"),
        ("4000 Ada", "rtx-4000-ada"),
        ("7900xtx", "rx-7900-xtx"),
        ("RX 9070 XT", "rx-9070-xt"),
        ("R9700", "radeon-ai-pro-r9700"),
        ("arc b580", "arc-b580"),
        ("m4 max", "m4-max-40"),
        ("mac studio m3 ultra", "m3-ultra-80"),
        ("Apple M1", "m1-8"),
        ("dgx spark", "gb10"),
        ("gb10", "gb10"),
        ("Jetson AGX Orin", "jetson-agx-orin-64gb"),
        ("Ryzen AI Max 395", "ryzen-ai-max-395"),
        ("strix halo", "ryzen-ai-max-395"),
        ("TPU 8t", "tpu-v8t"),
        ("inf1", "inferentia1"),
        ("Ascend 950PR", "ascend-950pr"),
    ],
)
def test_an_accelerators_usual_name_is_an_alias(catalog: Snapshot, name: str, expected: str) -> None:
    assert catalog.accelerator(name, NOW).id == expected


def grid(catalog: Snapshot, zone: str, year: int, release: str) -> float:
    """The intensity of one zone and year in one release."""
    (row,) = [g for g in catalog.grid(zone) if g.year == year and g.dataset_release == release]
    return row.gco2e_per_kwh


def test_a_revised_grid_year_keeps_both_vintages(catalog: Snapshot) -> None:
    # Ember via OWID, United States 2023: 369.5 in the copy of July 2025, 392.9 in that of April 2026
    assert grid(catalog, "USA", 2023, "2025-07-03") == pytest.approx(369.5, abs=0.05)
    assert grid(catalog, "USA", 2023, "2026-04-29") == pytest.approx(392.9, abs=0.05)


def test_egrid_is_stack_emissions_and_agrees_with_its_pounds(catalog: Snapshot) -> None:
    # EPA eGRID2023 rev 2: 770.884 lb CO2e/MWh x 0.45359237 kg/lb = 349.667 g/kWh
    rows = [g for g in catalog.grid("USA") if g.dataset == "EPA eGRID" and g.year == 2023]
    assert [(g.boundary, g.gco2e_per_kwh) for g in rows] == [("direct", pytest.approx(770.884 * 0.45359237, abs=0.001))]


def test_share_alike_and_unlicensed_grid_rows_are_left_out(catalog: Snapshot) -> None:
    grids: tuple[GridIntensity, ...] = catalog.rows("grid_intensity")
    assert {g.licence for g in grids} == {"CC BY 4.0", "US public domain", "Apache-2.0", "MIT"}
    assert not [g for g in grids if "Electricity Maps" in g.dataset]


def test_every_region_lies_in_a_zone_we_ship(catalog: Snapshot) -> None:
    zones = {g.zone for g in catalog.rows("grid_intensity")}
    for region in catalog.rows("regions"):
        assert region.zone in zones, region
        assert region.country in zones, region


def test_every_rented_region_is_a_known_region(catalog: Snapshot) -> None:
    known = set(catalog.keys("regions"))
    for row in catalog.rows("rental_prices"):
        assert row.region in ("unspecified", "global") or (row.provider, row.region) in known, row


@pytest.mark.parametrize(
    ("provider", "region", "zone", "pue"),
    [
        # AWS fact sheets, calendar year 2025
        ("aws", "us-east-1", "SRVC", 1.15),
        ("aws", "eu-north-1", "SWE", 1.09),
        # Google 2026 Environmental Report: Council Bluffs 1.11
        ("gcp", "us-central1", "gcp:us-central1", 1.11),
        # the 2020 table of the source shifts a row and says Belgium
        ("gcp", "europe-north1", "gcp:europe-north1", 1.10),
    ],
)
def test_a_region_has_its_newest_figures(catalog: Snapshot, provider: str, region: str, zone: str, pue: float) -> None:
    row = catalog.region(provider, region, NOW)
    assert (row.zone, row.pue) == (zone, pue)


def test_a_region_of_google_cloud_lies_in_the_zone_that_google_measures(catalog: Snapshot) -> None:
    """Region carbon of 2025: Montréal 11.36 g/kWh, where Canada's average is 190.7."""
    for row in catalog.rows("regions"):
        if row.provider == "gcp":
            assert row.zone == f"gcp:{row.region}"
            assert any(grid.year == row.year for grid in catalog.grid(row.zone)), row
            assert len(row.country) == 3
    montreal = catalog.grid(catalog.region("gcp", "northamerica-northeast1", NOW).zone)
    assert montreal[-1].gco2e_per_kwh == 11.36


def test_an_alias_of_a_wider_zone_means_a_country_or_a_subregion(catalog: Snapshot) -> None:
    wider = {row.alias: row.target for row in catalog.versions("aliases", kind="zone", basis="wider zone")}
    assert (wider["CA-PE"], wider["IN-SO"]) == ("CAN", "IND")
    kinds = ("country", "egrid_subregion")
    assert set(wider.values()) <= {row.zone for row in catalog.rows("grid_intensity") if row.zone_kind in kinds}


def test_a_shifted_source_row_never_moves_a_region(catalog: Snapshot) -> None:
    for key in catalog.keys("regions"):
        assert len({row.zone for row in catalog.history("regions", *key)}) == 1, key


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("US", "USA"),
        ("us", "USA"),
        ("United States", "USA"),
        ("UK", "GBR"),
        ("South Korea", "KOR"),
        ("Viet Nam", "VNM"),
        ("Czech Republic", "CZE"),
        ("FR", "FRA"),
        ("FI", "FIN"),
        ("Virginia", "US-VA"),
        ("us-va", "US-VA"),
        ("New York", "US-NY"),
        ("SERC Virginia/Carolina", "SRVC"),
        ("world", "WORLD"),
        ("EU", "EU27"),
    ],
)
def test_a_zone_is_known_by_its_usual_names(catalog: Snapshot, name: str, zone: str) -> None:
    assert catalog.zone(name, NOW) == zone


def test_every_country_with_an_iso2_code_resolves_by_it(catalog: Snapshot) -> None:
    targets = {a.target for a in catalog.rows("aliases") if a.kind == "zone" and a.basis == "ISO 3166-1 alpha-2"}
    countries = {g.zone for g in catalog.rows("grid_intensity") if g.zone_kind == "country"}
    assert countries == targets


def test_georgia_alone_is_refused_because_it_is_two_places(catalog: Snapshot) -> None:
    assert catalog.zone("Georgia (country)", NOW) == "GEO"
    assert catalog.zone("Georgia, USA", NOW) == "US-GA"
    with pytest.raises(Exception, match="Georgia"):
        catalog.zone("Georgia", NOW)


def test_embodied_methods_stay_apart(catalog: Snapshot) -> None:
    # NVIDIA PCF 1,312 kg / 8 = 164; EcoLogits 0.11.3 273; Boavizta 2.5.0 575.1
    cards = {e.kgco2e for e in catalog.rows("embodied") if e.accelerator == "h100-sxm5-80gb" and e.per == "card"}
    assert {164, 273, 575.1} <= cards


def test_a_purchase_price_says_what_it_bought(catalog: Snapshot) -> None:
    for row in catalog.rows("purchase_prices"):
        assert (row.form in ("system_share", "baseboard_share")) == bool(row.system), row


def test_figures_older_than_two_years_are_still_found(catalog: Snapshot) -> None:
    row = in_effect(catalog.history("facilities", "provider", "Meta fleet", "pue", "annual fleet"), NOW)
    assert row is not None
    assert row.value == 1.08
    assert NOW - row.effective_from > timedelta(days=365)


def test_grid_water_is_per_zone_and_apart_from_site_water(catalog: Snapshot) -> None:
    rows = {row.name: row for row in catalog.rows("facilities") if row.metric == "grid_water"}
    zones = {row.zone for row in catalog.rows("grid_intensity")}

    # WRI 2020, as carried by EcoLogits 0.11.3: France runs on rivers and reactors, Brazil on reservoirs
    assert (rows["USA"].value, rows["FRA"].value, rows["BRA"].value, rows["WORLD"].value) == (
        3.1321,
        3.6737,
        18.6033,
        3.908,
    )
    assert rows.keys() <= zones
    assert {(row.scope, row.provider, row.unit) for row in rows.values()} == {("grid", "", "l/kWh")}


def test_blackwell_can_be_owned_and_h200_rented_spot(catalog: Snapshot) -> None:
    rack = next(row for row in catalog.rows("purchase_prices") if row.accelerator == "gb200")

    # Bernstein, October 2025: about 3.4 M$ a GB200 NVL72 rack
    assert (rack.form, round(float(rack.usd) * 72, -3)) == ("system_share", 3_400_000)
    spot = [row for row in rentals(catalog, NOW) if row.sku == "p5en.48xlarge" and row.price_model == "spot"]
    # the offers dstack listed on 2026-08-06
    assert {row.region for row in spot} == {"us-east-1", "us-east-2", "us-west-2", "eu-north-1"}
    assert max(row.usd_per_accelerator_hour for row in spot) < 5


@pytest.mark.parametrize(
    ("sku", "accelerator", "usd"),
    [("B110978", "b200-sxm", 14), ("B110979", "gb200", 16), ("B112140", "gb300", 18), ("B112237", "b300-sxm", 15)],
)
def test_oracle_part_numbers_name_the_right_blackwell(catalog: Snapshot, sku: str, accelerator: str, usd: int) -> None:
    # Oracle's price list: four part numbers that one copy files under two GPUs
    (row,) = [row for row in rentals(catalog, NOW) if row.provider == "oci" and row.sku == sku]
    assert (row.accelerator, row.usd_per_accelerator_hour) == (accelerator, usd)


@pytest.mark.parametrize("region", ["us-east-1", "us-east-2", "us-west-2"])
def test_the_aws_cut_holds_in_the_three_large_regions(catalog: Snapshot, region: str) -> None:
    key = ("aws", "p5.48xlarge", "h100-sxm5-80gb", 8, region, "on_demand", "", "instance")
    before = catalog.held("rental_prices", *key, moment=datetime(2025, 5, 31, tzinfo=UTC))
    after = catalog.held("rental_prices", *key, moment=datetime(2025, 6, 1, tzinfo=UTC))
    assert before is not None
    assert after is not None
    assert (before.usd_per_hour, after.usd_per_hour) == (Decimal("98.32"), Decimal("55.04"))


@pytest.mark.parametrize(
    ("tpu", "machine_w", "chips", "chip_w"),
    [("tpu-v5e", 1171, 8, 66), ("tpu-v5p", 2176, 4, 331), ("tpu-v6e", 2173, 8, 153)],
)
def test_tpus_draw_what_google_measured_in_its_fleet(
    catalog: Snapshot, tpu: str, machine_w: int, chips: int, chip_w: int
) -> None:
    # Schneider et al. 2025, table 1
    mean = {row.scope: row.watts for row in catalog.power(tpu) if row.statistic == "mean"}
    assert mean["system_per_accelerator"] * chips == pytest.approx(machine_w, abs=1)
    assert mean["chip"] == chip_w


def test_no_part_is_sold_or_rented_before_it_is_out(catalog: Snapshot) -> None:
    out = {row.id: row.release_date for row in catalog.rows("accelerators") if row.release_date}
    for row in catalog.rows("rental_prices"):
        assert row.effective_from.date() >= out.get(row.accelerator, date.min), row


def test_autumn_2026_prices_are_above_those_of_spring(catalog: Snapshot) -> None:
    key = (
        "hyperstack",
        "hyperstack-h100-sxm-on-demand",
        "h100-sxm5-80gb",
        1,
        "unspecified",
        "on_demand",
        "",
        "accelerator",
    )
    may = catalog.held("rental_prices", *key, moment=datetime(2026, 6, 1, tzinfo=UTC))
    now = catalog.held("rental_prices", *key, moment=NOW)
    assert may is not None
    assert now is not None
    assert (may.usd_per_hour, now.usd_per_hour) == (Decimal("2.4"), Decimal("3.2"))


def test_kin_share_a_generation_whatever_the_market(catalog: Snapshot) -> None:
    part = {row.id: row for row in catalog.rows("accelerators")}
    h100, h800 = part["h100-sxm5-80gb"], part["h800-sxm5-80gb"]
    assert (h100.generation, h100.form, h100.product, h100.export) == ("Hopper", "sxm5", "H100", False)
    assert (h800.generation, h800.form, h800.product, h800.export) == ("Hopper", "sxm5", "H800", True)


def test_only_google_houses_tpus_and_only_microsoft_maia(catalog: Snapshot) -> None:
    alone = {row.product for row in catalog.rows("accelerators") if row.sole_provider == "gcp"}
    assert alone == {"TPU"}
    owners = {row.sole_provider: row.vendor for row in catalog.rows("accelerators") if row.sole_provider}
    assert owners == {"gcp": "Google", "azure": "Microsoft"}


def test_a_model_retires_on_the_day_that_its_price_rows_note(catalog: Snapshot) -> None:
    rows = (row for row in catalog.rows("model_lifecycles") if row.note == "litellm deprecation_date")
    days = {(row.provider, row.model): row.retired_on for row in rows if row.effective_to is None}
    noted = {(row.provider, row.model): found[1] for row in catalog.rows("token_prices")
             if (found := re.search(r"deprecation_date (\d{4}-\d{2}-\d{2})", row.note))}  # fmt: skip
    assert {key: noted.get(key) for key in days} == {key: day.isoformat() for key, day in days.items()}


@pytest.mark.parametrize(
    ("parts", "gb_per_s"),
    [
        # NVIDIA's data sheets: "PCIe Gen4 x16: 64GB/s bidirectional"
        pytest.param("l4 l40 l40s l20 rtx-6000-ada a10 a10g rtx-a4000 rtx-3080 rtx-4090", 64, id="PCIe 4.0 x16"),
        pytest.param(
            "rtx-5090 rtx-pro-6000-blackwell-server rtx-pro-6000-blackwell-workstation", 128, id="PCIe 5.0 x16"
        ),
        pytest.param("t4 v100-pcie-16gb p40 gtx-1080-ti", 32, id="PCIe 3.0 x16"),
        pytest.param("a40 rtx-a6000 rtx-a5000 rtx-3090", 112.5, id="NVLink bridge"),
    ],
)
def test_a_cards_link_counts_both_directions(catalog: Snapshot, parts: str, gb_per_s: float) -> None:
    assert {catalog.accelerator(part, NOW).interconnect_gb_per_s for part in parts.split()} == {gb_per_s}


def test_every_card_says_how_it_reaches_the_next_one(catalog: Snapshot) -> None:
    for part in catalog.rows("accelerators"):
        if part.typical_server.startswith(("PCIe", "workstation")):
            assert part.interconnect_gb_per_s is not None, part.id


def test_double_precision_is_the_dies_share_of_single(catalog: Snapshot) -> None:
    """NVIDIA's whitepapers: 1/32 on Turing's dies, 1/64 on GA10x, Ada's and GB20x."""
    big = {"a100", "a30", "a800"}
    for part in catalog.rows("accelerators"):
        rates = {p.dtype: p.tflop_per_s for p in catalog.peaks(part.id) if p.unit_class == "vector"}
        desk = part.generation in ("Ada",) or part.id.startswith("rtx-")
        small = part.generation == "Ampere" and part.id.split("-")[0] not in big
        if part.vendor == "NVIDIA" and "fp64" in rates and "fp32" in rates and (desk or small):
            share = 32 if part.generation == "Turing" else 64
            assert rates["fp64"] == pytest.approx(rates["fp32"] / share, rel=0.02), part.id


def test_a_cut_down_card_has_its_own_cores_rate(catalog: Snapshot) -> None:
    # RTX 4070 Ti: 7,680 cores x 2 x 2.61 GHz; the RTX 4070 SUPER has 7,168
    assert peak(catalog, "rtx-4070-ti", "fp32", unit_class="vector") == pytest.approx(7680 * 2 * 2.61e-3, rel=1e-3)
    # NVIDIA H200 data sheet, NVL column: 1,671 and 3,341 with sparsity
    assert peak(catalog, "h200-nvl-141gb", "bf16") == pytest.approx(1671 / 2)
    assert peak(catalog, "h200-nvl-141gb", "fp8") == pytest.approx(3341 / 2)


@pytest.mark.parametrize(
    ("part", "day"),
    [
        # keynotes and press releases; sale followed weeks (RTX 3090) or months (H100, H200) later
        ("rtx-3090", "2020-09-01"), ("h100-sxm5-80gb", "2022-03-22"), ("h200-sxm-141gb", "2023-11-13"),
        ("b200-sxm", "2024-03-18"), ("rtx-5090", "2025-01-06"), ("l20", "2023-11-16"), ("tpu-v4", "2021-05-18"),
    ],
)  # fmt: skip
def test_a_release_date_is_the_day_of_the_launch(catalog: Snapshot, part: str, day: str) -> None:
    assert catalog.accelerator(part, NOW).release_date == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("accelerator", "dtype", "expected"),
    [
        # NVIDIA prints 993 AI TOPS with sparsity of the RTX 5070 (fp4): 6,144 cores x 2 x 2.512 GHz = 30.87; x 32 = 988
        pytest.param("rtx-5070", "fp4", 30.87 * 16, id="GeForce of Blackwell"),
        # NVIDIA: 1,044.4 TFLOP/s of fp8 with sparsity
        pytest.param("rtx-5000-ada", "fp8", 1044.4 / 2, id="professional Ada"),
        # NVIDIA: 353 AI TOPS with sparsity, of int8 and of fp8 that accumulates in fp16; half of it in fp32
        pytest.param("rtx-4060-ti-16gb", "fp8", 353 / 4, id="GeForce of Ada"),
        # AMD: 195 TFLOP/s of fp16, 389 with sparsity
        pytest.param("rx-9070-xt", "fp16", 195, id="RDNA 4"),
        pytest.param("rx-7900-xtx", "fp16", 122.8, id="RDNA 3"),
        # Intel: 233 TOPS of int8
        pytest.param("arc-b580", "fp16", 233 / 2, id="Battlemage"),
        # NVIDIA: 1 PFLOP/s of fp4 with sparsity; 2,070 of Jetson Thor
        pytest.param("gb10", "fp4", 500, id="DGX Spark"),
        pytest.param("jetson-thor-t5000", "fp4", 2070 / 2, id="Jetson Thor"),
        pytest.param("inferentia1", "bf16", 64, id="Inferentia, AWS Neuron documentation"),
    ],
)
def test_a_part_for_desks_or_of_one_cloud_has_its_dense_rate(
    catalog: Snapshot, accelerator: str, dtype: str, expected: float
) -> None:
    assert peak(catalog, accelerator, dtype) == pytest.approx(expected, rel=2e-3)


def test_a_geforce_card_multiplies_at_half_the_professional_rate(catalog: Snapshot) -> None:
    """Whitepapers of GA102, AD102 and GB202: with fp32 accumulate twice fp32, on professional cards four times."""
    for part in catalog.rows("accelerators"):
        if part.vendor == "NVIDIA" and part.generation in ("Ampere", "Ada", "Blackwell"):
            dense = [p for p in catalog.peaks(part.id) if p.sparsity == "dense" and p.claim != "measured"]
            rates = {(p.dtype, p.unit_class): p.tflop_per_s for p in dense if p.accumulate == "fp32"}
            ratio = rates.get(("bf16", "matrix"), 0.0) / rates["fp32", "vector"]
            if part.name.startswith("GeForce"):
                assert ratio == pytest.approx(2, rel=0.01), part.id
            elif part.id.startswith("rtx-"):
                assert ratio == pytest.approx(4, rel=0.01), part.id


def test_memory_shared_with_a_processor_is_said_of_every_such_chip(catalog: Snapshot) -> None:
    unified = {part.id for part in catalog.rows("accelerators") if part.form == "unified"}
    assert {part.id for part in catalog.rows("accelerators") if part.vendor == "Apple"} < unified
    assert {"gb10", "jetson-thor-t5000", "ryzen-ai-max-395"} < unified


def test_memory_is_told_in_the_units_it_is_built_in(catalog: Snapshot) -> None:
    # 1,536 MB of the GTX 580; the TPU v1's 8 GiB of DDR3 (Jouppi et al. 2017)
    assert (catalog.accelerator("gtx-580", NOW).memory_gb, catalog.accelerator("tpu-v1", NOW).memory_gb) == (1.5, 8)
