"""Lines of our own, providers' responses and batch outputs: one a line, each as `usage_lines` reads it."""

from collections.abc import Iterable, Iterator

from mlquote.spend.delivered.formats import Around, Format, Line
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.log_records import Record
from mlquote.spend.usage_lines import read_records


def _never(_: Sample) -> bool:
    """Whatever is no other format is read as these, line by line."""
    return False


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    return read_records(records, around.provider)


COUNTS = Format(
    source="counts",
    title="counts of ours, NDJSON or CSV",
    one="the line; its `id`, `request_id` or `response_id` where it has one: the same answer is billed once",
    left_out="nothing",
    moment="`timestamp`, UTC where no zone is written",
    holds="every count beside the others; `reasoning_tokens` inside `output_tokens`",
    page="token_pricing.md",
    fits=_never,
    read=_read,
)
RESPONSES = Format(
    source="responses",
    title="providers' own responses, one a line",
    one="the response's id: the same answer is billed once",
    left_out="nothing",
    moment="`timestamp` beside the response, else what the response says",
    holds="as the provider's dialect declares (provider_responses.md)",
    page="provider_responses.md",
    fits=_never,
    read=_read,
)
BATCH_OUTPUT = Format(
    source="batch-output",
    title="output files of batches (OpenAI, Anthropic, Google, Bedrock)",
    one="the response's id: the same answer is billed once",
    left_out="nothing; a request that failed is a fault of its line",
    moment="what the response says",
    holds="as the provider's dialect declares; the batch rate",
    page="provider_responses.md",
    fits=_never,
    read=_read,
)
