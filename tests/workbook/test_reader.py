"""What the reader accepts: forms of headers, sheets and rows; missing and empty sheets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from portfolio.domain.demand import Demand
from portfolio.domain.funding import FundingCaps
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Basis, Project, SeatEffect, Stage
from portfolio.errors import InputRefusedError
from portfolio.workbook.layout import SHEETS, Column, Sheet
from portfolio.workbook.reader import read
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


def test_a_workbook_with_none_of_the_tables_is_refused(tmp_path: Path) -> None:
    held = the_portfolio(read_sheets(tmp_path, MINIMAL))
    with xlsxwriter.Workbook(tmp_path / "other.xlsx") as book:
        book.add_worksheet("汇总").write("A1", "合计")
    with pytest.raises(InputRefusedError, match="none of its sheets is one of the tables"):
        read(tmp_path / "other.xlsx", held)


def test_the_least_english_workbook_imports_without_a_word(tmp_path: Path) -> None:
    result = read_sheets(tmp_path, MINIMAL)
    assert result.notices == ()
    assert result.tables_found == ("projects", "funding_sources", "funding_caps", "capacity", "demand")
    assert the_portfolio(result).projects == (
        Project(
            key="p1", county="A", stage=Stage.PRIMARY, total_cost=10000, duration_years=2, name_zh="一小",
            basis=Basis.STATED,
        ),
    )  # fmt: skip
    assert the_portfolio(result).funding_caps == (
        FundingCaps(source="s1", amounts={2021: 5000, 2022: 6000}, basis=Basis.STATED),
    )
    assert the_portfolio(result).demand[0].seats == {2021: 600, 2022: 700}


def test_only_needed_columns_have_to_be_there(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "Projects": [{"key": "p", "county": "A", "stage": "primary", "total_cost": 9, "duration_years": 1}],
        "Seats": [{"project": "p", "stage": "primary", "seats_added": 45}],
        "FundingSources": [{"source": "s", "county": "*"}],
        "FundingCaps": [{"source": "s", 2021: 9}],
        "Capacity": [{"county": "A", "stage": "primary", 2021: 0}],
        "Demand": [{"county": "A", "stage": "primary", 2021: 45}],
    }
    result = read_sheets(tmp_path, sheets)
    assert told(result, "error") == []
    assert the_portfolio(result).seats == (SeatEffect(project="p", stage=Stage.PRIMARY, seats_added=45),)


def test_the_hash_is_of_the_bytes_of_the_file(tmp_path: Path) -> None:
    result = read_sheets(tmp_path, MINIMAL)
    assert result.sha256 == hashlib.sha256((tmp_path / "projects.xlsx").read_bytes()).hexdigest()


# --- headers ------------------------------------------------------------------------------------

HEADERS: dict[str, Callable[[Column], str]] = {
    "english": lambda c: c.key,
    "english in capitals": lambda c: c.key.upper().replace("_", " "),
    "chinese": lambda c: c.zh,
    "chinese without unit": lambda c: c.zh.split("（")[0],
    "chinese, half-width brackets": lambda c: c.zh.replace("（", "(").replace("）", ")"),
    "both": lambda c: f"{c.zh} {c.key}",
    "both, other way round": lambda c: f"{c.key}\n{c.zh}",
    "key in brackets": lambda c: f"{c.zh.split('（')[0]}（{c.key}）",
    "padded": lambda c: f"\u00a0{c.zh}\u200b  *",
}


@pytest.mark.parametrize("form", list(HEADERS))
def test_headers_may_be_english_chinese_or_both(tmp_path: Path, form: str) -> None:
    columns = {sheet.en: {c.key: HEADERS[form](c) for c in sheet.columns} for sheet in SHEETS}
    sheets = {
        title: [{columns[title].get(key, key): value for key, value in row.items()} for row in rows]
        for title, rows in MINIMAL.items()
    }
    assert the_portfolio(read_sheets(tmp_path, sheets)) == the_portfolio(read_sheets(tmp_path, MINIMAL))


@pytest.mark.parametrize(
    "header", [2021, 2021.0, "2021", "2021年", "２０２１年", "2021年（万元）", "2021 年度"]
)
def test_year_columns_take_many_forms(tmp_path: Path, header: object) -> None:
    caps = [{"source": "s1", "basis": "stated", header: 50}]
    portfolio = the_portfolio(read_sheets(tmp_path, minimal(FundingCaps=caps)))
    assert portfolio.funding_caps[0].amounts == {2021: 5000}


def test_columns_come_in_any_order(tmp_path: Path) -> None:
    turned = {title: [dict(reversed(list(row.items()))) for row in rows] for title, rows in MINIMAL.items()}
    assert the_portfolio(read_sheets(tmp_path, turned)) == the_portfolio(read_sheets(tmp_path, MINIMAL))


def test_title_rows_above_the_header_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    workbook = a_workbook(path, MINIMAL)
    for worksheet in workbook.worksheets:
        worksheet.insert_rows(1, amount=3)
        worksheet["A1"] = "2025 年度项目表"
        worksheet["A2"] = "单位：万元"
    workbook.save(path)
    result = read(path)
    assert result.notices == ()
    assert the_portfolio(result).projects[0].key == "p1"


def test_a_title_row_with_one_word_that_is_a_column_is_not_the_header(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    workbook = a_workbook(path, MINIMAL)
    workbook["Projects"].insert_rows(1)
    workbook["Projects"]["A1"], workbook["Projects"]["B1"] = "区县", "三都县"
    workbook.save(path)
    assert read(path).notices == ()


@pytest.mark.parametrize("form", ["zh", "en", "both", "spaced"])
def test_sheets_are_found_by_either_name(tmp_path: Path, form: str) -> None:
    names = {sheet.en: sheet for sheet in SHEETS}
    titles: dict[str, Callable[[Sheet], str]] = {
        "zh": lambda s: s.zh,
        "en": lambda s: s.en.upper(),
        "both": lambda s: s.title,
        "spaced": lambda s: f" {s.en}  {s.zh} ",
    }
    sheets = {titles[form](names[title]): rows for title, rows in MINIMAL.items()}
    assert the_portfolio(read_sheets(tmp_path, sheets)) == the_portfolio(read_sheets(tmp_path, MINIMAL))


def test_places_name_the_sheet_as_it_is_titled(tmp_path: Path) -> None:
    sheets = {**without("Demand"), "学位需求": [a_row("Demand", y2021="多")]}
    assert told(read_sheets(tmp_path, sheets), "error") == [("学位需求!D2", "2021")]


def test_unknown_columns_are_ignored_and_listed(tmp_path: Path) -> None:
    sheets = minimal(Projects=[a_row("Projects", 序号=1, 负责人="张", nonsense="#x")])
    result = read_sheets(tmp_path, sheets)
    notice = the_notice(result, "Projects!H1", "")
    assert notice.severity == "notice"
    assert "序号, 负责人, nonsense" in notice.text.en
    assert the_portfolio(result) == the_portfolio(read_sheets(tmp_path, MINIMAL))


def test_unknown_sheets_are_ignored_with_a_notice(tmp_path: Path) -> None:
    result = read_sheets(tmp_path, {**MINIMAL, "草稿": [{"a": 1}], "说明 Guide": [{"b": 1}]})
    assert told(result, "notice") == [("草稿", "")]
    assert result.portfolio


# --- rows ---------------------------------------------------------------------------------------


def test_blank_rows_and_rows_of_foreign_columns_are_skipped_silently(tmp_path: Path) -> None:
    rows: Rows = [
        {**a_row("Projects"), "no": 1},
        {},
        {"key": "  "},
        {"no": 2},
        {**a_row("Projects", key="p2", name_zh="二小"), "no": 3},
    ]
    result = read_sheets(tmp_path, minimal(Projects=rows))
    assert [p.key for p in the_portfolio(result).projects] == ["p1", "p2"]
    assert told(result, "notice") == [("Projects!H1", "")]


@pytest.mark.parametrize("word", ["合计", "小 计", "Total", "total：", "总计（万元）", "Grand total"])
def test_total_rows_are_skipped_with_a_notice(tmp_path: Path, word: str) -> None:
    rows: Rows = [a_row("Projects"), {"key": word, "total_cost": 100}]
    result = read_sheets(tmp_path, minimal(Projects=rows))
    assert told(result, "notice") == [("Projects!A3", "")]
    assert len(the_portfolio(result).projects) == 1


def test_a_key_that_begins_like_total_is_a_key(tmp_path: Path) -> None:
    result = read_sheets(tmp_path, minimal(Projects=[a_row("Projects", key="total-rebuild")]))
    assert the_portfolio(result).projects[0].key == "total-rebuild"


def test_footers_are_skipped_with_a_notice(tmp_path: Path) -> None:
    rows: Rows = [a_row("Projects"), {"key": "注：投资为估算"}]
    result = read_sheets(tmp_path, minimal(Projects=rows))
    assert told(result, "notice") == [("Projects!A3", "")]


def test_merged_cells_are_filled_down_with_a_notice(tmp_path: Path) -> None:
    rows = [a_row("Projects"), a_row("Projects", key="p2", county=None, name_zh="二小")]
    path = tmp_path / "projects.xlsx"
    workbook = a_workbook(path, minimal(Projects=rows))
    workbook["Projects"].merge_cells("B2:B3")
    workbook.save(path)
    result = read(path)
    assert told(result, "notice") == [("Projects!B2", "county")]
    assert "B2:B3" in the_notice(result, "Projects!B2", "county").text.en
    assert [p.county for p in the_portfolio(result).projects] == ["A", "A"]


def test_cells_merged_across_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    workbook = a_workbook(path, MINIMAL)
    workbook["Projects"].merge_cells("D2:E2")
    workbook.save(path)
    assert ("Projects!D2", "total_cost") in told(read(path), "error")


def test_hidden_rows_are_read_with_a_notice(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    workbook = a_workbook(path, MINIMAL)
    workbook["Projects"].row_dimensions[2].hidden = True
    workbook.save(path)
    result = read(path)
    assert "rows 2" in the_notice(result, "Projects!A2", "").text.en
    assert len(the_portfolio(result).projects) == 1


def test_spending_in_bare_percents_that_add_up_to_100(tmp_path: Path) -> None:
    rows = [{"project": "p1", "year_1": 60, "year_2": 39.5, "year_3": 0.5, "year_4": None}]
    result = read_sheets(tmp_path, minimal(Spending=rows))
    assert told(result, "notice") == [("Spending!B2", "year_1")]
    assert the_portfolio(result).spending[0].shares == (Decimal("0.6"), Decimal("0.395"), Decimal("0.005"))


def test_spending_takes_fractions_percent_signs_gaps_and_zeros_at_the_end(tmp_path: Path) -> None:
    rows = [{"project": "p1", "year_1": 0.6, "year_2": None, "year_3": "40%", "year_4": 0}]
    result = read_sheets(tmp_path, minimal(Spending=rows))
    assert result.notices == ()
    kept = (Decimal("0.6"), Decimal(0), Decimal("0.4"), Decimal(0))
    assert the_portfolio(result).spending[0].shares == kept


def test_one_county_has_one_spelling(tmp_path: Path) -> None:
    """The demand sheet says Shizhu; the project's 石柱县 is the same county."""
    sheets = minimal(
        Projects=[a_row("Projects", county="石柱县")],
        FundingSources=[a_row("FundingSources", county="石柱县 Shizhu")],
        Capacity=[a_row("Capacity", county="Shizhu")],
        Demand=[a_row("Demand", county="Shizhu")],
    )
    result = read_sheets(tmp_path, sheets)
    portfolio = the_portfolio(result)
    assert portfolio.projects[0].county == portfolio.funding_sources[0].county == "Shizhu"
    assert "taken as Shizhu" in the_notice(result, "Projects!B2", "county").text.en


