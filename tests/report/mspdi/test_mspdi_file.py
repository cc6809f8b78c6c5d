"""schedule.xml as any program reads it: order, outline, dates, money, texts."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.domain.text import Lang
from portfolio.report import mspdi
from portfolio.report.json_document import document
from portfolio.report.mspdi.markup import lag, line
from portfolio.scenario.plan import Plan
from tests.report.builders import a_plan
from tests.report.mspdi.opened import (
    NAMESPACE,
    aliases_of,
    all_of,
    duration_hours,
    expected,
    paid_by_source_and_year,
    planned,
    row_of,
    text,
    values,
    written,
    yuan,
)
from tests.report.mspdi.plans import LANGS, PLANS, related_plan
from tests.report.mspdi.schema import MANY, ORDER, ROOT
from tests.report.workbook.plans import annex_plan, full_plan, full_problem


@pytest.fixture(params=PLANS)
def plan(request: pytest.FixtureRequest) -> Plan:
    return PLANS[request.param]()


def test_elements_stand_in_the_order_of_the_schema(plan: Plan, tmp_path: Path) -> None:
    def wrong(element: ET.Element, path: str) -> list[str]:
        tags = [child.tag.removeprefix(NAMESPACE) for child in element]
        if not tags:
            return []
        order = ORDER[path].split()
        unknown = [tag for tag in tags if tag not in order]
        places = [order.index(tag) for tag in tags if tag in order]
        twice = [tag for tag in set(tags) if tag not in MANY and tags.count(tag) > 1]
        told = [f"{path}: {name}" for name in unknown + twice]
        if places != sorted(places):
            told.append(f"{path}: {tags}")
        for child, tag in zip(element, tags, strict=True):
            told += wrong(child, f"{path}.{tag}")
        return told

    root = written(plan, tmp_path / "schedule.xml")
    assert root.tag == NAMESPACE + ROOT
    assert wrong(root, ROOT) == []


@pytest.mark.parametrize("lang", LANGS)
def test_task_list_is_the_plan(plan: Plan, lang: Lang, tmp_path: Path) -> None:
    whole, *tasks = all_of(written(plan, tmp_path / "schedule.xml", lang), "Task")
    rows = [row_of(task) for task in tasks]
    assert rows == expected(plan, lang).rows
    assert yuan(whole) == sum((row.cost for row in rows if row.level == 1), Decimal(0))
    assert [text(task, "UID") for task in tasks] == [str(n) for n in range(1, len(tasks) + 1)]
    assert [text(task, "ID") for task in tasks] == [text(task, "UID") for task in tasks]


def test_outline_numbers_count_every_level(plan: Plan, tmp_path: Path) -> None:
    counts: list[int] = []
    for task in all_of(written(plan, tmp_path / "schedule.xml"), "Task")[1:]:
        level = int(text(task, "OutlineLevel"))
        counts = [*counts, 0][:level] if len(counts) < level else counts[:level]
        counts[-1] += 1
        assert text(task, "OutlineNumber") == text(task, "WBS") == ".".join(map(str, counts))


def test_durations_agree_with_dates_and_milestones_have_none(plan: Plan, tmp_path: Path) -> None:
    tasks = all_of(written(plan, tmp_path / "schedule.xml"), "Task")
    for task in tasks:
        hours = duration_hours(row_of(task))
        assert text(task, "Duration") == text(task, "RemainingDuration") == f"PT{hours}H0M0S"
        assert text(task, "Milestone") == str(int(hours == 0))
    levels = [*(int(text(task, "OutlineLevel")) for task in tasks), 0]
    for task, (level, below) in zip(tasks, pairwise(levels), strict=True):
        assert text(task, "Summary") == str(int(below > level or level == 0))


def test_every_date_is_held_by_a_constraint_but_those_of_summaries(plan: Plan, tmp_path: Path) -> None:
    for task in all_of(written(plan, tmp_path / "schedule.xml"), "Task"):
        held = text(task, "ConstraintType"), text(task, "ConstraintDate")
        assert held == (("0", "") if text(task, "Summary") == "1" else ("4", text(task, "Start")))


def test_links_chain_phases_and_carry_relations_with_their_lag(tmp_path: Path) -> None:
    plan = related_plan()
    root, place = written(plan, tmp_path / "schedule.xml"), expected(plan, "both").place

    def links(key: str, what: str) -> list[tuple[int, str, str]]:
        task = all_of(root, "Task")[place[key, what] + 1]
        found = task.findall(f"{NAMESPACE}PredecessorLink")
        return [(int(text(x, "PredecessorUID")) - 1, text(x, "Type"), text(x, "LinkLag")) for x in found]

    def after(key: str, what: str, wait: int = 0) -> tuple[int, str, str]:
        return place[key, what], "1", str(wait)

    for key in ("first", "second", "third", "tied", "hostile"):
        assert links(key, "construction") == [after(key, "preparation")]
        assert links(key, "acceptance") == [after(key, "construction")]
        assert links(key, "opens") == [after(key, "acceptance")]
    assert links("first", "preparation") == [after("first", "first")]
    assert links("first", "first") == links("tied", "preparation") == []
    a_leap_year = 366 * 8 * 60 * 10  # `first` ends in 2023, `second` may start in 2025 at the earliest
    assert links("second", "first") == [after("first", "acceptance", a_leap_year)]
    assert links("third", "preparation") == [after("first", "acceptance"), after("second", "acceptance")]


def test_opening_in_the_year_of_completion_does_not_wait_for_acceptance(tmp_path: Path) -> None:
    plan = full_plan()
    tasks = all_of(written(plan, tmp_path / "schedule.xml", "en"), "Task")
    opens = tasks[expected(plan, "en").place["other", "opens"] + 1]
    assert opens.find(f"{NAMESPACE}PredecessorLink") is None
    assert "does not wait for acceptance" in text(opens, "Notes")


def test_projects_under_way_keep_their_real_start(tmp_path: Path) -> None:
    plan = full_plan()
    root = written(plan, tmp_path / "schedule.xml", "en")
    old = all_of(root, "Task")[expected(plan, "en").place["old", "project"] + 1]
    assert text(old, "Start") == text(root, "StartDate") == "2020-01-01T08:00:00"
    assert values(old, aliases_of(root))["Spent before (万元)"] == "600.00"
    assert "Spent before 2021: 600.00 万元" in text(old, "Notes")


def test_assignments_add_up_to_what_the_document_says_by_source_and_year(plan: Plan, tmp_path: Path) -> None:
    root = written(plan, tmp_path / "schedule.xml")
    paid = paid_by_source_and_year(root, plan)
    assert paid == planned(plan)
    by_source: dict[str, Decimal] = {}
    for (source, _), amount in paid.items():
        by_source[source] = by_source.get(source, Decimal(0)) + amount
    resources = {text(one, "Code"): yuan(one) / 10_000 for one in all_of(root, "Resource")}
    assert {key: amount for key, amount in resources.items() if amount} == {
        line(source): amount for source, amount in by_source.items()
    }


@settings(max_examples=15)
@given(starts=st.fixed_dictionaries({}, optional={
    "old": st.just(2020), "mid": st.integers(2021, 2024), "late": st.integers(2021, 2024),
    "out": st.integers(2021, 2025), "other": st.integers(2021, 2026),
}), escalation=st.sampled_from(["0", "0.035", "0.1"]))  # fmt: skip
def test_costs_are_the_document_s_whatever_is_chosen(
    starts: dict[str, int], escalation: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    plan = a_plan(full_problem(escalation), starts)
    root = written(plan, tmp_path_factory.mktemp("any") / "schedule.xml")
    assert paid_by_source_and_year(root, plan) == planned(plan)
    assert [row_of(task) for task in all_of(root, "Task")[1:]] == expected(plan, "both").rows


def test_fields_say_what_the_document_says(tmp_path: Path) -> None:
    plan = full_plan()
    root, place = written(plan, tmp_path / "schedule.xml", "en"), expected(plan, "en").place
    for project in document(plan)["projects"]:
        if not project["selected"]:
            continue
        got = values(all_of(root, "Task")[place[project["key"], "project"] + 1], aliases_of(root))
        assert got["Key"] == project["key"]
        numbers = {"Start year": "start", "Finish year": "finish", "Opening year": "opens"}
        assert {name: int(got[name]) for name in numbers} == {n: project[key] for n, key in numbers.items()}
        assert float(got["Cost in 万元 before escalation"]) == project["cost"]
        spend = {str(y): Decimal(got[f"Spend {y}"]) / 1_000_000 for y in document(plan)["years"]}
        assert {y: float(a) for y, a in spend.items() if a} == project["spend"]


def test_escalated_spend_and_the_cost_before_it_stand_apart(tmp_path: Path) -> None:
    plan = full_plan(escalation="0.1")
    root, place = written(plan, tmp_path / "schedule.xml", "en"), expected(plan, "en").place
    late = all_of(root, "Task")[place["late", "project"] + 1]
    assert values(late, aliases_of(root))["Cost in 万元 before escalation"] == "3000.00"
    assert yuan(late) > 30_000_000
    assert "escalation of 10% a year from the prices of 2021" in text(all_of(root, "Task")[0], "Notes")


def test_years_after_the_tenth_go_on_in_a_text(tmp_path: Path) -> None:
    plan = related_plan()
    root, place = written(plan, tmp_path / "schedule.xml", "en"), expected(plan, "en").place
    got = values(all_of(root, "Task")[place["hostile", "project"] + 1], aliases_of(root))
    assert got["Spend of later years (万元)"] == "2031: 90.00; 2032: 10.00"
    assert {name for name in got if name.startswith("Spend 2")} == {f"Spend {y}" for y in range(2021, 2031)}


def test_a_county_sums_up_its_projects(tmp_path: Path) -> None:
    root = written(annex_plan(), tmp_path / "schedule.xml", "en")
    county, *projects = (
        values(task, aliases_of(root)) for task in all_of(root, "Task") if text(task, "OutlineLevel") in "12"
    )
    summed = [name for name in county if name != "County"]
    assert county["County"] == "Shizhu"
    assert "Spend 2022" in summed
    assert [Decimal(county[name]) for name in summed] == [
        sum(Decimal(project[name]) for project in projects) for name in summed
    ]


def test_lag_counts_leap_days() -> None:
    assert [lag(2024, n) / 4800 for n in (0, 1, 2, 4)] == [0, 366, 731, 1461]


def test_the_same_plan_gives_the_same_bytes(plan: Plan, tmp_path: Path) -> None:
    first, second = tmp_path / "a.xml", tmp_path / "b.xml"
    for path in (first, second):
        mspdi.write(plan, path)
    assert first.read_bytes() == second.read_bytes()
    assert b"\r" not in first.read_bytes()
