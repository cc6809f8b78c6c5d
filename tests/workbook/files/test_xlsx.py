"""Sheets of .xlsx files as plain values: what every kind of cell becomes, and what damage leads to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from portfolio.errors import InputRefusedError
from portfolio.workbook.files.raw import CellError, Raw, RawSheet
from portfolio.workbook.package import read_sheets
from tests.workbook.files import zips
from tests.workbook.files.zips import (
    BOOK,
    HEADER,
    MAIN,
    ROW,
    ROWS,
    SHEET,
    STRINGS,
    parts,
    sheet,
    workbook,
    zipped,
)

PATH = Path("projects.xlsx")

at = datetime.fromisoformat


def the_sheet(data: bytes) -> RawSheet:
    [found] = read_sheets(data, PATH)
    return found


def the_rows(*rows: str, **changed: str) -> dict[int, tuple[Raw, ...]]:
    return the_sheet(workbook(sheet("".join(rows)), **changed)).rows


def saved(workbook: Workbook) -> bytes:
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


# --- values ---------------------------------------------------------------------------------------

STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="200" formatCode="yyyy&quot;年&quot;"/>
<numFmt numFmtId="201" formatCode="[h]:mm"/><numFmt numFmtId="202" formatCode="0.0&quot;days&quot;"/></numFmts>
<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>
<xf numFmtId="200"/><xf numFmtId="201"/><xf numFmtId="202"/><xf numFmtId="57"/></cellXfs></styleSheet>"""

CELLS = {
    "shared text": ('<c r="A1" t="s"><v>0</v></c>', "key"),
    "text in the cell": ('<c t="inlineStr"><is><r><t>一</t></r><r><t xml:space="preserve"> 小</t></r></is></c>', "一 小"),
    "no phonetic guide": ('<c t="inlineStr"><is><t>项目</t><rPh><t>xm</t></rPh></is></c>', "项目"),
    "text of a formula": ('<c t="str"><f>"a"</f><v>a</v></c>', "a"),
    "an escaped underscore": ('<c t="str"><v>_x005F_x0041_</v></c>', "_x0041_"),
    "text like a formula": ('<c t="str"><v>=1+1</v></c>', "=1+1"),
    "whole number": ("<c><v>7</v></c>", 7),
    "fraction": ("<c><v>0.1</v></c>", 0.1),
    "exponent": ("<c><v>1E3</v></c>", 1000.0),
    "result of a formula": ("<c><f>1+1</f><v>2</v></c>", 2),
    "true": ('<c t="b"><v>1</v></c>', True),
    "date": ('<c s="1"><v>46082</v></c>', at("2026-03-01")),
    "date by a format of one's own": ('<c s="2"><v>46082</v></c>', at("2026-03-01")),
    "date by a Chinese built-in format": ('<c s="5"><v>46082</v></c>', at("2026-03-01")),
    "time": ('<c s="1"><v>0.5</v></c>', time(12)),
    "duration": ('<c s="3"><v>1.25</v></c>', timedelta(hours=30)),
    "not a date": ('<c s="4"><v>3</v></c>', 3),
    "a date of strict Open XML": ('<c t="d"><v>2026-03-01</v></c>', date(2026, 3, 1)),
    "a time of strict Open XML": ('<c t="d"><v>2026-03-01T12:30:00</v></c>', at("2026-03-01T12:30")),
    "a date out of range": ('<c s="1"><v>9999999</v></c>', 9999999),
    "an unknown style": ('<c s="99"><v>5</v></c>', 5),
    "an error": ('<c t="e"><v>#REF!</v></c>', CellError("#REF!")),
    "a formula without a result": ("<c><f>A1&gt;1</f><v/></c>", CellError("=A1>1", unsaved=True)),
    "a shared formula without a result": ('<c><f t="shared" si="0"/></c>', CellError("=", unsaved=True)),
    "no number": ("<c><v>NaN</v></c>", CellError("NaN")),
    "an infinite number": ("<c><v>1e999</v></c>", CellError("1e999")),
    "words for a number": ("<c><v>1_000</v></c>", CellError("1_000")),
    "a date that is none": ('<c t="d"><v>2026-13-01</v></c>', CellError("2026-13-01")),
}  # fmt: skip


@pytest.mark.parametrize("cell", list(CELLS))
def test_a_cell_becomes_its_value(cell: str) -> None:
    xml, expected = CELLS[cell]
    rows = the_rows(f"<row>{xml}</row>", styles=STYLES)
    assert rows == {1: (expected,)}
    assert type(rows[1][0]) is type(expected)


