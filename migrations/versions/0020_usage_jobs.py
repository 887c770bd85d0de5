"""Long logs are priced as jobs: what was asked, how far it is, the log's pieces, and the answer.

Revision: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "usage_jobs",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("claim", sa.String(40)),
        sa.Column("lease_until", MOMENT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("idempotency_key", sa.String(200)),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("log_digest", sa.String(64), nullable=False),
        sa.Column("pricing", sa.Text(), nullable=False),
        sa.Column("release", sa.String(64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("bytes_read", sa.BigInteger(), nullable=False),
        sa.Column("started_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("keep_until", MOMENT),
        sa.Column("answer", sa.LargeBinary()),
        sa.Column("problem", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_usage_jobs"),
    )
    op.create_index("ix_usage_jobs_state_asked_at", "usage_jobs", ["state", "asked_at"])
    op.create_table(
        "usage_job_pieces",
        sa.Column("job_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["usage_jobs.id"], name="fk_usage_job_pieces_job_id"),
        sa.PrimaryKeyConstraint("job_id", "number", name="pk_usage_job_pieces"),
    )


def downgrade() -> None:
    op.drop_table("usage_job_pieces")
    op.drop_table("usage_jobs")
