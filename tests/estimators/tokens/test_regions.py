"""A region's name means one place at a seller, and the zones around it."""

from datetime import UTC, datetime

import pytest

from mlquote.catalog.snapshot import Snapshot, letters
from mlquote.estimators.tokens.regions import NOWHERE, Place, Regions
from mlquote.kit.errors import UnknownName

NOW = datetime(2026, 11, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def regions(catalog: Snapshot) -> Regions:
    return Regions(catalog)


@pytest.mark.parametrize(
    ("provider", "word", "place"),
    [
        pytest.param("aws-bedrock", "us-east-2", Place("us-east-2", ("us-east-2", "us")), id="an id"),
        pytest.param("aws-bedrock", "Ohio", Place("us-east-2", ("us-east-2", "us")), id="an alias"),
        pytest.param("aws-bedrock", "US East 2", Place("us-east-2", ("us-east-2", "us")), id="spaces for hyphens"),
        pytest.param("aws-bedrock", "us-gov-west-1", Place("us-gov-west-1", ("us-gov-west-1", "us-gov")), id="gov"),
        pytest.param(
            "aws-bedrock", "ap-southeast-2", Place("ap-southeast-2", ("ap-southeast-2", "au", "apac")), id="two zones"
        ),
        pytest.param("aws-bedrock", "sa-east-1", Place("sa-east-1", ("sa-east-1",)), id="no zone"),
        pytest.param("aws-bedrock", "EU", Place("eu", ("eu",)), id="a zone"),
        pytest.param("azure-openai", "Sweden Central", Place("swedencentral", ("swedencentral", "eu")), id="azure"),
        pytest.param("google-vertex", "Europe", Place("europe", ("europe",)), id="a multi-region"),
        pytest.param("google-vertex", "global", NOWHERE, id="global is where nothing is added"),
        pytest.param("openai", "EU", Place("eu", ("eu",)), id="a seller whose rows name its places"),
        pytest.param("anthropic", "not_available", NOWHERE, id="a response that does not say"),
        pytest.param("aws-bedrock", None, NOWHERE, id="nothing"),
    ],
)
def test_a_word_means_a_place(regions: Regions, provider: str, word: str | None, place: Place) -> None:
    assert regions.place(provider, word, NOW) == place


def test_a_region_nobody_has_names_the_nearest(regions: Regions) -> None:
    with pytest.raises(UnknownName) as caught:
        regions.place("aws-bedrock", "us-esat-1", NOW)
    assert "us-east-1" in caught.value.faults[0].hint


@pytest.mark.parametrize(
    ("provider", "word"),
    [
        pytest.param("google-vertex", "us-east-1", id="AWS's us-east-1 is not Google's us-east1"),
        pytest.param("aws-bedrock", "us-east4", id="nor the other way round"),
        pytest.param("azure-openai", "us-mars-9", id="nobody's"),
    ],
)
def test_a_region_of_another_provider_is_refused(regions: Regions, provider: str, word: str) -> None:
    with pytest.raises(UnknownName):
        regions.place(provider, word, NOW)


@pytest.mark.parametrize(
    ("provider", "name", "place"),
    [
        ("aws-bedrock", "us.anthropic.claude-opus-5", ("us", "anthropic.claude-opus-5")),
        ("aws-bedrock", "eu-west-1/deepseek.v3.2", ("eu-west-1", "deepseek.v3.2")),
        ("aws-bedrock", "anthropic.claude-opus-5", ("", "anthropic.claude-opus-5")),
        ("aws-bedrock", "bedrock_mantle/xai.grok-4.6", ("", "bedrock_mantle/xai.grok-4.6")),
        ("azure-openai", "us/gpt-4.1", ("us", "gpt-4.1")),
        ("google-vertex", "us/gpt-4.1", ("", "us/gpt-4.1")),
    ],
)
def test_an_id_says_where_it_runs(regions: Regions, provider: str, name: str, place: tuple[str, str]) -> None:
    assert regions.in_name(provider, name) == place


@pytest.mark.parametrize(
    ("said", "word", "agree"),
    [
        ("us", "us-east-1", True),
        ("us-east-1", "us", True),
        ("us", "eu-west-1", False),
        ("global", "eu-west-1", True),
        ("global", "eu", False),
        ("global", "us-gov-west-1", False),
        ("regional", "sa-east-1", True),
        ("regional", "us-gov-west-1", False),
        ("eu", "regional", True),
        ("us-gov", "regional", False),
    ],
)
def test_an_id_and_a_place_agree_where_one_holds_the_other(regions: Regions, said: str, word: str, agree: bool) -> None:
    assert regions.agree("aws-bedrock", said, regions.place("aws-bedrock", word, NOW)) is agree


def test_letters_leave_spaces_dots_and_hyphens_out() -> None:
    assert letters("us-east 1.a") == "useast1a"


def test_a_plus_is_a_letter() -> None:
    assert letters("command r+") != letters("command r")
