"""Logs that are priced in their own time: kept in pieces, claimed by one worker at a time, answered once.

    arriving ──all pieces are here──> queued ──claim──> running ──> done | failed

A claim is a lease: who holds it says so again and again, and one that is let lapse (its process was killed) is taken by
the next worker, which begins the log anew. Every change of a running job names its claim, so that one that was taken
over changes nothing any more. An answer comes whole, in one transaction with the end of its log: never half of one.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any, Final, Literal

import zstandard
from sqlalchemy import Connection, Engine, Row, and_, delete, func, insert, or_, select, update

from mlquote.kit.errors import Conflict, TooMany, Unavailable, UnknownName
from mlquote.spend.documents import from_json, to_json
from mlquote.store.engine import reachable, reading, writing
from mlquote.store.usage_tables import usage_job_pieces, usage_jobs

LEASE: Final = timedelta(seconds=60)
"""How long a worker is believed to live after it last said so."""
ARRIVES_WITHIN: Final = timedelta(minutes=2)
"""How long the pieces of a log may take to be stored; they are at hand when that begins."""
MOST_ATTEMPTS: Final = 3
_PIECE_BYTES: Final = 4 * 2**20
_UNFINISHED: Final = ("arriving", "queued", "running")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may wait to be priced."""

    unfinished: int
    """Jobs that wait or run at the same time."""
    bytes: int
    """Bytes of their logs, together."""


@dataclass(frozen=True, slots=True)
class JobOrder:
    """What a job is to do, and for whom."""

    asked_at: datetime
    asked_by: str
    """The id of an API key; "" for a stranger."""
    key: str | None
    """The Idempotency-Key."""
    digest: str
    """Names the log and how it is to be priced: the same key with another one is a conflict."""
    log_digest: str
    """Names the log alone: under it a budget is charged."""
    pricing: Any
    """How it is to be priced, as data."""
    release: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Told:
    """A log that is priced in its own time."""

    id: str
    state: Literal["queued", "running", "done", "failed"]
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    keep_until: datetime | None
    """When its answer is forgotten; null before it is finished."""
    attempts: int
    """How often it was begun: once more where the process that priced it ended before."""
    bytes: int
    bytes_read: int
    progress_fraction: float
    """How much of the log has been read; 1 while the last of it is summed up."""
    release: str
    """The catalogue release that prices it: the one asked for, or the newest of that moment."""
    pricing: Mapping[str, Any]
    """How it is priced, as it was asked."""
    problem: Mapping[str, Any] | None
    """Why it failed, as the same log would have been answered at once; null where it did not."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands, with what is not told of it."""

    told: Told
    asked_by: str
    """The id of an API key; "" for a stranger."""
    answer: Any
    """None where it is not done."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is this worker's, until the lease lapses."""

    id: str
    token: str
    asked: JobOrder
    attempts: int


def keep(engine: Engine, asked: JobOrder, body: IO[bytes], bounds: Bounds) -> Job:
    """Store a log, and have it priced; the job that stands already where it was asked under the same key.

    Raises: TooMany where too many jobs wait; Conflict where the key came with another log;
            Unavailable while the same log is being stored
    """
    job, is_new = _begun(engine, asked, bounds)
    if not is_new:
        return _job(job)
    packing = zstandard.ZstdCompressor(level=1)
    number = 0
    while piece := body.read(_PIECE_BYTES):
        with reachable(), engine.begin() as connection:
            values = {"job_id": job.id, "number": number, "body": packing.compress(piece)}
            connection.execute(insert(usage_job_pieces).values(**values))
        number += 1
    with reachable(), engine.begin() as connection:
        mine = (usage_jobs.c.id == job.id) & (usage_jobs.c.state == "arriving")
        connection.execute(update(usage_jobs).where(mine).values(state="queued", lease_until=None))
        return _job(_found(connection, job.id))


def find(engine: Engine, job_id: str) -> Job:
    """A job as it stands.

    Raises: UnknownName
    """
    with reading(engine) as connection:
        return _job(_found(connection, job_id))


def are_due(engine: Engine, now: datetime) -> bool:
    """Whether a job waits for a worker, or is to be forgotten."""
    due = select(usage_jobs.c.id).where(or_(_waits(now), _passed(now))).limit(1)
    with reading(engine) as connection:
        return connection.execute(due).first() is not None


