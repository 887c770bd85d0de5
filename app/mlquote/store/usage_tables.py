"""The schema of logs on their way to a bill: jobs, and the pieces of the logs that they are to price.

Both pass: a job is kept for some days, its log until it is priced. A backup of a server's tables leaves them out.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from mlquote.store.tables import Instant, metadata

usage_jobs = Table(
    "usage_jobs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("state", String(10), nullable=False),
    Column("claim", String(40)),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("idempotency_key", String(200)),
    Column("digest", String(64), nullable=False),
    Column("log_digest", String(64), nullable=False),
    Column("pricing", Text, nullable=False),
    Column("release", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("bytes_read", BigInteger, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("keep_until", Instant),
    Column("answer", LargeBinary),
    Column("problem", Text),
    Index("ix_usage_jobs_state_asked_at", "state", "asked_at"),
)

usage_job_pieces = Table(
    "usage_job_pieces",
    metadata,
    Column("job_id", ForeignKey("usage_jobs.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("job_id", "number"),
)

PASSING = frozenset({usage_jobs, usage_job_pieces})
"""Tables that no backup of a server holds."""
