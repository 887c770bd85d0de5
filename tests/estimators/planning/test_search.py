"""What the search reckons for many choices at once is what the training estimate says of each."""

from datetime import datetime

import numpy as np
import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.on_sale import on_sale
from mlquote.estimators.machines.peaks import peaks_of
from mlquote.estimators.planning.choices import choices_of
from mlquote.estimators.planning.search import Memories
from mlquote.estimators.planning.sellers import sellers_of
from mlquote.estimators.planning.shapes import STEP, family_of
from mlquote.estimators.planning.training_question import TrainingPlan
from mlquote.estimators.training.utilisation import mfu_medians, mfu_of
from mlquote.formulas.training.efficiency import Job
from mlquote.kit.errors import OutOfDomain


@pytest.mark.parametrize("precision", ["bf16", "fp8"])
def test_efficiencies_of_many_jobs_are_those_of_each(precision: str, catalog: Snapshot, now: datetime) -> None:
    peaks = peaks_of(catalog.accelerator("h100-sxm", now), precision, catalog).value
    assert peaks is not None
    job = Job("hopper", "transformer", precision, "pretrain", None, None, None, 2026.9)
    jobs = [(1e8, 1, 1e10), (7e9, 8, 2e12), (7e10, 1024, 1e12), (1e12, 16384, 1e13)]
    params, counts, tokens = (np.array(column, dtype=float) for column in zip(*jobs, strict=True))
    many = mfu_medians(job, peaks, params, counts, tokens, catalog)
    for found, (n, count, d) in zip(many, jobs, strict=True):
        one = mfu_of(Job("hopper", "transformer", precision, "pretrain", n, count, d, 2026.9), peaks, catalog).value
        assert one is not None and found == pytest.approx(one.median, rel=1e-12)


def test_a_family_keeps_its_proportions(catalog: Snapshot, now: datetime) -> None:
    found = family_of("llama-3.1-8b", None, None, catalog, now).value
    assert found.sequence_length == 8192
    own = next(dict(shape.sizes) for shape in found.shapes if shape.resolved.params == 8030261248)
    assert (own["layers"], own["hidden_size"], own["kv_heads"], own["ffn_size"]) == (32, 4096, 8, 14336)
    for shape in found.shapes[20:]:
        sizes = dict(shape.sizes)
        assert 128 / 1.25 <= sizes["hidden_size"] / sizes["layers"] <= 128 * 1.25
        assert sizes["heads"] % sizes["kv_heads"] == 0 and sizes["heads"] * 128 == sizes["hidden_size"]
    apart = np.diff(np.log(found.params[found.params > 1e9]))
    assert apart.max() < 2.2 * STEP and apart.min() > 0
    assert found.flop_per_token[150] == pytest.approx(6 * found.params[150], rel=0.1)


def test_a_mixture_has_no_proportions_to_keep(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(OutOfDomain):
        family_of("mixtral-8x7b", None, None, catalog, now)


def test_what_is_on_sale_is_in_effect_in_the_numbers_that_are_listed(catalog: Snapshot, now: datetime) -> None:
    sales = on_sale(catalog, now)
    assert not {sale.part for sale in sales} & {"inferentia2"}
    whole = next(s for s in sales if (s.part, s.provider, s.price_model) == ("h100-sxm5-80gb", "lambda", "on_demand"))
    assert whole.sells(8) and whole.sells(64) and not whole.sells(12)
    card = next(s for s in sales if s.part == "rtx-4090")
    assert card.sells(1) and not card.sells(64)
    assert not any(s.part == "h100-sxm5-80gb" for s in on_sale(catalog, datetime(2021, 1, 1, tzinfo=now.tzinfo)))


@pytest.mark.parametrize("micro_batch", [1, 5, 40, 129])
def test_a_size_is_too_large_where_no_layout_holds_it(micro_batch: int, catalog: Snapshot, now: datetime) -> None:
    """All sizes above the one that halving finds were left untried; each of them is tried here."""
    question = TrainingPlan(cost_usd=1000, micro_batch_size=micro_batch, accelerator=("h100-sxm", "l40s", "b200-sxm"))
    family = family_of("llama-3.1-8b", None, None, catalog, now).value
    choices = choices_of(question, sellers_of(question, catalog, now), family.shapes[0], catalog, now)
    memories = Memories(question, family, choices, catalog, now)
    for pair in range(0, choices.pairs, 5):
        part, count = int(choices.part[pair]), int(choices.count[pair])
        tried = [shape for shape in range(len(family.shapes)) if memories._holds(part, count, shape)]
        assert [shape for shape in range(len(family.shapes)) if memories.fits(pair, shape)] == tried
