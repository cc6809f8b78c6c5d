"""How much a file may ask of the machine, and the refusal when it asks for more.

A portfolio of 20,000 projects takes at most half of each limit. Reading stays below 10 seconds and
500 MB whatever the file holds.
"""

from __future__ import annotations

import time
from itertools import pairwise
from sys import getsizeof

from portfolio.domain.text import Text
from portfolio.workbook.files.raw import Area, Raw, RawSheet, trimmed

MAX_FILE_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 250_000_000
MAX_CPU_SECONDS = 6.5
"""Processor time, so that a busy computer does not make a good file a bad one."""
MAX_SHEETS = 250
MAX_ROWS = 100_000
"""Rows with content in one sheet."""
MAX_COLUMNS = 500
"""Columns further to the right are left out, with a remark."""
MAX_CELLS = 2_000_000
"""Cells with content in the whole file."""
MAX_TEXT_BYTES = 160_000_000
MAX_MERGED = 100_000


class UnreadableError(Exception):
    """The file cannot be read, or not at a reasonable cost. `text` says why and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


def damaged(what: str = "") -> UnreadableError:
    """The file's inner parts do not hold together; `what` is for whoever mends it."""
    zh, en = "文件已损坏，请重新保存或复制", "the file is damaged; save or copy it again"
    return UnreadableError(f"{zh}（{what}）", f"{en} ({what})") if what else UnreadableError(zh, en)


def encrypted() -> UnreadableError:
    return UnreadableError("文件已加密，请先取消密码", "the file is encrypted; remove its password first")


def truncated() -> UnreadableError:
    return UnreadableError(
        "文件不完整，请重新复制或保存", "the file is truncated or damaged; copy or save it again"
    )


class Budget:
    """What reading one file has taken so far; every method refuses the file once it is too much."""

    def __init__(self) -> None:
        self._end = time.process_time() + MAX_CPU_SECONDS
        self._unpacked = self._cells = self._text = 0

    def unpacked(self, count: int) -> None:
        """Bytes were unpacked."""
        self._unpacked += count
        self.check_size(self._unpacked)
        self.check_time()

    def check_size(self, unpacked: int) -> None:
        """The file says that it unpacks to this many bytes, or did."""
        if unpacked > MAX_UNPACKED_BYTES:
            raise UnreadableError(
                "文件解压后过大，拒绝读取", "the file unpacks to an unreasonable size and is refused"
            )

    def check_time(self) -> None:
        if time.process_time() > self._end:
            raise UnreadableError(
                "文件内容过多，读取超时；请删去多余的工作表、空行和格式后再试",
                "there is too much in the file to read it in time; delete sheets, empty rows and formats"
                " that are not needed",
            )

    def sheets(self, count: int) -> None:
        """The file has this many sheets."""
        if count > MAX_SHEETS:
            raise UnreadableError(
                f"超过 {MAX_SHEETS} 张工作表；请删去不需要的",
                f"more than {MAX_SHEETS} sheets; delete what is not needed",
            )

    def cells(self, count: int) -> None:
        """Cells with content were read."""
        self._cells += count
        if self._cells > MAX_CELLS:
            raise UnreadableError(
                f"超过 {MAX_CELLS:,} 个有内容的单元格；请删去不需要的工作表和列",
                f"more than {MAX_CELLS:,} cells with content; delete sheets and columns that are not needed",
            )

    def text(self, value: str) -> None:
        """A text is kept."""
        self._text += getsizeof(value)
        if self._text > MAX_TEXT_BYTES:
            raise UnreadableError(
                "文字总量过大，拒绝读取", "the file holds an unreasonable amount of text and is refused"
            )


class SheetBuilder:
    """Collects the rows of one sheet within the limits."""

    def __init__(self, title: str, budget: Budget) -> None:
        self._title, self._budget = title[:100], budget
        self._rows: dict[int, tuple[Raw, ...]] = {}
        self._hidden: set[int] = set()
        self._merged: list[Area] = []
        self._far: list[tuple[int, int]] = []
        self._far_count = 0

    def add_row(self, number: int, values: dict[int, Raw], *, hidden: bool = False) -> None:
        """A row by column number. A second part of a row is added to the first."""
        filled: dict[int, Raw] = {
            column: value for column, value in values.items() if value is not None and value != ""
        }
        if not filled:
            return
        if max(filled) > MAX_COLUMNS:
            far = [column for column in filled if column > MAX_COLUMNS]
            self._far = self._far or [(number, min(far))]
            self._far_count += len(far)
            filled = {column: value for column, value in filled.items() if column <= MAX_COLUMNS}
            if not filled:
                return
        self._budget.cells(len(filled))
        before = self._rows.get(number)
        if before is not None:
            filled = {**dict(enumerate(before, start=1)), **filled}
        self._rows[number] = trimmed(filled)
        if hidden:
            self._hidden.add(number)
        if len(self._rows) > MAX_ROWS:
            raise UnreadableError(
                f"工作表“{self._title}”有内容的行超过 {MAX_ROWS:,} 行；请删去多余的行",
                f'the sheet "{self._title}" has more than {MAX_ROWS:,} rows with content; delete those that are'
                " not needed",
            )

    def add_merged(self, area: Area) -> None:
        self._merged.append(area)
        if len(self._merged) > MAX_MERGED:
            raise UnreadableError(
                f"工作表“{self._title}”的合并单元格超过 {MAX_MERGED:,} 处；请取消合并",
                f'the sheet "{self._title}" has more than {MAX_MERGED:,} merged regions; unmerge them',
            )

    def sheet(self, *, text_only: bool = False) -> RawSheet:
        return RawSheet(
            self._title,
            dict(sorted(self._rows.items())),
            self._merged_regions(),
            frozenset(self._hidden),
            text_only,
            self._remarks(),
        )

    def _merged_regions(self) -> tuple[Area, ...]:
        """The merged regions, cut off well below the last row with content; none of them overlap."""
        last = max(self._rows, default=0)
        regions = sorted(
            (c1, r1, c2, min(r2, last + 1000))
            for c1, r1, c2, r2 in self._merged
            if r1 <= last and c1 <= MAX_COLUMNS
        )
        for (c1, _, _, end), (column, start, _, _) in pairwise(regions):
            if column == c1 and start <= end:
                raise UnreadableError(
                    f"工作表“{self._title}”的合并单元格互相重叠，文件已损坏",
                    f'the file is damaged: merged regions of the sheet "{self._title}" overlap',
                )
        return tuple(regions)

    def _remarks(self) -> tuple[Text, ...]:
        if not self._far:
            return ()
        from openpyxl.utils import get_column_letter

        [(row, column)] = self._far
        first, last = f"{get_column_letter(column)}{row}", get_column_letter(MAX_COLUMNS)
        return (
            Text(
                f"{last} 列以右的 {self._far_count} 个单元格（如 {first}）已忽略",
                f"{self._far_count} cells to the right of column {last} were ignored, such as {first}",
            ),
        )
