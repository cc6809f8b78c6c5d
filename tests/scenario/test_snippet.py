"""The lines of a scenario file that make an infeasible scenario feasible."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portfolio.domain.repair import Change, ChangeKind
from portfolio.domain.schedule import Status
from portfolio.optimise.explain.repairs import find_repairs
from portfolio.optimise.solve import solve
from portfolio.scenario import files
from portfolio.scenario.build import build_problem
from portfolio.scenario.problem import PlanningProblem
from portfolio.scenario.snippet import snippet
from tests.builders import a_problem, a_project, a_source, capacity, caps, demand, milestone, relation

BASE = """
[horizon]
first_year = 2021
last_year = {last_year}
"""


def applied(tmp_path: Path, problem: PlanningProblem, base: str, toml: str) -> PlanningProblem:
    """The problem of a scenario that extends the infeasible one by these lines."""
    (tmp_path / "base.toml").write_text(base, encoding="utf-8")
    child = tmp_path / "mended.toml"
    child.write_text(f'extends = "base"\n\n{toml}\n', encoding="utf-8")
    return build_problem(problem.portfolio, files.load(child))


def two(**more: Any) -> list[Any]:
    return [a_project(key, **more) for key in ("p", "q 二")]


CASES: dict[str, tuple[PlanningProblem, str]] = {
    "money, and a fixed start": (a_problem(two(fixed_start=2021), caps=[caps(3.5, 20)]), ""),
    "mandatory": (a_problem(two(mandatory=True), caps=[caps(10)]), ""),
    "a key that needs quotes": (
        a_problem([a_project(fixed_start=2021)], sources=[a_source("县级 s")], caps=[caps(3, source="县级 s")]), "",
    ),
    "targets": (
        a_problem(
            demand=[demand(100)], capacity=[capacity(40)],
            settings={"targets": [{"ratio": Decimal("0.3"), "soft": True}, {"ratio": Decimal("0.5"), "first_year": 2022}]},
        ),
        "[[targets]]\nratio = 0.3\nsoft = true\n\n[[targets]]\nratio = 0.5\nfirst_year = 2022\n",
    ),
    "the horizon": (
        a_problem([*two(mandatory=True, duration=2)], caps=[caps(9, 9, 9, 9, 9)],
                  relations=[relation("after", "p", "q 二")]), "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_repair_can_be_put_into_a_scenario_file(tmp_path: Path, case: str) -> None:
    problem, more = CASES[case]
    base = BASE.format(last_year=problem.horizon.last_year) + more
    assert solve(applied(tmp_path, problem, base, "")).status is Status.INFEASIBLE
    repairs = find_repairs(problem).repairs
    assert repairs
    for repair in repairs:
        toml = snippet(problem, repair.changes)
        assert toml
        assert solve(applied(tmp_path, problem, base, toml)).status is Status.OPTIMAL


def test_what_the_scenario_excludes_already_stays_excluded() -> None:
    problem = a_problem([*two(fixed_start=2021), a_project("r")], settings={"projects": {"exclude": ["r"]}})
    drop = Change(kind=ChangeKind.DROP, setting="mandatory", project="p")
    assert snippet(problem, [drop]) == '[projects]\nexclude = [\n    "r",\n    "p",\n]'


def test_a_milestone_can_be_put_off_in_the_workbook_only() -> None:
    problem = a_problem([a_project()], milestones=[milestone("p", "open_by", 2021, firm=True)])
    move = Change(kind=ChangeKind.MOVE, setting="open_by", project="p", year=2022, amount=Decimal(1))
    assert snippet(problem, [move]) == ""
