"""What becomes of the objectives, and which rules stand in the way, when one project changes and all
others start as scheduled. Who pays what may change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from portfolio.domain.explanation import ObjectiveChange
from portfolio.domain.funding import SHARED
from portfolio.domain.schedule import Requirement
from portfolio.optimise.conflict import find_conflict
from portfolio.optimise.cpsat import Effort, Stop
from portfolio.optimise.explain.ground import Ground, Part
from portfolio.optimise.explain.ordered import Search
from portfolio.optimise.program import Ints, Program, figure
from portfolio.optimise.subprogram import with_row
from portfolio.scenario.problem import PlanningProblem

MORE_THAN_ANY_CAP = 2**40


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best that comes of it: the project's start and the change of each objective. Without a start,
    `impossible` tells a proof that there is none from a search that ended early."""

    start: int | None
    changes: tuple[ObjectiveChange, ...]
    impossible: bool

    @property
    def first_change(self) -> ObjectiveChange | None:
        return next((change for change in self.changes if change.change), None)


def started_in(program: Program, ground: Ground, part: Part, key: str, years: Sequence[int]) -> Program:
    """The program in which the project starts in one of `years`."""
    columns = ground.variables.columns(key)
    wanted = part.local(columns[np.isin(ground.variables.year[columns], list(years))])
    return with_row(program, wanted, -np.ones(len(wanted), np.int64), -1)


def with_others_held(
    ground: Ground, key: str, years: Sequence[int], companions: Sequence[str]
) -> tuple[Part, Program]:
    """The part of the project, which starts in one of `years`; `companions` may come in, all others are held."""
    moving = [key, *companions]
    part = ground.around(ground.part_of(moving), moving)
    return part, started_in(part.program, ground, part, key, years)


def outcome(
    ground: Ground, key: str, years: Sequence[int], companions: Sequence[str], effort: Effort, stop: Stop
) -> Outcome:
    """The best start among `years`, in the order of objectives."""
    part, program = with_others_held(ground, key, years, companions)
    best = Search(effort, stop).run(program, part.objectives, None)
    if best.values is None or not all(best.proven):
        return Outcome(None, (), best.infeasible)
    return Outcome(ground.starts_in(part, best.values)[key], changes(ground, part, best.values), False)


def changes(ground: Ground, part: Part, values: Ints) -> tuple[ObjectiveChange, ...]:
    """By how much each objective differs from the plan's."""
    return tuple(
        ObjectiveChange(stage.name, figure(replace(stage, constant=0), objective.value(values) - was))
        for stage, objective, was in zip(ground.program.stages, part.objectives, part.values, strict=True)
    )


def rules_against(
    problem: PlanningProblem,
    starts: Mapping[str, int],
    key: str,
    years: Sequence[int],
    companions: Sequence[str],
) -> tuple[Requirement, ...]:
    """Rules that, whatever the money, keep the project from starting in `years`. That it must, and that the
    others keep their starts, is only supposed, and left out."""
    held = _held(problem, starts, key, years, companions)
    roomy = replace(held, caps={s: dict.fromkeys(held.horizon.years, MORE_THAN_ANY_CAP) for s in held.caps})
    supposed = {(key, "window"), *((name, "mandatory") for name in held.candidates)}
    return tuple(r for r in find_conflict(roomy) if (r.project, r.rule) not in supposed)


def must_start(problem: PlanningProblem, key: str, years: Sequence[int]) -> PlanningProblem:
    """The problem in which the project must start in one of `years`, which follow one another."""
    candidate = problem.candidates[key]
    forced = replace(
        candidate,
        mandatory=True,
        fixed_start=None,
        earliest_start=years[0],
        latest_finish=candidate.finish(years[-1]),
    )
    return replace(problem, candidates={**problem.candidates, key: forced})


def _held(
    problem: PlanningProblem,
    starts: Mapping[str, int],
    key: str,
    years: Sequence[int],
    companions: Sequence[str],
) -> PlanningProblem:
    """The problem in which all others keep their start; counties that share nothing with it are left out."""
    near = _tied_counties(problem, key)
    candidates = {
        name: replace(c, fixed_start=starts[name]) if name in starts and name != key else c
        for name, c in problem.candidates.items()
        if c.row.county in near and (name in starts or name in {key, *companions})
    }
    left = replace(
        problem,
        candidates=candidates,
        sources={k: s for k, s in problem.sources.items() if s.county in near | {SHARED}},
        demand={cell: seats for cell, seats in problem.demand.items() if cell.county in near},
        after=tuple(a for a in problem.after if a.project in candidates and a.other in candidates),
        groups=tuple(
            replace(g, members=members)
            for g in problem.groups
            if (members := tuple(m for m in g.members if m in candidates))
        ),
        milestones=tuple(m for m in problem.milestones if m.project in candidates),
    )
    return must_start(left, key, years)


def _tied_counties(problem: PlanningProblem, key: str) -> set[str]:
    """The project's county and all that shared money or relations tie to it."""
    every = {c.row.county for c in problem.candidates.values()}
    if any(source.county == SHARED for source in problem.sources.values()):
        return every
    ties = [{problem.candidates[k].row.county for k in g.members} for g in problem.groups]
    ties += [{problem.candidates[k].row.county for k in (a.project, a.other)} for a in problem.after]
    tied = {problem.candidates[key].row.county}
    while more := [tie for tie in ties if tie & tied and not tie <= tied]:
        tied = tied.union(*more)
    return tied
