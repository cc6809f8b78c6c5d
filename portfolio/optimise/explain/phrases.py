"""What is found out about a project, put into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from portfolio.domain.explanation import Admission, Counterfactual, ObjectiveChange, Raise
from portfolio.domain.money import from_wan
from portfolio.domain.project import RelationKind
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.explain.words import (
    OBJECTIVES,
    amount,
    count,
    joined,
    listed,
    project,
    projects,
    say,
    source,
    years,
)
from portfolio.optimise.variables import window
from portfolio.scenario.problem import PlanningProblem

if TYPE_CHECKING:
    from portfolio.optimise.explain.questions import Question
    from portfolio.optimise.explain.relations import Waiting

SHOWN_RAISES = 3


def no_window(problem: PlanningProblem, key: str) -> Text:
    candidate = problem.candidates[key]
    last = problem.horizon.last_year
    limit = last if candidate.latest_finish is None else min(last, candidate.latest_finish)
    first, _ = window(problem, candidate)
    return say("no_window", duration=count(candidate.duration_years, "year"), first=first, limit=limit)


def left_out(others: Text) -> Text:
    return say("left_out", others=others)


def nobody_pays(problem: PlanningProblem, due: str) -> Text:
    """`due`: the source that may not pay its share, or "-" where there is none at all."""
    if due in problem.sources:
        return say("may_not_pay", source=source(problem, due))
    return say("nobody_pays")


def predecessors_too_late(problem: PlanningProblem, others: Sequence[str]) -> Text:
    return say("too_late_before", others=projects(problem, others))


def alternative(problem: PlanningProblem, kind: RelationKind, chosen: Sequence[str]) -> Text:
    return say(str(kind), others=projects(problem, chosen))


def waits(problem: PlanningProblem, starts: Mapping[str, int], waiting: Waiting) -> Text:
    other = waiting.after.other
    finish = problem.candidates[other].finish(starts[other])
    return say("waits", other=project(problem, other), finish=finish, ready=waiting.ready)


def with_other(problem: PlanningProblem, code: str, other: str, why: Text) -> Text:
    return say(f"with.{code}", other=project(problem, other), why=why)


def before_is_out(problem: PlanningProblem, other: str) -> Text:
    return say("before_is_out", other=project(problem, other))


def partner_is_out(problem: PlanningProblem, partners: Sequence[str]) -> Text:
    return say("partner_is_out", others=projects(problem, partners))


def short_of_money(problem: PlanningProblem, admission: Admission) -> Text:
    wanted: dict[int, list[str]] = {}
    for raised in admission.raises:
        wanted.setdefault(raised.year, []).append(raised.source)
    where = [
        say("missing_from", year=year, sources=listed([source(problem, key) for key in keys]))
        for year, keys in wanted.items()
    ]
    if len(where) > SHOWN_RAISES:
        where = [say("missing_in", years=years(wanted))]
    return say("short_of_money", where=listed(where), total=amount(admission.total))


def other_rules() -> Text:
    return say("other_rules")


def against(requirements: Sequence[Requirement]) -> Text:
    return say("against", what=joined([requirement.text for requirement in requirements]))


def passed_over(code: str, change: ObjectiveChange | None) -> Text:
    return say(f"{code}.none") if change is None else say(code, gain=changed(change))


def opens_too_late(problem: PlanningProblem, opens: int) -> Text:
    return say("opens_too_late", opens=opens, last=problem.horizon.last_year)


def enough_seats(question: Question, opens: int, planned: int, change: ObjectiveChange | None) -> Text:
    """`opens`: its earliest opening; `planned`: when it opens, for one that is late."""
    late = question.planned is not None
    one = say("enough_until", planned=planned) if late else say("enough_seats", opens=opens)
    return one if change is None else say("so.late" if late else "so", one=one, change=changed(change))


def makes_worse(question: Question, change: ObjectiveChange | None) -> Text:
    late = ".late" if question.planned is not None else ""
    return say(f"no_change{late}") if change is None else say(f"makes_worse{late}", change=changed(change))


def not_found_out() -> Text:
    return say("unknown")


def changed(change: ObjectiveChange) -> Text:
    """`the weighted seat shortage would rise by 300 seat-years`."""
    name, unit = OBJECTIVES[change.name]
    size = abs(change.change)
    by = amount(from_wan(size)) if unit == "wan" else count(size, unit)
    return say("rises" if change.change > 0 else "falls", name=name, by=by)


def forced(problem: PlanningProblem, key: str, found: Counterfactual) -> Text:
    """What forcing it in would do; a start that brings no seats within the horizon is told as such."""
    told, opens = _forced(problem, found), problem.candidates[key].opens(found.start)
    return say("forced.beyond", one=told, opens=opens) if opens > problem.horizon.last_year else told


def _forced(problem: PlanningProblem, found: Counterfactual) -> Text:
    change = found.first_change
    if change is not None and improves(change) and not problem.tolerance:
        return say("forced.better", start=found.start, change=changed(change))
    moves = _moves(problem, found)
    if moves:
        if change is None:
            return say("forced.equal", start=found.start, moves=moves)
        return say("forced.worse", start=found.start, moves=moves, change=changed(change))
    if change is None:
        return say("forced.free", start=found.start)
    return say("forced.alone", start=found.start, change=changed(change))


def _moves(problem: PlanningProblem, found: Counterfactual) -> Text | None:
    """Which projects would be delayed and which dropped."""
    delayed = [move.project for move in found.moves if move.worse and move.after is not None]
    dropped = [move.project for move in found.moves if move.after is None]
    told = [say("delay", projects=projects(problem, delayed))] if delayed else []
    told += [say("drop", projects=projects(problem, dropped))] if dropped else []
    return say("and_drop", one=told[0], other=told[1]) if len(told) > 1 else next(iter(told), None)


def improves(change: ObjectiveChange) -> bool:
    """Whether the change is for the better; only the priority score is to be high."""
    return (change.change > 0) == (change.name == "priority")


def admitted(problem: PlanningProblem, key: str, admission: Admission) -> Text:
    """What it would take."""
    raises = sorted(admission.raises, key=lambda r: (r.year, -r.amount))
    shown = raises if len(raises) <= SHOWN_RAISES else raises[: SHOWN_RAISES - 1]
    parts = [_raise(problem, raised) for raised in shown]
    if rest := len(raises) - len(shown):
        parts.append(say("more_raises", n=rest, total=amount(admission.total)))
    opens = problem.candidates[key].opens(admission.start)
    others = projects(problem, admission.others)
    form = "admitted.with" if admission.others else "admitted"
    words = say(form, raises=listed(parts), start=admission.start, opens=opens, others=others)
    return words if admission.proven else say("unproven_least", words=words)


def _raise(problem: PlanningProblem, raised: Raise) -> Text:
    return say("raise", year=raised.year, source=source(problem, raised.source), amount=amount(raised.amount))
