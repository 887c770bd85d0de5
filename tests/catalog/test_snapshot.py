"""One release in memory answers what was in effect at a moment."""

import gc
from datetime import UTC, date, datetime, timedelta
from weakref import ref

import pytest

from mlquote.catalog.release import release_of, row_digest
from mlquote.catalog.rows import Accelerator, Alias, GridIntensity
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLE
from mlquote.kit.errors import UnknownName

TAIL = {"effective_to": None, "source_url": "https://example.org", "checked_on": date(2026, 11, 23), "note": ""}
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


def grid(zone: str, year: int, grams: float) -> GridIntensity:
    start = datetime(year, 1, 1, tzinfo=UTC)
    return GridIntensity(zone=zone, zone_kind="country", zone_name=zone, year=year, dataset="d", dataset_release="r",
                         boundary="lifecycle", accounting="location", flow="production", gco2e_per_kwh=grams,
                         licence="CC BY 4.0", effective_from=start, **TAIL)  # fmt: skip


def alias(target: str, start: datetime | None, end: datetime | None) -> Alias:
    row = {**TAIL, "effective_to": end}
    return Alias(kind="accelerator", scope="", alias="Fast-One", target=target, basis="", effective_from=start, **row)


def accelerator(name: str) -> Accelerator:
    return Accelerator(id=name, vendor="v", name=name, family="f", generation="f", form="",
                       export=False, sole_provider="", product=name.upper(), release_date=None, status="available",
                       memory_gb=80, memory_bandwidth_gb_per_s=None, interconnect_gb_per_s=None,
                       accelerators_per_node=8, typical_server="", unconfirmed_fields="",
                       effective_from=None, **TAIL)  # fmt: skip


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    rows = {
        "grid_intensity": [grid("FRA", 2024, 40.0), grid("FRA", 2023, 56.0)],
        "accelerators": [accelerator("a1"), accelerator("a2")],
        "aliases": [alias("a1", None, JUNE), alias("a2", JUNE, None)],
    }
    pairs = {TABLE[n]: [(row_digest(TABLE[n], r), r) for r in members] for n, members in rows.items()}
    return Snapshot(release_of(pairs, published_on=date(2026, 11, 23)), rows)


def test_an_annual_figure_holds_until_the_next_supersedes_it(snapshot: Snapshot) -> None:
    key = next(snapshot.keys("grid_intensity"))
    at = [snapshot.held("grid_intensity", *key, moment=datetime(y, 12, 31, tzinfo=UTC)) for y in (2022, 2023, 2026)]
    assert [row and row.gco2e_per_kwh for row in at] == [None, 56.0, 40.0]


def test_an_alias_moves_at_its_instant(snapshot: Snapshot) -> None:
    before = snapshot.accelerator("fast-one", JUNE - timedelta(microseconds=1))
    assert (before.id, snapshot.accelerator(" FAST-ONE ", JUNE).id) == ("a1", "a2")


def test_a_zone_is_known_whatever_its_case(snapshot: Snapshot) -> None:
    assert snapshot.zone("fra", JUNE) == "FRA"
    with pytest.raises(UnknownName) as caught:
        snapshot.zone("FRO", JUNE)
    assert caught.value.faults[0].hint == "nearest: FRA"


@pytest.mark.parametrize("spelling", ["Fast One", "fast_one", "FASTONE"])
def test_punctuation_does_not_hide_a_name(snapshot: Snapshot, spelling: str) -> None:
    only = {"accelerators": [accelerator("fast-one")]}
    pairs = {TABLE["accelerators"]: [("x", only["accelerators"][0])]}
    assert (
        Snapshot(release_of(pairs, published_on=date(2026, 11, 23)), only).accelerator(spelling, JUNE).id == "fast-one"
    )
    with pytest.raises(UnknownName):
        snapshot.accelerator(spelling.replace("1", "").replace("e", "3"), JUNE)


@pytest.mark.parametrize(
    ("spelling", "model"),
    [("GPT 3 13B", "gpt-3-13b"), ("gpt_3_1.3b", "gpt-3-1.3b"), ("Command R+", "command-r-plus-104b"),
     ("Command-R", "command-r-35b")],
)  # fmt: skip
def test_separators_are_alike(catalog: Snapshot, spelling: str, model: str) -> None:
    assert catalog.model(spelling, JUNE).id == model


