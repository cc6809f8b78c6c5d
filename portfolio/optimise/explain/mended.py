"""A problem with changes made to it, as the planner would make them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from portfolio.domain.money import from_wan
from portfolio.domain.project import Milestone
from portfolio.domain.repair import Change, ChangeKind
from portfolio.scenario.build import build_problem
from portfolio.scenario.problem import PlanningProblem


def mended(problem: PlanningProblem, changes: Iterable[Change]) -> PlanningProblem:
    """The problem with all `changes`; a horizon is extended first, so that the others find their years."""
    for change in sorted(changes, key=lambda c: c.kind is not ChangeKind.EXTEND_HORIZON):
        problem = _CHANGED[change.kind](problem, change)
    return problem


def _raised(problem: PlanningProblem, change: Change) -> PlanningProblem:
    caps = {source: dict(amounts) for source, amounts in problem.caps.items()}
    own, year = caps[change.source], change.year or 0
    own[year] = own.get(year, 0) + from_wan(change.amount or 0)
    return replace(problem, caps=caps)


def _dropped(problem: PlanningProblem, change: Change) -> PlanningProblem:
    """Its duties lapse, and it is not built at all: a start after the horizon is none."""
    candidate = replace(
        problem.candidates[change.project],
        mandatory=False,
        fixed_start=None,
        earliest_start=problem.horizon.last_year + 1,
    )
    return replace(
        problem,
        candidates={**problem.candidates, change.project: candidate},
        milestones=tuple(m for m in problem.milestones if not (m.firm and m.project == change.project)),
    )


def _moved(problem: PlanningProblem, change: Change) -> PlanningProblem:
    key, year = change.project, change.year or 0
    candidate = problem.candidates[key]
    if change.setting == "start":
        candidate = replace(candidate, fixed_start=year)
    elif change.setting == "latest_finish":
        candidate = replace(candidate, latest_finish=year)

    def put_off(milestone: Milestone) -> Milestone:
        mine = milestone.firm and milestone.project == key and milestone.kind == change.setting
        return replace(milestone, year=max(year, milestone.year)) if mine else milestone

    return replace(
        problem,
        candidates={**problem.candidates, key: candidate},
        milestones=tuple(put_off(m) for m in problem.milestones),
    )


def _relaxed(problem: PlanningProblem, change: Change) -> PlanningProblem:
    place, amount = (change.target or 1) - 1, change.amount or Decimal(0)
    targets = list(problem.targets)
    own = targets[place]
    targets[place] = replace(own, public_share=amount) if own.ratio is None else replace(own, ratio=amount)
    return replace(problem, targets=tuple(targets))


def _extended(problem: PlanningProblem, change: Change) -> PlanningProblem:
    """Built anew: caps, demand and capacity of the added years are those of the portfolio."""
    if problem.settings is None:
        raise ValueError("the scenario of the problem is not known")
    horizon = problem.settings.horizon.model_copy(update={"last_year": change.year})
    return build_problem(problem.portfolio, problem.settings.model_copy(update={"horizon": horizon}))


_CHANGED = {
    ChangeKind.RAISE_CAP: _raised,
    ChangeKind.DROP: _dropped,
    ChangeKind.MOVE: _moved,
    ChangeKind.RELAX_TARGET: _relaxed,
    ChangeKind.EXTEND_HORIZON: _extended,
}
