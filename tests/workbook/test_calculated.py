"""The calculated columns: ignored by every reader, within the limits of a spreadsheet, right in their values."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portfolio.domain.demand import Capacity, Demand
from portfolio.domain.funding import FundingCaps, FundingSource, ProjectFunding
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Project, SeatEffect, SpendingProfile, Stage
from portfolio.workbook.calculated import CALCULATED
from portfolio.workbook.complaints import COMPLAINTS
from portfolio.workbook.facts import Facts
from portfolio.workbook.formulas import in_row, row_formula, table_formula
from portfolio.workbook.layout import CALCULATED_KEYS, SHEETS
from portfolio.workbook.table_sheet import TableSheet

DOCUMENT = Path(__file__).parents[2] / "docs" / "workbook.md"
PLACE: dict[str, Any] = {"county": "A", "stage": Stage.PRIMARY}
PORTFOLIO = Portfolio(
    projects=(
        Project(key="p1", name_zh="一小", total_cost=90000, floor_area_m2=Decimal(3000), duration_years=2, fixed_start=2026, **PLACE),
        Project(key="P1", latest_finish=2027, earliest_start=2027, duration_years=2, **PLACE),
    ),
    seats=(
        SeatEffect(project="p1", stage=Stage.PRIMARY, seats_added=100, seats_replaced=30),
        SeatEffect(project="gone", stage=Stage.PRIMARY, seats_added=7, zone="z"),
    ),
    spending=(SpendingProfile(project="p1", shares=(Decimal(1),)),),
    funding_sources=(FundingSource(key="s1", county="*"), FundingSource(key="s2", county="A")),
    funding_caps=(FundingCaps(source="s1", amounts={2026: 100, 2028: 250}),),
    project_funding=(
        ProjectFunding(project="p1", source="s1", min_share=Decimal("0.7"), max_share=Decimal("0.8")),
        ProjectFunding(project="p1", source="s2", min_share=Decimal("0.4")),
    ),
    capacity=(Capacity(seats={2026: 500, 2027: 480}, **PLACE), Capacity(seats={2026: 20}, public=False, **PLACE)),
    demand=(Demand(seats={2026: 600, 2030: 700}, **PLACE), Demand(seats={}, zone="z", **PLACE)),
)  # fmt: skip

VALUES: dict[tuple[str, int], dict[str, object]] = {
    ("projects", 0): {
        "check": "OK", "seats_total": 100, "yuan_per_m2": 3000.0, "yuan_per_seat": 90_000.0, "finish_year": 2027,
    },
    ("projects", 1): {"yuan_per_m2": "", "finish_year": ""},
    ("seats", 0): {"check": "OK", "project_name": "一小", "project_county": "A", "project_zone": ""},
    ("seats", 1): {"project_name": "？", "project_county": "", "project_zone": "z"},
    ("spending", 0): {"shares_total": 1.0},
    ("funding_sources", 0): {"check": "OK", "caps_total": 3.5},
    ("funding_caps", 0): {"check": "OK", "source_name": "", "caps_total": 3.5},
    ("project_funding", 1): {"project_name": "一小", "min_total": 1.1, "max_total": 1.8},
    ("capacity", 0): {"check": "OK", "last_year_seats": 480},
    ("demand", 0): {"check": "OK", "last_year_seats": 700, "existing_seats": 500, "gap": 200, "project_seats": 70, "gap_after": 130},
    ("demand", 1): {"last_year_seats": "", "existing_seats": 0, "gap": "", "project_seats": 0, "gap_after": ""},
}  # fmt: skip
COMPLAINED: dict[tuple[str, int], tuple[str, ...]] = {
    ("projects", 1): ("项目编码重复", "没有名称", "建不完"),
    ("seats", 1): ("项目编码不存在",),
    ("spending", 0): ("年数与工期不符",),
    ("funding_sources", 1): ("年度资金表中没有",),
    ("project_funding", 0): ("超过 100%",),
    ("demand", 1): ("没有任何年份的数",),
}


@pytest.mark.parametrize("place", VALUES, ids=lambda p: f"{p[0]} {p[1]}")
def test_values_follow_the_portfolio(place: tuple[str, int]) -> None:
    table, number = place
    record = getattr(PORTFOLIO, table)[number]
    columns = {column.key: column for column in CALCULATED[table]}
    facts = Facts(PORTFOLIO)
    for key, expected in VALUES[place].items():
        found = columns[key].value(record, number, facts)
        assert found == (pytest.approx(expected) if isinstance(expected, float) else expected), key


@pytest.mark.parametrize("place", COMPLAINED, ids=lambda p: f"{p[0]} {p[1]}")
def test_the_check_names_every_fault(place: tuple[str, int]) -> None:
    table, number = place
    said = CALCULATED[table][-1].value(getattr(PORTFOLIO, table)[number], number, Facts(PORTFOLIO))
    assert isinstance(said, str)
    faults = said.split("；")
    assert len(faults) == len(COMPLAINED[place]), said
    assert all(word in fault for word, fault in zip(COMPLAINED[place], faults, strict=True)), said


def test_the_keys_are_those_that_import_ignores() -> None:
    keys = {column.key for columns in CALCULATED.values() for column in columns}
    assert keys == CALCULATED_KEYS
    assert not keys & {column.key for sheet in SHEETS for column in sheet.columns}


def test_every_sheet_ends_with_a_check() -> None:
    assert set(CALCULATED) == set(COMPLAINTS) == {sheet.table for sheet in SHEETS}
    assert {columns[-1].key for columns in CALCULATED.values()} == {"check"}


def test_formulas_keep_to_the_limits_of_excel() -> None:
    years = {sheet.table: range(2020, 2040) for sheet in SHEETS if sheet.year_kind}
    tables = {
        sheet.table: TableSheet(sheet, [*sheet.columns, *(sheet.column(str(y)) for y in years.get(sheet.table, ()))], ())
        for sheet in SHEETS
    }  # fmt: skip
    sheets = {name: table.columns for name, table in tables.items()}
    for table, columns in CALCULATED.items():
        for column in columns:
            plain = in_row(row_formula(column.formula, table, sheets), 20_000)
            named = table_formula(column.formula, table, sheets)
            assert "[" not in plain
            assert max(len(plain), len(named)) < 8192
            assert all(len(text) <= 255 for text in re.findall(r'"([^"]*)"', plain))


def test_every_calculated_column_is_documented() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for sheet in SHEETS:
        for column in CALCULATED[sheet.table]:
            place = "每张表 every sheet" if column.key == "check" else sheet.zh
            assert f"| {place} | `{column.key}` | {column.zh} | {column.note.zh} | {column.note.en} |" in text
