"""The first tables: the portfolio, imports as the audit trail, runs.

Written out and frozen: it does not follow later changes of the program's tables.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STAGES = ("kindergarten", "primary", "junior", "senior", "vocational", "special", "other")
NATURES = ("new", "relocation", "expansion", "renovation", "continuing", "fit_out")
BASES = ("stated", "derived", "assumed")

TABLES = (
    "projects",
    "seats",
    "spending",
    "spending_shares",
    "funding_sources",
    "funding_caps",
    "funding_cap_years",
    "project_funding",
    "capacity",
    "capacity_years",
    "demand",
    "demand_years",
    "relations",
    "milestones",
    "norms",
    "imports",
    "import_changes",
    "runs",
    "run_projects",
    "run_draws",
    "run_objectives",
)


def upgrade() -> None:
    _projects()
    _project_details()
    _funding()
    _seats_of_cells()
    _relations_and_milestones()
    _norms()
    _imports()
    _runs()
    _run_details()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _projects() -> None:
    op.create_table(
        "projects",
        _text("key"),
        _int("position"),
        _text("county"),
        _code("stage"),
        *map(_text, ("name_zh", "name_en", "zone", "location")),
        _code("nature", nullable=True),
        _text("scale"),
        _text("floor_area_m2", nullable=True),
        sa.Column("total_cost", sa.BigInteger()),
        *(
            _int(name, nullable=True)
            for name in ("duration_years", "earliest_start", "latest_finish", "fixed_start", "open_lag")
        ),
        _flag("mandatory"),
        _int("priority", nullable=True),
        *map(_text, ("status", "lead_unit", "cooperating_units")),
        _code("basis"),
        *_origin(),
        _key("projects", "key"),
        sa.UniqueConstraint("position", name=op.f("uq_projects_position")),
        *_not_negative("projects", "total_cost", "open_lag"),
        sa.CheckConstraint("duration_years >= 1", name=op.f("ck_projects_duration_years_positive")),
        sa.CheckConstraint("priority BETWEEN 1 AND 5", name=op.f("ck_projects_priority_1_to_5")),
        _one_of("projects", "stage", STAGES),
        _one_of("projects", "nature", NATURES),
        _one_of("projects", "basis", BASES),
    )


def _project_details() -> None:
    op.create_table(
        "seats",
        _int("position"),
        _text("project"),
        _code("stage"),
        _text("zone"),
        _int("classes", nullable=True),
        *map(_int, ("seats_added", "seats_replaced", "seats_offline")),
        _flag("public"),
        _code("basis"),
        *_origin(),
        _key("seats", "position"),
        _refers("seats", "project", "projects.key"),
        *_not_negative("seats", "seats_added", "seats_replaced", "seats_offline"),
        _one_of("seats", "stage", STAGES),
        _one_of("seats", "basis", BASES),
    )
    _index("seats", "project")
    op.create_table(
        "spending",
        _int("position"),
        _text("project"),
        _text("notes"),
        _key("spending", "position"),
        _refers("spending", "project", "projects.key"),
    )
    _index("spending", "project")
    op.create_table(
        "spending_shares",
        _int("position"),
        _int("year_number"),
        _text("share"),
        _key("spending_shares", "position", "year_number"),
        _refers("spending_shares", "position", "spending.position"),
        sa.CheckConstraint("year_number >= 1", name=op.f("ck_spending_shares_year_number_positive")),
    )


def _funding() -> None:
    op.create_table(
        "funding_sources",
        _text("key"),
        _int("position"),
        *map(_text, ("county", "name_zh", "name_en", "stages", "natures")),
        _int("carry_over_years", nullable=True),
        _code("basis"),
        *_origin("document"),
        _key("funding_sources", "key"),
        sa.UniqueConstraint("position", name=op.f("uq_funding_sources_position")),
        *_not_negative("funding_sources", "carry_over_years"),
        _one_of("funding_sources", "basis", BASES),
    )
    op.create_table(
        "funding_caps",
        _int("position"),
        _text("source"),
        _code("basis"),
        *_origin("document"),
        _key("funding_caps", "position"),
        _refers("funding_caps", "source", "funding_sources.key"),
        _one_of("funding_caps", "basis", BASES),
    )
    _index("funding_caps", "source")
    _yearly("funding_cap_years", "funding_caps", sa.Column("amount", sa.BigInteger(), nullable=False))
    op.create_table(
        "project_funding",
        _int("position"),
        _text("project"),
        _text("source"),
        _text("min_share", nullable=True),
        _text("max_share", nullable=True),
        *_origin("document"),
        _key("project_funding", "position"),
        _refers("project_funding", "project", "projects.key"),
        _refers("project_funding", "source", "funding_sources.key"),
    )
    _index("project_funding", "project")
    _index("project_funding", "source")


def _seats_of_cells() -> None:
    for table, columns in (("capacity", (_flag("public"),)), ("demand", ())):
        op.create_table(
            table,
            _int("position"),
            _text("county"),
            _text("zone"),
            _code("stage"),
            *columns,
            _code("basis"),
            *_origin(),
            _key(table, "position"),
            _one_of(table, "stage", STAGES),
            _one_of(table, "basis", BASES),
        )
        _yearly(f"{table}_years", table, _int("seats"))


def _relations_and_milestones() -> None:
    op.create_table(
        "relations",
        _int("position"),
        _code("kind"),
        _text("project"),
        _text("other", nullable=True),
        _int("lag_years", nullable=True),
        _text("group"),
        *_origin(),
        _key("relations", "position"),
        _refers("relations", "project", "projects.key"),
        _refers("relations", "other", "projects.key"),
        _one_of("relations", "kind", ("after", "exclude", "choose", "together")),
    )
    _index("relations", "project")
    _index("relations", "other")
    op.create_table(
        "milestones",
        _int("position"),
        _text("project"),
        _code("kind"),
        _int("year"),
        _flag("firm"),
        *_origin(),
        _key("milestones", "position"),
        _refers("milestones", "project", "projects.key"),
        _one_of("milestones", "kind", ("start_by", "finish_by", "open_by")),
    )
    _index("milestones", "project")


def _norms() -> None:
    op.create_table(
        "norms",
        _int("position"),
        _text("county"),
        _code("stage", nullable=True),
        _code("nature", nullable=True),
        _text("cost_per_m2", nullable=True),
        _text("cost_per_seat", nullable=True),
        _int("seats_per_class", nullable=True),
        _text("area_per_seat_m2", nullable=True),
        _int("duration_years", nullable=True),
        _code("basis"),
        *_origin(),
        _key("norms", "position"),
        _one_of("norms", "stage", STAGES),
        _one_of("norms", "nature", NATURES),
        _one_of("norms", "basis", BASES),
    )


def _imports() -> None:
    op.create_table(
        "imports",
        _int("id"),
        _time("imported_at"),
        *map(_text, ("user_name", "file_name", "file_sha256", "portfolio_sha256")),
        *map(_int, ("rows_added", "rows_removed", "rows_changed")),
        _key("imports", "id"),
        *_not_negative("imports", "rows_added", "rows_removed", "rows_changed"),
    )
    op.create_table(
        "import_changes",
        _int("import_id"),
        _int("position"),
        _text("table_name"),
        _text("row_key"),
        _code("kind"),
        _text("column_name"),
        _text("old_value", nullable=True),
        _text("new_value", nullable=True),
        _key("import_changes", "import_id", "position"),
        _refers("import_changes", "import_id", "imports.id"),
        _one_of("import_changes", "kind", ("added", "removed", "changed", "reordered")),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        _number("id"),
        _text("name"),
        _text("scenario"),
        _time("created_at"),
        _text("inputs_sha256"),
        _int("import_id", nullable=True),
        _code("status"),
        *map(_text, ("stopped", "scenario_text", "document", "versions", "seconds")),
        _key("runs", "id"),
        sa.UniqueConstraint("name", name=op.f("uq_runs_name")),
        _refers("runs", "import_id", "imports.id"),
        _one_of("runs", "status", ("optimal", "feasible", "infeasible", "no_solution")),
    )


def _run_details() -> None:
    op.create_table(
        "run_projects",
        _int("run_id"),
        _int("position"),
        _text("project"),
        _flag("selected"),
        *(_int(name, nullable=True) for name in ("start", "finish", "opens")),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        _key("run_projects", "run_id", "position"),
        sa.UniqueConstraint("run_id", "project", name=op.f("uq_run_projects_run_id")),
        _refers("run_projects", "run_id", "runs.id"),
        *_not_negative("run_projects", "cost"),
    )
    op.create_table(
        "run_draws",
        _int("run_id"),
        _int("position"),
        _text("project"),
        _int("year"),
        _text("source"),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        _key("run_draws", "run_id", "position"),
        _refers("run_draws", "run_id", "runs.id"),
        *_not_negative("run_draws", "amount"),
    )
    op.create_table(
        "run_objectives",
        _int("run_id"),
        _int("position"),
        *map(_text, ("name", "value", "bound")),
        _flag("proven"),
        _key("run_objectives", "run_id", "position"),
        _refers("run_objectives", "run_id", "runs.id"),
    )


def _yearly(table: str, parent: str, figure: sa.Column[int]) -> None:
    op.create_table(
        table,
        _int("position"),
        _int("year"),
        figure,
        _key(table, "position", "year"),
        _refers(table, "position", f"{parent}.position"),
        *_not_negative(table, figure.name),
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _code(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(16), nullable=nullable)


def _int(name: str, *, nullable: bool = False) -> sa.Column[int]:
    """An integer; only "id" counts up by itself."""
    return sa.Column(name, sa.Integer(), nullable=nullable, autoincrement=name == "id")


def _number(name: str) -> sa.Column[int]:
    """An integer given by the program."""
    return sa.Column(name, sa.Integer(), nullable=False, autoincrement=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(), nullable=False)


def _origin(document: str = "source") -> list[sa.Column[str]]:
    """Where a row comes from, and remarks."""
    return [_text(name) for name in (document, "locator", "notes")]


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target.split('.')[0]}"
    return sa.ForeignKeyConstraint([column], [target], name=op.f(name))


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _not_negative(table: str, *columns: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(f"{column} >= 0", name=op.f(f"ck_{table}_{column}_not_negative"))
        for column in columns
    ]


def _one_of(table: str, column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))
