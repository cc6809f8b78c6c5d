"""Files made to exhaust the machine: small on the disk, and each one quick to make."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from struct import pack

from tests.workbook.files import zips
from tests.workbook.files.zips import HEADER, MAIN, ROW, SHEET, STRINGS, parts, sheet, workbook, zipped

MB = 1_000_000


def stored_stream(name: str, pieces: Iterable[bytes], others: zips.Parts, *, claims: int) -> bytes:
    """A zip file in which one part unpacks to all the pieces, whatever size it claims to have."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    checksum, size = 0, 0
    body = bytearray()
    for piece in pieces:
        checksum, size = zlib.crc32(piece, checksum), size + len(piece)
        body += packer.compress(piece)
    body += packer.flush()
    sound = zipped({n: p for n, p in others.items() if n != name})
    end = sound.rindex(b"PK\x05\x06")
    count, length, start = (
        int.from_bytes(sound[end + a : end + b], "little") for a, b in ((10, 12), (12, 16), (16, 20))
    )
    fields = pack("<HHHHHIII", 20, 0, 8, 0, 0x21, checksum, len(body), claims) + pack("<H", len(name))
    local = b"PK\x03\x04" + fields + b"\0\0" + name.encode() + body
    entry = b"PK\x01\x02" + pack("<H", 20) + fields + b"\0" * 12 + pack("<I", start) + name.encode()
    directory = sound[start : start + length] + entry
    tail = pack("<HHHHIIH", 0, 0, count + 1, count + 1, len(directory), start + len(local), 0)
    return sound[:start] + local + directory + b"PK\x05\x06" + tail


def _repeated(first: bytes, again: bytes, last: bytes, size: int) -> Iterable[bytes]:
    block = again * (MB // len(again))
    yield first
    for _ in range(size // len(block)):
        yield block
    yield last


_SHEET_START = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
_SHEET_END = b"</sheetData></worksheet>"
_STRINGS_START, _STRINGS_END = f'<sst xmlns="{MAIN}"><si><t>key</t></si>'.encode(), b"</sst>"


def _in_sheet(again: bytes, size: int, *, claims: int | None = None) -> bytes:
    pieces = _repeated(_SHEET_START, again, _SHEET_END, size)
    return stored_stream(SHEET, pieces, parts(), claims=size if claims is None else claims)


def _in_strings(first: bytes, again: bytes, last: bytes, size: int) -> bytes:
    pieces = _repeated(_STRINGS_START + first, again, last + _STRINGS_END, size)
    return stored_stream(STRINGS, pieces, parts(), claims=size)


def _distinct_elements() -> bytes:
    return workbook(sheet("".join(f"<e{n}/>" for n in range(300_000))))


def _wide_rows() -> bytes:
    cells = '<c r="SG%d" s="1"/>' + "<c/>" * 15_882
    return workbook(sheet(HEADER + ROW + "".join(f'<row r="{n}">{cells % n}</row>' for n in range(3, 63))))


def _distinct_prefixes() -> bytes:
    return workbook(sheet("".join(f'<row xmlns:p{n}="u{n}"/>' for n in range(300_000))))


def _many_sheets() -> bytes:
    titles = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(100_000))
    return workbook(
        book=f'<workbook xmlns="{MAIN}" xmlns:r="{zips.RELATION}"><sheets>{titles}</sheets></workbook>'
    )


def _defined_names() -> bytes:
    names = '<definedName name="a">Sheet1!$A$1</definedName>' * 300_000
    book = parts()[zips.BOOK].replace("</sheets>", f"</sheets><definedNames>{names}</definedNames>")  # type: ignore[arg-type]
    return zipped(parts() | {zips.BOOK: book})


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a sheet of 300 MB": (lambda: _in_sheet(b"<cols/>", 300 * MB), "unreasonable size"),
    "a sheet that claims to be small": (
        lambda: _in_sheet(b'<row><c t="s"><v>0</v></c></row>', 100 * MB, claims=900), "damaged"
    ),
    "texts of 60 MB": (
        lambda: _in_strings(b"", f"<si><t>{'x' * 100}\U0001f3eb</t></si>".encode(), b"", 60 * MB), "unreasonable amount of text"
    ),
    "one text of 100 MB": (lambda: _in_strings(b"<si><t>", b"x" * 1000, b"</t></si>", 100 * MB), "unreasonable text"),
    "one attribute of 20 MB": (lambda: _in_strings(b'<si a="', b"x" * 1000, b'"/>', 20 * MB), "structure"),
    "one comment of 20 MB": (lambda: _in_strings(b"<!--", b"x" * 1000, b"-->", 20 * MB), "structure"),
    "elements without an end": (lambda: _in_sheet(b"<row>", 5 * MB), "nested too deeply"),
    "a million rows with one cell": (lambda: _in_sheet(b"<row><c><v>1</v></c></row>", 26 * MB), "more than 100,000 rows"),
    "16,384 columns in every row": (_wide_rows, ""),
    "distinct elements": (_distinct_elements, "structure"),
    "distinct prefixes": (_distinct_prefixes, "structure"),
    "100,000 sheets": (_many_sheets, "more than 250 sheets"),
    "300,000 defined names": (_defined_names, ""),
    "300,000 conditional formats": (
        lambda: workbook(sheet(after='<conditionalFormatting sqref="A1"><cfRule/></conditionalFormatting>' * 300_000)), ""
    ),
    "300,000 styles": (
        lambda: workbook(styles=f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 300_000}</cellXfs></styleSheet>'), ""
    ),
    "300,000 merged regions": (
        lambda: workbook(sheet(after='<mergeCells>' + '<mergeCell ref="A1:XFD1048576"/>' * 300_000 + "</mergeCells>")),
        "more than 100,000 merged regions",
    ),
    "500,000 entries": (lambda: zipped(parts()) + b"PK\x01\x02" * 500_000, "too many files"),
}  # fmt: skip
"""What is in the file -> how to make it, and the reason for refusing it ("": it is read all the same)."""
