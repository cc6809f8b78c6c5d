"""What a file really is, judged by its content and never by its name."""

from __future__ import annotations

from enum import Enum
from zipfile import BadZipFile

from portfolio.workbook.files import biff, text
from portfolio.workbook.files.archive import Archive, relations
from portfolio.workbook.files.limits import Budget, UnreadableError, encrypted, truncated


class Format(Enum):
    """A format that can be read."""

    XLSX = "xlsx"
    ODS = "ods"
    XLS = "xls"
    TEXT = "text"


_SAVE_ZH, _SAVE_EN = "请在 Excel 或 WPS 中另存为 .xlsx", "save it as .xlsx in Excel or WPS"

_MAGIC: dict[bytes, tuple[str, str]] = {
    b"%PDF": ("PDF 文件", "a PDF file"),
    b"{\\rtf": ("RTF 文档", "an RTF document"),
    b"MIME-Version": ("网页", "a web page (MHTML)"),
    b"\x89PNG": ("图片", "a picture"),
    b"\xff\xd8\xff": ("图片", "a picture"),
    b"GIF8": ("图片", "a picture"),
    b"Rar!": ("压缩包，请先解压", "a RAR archive; unpack it first"),
    b"7z\xbc\xaf": ("压缩包，请先解压", "a 7z archive; unpack it first"),
    b"\x1f\x8b": ("压缩包，请先解压", "a gzip archive; unpack it first"),
    b"SQLite format 3": ("数据库", "a database"),
}
_OLE_STREAMS: dict[str, tuple[str, str]] = {
    "EncryptedPackage": ("", ""),
    "Workbook": ("", ""),
    "Book": ("", ""),
    "WordDocument": ("Word 文档", "a Word document"),
    "PowerPoint Document": ("PowerPoint 文稿", "a PowerPoint presentation"),
}


def not_a_workbook(zh: str, en: str) -> UnreadableError:
    return UnreadableError(f"这是{zh}，不是工作簿；{_SAVE_ZH}", f"this is {en}, not a workbook; {_SAVE_EN}")


def format_of(data: bytes, budget: Budget) -> tuple[Format, Archive | None]:
    """The format of the bytes, and the opened archive where it is a zip file.

    Raises:
        UnreadableError: nothing that can be read; it says what the file is.
    """
    if data.startswith(biff.MAGIC):
        return _ole_format(data), None
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_format(data, budget)
    for magic, words in _MAGIC.items():
        if data.startswith(magic):
            raise not_a_workbook(*words)
    head = data[:2000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"<") or data[:200].replace(b"\0", b"").lstrip(b"\xff\xfe \r\n").startswith(b"<"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
            raise not_a_workbook("“XML 表格 2003”", "an XML Spreadsheet 2003")
        raise not_a_workbook("网页或 XML", "HTML or XML")
    if text.encoding_of(data) is None:
        raise UnreadableError(
            f"不是 xlsx 工作簿，也不是 UTF-8 或 GB18030 文本；{_SAVE_ZH}",
            f"not an xlsx workbook, nor text in UTF-8 or GB18030; {_SAVE_EN}",
        )
    return Format.TEXT, None


def _ole_format(data: bytes) -> Format:
    """An .xls, or what else comes in the container that old Office files share."""
    stream = next((name for name in _OLE_STREAMS if _entry_name(name) in data), None)
    if stream is None:
        if biff.is_cut_off(data):
            raise truncated()
        raise not_a_workbook("旧式 Office 文件", "an old Office file")
    if stream == "EncryptedPackage":
        raise encrypted()
    if stream not in ("Workbook", "Book"):
        raise not_a_workbook(*_OLE_STREAMS[stream])
    return Format.XLS


def _entry_name(name: str) -> bytes:
    return f"{name}\0".encode("utf-16-le")


def _zip_format(data: bytes, budget: Budget) -> tuple[Format, Archive]:
    try:
        archive = Archive(data, budget)
    except BadZipFile:
        raise truncated() from None
    if "mimetype" in archive:
        if archive.head("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return Format.ODS, archive
        raise not_a_workbook("OpenDocument 文档", "an OpenDocument file other than a spreadsheet")
    if "[Content_Types].xml" not in archive:
        raise UnreadableError(
            f"这是压缩包，不是 xlsx 工作簿；{_SAVE_ZH}", f"a zip file, but not an xlsx workbook; {_SAVE_EN}"
        )
    for kind, target in relations(archive, "").values():
        if kind == "officeDocument":
            _refuse_other_documents(target.lower())
    return Format.XLSX, archive


def _refuse_other_documents(part: str) -> None:
    if part.endswith(".bin"):
        raise UnreadableError(
            f"这是二进制工作簿 .xlsb；{_SAVE_ZH}", f"this is a binary workbook (.xlsb); {_SAVE_EN}"
        )
    for folder, zh, en in (
        ("word/", "Word 文档", "a Word document"),
        ("ppt/", "PowerPoint 文稿", "a PowerPoint presentation"),
    ):
        if part.startswith(folder):
            raise not_a_workbook(zh, en)
