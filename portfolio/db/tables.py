"""The tables. Column names are the field names of the domain; a completeness test compares them.

A figure per year is a row of a child table. `position` is the place of the row in its sheet, from
0: loading gives the rows back in that order. Money is in hundredths of 万元.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from portfolio.db.difference import ChangeKind
from portfolio.db.types import BlankReference, ExactDecimal, Joined, UtcTimestamp, listed
from portfolio.domain.estimate import ESTIMATED_FIELDS
from portfolio.domain.money import Money
from portfolio.domain.project import Basis, MilestoneKind, Nature, RelationKind, Stage
from portfolio.domain.schedule import Status

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Names of constraints, the same on every database, so that a later migration can find them."""


class Base(DeclarativeBase):
    """Registry of the tables and of the column type of each Python type."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - the name and form that SQLAlchemy reads
        str: Text(),
        Decimal: ExactDecimal(),
        datetime: UtcTimestamp(),
        Stage: listed(Stage, "stage"),
        Nature: listed(Nature, "nature"),
        Basis: listed(Basis, "basis"),
        RelationKind: listed(RelationKind, "kind"),
        MilestoneKind: listed(MilestoneKind, "kind"),
        ChangeKind: listed(ChangeKind, "kind"),
        Status: listed(Status, "status"),
    }


def _position() -> Mapped[int]:
    """The row's place in its sheet; the sheets have no other key that is always unique."""
    return mapped_column(primary_key=True, autoincrement=False)


def _money() -> Mapped[Money]:
    return mapped_column(BigInteger)


def _project() -> Mapped[str]:
    """A reference to a project; indexed, or replacing the portfolio scans each child per project."""
    return mapped_column(ForeignKey("projects.key"), index=True)


def _source() -> Mapped[str]:
    return mapped_column(ForeignKey("funding_sources.key"), index=True)


def _row_of(parent: str) -> Mapped[int]:
    """The parent row that a yearly figure belongs to."""
    return mapped_column(ForeignKey(f"{parent}.position"), primary_key=True, autoincrement=False)


def _year() -> Mapped[int]:
    return mapped_column(primary_key=True, autoincrement=False)


def _never_negative(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} >= 0", name=f"{column}_not_negative")


