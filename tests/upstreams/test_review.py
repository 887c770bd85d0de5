"""What is proposed, what is only listed, what stood before, what smells."""

from decimal import Decimal
from pathlib import Path

from mlquote.catalog.snapshot import Snapshot
from mlquote.upstreams import karpenter, region_carbon
from mlquote.upstreams.listing import Upstream
from mlquote.upstreams.names import SoldHere
from mlquote.upstreams.review import Review, review_of
from tests.store.sample import token_price
from tests.upstreams.sample import (
    NEW,
    OLD,
    WHEN,
    entry,
    gpt9,
    grid,
    held,
    machines,
    of_genai_prices,
    of_litellm,
)

_GENAI = """ModelInfo(id='gpt-9', match=ClauseEquals(equals='gpt-9'),
    prices=ModelPrice(input_mtok=Decimal('{input}'), cache_read_mtok=Decimal('0.2'), output_mtok=Decimal('8')))"""


def _reviewed(catalog: Snapshot, litellm_input: float, genai_input: str) -> Review:
    listings = [
        of_litellm(catalog, {"gpt-9": entry(input_cost_per_token=litellm_input)}),
        of_genai_prices(catalog, _GENAI.format(input=genai_input)),
    ]
    return review_of(catalog, WHEN, listings)


def test_two_lineages_that_agree_are_proposed(tmp_path: Path) -> None:
    review = _reviewed(held(tmp_path / "c"), 1.5e-06, "1.5")
    (one,) = review.proposals
    assert (one.kind, one.held, one.listed, one.percent) == ("changed", Decimal(2), Decimal("1.5"), Decimal("-25.0"))
    assert one.proposed
    assert (one.since, review.same) == (NEW, 2)


def test_one_lineage_is_listed_only_and_the_other_stands_against_it(tmp_path: Path) -> None:
    (one,) = _reviewed(held(tmp_path / "c"), 1.5e-06, "2").proposals
    assert not one.proposed
    assert [upstream.name for upstream in one.against] == ["genai-prices 0.9"]


def test_what_a_table_listed_before_is_no_news(tmp_path: Path) -> None:
    catalog = held(tmp_path / "c")
    old = of_litellm(catalog, {"gpt-9": entry(input_cost_per_token=1.5e-06)}, "1.05", OLD)
    new = of_litellm(catalog, {"gpt-9": entry(input_cost_per_token=1.5e-06, output_cost_per_token=6e-06)})
    review = review_of(catalog, WHEN, [new], before=[old])
    assert [(p.key[2], p.held, p.listed) for p in review.proposals] == [("output", Decimal(8), Decimal(6))]
    assert (review.same, review.standing) == (1, 1)


def test_a_version_that_rows_name_was_reviewed_before(tmp_path: Path) -> None:
    catalog = held(tmp_path / "c")
    review = review_of(catalog, WHEN, [of_litellm(catalog, {"gpt-9": entry(input_cost_per_token=1.5e-06)}, "1.0")])
    assert (review.proposals, review.standing) == ((), 1)


def test_what_left_a_table_is_ours_only(tmp_path: Path) -> None:
    catalog = held(tmp_path / "c")
    review = review_of(
        catalog, WHEN, [of_litellm(catalog, {})], before=[of_litellm(catalog, {"gpt-9": entry()}, "1.05", OLD)]
    )
    assert [(p.kind, p.key[2], p.listed) for p in review.proposals] == [
        ("gone", "cache_read", None), ("gone", "input", None), ("gone", "output", None),
    ]  # fmt: skip


def test_a_seller_we_do_not_hold_is_a_persons_choice(tmp_path: Path) -> None:
    catalog = held(tmp_path / "c")
    models = {"wally/m": {"litellm_provider": "wally", "input_cost_per_token": 1e-06}}
    genai = "ModelInfo(id='m', match=ClauseEquals(equals='m'), prices=ModelPrice(input_mtok=Decimal('1')))"
    review = review_of(catalog, WHEN, [of_litellm(catalog, models), of_genai_prices(catalog, genai, "wally")])
    (one,) = review.proposals
    assert (one.kind, len(one.agreeing), one.proposed) == ("new-seller", 2, False)


def test_smells_keep_a_price_from_being_proposed(tmp_path: Path) -> None:
    batch = token_price(provider="openai", model="gpt-9", meter="input", processing="batch", usd="1")
    catalog = held(tmp_path / "c", *gpt9(), batch)
    models = entry(
        input_cost_per_token=1e-07, output_cost_per_token_batches=9e-06, cache_read_input_token_cost=3e-07,
        output_cost_per_token_priority=0.0004, cache_creation_input_token_cost=1.23456789e-13,
    )  # fmt: skip
    smells = {(p.key[2], p.key[5]): p.suspicions for p in review_of(
        catalog, WHEN, [of_litellm(catalog, {"gpt-9": models})]
    ).proposals}  # fmt: skip
    assert smells == {
        ("cache_read", "standard"): ("a cache read above the input price of 0.1",),
        ("cache_write", "standard"): ("more decimals than a list price has",),
        ("input", "standard"): ("moves by a factor of 20",),
        ("output", "batch"): ("a batch price that is no discount",),
        ("output", "priority"): ("50 of the standard price",),
    }


def test_the_same_listings_give_the_same_review(tmp_path: Path) -> None:
    catalog = held(tmp_path / "c")
    assert _reviewed(catalog, 1.5e-06, "1.5") == _reviewed(catalog, 1.5e-06, "1.5")


def test_hourly_prices_and_grids_move_by_percent_too(tmp_path: Path) -> None:
    catalog = held(tmp_path / "c", grid_intensity=[grid()], **machines())
    sold = SoldHere(catalog, WHEN)
    go = b'\t"us-east-1": {\n\t\t"p5.48xlarge": 60.0,\n\t},\n\t"eu-west-1": {\n\t\t"p5.48xlarge": 70.0,\n\t},\n'
    year = b"Google Cloud Region,Location,Grid carbon intensity (gCO2eq / kWh)\nasia-east1,Taiwan,400\n"
    listings = [
        karpenter.read_aws({"a.go": go}, Upstream("karpenter-provider-aws", "1", NEW), sold),
        region_carbon.read({"2024.csv": year}, Upstream("region-carbon-info", "1", NEW), sold),
    ]
    seen = {(p.kind, p.held, p.listed, p.percent) for p in review_of(catalog, WHEN, listings).proposals}
    assert seen == {
        ("changed", Decimal(80), Decimal(60), Decimal("-25.0")),
        ("new", None, Decimal(70), None),
        ("changed", 500.0, 400.0, Decimal("-20.0")),
    }
