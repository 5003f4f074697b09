"""Keep which pages of a document had no text, so that who approves it knows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of documents that exist that every page had text: nobody counted them."""
    with op.batch_alter_table("document_versions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("pages_without_text", sa.JSON(), server_default="[]", nullable=False)
        )


def downgrade() -> None:
    """Forget them."""
    with op.batch_alter_table("document_versions", schema=None) as batch_op:
        batch_op.drop_column("pages_without_text")
