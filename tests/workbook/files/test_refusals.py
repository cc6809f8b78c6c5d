"""Files that are not what they seem, and paths that are no files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from portfolio.errors import InputRefusedError, UsageError
from portfolio.workbook.files.biff import MAGIC
from portfolio.workbook.package import is_workbook, read_bytes, read_sheets
from tests.workbook.files.zips import ROWS, parts, relations, workbook, zipped


def entry(name: str) -> bytes:
    """A compound file of old Office, as far as it is looked at."""
    return MAGIC + b"\0" * 500 + f"{name}\0".encode("utf-16-le") + b"\0" * 500


def office(target: str) -> bytes:
    link = f'<Relationship Id="a" Type="x/officeDocument" Target="{target}"/>'
    return zipped(parts() | {"_rels/.rels": relations(link)})


SOUND = workbook()
FILES: dict[str, tuple[bytes, str]] = {
    "encrypted": (entry("EncryptedPackage"), "文件已加密，请先取消密码"),
    "a Word document, not a workbook": (entry("WordDocument"), "Word 文档"),
    "a PowerPoint presentation": (entry("PowerPoint Document"), "PowerPoint 文稿"),
    "an old Office file": (entry("Something"), "旧式 Office 文件"),
    "HTML or XML": (b"\xef\xbb\xbf\n <html><table><tr><td>1</td></tr></table></html>", "网页或 XML"),
    "HTML": ("<html><table></table></html>".encode("utf-16"), "网页或 XML"),
    "an XML Spreadsheet 2003": (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML 表格 2003"),
    "MHTML": (b"MIME-Version: 1.0\r\n", "网页"),
    "a PDF file": (b"%PDF-1.7\n", "PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "图片"),
    "unpack it first": (b"Rar!\x1a\x07\x00", "请先解压"),
    "truncated": (SOUND[:-200], "文件不完整"),
    "truncated or damaged": (b"PK\x03\x04 and then nothing", "文件不完整"),
    "a zip file, but not an xlsx workbook": (zipped({"项目.xlsx": SOUND}), "这是压缩包"),
    "an OpenDocument file other than a spreadsheet": (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "OpenDocument 文档"),
    r"a binary workbook \(.xlsb\)": (office("xl/workbook.bin"), "二进制工作簿"),
    "this is a Word document": (office("word/document.xml"), "Word 文档"),
    "a PowerPoint": (office("/ppt/presentation.xml"), "PowerPoint 文稿"),
    "damaged": (zipped({"[Content_Types].xml": "<broken"}), "文件已损坏"),
    "not an xlsx workbook": (bytes(range(256)) * 20, "不是 xlsx 工作簿"),
    "nor text in UTF-8 or GB18030": (b"\0" * 5000, "不是 xlsx 工作簿"),
}  # fmt: skip


@pytest.mark.parametrize("name", ["projects.xlsx", "projects.xls"])
@pytest.mark.parametrize("reason", list(FILES))
def test_other_files_are_refused_with_the_reason_whatever_their_name(reason: str, name: str) -> None:
    data, zh = FILES[reason]
    with pytest.raises(InputRefusedError, match=reason) as refusal:
        read_sheets(data, Path(name))
    assert str(refusal.value).startswith(f"{name}: ")
    assert zh in str(refusal.value)
    assert reason == "damaged" or not is_workbook(data)


@pytest.mark.parametrize("name", ["projects.xls", "projects.csv", "projects"])
def test_a_workbook_is_known_by_its_content(name: str) -> None:
    assert read_sheets(SOUND, Path(name))[0].rows == ROWS
    assert is_workbook(SOUND)


# --- paths ------------------------------------------------------------------------------------------


def test_paths_that_are_no_files_are_wrong_usage(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    dangling = tmp_path / "dangling.xlsx"
    dangling.symlink_to(tmp_path / "gone")
    circle = tmp_path / "circle.xlsx"
    circle.symlink_to(circle)
    for path, reason in (
        (tmp_path, "not a file"),
        (pipe, "not a file"),
        (Path("/dev/zero"), "not a file"),
        (tmp_path / "none.xlsx", "no such file"),
        (dangling, "no such file"),
        (circle, "cannot be opened"),
        (tmp_path / ("x" * 300), "cannot be opened"),
        (Path("a\0b"), "cannot be opened"),
    ):
        with pytest.raises(UsageError, match=reason):
            read_bytes(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_wrong_usage(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    path.write_bytes(SOUND)
    path.chmod(0)
    with pytest.raises(UsageError, match="cannot be opened"):
        read_bytes(path)


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "projects.xlsx").write_bytes(SOUND)
    link = tmp_path / "link.xlsx"
    link.symlink_to(tmp_path / "projects.xlsx")
    assert read_bytes(link) == SOUND


def test_the_owner_file_of_an_open_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "~$projects.xlsx"
    path.write_bytes(b"\x05admin" + b"\0" * 159)
    with pytest.raises(
        InputRefusedError, match=r"锁定文件；请导入 projects\.xlsx.*import projects\.xlsx itself"
    ):
        read_bytes(path)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)  # takes no room on the disk
    with pytest.raises(InputRefusedError, match="50 MB"):
        read_bytes(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    path.touch()
    with pytest.raises(InputRefusedError, match="文件是空的 / the file is empty"):
        read_bytes(path)
