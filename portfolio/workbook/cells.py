"""One cell -> one value, by the kind of its column. Nothing here knows where the cell stands."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from portfolio.domain.funding import UNLIMITED
from portfolio.domain.money import from_wan
from portfolio.domain.notice import Severity
from portfolio.domain.project import Basis, MilestoneKind, Nature, RelationKind, Stage
from portfolio.domain.text import Text
from portfolio.workbook.layout import CHOICES, Column, Kind
from portfolio.workbook.package import CellError, Raw
from portfolio.workbook.words import choice_forms, clean_key, clean_text, fold, nearest

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years outside are taken for typing errors."""


class Share(NamedTuple):
    """A share as it stands: 0.6, or 60 without a sign. `percent`: a % sign made its meaning plain,
    and `number` is the fraction."""

    number: Decimal
    percent: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says. `ok` is False where it has no usable value; `remark` is what to tell of it."""

    value: object = None
    ok: bool = True
    severity: Severity = Severity.NOTICE
    remark: Text | None = None


def is_blank(raw: Raw) -> bool:
    """Nothing, or only white space."""
    return raw is None or (isinstance(raw, str) and not clean_key(raw))


def shown(raw: Raw) -> str:
    """The cell's content as a person saw it, at most 60 characters in one line."""
    if raw is None:
        return ""
    if isinstance(raw, CellError):
        return raw.code[:60]
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float):
        return f"{raw:.15g}"
    if isinstance(raw, datetime) and raw.time() == time():
        raw = raw.date()
    text = " ".join(str(raw).split())
    return text if len(text) <= 60 else text[:59] + "…"


def convert(raw: Raw, column: Column) -> Reading:
    """Read a cell that is not blank."""
    if isinstance(raw, CellError):
        if raw.unsaved:
            return _error(
                "是没有保存结果的公式；请在 Excel 或 WPS 中打开并保存一次",
                "is a formula without a stored result; open and save once in Excel or WPS",
            )
        return _error(
            "是错误值；请改正公式，再在 Excel 或 WPS 中打开并保存一次",
            "is an error value; mend the formula, then open and save once in Excel or WPS",
        )
    return _CONVERTERS[column.kind](raw, column)


def _error(zh: str, en: str) -> Reading:
    return Reading(ok=False, severity=Severity.ERROR, remark=Text(zh, en))


def _noted(value: object, zh: str, en: str) -> Reading:
    return Reading(value, remark=Text(zh, en))


# --- text ---------------------------------------------------------------------------------------


def _as_text(raw: Raw) -> str:
    """Text as typed; a number or date that stands in a text column as a person sees it."""
    if isinstance(raw, str):
        return clean_text(raw)
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    if isinstance(raw, float):
        return f"{raw:.15g}"
    return shown(raw)


def _text(raw: Raw, _: Column) -> Reading:
    return Reading(_as_text(raw))


def _key(raw: Raw, _: Column) -> Reading:
    typed = _as_text(raw)
    key = clean_key(typed)
    if key == (raw if isinstance(raw, str) else typed):
        return Reading(key)
    return _noted(
        key, f"已去除多余空格或全角字符，按 {key} 读取", f"spaces or full-width characters tidied: {key}"
    )


# --- numbers ------------------------------------------------------------------------------------

_PLAIN = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?")


def _number(raw: Raw) -> tuple[Decimal | None, bool]:
    """The exact number, and whether it was stored as text. Floats count to 15 significant digits,
    as Excel shows them: 0.1 + 0.2 is 0.3."""
    if isinstance(raw, bool):
        return None, False
    if isinstance(raw, int):
        return Decimal(raw), False
    if isinstance(raw, float):
        return (_tidy(Decimal(f"{raw:.15g}")) if math.isfinite(raw) else None), False
    if isinstance(raw, str):
        plain = re.sub(r"\s", "", clean_key(raw)).lstrip("¥")
        if _PLAIN.fullmatch(plain):
            return _tidy(Decimal(plain.replace(",", ""))), True
    return None, True


