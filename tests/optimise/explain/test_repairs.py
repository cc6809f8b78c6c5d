"""Scenarios that cannot be met, whose least repairs are known by construction. Money in 万元."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from portfolio import rules
from portfolio.domain.funding import ProjectFunding
from portfolio.domain.project import Stage
from portfolio.domain.repair import ChangeKind, Scope
from portfolio.domain.schedule import Status
from portfolio.optimise.explain.mended import mended
from portfolio.optimise.explain.repairs import Menu, find_repairs
from portfolio.optimise.solve import solve
from portfolio.scenario.problem import PlanningProblem
from tests.builders import (
    a_problem,
    a_project,
    a_source,
    capacity,
    caps,
    demand,
    milestone,
    relation,
    seats,
)

Told = tuple[Any, ...]


def menu_of(problem: PlanningProblem) -> dict[Scope, list[Told]]:
    """The changes of each repair as (what, year, amount), every repair having been tried out."""
    assert solve(problem).status is Status.INFEASIBLE
    menu = find_repairs(problem)
    tried(menu)
    return {
        entry.repair.scope: [
            (c.source or c.project or c.setting, c.year, c.amount) for c in entry.repair.changes
        ]
        for entry in menu.entries
    }


def tried(menu: Menu) -> None:
    """Each repair makes the scenario feasible, by the solver and by the rules, and is proven least."""
    for entry in menu.entries:
        assert rules.check(entry.problem, entry.schedule) == ()
        result = solve(replace(entry.problem, order=("cost",), tolerance={}))
        assert result.schedule is not None
        assert rules.check(entry.problem, result.schedule) == ()
        assert entry.repair.proven
        assert all(change.text.zh and change.text.en for change in entry.repair.changes)


def still_infeasible(problem: PlanningProblem, scope: Scope, less: Decimal) -> bool:
    """Whether the first change of the repair, made smaller, is not enough any more."""
    (repair,) = [r for r in find_repairs(problem).repairs if r.scope is scope]
    change = repair.changes[0]
    smaller = replace(change, amount=(change.amount or Decimal(0)) + less)
    return solve(mended(problem, [smaller, *repair.changes[1:]])).status is Status.INFEASIBLE


def test_one_cap_in_one_year() -> None:
    """10 due in 2022 when 9 are there: one more in 2022. The narrower questions have the same answer."""
    problem = a_problem([a_project(fixed_start=2022, cost="10.37")], caps=[caps(99, 9, 9)])
    found = menu_of(problem)
    assert found[Scope.CAPS] == [("s", 2022, Decimal("1.37"))]
    assert not {Scope.ONE_YEAR, Scope.ONE_SOURCE, Scope.ONE_CAP} & found.keys()
    assert still_infeasible(problem, Scope.CAPS, Decimal("-0.01"))


def test_two_years_are_short_and_no_single_year_will_do() -> None:
    """40 % of 50 in 2021, 60 % in 2022, nothing carried over: 10 and 20 are missing, nowhere else."""
    found = menu_of(a_problem([a_project(cost=50, duration=2, fixed_start=2021)], caps=[caps(10, 10)]))
    assert found[Scope.CAPS] == [("s", 2021, 10), ("s", 2022, 20)]
    assert Scope.ONE_YEAR not in found


def test_carried_over_the_whole_may_be_given_in_the_first_year() -> None:
    """As above, but money stays: the fewest caps is one, and only 2021 can serve both years."""
    problem = a_problem(
        [a_project(cost=50, duration=2, fixed_start=2021)],
        sources=[a_source(carry_over_years=1)],
        caps=[caps(10, 10)],
    )
    assert menu_of(problem)[Scope.CAPS] == [("s", 2021, 30)]
    assert still_infeasible(problem, Scope.CAPS, Decimal("-0.01"))


def test_of_equal_raises_the_fewest_caps_are_chosen() -> None:
    """4 due in 2022, 6 in 2023, money stays a year: 10 in 2022, not 4 there and 6 in 2023."""
    problem = a_problem(
        [a_project(duration=2, fixed_start=2022)], sources=[a_source(carry_over_years=1)], caps=[caps(0)]
    )
    assert menu_of(problem)[Scope.CAPS] == [("s", 2022, 10)]


def test_of_equal_raises_the_later_year_is_chosen() -> None:
    """10 due in 2022 of money that is carried over: 4 more in 2021 or in 2022."""
    problem = a_problem(
        [a_project(fixed_start=2022)], sources=[a_source(carry_over_years=None)], caps=[caps(3, 3)]
    )
    assert menu_of(problem)[Scope.CAPS] == [("s", 2022, 4)]


def test_one_year_only_costs_more_than_several() -> None:
    """p is fixed to 2021 and may wait for nothing; q may be built in 2021 (10 missing) or in 2022 (2 missing)."""
    problem = a_problem(
        [a_project("p", fixed_start=2021), a_project("q", mandatory=True, latest_finish=2022)],
        caps=[caps(5, 8)],
    )
    found = menu_of(problem)
    assert found[Scope.CAPS] == [("s", 2021, 5), ("s", 2022, 2)]
    assert found[Scope.ONE_YEAR] == [("s", 2021, 15)]
    assert Scope.ONE_SOURCE not in found, "all of it is of one source already"
    assert Scope.ONE_CAP not in found, "one year's answer is a single cap already"


def test_one_source_only_costs_more_than_two() -> None:
    """s pays half of p, t half: 3 of s and 1 of t are missing. q, which only s may pay, lacks 2 in the
    same year; but s cannot stand in for t, so no single source mends it."""
    half: dict[str, Any] = {"project": "p", "min_share": Decimal("0.5"), "max_share": Decimal("0.5")}
    problem = a_problem(
        [a_project("p", fixed_start=2021)],
        sources=[a_source("s"), a_source("t")],
        caps=[caps(2), caps(4, source="t")],
        project_funding=[ProjectFunding(source="s", **half), ProjectFunding(source="t", **half)],
    )
    found = menu_of(problem)
    assert found[Scope.CAPS] == [("s", 2021, 3), ("t", 2021, 1)]
    assert Scope.ONE_SOURCE not in found
    assert Scope.ONE_YEAR not in found, "it is one year already"


def test_any_source_that_may_pay_will_do_and_the_first_of_the_workbook_is_told() -> None:
    problem = a_problem(
        [a_project(fixed_start=2021)],
        sources=[a_source("t"), a_source("s")],
        caps=[caps(2), caps(3, source="t")],
    )
    assert menu_of(problem)[Scope.CAPS] == [("t", 2021, 5)]


def test_money_does_not_mend_what_nobody_may_pay() -> None:
    problem = a_problem([a_project(mandatory=True)], sources=[a_source(county="B")], caps=[caps(99)])
    assert menu_of(problem) == {Scope.DROP: [("p", None, None)]}
    notes = [note.en for note in find_repairs(problem).notes]
    assert "no amount of money alone mends it" in notes


def test_the_fewest_projects_are_left_out() -> None:
    """One of 30 stands for two of 10: without p there is room for both others."""
    problem = a_problem(
        [
            a_project("q", mandatory=True),
            a_project("p", cost=30, mandatory=True),
            a_project("r", mandatory=True),
        ],
        caps=[caps(25)],
        years=1,
    )
    assert menu_of(problem)[Scope.DROP] == [("p", None, None)]


@pytest.mark.parametrize(
    ("more", "dropped"),
    [
        ({"p": {"priority": 4}}, "p"),
        ({"q": {"priority": 4}}, "q"),
        ({"p": {"priority": 1}, "q": {"fixed_start": 2020, "duration": 2, "cost": 16}}, "p"),
    ],
)
def test_of_equal_numbers_the_least_important_goes_and_what_has_begun_stays(
    more: dict[str, dict[str, Any]], dropped: str
) -> None:
    """Money for one of two. q of the last case has begun and pays 60 % of 16 in 2021."""
    projects = [a_project(key, **{"mandatory": True, **more.get(key, {})}) for key in "pq"]
    assert menu_of(a_problem(projects, caps=[caps(10)], years=1))[Scope.DROP] == [(dropped, None, None)]


def test_of_equal_importance_the_fewer_seats_go() -> None:
    projects = [a_project(key, mandatory=True) for key in "pq"]
    problem = a_problem(projects, caps=[caps(10)], years=1, seats=[seats("p", 90), seats("q", 30)])
    assert menu_of(problem)[Scope.DROP] == [("q", None, None)]


def test_what_must_come_before_a_duty_goes_with_it() -> None:
    """q cannot be paid; p comes after q, so both are left out."""
    problem = a_problem(
        [a_project("p", cost=1, mandatory=True), a_project("q", cost=99, mandatory=True)],
        caps=[caps(10, 10, 10)],
        relations=[relation("after", "p", "q")],
    )
    assert menu_of(problem)[Scope.DROP] == [("p", None, None), ("q", None, None)]


def test_a_fixed_start_moves_by_the_fewest_years() -> None:
    """p and q cannot both be paid in 2022; one year earlier or later there is money: later is chosen."""
    projects = [a_project(key, fixed_start=2022) for key in "pq"]
    found = menu_of(a_problem(projects, caps=[caps(10, 10, 10)]))
    assert [change[1:] for change in found[Scope.MOVE]] == [(2023, 1)]


def test_a_fixed_start_may_have_to_come_forward() -> None:
    found = menu_of(a_problem([a_project(fixed_start=2023)], caps=[caps(10, 9, 9)]))
    assert found[Scope.MOVE] == [("p", 2021, -2)]


def test_what_has_begun_does_not_move() -> None:
    problem = a_problem([a_project(fixed_start=2020, duration=2, cost=10)], caps=[caps(5, 99, 99)])
    assert Scope.MOVE not in menu_of(problem)


def test_a_latest_finish_and_a_firm_milestone_are_put_off() -> None:
    """Money comes in 2023 only; the works end then, and the school opens a year later."""
    problem = a_problem(
        [a_project(mandatory=True, latest_finish=2022)],
        caps=[caps(0, 0, 10)],
        milestones=[milestone("p", "open_by", 2023, firm=True)],
    )
    menu = find_repairs(problem)
    tried(menu)
    (repair,) = [r for r in menu.repairs if r.scope is Scope.MOVE]
    told: list[Told] = [(c.setting, c.year, c.amount) for c in repair.changes]
    assert told == [
        ("latest_finish", 2023, 1),
        ("open_by", 2024, 1),
    ]


def target_problem(**more: Any) -> PlanningProblem:
    """130 children, 80 seats, and a school of 40 for which there is money: 120 of 130 at most."""
    given: dict[str, Any] = {
        "caps": [caps(10)],
        "seats": [seats("p", 40)],
        "demand": [demand(130)],
        "capacity": [capacity(80)],
        "settings": {"targets": [{"ratio": Decimal("0.95"), "first_year": 2023}]},
    }
    return a_problem([a_project()], **{**given, **more})


def test_a_target_is_lowered_to_what_is_possible() -> None:
    """120 / 130 = 92.307… %, rounded to hundredths of a percent towards what is possible."""
    problem = target_problem()
    assert menu_of(problem)[Scope.TARGETS] == [("ratio", None, Decimal("0.923"))]
    assert still_infeasible(problem, Scope.TARGETS, Decimal("0.0001"))
    (repair,) = [r for r in find_repairs(problem).repairs if r.scope is Scope.TARGETS]
    assert "从 95% 降到 92.3%" in repair.text.zh
    assert "124 seats needed, 120 seats possible" in repair.text.en


def test_a_public_share_is_lowered() -> None:
    """Of 100 children 60 find a public seat; private ones do not count."""
    stage = {"stage": Stage.KINDERGARTEN}
    problem = target_problem(
        seats=[],
        demand=[demand(100, **stage)],
        capacity=[capacity(60, **stage), capacity(30, public=False, **stage)],
        settings={"targets": [{"public_share": Decimal("0.85")}]},
    )
    assert menu_of(problem) == {Scope.TARGETS: [("public_share", None, Decimal("0.6"))]}


def test_two_targets_give_way_less_together_than_one_alone() -> None:
    """Two zones of 60 seats for 100 children, money for one school: 40 seats for u, 40 for w, or 25 for each.
    The last lowers both targets by 15 points, either of the others one of them by 40."""
    settings = {"targets": [{"ratio": 1, "zone": zone} for zone in "uw"], "seats": {"open_lag": 0}}
    problem = a_problem(
        [a_project(key, latest_finish=2021) for key in "pqr"],
        caps=[caps(10)],
        seats=[seats("p", 40, zone="u"), seats("q", 40, zone="w"), *(seats("r", 25, zone=z) for z in "uw")],
        demand=[demand(100, zone=zone) for zone in "uw"],
        capacity=[capacity(60, zone=zone) for zone in "uw"],
        settings=settings,
    )
    found = menu_of(problem)
    assert found[Scope.TARGETS] == [("ratio", None, Decimal("0.85"))] * 2
    assert found[Scope.ONE_TARGET] == [("ratio", None, Decimal("0.6"))]


def test_a_longer_horizon_by_the_fewest_years() -> None:
    """Two works of two years one after the other take four; the caps of the added years are the workbook's."""
    problem = a_problem(
        [a_project("p", mandatory=True, duration=2), a_project("q", mandatory=True, duration=2)],
        caps=[caps(9, 9, 9, 9, 9)],
        years=2,
        relations=[relation("after", "p", "q")],
    )
    assert menu_of(problem)[Scope.HORIZON] == [("last_year", 2024, 2)]


