"""Columns for what was read out of ids, families and notes: kin of a part, whom a law means, when a model retires.

Rows that are there already get what those words said until now, so old releases answer as they did.

Revision: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

PART_COLUMNS = (("generation", sa.Text), ("form", sa.Text), ("export", sa.Boolean), ("sole_provider", sa.Text),
                ("product", sa.Text))  # fmt: skip


def upgrade() -> None:
    for name, kind in PART_COLUMNS:
        op.add_column("fact_accelerators", sa.Column(name, kind(), nullable=True))
    op.add_column("fact_thresholds", sa.Column("applies_to", sa.Text(), nullable=True))
    _fill()
    with op.batch_alter_table("fact_accelerators") as parts:
        for name, kind in PART_COLUMNS:
            parts.alter_column(name, existing_type=kind(), nullable=False)
    with op.batch_alter_table("fact_thresholds") as thresholds:
        thresholds.alter_column("applies_to", existing_type=sa.Text(), nullable=False)
    op.create_table(
        "fact_model_lifecycles",
        sa.Column("row_id", sa.String(32), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["added_in"], ["releases.seq"], name="fk_fact_model_lifecycles_added_in"),
        sa.PrimaryKeyConstraint("row_id", "added_in", name="pk_fact_model_lifecycles"),
    )
    op.create_index("ix_fact_model_lifecycles_added_in", "fact_model_lifecycles", ["added_in"])


def downgrade() -> None:
    op.drop_table("fact_model_lifecycles")
    for table in ("release_tables", "retractions"):  # a release that forgot a table is read as one from before it
        op.execute(f"DELETE FROM {table} WHERE table_name = 'model_lifecycles'")
    with op.batch_alter_table("fact_thresholds") as thresholds:
        thresholds.drop_column("applies_to")
    with op.batch_alter_table("fact_accelerators") as parts:
        for name, _ in reversed(PART_COLUMNS):
            parts.drop_column(name)


def _fill() -> None:
    """Write into the new columns what the words of each row said."""
    parts = sa.table("fact_accelerators", *map(sa.column, ("row_id", "added_in", "id", "family")),
                     *(sa.column(name, kind()) for name, kind in PART_COLUMNS))  # fmt: skip
    connection = op.get_bind()
    for row in connection.execute(sa.select(parts.c.row_id, parts.c.added_in, parts.c.id, parts.c.family)).all():
        pieces = row.id.split("-")
        connection.execute(
            parts.update()
            .where(parts.c.row_id == row.row_id, parts.c.added_in == row.added_in)
            .values(
                generation=row.family.split(" (")[0],
                form="".join(pieces[1:2]),
                export="export" in row.family,
                sole_provider="gcp" if row.family == "TPU" else "",
                product=pieces[0].upper(),
            )
        )
    op.execute(
        "UPDATE fact_thresholds SET applies_to = "
        "CASE WHEN id LIKE '%modification%' THEN 'modification' ELSE 'any' END"
    )  # fmt: skip
