"""The card of one project: what it says, and that it fits."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from portfolio.domain.project import MilestoneKind
from portfolio.domain.schedule import Reason, Status
from portfolio.domain.text import Lang, Text
from portfolio.report.terminal import page_of
from portfolio.report.terminal_project import project_card
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import After
from tests.report.builders import a_candidate, a_milestone, a_plan, a_problem


def card(plan: Plan, key: str, lang: Lang = "zh", width: int = 80) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width)
    console.print(project_card(plan, key, page_of(console, lang)), soft_wrap=True, highlight=False)
    return out.getvalue()


def a_county() -> Plan:
    long = "一所名字非常非常长、地址也很长很长的九年一贯制寄宿学校" * 3
    candidates = [
        a_candidate("built", cost=1000, seats=90, replaced=20, scale=long, notes=long, name_en="Long " * 30),
        a_candidate(
            "after", cost=500, estimated={"total_cost": "9 座 × 1 万元/座", "duration_years": "2 年"}
        ),
        a_candidate("out", cost=9000, zone="城区", status="planned"),
    ]
    problem = a_problem(
        candidates,
        milestones=(
            a_milestone("built", kind=MilestoneKind.OPEN_BY, year=2022),
            a_milestone("out", kind=MilestoneKind.START_BY, year=2022),
        ),
        after=(After("after", "built", 1),),
    )
    reasons = {"out": Reason("cap", Text("还缺 8,000 万元", "8,000 万元 more is needed"))}
    return a_plan(problem, {"built": 2021, "after": 2024}, reasons=reasons)


def test_a_scheduled_project_tells_its_years_its_money_and_its_seats() -> None:
    told = card(a_county(), "built")
    assert "2021 年开工，2022 年完工，2023 年 9 月投用" in told
    assert "2021    400.00" in told
    assert "合计  1,000.00" in told
    assert "新增 90 座，替代原有 20 座" in told
    assert "投用 2022 → 2023（逾期）" in told
    assert "须在本项目完工并过 1 年之后开工" in told
    assert "after学校（after），2024—2025 年" in told


def test_an_estimate_stands_with_its_formula_and_once_where_they_are_the_same() -> None:
    told = card(a_county(), "after")
    assert "总投资：≈ 500.00 万元 = 9 座 × 1 万元/座" in told
    assert "工期：≈ 2 年\n" in told


def test_a_deferred_project_tells_why() -> None:
    told = card(a_county(), "out", "en")
    assert "Not scheduled" in told
    assert "Funding cap: 8,000 万元 more is needed" in told
    assert "Start by 2022 → never (late)" in told
    assert "Town" in told, "the zone in English"
    assert "Spend and who pays" not in told


def test_a_run_without_a_schedule_still_shows_the_project() -> None:
    plan = a_plan(a_problem([a_candidate("p")]), status=Status.INFEASIBLE)
    assert "这次排期没有得出方案" in card(plan, "p")


def test_a_project_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        card(a_county(), "ghost")


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("key", ["built", "after", "out"])
def test_every_line_fits(key: str, width: int, lang: Lang) -> None:
    lines = card(a_county(), key, lang, width).splitlines()
    assert [line for line in lines if cell_len(line) > width] == []
    assert [line for line in lines if line != line.rstrip()] == []
