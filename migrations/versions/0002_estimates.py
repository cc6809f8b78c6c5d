"""What norms estimate where the portfolio is blank, for all who read the database; new seats may be blank.

Derived figures: the next import of a workbook fills the table. Until then new seats that were blank stay 0.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIELDS = ("total_cost", "duration_years", "floor_area_m2", "seats_added")
BASES = ("stated", "derived", "assumed")


def upgrade() -> None:
    op.create_table(
        "estimates",
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("project", "field", "value")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("formula_zh", "formula_en")),
        sa.Column("norm", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_estimates")),
        sa.UniqueConstraint("project", "field", name=op.f("uq_estimates_project")),
        sa.ForeignKeyConstraint(["project"], ["projects.key"], name=op.f("fk_estimates_project_projects")),
        sa.ForeignKeyConstraint(["norm"], ["norms.position"], name=op.f("fk_estimates_norm_norms")),
        _one_of("field", FIELDS),
        _one_of("basis", BASES),
    )
    op.create_index(op.f("ix_estimates_project"), "estimates", ["project"])
    _let_new_seats_be_blank(True)


def downgrade() -> None:
    op.execute("UPDATE seats SET seats_added = 0 WHERE seats_added IS NULL")
    _let_new_seats_be_blank(False)
    op.drop_table("estimates")


def _let_new_seats_be_blank(nullable: bool) -> None:
    """SQLite makes the table anew, check constraints included."""
    with op.batch_alter_table("seats") as table:
        table.alter_column("seats_added", existing_type=sa.Integer(), nullable=nullable)


def _one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_estimates_{column}"))
