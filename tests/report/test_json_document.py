"""schedule.json: the contract's keys, exact money, the same bytes for the same plan."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.domain.demand import Cell
from portfolio.domain.explanation import Admission, Counterfactual, Move, ObjectiveChange, Raise
from portfolio.domain.money import to_wan, wan_number
from portfolio.domain.project import Basis, MilestoneKind, Stage
from portfolio.domain.repair import Change, ChangeKind, Repair, Scope
from portfolio.domain.schedule import Conflict, Objective, Reason, Requirement, Status, TargetLine
from portfolio.domain.text import Text
from portfolio.report import json_reason
from portfolio.report.json_document import document, dumps, worst_basis
from portfolio.scenario.plan import Plan
from tests.report.builders import a_candidate, a_milestone, a_plan, a_problem, a_source

GUIDE = Path(__file__).parents[2] / "docs" / "schedule-json.md"

TOP = [
    "format",
    "scenario",
    "run",
    "inputs_sha256",
    "created_at",
    "status",
    "objectives",
    "years",
    "projects",
    "milestones",
    "targets",
    "seconds",
    "funding",
    "seats",
    "infeasible",
]
ENTRIES = {
    "objectives": ["name", "value", "bound", "gap", "proven"],
    "projects": [
        "key",
        "name_zh",
        "name_en",
        "county",
        "selected",
        "start",
        "finish",
        "opens",
        "cost",
        "spend",
        "funding",
        "basis",
        "estimated",
        "estimates",
        "reason",
    ],
    "milestones": ["project", "kind", "year", "firm", "actual", "late_years"],
    "targets": ["county", "zone", "stage", "year", "needed", "supply", "missing", "soft"],
    "funding": [
        "source",
        "county",
        "year",
        "cap",
        "brought_forward",
        "planned",
        "carried_forward",
        "marginal_value",
    ],
    "seats": ["county", "zone", "stage", "year", "demand", "supply", "shortage"],
}
CELL = Cell("Shizhu", "", Stage.PRIMARY)


def a_full_plan() -> Plan:
    """Two projects in five years, one left out; every list of the document has an entry."""
    problem = a_problem(
        [
            a_candidate("p1", cost=1000, seats=90),
            a_candidate("p2", cost="2000.5", estimated={"total_cost": "4001 座"}),
        ],
        sources={a_source("local", carry=1): {2021: 500, 2022: 300}, a_source("shared", county="*"): 400},
        demand={CELL: dict.fromkeys(range(2021, 2026), 100)},
        capacity={CELL: dict.fromkeys(range(2021, 2026), 50)},
        milestones=(a_milestone("p1", year=2022), a_milestone("p2", MilestoneKind.START_BY, 2023)),
    )
    objectives = (
        Objective("seat_shortage", Decimal(100), Decimal("99.5"), False),
        Objective("cost", Decimal("1000.25"), Decimal("1000.25"), True),
    )
    plan = a_plan(problem, {"p1": 2021}, status=Status.FEASIBLE, objectives=objectives)
    assert plan.evaluation
    target = TargetLine("Shizhu", "", "primary", 2025, 150, 140, True)
    return replace(plan, evaluation=replace(plan.evaluation, targets=(target,)))


def an_infeasible_plan() -> Plan:
    conflict = (
        Requirement("cap", Text("不够", "too little"), source="local", county="Shizhu", year=2023),
        Requirement("mandatory", Text("必建", "must be built"), project="p1"),
    )
    plan = a_plan(a_problem([a_candidate()]), status=Status.INFEASIBLE, conflict=conflict)
    change = Change(
        kind=ChangeKind.RAISE_CAP, setting="cap", source="local", county="Shizhu", year=2023,
        amount=Decimal("1240.50"), text=Text("提高", "raise"),
    )  # fmt: skip
    repair = Repair(
        scope=Scope.ONE_CAP, text=Text("提高上限", "raise the cap"), changes=(change,), proven=False
    )
    result = replace(
        plan.result,
        other_conflicts=(Conflict(conflict[:1], minimal=False),),
        repairs=(repair,),
        repair_notes=(Text("无法", "cannot"),),
    )
    return replace(plan, result=result)


@pytest.mark.parametrize("status", list(Status))
def test_has_every_key_in_the_order_of_the_contract_whatever_the_status(status: Status) -> None:
    produced = document(a_plan(a_problem([a_candidate()]), status=status))
    assert list(produced) == TOP
    assert produced["format"] == 1
    assert produced["status"] == status.value
    assert list(produced["seconds"]) == ["import", "solve", "export"]


def test_entries_have_every_key_in_the_order_of_the_contract() -> None:
    produced = document(a_full_plan())
    for name, keys in ENTRIES.items():
        assert produced[name], name
        assert all(list(entry) == keys for entry in produced[name]), name


def test_a_scheduled_project_shows_its_years_and_who_pays() -> None:
    # 1000 万元 in 40/60: 400 in 2021 local; 600 in 2022, 300 of it local, 300 shared
    project = document(a_full_plan())["projects"][0]
    assert (project["start"], project["finish"], project["opens"]) == (2021, 2022, 2023)
    assert project["cost"] == 1000.0
    assert project["spend"] == {"2021": 400.0, "2022": 600.0}
    assert project["funding"] == {"2021": {"local": 400.0}, "2022": {"local": 300.0, "shared": 300.0}}
    assert project["reason"] is None
    assert project["name_en"] == ""


def test_a_deferred_project_has_no_years_no_money_and_a_reason_in_both_languages() -> None:
    plan = replace(a_full_plan(), reasons={"p2": Reason("cap", Text("钱不够", "not enough money"))})
    project = document(plan)["projects"][1]
    assert project["selected"] is False
    assert (project["start"], project["finish"], project["opens"]) == (None, None, None)
    assert (project["cost"], project["spend"], project["funding"]) == (2000.5, {}, {})
    assert project["reason"] == {
        "code": "cap",
        "text": "钱不够 / not enough money",
        "text_zh": "钱不够",
        "text_en": "not enough money",
        "outranked_by": [],
        "admission": None,
        "counterfactual": None,
    }


EXPLAINED = Reason(
    "cap",
    Text("钱不够", "not enough money"),
    ("p1",),
    Admission(2022, (Raise("local", 2022, 12_50), Raise("shared", 2023, 1)), True, {"p1": 2021}),
    Counterfactual(2023, (Move("p1", 2021, None), Move("p3", None, 2022)), 18, -2_25,
                   (ObjectiveChange("seat_shortage", Decimal("4.5")), ObjectiveChange("cost", Decimal("-2.25"))), False),
)  # fmt: skip


def test_a_late_project_has_a_reason_with_all_its_figures() -> None:
    reason = document(replace(a_full_plan(), reasons={"p1": EXPLAINED}))["projects"][0]["reason"]
    assert reason["outranked_by"] == ["p1"]
    assert reason["admission"] == {
        "start": 2022,
        "proven": True,
        "total": 12.51,
        "raises": [
            {"source": "local", "year": 2022, "amount": 12.5},
            {"source": "shared", "year": 2023, "amount": 0.01},
        ],
        "with": [{"project": "p1", "start": 2021}],
    }
    assert reason["counterfactual"] == {
        "start": 2023,
        "proven": False,
        "seat_years": 18,
        "spend": -2.25,
        "moves": [{"project": "p1", "from": 2021, "to": None}, {"project": "p3", "from": None, "to": 2022}],
        "objectives": [{"name": "seat_shortage", "change": 4.5}, {"name": "cost", "change": -2.25}],
    }


def test_a_reason_comes_back_from_the_document_as_it_was() -> None:
    written = json.loads(dumps(replace(a_full_plan(), reasons={"p1": EXPLAINED})), parse_float=Decimal)
    assert json_reason.read(written["projects"][0]["reason"]) == EXPLAINED


def test_spend_leaves_out_years_before_the_horizon() -> None:
    # 15/35/35/15 from 2019: the horizon from 2021 on sees the last two years only
    problem = a_problem([a_candidate("p1", cost=100, duration_years=4, fixed_start=2019)])
    project = document(a_plan(problem, {"p1": 2019}))["projects"][0]
    assert project["start"] == 2019
    assert project["spend"] == {"2021": 35.0, "2022": 15.0}


def test_milestones_tell_the_year_reached_and_null_for_never() -> None:
    met, never = document(a_full_plan())["milestones"]
    assert met == {
        "project": "p1",
        "kind": "open_by",
        "year": 2022,
        "firm": False,
        "actual": 2023,
        "late_years": 1,
    }
    assert (never["kind"], never["actual"], never["late_years"]) == ("start_by", None, 3)


def test_seats_cover_every_cell_with_demand_in_every_year() -> None:
    seats = document(a_full_plan())["seats"]
    assert [line["year"] for line in seats] == [2021, 2022, 2023, 2024, 2025]
    assert [line["shortage"] for line in seats] == [50, 50, 0, 0, 0]


def test_funding_leaves_out_rows_without_any_money() -> None:
    rows = document(a_full_plan())["funding"]
    local = [row["year"] for row in rows if row["source"] == "local"]
    assert local == [2021, 2022, 2023]  # 2023: what 2022 left over
    assert all(row["marginal_value"] is None for row in rows)


def test_the_value_of_money_stands_where_it_is_known_and_brings_in_rows_without_money() -> None:
    values = {("local", 2021): Decimal("349.91"), ("local", 2022): Decimal("0.00"), ("local", 2025): Decimal("4.30"),
              ("local", 2024): Decimal("0.00")}  # fmt: skip
    rows = document(replace(a_full_plan(), marginal=values))["funding"]
    found = {row["year"]: row["marginal_value"] for row in rows if row["source"] == "local"}
    assert found == {2021: 349.91, 2022: 0.0, 2023: None, 2024: 0.0, 2025: 4.3}


def test_objective_numbers_are_integers_where_they_are_whole() -> None:
    shortage, cost = document(a_full_plan())["objectives"]
    assert shortage == {
        "name": "seat_shortage",
        "value": 100,
        "bound": 99.5,
        "gap": pytest.approx(0.005),
        "proven": False,
    }
    assert isinstance(shortage["value"], int)
    assert cost["value"] == 1000.25


def test_an_unknown_bound_is_null() -> None:
    unknown = Objective("cost", Decimal(5), Decimal("-Infinity"), False)
    produced = json.loads(dumps(a_plan(objectives=(unknown,))))["objectives"][0]
    assert (produced["value"], produced["bound"], produced["gap"]) == (5, None, None)


def test_infeasible_lists_the_conflict_and_nothing_else() -> None:
    produced = document(an_infeasible_plan())
    assert all(produced[name] == [] for name in ENTRIES)
    assert produced["years"] == [2021, 2022, 2023, 2024, 2025]
    cap, mandatory = produced["infeasible"]["conflict"]
    assert cap == {
        "rule": "cap",
        "project": "",
        "source": "local",
        "county": "Shizhu",
        "year": 2023,
        "text": "不够 / too little",
        "text_zh": "不够",
        "text_en": "too little",
    }
    assert (mandatory["project"], mandatory["year"]) == ("p1", None)


def test_infeasible_tells_other_conflicts_and_what_would_mend_it() -> None:
    told = document(an_infeasible_plan())["infeasible"]
    assert list(told) == ["conflict", "minimal", "others", "repairs", "notes"]
    assert told["minimal"] is True
    assert told["others"] == [{"conflict": told["conflict"][:1], "minimal": False}]
    assert told["notes"] == [{"text": "无法 / cannot", "text_zh": "无法", "text_en": "cannot"}]
    (repair,) = told["repairs"]
    (change,) = repair.pop("changes")
    assert repair == {
        "text": "提高上限 / raise the cap",
        "text_zh": "提高上限",
        "text_en": "raise the cap",
        "scope": "one_cap",
        "proven": False,
    }
    assert change == {
        "kind": "raise_cap",
        "setting": "cap",
        "source": "local",
        "project": "",
        "county": "Shizhu",
        "year": 2023,
        "amount": 1240.5,
        "target": None,
        "text": "提高 / raise",
        "text_zh": "提高",
        "text_en": "raise",
    }


def test_infeasible_is_null_when_no_proof_was_found() -> None:
    assert document(a_plan(status=Status.NO_SOLUTION))["infeasible"] is None


@pytest.mark.parametrize(
    ("stated", "estimated", "shown"),
    [
        (Basis.STATED, {}, Basis.STATED),
        (Basis.STATED, {"total_cost": "90 座 × 1 元/座"}, Basis.DERIVED),
        (Basis.STATED, {"duration_years": "2 年"}, Basis.STATED),
        (Basis.DERIVED, {"total_cost": "90 座 × 1 元/座"}, Basis.DERIVED),
        (Basis.ASSUMED, {"total_cost": "90 座 × 1 元/座"}, Basis.ASSUMED),
    ],
)
def test_an_estimated_cost_is_at_best_derived(stated: Basis, estimated: dict[str, str], shown: Basis) -> None:
    assert worst_basis(a_candidate(basis=stated, estimated=estimated)) is shown


def test_every_estimate_is_told_with_its_formula_and_the_basis_of_its_norm() -> None:
    first, second = document(a_full_plan())["projects"]
    assert (first["estimated"], first["estimates"]) == ([], [])
    assert second["estimated"] == ["total_cost"]
    assert second["estimates"] == [
        {"field": "total_cost", "value": 2000.5, "formula": "4001 座", "basis": "assumed"}
    ]


def test_created_at_keeps_the_offset() -> None:
    plan = a_plan(created_at=datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=timezone(timedelta(hours=8))))
    assert document(plan)["created_at"] == "2026-01-02T03:04:05+08:00"


def test_the_text_is_readable_utf8_and_ends_with_a_newline() -> None:
    text = dumps(a_full_plan())
    assert "p1学校" in text
    assert text.endswith("}\n")
    assert json.loads(text.encode()) == document(a_full_plan())


def backwards(mapping: Mapping[Any, Any]) -> dict[Any, Any]:
    return dict(reversed(list(mapping.items())))


def test_the_same_plan_gives_the_same_bytes_whatever_the_order_of_its_mappings() -> None:
    plan = a_full_plan()
    assert plan.evaluation
    first, second = plan.evaluation.projects
    turned = replace(
        first,
        spend=backwards(first.spend),
        funding=backwards({year: backwards(paid) for year, paid in first.funding.items()}),
    )
    other = replace(plan, evaluation=replace(plan.evaluation, projects=(turned, second)))
    assert dumps(plan) == dumps(a_full_plan()) == dumps(other)


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_any_amount_prints_with_at_most_two_decimals_and_reads_back_exactly(amount: int) -> None:
    printed = json.dumps(wan_number(amount))
    assert re.fullmatch(r"\d+\.\d{1,2}", printed)
    assert Decimal(printed) == to_wan(amount)


@given(st.integers(min_value=1, max_value=10**11), st.integers(min_value=1, max_value=5))
def test_yearly_money_in_the_document_adds_up_exactly(cost: int, duration: int) -> None:
    candidate = a_candidate(cost=str(to_wan(cost)), duration_years=duration)
    plan = a_plan(a_problem([candidate]), {"p1": 2021})
    project = json.loads(dumps(plan), parse_float=Decimal)["projects"][0]
    assert sum(project["spend"].values()) == project["cost"] == to_wan(cost)
    for year, spent in project["spend"].items():
        assert sum(project["funding"][year].values()) == spent


def keys_of(value: Any) -> set[str]:
    """Every key in the document but years and source keys, which are data."""
    if isinstance(value, list):
        return set().union(*map(keys_of, value))
    if not isinstance(value, dict):
        return set()
    inner = [keys_of(v) for k, v in value.items() if not (k in ("spend", "funding") and isinstance(v, dict))]
    return set(value).union(*inner)


def test_every_key_is_described_in_the_guide() -> None:
    described = set(re.findall(r"^\| `(\w+)` \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE))
    plan = replace(a_full_plan(), reasons={"p1": EXPLAINED})
    produced = keys_of(document(plan)) | keys_of(document(an_infeasible_plan()))
    assert produced == described
