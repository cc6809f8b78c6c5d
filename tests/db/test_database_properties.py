"""Whatever portfolio the domain admits: it comes back equal, and its difference is never silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio.db.difference import difference
from portfolio.db.repository import import_changes, last_import, load_portfolio, save_import
from portfolio.db.session import Database
from portfolio.domain.demand import Capacity, Demand
from portfolio.domain.fingerprint import portfolio_sha256
from portfolio.domain.funding import FundingCaps, FundingSource, ProjectFunding
from portfolio.domain.portfolio import TABLES, Norm, Portfolio
from portfolio.domain.project import (
    Milestone,
    Nature,
    Project,
    Relation,
    SeatEffect,
    SpendingProfile,
    Stage,
)

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
keys = st.sampled_from(["a", "b", "项目", "A b;c", "/", "%s", "'"])
counts = st.integers(0, 2**31 - 1)
money = st.integers(0, 2**63 - 1)
years = st.integers(1990, 2100)
figures = st.decimals(allow_nan=False, allow_infinity=False)
SHARES = (
    (Decimal(1),),
    (Decimal("0.30"), Decimal("0.7")),
    (Decimal(0), Decimal(1)),
    (Decimal("1E-30"), 1 - Decimal("1E-20"), Decimal("1E-20") - Decimal("1E-30")),
)


def rows(row_type: type[Any], columns: dict[str, st.SearchStrategy[Any]], *, unique: bool = False) -> Any:
    """Up to three rows; a column that is not given takes any value of its type."""
    return st.lists(
        st.builds(row_type, **columns), max_size=3, unique_by=(lambda row: row.key) if unique else None
    ).map(tuple)


def with_origin(
    document: str = "source", /, **given: st.SearchStrategy[Any]
) -> dict[str, st.SearchStrategy[Any]]:
    return {document: words, "locator": words, "notes": words} | given


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    """Consistent portfolios: every reference leads somewhere."""
    projects = draw(rows(Project, PROJECT, unique=True))
    sources = draw(rows(FundingSource, SOURCE, unique=True))
    project = with_origin(project=st.sampled_from([p.key for p in projects]) if projects else st.nothing())
    source = with_origin(
        "document", source=st.sampled_from([s.key for s in sources]) if sources else st.nothing()
    )
    cell = with_origin(county=keys, zone=words, seats=st.dictionaries(years, counts, max_size=3))
    low, high = draw(st.sampled_from([(None, None), (Decimal("0.10"), None), (Decimal(0), Decimal("1.00"))]))
    profile = {"project": project["project"], "shares": st.sampled_from(SHARES), "notes": words}
    other = project["project"] | st.just("")
    return Portfolio(
        projects=projects,
        seats=draw(rows(SeatEffect, project | SEATS)),
        spending=draw(rows(SpendingProfile, profile)),
        funding_sources=sources,
        funding_caps=draw(rows(FundingCaps, source | {"amounts": st.dictionaries(years, money, max_size=3)})),
        project_funding=draw(rows(ProjectFunding, source | {
            "project": project["project"], "min_share": st.just(low), "max_share": st.just(high),
        })),
        capacity=draw(rows(Capacity, cell | {"public": st.booleans()})),
        demand=draw(rows(Demand, cell)),
        relations=draw(rows(Relation, project | {"other": other, "lag_years": st.none() | counts, "group": words})),
        milestones=draw(rows(Milestone, project | {"year": years})),
        norms=draw(rows(Norm, NORM)),
    )  # fmt: skip


PROJECT = with_origin(
    key=keys, county=keys, zone=words, name_zh=words, name_en=words, location=words, scale=words, status=words,
    lead_unit=words, cooperating_units=words, floor_area_m2=st.none() | figures, total_cost=st.none() | money,
    duration_years=st.none() | st.integers(1, 9), earliest_start=st.none() | years, latest_finish=st.none() | years,
    fixed_start=st.none() | years, open_lag=st.none() | counts, priority=st.none() | st.integers(1, 5),
)  # fmt: skip
SOURCE = {
    "key": keys, "county": keys, "name_zh": words, "name_en": words, "document": words, "locator": words,
    "notes": words, "carry_over_years": st.none() | counts,
    "stages": st.lists(st.sampled_from(Stage), max_size=3).map(tuple),
    "natures": st.lists(st.sampled_from(Nature), max_size=3).map(tuple),
}  # fmt: skip
SEATS = {
    "classes": st.none() | counts,
    "seats_added": st.none() | counts,
    "seats_replaced": counts,
    "seats_offline": counts,
}
NORM = with_origin(
    county=words, cost_per_m2=st.none() | figures, cost_per_seat=st.none() | figures,
    seats_per_class=st.none() | counts, area_per_seat_m2=st.none() | figures, duration_years=st.none() | counts,
)  # fmt: skip


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip
@given(portfolio=portfolios())
def test_any_portfolio_comes_back_equal_with_its_difference(database: Database, portfolio: Portfolio) -> None:
    with database.session() as session:
        stored = load_portfolio(session)
        save_import(
            session, portfolio, user="", file_name="", file_sha256="", now=datetime(2026, 1, 1, tzinfo=UTC)
        )

    with database.snapshot() as session:
        back = load_portfolio(session)
        last = last_import(session)
        assert last is not None
        changes = import_changes(session, last.id)

    assert back == portfolio
    assert changes == difference(stored, portfolio)
    assert last.portfolio_sha256 == portfolio_sha256(back) == portfolio_sha256(portfolio)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(old=portfolios(), other=portfolios(), table=st.sampled_from(TABLES))
def test_the_difference_is_empty_exactly_for_equal_portfolios(
    old: Portfolio, other: Portfolio, table: str
) -> None:
    new = replace(old, **{table: getattr(other, table)})

    assert difference(old, old) == ()
    assert (difference(old, new) == ()) == (old == new)
    assert {change.table for change in difference(old, new)} <= {table}
    assert (portfolio_sha256(old) == portfolio_sha256(new)) == (old == new)
