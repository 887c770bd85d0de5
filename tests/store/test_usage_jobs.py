"""Jobs in the database: kept whole, claimed by one worker at a time, ended once, forgotten in their time."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import Engine, func, select

from mlquote.kit.errors import Conflict, TooMany, UnknownName
from mlquote.store import usage_jobs
from mlquote.store.engine import migrate
from mlquote.store.usage_jobs import Bounds, JobOrder
from mlquote.store.usage_tables import usage_job_pieces

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEPT, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LOG = bytes(range(256)) * 40_000  # 10,240,000 bytes: three pieces
ROOM = Bounds(unfinished=3, bytes=10**9)


def order(key: str | None = "a", digest: str = "d", by: str = "key", size: int = len(LOG)) -> JobOrder:
    how = {"pricing": {"by": "day"}, "media_type": "text/csv"}
    return JobOrder(NOW, by, key, digest, "log", how, "2026-11-23", size)


@pytest.fixture
def store(engine: Engine) -> Engine:
    migrate(engine)
    return engine


def test_a_log_comes_back_as_it_was_sent_and_its_answer_to_the_digit(store: Engine) -> None:
    job = usage_jobs.keep(store, order(), BytesIO(LOG), ROOM)
    assert (job.told.state, job.told.bytes, job.told.progress_fraction) == ("queued", len(LOG), 0)
    mine = usage_jobs.claim(store, "w1", NOW, KEPT)
    assert mine is not None and mine.asked == order()
    assert b"".join(usage_jobs.pieces(store, mine)) == LOG
    usage_jobs.hold(store, mine, NOW, len(LOG) // 4)
    assert usage_jobs.find(store, mine.id).told.progress_fraction == 0.25
    usage_jobs.done(store, mine, {"cost_usd": 1, "lines": 2}, NOW, KEPT)
    job = usage_jobs.find(store, mine.id)
    assert (job.told.state, job.told.progress_fraction, job.answer) == ("done", 1, {"cost_usd": 1, "lines": 2})
    with store.connect() as connection:
        assert connection.execute(select(func.count()).select_from(usage_job_pieces)).scalar_one() == 0


def test_one_worker_has_a_job_until_its_lease_lapses_and_then_changes_nothing_any_more(store: Engine) -> None:
    usage_jobs.keep(store, order(), BytesIO(LOG), ROOM)
    first = usage_jobs.claim(store, "w1", NOW, KEPT)
    assert first is not None and usage_jobs.claim(store, "w2", NOW + MINUTE, KEPT) is None
    assert not usage_jobs.are_due(store, NOW + MINUTE)
    second = usage_jobs.claim(store, "w2", NOW + 2 * MINUTE, KEPT)
    assert second is not None and (second.id, second.attempts) == (first.id, 2)
    with pytest.raises(Conflict):
        usage_jobs.hold(store, first, NOW, 1)
    with pytest.raises(Conflict):
        usage_jobs.done(store, first, {"cost_usd": 0}, NOW, KEPT)
    usage_jobs.done(store, second, {"cost_usd": 7}, NOW, KEPT)
    assert usage_jobs.find(store, first.id).answer == {"cost_usd": 7}


def test_a_log_whose_workers_keep_ending_fails_and_says_so(store: Engine) -> None:
    usage_jobs.keep(store, order(), BytesIO(LOG), ROOM)
    for _ in range(usage_jobs.MOST_ATTEMPTS):
        mine = usage_jobs.claim(store, "w1", NOW, KEPT)
        usage_jobs.give_back(store, "w1", counts=True)
    assert mine is not None and usage_jobs.claim(store, "w1", NOW, KEPT) is None
    told = usage_jobs.find(store, mine.id).told
    assert told.state == "failed" and told.problem is not None and told.problem["code"] == "job-failed"


def test_a_worker_that_was_told_to_leave_does_not_count_against_its_job(store: Engine) -> None:
    usage_jobs.keep(store, order(), BytesIO(LOG), ROOM)
    for _ in range(9):
        assert usage_jobs.claim(store, "w1", NOW, KEPT) is not None
        usage_jobs.give_back(store, "w1", counts=False)


def test_the_same_key_is_the_same_job_and_with_another_log_a_conflict(store: Engine) -> None:
    first = usage_jobs.keep(store, order(), BytesIO(LOG), ROOM).told.id
    assert usage_jobs.keep(store, order(), BytesIO(LOG), ROOM).told.id == first
    with pytest.raises(Conflict, match="another log"):
        usage_jobs.keep(store, order(digest="e"), BytesIO(LOG), ROOM)
    stranger = usage_jobs.keep(store, order(by="", digest="e"), BytesIO(LOG), ROOM).told.id
    assert len({first, stranger, usage_jobs.keep(store, order(by="", digest="f"), BytesIO(LOG), ROOM).told.id}) == 3


def test_what_waits_is_bounded_in_number_and_in_bytes(store: Engine) -> None:
    with pytest.raises(TooMany, match="bytes"):
        usage_jobs.keep(store, order(), BytesIO(LOG), Bounds(3, len(LOG) - 1))
    for _ in range(3):
        usage_jobs.keep(store, order(key=None), BytesIO(b"x"), ROOM)
    with pytest.raises(TooMany, match="3 logs"):
        usage_jobs.keep(store, order(key=None), BytesIO(b"x"), ROOM)


def test_an_answer_is_forgotten_when_its_time_is_over(store: Engine) -> None:
    usage_jobs.keep(store, order(), BytesIO(LOG), ROOM)
    mine = usage_jobs.claim(store, "w1", NOW, KEPT)
    assert mine is not None
    usage_jobs.done(store, mine, {}, NOW, KEPT)
    assert usage_jobs.claim(store, "w1", NOW + KEPT, KEPT) is None
    usage_jobs.find(store, mine.id)
    assert usage_jobs.are_due(store, NOW + KEPT + MINUTE)
    assert usage_jobs.claim(store, "w1", NOW + KEPT + MINUTE, KEPT) is None
    with pytest.raises(UnknownName):
        usage_jobs.find(store, mine.id)
