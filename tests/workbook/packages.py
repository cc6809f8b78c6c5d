"""Workbook files as different programs write them, and what must hold of any file that Excel opens."""

from __future__ import annotations

import posixpath
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.datavalidation import DataValidation

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

WORKSHEET_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
    "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations",
    "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
    "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing",
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
    "extLst",
)  # fmt: skip
WORKBOOK_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews",
    "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects",
    "extLst",
)  # fmt: skip


# --- files ------------------------------------------------------------------------------------------


def png() -> bytes:
    """A picture of one red dot."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")


def by_xlsxwriter(*, macros: bool = False) -> bytes:
    """Everything that a load and save through openpyxl would lose or touch."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    first, second = book.add_worksheet("项目 Projects"), book.add_worksheet("It's 2")
    money = book.add_format({"num_format": "#,##0.00", "bg_color": "#FFFF00", "italic": True, "bottom": 6})
    first.write_row(0, 0, ["key", "cost", "note"])
    for row in range(1, 30):
        first.write_row(row, 0, [f"p{row}", row * 1.5, "文字 & <text>"], money if row % 2 else None)
    first.write_formula("D2", "=SUM(B2:B30)", money, 652.5)
    first.merge_range("F2:G4", "合并 merged", money)
    first.write_comment("B2", "他们的批注 their own", {"author": "王会计"})
    first.write_comment("E9", "second")
    first.insert_image("H2", "dot.png", {"image_data": BytesIO(png())})
    first.insert_textbox("H8", "文本框 text box")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='项目 Projects'!$B$2:$B$9"})
    first.insert_chart("H14", chart)
    first.add_sparkline("E2", {"range": "'项目 Projects'!B2:B9"})
    first.data_validation("A2:A30", {"validate": "list", "source": ["a", "b"]})
    first.conditional_format("B2:B30", {"type": "data_bar", "data_bar_2010": True})
    first.set_row(6, 40, None, {"hidden": True})
    first.set_column("C:C", 30, money)
    first.autofilter("A1:C30")
    first.freeze_panes(1, 1)
    first.print_area("A1:D30")
    first.repeat_rows(0)
    second.add_table("A1:B4", {"data": [[1, 2], [3, 4], [5, 6]]})
    chart_sheet = book.add_chartsheet("Chart")
    chart_sheet.set_chart(_bar(book))
    chart_sheet.hide()
    book.define_name("Rate", "=0.05")
    book.define_name("'项目 Projects'!Local", "='项目 Projects'!$A$1")
    book.set_properties({"title": "计划", "author": "王会计"})
    if macros:
        book.add_vba_project(BytesIO(b"macros"), is_stream=True)
    second.activate()
    book.close()
    return buffer.getvalue()


def _bar(book: Any) -> Any:
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "='项目 Projects'!$B$2:$B$9"})
    return chart


def by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "项目 Projects"
    for row in range(1, 12):
        sheet.append([f"p{row}", row, "=B1*2", None, True])
    sheet["B3"].font, sheet["B3"].fill = Font(bold=True), PatternFill("solid", start_color="00FF00")
    sheet["B3"].border = Border(left=Side(style="double"), diagonal=Side(style="thin"), diagonalUp=True)
    sheet["B3"].comment = Comment("自己的批注 own", "李")
    sheet["A9"].comment = Comment("another", "李")
    sheet.merge_cells("D2:D5")
    sheet.add_data_validation(DataValidation("whole", formula1="1", sqref="B1:B11"))
    sheet.conditional_formatting.add("B1:B11", Rule("cellIs", operator="greaterThan", formula=["5"]))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=9))
    sheet.add_chart(chart, "G2")
    sheet.column_dimensions["B"].number_format = "0.00"
    sheet.print_title_rows = "1:1"
    book.create_sheet("It's 2")["A1"] = "x"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HAND_MADE = {
    "[Content_Types].xml": "<?xml version='1.0'?><Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
    "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
    f"<Default Extension='xml' ContentType='{_TYPE}.worksheet+xml'/>"
    f"<Override PartName='/xl/workbook.xml' ContentType='{_TYPE}.sheet.main+xml'/>{{types}}</Types>",
    "_rels/.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
    f"<Relationship Id='a' Type='{REL}/officeDocument' Target='/xl/workbook.xml'/></Relationships>",
    "xl/workbook.xml": f"<x:workbook xmlns:x='{MAIN}' xmlns:rel='{REL}'><x:sheets>"
    "<x:sheet rel:id='R1' sheetId='7' name='项目 Projects'/></x:sheets></x:workbook>",
    "xl/_rels/workbook.xml.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
    f"<Relationship Target='sheets/one.xml' Type='{REL}/worksheet' Id='R1'/></Relationships>",
    "xl/sheets/one.xml": "{sheet}",
}
"""As a .NET program might write it: a prefix, single quotes, no styles, one sheet under another name."""


