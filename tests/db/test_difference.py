"""The difference between two portfolios, and the audit trail that imports keep of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from portfolio.db.difference import NATURAL_KEYS, ChangeKind, Counts, RowChange, count_changes, difference
from portfolio.db.repository import import_changes, last_import, list_imports, save_import
from portfolio.db.session import Database
from portfolio.domain.demand import Capacity
from portfolio.domain.fingerprint import portfolio_sha256
from portfolio.domain.funding import FundingCaps, FundingSource
from portfolio.domain.portfolio import TABLES, Norm, Portfolio
from portfolio.domain.project import Nature, Project, SpendingProfile, Stage

Store = Callable[[Portfolio], None]

SCHOOL = Project(key="s", county="甲县", stage=Stage.PRIMARY, total_cost=1_896_850)
CAMPUS = Project(key="c", county="甲县", stage=Stage.SENIOR)


def test_equal_portfolios_have_no_difference(full_portfolio: Portfolio) -> None:
    assert difference(full_portfolio, replace(full_portfolio)) == ()


def test_every_table_has_a_natural_key() -> None:
    assert tuple(NATURAL_KEYS) == TABLES


def test_a_changed_cell_is_told_as_the_workbook_shows_it() -> None:
    changed = replace(
        SCHOOL, total_cost=2_000_000, nature=Nature.NEW, mandatory=True, floor_area_m2=Decimal("9.50")
    )

    changes = difference(Portfolio(projects=(SCHOOL,)), Portfolio(projects=(changed,)))

    assert changes == (
        RowChange("projects", "s", ChangeKind.CHANGED, "nature", None, "new"),
        RowChange("projects", "s", ChangeKind.CHANGED, "floor_area_m2", None, "9.5"),
        RowChange("projects", "s", ChangeKind.CHANGED, "total_cost", "18968.5", "20000"),
        RowChange("projects", "s", ChangeKind.CHANGED, "mandatory", "no", "yes"),
    )
    assert count_changes(changes) == Counts(added=0, removed=0, changed=1)


def test_a_new_and_a_removed_row_keep_their_content() -> None:
    norm = Norm(county="甲县", cost_per_m2=Decimal("3500.0"))

    added, removed = difference(
        Portfolio(norms=(norm,)),
        Portfolio(spending=(SpendingProfile(project="s", shares=(Decimal("0.4"), Decimal("0.60"))),)),
    )

    assert added == RowChange(
        "spending", "s", ChangeKind.ADDED, new='{"project": "s", "year_1": "0.4", "year_2": "0.6"}'
    )
    assert removed == RowChange(
        "norms",
        "甲县 /  / ",
        ChangeKind.REMOVED,
        old='{"county": "甲县", "cost_per_m2": "3500", "basis": "assumed"}',
    )
    assert count_changes((added, removed)) == Counts(added=1, removed=1, changed=0)


def test_figures_are_compared_year_by_year() -> None:
    old = FundingCaps(source="k", amounts={2025: 100, 2026: 200})
    new = FundingCaps(source="k", amounts={2026: 250, 2027: 0})

    changes = difference(Portfolio(funding_caps=(old,)), Portfolio(funding_caps=(new,)))

    assert [(c.column, c.old, c.new) for c in changes] == [
        ("2026", "2", "2.5"),
        ("2027", None, "0"),
        ("2025", "1", None),
    ]


def test_rows_with_the_same_key_are_numbered() -> None:
    row = Capacity(county="甲县", stage=Stage.PRIMARY, seats={2025: 10})

    changes = difference(
        Portfolio(capacity=(row,)), Portfolio(capacity=(row, replace(row, public=False), row))
    )

    assert [(c.row, c.kind) for c in changes] == [
        ("甲县 /  / primary / no", ChangeKind.ADDED),
        ("甲县 /  / primary / yes #2", ChangeKind.ADDED),
    ]


def test_money_that_never_lapses_is_not_blank() -> None:
    source = FundingSource(key="k", county="*", carry_over_years=0)

    (change,) = difference(
        Portfolio(funding_sources=(source,)),
        Portfolio(funding_sources=(replace(source, carry_over_years=None),)),
    )

    assert (change.old, change.new) == ("0", "unlimited")


def test_another_order_is_told_once_and_only_where_rows_stay() -> None:
    old = Portfolio(projects=(SCHOOL, CAMPUS))

    assert difference(old, Portfolio(projects=(CAMPUS, SCHOOL))) == (
        RowChange("projects", "", ChangeKind.REORDERED, new='["c", "s"]'),
    )
    assert [c.kind for c in difference(old, Portfolio(projects=(CAMPUS,)))] == [ChangeKind.REMOVED]


def test_an_import_is_recorded_with_who_what_when(
    database: Database, store: Store, full_portfolio: Portfolio
) -> None:
    store(full_portfolio)
    now = datetime(2026, 5, 1, 7, tzinfo=timezone(timedelta(hours=8)))
    smaller = replace(full_portfolio, norms=())

    with database.session() as session:
        record = save_import(
            session, smaller, user="王", file_name="新.xlsx", file_sha256="b" * 64, now=now
        )  # fmt: skip

    assert (record.user, record.file_name, record.file_sha256) == ("王", "新.xlsx", "b" * 64)
    assert record.imported_at == now
    assert record.portfolio_sha256 == portfolio_sha256(smaller)
    assert (record.rows_added, record.rows_removed, record.rows_changed) == (0, 2, 0)
    with database.snapshot() as session:
        assert last_import(session) == record
        assert last_import(session).imported_at.tzinfo is UTC  # type: ignore[union-attr]
        assert [entry.id for entry in list_imports(session)] == [record.id - 1, record.id]
        assert import_changes(session, record.id) == difference(full_portfolio, smaller)
        assert import_changes(session, record.id - 1) == difference(Portfolio(), full_portfolio)


def test_an_import_that_changes_nothing_is_recorded_too(
    database: Database, store: Store, full_portfolio: Portfolio
) -> None:
    store(full_portfolio)
    store(full_portfolio)

    with database.snapshot() as session:
        record = last_import(session)
        assert record is not None
        assert record.id == 2
        assert import_changes(session, record.id) == ()


def test_before_the_first_import_there_is_none(database: Database) -> None:
    with database.snapshot() as session:
        assert last_import(session) is None
