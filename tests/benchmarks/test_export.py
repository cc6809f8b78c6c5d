"""The plans that exports are timed on, and what is told about a writer."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from benchmarks.export import WRITERS, a_plan, measure
from portfolio.scenario.plan import Plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return a_plan(projects=30, counties=2, years=6)


def test_the_plan_schedules_some_projects_and_says_why_it_leaves_others(plan: Plan) -> None:
    assert plan.evaluation
    chosen = {line.key for line in plan.evaluation.projects if line.selected}
    assert 0 < len(chosen) < 30
    assert plan.reasons.keys() == plan.problem.candidates.keys() - chosen


@pytest.mark.parametrize("ending", WRITERS)
def test_tells_time_memory_and_size(ending: str, plan: Plan, tmp_path: Path) -> None:
    file = tmp_path / "plan"
    file.write_bytes(pickle.dumps(plan))
    name, *figures = measure(ending, file).split()
    assert name == ending
    assert len(figures) == 5
    assert (tmp_path / f"plan.{ending}").stat().st_size > 1000
