"""A request under a key is done once: its answer is repeated, and another body under the same key is a conflict."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Row, text

from mlquote.kit.errors import Conflict, Malformed
from mlquote.spend.reservations import Request
from mlquote.store.budgets import put_budget
from mlquote.store.engine import migrate
from mlquote.store.idempotent import answered, once
from tests.store.asking import budget

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def team(engine: Engine) -> Engine:
    """A migrated database with a budget "team"."""
    migrate(engine)
    put_budget(engine, "team", budget(), now=NOW, by="test")
    return engine


class Work:
    """Counts how often it is done."""

    done = 0

    def __call__(self, _: Connection, row: Row[Any]) -> Any:
        self.done += 1
        return {"budget": row.name, "turn": self.done}


def asked(key: str | None, digest: str = "a") -> Request:
    return Request("test", NOW, key, digest)


def test_under_one_key_work_is_done_once_and_its_answer_repeated(team: Engine) -> None:
    work = Work()
    assert answered(team, "team", asked("job-1")) is None
    assert [once(team, "team", asked("job-1"), work) for _ in range(3)] == [{"budget": "team", "turn": 1}] * 3
    assert answered(team, "team", asked("job-1")) == {"budget": "team", "turn": 1}


def test_an_answer_is_repeated_to_the_api_key_that_asked_and_to_no_other(team: Engine) -> None:
    work = Work()
    once(team, "team", asked("job-1"), work)
    other = Request("another", NOW, "job-1", "a")
    for repeat in (lambda: once(team, "team", other, work), lambda: answered(team, "team", other)):
        with pytest.raises(Conflict, match="another API key") as refused:
            repeat()
        assert refused.value.code == "idempotency-key-reused"
    assert work.done == 1


def test_an_answer_of_an_older_version_which_kept_no_name_is_repeated_to_whoever_retries(team: Engine) -> None:
    work = Work()
    once(team, "team", asked("job-1"), work)
    with team.begin() as connection:
        connection.execute(text("UPDATE idempotent_answers SET asked_by = NULL"))
    assert once(team, "team", Request("another", NOW, "job-1", "a"), work) == {"budget": "team", "turn": 1}


def test_without_a_key_every_call_is_a_new_request(team: Engine) -> None:
    work = Work()
    assert [once(team, "team", asked(None), work)["turn"] for _ in range(2)] == [1, 2]


def test_another_body_under_the_same_key_is_a_conflict_and_does_nothing(team: Engine) -> None:
    work = Work()
    once(team, "team", asked("job-1"), work)
    with pytest.raises(Conflict) as refused:
        once(team, "team", asked("job-1", "b"), work)
    assert (refused.value.code, work.done) == ("idempotency-key-reused", 1)


def test_work_that_fails_keeps_no_answer(team: Engine) -> None:
    def failing(*_: object) -> Any:
        raise Malformed("no")

    with pytest.raises(Malformed):
        once(team, "team", asked("job-1"), failing)
    assert once(team, "team", asked("job-1"), Work())["turn"] == 1