def hand_made(rows: str, before: str = "", after: str = "", encoding: str = "utf-8") -> bytes:
    """A file whose only sheet has these rows (XML with the prefix `x:`)."""
    sheet = f"<?xml version='1.0' encoding='{encoding}'?><x:worksheet xmlns:x='{MAIN}'>{before}{rows}{after}</x:worksheet>"
    parts = {name: text.replace("{types}", "").encode() for name, text in _HAND_MADE.items()}
    return zipped(parts | {"xl/sheets/one.xml": sheet.encode(encoding)})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


# --- what Excel wants -----------------------------------------------------------------------------------


def assert_sound(data: bytes) -> None:
    """The structure that Excel insists on before it opens a file without offering to repair it."""
    parts = unzipped(data)
    trees = {
        name: ElementTree.fromstring(content)
        for name, content in parts.items()
        if name.endswith((".xml", ".rels", ".vml"))
    }
    _assert_typed(parts, trees["[Content_Types].xml"])
    for name, tree in trees.items():
        if name.endswith(".rels"):
            _assert_related(name, tree, parts)
        elif _tag(tree) == "worksheet":
            _assert_ordered(tree, WORKSHEET_ORDER)
            _assert_rows(tree)
        elif _tag(tree) == "workbook":
            _assert_ordered(tree, WORKBOOK_ORDER)
        elif _tag(tree) == "styleSheet":
            _assert_styles(tree)
        elif _tag(tree) == "comments":
            _assert_comments(tree)
    _assert_names(trees)
    formats = max(len(tree.findall(f"{{{MAIN}}}cellXfs/*")) for tree in trees.values())
    used = {int(cell.get("s", 0)) for tree in trees.values() for cell in tree.iter(f"{{{MAIN}}}c")}
    assert max(used, default=0) < formats
    shapes = [
        shape
        for n, c in parts.items()
        if n.endswith(".vml")
        for shape in re.findall(rb'<v:shape id="(_x0000_s\d+)"', c)
    ]
    assert len(shapes) == len(set(shapes))


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _assert_typed(parts: Mapping[str, bytes], types: ElementTree.Element) -> None:
    overrides = [e.attrib["PartName"] for e in types if _tag(e) == "Override"]
    defaults = [e.attrib["Extension"].lower() for e in types if _tag(e) == "Default"]
    assert len(overrides) == len(set(overrides))
    assert len(defaults) == len(set(defaults))
    assert {name[1:] for name in overrides} <= set(parts)
    for name in set(parts) - {"[Content_Types].xml"}:
        assert f"/{name}" in overrides or name.rpartition(".")[2].lower() in defaults, name


def _assert_related(name: str, tree: ElementTree.Element, parts: Mapping[str, bytes]) -> None:
    ids = [rel.attrib["Id"].lower() for rel in tree]
    assert len(ids) == len(set(ids)), name
    folder = posixpath.dirname(posixpath.dirname(name))
    for rel in tree:
        if rel.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, rel.attrib["Target"]))
            assert target[1:] in parts, (name, target)


