"""genai-prices' table (`genai_prices/data.py` of the package, `data.json` of the repository; MIT) as token prices."""

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams.listing import Draft, Listed, Listing, Upstream
from mlquote.upstreams.names import SoldHere

_PAGE: Final = "https://github.com/pydantic/genai-prices/tree/main/prices"
"""The table itself, named where neither it nor we know the seller's page."""
FILES: Final = ("*genai_prices/data.py", "*prices/data.json", "data.json")
"""The package's module is read as a syntax tree and never run."""

_SELLERS: Final[Mapping[str, str]] = {
    "anthropic": "anthropic",
    "aws": "aws-bedrock",
    "azure": "azure-openai",
    "cerebras": "cerebras",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "elevenlabs": "elevenlabs",
    "fireworks": "fireworks",
    "google": "google",
    "groq": "groq",
    "meta": "meta",
    "minimax": "minimax",
    "mistral": "mistral",
    "moonshotai": "moonshot",
    "openai": "openai",
    "perplexity": "perplexity",
    "together": "together",
    "voyageai": "voyage",
    "x-ai": "xai",
    "zai": "zai",
}

_BY_ID: Final = frozenset({"aws-bedrock"})
"""Sellers whose places are part of an id, which the table's rules of names look past: their prices are not one."""

_TOKENS: Final = "per_million_tokens"
_METERS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "input_mtok": ("input", "text", "", _TOKENS),
    "output_mtok": ("output", "text", "", _TOKENS),
    "output_reasoning_mtok": ("reasoning_output", "text", "", _TOKENS),
    "output_citation_mtok": ("citation_output", "text", "", _TOKENS),
    "cache_read_mtok": ("cache_read", "text", "", _TOKENS),
    "cache_write_mtok": ("cache_write", "text", "default", _TOKENS),
    "cache_write_1h_mtok": ("cache_write", "text", "1h", _TOKENS),
    "input_audio_mtok": ("input", "audio", "", _TOKENS),
    "output_audio_mtok": ("output", "audio", "", _TOKENS),
    "cache_audio_read_mtok": ("cache_read", "audio", "", _TOKENS),
    "input_image_mtok": ("input", "image", "", _TOKENS),
    "output_image_mtok": ("output", "image", "", _TOKENS),
    "cache_image_read_mtok": ("cache_read", "image", "", _TOKENS),
    "input_video_mtok": ("input", "video", "", _TOKENS),
    "output_video_mtok": ("output", "video", "", _TOKENS),
    "input_document_kpages": ("ocr_page", "document", "", "per_thousand_pages"),
    "input_annotated_document_kpages": ("ocr_annotated_page", "document", "", "per_thousand_pages"),
    "web_searches_kcount": ("web_search", "any", "", "per_thousand_requests"),
}
"""Field -> meter, modality, cache_ttl, unit; the others are counted as unread."""


def read(texts: Mapping[str, bytes], upstream: Upstream, sold: SoldHere) -> Listing:
    """The token prices that hold on the upstream's day, in our keys.

    A model of ours is found by the table's own rule of matching names, so it may be listed under another id there.

    Args:    texts: file name -> content; one of `FILES`
    Raises:  InvalidCatalog where the file is no such table
    """
    draft = Draft()
    for provider in _providers(texts):
        named = str(provider.get("id"))
        seller = _SELLERS.get(named, named.replace("_", "-"))
        models = [model for model in provider.get("models", ()) if isinstance(model, dict)]
        page = next(iter(provider.get("pricing_urls") or ()), _PAGE)
        for model, name in _meant(models, seller, sold):
            for prices in _on(model.get("prices"), upstream.day, draft):
                _read_prices(draft, prices, seller, name, sold.page(seller) or page)
    return draft.listing(upstream)


def _meant(models: list[dict[str, Any]], seller: str, sold: SoldHere) -> Iterator[tuple[dict[str, Any], str]]:
    """Each entry with each id it is read under: those of ours that it matches first, else its own."""
    taken = set()
    for name in sold.models(seller) if seller not in _BY_ID else ():
        first = next((n for n, model in enumerate(models) if matches(model.get("match"), name)), None)
        if first is not None:
            taken.add(first)
            yield models[first], name
    for place, model in enumerate(models):
        if place not in taken:
            yield model, sold.named(seller, str(model.get("id"))) or str(model.get("id"))


