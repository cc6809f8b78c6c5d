"""Plans with everything that a workbook has to show."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from portfolio.domain.demand import Cell
from portfolio.domain.project import Basis, MilestoneKind, Nature, SeatEffect, Stage
from portfolio.domain.schedule import Objective, Status
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import Candidate, PlanningProblem
from tests.report.builders import a_candidate, a_milestone, a_plan, a_problem, a_source

ANNEX = (
    ("nanbin", "南宾中学迁建工程", "甑子坪", Nature.RELOCATION, 50080, 2020, 3),
    ("shuangqing", "双庆小学迁建工程", "乌洋坝", Nature.RELOCATION, 5000, 2020, 4),
    ("minzu", "民族中学迁建工程", "芭蕉滩", Nature.RELOCATION, 47175, 2021, 3),
    ("no1", "石柱一中迁建工程", "马落洞", Nature.RELOCATION, 18968, 2022, 3),
    ("haowangshan", "好望山小学新建工程", "好望山", Nature.NEW, 10205, 2023, 3),
    ("chengqu", "城区中学新建项目", "城南社区", Nature.NEW, 18968, 2024, 3),
)
"""The published form: key, name, location, nature, 万元, first year, years."""

STARTS = {"old": 2020, "mid": 2022, "late": 2023, "other": 2022}


def annex_plan() -> Plan:
    """The six published projects as they were published."""
    candidates = [
        a_candidate(
            key,
            name_zh=name,
            location=location,
            nature=nature,
            cost=cost,
            duration_years=years,
            scale="39个班",
        )
        for key, name, location, nature, cost, _, years in ANNEX
    ]
    starts = {key: start for key, _, _, _, _, start, _ in ANNEX}
    return a_plan(a_problem(candidates, years=(2020, 2029)), starts)


def full_problem(escalation: str = "0.035") -> PlanningProblem:
    """Two counties: sunk years, retention money, escalation, zones, shared and carried money, milestones."""
    return a_problem(
        _candidates(),
        years=(2021, 2026),
        sources={
            a_source("shizhu-budget", name_zh="石柱县财政预算", carry=1): 1200,
            a_source("yunyang-budget", county="Yunyang", name_zh="云阳县财政预算", carry=None): 900,
            a_source("grants", county="*", name_zh="上级补助"): 500,
        },
        demand=_seats(2000, 30),
        capacity=_seats(1700, 0),
        milestones=(
            a_milestone("old", MilestoneKind.FINISH_BY, 2022),
            a_milestone("late", MilestoneKind.OPEN_BY, 2024),
            a_milestone("out", MilestoneKind.START_BY, 2025, firm=True),
        ),
        escalation=Decimal(escalation),
        price_year=2021,
    )


def _candidates() -> list[Candidate]:
    both_stages = (
        SeatEffect(project="mid", stage=Stage.JUNIOR, zone="城区", seats_added=450, seats_offline=90),
        SeatEffect(project="mid", stage=Stage.PRIMARY, zone="乡镇", seats_added=270, seats_replaced=100),
    )
    return [
        a_candidate("old", cost=2000, duration_years=3, seats=300, zone="城区", fixed_start=2020),
        a_candidate("mid", cost="1234.56", profile=(40, 57, 3), stage=Stage.JUNIOR, effects=both_stages),
        a_candidate("late", cost=3000, duration_years=3, seats=600, zone="城区", latest_finish=2024),
        a_candidate(
            "out", cost=999, seats=90, zone="乡镇", basis=Basis.ASSUMED, estimated={"total_cost": "90 座"}
        ),
        a_candidate(
            "other", county="Yunyang", cost=800, duration_years=1, open_lag=0, seats=135, zone="城区"
        ),
    ]


def _seats(first: int, growth: int) -> Mapping[Cell, Mapping[int, int]]:
    cells = [
        Cell("Shizhu", "城区", Stage.PRIMARY),
        Cell("Shizhu", "乡镇", Stage.PRIMARY),
        Cell("Shizhu", "城区", Stage.JUNIOR),
        Cell("Yunyang", "城区", Stage.PRIMARY),
    ]
    return {cell: {y: first + growth * (y - 2021) for y in range(2021, 2027)} for cell in cells}


def full_plan(starts: Mapping[str, int] | None = None, escalation: str = "0.035") -> Plan:
    objectives = (
        Objective("seat_shortage", Decimal(100), Decimal(100), True),
        Objective("cost", Decimal("7000.50"), Decimal(6930), False),
    )
    chosen = STARTS if starts is None else starts
    return a_plan(full_problem(escalation), chosen, status=Status.FEASIBLE, objectives=objectives)


def large_plan(projects: int, counties: int, years: tuple[int, int] = (2021, 2030)) -> Plan:
    """Many projects in many counties whose names nobody knows."""
    candidates = [
        a_candidate(
            f"p{n}",
            county=f"County {n % counties}",
            stage=list(Stage)[n % 5],
            cost=500 + n % 700,
            duration_years=1 + n % 3,
            seats=45 * (n % 9),
        )
        for n in range(projects)
    ]
    cells = [Cell(f"County {n}", "", stage) for n in range(counties) for stage in list(Stage)[:4]]
    seats = {cell: dict.fromkeys(range(years[0], years[1] + 1), 1000) for cell in cells}
    problem = a_problem(candidates, years=years, demand=seats, capacity=seats)
    return a_plan(problem, {c.key: years[0] + n % 6 for n, c in enumerate(candidates) if n % 4})
