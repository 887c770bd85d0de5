"""Input and output tokens split so that each is in exactly one count, by modality and by what the cache did."""

from dataclasses import dataclass

from mlquote.estimators.tokens.dialects.reading import contradiction, within


@dataclass(frozen=True, slots=True)
class InputParts:
    """An input total that includes everything below it, as most providers report it."""

    total: int
    cached: int = 0
    written: int = 0
    audio: int = 0
    image: int = 0
    video: int = 0
    cached_audio: int | None = None
    """Cached tokens that were audio; None where the provider does not say."""
    cached_image: int | None = None
    cached_video: int | None = None


def split_input(parts: InputParts, *, name: str, pointer: str) -> dict[str, int]:
    """The disjoint counts of an inclusive input total.

    input_tokens = total - cached - written - (audio - cached audio) - (image - ...) - (video - ...). Where the
    provider does not say which modality the cached tokens were, they are text as far as the text goes: the prefix
    that caches match is text in all but a few requests.

    Args:    parts (tokens); name, pointer: how the total is named in a complaint
    Returns: field of `usage` -> tokens, zeros left out but for `input_tokens`
    Raises:  OutOfDomain, when parts exceed the total
    """
    media = parts.audio + parts.image + parts.video
    within(media, "audio, image and video together", parts.total, name, pointer)
    within(parts.cached + parts.written, "cache reads and writes together", parts.total, name, pointer)
    text = parts.total - media
    cached_audio = _cached(parts.cached_audio, parts.audio, parts.cached - text)
    cached_image = _cached(parts.cached_image, parts.image, parts.cached - text - cached_audio)
    cached_video = _cached(parts.cached_video, parts.video, parts.cached - text - cached_audio - cached_image)
    cached_media = cached_audio + cached_image + cached_video
    within(cached_media, "cached audio, image and video", parts.cached, "the cached tokens", pointer)
    uncached = text - (parts.cached - cached_media) - parts.written
    if uncached < 0:
        raise contradiction(
            f"cached, written and non-text tokens leave {uncached} text tokens of {name} ({parts.total})", pointer
        )
    counts = {
        "cache_read_tokens": parts.cached - cached_audio - cached_image,
        "cache_write_tokens": parts.written,
        "audio_input_tokens": parts.audio - cached_audio,
        "image_input_tokens": parts.image - cached_image,
        "video_input_tokens": parts.video - cached_video,
        "audio_cache_read_tokens": cached_audio,
        "image_cache_read_tokens": cached_image,
    }
    return {"input_tokens": uncached} | {field: n for field, n in counts.items() if n}


def _cached(known: int | None, whole: int, overflow: int) -> int:
    return max(0, min(whole, overflow)) if known is None else known


def split_output(
    total: int, *, reasoning: int = 0, audio: int = 0, image: int = 0, video: int = 0, name: str, pointer: str
) -> dict[str, int]:
    """The disjoint counts of an output total that includes reasoning, audio, images and video.

    `reasoning_tokens` stays a part of `output_tokens`: it is billed as output, and only few models price it apart.
    """
    within(reasoning + audio + image + video, "reasoning, audio, image and video tokens", total, name, pointer)
    counts = {
        "reasoning_tokens": reasoning,
        "audio_output_tokens": audio,
        "image_output_tokens": image,
        "video_output_tokens": video,
    }
    return {"output_tokens": total - audio - image - video} | {field: n for field, n in counts.items() if n}
