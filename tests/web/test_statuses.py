"""Every kind of error has a status, and the status leads back to a kind that is answered with it."""

import pytest

from mlquote.kit.errors import Malformed, QuoteError, UnknownName
from mlquote.losses.blocks import Cancelled
from mlquote.web.statuses import STATUS, error_at, status_of


def test_every_kind_of_error_has_a_status() -> None:
    assert set(STATUS) == set(QuoteError.__subclasses__())


@pytest.mark.parametrize("status", sorted(set(STATUS.values())))
def test_a_status_read_back_is_answered_alike(status: int) -> None:
    kind = error_at(status)
    assert kind is not None
    assert status_of(kind("x")) == status


def test_the_first_of_several_kinds_is_taken_and_a_strange_status_is_none() -> None:
    assert (error_at(422), error_at(404), error_at(418)) == (Malformed, UnknownName, None)


def test_a_subclass_answers_as_the_class_above_it() -> None:
    assert status_of(Cancelled("nobody waits")) == 503
