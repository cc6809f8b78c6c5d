"""workbook.xml: its sheets, and the list of problems as the first of them."""

from __future__ import annotations

from dataclasses import dataclass

from portfolio.workbook.annotation.parts import RELATIONSHIPS, Package
from portfolio.workbook.annotation.xmltext import Document, content, quoted

# What may stand before <definedNames> in a workbook (ECMA-376 part 1, CT_Workbook).
_BEFORE_NAMES = (
    "fileVersion", "fileSharing", "workbookPr", "AlternateContent", "revisionPtr", "absPath", "workbookProtection",
    "bookViews", "sheets", "functionGroups", "externalReferences",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet of the workbook: its title, its part, and whether it is a worksheet (not a chart sheet)."""

    title: str
    part: str
    is_worksheet: bool


class Book:
    """The workbook's main part.

    Raises:
        ValueError: it is no workbook that can be patched.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        main = next((rel for rel in package.relationships("") if rel.kind == "officeDocument"), None)
        if main is None or not main.type.startswith(RELATIONSHIPS):
            raise ValueError("请另存为普通的 .xlsx（非 Strict） / save it as an ordinary .xlsx (not Strict)")
        self.part = main.target
        self._xml = Document(package.read(self.part))
        related = {rel.id: rel for rel in package.relationships(self.part)}
        if any(rel.kind == "revisionHeaders" for rel in related.values()):
            raise ValueError("这是共享工作簿，请先取消共享 / a shared workbook; stop sharing it first")
        sheets = self._xml.root.child("sheets")
        if sheets is None:
            raise ValueError("a workbook without sheets")
        self._sheets = sheets
        relations = [related[node.attribute("id")] for node in sheets.children]
        self.sheets = tuple(
            SheetPart(node.attribute("name"), rel.target, rel.kind == "worksheet")
            for node, rel in zip(sheets.children, relations, strict=True)
        )

    def insert_first(self, title: str, part: str) -> None:
        """Make a part the first sheet. Names that belong to a sheet are counted from the first one."""
        number = max((int(node.attribute("sheetId")) for node in self._sheets.children), default=0) + 1
        relationship = self._package.relate(self.part, "worksheet", part)
        sheet = f'<sheet name={quoted(title)} sheetId="{number}" xmlns:r="{RELATIONSHIPS}" r:id="{relationship}"/>'
        self._xml.insert(self._sheets.inner_start, self._xml.fragment(sheet))
        names = self._xml.root.child("definedNames")
        for name in names.all("definedName") if names else ():
            if local_id := name.attribute("localSheetId"):
                self._xml.set(name, "localSheetId", str(int(local_id) + 1))

    def unhide(self, sheet: int) -> None:
        node = self._sheets.children[sheet]
        if node.attribute("state"):
            self._xml.set(node, "state", "visible")

    def drop_names(self, sheet: int) -> None:
        """Forget the names that belong to a sheet (its number from 0)."""
        names = self._xml.root.child("definedNames")
        for name in names.all("definedName") if names else ():
            if name.attribute("localSheetId") == str(sheet):
                self._xml.replace(name, b"")

    def add_names(self, sheet: int, names: dict[str, str]) -> None:
        """Names of a sheet, such as its print titles; hidden ones begin with _xlnm._."""
        written = "".join(
            f'<definedName name="{name}" localSheetId="{sheet}"'
            f"{' hidden=' + quoted('1') if name.startswith('_xlnm._') else ''}>{content(refers_to)}</definedName>"
            for name, refers_to in names.items()
        )
        section = self._xml.root.child("definedNames")
        if section is not None:
            self._xml.append(section, self._xml.fragment(written))
        else:
            element = self._xml.fragment(f"<definedNames>{written}</definedNames>")
            self._xml.insert_ordered(element, _BEFORE_NAMES)

    def show(self, sheet: int) -> None:
        """Open the workbook at a sheet."""
        views = self._xml.root.child("bookViews")
        for view in views.children if views else ():
            self._xml.set(view, "activeTab", str(sheet))
            self._xml.set(view, "firstSheet", "0")

    def save(self) -> None:
        self._package.write(self.part, self._xml.result())
