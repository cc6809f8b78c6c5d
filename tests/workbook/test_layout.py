"""The layout is complete: every field has a column, every column a field, a label and a note."""

from __future__ import annotations

from dataclasses import fields

import pytest

from portfolio.domain.portfolio import TABLES
from portfolio.workbook.columns import column_forms
from portfolio.workbook.layout import CHOICES, GUIDE_TITLE, LISTS_TITLE, SHEETS, Kind, Sheet
from portfolio.workbook.records import RECORDS, SHARE_COLUMNS, YEARS_FIELD, field_of

BY_TABLE = pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.table for sheet in SHEETS])


def test_every_table_of_a_portfolio_has_a_sheet_in_its_order() -> None:
    assert tuple(sheet.table for sheet in SHEETS) == TABLES
    assert set(RECORDS) == set(TABLES)


@BY_TABLE
def test_every_field_has_a_column_and_every_column_a_field(sheet: Sheet) -> None:
    filled = {
        field_of(sheet.table, c.key)
        for c in sheet.columns
        if not (sheet.table == "spending" and c.key in SHARE_COLUMNS)
    }
    if sheet.table == "spending":
        filled.add("shares")
    if sheet.table in YEARS_FIELD:
        assert sheet.year_kind
        filled.add(YEARS_FIELD[sheet.table])
    assert filled == {f.name for f in fields(RECORDS[sheet.table])}


@BY_TABLE
def test_every_column_and_sheet_is_explained_in_both_languages(sheet: Sheet) -> None:
    assert all(sheet.about)
    for column in sheet.columns:
        assert column.zh, column.key
        assert all(column.note), column.key


@BY_TABLE
def test_headers_of_a_sheet_cannot_be_mixed_up(sheet: Sheet) -> None:
    forms = column_forms(sheet)
    for column in sheet.columns:
        for form in (column.key, column.zh, f"{column.zh} {column.key}"):
            owners = {other.key for other in sheet.columns if form in (other.key, other.zh)}
            assert len(owners) <= 1, form
    assert set(forms.values()) == {column.key for column in sheet.columns}


def test_year_columns_are_columns_too() -> None:
    caps = next(sheet for sheet in SHEETS if sheet.table == "funding_caps")
    assert caps.column("2024").kind is Kind.MONEY_WAN
    with pytest.raises(KeyError):
        caps.column("nothing")
    with pytest.raises(KeyError):
        SHEETS[0].column("2024")


def test_sheet_names_fit_and_labels_are_distinct() -> None:
    titles = [sheet.title for sheet in SHEETS] + [GUIDE_TITLE, LISTS_TITLE]
    assert len(set(titles)) == len(titles)
    assert all(len(title) <= 31 for title in titles)
    for choices in CHOICES.values():
        assert len(set(choices.values())) == len(choices)
