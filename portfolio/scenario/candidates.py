"""The projects of a scenario with their blanks filled: overrides, norms, default profiles.

Source: MODEL section 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from portfolio.domain.estimate import estimated_cost, estimated_duration
from portfolio.domain.funding import ProjectFunding
from portfolio.domain.money import Money, from_wan, scale
from portfolio.domain.notice import Notice, Severity
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Project, RelationKind, SeatEffect
from portfolio.domain.text import Text
from portfolio.errors import InputRefusedError
from portfolio.scenario.problem import Candidate
from portfolio.scenario.settings import ProjectOverride, Scenario

DEFAULT_PRIORITY = 3
DEFAULT_SHARES: dict[int, tuple[int, ...]] = {
    1: (100,),
    2: (40, 60),
    3: (30, 45, 25),
    4: (15, 35, 35, 15),
    5: (10, 25, 30, 25, 10),
}
"""Percent of the cost by construction year, where no profile is given; longer works: equal."""


def default_profile(duration_years: int) -> tuple[Fraction, ...]:
    """The default shares of the cost over the construction years (MODEL section 2)."""
    percents = DEFAULT_SHARES.get(duration_years)
    if percents is None:
        return (Fraction(1, duration_years),) * duration_years
    return tuple(Fraction(percent, 100) for percent in percents)


def build_candidates(
    portfolio: Portfolio, scenario: Scenario, chosen: Mapping[str, Project], notices: list[Notice]
) -> dict[str, Candidate]:
    effects = _by_project(portfolio.seats)
    funding = _by_project(portfolio.project_funding)
    profiles = {p.project: p.shares for p in portfolio.spending}
    predecessors: dict[str, list[str]] = {}
    for relation in portfolio.relations:
        if relation.kind is RelationKind.AFTER and relation.other not in chosen:
            predecessors.setdefault(relation.project, []).append(relation.other)
    candidates: dict[str, Candidate] = {}
    refused: list[str] = []
    for project in chosen.values():
        own = scenario.projects.overrides.get(project.key, ProjectOverride())
        seats = tuple(effects.get(project.key, ()))
        estimated: dict[str, str] = {}
        cost = _cost(project, own, seats, portfolio, scenario, estimated)
        duration = _duration(project, own, portfolio, estimated)
        if cost is None or duration is None:
            refused.append(f"{project.key}: {'total_cost' if cost is None else 'duration_years'}")
            continue
        candidates[project.key] = Candidate(
            row=project,
            cost=cost,
            duration_years=duration,
            profile=_profile(project.key, profiles.get(project.key), duration, notices),
            earliest_start=_first(own.earliest_start, project.earliest_start),
            latest_finish=_first(own.latest_finish, project.latest_finish),
            fixed_start=_first(own.start, project.fixed_start),
            mandatory=project.mandatory if own.mandatory is None else own.mandatory,
            priority=_first(own.priority, project.priority) or DEFAULT_PRIORITY,
            open_lag=scenario.seats.open_lag if project.open_lag is None else project.open_lag,
            effects=tuple(replace(e, zone=e.zone or project.zone) for e in seats),
            funding=tuple(funding.get(project.key, ())),
            left_out_predecessors=tuple(predecessors.get(project.key, ())),
            estimated=estimated,
        )
    if refused:
        raise InputRefusedError(
            "以下项目缺数字且没有适用的估算指标 / blank, and no norm fits:\n"
            + "\n".join(f"  - {line}" for line in refused)
        )
    return candidates


def _cost(
    project: Project,
    own: ProjectOverride,
    effects: tuple[SeatEffect, ...],
    portfolio: Portfolio,
    scenario: Scenario,
    estimated: dict[str, str],
) -> Money | None:
    """The scenario's figure is final; the workbook's or the norm's is scaled."""
    if own.total_cost is not None:
        return from_wan(own.total_cost)
    if project.total_cost is not None:
        return scale(project.total_cost, scenario.costs.scale)
    estimate = estimated_cost(project, effects, portfolio.norms)
    if estimate is None:
        return None
    estimated["total_cost"] = estimate.formula
    return scale(estimate.value, scenario.costs.scale)


def _duration(
    project: Project, own: ProjectOverride, portfolio: Portfolio, estimated: dict[str, str]
) -> int | None:
    given = _first(own.duration_years, project.duration_years)
    if given is not None:
        return given
    estimate = estimated_duration(project, portfolio.norms)
    if estimate is None:
        return None
    estimated["duration_years"] = estimate.formula
    return estimate.value


def _profile(
    key: str, shares: tuple[Decimal, ...] | None, duration: int, notices: list[Notice]
) -> tuple[Fraction, ...]:
    """The project's own shares if they fit the duration (retention may add a year), else the default."""
    if shares is None:
        return default_profile(duration)
    exact = [Fraction(share) for share in shares]
    while exact[-1] == 0:
        exact.pop()
    # Zeros that were written out count as years only as far as they are needed to fit.
    if not any(len(exact) <= years <= len(shares) for years in (duration, duration + 1)):
        notices.append(
            Notice(
                severity=Severity.NOTICE,
                place=f"Spending {key}",
                found=f"{len(shares)}",
                text=Text(
                    f"进度表有 {len(shares)} 年，与工期 {duration} 年不符，改用默认进度",
                    f"the profile has {len(shares)} years and does not fit {duration} construction years;"
                    " the default profile is used",
                ),
            )
        )
        return default_profile(duration)
    return tuple(exact)


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


Row = TypeVar("Row", SeatEffect, ProjectFunding)


def _by_project(rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.project, []).append(row)
    return grouped
