"""No value of a document can be changed, or left out, without a finding; none makes the proof fail."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portfolio.report.json_reader import DamagedDocumentError, read
from portfolio.scenario import files
from portfolio.scenario.build import build_problem
from portfolio.scenario.problem import PlanningProblem
from portfolio.verification import findings
from tests.verification.conftest import PORTFOLIO, Stored

FREE = re.compile(r"run|created_at|seconds.*|projects\.[12]\.reason.*|funding\.\d+\.marginal_value")
"""What only the solver, the clock or the database knows, of which any value will do."""

VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1,
    2021.5,
    10**7,
    1e300,
    "",
    "2022",
    "名",
    [],
    [1],
    [{}],
    {},
    {"a": 1},
)

Way = tuple[str | int, ...]


def ways(value: Any, way: Way = ()) -> Iterator[Way]:
    """The way to every value, lists and objects included."""
    if way:
        yield way
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from ways(part, (*way, key))


def changed(document: Any, way: Way, *value: Any) -> Any:
    """A copy with `value` there, or without what is there."""
    copied = copy.deepcopy(document)
    inner = copied
    for key in way[:-1]:
        inner = inner[key]
    if value:
        inner[way[-1]] = value[0]
    else:
        del inner[way[-1]]
    return copied


def is_same(value: Any, other: Any) -> bool:
    """1 is 1.0, but not true."""
    return bool(value == other) and isinstance(value, bool) == isinstance(other, bool)


def is_found(problem: PlanningProblem, document: Any) -> bool:
    try:
        plan = read(json.dumps(document))
    except DamagedDocumentError:
        return True
    if plan.status.value not in ("optimal", "feasible"):
        return any(findings.of_no_schedule(plan, None))
    return bool(findings.against(problem, plan, None)[0])


def test_every_change_of_every_value_is_found(stored: Stored) -> None:
    problem = build_problem(PORTFOLIO, files.load(Path(stored.scenario)))
    document = stored.document()
    assert not is_found(problem, document)
    missed = []
    for way in ways(document):
        name = ".".join(map(str, way))
        there = document
        for key in way:
            there = there[key]  # type: ignore[index]
        others = [value for value in VALUES if not is_same(value, there)]
        missed += [(name, value) for value in others if not is_found(problem, changed(document, way, value))]
        if not is_found(problem, changed(document, way)):
            missed.append((name, "left out"))

    assert [(name, value) for name, value in missed if not FREE.fullmatch(name)] == []
