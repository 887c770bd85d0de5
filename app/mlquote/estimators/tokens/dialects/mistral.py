"""Mistral: chat completions, transcriptions by the second, OCR by the page."""

from dataclasses import replace

from mlquote.estimators.tokens.dialects import compatible, openai
from mlquote.estimators.tokens.dialects.call import Call
from mlquote.estimators.tokens.dialects.reading import Body, Reading, Rules, null_warning, within

SHAPE = compatible.Shape("mistral", "https://docs.mistral.ai/api/", cached=("num_cached_tokens",))
OCR = Rules(
    cached="",
    reasoning="",
    total="pages_processed; annotated pages are among them, at their own price",
    source_url="https://docs.mistral.ai/api/endpoint/ocr",
)
AUDIO = Rules(
    cached="",
    reasoning="",
    total="prompt_audio_seconds is billed; the tokens of what was heard are not",
    source_url="https://docs.mistral.ai/capabilities/audio/",
)
ANNOTATIONS = ("document_annotation_format", "bbox_annotation_format")
"""What a request asks for when it wants pages annotated."""


def read(call: Call) -> Reading:
    """A Mistral answer."""
    if call.api == "ocr" or call.body.has("usage_info"):
        return _ocr(call, call.body.needed_part("usage_info"))
    usage = call.body.part("usage")
    if usage.has("prompt_audio_seconds") and usage.count("prompt_audio_seconds"):
        return _audio(call, usage)
    if "completion_tokens" not in usage.values:
        return openai.read(call)
    details = usage.values.get("prompt_token_details")
    if isinstance(details, dict) and not usage.has("prompt_tokens_details"):
        return compatible.chat(_with_details(call, details), SHAPE)
    return compatible.chat(call, SHAPE)


def _with_details(call: Call, details: dict[str, object]) -> Call:
    """The same call with the details under their plural name; Mistral documents both (vercel/ai#14889)."""
    body = call.body
    body.part("usage").harmless("prompt_token_details")
    usage = {**body.part("usage").values, "prompt_tokens_details": details}
    return replace(call, body=Body({**body.values, "usage": usage}, body.at, body.notes, body.placed))


def _ocr(call: Call, usage: Body) -> Reading:
    """Pages are billed once: at the annotated price where they were annotated, else at the plain one."""
    pages = usage.needed("pages_processed")
    annotated = usage.maybe("pages_processed_annotation")
    if annotated is None:
        annotated = pages if _is_annotated(call) else 0
    within(annotated, "annotated pages", pages, "pages_processed", usage.pointer("pages_processed_annotation"))
    counts = {"pages": pages - annotated, "annotated_pages": annotated}
    return Reading(
        dialect="mistral-ocr",
        rules=OCR,
        provider=call.provider,
        model=call.model_named(),
        counts={name: n for name, n in counts.items() if n},
        processing="batch" if call.batch else None,
        warnings=null_warning(call.body),
    )


def _is_annotated(call: Call) -> bool:
    """Whether annotations were asked for, or are there: of the document, or of an image on one of its pages."""
    if call.body.has("document_annotation") or any(call.request.has(name) for name in ANNOTATIONS):
        return True
    images = (image for page in call.body.parts("pages") for image in page.parts("images"))
    return any(image.has("image_annotation") for image in images)


def _audio(call: Call, usage: Body) -> Reading:
    """A transcription; a chat about a recording is billed for the tokens of its text beside the seconds."""
    usage.harmless("prompt_tokens", "completion_tokens", "total_tokens")
    counts = {"seconds": usage.needed("prompt_audio_seconds")}
    if call.body.has("choices"):
        counts |= {"input_tokens": usage.count("prompt_tokens"), "output_tokens": usage.count("completion_tokens")}
    return Reading(
        dialect="mistral-audio",
        rules=AUDIO,
        provider=call.provider,
        model=call.model_named(),
        counts={name: n for name, n in counts.items() if n},
        processing="batch" if call.batch else None,
        warnings=null_warning(call.body),
    )
