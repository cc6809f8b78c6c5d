"""`delivery`: at most so many starts, and projects under construction, per county and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from portfolio.domain.schedule import Requirement, Schedule
from portfolio.domain.text import Text
from portfolio.scenario.problem import PlanningProblem


def violations(problem: PlanningProblem, schedule: Schedule) -> Iterator[Requirement]:
    """Retention years do not count as construction; years before the horizon are history."""
    starts: Counter[tuple[str, int]] = Counter()
    building: Counter[tuple[str, int]] = Counter()
    for key, start in schedule.starts.items():
        candidate = problem.candidates[key]
        county = candidate.row.county
        if start in problem.horizon:
            starts[county, start] += 1
        for year in range(start, candidate.finish(start) + 1):
            if year in problem.horizon:
                building[county, year] += 1
    yield from _over(starts, problem.max_starts, "开工", "starts")
    yield from _over(building, problem.max_under_construction, "在建", "under construction")


def _over(counted: Counter[tuple[str, int]], limit: int | None, zh: str, en: str) -> Iterator[Requirement]:
    for (county, year), number in sorted(counted.items()):
        if limit is not None and number > limit:
            text = Text(
                f"{county} {year} 年{zh} {number} 个，上限 {limit} 个",
                f"{county} {year}: {number} {en}, at most {limit} allowed",
            )
            yield Requirement("delivery", text, county=county, year=year)
