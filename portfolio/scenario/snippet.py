"""A repair as lines of a scenario file: what a planner puts in to make the scenario feasible."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal

from portfolio.domain.money import from_wan, to_wan
from portfolio.domain.repair import Change, ChangeKind
from portfolio.scenario.problem import PlanningProblem
from portfolio.scenario.settings import Scenario, TargetSection

WORKBOOK_ONLY = ("start_by", "finish_by", "open_by")
"""Settings that a scenario cannot change: milestones stand in the workbook."""


def snippet(problem: PlanningProblem, changes: Iterable[Change]) -> str:
    """TOML for a scenario that extends this one; "" where a change can be made in the workbook only.

    A table or list that the scenario has already is given as a whole, so that the lines can replace it.
    """
    changes, settings = list(changes), problem.settings
    if settings is None or any(change.setting in WORKBOOK_ONLY for change in changes):
        return ""
    lines: list[str] = []
    for part in (
        _horizon(changes),
        _projects(problem, changes, settings),
        _caps(problem, changes),
        _targets(changes, settings),
    ):
        lines += [*([""] if lines and part else []), *part]
    return "\n".join(lines)


def _horizon(changes: list[Change]) -> list[str]:
    longer = [c.year for c in changes if c.kind is ChangeKind.EXTEND_HORIZON]
    return ["[horizon]", f"last_year = {longer[0]}"] if longer else []


def _caps(problem: PlanningProblem, changes: list[Change]) -> list[str]:
    """The caps as raised; what the scenario gives is final."""
    raised: dict[str, dict[int, Decimal]] = {}
    for change in changes:
        if change.kind is ChangeKind.RAISE_CAP and change.year is not None:
            cap = problem.caps[change.source].get(change.year, 0) + from_wan(change.amount or 0)
            raised.setdefault(change.source, {})[change.year] = to_wan(cap)
    return _parted(
        [f"[funding.caps.{_key(source)}]", *(f"{year} = {_number(caps[year])}" for year in sorted(caps))]
        for source, caps in raised.items()
    )


def _projects(problem: PlanningProblem, changes: list[Change], settings: Scenario) -> list[str]:
    """A project that is only mandatory is let off; one with a fixed start or a firm milestone is excluded."""
    excluded, own = list(settings.projects.exclude), dict[str, list[str]]()
    firm = {m.project for m in problem.milestones if m.firm}
    for change in changes:
        key = change.project
        if change.kind is ChangeKind.DROP:
            if problem.candidates[key].fixed_start is None and key not in firm:
                own.setdefault(key, []).append("mandatory = false")
            else:
                excluded.append(key)
        elif change.kind is ChangeKind.MOVE:
            own.setdefault(key, []).append(f"{change.setting} = {change.year}")
    head = []
    if len(excluded) > len(settings.projects.exclude):
        head = [["[projects]", "exclude = [", *(f"    {_text(key)}," for key in excluded), "]"]]
    return _parted([*head, *([f"[projects.{_key(key)}]", *lines] for key, lines in own.items())])


def _targets(changes: list[Change], settings: Scenario) -> list[str]:
    """All targets: the list is replaced as a whole."""
    relaxed = {c.target: c for c in changes if c.kind is ChangeKind.RELAX_TARGET}
    if not relaxed:
        return []
    return _parted(
        _target(target, relaxed.get(number)) for number, target in enumerate(settings.targets, start=1)
    )


def _target(target: TargetSection, change: Change | None) -> list[str]:
    fields = target.model_dump(exclude_defaults=True)
    if change is not None:
        fields[change.setting] = change.amount
    return ["[[targets]]", *(f"{name} = {_value(value)}" for name, value in fields.items())]


def _parted(parts: Iterable[list[str]]) -> list[str]:
    """The parts with an empty line between them."""
    lines: list[str] = []
    for part in parts:
        lines += [*([""] if lines else []), *part]
    return lines


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return _number(Decimal(value))
    return _text(str(value))


def _number(value: Decimal) -> str:
    return f"{int(value)}" if value == value.to_integral_value() else f"{value.normalize():f}"


def _key(key: str) -> str:
    """A bare key where TOML allows one."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _text(key)


def _text(text: str) -> str:
    """Basic strings of TOML are written as JSON writes them."""
    return json.dumps(text, ensure_ascii=False)
