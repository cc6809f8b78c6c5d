"""Cells that hold a figure: amounts of money, areas, whole numbers, shares.

A figure is taken where it is certain what it says, however it is written; it is refused where a
person would have to guess: about, from–to, not settled yet.
"""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from portfolio.domain.funding import UNLIMITED
from portfolio.domain.money import from_wan
from portfolio.domain.text import Text
from portfolio.workbook.layout import Column, Kind
from portfolio.workbook.numerals import NUMERAL, chinese_number
from portfolio.workbook.package import Raw
from portfolio.workbook.reading import LONGEST_FIGURE, Manner, Reading, noted, refused
from portfolio.workbook.units import in_months, is_mu, plain_unit, units_of
from portfolio.workbook.words import clean_key, fold

MOST = Decimal(10) ** 10
"""Larger figures (万元, 元, m²) are taken for typing errors."""

MOST_WHOLE = 10_000_000
"""Larger whole numbers (seats, classes, years) are taken for typing errors."""


class Share(NamedTuple):
    """A share as it stands: 0.6, or 60 without a sign. `percent`: a % sign made its meaning plain,
    and `number` is the fraction."""

    number: Decimal
    percent: bool


class Figure(NamedTuple):
    """A number in the unit of its column. `typed` is set where it was not stored as a plain number
    in that unit; `unit` is the one written in the cell, if any."""

    number: Decimal
    typed: bool = False
    unit: str = ""


_UNSIGNED = r"\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,3}(?: \d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+"
_ARABIC = re.compile(
    rf"'?(?:¥|rmb|cny|人民币)?\s*([+-]?)\s*(?:¥|rmb|cny)?\s*({_UNSIGNED})(e[+-]?\d{{1,2}})?\s*(\D.*)?"
)
_CHINESE = re.compile(rf"({NUMERAL})\s*(\D.*)?")
_PART = rf"\d+(?:\.\d+)?|{NUMERAL}"
_YI_AND_WAN = re.compile(rf"({_PART})亿({_PART})万元?")
_IN_BRACKETS = re.compile(r"\(([\d.,\s]+)\)")

PLACEHOLDERS = frozenset({
    "-", "--", "---", "—", "——", "–", "―", "−", "─", "/", "//", "\\", "无", "空", "没有", "不适用",
    "n/a", "na", "none", "nil",
})  # fmt: skip
"""What people write for nothing."""


_LONGEST_PLACEHOLDER = 12
"""With some blanks around it."""


def is_placeholder(raw: Raw) -> bool:
    if not isinstance(raw, str) or len(raw) > _LONGEST_PLACEHOLDER:
        return False
    return re.sub(r"\s", "", clean_key(raw)).casefold() in PLACEHOLDERS


def read_figure(raw: Raw, column: Column, manner: Manner) -> Figure | None:
    """The exact figure, or None. Floats count to 15 significant digits, as Excel shows them: 0.1 +
    0.2 is 0.3."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        if not math.isfinite(raw) or abs(raw) > _LARGEST_READ:
            return None
        number = Decimal(raw) if isinstance(raw, int) else Decimal(f"{raw:.15g}")
        converted = _in_unit_of(column, number, manner.unit)
        return None if converted is None else Figure(_tidy(converted))
    if isinstance(raw, str):
        return _from_words(raw, column, manner)
    return None


def _from_words(raw: str, column: Column, manner: Manner) -> Figure | None:
    text = clean_key(raw).casefold().replace("−", "-")
    if len(text) > LONGEST_FIGURE:
        return None
    money = column.kind is Kind.MONEY_WAN
    if money and (both := _YI_AND_WAN.fullmatch(text.replace(" ", ""))):
        parts = [_plain(part) for part in both.groups()]
        if parts[0] is not None and parts[1] is not None and parts[1] < 10_000:
            return Figure(_tidy(parts[0] * 10_000 + parts[1]), typed=True, unit="亿")
    if negative := _IN_BRACKETS.fullmatch(text):
        text = "-" + negative[1].strip()
    if found := _ARABIC.fullmatch(text):
        sign, digits, exponent, rest = found.groups()
        number = Decimal(sign + re.sub("[, ]", "", digits) + (exponent or ""))
    elif found := _CHINESE.fullmatch(text):
        small, rest = chinese_number(found[1]), found[2]
        # In words, an amount without its unit is not how anyone writes one.
        if small is None or (not rest and column.kind not in (Kind.INT, Kind.CARRY_OVER)):
            return None
        number = Decimal(small)
    else:
        return None
    unit = plain_unit(rest or "")
    if abs(number) > _LARGEST_READ:
        return None
    # A cell's own unit counts before that of the header.
    converted = _in_unit_of(column, number, unit or manner.unit)
    return None if converted is None else Figure(_tidy(converted), typed=True, unit=unit or manner.unit)


_LARGEST_READ = Decimal("1e15")
"""Floats are exact to here."""


def _in_unit_of(column: Column, number: Decimal, unit: str) -> Decimal | None:
    """The number in the unit of its column; None if the unit is another thing altogether."""
    if not unit or (unit == "%" and column.kind is Kind.SHARE):
        return number
    if in_months(unit, column):
        return number / 12
    factor = units_of(column).get(unit)
    return None if factor is None else number * factor


def _plain(part: str) -> Decimal | None:
    number = chinese_number(part)
    return Decimal(number) if number is not None else Decimal(part) if part[0].isdecimal() else None


def _tidy(number: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent, so that equal numbers look equal."""
    return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()


