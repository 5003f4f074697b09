"""Key the fingerprints of unanswered questions, and delete those that were dealt with."""

import sqlalchemy as sa
from alembic import op

from config.encryption import key_ring_of
from knowledge.language import fold

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

QUESTIONS = sa.table(
    "unanswered_questions",
    sa.column("id", sa.Integer),
    sa.column("fingerprint", sa.String),
    sa.column("question", sa.Text),
    sa.column("closed_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Digest each question under the key ring; a plain digest lets guesses be tried."""
    connection = op.get_bind()
    connection.execute(sa.delete(QUESTIONS).where(QUESTIONS.c.closed_at.is_not(None)))
    for number, closed in connection.execute(sa.select(QUESTIONS.c.id, QUESTIONS.c.question)).all():
        ring = key_ring_of(connection.dialect)
        connection.execute(
            sa.update(QUESTIONS)
            .where(QUESTIONS.c.id == number)
            .values(fingerprint=ring.digest(fold(ring.open(closed))))
        )
    with op.batch_alter_table("unanswered_questions", schema=None) as batch_op:
        batch_op.drop_column("closed_at")
        batch_op.drop_column("closed_by")


def downgrade() -> None:
    """Bring the columns back, empty; the fingerprints stay keyed."""
    with op.batch_alter_table("unanswered_questions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_by", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
