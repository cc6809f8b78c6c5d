"""`window`: start and finish within the project's window, all spending inside the horizon."""

from __future__ import annotations

from collections.abc import Iterator

from portfolio.domain.schedule import Requirement, Schedule
from portfolio.domain.text import Text
from portfolio.scenario.problem import PlanningProblem


def violations(problem: PlanningProblem, schedule: Schedule) -> Iterator[Requirement]:
    """A fixed start may lie before the horizon; the end of the horizon and explicit windows bind all."""
    horizon = problem.horizon
    for key, start in schedule.starts.items():
        candidate = problem.candidates[key]
        finish, last_payment = candidate.finish(start), candidate.last_payment(start)
        complaints: list[Text] = []
        if candidate.earliest_start is not None and start < candidate.earliest_start:
            complaints.append(_text(key, start, "早于最早开工年", candidate.earliest_start, "earliest start"))
        if start < horizon.first_year and candidate.fixed_start is None:
            complaints.append(_text(key, start, "早于规划首年", horizon.first_year, "first year"))
        if candidate.latest_finish is not None and finish > candidate.latest_finish:
            complaints.append(_text(key, finish, "晚于最迟完工年", candidate.latest_finish, "latest finish"))
        if max(finish, last_payment) > horizon.last_year:
            over = max(finish, last_payment)
            complaints.append(_text(key, over, "晚于规划末年", horizon.last_year, "last year"))
        for text in complaints:
            yield Requirement("window", text, project=key, county=candidate.row.county, year=start)


def _text(key: str, year: int, zh: str, limit: int, en: str) -> Text:
    return Text(f"{key}：{year} 年{zh} {limit} 年", f"{key}: {year} is outside the {en} {limit}")
