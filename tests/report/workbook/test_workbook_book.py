"""The schedule workbook as a whole: sheets, languages, bytes, odd inputs, size."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
from openpyxl.workbook import Workbook as Book

from portfolio.domain.notice import Notice, Severity
from portfolio.domain.project import Basis, MilestoneKind, Nature, Stage
from portfolio.domain.schedule import Requirement, Status
from portfolio.domain.text import Lang, Text
from portfolio.report import labels
from portfolio.report.workbook.book import SHEETS, write
from portfolio.scenario.plan import Plan
from tests.report.builders import a_candidate, a_plan, a_problem, a_source
from tests.report.workbook.opened import foot, opened, rows, texts, written
from tests.report.workbook.plans import annex_plan, full_plan, large_plan

LONG = "石柱土家族自治县西沱镇第二小学附属幼儿园教学综合楼及运动场改扩建工程（含配套管网）" * 3

ODD_PLANS = {
    "nothing to schedule": a_plan(a_problem([]), {}),
    "nothing scheduled": a_plan(a_problem([a_candidate()]), {}),
    "one year": a_plan(a_problem([a_candidate(duration_years=1)], years=(2024, 2024)), {"p1": 2024}),
    "many years": large_plan(6, 2, years=(2021, 2043)),
    "unknown county": large_plan(5, 3),
    "long names": a_plan(a_problem([a_candidate(name_zh=LONG, name_en=LONG, scale=LONG * 9)]), {"p1": 2021}),
    "no money": a_plan(a_problem([a_candidate(cost=0)], sources={a_source(): 0}), {"p1": 2021}),
    "no names": a_plan(a_problem([a_candidate(name_zh="", nature=None)]), {"p1": 2021}),
    "published form": annex_plan(),
}


@pytest.mark.parametrize("lang", get_args(Lang))
def test_has_every_sheet_in_order_with_titles_in_the_language(lang: Lang, tmp_path: Path) -> None:
    titles = [labels.label(f"sheet.{name}").pick(lang) for name in SHEETS]
    assert written(full_plan(), tmp_path, lang).sheetnames == titles


def shown(book: Book) -> list[tuple[str, str]]:
    """(sheet, text) of everything that a reader sees: cells, units of numbers, footers, hints of entry."""
    found = [(sheet.title, text) for sheet in book for text in texts(sheet)]
    found += [(s.title, c.number_format) for s in book for row in s.iter_rows() for c in row]
    for sheet in book:
        found += [(sheet.title, foot(sheet, part)) for part in ("left", "center", "right")]
        for rule in sheet.data_validations.dataValidation:
            found += [(sheet.title, str(text)) for text in (rule.prompt, rule.promptTitle, rule.error)]
    return found


def without_data(text: str, plan: Plan) -> str:
    """The text without names, keys and the like, which come from the planner."""
    problem = plan.problem
    data = {plan.run, plan.input_name, plan.input_sha256, problem.title, problem.scenario, *plan.versions}
    for candidate in problem.candidates.values():
        estimates = (estimate.formula for estimate in candidate.estimated.values())
        data |= {candidate.key, candidate.row.name_zh, candidate.row.county, *(t.zh for t in estimates)}
    data |= {name for source in problem.sources.values() for name in (source.key, source.name_zh)}
    data |= {milestone.source for milestone in problem.milestones}
    for word in sorted(filter(None, data), key=len, reverse=True):
        text = text.replace(word, "")
    return text


@pytest.mark.parametrize("plan", [full_plan(), ODD_PLANS["nothing scheduled"]], ids=["full", "nothing"])
def test_english_workbook_speaks_english_but_for_data_and_the_published_form(
    plan: Plan, tmp_path: Path
) -> None:
    found = [(s, without_data(t, plan)) for s, t in shown(written(plan, tmp_path, "en")) if s != "Official"]
    of_sources = r"县|财政预算|上级补助"  # names of sources without their county's
    chinese = r"[\u3000-\u9fff\uff00-\uffef]"
    left = [(sheet, re.sub(rf"万元|{of_sources}", "", text)) for sheet, text in found]
    assert [(sheet, text) for sheet, text in left if re.search(chinese, text)] == []


@pytest.mark.parametrize("plan", [full_plan(), ODD_PLANS["nothing scheduled"]], ids=["full", "nothing"])
def test_chinese_workbook_speaks_chinese_but_for_data_and_codes(plan: Plan, tmp_path: Path) -> None:
    """Codes: number formats, cell codes of the supply formulas, a command."""
    found = [(s, without_data(t, plan)) for s, t in shown(written(plan, tmp_path, "zh"))]
    codes = r"General|\[Red\]|\w+:(demand|supply|balance)|portfolio|import|--dry-run|SHA-256|&[PN]"
    left = [(sheet, re.sub(codes, "", text)) for sheet, text in found]
    assert [(sheet, text) for sheet, text in left if re.search("[A-Za-z]{2,}", text)] == []


def test_no_word_is_defined_twice() -> None:
    """The catalogue is put together from several; a key in two of them would change the other's words."""
    folder = Path(labels.__file__).parent
    own = Counter(
        key
        for file in [folder / "labels.py", *folder.glob("*_words.py")]
        for key in re.findall(r'^    "([^"]+)": ?\(', file.read_text("utf-8"), re.MULTILINE)
    )
    assert [key for key, times in own.items() if times > 1] == []


