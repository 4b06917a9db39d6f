"""Vouchers that customers were offered, and what came of them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "voucher_offers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("segment_name", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("explored", sa.Boolean(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        sa.Column("history", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("redeemed", sa.Boolean(), nullable=False),
        sa.Column("margin", sa.BigInteger(), nullable=True),
        sa.Column("outcome_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.name"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("voucher_offers", schema=None) as batch_op:
        batch_op.create_index("voucher_offers_of_a_customer", ["tenant", "customer_id"], unique=False)
        batch_op.create_index("voucher_offers_of_a_day", ["tenant", "as_of"], unique=False)
        batch_op.create_index(
            "voucher_offers_of_a_segment", ["tenant", "country", "segment_name", "segment"], unique=False
        )


def downgrade() -> None:
    """One step back."""
    with op.batch_alter_table("voucher_offers", schema=None) as batch_op:
        batch_op.drop_index("voucher_offers_of_a_segment")
        batch_op.drop_index("voucher_offers_of_a_day")
        batch_op.drop_index("voucher_offers_of_a_customer")

    op.drop_table("voucher_offers")
