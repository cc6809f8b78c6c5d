"""Reads scenarios/*.toml: follows `extends`, merges, and refuses what it does not know."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from portfolio.errors import UsageError
from portfolio.scenario.settings import ProjectOverride, Scenario

SCENARIO_FOLDER = "scenarios"

_NUMBER = "应为数字，不加引号 / must be a number, without quotation marks"
MESSAGES = {
    "int_type": "应为整数，不加引号 / must be a whole number, without quotation marks",
    "decimal_type": _NUMBER,
    "is_instance_of": _NUMBER,
    "string_type": "应为文字，加引号 / must be text in quotation marks",
    "bool_type": "应为 true 或 false / must be true or false",
    "list_type": '应为列表，如 ["a", "b"] / must be a list, e.g. ["a", "b"]',
    "model_type": "应为一节 / must be a table",
    "dict_type": "应为一节 / must be a table",
    "greater_than": "应大于 {gt} / must be greater than {gt}",
    "greater_than_equal": "应不小于 {ge} / must be at least {ge}",
    "less_than": "应小于 {lt} / must be less than {lt}",
    "less_than_equal": "应不大于 {le} / must be at most {le}",
}
"""The validator's own complaints, in words; braces are filled from its context."""


def find(name_or_path: str, folder: Path = Path(SCENARIO_FOLDER)) -> Path:
    """The file of a scenario: a name in `folder`, or a path to a TOML file.

    Raises:
        UsageError: there is no such file; the message lists the scenarios there are.
    """
    given = Path(name_or_path)
    if given.suffix == ".toml":
        if given.is_file():
            return given
        raise UsageError(f"{given}: 没有这个情景文件 / there is no such scenario file")
    path = folder / f"{name_or_path}.toml"
    if path.is_file():
        return path
    known = sorted(p.stem for p in folder.glob("*.toml"))
    raise UsageError(
        f'没有情景 "{name_or_path}"{_nearest_zh(name_or_path, known)} / there is no scenario "{name_or_path}"'
        f" in {folder}/. 现有 there are: {', '.join(known) or '—'}"
    )


def load(path: Path) -> Scenario:
    """The scenario in `path`, with everything it extends merged in.

    Raises:
        UsageError: the file is unreadable, unknown to TOML, or holds keys or values that are not
            allowed; all problems are in one message, one a line.
    """
    merged = _merged(path, ())
    lines = []
    if "name" in merged:
        lines.append("name: 未知的键；情景名就是文件名 / unknown key; the file's name is the scenario's name")
    try:
        scenario = Scenario.model_validate({**merged, "name": path.stem})
    except ValidationError as error:
        lines += [_line(dict(problem)) for problem in error.errors()]
    if lines:
        raise UsageError("\n".join([f"{path}:", *(f"  - {line}" for line in lines)]))
    return scenario


def restored(text: str) -> Scenario:
    """The scenario that a run keeps: what `Scenario.model_dump_json` wrote.

    Raises:
        UsageError: the text is not a scenario; all problems are in one message, one a line.
    """
    try:
        kept = json.loads(text)
        if isinstance(kept, dict) and isinstance(projects := kept.get("projects"), dict):
            # in a file, the overrides stand beside `only` and `exclude`
            overrides = projects.pop("overrides", {})
            kept["projects"] = projects | overrides
        # figures are kept as texts, which strict validation would refuse
        return Scenario.model_validate(kept, strict=False)
    except ValidationError as error:
        lines = [_line(dict(problem)) for problem in error.errors()]
    except (ValueError, TypeError) as error:
        lines = [str(error)]
    raise UsageError("\n".join(["所存情景 the scenario kept:", *(f"  - {line}" for line in lines)]))


def _merged(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    if path.resolve() in seen:
        chain = " → ".join(p.stem for p in (*seen, path))
        raise UsageError(f"extends 循环引用 / extends goes round in a circle: {chain}")
    own = _parsed(path)
    parent = own.pop("extends", None)
    if parent is None:
        return own
    if not isinstance(parent, str) or not parent:
        raise UsageError(f'{path}: extends 应写一个情景名 / extends takes one scenario name, e.g. "base"')
    base = find_parent(parent, path)
    return _merge(_merged(base, (*seen, path.resolve())), own)


def find_parent(name: str, child: Path) -> Path:
    """The file that `child` extends: beside it, by name or by path."""
    beside = child.parent / (name if name.endswith(".toml") else f"{name}.toml")
    if beside.is_file():
        return beside
    known = sorted(p.stem for p in child.parent.glob("*.toml") if p != child)
    raise UsageError(
        f'{child}: extends = "{name}"：同一文件夹里没有这个情景 / there is no such scenario beside it'
        f"{_nearest_zh(name, known)}"
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: 无法读取 / cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path}: 第 {error.start + 1} 字节不是 UTF-8，请另存为 UTF-8 / byte {error.start + 1} is not"
            " UTF-8; save the file as UTF-8"
        ) from None
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: TOML 语法错误 / not valid TOML: {error}") from None


def _merge(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Tables are merged key by key; anything else that `own` gives replaces what `base` has."""
    merged = dict(base)
    for key, value in own.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _line(problem: dict[str, Any]) -> str:
    """A validation problem in one line: where, what was found, what to write."""
    where = [str(part) for part in problem["loc"] if part != "overrides"]
    place = ".".join(where) or "scenario"
    if problem["type"] == "extra_forbidden":
        known = _keys_at(problem["loc"][:-1])
        close = get_close_matches(where[-1], known, n=1, cutoff=0.5)
        hint = f"是否想写 / did you mean: {close[0]}" if close else f"可用 / allowed: {', '.join(known)}"
        return f"{place}: 未知的键 / unknown key; {hint}"
    if problem["type"] == "missing":
        return f"{place}: 缺少 / is missing"
    found = problem["input"]
    shown = (
        "" if isinstance(found, dict | list) else f" {found!r}:" if isinstance(found, str) else f" {found}:"
    )
    return f"{place}:{shown} {_words(problem)}"


def _words(problem: dict[str, Any]) -> str:
    """What to write instead, in both languages; the checks of our own say it themselves."""
    known = MESSAGES.get(problem["type"])
    if known is None:
        return str(problem["msg"]).removeprefix("Value error, ")
    return known.format(**problem.get("ctx", {}))


def _keys_at(location: tuple[Any, ...]) -> list[str]:
    """The keys allowed in the section at `location`."""
    if location[:2] == ("projects", "overrides"):
        return list(ProjectOverride.model_fields)
    model: type[BaseModel] = Scenario
    for part in location:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[str(part)].annotation
        candidates = [annotation, *get_args(annotation)]
        model = next(c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel))
    keys = [key for key in model.model_fields if key != "name"]
    return [*keys, "extends"] if model is Scenario else keys


def _nearest_zh(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"（是否想写 did you mean: {close[0]}）" if close else ""
