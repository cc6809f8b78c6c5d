"""What would mend an infeasible scenario: a menu of changes, each the least of its kind.

Every entry comes with the problem as changed and a schedule that keeps its rules, so that whoever asks
can check it without the solver. What a limit left open is said, never guessed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from portfolio.domain.progress import SolveEvent, SolveListener
from portfolio.domain.repair import Change, Repair, Scope
from portfolio.domain.schedule import Schedule, Status
from portfolio.domain.text import Text
from portfolio.optimise.engine import EngineResult, Limits
from portfolio.optimise.explain import words, words_repairs
from portfolio.optimise.explain.elastic import Elastic, Place
from portfolio.optimise.explain.giving_way import (
    caps_raised,
    drop_stages,
    left_out,
    money_stages,
    seats_reached,
    target_stages,
    targets_lowered,
)
from portfolio.optimise.explain.longer import MOST_YEARS, can_be_extended, extension, least_years
from portfolio.optimise.explain.mended import mended
from portfolio.optimise.explain.moves import least_moves
from portfolio.optimise.explain.words_repairs import say, sentence
from portfolio.scenario.problem import PlanningProblem

SHORTEST_S, LONGEST_S = 8.0, 30.0
"""Bounds of the time that all repairs together may take; in between, half of the scenario's limit."""

ONE_S = 3.0
"""The effort of one question, as long as time is left."""


MOST_ABOVE = 1.25
"""A repair that is not proven the least is told if it is at most so many times what is needed at least."""

