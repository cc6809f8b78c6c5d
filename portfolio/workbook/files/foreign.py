"""Reading old .xls files (and WPS .et) with calamine: the part that runs in a process of its own.

Native code that meets a hostile file can take any amount of memory. Here it meets a limit first, and
`guarded` reads the answer: plain JSON, nothing that could be executed.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from portfolio.workbook.files import biff
from portfolio.workbook.files.limits import (
    MAX_CPU_SECONDS,
    Budget,
    SheetBuilder,
    UnreadableError,
    damaged,
    encrypted,
)
from portfolio.workbook.files.raw import CellError, Raw, RawSheet

MAX_ADDRESS_SPACE = 600_000_000


def main() -> None:
    """Bytes of a workbook on stdin; on stdout its sheets, or why not."""
    _limit_this_process()
    try:
        sheets = _read(sys.stdin.buffer.read())
        answer: dict[str, object] = {"sheets": [_packed_sheet(sheet) for sheet in sheets]}
    except UnreadableError as problem:
        answer = {"refused": list(problem.text)}
    except BaseException:  # a damaged file leads anywhere; native code panics past Exception
        answer = {"refused": list(damaged().text)}
    json.dump(answer, sys.stdout, ensure_ascii=True, default=_packed)


def _limit_this_process() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; there the caller's time limit stands alone
        return
    for limit, most in (
        (resource.RLIMIT_AS, MAX_ADDRESS_SPACE),
        (resource.RLIMIT_CPU, math.ceil(MAX_CPU_SECONDS)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (most, hard))


def _read(data: bytes) -> list[RawSheet]:
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum

    budget = Budget()
    facts = biff.facts(data)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError:
        raise encrypted() from None
    metadata = workbook.sheets_metadata
    budget.sheets(len(metadata))
    return [
        _sheet(workbook.get_sheet_by_index(number), fact, budget)
        for number, (sheet, fact) in enumerate(zip(metadata, facts, strict=True))
        if sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _sheet(sheet: Any, fact: biff.SheetFacts, budget: Budget) -> RawSheet:
    """One sheet of calamine's, with the errors that calamine shows as blank cells."""
    builder = SheetBuilder(sheet.name, budget)
    first_row, first_column = sheet.start or (0, 0)
    errors: dict[int, dict[int, Raw]] = {}
    for (row, column), code in fact.errors.items():
        errors.setdefault(row, {})[column] = CellError(code)
    content = sheet.to_python(skip_empty_area=True) if sheet.start else ()
    for number, cells in enumerate(content, start=first_row + 1):
        values: dict[int, Raw] = {}
        for column, value in enumerate(cells, start=first_column + 1):
            if value != "":
                values[column] = value
                if isinstance(value, str):
                    budget.text(value)
        values |= errors.pop(number, {})
        builder.add_row(number, values, hidden=number in fact.hidden_rows)
    for number, values in errors.items():
        builder.add_row(number, values, hidden=number in fact.hidden_rows)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        builder.add_merged((left + 1, top + 1, right + 1, bottom + 1))
    return builder.sheet()


# --- sheets as JSON -------------------------------------------------------------------------------


def _packed_sheet(sheet: RawSheet) -> dict[str, object]:
    return {
        "title": sheet.title,
        "rows": list(sheet.rows.items()),
        "merged": sheet.merged,
        "hidden": sorted(sheet.hidden_rows),
        "remarks": sheet.remarks,
    }


def _packed(value: object) -> dict[str, object]:
    """A cell that JSON has no word for."""
    if isinstance(value, CellError):
        return {"error": value.code}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    for kind, name in ((datetime, "datetime"), (date, "date"), (time, "time")):
        if isinstance(value, kind):
            return {name: value.isoformat()}
    raise TypeError(type(value).__name__)


def unpacked_cell(found: Mapping[str, Any]) -> object:
    """The inverse of packing, for `json.loads`; other objects stay as they are."""
    match found:
        case {"error": code}:
            return CellError(code)
        case {"seconds": seconds}:
            return timedelta(seconds=seconds)
        case {"datetime": text}:
            return datetime.fromisoformat(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case {"time": text}:
            return time.fromisoformat(text)
        case _:
            return found
