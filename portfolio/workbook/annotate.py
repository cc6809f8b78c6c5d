"""The checked copy of a workbook: the user's own file with the problems marked and listed.

Marked cells keep their value and format and get a coloured border and a comment; a new first sheet
lists the problems with links. Everything else in the file (formulas with their values, filters, charts,
pictures, macros, the user's own comments) is copied byte for byte: see `annotation`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from portfolio.domain.notice import Notice
from portfolio.workbook.annotation.list_sheet import START
from portfolio.workbook.annotation.patch import Patch

_CHECKED = re.compile(r"(?P<stem>.+)_checked(?:_[0-9]{1,4})?", re.DOTALL)


def checked_path(path: Path) -> Path:
    """Where the checked copy of a workbook goes: `projects.xlsx` -> `projects_checked.xlsx` beside it.

    Never the file itself, nor a file that somebody has saved since it was written: people mend the
    checked copy as well. Then the name gets a number (`projects_checked_2.xlsx`).
    """
    earlier = _CHECKED.fullmatch(path.stem)
    stem = f"{earlier['stem'] if earlier else path.stem}_checked"
    suffix = path.suffix if path.suffix.lower() in {".xlsx", ".xlsm"} else ".xlsx"
    candidate, number = path.with_name(stem + suffix), 1
    while candidate == path or (candidate.exists() and not _is_as_written(candidate)):
        number += 1
        candidate = path.with_name(f"{stem}_{number}{suffix}")
    return candidate


def annotated(data: bytes, notices: Sequence[Notice], *, file_name: str = "") -> bytes:
    """The workbook with its problems marked. `file_name` stands in the title of the list.

    A signed workbook's copy is no longer signed. Marks of an earlier check are renewed.

    Raises:
        ValueError: the file cannot be patched: it is no .xlsx or .xlsm, damaged, or a shared workbook.
    """
    try:
        return Patch(data).annotated(notices, file_name)
    except ValueError:
        raise
    except Exception as problem:  # a damaged part leads to whatever error meets it first
        raise ValueError(f"文件有损坏的部分 / a part of the file is damaged ({problem!r})") from problem


def _is_as_written(path: Path) -> bool:
    """True for a checked copy that no other program has saved."""
    try:
        with ZipFile(path) as archive:
            sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
            return any(_starts(archive, name) for name in sheets)
    except (BadZipFile, OSError, RuntimeError):
        return False


def _starts(archive: ZipFile, name: str) -> bool:
    with archive.open(name) as part:
        return part.read(len(START)) == START