AMOUNTS = ("projects", "points", "money")
"""The stages that say how much gives way; the others only choose among equals."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A repair, the problem with its changes made, and a schedule of that problem."""

    repair: Repair
    problem: PlanningProblem
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Menu:
    """`notes` say which kinds cannot mend the scenario, and what was not found out in time."""

    entries: tuple[Mended, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def repairs(self) -> tuple[Repair, ...]:
        return tuple(entry.repair for entry in self.entries)


def find_repairs(
    problem: PlanningProblem, listener: SolveListener | None = None, limit_s: float | None = None
) -> Menu:
    """The repairs of an infeasible problem, money first. Ctrl-C ends the search with what is known."""
    limit = min(max(problem.solver.time_limit_s / 2, SHORTEST_S), LONGEST_S) if limit_s is None else limit_s
    search = _Search(problem, listener, time.monotonic() + limit)
    try:
        search.run()
    except KeyboardInterrupt:
        search.notes.append(say("interrupted"))
    return Menu(tuple(search.entries), tuple(search.notes))


@dataclass(slots=True)
class _Search:
    """Goes through the kinds one by one. A kind that was answered by a more general one is not asked again."""

    problem: PlanningProblem
    listener: SolveListener | None
    deadline: float
    entries: list[Mended] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)
    _asked: int = 0

    def run(self) -> None:
        elastic = Elastic(self.problem)
        elastic.settle(self.deadline)
        kinds: tuple[Callable[[Elastic], None], ...] = (
            self._money, self._moves, self._drops, self._targets, self._horizon, self._combined,
        )  # fmt: skip
        for kind in kinds:
            self._tell(len(kinds))
            kind(elastic)

    def _tell(self, kinds: int) -> None:
        self._asked += 1
        if self.listener:
            seconds = time.monotonic() - self._began
            self.listener(SolveEvent("repairs", self._asked, kinds, None, None, None, seconds))

    def _limits(self) -> Limits:
        return Limits(time_limit_s=max(0.0, min(ONE_S, self.deadline - time.monotonic())))

    # --- money ------------------------------------------------------------------------------------

    def _money(self, elastic: Elastic) -> None:
        """Any caps; then one year, one source, one cap, unless the answer is known already."""
        found = self._raise(elastic, Scope.CAPS)
        if found is None:
            return
        answers = [found]
        for scope in (Scope.ONE_YEAR, Scope.ONE_SOURCE, Scope.ONE_CAP):
            if not any(_within(scope, places) for places in answers):
                answers.append(self._raise(elastic, scope) or [])

    def _raise(self, elastic: Elastic, scope: Scope) -> list[Place] | None:
        switches: dict[Scope, Iterable[int]] = {
            Scope.ONE_YEAR: elastic.in_year.values(),
            Scope.ONE_SOURCE: elastic.of_source.values(),
            Scope.ONE_CAP: elastic.raised.values(),
        }
        only = list(switches.get(scope, ()))
        free = {*elastic.extra.values(), *elastic.raised.values(), *only}
        answer = elastic.least(free, money_stages(elastic), self._limits(), only)
        if not self._answered(scope, answer) or answer.values is None:
            return None
        changes = caps_raised(elastic, answer.values)
        self._add(scope, changes, elastic.schedule(answer.values), proven=answer.stages[0].proven)
        return [(c.source, c.year or 0) for c in changes]

    # --- duties -----------------------------------------------------------------------------------

    def _drops(self, elastic: Elastic) -> None:
        if not elastic.drop:
            return
        answer = elastic.least(elastic.drop.values(), drop_stages(elastic), self._limits())
        if self._answered(Scope.DROP, answer) and answer.values is not None:
            changes = left_out(elastic, answer.values)
            self._add(Scope.DROP, changes, elastic.schedule(answer.values), proven=answer.stages[0].proven)

    def _moves(self, _: Elastic) -> None:
        firm = any(m.firm for m in self.problem.milestones)
        candidates = self.problem.candidates.values()
        if not firm and all(c.fixed_start is None and c.latest_finish is None for c in candidates):
            return
        found = least_moves(self.problem, self._limits())
        if isinstance(found, Status):
            self._answered(Scope.MOVE, EngineResult(found))
            return
        changes, schedule, proven = found
        self._add(Scope.MOVE, changes, schedule, proven=proven)

    # --- targets ----------------------------------------------------------------------------------

    def _targets(self, elastic: Elastic) -> None:
        if not elastic.steps:
            return
        found = self._lower(elastic, Scope.TARGETS)
        if found and len(found) > 1:
            self._lower(elastic, Scope.ONE_TARGET)

    def _lower(self, elastic: Elastic, scope: Scope) -> list[Change] | None:
        only = list(elastic.lowered.values()) if scope is Scope.ONE_TARGET else []
        free = {*elastic.steps.values(), *elastic.lowered.values()}
        answer = elastic.least(free, target_stages(elastic), self._limits(), only)
        if not self._answered(scope, answer) or answer.values is None:
            return None
        changes = targets_lowered(elastic, answer.values)
        schedule, seats = elastic.schedule(answer.values), seats_reached(elastic, changes, answer.values)
        self._add(scope, changes, schedule, seats, proven=answer.stages[0].proven)
        return changes

    # --- the rest ---------------------------------------------------------------------------------

    def _horizon(self, _: Elastic) -> None:
        if not can_be_extended(self.problem):
            return
        found = least_years(self.problem, self._limits(), self.deadline)
        if isinstance(found, Status):
            known = found is Status.INFEASIBLE
            most = words.count(MOST_YEARS, "year")
            self.notes.append(say("none.horizon", years=most) if known else say("unsearched.horizon"))
            return
        years, schedule, proven = found
        self._add(Scope.HORIZON, [extension(self.problem, years)], schedule, proven=proven)

    def _combined(self, elastic: Elastic) -> None:
        """Only where no kind alone does: the fewest projects, then the least of the targets, then of money."""
        if self.entries:
            return
        free = {
            *elastic.drop.values(), *elastic.steps.values(), *elastic.lowered.values(),
            *elastic.extra.values(), *elastic.raised.values(),
        }  # fmt: skip
        stages = [*drop_stages(elastic), *target_stages(elastic), *money_stages(elastic)]
        answer = elastic.least(free, stages, self._limits())
        if not self._answered(Scope.COMBINED, answer) or answer.values is None:
            return
        values = answer.values
        lowered = targets_lowered(elastic, values)
        changes = [*left_out(elastic, values), *lowered, *caps_raised(elastic, values)]
        proven = all(
            result.proven
            for stage, result in zip(stages, answer.stages, strict=True)
            if stage.name in AMOUNTS
        )
        self._add(
            Scope.COMBINED,
            changes,
            elastic.schedule(values),
            seats_reached(elastic, lowered, values),
            proven=proven,
        )

    def _answered(self, scope: Scope, answer: EngineResult) -> bool:
        """Whether there is a repair worth telling; if not, notes why."""
        if answer.values is not None and _near(answer):
            return True
        if scope is Scope.CAPS and answer.values is not None and answer.stages[0].bound > 0:
            self.notes.append(say("bound.caps", amount=words.amount(answer.stages[0].bound)))
            return False
        known = answer.status is Status.INFEASIBLE
        self.notes.append(say(f"{'none' if known else 'unsearched'}.{scope}"))
        return False

    def _add(
        self,
        scope: Scope,
        changes: Sequence[Change],
        schedule: Schedule,
        seats: Sequence[Text] = (),
        *,
        proven: bool,
    ) -> None:
        made = words_repairs.told(self.problem, changes, seats)
        text = sentence(made)
        if not proven:
            text = words_repairs.beside(text, say("unproven"))
        if made and all(entry.repair.changes != made for entry in self.entries):
            repair = Repair(scope=scope, text=text, changes=made, proven=proven)
            self.entries.append(Mended(repair, mended(self.problem, made), schedule))


def _near(answer: EngineResult) -> bool:
    """Whether it is the least, or not much above what is proven to be needed at least."""
    first = answer.stages[0]
    return first.proven or first.value <= MOST_ABOVE * first.bound


def _within(scope: Scope, places: Sequence[Place]) -> bool:
    """Whether these caps are an answer of the narrower scope too: as the least of a wider one, they are its least."""
    sources, years = {source for source, _ in places}, {year for _, year in places}
    if scope is Scope.ONE_YEAR:
        return len(years) == 1
    if scope is Scope.ONE_SOURCE:
        return len(sources) == 1
    return len(places) == 1