def _on(prices: Any, day: date, draft: Draft) -> Iterator[Mapping[str, Any]]:
    """The prices that hold on a day: the last of those whose start has come; hours of the day are not read."""
    if isinstance(prices, dict):
        yield prices
        return
    held = None
    for member in prices or ():
        constraint = member.get("constraint")
        start = (constraint or {}).get("start_date")
        if constraint and not start:
            draft.unread["prices by the hour of the day"] += 1
        elif start is None or _date(start) <= day:
            held = member.get("prices")
    if held:
        yield held


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _read_prices(draft: Draft, prices: Mapping[str, Any], seller: str, model: str, page: str) -> None:
    for field, value in prices.items():
        meter = _METERS.get(field)
        if meter is None:
            if value is not None:
                draft.unread[f"field not read: {field}"] += 1
            continue
        for tier, figure in _tiers(value):
            if figure == 0:
                draft.unread["a price of 0 (free is a claim that no page makes)"] += 1
                continue
            name, modality, ttl, unit = meter
            if name == "cache_write" and ttl == "default" and "claude" in model.casefold():
                ttl = "5m"
            operator = "" if tier is None else ">=" if seller == "xai" else ">"
            key = (seller, model, name, modality, ttl, "standard", operator, tier, "", "", "", unit)
            draft.add(Listed("token_prices", key, figure, page))


def _tiers(value: Any) -> Iterator[tuple[int | None, Decimal]]:
    if isinstance(value, dict):
        if "base" not in value:
            raise InvalidCatalog(f"genai-prices: {value} is no price")
        yield None, Decimal(str(value["base"])).normalize()
        for tier in value.get("tiers", ()):
            yield int(tier["start"]), Decimal(str(tier["price"])).normalize()
    elif value is not None:
        yield None, Decimal(str(value)).normalize()


_MATCHES: Final[Mapping[str, Callable[[Any, str], bool]]] = {
    "equals": lambda want, name: name == str(want).casefold(),
    "starts_with": lambda want, name: name.startswith(str(want).casefold()),
    "ends_with": lambda want, name: name.endswith(str(want).casefold()),
    "contains": lambda want, name: str(want).casefold() in name,
    "regex": lambda want, name: re.search(str(want), name) is not None,
    "or": lambda want, name: any(matches(clause, name) for clause in want),
    "and": lambda want, name: all(matches(clause, name) for clause in want),
}


def matches(clause: Any, name: str) -> bool:
    """Whether a table's rule of names (`{"starts_with": ...}`, `{"or": [...]}`, ...) holds for a name."""
    folded = name.casefold()
    return isinstance(clause, dict) and any(
        kind.rstrip("_") in _MATCHES and _MATCHES[kind.rstrip("_")](want, folded) for kind, want in clause.items()
    )


def _providers(texts: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    for file, text in sorted(texts.items()):
        try:
            providers = _from_module(text) if file.endswith(".py") else json.loads(text, parse_float=Decimal)
            if not isinstance(providers, list):
                raise ValueError("no list of providers")
            yield from (provider for provider in providers if isinstance(provider, dict))
        except (ValueError, SyntaxError, TypeError, RecursionError) as error:
            raise InvalidCatalog(f"{file} is not genai-prices' table: {error}") from None


def _from_module(text: bytes) -> list[Any]:
    tree = ast.parse(text)
    assigned = (node for node in tree.body if isinstance(node, ast.AnnAssign | ast.Assign))
    for node in assigned:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
        if any(isinstance(target, ast.Name) and target.id == "providers" for target in targets) and node.value:
            value = _value(node.value)
            if isinstance(value, list):
                return value
    raise ValueError("no list of providers")


def _value(node: ast.expr) -> Any:
    """A literal, or a record of the package's classes as the mapping of its keywords."""
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(item) for item in node.elts]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
        called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        arguments = [_value(argument) for argument in node.args]
        if called == "Decimal":
            return Decimal(str(arguments[0]))
        if called == "date":
            return date(*arguments)
        return {keyword.arg: _value(keyword.value) for keyword in node.keywords if keyword.arg}
    if isinstance(node, ast.Dict):
        return {_value(key): _value(value) for key, value in zip(node.keys, node.values, strict=True) if key}
    return ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ast.literal_eval(node)
