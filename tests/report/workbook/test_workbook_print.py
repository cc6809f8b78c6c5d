"""How the schedule workbook prints: page breaks, footers, words in one language."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet as Sheet

from portfolio.domain.schedule import TargetLine
from portfolio.domain.text import Lang
from portfolio.report.labels import label
from portfolio.report.workbook.book import write
from portfolio.report.workbook.breaks import even_pages, page_breaks
from portfolio.report.workbook.page import A4, Page, filled, quoted
from portfolio.report.workbook.styles import Styles
from portfolio.report.workbook.xlsx_book import Book
from tests.report.builders import a_candidate, a_plan, a_problem
from tests.report.workbook.opened import foot, row_with, rows, texts, written
from tests.report.workbook.plans import full_plan, large_plan

MONEY_SHEETS = {"概览 Summary", "甘特 Gantt", "重大项目规划表 Official", "年度投资计划 Annual plan", "资金 Funding", "未排 Deferred"}  # fmt: skip


def a_page(heights: Iterable[float]) -> Page:
    book = Book("unused.xlsx", {"in_memory": True})
    page = Page(book, Styles(book, "zh"), "zh", "log")
    page.columns([10.0])
    for row, height in enumerate(heights):
        page.row(row, height)
    return page


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((3, 3), []),
        ((2, 2, 2, 2), []),
        ((5, 4), [6]),  # the second needs four rows, three are left
        ((3, 3, 3, 8), [7, 10]),
        ((12,), [9]),
        ((1, 12), [9]),  # taller than a page wherever it begins
    ],
)
def test_a_block_begins_a_page_where_it_does_not_fit(counts: tuple[int, ...], expected: list[int]) -> None:
    """A4 landscape holds about 490 points: a header of 50 and eight rows on every page."""
    page = a_page([50] * (1 + sum(counts)))
    blocks, row = [], 1
    for count in counts:
        blocks.append([(n, n) for n in range(row, row + count)])
        row += count
    assert page_breaks(page, blocks, paper=A4, landscape=True, last_col=0, repeat=(0, 0)) == expected


def test_a_heading_stays_with_the_row_below_it() -> None:
    page = a_page([50] * 12)
    block = [*((n, n) for n in range(1, 8)), (8, 9), (10, 10)]
    assert page_breaks(page, [block], paper=A4, landscape=True, last_col=0, repeat=(0, 0)) == [8]


@pytest.mark.parametrize(
    ("heights", "expected"),
    [
        ([50] * 4, []),
        ([50] * 12, [6]),  # eight fit on the first page and would leave four
        ([50] * 21, [7, 15]),  # seven, eight and six: the first page has the title as well
        ([300, 300], [1]),
        ([900, 50], [1]),  # a row taller than a page
    ],
)
def test_pages_are_few_and_even(heights: list[float], expected: list[int]) -> None:
    """500 points a page, 100 of them taken on the first and 50 on further ones."""
    assert even_pages(heights, 100, 50, 500) == expected


def test_only_sheets_with_money_name_its_unit_at_the_foot(tmp_path: Path) -> None:
    book = written(full_plan(), tmp_path)
    found = {sheet.title for sheet in book if "万元" in foot(sheet, "right")}
    assert found == MONEY_SHEETS


def headers(sheet: Sheet) -> list[int]:
    return [n for n, row in enumerate(rows(sheet)) if row[0] == "项目名称\nProject"]


def test_table_of_seat_effects_begins_every_page_with_its_header(tmp_path: Path) -> None:
    """Of 300 projects 266 add seats; supply counts each of them."""
    sheet = written(large_plan(300, 7), tmp_path)["学位 Seats"]
    found = headers(sheet)
    breaks = [b.id for b in sheet.row_breaks.brk]
    assert breaks[-len(found) :] == [found[0] - 1, *found[1:]]
    assert len(found) == 4


def test_year_total_of_the_annual_plan_adds_up_the_sources(tmp_path: Path) -> None:
    plan = full_plan()
    assert plan.evaluation
    sheet = written(plan, tmp_path)["年度投资计划 Annual plan"]
    head = next(row for row in rows(sheet) if row[0] == "序号\nNo.")
    total = row_with(sheet, "2022 年合计")
    spend = sum(line.spend.get(2022, 0) for line in plan.evaluation.projects) / 100
    assert total[6] == pytest.approx(spend)
    assert sum(total[7:]) == pytest.approx(spend)
    assert head[7:] == ["财政预算", "上级补助"]


def test_english_names_zones_and_begins_sources_with_a_capital(tmp_path: Path) -> None:
    book = written(full_plan(), tmp_path, "en")
    said = texts(book["Seats"])
    assert {"Town", "Villages"} <= set(said)
    assert not {"城区", "乡镇"} & set(said)
    assert "城区 Town" in texts(written(full_plan(), tmp_path)["学位 Seats"])


def test_text_is_written_as_a_formula_writes_it() -> None:
    assert quoted('say "a"') == '"say ""a"""'
    assert quoted("x" * 130) == f'"{"x" * 120}"&"{"x" * 10}"'
    assert filled("a \x01 b", {"\x01": "A1"}) == '"a "&A1&" b"'


