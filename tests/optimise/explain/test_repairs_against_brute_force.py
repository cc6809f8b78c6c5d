"""The least repairs of tiny infeasible portfolios, against trying every schedule and every way to pay it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from math import floor

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from portfolio import rules
from portfolio.domain.money import from_wan
from portfolio.domain.repair import Repair, Scope
from portfolio.domain.schedule import Draw, Schedule, Status
from portfolio.optimise.constraints.milestone import year_met
from portfolio.optimise.explain.repairs import Menu, find_repairs
from portfolio.optimise.solve import solve
from portfolio.rules.evaluate import evaluate
from portfolio.scenario.build import build_problem
from portfolio.scenario.problem import PlanningProblem
from tests.optimise.brute_force import _all_draws, _all_starts, best
from tests.optimise.strategies import problems

Starts = Mapping[str, int]
HUGE = 10**9

few = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@st.composite
def infeasible(draw: st.DrawFn) -> PlanningProblem:
    """A problem in which most projects are mandatory and money is short; targets may be hard."""
    problem = draw(
        problems(projects_between=(1, 2), funding_kinds=("none", "none", "listed", "ranges"), most_money=2)
    )
    free = draw(st.integers(0, 3))
    problem = replace(
        problem,
        candidates={
            k: replace(c, mandatory=n != free) for n, (k, c) in enumerate(problem.candidates.items())
        },
        targets=tuple(replace(t, soft=draw(st.booleans())) for t in problem.targets),
        order=("cost",),
        tolerance={},
    )
    assume(solve(problem).status is Status.INFEASIBLE)
    return problem


def repairs_of(problem: PlanningProblem) -> dict[Scope, Repair]:
    """Each repair checked against the rules."""
    menu: Menu = find_repairs(problem)
    for entry in menu.entries:
        assert rules.check(entry.problem, entry.schedule) == ()
        assert entry.repair.proven
    return {repair.scope: repair for repair in menu.repairs}


# --- money ----------------------------------------------------------------------------------------


def payable(problem: PlanningProblem) -> Iterator[tuple[Draw, ...]]:
    """Every way to pay a schedule that keeps all rules but the caps."""
    for starts in _all_starts(problem):
        if {r.rule for r in rules.check(problem, Schedule(starts))} - {"funding", "cap"}:
            continue
        for draws in _all_draws(problem, starts):
            if not {r.rule for r in rules.check(problem, Schedule(starts, draws))} - {"cap"}:
                yield draws


def short(
    problem: PlanningProblem, source: str, paid: Mapping[int, int], added: Mapping[int, int]
) -> Iterator[tuple[int, int, int]]:
    """First and last year whose caps count, and what is missing, wherever draws exceed them."""
    years, carry = problem.horizon.years, problem.sources[source].carry_over_years
    for last in years:
        for first in range(years[0], last + 1):
            opening = years[0] if carry is None else max(years[0], first - carry)
            have = sum(problem.caps[source][y] + added.get(y, 0) for y in range(opening, last + 1))
            missing = sum(paid.get(y, 0) for y in range(first, last + 1)) - have
            if missing > 0:
                yield opening, last, missing


def least_added(problem: PlanningProblem, source: str, paid: Mapping[int, int]) -> int:
    """What is missing by a year is best added in it: whatever needs it later can use it too."""
    added: dict[int, int] = {}
    for year in problem.horizon.years:
        missing = [m for _, last, m in short(problem, source, paid, added) if last == year]
        added[year] = max(missing, default=0)
    return sum(added.values())


def added_in(problem: PlanningProblem, source: str, paid: Mapping[int, int], year: int) -> int:
    """What would have to be added in this year alone; HUGE if that does not do."""
    found = list(short(problem, source, paid, {}))
    if any(not opening <= year <= last for opening, last, _ in found):
        return HUGE
    return max((missing for *_, missing in found), default=0)


def by_source(problem: PlanningProblem, draws: tuple[Draw, ...]) -> dict[str, dict[int, int]]:
    paid: dict[str, dict[int, int]] = {source: {} for source in problem.sources}
    for draw in draws:
        paid[draw.source][draw.year] = paid[draw.source].get(draw.year, 0) + draw.amount
    return paid


def money(problem: PlanningProblem, draws: tuple[Draw, ...]) -> dict[Scope, int]:
    """The least that these draws need, for each question."""
    paid = by_source(problem, draws)
    least = {source: least_added(problem, source, p) for source, p in paid.items()}
    yearly = {
        (source, year): added_in(problem, source, p, year)
        for source, p in paid.items()
        for year in problem.horizon.years
    }
    wanting = [source for source in least if least[source]]
    only = wanting[0] if len(wanting) == 1 else ""
    return {
        Scope.CAPS: sum(least.values()),
        Scope.ONE_YEAR: min(sum(yearly[s, y] for s in paid) for y in problem.horizon.years),
        Scope.ONE_SOURCE: least[only] if only else HUGE,
        Scope.ONE_CAP: min(yearly[only, y] for y in problem.horizon.years) if only else HUGE,
    }


def raised(repair: Repair) -> int:
    return sum(from_wan(change.amount or 0) for change in repair.changes)


@few
@given(problem=infeasible())
def test_the_least_money(problem: PlanningProblem) -> None:
    """A narrower question that is left out has the answer of a wider one."""
    found = repairs_of(problem)
    least = dict.fromkeys((Scope.CAPS, Scope.ONE_YEAR, Scope.ONE_SOURCE, Scope.ONE_CAP), HUGE)
    for draws in payable(problem):
        needed = money(problem, draws)
        least = {scope: min(amount, needed[scope]) for scope, amount in least.items()}
    for scope, amount in least.items():
        if scope in found:
            assert raised(found[scope]) == amount
        elif amount < HUGE:
            alike = [r for r in found.values() if r.changes[0].kind == "raise_cap" and raised(r) == amount]
            assert any(_answers(scope, repair) for repair in alike)


def _answers(scope: Scope, repair: Repair) -> bool:
    years, sources = {c.year for c in repair.changes}, {c.source for c in repair.changes}
    if scope is Scope.ONE_YEAR:
        return len(years) == 1
    return len(sources) == 1 and (scope is Scope.ONE_SOURCE or len(repair.changes) == 1)


# --- what does not depend on money alone ----------------------------------------------------------


def least(problem: PlanningProblem, changed: Callable[[Starts], tuple[PlanningProblem, int] | None]) -> int:
    """The least price of a schedule for which the problem as changed for it has draws; HUGE: none."""
    found = HUGE
    for starts in _all_starts(problem):
        answer = changed(starts)
        if answer is None or answer[1] >= found:
            continue
        asked, price = answer
        if any(not rules.check(asked, Schedule(starts, draws)) for draws in _all_draws(asked, starts)):
            found = price
    return found


@few
@given(problem=infeasible())
def test_the_fewest_projects(problem: PlanningProblem) -> None:
    firm = {m.project for m in problem.milestones if m.firm}

    def without(starts: Starts) -> tuple[PlanningProblem, int]:
        """What is not built owes nothing."""
        due = {
            k for k, c in problem.candidates.items() if c.mandatory or c.fixed_start is not None or k in firm
        }
        out = due - starts.keys()
        candidates = {
            k: replace(c, mandatory=False, fixed_start=None) if k in out else c
            for k, c in problem.candidates.items()
        }
        kept = tuple(m for m in problem.milestones if not (m.firm and m.project in out))
        return replace(problem, candidates=candidates, milestones=kept), len(out)

    repair = repairs_of(problem).get(Scope.DROP)
    assert (len(repair.changes) if repair else HUGE) == least(problem, without)


@few
@given(problem=infeasible())
def test_the_fewest_years_moved(problem: PlanningProblem) -> None:
    def shifted(starts: Starts) -> tuple[PlanningProblem, int] | None:
        years, candidates, milestones = 0, {}, []
        for key, c in problem.candidates.items():
            start = starts.get(key)
            candidates[key] = c
            if start is None:
                continue
            if c.fixed_start is not None:
                if start != c.fixed_start and min(start, c.fixed_start) < problem.horizon.first_year:
                    return None
                years += abs(start - c.fixed_start)
                candidates[key] = replace(c, fixed_start=start)
            if c.latest_finish is not None and c.finish(start) > c.latest_finish:
                years += c.finish(start) - c.latest_finish
                candidates[key] = replace(candidates[key], latest_finish=c.finish(start))
        for m in problem.milestones:
            start = starts.get(m.project)
            late = 0
            if m.firm and start is not None:
                late = max(0, year_met(problem.candidates[m.project], m, start) - m.year)
            years += late
            milestones.append(replace(m, year=m.year + late))
        return replace(problem, candidates=candidates, milestones=tuple(milestones)), years

    repair = repairs_of(problem).get(Scope.MOVE)
    moved = sum(abs(int(change.amount or 0)) for change in repair.changes) if repair else HUGE
    assert moved == least(problem, shifted)


@few
@given(problem=infeasible())
def test_the_least_of_the_targets(problem: PlanningProblem) -> None:
    """One target at most: the ratio is the worst of supply to demand, rounded down to hundredths of a percent."""
    assume(any(not target.soft for target in problem.targets))
    soft = replace(problem, targets=tuple(replace(t, soft=True) for t in problem.targets))
    (target,) = problem.targets
    ratio = Fraction((target.public_share if target.ratio is None else target.ratio) or 0)

    def lowered(starts: Starts) -> tuple[PlanningProblem, int]:
        lines = evaluate(soft, Schedule(starts)).targets
        possible = [
            Fraction(line.supply, sum(
                d[line.year] for cell, d in problem.demand.items()
                if cell.county == line.county and cell.stage == line.stage
                and (cell.zone == line.zone or (target.ratio is None and not line.zone))
            ))
            for line in lines if line.needed
        ]  # fmt: skip
        return soft, floor((ratio - min([ratio, *possible])) * 10_000 + Fraction(9_999, 10_000))

    repair = repairs_of(problem).get(Scope.TARGETS)
    points = int((ratio - Fraction(repair.changes[0].amount or 0)) * 10_000) if repair else HUGE
    expected = least(soft, lowered)
    assert points == expected


@few
@given(problem=infeasible())
def test_the_fewest_years_added(problem: PlanningProblem) -> None:
    """The horizon of a scenario is extended and everything built anew, as its planner would."""
    scenario = problem.settings
    assert scenario is not None
    problem = build_problem(problem.portfolio, scenario)
    assume(solve(problem).status is Status.INFEASIBLE)
    repair = repairs_of(problem).get(Scope.HORIZON)
    years = int(repair.changes[0].amount or 0) if repair else HUGE
    for more in (1, 2):
        horizon = scenario.horizon.model_copy(update={"last_year": problem.horizon.last_year + more})
        longer = build_problem(problem.portfolio, scenario.model_copy(update={"horizon": horizon}))
        feasible = best(replace(longer, order=("cost",), tolerance={})) is not None
        assert feasible == (more == years) or more > years
        if feasible:
            break