def claim(engine: Engine, worker: str, now: datetime, kept: timedelta) -> Claim | None:
    """The job that has waited longest, now this worker's; None where none waits. What is over is forgotten first."""
    query = select(usage_jobs).where(_waits(now)).order_by(usage_jobs.c.asked_at, usage_jobs.c.id).limit(1)
    while True:
        with writing(engine, "usage_jobs") as connection:
            _forget(connection, connection.execute(select(usage_jobs.c.id).where(_passed(now))).scalars().all())
            job = connection.execute(query).first()
            if job is None:
                return None
            if job.attempts < MOST_ATTEMPTS:
                token = f"{worker}{secrets.token_hex(8)}"
                changed = {"state": "running", "claim": token, "attempts": job.attempts + 1, "bytes_read": 0}
                changed |= {"lease_until": now + LEASE, "started_at": job.started_at or now}
                connection.execute(update(usage_jobs).where(usage_jobs.c.id == job.id).values(**changed))
                return Claim(job.id, token, _asked(job), job.attempts + 1)
            detail = f"the process that priced it ended {job.attempts} times before it had"
            _finish(connection, job.id, {"state": "failed", "problem": to_json(_died(detail))}, now, kept)


def hold(engine: Engine, mine: Claim, now: datetime, bytes_read: int) -> None:
    """Say that the worker lives, and how far it is.

    Raises: Conflict where the job is no longer this worker's
    """
    with reachable(), engine.begin() as connection:
        values = {"lease_until": now + LEASE, "bytes_read": bytes_read}
        if not connection.execute(update(usage_jobs).where(_is(mine)).values(**values)).rowcount:
            raise taken(mine)


def give_back(engine: Engine, worker: str, *, counts: bool) -> None:
    """Let others have what a worker that ended had taken; `counts` where the job may have been why it ended."""
    taken = and_(usage_jobs.c.state == "running", usage_jobs.c.claim.startswith(worker))
    attempts = usage_jobs.c.attempts if counts else usage_jobs.c.attempts - 1
    values: dict[str, Any] = {"state": "queued", "claim": None, "lease_until": None, "attempts": attempts}
    with reachable(), engine.begin() as connection:
        connection.execute(update(usage_jobs).where(taken).values(**values))


def pieces(engine: Engine, mine: Claim) -> Iterator[bytes]:
    """The log, piece by piece, each read by itself: no transaction stays open while lines are priced."""
    unpacking = zstandard.ZstdDecompressor()
    number = 0
    while True:
        at = (usage_job_pieces.c.job_id == mine.id) & (usage_job_pieces.c.number == number)
        with reading(engine) as connection:
            piece = connection.execute(select(usage_job_pieces.c.body).where(at)).scalar_one_or_none()
        if piece is None:
            return
        yield unpacking.decompress(piece)
        number += 1


def done(engine: Engine, mine: Claim, answer: Any, now: datetime, kept: timedelta) -> None:
    """The answer, whole; its log is let go.

    Raises: Conflict where the job is no longer this worker's
    """
    packed = zstandard.ZstdCompressor(level=3).compress(to_json(answer).encode())
    _end(engine, mine, {"state": "done", "answer": packed}, now, kept)


def failed(engine: Engine, mine: Claim, problem: Any, now: datetime, kept: timedelta) -> None:
    """Why there is no answer; the log is let go.

    Raises: Conflict where the job is no longer this worker's
    """
    _end(engine, mine, {"state": "failed", "problem": to_json(problem)}, now, kept)


def _begun(engine: Engine, asked: JobOrder, bounds: Bounds) -> tuple[Row[Any], bool]:
    """The job under which a log is kept, and whether it is new."""
    now = asked.asked_at
    with writing(engine, "usage_jobs") as connection:
        _forget(connection, connection.execute(select(usage_jobs.c.id).where(_passed(now))).scalars().all())
        before = _before(connection, asked)
        if before is not None:
            return before, False
        _make_room(connection, asked, bounds)
        fresh: dict[str, Any] = {
            "id": f"job_{secrets.token_hex(16)}",
            "state": "arriving",
            "lease_until": now + ARRIVES_WITHIN,
            "attempts": 0,
            "asked_at": now,
            "asked_by": asked.asked_by,
            "idempotency_key": asked.key,
            "digest": asked.digest,
            "log_digest": asked.log_digest,
            "pricing": to_json(asked.pricing),
            "release": asked.release,
            "bytes": asked.bytes,
            "bytes_read": 0,
        }
        connection.execute(insert(usage_jobs).values(**fresh))
        return _found(connection, fresh["id"]), True


def _before(connection: Connection, asked: JobOrder) -> Row[Any] | None:
    """The job that was asked under the same key.

    A stranger's key names a log only together with the log: two strangers may choose the same one.
    """
    if asked.key is None:
        return None
    mine = (usage_jobs.c.asked_by == asked.asked_by) & (usage_jobs.c.idempotency_key == asked.key)
    if not asked.asked_by:
        mine &= usage_jobs.c.digest == asked.digest
    job = connection.execute(select(usage_jobs).where(mine)).first()
    if job is not None and job.digest != asked.digest:
        raise Conflict(
            f"Idempotency-Key {asked.key!r} was used for another log, or the same one priced otherwise",
            pointer="/Idempotency-Key",
            hint="send a new key with a new request",
            code="idempotency-key-reused",
        )
    if job is not None and job.state == "arriving":
        raise Unavailable("the same log is being stored under this key", hint="try again in a moment")
    return job