@pytest.mark.parametrize("name", ODD_PLANS)
@pytest.mark.parametrize("lang", get_args(Lang))
def test_writes_any_plan(name: str, lang: Lang, tmp_path: Path) -> None:
    book = written(ODD_PLANS[name], tmp_path, lang)
    assert [sheet.title for sheet in book if not texts(sheet)] == []


def test_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write(full_plan(), first)
    write(full_plan(), second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-5", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x", "007"]
)
def test_text_of_users_stays_text(text: str, tmp_path: Path) -> None:
    """Wherever it turns up: names, keys, counties, places, notes, notices."""
    row = a_candidate(
        text,
        county=text,
        name_zh=text,
        name_en=text,
        location=text,
        scale=text,
        source=text,
        locator=text,
        notes=text,
    )
    notice = Notice(severity=Severity.NOTICE, place=text, text=Text(text, text), found=text)
    problem = a_problem([row], sources={a_source(text, county="*", name_zh=text): 10**6}, notices=(notice,))
    path = tmp_path / "schedule.xlsx"
    write(a_plan(problem, {text: 2021}, input_name=text), path)
    book = opened(path, formulas=True)
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value == text]
    assert len(cells) > 10
    if not text.startswith("="):
        assert {cell.data_type for cell in cells} == {"s"}
    stored = opened(path)
    shown = [cell for sheet in stored for line in sheet.iter_rows() for cell in line if cell.value == text]
    assert len(shown) == len(cells)  # as a formula it would show its value


@pytest.mark.parametrize("status", [Status.INFEASIBLE, Status.NO_SOLUTION])
def test_without_a_schedule_tells_why_and_writes_no_empty_sheet(status: Status, tmp_path: Path) -> None:
    conflict = (
        Requirement("cap", Text("2022 年上限 100 万元", "the 2022 cap of 100"), source="budget", year=2022),
        Requirement("mandatory", Text("p1 必建", "p1 is mandatory"), project="p1", county="Shizhu"),
    )
    plan = a_plan(a_problem([a_candidate()]), {}, status=status, conflict=conflict)
    book = written(plan, tmp_path)
    assert book.sheetnames == ["概览 Summary", "日志 Log"]
    said = "\n".join(texts(book["概览 Summary"]))
    assert "2022 年上限 100 万元\nthe 2022 cap of 100" in said
    assert "资金上限" in said
    assert "p1学校" in said


def test_two_thousand_projects_are_all_there(tmp_path: Path) -> None:
    plan: Plan = large_plan(2000, 40)
    assert plan.result.schedule
    book = written(plan, tmp_path)
    table = [row for row in rows(book["甘特 Gantt"]) if isinstance(row[0], int)]
    assert len(table) == 2000
    assert [value for value in rows(book["概览 Summary"])[4] if value is not None][:2] == [1500, 500]
    header = next(row for row in rows(book["甘特 Gantt"]) if row[0] == "序号\nNo.")
    column = header.index("开工\nStart")
    shown = {row[1]: row[column] for row in table if row[column]}
    assert shown == {f"{key}学校": year for key, year in plan.result.schedule.starts.items()}


def test_log_tells_inputs_settings_and_notices(tmp_path: Path) -> None:
    notice = Notice(
        severity=Severity.WARNING, place="Projects!K2", text=Text("约数", "about"), found="约2740"
    )
    plan = a_plan(
        a_problem([a_candidate()], notices=(notice,), inputs_sha256="cd" * 32), {"p1": 2021}, run="base-7"
    )
    said = texts(written(plan, tmp_path)["日志 Log"])
    for text in (
        "base-7",
        "cd" * 32,
        "ab" * 32,
        "projects.xlsx",
        "9.15",
        "2026-01-02 03:04:05+00:00",
        "Projects!K2",
        "约2740",
    ):
        assert text in said


def test_every_label_has_both_languages() -> None:
    assert [key for key, (zh, en) in labels.WORDS.items() if not zh or not en] == []
    placeholders = [key for key, (zh, en) in labels.WORDS.items() if zh.count("{") != en.count("{")]
    assert [key for key in placeholders if not key.startswith("term.")] == []


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("stage", Stage),
        ("nature", Nature),
        ("basis", Basis),
        ("status", Status),
        ("milestone", MilestoneKind),
        ("severity", Severity),
    ],
)
def test_every_coded_value_has_words(group: str, codes: type[Stage]) -> None:
    assert [code for code in codes if f"{group}.{code}" not in labels.WORDS] == []


def test_counties_have_names_and_unknown_ones_keep_their_key() -> None:
    assert labels.county_label("Shizhu") == Text("石柱县", "Shizhu")
    assert labels.county_label("梁平区") == Text("梁平区", "Liangping")
    assert labels.county_label("Elsewhere") == Text("Elsewhere", "Elsewhere")
