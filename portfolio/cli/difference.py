"""A difference in the words of the workbook: rows by table, cells old and new, totals, conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING

from portfolio.cli.lines import cut, folded
from portfolio.db.difference import KEY_JOINER, NATURAL_KEYS, ChangeKind, RowChange, count_changes
from portfolio.domain.fingerprint import decimal_text
from portfolio.domain.money import Money, to_wan
from portfolio.domain.text import Lang, Text
from portfolio.workbook.layout import CHOICES, Column, Kind
from portfolio.workbook.records import SHEET_OF, column_of

if TYPE_CHECKING:
    from portfolio.db.merge import Conflict, Disputed
    from portfolio.db.records import ImportRecord
    from portfolio.domain.portfolio import Portfolio
    from portfolio.imports import Contested

SHOWN_ROWS = 12
"""Rows of a table that are shown unless everything is."""

SHOWN_CONFLICTS = 40

SHOWN_TEXT = 60
"""Columns that the text of a cell may take unless everything is shown."""

_SIGNS = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "-", ChangeKind.CHANGED: "~"}
_DID = {
    ChangeKind.ADDED: Text("新增", "added"),
    ChangeKind.REMOVED: Text("删除", "removed"),
    ChangeKind.CHANGED: Text("修改", "changed"),
    None: Text("未动", "left alone"),
}
_BASE, _FILE, _DATABASE = Text("原", "base"), Text("文件", "file"), Text("数据库", "database")
_MORE_ROWS = Text("行未列出，--all 全列", "more rows; --all lists them")
_BLANK = Text("（空白）", "(blank)")
_NO_ROW = Text("（无此行）", "(no row)")
_FIGURES = frozenset({Kind.MONEY_WAN, Kind.MONEY_YUAN, Kind.INT, Kind.DECIMAL, Kind.SHARE, Kind.YEAR})
_GROUPED = _FIGURES - {Kind.YEAR, Kind.SHARE}


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells in one language; `names` has the names of projects by key."""

    lang: Lang
    names: Mapping[str, str]
    everything: bool = False

    def pick(self, zh: str, en: str, joiner: str = " ") -> str:
        return Text(zh, en).pick(self.lang, joiner)

    # --- differences ---

    def difference(self, changes: Sequence[RowChange], indent: int = 0) -> Iterator[str]:
        """Every table that changed, with its rows and cells."""
        names = {**_names_of(changes), **self.names}
        teller = Teller(self.lang, names, self.everything)
        for table, of_table in groupby(changes, key=lambda change: change.table):
            yield from teller._table(table, list(of_table), indent)

    def _table(self, table: str, changes: Sequence[RowChange], indent: int) -> Iterator[str]:
        counts = count_changes(changes)
        by_kind = (("+", counts.added), ("-", counts.removed), ("~", counts.changed))
        numbers = " ".join(f"{sign}{number:,}" for sign, number in by_kind if number)
        yield " " * indent + f"{self._title(table)}  {numbers}".rstrip()
        rows = [(key, list(cells)) for key, cells in groupby(changes, key=lambda c: (c.kind, c.row))]
        shown = rows if self.everything else rows[:SHOWN_ROWS]
        for (kind, row), cells in shown:
            yield from self._row(table, kind, row, cells, indent + 2)
        if left := len(rows) - len(shown):
            yield " " * (indent + 2) + f"… {left:,} " + self.pick(*_MORE_ROWS)

    def _row(
        self, table: str, kind: ChangeKind, row: str, cells: Sequence[RowChange], indent: int
    ) -> Iterator[str]:
        if kind is ChangeKind.REORDERED:
            yield from folded(self.pick("行的次序变了", "rows stand in another order"), indent)
            return
        line = f"{_SIGNS[kind]} {self.row(table, row)}"
        if kind is not ChangeKind.CHANGED:
            figures = self._figures(table, cells[0])
            yield from folded(f"{line}: {figures}" if figures else line, indent)
            return
        yield from folded(line, indent)
        for cell in cells:
            old, new = (self.value(table, cell.column, text) for text in (cell.old, cell.new))
            yield from folded(f"{self.column(table, cell.column)}: {old} → {new}", indent + 4)

    def _figures(self, table: str, change: RowChange) -> str:
        """The figures of a row that came or went; of a project its cost only."""
        cells = _cells(change)
        figures = [
            f"{self.column(table, column)} {self.value(table, column, text)}"
            for column, text in cells.items()
            if _column(table, column).kind in _FIGURES
            and (table != "projects" or column == "total_cost")
            and text != "0"
        ]
        return ", ".join(figures)

    # --- names ---

    def _title(self, table: str) -> str:
        sheet = SHEET_OF[table]
        return self.pick(sheet.zh, sheet.en)

    def row(self, table: str, row: str) -> str:
        """A row by its natural key in words: `p-1 一小 · 小学 primary`."""
        columns = NATURAL_KEYS[table]
        values = row.split(KEY_JOINER)
        if len(values) != len(columns):
            return row
        number = ""
        head, mark, tail = values[-1].rpartition(" #")
        if mark and tail.isdecimal() and table not in ("projects", "funding_sources"):
            values[-1], number = head, self.pick(f"（第 {tail} 行）", f" (row {tail})", "")
        words = [self._key(table, c, v) for c, v in zip(columns, values, strict=True)]
        told = " · ".join(word for word in words if word) or self.pick("（通用）", "(general)")
        return told + number

    def _key(self, table: str, column: str, value: str) -> str:
        if column in ("project", "other") or (table, column) == ("projects", "key"):
            return f"{value} {self.names.get(value, '')}".strip()
        if _column(table, column).kind is Kind.YES_NO:
            return (
                "" if value == "yes" else f"{self.column(table, column)}: {self.value(table, column, value)}"
            )
        return self.value(table, column, value) if value else ""

    def column(self, table: str, field: str) -> str:
        if field.isdecimal():
            return field
        column = _column(table, field)
        return self.pick(column.zh, column.key)

    def value(self, table: str, field: str, text: str | None) -> str:
        """A cell's text as people write it: listed values in words, figures with thousands."""
        if text is None:
            return self.pick(*_BLANK)
        kind = _column(table, field).kind
        if kind in (Kind.STAGES, Kind.NATURES):
            single = Kind.STAGE if kind is Kind.STAGES else Kind.NATURE
            return "；".join(self._listed(single, code) for code in text.split(";"))
        if kind in CHOICES:
            return self._listed(kind, text)
        if kind is Kind.SHARE:
            return f"{decimal_text(Decimal(text) * 100)}%"
        if kind in _GROUPED:
            return f"{Decimal(text):,}"
        return text if self.everything else cut(text, SHOWN_TEXT)

    def _listed(self, kind: Kind, code: str) -> str:
        return self.pick(CHOICES[kind].get(code, code), code)

    # --- totals ---

    def totals(self, before: Portfolio, after: Portfolio) -> Iterator[str]:
        """What the change makes of the figures that a finance officer checks."""
        from portfolio.domain.totals import totals

        old, new = totals(before), totals(after)
        yield self.pick("对合计的影响", "Effect on totals")
        lines = (
            (self.pick("项目数", "projects"), Decimal(old.projects), Decimal(new.projects)),
            (self.pick("总投资（万元）", "investment, 万元"), _wan(old.investment), _wan(new.investment)),
            (self.pick("新增学位", "seats added"), Decimal(old.seats_added), Decimal(new.seats_added)),
            (self.pick("学位需求峰值", "peak demand"), Decimal(old.demand_peak), Decimal(new.demand_peak)),
            (self.pick("年度资金合计（万元）", "caps in all, 万元"), _wan(old.caps), _wan(new.caps)),
        )  # fmt: skip
        for label, was, becomes in lines:
            yield from folded(f"{label}: {_from_to(was, becomes)}", 2)
        moved = [
            (source, old.caps_of.get(source, 0), new.caps_of.get(source, 0))
            for source in dict.fromkeys((*new.caps_of, *old.caps_of))
            if old.caps_of.get(source, 0) != new.caps_of.get(source, 0)
        ]
        names = {s.key: s.name_zh or s.name_en for s in (*before.funding_sources, *after.funding_sources)}
        shown = moved if self.everything else moved[:SHOWN_ROWS]
        for source, cap_before, cap_after in shown:
            title = f"{source} {names.get(source, '')}".strip()
            yield from folded(f"{title}: {_from_to(_wan(cap_before), _wan(cap_after))}", 4)
        if left := len(moved) - len(shown):
            yield "    " + f"… {left:,} " + self.pick(*_MORE_ROWS)

    # --- conflicts ---

    def conflicts(self, contested: Sequence[Contested]) -> Iterator[str]:
        """Every row that both sides changed: what each did, who did it, and the cells."""
        shown = contested if self.everything else contested[:SHOWN_CONFLICTS]
        for row in shown:
            conflict = row.conflict
            title = f"{SHEET_OF[conflict.table].title}: {self.row(conflict.table, conflict.row)}"
            yield from folded(f"冲突 conflict: {title}")
            mine, theirs = self.pick(*_DID[conflict.file]), self.pick(*_DID[conflict.database])
            who = f" ({self.origin(row.changed_by)})" if row.changed_by else ""
            yield from folded(f"{self.pick(*_FILE)}: {mine}; {self.pick(*_DATABASE)}: {theirs}{who}", 2)
            for cell in conflict.cells:
                yield from folded(self._disputed(conflict, cell), 4)
        if left := len(contested) - len(shown):
            yield f"… {left:,} " + self.pick(*_MORE_ROWS)

    def _disputed(self, conflict: Conflict, cell: Disputed) -> str:
        """`总投资: 原 100 · 文件 120 · 数据库 110`."""
        base, file, database = (
            self.value(conflict.table, cell.column, text) for text in (cell.base, cell.file, cell.database)
        )
        no_row = self.pick(*_NO_ROW)
        if ChangeKind.ADDED in (conflict.file, conflict.database):
            base = no_row
        if conflict.file is ChangeKind.REMOVED:
            file = no_row
        if conflict.database is ChangeKind.REMOVED:
            database = no_row
        return (
            f"{self.column(conflict.table, cell.column)}: {self.pick(*_BASE)} {base} · {self.pick(*_FILE)} {file}"
            f" · {self.pick(*_DATABASE)} {database}"
        )

    def origin(self, record: ImportRecord) -> str:
        """Who imported which file when."""
        when = f"{record.imported_at.astimezone():%Y-%m-%d %H:%M}"
        number = self.pick(f"第 {record.id} 次导入", f"import {record.id}")
        return f"{number}, {when}, {record.user}, {Path(record.file_name).name}"


def _column(table: str, field: str) -> Column:
    return SHEET_OF[table].column(column_of(table, field))


def _cells(change: RowChange) -> dict[str, str]:
    """The cells of a row that came or went."""
    found: dict[str, str] = loads((change.new if change.kind is ChangeKind.ADDED else change.old) or "{}")
    return found


def _names_of(changes: Iterable[RowChange]) -> dict[str, str]:
    """The names of projects that came or went."""
    rows = [
        _cells(change)
        for change in changes
        if change.table == "projects" and change.kind in (ChangeKind.ADDED, ChangeKind.REMOVED)
    ]
    return {row["key"]: row.get("name_zh") or row.get("name_en", "") for row in rows}


def _wan(amount: Money) -> Decimal:
    """万元 without trailing zeros."""
    return Decimal(decimal_text(to_wan(amount)))


def _from_to(old: Decimal, new: Decimal) -> str:
    change = f"{Decimal(decimal_text(new - old)):+,}" if new != old else "±0"
    return f"{old:,} → {new:,} ({change})"