@pytest.mark.parametrize("spelling", ["GPT 3 1 3B", "gpt313b"])
def test_a_spelling_of_two_ids_is_refused(catalog: Snapshot, spelling: str) -> None:
    """It may mean gpt-3-1.3b or gpt-3-13b."""
    with pytest.raises(UnknownName):
        catalog.model(spelling, JUNE)


@pytest.mark.parametrize(
    ("kind", "scope", "spelling", "meant"),
    [
        ("region", "aws", "USEast2", "us-east-2"),
        ("region", "aws", "US-East-(Ohio)", "us-east-2"),
        ("region", "azure", "East US 2", "eastus2"),
        ("region", "gcp", "US Central 1", "us-central1"),
        ("provider", "", "Core-Weave", "coreweave"),
        ("provider", "", "GoogleCloudPlatform", "gcp"),
        ("provider", "tokens", "Together AI", "together"),
    ],
)
def test_places_and_providers_are_known_by_their_letters(
    catalog: Snapshot, kind: str, scope: str, spelling: str, meant: str
) -> None:
    assert catalog.resolve(kind, spelling, JUNE, scope=scope) == meant


@pytest.mark.parametrize("region", ["us-east-1", "us-west-2"])
def test_a_region_of_another_provider_is_no_spelling(catalog: Snapshot, region: str) -> None:
    """AWS's us-west-2 is in Oregon; Google's us-west2 in Los Angeles."""
    with pytest.raises(UnknownName):
        catalog.region("gcp", region, JUNE)


def test_a_place_in_brackets_is_the_state_then_the_country(catalog: Snapshot) -> None:
    found = [catalog.zone(name, JUNE) for name in ("US (Oklahoma)", "Finland (LUMI)", "US (Georgia)")]
    assert found == ["US-OK", "FIN", "US-GA"]


def test_what_is_derived_is_built_once(snapshot: Snapshot) -> None:
    built = []

    def count(of: Snapshot) -> int:
        built.append(of)
        return len(of.rows("accelerators"))

    assert (snapshot.derived(count), snapshot.derived(count), len(built)) == (2, 2, 1)


def test_a_snapshot_that_forgot_is_freed_at_once_and_until_then_works_things_out_anew() -> None:
    made = Snapshot(release_of({}, published_on=date(2026, 11, 23)), {"accelerators": [accelerator("a1")]})
    assert made.derived(lambda of: of).rows("accelerators") == made.versions("accelerators", id="a1")
    gone = ref(made)
    made.forget()
    assert made.versions("accelerators", id="a1") == made.rows("accelerators")
    gc.disable()  # circles would wait for it, and are never freed where memory was frozen before workers were forked
    try:
        del made
        assert gone() is None
    finally:
        gc.enable()


def test_rows_are_found_by_any_columns(catalog: Snapshot) -> None:
    found = catalog.versions("accelerator_power", accelerator="h100-sxm5-80gb", statistic="tdp")
    scanned = [r for r in catalog.rows("accelerator_power")
               if r.accelerator == "h100-sxm5-80gb" and r.statistic == "tdp"]  # fmt: skip
    assert found
    assert list(found) == scanned
    assert catalog.versions("accelerator_power", accelerator="abacus") == ()


def test_an_index_holds_every_row_once_and_is_made_once(catalog: Snapshot) -> None:
    index = catalog.indexed("facilities", "metric", "scope")
    assert sum(len(rows) for rows in index.values()) == len(catalog.rows("facilities"))
    assert all((r.metric, r.scope) == key for key, rows in index.items() for r in rows)
    assert catalog.indexed("facilities", "metric", "scope") is index


def test_time_is_asked_in_three_ways(snapshot: Snapshot) -> None:
    """Figures of 2023 (56) and 2024 (40): none before, the first stands in; afterwards the newest holds."""
    key = next(snapshot.keys("grid_intensity"))
    early = datetime(2022, 12, 31, tzinfo=UTC)
    asked = (snapshot.held, snapshot.held_or_first, snapshot.nearest)
    assert [row and row.gco2e_per_kwh for row in (ask("grid_intensity", *key, moment=early) for ask in asked)] == [
        None, 56.0, 56.0,
    ]  # fmt: skip
    assert {ask("grid_intensity", *key, moment=JUNE).gco2e_per_kwh for ask in asked} == {40.0}
    assert [ask("grid_intensity", "nowhere", moment=JUNE) for ask in asked] == [None, None, None]
