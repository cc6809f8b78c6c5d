"""The projects of a scenario with their blanks filled: overrides, norms, default profiles.

Source: MODEL section 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from portfolio.domain.estimate import Estimate, Estimates, estimates, with_seats
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
        estimated = _estimated(project, own, seats, portfolio, scenario)
        cost = _cost(project, own, scenario, estimated)
        duration = _first(own.duration_years, project.duration_years, _figure(estimated, "duration_years"))
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
            effects=_effects(project, seats, portfolio),
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


def _estimated(
    project: Project,
    own: ProjectOverride,
    effects: tuple[SeatEffect, ...],
    portfolio: Portfolio,
    scenario: Scenario,
) -> Estimates:
    """What norms fill in, as far as the scenario gives no figure of its own; the cost is scaled."""
    found = dict(estimates(project, effects, portfolio.norms))
    if own.total_cost is not None:
        found.pop("total_cost", None)
    if own.duration_years is not None:
        found.pop("duration_years", None)
    if "total_cost" in found and scenario.costs.scale != 1:
        found["total_cost"] = _scaled(found["total_cost"], scenario.costs.scale)
    return found


def _scaled(estimate: Estimate[Money], factor: Decimal) -> Estimate[Money]:
    zh, en = (f"{words} × {factor}" for words in estimate.formula)
    return replace(estimate, value=scale(estimate.value, factor), formula=Text(zh, en))


def _cost(project: Project, own: ProjectOverride, scenario: Scenario, estimated: Estimates) -> Money | None:
    """The scenario's figure is final; the workbook's or the norm's is scaled."""
    if own.total_cost is not None:
        return from_wan(own.total_cost)
    if project.total_cost is not None:
        return scale(project.total_cost, scenario.costs.scale)
    return _figure(estimated, "total_cost")


def _figure(estimated: Estimates, field: str) -> int | None:
    return int(estimated[field].value) if field in estimated else None


def _effects(project: Project, seats: tuple[SeatEffect, ...], portfolio: Portfolio) -> tuple[SeatEffect, ...]:
    """With their zone and the seats that their classes stand for."""
    filled, _ = with_seats(project, seats, portfolio.norms)
    return tuple(replace(effect, zone=effect.zone or project.zone) for effect in filled)


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
