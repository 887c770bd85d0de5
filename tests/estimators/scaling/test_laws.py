"""Which law of loss answers, as of when: the newest general law published by then."""

from datetime import UTC, datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.scaling.laws import GENERAL_LAWS, fitting, law_of, loss_law
from mlquote.estimators.scaling.question import ScalingQuestion
from mlquote.formulas.scaling.parametric import predicted_loss
from mlquote.kit.errors import UnknownName

CHINCHILLA = 70e9, 1.4e12


@pytest.mark.parametrize(
    ("when", "law"),
    [
        pytest.param(datetime(2026, 11, 23, tzinfo=UTC), "besiroglu2024", id="today"),
        pytest.param(datetime(2024, 4, 15, tzinfo=UTC), "besiroglu2024", id="the day the replication came out"),
        pytest.param(datetime(2024, 4, 14, 23, 59, tzinfo=UTC), "hoffmann2022-printed", id="the minute before"),
        pytest.param(datetime(2022, 3, 29, tzinfo=UTC), "hoffmann2022-printed", id="the day Chinchilla came out"),
    ],
)
def test_the_newest_law_published_by_then_foretells_a_loss(catalog: Snapshot, when: datetime, law: str) -> None:
    found = loss_law(catalog, when)
    assert [row.key for row in found.rows] == [law]
    assert [(a.name, a.value) for a in found.assumptions] == [("loss_law", law)]
    asked = law_of(ScalingQuestion(op="loss"), catalog, when)
    assert (asked.value.id, asked.assumptions[0].basis) == (law, "default")


def test_before_chinchilla_nothing_foretells_a_loss_of_parameters_and_tokens(catalog: Snapshot) -> None:
    when = datetime(2022, 3, 28, tzinfo=UTC)
    assert loss_law(catalog, when).value is None
    with pytest.raises(UnknownName):
        law_of(ScalingQuestion(op="loss"), catalog, when)


def test_the_law_is_the_one_its_authors_printed(catalog: Snapshot, now: datetime) -> None:
    """E + A / N^alpha + B / D^beta = 1.8172 + 482.01 / 70e9^0.3478 + 2085.43 / 1.4e12^0.3658 = 1.97 nats (Besiroglu
    et al. 2024, equation 2); Hoffmann et al. 2022 print 1.69 + 406.4 / 70e9^0.34 + 410.7 / 1.4e12^0.28 = 1.94."""
    law = loss_law(catalog, now).value
    assert law is not None
    by_hand = 1.8172 + 482.01 / 70e9**0.3478 + 2085.43 / 1.4e12**0.3658
    assert predicted_loss(law, *CHINCHILLA) == pytest.approx(by_hand, rel=1e-12)


def test_a_named_law_is_given_whatever_its_letters(catalog: Snapshot, now: datetime) -> None:
    found = law_of(ScalingQuestion(op="loss", law="Sardana2023"), catalog, now)
    assert (found.value.id, found.assumptions[0].basis) == ("sardana2023", "given")


def test_only_laws_with_every_coefficient_fit_an_operation(catalog: Snapshot, now: datetime) -> None:
    assert [law.id for law in fitting("data_constrained_loss", catalog, now)] == ["muennighoff2023"]
    assert set(GENERAL_LAWS) < {law.id for law in fitting("loss", catalog, now)}
