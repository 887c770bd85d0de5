"""What is labelled, and in which units a task of each kind is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from mlquote.estimators.asking.question import folded

Task = Literal[
    "image_classification",
    "image_bounding_box",
    "image_rotated_box",
    "image_polygon",
    "image_segmentation",
    "video_classification",
    "video_object_tracking",
    "video_event",
    "text_classification",
    "text_entities",
    "text_annotation",
    "transcription",
    "preference_pair",
    "demonstration",
    "red_teaming",
    "active_learning",
    "custom",
]
Sized = Literal["words", "media", ""]


@dataclass(frozen=True, slots=True)
class TaskKind:
    """How a task of a kind is counted."""

    unit: str
    """What one priced unit is."""
    per_label: bool = False
    """Units are what is marked in an item (boxes, segments, events), not the item."""
    sized: Sized = ""
    """What an item's length is told in, where a long one is several units."""
    unit_size: Decimal | None = None
    """Words or seconds of one unit, where price lists say it."""


TASKS: Mapping[str, TaskKind] = {
    "image_classification": TaskKind("image"),
    "image_bounding_box": TaskKind("bounding box", per_label=True),
    "image_rotated_box": TaskKind("bounding box", per_label=True),
    "image_polygon": TaskKind("polygon or polyline", per_label=True),
    "image_segmentation": TaskKind("segment", per_label=True),
    "video_classification": TaskKind("stretch of video", sized="media", unit_size=Decimal(5)),
    "video_object_tracking": TaskKind("bounding box", per_label=True),
    "video_event": TaskKind("stretch of video or event", per_label=True, sized="media", unit_size=Decimal(30)),
    "text_classification": TaskKind("stretch of text", sized="words", unit_size=Decimal(50)),
    "text_entities": TaskKind("stretch of text", sized="words", unit_size=Decimal(50)),
    "text_annotation": TaskKind("text"),
    "transcription": TaskKind("stretch of sound", sized="media", unit_size=Decimal(60)),
    "preference_pair": TaskKind("ranking"),
    "demonstration": TaskKind("demonstration"),
    "red_teaming": TaskKind("attempt"),
    "active_learning": TaskKind("data item"),
    "custom": TaskKind("item"),
}
"""A task -> how it is counted. Stretches of 50 words, 5 and 30 seconds are Google's units, a minute is usual."""

_WORDS: Mapping[str, str] = {
    **dict.fromkeys(
        ("boxes", "box", "bounding_box", "bounding_boxes", "object_detection", "detection"), "image_bounding_box"
    ),
    **dict.fromkeys(("rotated_box", "rotated_boxes"), "image_rotated_box"),
    **dict.fromkeys(("polygon", "polygons", "polyline", "polylines"), "image_polygon"),
    **dict.fromkeys(("segmentation", "masks", "mask", "segments", "instance_segmentation"), "image_segmentation"),
    **dict.fromkeys(("tracking", "object_tracking"), "video_object_tracking"),
    **dict.fromkeys(("events", "event"), "video_event"),
    **dict.fromkeys(("ner", "entities", "named_entities", "entity_extraction"), "text_entities"),
    **dict.fromkeys(("sentiment",), "text_classification"),
    **dict.fromkeys(("transcribe", "speech_to_text"), "transcription"),
    **dict.fromkeys(
        ("preference", "preferences", "preference_pairs", "pairs", "ranking", "rankings", "comparison", "comparisons"),
        "preference_pair",
    ),
    **dict.fromkeys(("demonstrations", "sft", "instructions"), "demonstration"),
    **dict.fromkeys(("red_team", "redteaming", "red_teams"), "red_teaming"),
}  # fmt: skip
"""Other words of a task, folded."""


def task_named(value: Any) -> Any:
    """The task that a word means, whatever its case and hyphens."""
    word = folded(value)
    if not isinstance(word, str):
        return word
    plain = word.replace("-", "_").replace(" ", "_")
    return _WORDS.get(plain, plain)