@pytest.mark.parametrize(
    "cell",
    [
        "<c/>",
        '<c s="1"/>',
        '<c t="str"><f>""</f><v></v></c>',
        '<c t="inlineStr"><is><t/></is></c>',
        "<c><v/></c>",
    ],
)
def test_a_cell_without_content_is_none(cell: str) -> None:
    assert the_rows(HEADER, f'<row r="2">{cell}</row>') == {1: ROWS[1]}


def test_days_may_count_from_1904() -> None:
    book = parts()[BOOK]
    assert isinstance(book, str)
    book = book.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    rows = the_rows('<row><c s="1"><v>44620</v></c></row>', styles=STYLES, book=book)
    assert rows == {1: (at("2026-03-01"),)}


# --- rows, sheets, what stands around them ----------------------------------------------------------


def test_rows_and_cells_without_numbers_follow_one_another() -> None:
    rows = the_rows("<row><c><v>1</v></c><c/><c><v>3</v></c></row>", '<row r="5"><c r="B5"><v>2</v></c><c><v>3</v></c></row>', "<row><c><v>6</v></c></row>")  # fmt: skip
    assert rows == {1: (1, None, 3), 5: (None, 2, 3), 6: (6,)}


def test_rows_out_of_order_are_put_in_order_and_halves_joined() -> None:
    rows = the_rows('<row r="3"><c><v>3</v></c></row>', '<row r="1"><c><v>1</v></c></row>', '<row r="3"><c r="B3"><v>4</v></c></row>')  # fmt: skip
    assert list(rows.items()) == [(1, (1,)), (3, (3, 4))]


def test_merged_regions_and_hidden_rows_are_known() -> None:
    xml = sheet(HEADER + ROW.replace('r="2"', 'r="2" hidden="1"') + '<row r="9" hidden="true"/>', after='<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B2:C3"/></mergeCells>')  # fmt: skip
    found = the_sheet(workbook(xml))
    assert found.merged == ((1, 1, 1, 2), (2, 2, 3, 3))
    assert found.hidden_rows == {2}


def test_sheets_keep_their_order_and_names_and_chart_sheets_are_no_sheets() -> None:
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{zips.RELATION}"><sheets><sheet name="../a/b" r:id="rId2"/><sheet name="项目" r:id="rId1"/><sheet name="chart" r:id="rIdS"/></sheets></workbook>'
    found = read_sheets(workbook(sheet(), sheet(HEADER), book=book), PATH)
    assert [(s.title, len(s.rows)) for s in found] == [("../a/b", 1), ("项目", 2)]


def test_it_reads_what_openpyxl_wrote() -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    values = ["文字", 1, 1.5, at("2026-03-01T12:30"), time(3, 4), True, "#N/A"]
    first.append(values)
    first.append(["=A1"])
    book.create_sheet("second")["B2"] = "x"
    found = read_sheets(saved(book), PATH)
    assert found[0].rows == {1: (*values[:-1], CellError("#N/A")), 2: (CellError("=A1", unsaved=True),)}
    assert (found[1].title, found[1].rows) == ("second", {2: (None, "x")})


def test_prefixes_strict_names_and_other_cases_of_part_names_are_read() -> None:
    prefixed = (
        sheet().replace("<worksheet xmlns=", "<x:worksheet xmlns:x=").replace("</worksheet", "</x:worksheet")
    )
    for tag in ("sheetData", "row", "c", "v", "is", "t"):
        for mark in (">", " ", "/"):
            prefixed = prefixed.replace(f"<{tag}{mark}", f"<x:{tag}{mark}")
        prefixed = prefixed.replace(f"</{tag}>", f"</x:{tag}>")
    strict = {
        name: part.replace(MAIN, zips.STRICT) if isinstance(part, str) else part
        for name, part in parts().items()
    }
    shouted = {name.replace("sheet1.xml", "Sheet1.XML"): part for name, part in parts().items()}
    for data in (workbook(prefixed), zipped(strict), zipped(shouted)):
        assert the_sheet(data).rows == ROWS


def test_utf_16_parts_are_read() -> None:
    xml = sheet().replace("UTF-8", "UTF-16")
    assert the_sheet(zipped(parts() | {SHEET: xml.encode("utf-16")})).rows == ROWS


# --- odd, but harmless ------------------------------------------------------------------------------


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576", "nonsense"])
def test_a_wrong_dimension_does_no_harm(dimension: str) -> None:
    assert the_sheet(workbook(sheet(before=f'<dimension ref="{dimension}"/>'))).rows == ROWS


