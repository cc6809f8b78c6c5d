"""What a workbook would make of the database: read, brought together with others' edits, checked, compared.

Two people edit one portfolio. An exported workbook carries its revision: the import that led to what
was exported. On import the **base** is what the file said when it and the database last agreed:

- the state of its revision, for a file that is imported for the first time;
- afterwards, what the same file (path and revision) said at its own last import. The file on the disk
  is never written to and keeps its old revision; against that revision, rows that were imported from it
  before would look as if somebody else had changed them. And it is what the file *said* that counts, not
  what the import led to: where others' rows were kept then, the file still has the old ones, and must not
  seem to have changed them back.

So: A and B export at revision 1; A imports (2), B imports (3); A edits again and imports. The base of
A's rows is A's file at 2: what A changed since then is A's edit, what B stored at 3 is B's, and only rows
in both are conflicts.

A file without a revision, or with one of another database, is the whole truth: nothing is merged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from portfolio.db import repository, trail
from portfolio.db.difference import ChangeKind, RowChange, difference
from portfolio.db.merge import Merge, Side, merge
from portfolio.db.records import ImportRecord
from portfolio.db.session import Database
from portfolio.domain.notice import Notice, Severity
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Project
from portfolio.domain.text import Text
from portfolio.errors import UsageError
from portfolio.imports.checked import write_checked
from portfolio.imports.refusals import (
    REFUSED_AFTER_MERGE,
    ConflictError,
    Contested,
    RefusedWorkbookError,
)
from portfolio.workbook.revision import Revision, read_revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What an import would store.

    `file` is what the file says, `after` that with others' edits; `base` is the import they were compared
    from (None: nothing to merge), `kept` what stays of the database against the file. `newest` is the last
    import there was when the database was looked at.
    """

    path: Path
    file_sha256: str
    notices: tuple[Notice, ...]
    before: Portfolio
    file: Portfolio
    after: Portfolio
    changes: tuple[RowChange, ...]
    kept: tuple[RowChange, ...] = ()
    revision: int | None = None
    base: int | None = None
    newest: int | None = None

    @property
    def removed(self) -> tuple[Project, ...]:
        """The projects that would go, with all that belongs to them."""
        stay = {project.key for project in self.after.projects}
        return tuple(project for project in self.before.projects if project.key not in stay)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds, and how it came to it."""

    portfolio: Portfolio
    imports: tuple[ImportRecord, ...]

    @property
    def newest(self) -> int | None:
        return self.imports[-1].id if self.imports else None

    @property
    def by_id(self) -> dict[int | None, ImportRecord]:
        return {record.id: record for record in self.imports}


def propose(database: Database, path: Path, take: Side | None = None) -> Proposal:
    """Compares a workbook with the database; changes neither.

    Raises:
        RefusedWorkbookError: it has errors; a checked copy has been written where that can be.
        ConflictError: rows were changed in both places, and `take` does not say which stand.
        UsageError, InputRefusedError: the file cannot be read at all.
    """
    from portfolio.workbook.package import read_bytes, sha256
    from portfolio.workbook.reader import read

    data = read_bytes(path)
    stored = look_at(database)
    found = read(path, stored.portfolio)
    if found.sha256 != sha256(data):
        raise UsageError(
            f"{path}: 读取时文件被改动，请再试一次 / the file was changed while it was read; try again"
        )
    if found.portfolio is None:
        raise RefusedWorkbookError(path, found.notices, write_checked(data, path, found.notices))
    revision = read_revision(data)
    known = stored.by_id.get(revision.import_id) if revision else None
    notices = list(found.notices)
    if revision and (known is None or known.portfolio_sha256 != revision.portfolio_sha256):
        notices.append(_of_another_database(path, revision))
        known = None
    base, merged = None, Merge(found.portfolio)
    if known is not None:
        base, merged = _merged(database, stored, known, path, found.portfolio, take)
        notices += _kept_notices(database, stored, known.id, merged.kept)
    after = _settled(path, merged, found.portfolio, found.notices)
    return Proposal(
        path=path,
        file_sha256=found.sha256,
        notices=tuple(notices),
        before=stored.portfolio,
        file=found.portfolio,
        after=after,
        changes=difference(stored.portfolio, after),
        kept=merged.kept,
        revision=known.id if known else None,
        base=base if merged.kept else None,
        newest=stored.newest,
    )


def look_at(database: Database) -> Stored:
    """The state of the database; a database that does not exist is empty, and is not made."""
    if database.current() is None:
        return Stored(Portfolio(), ())
    with database.snapshot() as session:
        return Stored(repository.load_portfolio(session), trail.list_imports(session))


# --- others' edits ------------------------------------------------------------------------------


def _merged(
    database: Database, stored: Stored, revision: ImportRecord, path: Path, file: Portfolio, take: Side | None
) -> tuple[int, Merge]:
    """The number of the base's import, and the file brought together with what changed since."""
    own = [
        record.id
        for record in stored.imports
        if record.revision == revision.id and record.file_name == str(path.resolve())
    ]
    base_id = max(own, default=revision.id)
    with database.snapshot() as session:
        if own:
            base = trail.file_as_of(session, base_id, stored.portfolio)
        else:
            base = trail.portfolio_as_of(session, base_id, stored.portfolio)
        merged = merge(base, file, stored.portfolio, take)
        if merged.portfolio is None:
            changed_in, records = trail.last_changed_in(session, revision.id), stored.by_id
            contested = [
                Contested(c, records.get(changed_in.get((c.table, c.row)))) for c in merged.conflicts
            ]
            projects = (*base.projects, *stored.portfolio.projects, *file.projects)
            raise ConflictError(path, contested, {p.key: p.name_zh or p.name_en for p in projects})
    return base_id, merged


