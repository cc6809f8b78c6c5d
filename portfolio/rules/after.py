"""`after`: a project starts only when the one before it is finished and the lag has passed."""

from __future__ import annotations

from collections.abc import Iterator

from portfolio.domain.schedule import Requirement, Schedule
from portfolio.domain.text import Text
from portfolio.scenario.problem import PlanningProblem


def violations(problem: PlanningProblem, schedule: Schedule) -> Iterator[Requirement]:
    for key in schedule.starts:
        for other in problem.candidates[key].left_out_predecessors:
            yield _broken(
                problem, key, f"须在 {other} 之后，而情景未包含它", f"comes after {other}, which is left out"
            )
    for pair in problem.after:
        start = schedule.starts.get(pair.project)
        if start is None:
            continue
        before = schedule.starts.get(pair.other)
        if before is None:
            yield _broken(
                problem, pair.project, f"须在 {pair.other} 之后，而它未入选",
                f"comes after {pair.other}, which is not selected",
            )  # fmt: skip
            continue
        earliest = problem.candidates[pair.other].finish(before) + 1 + pair.lag_years
        if start < earliest:
            yield _broken(
                problem, pair.project, f"须在 {pair.other} 之后，最早 {earliest} 年开工",
                f"comes after {pair.other} and cannot start before {earliest}",
            )  # fmt: skip


def _broken(problem: PlanningProblem, key: str, zh: str, en: str) -> Requirement:
    return Requirement(
        "after", Text(f"{key}：{zh}", f"{key}: {en}"), project=key, county=problem.candidates[key].row.county
    )
