"""How a solve ends: optimal, feasible, infeasible, nothing found; limits, gaps, tolerances, Ctrl-C."""

from __future__ import annotations

import _thread
import random
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from portfolio import rules
from portfolio.domain.progress import SolveEvent
from portfolio.domain.schedule import Result, Status
from portfolio.optimise.cpsat import Effort, Objective, Stop
from portfolio.optimise.cpsat import solve as solve_program
from portfolio.optimise.engine import Engine, Limits
from portfolio.optimise.model import compile_problem
from portfolio.optimise.program import ProgramBuilder, Stage, ints
from portfolio.optimise.solve import solve
from portfolio.scenario.problem import PlanningProblem
from tests.builders import a_problem, a_project, a_source, caps, demand, milestone, relation, seats

ROOT = Path(__file__).parents[2]


def values(result: Result) -> dict[str, Decimal]:
    return {objective.name: objective.value for objective in result.objectives}


def hard_problem() -> PlanningProblem:
    """A knapsack over years that takes CP-SAT far longer than a hundredth of a second."""
    dice = random.Random(7)
    projects, effects = [], []
    for i in range(60):
        number = dice.randint(100, 2000)
        projects.append(
            a_project(f"p{i}", cost=number * dice.uniform(0.9, 1.1) // 1, duration=dice.randint(1, 4))
        )
        effects.append(seats(f"p{i}", number))
    return a_problem(
        projects,
        seats=effects,
        years=10,
        caps=[caps(*[3000] * 10)],
        demand=[demand(*range(20000, 60000, 4000))],
    )


def test_nothing_to_do_is_optimal() -> None:
    result = solve(a_problem())
    assert result.status is Status.OPTIMAL
    assert result.schedule is not None
    assert result.schedule.starts == {}


def test_builds_the_school_that_is_needed_as_early_as_money_allows() -> None:
    """10 万元 are there in 2022 only; seats from 2023: 20 short in 2021 and 2022, weight 3."""
    problem = a_problem([a_project()], seats=[seats("p", 20)], caps=[caps(0, 10)], demand=[demand(20)])
    result = solve(problem)
    assert result.schedule is not None
    assert result.schedule.starts == {"p": 2022}
    assert values(result)["seat_shortage"] == 120


def test_each_stage_keeps_what_the_ones_before_it_reached() -> None:
    """q serves the seats, p has the priority and the milestone; the money is for one only."""
    problem = a_problem(
        [a_project("p", priority=1), a_project("q", priority=5)],
        seats=[seats("q", 1)],
        demand=[demand(1)],
        caps=[caps(10)],
        milestones=[milestone("p", "start_by", 2021)],
    )
    result = solve(problem)
    assert result.schedule is not None
    assert result.schedule.starts == {"q": 2021}
    assert values(result)["milestones"] == 3


def test_the_order_of_objectives_decides() -> None:
    problem = a_problem(
        [a_project()], caps=[caps(10)], settings={"objective": {"order": ["cost", "priority"]}}
    )
    assert values(solve(problem)) == {"cost": 0, "priority": 0}
    problem = replace(problem, order=("priority", "cost"))
    assert values(solve(problem)) == {"priority": 6, "cost": 10}


def test_a_tolerance_lets_a_later_stage_give_some_back() -> None:
    """Two schools of 10 seats for 20 children: without tolerance both are built. A shortage of 30
    cannot be avoided (2021), so 100 % of it may be given back for cost: one school is dropped."""
    settings: dict[str, Any] = {"objective": {"order": ["seat_shortage", "cost"]}}
    tables: dict[str, Any] = {
        "seats": [seats("p", 10), seats("q", 10)],
        "demand": [demand(20)],
        "caps": [caps(20)],
    }
    projects = [a_project("p"), a_project("q")]
    strict = solve(a_problem(projects, settings=settings, **tables))
    assert values(strict) == {"seat_shortage": 60, "cost": 20}
    settings["objective"]["tolerance"] = {"seat_shortage": Decimal(1)}
    loose = solve(a_problem(projects, settings=settings, **tables))
    assert values(loose) == {"seat_shortage": 120, "cost": 10}
    assert loose.status is Status.OPTIMAL


def test_money_is_moved_between_sources_where_that_lets_more_be_built() -> None:
    """p may be paid by s or t, q by s only: p must leave s to q."""
    problem = a_problem(
        [a_project("p"), a_project("q", zone="x")],
        sources=[a_source("s"), a_source("t", natures=())],
        caps=[caps(10, source="s"), caps(10, source="t")],
        settings={"objective": {"order": ["priority"]}},
    )
    result = solve(problem)
    assert result.schedule is not None
    assert len(result.schedule.starts) == 2
    assert rules.check(problem, result.schedule) == ()


def test_stopped_at_once_nothing_is_claimed_of_an_objective_that_can_be_below_0() -> None:
    builder = ProgramBuilder()
    columns = builder.add_columns([1, 0, 0, 0], 1, job=[0, 0, 1, 1], time=ints([0, 1, 0, 1]))
    builder.add_rows("once", ints([0, 0, 1, 1]), columns, 1, high=1, count=2)
    wanted = Objective(columns[2:], ints([-1, 1]))
    answer = solve_program(builder.build(), wanted, None, Effort(effort=1e-6, seconds=5), Stop())
    assert answer.bound is None or answer.bound <= -1


def test_out_of_time_is_not_infeasible() -> None:
    result = solve(replace(hard_problem(), solver=replace(hard_problem().solver, time_limit_s=1e-4)))
    assert result.status is Status.NO_SOLUTION
    assert result.schedule is None
    assert result.conflict == ()
    assert result.stopped == "time_limit"


def test_cut_short_the_schedule_is_feasible_and_keeps_the_rules() -> None:
    problem = hard_problem()
    result = solve(replace(problem, solver=replace(problem.solver, time_limit_s=2.0)))
    assert result.status is Status.FEASIBLE
    assert result.stopped == "time_limit"
    assert result.schedule is not None
    assert rules.check(problem, result.schedule) == ()
    shortage = result.objectives[0]
    assert shortage.bound <= shortage.value
    assert not all(objective.proven for objective in result.objectives)


def test_a_wide_gap_is_soon_proven() -> None:
    problem = hard_problem()
    settings = replace(problem.solver, time_limit_s=20.0, gap=Decimal("0.5"))
    result = solve(replace(problem, solver=settings, order=("seat_shortage",)))
    assert result.status is Status.OPTIMAL
    assert result.objectives[0].gap <= 0.5


def test_stopped_the_best_schedule_is_kept() -> None:
    """Stop as soon as the first stage has a solution."""
    problem = hard_problem()
    program, _ = compile_problem(problem)
    stop = Stop()

    def at_first_solution(stage: int, value: int | None, bound: int | None) -> None:
        if value is not None:
            stop.set()

    engine = Engine(program, Limits(time_limit_s=30), stop=stop, progress=at_first_solution)
    answer = engine.run()
    assert answer.status is Status.FEASIBLE
    assert answer.stopped == "interrupted"
    assert answer.values is not None
    assert len(answer.stages) == len(problem.order)


def test_ctrl_c_keeps_the_best_schedule_found() -> None:
    """In a process of its own: what other tests load, such as a Java machine, meddles with interrupts."""
    script = "from tests.optimise.test_solve import interrupted; interrupted()"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def interrupted() -> None:
    """The first event of the first stage interrupts the main thread, as Ctrl-C does."""
    problem = replace(hard_problem(), solver=replace(hard_problem().solver, time_limit_s=30))
    pressed: list[SolveEvent] = []

    def press(event: SolveEvent) -> None:
        if not pressed:
            pressed.append(event)
            _thread.interrupt_main()

    result = solve(problem, press)
    assert result.status is Status.FEASIBLE
    assert result.stopped == "interrupted"
    assert result.schedule is not None
    assert rules.check(problem, result.schedule) == ()


def test_equal_input_gives_an_equal_schedule() -> None:
    problem = a_problem(
        [a_project(f"p{i}", cost=i + 3, duration=i % 3 + 1) for i in range(12)],
        sources=[a_source("s"), a_source("t", carry_over_years=1)],
        caps=[caps(9, 9, 9, 9, source="s"), caps(5, 5, 5, 5, source="t")],
        years=4,
        seats=[seats(f"p{i}", i + 5) for i in range(12)],
        demand=[demand(60)],
    )
    assert solve(problem) == solve(problem)


def test_the_listener_hears_every_stage() -> None:
    heard: list[SolveEvent] = []
    problem = a_problem([a_project()], seats=[seats("p", 5)], demand=[demand(9)], caps=[caps(10)])
    solve(problem, heard.append)
    assert {event.stage for event in heard} == set(problem.order)
    assert heard[-1].position == heard[-1].stages == len(problem.order)
    assert heard[-1].gap == 0


def test_a_tolerance_keeps_the_program_in_one_part() -> None:
    """Two parts with value 10 each; 10 % of the whole is 2, of one part only 1."""
    builder = ProgramBuilder()
    columns = builder.add_columns(0, [20, 20])
    builder.add_rows("enough", ints([0, 1]), columns, 2, low=20, count=2)
    builder.add_stage(Stage("first", columns, ints([1, 1])))
    builder.add_stage(Stage("second", columns[:1], ints([-1])))
    answer = Engine(builder.build(), Limits(time_limit_s=5), {"first": Decimal("0.1")}).run()
    assert answer.values is not None
    assert answer.values.tolist() == [12, 10]


def test_a_tolerance_may_give_up_a_column_that_no_row_holds() -> None:
    """A project of one possible year under ample caps stands in no row; its priority is worth giving up."""
    settings = {"objective": {"order": ["priority", "cost"], "tolerance": {"priority": Decimal(1)}}}
    problem = a_problem([a_project(latest_finish=2021)], caps=[caps(99)], settings=settings)
    assert values(solve(problem)) == {"priority": 0, "cost": 0}


class TestConflict:
    """Each conflict is minimal and named by the rule that a planner would name."""

    def conflict(self, problem: PlanningProblem) -> list[tuple[str, str, str, int | None]]:
        result = solve(problem)
        assert result.status is Status.INFEASIBLE
        return [(r.rule, r.project, r.source, r.year) for r in result.conflict]

    def test_nobody_may_pay(self) -> None:
        problem = a_problem([a_project(mandatory=True)], sources=[a_source(county="B")], caps=[caps(99)])
        assert self.conflict(problem) == [("mandatory", "p", "", None), ("funding", "p", "", None)]

    def test_caps_cannot_pay(self) -> None:
        problem = a_problem([a_project(fixed_start=2022)], caps=[caps(99, 9, 99)])
        assert self.conflict(problem) == [("mandatory", "p", "", 2022), ("cap", "", "s", 2022)]

    def test_cannot_end_in_time(self) -> None:
        problem = a_problem([a_project(mandatory=True, duration=4)], caps=[caps(99, 99, 99)])
        assert self.conflict(problem) == [("window", "p", "", None), ("mandatory", "p", "", None)]

    def test_two_cannot_both_be_paid(self) -> None:
        projects = [a_project(k, fixed_start=2021) for k in "pq"]
        problem = a_problem(projects, caps=[caps(15)])
        assert {r[0] for r in self.conflict(problem)} == {"mandatory", "cap"}
        assert len(self.conflict(problem)) == 3

    def test_order_against_a_milestone(self) -> None:
        problem = a_problem(
            [a_project("p"), a_project("q")],
            caps=[caps(99, 99, 99)],
            relations=[relation("after", "p", "q")],
            milestones=[milestone("p", "start_by", 2021, firm=True)],
        )
        assert {r[0] for r in self.conflict(problem)} == {"after", "milestone"}

    def test_what_has_nothing_to_do_with_it_is_left_out(self) -> None:
        problem = a_problem(
            [a_project("p", mandatory=True, cost=50), a_project("q", mandatory=True, county="B")],
            sources=[a_source("s"), a_source("t", county="B")],
            caps=[caps(10, 10, 10), caps(99, source="t")],
        )
        found = self.conflict(problem)
        assert {r[1] for r in found} <= {"p", ""}
        assert {r[2] for r in found} <= {"s", ""}
