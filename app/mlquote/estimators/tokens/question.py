"""What an API question says: who sells it, which model, what was used, and on which terms."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from mlquote.estimators.asking.numbers import a_share
from mlquote.estimators.asking.question import Name, PositiveCount, Question, Word
from mlquote.estimators.tokens.usage import Usage
from mlquote.estimators.tokens.workload import Workload

Discount = Annotated[Decimal, BeforeValidator(a_share), Field(ge=-10, le=1, allow_inf_nan=False)]


class ApiUsage(Question):
    """A number of like requests to a provider's API."""

    lifted: ClassVar = ("usage",)
    shortened: ClassVar = ("workload",)

    provider: Name | None = None
    """Who sells it: anthropic, openai, google, aws-bedrock; may be left out where only one provider sells the model."""
    model: Name | None = None
    """The provider's model id, or an alias of it; a response that names its own wins."""
    usage: Usage | None = None
    """What one request used."""
    provider_response: Mapping[str, Any] | Sequence[Any] | str | None = None
    """The provider's own response body, its list of stream events, or the text of a stream as it was received, instead
    of `usage`; content may be left out."""
    api: Name | None = None
    """The kind of response, where its shape does not tell: chat, responses, messages, converse, images, ocr."""
    request: Mapping[str, Any] | None = None
    """Facts that only the request holds, such as Bedrock's modelId."""
    per: Annotated[Literal["mtok"], Word] | None = None
    """mtok: the tokens are no one prompt, priced at the rates of the base tier; without counts, a million each of input
    and output."""
    workload: Workload | None = None
    """Like requests a day for some days, instead of the usage of one."""
    requests: PositiveCount = 1
    """How many requests like this one; each is priced by itself, so that no tier is chosen by their sum."""
    processing: Annotated[Name, Word] | None = None
    """standard (default), batch, flex, priority or fast: what the model is not sold as is refused."""
    region: Name | None = None
    """Where it runs, where that changes the price: us, eu, regional, us-east-1."""
    discount_fraction: Discount = Decimal(0)
    """Negotiated discount on the list price; a surcharge is negative."""
    rate_card: Name | None = None
    """An organisation's stored prices (/v1/rate-cards), laid over the public ones: acme, or acme@3 for a version."""
