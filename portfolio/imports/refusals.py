"""Why an import stored nothing, with all a person needs to settle it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from portfolio.db.merge import Conflict
from portfolio.db.records import ImportRecord
from portfolio.domain.notice import Notice, Severity
from portfolio.domain.project import Project
from portfolio.domain.text import Text
from portfolio.errors import InputRefusedError
from portfolio.imports.checked import Checked


class RefusedWorkbookError(InputRefusedError):
    """A workbook with errors; nothing was stored. `notices` has every problem with its place, `checked`
    tells of the copy in which they are marked (None: none was tried)."""

    def __init__(self, path: Path, notices: Iterable[Notice], checked: Checked | None = None) -> None:
        self.path = path
        self.notices = tuple(notices)
        self.checked = checked
        count = sum(notice.severity is Severity.ERROR for notice in self.notices)
        super().__init__(f"{path}: {count} 处错误，未存入任何数据 / {count} errors, nothing was stored")


class RemovalError(InputRefusedError):
    """The import would remove projects, and nobody said that it may; nothing was stored."""

    def __init__(self, path: Path, projects: Iterable[Project]) -> None:
        self.path = path
        self.projects = tuple(projects)
        count = len(self.projects)
        super().__init__(
            f"{path}: 将删除 {count} 个项目，未存入任何数据；确要删除，请加 --allow-removal / would remove"
            f" {count} {'project' if count == 1 else 'projects'}, nothing was stored; if that is meant, add"
            " --allow-removal"
        )


@dataclass(frozen=True, slots=True)
class Contested:
    """A row that was changed in the file and in the database, and the import that last changed it in
    the database (None: it did not change that row itself)."""

    conflict: Conflict
    changed_by: ImportRecord | None


class ConflictError(InputRefusedError):
    """Rows that were changed in both places since the file was exported; nothing was stored. `names` has
    the names of projects by key."""

    def __init__(self, path: Path, contested: Iterable[Contested], names: Mapping[str, str]) -> None:
        self.path = path
        self.contested = tuple(contested)
        self.names = names
        count = len(self.contested)
        super().__init__(
            f"{path}: {count} 行在文件和数据库中都改过，未存入任何数据；以文件为准或以数据库为准 / {count}"
            f" {'row was' if count == 1 else 'rows were'} changed both in the file and in the database, nothing was"
            f" stored; let one side stand: portfolio import {path} --take file|database"
        )


REFUSED_AFTER_MERGE = Text(
    "文件与数据库中他人的修改合并后不相容；请改正文件，或重新导出后再改",
    "the file does not go together with what others changed in the database; mend the file, or export again and edit that",
)
