"""`mandatory`: a mandatory project is selected; a fixed start is kept."""

from __future__ import annotations

from collections.abc import Iterator

from portfolio.domain.schedule import Requirement, Schedule
from portfolio.domain.text import Text
from portfolio.scenario.problem import PlanningProblem


def violations(problem: PlanningProblem, schedule: Schedule) -> Iterator[Requirement]:
    for key, candidate in problem.candidates.items():
        start = schedule.starts.get(key)
        if candidate.fixed_start is not None and start != candidate.fixed_start:
            text = Text(
                f"{key}：既定 {candidate.fixed_start} 年开工，排期为 {start or '未排'}",
                f"{key}: start is fixed to {candidate.fixed_start}, scheduled {start or 'never'}",
            )
        elif candidate.mandatory and start is None:
            text = Text(f"{key}：必建项目未列入", f"{key}: is mandatory but not selected")
        else:
            continue
        yield Requirement(
            "mandatory", text, project=key, county=candidate.row.county, year=candidate.fixed_start
        )