def _tidy(number: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent, so that equal numbers look equal."""
    return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()


def _from_text(value: object, number: Decimal) -> Reading:
    return _noted(value, f"数字以文本存放，按 {number} 读取", f"a number stored as text, read as {number}")


_WANTED: dict[Kind, Text] = {
    Kind.MONEY_WAN: Text("不是金额；请填万元数，如 18968", "is not an amount; write 万元, e.g. 18968"),
    Kind.MONEY_YUAN: Text("不是金额；请填元数，如 3200", "is not an amount; write yuan, e.g. 3200"),
    Kind.DECIMAL: Text("不是数字；请填数字，如 12600", "is not a number; write a number, e.g. 12600"),
    Kind.INT: Text("不是整数；请填整数，如 3", "is not a whole number; write one, e.g. 3"),
    Kind.YEAR: Text("不是年份；请填四位年份，如 2026", "is not a year; write four digits, e.g. 2026"),
    Kind.SHARE: Text("不是占比；请填 60% 或 0.6", "is not a share; write 60% or 0.6"),
    Kind.CARRY_OVER: Text(
        "不是年数；请填整数，或“不限”", "is not a number of years; write a whole number, or unlimited"
    ),
}
_NEGATIVE = Text("是负数；请填 0 或正数", "is negative; write 0 or more")


def _wanted(kind: Kind) -> Reading:
    return Reading(ok=False, severity=Severity.ERROR, remark=_WANTED[kind])


def _decimal(raw: Raw, column: Column) -> Reading:
    number, stored_as_text = _number(raw)
    if number is None:
        return _wanted(column.kind)
    if number < 0:
        return _error(*_NEGATIVE)
    return _from_text(number, number) if stored_as_text else Reading(number)


def _money_wan(raw: Raw, column: Column) -> Reading:
    """万元 -> hundredths, rounded half up."""
    reading = _decimal(raw, column)
    if not isinstance(reading.value, Decimal):
        return reading
    exact = reading.value
    amount = from_wan(exact)
    if Decimal(amount).scaleb(-2) != exact:
        rounded = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return _noted(
            amount, f"超过两位小数，四舍五入为 {rounded}", f"more than 2 decimals, rounded to {rounded}"
        )
    return Reading(amount, remark=reading.remark)


def _int(raw: Raw, column: Column) -> Reading:
    number, stored_as_text = _number(raw)
    if number is None or number != number.to_integral():
        return _wanted(column.kind)
    value = int(number)
    if column.low == 0 and value < 0:
        return _error(*_NEGATIVE)
    low, high = column.low, column.high
    if (low is not None and value < low) or (high is not None and value > high):
        limits = f"{'…' if low is None else low}–{'…' if high is None else high}"
        return _error(
            f"超出范围；请填 {limits} 之间的整数", f"is out of range; write a whole number in {limits}"
        )
    return _from_text(value, number) if stored_as_text else Reading(value)


_YEAR_TEXT = re.compile(r"(\d{4})(?:\.0)?(?:年度?)?")
_DATE_TEXT = re.compile(r"(\d{4})(?:[-/.]|年)(?:0?[1-9]|1[0-2])(?:月|[-/.月](?:0?[1-9]|[12]\d|3[01])日?)?")


def _year(raw: Raw, column: Column) -> Reading:
    """A year as a number, `2024`, `2024年`, or the year of a date."""
    noted = True
    if isinstance(raw, date):
        year = raw.year
    elif isinstance(raw, str):
        plain = re.sub(r"\s", "", clean_key(raw))
        found = _YEAR_TEXT.fullmatch(plain) or _DATE_TEXT.fullmatch(plain)
        if not found:
            return _wanted(column.kind)
        year = int(found[1])
    else:
        number, noted = _number(raw)
        if number is None or number != number.to_integral():
            return _wanted(column.kind)
        year = int(number)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return _error(
            f"不是 {FIRST_YEAR}–{LAST_YEAR} 之间的年份；请填四位年份，如 2026",
            f"is not a year in {FIRST_YEAR}–{LAST_YEAR}; write four digits, e.g. 2026",
        )
    return _noted(year, f"按 {year} 年读取", f"read as the year {year}") if noted else Reading(year)


def _share(raw: Raw, column: Column) -> Reading:
    """A `Share`; what a bare 60 means is for its row to say."""
    percent = isinstance(raw, str) and unicodedata.normalize("NFKC", raw).strip().endswith("%")
    typed = unicodedata.normalize("NFKC", raw).strip()[:-1] if percent and isinstance(raw, str) else raw
    number, stored_as_text = _number(typed)
    if number is None:
        return _wanted(column.kind)
    if number < 0:
        return _error(*_NEGATIVE)
    if percent:
        number = _tidy(number.scaleb(-2))
    if number > (1 if percent else 100):
        return _error("超过 100%；请填 0% 到 100%", "is more than 100 %; write 0% to 100%")
    share = Share(number, percent)
    return _from_text(share, number) if stored_as_text and not percent else Reading(share)


_UNLIMITED = frozenset({*map(fold, ("unlimited", "不限", "无限", "不限 unlimited", "unlimited 不限"))})


def _carry_over(raw: Raw, column: Column) -> Reading:
    if isinstance(raw, str) and fold(raw) in _UNLIMITED:
        return Reading(UNLIMITED)
    return _int(raw, column)


# --- listed values ------------------------------------------------------------------------------

_FORMS = {kind: choice_forms(choices) for kind, choices in CHOICES.items()}
_FORMS[Kind.YES_NO] |= {"y": "yes", "n": "no", "true": "yes", "false": "no", "1": "yes", "0": "no"}

_ENUMS: dict[Kind, type[StrEnum]] = {
    Kind.STAGE: Stage,
    Kind.NATURE: Nature,
    Kind.BASIS: Basis,
    Kind.RELATION: RelationKind,
    Kind.MILESTONE: MilestoneKind,
}
_LISTS = {Kind.STAGES: Kind.STAGE, Kind.NATURES: Kind.NATURE}
_SEPARATORS = re.compile(r"[;；,，、\n]+")


def _code(raw: Raw, kind: Kind) -> str | None:
    return _FORMS[kind].get(fold(_as_text(raw)))


def _unknown(raw: Raw, kind: Kind) -> tuple[str, str]:
    """What to write instead of an unknown listed value: the nearest one, or all of them."""
    choices: Mapping[str, str] = CHOICES[kind]
    near = nearest(_as_text(raw), [*choices, *choices.values()])
    code = near and _FORMS[kind][fold(near)]
    if code:
        return (
            f"不在选项中；是否指 {choices[code]} {code}？",
            f"is not a listed value; did you mean {choices[code]} {code}?",
        )
    zh = "、".join(f"{label} {code}" for code, label in choices.items())
    return f"不在选项中；请填 {zh} 之一", f"is not a listed value; write one of {', '.join(choices)}"


def _choice(raw: Raw, column: Column) -> Reading:
    code = _code(raw, column.kind)
    return _error(*_unknown(raw, column.kind)) if code is None else Reading(_ENUMS[column.kind](code))


def _choices(raw: Raw, column: Column) -> Reading:
    kind = _LISTS[column.kind]
    parts = [part for part in _SEPARATORS.split(_as_text(raw)) if not is_blank(part)]
    codes = []
    for part in parts:
        code = _code(part, kind)
        if code is None:
            zh, en = _unknown(part, kind)
            return _error(f"中的“{part.strip()}”{zh}", f'has "{part.strip()}", which {en}')
        codes.append(_ENUMS[kind](code))
    return Reading(tuple(dict.fromkeys(codes)))


def _yes_no(raw: Raw, _: Column) -> Reading:
    code = _code(raw, Kind.YES_NO)
    return _error(*_unknown(raw, Kind.YES_NO)) if code is None else Reading(code == "yes")


def _status(raw: Raw, _: Column) -> Reading:
    """A listed status by its code; any other is kept as it is typed."""
    code = _code(raw, Kind.STATUS)
    if code:
        return Reading(code)
    zh, en = _unknown(raw, Kind.STATUS)
    return Reading(
        _as_text(raw), severity=Severity.WARNING, remark=Text(f"{zh}（已照原文保留）", f"{en} (kept)")
    )


_CONVERTERS: dict[Kind, Callable[[Raw, Column], Reading]] = {
    Kind.TEXT: _text,
    Kind.KEY: _key,
    Kind.INT: _int,
    Kind.YEAR: _year,
    Kind.MONEY_WAN: _money_wan,
    Kind.MONEY_YUAN: _decimal,
    Kind.DECIMAL: _decimal,
    Kind.SHARE: _share,
    Kind.YES_NO: _yes_no,
    Kind.STAGE: _choice,
    Kind.STAGES: _choices,
    Kind.NATURE: _choice,
    Kind.NATURES: _choices,
    Kind.BASIS: _choice,
    Kind.STATUS: _status,
    Kind.RELATION: _choice,
    Kind.MILESTONE: _choice,
    Kind.CARRY_OVER: _carry_over,
}
