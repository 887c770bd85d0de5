"""The schema of usage on its way to a bill: jobs and the pieces of their logs, spans as they come, and their sums.

A job is kept for some days, its log until it is priced, a span as long as it may come again: a backup of a server's
tables leaves these out. The sums of spans stay.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
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

from mlquote.store.tables import ExactDecimal, Instant, metadata

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

otlp_spans = Table(
    "otlp_spans",
    metadata,
    Column("account", BigInteger, nullable=False),
    Column("trace", LargeBinary(16), nullable=False),
    Column("own", LargeBinary(8), nullable=False),
    Column("parent", LargeBinary(8), nullable=False),
    Column("is_call", Boolean, nullable=False),
    Column("is_paid", Boolean, nullable=False),
    Column("response", LargeBinary(8), nullable=False),
    Column("usd", ExactDecimal),
    Column("at", Instant),
    Column("provider", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
    PrimaryKeyConstraint("account", "trace", "own"),
    Index("ix_otlp_spans_seen_at", "seen_at"),
)
"""Spans that were met a while ago at most; `account` is the budget that pays for them, 0 for none."""

otlp_totals = Table(
    "otlp_totals",
    metadata,
    Column("account", BigInteger, nullable=False),
    Column("label", String(100), nullable=False),
    Column("value", String(100), nullable=False),
    Column("provider", String(100), nullable=False),
    Column("model", String(200), nullable=False),
    Column("calls", BigInteger, nullable=False),
    Column("unpriced_calls", BigInteger, nullable=False),
    Column("withdrawn_calls", BigInteger, nullable=False),
    Column("usd", ExactDecimal, nullable=False),
    Column("withdrawn_usd", ExactDecimal, nullable=False),
    PrimaryKeyConstraint("account", "label", "value", "provider", "model"),
)
"""What spans were ever paid, and what of it was taken back; only ever more of each."""

PASSING = frozenset({usage_jobs, usage_job_pieces, otlp_spans})
"""Tables that no backup of a server holds."""
