"""What calamine leaves out of an old .xls file: error values, hidden rows, and its password.

Follows [MS-CFB] (the compound file) and [MS-XLS] (the records of its Workbook stream).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import Struct

from portfolio.workbook.files.limits import encrypted

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_END_OF_CHAIN = 0xFFFFFFFE
_BOF, _EOF, _BOUNDSHEET, _FILEPASS = 0x0809, 0x000A, 0x0085, 0x002F
_ROW, _BOOLERR, _FORMULA = 0x0208, 0x0205, 0x0006
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"
}  # fmt: skip

_U16, _U32 = Struct("<H"), Struct("<I")
_RECORD = Struct("<HH")


@dataclass(slots=True)
class SheetFacts:
    """Error values by (row, column) and hidden rows, numbers from 1."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)


def facts(data: bytes) -> list[SheetFacts]:
    """The facts of every sheet, in the order of the workbook.

    Raises:
        UnreadableError: the workbook has a password.
        ValueError, IndexError, struct.error: the file is damaged.
    """
    stream = _workbook_stream(data)
    sheets = []
    for kind, body, _ in _records(stream, 0):
        if kind == _FILEPASS:
            raise encrypted()
        if kind == _BOUNDSHEET:
            sheets.append(_sheet_facts(stream, _U32.unpack_from(body)[0]))
    return sheets


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes, int]]:
    """(kind, body, depth) of the records from a BOF to its EOF; charts inside are one deeper."""
    position, depth = start, 0
    while position + 4 <= len(stream):
        kind, size = _RECORD.unpack_from(stream, position)
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        yield kind, stream[position + 4 : position + 4 + size], depth
        position += 4 + size


def _sheet_facts(stream: bytes, start: int) -> SheetFacts:
    found = SheetFacts()
    for kind, body, depth in _records(stream, start):
        if depth != 1:
            continue
        if kind == _ROW and _U16.unpack_from(body, 12)[0] & 0x20:
            found.hidden_rows.add(_U16.unpack_from(body)[0] + 1)
        elif kind == _BOOLERR and body[7]:
            found.errors[_place(body)] = _ERRORS.get(body[6], "#N/A")
        elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            found.errors[_place(body)] = _ERRORS.get(body[8], "#N/A")
    return found


def _place(body: bytes) -> tuple[int, int]:
    return _U16.unpack_from(body)[0] + 1, _U16.unpack_from(body, 2)[0] + 1


# --- the compound file ----------------------------------------------------------------------------


def is_cut_off(data: bytes) -> bool:
    """Whether the list of what the file holds lies beyond its end."""
    if len(data) < 512:
        return True
    sector = 1 << min(_U16.unpack_from(data, 30)[0], 12)
    return bool((_U32.unpack_from(data, 48)[0] + 1) * sector >= len(data))


class _Compound:
    """The sectors of a compound file and the chains that they form."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._sector = 1 << _U16.unpack_from(data, 30)[0]
        if self._sector not in (512, 4096):
            raise ValueError("sector size")
        self._table = self._allocation_table()
        self.directory = self.chain(_U32.unpack_from(data, 48)[0])
        self._mini_table = _numbers(self.chain(_U32.unpack_from(data, 60)[0]))

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        return self._data[start : start + self._sector]

    def _allocation_table(self) -> list[int]:
        sectors = list(_numbers(self._data[76:512]))
        following, count = _U32.unpack_from(self._data, 68)[0], 0
        while following < _END_OF_CHAIN and count * self._sector < len(self._data):
            numbers = _numbers(self._at(following))
            sectors += numbers[:-1]
            following, count = numbers[-1], count + 1
        return [entry for s in sectors if s < _END_OF_CHAIN for entry in _numbers(self._at(s))]

    def chain(self, start: int) -> bytes:
        return b"".join(self._at(sector) for sector in _followed(self._table, start))

    def mini_chain(self, start: int, container: bytes) -> bytes:
        """A stream below 4 kB: it lies in sectors of 64 bytes within another stream."""
        return b"".join(container[s * 64 : s * 64 + 64] for s in _followed(self._mini_table, start))


def _numbers(data: bytes) -> list[int]:
    return [number for (number,) in _U32.iter_unpack(data[: len(data) // 4 * 4])]


def _followed(table: list[int], start: int) -> Iterator[int]:
    sector, count = start, 0
    while sector < _END_OF_CHAIN:
        if count > len(table):
            raise ValueError("a chain of sectors goes in a circle")
        yield sector
        sector, count = table[sector], count + 1


def _workbook_stream(data: bytes) -> bytes:
    """The stream that holds the workbook."""
    compound = _Compound(data)
    container_start = _U32.unpack_from(compound.directory, 116)[0]
    for offset in range(0, len(compound.directory), 128):
        entry = compound.directory[offset : offset + 128]
        name = entry[: max(_U16.unpack_from(entry, 64)[0] - 2, 0)].decode("utf-16-le", "replace")
        if name not in ("Workbook", "Book"):
            continue
        start, size = _U32.unpack_from(entry, 116)[0], _U32.unpack_from(entry, 120)[0]
        if size >= _U32.unpack_from(data, 56)[0]:
            return compound.chain(start)[:size]
        return compound.mini_chain(start, compound.chain(container_start))[:size]
    raise ValueError("no workbook in it")
