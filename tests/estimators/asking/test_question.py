"""Numbers, words and moments as people write them."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import pytest
from pydantic import ConfigDict, ValidationError

from mlquote.estimators.asking.question import Count, Moment, Params, Positive, Question, any_case


class Asked(Question):
    """A question of a test."""

    count: Count = 0
    params: Params = 1
    hours: Positive = 1.0
    word: Annotated[Literal["spot", "on_demand"], any_case] = "spot"
    day: Moment | None = None


def asked(**fields: Any) -> Asked:
    return Asked.model_validate(fields)


@pytest.mark.parametrize("written", ["15e12", 15e12, 15_000_000_000_000, "15_000_000_000_000"])
def test_a_count_is_one_however_it_is_written(written: Any) -> None:
    assert asked(count=written).count == 15_000_000_000_000


@pytest.mark.parametrize("fields", [{"count": 1.5}, {"count": True}, {"hours": 0}, {"params": 10**16 + 1}, {"x": 1}])
def test_what_cannot_be_meant_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        asked(**fields)


def test_a_closed_word_is_known_in_any_case() -> None:
    assert asked(word=" On_Demand ").word == "on_demand"


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-03", datetime(2024, 3, 1, tzinfo=UTC)),
        ("2024-03-05", datetime(2024, 3, 5, tzinfo=UTC)),
        ("2024-03-05T06:00:00+02:00", datetime(2024, 3, 5, 4, tzinfo=UTC)),
    ],
)
def test_a_moment_is_a_year_a_month_a_day_or_an_instant(written: str, moment: datetime) -> None:
    assert asked(day=written).day == moment


def test_a_moment_without_a_zone_is_utc() -> None:
    assert asked(as_of="2024-03-05T06:00:00").moment(datetime(2026, 1, 1, tzinfo=UTC)) == datetime(
        2024, 3, 5, 6, tzinfo=UTC
    )


def test_without_a_moment_it_is_now() -> None:
    now = datetime(2026, 11, 27, tzinfo=UTC)
    assert asked().moment(now) == now


def test_the_echo_holds_every_field_and_the_defaults_used() -> None:
    assert asked(count=2).filled(hours=9.0)["hours"] == 9.0
    assert asked(count=2).filled()["count"] == 2


class Wide(Asked):
    """Takes more than it declares, as a comparison does."""

    model_config = ConfigDict(extra="allow")
    parts: dict[str, int] | None = None


@pytest.mark.parametrize(
    "fields", [{"count": "3k", "day": "2026-01-02"}, {"parts": {"a": 1}}, {"besides": "more"}, {"word": "SPOT"}]
)
def test_a_question_is_echoed_whole_with_the_defaults_that_were_used(fields: dict[str, Any]) -> None:
    question = Wide.model_validate(fields)
    echo = question.filled(hours=7.0, release="r")
    assert list(echo.items()) == list((question.model_dump() | {"hours": 7.0, "release": "r"}).items())
    assert question.hours == 1.0
