"""The revision of an exported workbook: written, read back, kept by office programs, never a stumbling block."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from portfolio.domain.portfolio import Portfolio
from portfolio.workbook.layout import GUIDE_TITLE
from portfolio.workbook.reader import read
from portfolio.workbook.revision import MAX_PART_BYTES, PROPERTY, Revision, read_revision
from portfolio.workbook.writer import write
from tests.report.workbook.opened import needs_office
from tests.workbook.builders import MINIMAL, a_workbook

REVISION = Revision(12, "3f9a" * 16)


def custom(value: str) -> str:
    return f'<Properties><property name="{PROPERTY}" pid="2"><vt:lpwstr>{value}</vt:lpwstr></property></Properties>'


def a_zip(**parts: str) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_it_is_written_and_read_back(tmp_path: Path) -> None:
    write(Portfolio(), tmp_path / "a.xlsx", revision=REVISION)

    assert read_revision((tmp_path / "a.xlsx").read_bytes()) == REVISION


def test_people_read_it_on_the_guide(tmp_path: Path) -> None:
    write(Portfolio(), tmp_path / "a.xlsx", revision=REVISION)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True)
    texts = [str(value) for row in book[GUIDE_TITLE].iter_rows(values_only=True) for value in row if value]
    book.close()

    assert any("数据版本 12 · 3f9a3f9a" in text and "revision 12" in text for text in texts)


def test_without_one_there_is_none(tmp_path: Path) -> None:
    write(Portfolio(), tmp_path / "a.xlsx")
    a_workbook(tmp_path / "b.xlsx", MINIMAL)

    assert read_revision((tmp_path / "a.xlsx").read_bytes()) is None
    assert read_revision((tmp_path / "b.xlsx").read_bytes()) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 truncated",
        "项目,投资".encode("gb18030"),
        a_zip(),
        a_zip(**{"docProps/custom.xml": custom("12")}),
        a_zip(**{"docProps/custom.xml": custom("-1:" + "a" * 64)}),
        a_zip(**{"docProps/custom.xml": custom("1:" + "z" * 64)}),
        a_zip(**{"docProps/custom.xml": custom(REVISION.text) + " " * MAX_PART_BYTES}),
    ],
    ids=["empty", "truncated", "csv", "no part", "no hash", "no number", "no hex", "huge"],
)
def test_what_is_no_revision_is_none(data: bytes) -> None:
    assert read_revision(data) is None


@pytest.mark.office
@needs_office
@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_libreoffice_keeps_it_and_every_row(tmp_path: Path, form: str) -> None:
    shipped = read(Path(__file__).parents[2] / "data/projects.xlsx").portfolio
    assert shipped is not None
    write(shipped, tmp_path / "a.xlsx", revision=REVISION)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", form, "--outdir", "out", "a.xlsx"],
        cwd=tmp_path, check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    saved = tmp_path / "out" / f"a.{form}"

    assert read_revision(saved.read_bytes()) == REVISION
    assert read(saved).portfolio == shipped
