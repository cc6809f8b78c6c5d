"""Small plans for report tests, made with keywords; money in 万元.

The evaluation is recomputed here from the start years, plainly and without the solver, so that a
test can say what a report must show. Sources pay in the order given, oldest money first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from portfolio.domain.calendar import Horizon
from portfolio.domain.demand import Capacity, Cell, Demand
from portfolio.domain.estimate import Estimate
from portfolio.domain.funding import FundingCaps, FundingSource
from portfolio.domain.money import Money, from_wan
from portfolio.domain.portfolio import Norm, Portfolio
from portfolio.domain.project import Basis, Milestone, MilestoneKind, Nature, Project, SeatEffect, Stage
from portfolio.domain.schedule import (
    Draw,
    Evaluation,
    FundingLine,
    MilestoneLine,
    Objective,
    ProjectLine,
    Reason,
    Requirement,
    Result,
    Schedule,
    SeatLine,
    Status,
)
from portfolio.domain.text import Text
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import Candidate, PlanningProblem

DEFAULT_PROFILES: dict[int, tuple[int, ...]] = {
    1: (100,),
    2: (40, 60),
    3: (30, 45, 25),
    4: (15, 35, 35, 15),
    5: (10, 25, 30, 25, 10),
}
"""Percent of the cost by construction year (MODEL section 2)."""

CREATED_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


RUN: dict[str, Any] = {
    "created_at": CREATED_AT,
    "seconds": {"import": 0.5, "solve": 1.25, "export": 0.0},
    "input_name": "projects.xlsx",
    "input_sha256": "ab" * 32,
    "versions": {"portfolio": "0.1.0", "ortools": "9.15"},
}
NO_MONEY = Reason("cap", Text("资金上限内排不下", "the caps cannot pay it as well"))


def a_candidate(
    key: str = "p1",
    *,
    county: str = "Shizhu",
    stage: Stage = Stage.PRIMARY,
    cost: int | str = 1000,
    duration_years: int = 2,
    profile: Sequence[int] = (),
    seats: int = 0,
    replaced: int = 0,
    offline: int = 0,
    open_lag: int = 1,
    effects: tuple[SeatEffect, ...] = (),
    estimated: Mapping[str, str] | None = None,
    **row: Any,
) -> Candidate:
    """A candidate; `seats`, `replaced` and `offline` make one effect in its own stage and zone.
    `estimated` maps fields to the formula in words."""
    given = {"name_zh": f"{key}学校", "nature": Nature.NEW, "basis": Basis.STATED, **row}
    stated = None if estimated and "total_cost" in estimated else from_wan(cost)
    project = Project(
        key=key, county=county, stage=stage, total_cost=stated, duration_years=duration_years, **given
    )
    if not effects and (seats or replaced or offline):
        effects = (_effect(project, seats, replaced, offline),)
    percents = profile or DEFAULT_PROFILES[duration_years]
    return Candidate(
        row=project,
        cost=from_wan(cost),
        duration_years=duration_years,
        profile=tuple(Fraction(p, sum(percents)) for p in percents),
        earliest_start=project.earliest_start,
        latest_finish=project.latest_finish,
        fixed_start=project.fixed_start,
        mandatory=project.mandatory,
        priority=project.priority or 3,
        open_lag=open_lag,
        effects=effects,
        estimated={
            field: _estimate(field, words, cost, duration_years) for field, words in (estimated or {}).items()
        },
    )


def _estimate(field: str, words: str, cost: int | str, duration_years: int) -> Estimate[int]:
    """An estimate by an assumed norm; `words` is its formula."""
    value = from_wan(cost) if field == "total_cost" else duration_years
    return Estimate(value, Norm(), Text(words, words))


def _effect(project: Project, added: int, replaced: int, offline: int) -> SeatEffect:
    return SeatEffect(
        project=project.key,
        stage=project.stage,
        zone=project.zone,
        seats_added=added,
        seats_replaced=replaced,
        seats_offline=offline,
    )


def a_source(
    key: str = "budget",
    *,
    county: str = "Shizhu",
    name_zh: str = "",
    name_en: str = "",
    carry: int | None = 0,
) -> FundingSource:
    return FundingSource(key=key, county=county, name_zh=name_zh, name_en=name_en, carry_over_years=carry)


def a_milestone(
    project: str = "p1", kind: MilestoneKind = MilestoneKind.OPEN_BY, year: int = 2024, *, firm: bool = False
) -> Milestone:
    return Milestone(project=project, kind=kind, year=year, firm=firm, source="plan", locator="p. 1")


def a_problem(
    candidates: Iterable[Candidate] = (),
    *,
    years: tuple[int, int] = (2021, 2025),
    sources: Mapping[FundingSource, Mapping[int, int] | int] | None = None,
    demand: Mapping[Cell, Mapping[int, int]] | None = None,
    capacity: Mapping[Cell, Mapping[int, int]] | None = None,
    **fields: Any,
) -> PlanningProblem:
    """A problem; a cap given as one number stands in every year. Without sources one pays all."""
    chosen = {c.key: c for c in candidates}
    horizon = Horizon(*years)
    given = sources or {a_source(county="*"): 10**6}
    caps = {
        source.key: {
            y: from_wan(amount if isinstance(amount, int) else amount.get(y, 0)) for y in horizon.years
        }
        for source, amount in given.items()
    }
    demand = demand or {}
    capacity = capacity or {}
    portfolio = Portfolio(
        projects=tuple(c.row for c in chosen.values()),
        funding_sources=tuple(given),
        funding_caps=tuple(FundingCaps(source=key, amounts=caps[key], basis=Basis.DERIVED) for key in caps),
        demand=tuple(_demand(cell, seats) for cell, seats in demand.items()),
        capacity=tuple(_capacity(cell, seats) for cell, seats in capacity.items()),
    )
    settings: dict[str, Any] = {"scenario": "base", "title": "基准情景 base", "portfolio": portfolio}
    return PlanningProblem(
        **(settings | fields),
        horizon=horizon,
        candidates=chosen,
        sources={source.key: source for source in given},
        caps=caps,
        capacity=capacity,
        public_capacity=capacity,
        demand=demand,
    )


def _demand(cell: Cell, seats: Mapping[int, int]) -> Demand:
    return Demand(county=cell.county, zone=cell.zone, stage=cell.stage, seats=seats)


def _capacity(cell: Cell, seats: Mapping[int, int]) -> Capacity:
    return Capacity(county=cell.county, zone=cell.zone, stage=cell.stage, seats=seats, basis=Basis.DERIVED)


def a_plan(
    problem: PlanningProblem | None = None,
    starts: Mapping[str, int] | None = None,
    *,
    status: Status = Status.OPTIMAL,
    objectives: tuple[Objective, ...] | None = None,
    reasons: Mapping[str, Reason] | None = None,
    conflict: tuple[Requirement, ...] = (),
    run: str = "run-1",
    **fields: Any,
) -> Plan:
    """A finished plan: without a problem one project that starts in 2021."""
    if problem is None:
        problem = a_problem([a_candidate()])
        starts = {"p1": 2021} if starts is None else starts
    starts = starts or {}
    solved = status in (Status.OPTIMAL, Status.FEASIBLE)
    draws = pay(problem, starts) if solved else ()
    if reasons is None:
        reasons = {key: NO_MONEY for key in problem.candidates if key not in starts}
    default = (Objective("seat_shortage", Decimal(0), Decimal(0), True),)
    return Plan(
        problem=problem,
        result=Result(
            status=status,
            schedule=Schedule(dict(starts), draws) if solved else None,
            objectives=(default if objectives is None else objectives) if solved else (),
            conflict=conflict,
        ),
        evaluation=evaluated(problem, starts, draws) if solved else None,
        run=run,
        reasons=reasons,
        **(RUN | fields),
    )


def pay(problem: PlanningProblem, starts: Mapping[str, int]) -> tuple[Draw, ...]:
    """Sources of the project's county, then shared ones, pay in order; the last pays what is left."""
    left = {(key, year): amount for key, caps in problem.caps.items() for year, amount in caps.items()}
    draws: list[Draw] = []
    for key, start in starts.items():
        county = problem.candidates[key].row.county
        able = [s.key for s in problem.sources.values() if s.county in (county, "*")]
        for year, due in problem.spend_in_horizon(key, start).items():
            for n, source in enumerate(able):
                part = due if n == len(able) - 1 else min(due, left[source, year])
                left[source, year] -= part
                due -= part
                if part:
                    draws.append(Draw(key, year, source, part))
    return tuple(sorted(draws))


