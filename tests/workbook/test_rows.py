"""Rows as they stand in real workbooks: totals, footers, repeated headers, merged and hidden cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from portfolio.domain.notice import Severity
from portfolio.workbook.problems import MOST_TOLD
from portfolio.workbook.reader import ReadResult, read
from tests.workbook.builders import (
    MINIMAL,
    Rows,
    a_row,
    a_workbook,
    minimal,
    read_sheets,
    the_notice,
    the_portfolio,
    told,
)

SECOND = a_row("Projects", key="p2", name_zh="二小")


def changed(
    folder: Path, change: Callable[[Worksheet], None], sheets: Mapping[str, Rows], sheet: str = "Projects"
) -> ReadResult:
    """Read the sheets after a change to one of them."""
    path = folder / "projects.xlsx"
    workbook = a_workbook(path, sheets)
    change(workbook[sheet])
    workbook.save(path)
    return read(path)


# --- totals, footers, repeated headers ----------------------------------------------------------

SKIPPED: dict[str, dict[Any, object]] = {
    "合计 in the key": {"key": "合计", "total_cost": 100},
    "with a blank": {"key": "合 计", "total_cost": 100},
    "of a county": {"key": "石柱县小计", "total_cost": 100},
    "with its unit": {"key": "总计（万元）：", "total_cost": 100},
    "with a count": {"key": "合计12个项目", "total_cost": 100},
    "共": {"key": "共12个项目", "total_cost": 100},
    "in the name": {"name_zh": "合计", "total_cost": 100},
    "in the county": {"key": None, "county": "小计", "total_cost": 100},
    "in a foreign column": {"no": "合计", "total_cost": 100},
    "in English": {"key": "Grand Total", "total_cost": 100},
    "sub-total": {"key": "Sub-total:", "total_cost": 100},
    "a note": {"key": "注：投资为估算"},
    "a numbered note": {"key": "注1：投资为估算"},
    "who filled it in": {"key": "填表人：张三", "stage": "审核人：李四", "total_cost": "2026年1月5日"},
    "a unit": {"key": "单位：万元"},
    "a date": {"key": "制表日期：2026年1月"},
    "a source": {"name_zh": "数据来源：县教委"},
    "a star": {"key": "* 为续建项目"},
    "a numbered sentence": {"key": "1、本表由县教委填报，每年更新一次"},
    "a sentence": {"key": "以上数据截至2025年底。"},
    "a page": {"key": "第 1 页 共 3 页"},
    "the header again": {key: key for key in a_row("Projects")},
}


@pytest.mark.parametrize("name", list(SKIPPED))
def test_a_row_without_data_is_skipped_with_a_notice(tmp_path: Path, name: str) -> None:
    rows: Rows = [{**a_row("Projects"), "no": 1}, SKIPPED[name], {**SECOND, "no": 2}]
    result = read_sheets(tmp_path, minimal(Projects=rows))
    assert [project.key for project in the_portfolio(result).projects] == ["p1", "p2"]
    assert told(result, "notice") == [("Projects!H1", ""), ("Projects!A3", "")]


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "总计划-1"}, {"key": "total-rebuild"}, {"key": "合计小学"}, {"name_zh": "总计"}, {"key": "注册中心"},
        {"key": "单位小学"}, {"name_zh": "说明：新建"}, {"key": "累计新建小学"},
    ],
)  # fmt: skip
def test_a_whole_row_is_data_whatever_its_words(tmp_path: Path, changes: dict[str, object]) -> None:
    result = read_sheets(tmp_path, minimal(Projects=[{**SECOND, **changes}, a_row("Projects")]))
    assert len(the_portfolio(result).projects) == 2
    assert result.notices == ()


@pytest.mark.parametrize(
    ("sheet", "row"),
    [
        ("Demand", {"county": "A", "stage": "小计", 2021: 5}),
        ("Demand", {"county": "合计", 2021: 5}),
        ("FundingCaps", {"source": "合计", 2021: 5}),
        ("FundingCaps", {"source": "注：含上级资金"}),
        ("Norms", {"stage": "注：单价为估算"}),
    ],
)
def test_totals_and_footers_of_other_sheets(tmp_path: Path, sheet: str, row: dict[Any, object]) -> None:
    rows = (
        [a_row(sheet), row]
        if sheet in MINIMAL
        else [{"stage": "primary", "cost_per_m2": 1, "basis": "stated"}, row]
    )
    result = read_sheets(tmp_path, minimal(**{sheet: rows}))
    assert told(result, "notice") == [(f"{sheet}!A3", "")]
    assert result.portfolio


def test_a_printed_page_that_repeats_title_and_header(tmp_path: Path) -> None:
    def add_pages(worksheet: Worksheet) -> None:
        worksheet.insert_rows(1)
        worksheet["A1"] = "石柱县项目表"
        header = [cell.value for cell in worksheet[2]]
        for row in ([], ["石柱县项目表"], header, ["p2", "A", "primary", 50, 1, "二小", "stated"]):
            worksheet.append(row or [None])

    result = changed(tmp_path, add_pages, MINIMAL)
    assert [project.key for project in the_portfolio(result).projects] == ["p1", "p2"]
    assert [text for _, text in told(result, "notice")] == ["", ""]


# --- merged and hidden --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "letter", "severity"),
    [("county", "B", "notice"), ("stage", "C", "notice"), ("duration_years", "E", "notice"), ("total_cost", "D", "warning")],
)  # fmt: skip
def test_merged_cells_are_filled_down(tmp_path: Path, column: str, letter: str, severity: str) -> None:
    sheets = minimal(Projects=[a_row("Projects"), SECOND, a_row("Projects", key="p3", name_zh="三小")])
    result = changed(tmp_path, lambda sheet: sheet.merge_cells(f"{letter}2:{letter}4"), sheets)
    first, *others = the_portfolio(result).projects
    assert {getattr(project, column) for project in others} == {getattr(first, column)}
    assert told(result, severity) == [(f"Projects!{letter}2", column)]
    assert f"{letter}2:{letter}4" in the_notice(result, f"Projects!{letter}2", column).text.en


def test_each_merge_is_listed(tmp_path: Path) -> None:
    rows = [a_row("Projects", key=f"p{number}", name_zh=f"{number}小") for number in range(4)]

    def merge(worksheet: Worksheet) -> None:
        worksheet.merge_cells("B2:B3")
        worksheet.merge_cells("B4:B5")

    result = changed(tmp_path, merge, minimal(Projects=rows))
    assert told(result, "notice") == [("Projects!B2", "county"), ("Projects!B4", "county")]


def test_a_merge_into_foreign_columns_is_harmless(tmp_path: Path) -> None:
    sheets = minimal(Projects=[a_row("Projects", 备考="x")])
    result = changed(tmp_path, lambda sheet: sheet.merge_cells("G2:H2"), sheets)
    assert the_portfolio(result) == the_portfolio(read_sheets(tmp_path, MINIMAL))


def test_hidden_rows_are_listed_by_number(tmp_path: Path) -> None:
    rows = [a_row("Projects", key=f"p{number}", name_zh=f"{number}小") for number in range(4)]

    def hide(worksheet: Worksheet) -> None:
        worksheet.row_dimensions[3].hidden = worksheet.row_dimensions[5].hidden = True

    result = changed(tmp_path, hide, minimal(Projects=rows))
    assert "rows 3, 5" in the_notice(result, "Projects!A3", "").text.en
    assert len(the_portfolio(result).projects) == 4


# --- many notices -------------------------------------------------------------------------------


def test_a_column_full_of_text_numbers_does_not_flood_the_list(tmp_path: Path) -> None:
    most = MOST_TOLD[Severity.NOTICE]
    rows = [a_row("Projects", key=f"p{n}", name_zh=f"{n}小", total_cost="100") for n in range(most + 50)]
    result = read_sheets(tmp_path, minimal(Projects=rows))
    assert len(told(result, "notice")) == most + 1
    last = the_notice(result, f"Projects!D{most + 51}", "total_cost")
    assert last.text.en.startswith("50 more cells")


def test_a_row_without_any_of_what_it_needs_is_one_error(tmp_path: Path) -> None:
    result = read_sheets(tmp_path, minimal(Projects=[a_row("Projects"), {"total_cost": 5}]))
    assert [(n.severity, n.place, n.column) for n in result.notices] == [("error", "Projects!A3", "key")]
    assert "lacks key, county, stage" in result.notices[0].text.en


# --- shares -------------------------------------------------------------------------------------


def shares(*rows: dict[str, object]) -> dict[str, Rows]:
    sources = [a_row("FundingSources", source=f"s{n}") for n in (1, 2)]
    caps = [a_row("FundingCaps", source=f"s{n}") for n in (1, 2)]
    funding = [{"project": "p1", "source": f"s{n}", **row} for n, row in enumerate(rows, start=1)]
    return minimal(FundingSources=sources, FundingCaps=caps, ProjectFunding=funding)


@pytest.mark.parametrize(
    "rows",
    [
        [{"min_share": 60, "max_share": 60}, {"min_share": 40, "max_share": 40}],
        [{"min_share": 60}, {"min_share": 40}],
        [{"max_share": 60}, {"max_share": "40%"}],
        [{"min_share": 30, "max_share": 60}, {"max_share": 40}],
        [{"max_share": 100}],
    ],
)
def test_bare_percents_that_add_up_to_100_for_a_project(
    tmp_path: Path, rows: list[dict[str, object]]
) -> None:
    result = read_sheets(tmp_path, shares(*rows))
    got = [
        {"min_share": f.min_share, "max_share": f.max_share} for f in the_portfolio(result).project_funding
    ]
    plain = [{k: float(str(v).rstrip("%")) / 100 for k, v in row.items()} for row in rows]
    assert [{k: float(v) for k, v in row.items() if v is not None} for row in got] == plain
    assert told(result, "notice")


@pytest.mark.parametrize(
    "rows",
    [
        [{"min_share": 60}, {"min_share": 30}],
        [{"min_share": 0.6, "max_share": 60}],
        [{"min_share": 0.3, "max_share": 60}, {"min_share": 20, "max_share": 40}],
    ],
)
def test_bare_percents_that_could_be_something_else_are_errors(
    tmp_path: Path, rows: list[dict[str, object]]
) -> None:
    result = read_sheets(tmp_path, shares(*rows))
    assert all(place.startswith("ProjectFunding!") for place, _ in told(result, "error"))
    assert result.portfolio is None


def test_a_percent_sign_in_the_header_says_what_bare_numbers_are(tmp_path: Path) -> None:
    sheets = shares({"min_share": 60})
    sheets["ProjectFunding"] = [{"project": "p1", "source": "s1", "最低占比（%）": 60, "max_share": 1}]
    assert str(the_portfolio(read_sheets(tmp_path, sheets)).project_funding[0].min_share) == "0.6"


@pytest.mark.parametrize(
    "typed", [(33.3333333333333, 33.3333333333333, 33.3333333333333), (30, 30, 40), ("30", "30", "40")]
)
def test_spending_in_bare_percents(tmp_path: Path, typed: tuple[object, ...]) -> None:
    rows = [
        {"project": "p1", **{f"第{number}年": value for number, value in zip("一二三", typed, strict=True)}}
    ]
    assert sum(the_portfolio(read_sheets(tmp_path, minimal(Spending=rows))).spending[0].shares) == 1
