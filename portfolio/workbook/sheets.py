"""Finding the sheets of a workbook by their names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portfolio.domain.text import Text
from portfolio.workbook.aliases import SHEET_NAMES
from portfolio.workbook.layout import CHECK_TITLE, GUIDE_TITLE, LISTS_TITLE, SHEETS
from portfolio.workbook.package import RawSheet
from portfolio.workbook.problems import Problems, Where
from portfolio.workbook.words import both_ways, fold, nearest


@dataclass(frozen=True, slots=True)
class Found:
    """Table -> its sheet; and the tables that two sheets claim."""

    sheets: Mapping[str, RawSheet]
    doubled: frozenset[str]


def _sheet_forms(title: str) -> tuple[str, ...]:
    zh, _, en = title.partition(" ")
    return both_ways(zh, en)


_TABLE_OF = {form: sheet.table for sheet in SHEETS for form in _sheet_forms(sheet.title)}
_NOT_TABLES = {form for title in (GUIDE_TITLE, LISTS_TITLE, CHECK_TITLE) for form in _sheet_forms(title)}
_OTHER_NAMES = {fold(name): table for table, names in SHEET_NAMES.items() for name in names}
_OF_TABLE = {sheet.table: sheet for sheet in SHEETS}

_NUMBERED = re.compile(r"^(?:附?表?\s*\d+(?:\s*[-–—.．、:：]\s*|\s+)|[一二三四五六七八九十]+\s*[、.．]\s*)")
_COPY = re.compile(r"\s*(?:\(\d+\)|[-_]?\s*(?:副本|copy))\s*$", re.IGNORECASE)


def find_sheets(raw_sheets: Sequence[RawSheet], problems: Problems) -> Found:
    """The sheet of each table: by its own name, else by a name that is near enough to it, with a notice.

    Sheets that are unknown are named in a notice; two sheets for a table are an error; an entirely
    empty sheet counts as missing.
    """
    found: dict[str, RawSheet] = {}
    doubled = set()
    renamed = []
    for number, raw in enumerate(raw_sheets):
        name = fold(raw.title)
        if not raw.rows or name in _NOT_TABLES or raw.title.startswith(CHECK_TITLE):
            continue
        where = Where(len(SHEETS) + number, raw.title)
        table = _TABLE_OF.get(name)
        if table is None:
            renamed.append((where, raw))
        elif table in found:
            doubled.add(table)
            _twice(where, found[table].title, problems)
        else:
            found[table] = raw
    by_own_name = frozenset(found)
    for where, raw in renamed:
        copy_of = _TABLE_OF.get(fold(_COPY.sub("", unicodedata.normalize("NFKC", raw.title))))
        table = copy_of or _by_other_name(raw.title)
        if table is None or (table in by_own_name and not copy_of):
            problems.notice(where, "", _unknown_sheet(raw.title))
        elif table in found:
            doubled.add(table)
            _twice(where, found[table].title, problems)
        else:
            found[table] = raw
            title = _OF_TABLE[table].title
            problems.notice(where, "", Text(f"按工作表“{title}”读取", f'read as the sheet "{title}"'))
    return Found(found, frozenset(doubled))


def _twice(where: Where, first: str, problems: Problems) -> None:
    text = Text(
        f"与工作表“{first}”是同一张表；请只留一张", f'is the same table as the sheet "{first}"; keep one'
    )
    problems.error(where, "", text)


def _by_other_name(title: str) -> str | None:
    """The table that a title surely means: 1.项目表, 项目清单, Project."""
    plain = _NUMBERED.sub("", unicodedata.normalize("NFKC", title).strip())
    for name in (
        plain,
        re.sub(r"(?:信息|数据|明细)?(?:表|清单|sheet)$", "", plain.strip(), flags=re.IGNORECASE),
    ):
        table = _TABLE_OF.get(fold(name)) or _OTHER_NAMES.get(fold(name))
        if table:
            return table
    # A letter more or less: nothing else in the workbook is spelt like that.
    near = nearest(plain, _TABLE_OF, cutoff=0.85) if plain.isascii() and not re.search(r"\d", plain) else None
    return _TABLE_OF[near] if near else None


def _unknown_sheet(title: str) -> Text:
    near = nearest(title, [sheet.title for sheet in SHEETS])
    if near:
        return Text(
            f"不认识的工作表，已忽略；是否指“{near}”？", f'unknown sheet, ignored; did you mean "{near}"?'
        )
    return Text("不认识的工作表，已忽略", "unknown sheet, ignored")
