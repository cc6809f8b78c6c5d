"""Admissions, counterfactuals and reasons on random tiny portfolios, against trying everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

from hypothesis import HealthCheck, assume, given, settings

from portfolio.domain.schedule import Reason, Result, Status
from portfolio.optimise.cpsat import Effort, Stop
from portfolio.optimise.explain.explainer import Explainer
from portfolio.optimise.explain.reasons import reasons
from portfolio.optimise.solve import solve
from portfolio.rules import objectives
from portfolio.scenario.problem import PlanningProblem
from tests.optimise import brute_force
from tests.optimise.strategies import problems

MANY = 10_000
TINY = problems(
    projects_between=(2, 3), relations_between=(0, 1), funding_kinds=("none", "none", "listed"), most_money=3
)
FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def explained(problem: PlanningProblem) -> tuple[dict[str, int], dict[str, Reason], Result]:
    result = solve(problem)
    assume(result.status is Status.OPTIMAL and result.schedule is not None)
    assert result.schedule is not None
    return dict(result.schedule.starts), reasons(problem, result), result


def values(problem: PlanningProblem, starts: dict[str, int]) -> tuple[Decimal, ...]:
    """The objectives in their order, each as minimised."""
    found = brute_force._values(problem, starts)
    return tuple(-v if name == "priority" else v for name, v in zip(problem.order, found, strict=True))


def with_others_held(
    problem: PlanningProblem, starts: dict[str, int], key: str, may_move: Sequence[str]
) -> Iterator[dict[str, int]]:
    """The plan with `key` in any year, before its own if it is in, and others that are out in any year or out."""
    years = [y for y in problem.horizon.years if key not in starts or y < starts[key]]
    free = [name for name in may_move if name not in starts and name != key]
    for year in years:
        for others in product([None, *problem.horizon.years], repeat=len(free)):
            chosen = {name: y for name, y in zip(free, others, strict=True) if y is not None}
            yield {**starts, key: year, **chosen}


def raised(problem: PlanningProblem, amounts: dict[tuple[str, int], int]) -> PlanningProblem:
    caps = {
        source: {
            year: problem.caps[source].get(year, 0) + amounts.get((source, year), 0)
            for year in problem.horizon.years
        }
        for source in problem.sources
    }
    return replace(problem, caps=caps)


def least_total(
    problem: PlanningProblem, starts: dict[str, int], key: str, companions: Sequence[str]
) -> int | None:
    """The least that must be added to the caps, by trying every way to add 0, 1, 2 …; None: no money does it."""
    better = [
        plan
        for plan in with_others_held(problem, starts, key, companions)
        if values(problem, plan) < values(problem, starts)
    ]
    rich = raised(problem, {(s, y): MANY for s in problem.sources for y in problem.horizon.years})
    possible = [plan for plan in better if brute_force._keeps_rules(rich, plan)]
    if not possible:
        return None
    places = [(source, year) for source in problem.sources for year in problem.horizon.years]
    for total in range(20):
        for amounts in ways(total, places):
            richer = raised(problem, amounts)
            if any(brute_force._keeps_rules(richer, plan) for plan in possible):
                return total
    return None


def ways(total: int, places: list[tuple[str, int]]) -> Iterator[dict[tuple[str, int], int]]:
    if not places:
        if not total:
            yield {}
        return
    for first in range(total + 1):
        for rest in ways(total - first, places[1:]):
            yield {places[0]: first, **rest}


@FEW
@given(TINY)
def test_the_least_money_is_the_least_there_is_and_cap_means_that_money_does_it(
    problem: PlanningProblem,
) -> None:
    starts, found, _ = explained(problem)
    for key, reason in found.items():
        if reason.code != "cap":
            continue
        assert reason.admission is not None
        assert reason.admission.proven
        assert 0 < reason.admission.total <= 6 or assume(False)
        companions = tuple(reason.admission.others)
        assert least_total(problem, starts, key, companions) == reason.admission.total
        amounts = {(r.source, r.year): r.amount for r in reason.admission.raises}
        plan = {**starts, key: reason.admission.start, **reason.admission.others}
        assert brute_force._keeps_rules(raised(problem, amounts), plan)


@FEW
@given(TINY)
def test_no_gain_means_that_no_money_makes_the_plan_better(problem: PlanningProblem) -> None:
    starts, found, _ = explained(problem)
    rich = raised(problem, {(s, y): MANY for s in problem.sources for y in problem.horizon.years})
    for key, reason in found.items():
        if reason.code != "no_gain":
            continue
        assert reason.admission is None
        plans = [p for p in with_others_held(problem, starts, key, ()) if brute_force._keeps_rules(rich, p)]
        assert all(values(problem, plan) >= values(problem, starts) for plan in plans)


@FEW
@given(TINY)
def test_a_counterfactual_is_the_best_plan_with_that_start(problem: PlanningProblem) -> None:
    starts, found, result = explained(problem)
    assert result.schedule is not None
    explainer = Explainer(problem, result.schedule, Effort(effort=5, seconds=20), Stop(), optimal=True)
    for question in explainer.questions:
        reason = found[question.key]
        years = question.years if question.planned is None else question.years[:1]
        forced = explainer.started_in(question.key, years)
        plans = [
            plan
            for plan in brute_force._all_starts(problem)
            if plan.get(question.key) in years and brute_force._keeps_rules(problem, plan)
        ]
        assert forced.impossible == (not plans)
        if forced.found is None:
            continue
        now = values(problem, starts)
        best = min(values(problem, plan) for plan in plans)
        sign = [-1 if name == "priority" else 1 for name in problem.order]
        changed = tuple(s * c.change for s, c in zip(sign, forced.found.objectives, strict=True))
        assert tuple(b - n for b, n in zip(best, now, strict=True)) == changed
        fewest = min(distance(plan, starts, question.key) for plan in plans if values(problem, plan) == best)
        assert len(forced.found.moves) == fewest
        if reason.code == "cap" and reason.counterfactual is not None:
            late = {move.project for move in reason.counterfactual.moves if move.worse}
            assert set(reason.outranked_by) == late


def distance(plan: dict[str, int], starts: dict[str, int], but: str) -> int:
    return sum(plan.get(name) != starts.get(name) for name in {*plan, *starts} - {but})


def test_the_objectives_are_those_of_the_rules() -> None:
    assert set(objectives.VALUES) >= {"seat_shortage", "priority", "cost"}
