"""Conflicts: they cannot hold, none of their members can be left out, and they are told in a planner's words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from portfolio.domain.funding import ProjectFunding
from portfolio.domain.project import Stage
from portfolio.domain.schedule import Requirement, Status
from portfolio.optimise import conflict as conflicts
from portfolio.optimise.conflict import find_conflicts
from portfolio.optimise.cpsat import model_of
from portfolio.optimise.model import compile_relaxed
from portfolio.optimise.solve import solve
from portfolio.optimise.subprogram import without_rows
from portfolio.scenario.problem import PlanningProblem
from tests.builders import a_problem, a_project, a_source, capacity, caps, demand, milestone, relation, seats
from tests.optimise.strategies import problems


def possible(problem: PlanningProblem, members: Collection[Requirement]) -> bool:
    """Whether these requirements of the whole problem, and no others, can hold."""
    program, _ = compile_relaxed(problem)
    wanted = {None, *members}
    kept = without_rows(program, np.array([r not in wanted for r in program.requirements], dtype=bool))
    if (np.diff(kept.matrix.first) == 0).any():
        return False
    return bool(cp_model.CpSolver().solve(model_of(kept)) != cp_model.INFEASIBLE)


def proven(problem: PlanningProblem) -> list[tuple[Requirement, ...]]:
    """The conflicts, each held against the whole problem in both directions."""
    found = find_conflicts(problem)
    assert found
    for one in found:
        assert one.minimal
        assert not possible(problem, one.members)
        for left_out in one.members:
            assert possible(problem, [m for m in one.members if m != left_out])
    named = [member for one in found for member in one.members]
    assert len(named) == len(set(named)), "no requirement stands in two conflicts"
    return [one.members for one in found]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(problem=problems(most_money=1), mandatory=st.integers(0, 3))
def test_conflicts_are_minimal_in_both_directions(problem: PlanningProblem, mandatory: int) -> None:
    candidates = {
        k: replace(c, mandatory=n != mandatory) for n, (k, c) in enumerate(problem.candidates.items())
    }
    problem = replace(problem, candidates=candidates)
    assume(solve(replace(problem, order=("cost",), tolerance={})).status is Status.INFEASIBLE)
    proven(problem)


def kindergarten(**more: Any) -> dict[str, Any]:
    return {"stage": Stage.KINDERGARTEN, **more}


@pytest.mark.parametrize(
    ("problem", "rules"),
    [
        (
            a_problem([a_project(k, fixed_start=2021) for k in "pq"], caps=[caps(99)],
                      settings={"delivery": {"max_starts": 1}}),
            ["mandatory", "mandatory", "delivery"],
        ),
        (
            a_problem([a_project("p", mandatory=True), a_project("q", county="B")],
                      sources=[a_source()], caps=[caps(99)], relations=[relation("together", "p", "q")]),
            ["mandatory", "funding", "together"],
        ),
        (
            a_problem([a_project(fixed_start=2020, duration=2, cost=10)], caps=[caps(5)]),
            ["mandatory", "cap"],
        ),
        (
            a_problem([], demand=[demand(9, **kindergarten())], capacity=[capacity(5, **kindergarten())],
                      years=1, settings={"targets": [{"public_share": Decimal(1)}]}),
            ["target"],
        ),
        (
            a_problem([a_project("p", mandatory=True), a_project("q", county="B", mandatory=True)],
                      sources=[a_source(county="*")], caps=[caps(5, 5, 5)]),
            ["mandatory", "cap", "cap", "cap"],
        ),
    ],
)  # fmt: skip
def test_every_kind_of_rule_is_named(problem: PlanningProblem, rules: list[str]) -> None:
    """Two starts where one is allowed; a project with one that nobody may pay; a sunk one; a public share; money
    shared by two counties that cannot pay even one of them."""
    assert [member.rule for member in proven(problem)[0]] == rules


def test_each_part_has_a_conflict_of_its_own() -> None:
    """Two counties, each with its own money: both are told, the first alone is `conflict`."""
    problem = a_problem(
        [a_project("p", fixed_start=2021), a_project("q", county="B", fixed_start=2021)],
        sources=[a_source("s"), a_source("t", county="B")],
        caps=[caps(9), caps(9, source="t")],
    )
    assert [{m.project or m.source for m in one} for one in proven(problem)] == [{"p", "s"}, {"q", "t"}]
    result = solve(problem)
    assert result.minimal
    assert {m.county for m in result.conflict} == {"A"}
    assert [{m.county for m in other.members} for other in result.other_conflicts] == [{"B"}]


def test_a_part_may_have_several_conflicts() -> None:
    """The same source cannot pay p in 2021, nor q in 2022."""
    problem = a_problem(
        [a_project("p", fixed_start=2021), a_project("q", fixed_start=2022)], caps=[caps(9, 9)]
    )
    assert [{m.year for m in one} for one in proven(problem)] == [{2021}, {2022}]


def test_the_years_of_the_caps_are_named_where_money_is_carried_over() -> None:
    """Due in 2023, from money of 2022 and 2023."""
    problem = a_problem(
        [a_project(fixed_start=2023)], sources=[a_source(carry_over_years=1)], caps=[caps(50, 4, 5)]
    )
    ((_, cap),) = proven(problem)
    assert cap.year == 2023
    assert "2023 年的支出可用 2022–2023 年上限，合计 9.00 万元" in cap.text.zh
    assert "spending of 2023 may use the caps of 2022–2023, 9.00 万元 in all" in cap.text.en


def test_prescribed_shares_are_told_for_they_say_why_the_money_does_not_do() -> None:
    """6 of 10 are due from t, which has 5; s has plenty."""
    rows = [
        ProjectFunding(project="p", source=source, min_share=Decimal(share), max_share=Decimal(share))
        for source, share in (("s", "0.4"), ("t", "0.6"))
    ]
    duties: tuple[dict[str, Any], ...] = ({"fixed_start": 2021}, {"mandatory": True, "latest_finish": 2021})
    for duty in duties:
        problem = a_problem(
            [a_project(**duty)],
            sources=[a_source("s", name_zh="县级财政"), a_source("t", name_en="grant")],
            caps=[caps(99), caps(5, source="t")],
            project_funding=rows,
        )
        told = next(member.text for one in proven(problem) for member in one if member.rule == "mandatory")
        assert "；出资：县级财政 40%、grant 60%" in told.zh
        assert "; paid by 县级财政 40%, grant 60%" in told.en
    free = a_problem([a_project(fixed_start=2021)], caps=[caps(5)])
    assert all("出资" not in member.text.zh for one in proven(free) for member in one)


def test_projects_stand_by_their_names() -> None:
    """The names of both sides of a relation, and of a group's members."""
    relations = [relation("after", "p", "q", lag_years=1), relation("choose", "q", "r")]
    problem = a_problem(
        [a_project("p", mandatory=True, latest_finish=2022), a_project("q"), a_project("r", mandatory=True)],
        caps=[caps(99, 99, 99)],
        relations=relations,
    )
    told = " ".join(member.text.zh for one in proven(problem) for member in one)
    assert "q小学（q）" in told


