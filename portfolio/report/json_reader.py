"""Reads schedule.json back: exact numbers, and an error with its place for whatever is not one.

Only what a schedule is decided by is checked here: the years, the money, and how sure the solver
was. The rest follows from it and is compared (`json_difference`).
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from portfolio.domain.marginal import Place
from portfolio.domain.schedule import Status
from portfolio.report.json_document import FORMAT, Entry

LARGEST = 18
"""Digits before the point of the largest number that is read; a figure beyond that is a slip."""

FINEST = 60
"""Digits after the point of the finest number that is read; a double prints with fewer."""

SHOWN_PROBLEMS = 10

MESSAGES = {
    "missing": "缺少 / is missing",
    "int_type": "应为整数 / must be a whole number",
    "string_type": "应为文字 / must be text",
    "bool_type": "应为 true 或 false / must be true or false",
    "list_type": "应为列表 / must be a list",
    "tuple_type": "应为列表 / must be a list",
    "model_type": "应为对象 / must be an object",
    "dict_type": "应为对象 / must be an object",
    "greater_than_equal": "应不小于 {ge} / must be at least {ge}",
    "less_than_equal": "应不大于 {le} / must be at most {le}",
    "literal_error": "应为 {expected} / must be {expected}",
}
"""The validator's complaints, in words."""


class DamagedDocumentError(ValueError):
    """A text that is not a schedule.json of this format: where, and what should stand there."""


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("应为数字 / must be a number")
    number = Decimal(value)
    if number.adjusted() >= LARGEST or _exponent(number) < -FINEST:
        raise ValueError("数字过大或过细 / is too large or too fine a number")
    return number


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else -FINEST - 1


def _status(value: Any) -> Any:
    known = [status.value for status in Status]
    if value not in known:
        raise ValueError(f"应为其中之一 / must be one of: {', '.join(known)}")
    return Status(value)


def _year_key(value: Any) -> Any:
    if not (isinstance(value, str) and len(value) == 4 and value.isascii() and value.isdecimal()):
        raise ValueError("应为四位年份 / must be a year of four digits")
    return value


Number = Annotated[Decimal, BeforeValidator(_number)]
Year = Annotated[int, Field(ge=1, le=9999)]
YearKey = Annotated[str, BeforeValidator(_year_key)]


class _Part(BaseModel):
    """Keys that are not known here are ignored, as the format asks of its readers."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class StatedObjective(_Part):
    """An entry of `objectives`. `bound` and `gap` are None where the bound is not known."""

    name: str
    value: Number
    bound: Number | None
    gap: Number | None
    proven: bool


class StatedProject(_Part):
    """What an entry of `projects` decides; amounts are in 万元."""

    key: str
    selected: bool
    start: Year | None
    funding: dict[YearKey, dict[str, Number]]


class StatedPlan(_Part):
    """A schedule.json. `entry` is all of it, with whole numbers as int and others as Decimal."""

    format: Literal[1]
    scenario: str
    run: str
    inputs_sha256: str
    status: Annotated[Status, BeforeValidator(_status)]
    objectives: list[StatedObjective]
    projects: list[StatedProject]
    entry: dict[str, Any]


def read(text: str) -> StatedPlan:
    """The schedule.json in `text`.

    Raises:
        DamagedDocumentError: it is not JSON, or not of this format; each problem with its place.
    """
    entry = parse(text)
    if entry.get("format", FORMAT) != FORMAT:
        found = json.dumps(entry["format"], default=str)
        raise DamagedDocumentError(
            f"format: 格式版本为 {found}，本程序读版本 {FORMAT} / the format is {found}; this program reads {FORMAT}"
        )
    try:
        return StatedPlan.model_validate({**entry, "entry": entry})
    except ValidationError as error:
        problems = [f"{_place(p['loc'])}: {_words(dict(p))}" for p in error.errors()]
    more = f"\n  … {len(problems) - SHOWN_PROBLEMS} 处 more" if len(problems) > SHOWN_PROBLEMS else ""
    raise DamagedDocumentError("\n  ".join(problems[:SHOWN_PROBLEMS]) + more)


def marginal_values(entry: Entry) -> dict[Place, Decimal]:
    """The value of money by source and year, as the document states it; entries without one are left out."""
    lines = entry.get("funding")
    return {
        (line["source"], line["year"]): Decimal(value)
        for line in (lines if isinstance(lines, list) else ())
        if isinstance(line, dict)
        and isinstance(value := line.get("marginal_value"), int | Decimal)
        and isinstance(line.get("source"), str)
        and isinstance(line.get("year"), int)
    }


def parse(text: str) -> Entry:
    """The JSON object in `text`, numbers exact.

    Raises:
        DamagedDocumentError: it is not JSON, not an object, or a key stands in it twice.
    """
    try:
        entry = json.loads(
            text.removeprefix("\ufeff"),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_doubles,
        )
    except json.JSONDecodeError as error:
        raise DamagedDocumentError(
            f"第 {error.lineno} 行第 {error.colno} 列：不是 JSON / line {error.lineno}, column {error.colno}:"
            f" not JSON: {error.msg}"
        ) from None
    except DamagedDocumentError:
        raise
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise DamagedDocumentError(f"不是 JSON / not JSON: {error}") from None
    if not isinstance(entry, dict):
        raise DamagedDocumentError("应为一个 JSON 对象 / must be a JSON object")
    return entry


def _refuse_constant(name: str) -> None:
    raise DamagedDocumentError(f"{name} 不是 JSON 数字 / is not a number of JSON")


def _without_doubles(pairs: list[tuple[str, Any]]) -> Entry:
    entry = dict(pairs)
    if len(entry) < len(pairs):
        keys = [key for key, _ in pairs]
        double = next(key for key in keys if keys.count(key) > 1)
        raise DamagedDocumentError(f'"{double}" 在同一对象中出现两次 / stands twice in one object')
    return entry


def _place(location: tuple[int | str, ...]) -> str:
    """("projects", 3, "start") -> "projects[3].start"."""
    words = ""
    for part in location:
        if part == "[key]":
            continue
        words += f"[{part}]" if isinstance(part, int) else f".{part}"
    return words.removeprefix(".") or "schedule.json"


def _words(problem: dict[str, Any]) -> str:
    known = MESSAGES.get(problem["type"])
    if known is None:
        return str(problem["msg"]).removeprefix("Value error, ")
    return known.format(**problem.get("ctx", {}))
