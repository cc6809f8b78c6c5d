"""Reading a table from a text file (.csv, .txt): its encoding, its separator, and which table it is.

The file has no sheet name: the file's name says which table it holds (`项目.csv`,
`Projects-2026.csv`), or else the header row.
"""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from io import BytesIO, TextIOWrapper
from itertools import islice
from pathlib import Path

from portfolio.workbook.aliases import SHEET_NAMES, other_names
from portfolio.workbook.files.limits import Budget, SheetBuilder, UnreadableError, truncated
from portfolio.workbook.files.raw import LAST_ROW, Raw, RawSheet
from portfolio.workbook.layout import SHEETS, Sheet
from portfolio.workbook.words import both_ways, fold

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_SEPARATORS = (",", "\t", ";")
_HEADER_ROWS = 30
_MAX_ROW_CHARACTERS = 1_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def encoding_of(data: bytes) -> str | None:
    """The encoding of the bytes if they are text: UTF-8, UTF-16 with its mark, or GB18030."""
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    found = [name for name in ((marked,) if marked else ("utf-8", "gb18030")) if _is_text(data, name)]
    if not marked and "utf-8" not in found and _is_cut_off(data):
        raise truncated()
    return found[0] if found else None


def _is_cut_off(data: bytes) -> bool:
    """Whether the bytes are UTF-8 that ends within a character; it could pass for other Chinese text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(data)
    except UnicodeError:
        return False
    pending, _ = decoder.getstate()
    return bool(pending) and not _CONTROL.search(text)


def _is_text(data: bytes, encoding: str) -> bool:
    try:
        return all(not _CONTROL.search(piece) for piece in _pieces(data, encoding))
    except UnicodeError:
        return False


def _pieces(data: bytes, encoding: str) -> Iterator[str]:
    with TextIOWrapper(BytesIO(data), encoding=encoding, newline="") as text:
        while piece := text.read(1 << 16):
            yield piece


def read(data: bytes, path: Path, budget: Budget) -> RawSheet:
    """The one table of the file."""
    encoding = encoding_of(data) or "utf-8"
    separator = _separator(data, encoding)
    head = list(islice(_rows(data, encoding, separator), _HEADER_ROWS))
    builder = SheetBuilder(_table(path, head).title, budget)
    for number, cells in enumerate(_rows(data, encoding, separator), start=1):
        if number > LAST_ROW:
            raise UnreadableError(f"超过 {LAST_ROW:,} 行，拒绝读取", f"more than {LAST_ROW:,} rows; refused")
        if number % 1000 == 0:
            budget.check_time()
        values: dict[int, Raw] = {}
        for column, cell in enumerate(cells, start=1):
            if cell:
                values[column] = cell
                budget.text(cell)
        builder.add_row(number, values)
    return builder.sheet(text_only=True)


def _rows(data: bytes, encoding: str, separator: str) -> Iterator[list[str]]:
    """The rows; one that is unreasonably long is refused before it is taken apart."""
    number = length = 0

    def lines(text: TextIOWrapper) -> Iterator[str]:
        nonlocal length
        while line := text.readline(_MAX_ROW_CHARACTERS):
            length += len(line)
            if length >= _MAX_ROW_CHARACTERS:
                raise csv.Error("too long")
            yield line

    with TextIOWrapper(BytesIO(data), encoding=encoding, newline="") as file:
        try:
            for row in csv.reader(lines(file), delimiter=separator, strict=True):
                number, length = number + 1, 0
                yield row
        except csv.Error as problem:
            raise UnreadableError(
                f"第 {number + 1} 行不是有效的 CSV（引号不配对？）；请在 Excel 或 WPS 中另存为 .xlsx",
                f"row {number + 1} is not valid CSV: {problem}; save it as .xlsx in Excel or WPS",
            ) from problem


def _separator(data: bytes, encoding: str) -> str:
    """The separator that parts the first lines into most cells outside quotation marks; a comma
    where there is none."""
    with TextIOWrapper(BytesIO(data), encoding=encoding, newline="") as text:
        sample = re.sub(r'"[^"]*"', "", text.read(20_000))
    counts = {separator: sample.count(separator) for separator in _SEPARATORS}
    return max(_SEPARATORS, key=counts.__getitem__)


# --- which table ----------------------------------------------------------------------------------


def _table(path: Path, head: Sequence[Sequence[str]]) -> Sheet:
    """The sheet that the file's name or else its header row names."""
    sheet = _by_name(path.stem) or _by_header(head)
    if sheet is None:
        names = "、".join(f"{sheet.zh}.csv" for sheet in SHEETS)
        raise UnreadableError(
            f"看不出是哪张表；请用表名作文件名：{names}",
            f"cannot tell which table this is; name the file after its sheet, such as {SHEETS[0].en}.csv",
        )
    return sheet


def _by_name(stem: str) -> Sheet | None:
    """`项目`, `Projects`, `Projects-2026`, `石柱 项目 v2`: the only sheet whose name stands in it as a word,
    or the whole of it but for digits."""
    plain = unicodedata.normalize("NFKC", stem)
    words = {fold(word) for word in re.split(r"[\W\d_]+", plain)} | {fold(re.sub(r"\d", "", plain))}
    words |= {re.sub("^年度?", "", word) for word in words}
    words |= {word.removesuffix("表") for word in words}
    found = [sheet for sheet in SHEETS if words & _names(sheet)]
    return found[0] if len(found) == 1 else None


def _names(sheet: Sheet) -> set[str]:
    return {*both_ways(sheet.zh, sheet.en), *map(fold, SHEET_NAMES.get(sheet.table, ()))}


def _by_header(head: Sequence[Sequence[str]]) -> Sheet | None:
    """The sheet that has every needed column and the most columns in one of the first rows; None if
    two are equal."""
    best: dict[str, int] = {}
    for cells in head:
        names = {fold(re.sub(r"[(（\[【].*?[)）\]】]", "", cell)) for cell in cells if cell}
        for sheet in SHEETS:
            best[sheet.table] = max(best.get(sheet.table, 0), _matches(sheet, names))
    most = max(best.values(), default=0)
    found = [sheet for sheet in SHEETS if best.get(sheet.table) == most]
    return found[0] if most >= 2 and len(found) == 1 else None


def _matches(sheet: Sheet, names: set[str]) -> int:
    """How many of the header cells name columns of the sheet; 0 if a needed column is not there."""
    count = 0
    for column in sheet.columns:
        label = re.sub(r"[(（].*?[)）]", "", column.zh)
        others = map(fold, other_names(sheet.table, column.key))
        known = bool(names & {*both_ways(label, column.key), *others})
        if column.needed and not known:
            return 0
        count += known
    if sheet.year_kind is not None:
        count += sum(1 for name in names if re.fullmatch(r"(19|20)\d\d(年度?)?", name))
    return count
