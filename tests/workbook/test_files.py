"""Files that are not what they seem: refused with the reason, or read in spite of it."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from portfolio.errors import InputRefusedError, UsageError
from portfolio.workbook.layout import SHEETS
from portfolio.workbook.reader import read
from tests.workbook.builders import MINIMAL, a_workbook, read_sheets, the_portfolio, told


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read(tmp_path / "none.xlsx")


def test_a_folder_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read(tmp_path)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
FILES = {
    "is empty": b"",
    "old .xls": OLE,
    "encrypted": OLE + "EncryptedPackage".encode("utf-16-le"),
    "HTML": b"\n<html><table></table></html>",
    "not an xlsx workbook": b"key,county\np,A\n",
    "truncated": b"PK\x03\x04 and then nothing",
}


@pytest.mark.parametrize("reason", list(FILES))
def test_other_files_are_refused_with_the_reason(tmp_path: Path, reason: str) -> None:
    path = tmp_path / "projects.xlsx"
    path.write_bytes(FILES[reason])
    with pytest.raises(InputRefusedError, match=reason) as refusal:
        read(path)
    assert str(path) in str(refusal.value)


def test_other_zip_files_and_damaged_workbooks_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    for parts, reason in (
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "OpenDocument"),
        ({"a.txt": "x"}, "not an xlsx workbook"),
        ({"[Content_Types].xml": "<broken"}, "damaged"),
    ):
        with ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        with pytest.raises(InputRefusedError, match=reason):
            read(path)


def test_an_enormous_workbook_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portfolio.workbook.package.MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(InputRefusedError, match="unreasonable size"):
        read_sheets(tmp_path, MINIMAL)


@pytest.mark.parametrize("dimension", [b"A1:A1", b"A1:XFD1048576"])
def test_a_wrong_dimension_does_no_harm(tmp_path: Path, dimension: bytes) -> None:
    path = tmp_path / "projects.xlsx"
    a_workbook(path, MINIMAL)
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(
                name, re.sub(rb'dimension ref="[^"]*"', b'dimension ref="' + dimension + b'"', content)
            )
    result = read(path)
    assert result.notices == ()
    assert len(the_portfolio(result).projects) == 1


def test_a_far_away_cell_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    workbook = a_workbook(path, MINIMAL)
    workbook["Projects"]["XFD9000"] = "x"
    workbook.save(path)
    assert the_portfolio(read(path)).projects[0].key == "p1"


def test_reading_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    a_workbook(path, MINIMAL)
    before = path.read_bytes()
    read(path)
    assert path.read_bytes() == before


def test_a_workbook_without_any_table_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    Workbook().save(path)
    errors = told(read(path), "error")
    assert [place for place, _ in errors] == [s.title for s in SHEETS if s.needed_to_schedule]
