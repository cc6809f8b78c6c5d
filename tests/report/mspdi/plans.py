"""Plans for the tests of schedule.xml, beside those of the workbook."""

from __future__ import annotations

from collections.abc import Callable

from portfolio.domain.project import Basis, MilestoneKind, RelationKind
from portfolio.domain.schedule import Requirement, Status
from portfolio.domain.text import Lang, Text
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import After, Group
from tests.report.builders import a_candidate, a_milestone, a_plan, a_problem, a_source
from tests.report.workbook.plans import annex_plan, full_plan, large_plan

LANGS: tuple[Lang, ...] = ("zh", "en", "both")

HOSTILE = "=1+1 <b>&\"' ]]> {year} a\x00\x0b\ufffe\ud800z\r\nnext"
SHOWN = "=1+1 <b>&\"' ]]> {year} a\ufffd\ufffd\ufffd\ufffdz next"
"""`HOSTILE` as a name of one line shows it."""

STARTS = {"first": 2021, "second": 2025, "third": 2026, "tied": 2023, "hostile": 2031}


def related_plan() -> Plan:
    """Relations, promises of every kind, hostile texts, several sources, more years than Project has fields."""
    candidates = [
        a_candidate("first", cost=3000, duration_years=3, seats=300, name_en="First school", priority=1),
        a_candidate("second", cost="1234.56", duration_years=1, name_en="Second school"),
        a_candidate("third", cost=800, duration_years=1, estimated={"total_cost": "90 座 × 8"}),
        a_candidate("tied", cost=500, name_zh="", name_en="Tied school", location="河边", scale="12 班"),
        a_candidate(
            "hostile", cost=100, duration_years=1, profile=(90, 10), name_zh=HOSTILE, source=HOSTILE, notes=HOSTILE,
            locator="页" * 300, status="approved", lead_unit="教委", basis=Basis.ASSUMED,
        ),
        a_candidate("excluded", county="Yunyang", cost=700),
    ]  # fmt: skip
    problem = a_problem(
        candidates,
        years=(2021, 2032),
        sources={
            a_source("own, [1]; x", name_zh="县级, [一]; 财政", name_en="County, [1]; budget"): 900,
            a_source("shared", county="*", name_zh="上级补助", carry=None): 5000,
            a_source("unused", county="Yunyang"): 10,
        },
        after=(After("second", "first", 1), After("third", "first", 0), After("third", "second", 0)),
        groups=(
            Group(RelationKind.TOGETHER, "pair", ("first", "tied")),
            Group(RelationKind.EXCLUDE, "#4", ("first", "excluded")),
        ),
        milestones=(
            a_milestone("first", MilestoneKind.START_BY, 2022, firm=True),
            a_milestone("first", MilestoneKind.FINISH_BY, 2022),
            a_milestone("first", MilestoneKind.OPEN_BY, 2024),
            a_milestone("first", MilestoneKind.OPEN_BY, 2025),
            a_milestone("second", MilestoneKind.START_BY, 2024),
            a_milestone("excluded", MilestoneKind.OPEN_BY, 2024),
        ),
    )
    return a_plan(problem, STARTS)


CONFLICT = (
    Requirement("cap", Text("2022 年资金 <不足>", "money of 2022 is too little"), county="Shizhu", year=2022),
)


def nothing_chosen() -> Plan:
    return a_plan(a_problem([a_candidate()]), {})


def no_schedule() -> Plan:
    return a_plan(a_problem([a_candidate()]), status=Status.INFEASIBLE, conflict=CONFLICT)


PLANS: dict[str, Callable[[], Plan]] = {
    "full": full_plan,
    "annex": annex_plan,
    "related": related_plan,
    "large": lambda: large_plan(60, 4),
    "nothing chosen": nothing_chosen,
    "no schedule": no_schedule,
}
