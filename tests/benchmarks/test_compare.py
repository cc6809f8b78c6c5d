"""The comparison is fair: programs arrive whole, answers are judged anew, wrong bounds do not count."""

from __future__ import annotations

from dataclasses import fields, replace
from math import inf
from pathlib import Path

import numpy as np
import pytest

from benchmarks import compare, generate, greedy, runner
from benchmarks.arrays import load, save
from benchmarks.compare import Case, Line, generated, with_gaps
from benchmarks.greedy_plan import PLANNERS
from benchmarks.peers import Budget, cpsat
from benchmarks.ppsx import Instance, check
from benchmarks.ppsx_program import compile_instance
from portfolio import rules
from portfolio.optimise.program import Ints, Matrix, Stage, ints

ANY_BUDGET = Budget(time_limit_s=2, workers=1)

KNAPSACK = Instance.model_validate(
    {
        "format": "ppsx/1",
        "name": "knapsack",
        "horizon": 1,
        "jobs": [
            {"id": "big", "value_by_start": [9], "uses": {"money": [9]}},
            {"id": "small", "value_by_start": [6], "uses": {"money": [5]}},
            {"id": "due", "value_by_start": [0], "uses": {"money": [1]}},
        ],
        "resources": [{"id": "money", "kind": "period", "cap": [10]}],
        "groups": [{"jobs": ["due"], "min": 1, "max": 1}],
    }
)
"""`due` must be built; then 9 are left, for `big` or for `small`."""


def a_line(method: str, value: float | None, bound: float | None = None) -> Line:
    return Line("case", method, value, bound, seconds=1.0, peak_mb=None, note="")


def test_a_program_survives_its_file(tmp_path: Path) -> None:
    program = generated("45", 1).program
    save(program, tmp_path / "program.npz")
    loaded = load(tmp_path / "program.npz")
    for name in ("low", "high", "job", "time", "block"):
        assert (getattr(loaded, name) == getattr(program, name)).all()
    for field in fields(Matrix):
        assert (getattr(loaded.matrix, field.name) == getattr(program.matrix, field.name)).all()
    one, other = program.stages[0], loaded.stages[0]
    assert {f.name: np.array(getattr(one, f.name)).tolist() for f in fields(Stage)} == {
        f.name: np.array(getattr(other, f.name)).tolist() for f in fields(Stage)
    }


def test_gaps_are_to_the_best_bound_of_any_method() -> None:
    ours, peer = with_gaps([a_line("ours", 110, 50), a_line("highs", 120, 100)], sign=1)
    assert ours.gap == pytest.approx(10 / 110)
    assert peer.gap == pytest.approx(20 / 120)
    assert ours.ratio == pytest.approx((10 / 110) / (20 / 120))
    assert peer.ratio is None


def test_gaps_of_what_is_maximised() -> None:
    ours, peer = with_gaps([a_line("ours", 100, 130), a_line("highs", 80, 120)], sign=-1)
    assert ours.gap == pytest.approx(0.2)
    assert peer.gap == pytest.approx(0.5)


def test_a_bound_that_an_answer_refutes_does_not_count() -> None:
    ours, peer = with_gaps([a_line("ours", 100, 90), a_line("cbc", None, 150)], sign=1)
    assert ours.gap == pytest.approx(0.1)
    assert (peer.bound, peer.note) == (None, "wrong bound 150")


def test_ratio_at_the_optimum() -> None:
    both = with_gaps([a_line("ours", 5, 5), a_line("highs", 5, 5)], sign=1)
    assert both[0].ratio == 1
    peer_only = with_gaps([a_line("ours", 6, 5), a_line("highs", 5, 5)], sign=1)
    assert peer_only[0].ratio == inf


@pytest.fixture(scope="module")
def case() -> Case:
    return generated("45", 1)


@pytest.fixture(scope="module")
def answer(case: Case) -> Ints:
    """Some plan, with slack in it."""
    anything = replace(case.program, stages=(Stage("nothing", ints([]), ints([])),))
    values = cpsat(anything, Budget(time_limit_s=60, workers=1), Path()).values
    assert values is not None
    return values


def test_answers_that_break_rules_are_invalid(case: Case, answer: Ints) -> None:
    value, note = case.judge(runner.Outcome(values=answer, seconds=0))
    assert note == ""
    assert value is not None
    broken = answer.copy()
    broken[np.flatnonzero(case.program.job >= 0)] = 1
    value, note = case.judge(runner.Outcome(values=broken, seconds=0))
    assert value is None
    assert note.startswith("invalid:")


def test_slack_in_an_answer_is_not_counted(case: Case, answer: Ints) -> None:
    """Missing seats are recomputed from the starts, whatever the solver's own columns say."""
    true, _ = case.judge(runner.Outcome(values=answer, seconds=0))
    slack = answer.copy()
    slack[case.program.stages[0].columns] = case.program.high[case.program.stages[0].columns]
    assert case.judge(runner.Outcome(values=slack, seconds=0)) == (true, "")


@pytest.mark.parametrize("planner", PLANNERS)
def test_greedy_plans_keep_the_rules(planner: str) -> None:
    problem = generate.problem("45", 2)
    schedule = PLANNERS[planner](problem)
    assert rules.check(problem, schedule) == ()
    assert len(schedule.starts) > 10


def test_greedy_insertion_takes_what_is_due_first() -> None:
    compiled = compile_instance(KNAPSACK)
    by_value = compiled.starts(greedy.insert(compiled.program, greedy.by_value))
    by_ratio = compiled.starts(greedy.insert(compiled.program, greedy.by_value_per_use))
    assert (set(by_value), set(by_ratio)) == ({"due", "big"}, {"due", "small"})
    assert check(KNAPSACK, by_value) == check(KNAPSACK, by_ratio) == []


def test_greedy_insertion_refuses_programs_with_other_columns() -> None:
    with pytest.raises(ValueError, match="starts only"):
        greedy.insert(generated("45", 1).program, greedy.by_value)


def test_each_method_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    program = compile_instance(KNAPSACK).program
    save(program, tmp_path / runner.PROGRAM)
    outcome = runner.run("cp-sat", tmp_path, ANY_BUDGET)
    assert outcome.values is not None
    assert (program.stages[0].value(ints(outcome.values)), outcome.bound) == (-9, -9)
    assert outcome.peak_mb is not None
    assert outcome.peak_mb > 10


def test_a_method_that_fails_says_why(tmp_path: Path) -> None:
    """It plans on the tables, and there are none."""
    failed = runner.run("greedy-seats", tmp_path, ANY_BUDGET)
    assert (failed.values, failed.schedule) == (None, None)
    assert "problem.pickle" in failed.note


def test_the_table_has_a_cell_for_each_heading() -> None:
    line = replace(a_line("ours", 1234567.25, None), gap=0.01234, ratio=0.5)
    row = compare.cells(line)
    assert len(row) == len(compare.HEADINGS)
    assert row[:7] == ("case", "ours", "1,234,567.25", "–", "1.234%", "1.0", "–")
    text = list(compare.as_text([compare.HEADINGS, row]))
    assert text[0].index("method") == text[1].index("ours")
    assert list(compare.as_markdown([compare.HEADINGS, row]))[1].count("|") == len(row) + 1
