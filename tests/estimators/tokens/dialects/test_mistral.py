"""Mistral: pages, annotated pages and seconds of audio."""

from typing import Any

from mlquote.estimators.tokens.dialects import read_response


def test_mistral_ocr_bills_pages_and_annotated_pages_once() -> None:
    body: dict[str, Any] = {"model": "mistral-ocr-2512", "pages": [], "usage_info": {"pages_processed": 29}}
    assert read_response("mistral", body).counts == {"pages": 29}
    assert read_response("mistral", body | {"document_annotation": "{}"}).counts == {"annotated_pages": 29}
    drawn = body | {"pages": [{"images": [{"id": "i", "image_annotation": "{}"}]}]}
    assert read_response("mistral", drawn).counts == {"annotated_pages": 29}
    body["usage_info"]["pages_processed_annotation"] = 8
    assert read_response("mistral", body).counts == {"pages": 21, "annotated_pages": 8}


def test_mistral_transcription_is_billed_by_the_second() -> None:
    usage = {"prompt_audio_seconds": 203, "prompt_tokens": 4, "total_tokens": 3264, "completion_tokens": 635}
    body = {"model": "voxtral-mini-2602", "text": "...", "usage": usage}
    assert read_response("mistral", body).counts == {"seconds": 203}
