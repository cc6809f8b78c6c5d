"""`choose`: exactly one project of the group is built."""

from __future__ import annotations

from collections.abc import Iterator

from portfolio.domain.project import RelationKind
from portfolio.domain.schedule import Requirement, Schedule
from portfolio.domain.text import Text
from portfolio.scenario.problem import PlanningProblem


def violations(problem: PlanningProblem, schedule: Schedule) -> Iterator[Requirement]:
    for group in problem.groups:
        built = [key for key in group.members if key in schedule.starts]
        if group.kind is RelationKind.CHOOSE and len(built) != 1:
            text = Text(
                f"{group.name}：择一组应恰好入选一个（{', '.join(built) or '无'}）",
                f"{group.name}: exactly one must be selected, not ({', '.join(built) or 'none'})",
            )
            yield Requirement("choose", text, project=group.members[0])
