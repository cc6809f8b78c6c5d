"""Everything about one project of a plan: the full explanation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from typing import TypeVar

from portfolio.domain.explained import Explanation
from portfolio.domain.explanation import Standing
from portfolio.domain.progress import SolveEvent, SolveListener
from portfolio.domain.schedule import Result, Status
from portfolio.optimise.cpsat import Effort, Stop
from portfolio.optimise.explain.counterfactual import WhatIf
from portfolio.optimise.explain.explainer import Explainer
from portfolio.optimise.explain.questions import Question
from portfolio.optimise.explain.standing import Standings
from portfolio.scenario.problem import PlanningProblem

EFFORT, SECONDS = 20.0, 60.0
"""What each step may cost: the solver's own measure, and seconds as a backstop."""

STEPS = 4

Answer = TypeVar("Answer")


def explain_project(
    problem: PlanningProblem,
    result: Result,
    key: str,
    start: int | None = None,
    listener: SolveListener | None = None,
) -> Explanation:
    """Why the project is where it is, and what would follow from starting it in `start`; without that, in
    its best year if it is out, in its earliest if it is late.

    Ctrl-C ends the search; what is known until then is told.

    Raises:
        ValueError: the result has no schedule.
    """
    if result.schedule is None:
        raise ValueError("there is no schedule to explain")
    stop = Stop()
    effort = Effort(effort=EFFORT, seconds=SECONDS, seed=problem.solver.seed, light=True)
    explainer = Explainer(problem, result.schedule, effort, stop, optimal=result.status is Status.OPTIMAL)
    return _Steps(explainer, stop, listener).run(key, start)


class _Steps:
    """The steps of an explanation, one after the other, each of which Ctrl-C can end."""

    def __init__(self, explainer: Explainer, stop: Stop, listener: SolveListener | None) -> None:
        self._explainer = explainer
        self._stop = stop
        self._listener = listener
        self._done = 0

    def run(self, key: str, start: int | None) -> Explanation:
        explainer = self._explainer
        question = explainer.question(key)
        possible = explainer.possible.years(key)
        found = Explanation(
            project=key,
            start=explainer.starts.get(key),
            earliest=possible[0] if possible else None,
            reason=explainer.reason(question, explainer.plain(question), None) if question else None,
            standings=self._standings(key, ""),
        )
        years: Sequence[int] = (
            () if question is None else question.years if found.start is None else question.years[:1]
        )
        years = years if start is None else (start,)
        try:
            finding = self._step(lambda: explainer.finding(question)) if question else None
            if question and finding:
                reason = explainer.reason(question, finding, None)
                found = replace(found, reason=reason, standings=self._standings(key, reason.code))
            if not years:
                return found
            forced = self._step(lambda: explainer.started_in(key, years))
            found = replace(found, years=tuple(years), forced=forced.found)
            if question and finding and _tells(question, years, forced):
                found = replace(found, reason=explainer.reason(question, finding, forced))
            if forced.impossible:
                found = replace(found, conflict=self._step(lambda: explainer.conflict(key, years)))
            if start is not None or found.start is not None:
                found = replace(found, sooner=self._step(lambda: explainer.least_money(key, years)).admission)
        except KeyboardInterrupt:
            return replace(found, complete=False)
        return replace(
            found, complete=bool(found.conflict) or (found.forced is not None and found.forced.proven)
        )

    def _standings(self, key: str, code: str) -> tuple[Standing, ...]:
        explainer = self._explainer
        return Standings(explainer.problem, explainer.starts, explainer.possible).of(key, code)

    def _step(self, work: Callable[[], Answer]) -> Answer:
        """CP-SAT does not return to Python while it searches; a thread of its own lets Ctrl-C through."""
        self._done += 1
        if self._listener:
            self._listener(SolveEvent("reasons", self._done, STEPS, None, None, None, 0.0))
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(work)
            try:
                while not future.done():
                    wait([future], timeout=0.1)
            except KeyboardInterrupt:
                self._stop.set()
                raise
            return future.result()


def _tells(question: Question, years: Sequence[int], forced: WhatIf) -> bool:
    """Whether the answer for `years` says something of the reason: a plan in one of the years that are asked
    about, or that no plan has the project in any of them."""
    if forced.found is not None:
        return forced.found.start in question.years
    return set(question.years) <= set(years)
