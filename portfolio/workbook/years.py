"""Cells and headers that hold a year: four digits, a date in any form, a date's serial number."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from portfolio.workbook.layout import Column
from portfolio.workbook.numerals import chinese_digits
from portfolio.workbook.package import Raw
from portfolio.workbook.reading import LONGEST_FIGURE, Manner, Reading, noted, refused
from portfolio.workbook.words import clean_key

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years outside are taken for typing errors."""

_DAY_ZERO = date(1899, 12, 30)
"""Excel counts days from here (for all days since March 1900)."""

_MONTH, _DAY = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_CLOCK = r"(?:[ T]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(\d{4})(?:\.0+)?(?:年度?)?",
        rf"(\d{{4}})(?:[-/.]|年)\s*{_MONTH}\s*(?:月份?|(?:[-/.]|月)\s*{_DAY}日?)?{_CLOCK}",
        r"(\d{4})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?",
        # A part of the year is in that year all the same.
        r"(\d{4})年度?(?:年?[初底末中]|[上下]半年|[春夏秋冬]季?|第?[一二三四1-4]季度)",
    )
)
_PERIOD = re.compile(r"\d{4}年?\s*(?:[-—–―~/]+|至|到)\s*(?:\d{4}|\d{2}(?!\d))")


def year_of(raw: Raw) -> int | None:
    """The year that a cell names for certain, within FIRST_YEAR to LAST_YEAR; None if it names none."""
    year = _year_of_text(raw) if isinstance(raw, str) else _year_of_value(raw)
    return year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None


def _year_of_text(raw: str) -> int | None:
    text = clean_key(raw)
    if len(text) > LONGEST_FIGURE:
        return None
    # Blanks between the parts of a date mean nothing; between two numbers they part them.
    text = re.sub(r"(?<!\d) | (?!\d)", "", text)
    if digits := re.match(r"[〇零○一二三四五六七八九]{4}", text):
        text = (chinese_digits(digits[0]) or "") + text[4:]
    for form in _FORMS:
        if found := form.fullmatch(text):
            return int(found[1])
    return _year_of_serial(Decimal(text)) if re.fullmatch(r"\d{5}", text) else None


def _year_of_value(raw: Raw) -> int | None:
    if isinstance(raw, date):
        return _year_of_date(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 <= raw < 10**8:
        return None
    if FIRST_YEAR <= raw <= LAST_YEAR:
        return int(raw) if raw == int(raw) else None
    if raw >= 10**5:
        return _year_of_text(str(int(raw))) if raw == int(raw) else None
    return _year_of_serial(Decimal(raw))


def _year_of_date(raw: date) -> int:
    """Of a day in 1905 the serial number, which is a year: 2026 typed into a cell formatted as a date
    becomes 1905-07-18."""
    day = raw.date() if isinstance(raw, datetime) else raw
    serial = (day - _DAY_ZERO).days
    return serial if FIRST_YEAR <= serial <= LAST_YEAR else day.year


def _year_of_serial(serial: Decimal) -> int | None:
    """The year of the day that Excel stores as this number; 46023 is 2026-01-01."""
    day = _DAY_ZERO + timedelta(days=int(serial))
    return day.year if FIRST_YEAR <= day.year <= LAST_YEAR else None


def year(raw: Raw, column: Column, manner: Manner) -> Reading:
    """A year as a number, `2024`, `2024年`, or the year of a date."""
    found = year_of(raw)
    if found is not None:
        plain = raw == found or (manner.text_only and raw == str(found))
        return Reading(found) if plain else noted(found, f"按 {found} 年读取", f"read as the year {found}")
    tail_zh, tail_en = ("", "") if column.needed else ("；没有就留空", "; leave it blank if there is none")
    if isinstance(raw, str) and _PERIOD.search(clean_key(raw)[:LONGEST_FIGURE]):
        return refused(
            "是起止年份；请填一个四位年份，起、止各填一列",
            "is a period; write one year of four digits here, start and end each in its own column",
        )
    if isinstance(raw, str) and not any(character.isdecimal() for character in raw):
        return refused(
            f"不是年份；请填四位年份，如 2026{tail_zh}",
            f"is not a year; write four digits, e.g. 2026{tail_en}",
        )
    return refused(
        f"不是 {FIRST_YEAR}–{LAST_YEAR} 之间的年份；请填四位年份，如 2026",
        f"is not a year in {FIRST_YEAR}–{LAST_YEAR}; write four digits, e.g. 2026",
    )
