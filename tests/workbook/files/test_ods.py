"""Sheets of OpenDocument files as plain values."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from portfolio.errors import InputRefusedError
from portfolio.workbook.files.raw import CellError, RawSheet
from portfolio.workbook.package import is_workbook, read_sheets
from tests.workbook.files.zips import ods

PATH = Path("projects.ods")

at = datetime.fromisoformat


def table(rows: str, name: str = "Projects") -> str:
    return f'<table:table table:name="{name}">{rows}</table:table>'


def row(*cells: str, about: str = "") -> str:
    return f"<table:table-row{about}>{''.join(cells)}</table:table-row>"


def cell(text: str = "", about: str = "", kind: str = "string") -> str:
    value = f'office:value-type="{kind}"' if kind else ""
    words = f"<text:p>{text}</text:p>" if text else ""
    return f'<table:table-cell {value} calcext:value-type="x" {about}>{words}</table:table-cell>'


BLANK = "<table:table-cell/>"


def the_sheet(rows: str) -> RawSheet:
    [found] = read_sheets(ods(table(rows)), PATH)
    return found


CELLS = {
    "text": (cell("一小"), "一小"),
    "text in pieces": (cell("<text:span>a</text:span><text:s text:c='2'/>b<text:tab/><text:line-break/>c"), "a  b\t\nc"),
    "paragraphs": (cell("a</text:p>\n  <text:p>b"), "a\nb"),
    "a comment is no text": (cell("a", "").replace("<text:p>a", "<office:annotation><text:p>no</text:p></office:annotation><text:p>a"), "a"),
    "text of a formula": (cell("ab", 'table:formula="of:=X" office:string-value="ab"'), "ab"),
    "whole number": (cell("7", 'office:value="7"', "float"), 7),
    "fraction": (cell("0.5", 'office:value="0.5"', "float"), 0.5),
    "percentage": (cell("60%", 'office:value="0.6"', "percentage"), 0.6),
    "money": (cell("￥5", 'office:value="5"', "currency"), 5),
    "date": (cell("x", 'office:date-value="2026-03-01"', "date"), date(2026, 3, 1)),
    "date and time": (cell("x", 'office:date-value="2026-03-01T12:30:00"', "date"), at("2026-03-01T12:30")),
    "time": (cell("x", 'office:time-value="PT03H04M00S"', "time"), time(3, 4)),
    "duration": (cell("x", 'office:time-value="PT30H00M00S"', "time"), timedelta(hours=30)),
    "yes": (cell("TRUE", 'office:boolean-value="true"', "boolean"), True),
    "an error": (cell("#REF!", 'table:formula="of:=X" office:string-value=""'), CellError("#REF!")),
    "an error of LibreOffice": (cell("Err:522", 'table:formula="of:=X" office:string-value=""'), CellError("Err:522")),
    "a formula without a result": (cell("", 'table:formula="of:=1+1"', ""), CellError("=1+1", unsaved=True)),
    "no number": (cell("x", 'office:value="1e999"', "float"), CellError("1e999")),
    "no date": (cell("x", 'office:date-value="9999999"', "date"), CellError("9999999")),
    "no time": (cell("x", 'office:time-value="later"', "time"), CellError("later")),
}  # fmt: skip


@pytest.mark.parametrize("kind", list(CELLS))
def test_a_cell_becomes_its_value(kind: str) -> None:
    xml, expected = CELLS[kind]
    rows = the_sheet(row(xml)).rows
    assert rows == {1: (expected,)}
    assert type(rows[1][0]) is type(expected)


def test_repeated_rows_and_cells_are_counted() -> None:
    found = the_sheet(
        row(cell("a", 'table:number-columns-repeated="2"'), BLANK, cell("b"))
        + row(BLANK, about=' table:number-rows-repeated="7"')
        + row(cell("c"), about=' table:number-rows-repeated="2"')
        + row('<table:table-cell table:number-columns-repeated="16384"/>', about=' table:number-rows-repeated="1048576"')
    )  # fmt: skip
    assert found.rows == {1: ("a", "a", None, "b"), 9: ("c",), 10: ("c",)}


def test_merged_regions_and_hidden_rows_are_known() -> None:
    merged = cell("m", 'table:number-columns-spanned="1" table:number-rows-spanned="3"')
    covered = row("<table:covered-table-cell/>", cell("x"))
    hidden = row(cell("h"), about=' table:visibility="filter"')
    found = the_sheet(row(merged) + covered * 2 + hidden)
    assert found.merged == ((1, 1, 1, 3),)
    assert found.hidden_rows == {4}
    assert found.rows[2] == (None, "x")


def test_sheets_keep_their_order_and_a_table_in_a_cell_is_not_read() -> None:
    inner = row(f"<table:table-cell>{table(row(cell('inner')), 'Inner')}</table:table-cell>", cell("outer"))
    found = read_sheets(ods(table(inner, "一") + table("", "二")), PATH)
    assert [(s.title, s.rows) for s in found] == [("一", {1: (None, "outer")}), ("二", {})]
    assert not is_workbook(ods(table("")))


MANIFEST = '<m:manifest xmlns:m="x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
REFUSED = {
    "encrypted": ods(table(""), manifest=MANIFEST),
    "more than 100,000 rows": ods(table(row(cell("x"), about=' table:number-rows-repeated="1048576"'))),
    "more than 250 sheets": ods(table("") * 300),
}


@pytest.mark.parametrize("reason", list(REFUSED))
def test_what_cannot_be_read_is_refused_with_the_reason(reason: str) -> None:
    with pytest.raises(InputRefusedError, match=reason):
        read_sheets(REFUSED[reason], PATH)


def test_a_value_repeated_to_the_edge_of_the_sheet_is_left_out_there() -> None:
    found = the_sheet(row(cell("x", 'table:number-columns-repeated="16384"')))
    assert found.rows == {1: ("x",) * 500}
    assert len(found.remarks) == 1
