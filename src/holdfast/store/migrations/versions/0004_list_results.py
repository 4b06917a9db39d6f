"""The day on which a list was sent, from which its result counts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    with op.batch_alter_table("action_lists", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sent_on", sa.Text(), nullable=True))
    op.execute("UPDATE action_lists SET sent_on = substr(CAST(exported_at AS TEXT), 1, 10)")


def downgrade() -> None:
    """One step back."""
    with op.batch_alter_table("action_lists", schema=None) as batch_op:
        batch_op.drop_column("sent_on")
