"""From whom rows were read: what a row names, and what verify says where no source names it."""

from collections.abc import Iterator
from typing import Any

import pytest

from mlquote.catalog.checks import Located, faults_of
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.sources import MOST_SINGLE_FACTS, PARTED, lineages_of
from mlquote.catalog.tables import TABLES
from mlquote.upstreams.registry import ADAPTERS
from tests.estimators.hardware_sample import row

PAGE = "https://example.org/prices"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        pytest.param({"note": "8 GPUs"}, [], id="the publisher's own page"),
        pytest.param({"note": "read in github:yeo/ec2.shop@73696e38 data/ec2"}, ["github:yeo/ec2.shop"], id="a copy"),
        pytest.param({"source_url": "https://github.com/a/b/blob/main/c.md"}, ["github:a/b"], id="a repository"),
        pytest.param({"source_url": "https://docs.github.com/en/copilot"}, [], id="another site"),
        pytest.param({"note": "read in Python package codecarbon 3.3.2 x"}, ["package:codecarbon"], id="a package"),
        pytest.param(
            {"note": "computed with Python package boaviztapi 2.5.0"}, ["package:boaviztapi"], id="computed by one"
        ),
        pytest.param(
            {"note": "read in a survey of vendors' price lists dated 2026-09-19 (secondary source)"},
            ["survey of vendors' price lists"],
            id="in words, without its day",
        ),
        pytest.param({"note": "read in region-carbon-info of 2026-11-25"}, ["region-carbon-info"], id="as amend says"),
    ],
)
def test_a_row_names_whom_it_was_read_in(said: dict[str, Any], named: list[str]) -> None:
    assert list(lineages_of(row("rental_prices", **{"source_url": PAGE, "note": "", **said}))) == named


def test_snapshots_of_one_table_are_one_lineage() -> None:
    price = row("token_prices", source_url=PAGE, note="", read_from="litellm 1.110.2; Portkey-AI/models@f654307")
    assert list(lineages_of(price)) == ["litellm", "Portkey-AI/models"]


def faults(rows: int, **source: str) -> list[str]:
    """What is said of so many rows of one collection, with one source beside them where it is given."""
    prices = [
        Located("r.csv", n, row("rental_prices", source_url="https://github.com/a/b", note="")) for n in range(rows)
    ]
    sources = [Located("sources.csv", 2, row("sources", source_url=PAGE, **source))] if source else []
    found = faults_of({"rental_prices": prices, "sources": sources})
    return [fault.detail for fault in found if "github:a/b" in fault.detail]


def test_a_collection_needs_a_source_and_single_facts_need_none() -> None:
    assert faults(MOST_SINGLE_FACTS) == []
    assert faults(MOST_SINGLE_FACTS + 1) == ["11 rows rest on github:a/b, which no source names"]
    assert faults(MOST_SINGLE_FACTS + 1, ground="open_licence", lineages="words; github:a/b") == []


def test_no_row_rests_on_what_may_not_be_carried() -> None:
    assert faults(1, ground="refused", lineages="github:a/b") == ["github:a/b may not be carried (and 1 rows name it)"]


def test_what_is_shipped_names_no_share_alike_ground(catalog: Snapshot) -> None:
    """What is share-alike is refused, or quoted fact by fact: no table of it is carried on its licence."""
    alike = {s.id: s.ground for s in catalog.rows("sources") if any(w in s.licence for w in ("ODbL", "SA", "AGPL"))}
    assert set(alike.values()) <= {"refused", "single_facts"}
    assert {s.id for s in catalog.rows("sources") if s.ground == "open_licence" and not s.attribution} == set()


def test_every_collection_that_is_carried_states_a_licence(catalog: Snapshot) -> None:
    """Only a publisher's own pages may name none: there one fact is cited with who prints it."""
    silent = {
        s.id for s in catalog.rows("sources") if s.ground != "refused" and s.licence in ("none", "none stated", "")
    }
    assert silent <= {"provider-reports", "publishers"}


def test_every_source_is_named_by_a_row_or_refused(catalog: Snapshot) -> None:
    named = {lineage for table in TABLES if table.name != "sources" for lineage in _of(catalog, table.name)}
    idle = {
        source.id
        for source in catalog.rows("sources")
        if source.ground != "refused" and source.lineages and not named & set(source.lineages.split(PARTED))
    }
    assert idle == set()


def test_what_can_be_refreshed_has_a_source(catalog: Snapshot) -> None:
    named = {name for source in catalog.rows("sources") for name in source.lineages.split(PARTED)}
    assert set(ADAPTERS) - named == set()


def _of(catalog: Snapshot, table: str) -> Iterator[str]:
    for held in catalog.rows(table):
        yield from lineages_of(held)