def _assert_ordered(tree: ElementTree.Element, order: Sequence[str]) -> None:
    known = [order.index(_tag(child)) for child in tree if _tag(child) in order]
    assert known == sorted(known), [_tag(child) for child in tree]
    assert sum(_tag(child) == "legacyDrawing" for child in tree) <= 1


def _assert_rows(tree: ElementTree.Element) -> None:
    last = 0
    for row in tree.iterfind(f"{{{MAIN}}}sheetData/*"):
        number = int(row.get("r", last + 1))
        assert number > last
        last, before = number, 0
        for cell in row:
            letters = re.sub(r"\d", "", cell.get("r", ""))
            column = column_index_from_string(letters) if letters else before + 1
            assert column > before
            before = column


def _assert_styles(tree: ElementTree.Element) -> None:
    sections = {_tag(child): child for child in tree}
    for section in sections.values():
        if "count" in section.attrib:
            assert int(section.attrib["count"]) == len(section)
    for xf in sections["cellXfs"]:
        for attribute, tag in (("borderId", "borders"), ("fontId", "fonts"), ("fillId", "fills")):
            assert int(xf.get(attribute, 0)) < len(sections[tag])
    order = ["start", "end", "left", "right", "top", "bottom", "diagonal", "vertical", "horizontal"]
    for border in sections["borders"]:
        _assert_ordered(border, order)


def _assert_comments(tree: ElementTree.Element) -> None:
    authors, comments = tree
    refs = [comment.attrib["ref"] for comment in comments]
    assert len(refs) == len(set(refs))
    assert all(int(comment.attrib["authorId"]) < len(authors) for comment in comments)


def _assert_names(trees: Mapping[str, ElementTree.Element]) -> None:
    book = next(tree for tree in trees.values() if _tag(tree) == "workbook")
    sheets = book.findall(f"{{{MAIN}}}sheets/*")
    for attribute in ("name", "sheetId", f"{{{REL}}}id"):
        assert len({sheet.attrib[attribute].casefold() for sheet in sheets}) == len(sheets)
    for name in book.iterfind(f"{{{MAIN}}}definedNames/*"):
        assert int(name.get("localSheetId", 0)) < len(sheets)
    chosen = [
        view
        for tree in trees.values()
        for view in tree.iter(f"{{{MAIN}}}sheetView")
        if view.get("tabSelected") == "1"
    ]
    assert len(chosen) == 1


# --- what must stay --------------------------------------------------------------------------------------

_MARKS = (
    rb"""\s(?:s|spans|tabSelected)=["'][^"']*["']""",
    rb"<(?:\w+:)?legacyDrawing [^>]*>",
    rb"""<(?:\w+:)?c r="[A-Z]+\d+"/>""",
    rb"""<((?:\w+:)?)row r="\d+"></\1row>""",
)


def unmarked(sheet: bytes) -> bytes:
    """A worksheet's XML without what marking may change: formats, blank cells, the reference to boxes."""
    for pattern in _MARKS:
        sheet = re.sub(pattern, b"", sheet)
    return re.sub(rb"<((?:\w+:)?(?:row|sheetData)\b[^>]*?)></(?:\w+:)?(?:row|sheetData)>", rb"<\1/>", sheet)


def looks(data: bytes) -> Iterator[tuple[object, ...]]:
    """Of every cell of the user's sheets: value or formula, and its format but for the border."""
    for sheet in openpyxl.load_workbook(BytesIO(data)).worksheets:
        if not sheet.title.startswith("检查结果"):
            for row in sheet.iter_rows():
                for cell in row:
                    value = getattr(cell.value, "text", cell.value)  # of an array formula
                    if value is not None:
                        look = (cell.number_format, cell.font, cell.fill, cell.alignment, cell.protection)
                        yield (sheet.title, cell.coordinate, str(value), *map(repr, look))
