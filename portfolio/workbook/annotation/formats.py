"""styles.xml: copies of the user's own cell formats with a coloured border, and the formats of our list."""

from __future__ import annotations

from dataclasses import dataclass

from portfolio.domain.notice import Severity
from portfolio.workbook.annotation.marks import COLOURS
from portfolio.workbook.annotation.xmltext import Document, Node, prefixed

EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
"""For a workbook that has no formats at all."""

LEFT, RIGHT, TOP, BOTTOM = "left", "right", "top", "bottom"
ALL_SIDES = frozenset({LEFT, RIGHT, TOP, BOTTOM})
_CHILDREN = ("start", "end", LEFT, RIGHT, TOP, BOTTOM, "diagonal", "vertical", "horizontal")
_OTHER_NAME = {LEFT: "start", RIGHT: "end"}

_LINES = {Severity.ERROR: "thick", Severity.WARNING: "mediumDashed", Severity.NOTICE: "thin"}
_SIGNATURES = {(_LINES[severity], f"FF{COLOURS[severity]}") for severity in Severity}


@dataclass(frozen=True, slots=True)
class Mark:
    """A border: how bad, and on which sides (a merged area has it around all of its cells)."""

    severity: Severity
    sides: frozenset[str] = ALL_SIDES


class Formats:
    """The formats of a workbook. Marks of an earlier check are taken off as it is read: the user may
    be mending a checked copy.

    Raises:
        ValueError: styles.xml is not well-formed or lacks a section.
    """

    def __init__(self, data: bytes) -> None:
        self._xml = Document(data)
        self._sections = {tag: self._section(tag) for tag in ("fonts", "fills", "borders", "cellXfs")}
        self._raw = {
            tag: [self._xml.raw(node) for node in section.children] for tag, section in self._sections.items()
        }
        self._known: dict[tuple[object, ...], int] = {}
        self._marked: dict[tuple[int, Mark], int] = {}
        self._take_marks_off()

    def _section(self, tag: str) -> Node:
        section = self._xml.root.child(tag)
        if section is None or not section.children:
            raise ValueError(f"styles.xml without {tag}")
        return section

    def marked(self, base: int, mark: Mark) -> int:
        """The format `base` with a mark."""
        if (base, mark) not in self._marked:
            formats = self._raw["cellXfs"]
            xml = Document(formats[base] if base < len(formats) else formats[0])
            border = self._border(int(xml.root.attributes.get("borderId") or 0), mark)
            self._marked[base, mark] = self._add("cellXfs", _with_border(xml, border))
        return self._marked[base, mark]

    def _border(self, base: int, mark: Mark) -> int:
        """The border with some sides drawn in the colour and line of the severity."""
        xml = Document(self._raw["borders"][base])
        side = f'style="{_LINES[mark.severity]}"><color rgb="FF{COLOURS[mark.severity]}"/>'
        new = {name: self._xml.fragment(f"<{name} {side}</{name}>") for name in mark.sides}
        return self._add("borders", _redrawn(xml, new))

    def _add(self, tag: str, raw: bytes) -> int:
        """The index of an element of a section; equal ones are there once."""
        if (tag, raw) not in self._known:
            self._known[tag, raw] = len(self._raw[tag])
            self._raw[tag].append(raw)
        return self._known[tag, raw]

    def add(self, font: str, fill: str = "", border: str = "", alignment: str = "") -> int:
        """A format of our own, from the content of <font>, <patternFill>, <border>, and the attributes of
        <alignment>."""
        font_id = self._add("fonts", self._xml.fragment(f"<font>{font}</font>"))
        fill_xml = f'<fill><patternFill patternType="solid">{fill}</patternFill></fill>'
        fill_id = self._add("fills", self._xml.fragment(fill_xml)) if fill else 0
        border_id = self._add("borders", self._xml.fragment(f"<border>{border or '<left/>'}</border>"))
        xf = (
            f'<xf numFmtId="0" fontId="{font_id}" fillId="{fill_id}" borderId="{border_id}" xfId="0"'
            f' applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment {alignment}/></xf>'
        )
        return self._add("cellXfs", self._xml.fragment(xf))

    def _take_marks_off(self) -> None:
        """Give formats with a mark the border of the same format without one, else no border there."""
        borders, formats = self._raw["borders"], self._raw["cellXfs"]
        ours = {number for number, raw in enumerate(borders) if _marked_sides(raw)}
        if not ours:
            return
        unmarked: dict[bytes, int] = {}
        for raw in formats:
            if (border := _border_id(raw)) not in ours:
                unmarked.setdefault(_without_border(raw), border)
        for number, raw in enumerate(formats):
            if _border_id(raw) in ours:
                border = unmarked.get(_without_border(raw), _border_id(raw))
                formats[number] = _with_border(Document(raw), border)
        for number in ours:
            empty = {
                side: prefixed(f"<{side}/>", self._xml.root.prefix) for side in _marked_sides(borders[number])
            }
            borders[number] = _redrawn(Document(borders[number]), empty)

    def result(self) -> bytes:
        for tag, section in self._sections.items():
            old, new = section.children, self._raw[tag]
            for node, raw in zip(old, new, strict=False):
                if raw != self._xml.raw(node):
                    self._xml.replace(node, raw)
            if len(new) > len(old):
                self._xml.append(section, b"".join(new[len(old) :]))
                if "count" in section.attributes:
                    self._xml.set(section, "count", str(len(new)))
        return self._xml.result()


def _redrawn(border: Document, sides: dict[str, bytes]) -> bytes:
    """A border with some sides replaced; its children stand in the order that the schema wants."""
    root = border.root
    parts = {child.tag: border.raw(child) for child in root.children}
    for side, raw in sides.items():
        parts.pop(_OTHER_NAME.get(side, ""), None)
        parts[side] = raw
    tag = border.data[: root.inner_start].rstrip(b">").rstrip(b"/") + b">"
    children = b"".join(parts[name] for name in _CHILDREN if name in parts)
    return tag + children + f"</{root.name}>".encode()


def _marked_sides(raw: bytes) -> list[str]:
    """The sides of a border that bear a mark."""
    sides = []
    for side in Document(raw).root.children:
        colour = side.child("color")
        if colour and (side.attribute("style"), colour.attribute("rgb").upper()) in _SIGNATURES:
            sides.append({"start": LEFT, "end": RIGHT}.get(side.tag, side.tag))
    return sides


def _border_id(xf: bytes) -> int:
    return int(Document(xf).root.attributes.get("borderId") or 0)


def _with_border(xf: Document, border: int) -> bytes:
    xf.set(xf.root, "borderId", str(border))
    xf.set(xf.root, "applyBorder", "1")
    return xf.result()


def _without_border(xf: bytes) -> bytes:
    """The format but for its border: equal for a cell's own format and its marked copy."""
    return _with_border(Document(xf), 0)
