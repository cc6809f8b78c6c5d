"""The reasons of all projects that are out or late, within a budget of work that all share."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from portfolio.domain.progress import SolveEvent, SolveListener
from portfolio.domain.schedule import Reason, Result, Status
from portfolio.optimise.cpsat import Effort, Stop
from portfolio.optimise.explain.counterfactual import WhatIf
from portfolio.optimise.explain.explainer import Explainer
from portfolio.optimise.explain.questions import Question
from portfolio.optimise.explain.why import Finding
from portfolio.scenario.problem import PlanningProblem

SHORTEST_S, LONGEST_S = 5.0, 20.0
"""Bounds of the time that all reasons together may take: half as long as the solve may."""

ONE_EFFORT, ALL_EFFORT = 2.0, 5.0
"""What forcing in one project, and all of them together, may cost, in the solver's own measure (about a
second each). Not wall-clock time, so that the same plan always gets the same answers."""

Answer = TypeVar("Answer")


def reasons(
    problem: PlanningProblem,
    result: Result,
    listener: SolveListener | None = None,
) -> dict[str, Reason]:
    """The reason for every candidate that the schedule leaves out, or starts later than it could.

    Every project gets its reason and the least money that would do; then they are forced in one after
    the other, those left out first, by priority, until the budget is spent. Ctrl-C ends the search
    without ending the run: what is left then has the code "unknown". After a solve that was interrupted
    only what needs no solve is told.
    """
    if result.schedule is None:
        return {}
    stop = Stop()
    limit = min(max(problem.solver.time_limit_s / 2, SHORTEST_S), LONGEST_S)
    effort = Effort(effort=ONE_EFFORT, seconds=limit, seed=problem.solver.seed, light=True)
    explainer = Explainer(problem, result.schedule, effort, stop, optimal=result.status is Status.OPTIMAL)
    work = _Work(explainer, stop, listener, limit)
    if result.stopped != "interrupted":
        work.run()
    return work.reasons()


class _Work:
    """Asks all questions, side by side, and keeps what was answered."""

    def __init__(
        self, explainer: Explainer, stop: Stop, listener: SolveListener | None, limit_s: float
    ) -> None:
        self._explainer = explainer
        self._stop = stop
        self._listener = listener
        self._began = time.monotonic()
        self._deadline = self._began + limit_s
        self._findings: dict[str, Finding] = {}
        self._forced: dict[str, WhatIf] = {}
        self._done = 0

    def run(self) -> None:
        questions = self._explainer.questions
        try:
            self._explainer.compile()
            for question, finding in self._each(questions, self._explainer.finding, lambda _: 0.0):
                self._findings[question.key] = finding
            wanted = [q for q in questions if q.years and not self._explainer.is_large(q.key)]
            for question, found in self._each(wanted, self._explainer.forced, lambda found: found.effort):
                self._forced[question.key] = found
        except KeyboardInterrupt:
            self._stop.set()

    def reasons(self) -> dict[str, Reason]:
        """What was found out, in the order of the questions."""
        told = {}
        for question in self._explainer.questions:
            finding = self._findings.get(question.key) or self._explainer.plain(question)
            told[question.key] = self._explainer.reason(question, finding, self._forced.get(question.key))
        return told

    def _each(
        self,
        questions: Sequence[Question],
        ask: Callable[[Question], Answer],
        effort_of: Callable[[Answer], float],
    ) -> Iterator[tuple[Question, Answer]]:
        """The answers in the order of the questions, as many as the budget allows.

        A question is asked once the answers before it, but for those under way, have left something of
        the budget: that does not depend on which thread is faster.
        """
        workers = max(1, self._explainer.problem.solver.workers)
        effort, waiting = 0.0, deque(questions)
        running: deque[tuple[Question, Future[Answer]]] = deque()
        with ThreadPoolExecutor(workers) as pool:
            try:
                while waiting or running:
                    while waiting and len(running) < workers and effort < ALL_EFFORT and self._in_time():
                        question = waiting.popleft()
                        running.append((question, pool.submit(ask, question)))
                    if not running:
                        break
                    question, future = running.popleft()
                    while not future.done():
                        wait([future], timeout=0.1)
                    effort += effort_of(future.result())
                    self._tell()
                    yield question, future.result()
            except KeyboardInterrupt:
                self._stop.set()  # what is running ends, and the pool with it
                raise

    def _in_time(self) -> bool:
        return time.monotonic() < self._deadline

    def _tell(self) -> None:
        self._done += 1
        if self._listener:
            total = 2 * len(self._explainer.questions)
            seconds = time.monotonic() - self._began
            self._listener(SolveEvent("reasons", self._done, total, None, None, None, seconds))
