"""Where a database is: its URL, read and checked before anything is opened."""

from __future__ import annotations

import os
import re
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from portfolio.db.failures import DAMAGED, message
from portfolio.domain.text import Text
from portfolio.errors import UsageError

SQLITE_HEADER = b"SQLite format 3\x00"
POSTGRESQL = "postgresql+psycopg"


def parsed(url: str) -> URL:
    """The URL with the driver this program uses.

    Raises:
        UsageError: it is no database URL, or of a database that is not supported.
    """
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is not a number
        raise _not_a_url(url) from None
    if found.drivername in ("sqlite", "sqlite+pysqlite"):
        return found
    if found.drivername in ("postgresql", "postgres", POSTGRESQL):
        if "@" in f"{found.host}{found.database}":
            raise UsageError(
                "数据库地址：口令中的 @ : / ? # % 要写成 %40 %3A %2F %3F %23 %25 / database URL: write @ : / ? # % in a"
                " password as %40 %3A %2F %3F %23 %25"
            )
        return found.set(drivername=POSTGRESQL)
    raise UsageError(
        f"不支持 {found.drivername} 数据库，请用 sqlite:/// 或 postgresql:// / {found.drivername} databases are not"
        " supported; use sqlite:/// or postgresql://"
    )


def place(url: URL) -> str:
    """How messages name the database: a path, or a URL without password and options."""
    file = sqlite_file(url)
    if file:
        return str(file)
    plain = url.set(drivername=url.get_backend_name(), query={})
    return plain.render_as_string(hide_password=True)


def sqlite_file(url: URL) -> Path | None:
    """The path of an SQLite file; None for PostgreSQL and for a database in memory."""
    name = url.database
    if url.get_backend_name() != "sqlite" or not name or name == ":memory:" or name.startswith("file:"):
        return None
    return Path(name).absolute()


def check_file(file: Path) -> None:
    """Raises:
    UsageError: `file` cannot hold, or become, a database.
    """
    folder = file.parent
    if not folder.is_dir():
        raise _refused(
            file,
            f"文件夹 {folder} 不存在；请先建立，或换一个 --database",
            f"folder {folder} does not exist; create it or choose another --database",
        )
    if file.is_dir():
        example = file / "portfolio.db"
        raise _refused(
            file,
            f"这是文件夹；请加上文件名，如 {example}",
            f"is a folder; add a file name, such as {example}",
        )
    target = file if file.exists() else folder
    # SQLite writes its log beside the database, so the folder counts even if the file may be written
    if not (os.access(target, os.R_OK | os.W_OK) and os.access(folder, os.W_OK)):
        raise _refused(
            file,
            "不能读写；请检查文件和文件夹的权限，或换一个 --database",
            "cannot be read and written; check the permissions of file and folder or choose another --database",
        )
    if file.exists():
        with file.open("rb") as opened:
            start = opened.read(len(SQLITE_HEADER))
        if start and start != SQLITE_HEADER:
            raise UsageError(message(str(file), DAMAGED.text))


def _refused(file: Path, zh: str, en: str) -> UsageError:
    return UsageError(message(str(file), Text(zh, en)))


def _not_a_url(url: str) -> UsageError:
    shown = re.sub(r"//.*@", "//***@", url)  # it may hold a password
    example = "postgresql://user@host/name" if "://" in url else f"sqlite:///{shown}"
    return UsageError(
        f'"{shown}" 不是数据库地址，应写成 {example} 的样子 / "{shown}" is not a database URL; write, for example, {example}'
    )
