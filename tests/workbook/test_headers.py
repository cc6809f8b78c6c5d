"""Headers and sheets as people rename, split and repeat them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

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
    without,
)


def renamed(sheet: str, names: Mapping[str, object], **changes: object) -> dict[str, Rows]:
    """The minimal row of a sheet under other headers."""
    return {sheet: [{names.get(key, key): value for key, value in a_row(sheet, **changes).items()}]}


def changed(
    folder: Path, change: Callable[[Worksheet], None], sheets: Mapping[str, Rows], sheet: str = "Projects"
) -> ReadResult:
    """Read the sheets after a change to one of them."""
    path = folder / "projects.xlsx"
    workbook = a_workbook(path, sheets)
    change(workbook[sheet])
    workbook.save(path)
    return read(path)


# --- names of columns ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "header"),
    [
        ("total_cost", "投资总额"), ("total_cost", "总投资额（万元）"), ("total_cost", "项目总投资（万元）"),
        ("total_cost", "计划总投资"), ("total_cost", "Total investment"), ("total_cost", "投资额/万元"),
        ("duration_years", "建设年限"), ("duration_years", "建设周期（年）"), ("duration_years", "建设工期"),
        ("key", "项目编号"), ("key", "项目代码"), ("name_zh", "建设项目名称"), ("county", "所属区县"), ("county", "区（县）"),
        ("county", "所在区县名"), ("stage", "学段"), ("basis", "是否数据性质"), ("total_cost", "totl_cost"), ("county", "countty"),
    ],
)  # fmt: skip
def test_a_renamed_column_is_read_with_a_notice(tmp_path: Path, key: str, header: str) -> None:
    result = read_sheets(tmp_path, minimal(**renamed("Projects", {key: header})))
    assert the_portfolio(result) == the_portfolio(read_sheets(tmp_path, MINIMAL))
    assert [column for _, column in told(result, "notice") if column] == (
        [key] if header != "区（县）" else []
    )


@pytest.mark.parametrize(
    "header", ["总投资万元", "总投资/万元", "总投资，万元", "总投资（单位：万元）", "总投资(人民币万元)"]
)
def test_a_unit_in_the_header_that_is_the_columns_own_changes_nothing(tmp_path: Path, header: str) -> None:
    result = read_sheets(tmp_path, minimal(**renamed("Projects", {"total_cost": header})))
    assert result.notices == ()
    assert the_portfolio(result).projects[0].total_cost == 10000


@pytest.mark.parametrize(
    "header",
    ["原总投资", "总投资备注", "累计完成投资", "联系人", "占地面积", "最早完工年", "year_11", "项目公司"],
)
def test_a_column_of_another_meaning_is_not_taken_for_one(tmp_path: Path, header: str) -> None:
    result = read_sheets(tmp_path, minimal(Projects=[a_row("Projects", **{header: 7})]))
    assert told(result, "notice") == [("Projects!H1", "")]
    assert the_portfolio(result) == the_portfolio(read_sheets(tmp_path, MINIMAL))


@pytest.mark.parametrize("header", ["原总投资", "非总投资", "总投资备注", "总投入", "总投资2"])
def test_where_the_column_is_missing_another_meaning_does_not_fill_in(tmp_path: Path, header: str) -> None:
    result = read_sheets(tmp_path, minimal(**renamed("Projects", {"total_cost": header})))
    assert told(result, "notice") == [("Projects!D1", "")]
    assert told(result, "error") == [("Projects!A2", "total_cost")]


@pytest.mark.parametrize("header", ["总投姿（万元）", "总投人"])
def test_an_unknown_header_like_that_of_a_missing_column_is_asked_about(tmp_path: Path, header: str) -> None:
    result = read_sheets(tmp_path, minimal(**renamed("Projects", {"total_cost": header})))
    assert told(result, "warning") == [("Projects!D1", "")]
    asked = next(notice for notice in result.notices if notice.severity == "warning")
    assert 'did you mean "总投资（万元） total_cost"' in asked.text.en


def test_all_unknown_columns_are_listed_in_one_notice(tmp_path: Path) -> None:
    result = read_sheets(tmp_path, minimal(Projects=[a_row("Projects", 序号=1, 联系人="张", 电话="x")]))
    assert "序号, 联系人, 电话" in the_notice(result, "Projects!H1", "").text.en


def test_a_planned_start_counts_as_the_earliest_with_a_warning(tmp_path: Path) -> None:
    result = read_sheets(tmp_path, minimal(Projects=[a_row("Projects", 计划开工年份=2022)]))
    assert "fixed_start" in the_notice(result, "Projects!H1", "earliest_start").text.en
    assert told(result, "warning") == [("Projects!H1", "earliest_start")]
    assert the_portfolio(result).projects[0].earliest_start == 2022


@pytest.mark.parametrize("second", ["总投资", "总投资（万元）"])
def test_two_columns_of_one_name_are_an_error(tmp_path: Path, second: str) -> None:
    result = read_sheets(tmp_path, minimal(Projects=[a_row("Projects", **{second: 5})]))
    assert told(result, "error") == [("Projects!H1", "total_cost")]


def test_two_columns_that_could_both_be_one_are_an_error(tmp_path: Path) -> None:
    sheets = renamed("Projects", {"total_cost": "投资总额"})
    sheets["Projects"] = [{**sheets["Projects"][0], "投资估算": 90}]
    assert told(read_sheets(tmp_path, minimal(**sheets)), "error") == [("Projects!H1", "total_cost")]


def test_a_column_found_by_its_own_name_needs_no_other(tmp_path: Path) -> None:
    result = read_sheets(tmp_path, minimal(Projects=[a_row("Projects", 投资总额=5)]))
    assert the_portfolio(result).projects[0].total_cost == 10000
    assert told(result, "notice") == [("Projects!H1", "")]


@pytest.mark.parametrize(
    "header",
    ["检查\ncheck", "差额\n[计算] gap", "gap (calculated)", "单价（计算）", "项目名称\nproject_name"],
)
def test_calculated_columns_are_ignored_without_a_word(tmp_path: Path, header: str) -> None:
    rows: Rows = [a_row("Projects", **{header: "#REF!"}), {header: 0}, {"key": "注：估算", header: 0}]
    result = read_sheets(tmp_path, minimal(Projects=rows))
    assert told(result, "notice") == [("Projects!A4", "")]
    assert the_portfolio(result) == the_portfolio(read_sheets(tmp_path, MINIMAL))


# --- years --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "2021年",
        "2021年度",
        "2021.0",
        datetime(2021, 1, 1),  # noqa: DTZ001  # spreadsheets know no time zones
        "2021年（万元）",
        "２０２１",
        "二〇二一年",
        "2021年资金上限",
        44197,
        "2021年投资（万元）",
    ],
)
def test_a_year_column_takes_many_forms(tmp_path: Path, header: object) -> None:
    caps = [{"source": "s1", "basis": "stated", header: 50}]
    assert the_portfolio(read_sheets(tmp_path, minimal(FundingCaps=caps))).funding_caps[0].amounts == {
        2021: 5000
    }


@pytest.mark.parametrize("header", ["2021年实际到位", "2021-2022年合计", "2021年学年"])
def test_a_column_that_only_mentions_a_year_is_ignored_with_a_warning(tmp_path: Path, header: str) -> None:
    caps = [a_row("FundingCaps", **{header: 50})]
    result = read_sheets(tmp_path, minimal(FundingCaps=caps))
    assert told(result, "warning") == [("FundingCaps!E1", "")]
    assert the_portfolio(result) == the_portfolio(read_sheets(tmp_path, MINIMAL))


@pytest.mark.parametrize("header", ["2021-2022学年", "21年", "’21年", "2021—2022", "2021至2022年（万元）"])
def test_a_column_of_no_single_year_is_an_error(tmp_path: Path, header: str) -> None:
    result = read_sheets(tmp_path, minimal(FundingCaps=[a_row("FundingCaps", **{header: 50})]))
    assert told(result, "error") == [("FundingCaps!E1", "")]
    assert "four digits" in the_notice(result, "FundingCaps!E1", "").text.en


def test_an_error_value_as_a_year_is_an_error(tmp_path: Path) -> None:
    caps = [a_row("FundingCaps", **{"#REF!": 50})]
    result = read_sheets(tmp_path, minimal(FundingCaps=caps))
    assert told(result, "error") == [("FundingCaps!E1", "")]
    assert "save once" in the_notice(result, "FundingCaps!E1", "").text.en


# --- units --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "typed", "cost"),
    [
        ("总投资（亿元）", 2.63, 2630000), ("总投资（元）", 5_000_000, 50000), ("总投资（千元）", 5000, 50000),
        ("总投资（百万元）", 30, 300000), ("总投资亿元", 2.63, 2630000), ("投资总额（亿元）", 2.63, 2630000), ("总投资（亿元） total_cost", 2.63, 2630000),
        ("总投资\n单位：亿元", 2.63, 2630000), ("投资总额，单位：元", 5_000_000, 50000),
        ("总投资（亿元）", "670万元", 67000), ("总投资（亿元）", "2.63", 2630000),
    ],
)  # fmt: skip
def test_a_unit_in_the_header_converts_its_column(
    tmp_path: Path, header: str, typed: object, cost: int
) -> None:
    result = read_sheets(tmp_path, minimal(**renamed("Projects", {"total_cost": header}, total_cost=typed)))
    assert the_portfolio(result).projects[0].total_cost == cost
    assert ("Projects!D1", "total_cost") in told(result, "notice")


def test_every_year_column_may_have_its_unit(tmp_path: Path) -> None:
    caps = [{"source": "s1", "basis": "stated", "2021年（亿元）": 0.5, "2022年（万元）": 60}]
    result = read_sheets(tmp_path, minimal(FundingCaps=caps))
    assert the_portfolio(result).funding_caps[0].amounts == {2021: 500000, 2022: 6000}
    assert told(result, "notice") == [("FundingCaps!C1", "2021")]


@pytest.mark.parametrize(
    ("header", "title", "cost"),
    [
        ("总投资", "单位：亿元", 100000000),
        ("total_cost", "（单位：亿元、平方米）", 100000000),
        ("总投资（万元）", "单位：亿元", 10000),
        ("总投资", "单位：万元", 10000),
        ("总投资", "2025年项目表", 10000),
    ],
)
def test_the_title_gives_the_unit_of_headers_without_one(
    tmp_path: Path, header: str, title: str, cost: int
) -> None:
    def add_title(worksheet: Worksheet) -> None:
        worksheet.insert_rows(1, amount=2)
        worksheet["A1"], worksheet["G2"] = "项目表", title

    result = changed(tmp_path, add_title, minimal(**renamed("Projects", {"total_cost": header})))
    assert the_portfolio(result).projects[0].total_cost == cost
    converted = [("Projects!D3", "total_cost")] if cost != 10000 else []
    assert told(result, "notice") == converted


def test_titles_with_two_units_of_money_leave_a_header_without_one_in_doubt(tmp_path: Path) -> None:
    def add_titles(worksheet: Worksheet) -> None:
        worksheet.insert_rows(1)
        worksheet["A1"], worksheet["D1"] = "单位：亿元", "单位：元"

    assert told(changed(tmp_path, add_titles, MINIMAL), "error") == [("Projects!D2", "total_cost")]


# --- headers of two rows ------------------------------------------------------------------------


def two_rows(worksheet: Worksheet, upper: Mapping[str, str], lower: Mapping[str, str], merged: str) -> None:
    worksheet.insert_rows(1)
    worksheet.move_range(f"A2:{get_column_letter(worksheet.max_column)}2", rows=-1)
    for letter, value in upper.items():
        worksheet[f"{letter}1"] = value or None
    for letter, value in lower.items():
        worksheet[f"{letter}2"] = value
    for area in merged.split():
        worksheet.merge_cells(area)


@pytest.mark.parametrize("merged", ["D1:E1 A1:A2 B1:B2 C1:C2 F1:F2 G1:G2", "D1:E1", "A1:A2 B1:B2", ""])
def test_a_header_may_take_two_rows(tmp_path: Path, merged: str) -> None:
    def split(worksheet: Worksheet) -> None:
        two_rows(worksheet, {"D": "投资和工期", "E": ""}, {"D": "总投资（亿元）", "E": "工期（年）"}, merged)

    result = changed(tmp_path, split, MINIMAL)
    project = the_portfolio(result).projects[0]
    assert (project.key, project.total_cost, project.duration_years) == ("p1", 100 * 1000000, 2)


def test_years_may_stand_under_a_group_that_states_their_unit(tmp_path: Path) -> None:
    def split(worksheet: Worksheet) -> None:
        upper = {"C": "年度资金（亿元）", "D": ""}
        two_rows(worksheet, upper, {"C": "2021年", "D": "2022年"}, "A1:A2 B1:B2 C1:D1")

    result = changed(tmp_path, split, MINIMAL, "FundingCaps")
    assert the_portfolio(result).funding_caps[0].amounts == {2021: 50 * 1000000, 2022: 60 * 1000000}


def test_a_row_of_units_below_the_header_belongs_to_it(tmp_path: Path) -> None:
    def units(worksheet: Worksheet) -> None:
        worksheet["D1"] = "总投资"
        worksheet.insert_rows(2)
        worksheet["D2"], worksheet["E2"] = "（万元）", None

    assert the_portfolio(changed(tmp_path, units, MINIMAL)).projects[0].total_cost == 10000


# --- sheets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "项目(2)",
        "项目 （1）",
        "Projects (2)",
        "项目 - 副本",
        "项目表",
        "1.项目表",
        "附表1 项目",
        "项目清单",
        "Project",
    ],
)
def test_a_sheet_under_another_name_is_read_with_a_notice(tmp_path: Path, title: str) -> None:
    result = read_sheets(tmp_path, {title: MINIMAL["Projects"], **without("Projects")})
    assert told(result, "notice") == [(title, "")]
    assert the_portfolio(result) == the_portfolio(read_sheets(tmp_path, MINIMAL))


@pytest.mark.parametrize("title", ["项目", "ＰＲＯＪＥＣＴＳ", "Projects 项目 ", "项目\u3000Projects"])
def test_a_sheet_under_its_own_name_is_read_without_a_word(tmp_path: Path, title: str) -> None:
    assert read_sheets(tmp_path, {title: MINIMAL["Projects"], **without("Projects")}).notices == ()


def test_a_copy_beside_the_sheet_is_an_error_that_names_both(tmp_path: Path) -> None:
    result = read_sheets(tmp_path, {**MINIMAL, "项目(2)": [a_row("Projects", key="p2")]})
    assert told(result, "error") == [("项目(2)", "")]
    assert '"Projects"' in the_notice(result, "项目(2)", "").text.en


def test_of_two_sheets_for_a_table_neither_makes_references_fail(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        **MINIMAL,
        "项目": [a_row("Projects", key="p2")],
        "Seats": [{"project": "p2", "stage": "primary"}],
    }
    assert told(read_sheets(tmp_path, sheets), "error") == [("项目", "")]


@pytest.mark.parametrize("title", ["项目汇总", "Sheet1", "2025", "项目资金表"])
def test_a_sheet_of_another_meaning_stays_unknown(tmp_path: Path, title: str) -> None:
    rows: dict[Any, object] = {"foo": 1, "bar": 2}
    result = read_sheets(
        tmp_path, {**MINIMAL, "ProjectFunding": [{"project": "p1", "source": "s1"}], title: [rows]}
    )
    assert told(result, "notice") == [(title, "")]
    assert result.portfolio
