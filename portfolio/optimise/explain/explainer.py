"""Everything that can be asked about the projects of one plan; what is compiled serves all questions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from portfolio.domain.schedule import Reason, Requirement, Schedule
from portfolio.optimise.conflict import find_conflict
from portfolio.optimise.cpsat import Effort, Stop
from portfolio.optimise.explain import sentences
from portfolio.optimise.explain.counterfactual import Forcing, WhatIf
from portfolio.optimise.explain.ground import Ground
from portfolio.optimise.explain.held import must_start
from portfolio.optimise.explain.least_money import LeastMoney, Money
from portfolio.optimise.explain.questions import Possible, Question
from portfolio.optimise.explain.why import UNKNOWN, Finding, Why, dearest
from portfolio.scenario.problem import PlanningProblem

LARGE = 100
"""A project in a part with more projects than this is not forced in unless asked for by name."""


class Explainer:
    """Answers about one plan, each within `effort`. `optimal`: the plan is proven to be the best one."""

    def __init__(
        self, problem: PlanningProblem, schedule: Schedule, effort: Effort, stop: Stop, *, optimal: bool
    ) -> None:
        self.problem = problem
        self.starts = schedule.starts
        self.possible = Possible(problem)
        self.questions = self.possible.questions(self.starts)
        self._effort = effort
        self._stop = stop
        self._optimal = optimal
        self._why = Why(problem, self.starts, self.possible, effort, stop)

    @cached_property
    def ground(self) -> Ground:
        return Ground(self.problem, self.starts)

    @cached_property
    def roomy(self) -> Ground:
        """The problem in which every cap can be raised by all that a project and its companions may cost."""
        companions, keys = self.possible.relations.companions, self.problem.candidates
        most = [dearest(self.problem, [key, *companions(key, self.starts)]) for key in keys]
        return Ground(self.problem, self.starts, raise_caps=max(most, default=0))

    def compile(self) -> None:
        """Does the common work now, before questions are asked from several threads."""
        self.ground.prepare()
        self.roomy.prepare()

    def question(self, key: str) -> Question | None:
        """What is to be asked about a project; None where it starts as early as it can."""
        return next((question for question in self.questions if question.key == key), None)

    def plain(self, question: Question) -> Finding:
        """The reason as far as it needs no solve."""
        return self._why.plain(question) or UNKNOWN

    def finding(self, question: Question) -> Finding:
        """The reason that binds, and the least money that would do."""
        found = self._why.plain(question)
        return found or self._why.solved(question, self.ground, self.roomy)

    def forced(self, question: Question) -> WhatIf:
        """The project forced in: what is out in its best year; what is late in its earliest, or if no plan
        has it there, in the best of its earlier years."""
        if not question.years:
            return WhatIf(None, True, 0.0)
        years = question.years if question.planned is None else question.years[:1]
        found = self.started_in(question.key, years)
        if found.impossible and len(question.years) > len(years):
            return self.started_in(question.key, question.years)
        return found

    def started_in(self, key: str, years: Sequence[int]) -> WhatIf:
        """The best plan in which the project starts in one of `years`."""
        possible = [year for year in years if year in self.possible.alone(key)]
        if not possible:
            return WhatIf(None, True, 0.0)
        return Forcing(self.ground, self._effort, self._stop, optimal=self._optimal).start_in(key, possible)

    def is_large(self, key: str) -> bool:
        """Whether the project's part of the problem is too large to be solved again for each project."""
        return len(self.ground.part_of([key]).keys) > LARGE

    def least_money(self, key: str, years: Sequence[int]) -> Money:
        """The least money for a start in `years`, all others as scheduled, whatever comes of the objectives."""
        possible = [year for year in years if year in self.possible.alone(key)]
        if not possible:
            return Money(None, True, 0.0)
        companions = self.possible.relations.companions(key, self.starts)
        return LeastMoney(self.roomy, self._effort, self._stop).for_start(
            key, possible, companions, better=False
        )

    def conflict(self, key: str, years: Sequence[int]) -> tuple[Requirement, ...]:
        """Why no plan at all has the project start in one of `years`, which follow one another. That it is
        to start in them is only supposed, and left out unless it cannot at all."""
        found = find_conflict(must_start(self.problem, key, years))
        supposed = {"mandatory", "window"} if set(years) <= set(self.possible.alone(key)) else {"mandatory"}
        return tuple(member for member in found if member.project != key or member.rule not in supposed)

    def reason(self, question: Question, finding: Finding, what_if: WhatIf | None) -> Reason:
        return sentences.reason(self.problem, question, finding, what_if)
