"""Small portfolios and problems by keyword: `a_problem(projects=[a_project(cost=10)], caps=[10])`.

Money is in 万元 here, to keep the arithmetic of the tests readable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portfolio.domain.demand import Capacity, Demand
from portfolio.domain.funding import FundingCaps, FundingSource
from portfolio.domain.money import from_wan
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import (
    Milestone,
    MilestoneKind,
    Project,
    Relation,
    RelationKind,
    SeatEffect,
    Stage,
)
from portfolio.scenario.build import build_problem
from portfolio.scenario.problem import PlanningProblem
from portfolio.scenario.settings import Scenario

FIRST_YEAR = 2021


def a_project(key: str = "p", *, cost: float | str = 10, duration: int = 1, **more: Any) -> Project:
    """A primary school in county A; blank windows."""
    given: dict[str, Any] = {"county": "A", "stage": Stage.PRIMARY, "name_zh": f"{key}小学"}
    return Project(key=key, total_cost=from_wan(str(cost)), duration_years=duration, **{**given, **more})


def a_source(key: str = "s", **more: Any) -> FundingSource:
    return FundingSource(**{"key": key, "county": "A", **more})


def caps(*amounts: float, source: str = "s", first_year: int = FIRST_YEAR) -> FundingCaps:
    return FundingCaps(
        source=source, amounts={first_year + i: from_wan(str(a)) for i, a in enumerate(amounts)}
    )


def seats(project: str = "p", added: int | None = None, **more: Any) -> SeatEffect:
    return SeatEffect(**{"project": project, "stage": Stage.PRIMARY, "seats_added": added, **more})


def demand(*numbers: int, **more: Any) -> Demand:
    by_year = {FIRST_YEAR + i: n for i, n in enumerate(numbers)}
    return Demand(**{"county": "A", "stage": Stage.PRIMARY, "seats": by_year, **more})


def capacity(*numbers: int, **more: Any) -> Capacity:
    by_year = {FIRST_YEAR + i: n for i, n in enumerate(numbers)}
    return Capacity(**{"county": "A", "stage": Stage.PRIMARY, "seats": by_year, **more})


def relation(kind: str, project: str, other: str = "", **more: Any) -> Relation:
    return Relation(kind=RelationKind(kind), project=project, other=other, **more)


def milestone(project: str, kind: str, year: int, *, firm: bool = False) -> Milestone:
    return Milestone(project=project, kind=MilestoneKind(kind), year=year, firm=firm)


def a_scenario(years: int = 3, settings: Mapping[str, Any] | None = None) -> Scenario:
    """Years from 2021; `settings` as a scenario file has them."""
    horizon = {"first_year": FIRST_YEAR, "last_year": FIRST_YEAR + years - 1}
    return Scenario.model_validate({"name": "test", "horizon": horizon, **(settings or {})})


def a_problem(
    projects: Sequence[Project] = (),
    *,
    sources: Sequence[FundingSource] | None = None,
    caps: Sequence[FundingCaps] = (),
    years: int = 3,
    settings: Mapping[str, Any] | None = None,
    **tables: Any,
) -> PlanningProblem:
    """The problem of a small portfolio; without sources there is one, "s", of county A."""
    portfolio = Portfolio(
        projects=tuple(projects),
        funding_sources=(a_source(),) if sources is None else tuple(sources),
        funding_caps=tuple(caps),
        **{name: tuple(rows) for name, rows in tables.items()},
    )
    return build_problem(portfolio, a_scenario(years, settings))
