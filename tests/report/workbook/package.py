"""The parts of a written workbook, read as plain XML: what Excel sees, not what a library makes of it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree as ET

NAMESPACES = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "f": "http://schemas.microsoft.com/office/excel/2006/main",
}
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Box = tuple[int, int, int, int]
"""First and last column, first and last row, from 1."""


@dataclass(frozen=True)
class Package:
    """The XML parts of a workbook by their names."""

    parts: dict[str, ET.Element]

    @classmethod
    def of(cls, path: Path) -> Package:
        with zipfile.ZipFile(path) as file:
            names = [name for name in file.namelist() if name.endswith((".xml", ".rels"))]
            assert len(set(names)) == len(names)
            return cls({name: ET.fromstring(file.read(name)) for name in names})

    @cached_property
    def sheets(self) -> dict[str, ET.Element]:
        """Sheet name -> its part, in the order of the tabs."""
        relations = self.parts["xl/_rels/workbook.xml.rels"]
        targets = {relation.get("Id"): relation.get("Target") for relation in relations}
        listed = self.parts["xl/workbook.xml"].findall("m:sheets/m:sheet", NAMESPACES)
        return {sheet.get("name", ""): self.parts[f"xl/{targets[sheet.get(RELATION)]}"] for sheet in listed}

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings, rich text as its plain words."""
        part = self.parts["xl/sharedStrings.xml"]
        return ["".join(t.text or "" for t in item.iterfind(".//m:t", NAMESPACES)) for item in part]

    @property
    def styles(self) -> ET.Element:
        return self.parts["xl/styles.xml"]

    @property
    def charts(self) -> list[ET.Element]:
        return [part for name, part in self.parts.items() if name.startswith("xl/charts/chart")]

    def formulas(self) -> Iterator[str]:
        """Every formula anywhere: cells, rules, validations, names, charts, sparklines."""
        for part in self.parts.values():
            for tag in ("m:f", "m:formula", "m:formula1", "m:formula2", "m:definedName", "c:f", "f:f"):
                yield from (found.text or "" for found in part.iterfind(f".//{tag}", NAMESPACES))

    def shown(self, cell: ET.Element) -> str:
        """What a cell holds, as text."""
        value = cell.findtext("m:v", "", NAMESPACES)
        return self.strings[int(value)] if cell.get("t") == "s" else value


def cells(sheet: ET.Element) -> dict[str, ET.Element]:
    """Cell name -> cell, none of them twice."""
    found = sheet.findall("m:sheetData/m:row/m:c", NAMESPACES)
    by_name = {cell.get("r", ""): cell for cell in found}
    assert len(by_name) == len(found)
    return by_name


def box(reference: str) -> Box:
    """`$B$2:$D$9` -> (2, 4, 2, 9)."""
    corners = re.findall(r"([A-Z]+)\$?(\d+)", reference.replace("$", ""))
    cols = [column(letters) for letters, _ in corners]
    rows = [int(row) for _, row in corners]
    return min(cols), max(cols), min(rows), max(rows)


def column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def without_texts(formula: str) -> str:
    """The formula without what stands in quotes: texts and names of sheets."""
    return re.sub(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'", "", formula)
