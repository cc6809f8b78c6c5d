"""Imports of files that were edited from an export: the revision they carry, and what was kept against them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("imports", sa.Column("revision", sa.Integer()))
    op.create_table(
        "import_kept",
        sa.Column("import_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=False),
        sa.Column("old_value", sa.Text()),
        sa.Column("new_value", sa.Text()),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_import_kept")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_kept_import_id_imports")),
        sa.CheckConstraint(
            "kind IN ('added', 'removed', 'changed', 'reordered')", name=op.f("ck_import_kept_kind")
        ),
    )


def downgrade() -> None:
    op.drop_table("import_kept")
    op.drop_column("imports", "revision")
