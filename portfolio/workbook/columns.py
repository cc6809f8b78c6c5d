"""Which column of a sheet a header cell names: by its own name, another one, or nearly so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import SequenceMatcher
from functools import cache

from portfolio.workbook.aliases import BY_NAME, LIKELY, other_names
from portfolio.workbook.layout import CALCULATED_KEYS, Column, Sheet
from portfolio.workbook.package import CellError, Raw
from portfolio.workbook.reading import is_blank, shown
from portfolio.workbook.units import months_of, units_of
from portfolio.workbook.words import both_ways, fold
from portfolio.workbook.years import year_of

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
_UNIT = "单位"
_CALCULATED = re.compile(r"[(\[【](?:计算|calculated)[)\]】]", re.IGNORECASE)
_YEARS_OWN_WORDS = re.compile(
    r"(?<=\d)(?:年度?)?(?:投资|资金|上限|额度|预算|安排|学位数?|需求数?|人数)+$|^year(?=\d{4}$)"
)


def column_forms(sheet: Sheet) -> dict[str, str]:
    """Folded header -> column key: Chinese label with and without its unit, English key, both."""
    forms = {}
    for column in sheet.columns:
        for label in (column.zh, without_brackets(column.zh)):
            forms.update(dict.fromkeys(both_ways(label, column.key), column.key))
    return forms


def without_brackets(text: str) -> str:
    return _BRACKETS.sub("", unicodedata.normalize("NFKC", text))


def is_calculated(raw: Raw) -> bool:
    """Whether the template says that it calculates this column itself."""
    if not isinstance(raw, str):
        return False
    words = unicodedata.normalize("NFKC", raw).split()
    return bool(_CALCULATED.search("".join(words))) or bool(words and words[-1].casefold() in CALCULATED_KEYS)


@cache
def _own(sheet: Sheet) -> dict[str, str]:
    own = column_forms(sheet)
    with_units = {
        form: key
        for form, (key, unit) in _with_units(sheet).items()
        if form.removesuffix(fold(unit)).removesuffix(_UNIT) in own
    }
    return {**with_units, **own}


@cache
def _others(sheet: Sheet) -> dict[str, str]:
    names = {
        fold(name): column.key for column in sheet.columns for name in other_names(sheet.table, column.key)
    }
    return {**{form: key for form, (key, _) in _with_units(sheet).items()}, **names}


@cache
def _with_units(sheet: Sheet) -> dict[str, tuple[str, str]]:
    """Folded header with a unit at its end (总投资亿元, 总投资 单位：亿元) -> column key and unit."""
    return {
        fold(name + word + unit): (column.key, unit)
        for column in sheet.columns
        for name in (without_brackets(column.zh), *other_names(sheet.table, column.key))
        for word in ("", _UNIT)
        for unit in (*units_of(column), *months_of(column))
    }


def unit_at_end(text: str, column: Column, sheet: Sheet) -> str | None:
    """The unit that stands without brackets at the end of a header of this column."""
    key, unit = _with_units(sheet).get(fold(text), ("", ""))
    return unit if key == column.key and fold(text) not in column_forms(sheet) else None


@cache
def _last_resort(sheet: Sheet, names: str) -> dict[str, str]:
    known = {"by name": BY_NAME, "likely": LIKELY}[names]
    keys = {column.key for column in sheet.columns}
    # Funding sources have a name of their own; only sheets that refer to one are meant.
    if sheet.table == "funding_sources" or (sheet.table != "projects" and names == "likely"):
        return {}
    return {fold(name): key for key, words in known.items() if key in keys for name in words}


def own_name(raw: Raw, sheet: Sheet) -> str | int | None:
    """The column key, or the year, that a header cell names outright."""
    if is_blank(raw) or isinstance(raw, CellError) or is_calculated(raw):
        return None
    if sheet.year_kind and (year := _year(raw)) is not None:
        return year
    return _by_forms(raw, _own(sheet))


def other_name(raw: Raw, sheet: Sheet) -> str | None:
    """The column key that a header cell surely means."""
    if is_blank(raw) or isinstance(raw, CellError | date) or is_calculated(raw):
        return None
    found = _by_forms(raw, _others(sheet))
    if found is None and shown(raw).strip().startswith("是否"):
        found = _by_forms(shown(raw).strip().removeprefix("是否"), _own(sheet))
    return found


def last_resort(raw: Raw, sheet: Sheet, names: str) -> str | None:
    """The column key that a header cell means where no better one is there: names for keys (`by
    name`), words that most people mean so (`likely`)."""
    return None if is_calculated(raw) else _by_forms(raw, _last_resort(sheet, names))


def _by_forms(raw: Raw, forms: Mapping[str, str]) -> str | None:
    plain = unicodedata.normalize("NFKC", shown(raw))
    return forms.get(fold(plain)) or forms.get(fold(_BRACKETS.sub("", plain)))


def _year(raw: Raw) -> int | None:
    if not isinstance(raw, str):
        return year_of(raw)
    bare = _BRACKETS.sub("", unicodedata.normalize("NFKC", shown(raw))).strip()
    return year_of(_YEARS_OWN_WORDS.sub("", re.sub(r"\s", "", bare).casefold()))


# --- nearly the name ----------------------------------------------------------------------------

_OTHER_MEANING = frozenset("原已累完实上本其非不无旧拟父子备注说因人话费占用中")
"""Characters that make another figure of a name: 原总投资 is not 总投资."""


def near_name(raw: Raw, sheet: Sheet, missing: Iterable[str]) -> str | None:
    """The one missing column whose name differs from this header only by a letter or two that change
    no meaning; None if there is none, or more than one."""
    if not isinstance(raw, str) or is_calculated(raw):
        return None
    header = fold(without_brackets(shown(raw)))
    found = set()
    for key in missing:
        column = sheet.column(key)
        names = (without_brackets(column.zh), key, *other_names(sheet.table, key))
        if any(_nearly(header, fold(name)) for name in names):
            found.add(key)
    return found.pop() if len(found) == 1 else None


def _nearly(header: str, name: str) -> bool:
    if not header or re.sub(r"\D", "", header) != re.sub(r"\D", "", name):
        return False
    match = SequenceMatcher(None, header, name, autojunk=False)
    if header.isascii() and name.isascii():
        return len(name) >= 4 and match.ratio() >= 0.85
    same = sum(block.size for block in match.get_matching_blocks())
    # Of Chinese characters one instead of another changes the meaning; one more or less may not.
    short, long = sorted((header, name), key=len)
    added = set(header) ^ set(name)
    return same == len(short) and len(short) / len(long) > 0.75 and not added & _OTHER_MEANING
