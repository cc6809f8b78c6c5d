"""A worksheet's XML: where its rows stand, and setting the formats of some cells."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from portfolio.workbook.annotation.marks import Cell
from portfolio.workbook.annotation.xmltext import (
    Document,
    Edit,
    Node,
    attribute_edit,
    local,
    new_parser,
    opened,
    prefixed,
    run_parser,
    spliced,
    tag_end,
    utf8,
)

Restyle = Callable[[int], int]
"""Format index of a cell -> index of the same format with a mark."""

Area = tuple[int, int, int, int]
"""First column, first row, last column, last row."""

# What may stand before <legacyDrawing> in a worksheet (ECMA-376 part 1, CT_Worksheet).
_BEFORE_LEGACY_DRAWING = frozenset({
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "drawing",
})  # fmt: skip


@dataclass(slots=True)
class Layout:
    """Widths and heights: of columns by (first, last, characters), of rows in points."""

    default_width: float = 9.14
    default_height: float = 15.0
    columns: list[tuple[int, int, float]] = field(default_factory=list)
    rows: dict[int, float] = field(default_factory=dict)


class SheetXml:
    """A worksheet (or chart sheet) as it stands in the file, and the edits to make to it.

    Raises:
        ValueError: it is not well-formed, or its rows are not in order.
    """

    def __init__(self, data: bytes) -> None:
        self.data = utf8(data)
        self.layout = Layout()
        self.merged: list[Area] = []
        self.tab_colour = ""
        self.legacy_drawing = ""
        self._edits: list[Edit] = []
        self._selected: list[int] = []
        self._column_styles: list[tuple[int, int, int]] = []
        # Three numbers a row, and no object: a sheet can have a million of them.
        self._numbers, self._starts, self._ends = array("q"), array("q"), array("q")
        self._table: tuple[str, int, int, int] | None = None  # name, start, start and end of the content
        self._after_table = 0  # where <legacyDrawing> can go
        self._root_name = ""
        self._scan()

    # --- reading ---

    def _scan(self) -> None:
        """One pass over the part. Cells are passed over: only marked rows are looked at again."""
        parser = new_parser()
        data, path = self.data, []

        def start(name: str, attributes: dict[str, str]) -> None:
            path.append(name)
            depth = len(path)
            if depth < 4:
                self._begin(depth, local(name), name, attributes, parser.CurrentByteIndex)

        def end(name: str) -> None:
            depth = len(path)
            path.pop()
            if depth == 2 or (depth == 3 and local(name) == "row"):
                offset = parser.CurrentByteIndex
                # For a self-closed element the parser is behind it already.
                closed = data.startswith(b"</", offset) and data.startswith(name.encode(), offset + 2)
                self._finish(local(name), offset, data.index(b">", offset) + 1 if closed else offset)

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        run_parser(parser, data)

    def _begin(self, depth: int, tag: str, name: str, attributes: dict[str, str], offset: int) -> None:
        match depth, tag:
            case 1, _:
                self._root_name = name
            case 3, "row":
                self._begin_row(attributes, offset)
            case 3, "col":
                self._begin_column(attributes)
            case 3, "mergeCell":
                self.merged.append(_area(attributes.get("ref", "")))
            case 3, "sheetView" if attributes.get("tabSelected") in {"1", "true"}:
                self._selected.append(offset)
            case 3, "tabColor":
                self.tab_colour = attributes.get("rgb", "")
            case 2, "sheetFormatPr":
                self.layout.default_width = float(attributes.get("defaultColWidth") or 9.14)
                self.layout.default_height = float(attributes.get("defaultRowHeight") or 15)
            case 2, "sheetData":
                self._table = (name, offset, tag_end(self.data, offset), 0)
            case 2, "legacyDrawing":
                self.legacy_drawing = next((v for k, v in attributes.items() if local(k) == "id"), "")

    def _begin_row(self, attributes: dict[str, str], offset: int) -> None:
        last = self._numbers[-1] if self._numbers else 0
        number = int(attributes.get("r") or last + 1)
        if number <= last:
            raise ValueError("rows that are not in order")
        self._numbers.append(number)
        self._starts.append(offset)
        if attributes.get("hidden") in {"1", "true"}:
            self.layout.rows[number] = 0.0
        elif "ht" in attributes:
            self.layout.rows[number] = float(attributes["ht"])

    def _begin_column(self, attributes: dict[str, str]) -> None:
        first, last = int(attributes["min"]), int(attributes["max"])
        hidden = attributes.get("hidden") in {"1", "true"}
        width = 0.0 if hidden else float(attributes.get("width") or self.layout.default_width)
        self.layout.columns.append((first, last, width))
        self._column_styles.append((first, last, int(attributes.get("style") or 0)))

    def _finish(self, tag: str, offset: int, end: int) -> None:
        if tag == "row":
            self._ends.append(end)
        elif tag == "sheetData" and self._table is not None:
            name, start, inner_start, _ = self._table
            self._table = (name, start, inner_start, min(offset, end))
        if tag in _BEFORE_LEGACY_DRAWING:
            self._after_table = end

    # --- editing ---

    def deselect(self) -> None:
        """Only one tab may be the chosen one: typing goes to every chosen sheet at once."""
        self._edits += [attribute_edit(self.data, offset, "tabSelected", "0") for offset in self._selected]

    def add_legacy_drawing(self, relationship: str, namespace: str) -> None:
        """Refers to the drawing that holds the boxes of the comments."""
        element = f'<legacyDrawing xmlns:r="{namespace}" r:id="{relationship}"/>'
        self._edits.append((self._after_table, self._after_table, self._fragment(element)))

    def restyle(self, cells: Mapping[Cell, Restyle]) -> None:
        """Give each of the cells another format; those that are not there are made."""
        if self._table is None:
            raise ValueError("a worksheet without rows")
        by_row: dict[int, dict[int, Restyle]] = {}
        for (row, column), restyle in sorted(cells.items()):
            by_row.setdefault(row, {})[column] = restyle
        new_at: dict[int, list[bytes]] = {}
        for number, columns in by_row.items():
            index = bisect_left(self._numbers, number)
            if index < len(self._numbers) and self._numbers[index] == number:
                start, end = self._starts[index], self._ends[index]
                found = _Row(number, self.data[start:end], self._column_style)
                self._edits.append((start, end, found.restyled(columns)))
            else:
                start = self._starts[index] if index < len(self._starts) else self._table[3]
                new_at.setdefault(start, []).append(self._new_row(number, columns))
        for offset, rows in new_at.items():
            self._edits.append(self._rows_edit(offset, b"".join(rows)))

    def _rows_edit(self, offset: int, rows: bytes) -> Edit:
        assert self._table is not None
        name, _, inner_start, inner_end = self._table
        if inner_start == inner_end and self.data[inner_start - 2] == ord("/"):
            return opened(self.data, name, inner_end, rows)
        return (offset, offset, rows)

    def _new_row(self, number: int, columns: Mapping[int, Restyle]) -> bytes:
        cells = "".join(_cell(number, c, restyle(self._column_style(c))) for c, restyle in columns.items())
        return self._fragment(f'<row r="{number}">{cells}</row>')

    def _column_style(self, column: int) -> int:
        return next((s for first, last, s in self._column_styles if first <= column <= last), 0)

    def _fragment(self, xml: str) -> bytes:
        return prefixed(xml, self._root_name[: -len(local(self._root_name))])

    def result(self) -> bytes:
        return spliced(self.data, self._edits)


class _Row:
    """One row's XML."""

    _SPANS = re.compile(r"(\d+):(\d+)")

    def __init__(self, number: int, data: bytes, column_style: Callable[[int], int]) -> None:
        self._number = number
        self._xml = Document(data)
        self._column_style = column_style
        self._row = self._xml.root

    def restyled(self, columns: Mapping[int, Restyle]) -> bytes:
        cells = self._cells()
        numbers = [number for number, _ in cells]
        missing: dict[int, list[str]] = {}
        for column, restyle in columns.items():
            index = bisect_left(numbers, column)
            if index < len(cells) and numbers[index] == column:
                node = cells[index][1]
                self._xml.set(node, "s", str(restyle(int(node.attributes.get("s") or 0))))
            else:
                missing.setdefault(index, []).append(self._new_cell(column, restyle))
        for index, new in missing.items():
            added = self._xml.fragment("".join(new))
            if index < len(cells):
                self._xml.insert(cells[index][1].start, added)
            elif cells:
                self._xml.insert(cells[-1][1].end, added)
            else:
                self._xml.append(self._row, added)
        if missing:
            self._widen(columns)
        return self._xml.result()

    def _cells(self) -> list[tuple[int, Node]]:
        """The cells with their column numbers; one that does not say stands beside the one before."""
        cells: list[tuple[int, Node]] = []
        number = 0
        for node in self._row.all("c"):
            reference = node.attributes.get("r", "")
            column = coordinate_to_tuple(reference)[1] if reference else number + 1
            if column <= number:
                raise ValueError("cells that are not in order")
            number = column
            cells.append((number, node))
        return cells

    def _new_cell(self, column: int, restyle: Restyle) -> str:
        attributes = self._row.attributes
        own = attributes.get("customFormat") in {"1", "true"}
        style = int(attributes.get("s") or 0) if own else self._column_style(column)
        return _cell(self._number, column, restyle(style))

    def _widen(self, columns: Iterable[int]) -> None:
        """Keep the row's hint about its first and last column true."""
        spans = self._SPANS.fullmatch(self._row.attributes.get("spans", ""))
        if spans:
            first, last = min(int(spans[1]), *columns), max(int(spans[2]), *columns)
            self._xml.set(self._row, "spans", f"{first}:{last}")


def _cell(row: int, column: int, style: int) -> str:
    return f'<c r="{get_column_letter(column)}{row}" s="{style}"/>'


def _area(reference: str) -> Area:
    first_column, first_row, last_column, last_row = range_boundaries(reference)
    if first_column is None or first_row is None or last_column is None or last_row is None:
        raise ValueError(f"a merged range {reference}")
    return first_column, first_row, last_column, last_row
