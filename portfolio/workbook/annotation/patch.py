"""Putting a checked copy together, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from portfolio.domain.notice import Notice
from portfolio.workbook.annotation import boxes, comments, formats
from portfolio.workbook.annotation.book import Book, SheetPart
from portfolio.workbook.annotation.boxes import Boxes
from portfolio.workbook.annotation.comments import Comments, shown_text
from portfolio.workbook.annotation.formats import Formats, Mark
from portfolio.workbook.annotation.list_sheet import TAB_COLOUR, list_sheet
from portfolio.workbook.annotation.marks import Cell, by_cell
from portfolio.workbook.annotation.merged import areas_of, at_heads, marks_around, worst
from portfolio.workbook.annotation.parts import RELATIONSHIPS, Package
from portfolio.workbook.annotation.sheet import Area, SheetXml
from portfolio.workbook.layout import CHECK_TITLE

MAX_COMMENTS = 2_000
"""A sheet with more comments than this is slow to open and of no more use."""

_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."

Heads = Mapping[Cell, tuple[Area, Sequence[Notice]]]
"""Cell -> the area it shows, and what to say about it; the worst first."""


class Patch:
    """One workbook while it is annotated.

    Raises:
        ValueError: it cannot be patched. Damaged parts lead to other errors as well.
    """

    def __init__(self, data: bytes) -> None:
        self._package = Package(data)
        self._book = Book(self._package)
        self._styles = self._package.related(self._book.part, "styles") or self._add_styles()
        self._formats = Formats(self._package.read(self._styles))
        drawings = [name for name in self._package.names() if name.lower().endswith(".vml")]
        used = {0}.union(*(boxes.blocks_used(self._package.read(name)) for name in drawings))
        self._free_block = max(used) + 1

    def _add_styles(self) -> str:
        name = self._package.add("xl/styles{}.xml", formats.EMPTY, _TYPES + "styles+xml")
        self._package.relate(self._book.part, "styles", name)
        return name

    def annotated(self, notices: Sequence[Notice], file_name: str) -> bytes:
        """The file with the notices marked and listed."""
        marks = by_cell(notices, self._titles)
        earlier = None
        for number, sheet in enumerate(self._book.sheets):
            if self._is_list(sheet):
                earlier = number
            else:
                self._mark(sheet, marks.get(sheet.title, {}))
        self._list(notices, file_name, earlier)
        self._package.write(self._styles, self._formats.result())
        self._book.save()
        # The copy is not what was signed.
        self._package.drop_relationships("", "/digital-signature/origin")
        return self._package.to_bytes()

    @property
    def _titles(self) -> list[str]:
        return [sheet.title for sheet in self._book.sheets if sheet.is_worksheet]

    def _is_list(self, sheet: SheetPart) -> bool:
        """True for the list of an earlier check, which the user may have saved since."""
        if not sheet.is_worksheet or not sheet.title.startswith(CHECK_TITLE):
            return False
        return SheetXml(self._package.read(sheet.part)).tab_colour.upper() == TAB_COLOUR

    # --- the user's sheets ---

    def _mark(self, sheet: SheetPart, marks: Mapping[Cell, Sequence[Notice]]) -> None:
        data = self._package.read(sheet.part)
        part = self._package.related(sheet.part, "comments")
        theirs = self._package.read(part) if part else comments.EMPTY
        commented = marks or comments.AUTHOR.encode() in theirs
        if not commented and b"tabSelected" not in data and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            return
        xml = SheetXml(data)
        xml.deselect()
        heads = at_heads(marks, areas_of(marks, xml.merged))
        around: dict[Cell, Mark] = {}
        for area, notices in heads.values():
            around.update(marks_around(area, worst(notices)))
        xml.restyle({cell: partial(self._formats.marked, mark=mark) for cell, mark in around.items()})
        if commented:
            self._comment(sheet, xml, part, Comments(theirs), heads)
        if (changed := xml.result()) != data:
            self._package.write(sheet.part, changed)

    def _comment(self, sheet: SheetPart, xml: SheetXml, part: str, texts: Comments, heads: Heads) -> None:
        """Add the comments and their boxes; those of an earlier check go."""
        drawing, content = self._drawing(sheet, xml)
        shapes = Boxes(content, xml.layout, self._free_block)
        for cell in texts.removed:
            shapes.drop(cell)
        for cell, (area, notices) in list(heads.items())[:MAX_COMMENTS]:
            below = texts.add(cell, notices)
            shapes.add(cell, shown_text(notices), beside=area[2], below_theirs=below)
        self._free_block = shapes.block
        if drawing:
            self._package.write(drawing, shapes.result())
        else:
            drawing = self._package.add("xl/drawings/vmlDrawing{}.vml", shapes.result(), boxes.CONTENT_TYPE)
            xml.add_legacy_drawing(self._package.relate(sheet.part, "vmlDrawing", drawing), RELATIONSHIPS)
        if part:
            self._package.write(part, texts.result())
        else:
            part = self._package.add("xl/comments{}.xml", texts.result(), _TYPES + "comments+xml")
            self._package.relate(sheet.part, "comments", part)

    def _drawing(self, sheet: SheetPart, xml: SheetXml) -> tuple[str, bytes]:
        """The sheet's drawing of boxes, "" if it has none, and its content."""
        relations = self._package.relationships(sheet.part)
        name = next((rel.target for rel in relations if rel.id == xml.legacy_drawing), "")
        return (name, self._package.read(name)) if name else ("", boxes.EMPTY)

    # --- our own sheet ---

    def _list(self, notices: Sequence[Notice], file_name: str, earlier: int | None) -> None:
        """Put the list of problems first, or where the user keeps that of an earlier check."""
        titles = self._titles
        title = self._free_title() if earlier is None else self._book.sheets[earlier].title
        made = list_sheet(notices, titles, self._formats, title=title, file_name=file_name)
        if earlier is None:
            part = self._package.add("xl/worksheets/check{}.xml", made.xml, _TYPES + "worksheet+xml")
            self._book.insert_first(title, part)
        else:
            part = self._book.sheets[earlier].part
            self._package.write(part, made.xml)
            self._package.drop_relationships(part, "")
            self._book.unhide(earlier)
            self._book.drop_names(earlier)
        self._book.add_names(earlier or 0, made.names)
        self._book.show(earlier or 0)

    def _free_title(self) -> str:
        taken = {sheet.title.casefold() for sheet in self._book.sheets}
        numbered = (f"{CHECK_TITLE} {number}" for number in range(2, len(taken) + 3))
        return next(title for title in (CHECK_TITLE, *numbered) if title.casefold() not in taken)
