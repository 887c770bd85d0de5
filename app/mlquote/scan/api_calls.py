"""Calls of a provider's API: the model that a group names, who sells it, and what the call says of its usage."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from mlquote.catalog.snapshot import letters
from mlquote.estimators.tokens.price_list import Card
from mlquote.estimators.tokens.token_models import PriceList
from mlquote.kit.errors import QuoteError
from mlquote.scan.found import Said, Spending, to_fill
from mlquote.scan.groups import Group, Written

_MODEL_KEY = re.compile(
    r"(?:^|[._-]|(?<=[a-z]))(?:model|llm|engine|deployment)(?:[._-]?(?:name|id|version|slug|default))?$", re.IGNORECASE
)
"""Names under which a model is named: model, model_name, modelId, OPENAI_MODEL, azure_deployment, chat_model."""
_MODEL_SHAPE = re.compile(r"[A-Za-z][\w.:/@-]{1,118}[\w]\Z|o[1-9]\Z")

LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "azure-openai": ("AzureOpenAI", "AzureChatOpenAI", "azure-openai", "@ai-sdk/azure", ".openai.azure.com"),
    "aws-bedrock": ("bedrock-runtime", "ChatBedrock", "AnthropicBedrock", "@ai-sdk/amazon-bedrock"),
    "openrouter": ("openrouter.ai", "@openrouter/"),
    "groq": ("from groq", "import groq", "groq-sdk", "@ai-sdk/groq", "api.groq.com", "ChatGroq"),
    "together": ("from together", "import together", "together-ai", "api.together", "ChatTogether"),
    "fireworks": ("fireworks.client", "api.fireworks.ai", "@ai-sdk/fireworks", "ChatFireworks"),
    "deepinfra": ("api.deepinfra.com", "@ai-sdk/deepinfra"),
    "deepseek": ("api.deepseek.com", "@ai-sdk/deepseek"),
    "mistral": ("mistralai", "@ai-sdk/mistral", "ChatMistralAI", "api.mistral.ai"),
    "cohere": ("import cohere", "cohere-ai", "@ai-sdk/cohere", "ChatCohere"),
    "xai": ("api.x.ai", "xai_sdk", "@ai-sdk/xai"),
    "anthropic": ("import anthropic", "from anthropic", "@anthropic-ai/sdk", "@ai-sdk/anthropic", "ChatAnthropic"),
    "google": ("google.genai", "from google import genai", "google.generativeai", "@google/genai", "@ai-sdk/google"),
    "openai": ("import openai", "from openai", "\"openai\"", "'openai'", "@ai-sdk/openai", "ChatOpenAI"),
}  # fmt: skip
"""Who is called -> what a file has in it that calls them; resellers before the makers whose libraries they lend."""

_CLIENTS = {"azure": "azure-openai", "bedrock": "aws-bedrock", "vertex": "google"}
"""A client's function that is named otherwise than its seller: azure("gpt-4o")."""
_CALLED = {*LIBRARIES, *_CLIENTS}
_OUTPUT_LIMIT = (
    "max_tokens", "max_completion_tokens", "max_output_tokens", "maxTokens", "maxOutputTokens", "maxCompletionTokens",
    "max_new_tokens", "max_tokens_to_sample",
)  # fmt: skip
_TIER = ("service_tier", "serviceTier", "processing")
_SENDS_BATCHES = re.compile(
    r"completion_?window|messages\.batches|batches\.create|/v1/batches|createBatch", re.IGNORECASE
)
_TOKENS_IN, _TOKENS_OUT = "tokens of one request's prompt (a mean)", "tokens of one answer (a mean)"
_BY_CALL: tuple[tuple[str, Mapping[str, str]], ...] = (
    (r"fine_?tuning", {"training_tokens": "tokens of the training file, times its epochs"}),
    (r"embed", {"input_tokens": _TOKENS_IN}),
    (r"rerank", {"input_tokens": _TOKENS_IN}),
    (r"images?\.|image_generation|generateImage", {"images": "images of one request"}),
    (r"transcri|translat", {"seconds": "seconds of audio of one request (a mean)"}),
    (r"speech|tts", {"characters": "characters of one request (a mean)"}),
)
"""What of a call's name -> what one request of it uses."""
_CHAT = {"input_tokens": _TOKENS_IN, "output_tokens": _TOKENS_OUT}
_BY_PRICE: tuple[tuple[str, str, str], ...] = (
    ("ocr_page", "pages", "pages of one request (a mean)"),
    ("rerank_search", "rerank_searches", "searches of one request"),
    ("input_characters", "characters", "characters of one request (a mean)"),
    ("image per_image", "images", "images of one request"),
    ("audio per_second", "seconds", "seconds of audio of one request (a mean)"),
    ("audio per_hour", "seconds", "seconds of audio of one request (a mean)"),
    ("video per_second", "seconds", "seconds of video of one request (a mean)"),
)
"""A model that is not priced by tokens of text: what it is priced by -> what one request of it uses."""


@dataclass(frozen=True, slots=True)
class Sold:
    """A model's name that is sold, and by whom."""

    card: Card
    name: str
    provider: str
    assumed: str


def api_spending(group: Group, prices: PriceList, now: datetime) -> Iterator[Spending]:
    """The API calls that a group describes."""
    for setting, is_named in _candidates(group):
        priced = sold(group, str(setting.value), prices, now, strict=not is_named)
        if priced is not None:
            yield _spending(group, setting, priced)


