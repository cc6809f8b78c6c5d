"""The least total by which fixed starts move and firm milestones and latest finishes are put off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import numpy as np

from portfolio.domain.repair import Change, ChangeKind
from portfolio.domain.schedule import Schedule, Status
from portfolio.optimise.constraints.milestone import year_met
from portfolio.optimise.engine import Engine, Limits
from portfolio.optimise.model import compile_problem
from portfolio.optimise.program import Stage, ints
from portfolio.optimise.solve import read_schedule
from portfolio.scenario.problem import Candidate, PlanningProblem

Moves = tuple[tuple[Change, ...], Schedule, bool]
"""What moves, a schedule that follows, and whether less is proven not to do."""


def least_moves(problem: PlanningProblem, limits: Limits) -> Moves | Status:
    """The fewest years in all; among equals the fewest changes, then later years rather than earlier ones.

    INFEASIBLE: moving alone is not enough; NO_SOLUTION: not found out within the limits.
    """
    if limits.time_limit_s <= 0:
        return Status.NO_SOLUTION
    free = replace(_movable(problem), order=())
    program, variables = compile_problem(free)
    due = [
        moved(problem, variables.keys[job], year)
        for job, year in zip(variables.job.tolist(), variables.year.tolist(), strict=True)
    ]
    years = ints([sum(abs(int(c.amount or 0)) for c in changes) for changes in due])
    sooner = ints([sum((c.amount or 0) < 0 for c in changes) for changes in due])
    starts = np.arange(len(due))
    stages = [
        Stage(name, starts[figures > 0], figures[figures > 0], least=0)
        for name, figures in (("years", years), ("changes", ints([len(c) for c in due])), ("sooner", sooner))
    ]
    answer = Engine(replace(program, stages=tuple(stages)), limits).run()
    if answer.values is None:
        return answer.status
    schedule = read_schedule(free, variables, answer.values)
    return changes_of(problem, schedule.starts), schedule, answer.stages[0].proven


def changes_of(problem: PlanningProblem, starts: Mapping[str, int]) -> tuple[Change, ...]:
    """Every move that these starts ask for."""
    return tuple(change for key, start in starts.items() for change in moved(problem, key, start))


def moved(problem: PlanningProblem, key: str, start: int) -> tuple[Change, ...]:
    """What has to move so that the project may start in `start`."""
    candidate = problem.candidates[key]
    found = []
    if candidate.fixed_start is not None:
        found.append(_move(candidate, "start", start, start - candidate.fixed_start))
    if candidate.latest_finish is not None:
        late = max(0, candidate.finish(start) - candidate.latest_finish)
        found.append(_move(candidate, "latest_finish", candidate.finish(start), late))
    latest: dict[str, tuple[int, int]] = {}
    for milestone in problem.milestones:
        if milestone.firm and milestone.project == key:
            met = year_met(candidate, milestone, start)
            # Of two promises of one kind the stricter one counts.
            strictest = min(milestone.year, latest.get(milestone.kind, (milestone.year, met))[0])
            latest[milestone.kind] = strictest, met
    found += [_move(candidate, kind, met, max(0, met - year)) for kind, (year, met) in latest.items()]
    return tuple(change for change in found if change.amount)


def _move(candidate: Candidate, setting: str, year: int, years: int) -> Change:
    return Change(
        kind=ChangeKind.MOVE,
        setting=setting,
        project=candidate.key,
        county=candidate.row.county,
        year=year,
        amount=Decimal(years),
    )


def _movable(problem: PlanningProblem) -> PlanningProblem:
    """The problem in which what may move binds nothing. What has begun before the first year cannot move."""
    first_year = problem.horizon.first_year
    firm = {m.project for m in problem.milestones if m.firm}

    def loosened(candidate: Candidate) -> Candidate:
        fixed = candidate.fixed_start
        begun = fixed is not None and fixed < first_year
        return replace(
            candidate,
            latest_finish=None,
            fixed_start=fixed if begun else None,
            mandatory=candidate.mandatory or fixed is not None or candidate.key in firm,
        )

    return replace(
        problem,
        candidates={key: loosened(candidate) for key, candidate in problem.candidates.items()},
        milestones=tuple(m for m in problem.milestones if not m.firm),
    )
