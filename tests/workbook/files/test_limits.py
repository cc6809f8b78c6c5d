"""Hostile files: whatever they hold, reading them takes little memory and little time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.memory import PROC
from portfolio.errors import InputRefusedError
from portfolio.workbook.files import limits
from portfolio.workbook.files.limits import Budget, SheetBuilder, UnreadableError
from portfolio.workbook.package import read_sheets
from tests.workbook.files.bombs import BOMBS
from tests.workbook.files.zips import HEADER, ROWS, sheet, workbook

MEMORY_MB = 500
SECONDS = 10

READ = """
import json, sys, time
from pathlib import Path
from benchmarks.memory import peak_mb
from portfolio.errors import InputRefusedError
from portfolio.workbook.package import read_bytes, read_sheets
path = Path(sys.argv[1])
try:
    said = [len(sheet.rows) for sheet in read_sheets(read_bytes(path), path)]
except InputRefusedError as refusal:
    said = str(refusal)
print(json.dumps([said, peak_mb(), time.process_time()]))
"""


@pytest.mark.skipif(not PROC.exists(), reason="tells the memory of one process exactly on Linux only")
@pytest.mark.parametrize("bomb", list(BOMBS))
def test_no_file_takes_the_memory_or_the_time(bomb: str, tmp_path: Path) -> None:
    make, expected = BOMBS[bomb]
    path = tmp_path / "projects.xlsx"
    path.write_bytes(make())
    done = subprocess.run([sys.executable, "-c", READ, path], capture_output=True, timeout=60, check=True)
    said, peak, seconds = json.loads(done.stdout)
    assert peak < MEMORY_MB
    assert seconds < SECONDS
    if expected:
        assert expected in said
    else:
        assert said == [len(ROWS)]


def test_reading_ends_when_the_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CPU_SECONDS", -1)
    with pytest.raises(InputRefusedError, match=r"读取超时.*in time"):
        read_sheets(workbook(), Path("projects.xlsx"))
    assert limits.MAX_CPU_SECONDS < SECONDS


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        ("MAX_UNPACKED_BYTES", 1000, "unreasonable size"),
        ("MAX_CELLS", 3, "more than 3 cells"),
        ("MAX_ROWS", 1, 'the sheet "Sheet1" has more than 1 rows'),
        ("MAX_TEXT_BYTES", 100, "unreasonable amount of text"),
        ("MAX_SHEETS", 0, "more than 0 sheets"),
    ],
)
def test_each_limit_is_told(limit: str, value: int, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, limit, value)
    with pytest.raises(InputRefusedError, match=reason):
        read_sheets(workbook(), Path("projects.xlsx"))


def test_columns_beyond_the_limit_are_left_out_and_counted() -> None:
    cells = '<c t="b"><v>1</v></c>' * 510
    [found] = read_sheets(workbook(sheet(HEADER + f"<row>{cells}</row>")), Path("projects.xlsx"))
    assert len(found.rows[2]) == limits.MAX_COLUMNS
    assert "10 cells to the right of column SF were ignored, such as SG2" in found.remarks[0].en


def test_merged_regions_side_by_side_do_not_overlap() -> None:
    builder = SheetBuilder("s", Budget())
    builder.add_row(5, {1: "x"})
    for area in ((1, 1, 1, 2), (1, 3, 1, 5), (2, 1, 2, 5)):
        builder.add_merged(area)
    assert builder.sheet().merged == ((1, 1, 1, 2), (1, 3, 1, 5), (2, 1, 2, 5))
    builder.add_merged((1, 2, 1, 2))
    with pytest.raises(UnreadableError, match="overlap"):
        builder.sheet()


def test_the_limits_stand_in_the_documentation() -> None:
    text = (Path(__file__).parents[3] / "docs" / "workbook.md").read_text(encoding="utf-8")
    for value in (
        f"{limits.MAX_FILE_BYTES // 10**6} MB",
        f"{limits.MAX_UNPACKED_BYTES // 10**6} MB",
        f"{limits.MAX_TEXT_BYTES // 10**6} MB",
        f"{limits.MAX_SHEETS}",
        f"{limits.MAX_ROWS:,}",
        f"{limits.MAX_CELLS:,}",
        f"{limits.MAX_MERGED:,}",
        f"{limits.MAX_CPU_SECONDS} s",
    ):
        assert f"| {value} |" in text
    assert f"column {limits.MAX_COLUMNS} " in text