def test_a_county_that_is_spelt_alike_everywhere_keeps_its_spelling(tmp_path: Path) -> None:
    tables = ("Projects", "FundingSources", "Capacity", "Demand")
    sheets = minimal(**{table: [a_row(table, county="石柱县")] for table in tables})
    result = read_sheets(tmp_path, sheets)
    assert result.notices == ()
    assert the_portfolio(result).projects[0].county == "石柱县"


def test_thirds_from_a_formula_add_up(tmp_path: Path) -> None:
    third = 1 / 3
    rows = [{"project": "p1", "year_1": third, "year_2": third, "year_3": third}]
    shares = the_portfolio(read_sheets(tmp_path, minimal(Spending=rows))).spending[0].shares
    assert sum(shares) == 1


def test_blank_years_stay_blank(tmp_path: Path) -> None:
    rows = [a_row("Demand", y2023=None, y2024=0)]
    assert the_portfolio(read_sheets(tmp_path, minimal(Demand=rows))).demand[0].seats == {
        2021: 600,
        2022: 700,
        2024: 0,
    }


def test_formulas_give_the_value_that_was_stored(tmp_path: Path) -> None:
    """XlsxWriter stores results beside formulas, as Excel does; a blank text is a result too."""
    path = tmp_path / "projects.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for title, rows in minimal(Projects=[a_row("Projects", notes=None)]).items():
            worksheet = workbook.add_worksheet(title)
            worksheet.write_row(0, 0, list(rows[0]))
            worksheet.write_row(1, 0, list(rows[0].values()))
            if title == "Projects":
                worksheet.write_formula("D2", "=50+50", None, 100)
                worksheet.write_formula("H2", '=IF(D2>0," ","?")', None, " ")
    project = the_portfolio(read(path)).projects[0]
    assert (project.total_cost, project.notes) == (10000, "")


