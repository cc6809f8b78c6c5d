"""Writing a workbook so that the same content gives the same bytes, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from portfolio.writing import in_place, told

MOMENT = datetime(2000, 1, 1)  # noqa: DTZ001  # a constant, not a time: XlsxWriter wants it naive
"""Stands in every place where the time of writing would stand."""

_OPTIONS: dict[str, Any] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""Text stays text, whatever it begins with."""


@contextmanager
def new_workbook(path: Path, font: str, title: str) -> Iterator[xlsxwriter.Workbook]:
    """A workbook that takes the place of `path` at the end; folders are made as needed. A full disk, a crash
    or an exception inside leaves an older file as it was.

    Raises:
        UsageError, PortfolioError: the file cannot be written.
    """
    with told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    face = {"font_name": font, "font_size": 10}
    with in_place(path) as draft, draft.open("wb") as file:
        book = xlsxwriter.Workbook(file, {**_OPTIONS, "default_format_properties": face})
        book.set_properties({"title": title, "author": "school-portfolio", "created": MOMENT})
        try:
            yield book
            book.close()
        finally:
            book.fileclosed = True  # an unfinished workbook is dropped without a word
