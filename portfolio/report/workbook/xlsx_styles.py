"""Named cell styles: what Excel's gallery of cell styles shows, to be changed once for every cell that has it.

XlsxWriter knows the style Normal only, and gives every cell a look of its own. Here a cell format says
which named style it belongs to, and its entry in the style sheet marks what it changes of that style; the
rest follows the style when someone edits it (ECMA-376 part 1, 18.8.10 and 18.8.45).
"""
# ruff: noqa: SLF001  # as in xlsx_sheet

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.styles import Styles, XFormatType

LINK = "Hyperlink"
LINK_ID = 8
"""Excel's number for its own style of links, which XlsxWriter's URL format belongs to."""


class CellFormat(Format):  # type: ignore[misc]
    """A cell format of a named style; `xf_id` is the style's place among them, 0 for Normal."""

    def _get_format_key(self) -> str:
        return f"{self.xf_id}:{super()._get_format_key()}"


class StyleSheet(Styles):  # type: ignore[misc]
    """The style sheet of a workbook; `named` are its styles after Normal, in their order: each is at the
    same time the first cell format that has the style."""

    def __init__(self, named: dict[str, CellFormat]) -> None:
        super().__init__()
        self._named = named

    @property
    def _styles(self) -> list[Format]:
        return [self.xf_formats[0], *self._named.values()]

    def _write_cell_style_xfs(self) -> None:
        links = [xf for xf in self.xf_formats if xf.hyperlink]
        self._xml_start_tag("cellStyleXfs", [("count", len(self._styles) + bool(links))])
        for style in self._styles:
            self._write_xf(style, XFormatType.STYLE)
        if links:
            self._write_style_xf(True, self.hyperlink_font_id)
        self._xml_end_tag("cellStyleXfs")

    def _write_xf(self, xf_format: Any, xf_type: XFormatType) -> None:
        """An entry of the cells' list says which of its parts are not those of the style."""
        if xf_type is XFormatType.STYLE or xf_format.hyperlink:
            xf_format.xf_id = len(self._styles) if xf_format.hyperlink else xf_format.xf_id
            super()._write_xf(xf_format, xf_type)
            return
        style = self._styles[xf_format.xf_id]
        own, others = _parts(xf_format), _parts(style)
        attributes = [("numFmtId", own["NumberFormat"]), ("fontId", own["Font"]), ("fillId", own["Fill"])]
        attributes += [("borderId", own["Border"]), ("xfId", xf_format.xf_id)]
        attributes += [(f"apply{part}", 1) for part in own if own[part] != others[part]]
        children = [(tag, own[part]) for part, tag in _CHILDREN.items() if own[part]]
        if not children:
            self._xml_empty_tag("xf", attributes)
            return
        self._xml_start_tag("xf", attributes)
        for tag, values in children:
            self._xml_empty_tag(tag, values)
        self._xml_end_tag("xf")

    def _write_cell_styles(self) -> None:
        links = any(xf.hyperlink for xf in self.xf_formats)
        self._xml_start_tag("cellStyles", [("count", len(self._styles) + links)])
        self._write_cell_style()
        for number, name in enumerate(self._named, 1):
            self._xml_empty_tag("cellStyle", [("name", name), ("xfId", number)])
        if links:
            self._write_cell_style(LINK, len(self._styles), LINK_ID)
        self._xml_end_tag("cellStyles")


_CHILDREN = {"Alignment": "alignment", "Protection": "protection"}


def _parts(xf: Any) -> dict[str, Any]:
    """The six parts of a format that a style may set and a cell may change."""
    return {
        "NumberFormat": xf.num_format_index,
        "Font": xf.font_index,
        "Fill": xf.fill_index,
        "Border": xf.border_index,
        "Alignment": xf._get_align_properties()[1],
        "Protection": xf._get_protection_properties(),
    }
