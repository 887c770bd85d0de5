"""Amazon Bedrock's model invocation log, as it lies in S3 and CloudWatch.

Cached tokens stand beside `inputTokenCount`, in `input` or at the top. A failed invocation has an `errorCode` and
counts nothing. What a body says is text of somebody's, and never a count.
"""

from collections.abc import Iterable, Iterator

from mlquote.kit.errors import Malformed
from mlquote.spend.delivered.cells import Cells, folded
from mlquote.spend.delivered.formats import Around, Format, Line, each, latest
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.records import CallLine, PassedLine, Why
from mlquote.spend.log_records import Record


def _fits(sample: Sample) -> bool:
    return any(folded(str(record.get("schemaType", ""))) == "modelinvocationlog" for record in sample.records) or (
        sample.has("modelId", "requestId", "operation") and sample.has_any("input", "output")
    )


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    return latest(each(records, lambda number, row: [_invocation(number, row, around)]))


def _invocation(number: int, row: Cells, around: Around) -> Line:
    given, answered = row.inner("input"), row.inner("output")
    at, model = row.needed_moment("timestamp"), row.word("modelId")
    if model is None:
        raise Malformed("the invocation names no model", pointer="/modelId")
    prompt, said = given.count("inputTokenCount"), answered.count("outputTokenCount")
    if row.has("errorCode") and not (prompt or said):
        return PassedLine(number, Why.FAILED)
    if prompt is None and said is None:
        raise Malformed("the invocation counts nothing, and zero would be a guess", pointer="/input/inputTokenCount")
    counts = {
        "input_tokens": prompt or 0,
        "output_tokens": said or 0,
        "cache_read_tokens": _cache(row, "cacheReadInputTokenCount", "cacheReadInputTokens"),
        "cache_write_tokens": _cache(row, "cacheWriteInputTokenCount", "cacheWriteInputTokens"),
    }
    return CallLine(
        number,
        at,
        around.provider or "aws-bedrock",
        model.rpartition("/")[2] if model.startswith("arn:") else model,
        {meter: count for meter, count in counts.items() if count} or {"input_tokens": 0},
        labels=_labels(row),
        identity=row.word("requestId") or "",
    )


def _cache(row: Cells, *names: str) -> int:
    return row.inner("input").count(*names) or row.count(*names) or row.inner("output").count(*names) or 0


def _labels(row: Cells) -> dict[str, str]:
    arn = row.inner("identity").word("arn") or ""
    who = arn.partition("assumed-role/")[2].partition("/")[0] or arn.rpartition("/")[2]
    found = {"account": row.word("accountId"), "principal": who, "region": row.word("region")}
    plain = {name: str(value) for name, value in row.inner("requestMetadata").values.items()}
    return {name: value for name, value in {**found, **plain}.items() if value}


BEDROCK_LOG = Format(
    source="bedrock-log",
    title="Amazon Bedrock invocation log",
    one="`requestId`; the last record of it counts",
    left_out="records with an `errorCode` and no counts",
    moment="`timestamp`, UTC",
    holds="cached and written tokens beside `inputTokenCount`; reasoning inside `outputTokenCount`",
    page="https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html",
    fits=_fits,
    read=_read,
)