def unknown_names(group: Group, prices: PriceList, now: datetime) -> Iterator[tuple[str, int]]:
    """Names that stand where an API's model does, in a file that calls one, and that nobody here sells."""
    if not sellers_in(group.around):
        return
    for setting, is_named in _candidates(group):
        name = str(setting.value)
        shaped = _MODEL_SHAPE.match(name) and re.search(r"\d", name) and re.search(r"[-/:]", name)
        if is_named and shaped and sold(group, name, prices, now, strict=False) is None:
            yield name, setting.line


def sellers_in(text: str) -> list[str]:
    """Who a file calls, by the libraries and addresses in it."""
    return [seller for seller, marks in LIBRARIES.items() if any(mark in text for mark in marks)]


def _candidates(group: Group) -> Iterator[tuple[Written, bool]]:
    """Values that may be a model's name, and whether they stand under a name that says so."""
    for name, setting in group.settings.items():
        if isinstance(setting.value, str) and _MODEL_SHAPE.match(setting.value):
            yield setting, bool(_MODEL_KEY.search(name.rpartition(".")[2]))
    if group.first is not None and isinstance(group.first.value, str) and _MODEL_SHAPE.match(group.first.value):
        named = re.search(r"model|chat|llm", group.callee, re.IGNORECASE)
        yield group.first, bool(named) or bool(set(re.split(r"\W", group.callee.casefold())) & _CALLED)


def sold(group: Group, name: str, prices: PriceList, now: datetime, *, strict: bool) -> Sold | None:
    """What a name means to the sellers that its file calls, else to its maker; None for what nobody sells.

    Args:  strict: only an id as it is listed counts, and only one with a digit and a joint in it.
    """
    if strict and not (re.search(r"\d", name) and "-" in name):
        return None
    head, slash, rest = name.partition("/")
    attempts: list[tuple[str | None, str]] = [(seller, name) for seller in _sellers_for(group)]
    attempts += [(head, rest)] if slash else []
    attempts += [(None, name)]
    for provider, model in attempts:
        try:
            found = prices.find(provider, model, now)
        except QuoteError:
            continue
        if not (re.search(r"\d", name) or found.card.provider in (*_sellers_for(group), head)):
            continue
        if strict and letters(found.card.model.rpartition("/")[2]) != letters(model.rpartition("/")[2]):
            continue
        return Sold(found.card, model, found.card.provider, found.assumed)
    return None


def _sellers_for(group: Group) -> list[str]:
    """Sellers by the call's own name first, then those of the file."""
    called = re.split(r"\W", group.callee.casefold())[0]
    own = [_CLIENTS.get(called, called)] if _CLIENTS.get(called, called) in LIBRARIES else []
    return [*own, *(seller for seller in sellers_in(group.around) if seller not in own)]


def _spending(group: Group, setting: Written, priced: Sold) -> Spending:
    place = f"{group.file}:{setting.line}"
    name = str(setting.value)
    fields = {
        "provider": Said(priced.provider, _why_seller(group, priced, name)),
        "model": Said(priced.name, priced.assumed or place),
        **_processing(group),
        "requests": to_fill("requests like this one"),
    }
    title, usage = priced.name.rpartition("/")[2], _usage(group, priced.card)
    return Spending("inference", title, (place,), fields, usage, _batches(group))


def _why_seller(group: Group, priced: Sold, name: str) -> str:
    if priced.provider in _sellers_for(group):
        return f"{group.file} calls it"
    return f"named in {name}" if "/" in name else "its maker; no file says who is called"


def _processing(group: Group) -> dict[str, Said]:
    tier = group.get(*_TIER)
    if tier is not None and tier.value in ("flex", "priority", "batch"):
        return {"processing": Said(tier.value, f"{group.file}:{tier.line}")}
    return {}


def _batches(group: Group) -> tuple[str, ...]:
    """A word on batches where the file sends some: which model is in them stands in the data that is sent."""
    if not re.search(
        r"completion_?window|messages\.batches|batches\.create|/v1/batches|createBatch", group.around, re.I
    ):
        return ()
    return (f'{group.file} sends batches: processing = "batch" is their price, where these requests are among them',)


def _usage(group: Group, card: Card) -> dict[str, Said]:
    counts = next((each for mark, each in _BY_CALL if re.search(mark, group.callee)), None) or _by_price(card)
    usage = {name: to_fill(what) for name, what in counts.items()}
    limit = group.get(*_OUTPUT_LIMIT)
    if "output_tokens" in usage and limit is not None:
        usage["output_tokens"] = to_fill(f"{_TOKENS_OUT}; {group.file}:{limit.line} allows at most {limit.value}")
    for name, field in (("size", "image_size"), ("quality", "image_quality")):
        told = group.get(name)
        if "images" in usage and told is not None:
            usage[field] = Said(told.value, f"{group.file}:{told.line}")
    return usage


def _by_price(card: Card) -> Mapping[str, str]:
    """What a request of a model uses, by what it is priced for."""
    priced = {f"{row.meter} {row.modality} {row.unit}" for row in card.rows}
    tokens = {
        field: what for field, what in _CHAT.items() if f"{field.partition('_')[0]} text per_million_tokens" in priced
    }
    if "output_tokens" in tokens:
        return tokens
    by_other = {field: what for mark, field, what in _BY_PRICE if any(mark in each for each in priced)}
    return dict(list(by_other.items())[:1]) or tokens or _CHAT