def _told(value: object, figure: Figure, manner: Manner) -> Reading:
    number = f"{figure.number:f}"
    if figure.unit:
        return noted(
            value, f"按 {number} 读取（以本列单位计）", f"read as {number} in the unit of the column"
        )
    if manner.text_only:
        return Reading(value)
    return noted(value, f"数字以文本存放，按 {number} 读取", f"a number stored as text, read as {number}")


# --- why a figure is refused --------------------------------------------------------------------

_WHAT: dict[Kind, Text] = {
    Kind.MONEY_WAN: Text("不是金额", "is not an amount"),
    Kind.MONEY_YUAN: Text("不是金额", "is not an amount"),
    Kind.DECIMAL: Text("不是数字", "is not a number"),
    Kind.INT: Text("不是整数", "is not a whole number"),
    Kind.SHARE: Text("不是占比", "is not a share"),
    Kind.CARRY_OVER: Text("不是年数", "is not a number of years"),
}
_WRITE: dict[Kind, Text] = {
    Kind.MONEY_WAN: Text("请填万元数，如 18968", "write 万元, e.g. 18968"),
    Kind.MONEY_YUAN: Text("请填元数，如 3200", "write yuan, e.g. 3200"),
    Kind.DECIMAL: Text("请填数字，如 12600", "write a number, e.g. 12600"),
    Kind.INT: Text("请填整数，如 3", "write one, e.g. 3"),
    Kind.SHARE: Text("请填 60% 或 0.6", "write 60% or 0.6"),
    Kind.CARRY_OVER: Text("请填整数，或“不限”", "write a whole number, or unlimited"),
}
_RANGE = re.compile(r"\d\S*\s*[-—–―~至到]+\s*\d")
_YEAR_TO_YEAR = re.compile(r"(?:19|20)\d\d年?\s*[-—–―~至到]+\s*(?:19|20)\d\d")
_ABOUT = re.compile(r"^[约近超逾<>≤≥≈~]|左右|上下|以上|以下|以内|余|多$|\+$|(?:大约|大概|不足|不超过|至少)")


def not_a_figure(raw: Raw, column: Column) -> Reading:
    """The refusal of a cell that holds no figure, in the words that fit it best."""
    text = clean_key(raw)[:LONGEST_FIGURE] if isinstance(raw, str) else ""
    what, write = _WHAT[column.kind], _WRITE[column.kind]
    if _RANGE.search(text):
        what = Text("是区间，不是一个数", "is a range, not one figure")
    elif _ABOUT.search(text):
        what = Text("不是确数", "is not an exact figure")
    elif not isinstance(raw, str | int | float | bool):
        what = Text(
            "是日期或时间（单元格格式为日期？）", "is a date or time (is the cell formatted as a date?)"
        )
    if column.kind is Kind.INT and what is not _WHAT[Kind.INT]:
        write = Text("请填整数，如 3", "write a whole number, e.g. 3")
    if column.key == "duration_years" and _YEAR_TO_YEAR.search(text):
        write = Text("这里请填建设年数，起止年份另填一列", "write the number of years here, e.g. 3")
    elif column.kind is Kind.INT and column.key.isdecimal():
        write = Text(
            f"{write.zh}；没有填 0，留空则沿用上一年",
            f"{write.en}; 0 if there are none; a blank is as the year before",
        )
    elif column.key in ("total_cost", "duration_years"):
        write = Text(f"{write.zh}；留空则按指标估算", f"{write.en}; or leave it blank to have it estimated")
    elif not column.needed and text and not any(character.isdecimal() for character in text):
        write = Text(f"{write.zh}；没有就留空", f"{write.en}; leave it blank if there is none")
    return refused(f"{what.zh}；{write.zh}", f"{what.en}; {write.en}")


