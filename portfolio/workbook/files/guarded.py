"""Reading old .xls files at arm's length: a process with little memory and little time does it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import portfolio
from portfolio.domain.text import Text
from portfolio.workbook.files.foreign import unpacked_cell
from portfolio.workbook.files.limits import UnreadableError
from portfolio.workbook.files.raw import RawSheet

MAX_WALL_SECONDS = 9.0

_PROGRAM = (
    "import sys; sys.path.append(sys.argv[1]); from portfolio.workbook.files.foreign import main; main()"
)
"""Run with -P: nothing in the current folder is imported."""

_TOO_MUCH = UnreadableError(
    "读取该文件超出时间或内存限制；请删去远离表格的单元格，并在 Excel 或 WPS 中另存为 .xlsx",
    "reading the file takes too much time or memory; delete cells that stand far from the tables, and save it as"
    " .xlsx in Excel or WPS",
)


def read(data: bytes) -> tuple[RawSheet, ...]:
    """The worksheets of an .xls workbook, in order.

    Raises:
        UnreadableError: it cannot be read, or not within the limits.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module; the file goes to its stdin
            [sys.executable, "-P", "-c", _PROGRAM, str(Path(portfolio.__file__).parents[1])],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MAX_WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _TOO_MUCH from None
    if done.returncode != 0:  # killed by a limit, or by what the file led to
        raise _TOO_MUCH
    answer: dict[str, Any] = json.loads(done.stdout, object_hook=unpacked_cell)
    if "refused" in answer:
        raise UnreadableError(*answer["refused"])
    return tuple(_sheet(sheet) for sheet in answer["sheets"])


def _sheet(found: dict[str, Any]) -> RawSheet:
    return RawSheet(
        found["title"],
        {number: tuple(cells) for number, cells in found["rows"]},
        tuple((c1, r1, c2, r2) for c1, r1, c2, r2 in found["merged"]),
        frozenset(found["hidden"]),
        remarks=tuple(Text(zh, en) for zh, en in found["remarks"]),
    )
