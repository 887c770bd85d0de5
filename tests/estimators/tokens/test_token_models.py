"""Names lead to the model they mean: ids, aliases, other spellings, places in an id and beside it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.charges import cost_of
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.token_models import PriceList, price_list
from mlquote.kit.errors import OutOfDomain, QuoteError, UnknownName
from mlquote.kit.provenance import Answer

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
COUNTS = {"input_tokens": 1000, "output_tokens": 300, "cache_read_tokens": 5000}
MILLION = {"input_tokens": 1_000_000}


@pytest.fixture(scope="module")
def prices(catalog: Snapshot) -> PriceList:
    return catalog.derived(price_list)


def asked(catalog: Snapshot, provider: str, model: str, region: str | None = None) -> Answer:
    question = {"provider": provider, "model": model, "region": region, "usage": COUNTS}
    return inference_estimate(ApiUsage.model_validate(question), catalog, NOW)


def figures(catalog: Snapshot, provider: str, model: str, region: str | None = None) -> object:
    """All that an answer computes and the rows it rests on, or the code it is refused with."""
    try:
        answer = asked(catalog, provider, model, region)
    except QuoteError as error:
        return error.code
    return answer.result, answer.rows


def aliases(catalog: Snapshot, kind: str, scope: str) -> dict[str, str]:
    """Alias -> what it means."""
    return {row.alias: row.target for row in catalog.versions("aliases", kind=kind, scope=scope)}


def test_every_model_and_every_alias_can_be_quoted(prices: PriceList, catalog: Snapshot) -> None:
    for provider, cards in prices.cards.items():
        for card in cards.values():
            assert prices.find(provider, card.model, NOW).card is card
        for alias, target in aliases(catalog, "token_model", provider).items():
            assert prices.find(provider, alias.upper(), NOW).card is prices.find(provider, target, NOW).card


@pytest.mark.parametrize(
    ("provider", "name", "model"),
    [
        pytest.param("Anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5", id="dated id"),
        pytest.param(
            "bedrock", "us.anthropic.claude-opus-4-7", "regional.anthropic.claude-opus-4-7-v1:0", id="regional"
        ),
        pytest.param("gemini", "models/gemini-2.5-flash", "gemini-2.5-flash", id="resource name"),
        pytest.param("openai", "openai/gpt-5", "gpt-5", id="provider written before the model"),
        pytest.param("openai", "ft:gpt-4o-mini:acme::abc", "ft:gpt-4o-mini", id="fine-tuned"),
        pytest.param("mistral", "mistral-large-4-0", "mistral-large-4", id="second spelling"),
        pytest.param("azure", "azure/us/gpt-4.1-2025-04-14", "us/gpt-4.1-2025-04-14", id="gateway's prefix and a zone"),
        pytest.param("vertex", "publishers/google/models/gemini-2.5-flash", "gemini-2.5-flash", id="publisher"),
        pytest.param("vertex", "llama-3.3-70b-instruct-maas", "meta/llama-3.3-70b-instruct-maas", id="maker left out"),
        pytest.param("openai", "gpt-3.5-turbo-instruct:20230824-v2", "gpt-3.5-turbo-instruct", id="version of a day"),
        pytest.param("xai", "grok-4-latest", "grok-4-0709", id="rolling name"),
        pytest.param(
            "bedrock",
            "arn:aws:bedrock:eu-west-1:1234:inference-profile/eu.anthropic.claude-opus-4-7",
            "regional.anthropic.claude-opus-4-7-v1:0",
            id="inference profile",
        ),
        pytest.param(
            "bedrock",
            "bedrock/converse/global.anthropic.claude-opus-4-7",
            "global.anthropic.claude-opus-4-7-v1:0",
            id="gateway's route",
        ),
    ],
)
def test_names_as_people_write_them_lead_to_the_model(prices: PriceList, provider: str, name: str, model: str) -> None:
    assert prices.find(provider, name, NOW).card.model == model


def test_a_region_that_has_its_own_rows_is_priced_by_them(prices: PriceList) -> None:
    """Llama 3 70B on Bedrock: a row of its own in São Paulo, dearer than in Virginia."""
    at_home = prices.find("aws-bedrock", "meta.llama3-70b-instruct-v1:0", NOW, "us-east-1").card
    away = prices.find("aws-bedrock", "meta.llama3-70b-instruct-v1:0", NOW, "sa-east-1").card
    counts = {"input_tokens": 1_000_000}
    home, abroad = (cost_of(counts, card.ladder(NOW)).usd for card in (at_home, away))
    assert home is not None
    assert abroad is not None
    assert abroad > home


def test_a_region_without_a_price_names_those_that_have_one(prices: PriceList) -> None:
    with pytest.raises(OutOfDomain) as caught:
        prices.find("aws-bedrock", "meta.llama3-70b-instruct-v1:0", NOW, "eu-central-1")
    assert "sa-east-1" in caught.value.faults[0].hint


def test_an_unknown_provider_names_the_nearest(prices: PriceList) -> None:
    with pytest.raises(UnknownName) as caught:
        prices.find("antropic", "claude-opus-4-7", NOW)
    assert "anthropic" in caught.value.faults[0].hint


@pytest.mark.parametrize(
    ("name", "moment", "usd"),
    [
        pytest.param("gpt-4o", "2024-10-01", "5", id="gpt-4o until it moved on 2024-10-02"),
        pytest.param("gpt-4o", "2024-10-02", "2.5", id="and from then on"),
        pytest.param("gpt-4o-2024-08-06", "2024-09-01", "2.5", id="the dated id never had the old price"),
        pytest.param("gpt-4o-2024-05-13", "2026-01-01", "5", id="and the first one always has it"),
        pytest.param("gpt-3.5-turbo-0125", "2024-02-01", "0.5", id="announced with its price"),
    ],
)
def test_a_moving_alias_and_its_dated_ids_have_their_own_histories(
    prices: PriceList, name: str, moment: str, usd: str
) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert cost_of({"input_tokens": 10**6}, prices.find("openai", name, at).card.ladder(at)).usd == Decimal(usd)


def test_every_alias_of_a_provider_is_answered_like_its_id(catalog: Snapshot, prices: PriceList) -> None:
    for alias, provider in aliases(catalog, "provider", "tokens").items():
        model = next(iter(prices.cards[provider].values())).model
        for spelling in (alias, alias.upper(), alias.replace("-", " "), alias.replace("_", "")):
            assert figures(catalog, spelling, model) == figures(catalog, provider, model), spelling


def test_every_alias_of_a_model_is_answered_like_its_id(catalog: Snapshot, prices: PriceList) -> None:
    for provider in prices.cards:
        for alias, model in aliases(catalog, "token_model", provider).items():
            assert figures(catalog, provider, alias) == figures(catalog, provider, model), f"{provider} {alias}"


@pytest.mark.parametrize(
    ("seller", "landlord", "model"),
    [
        ("aws-bedrock", "aws", "anthropic.claude-sonnet-4-6"),
        ("aws-bedrock", "aws", "amazon.nova-2-lite-v1:0"),
        ("azure-openai", "azure", "gpt-4.1"),
        ("azure-ai-foundry", "azure", "grok-3"),
        ("google-vertex", "gcp", "claude-opus-4-7"),
        ("google-vertex", "gcp", "gemini-2.5-flash"),
    ],
)
def test_every_alias_of_a_region_is_answered_like_its_id(
    catalog: Snapshot, seller: str, landlord: str, model: str
) -> None:
    named = aliases(catalog, "region", landlord)
    assert len(named) > 50
    for alias, region in named.items():
        assert figures(catalog, seller, model, alias) == figures(catalog, seller, model, region), alias


@pytest.mark.parametrize(
    ("provider", "name", "id_"),
    [
        pytest.param("Microsoft Azure", "gpt-4.1", "azure-openai", id="the cloud's name, and its name for tokens"),
        pytest.param("AWS Bedrock", "amazon.nova-pro-v1:0", "aws-bedrock", id="a space for a hyphen"),
        pytest.param("Vertex AI", "gemini-2.5-flash", "google-vertex", id="an alias with a space"),
        pytest.param("azureopenai", "gpt-4.1", "azure-openai", id="no hyphen"),
    ],
)
def test_a_provider_is_known_in_other_spellings(prices: PriceList, provider: str, name: str, id_: str) -> None:
    assert prices.find(provider, name, NOW).card.provider == id_


@pytest.mark.parametrize("name", ["claude-sonnet-4.5", "Claude Sonnet 4.5", "claude_sonnet_4_5"])
def test_a_model_in_another_spelling_is_read_as_the_one_there_is_and_that_is_told(prices: PriceList, name: str) -> None:
    named = prices.find("anthropic", name, NOW)
    assert named.card is prices.find("anthropic", "claude-sonnet-4-5", NOW).card
    assert "is read as 'claude-sonnet-4-5'" in named.assumed


def test_a_spelling_that_fits_two_models_is_neither(catalog: Snapshot) -> None:
    """gpt-4.1 and a model gpt-41 would both be gpt41: see `letters`."""
    listed = PriceList(catalog)
    listed.cards["openai"] = dict(listed.cards["openai"]) | {"gpt-41": listed.cards["openai"]["gpt-5"]}
    with pytest.raises(UnknownName):
        listed.find("openai", "GPT 4 1", NOW)


@pytest.mark.parametrize(
    ("region", "usd", "model"),
    [
        pytest.param("global", "3", "global.anthropic.claude-sonnet-4-6-v1:0", id="the global endpoint is cheaper"),
        pytest.param(None, "3.3", "regional.anthropic.claude-sonnet-4-6-v1:0", id="no region: in-region"),
        pytest.param("us-east-1", "3.3", "regional.anthropic.claude-sonnet-4-6-v1:0", id="a region"),
        pytest.param("sa-east-1", "3.3", "regional.anthropic.claude-sonnet-4-6-v1:0", id="one without a geography"),
        pytest.param("regional", "3.3", "regional.anthropic.claude-sonnet-4-6-v1:0", id="in so many words"),
    ],
)
def test_bedrock_bills_the_place_that_is_asked_for(prices: PriceList, region: str | None, usd: str, model: str) -> None:
    named = prices.find("bedrock", "anthropic.claude-sonnet-4-6", NOW, region)
    assert (named.card.model, named.warning) == (model, None)
    assert cost_of(MILLION, named.card.ladder(NOW)).usd == Decimal(usd)


def test_the_region_that_answered_is_echoed(catalog: Snapshot) -> None:
    regions = {
        ("aws-bedrock", "anthropic.claude-sonnet-4-6", None): "regional",
        ("aws-bedrock", "us.anthropic.claude-sonnet-4-6", None): "us",
        ("aws-bedrock", "anthropic.claude-sonnet-4-6", "Ohio"): "us-east-2",
        ("aws-bedrock", "meta.llama3-70b-instruct-v1:0", None): None,
        ("azure-openai", "us/gpt-4.1", None): "us",
        ("azure-openai", "gpt-4.1", None): "global",
        ("anthropic", "claude-opus-4-7", None): "global",
    }
    for (provider, model, region), told in regions.items():
        answer = asked(catalog, provider, model, region)
        again = ApiUsage.model_validate(dict(answer.question))
        assert answer.question["region"] == told
        assert inference_estimate(again, catalog, NOW).result == answer.result


@pytest.mark.parametrize(
    ("provider", "model", "region"),
    [
        pytest.param("aws-bedrock", "anthropic.claude-sonnet-4-6", "us-mars-9", id="bedrock"),
        pytest.param("aws-bedrock", "amazon.nova-pro-v1:0", "ap-mars-9", id="bedrock, another geography"),
        pytest.param("azure", "gpt-4o", "us-mars-9", id="azure"),
        pytest.param("azure", "gpt-4o", "us-east-1", id="a region of another cloud"),
        pytest.param("vertex_ai", "claude-opus-4-7", "mars-central1", id="vertex"),
        pytest.param("azure-ai-foundry", "grok-3", "mars", id="foundry"),
    ],
)
def test_an_invented_region_is_unknown_and_never_priced(
    prices: PriceList, provider: str, model: str, region: str
) -> None:
    with pytest.raises(UnknownName) as caught:
        prices.find(provider, model, NOW, region)
    assert (caught.value.code, caught.value.faults[0].pointer) == ("unknown-region", "/region")
    assert caught.value.faults[0].hint


@pytest.mark.parametrize(
    ("provider", "model", "region", "answered"),
    [
        pytest.param("azure", "gpt-4.1", "eastus", "us", id="Azure's region, its data zone"),
        pytest.param("azure", "gpt-4.1", "westeurope", "eu", id="a country of the Union"),
        pytest.param("bedrock", "amazon.nova-lite-v1:0", "eu-west-1", "eu", id="a region, its geography"),
        pytest.param(
            "bedrock", "amazon.nova-2-lite-v1:0", "ap-northeast-1", "jp", id="the country before the continent"
        ),
        pytest.param("bedrock", "mistral.mistral-large-2407-v1:0", "global", "us", id="no global endpoint: the list"),
    ],
)
def test_a_wider_place_stands_in_with_a_warning(
    prices: PriceList, provider: str, model: str, region: str, answered: str
) -> None:
    warning = prices.find(provider, model, NOW, region).warning
    assert warning is not None
    assert warning.code == "place-stands-in"
    assert warning.detail.endswith(f"that of {answered} stands in")


def test_an_id_that_runs_elsewhere_than_is_asked_is_refused(prices: PriceList) -> None:
    with pytest.raises(OutOfDomain) as caught:
        prices.find("bedrock", "us.anthropic.claude-sonnet-4-6", NOW, "eu-west-1")
    assert caught.value.code == "contradictory-region"


def test_an_id_that_holds_the_place_asked_for_is_billed_as_it_is(prices: PriceList) -> None:
    plain = prices.find("bedrock", "us.anthropic.claude-sonnet-4-6", NOW)
    for region in ("us", "us-east-1", "regional"):
        assert prices.find("bedrock", "us.anthropic.claude-sonnet-4-6", NOW, region)[:3] == plain[:3]


def test_a_place_that_an_id_overrules_is_named_in_a_warning(prices: PriceList) -> None:
    named = prices.find("bedrock", "us.anthropic.claude-sonnet-4-6", NOW, "global")
    assert named.warning is not None
    assert (named.warning.code, named.warning.detail.partition(":")[0]) == ("field-not-used", "region")


@pytest.mark.parametrize(
    ("name", "provider", "model"),
    [
        ("claude-haiku-4.5", "anthropic", "claude-haiku-4-5"),
        ("anthropic/claude-sonnet-4.5", "anthropic", "claude-sonnet-4-5"),
        ("gpt_4o", "openai", "gpt-4o"),
        ("gemini/gemini-2.5-pro", "google", "gemini-2.5-pro"),
        ("models/gemini-2.5-pro", "google", "gemini-2.5-pro"),
        ("vertex_ai/gemini-2.5-pro", "google-vertex", "gemini-2.5-pro"),
        ("azure/gpt-4o", "azure-openai", "gpt-4o"),
        ("gpt-35-turbo", "openai", "gpt-3.5-turbo"),
    ],
)
def test_a_model_without_a_provider_is_its_makers_or_the_one_it_names(
    prices: PriceList, name: str, provider: str, model: str
) -> None:
    found = prices.find(None, name, NOW).card
    assert (found.provider, found.model) == (provider, model)


@pytest.mark.parametrize("name", ["llama-3.3-70b", "deepseek-v3.2-maas-x", "openrouter/auto"])
def test_a_reseller_is_never_chosen_by_an_accident_of_spelling(prices: PriceList, name: str) -> None:
    with pytest.raises(QuoteError):
        prices.find(None, name, NOW)


def test_a_vertex_path_says_where_it_runs(prices: PriceList) -> None:
    path = "projects/p/locations/us-central1/publishers/google/models/gemini-2.5-pro"
    assert prices.find("google-vertex", path, NOW).place == "us-central1"
    with pytest.raises(OutOfDomain) as caught:
        prices.find("google-vertex", path, NOW, "europe-west4")
    assert caught.value.code == "contradictory-region"


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        ("bedrock", "arn:aws:bedrock:eu-west-1:1234:application-inference-profile/abc123"),
        ("bedrock", "arn:aws:bedrock:eu-west-1:1234:provisioned-model/abc123"),
        ("openrouter", "anthropic/claude-sonnet-4.5:free"),
        ("openrouter", "claude-sonnet-4.5"),
        ("openrouter", "nobody/claude-sonnet-4.5"),
    ],
)
def test_a_name_that_tells_no_model_is_refused(prices: PriceList, provider: str, name: str) -> None:
    with pytest.raises(UnknownName) as caught:
        prices.find(provider, name, NOW)
    assert caught.value.faults[0].hint
