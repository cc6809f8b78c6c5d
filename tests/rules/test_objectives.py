"""The value of each objective, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from portfolio.domain.project import Stage
from portfolio.domain.schedule import Schedule
from portfolio.rules import objectives
from portfolio.rules import seats as seat_rules
from tests.builders import a_problem, a_project, capacity, caps, demand, milestone, seats


def test_seat_shortage_weighs_by_stage_and_never_counts_surplus() -> None:
    """Primary (3): demand 30, 30, 30; 20 seats, 15 more from 2022: 10 + 0 + 0. Special (4): 2 short x 3."""
    problem = a_problem(
        [a_project()],
        seats=[seats("p", 15)],
        capacity=[capacity(20)],
        demand=[demand(30), demand(2, stage=Stage.SPECIAL)],
    )
    assert objectives.seat_shortage(problem, Schedule({"p": 2021})) == 3 * 10 + 4 * 6


def test_supply_is_never_below_zero() -> None:
    problem = a_problem(
        [a_project()], seats=[seats("p", 0, seats_offline=50)], capacity=[capacity(20)], demand=[demand(30)]
    )
    rows = seat_rules.lines(problem, Schedule({"p": 2021}))
    assert [row.supply for row in rows] == [0, 20, 20]


def test_rebuilding_takes_seats_offline_until_it_opens_and_replaces_them_then() -> None:
    """Two years from 2021, opens 2023: 100 - 40, 100 - 40, 100 + 70 - 50."""
    effect = seats("p", 70, seats_replaced=50, seats_offline=40)
    problem = a_problem([a_project(duration=2)], seats=[effect], capacity=[capacity(100)], demand=[demand(1)])
    rows = seat_rules.lines(problem, Schedule({"p": 2021}))
    assert [row.supply for row in rows] == [60, 60, 120]
    assert objectives.idle_seats(problem, Schedule({"p": 2021})) == 59 + 59 + 119


def test_milestones_count_years_late_up_to_the_year_after_the_last() -> None:
    """p starts 2023 for 2021: 2 late. q is never built, due 2022: 2024 - 2022 = 2."""
    problem = a_problem(
        [a_project("p"), a_project("q")],
        milestones=[milestone("p", "start_by", 2021), milestone("q", "finish_by", 2022)],
    )
    assert objectives.milestones(problem, Schedule({"p": 2023})) == 4


def test_priority_counts_the_years_in_use() -> None:
    """Priority 1 opens 2022: 5 x 2 years. Priority 3 opens 2024: none."""
    problem = a_problem([a_project("p", priority=1), a_project("q", duration=1)])
    assert objectives.priority(problem, Schedule({"p": 2021, "q": 2023})) == 10


def test_priority_of_a_school_that_opened_before_the_horizon_counts_the_horizon() -> None:
    problem = a_problem([a_project("p", fixed_start=2015, priority=5)])
    assert objectives.priority(problem, Schedule({"p": 2015})) == 3


def test_cost_is_the_spend_of_the_horizon_with_escalation() -> None:
    """10 万元, 40/60 from 2022, 10 % a year from 2021: 4 x 1.1 + 6 x 1.21 = 4.40 + 7.26."""
    problem = a_problem(
        [a_project(duration=2)], caps=[caps(9, 9, 9)], settings={"costs": {"escalation": Decimal("0.1")}}
    )
    assert objectives.cost(problem, Schedule({"p": 2022})) == Decimal("11.66")


def test_earliness_counts_from_the_earliest_possible_start() -> None:
    """p could start in 2022 and does in 2023; q in 2021 and does; the fixed one has no choice."""
    projects = [a_project("p", earliest_start=2022), a_project("q"), a_project("r", fixed_start=2023)]
    problem = a_problem(projects)
    assert objectives.earliness(problem, Schedule({"p": 2023, "q": 2021, "r": 2023})) == 1


def test_disruption_counts_shifts_and_whole_horizons() -> None:
    """p moved by 2; q dropped: 3; r added: 3."""
    problem = replace(a_problem([a_project(k) for k in "pqr"]), approved={"p": 2021, "q": 2021})
    assert objectives.disruption(problem, Schedule({"p": 2023, "r": 2021})) == 8


def test_disruption_is_nothing_without_an_approved_plan() -> None:
    assert objectives.disruption(a_problem([a_project()]), Schedule({"p": 2021})) == 0


def test_soft_targets_count_missing_seats() -> None:
    """ceil(0.5 x 21) = 11 of 5 in each of three years."""
    target = {"ratio": Decimal("0.5"), "soft": True}
    problem = a_problem(demand=[demand(21)], capacity=[capacity(5)], settings={"targets": [target]})
    assert objectives.targets(problem, Schedule({})) == 18
