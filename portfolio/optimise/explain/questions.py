"""Which projects a planner will ask about: those left out, and those that open later than they could."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portfolio.optimise.explain.relations import Relations
from portfolio.optimise.funds import Payers, all_payers
from portfolio.optimise.variables import admissible_starts
from portfolio.scenario.problem import PlanningProblem


@dataclass(frozen=True, slots=True)
class Question:
    """Why is the project not in, or, with a `planned` start, why does it not start in one of the `years`
    before? A project that is out has all years in which it could start; none if it never can."""

    key: str
    planned: int | None
    years: tuple[int, ...]


class Possible:
    """What each project could do by itself: its window, its payers, and what must come before it.

    Whether there is money is not looked at: a year without any is a reason, not an impossibility.
    """

    def __init__(self, problem: PlanningProblem) -> None:
        self.problem = problem
        self.relations = Relations(problem)
        self.payers: dict[str, Payers] = all_payers(problem)
        self._years: dict[str, tuple[int, ...]] = {}

    def alone(self, key: str) -> tuple[int, ...]:
        """The years in which the project could start if it were the only one."""
        return tuple(admissible_starts(self.problem, self.problem.candidates[key], self.payers[key]))

    def years(self, key: str) -> tuple[int, ...]:
        """The years in which it could start, its predecessors being as early as they can."""
        if key not in self._years:
            self._years[key] = ()  # projects that wait for one another have no start
            self._years[key] = self._after_others(key)
        return self._years[key]

    def _after_others(self, key: str) -> tuple[int, ...]:
        years = self.alone(key)
        for pair in self.relations.before.get(key, ()):
            others = self.years(pair.other)
            if not others:
                return ()
            ready = self.problem.candidates[pair.other].finish(others[0]) + 1 + pair.lag_years
            years = tuple(year for year in years if year >= ready)
        return years

    def questions(self, starts: Mapping[str, int]) -> tuple[Question, ...]:
        """What is left out, then what is late; each by priority, then in workbook order."""
        out, late = [], []
        for key, candidate in self.problem.candidates.items():
            years = self.years(key)
            if key not in starts:
                out.append(Question(key, None, years))
            elif candidate.fixed_start is None and years and starts[key] > years[0]:
                late.append(Question(key, starts[key], tuple(y for y in years if y < starts[key])))
        return (*sorted(out, key=self._priority), *sorted(late, key=self._priority))

    def _priority(self, question: Question) -> int:
        return self.problem.candidates[question.key].priority
