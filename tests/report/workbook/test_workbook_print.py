"""How the schedule workbook prints: page breaks, footers, words in one language."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet as Sheet

from portfolio.report.workbook.breaks import page_breaks
from portfolio.report.workbook.page import A4, Page, filled, quoted
from portfolio.report.workbook.styles import Styles
from tests.report.workbook.opened import row_with, rows, texts, written
from tests.report.workbook.plans import full_plan, large_plan

MONEY_SHEETS = {"概览 Summary", "甘特 Gantt", "重大项目规划表 Official", "年度投资计划 Annual plan", "资金 Funding", "未排 Deferred"}  # fmt: skip


def a_page(heights: Iterable[float]) -> Page:
    page = Page(
        xlsxwriter.Workbook("unused.xlsx", {"in_memory": True}), Styles(xlsxwriter.Workbook()), "zh", "log"
    )
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
    assert page_breaks(page, blocks, paper=A4, landscape=True, last_col=0, repeat=0) == expected


def test_a_heading_stays_with_the_row_below_it() -> None:
    page = a_page([50] * 12)
    block = [*((n, n) for n in range(1, 8)), (8, 9), (10, 10)]
    assert page_breaks(page, [block], paper=A4, landscape=True, last_col=0, repeat=0) == [8]


def test_only_sheets_with_money_name_its_unit_at_the_foot(tmp_path: Path) -> None:
    book = written(full_plan(), tmp_path)
    found = {sheet.title for sheet in book if "万元" in right_foot(sheet)}
    assert found == MONEY_SHEETS


def right_foot(sheet: Sheet) -> str:
    footer = sheet.oddFooter
    return str(footer.right.text) if footer and footer.right else ""


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