def evaluated(problem: PlanningProblem, starts: Mapping[str, int], draws: Sequence[Draw]) -> Evaluation:
    """What follows from the start years."""
    by_project: dict[str, list[Draw]] = {}
    for draw in draws:
        by_project.setdefault(draw.project, []).append(draw)
    return Evaluation(
        projects=tuple(
            _project(problem, c, starts.get(c.key), by_project.get(c.key, ()))
            for c in problem.candidates.values()
        ),
        seats=tuple(_seats(problem, starts)),
        funding=tuple(_funding(problem, draws)),
        milestones=tuple(_milestone(problem, m, starts.get(m.project)) for m in problem.milestones),
        targets=(),
        objectives={},
    )


def _project(problem: PlanningProblem, c: Candidate, start: int | None, draws: Iterable[Draw]) -> ProjectLine:
    if start is None:
        return ProjectLine(c.key, False, None, None, None, c.cost, {}, {})
    funding: dict[int, dict[str, Money]] = {}
    for draw in draws:
        funding.setdefault(draw.year, {})[draw.source] = draw.amount
    spend = problem.spend_in_horizon(c.key, start)
    return ProjectLine(c.key, True, start, c.finish(start), c.opens(start), c.cost, spend, funding)


def _seats(problem: PlanningProblem, starts: Mapping[str, int]) -> Iterable[SeatLine]:
    change: dict[tuple[Cell, int], int] = {}
    for key, start in starts.items():
        candidate = problem.candidates[key]
        opens = candidate.opens(start)
        for effect in candidate.effects:
            cell = Cell(candidate.row.county, effect.zone, effect.stage)
            for year in problem.horizon.years:
                net = effect.added - effect.seats_replaced if year >= opens else 0
                out = effect.seats_offline if start <= year < opens else 0
                change[cell, year] = change.get((cell, year), 0) + net - out
    for cell in problem.cells:
        for year in problem.horizon.years:
            existing = problem.capacity.get(cell, {}).get(year, 0)
            supply = max(0, existing + change.get((cell, year), 0))
            yield SeatLine(cell, year, problem.demand[cell][year], supply)


