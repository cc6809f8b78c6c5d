"""Opening a workbook or text file: refusals in plain words, and its sheets as plain values.

The values that Excel or WPS stored are read, not the formulas. The file is judged by its content
(`refusals`), read within limits (`limits`) and never changed.
"""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

from portfolio.errors import InputRefusedError, UsageError
from portfolio.workbook.files.limits import MAX_FILE_BYTES, Budget, UnreadableError, damaged
from portfolio.workbook.files.raw import CellError, Raw, RawSheet
from portfolio.workbook.files.refusals import Format, format_of

__all__ = ["CellError", "Raw", "RawSheet", "is_workbook", "read_bytes", "read_sheets", "sha256"]


def read_bytes(path: Path) -> bytes:
    """The content of the file.

    Raises:
        UsageError: there is no such file, it is none (a folder, a pipe, a device), or it cannot be opened.
        InputRefusedError: it is empty, too large, or what Excel keeps beside an open workbook.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UsageError(f"{path}: 不是普通文件 / this is not a file")
        _refuse_unread(path, status.st_size)
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"{path}: 文件不存在 / there is no such file") from None
    except (OSError, ValueError) as problem:  # ValueError: a name that no file can have
        reason = getattr(problem, "strerror", None) or problem
        raise UsageError(f"{path}: 无法打开 / cannot be opened ({reason})") from None
    _refuse_unread(path, len(data))
    return data


def _refuse_unread(path: Path, size: int) -> None:
    if path.name.startswith("~$"):
        original = path.name[2:]
        raise InputRefusedError(
            f"{path}: 这是打开工作簿时留下的锁定文件；请导入 {original} 本身 / this is the owner file that Excel keeps"
            f" while the workbook is open; import {original} itself"
        )
    if size == 0:
        raise InputRefusedError(f"{path}: 文件是空的 / the file is empty")
    if size > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 1_000_000
        raise InputRefusedError(
            f"{path}: 文件超过 {limit} MB，请删去图片和多余的工作表 / the file is larger than {limit} MB; delete"
            " pictures and sheets that are not needed"
        )


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are an Office Open XML workbook (.xlsx, .xlsm): a copy can be annotated."""
    try:
        return format_of(data, Budget())[0] is Format.XLSX
    except Exception:  # whatever is wrong with it, it is not a workbook
        return False


def read_sheets(data: bytes, path: Path) -> tuple[RawSheet, ...]:
    """Every worksheet, in the order of the file; the only table of a text file.

    Raises:
        InputRefusedError: the bytes are nothing that can be read; the message says why.
    """
    try:
        return _read(data, path)
    except UnreadableError as problem:
        text, cause = problem.text, problem.__cause__ or problem
    except (Exception, MemoryError) as problem:  # a damaged part leads anywhere
        text, cause = damaged().text, problem
    raise InputRefusedError(f"{path}: {text.pick('both', ' / ')}") from cause


def _read(data: bytes, path: Path) -> tuple[RawSheet, ...]:
    # Each reader is loaded when it is needed: a plain import starts sooner without the others.
    budget = Budget()
    kind, archive = format_of(data, budget)
    if kind is Format.XLS:
        from portfolio.workbook.files import guarded

        return guarded.read(data)
    if archive is None:
        from portfolio.workbook.files import text

        return (text.read(data, path, budget),)
    from portfolio.workbook.files import ods, xlsx

    return xlsx.read(archive, budget) if kind is Format.XLSX else ods.read(archive, budget)