def test_a_far_away_cell_is_left_out_with_a_remark() -> None:
    far = '<row r="1048576"><c r="XFC1048576"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>'
    found = the_sheet(workbook(sheet(HEADER + ROW + far)))
    assert found.rows == ROWS
    [remark] = found.remarks
    assert "2 个单元格（如 XFC1048576）" in remark.zh
    assert "2 cells to the right of column SF" in remark.en


def test_a_merge_of_the_whole_sheet_ends_near_the_last_row() -> None:
    found = the_sheet(workbook(sheet(after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')))
    assert found.merged == ((1, 1, 16384, 1002),)


def test_links_out_of_the_file_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_text(sheet())
    rels = "xl/_rels/workbook.xml.rels"
    for target, mode in ((f"file://{tmp_path}/secret.xml", ' TargetMode="External"'), ("worksheets/sheet1.xml", ' TargetMode="External"'), ("../../../../etc/passwd", ""), (str(tmp_path / "secret.xml"), "")):  # fmt: skip
        link = f'<Relationship Id="rId1" Type="{zips.RELATION}/worksheet" Target="{target}"{mode}/>'
        with pytest.raises(InputRefusedError, match="damaged"):
            read_sheets(zipped(parts() | {rels: zips.relations(link)}), PATH)


def test_an_absolute_target_within_the_file_is_found() -> None:
    rels = parts()["xl/_rels/workbook.xml.rels"]
    assert isinstance(rels, str)
    changed = rels.replace('"worksheets/', '"/xl/worksheets/')
    assert the_sheet(zipped(parts() | {"xl/_rels/workbook.xml.rels": changed})).rows == ROWS


# --- damage -----------------------------------------------------------------------------------------

DAMAGE: dict[str, bytes] = {
    "DOCTYPE": workbook(sheet().replace("<worksheet", '<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet')),
    r"sharedStrings.xml has a DOCTYPE": workbook(strings=f'<!DOCTYPE sst SYSTEM "file:///etc/passwd"><sst xmlns="{MAIN}"/>'),
    "undefined entity": workbook(sheet(HEADER + "<row><c><v>&a;</v></c></row>")),
    "mismatched tag": workbook(sheet("<row>")),
    "sheet2.xml: not well-formed": workbook(sheet(), "<worksheet xmlns='x' <"),
    "refers to a text that is not there": workbook(sheet('<row><c t="s"><v>99</v></c></row>')),
    "row 3, column 2 refers to a text": workbook(sheet('<row r="3"><c r="B3" t="s"><v>-1</v></c></row>')),
    "row 1048577": workbook(sheet('<row r="1048577"><c><v>1</v></c></row>')),
    "row 99999999999": workbook(sheet('<row r="99999999999"><c><v>1</v></c></row>')),
    "cell XFE1": workbook(sheet('<row r="1"><c r="XFE1"><v>1</v></c></row>')),
    "cell 1": workbook(sheet('<row r="1"><c r="1"><v>1</v></c></row>')),
    "merged cells": workbook(sheet(after='<mergeCells><mergeCell ref="nowhere"/></mergeCells>')),
    "merged regions of the sheet .Sheet1. overlap": workbook(sheet(after='<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="A2:B3"/></mergeCells>')),
    "no sheets": workbook(book=f'<workbook xmlns="{MAIN}"/>'),
    "workbook.xml is missing": zipped({name: part for name, part in parts().items() if name != BOOK}),
    "sheet1.xml is missing": zipped({name: part for name, part in parts().items() if name != SHEET}),
    "sharedStrings.xml is missing": zipped({name: part for name, part in parts().items() if name != STRINGS}),
    "twice": zipped(parts() | {"XL/Workbook.XML": "<workbook/>"}),
    "nested too deeply": workbook(sheet("<a>" * 500 + "</a>" * 500)),
    "unknown encoding": zipped(parts() | {SHEET: sheet().replace("UTF-8", "KLINGON")}),
}  # fmt: skip


@pytest.mark.parametrize("reason", list(DAMAGE))
def test_damage_is_refused_with_the_reason_in_both_languages(reason: str) -> None:
    with pytest.raises(InputRefusedError, match=reason) as refusal:
        read_sheets(DAMAGE[reason], PATH)
    words = str(refusal.value)
    assert words.startswith("projects.xlsx: ")
    assert "文件" in words or "拒绝" in words


def test_a_zip_file_within_which_entries_overlap_is_read_once_or_refused() -> None:
    data = bytearray(workbook(sheet(), sheet(HEADER)))
    first = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02"))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = data[first + 42 : first + 46]  # where the part begins
    with pytest.raises(InputRefusedError):
        read_sheets(bytes(data), PATH)