def _in_mu(raw: Raw, column: Column) -> Reading | None:
    """亩 do not convert exactly; the refusal says what to write."""
    found = (
        _ARABIC.fullmatch(clean_key(raw)[:LONGEST_FIGURE])
        if isinstance(raw, str) and column.kind is Kind.DECIMAL
        else None
    )
    if found is None or not is_mu(plain_unit(found[4] or "")):
        return None
    square_metres = Decimal(re.sub("[, ]", "", found[2])) * 2000 / 3
    figure = f"{square_metres.quantize(Decimal('0.01'), ROUND_HALF_UP):,f}"
    return refused(
        f"亩不能准确换算；请填平方米数（约 {figure}）", f"does not convert exactly; write m² (about {figure})"
    )


_NEGATIVE = Text("是负数；请填 0 或正数", "is negative; write 0 or more")
_TOO_LARGE = Text(
    "大得不合理；请填数字并检查单位", "is unreasonably large; check the unit and write the figure"
)


# --- the kinds ----------------------------------------------------------------------------------


def decimal(raw: Raw, column: Column, manner: Manner) -> Reading:
    figure = read_figure(raw, column, manner)
    if figure is None:
        return _in_mu(raw, column) or not_a_figure(raw, column)
    if figure.number < 0:
        return refused(*_NEGATIVE)
    if figure.number > MOST:
        return refused(*_TOO_LARGE)
    return _told(figure.number, figure, manner) if figure.typed else Reading(figure.number)


def money_wan(raw: Raw, column: Column, manner: Manner) -> Reading:
    """万元 -> hundredths, rounded half up."""
    reading = decimal(raw, column, manner)
    if not isinstance(reading.value, Decimal):
        return reading
    exact = reading.value
    amount = from_wan(exact)
    if Decimal(amount).scaleb(-2) != exact:
        rounded = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return noted(
            amount,
            f"按万元超过两位小数，四舍五入为 {rounded}",
            f"more than 2 decimals in 万元, rounded to {rounded}",
        )
    return Reading(amount, remark=reading.remark)


def whole(raw: Raw, column: Column, manner: Manner) -> Reading:
    figure = read_figure(raw, column, manner)
    if figure is None or figure.number != figure.number.to_integral():
        return not_a_figure(raw, column)
    value = int(figure.number)
    if column.low == 0 and value < 0:
        return refused(*_NEGATIVE)
    low, high = column.low, MOST_WHOLE if column.high is None else column.high
    if abs(value) > MOST_WHOLE and column.high is None:
        return refused(*_TOO_LARGE)
    if (low is not None and value < low) or value > high:
        limits = f"{'…' if low is None else low}–{high}"
        return refused(
            f"超出范围；请填 {limits} 之间的整数", f"is out of range; write a whole number in {limits}"
        )
    return _told(value, figure, manner) if figure.typed else Reading(value)


_UNLIMITED = frozenset({*map(fold, ("unlimited", "不限", "无限", "不限 unlimited", "unlimited 不限"))})
_UNLIMITED_TOO = frozenset({"无限期", "不限年限", "不限年数", "nolimit"})
_NO_CARRY_OVER = frozenset({"不结转", "不可结转", "不能结转", "当年有效"})


def carry_over(raw: Raw, column: Column, manner: Manner) -> Reading:
    """A number of years, or without end."""
    word = fold(raw) if isinstance(raw, str) else ""
    if word in _UNLIMITED:
        return Reading(UNLIMITED)
    if word in _UNLIMITED_TOO:
        return noted(UNLIMITED, "按 不限 unlimited 读取", "read as unlimited")
    if word in _NO_CARRY_OVER:
        return noted(0, "按 0 读取", "read as 0")
    return whole(raw, column, manner)


def share(raw: Raw, column: Column, manner: Manner) -> Reading:
    """A `Share`; what a bare 60 means is for its row to say, unless the header says %."""
    text = unicodedata.normalize("NFKC", raw).strip() if isinstance(raw, str) else ""
    percent = text.endswith("%")
    figure = read_figure(text[:-1] if percent else raw, column, manner)
    if figure is None or figure.unit not in ("", "%"):
        return not_a_figure(raw, column)
    number = figure.number
    if number < 0:
        return refused(*_NEGATIVE)
    if percent or (manner.unit == "%" and number > 1):
        percent, number = True, _tidy(number.scaleb(-2))
    if number > (1 if percent else 100):
        return refused("超过 100%；请填 0% 到 100%", "is more than 100 %; write 0% to 100%")
    value = Share(number, percent)
    if figure.typed and not text.endswith("%"):
        return _told(value, figure, manner)
    return Reading(value)