class ProjectRow(Base):
    __tablename__ = "projects"
    __table_args__ = (
        UniqueConstraint("position"),
        _never_negative("total_cost"),
        _never_negative("open_lag"),
        CheckConstraint("duration_years >= 1", name="duration_years_positive"),
        CheckConstraint("priority BETWEEN 1 AND 5", name="priority_1_to_5"),
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    county: Mapped[str]
    stage: Mapped[Stage]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    zone: Mapped[str]
    location: Mapped[str]
    nature: Mapped[Nature | None]
    scale: Mapped[str]
    floor_area_m2: Mapped[Decimal | None]
    total_cost: Mapped[Money | None] = mapped_column(BigInteger)
    duration_years: Mapped[int | None]
    earliest_start: Mapped[int | None]
    latest_finish: Mapped[int | None]
    fixed_start: Mapped[int | None]
    open_lag: Mapped[int | None]
    mandatory: Mapped[bool]
    priority: Mapped[int | None]
    status: Mapped[str]
    lead_unit: Mapped[str]
    cooperating_units: Mapped[str]
    basis: Mapped[Basis]
    source: Mapped[str]
    locator: Mapped[str]
    notes: Mapped[str]


class SeatEffectRow(Base):
    __tablename__ = "seats"
    __table_args__ = (
        _never_negative("seats_added"),
        _never_negative("seats_replaced"),
        _never_negative("seats_offline"),
    )
    position: Mapped[int] = _position()
    project: Mapped[str] = _project()
    stage: Mapped[Stage]
    zone: Mapped[str]
    classes: Mapped[int | None]
    seats_added: Mapped[int | None]
    seats_replaced: Mapped[int]
    seats_offline: Mapped[int]
    public: Mapped[bool]
    basis: Mapped[Basis]
    source: Mapped[str]
    locator: Mapped[str]
    notes: Mapped[str]


class SpendingRow(Base):
    __tablename__ = "spending"
    position: Mapped[int] = _position()
    project: Mapped[str] = _project()
    notes: Mapped[str]


class SpendingShareRow(Base):
    """The share of the cost paid in a project's first, second ... year (`year_number` from 1)."""

    __tablename__ = "spending_shares"
    __table_args__ = (CheckConstraint("year_number >= 1", name="year_number_positive"),)
    position: Mapped[int] = _row_of("spending")
    year_number: Mapped[int] = _year()
    share: Mapped[Decimal]


class FundingSourceRow(Base):
    """NULL in `carry_over_years` is money that never lapses."""

    __tablename__ = "funding_sources"
    __table_args__ = (UniqueConstraint("position"), _never_negative("carry_over_years"))
    key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    county: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    stages: Mapped[tuple[Stage, ...]] = mapped_column(Joined(Stage))
    natures: Mapped[tuple[Nature, ...]] = mapped_column(Joined(Nature))
    carry_over_years: Mapped[int | None]
    basis: Mapped[Basis]
    document: Mapped[str]
    locator: Mapped[str]
    notes: Mapped[str]


class FundingCapsRow(Base):
    __tablename__ = "funding_caps"
    position: Mapped[int] = _position()
    source: Mapped[str] = _source()
    basis: Mapped[Basis]
    document: Mapped[str]
    locator: Mapped[str]
    notes: Mapped[str]


class FundingCapYearRow(Base):
    __tablename__ = "funding_cap_years"
    __table_args__ = (_never_negative("amount"),)
    position: Mapped[int] = _row_of("funding_caps")
    year: Mapped[int] = _year()
    amount: Mapped[Money] = _money()


class ProjectFundingRow(Base):
    __tablename__ = "project_funding"
    position: Mapped[int] = _position()
    project: Mapped[str] = _project()
    source: Mapped[str] = _source()
    min_share: Mapped[Decimal | None]
    max_share: Mapped[Decimal | None]
    document: Mapped[str]
    locator: Mapped[str]
    notes: Mapped[str]


class CapacityRow(Base):
    __tablename__ = "capacity"
    position: Mapped[int] = _position()
    county: Mapped[str]
    zone: Mapped[str]
    stage: Mapped[Stage]
    public: Mapped[bool]
    basis: Mapped[Basis]
    source: Mapped[str]
    locator: Mapped[str]
    notes: Mapped[str]


class CapacityYearRow(Base):
    __tablename__ = "capacity_years"
    __table_args__ = (_never_negative("seats"),)
    position: Mapped[int] = _row_of("capacity")
    year: Mapped[int] = _year()
    seats: Mapped[int]


class DemandRow(Base):
    __tablename__ = "demand"
    position: Mapped[int] = _position()
    county: Mapped[str]
    zone: Mapped[str]
    stage: Mapped[Stage]
    basis: Mapped[Basis]
    source: Mapped[str]
    locator: Mapped[str]
    notes: Mapped[str]


class DemandYearRow(Base):
    __tablename__ = "demand_years"
    __table_args__ = (_never_negative("seats"),)
    position: Mapped[int] = _row_of("demand")
    year: Mapped[int] = _year()
    seats: Mapped[int]


class RelationRow(Base):
    __tablename__ = "relations"
    position: Mapped[int] = _position()
    kind: Mapped[RelationKind]
    project: Mapped[str] = _project()
    other: Mapped[str] = mapped_column(BlankReference, ForeignKey("projects.key"), nullable=True, index=True)
    lag_years: Mapped[int | None]
    group: Mapped[str]
    source: Mapped[str]
    locator: Mapped[str]
    notes: Mapped[str]


class MilestoneRow(Base):
    __tablename__ = "milestones"
    position: Mapped[int] = _position()
    project: Mapped[str] = _project()
    kind: Mapped[MilestoneKind]
    year: Mapped[int]
    firm: Mapped[bool]
    source: Mapped[str]
    locator: Mapped[str]
    notes: Mapped[str]


class NormRow(Base):
    """Costs are in yuan."""

    __tablename__ = "norms"
    position: Mapped[int] = _position()
    county: Mapped[str]
    stage: Mapped[Stage | None]
    nature: Mapped[Nature | None]
    cost_per_m2: Mapped[Decimal | None]
    cost_per_seat: Mapped[Decimal | None]
    seats_per_class: Mapped[int | None]
    area_per_seat_m2: Mapped[Decimal | None]
    duration_years: Mapped[int | None]
    basis: Mapped[Basis]
    source: Mapped[str]
    locator: Mapped[str]
    notes: Mapped[str]


class EstimateRow(Base):
    """A figure that a norm fills where the portfolio is blank; written with each import, never read back.

    `value` is in the unit of the column `field` (total_cost: hundredths of 万元); `norm` is the row of
    `norms` that it was taken from, `basis` the weakest of all norms that went into it.
    """

    __tablename__ = "estimates"
    __table_args__ = (
        UniqueConstraint("project", "field"),
        CheckConstraint(f"field IN ({', '.join(map(repr, ESTIMATED_FIELDS))})", name="field"),
    )
    position: Mapped[int] = _position()
    project: Mapped[str] = _project()
    field: Mapped[str]
    value: Mapped[Decimal]
    formula_zh: Mapped[str]
    formula_en: Mapped[str]
    norm: Mapped[int] = mapped_column(ForeignKey("norms.position"))
    basis: Mapped[Basis]


class ImportRow(Base):
    """`revision` is the import whose export the file was edited from; NULL: the file carried none."""

    __tablename__ = "imports"
    __table_args__ = tuple(map(_never_negative, ("rows_added", "rows_removed", "rows_changed")))
    id: Mapped[int] = mapped_column(primary_key=True)
    imported_at: Mapped[datetime]
    user: Mapped[str] = mapped_column("user_name")  # `user` means the logged-in role in PostgreSQL
    file_name: Mapped[str]
    file_sha256: Mapped[str]
    portfolio_sha256: Mapped[str]
    rows_added: Mapped[int]
    rows_removed: Mapped[int]
    rows_changed: Mapped[int]
    revision: Mapped[int | None]


class _RowChangeColumns:
    """A line of a difference; see `difference.RowChange`."""

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"), primary_key=True)
    position: Mapped[int] = _position()
    table_name: Mapped[str]
    row_key: Mapped[str]
    kind: Mapped[ChangeKind]
    column_name: Mapped[str]
    old_value: Mapped[str | None]
    new_value: Mapped[str | None]


class ImportChangeRow(_RowChangeColumns, Base):
    """The difference that an import made."""

    __tablename__ = "import_changes"


class ImportKeptRow(_RowChangeColumns, Base):
    """What a merging import kept of the database: the difference from the portfolio it led to, to what
    its file says. With it the file's content at that time can be had back."""

    __tablename__ = "import_kept"


class RunRow(Base):
    """A run outlives the projects it planned: run tables do not reference the portfolio's."""

    __tablename__ = "runs"
    __table_args__ = (UniqueConstraint("name"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    scenario: Mapped[str]
    created_at: Mapped[datetime]
    inputs_sha256: Mapped[str]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))
    status: Mapped[Status]
    stopped: Mapped[str]
    scenario_text: Mapped[str]
    document: Mapped[str]
    versions: Mapped[str]
    seconds: Mapped[str]


def _run() -> Mapped[int]:
    return mapped_column(ForeignKey("runs.id"), primary_key=True, autoincrement=False)


class RunProjectRow(Base):
    __tablename__ = "run_projects"
    __table_args__ = (UniqueConstraint("run_id", "project"), _never_negative("cost"))
    run_id: Mapped[int] = _run()
    position: Mapped[int] = _position()
    project: Mapped[str]
    selected: Mapped[bool]
    start: Mapped[int | None]
    finish: Mapped[int | None]
    opens: Mapped[int | None]
    cost: Mapped[Money] = _money()


class RunDrawRow(Base):
    __tablename__ = "run_draws"
    __table_args__ = (_never_negative("amount"),)
    run_id: Mapped[int] = _run()
    position: Mapped[int] = _position()
    project: Mapped[str]
    year: Mapped[int]
    source: Mapped[str]
    amount: Mapped[Money] = _money()


class RunObjectiveRow(Base):
    __tablename__ = "run_objectives"
    run_id: Mapped[int] = _run()
    position: Mapped[int] = _position()
    name: Mapped[str]
    value: Mapped[Decimal]
    bound: Mapped[Decimal]
    proven: Mapped[bool]
