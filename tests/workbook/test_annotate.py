"""The checked copy: marks and comments are there, and nothing of the user's is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from portfolio.domain.notice import Severity
from portfolio.workbook.annotate import annotated, checked_path
from portfolio.workbook.annotation.merged import marks_around
from tests.workbook.marked import (
    NOTICES,
    PROJECTS,
    a_notice,
    all_looks,
    comment,
    lines_of,
    notes,
    saved_by_openpyxl,
    sheet_of,
    with_parts,
)
from tests.workbook.packages import (
    MAIN,
    assert_sound,
    by_openpyxl,
    by_xlsxwriter,
    hand_made,
    unmarked,
    unzipped,
    zipped,
)

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")  # tells what it drops


FILES: Mapping[str, Callable[[], bytes]] = {
    "xlsxwriter": by_xlsxwriter,
    "macros": lambda: by_xlsxwriter(macros=True),
    "openpyxl": by_openpyxl,
    "template": lambda: Path("data/projects.xlsx").read_bytes(),
    "hand-made": lambda: hand_made(
        "<x:sheetData><x:row><x:c t='str'><x:v>a</x:v></x:c><x:c><x:v>1</x:v></x:c></x:row><x:row r='9'/></x:sheetData>"
    ),
}


@pytest.mark.parametrize("name", list(FILES))
def test_nothing_of_the_users_is_lost(name: str) -> None:
    before = FILES[name]()
    after = annotated(before, NOTICES)
    assert_sound(after)
    old, new = unzipped(before), unzipped(after)
    changed = {part for part in old if old[part] != new[part]}
    sheets = {part for part in changed if "sheets/" in part and part.endswith(".xml")}
    others = ("rels", "Content_Types", "workbook.xml", "styles.xml", "comments", "vmlDrawing")
    assert all(any(word in part for word in others) for part in changed - sheets)
    for part in sheets:
        assert unmarked(old[part]) == unmarked(new[part])
    assert all_looks(after) == all_looks(before)
    assert annotated(before, NOTICES) == after


@pytest.mark.parametrize("name", list(FILES))
def test_each_place_is_marked_by_severity_and_told(name: str) -> None:
    after = annotated(FILES[name](), NOTICES)
    expected = {"B2": "thick", "B3": "mediumDashed", "A4": "thin", "C7": "thick", "Z400": "thick"}
    assert lines_of(after) == expected
    for cell in expected:
        assert "检查 Check" in comment(after, cell)
        assert "“待定”不是金额\n" in comment(after, cell)
        assert '"待定" no amount' in comment(after, cell)


@pytest.mark.parametrize(
    ("make", "cell", "own", "other"),
    [(by_xlsxwriter, "B2", "他们的批注 their own", "E9"), (by_openpyxl, "B3", "自己的批注 own", "A9")],
)
def test_the_users_comments_stay_above_ours(
    make: Callable[[], bytes], cell: str, own: str, other: str
) -> None:
    after = annotated(make(), [a_notice(f"{PROJECTS}!{cell}"), a_notice(f"{PROJECTS}!A1")])
    assert comment(after, cell).startswith(own)
    assert "检查 Check" in comment(after, cell)
    assert comment(after, other) == comment(make(), other)
    boxes = next(content for name, content in unzipped(after).items() if name.endswith(".vml"))
    assert notes(boxes) == 3  # two of the user's own, one new


def test_the_box_of_a_users_comment_grows_with_the_text() -> None:
    def corner(data: bytes) -> tuple[int, int]:
        drawing = unzipped(data)["xl/drawings/vmlDrawing1.vml"]
        anchor = re.findall(rb"<x:Anchor>([^<]*)</x:Anchor>.*?<x:Row>1</x:Row>", drawing, re.DOTALL)[0]
        right, _, bottom, _ = map(int, anchor.split(b",")[4:])
        return right, bottom

    right, bottom = corner(by_xlsxwriter())
    new_right, new_bottom = corner(annotated(by_xlsxwriter(), [a_notice(f"{PROJECTS}!B2")]))
    assert new_right > right
    assert new_bottom > bottom


def test_several_problems_of_a_cell_share_one_comment() -> None:
    found = [a_notice(f"{PROJECTS}!B2", s, zh=f"问题 {s}") for s in (Severity.NOTICE, Severity.ERROR)]
    text = comment(annotated(by_openpyxl(), found), "B2")
    assert text.index("问题 error") < text.index("问题 notice")
    assert lines_of(annotated(by_openpyxl(), found)) == {"B2": "thick"}


def test_a_merged_area_is_marked_around_and_told_once() -> None:
    after = annotated(by_openpyxl(), [a_notice(f"{PROJECTS}!D{row}") for row in (3, 4)])
    assert comment(after, "D2").count("不是金额") == 1
    assert not comment(after, "D3")


def test_the_cells_of_a_merged_area_have_the_mark_on_the_outer_sides_only() -> None:
    sides = {
        cell: "".join(sorted(s[0] for s in mark.sides))
        for cell, mark in marks_around((4, 2, 5, 4), Severity.ERROR).items()
    }
    assert sides == {(2, 4): "lt", (2, 5): "rt", (3, 4): "l", (3, 5): "r", (4, 4): "bl", (4, 5): "br"}
    assert list(marks_around((1, 1, 1, 1_048_576), Severity.ERROR)) == [(1, 1)]


def test_the_rest_of_a_border_stays() -> None:
    border = sheet_of(annotated(by_openpyxl(), [a_notice(f"{PROJECTS}!B3")]))["B3"].border
    assert (border.left.style, border.diagonal.style, border.diagonalUp) == ("thick", "thin", True)


def test_a_blank_cell_takes_the_format_of_its_column_or_row() -> None:
    assert sheet_of(annotated(by_openpyxl(), [a_notice(f"{PROJECTS}!B90")]))["B90"].number_format == "0.00"
    rows = "<x:sheetData><x:row r='3' s='1' customFormat='1'/></x:sheetData>"
    formats = (
        f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders>'
        '<cellXfs><xf/><xf numFmtId="10"/></cellXfs></styleSheet>'
    )
    data = zipped(unzipped(annotated(hand_made(rows), [])) | {"xl/styles.xml": formats.encode()})
    assert sheet_of(annotated(data, [a_notice(f"{PROJECTS}!B3")]))["B3"].number_format == "0.00%"


def test_a_drawing_that_is_not_well_formed_is_kept() -> None:
    """Excel writes such boxes for buttons."""
    button = (
        b"<v:shape id='_x0000_s9000' style='width:9pt;height:9pt'><div>a<br>b</div>"
        b"<x:ClientData ObjectType='Button'/></v:shape>"
    )
    data = with_parts(
        by_xlsxwriter(),
        xl__drawings__vmlDrawing1_vml=lambda part: part.replace(b"<v:shape ", button + b"<v:shape ", 1),
    )
    places = (a_notice(f"{PROJECTS}!{cell}") for cell in ("A1", "B2"))
    drawing = unzipped(annotated(data, list(places)))["xl/drawings/vmlDrawing1.vml"]
    assert button in drawing
    assert notes(drawing) == 3
    assert int(max(re.findall(rb"_x0000_s(\d+)", drawing), key=int)) > 9000


def test_a_new_drawing_defines_the_kind_of_box_it_uses() -> None:
    parts = unzipped(annotated(hand_made("<x:sheetData/>"), NOTICES))
    drawing = next(content for name, content in parts.items() if name.endswith(".vml"))
    assert drawing.count(b'id="_x0000_t202"') == 1
    assert drawing.count(b'type="#_x0000_t202"') == notes(drawing) == 5


def test_a_sheet_whose_rows_are_all_hidden_takes_no_time() -> None:
    before = "<x:sheetFormatPr defaultRowHeight='0' defaultColWidth='0' zeroHeight='1'/>"
    flood = [a_notice(f"{PROJECTS}!B{row}") for row in range(1, 300)]
    assert_sound(annotated(hand_made("<x:sheetData/>", before=before), flood))


def test_a_rows_hint_about_its_columns_stays_true() -> None:
    rows = "<x:sheetData><x:row r='3' spans='2:3'><x:c r='B3'/></x:row></x:sheetData>"
    sheet = unzipped(annotated(hand_made(rows), [a_notice(f"{PROJECTS}!E3")]))["xl/sheets/one.xml"]
    assert b'spans="2:5"' in sheet


def test_relationships_get_an_id_that_is_free() -> None:
    parts = unzipped(hand_made("<x:sheetData/>"))
    for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        parts[name] = parts[name].replace(b"R1", b"RID2")
    assert_sound(annotated(zipped(parts), NOTICES))


ROWS = {
    "no rows": "<x:sheetData/>",
    "no rows, open": "<x:sheetData></x:sheetData>",
    "no references": "<x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row><x:row><x:c/></x:row></x:sheetData>",
    "empty rows": "<x:sheetData><x:row r='2'/><x:row r='3' spans='1:1'></x:row><x:row r='5'/></x:sheetData>",
    "later cells": "<x:sheetData><x:row r='3'><x:c r='D3' s=\"0\"><x:v>4</x:v></x:c></x:row></x:sheetData>",
    "awkward attributes": "<x:sheetData><x:row r='3' x14:dyDescent='0.2' note=\"a > s='9' \" xmlns:x14='u'>"
    "<x:c\n r = 'B3'\ts = '0' ><x:v>4</x:v></x:c ></x:row ></x:sheetData >",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
@pytest.mark.parametrize("name", list(ROWS))
def test_any_way_of_writing_rows_is_understood(name: str, encoding: str) -> None:
    places = ["A1", "B1", "A2", "B3", "C3", "E3", "A4", "C9"]
    before = hand_made(f"<!-- 注 -->{ROWS[name]}", encoding=encoding)
    after = annotated(before, [a_notice(f"{PROJECTS}!{place}") for place in places])
    assert_sound(after)
    assert sorted(lines_of(after)) == sorted(places)
    if encoding == "utf-8":  # openpyxl reads no gb18030
        assert all_looks(after) == all_looks(before)


def test_the_boxes_reference_stands_where_excel_wants_it() -> None:
    after = "<x:pageMargins left='1' right='1' top='1' bottom='1' header='1' footer='1'/><x:extLst/>"
    data = annotated(hand_made("<x:sheetData/>", after=after), [a_notice(f"{PROJECTS}!A1")])
    assert re.search(
        rb"<x:pageMargins[^>]*/><x:legacyDrawing [^>]*/><x:extLst/>", unzipped(data)["xl/sheets/one.xml"]
    )


# --- files that cannot be patched, and names ------------------------------------------------------------

REFUSED: Mapping[str, Callable[[], bytes]] = {
    "no zip": lambda: b"PK\x03\x04 and then nothing",
    "no workbook": lambda: zipped({"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<Relationships/>"}),
    "strict": lambda: with_parts(
        by_openpyxl(),
        _rels___rels=lambda part: part.replace(b"schemas.openxmlformats.org/officeDocument", b"purl.oclc.org/ooxml/officeDocument"),
    ),
    "broken sheet": lambda: hand_made("<x:sheetData>"),
    "DOCTYPE": lambda: with_parts(
        by_openpyxl(), xl__workbook_xml=lambda part: b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + part
    ),
    "rows out of order": lambda: hand_made("<x:sheetData><x:row r='3'/><x:row r='2'/></x:sheetData>"),
    "cells out of order": lambda: hand_made("<x:sheetData><x:row r='1'><x:c r='C1'/><x:c r='B1'/></x:row></x:sheetData>"),
    "shared": lambda: with_parts(
        by_openpyxl(),
        xl___rels__workbook_xml_rels=lambda part: part.replace(
            b"</Relationships>",
            b'<Relationship Id="log" Type="x/revisionHeaders" Target="revisions/revisionHeaders.xml"/></Relationships>',
        ),
    ),
    "no rows at all": lambda: hand_made(""),
    "unknown encoding": lambda: hand_made("<x:sheetData/>").replace(b"utf-8", b"utf-9"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_cannot_be_patched_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        annotated(REFUSED[name](), [a_notice(f"{PROJECTS}!A1")])


def test_the_copy_of_a_signed_file_is_not_signed() -> None:
    signature = (
        b'<Relationship Id="sig" Target="_xmlsignatures/origin.sigs"'
        b' Type="http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"/>'
    )
    signed = with_parts(
        by_openpyxl(),
        _rels___rels=lambda part: part.replace(b"</Relationships>", signature + b"</Relationships>"),
    )
    assert b"signature" not in unzipped(annotated(signed, NOTICES))["_rels/.rels"]


@pytest.mark.parametrize(
    ("name", "there", "expected"),
    [
        ("projects.xlsx", [], "projects_checked.xlsx"),
        ("计划 1.XLSM", [], "计划 1_checked.XLSM"),
        ("projects.xlsx", ["projects_checked.xlsx"], "projects_checked_2.xlsx"),
        ("projects_checked.xlsx", [], "projects_checked_2.xlsx"),
        ("projects_checked_2.xlsx", ["projects_checked.xlsx"], "projects_checked_3.xlsx"),
        ("projects_checked_2.xlsx", [], "projects_checked.xlsx"),
        ("projects.xls", [], "projects_checked.xlsx"),  # an .xlsx in truth
        ("_checked.xlsx", [], "_checked_checked.xlsx"),
    ],
)
def test_the_copy_never_takes_the_place_of_someones_work(
    tmp_path: Path, name: str, there: list[str], expected: str
) -> None:
    for other in (name, *there):
        (tmp_path / other).write_bytes(by_openpyxl())
    assert checked_path(tmp_path / name) == tmp_path / expected


def test_a_copy_that_nobody_saved_is_replaced(tmp_path: Path) -> None:
    copy = tmp_path / "projects_checked.xlsx"
    copy.write_bytes(annotated(by_openpyxl(), NOTICES))
    assert checked_path(tmp_path / "projects.xlsx") == copy
    copy.write_bytes(saved_by_openpyxl(copy.read_bytes()))
    assert checked_path(tmp_path / "projects.xlsx") == tmp_path / "projects_checked_2.xlsx"
