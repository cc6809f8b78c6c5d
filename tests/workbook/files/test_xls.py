"""Old .xls files, read in a process of their own. `small.xls` was saved by LibreOffice."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from struct import pack
from time import monotonic

import pytest

from portfolio.errors import InputRefusedError
from portfolio.workbook.files import biff, guarded
from portfolio.workbook.files.raw import CellError, RawSheet
from portfolio.workbook.package import is_workbook, read_sheets

SMALL = (Path(__file__).parent / "small.xls").read_bytes()
PATH = Path("projects.xls")


@pytest.mark.parametrize("name", ["projects.xls", "projects.xlsx", "projects.et"])
def test_an_old_workbook_is_read_whatever_its_name(name: str) -> None:
    projects, empty, second = read_sheets(SMALL, Path(name))
    assert projects == RawSheet(
        "项目 Projects",
        {
            1: ("项目编码 key", "区县", "主要学段", "总投资（万元）", "工期", "最早开工年", "备注"),
            2: ("p1", "石柱", "小学", 18968.5, 3, date(2026, 3, 1), "一小"),
            3: ("p2", None, "初中", CellError("#DIV/0!"), 3, 2027, True),
            4: ("p3", None, "小学", 100, 2, None, CellError("#N/A")),
        },
        merged=((2, 2, 2, 4),),
        hidden_rows=frozenset({3}),
    )
    assert (empty.title, empty.rows) == ("空", {})
    assert second.rows == {4: (None, None, 5, "中文"), 5: (None, None, timedelta(hours=30))}
    assert not is_workbook(SMALL)


def refusal(data: bytes) -> str:
    with pytest.raises(InputRefusedError) as found:
        read_sheets(data, PATH)
    return str(found.value)


def test_a_password_is_named() -> None:
    # The record with the last user's name (0x5C) made the one that announces encryption (0x2F).
    assert b"\x5c\x00\x70\x00" in SMALL
    words = refusal(SMALL.replace(b"\x5c\x00\x70\x00", b"\x2f\x00\x70\x00", 1))
    assert "文件已加密" in words
    assert "encrypted" in words


@pytest.mark.parametrize("size", [600, 2000, 4000, 6000])
def test_a_truncated_workbook_is_refused(size: int) -> None:
    words = refusal(SMALL[:size])
    assert "文件已损坏" in words or "文件不完整" in words


def test_a_chain_of_sectors_that_goes_in_a_circle_is_refused() -> None:
    start = (int.from_bytes(SMALL[76:80], "little") + 1) * 512
    circle = b"".join(pack("<I", (sector + 1) % 10) for sector in range(128))
    assert "damaged" in refusal(SMALL[:start] + circle + SMALL[start + 512 :])


def test_the_process_that_reads_cannot_take_the_memory() -> None:
    program = (
        "from portfolio.workbook.files import foreign\n"
        "foreign._read = lambda data: [] if bytearray(700_000_000) else []\n"
        "foreign.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], input=b"", capture_output=True, check=False)
    assert b"is damaged" in done.stdout


def test_error_values_that_stand_without_a_formula_are_found() -> None:
    record = pack("<HHHHHBB", 0x0205, 8, 4, 2, 0, 0x17, 1)
    chart = pack("<HH", 0x0809, 0) + pack("<HHHHHBB", 0x0205, 8, 9, 9, 0, 0x17, 1) + pack("<HH", 0x000A, 0)
    stream = pack("<HH", 0x0809, 0) + record + chart + pack("<HH", 0x000A, 0)
    assert biff._sheet_facts(stream, 0).errors == {(5, 3): "#REF!"}


def test_a_chain_that_never_ends_is_not_followed() -> None:
    with pytest.raises(ValueError, match="circle"):
        list(biff._followed([1, 0], 0))


def test_a_process_that_dies_or_hangs_is_a_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python = sys.executable
    for number, program in enumerate(("import os; os.abort()", "import time; time.sleep(60)")):
        interpreter = tmp_path / f"python{number}"
        interpreter.write_text(f"#!{python}\n{program}\n")
        interpreter.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(interpreter))
        monkeypatch.setattr(guarded, "MAX_WALL_SECONDS", 0.5)
        began = monotonic()
        words = refusal(SMALL)
        assert monotonic() - began < 10
        assert "时间或内存限制" in words
        assert "too much time or memory" in words


def test_a_module_in_the_current_folder_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    assert len(read_sheets(SMALL, PATH)) == 3
