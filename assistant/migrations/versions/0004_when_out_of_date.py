"""Let each version say whether it is hidden or flagged once its validity is over."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the choice; what is there stays hidden, as before."""
    op.add_column(
        "document_versions",
        sa.Column("when_out_of_date", sa.String(length=4), server_default="hide", nullable=False),
    )


def downgrade() -> None:
    """Take the choice away, without making the table anew: passages point to its rows."""
    op.drop_column("document_versions", "when_out_of_date")
