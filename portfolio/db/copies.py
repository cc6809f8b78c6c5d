"""A copy of an SQLite database, made before its tables are changed for good."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from portfolio.db.failures import DAMAGED, message
from portfolio.domain.text import Text
from portfolio.errors import PortfolioError, UsageError


def keep_copy(file: Path, revision: str) -> Path:
    """Copies the database, log included, to `portfolio.db.<revision>.bak` beside it; a copy that is
    there already stays. Readers and the caller's own transaction are not disturbed.

    Raises:
        PortfolioError: the copy cannot be written, for want of room or rights.
        UsageError: the database is damaged.
    """
    target = _free_name(file, revision)
    draft = target.with_name(f"~{target.name}.{os.getpid()}")
    try:
        # autocommit: closing must not leave a journal beside the copy
        with (
            closing(sqlite3.connect(file, isolation_level=None)) as source,
            closing(sqlite3.connect(draft, isolation_level=None)) as copy,
        ):
            shutil.copymode(file, draft)
            source.backup(copy)
            sound = copy.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            copy.execute("PRAGMA journal_mode=DELETE")
        if not sound:
            raise UsageError(message(str(file), DAMAGED.text))
        draft.replace(target)
    except (OSError, sqlite3.OperationalError) as error:
        raise PortfolioError(
            message(
                str(file),
                Text(
                    f"升级前的副本 {target} 写不成，数据库未升级、未改动；请检查磁盘空间和文件夹权限",
                    f"the copy from before the upgrade, {target}, cannot be written, so the database was not upgraded"
                    " and is as it was; check the room on the disk and the permissions of the folder",
                ),
            )
            + f": {error}"
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return target


def _free_name(file: Path, revision: str) -> Path:
    """The first of portfolio.db.0001.bak, portfolio.db.0001-2.bak ... that does not exist."""
    target, number = file.with_name(f"{file.name}.{revision}.bak"), 1
    while target.exists():
        number += 1
        target = file.with_name(f"{file.name}.{revision}-{number}.bak")
    return target
