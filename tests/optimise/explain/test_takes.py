"""What it would take where no money helps: named with its figures, and enough when it is done."""

from __future__ import annotations

import pytest

from portfolio.domain.funding import FundingSource
from portfolio.domain.project import Project, Stage
from portfolio.domain.schedule import Reason, Status
from portfolio.optimise.explain.project import explain_project
from portfolio.optimise.explain.reasons import reasons
from portfolio.optimise.solve import solve
from portfolio.scenario.problem import PlanningProblem
from tests.builders import a_problem, a_project, a_source, capacity, caps, demand, relation, seats


def told(problem: PlanningProblem) -> dict[str, Reason]:
    result = solve(problem)
    assert result.status is Status.OPTIMAL
    return reasons(problem, result)


@pytest.mark.parametrize(
    ("project", "why", "takes"),
    [
        (
            a_project(duration=3, earliest_start=2022),
            "最早 2022 年开工，2023 年底前无法建成付清",
            "须把规划期延到 2024 年，或把最早开工提前到 2021 年",
        ),
        (
            a_project(duration=2, latest_finish=2021),
            "最早 2021 年开工，2021 年底前无法建成付清",
            "须把最迟完工推到 2022 年。",
        ),
        (
            a_project(duration=3, earliest_start=2022, latest_finish=2022),
            "2022 年底前无法建成付清",
            "须把最迟完工推到 2024 年并把规划期延到 2024 年。",
        ),
        (a_project(duration=4), "2023 年底前无法建成付清", "须把规划期延到 2024 年。"),
    ],
)
def test_a_window_that_is_too_narrow(project: Project, why: str, takes: str) -> None:
    """The horizon is 2021 to 2023. What binds is told from the earliest start on: 3 years from 2021 would fit."""
    reason = told(a_problem([project], caps=[caps(99, 99, 99)]))["p"]
    assert reason.code == "window"
    assert why in reason.text.zh
    assert takes in reason.text.zh


def test_a_window_as_wide_as_was_told_is_wide_enough() -> None:
    for project, years in (
        (a_project(duration=3, earliest_start=2022), 4),
        (a_project(duration=3, earliest_start=2021), 3),
        (a_project(duration=3, earliest_start=2022, latest_finish=2024), 4),
    ):
        found = told(a_problem([project], years=years, caps=[caps(99, 99, 99, 99)]))
        assert found.get("p") is None or found["p"].code != "window"


def test_what_must_come_before_is_told_by_its_name_be_it_in_the_scenario_or_not() -> None:
    schools = [a_project("p"), a_project("q", name_zh="东街小学", name_en="East Street")]
    left_out = {"projects": {"exclude": ["q"]}}
    text = told(
        a_problem(schools, caps=[caps(99)], relations=[relation("after", "p", "q")], settings=left_out)
    )["p"].text
    assert text.zh == "须在东街小学之后建设，而本情景未包含它。要列入，情景须先包含东街小学。"
    assert text.en.endswith("To come in, it needs East Street in the scenario.")


def test_what_waits_for_a_late_project_comes_sooner_with_it() -> None:
    """q has its money in 2022 only, so that p waits until 2023, of 2022 at the earliest."""
    problem = a_problem(
        [a_project("p", cost=1), a_project("q")],
        years=5,
        caps=[caps(1, 10, 1)],
        relations=[relation("after", "p", "q")],
    )
    found = told(problem)
    assert found["p"].text.zh.endswith("要提早，须先提早q小学，见该项目的原因。")
    assert "q" in found, "and that reason is there"


def test_a_partner_that_cannot_come_in_is_what_has_to_be_mended() -> None:
    never = a_project("q", earliest_start=2023, duration=2)
    found = told(
        a_problem([a_project("p"), never], caps=[caps(99)], relations=[relation("together", "p", "q")])
    )
    assert found["p"].text.zh.endswith("要列入，须先使q小学可以列入，见该项目的原因。")
    assert "规划期延到 2024 年" in found["q"].text.zh


def test_nobody_pays_and_where_to_look() -> None:
    junior: FundingSource = a_source(stages=(Stage.JUNIOR,))
    text = told(a_problem([a_project()], sources=[junior], caps=[caps(99)]))["p"].text
    assert "要列入，须有可以支付它的来源" in text.zh


def test_predecessors_that_end_too_late() -> None:
    """q takes all of the horizon."""
    problem = a_problem(
        [a_project("p"), a_project("q", duration=3)],
        caps=[caps(99, 99, 99)],
        relations=[relation("after", "p", "q")],
    )
    assert told(problem)["p"].text.zh.endswith("要列入，须延长规划期，或使q小学更早完工。")


def test_no_word_of_it_where_money_helps() -> None:
    text = told(a_problem([a_project(cost=20)], caps=[caps(10)]))["p"].text
    assert "要列入" not in text.zh


def a_rivalry() -> PlanningProblem:
    """p has 1,000 in 2021. q could take its place; in 2022 it lacks 500."""
    return a_problem(
        [a_project("p", cost=1000), a_project("q", cost=900)],
        caps=[caps(1000, 400, 0)],
        seats=[seats("p", 500), seats("q", 300)],
        demand=[demand(1000)],
        capacity=[capacity(200)],
    )


def test_a_year_without_a_plan_does_not_say_that_no_year_has_one() -> None:
    """Asked for 2022, which no plan has; in 2021 there is one without p."""
    problem = a_rivalry()
    result = solve(problem)
    supposed = explain_project(problem, result, "q", 2022)
    assert supposed.conflict
    assert supposed.reason is not None
    assert "其他项目怎样让路" not in supposed.reason.text.zh
    free = explain_project(problem, result, "q")
    assert free.reason is not None
    assert "若 2021 年开工，p小学落选" in free.reason.text.zh


def test_that_no_year_has_a_plan_is_said_where_all_were_asked_about() -> None:
    problem = a_problem([a_project(cost=20)], caps=[caps(10)])
    found = explain_project(problem, solve(problem), "p")
    assert found.reason is not None
    assert "其他项目怎样让路都列不进" in found.reason.text.zh


def test_a_start_that_opens_after_the_horizon_is_told_as_such() -> None:
    """2 years each. q can be paid from 2024 on, beside p, but would open in 2026, of no use until 2025."""
    problem = a_problem(
        [a_project("p", cost=1000, duration=2), a_project("q", cost=1000, duration=2)],
        years=5,
        caps=[caps(500, 500, 600, 600, 600)],
        seats=[seats("p", 500), seats("q", 300)],
        demand=[demand(1000)],
        capacity=[capacity(200)],
    )
    text = told(problem)["q"].text
    assert "若 2024 年开工，规划期支出增加 1,000 万元（2026 年才投用，在规划期之后）" in text.zh
    rivalry = a_rivalry()
    assert "在规划期之后" not in told(rivalry)["q"].text.zh
