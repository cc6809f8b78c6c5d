"""`together`: all projects of the group are built, or none."""

from __future__ import annotations

from collections.abc import Iterator

from portfolio.domain.project import RelationKind
from portfolio.domain.schedule import Requirement, Schedule
from portfolio.domain.text import Text
from portfolio.scenario.problem import PlanningProblem


def violations(problem: PlanningProblem, schedule: Schedule) -> Iterator[Requirement]:
    for group in problem.groups:
        built = [key for key in group.members if key in schedule.starts]
        if group.kind is RelationKind.TOGETHER and 0 < len(built) < len(group.members):
            text = Text(
                f"{group.name}：同建组只入选一部分（{', '.join(built) or '无'}）",
                f"{group.name}: all or none must be selected, not only ({', '.join(built) or 'none'})",
            )
            yield Requirement("together", text, project=group.members[0])
