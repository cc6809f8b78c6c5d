"""What the writer makes: the same portfolio when read back, the same bytes, a workbook that helps."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from portfolio.domain.funding import FundingCaps, FundingSource
from portfolio.domain.portfolio import TABLES, Portfolio
from portfolio.domain.project import Basis, Project, SpendingProfile, Stage
from portfolio.workbook.cell_values import cell_value
from portfolio.workbook.layout import CALCULATED_KEYS, CHOICES, GUIDE_TITLE, LISTS_TITLE, SHEETS, Kind
from portfolio.workbook.live import GROWTH, list_name
from portfolio.workbook.reader import read
from portfolio.workbook.styles import BASIS_COLOURS, GREY, NAVY, PALE_BLUE, TEAL, text_width
from portfolio.workbook.table_sheet import SPARE_ROWS
from portfolio.workbook.writer import DEFAULT_YEARS, write
from tests.workbook.builders import told
from tests.workbook.strategies import AWKWARD, portfolios

FORMULA_LIKE = [text for text in AWKWARD if text[0] in "=+-@"]


def a_portfolio(**project: Any) -> Portfolio:
    given: dict[str, Any] = {"name_zh": "一小", "total_cost": 569040, "duration_years": 2}
    return Portfolio(
        projects=(Project(key="p1", county="A", stage=Stage.PRIMARY, **{**given, **project}),),
        funding_sources=(FundingSource(key="s1", county="*", carry_over_years=None),),
        funding_caps=(FundingCaps(source="s1", amounts={2021: 100050, 2023: 1}),),
    )


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("template") / "projects.xlsx"
    write(Portfolio(), path)
    return load_workbook(path)


def written(folder: Path, portfolio: Portfolio, **years: Any) -> Workbook:
    write(portfolio, folder / "projects.xlsx", **years)
    return load_workbook(folder / "projects.xlsx")


def sheet_of(workbook: Workbook, table: str) -> Worksheet:
    title = next(sheet.title for sheet in SHEETS if sheet.table == table)
    found = workbook[title]
    assert isinstance(found, Worksheet)
    return found


def letter_of(worksheet: Worksheet, key: str) -> str:
    return get_column_letter(keys_of(worksheet).index(key) + 1)


def keys_of(worksheet: Worksheet) -> list[str]:
    """The English keys of the header; of a year column, the year."""
    return [str(cell.value).split()[-1] for cell in worksheet[1]]


# --- there and back -----------------------------------------------------------------------------


@given(portfolio=portfolios())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_is_read_back_equal(
    tmp_path_factory: pytest.TempPathFactory, portfolio: Portfolio
) -> None:
    path = tmp_path_factory.mktemp("round") / "projects.xlsx"
    write(portfolio, path)
    result = read(path)
    assert told(result, "error") == [], [n.line() for n in result.notices]
    assert result.portfolio is not None
    for table in TABLES:
        assert getattr(result.portfolio, table) == getattr(portfolio, table)


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_names_are_kept_as_they_are(tmp_path: Path, text: str) -> None:
    portfolio = a_portfolio(name_zh=text, notes=text)
    write(portfolio, tmp_path / "p.xlsx")
    result = read(tmp_path / "p.xlsx")
    assert result.portfolio == portfolio
    assert told(result, "notice") == []


@pytest.mark.parametrize("text", FORMULA_LIKE)
def test_text_that_looks_like_a_formula_is_text(tmp_path: Path, text: str) -> None:
    worksheet = sheet_of(written(tmp_path, a_portfolio(name_zh=text)), "projects")
    cell = worksheet[f"{letter_of(worksheet, 'name_zh')}2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_only_calculated_columns_hold_formulas(tmp_path: Path) -> None:
    workbook = written(tmp_path, a_portfolio(name_zh="=1+1", notes="=A1", zone="=B1"))
    for sheet in SHEETS:
        worksheet = sheet_of(workbook, sheet.table)
        keys = keys_of(worksheet)
        rows = (zip(keys, row, strict=True) for row in worksheet.iter_rows())
        found = {key for row in rows for key, cell in row if cell.data_type == "f"}
        assert found == CALCULATED_KEYS.intersection(keys), sheet.table


def test_a_text_longer_than_a_cell_can_hold_is_cut(tmp_path: Path) -> None:
    write(a_portfolio(notes="长" * 40_000), tmp_path / "p.xlsx")
    result = read(tmp_path / "p.xlsx")
    assert result.portfolio == a_portfolio(notes="长" * 32_767)


def test_characters_that_no_workbook_can_hold_are_dropped(tmp_path: Path) -> None:
    write(a_portfolio(name_zh="一\x00\x0b\ufffe小"), tmp_path / "p.xlsx")
    result = read(tmp_path / "p.xlsx")
    assert result.portfolio == a_portfolio(name_zh="一小")


def test_an_empty_template_reads_as_empty_tables(tmp_path: Path) -> None:
    write(Portfolio(), tmp_path / "p.xlsx")
    result = read(tmp_path / "p.xlsx")
    assert result.portfolio == Portfolio()
    assert (result.notices, result.tables_found) == ((), TABLES)


def test_a_profile_longer_than_the_sheet_is_refused(tmp_path: Path) -> None:
    portfolio = replace(
        a_portfolio(), spending=(SpendingProfile(project="p1", shares=(Decimal("0.1"),) * 10),)
    )
    with pytest.raises(ValueError, match="10 years"):
        write(portfolio, tmp_path / "p.xlsx")
    assert list(tmp_path.iterdir()) == []


# --- bytes --------------------------------------------------------------------------------------


def test_the_same_portfolio_gives_the_same_bytes(tmp_path: Path) -> None:
    write(a_portfolio(), tmp_path / "a.xlsx")
    time.sleep(2.1)  # zip files count time in steps of two seconds
    write(a_portfolio(), tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_no_time_of_writing_is_left(tmp_path: Path) -> None:
    write(a_portfolio(), tmp_path / "a.xlsx")
    with ZipFile(tmp_path / "a.xlsx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 31, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z") == 2
    assert core.count("school-portfolio") == 2  # no person's name


def test_folders_are_made_and_an_older_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "new" / "p.xlsx"
    write(a_portfolio(), path)
    write(Portfolio(), path)
    assert read(path).portfolio == Portfolio()
    assert [p.name for p in path.parent.iterdir()] == ["p.xlsx"]


# --- sheets, headers and cells ------------------------------------------------------------------


def test_sheets_stand_in_their_order_after_the_guide(template: Workbook) -> None:
    assert template.sheetnames == [GUIDE_TITLE, *(sheet.title for sheet in SHEETS), LISTS_TITLE]


def test_headers_are_bilingual_coloured_and_explained(template: Workbook) -> None:
    for sheet in SHEETS:
        worksheet = sheet_of(template, sheet.table)
        by_key = dict(zip(keys_of(worksheet), worksheet[1], strict=True))
        for column in sheet.columns:
            cell = by_key[column.key]
            assert cell.value == f"{column.zh} {column.key}"
            assert cell.fill.start_color.rgb == f"FF{NAVY if column.needed else PALE_BLUE}"
            assert cell.comment
            assert column.note.zh in cell.comment.text
            assert column.note.en in cell.comment.text
        years = [key for key in by_key if key.isdecimal()]
        assert years == ([str(year) for year in DEFAULT_YEARS] if sheet.year_kind else [])
        assert all(by_key[year].fill.start_color.rgb == f"FF{TEAL}" for year in years)
        calculated = [cell for key, cell in by_key.items() if key in CALCULATED_KEYS]
        assert all(cell.fill.start_color.rgb == f"FF{GREY}" for cell in calculated)
        # to the right of everything people fill in, so that pasted blocks do not run over them
        assert [cell.column for cell in calculated] == list(
            range(len(by_key) - len(calculated) + 1, len(by_key) + 1)
        )


def test_each_sheet_is_a_table_with_spare_rows(template: Workbook) -> None:
    """Excel carries formulas and filters of a table on to new rows; its column names must be the headers."""
    for sheet in SHEETS:
        worksheet = sheet_of(template, sheet.table)
        table = worksheet.tables[sheet.en]
        assert table.ref == f"A1:{get_column_letter(worksheet.max_column)}{SPARE_ROWS + 1}"
        assert table.autoFilter.ref == table.ref
        assert [column.name for column in table.tableColumns] == [cell.value for cell in worksheet[1]]
        filled = {c.name.split()[-1] for c in table.tableColumns if c.calculatedColumnFormula}
        assert filled == CALCULATED_KEYS.intersection(keys_of(worksheet))


def test_values_are_written_for_people_who_read_chinese(tmp_path: Path) -> None:
    worksheet = sheet_of(written(tmp_path, a_portfolio(status="approved", mandatory=True)), "projects")
    row = dict(zip(keys_of(worksheet), worksheet[2], strict=True))
    assert row["stage"].value == "小学 primary"
    assert row["status"].value == "已批 approved"
    assert row["mandatory"].value == "是 yes"
    assert row["total_cost"].value == 5690.4
    assert row["total_cost"].number_format == "#,##0.00"
    assert row["total_cost"].font.name == "微软雅黑"
    assert row["nature"].value is None


def test_unlimited_carry_over_and_lists_are_written_in_words() -> None:
    assert cell_value(None, Kind.CARRY_OVER) == "不限 unlimited"
    assert cell_value((Stage.PRIMARY, Stage.JUNIOR), Kind.STAGES) == "小学 primary；初中 junior"


def test_year_columns_run_over_all_years_and_those_asked_for(tmp_path: Path) -> None:
    def years(table: str, **asked: int) -> list[object]:
        workbook = written(tmp_path, a_portfolio(), **asked)
        return [int(key) for key in keys_of(sheet_of(workbook, table)) if key.isdecimal()]

    assert years("funding_caps") == [2021, 2022, 2023]
    assert years("demand") == [2021, 2022, 2023]
    assert years("funding_caps", first_year=2020, last_year=2022) == [2020, 2021, 2022, 2023]
    assert years("demand", first_year=2030, last_year=2031) == [2030, 2031]


def test_every_sheet_has_frozen_panes_and_a_print_set_up(template: Workbook) -> None:
    for sheet in SHEETS:
        worksheet = sheet_of(template, sheet.table)
        assert str(worksheet.freeze_panes).endswith("2")
        assert worksheet.print_title_rows == "$1:$1"
        assert worksheet.page_setup.orientation == "landscape"
        wide = 2 if sheet.table == "projects" else 1  # thirty columns on one page could not be read
        assert (worksheet.page_setup.fitToWidth or 1, worksheet.page_setup.fitToHeight) == (wide, 0)
        assert worksheet.print_title_cols == ("$A:$B" if wide == 2 else None)
        assert worksheet.oddFooter is not None
        assert worksheet.oddFooter.left.text == "&A"
        assert worksheet.oddFooter.right.text == "&P / &N"


def test_the_guide_names_every_sheet_in_both_languages(template: Workbook) -> None:
    words = {cell.value for row in template[GUIDE_TITLE].iter_rows() for cell in row}
    joined = "\n".join(str(word) for word in words)
    for sheet in SHEETS:
        assert sheet.title in words
        assert sheet.about.zh in joined
        assert sheet.about.en in joined
    assert "portfolio schedule --scenario base" in joined


# --- help while typing --------------------------------------------------------------------------


def test_drop_downs_offer_exactly_the_listed_values(template: Workbook) -> None:
    lists = template[LISTS_TITLE]
    for kind, choices in CHOICES.items():
        area = template.defined_names[list_name(kind)].attr_text.split("!")[1].replace("$", "")
        offered = [cell.value for row in lists[area] for cell in row]
        assert offered == [f"{label} {code}" for code, label in choices.items()]


def test_listed_columns_and_references_have_drop_downs(template: Workbook) -> None:
    for sheet in SHEETS:
        worksheet = sheet_of(template, sheet.table)
        lists = {
            str(area).split(":")[0].rstrip("0123456789"): v.formula1
            for v in worksheet.data_validations.dataValidation
            if v.type == "list"
            for area in v.sqref.ranges
        }
        for column in sheet.columns:
            if column.kind in CHOICES:
                assert lists[letter_of(worksheet, column.key)] == list_name(column.kind)
    for table, key, name in (
        ("projects", "county", "county_names"),
        ("funding_sources", "county", "county_or_shared"),
        ("seats", "zone", "zone_names"),
        ("demand", "zone", "zone_names"),
        ("seats", "project", "project_keys"),
        ("relations", "other", "project_keys"),
        ("funding_caps", "source", "source_keys"),
    ):
        worksheet = sheet_of(template, table)
        assert name in template.defined_names
        formulas = [
            v.formula1
            for v in worksheet.data_validations.dataValidation
            if f"{letter_of(worksheet, key)}2" in v.sqref
        ]
        assert formulas == [name]


def _rules(worksheet: Worksheet, key: str) -> list[Any]:
    area = f"{letter_of(worksheet, key)}2"
    return [
        rule
        for conditional in worksheet.conditional_formatting
        if area in conditional.sqref
        for rule in conditional.rules
    ]


def test_mistakes_light_up_while_typing(template: Workbook) -> None:
    projects = sheet_of(template, "projects")
    formulas = {
        key: " ".join(f for r in _rules(projects, key) for f in r.formula)
        for key in ("county", "total_cost", "latest_finish", "basis")
    }
    assert "LEN(TRIM(D2))=0" in formulas["county"]
    assert "ISTEXT(K2)" in formulas["total_cost"]
    assert "N2<$M2" in formulas["latest_finish"]
    assert [rule.type for rule in _rules(projects, "key")] == ["expression", "duplicateValues", "expression"]
    colours = [rule.dxf.fill.bgColor.rgb for rule in _rules(projects, "basis")]
    assert colours == [f"FF{BASIS_COLOURS[basis.value]}" for basis in Basis]


def test_help_reaches_far_below_the_last_row(template: Workbook) -> None:
    for sheet in SHEETS:
        worksheet = sheet_of(template, sheet.table)
        areas = [conditional.sqref for conditional in worksheet.conditional_formatting]
        areas += [validation.sqref for validation in worksheet.data_validations.dataValidation]
        assert {(r.min_row, r.max_row) for area in areas for r in area.ranges} == {(2, GROWTH + 1)}


def test_every_numeric_column_shows_text_and_every_needed_one_blanks(template: Workbook) -> None:
    numeric = {Kind.INT, Kind.YEAR, Kind.MONEY_WAN, Kind.MONEY_YUAN, Kind.DECIMAL, Kind.SHARE}
    for sheet in SHEETS:
        worksheet = sheet_of(template, sheet.table)
        for column in sheet.columns:
            formulas = " ".join(f for rule in _rules(worksheet, column.key) for f in rule.formula)
            assert ("ISTEXT" in formulas) == (column.kind in numeric), column.key
            assert ("COUNTA" in formulas) == column.needed, column.key
            assert ("<1990" in formulas) == (column.kind is Kind.YEAR), column.key


def test_chinese_characters_count_as_two_and_a_bit() -> None:
    assert text_width("ab总") == pytest.approx(4.1)


def test_thousands_of_rows_are_no_burden(tmp_path: Path) -> None:
    one = a_portfolio().projects[0]
    many = replace(
        a_portfolio(), projects=tuple(replace(one, key=f"p{n}", name_zh=f"{n}小") for n in range(2000))
    )
    begin = time.process_time()
    write(many, tmp_path / "p.xlsx")
    assert read(tmp_path / "p.xlsx").portfolio == many
    assert time.process_time() - begin < 20


def test_rows_with_long_text_are_high_enough(tmp_path: Path) -> None:
    worksheet = sheet_of(written(tmp_path, a_portfolio(scale="设计规模" * 15)), "projects")
    assert worksheet.row_dimensions[2].height == pytest.approx(20 + 3 * 16, abs=0.5)
