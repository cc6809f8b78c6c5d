"""What schedule.xml says in words: notes, names, properties; whatever users wrote stays text."""

from __future__ import annotations

from pathlib import Path

import pytest

from portfolio.domain.text import Lang
from portfolio.report.labels import label
from portfolio.report.mspdi.markup import line, note
from tests.report.builders import a_candidate, a_plan, a_problem, a_source
from tests.report.mspdi.opened import NAMESPACE, aliases_of, all_of, expected, text, values, written
from tests.report.mspdi.plans import LANGS, SHOWN, no_schedule, related_plan
from tests.report.workbook.plans import full_plan


def test_notes_say_what_no_field_can(tmp_path: Path) -> None:
    plan = related_plan()
    root, place = written(plan, tmp_path / "schedule.xml", "en"), expected(plan, "en").place

    def said(key: str, what: str = "project") -> str:
        return text(all_of(root, "Task")[place[key, what] + 1], "Notes")

    assert "Together (pair): Tied school" in said("first")
    assert "Exclusion (#4): excluded学校" in said("first")
    assert "Promise: Open by 2024 (Aim): 2024" in said("first")
    assert "Promise: Finish by 2022 (Aim): 2023, years late: 1" in said("first")
    assert "starts after First school (first) is finished; years between: 1" in said("second")
    assert "Estimated fields: Cost = 90 座 × 8" in said("third")
    assert "Phases are a convention, not data" in said("first", "construction")
    assert "Seats count in September" in said("first", "opens")
    whole = text(all_of(root, "Task")[0], "Notes")
    assert "Yunyang\nNot scheduled (1):\n- excluded学校 (excluded): Funding cap: " in whole
    assert "Promise: Open by 2024 (Aim): never" in whole
    assert "Money is in yuan" in whole


def test_deferred_projects_stand_in_the_notes_of_their_county_and_are_no_tasks(tmp_path: Path) -> None:
    root = written(full_plan(), tmp_path / "schedule.xml", "zh")
    county = all_of(root, "Task")[1]
    assert "未排项目（1 项）：\n- out学校 (out): 资金上限: 资金上限内排不下" in text(county, "Notes")
    assert [text(task, "Name") for task in all_of(root, "Task") if "out" in text(task, "Name")] == []


def test_many_deferred_projects_are_counted_not_all_named(tmp_path: Path) -> None:
    plan = a_plan(a_problem([a_candidate(f"p{n}") for n in range(303)]), {"p0": 2021})
    told = text(all_of(written(plan, tmp_path / "schedule.xml", "en"), "Task")[1], "Notes").splitlines()
    assert (told[0], told[-1], len(told)) == ("Not scheduled (302):", "2 more, see the workbook", 302)


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    plan = related_plan()
    root, place = written(plan, tmp_path / "schedule.xml", "zh"), expected(plan, "zh").place
    task = all_of(root, "Task")[place["hostile", "project"] + 1]
    fields = values(task, aliases_of(root))
    assert text(task, "Name") == fields["来源文件"] == SHOWN
    assert fields["出处位置"] == "页" * 254 + "…"
    assert "页" * 300 in text(task, "Notes")
    payment = all_of(root, "Task")[place["hostile", "2031"] + 1]
    assert text(payment, "Name") == f"2031 年支付 · {SHOWN}"


@pytest.mark.parametrize(
    ("found", "shown"), [("a\x00b", "a\ufffdb"), ("]]>", "]]&gt;"), ("\ud800", "\ufffd"), ("😀", "😀")]
)
def test_characters_that_xml_forbids_are_replaced(found: str, shown: str) -> None:
    assert note(found) == line(found) == shown


def test_sources_are_cost_resources_with_names_that_project_takes(tmp_path: Path) -> None:
    root = written(related_plan(), tmp_path / "schedule.xml", "en")
    found = [[text(one, part) for part in ("Name", "Code", "Group", "Type", "IsCostResource", "Cost")]
             for one in all_of(root, "Resource")]  # fmt: skip
    assert [one[:3] for one in found] == [
        ["County， ［1］； budget", "own, [1]; x", "Shizhu"],
        ["上级补助", "shared", "Shared by counties"],
        ["unused", "unused", "Yunyang"],
    ]
    assert {tuple(one[3:5]) for one in found} == {("0", "1")}
    assert found[2][5] == "0"
    assert "Caps by year (万元): 2021: 900.00; 2022: 900.00" in text(all_of(root, "Resource")[0], "Notes")


def test_sources_of_one_name_are_told_apart(tmp_path: Path) -> None:
    sources = {
        a_source("a", name_zh="财政"): 900,
        a_source("b", county="Yunyang", name_zh="财政"): 900,
        a_source("c", county="Yunyang", name_zh="财政"): 900,
        a_source("d", county="Yunyang", name_zh="专项"): 900,
    }
    root = written(a_plan(a_problem(sources=sources), {}), tmp_path / "schedule.xml", "zh")
    names = [text(one, "Name") for one in all_of(root, "Resource")]
    assert names == ["财政 · 石柱县", "财政 · 云阳县 · b", "财政 · 云阳县 · c", "专项"]


@pytest.mark.parametrize("lang", LANGS)
def test_names_of_fields_are_such_as_project_takes(lang: Lang, tmp_path: Path) -> None:
    names = list(aliases_of(written(related_plan(), tmp_path / "schedule.xml", lang)).values())
    assert len(names) == len(set(names)) == 15 + 8 + 10
    assert [name for name in names if len(name) > 50 or set(name) & set(".![]'\"")] == []


def test_properties_name_units_calendar_and_nobody(tmp_path: Path) -> None:
    root = written(full_plan(), tmp_path / "schedule.xml", "en")
    told = ("Title", "Category", "CreationDate", "CurrencyCode", "CurrencyDigits", "MinutesPerDay", "MinutesPerWeek", "DaysPerMonth")  # fmt: skip
    assert [text(root, name) for name in told] == [
        "基准情景 base", "base", "2026-01-02T03:04:05", "CNY", "2", "480", "3360", "30",
    ]  # fmt: skip
    assert (text(root, "StartDate"), text(root, "FinishDate")) == (
        "2020-01-01T08:00:00",
        "2026-09-01T08:00:00",
    )
    assert all(root.find(NAMESPACE + who) is None for who in ("Author", "Manager", "Company"))
    assert text(root, "CalendarUID") == text(all_of(root, "Calendar")[0], "UID")


def test_without_a_schedule_the_comments_say_why(tmp_path: Path) -> None:
    root = written(no_schedule(), tmp_path / "schedule.xml")
    (whole,) = all_of(root, "Task")
    told = text(whole, "Notes")
    assert label("status.infeasible.note").zh in told
    assert "没有排期，故没有任务。" in told
    assert "- 资金上限 / Funding cap: 2022 年资金 <不足> / money of 2022 is too little" in told
    assert (text(root, "StartDate"), text(root, "FinishDate")) == (
        "2021-01-01T08:00:00",
        "2025-12-31T17:00:00",
    )
