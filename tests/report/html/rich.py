"""Plans with everything that the page shows: relations, targets, escalation, shared money, late promises,
explanations; and a scenario that no schedule fits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from portfolio.domain.explanation import Admission, Counterfactual, Move, ObjectiveChange, Raise
from portfolio.domain.marginal import Place
from portfolio.domain.project import RelationKind
from portfolio.domain.repair import Change, ChangeKind, Repair, Scope
from portfolio.domain.schedule import Conflict, Reason, Requirement, Status, TargetLine
from portfolio.domain.text import Text
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import After, Group
from tests.builders import a_scenario
from tests.report.builders import a_candidate, a_plan, a_problem
from tests.report.workbook.plans import full_plan, full_problem

HOSTILE = "</script><img src=x onerror=alert(1)>"
TARGETS = (
    TargetLine("Shizhu", "城区", "primary", 2024, 2090, 2000, soft=True),
    TargetLine("", "", "", 2026, 100, 140, soft=False),
)
OUT = Reason(
    "cap",
    Text("缺 2023 年的资金。", "Money is missing in 2023."),
    outranked_by=("mid", "late"),
    admission=Admission(2023, (Raise("shizhu-budget", 2023, 12345), Raise("grants", 2024, 700)), proven=True),
    counterfactual=Counterfactual(
        start=2022,
        moves=(Move("old", 2020, 2019), Move("mid", 2022, None), Move("late", 2023, 2025), Move("other", 2022, 2024)),
        seat_years=1450,
        spend=-99910,
        objectives=(
            ObjectiveChange("seat_shortage", Decimal(4350)),
            ObjectiveChange("priority", Decimal(0)),
            ObjectiveChange("cost", Decimal("-999.1")),
        ),
        proven=False,
    ),
)  # fmt: skip
LATE = Reason(
    "cap",
    Text("本可 2021 年开工。", "It could start in 2021 by itself."),
    admission=Admission(2022, (Raise("grants", 2022, 50000),), proven=False, others={"out": 2024}),
)
MARGINAL: dict[Place, Decimal] = {
    ("shizhu-budget", 2021): Decimal("37.65"),
    ("shizhu-budget", 2022): Decimal(0),
    ("grants", 2026): Decimal("1204.5"),
}


def rich_plan() -> Plan:
    plan = full_plan()
    assert plan.evaluation
    problem = replace(
        plan.problem,
        order=("seat_shortage", "priority", "cost"),
        after=(After("late", "old", 1),),
        groups=(Group(RelationKind.EXCLUDE, "g", ("mid", "out")),),
    )
    evaluation = replace(plan.evaluation, targets=TARGETS)
    return replace(
        plan, problem=problem, evaluation=evaluation, reasons={"out": OUT, "late": LATE}, marginal=MARGINAL
    )


def gap_plan() -> Plan:
    """A project that pays nothing in its second year."""
    project = a_candidate("gap", duration_years=3, profile=(50, 0, 50))
    return a_plan(a_problem([project, a_candidate("out")]), {"gap": 2021})


def renamed(plan: Plan, key: str, **row: Any) -> Plan:
    """The plan with other words in a project's row."""
    candidate = plan.problem.candidates[key]
    changed = replace(candidate, row=replace(candidate.row, **row))
    candidates = {**plan.problem.candidates, key: changed}
    return replace(plan, problem=replace(plan.problem, candidates=candidates))


def infeasible_plan() -> Plan:
    """Two conflicts, and a menu of three repairs of two scopes."""
    conflict = (
        Requirement("cap", Text("资金不够", "too little money"), source="grants", year=2023),
        Requirement("mandatory", Text("必须列入", "it is mandatory"), project="mid", county="Shizhu"),
    )
    problem = replace(full_problem(), settings=a_scenario())
    plan = a_plan(problem, status=Status.INFEASIBLE, conflict=conflict)
    other = Conflict((Requirement("milestone", Text("来不及", "too late"), project="out"),), minimal=False)
    repairs = (
        _repair(Scope.CAPS, *(_raise(year) for year in (2021, 2022, 2023)), proven=False),
        _repair(Scope.DROP, Change(kind=ChangeKind.DROP, setting="mandatory", project="mid")),
        _repair(Scope.DROP, Change(kind=ChangeKind.DROP, setting="mandatory", project="old")),
    )
    notes = (Text("移动无济于事", "moving does not mend it"),)
    result = replace(plan.result, other_conflicts=(other,), repairs=repairs, repair_notes=notes)
    return replace(plan, result=result)


def _raise(year: int) -> Change:
    text = Text(f"提高{year}年上限", f"raise the {year} cap")
    return Change(
        kind=ChangeKind.RAISE_CAP, setting="cap", source="grants", year=year, amount=Decimal("1000.25"), text=text
    )  # fmt: skip


def _repair(scope: Scope, *changes: Change, proven: bool = True) -> Repair:
    text = Text(f"补救：{changes[0].project}", f"the repair: {changes[0].project}")
    return Repair(scope=scope, text=text, changes=changes, proven=proven)
