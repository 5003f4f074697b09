"""Keep which pages of a document had no text, so that who approves it knows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of documents that exist that every page had text: nobody counted them."""
    op.add_column(
        "document_versions",
        sa.Column("pages_without_text", sa.JSON(), server_default="[]", nullable=False),
    )


def downgrade() -> None:
    """Forget them, without making the table anew: passages point to its rows."""
    op.drop_column("document_versions", "pages_without_text")
