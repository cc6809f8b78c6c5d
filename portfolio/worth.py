"""What more money would be worth: every cap's value by the relaxation, some of them held against a re-solve.

The figures of a re-solve are recomputed here without the solver, and its schedules checked by the rules.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from portfolio import service
from portfolio.domain.marginal import (
    UNIT,
    Marginals,
    MoneyCheck,
    MoneyReport,
    Place,
    UsefulRaise,
)
from portfolio.domain.money import Money
from portfolio.domain.progress import SolveEvent, SolveListener
from portfolio.domain.schedule import Result, Schedule, Status
from portfolio.optimise.explain import words_money
from portfolio.report.marginal import notes
from portfolio.rules import objectives, seats
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import PlanningProblem

if TYPE_CHECKING:
    from portfolio.optimise.explain.marginal import ShortageByCaps
    from portfolio.optimise.explain.money import Trial, Trials

SHORTAGE = "seat_shortage"

CHECKING_S = 10.0
"""Time for the re-solves that nobody asked for by name."""

ASKED_S = 60.0
"""Time for each re-solve that was asked for."""

SHORTEST_S = 0.5
"""With less time left than this no other re-solve is begun."""


def assess(
    plan: Plan,
    asked: Sequence[Place] = (),
    amount: Money = UNIT,
    listener: SolveListener | None = None,
    seconds: float = CHECKING_S,
) -> MoneyReport:
    """The value of every cap, and re-solves with `amount` more: of all that are asked for, else of as many as
    `seconds` allow, those of the highest value first. Ctrl-C keeps what is known.

    Raises:
        CheckFailedError: a schedule found with more money breaks a rule.
    """
    from portfolio.optimise.explain.marginal import ShortageByCaps, marginal_values
    from portfolio.optimise.explain.money import Trials

    problem, schedule = plan.problem, plan.result.schedule
    if schedule is None or SHORTAGE not in problem.order:
        marginals = marginal_values(problem) if schedule else Marginals(missing="unknown")
        return MoneyReport(marginals, notes=tuple(notes(problem, marginals)))
    relaxed = ShortageByCaps(problem)
    marginals = relaxed.marginals()
    places = tuple(asked) or in_order(problem, marginals)
    checks = _Checks(problem, relaxed, Trials(problem, schedule), amount)
    done, stopped = checks.run(places, listener, None if asked else seconds)
    return MoneyReport(marginals, done, tuple(notes(problem, marginals, stopped)), stopped)


def in_order(problem: PlanningProblem, marginals: Marginals) -> tuple[Place, ...]:
    """The caps worth checking: highest value first, but before caps of a county that have the same
    value, for their money does the same, all others."""
    worth = sorted(
        (place for place, value in marginals.values.items() if value), key=lambda p: -marginals.values[p]
    )
    first: list[Place] = []
    rest: list[Place] = []
    seen: set[tuple[str, Decimal]] = set()
    for place in worth:
        same = problem.sources[place[0]].county, marginals.values[place]
        (rest if same in seen else first).append(place)
        seen.add(same)
    return (*first, *rest)


@dataclass(frozen=True, slots=True)
class _Checks:
    """The re-solves of one plan."""

    problem: PlanningProblem
    relaxed: ShortageByCaps
    trials: Trials
    amount: Money

    def run(
        self, places: Sequence[Place], listener: SolveListener | None, seconds: float | None
    ) -> tuple[tuple[MoneyCheck, ...], str]:
        """The checks that were finished, and what stopped the others. `seconds` None: each has its own time."""
        began = time.monotonic()
        done: list[MoneyCheck] = []
        for position, place in enumerate(places, start=1):
            passed = time.monotonic() - began
            left = ASKED_S if seconds is None else seconds - passed
            if left < SHORTEST_S:
                return tuple(done), "time_limit"
            if listener is not None:
                listener(SolveEvent("money", position, len(places), None, None, None, passed))
            try:
                check = self._check(place, left)
            except KeyboardInterrupt:
                return tuple(done), "interrupted"
            if self.trials.stop.is_set():
                return tuple(done), "interrupted"
            done.append(check)
        return tuple(done), ""

    def _check(self, place: Place, seconds: float) -> MoneyCheck:
        until = time.monotonic() + seconds
        check = MoneyCheck(
            source=place[0],
            year=place[1],
            amount=self.amount,
            price=self.relaxed.price(place, self.amount),
            relaxed=self.relaxed.avoided(place, self.amount),
        )
        trial = self.trials.raised(place, self.amount, seconds)
        check = replace(check, proven=trial.proven, shifts=trial.shifts)
        if figures := self._figures(place, self.amount, trial):
            check = replace(check, weighted=figures[0], seats=figures[1])
        if check.proven and check.weighted == 0:
            check = replace(check, useful=self._useful(place, until))
        return replace(check, text=words_money.check_text(self.problem, check))

    def _useful(self, place: Place, until: float) -> UsefulRaise | None:
        """The least raise that avoids a missing seat, with what it does."""
        useful = self.trials.least_useful(place, until - time.monotonic())
        if useful is None or not useful.amount:
            return useful
        trial = self.trials.raised(place, useful.amount, until - time.monotonic())
        figures = self._figures(place, useful.amount, trial)
        if figures is None or not trial.proven:
            return useful
        return replace(useful, weighted=figures[0], seats=figures[1], shifts=trial.shifts)

    def _figures(self, place: Place, amount: Money, trial: Trial) -> tuple[Decimal, int] | None:
        """Seat-years avoided, weighted and plain, by the rules' own count."""
        if trial.before is None or trial.after is None:
            return None
        richer = raised(self.problem, place, amount)
        for problem, schedule in ((self.problem, trial.before), (richer, trial.after)):
            service.verify(problem, Result(Status.FEASIBLE, schedule))
        weighted = objectives.seat_shortage(self.problem, trial.before) - objectives.seat_shortage(
            richer, trial.after
        )
        return weighted, missing_seats(self.problem, trial.before) - missing_seats(richer, trial.after)


def raised(problem: PlanningProblem, place: Place, amount: Money) -> PlanningProblem:
    """The problem with one cap higher by `amount`."""
    source, year = place
    caps = problem.caps[source]
    return replace(problem, caps={**problem.caps, source: {**caps, year: caps.get(year, 0) + amount}})


def missing_seats(problem: PlanningProblem, schedule: Schedule) -> int:
    """Seat-years that are missing, every seat counting 1."""
    return sum(row.shortage for row in seats.lines(problem, schedule))
