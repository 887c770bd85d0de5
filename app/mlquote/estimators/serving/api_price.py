"""What an API asks for one request like those that are served: the price that hosting has to beat."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.rate_cards import NamedCard
from mlquote.estimators.tokens.usage import Usage
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Warning


@dataclass(frozen=True, slots=True)
class ApiPrice:
    """One request at one API."""

    name: str
    """provider/model, as the catalogue spells them."""
    usd_per_request: Decimal


@dataclass(frozen=True, slots=True)
class Request:
    """One mean request."""

    input_tokens: float
    output_tokens: float


def api_price_of(
    question: ServingQuestion, request: Request, catalog: Snapshot, when: datetime, card: NamedCard | None
) -> Finding[ApiPrice | None]:
    """The price of one mean request with the same cache hits; None where no API is named, or a meter has no price.

    Args:    card: the rate card that `question.rate_card` names

    Raises:  UnknownName for a provider or model the catalogue does not price; Malformed for a provider without a model
    """
    if question.against_model is None:
        if question.against_provider is not None:
            raise Malformed("say which of its models", pointer="/against_model", hint="the provider's model id")
        return Finding(None)
    cached = round(request.input_tokens * question.prefix_cache_hit_fraction)
    usage = Usage(
        input_tokens=round(request.input_tokens) - cached,
        output_tokens=max(1, round(request.output_tokens)),
        cache_read_tokens=cached,
    )
    asked = ApiUsage(
        provider=question.against_provider,
        model=question.against_model,
        usage=usage,
        as_of=when,
        rate_card=question.rate_card,
    )
    answer = inference_estimate(asked, catalog, when, card)
    warnings = answer.warnings
    if question.images:
        detail = "images are counted at the API as the hosted model cuts them, which is not the API's own rule"
        warnings = (*warnings, Warning("images-as-tokens", detail))
    name, cost = f"{answer.question['provider']}/{answer.question['model']}", answer.result.cost_usd
    if cost is None:
        detail = f"against_model {name} has no price for every token of this request: no break-even"
        return Finding(None, rows=answer.rows, warnings=(*warnings, Warning("no-api-price", detail)))
    return Finding(ApiPrice(name, cost), rows=answer.rows, warnings=warnings)
