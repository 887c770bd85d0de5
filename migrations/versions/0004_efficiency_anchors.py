"""Published runs as the efficiency rule sees them.

Revision: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "fact_efficiency_anchors",
        sa.Column("row_id", sa.String(32), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("hardware", sa.Text(), nullable=False),
        sa.Column("architecture", sa.Text(), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("params", sa.Double(), nullable=True),
        sa.Column("accelerator_count", sa.Double(), nullable=True),
        sa.Column("tokens", sa.Double(), nullable=True),
        sa.Column("year", sa.Double(), nullable=False),
        sa.Column("mfu", sa.Double(), nullable=False),
        sa.Column("log_residual", sa.Double(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["added_in"], ["releases.seq"], name="fk_fact_efficiency_anchors_added_in"),
        sa.PrimaryKeyConstraint("row_id", "added_in", name="pk_fact_efficiency_anchors"),
    )
    op.create_index("ix_fact_efficiency_anchors_added_in", "fact_efficiency_anchors", ["added_in"])


def downgrade() -> None:
    op.drop_table("fact_efficiency_anchors")
