"""One cell -> one value, by the kind of its column. Nothing here knows where the cell stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from portfolio.workbook import figures, listed, years
from portfolio.workbook.figures import Share, is_placeholder
from portfolio.workbook.layout import Column, Kind
from portfolio.workbook.package import CellError, Raw
from portfolio.workbook.reading import AS_IT_STANDS, Manner, Reading, is_blank, noted, refused, shown
from portfolio.workbook.words import as_text, clean_key
from portfolio.workbook.years import FIRST_YEAR, LAST_YEAR

__all__ = ["FIRST_YEAR", "LAST_YEAR", "Manner", "Reading", "Share", "convert", "is_blank", "shown"]


def convert(raw: Raw, column: Column, manner: Manner = AS_IT_STANDS) -> Reading:
    """Read a cell that is not blank."""
    if isinstance(raw, CellError):
        return _without_value(raw)
    if manner.dash_is_blank and column.kind is not Kind.TEXT and is_placeholder(raw):
        return Reading(blank=True, remark=_NOTHING.remark)
    return _CONVERTERS[column.kind](raw, column, manner)


_NOTHING = noted(None, "按空白读取", "read as blank")


def _without_value(raw: CellError) -> Reading:
    if raw.unsaved:
        return refused(
            "是没有保存结果的公式；请在 Excel 或 WPS 中打开并保存一次",
            "is a formula without a stored result; open and save once in Excel or WPS",
        )
    return refused(
        "是错误值；请改正公式，再在 Excel 或 WPS 中打开并保存一次",
        "is an error value; mend the formula, then open and save once in Excel or WPS",
    )


def _text(raw: Raw, _: Column, __: Manner) -> Reading:
    return Reading(as_text(raw))


_WHOLE_COUNTY = frozenset({"全县", "全区", "全域", "全县域", "全区县"})
_SHARED = frozenset({"共用", "各区县", "各区县共用", "全部区县", "所有区县", "全部", "all", "shared"})
_NO_KEY = {
    "county": ("不是区县；请填区县名称", "is not a county; write its name"),
    "zone": ("不是片区；请填片区名称", "is not a zone; write its name"),
    "group": ("不是组别；请填组别，没有就留空", "is not a group; write one, or leave it blank"),
}
_UNSETTLED = frozenset(
    {"待定", "暂定", "未定", "待确定", "tbd", "?", "？", "同上", "同左", "〃", "″", "ditto"}
)


def stands_for_nothing(key: str) -> bool:
    """Whether people write this where there is no key, or none yet."""
    return key.casefold() in _UNSETTLED or is_placeholder(key)


def _key(raw: Raw, column: Column, _: Manner) -> Reading:
    """A key, county or zone, tidied."""
    typed = as_text(raw)
    key = clean_key(typed)
    if stands_for_nothing(key):
        return refused(*_NO_KEY.get(column.key, ("不是编码；请填编码", "is not a key; write one")))
    if column.key in ("county", "zone"):
        if column.key == "zone" and key in _WHOLE_COUNTY:
            return Reading(blank=True, remark=_NOTHING.remark)
        if column.key == "county" and key.casefold() in _SHARED and "*" in column.note.zh:
            return noted("*", "按 *（各区县共用）读取", "read as * (shared by all counties)")
    if isinstance(raw, date):
        return noted(
            key, f"是日期，按文字 {key} 读取", f"is a date, read as the text {key}; was another key meant?"
        )
    if key == (raw if isinstance(raw, str) else typed):
        return Reading(key)
    return noted(
        key, f"已去除多余空格或全角字符，按 {key} 读取", f"spaces or full-width characters tidied: {key}"
    )


_CONVERTERS: dict[Kind, Callable[[Raw, Column, Manner], Reading]] = {
    Kind.TEXT: _text,
    Kind.KEY: _key,
    Kind.INT: figures.whole,
    Kind.YEAR: years.year,
    Kind.MONEY_WAN: figures.money_wan,
    Kind.MONEY_YUAN: figures.decimal,
    Kind.DECIMAL: figures.decimal,
    Kind.SHARE: figures.share,
    Kind.YES_NO: listed.yes_no,
    Kind.STAGE: listed.choice,
    Kind.STAGES: listed.choices,
    Kind.NATURE: listed.choice,
    Kind.NATURES: listed.choices,
    Kind.BASIS: listed.choice,
    Kind.STATUS: listed.status,
    Kind.RELATION: listed.choice,
    Kind.MILESTONE: listed.choice,
    Kind.CARRY_OVER: figures.carry_over,
}