def _make_room(connection: Connection, asked: JobOrder, bounds: Bounds) -> None:
    """Raise TooMany where what waits already leaves no room for one more."""
    waiting = usage_jobs.c.state.in_(_UNFINISHED)
    count, size = connection.execute(select(func.count(), func.sum(usage_jobs.c.bytes)).where(waiting)).one()
    if count >= bounds.unfinished:
        raise TooMany(f"{count} logs wait to be priced already", hint="try again when some are done")
    if int(size or 0) + asked.bytes > bounds.bytes:
        raise TooMany(f"logs of {size or 0} bytes wait to be priced already", hint="try again when some are done")


def _end(engine: Engine, mine: Claim, values: dict[str, Any], now: datetime, kept: timedelta) -> None:
    with reachable(), engine.begin() as connection:
        if not connection.execute(update(usage_jobs).where(_is(mine)).values(state=values["state"])).rowcount:
            raise taken(mine)
        _finish(connection, mine.id, values, now, kept)


def _finish(connection: Connection, job_id: str, values: dict[str, Any], now: datetime, kept: timedelta) -> None:
    changed = {**values, "claim": None, "lease_until": None, "finished_at": now, "keep_until": now + kept}
    connection.execute(update(usage_jobs).where(usage_jobs.c.id == job_id).values(**changed))
    connection.execute(delete(usage_job_pieces).where(usage_job_pieces.c.job_id == job_id))


def _forget(connection: Connection, ids: Sequence[str]) -> None:
    if ids:
        connection.execute(delete(usage_job_pieces).where(usage_job_pieces.c.job_id.in_(ids)))
        connection.execute(delete(usage_jobs).where(usage_jobs.c.id.in_(ids)))


def _found(connection: Connection, job_id: str) -> Row[Any]:
    job = connection.execute(select(usage_jobs).where(usage_jobs.c.id == job_id)).first()
    if job is None:
        hint = "a job is kept for the days that its answer named; send the log again"
        raise UnknownName(f"no job {job_id[:80]!r}", pointer="/id", hint=hint, code="unknown-job")
    return job


def _waits(now: datetime) -> Any:
    """Jobs that a worker may take: queued ones, and those whose worker is heard of no more."""
    lapsed = and_(usage_jobs.c.state == "running", usage_jobs.c.lease_until < now)
    return or_(usage_jobs.c.state == "queued", lapsed)


def _passed(now: datetime) -> Any:
    """Jobs to be forgotten: kept long enough, or of a log that never came whole."""
    broken = and_(usage_jobs.c.state == "arriving", usage_jobs.c.lease_until < now)
    return or_(usage_jobs.c.keep_until < now, broken)


def _is(mine: Claim) -> Any:
    return and_(usage_jobs.c.id == mine.id, usage_jobs.c.claim == mine.token, usage_jobs.c.state == "running")


def taken(mine: Claim) -> Conflict:
    """What is raised where a job is no longer its worker's."""
    return Conflict(f"job {mine.id} is another worker's now, or was removed")


def _died(detail: str) -> dict[str, Any]:
    hint = "send the log again, or in parts"
    fault = {"pointer": "", "detail": detail, "hint": hint}
    return {
        "type": "urn:mlquote:problem:job-failed",
        "title": "Service Unavailable",
        "status": 503,
        "detail": detail,
        "code": "job-failed",
        "errors": [fault],
    }


def _job(job: Row[Any]) -> Job:
    read = job.bytes if job.state == "done" else job.bytes_read
    told = Told(
        id=job.id,
        state="queued" if job.state == "arriving" else job.state,
        asked_at=job.asked_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        keep_until=job.keep_until,
        attempts=job.attempts,
        bytes=job.bytes,
        bytes_read=read,
        progress_fraction=round(read / job.bytes, 4) if job.bytes else 1.0,
        release=job.release,
        pricing=from_json(job.pricing)["pricing"],
        problem=None if job.problem is None else from_json(job.problem),
    )
    answer = None if job.answer is None else from_json(zstandard.ZstdDecompressor().decompress(job.answer))
    return Job(told, job.asked_by, answer)


def _asked(job: Row[Any]) -> JobOrder:
    return JobOrder(
        asked_at=job.asked_at,
        asked_by=job.asked_by,
        key=job.idempotency_key,
        digest=job.digest,
        log_digest=job.log_digest,
        pricing=from_json(job.pricing),
        release=job.release,
        bytes=job.bytes,
    )
