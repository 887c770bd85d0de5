"""Laws of allocation and precision: what N counts, how compute is counted, in which unit the loss is.

Revision: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

TABLE = "fact_scaling_laws"
NUMBERS = (
    "gamma_weights", "gamma_activations", "gamma_cache", "flop_per_param_token", "flop_per_token",
)  # fmt: skip
WORDS = ("counts", "loss_unit")


def upgrade() -> None:
    for name in NUMBERS:
        op.add_column(TABLE, sa.Column(name, sa.Double(), nullable=True))
    for name in WORDS:
        op.add_column(TABLE, sa.Column(name, sa.Text(), nullable=True))
        op.execute(f"UPDATE {TABLE} SET {name} = ''")
    with op.batch_alter_table(TABLE) as laws:
        for name in WORDS:
            laws.alter_column(name, existing_type=sa.Text(), nullable=False)
        laws.alter_column("embedding_params_counted", existing_type=sa.Boolean(), nullable=True)


def downgrade() -> None:
    op.execute(f"UPDATE {TABLE} SET embedding_params_counted = false WHERE embedding_params_counted IS NULL")
    with op.batch_alter_table(TABLE) as laws:
        laws.alter_column("embedding_params_counted", existing_type=sa.Boolean(), nullable=False)
        for name in reversed((*NUMBERS, *WORDS)):
            laws.drop_column(name)
