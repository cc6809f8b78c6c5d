"""Storing a workbook: all of it or nothing, and never over somebody's head."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from portfolio.db import repository
from portfolio.db.difference import RowChange
from portfolio.db.merge import Side
from portfolio.db.records import ImportRecord
from portfolio.db.session import Database
from portfolio.domain.notice import Notice
from portfolio.domain.project import Project
from portfolio.errors import PortfolioError, UsageError
from portfolio.imports.proposal import Proposal, propose
from portfolio.imports.refusals import RemovalError

DEFAULT_WORKBOOK = Path("data/projects.xlsx")
ATTEMPTS = 3
"""How often a file is compared again because another import was stored in the meantime."""


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What reading a workbook led to. `record` is None for a dry run; `removed` are the projects that
    went, or would go."""

    notices: tuple[Notice, ...] = ()
    changes: tuple[RowChange, ...] = ()
    record: ImportRecord | None = None
    up_to_date: bool = False
    removed: tuple[Project, ...] = ()


def import_workbook(
    database: Database,
    workbook: Path,
    *,
    dry_run: bool = False,
    allow_removal: bool = False,
    take: Side | None = None,
    show: Callable[[Proposal], None] | None = None,
) -> ImportOutcome:
    """Reads a workbook and, unless it is a dry run, makes it the content of the database, with what
    others stored there since the file was exported.

    `show` is given what would be stored, before it is; a dry run does not even make the database.

    Raises:
        RefusedWorkbookError, ConflictError, RemovalError: nothing was stored; the database is as it was.
        PortfolioError: others kept storing imports in the meantime.
    """
    if database.current() is not None:
        if dry_run:
            database.check()
        else:
            database.upgrade()
    for _ in range(ATTEMPTS):
        proposal = propose(database, workbook, take)
        if show:
            show(proposal)
        if proposal.removed and not allow_removal:
            raise RemovalError(workbook, proposal.removed)
        record = None if dry_run else _store(database, proposal)
        if dry_run or record:
            return ImportOutcome(proposal.notices, proposal.changes, record, removed=proposal.removed)
    raise PortfolioError(
        "同时有别的导入不断存入，未存入任何数据；请稍后再试 / other imports kept being stored at the same time;"
        " nothing was stored, try again"
    )


def _store(database: Database, proposal: Proposal) -> ImportRecord | None:
    """Stores what was proposed, in one transaction; None if another import was stored meanwhile."""
    database.upgrade()
    with database.session() as session:
        repository.hold_writers(session)
        newest = repository.last_import(session)
        if (newest.id if newest else None) != proposal.newest:
            return None
        return repository.save_import(
            session,
            proposal.after,
            user=_user(),
            file_name=str(proposal.path.resolve()),
            file_sha256=proposal.file_sha256,
            now=datetime.now(UTC),
            revision=proposal.revision,
            file_content=proposal.file,
            changes=proposal.changes,
        )


def bring_up_to_date(database: Database, workbook: Path | None) -> ImportOutcome:
    """Imports the workbook if it changed since the database last took it in.

    A workbook that is named must be what the database holds afterwards, but for what others stored since
    it was exported. The default one gives way to a later import of another workbook, as long as it has not
    been edited since. Removing projects needs no leave here: the outcome names them.

    Raises:
        UsageError: there is neither a workbook nor anything in the database.
        RefusedWorkbookError, ConflictError: as `import_workbook`.
    """
    from portfolio.workbook.package import read_bytes, sha256

    path = workbook or DEFAULT_WORKBOOK
    history: tuple[ImportRecord, ...] = ()
    if database.current() is not None:
        database.upgrade()
        with database.snapshot() as session:
            history = repository.list_imports(session)
    if workbook is None and not path.is_file():
        if history:
            return ImportOutcome(up_to_date=True)
        raise UsageError(
            f"找不到 {path}，数据库里也没有数据；请用 --workbook 指定工作簿 / there is no {path} and nothing in"
            " the database; name a workbook with --workbook"
        )
    if not path.is_file():
        raise UsageError(f"{path}: 没有这个文件 / there is no such file")
    own = [i for i in history if i.file_name == str(path.resolve())] if workbook is None else history
    newest = max(own, key=lambda record: record.id, default=None)
    if newest is not None and newest.file_sha256 == sha256(read_bytes(path)):
        return ImportOutcome(record=newest, up_to_date=True)
    return import_workbook(database, path, allow_removal=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
