"""Damaged by chance: whatever happens to a file, it is read or refused in words, never a crash."""

from __future__ import annotations

import re
import struct
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from portfolio.errors import InputRefusedError
from portfolio.workbook.files import biff
from portfolio.workbook.files.limits import UnreadableError
from portfolio.workbook.package import read_sheets
from tests.workbook.files.test_ods import CELLS, row, table
from tests.workbook.files.zips import ods, zipped

SMALL_XLS = (Path(__file__).parent / "small.xls").read_bytes()
PATH = Path("projects.xlsx")
NASTY = [
    b"",
    b"-1",
    b"0",
    b"1e999",
    b"NaN",
    b"99999999999999999999",
    b"XFD1048576",
    b"../../x",
    b"&amp;",
    b"\xff\xfe",
    b"s",
    b"A1:B",
]


def small_xlsx() -> bytes:
    book = Workbook()
    first = book.active
    assert first is not None
    for values in (["key", "county", "stage"], ["p1", 5, "=A1"], ["p2", 0.5, None], ["p3", True, "#N/A"]):
        first.append(values)
    first.merge_cells("B3:B4")
    book.create_sheet("second")["C3"] = "x"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


SMALL_ODS = ods(table("".join(row(xml) for xml, _ in CELLS.values())))


def unzipped(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def mutated(data: bytes, rng: Random) -> bytes:
    """Some bytes flipped, a stretch cut out, doubled, or an attribute's value changed."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 10))):
        start = rng.randrange(len(changed) + 1)
        end = min(start + rng.choice((1, 4, 50, 500)), len(changed))
        match rng.randrange(5):
            case 0 if start < len(changed):
                changed[start] = rng.randrange(256)
            case 1:
                del changed[start:end]
            case 2:
                changed[start:start] = changed[start:end]
            case 3 if rng.random() < 0.2:
                del changed[start:]
            case _:
                values = list(re.finditer(rb'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)', bytes(changed)))
                if values:
                    value = rng.choice(values)
                    changed[value.start() : value.end()] = rng.choice(NASTY)
    return bytes(changed)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_damage_within_the_parts_of_a_zipped_workbook(kind: str) -> None:
    rng = Random(4)
    parts = unzipped(small_xlsx() if kind == "xlsx" else SMALL_ODS)
    read = 0
    for _ in range(300):
        name = rng.choice(list(parts))
        changed = dict(parts) | {name: mutated(parts[name], rng)}
        if rng.random() < 0.1:
            del changed[name]
        read += is_read(zipped(changed))
    assert 20 < read < 280  # both ends are reached


def test_damage_to_the_file_as_a_whole() -> None:
    rng = Random(5)
    for data in (small_xlsx(), SMALL_ODS):
        for _ in range(100):
            is_read(mutated(data, rng))


def is_read(data: bytes) -> bool:
    try:
        read_sheets(data, PATH)
    except InputRefusedError as refusal:
        words = str(refusal)
    else:
        return True
    assert re.search(r"[\u4e00-\u9fff].* / .*[a-z]", words)
    return False


def test_damage_to_an_old_workbook_never_stops_its_reader() -> None:
    """In this process, where calamine does not panic: the one that reads in earnest answers either way."""
    rng = Random(6)
    for _ in range(150):
        data = mutated(SMALL_XLS, rng)
        try:
            biff.facts(data)
        except (UnreadableError, ValueError, IndexError, struct.error):
            continue