# --- missing and empty sheets -------------------------------------------------------------------

HELD = Portfolio(
    projects=(Project(key="p1", county="A", stage=Stage.PRIMARY, total_cost=10000, duration_years=1),),
    seats=(SeatEffect(project="p1", stage=Stage.PRIMARY, seats_added=5),),
    demand=(Demand(county="A", stage=Stage.PRIMARY, seats={2021: 5}),),
)


def test_a_missing_sheet_leaves_what_is_held_with_a_warning(tmp_path: Path) -> None:
    result = read_sheets(tmp_path, without("Projects", "Demand"), HELD)
    portfolio = the_portfolio(result)
    assert (portfolio.projects, portfolio.seats, portfolio.demand) == (HELD.projects, HELD.seats, HELD.demand)
    assert told(result, "warning") == [("项目 Projects", ""), ("学位 Seats", ""), ("学位需求 Demand", "")]


def test_a_sheet_with_only_a_header_empties_the_table(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    workbook = a_workbook(path, MINIMAL)
    workbook.create_sheet("Seats").append(["project", "stage", "seats_added"])
    workbook.save(path)
    result = read(path, HELD)
    assert the_portfolio(result).seats == ()
    assert "seats" in result.tables_found


def test_an_entirely_empty_sheet_counts_as_missing(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    workbook = a_workbook(path, MINIMAL)
    workbook.create_sheet("Seats")
    workbook.save(path)
    result = read(path, HELD)
    assert the_portfolio(result).seats == HELD.seats
    assert "seats" not in result.tables_found


@pytest.mark.parametrize("sheet", ["Projects", "FundingSources", "FundingCaps", "Capacity", "Demand"])
def test_a_sheet_needed_to_schedule_must_be_there_or_held(tmp_path: Path, sheet: str) -> None:
    result = read_sheets(tmp_path, without(sheet))
    title = next(s.title for s in SHEETS if s.en == sheet)
    assert told(result, "error") == [(title, "")]
    assert result.portfolio is None


def test_warnings_of_held_rows_are_not_told_again(tmp_path: Path) -> None:
    assert HELD.projects[0].name_zh == ""
    result = read_sheets(tmp_path, without("Projects"), HELD)
    assert [column for _, column in told(result, "warning")] == ["", ""]


def test_held_rows_must_still_fit(tmp_path: Path) -> None:
    result = read_sheets(tmp_path, minimal(Projects=[a_row("Projects", key="p2")]), HELD)
    assert told(result, "error") == [("学位 Seats", "project")]
    assert "give this sheet too" in the_notice(result, "学位 Seats", "project").text.en
