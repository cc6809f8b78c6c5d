"""LibreOffice opens the checked copy, keeps its marks, and its own files can be annotated."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from portfolio.workbook.annotate import annotated
from portfolio.workbook.layout import CHECK_TITLE
from tests.report.workbook.opened import needs_office
from tests.workbook.marked import NOTICES, PROJECTS, a_notice, comment, lines_of
from tests.workbook.packages import assert_sound, by_xlsxwriter, hand_made, looks

pytestmark = [
    pytest.mark.office,
    needs_office,
    pytest.mark.filterwarnings("ignore::UserWarning:openpyxl"),
]


def converted(folder: Path, kind: str, **files: bytes) -> dict[str, bytes]:
    """The files as LibreOffice saves them, all in one go."""
    for name, data in files.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", kind, "--outdir", str(folder / "out")]
    command += [str(folder / f"{name}.xlsx") for name in files]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return {name: (folder / "out" / f"{name}.{kind}").read_bytes() for name in files}


def test_libreoffice_opens_it_and_keeps_marks_comments_and_links(tmp_path: Path) -> None:
    before = by_xlsxwriter()
    no_rows = annotated(hand_made("<x:sheetData/>"), NOTICES)
    saved = converted(tmp_path, "xlsx", marked=annotated(before, NOTICES), no_rows=no_rows)
    assert lines_of(saved["marked"]) == lines_of(annotated(before, NOTICES))
    assert set(lines_of(saved["no_rows"])) == {"B2", "B3", "A4", "C7", "Z400"}
    assert comment(saved["marked"], "B2").startswith("他们的批注 their own")
    assert "不是金额" in comment(saved["marked"], "B2")
    sheet = openpyxl.load_workbook(BytesIO(saved["marked"]))[CHECK_TITLE]
    assert "项目 Projects" in sheet["C5"].hyperlink.location


def test_a_file_of_libreoffice_can_be_marked_and_marked_again(tmp_path: Path) -> None:
    plain = converted(tmp_path, "xlsx", plain=by_xlsxwriter())["plain"]
    once = annotated(plain, NOTICES)
    assert_sound(once)
    assert list(looks(once)) == list(looks(plain))
    saved = converted(tmp_path, "xlsx", once=once)["once"]
    again = annotated(saved, [a_notice(f"{PROJECTS}!A8")])
    assert_sound(again)
    assert lines_of(again) == {"A8": "thick"}
    assert comment(again, "B2") == comment(plain, "B2")
    assert not comment(again, "C7")


def test_libreoffice_prints_it(tmp_path: Path) -> None:
    printed = converted(tmp_path, "pdf", marked=annotated(by_xlsxwriter(), NOTICES))["marked"]
    assert printed.startswith(b"%PDF")
