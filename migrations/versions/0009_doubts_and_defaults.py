"""Doubts and defaults: how far a figure may be off, and what is taken where a question names none.

Revision: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _fact_table(
        "doubts",
        sa.Column("quantity", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("log_sd", sa.Double(), nullable=False),
    )
    _fact_table(
        "defaults",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("fact_defaults")
    op.drop_table("fact_doubts")
    for table in ("release_tables", "retractions"):  # a release that forgot a table is read as one from before it
        op.execute(f"DELETE FROM {table} WHERE table_name IN ('doubts', 'defaults')")


def _fact_table(name: str, *columns: sa.Column[object]) -> None:
    """The table of one kind of fact, between what names a row and what every row ends in."""
    op.create_table(
        f"fact_{name}",
        sa.Column("row_id", sa.String(32), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        *columns,
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["added_in"], ["releases.seq"], name=f"fk_fact_{name}_added_in"),
        sa.PrimaryKeyConstraint("row_id", "added_in", name=f"pk_fact_{name}"),
    )
    op.create_index(f"ix_fact_{name}_added_in", f"fact_{name}", ["added_in"])
