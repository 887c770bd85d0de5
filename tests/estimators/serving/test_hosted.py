"""Ways to lay a model out: each worked out once, whatever its load."""

from datetime import datetime

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.hosted import Hosted
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.standing import standing_of
from mlquote.formulas.serving.load import LayoutWish
from tests.estimators.serving.asking import BIG, LLAMA


def hosted(catalog: Snapshot, now: datetime, **fields: object) -> Hosted:
    return standing_of(ServingQuestion.model_validate(LLAMA | fields), catalog, now).hosted.value


def test_a_wish_is_laid_out_once(catalog: Snapshot, now: datetime) -> None:
    ways = hosted(catalog, now).ways
    assert ways[LayoutWish(8)] is ways[LayoutWish(8)]
    assert [way.laid.layout.width for way in ways[LayoutWish(8)]] == [1, 2, 4, 8]
    assert [way.batches for way in ways[LayoutWish(8)]] == [8, 4, 2, 1]


def test_an_engine_that_hands_out_whole_layers_has_one_way(catalog: Snapshot, now: datetime) -> None:
    (way,) = hosted(catalog, now, **BIG, engine="llama.cpp").ways[LayoutWish(4, width=4)]
    assert (way.laid.layout.width, way.laid.layout.stages) == (1, 4)


def test_layers_with_experts_launch_more_kernels(catalog: Snapshot, now: datetime) -> None:
    dense = hosted(catalog, now).ways[LayoutWish(1)][0]
    mixed = hosted(catalog, now, model="qwen3-30b-a3b").ways[LayoutWish(1)][0]
    assert dense.layers == dense.laid.served.layers
    assert mixed.layers > mixed.laid.served.layers
