"""Keys: a second secret while one is rotated, when one was last used; and whose a kept answer is.

Revision: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("previous_digest", sa.String(64), nullable=True))
    op.add_column("api_keys", sa.Column("previous_until", MOMENT, nullable=True))
    op.add_column("api_keys", sa.Column("last_used_at", MOMENT, nullable=True))
    op.add_column("idempotent_answers", sa.Column("asked_by", sa.String(64), nullable=True))


def downgrade() -> None:
    for name in ("previous_digest", "previous_until", "last_used_at"):
        op.drop_column("api_keys", name)
    op.drop_column("idempotent_answers", "asked_by")
