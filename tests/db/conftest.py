"""What the tests of the database share: storing, reading everything, a portfolio in which no field has its default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from portfolio.db.repository import save_import
from portfolio.db.session import Database
from portfolio.db.tables import Base
from portfolio.domain.demand import Capacity, Demand
from portfolio.domain.funding import FundingCaps, FundingSource, ProjectFunding
from portfolio.domain.portfolio import Norm, Portfolio
from portfolio.domain.project import (
    Basis,
    Milestone,
    MilestoneKind,
    Nature,
    Project,
    Relation,
    RelationKind,
    SeatEffect,
    SpendingProfile,
    Stage,
)

NOW = datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)

Contents = Mapping[str, list[tuple[Any, ...]]]
Store = Callable[[Portfolio], None]
Dump = Callable[[], Contents]


@pytest.fixture
def store(database: Database) -> Store:
    """Imports a portfolio in a transaction of its own."""

    def save(portfolio: Portfolio) -> None:
        with database.session() as session:
            save_import(
                session, portfolio, user="li", file_name="projects.xlsx", file_sha256="f" * 64, now=NOW
            )

    return save


@pytest.fixture
def dump(database: Database) -> Dump:
    """Reads every row of every table."""

    def read() -> Contents:
        with database.snapshot() as session:
            return {
                name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
                for name, table in Base.metadata.tables.items()
            }

    return read


@pytest.fixture
def full_portfolio() -> Portfolio:
    """Every table filled, every field set; with the cases that are easily lost: rows without years,
    two rows for one cell, blank references, an order that is not alphabetical."""
    return Portfolio(
        projects=(_full_project("新-2"), _full_project("新-1"), Project(key="空", county="甲县", stage=Stage.OTHER)),
        seats=(
            SeatEffect(
                project="新-1", stage=Stage.PRIMARY, zone="城区", classes=36, seats_added=1620, seats_replaced=400,
                seats_offline=200, public=False, basis=Basis.DERIVED, source="规划", locator="附件 2", notes="45 座/班",
            ),
            SeatEffect(project="新-2", stage=Stage.JUNIOR),
            SeatEffect(project="新-2", stage=Stage.JUNIOR, seats_added=5),
        ),
        spending=(
            SpendingProfile(project="新-1", shares=(Decimal("0.30"), Decimal("0.7"), Decimal(0)), notes="质保金"),
            SpendingProfile(project="新-1", shares=(Decimal(1),)),
        ),
        funding_sources=(
            FundingSource(
                key="省级", county="*", name_zh="省级资金", name_en="Province", stages=(Stage.SENIOR, Stage.PRIMARY),
                natures=(Nature.NEW, Nature.FIT_OUT), carry_over_years=None, basis=Basis.STATED, document="通知",
                locator="三", notes="可结转",
            ),
            FundingSource(key="县级", county="甲县", carry_over_years=2),
        ),
        funding_caps=(
            FundingCaps(
                source="县级", amounts={2027: 0, 2025: 1_896_801}, basis=Basis.STATED, document="预算", locator="表 1",
                notes="",
            ),
            FundingCaps(source="省级", amounts={}, notes="未定"),
            FundingCaps(source="县级", amounts={2025: 9_007_199_254_740_993}),
        ),
        project_funding=(
            ProjectFunding(
                project="新-2", source="省级", min_share=Decimal("0.1"), max_share=Decimal("0.333333333333333333333333"),
                document="批复", locator="p. 3", notes="上限",
            ),
            ProjectFunding(project="新-2", source="县级"),
        ),
        capacity=(
            Capacity(
                county="甲县", stage=Stage.PRIMARY, zone="城区", public=False, seats={2025: 900, 2026: 950},
                basis=Basis.STATED, source="年报", locator="表 4", notes="民办",
            ),
            Capacity(county="甲县", stage=Stage.PRIMARY, seats={}),
            Capacity(county="甲县", stage=Stage.PRIMARY, seats={2025: 1}),
        ),
        demand=(
            Demand(
                county="甲县", stage=Stage.KINDERGARTEN, zone="乡镇", seats={2026: 500, 2030: 450},
                basis=Basis.DERIVED, source="人口", locator="表 7", notes="趋势",
            ),
            Demand(county="甲县", stage=Stage.PRIMARY, seats={}),
        ),
        relations=(
            Relation(
                kind=RelationKind.AFTER, project="新-1", other="新-2", lag_years=1, source="规划", locator="五",
                notes="先建后拆",
            ),
            Relation(kind=RelationKind.CHOOSE, project="新-2", group="甲乙"),
        ),
        milestones=(
            Milestone(
                project="新-1", kind=MilestoneKind.OPEN_BY, year=2028, firm=True, source="承诺", locator="一",
                notes="民生实事",
            ),
            Milestone(project="新-1", kind=MilestoneKind.START_BY, year=2026),
        ),
        norms=(
            Norm(
                county="甲县", stage=Stage.PRIMARY, nature=Nature.NEW, cost_per_m2=Decimal("3500.50"),
                cost_per_seat=Decimal("1E+5"), seats_per_class=45, area_per_seat_m2=Decimal("8.10"),
                duration_years=2, basis=Basis.STATED, source="标准", locator="表 2", notes="2025 年价",
            ),
            Norm(),
        ),
    )  # fmt: skip


def _full_project(key: str) -> Project:
    return Project(
        key=key, county="甲县", stage=Stage.PRIMARY, name_zh="实验小学", name_en="School", zone="城区",
        location="学府路", nature=Nature.EXPANSION, scale="36 班", floor_area_m2=Decimal("12345.60"),
        total_cost=1_896_850, duration_years=2, earliest_start=2025, latest_finish=2029, fixed_start=2024,
        open_lag=0, mandatory=True, priority=1, status="approved", lead_unit="教育局", cooperating_units="住建局；财政局",
        basis=Basis.STATED, source="规划", locator="专栏 3", notes="含操场\n与食堂",
    )  # fmt: skip
