"""The accumulated micro-batches, optimizer and adapted modules of a measured step, where its source names them.

Revision: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

TABLE = "fact_tuning_runs"
COLUMNS = ("optimizer", "target_modules")


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("gradient_accumulation_steps", sa.BigInteger(), nullable=True))
    for name in COLUMNS:
        op.add_column(TABLE, sa.Column(name, sa.Text(), nullable=True))
        op.execute(f"UPDATE {TABLE} SET {name} = ''")
    with op.batch_alter_table(TABLE) as runs:
        for name in COLUMNS:
            runs.alter_column(name, existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as runs:
        for name in (*reversed(COLUMNS), "gradient_accumulation_steps"):
            runs.drop_column(name)
