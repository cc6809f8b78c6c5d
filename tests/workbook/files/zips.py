"""Workbook files made part by part: sound ones, and ones that no program would write."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

Parts = Mapping[str, str | bytes]

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
BOOK = "xl/workbook.xml"

HEADER = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
"""Columns key and county."""
ROW = '<row r="2"><c r="A2" t="inlineStr"><is><t>p1</t></is></c><c r="B2"><v>7</v></c></row>'
ROWS = {1: ("key", "county"), 2: ("p1", 7)}
"""What HEADER and ROW say."""


def sheet(rows: str = HEADER + ROW, *, before: str = "", after: str = "", main: str = MAIN) -> str:
    """A worksheet part; `before` and `after` stand around its data."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{main}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def parts(*sheets: str, styles: str = "", strings: str = "", book: str = "") -> dict[str, str | bytes]:
    """The parts of a sound workbook with these worksheets (default: one with HEADER and ROW)."""
    sheets = sheets or (sheet(),)
    numbers = range(1, len(sheets) + 1)
    titles = "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    related = "".join(_relation(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    related += _relation("rIdT", "sharedStrings", "sharedStrings.xml") + _relation(
        "rIdS", "styles", "styles.xml"
    )
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": relations(_relation("rId1", "officeDocument", BOOK)),
        BOOK: book or f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><sheets>{titles}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(related),
        STRINGS: strings or f'<sst xmlns="{MAIN}"><si><t>key</t></si><si><t>county</t></si></sst>',
        STYLES: styles or f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>',
    }
    return found | {f"xl/worksheets/sheet{n}.xml": part for n, part in zip(numbers, sheets, strict=True)}


def relations(content: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{content}</Relationships>'


def _relation(identifier: str, kind: str, target: str, extra: str = "") -> str:
    return f'<Relationship Id="{identifier}" Type="{RELATION}/{kind}" Target="{target}"{extra}/>'


def zipped(content: Parts) -> bytes:
    """The parts as one compressed file."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def workbook(*sheets: str, **changed: str) -> bytes:
    """A workbook with these worksheets."""
    return zipped(parts(*sheets, **changed))


def ods(tables: str, *, manifest: str = "") -> bytes:
    """An OpenDocument spreadsheet with these `table:table` elements."""
    names = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    content = (
        f'<office:document-content{names} xmlns:calcext="urn:org:documentfoundation:names:experimental:calc">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    found = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    return zipped(found | ({"META-INF/manifest.xml": manifest} if manifest else {}))
