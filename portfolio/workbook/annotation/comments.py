"""The comments of a sheet: ours beside the user's own, or below them in the same cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple

from portfolio.domain.notice import Notice, Severity
from portfolio.workbook.annotation.marks import COLOURS, Cell, severity_word
from portfolio.workbook.annotation.xmltext import Document, Node, content

AUTHOR = "检查 Check"
EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<authors/><commentList/></comments>"
)
_START = f"{AUTHOR}  "
_RULE = "――――――――"
"""Stands between the user's comment and ours, and tells a later check where ours begins."""
_OURS_BELOW = re.compile(rf"\r?\n{_RULE}\r?\n")

_MAX_NOTICES = 8
_MAX_FOUND = 80
_FONT = '<sz val="9"/><color {colour}/><rFont val="微软雅黑"/><family val="2"/><charset val="134"/>'


class Comments:
    """A comments part. Comments of an earlier check are taken out as it is read; `removed` has their
    cells, where no comment of the user's is left.

    Raises:
        ValueError: the part is not well-formed or lacks a section.
    """

    def __init__(self, data: bytes) -> None:
        self._xml = Document(data)
        authors, comments = self._xml.root.child("authors"), self._xml.root.child("commentList")
        if authors is None or comments is None:
            raise ValueError("a comments part without authors or list")
        self._list = comments
        self._author = self._find_author(authors)
        self._theirs: dict[Cell, Node] = {}
        self.removed: set[Cell] = set()
        for node in comments.children:
            self._read(node)

    def _find_author(self, authors: Node) -> str:
        names = [self._xml.text(node) for node in authors.children]
        if AUTHOR not in names:
            self._xml.append(authors, self._xml.fragment(f"<author>{content(AUTHOR)}</author>"))
            names.append(AUTHOR)
        return str(names.index(AUTHOR))

    def _read(self, node: Node) -> None:
        cell = coordinate_to_tuple(node.attribute("ref"))
        # Some programs forget the author or the runs when they save, but none the words.
        if node.attribute("authorId") == self._author or self._xml.text(node).lstrip().startswith(_START):
            self._xml.replace(node, b"")
            self.removed.add(cell)
        else:
            self._theirs[cell] = node
            self._take_ours_out(node.child("text"))

    def _take_ours_out(self, text: Node | None) -> None:
        """Cut a comment of the user's off where ours begins below it."""
        parts = [part for part in text.children if part.tag in {"t", "r"}] if text else []
        words = [node for part in parts if (node := part if part.tag == "t" else part.child("t"))]
        texts = [self._xml.text(node) for node in words]
        begin = _OURS_BELOW.search("".join(texts))
        left = begin.start() if begin else sum(map(len, texts))
        for node, said in zip(words, texts, strict=True):
            if len(said) > left:
                self._xml.fill(node, content(said[:left]))
            left = max(0, left - len(said))

    def add(self, cell: Cell, notices: Sequence[Notice]) -> bool:
        """Say what is wrong with a cell; True if the user's own comment stands above it."""
        runs = _runs(notices)
        node = self._theirs.get(cell)
        if node is not None:
            self._add_below(node, self._xml.fragment(_run(f"\n{_RULE}\n") + runs))
            return True
        ref = f"{get_column_letter(cell[1])}{cell[0]}"
        comment = f'<comment ref="{ref}" authorId="{self._author}"><text>{runs}</text></comment>'
        self._xml.append(self._list, self._xml.fragment(comment))
        return False

    def _add_below(self, comment: Node, runs: bytes) -> None:
        text = comment.child("text")
        if text is None:
            raise ValueError("a comment without text")
        plain, last = text.child("t"), [node for node in text.children if node.tag == "r"]
        if plain is not None:
            # Text is either plain or made of runs, so theirs becomes a run.
            opening, closing = self._xml.fragment("<r>"), self._xml.fragment("</r>")
            self._xml.insert(plain.start, opening)
            self._xml.insert(plain.end, closing + (runs if not last else b""))
        if last:
            self._xml.insert(last[-1].end, runs)
        elif plain is None:
            self._xml.append(text, runs)

    def result(self) -> bytes:
        return self._xml.result()


def shown_text(notices: Sequence[Notice]) -> str:
    """What the comment says, as plain text: decides how large its box must be."""
    return "\n".join(text for _, text in _pieces(notices))


def _runs(notices: Sequence[Notice]) -> str:
    last = len(_pieces(notices)) - 1
    return "".join(
        _run(text + ("\n" if number < last else ""), severity)
        for number, (severity, text) in enumerate(_pieces(notices))
    )


def _pieces(notices: Sequence[Notice]) -> list[tuple[Severity | None, str]]:
    """Headings (with their severity) and texts."""
    pieces: list[tuple[Severity | None, str]] = []
    # Every row of a merged area tells of the same cell.
    distinct = list({(n.severity, n.text, n.found): n for n in notices}.values())
    for notice in distinct[:_MAX_NOTICES]:
        found = f"{notice.found[:_MAX_FOUND]}…" if len(notice.found) > _MAX_FOUND else notice.found
        zh, en = notice.text
        pieces.append((notice.severity, f"{_START}{severity_word(notice.severity)}"))
        pieces += [(None, f"“{found}”{zh}" if found else zh)] if zh else []
        pieces += [(None, f'"{found}" {en}' if found else en)] if en and en != zh else []
    if (more := len(distinct) - _MAX_NOTICES) > 0:
        pieces.append((None, f"另有 {more} 处，见第一张表 / {more} more, see the first sheet"))
    return pieces


def _run(text: str, severity: Severity | None = None) -> str:
    bold = "<b/>" if severity else ""
    colour = f'rgb="FF{COLOURS[severity]}"' if severity else 'indexed="81"'
    properties = f"<rPr>{bold}{_FONT.format(colour=colour)}</rPr>"
    return f'<r>{properties}<t xml:space="preserve">{content(text)}</t></r>'
