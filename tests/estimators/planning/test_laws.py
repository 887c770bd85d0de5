"""Under which laws a plan is made."""

from datetime import UTC, datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.planning.laws import USUAL, laws_of
from mlquote.kit.errors import Malformed, UnknownName


def test_one_fit_of_each_study_answers_where_none_is_named(catalog: Snapshot, now: datetime) -> None:
    assert [law.value.name for law in laws_of(None, None, catalog, now)] == list(USUAL)


def test_a_law_answers_from_its_paper_on(catalog: Snapshot) -> None:
    early = datetime(2022, 6, 1, tzinfo=UTC)
    assert [law.value.name for law in laws_of(None, None, catalog, early)] == ["hoffmann2022-tex"]


def test_laws_of_another_unit_are_never_put_together(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(Malformed, match="none of another") as refused:
        laws_of(["besiroglu2024", "soda2026-audio"], None, catalog, now)
    assert refused.value.faults[0].pointer == "/laws"
    assert len(laws_of(["soda2026-audio"], None, catalog, now)) == 1


def test_a_law_that_foretells_no_loss_of_both_is_unknown_here(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(UnknownName) as refused:
        laws_of(["hoffmann2022-approach1"], None, catalog, now)
    assert refused.value.faults[0].pointer == "/laws/0"


def test_what_lies_beyond_a_fit_is_named(catalog: Snapshot, now: datetime) -> None:
    law = laws_of(["hoffmann2022-tex"], None, catalog, now)[0].value
    assert law.beyond(1e9, 1e20) == []
    assert law.beyond(70e9, 5.76e23) == ["params", "training_flop"]
