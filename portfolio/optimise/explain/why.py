"""The reason that binds: each step is proven by a rule or by a solve with all other projects as scheduled.

In this order: it can never start; a relation keeps it out or back; money is missing, and with it the
plan would be better; another rule stands against it; it would not make the plan better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from portfolio.domain.explanation import Admission, ObjectiveChange
from portfolio.domain.project import RelationKind
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.cpsat import Effort, Stop
from portfolio.optimise.explain import phrases, takes
from portfolio.optimise.explain.ground import Ground
from portfolio.optimise.explain.held import outcome, rules_against
from portfolio.optimise.explain.least_money import LeastMoney
from portfolio.optimise.explain.questions import Possible, Question
from portfolio.optimise.variables import in_window
from portfolio.scenario.problem import PlanningProblem


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a project is not in, or late: the code of the reason, and the words for it.

    `admission` is the least money that would do, also where something else binds first. `takes`: what else
    would do, where that is known. `others`: the projects of the relation that binds.
    """

    code: str
    why: Text
    admission: Admission | None = None
    others: tuple[str, ...] = ()
    takes: Text | None = None


class Why:
    """Answers questions about one plan."""

    def __init__(
        self,
        problem: PlanningProblem,
        starts: Mapping[str, int],
        possible: Possible,
        effort: Effort,
        stop: Stop,
    ) -> None:
        self._problem = problem
        self._starts = starts
        self._possible = possible
        self._relations = possible.relations
        self._effort = effort
        self._stop = stop

    # --- what needs no solve ----------------------------------------------------------------------

    def plain(self, question: Question) -> Finding | None:
        """The reason, where the data alone show it."""
        found = self._never(question.key) if question.planned is None else None
        return found or self._relation(question)

    def _never(self, key: str) -> Finding | None:
        if self._possible.years(key):
            return None
        problem, candidate, who = self._problem, self._problem.candidates[key], self._possible.payers[key]
        if candidate.left_out_predecessors:
            names = takes.names(problem, candidate.left_out_predecessors)
            return Finding("after", phrases.left_out(names), takes=takes.in_the_scenario(names))
        if not any(in_window(problem, candidate, year) for year in problem.horizon.years):
            return Finding("window", phrases.no_window(problem, key), takes=takes.wider_window(problem, key))
        if not self._possible.alone(key):
            return Finding("funding", phrases.nobody_pays(problem, who.unfundable), takes=takes.a_payer())
        others = tuple(pair.other for pair in self._relations.before[key])
        too_late = phrases.predecessors_too_late(problem, others)
        return Finding("after", too_late, others=others, takes=takes.more_time(problem, others))

    def _relation(self, question: Question) -> Finding | None:
        key = question.key
        if question.planned is None and (found := self._relations.alternatives(key, self._starts)):
            kind, chosen = found
            return Finding(str(kind), phrases.alternative(self._problem, kind, chosen), others=chosen)
        waiting = self._relations.waiting(key, self._starts)
        if waiting is None or any(year >= waiting.ready for year in question.years):
            return None
        other = waiting.after.other
        return Finding(
            "after",
            phrases.waits(self._problem, self._starts, waiting),
            others=(other,),
            takes=takes.an_earlier(self._problem, other, late=question.planned is not None),
        )

    def _companion(self, question: Question) -> Finding | None:
        """What must come in with the project and cannot, whatever the money."""
        key = question.key
        before = self._relations.predecessors(key, self._starts)
        for other in self._relations.companions(key, self._starts):
            found = self.plain(Question(other, None, self._possible.years(other)))
            if found:
                code = "after" if other in before else str(RelationKind.TOGETHER)
                return Finding(
                    code,
                    phrases.with_other(self._problem, code, other, found.why),
                    others=(other,),
                    takes=takes.with_it(self._problem, other),
                )
        return None

    # --- what needs a solve -----------------------------------------------------------------------

    def solved(self, question: Question, ground: Ground, roomy: Ground) -> Finding:
        """The reason, for a question that the data alone do not answer."""
        key, years = question.key, question.years
        companions = () if question.planned else self._relations.companions(key, self._starts)
        if companions and (blocked := self._companion(question)):
            return blocked
        money = LeastMoney(roomy, self._effort, self._stop)
        least = money.for_start(key, years, companions)
        if least.admission and least.admission.raises:
            held_up = self._held_up(question, companions, money) if companions else None
            if held_up:
                return replace(held_up, admission=least.admission)
            return Finding("cap", phrases.short_of_money(self._problem, least.admission), least.admission)
        if least.admission:
            return self._passed_over(question, companions, ground)
        if not least.impossible:
            return UNKNOWN
        return self._pointless(question, companions, roomy)

    def _held_up(self, question: Question, companions: tuple[str, ...], money: LeastMoney) -> Finding | None:
        """Whether the companions are what is too dear, not the project itself."""
        key = question.key
        before = self._relations.predecessors(key, self._starts)
        for other in before:
            others = tuple(name for name in self._relations.companions(other, self._starts) if name != key)
            if key in self._relations.companions(other, self._starts):
                continue
            alone = money.for_start(other, self._possible.years(other), others, better=False)
            if alone.impossible or (alone.admission and alone.admission.raises):
                return Finding("after", phrases.before_is_out(self._problem, other), others=(other,))
        if set(companions) <= set(before):
            return None
        partners = tuple(name for name in companions if name not in before)
        free = LeastMoney(self._without_partners(key), self._effort, self._stop)
        alone = free.for_start(key, question.years, before)
        if alone.admission and not alone.admission.raises:
            return Finding("together", phrases.partner_is_out(self._problem, partners), others=partners)
        return None

    def _without_partners(self, key: str) -> Ground:
        """The problem in which the project need not be built together with others."""
        groups = tuple(
            g for g in self._problem.groups if g.kind is not RelationKind.TOGETHER or key not in g.members
        )
        problem = replace(self._problem, groups=groups)
        return Ground(problem, self._starts, raise_caps=dearest(problem, [key]))

    def _passed_over(self, question: Question, companions: tuple[str, ...], ground: Ground) -> Finding:
        """It would make the plan better, for no more money: a tolerance gave that away, or the search
        ended too early."""
        better = outcome(ground, question.key, question.years, companions, self._effort, self._stop)
        code = "tolerance" if self._problem.tolerance else "unproven"
        return Finding(code, phrases.passed_over(code, better.first_change))

    def _pointless(self, question: Question, companions: tuple[str, ...], roomy: Ground) -> Finding:
        """No money makes the plan better by it: a rule forbids it, or nothing is gained."""
        best = outcome(roomy, question.key, question.years, companions, self._effort, self._stop)
        if best.impossible:
            return self._forbidden(question, companions)
        if best.start is None:
            return UNKNOWN
        return Finding("no_gain", self._no_gain(question, best.first_change, roomy))

    def _forbidden(self, question: Question, companions: tuple[str, ...]) -> Finding:
        against = rules_against(self._problem, self._starts, question.key, question.years, companions)
        if not against:
            return Finding("rules", phrases.other_rules())
        return Finding(against[0].rule, phrases.against(against), others=_projects(against))

    def _no_gain(self, question: Question, change: ObjectiveChange | None, roomy: Ground) -> Text:
        candidate = self._problem.candidates[question.key]
        opens, planned = candidate.opens(question.years[0]), candidate.opens(question.planned or 0)
        if question.planned is None and opens > self._problem.horizon.last_year:
            return phrases.opens_too_late(self._problem, opens)
        if self._served(question, roomy):
            return phrases.enough_seats(question, opens, planned, change)
        return phrases.makes_worse(question, change)

    def _served(self, question: Question, roomy: Ground) -> bool:
        """Whether its cells miss no seats from its earliest opening on (late: until it opens)."""
        candidate = self._problem.candidates[question.key]
        first = candidate.opens(question.years[0])
        last = candidate.opens(question.planned) - 1 if question.planned else self._problem.horizon.last_year
        missing = roomy.missing_seats(self._starts)
        cells = {(candidate.row.county, e.zone, e.stage) for e in candidate.effects if e.added}
        return bool(cells) and not any(
            n for (cell, year), n in missing.items() if first <= year <= last and tuple(cell) in cells
        )


def dearest(problem: PlanningProblem, keys: list[str]) -> int:
    """The most that projects can pay together in the horizon, in whatever years they start."""
    return sum(
        max(sum(problem.spend_in_horizon(key, year).values()) for year in problem.horizon.years)
        for key in keys
    )


def _projects(requirements: tuple[Requirement, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r.project for r in requirements if r.project))


UNKNOWN = Finding("unknown", phrases.not_found_out())
