"""`milestone`: start, finish or open a project by a year; a firm one is a rule."""

from __future__ import annotations

from collections.abc import Iterator

from portfolio.domain.project import Milestone, MilestoneKind
from portfolio.domain.schedule import MilestoneLine, Requirement, Schedule
from portfolio.domain.text import Text
from portfolio.scenario.problem import PlanningProblem


def line(problem: PlanningProblem, schedule: Schedule, milestone: Milestone) -> MilestoneLine:
    """When the milestone is met, and how many years late; never met counts as the year after the last."""
    start = schedule.starts.get(milestone.project)
    actual: int | None = None
    if start is not None:
        candidate = problem.candidates[milestone.project]
        actual = {
            MilestoneKind.START_BY: start,
            MilestoneKind.FINISH_BY: candidate.finish(start),
            MilestoneKind.OPEN_BY: candidate.opens(start),
        }[milestone.kind]
    never = problem.horizon.last_year + 1
    counted = never if actual is None else min(actual, never)
    return MilestoneLine(milestone, actual, max(0, counted - milestone.year))


def violations(problem: PlanningProblem, schedule: Schedule) -> Iterator[Requirement]:
    for milestone in problem.milestones:
        if not milestone.firm:
            continue
        actual = line(problem, schedule, milestone).actual
        if actual is None or actual > milestone.year:
            text = Text(
                f"{milestone.project}：刚性节点 {milestone.kind} {milestone.year} 年，实际 {actual or '未排'}",
                f"{milestone.project}: firm {milestone.kind} {milestone.year}, actual {actual or 'never'}",
            )
            yield Requirement(
                "milestone",
                text,
                project=milestone.project,
                county=problem.candidates[milestone.project].row.county,
                year=milestone.year,
            )