def test_form_begins_every_page_with_its_header(tmp_path: Path) -> None:
    """A county with 60 projects takes several pages; the total adds up the rows of all of them."""
    projects = [a_candidate(f"p{n}", cost=100) for n in range(60)]
    plan = a_plan(a_problem(projects), {c.key: 2021 for c in projects})
    sheet = written(plan, tmp_path, "zh")["重大项目规划表"]
    table = rows(sheet)
    heads = [n for n, row in enumerate(table, 1) if row[0] == "序号"]
    breaks = [b.id + 1 for b in sheet.row_breaks.brk]
    assert len(heads) > 2
    assert [table[n - 1][0] for n in breaks] == ["续表"] * (len(heads) - 1)
    assert heads[1:] == [n + 1 for n in breaks]
    assert [row[0] for row in table if isinstance(row[0], int)] == list(range(1, 61))
    assert row_with(sheet, "合计")[5] == 6000


@pytest.mark.parametrize("lang", get_args(Lang))
@pytest.mark.parametrize("years", [(2021, 2026), (2021, 2030), (2021, 2040)])
def test_years_take_half_of_the_printed_gantt(lang: Lang, years: tuple[int, int], tmp_path: Path) -> None:
    """What other sheets tell as well stands beside the printed columns."""
    sheet = written(large_plan(6, 2, years), tmp_path, lang)[label("sheet.gantt").pick(lang)]
    header = next(row for row in rows(sheet) if years[0] in row)
    first = header.index(years[0])
    last = first + years[1] - years[0]
    widths = [
        next(d.width for d in sheet.column_dimensions.values() if (d.min or 0) <= n <= (d.max or 0))
        for n in range(1, last + 3)
    ]
    least = 0.4 if years[1] - years[0] < 9 else 0.5  # six years are wide enough with less
    assert sum(widths[first : last + 1]) >= least * sum(widths)
    assert sheet.print_area.endswith(f"${get_column_letter(last + 2)}${sheet.print_area.rsplit('$', 1)[1]}")


def test_every_sheet_prints_one_page_wide_with_page_numbers(tmp_path: Path) -> None:
    for sheet in written(full_plan(), tmp_path):
        assert sheet.page_setup.paperSize in (8, 9), sheet.title
        fitted = sheet.sheet_properties.pageSetUpPr
        assert fitted, sheet.title
        assert fitted.fitToPage, sheet.title
        assert sheet.page_setup.fitToWidth in (None, 1), sheet.title
        assert "&P" in foot(sheet, "center"), sheet.title
        assert sheet.print_area, sheet.title
        assert sheet.sheet_view.selection[-1].activeCell in ("A1", None) or sheet.freeze_panes, sheet.title


def test_every_chart_is_told_in_words(tmp_path: Path) -> None:
    """For screen readers: what it shows, and where its figures are."""
    path = tmp_path / "schedule.xlsx"
    write(full_plan(), path)
    with zipfile.ZipFile(path) as archive:
        drawings = [archive.read(name).decode() for name in archive.namelist() if "drawings/drawing" in name]
    told = [
        words for drawing in drawings for words in re.findall(r'<xdr:cNvPr [^>]*descr="([^"]*)"', drawing)
    ]
    assert len(told) == sum(drawing.count("<c:chart ") for drawing in drawings) > 5
    assert all("数值见" in words and "The figures stand" in words for words in told)


def test_seat_targets_begin_every_page_with_their_header(tmp_path: Path) -> None:
    """Without milestones the first page begins with the title; 100 targets take three pages."""
    plan = a_plan()
    assert plan.evaluation
    targets = tuple(TargetLine("Shizhu", "", "primary", 2021, 900 + n, 800, True) for n in range(100))
    plan = replace(plan, evaluation=replace(plan.evaluation, targets=targets))
    sheet = written(plan, tmp_path, "zh")["节点"]
    heads = [n for n, row in enumerate(rows(sheet), 1) if row[0] == "序号"]
    assert len(heads) == 3
    assert [b.id + 1 for b in sheet.row_breaks.brk] == heads[1:]
    assert [row[0] for row in rows(sheet) if isinstance(row[0], int)] == list(range(1, 101))
