"""Rows of a sheet that are no data: blank ones, totals, footers, headers that printed pages repeat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from portfolio.domain.text import Text
from portfolio.workbook.headers import Heading
from portfolio.workbook.layout import Kind, Sheet
from portfolio.workbook.package import Raw
from portfolio.workbook.reading import is_blank, shown
from portfolio.workbook.words import clean_key, fold


class Aside(Enum):
    """What a row is that holds no data, and how it is told."""

    BLANK = Text("", "")
    TOTAL = Text("合计行，已跳过", "a total row, skipped")
    FOOTER = Text("脚注，已跳过", "a footer, skipped")
    HEADER = Text("重复的表头，已跳过", "the header again, skipped")
    TITLE = Text("重复的标题，已跳过", "the title again, skipped")


_TOTAL_WORD = r"合计|小计|总计|共计|累计|(?:grand|sub)?[- ]?totals?|sum"
_TOTAL = re.compile(rf"(?:{_TOTAL_WORD})(?:数|数额|金额)?(?:[(（].*[)）])?[:：]?", re.IGNORECASE)
_MAYBE_TOTAL = re.compile(r"[计共]|total|sum", re.IGNORECASE)
_TOTAL_OF = re.compile(
    rf".{{1,20}}(?:{_TOTAL_WORD})(?:[(（].*[)）])?[:：]?|(?:合计|总计|共计|小计)\d+(?:个|项|所|座).*|共\d+(?:个|项|所)项?目?",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"(?:附?注|备注|说明|填表说明|填报说明|数据来源|资料来源|来源|单位"
    r"|(?:填表|填报|制表|审核|复核|编制|经办|负责|联系|签字|批准)(?:人|单位|部门|日期|时间|电话|方式)?|单位负责人|分管领导"
    r"|(?:打印|统计|报送)(?:日期|时间)|日期|电话|盖章|单位[(（]盖章[)）]"
    r"|notes?|remarks?|source|unit|prepared by|checked by|approved by|date|contact)\d*\s*[:：].*"
    r"|[*※★▲].*|第\s*\d+\s*页.*|page \d+.*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r".*[。；].*|\d{1,2}[、.．]\D.{5,}|[(（]\d{1,2}[)）].{5,}")


class Asides:
    """Tells the rows of one sheet that are no data from those that are."""

    def __init__(self, sheet: Sheet, heading: Heading) -> None:
        self._known = frozenset(heading.by_key.values())
        needed = [column for column in sheet.columns if column.needed and column.key in heading.columns]
        self._needed = frozenset(heading.columns[column.key] for column in needed)
        self._calculated = heading.calculated
        self._heading = heading
        words = (Kind.KEY, Kind.STAGE, Kind.TEXT)
        self._wordy = frozenset(
            heading.columns[column.key]
            for column in sheet.columns
            if column.key in heading.columns and column.kind in words and column.key not in ("notes", "scale")
        )

    def kind_of(self, cells: Sequence[Raw]) -> Aside | None:
        """What the row is, or None if it is data."""
        filled = [
            number
            for number, cell in enumerate(cells, start=1)
            if cell is not None and number not in self._calculated and not is_blank(cell)
        ]
        known = [number for number in filled if number in self._known]
        missing = not self._needed.issubset(known)
        if self._is_total(cells, filled, known, missing):
            return Aside.TOTAL
        if not known:
            return Aside.BLANK
        first = _plain(cells[filled[0] - 1])
        if _FOOTER.fullmatch(first) and (
            missing or all(_FOOTER.fullmatch(_plain(cells[number - 1])) for number in filled)
        ):
            return Aside.FOOTER
        if len(filled) == 1 and missing and len(self._needed) > 1:
            if _SENTENCE.fullmatch(first):
                return Aside.FOOTER
            if fold(first) in self._heading.titles:
                return Aside.TITLE
        return self._repeated(cells, known)

    def _is_total(
        self, cells: Sequence[Raw], filled: Sequence[int], known: Sequence[int], missing: bool
    ) -> bool:
        """A bare word for total leads the row or stands in for a key, county or stage; in a name or in a
        column of no table, or as `石柱县小计`, it counts only where the row lacks what its sheet needs."""
        leading = {*filled[:1], *known[:1], *self._needed.intersection(known)}
        foreign = set(filled).difference(known)
        for number in leading | ((foreign | self._wordy.intersection(known)) if missing else set()):
            cell = cells[number - 1]
            if not isinstance(cell, str) or not _MAYBE_TOTAL.search(cell):
                continue
            word = _plain(cell)
            if _TOTAL.fullmatch(word) or (missing and number in leading and _TOTAL_OF.fullmatch(word)):
                return True
        return False

    def _repeated(self, cells: Sequence[Raw], known: Sequence[int]) -> Aside | None:
        """The header again: every cell under a known column says what its header says."""
        names = self._heading.names
        first = cells[known[0] - 1]
        if not isinstance(first, str) or fold(first) != names.get(known[0]):
            return None
        same = all(fold(shown(cells[number - 1])) == names.get(number) for number in known)
        return Aside.HEADER if same and len(known) >= min(2, len(self._known)) else None


def _plain(cell: Raw) -> str:
    """The words of a text cell, blanks between Chinese characters left out: 合 计."""
    if not isinstance(cell, str):
        return ""
    return re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", clean_key(cell))
