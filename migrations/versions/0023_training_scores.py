"""Our estimates of published training runs, each by rules fitted without it.

Revision: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "fact_training_scores",
        sa.Column("row_id", sa.String(32), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("run_date", sa.Date(), nullable=False),
        sa.Column("is_headline", sa.Boolean(), nullable=False),
        sa.Column("published", sa.Double(), nullable=False),
        sa.Column("low", sa.Double(), nullable=False),
        sa.Column("central", sa.Double(), nullable=False),
        sa.Column("high", sa.Double(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["added_in"], ["releases.seq"], name="fk_fact_training_scores_added_in"),
        sa.PrimaryKeyConstraint("row_id", "added_in", name="pk_fact_training_scores"),
    )
    op.create_index("ix_fact_training_scores_added_in", "fact_training_scores", ["added_in"])


def downgrade() -> None:
    op.drop_table("fact_training_scores")