def _settled(path: Path, merged: Merge, file: Portfolio, told: Sequence[Notice]) -> Portfolio:
    """The merged portfolio, if it keeps every rule that a workbook must keep."""
    from portfolio.workbook.consistency import check_portfolio

    assert merged.portfolio is not None
    if merged.portfolio == file:
        return file
    errors = [notice for notice in check_portfolio(merged.portfolio) if notice.severity is Severity.ERROR]
    if errors:
        hint = Notice(severity=Severity.ERROR, place=str(path), text=REFUSED_AFTER_MERGE)
        raise RefusedWorkbookError(path, [*told, hint, *errors])
    return merged.portfolio


def _of_another_database(path: Path, revision: Revision) -> Notice:
    label = revision.label
    text = Text(
        f"{label.zh} 不属于这个数据库；按整份文件导入，不合并他人的修改",
        f"{label.en} is not of this database; the file is imported as it stands, nothing is merged",
    )
    return Notice(severity=Severity.WARNING, place=str(path), text=text)


_KEPT = {
    ChangeKind.CHANGED: Text("数据库中已改为“{new}”{who}，予以保留", "was changed to {new} in the database{who} and is kept"),
    ChangeKind.ADDED: Text("数据库中新增的行{who}，予以保留", "a row added in the database{who}, kept"),
    ChangeKind.REMOVED: Text("数据库中已删除的行{who}，不再存入", "a row removed from the database{who}; it stays removed"),
}  # fmt: skip


def _kept_notices(
    database: Database, stored: Stored, revision: int, kept: Sequence[RowChange]
) -> Iterator[Notice]:
    """What stays of the database against the file, with who changed it."""
    from portfolio.workbook.records import SHEET_OF, column_of

    if not kept:
        return
    with database.snapshot() as session:
        changed_in, records = trail.last_changed_in(session, revision), stored.by_id
    for change in kept:
        record = records.get(changed_in.get((change.table, change.row)))
        zh = en = ""
        if record:
            when = f"{record.imported_at.astimezone():%Y-%m-%d %H:%M}"
            zh = f"（第 {record.id} 次导入，{record.user}，{when}）"
            en = f" (import {record.id}, {record.user}, {when})"
        words = _KEPT[change.kind]
        blank = Text("空白", "blank")
        yield Notice(
            severity=Severity.NOTICE,
            place=f"{SHEET_OF[change.table].title}: {change.row}",
            column=column_of(change.table, change.column),
            found=(change.old or "") if change.column else "",
            text=Text(
                words.zh.format(new=change.new or blank.zh, who=zh),
                words.en.format(new=change.new or blank.en, who=en),
            ),
        )