def test_without_time_no_conflict_is_called_minimal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The part is proven infeasible, then the effort is spent."""
    problem = a_problem([a_project(fixed_start=2022, duration=2)], caps=[caps(1, 1, 1)])
    allowed = 1
    whole = conflicts._Budget.solve

    def solve_once(budget: Any, model: Any) -> Any:
        nonlocal allowed
        allowed -= 1
        if allowed < 0:
            budget.effort = 0.0
        return whole(budget, model)

    monkeypatch.setattr(conflicts._Budget, "solve", solve_once)
    (found,) = find_conflicts(problem)
    assert not found.minimal
    assert not possible(problem, found.members)


def test_seats_that_nothing_can_supply_are_a_conflict_of_their_own() -> None:
    problem = a_problem(
        [a_project()], caps=[caps(99)], seats=[seats("p", 5)], demand=[demand(100)], years=1,
        settings={"targets": [{"ratio": Decimal(1)}]},
    )  # fmt: skip
    ((target,),) = proven(problem)
    assert target.rule == "target"


def test_a_firm_milestone_is_told_in_words() -> None:
    problem = a_problem(
        [a_project(duration=2)],
        caps=[caps(99, 99)],
        milestones=[milestone("p", "finish_by", 2021, firm=True)],
    )
    told = [member.text.en for one in proven(problem) for member in one]
    assert "p小学 (p): must finish by 2021 (firm milestone)" in told
