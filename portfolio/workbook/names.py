"""References to projects and sources: taken as the key they surely mean, else told with the nearest."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from portfolio.domain.text import Text
from portfolio.workbook.problems import Problems
from portfolio.workbook.records import SHEET_OF
from portfolio.workbook.tables import Row, Tables
from portfolio.workbook.words import Suggester, loose_key

REFERENCES: tuple[tuple[str, str, str, str], ...] = (
    ("seats", "project", "projects", "key"),
    ("spending", "project", "projects", "key"),
    ("funding_caps", "source", "funding_sources", "source"),
    ("project_funding", "project", "projects", "key"),
    ("project_funding", "source", "funding_sources", "source"),
    ("relations", "project", "projects", "key"),
    ("relations", "other", "projects", "key"),
    ("milestones", "project", "projects", "key"),
)
"""Referring table and column, and the table and column it refers to."""


class _Keys:
    """The keys of a table, and what surely means one of them: the same letters in another width or
    case or with other blanks, or the full name of one row alone."""

    def __init__(self, rows: list[Row], column: str) -> None:
        self.known = {row.text(column) for row in rows} - {""}
        self.unread = next((row.where.place(column) for row in rows if column in row.unreadable), "")
        letters = ((loose_key(key), key) for key in self.known)
        names = (
            (loose_key(row.text(name)), row.text(column)) for row in rows for name in ("name_zh", "name_en")
        )
        self._by_letters = _only(letters)
        self._by_name = _only((name, key) for name, key in names if name and key)
        self.suggester = Suggester(self.known)

    def meant(self, name: str) -> str | None:
        letters = loose_key(name)
        if letters in self._by_letters:
            return self._by_letters[letters] or None
        return self._by_name.get(letters) or None


def _only(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each letters mean; "" where they mean two things."""
    meant: dict[str, str] = {}
    for letters, key in pairs:
        meant[letters] = key if meant.get(letters, key) == key else ""
    return meant


def settle_references(tables: Tables, problems: Problems) -> None:
    """Gives references the key they surely mean, with a notice; names those that mean nothing."""
    keys: dict[str, _Keys] = {}
    for table, column, target, target_column in REFERENCES:
        if not tables.complete(target):
            continue
        if target not in keys:
            keys[target] = _Keys(tables[target], target_column)
        known = keys[target]
        for row in tables[table]:
            name = row.text(column)
            if not name or name in known.known:
                continue
            meant = known.meant(name)
            if meant is None:
                title = SHEET_OF[target].title
                tell_unknown(row, column, name, known.suggester, title, problems.error, known.unread)
            else:
                row.respell(column, meant)
                problems.notice(row.where, column, Text(f"视为 {meant}", f"taken as {meant}"), name)


def tell_unknown(
    row: Row,
    column: str,
    name: str,
    suggester: Suggester,
    target: str,
    tell: Callable[..., None],
    unread: str = "",
) -> None:
    """A name of nothing, with the nearest that exists. `unread`: the place of a key that could not be read,
    and may be the one."""
    near = suggester.nearest(name)
    zh = f"；是否指“{near}”？" if near else "；请改正，或在该表中补上"
    en = f'; did you mean "{near}"?' if near else "; correct it, or add it there"
    if unread:
        zh, en = f"{zh}（{unread} 的编码未能读取）", f"{en} (the key at {unread} could not be read)"
    kept_zh = "（数据库中保留的行；请一并提供本表）" if row.where.kept else ""
    kept_en = " (a row the database keeps; give this sheet too)" if row.where.kept else ""
    tell(
        row.where,
        column,
        Text(f"在“{target}”中不存在{zh}{kept_zh}", f'does not exist in "{target}"{en}{kept_en}'),
        name,
    )
