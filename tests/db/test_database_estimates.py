"""What norms fill in stands in the database for all who read it, and is never part of the portfolio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from portfolio.db.repository import load_portfolio, portfolio_as_of
from portfolio.db.session import Database
from portfolio.domain.portfolio import Norm, Portfolio
from portfolio.domain.project import Basis, Project, SeatEffect, Stage

NORM = Norm(
    cost_per_seat=Decimal(40_000), seats_per_class=45, area_per_seat_m2=Decimal("7.2"), duration_years=2,
    basis=Basis.DERIVED,
)  # fmt: skip
BLANK = Project(key="p", county="A", stage=Stage.PRIMARY)
PORTFOLIO = Portfolio(
    projects=(replace(BLANK, key="full", total_cost=1, duration_years=1, floor_area_m2=Decimal(1)), BLANK),
    seats=(SeatEffect(project="p", stage=Stage.PRIMARY, classes=2),),
    norms=(Norm(county="B", duration_years=9), NORM),
)
QUERY = "SELECT project, field, value, formula_zh, norm, basis FROM estimates ORDER BY position"


def estimates(database: Database) -> list[tuple[Any, ...]]:
    with database.snapshot() as session:
        return [tuple(row) for row in session.execute(text(QUERY))]


def test_each_estimate_is_a_row(database: Database, store: Callable[[Portfolio], None]) -> None:
    store(PORTFOLIO)

    assert estimates(database) == [
        ("p", "total_cost", "36000", "90 座 × 40000 元/座（2 班 × 45 座/班）", 1, "derived"),
        ("p", "duration_years", "2", "2 年", 1, "derived"),
        ("p", "floor_area_m2", "648.0", "90 座 × 7.2 m²/座（2 班 × 45 座/班）", 1, "derived"),
        ("p", "seats_added", "90", "2 班 × 45 座/班", 1, "derived"),
    ]


def test_the_portfolio_keeps_its_blanks(database: Database, store: Callable[[Portfolio], None]) -> None:
    store(PORTFOLIO)
    store(replace(PORTFOLIO, projects=(replace(BLANK, total_cost=5),)))

    with database.snapshot() as session:
        assert load_portfolio(session).projects == (replace(BLANK, total_cost=5),)
        assert portfolio_as_of(session, 1) == PORTFOLIO


def test_a_figure_that_is_filled_in_is_no_longer_estimated(
    database: Database, store: Callable[[Portfolio], None]
) -> None:
    store(PORTFOLIO)
    store(replace(PORTFOLIO, projects=(replace(BLANK, total_cost=5),)))
    assert [row[1] for row in estimates(database)] == ["duration_years", "floor_area_m2", "seats_added"]

    store(Portfolio())
    assert estimates(database) == []


def test_an_import_that_changes_nothing_fills_the_table_too(
    database: Database, store: Callable[[Portfolio], None]
) -> None:
    """As after an upgrade from a version without the table."""
    store(PORTFOLIO)
    with database.session() as session:
        session.execute(text("DELETE FROM estimates"))

    store(PORTFOLIO)

    assert len(estimates(database)) == 4