def test_no_longer_horizon_without_caps_for_it() -> None:
    """As above, but the workbook has no caps after 2022, and nothing is carried over."""
    problem = a_problem(
        [a_project("p", mandatory=True, duration=2), a_project("q", mandatory=True, duration=2)],
        caps=[caps(9, 9)],
        years=2,
        relations=[relation("after", "p", "q")],
    )
    assert Scope.HORIZON not in menu_of(problem)


def test_kinds_are_combined_only_where_none_alone_does() -> None:
    """A lacks money for its fixed start, B has a target that no school serves, and a project that nobody may pay."""
    problem = a_problem(
        [a_project("p", fixed_start=2020, duration=2), a_project("q", county="B", mandatory=True)],
        caps=[caps(2)],
        demand=[demand(100, county="C")],
        capacity=[capacity(40, county="C")],
        years=1,
        settings={"targets": [{"ratio": Decimal("0.5")}]},
    )
    menu = find_repairs(problem)
    tried(menu)
    (repair,) = menu.repairs
    assert repair.scope is Scope.COMBINED
    assert [(c.kind, c.amount) for c in repair.changes] == [
        (ChangeKind.DROP, None),
        (ChangeKind.RELAX_TARGET, Decimal("0.4")),
        (ChangeKind.RAISE_CAP, 4),
    ]


def test_parts_that_do_not_conflict_are_left_alone() -> None:
    """County B is feasible; nothing of it stands in a repair."""
    problem = a_problem(
        [a_project("p", fixed_start=2021), a_project("q", county="B", mandatory=True)],
        sources=[a_source("s"), a_source("t", county="B")],
        caps=[caps(4), caps(10, source="t")],
    )
    for changes in menu_of(problem).values():
        assert all(what not in ("q", "t") for what, _, _ in changes)


def test_nothing_is_claimed_without_time() -> None:
    problem = a_problem([a_project(fixed_start=2022)], caps=[caps(99, 9, 9)])
    menu = find_repairs(problem, limit_s=0.0)
    assert menu.repairs == ()
    assert menu.notes
    assert all("not found out in time" in note.en for note in menu.notes)


def test_equal_input_gives_equal_repairs() -> None:
    problem = a_problem(
        [a_project(k, fixed_start=2021, duration=2) for k in "pqr"],
        sources=[a_source("s"), a_source("t", carry_over_years=1)],
        caps=[caps(1, 1), caps(2, 2, source="t")],
    )
    assert find_repairs(problem).repairs == find_repairs(problem).repairs
