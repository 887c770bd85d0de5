"""What a row must say of where it comes from."""

from decimal import Decimal

import pytest

from mlquote.catalog.checks import Located, faults_of
from tests.estimators.hardware_sample import row

OWN = "docs/scoreboard.md"
JUDGED = "judgement: nobody published it"


def faulted(table: str, source_url: str, note: str) -> bool:
    """Whether the source of such a row is refused."""
    cells = {"quantity": "q", "name": "n", "log_sd": 0.1, "source_url": source_url, "note": note}
    known = {name: cells[name] for name in cells if name in row(table).__slots__}
    found = faults_of({table: [Located("f.csv", 2, row(table, **known))]})
    return any(fault.pointer == "f.csv:2:source_url" for fault in found)


@pytest.mark.parametrize(
    ("table", "source_url", "note", "refused"),
    [
        pytest.param("doubts", "https://example.org", "", False, id="a published source"),
        pytest.param("doubts", "", JUDGED, False, id="a judgement that says so"),
        pytest.param("defaults", "", JUDGED, False, id="a judged default"),
        pytest.param("doubts", "", "", True, id="no source and no word"),
        pytest.param("doubts", "", "it is so", True, id="no source and another word"),
        pytest.param("cost_factors", "", JUDGED, True, id="a fact is not judged"),
        pytest.param("fitted_factors", OWN, "", False, id="a page of our own"),
        pytest.param("fitted_factors", f"{OWN}#the-rules", "", False, id="a place on that page"),
        pytest.param("fitted_factors", "docs/../secret.md", "", True, id="no page of ours"),
        pytest.param("fitted_factors", "ftp://example.org", "", True, id="no web address"),
    ],
)  # fmt: skip
def test_a_source_is_an_address_a_page_of_ours_or_an_honest_word(
    table: str, source_url: str, note: str, refused: bool
) -> None:
    assert faulted(table, source_url, note) is refused


def priced(model: str, tier: int | None = None) -> Located:
    """An input price of a model on Bedrock, in the base tier or above `tier` tokens."""
    cells = {"provider": "aws-bedrock", "model": model, "meter": "input", "modality": "text", "processing": "standard",
             "unit": "per_million_tokens", "usd": Decimal(3), "source_url": "https://example.org",
             "tier_operator": ">" if tier else "", "tier_tokens": tier}  # fmt: skip
    return Located("f.csv", 2, row("token_prices", **cells))


@pytest.mark.parametrize(
    ("other", "is_hole"),
    [
        pytest.param("us.anthropic.claude-x", True, id="another place"),
        pytest.param("eu-west-1/anthropic.claude-x", True, id="a region before a slash"),
        pytest.param("us-gov-west-1/claude-x", True, id="a maker left out"),
        pytest.param("us.anthropic.claude-y", False, id="another model"),
    ],
)
def test_the_ids_of_one_model_have_the_same_tiers(other: str, is_hole: bool) -> None:
    own = "global.anthropic.claude-x"
    found = faults_of({"token_prices": [priced(own), priced(own, 200_000), priced(other)]})
    holes = [f for f in found if "no rate above 200000 tokens" in f.detail]
    assert bool(holes) is is_hole


def test_a_rule_of_images_is_of_models_that_the_catalogue_holds() -> None:
    rule = row("image_rules", family="f", models="known; lost", source_url="https://example.org")
    held = {"image_rules": [Located("f.csv", 2, rule)], "models": [Located("m.csv", 2, row("models", id="known"))]}
    found = [fault for fault in faults_of(held) if fault.pointer == "f.csv:2:models"]
    assert [fault.detail for fault in found] == ["'lost' is not in models"]
