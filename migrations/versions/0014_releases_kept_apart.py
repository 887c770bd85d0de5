"""Releases withdrawn, rows judged, rows verified again.

Revision: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TAIL = (
    ("effective_from", sa.DateTime(timezone=True), True),
    ("effective_to", sa.DateTime(timezone=True), True),
    ("source_url", sa.Text(), False),
    ("checked_on", sa.Date(), True),
    ("note", sa.Text(), False),
)
FACTS = {
    "judged": ("table_name", "row", "smell"),
    "verifications": ("sample", "table_name", "row", "against", "verdict", "rows", "fields"),
}


def upgrade() -> None:
    op.create_table(
        "withdrawals",
        sa.Column("release_seq", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["release_seq"], ["releases.seq"], name="fk_withdrawals_release_seq"),
        sa.PrimaryKeyConstraint("release_seq", name="pk_withdrawals"),
    )
    for name, columns in FACTS.items():
        op.create_table(
            f"fact_{name}",
            sa.Column("row_id", sa.String(32), nullable=False),
            sa.Column("added_in", sa.Integer(), nullable=False),
            *(
                sa.Column(column, sa.BigInteger() if column == "rows" else sa.Text(), nullable=False)
                for column in columns
            ),
            *(sa.Column(column, kind, nullable=nullable) for column, kind, nullable in TAIL),
            sa.ForeignKeyConstraint(["added_in"], ["releases.seq"], name=f"fk_fact_{name}_added_in"),
            sa.PrimaryKeyConstraint("row_id", "added_in", name=f"pk_fact_{name}"),
        )
        op.create_index(f"ix_fact_{name}_added_in", f"fact_{name}", ["added_in"])


def downgrade() -> None:
    for name in FACTS:
        op.drop_table(f"fact_{name}")
    op.drop_table("withdrawals")