def _funding(problem: PlanningProblem, draws: Sequence[Draw]) -> Iterable[FundingLine]:
    planned: dict[tuple[str, int], Money] = {}
    for draw in draws:
        planned[draw.source, draw.year] = planned.get((draw.source, draw.year), 0) + draw.amount
    for source in problem.sources.values():
        pots: list[tuple[int, Money]] = []
        for year in problem.horizon.years:
            cap, need = problem.caps[source.key][year], planned.get((source.key, year), 0)
            brought = sum(amount for _, amount in pots)
            pots = _use([*pots, (year, cap)], need)
            keep = source.carry_over_years
            stays = [(y, a) for y, a in pots if keep is None or year + 1 - y <= keep]
            carried = sum(a for _, a in stays)
            lapsed = cap + brought - need - carried
            yield FundingLine(source.key, source.county, year, cap, brought, need, carried, lapsed)
            pots = stays


def _use(pots: list[tuple[int, Money]], need: Money) -> list[tuple[int, Money]]:
    left: list[tuple[int, Money]] = []
    for year, amount in pots:
        used = min(amount, need)
        need -= used
        left.append((year, amount - used))
    return left


def _milestone(problem: PlanningProblem, m: Milestone, start: int | None) -> MilestoneLine:
    after = problem.horizon.last_year + 1
    actual = None if start is None else _actual(problem.candidates[m.project], m.kind, start)
    return MilestoneLine(m, actual, max(0, min(actual or after, after) - m.year))


def _actual(candidate: Candidate, kind: MilestoneKind, start: int) -> int:
    years = {
        MilestoneKind.START_BY: start,
        MilestoneKind.FINISH_BY: candidate.finish(start),
        MilestoneKind.OPEN_BY: candidate.opens(start),
    }
    return years[kind]
