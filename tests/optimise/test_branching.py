"""Branch and cut: what it finds and claims, against trying everything; and how it ends early."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import partial
from typing import Any
from unittest.mock import patch

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import plain
from portfolio.domain.schedule import Status
from portfolio.optimise import branching, engine
from portfolio.optimise.branching import Proof, prove
from portfolio.optimise.cpsat import Objective, Stop
from portfolio.optimise.engine import Engine, EngineResult, Limits
from portfolio.optimise.followers import Followers, wishes
from portfolio.optimise.joint import Guide
from portfolio.optimise.model import compile_problem
from portfolio.optimise.program import Ints, Program, ints
from portfolio.optimise.subprogram import with_row
from portfolio.scenario.problem import PlanningProblem
from tests.builders import a_problem, a_project, a_source, caps, demand, seats
from tests.optimise.programs import as_set, objective_of, optimum, programs, solutions

ALL = list(HealthCheck)


def proof(
    program: Program, hint: Ints, *, seconds: float = 20, stop: Stop | None = None, guide: Guide | None = None
) -> Proof:
    return prove(
        program,
        objective_of(program),
        hint,
        deadline=time.monotonic() + seconds,
        gap=0.0,
        seed=1,
        stop=stop or Stop(),
        guide=guide,
    )


@given(program=programs(solvable=True), data=st.data())
@settings(max_examples=150, suppress_health_check=ALL)
def test_the_proof_is_that_of_trying_everything(program: Program, data: st.DataObject) -> None:
    found, objective = solutions(program), objective_of(program)
    hint = found[data.draw(st.integers(0, len(found) - 1))]
    answer = proof(program, hint)
    assert answer.finished
    assert answer.values is not None
    assert tuple(answer.values.tolist()) in as_set(found)
    assert objective.value(answer.values) == answer.bound == optimum(program, objective)


@given(program=programs(solvable=True), data=st.data())
@settings(max_examples=100, suppress_health_check=ALL)
def test_a_guide_changes_nothing_of_it(program: Program, data: st.DataObject) -> None:
    costs = ints([data.draw(st.integers(-9, 9)) for _ in range(len(program))])
    first, objective = Objective(np.flatnonzero(costs), costs[costs != 0]), objective_of(program)
    found = solutions(program)
    least = min(first.value(values) for values in found)
    left = [values for values in found if first.value(values) == least]
    kept = with_row(program, first.columns, first.coefficients, least)
    answer = proof(kept, data.draw(st.sampled_from(left)), guide=Guide(first, least))
    assert answer.finished
    assert answer.values is not None
    assert answer.bound == min(objective.value(values) for values in left) == objective.value(answer.values)


def schools(count: int = 24) -> PlanningProblem:
    """One county whose money is short: unequal schools, two to three years each."""
    return a_problem(
        [a_project(f"p{i}", cost=7 + 13 * i % 29, duration=2 + i % 2) for i in range(count)],
        sources=[a_source("s")],
        caps=[caps(*[31 + 7 * year % 11 for year in range(8)])],
        years=8,
        seats=[seats(f"p{i}", 37 + 61 * i % 97) for i in range(count)],
        demand=[demand(1900)],
        settings={"objective": {"order": ["seat_shortage"]}},
    )


def hard(limits: Limits) -> EngineResult:
    """As if CP-SAT had been cut off at once."""
    program, _ = compile_problem(schools())
    with patch.object(engine, "QUICK_EFFORT", 1e-6):
        return Engine(program, limits).run()


def test_a_hard_part_is_proven_where_cpsat_is_cut_off_and_the_same_again() -> None:
    program, _ = compile_problem(schools())
    expected = Engine(program, Limits(time_limit_s=60)).run()
    one, two = (hard(Limits(time_limit_s=60, workers=2)) for _ in range(2))
    assert expected.status is one.status is Status.OPTIMAL
    assert one.stages == expected.stages
    assert one.values is not None
    assert two.values is not None
    assert one.values.tolist() == two.values.tolist()
    assert one.stopped == ""


def test_one_worker_proves_it_too() -> None:
    assert hard(Limits(time_limit_s=60)).status is Status.OPTIMAL


def test_a_stop_beforehand_ends_at_once() -> None:
    program, _ = compile_problem(schools())
    stop = Stop()
    stop.set()
    hint = Engine(program, Limits(time_limit_s=60)).run().values
    assert hint is not None
    assert proof(program, hint, stop=stop) == Proof(None, None, finished=False)


def test_without_time_nothing_is_claimed() -> None:
    program, _ = compile_problem(schools())
    hint = Engine(program, Limits(time_limit_s=60)).run().values
    assert hint is not None
    assert proof(program, hint, seconds=-1) == Proof(None, None, finished=False)


def test_a_stop_just_before_the_solver_begins_is_not_lost() -> None:
    program, _ = compile_problem(plain.problem(45))
    hint = Followers(program, wishes(program)).settled(program.low)
    stop, real = Stop(), vars(branching)["_solver"]

    def stopped(*arguments: Any, **named: Any) -> Any:
        solver = real(*arguments, **named)
        stop.set()
        return solver

    began = time.monotonic()
    with patch.object(branching, "_solver", stopped):
        proof(program, hint, seconds=40, stop=stop)
    assert time.monotonic() - began < 20


INTERRUPTED = """
import signal, threading, time
from portfolio.optimise import branching, solve
from portfolio.optimise.cpsat import Stop
from portfolio.optimise.engine import Engine, Limits
from portfolio.optimise.model import compile_problem
from benchmarks import plain

# A run in the background, as of a nightly build, passes on that it ignores Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
began = threading.Event()
real = branching._solver

def told(*arguments, **named):
    began.set()
    return real(*arguments, **named)

branching._solver = told
program, _ = compile_problem(plain.problem(45))

def press():
    began.wait(60)
    time.sleep(1)
    signal.raise_signal(signal.SIGINT)

threading.Thread(target=press, daemon=True).start()
stop, start = Stop(), time.monotonic()
result = solve.run_interruptibly(Engine(program, Limits(time_limit_s=120, workers=2), stop=stop), stop)
print(result.stopped, time.monotonic() - start < 60)
"""


def test_ctrl_c_ends_it_and_is_not_taken_away_by_the_solver() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=150, check=False
    )
    assert (done.stdout.split(), done.stderr) == (["interrupted", "True"], "")


def test_a_bound_allows_for_what_doubles_may_be_wrong() -> None:
    rounded = partial(vars(branching)["_bound"], Objective(ints([0, 1]), ints([3, 4])))
    assert rounded(205_331.2) == 205_332
    assert rounded(205_332.000001) == 205_332
    assert rounded(205_331.2, spare=332) == 205_000
    assert rounded(1e20) is rounded(-1e20) is None


def test_a_bound_is_a_figure_that_the_objective_can_be() -> None:
    """Costs in whole 万元: what 11 hundredths rule out, 99 do."""
    hundreds = Objective(ints([0, 1]), ints([300, 200]))
    assert vars(branching)["_bound"](hundreds, 14_841_211.0) == 14_841_300
