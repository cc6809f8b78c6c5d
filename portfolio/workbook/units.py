"""Units that people write behind a figure or in a header, as factors to the unit of the column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal

from portfolio.workbook.layout import Column, Kind

Factors = Mapping[str, Decimal]
"""Unit, in small letters and half width without blanks -> factor to the unit of the column."""


def _factors(*groups: tuple[str, Iterable[str]]) -> dict[str, Decimal]:
    return {unit: Decimal(factor) for factor, units in groups for unit in units}


_YUAN_PER = {
    "亿": "1e8", "千万": "1e7", "百万": "1e6", "十万": "1e5", "万": "1e4", "千": "1e3", "百": "1e2",
}  # fmt: skip
_YUAN = {
    "元": Decimal(1),
    "yuan": Decimal(1),
    **{f"{many}元": Decimal(per) for many, per in _YUAN_PER.items()},
}
_SHORT = {many: Decimal(_YUAN_PER[many]) for many in ("亿", "千万", "百万", "万")}
"""万 or 亿 behind an amount says enough; 千 does not: of yuan, or of 万元?"""

_WAN = {unit: factor.scaleb(-4) for unit, factor in {**_YUAN, **_SHORT}.items()}

_AREA_WORDS = ("平方米", "平米", "平方", "m2", "m^2", "sqm", "sq.m", "平")
_AREA = _factors(
    ("1", _AREA_WORDS),
    ("1e4", ("万", *(f"万{word}" for word in _AREA_WORDS), "公顷", "ha", "hectare", "hectares")),
    ("1e6", ("平方公里", "平方千米", "km2")),
)
_SEAT_WORDS = (
    "座",
    "个",
    "人",
    "名",
    "位",
    "生",
    "学位",
    "个学位",
    "座位",
    "个座位",
    "名学生",
    "学生",
    "seats",
    "seat",
)
_SEATS = _factors(("1", _SEAT_WORDS), ("1e4", ("万", *(f"万{word}" for word in _SEAT_WORDS))))
_CLASSES = _factors(("1", ("班", "个班", "个", "教学班", "个教学班", "班级", "个班级", "classes", "class")))
_YEARS = _factors(("1", ("年", "周年", "整年", "个年度", "years", "year", "yr", "yrs")))
_MONTHS = frozenset({"月", "个月", "months", "month"})
_PER_SEAT = ("座", "学位", "个学位", "生", "人", "名学生", "学生", "seat")


def _each(units: Factors, words: Iterable[str]) -> dict[str, Decimal]:
    """The units, also said of each one: 元 and 元/座."""
    return {
        **units,
        **{f"{unit}{by}{word}": factor for unit, factor in units.items() for by in "/每" for word in words},
    }


_OF_COLUMN: Mapping[str, Factors] = {
    "cost_per_m2": _each({**_YUAN, "万": Decimal("1e4")}, _AREA_WORDS),
    "cost_per_seat": _each({**_YUAN, "万": Decimal("1e4")}, _PER_SEAT),
    "area_per_seat_m2": _each(_factors(("1", _AREA_WORDS)), _PER_SEAT),
    "seats_per_class": _each(_factors(("1", _SEAT_WORDS)), ("班", "class")),
    "classes": _CLASSES,
    "seats_added": _SEATS,
    "seats_replaced": _SEATS,
    "seats_offline": _SEATS,
    "duration_years": _YEARS,
    "open_lag": _YEARS,
    "lag_years": _YEARS,
    "carry_over_years": _YEARS,
    "priority": _factors(("1", ("级",))),
}
_OF_KIND: Mapping[Kind, Factors] = {
    Kind.MONEY_WAN: _WAN,
    Kind.MONEY_YUAN: {**_YUAN, "万": Decimal("1e4")},
    Kind.DECIMAL: _AREA,
    Kind.INT: {},
    Kind.CARRY_OVER: _YEARS,
}
_NONE: Factors = {}


def units_of(column: Column) -> Factors:
    """The units that convert exactly to the unit of the column. Months are not among them: see `in_months`."""
    if column.kind is Kind.INT and column.key.isdecimal():
        return _SEATS
    return _OF_COLUMN.get(column.key) or _OF_KIND.get(column.kind, _NONE)


def months_of(column: Column) -> frozenset[str]:
    """The units in which a number of years is given in months."""
    return _MONTHS if units_of(column) is _YEARS else frozenset()


def in_months(unit: str, column: Column) -> bool:
    """Whether a number of years is given in months: 24个月 are two years."""
    return unit in months_of(column)


def is_mu(unit: str) -> bool:
    """Whether an area is in 亩, of 2000/3 m²: it does not convert exactly."""
    return unit in ("亩", "mu")


def plain_unit(text: str) -> str:
    """A unit as the tables have it: half width, small letters, no blanks, no brackets around it."""
    unit = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()
    unit = re.sub(r"^[(\[【](.*)[)\]】]$", r"\1", unit)
    return re.sub(r"^(?:单位|unit)?[:：]?(?:人民币)?|(?:整|人民币|rmb|cny)$", "", unit)


_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_CURRENCY = re.compile(r"[^\s/]*元(?:[/每].*)?|.*dollars?|usd|eur|hkd")


def unit_in_header(text: str, column: Column) -> str | None:
    """The unit that a header states, in brackets or at its end; None if it states none.

    A currency or measure of area that the column does not know is returned too: it makes every
    figure of the column wrong.
    """
    plain = unicodedata.normalize("NFKC", text)
    known = units_of(column)
    for inside in _BRACKETS.findall(plain):
        for unit in map(plain_unit, re.split(r"[,，;；、]", inside)):
            if unit in known or in_months(unit, column) or (column.kind is Kind.SHARE and unit == "%"):
                return unit
            if column.kind in (Kind.MONEY_WAN, Kind.MONEY_YUAN) and _CURRENCY.fullmatch(unit):
                return unit
            if column.kind is Kind.DECIMAL and is_mu(unit):
                return unit
    return None


_TITLE_UNIT = re.compile(r"(?:单位|unit)\s*[:：]\s*([^\s()]+)", re.IGNORECASE)


def money_units_in_title(text: str) -> set[str]:
    """The units of money that a title such as `单位：亿元、平方米` states."""
    plain = unicodedata.normalize("NFKC", text)
    parts = [part for found in _TITLE_UNIT.findall(plain) for part in re.split(r"[,，;；、/]", found)]
    return {unit for unit in map(plain_unit, parts) if unit in _YUAN or unit in ("亿", "万")}
