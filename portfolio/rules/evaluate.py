"""Everything that follows from a schedule, for the reports."""

from __future__ import annotations

from portfolio.domain.money import Money
from portfolio.domain.schedule import Evaluation, ProjectLine, Schedule
from portfolio.rules import cap, milestone, objectives, seats, target
from portfolio.scenario.problem import PlanningProblem


def evaluate(problem: PlanningProblem, schedule: Schedule) -> Evaluation:
    """Years, money, seats, milestones, targets and objective values of `schedule`."""
    return Evaluation(
        projects=_projects(problem, schedule),
        seats=seats.lines(problem, schedule),
        funding=tuple(cap.ledger(problem, schedule)),
        milestones=tuple(milestone.line(problem, schedule, m) for m in problem.milestones),
        targets=tuple(target.lines(problem, schedule)),
        objectives={name: objectives.VALUES[name](problem, schedule) for name in problem.order},
    )


def _projects(problem: PlanningProblem, schedule: Schedule) -> tuple[ProjectLine, ...]:
    drawn: dict[str, dict[int, dict[str, Money]]] = {}
    for draw in sorted(schedule.draws, key=lambda d: (d.project, d.year)):
        drawn.setdefault(draw.project, {}).setdefault(draw.year, {})[draw.source] = draw.amount
    lines = []
    for key, candidate in problem.candidates.items():
        start = schedule.starts.get(key)
        lines.append(
            ProjectLine(
                key=key,
                selected=start is not None,
                start=start,
                finish=candidate.finish(start) if start is not None else None,
                opens=candidate.opens(start) if start is not None else None,
                cost=candidate.cost,
                spend=problem.spend_in_horizon(key, start) if start is not None else {},
                funding=drawn.get(key, {}),
            )
        )
    return tuple(lines)
