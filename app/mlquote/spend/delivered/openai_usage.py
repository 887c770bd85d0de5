"""OpenAI's usage and costs of an organisation, as its API answers.

A result is the sum of many calls: no tier of a prompt's length follows from it. `input_tokens` holds the cached ones;
audio stands beside the text, or within the total where the newer parts say so. A null is "not grouped by this".
"""

from collections.abc import Iterable, Iterator

from mlquote.estimators.tokens.dialects.call import served_as
from mlquote.estimators.tokens.dialects.reading import within
from mlquote.kit.errors import Malformed
from mlquote.spend.delivered import pages
from mlquote.spend.delivered.cells import Cells
from mlquote.spend.delivered.formats import Around, Format, Line
from mlquote.spend.delivered.layout import Sample
from mlquote.spend.delivered.records import BilledLine, CallLine, Charge, PassedLine, Why
from mlquote.spend.log_records import Record

_KIND = "organization."
_METERS = {"images": "images", "seconds": "seconds", "characters": "characters", "num_sessions": "code_sessions"}
"""What a result counts beside tokens -> the meter that it is."""


def _fits(sample: Sample) -> bool:
    return any(_is_of_openai(record) for record in sample.records)


def _is_of_openai(record: object) -> bool:
    """Whether a page, or its first bucket's first result, says that it is OpenAI's."""
    if not isinstance(record, dict):
        return False
    if str(record.get("object", "")).startswith(_KIND) or ("start_time" in record and "results" in record):
        return True
    inner = record.get("data") if "data" in record else record.get("results")
    return isinstance(inner, list) and any(_is_of_openai(one) for one in inner[:100])


def _read(records: Iterable[Record], around: Around) -> Iterator[Line]:
    return pages.results(records, lambda number, result, bucket: _result(number, result, bucket, around))


def _result(number: int, result: Cells, bucket: Cells, around: Around) -> Line:
    start = bucket.needed_moment(*pages.STARTS)
    if result.has("amount"):
        amount = result.inner("amount")
        return BilledLine(
            number,
            start,
            bucket.moment(*pages.ENDS),
            amount.needed_number("value"),
            (amount.word("currency") or "USD").upper(),
            Charge.USAGE,
            provider=around.provider or "openai",
            labels=_labels(result, "line_item", "project_id", "organization_id"),
            pointer=result.at,
        )
    if (result.word("object") or "").endswith((".vector_stores.result", ".moderations.result")):
        return PassedLine(number, Why.NO_CALL)
    counts = _counts(result)
    model = result.word("model")
    if model is None:
        hint = "ask for the report with group_by=model"
        raise Malformed("the result is not of one model", pointer=f"{result.at}/model", hint=hint)
    is_batch = result.raw("batch") in (True, "true", "True")
    processing, _ = served_as(result.word("service_tier"), batch=is_batch)
    return CallLine(
        number,
        start,
        around.provider or "openai",
        model,
        counts,
        result.count("num_model_requests"),
        is_sum=True,
        processing=processing,
        labels=_labels(result, "project_id", "user_id", "api_key_id"),
        pointer=result.at,
    )


def _counts(result: Cells) -> dict[str, int]:
    """The disjoint counts of a result.

    Raises: Malformed where it counts nothing; OutOfDomain for more cached tokens than there are
    """
    others = {meter: count for name, meter in _METERS.items() if (count := result.count(name))}
    if others and not result.has("input_tokens"):
        return others
    pointer = f"{result.at}/input_cached_tokens"
    prompt, said = result.needed_count("input_tokens"), result.count("output_tokens") or 0
    cached = result.count("input_cached_tokens") or 0
    audio, image = result.count("input_audio_tokens") or 0, result.count("input_image_tokens") or 0
    cached_audio = result.count("input_cached_audio_tokens") or 0
    cached_image = result.count("input_cached_image_tokens") or 0
    spoken, drawn = result.count("output_audio_tokens") or 0, result.count("output_image_tokens") or 0
    if result.count("input_text_tokens") == prompt - audio - image and audio + image:
        prompt -= audio + image
    if result.count("output_text_tokens") == said - spoken - drawn and spoken + drawn:
        said -= spoken + drawn
    cached_text = cached - cached_audio - cached_image
    within(cached_text, "input_cached_tokens", prompt, "input_tokens", pointer)
    within(0, "cached text", cached_text, "input_cached_tokens", pointer)
    counts = {
        "input_tokens": prompt - cached_text,
        "cache_read_tokens": cached_text,
        "audio_input_tokens": audio - cached_audio,
        "audio_cache_read_tokens": cached_audio,
        "image_input_tokens": image - cached_image,
        "image_cache_read_tokens": cached_image,
        "output_tokens": said,
        "audio_output_tokens": spoken,
        "image_output_tokens": drawn,
    }
    return {meter: count for meter, count in counts.items() if count} or {"input_tokens": 0}


def _labels(result: Cells, *names: str) -> dict[str, str]:
    return {name: word for name in names if (word := result.word(name))}


OPENAI_USAGE = Format(
    source="openai-usage",
    title="OpenAI usage and costs API",
    one="none: a result is the sum of `num_model_requests` calls",
    left_out="buckets without results; `has_more` true is said: the report is not whole",
    moment="the bucket's `start_time`, seconds since 1970",
    holds="cached tokens inside `input_tokens`, reasoning inside `output_tokens`; audio beside",
    page="https://platform.openai.com/docs/api-reference/usage",
    fits=_fits,
    read=_read,
)
