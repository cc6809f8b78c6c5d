"""The one entry point: a planning problem in, a result with an honest status out."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

from portfolio.domain.money import Money
from portfolio.domain.progress import SolveEvent, SolveListener
from portfolio.domain.schedule import Objective, Result, Schedule, Status
from portfolio.optimise.conflict import find_conflicts
from portfolio.optimise.cpsat import Stop
from portfolio.optimise.engine import Engine, EngineResult, Limits, Progress
from portfolio.optimise.funds import ClassKey, allot
from portfolio.optimise.model import compile_problem
from portfolio.optimise.program import Ints, Program, figure
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem


def solve(
    problem: PlanningProblem,
    listener: SolveListener | None = None,
    before: Mapping[str, int] | None = None,
) -> Result:
    """The best schedule in the scenario's order of objectives, or why there is none.

    `before` may hold the starts of an earlier schedule. Where the problem is too large to be solved
    whole they are one of the solutions that the search may begin with; otherwise they play no part, so
    that equal input gives an equal schedule.

    Ctrl-C ends the search and keeps the best schedule found; a second one ends the program.
    `listener` is told of each step, from another thread.
    """
    settings = problem.solver
    limits = Limits(
        time_limit_s=settings.time_limit_s,
        gap=settings.gap,
        seed=settings.seed,
        workers=settings.workers,
    )
    program, variables = compile_problem(problem)
    stop = Stop()
    engine = Engine(
        program,
        limits,
        problem.tolerance,
        stop,
        _teller(program, listener),
        variables.columns_of(before or {}),
    )
    answer = run_interruptibly(engine, stop)
    if answer.status is Status.INFEASIBLE:
        return _conflicting(problem)
    if answer.values is None:
        return Result(Status.NO_SOLUTION, stopped=answer.stopped)
    schedule = read_schedule(problem, variables, answer.values)
    objectives = tuple(
        Objective(
            stage.name,
            figure(stage, result.value),
            figure(stage, result.bound),
            result.proven,
        )
        for stage, result in zip(program.stages, answer.stages, strict=True)
    )
    return Result(answer.status, schedule, objectives, stopped=answer.stopped)


def _conflicting(problem: PlanningProblem) -> Result:
    """The first conflict, and those of requirements that it does not name."""
    found = find_conflicts(problem)
    if not found:
        return Result(Status.INFEASIBLE, minimal=False)
    first, *others = found
    return Result(
        Status.INFEASIBLE, conflict=first.members, minimal=first.minimal, other_conflicts=tuple(others)
    )


def read_schedule(problem: PlanningProblem, variables: Variables, values: Ints) -> Schedule:
    """The starts and draws behind the columns' values."""
    starts = variables.chosen(values)
    drawn: dict[tuple[ClassKey, int, str], Money] = {
        where: int(values[column]) for where, column in variables.draws.items()
    }
    return Schedule(starts, allot(problem, variables.payers, starts, drawn))


def run_interruptibly(engine: Engine, stop: Stop) -> EngineResult:
    """CP-SAT does not return to Python while it searches; a thread of its own lets Ctrl-C through."""
    outcome: list[EngineResult | BaseException] = []
    done = threading.Event()

    def work() -> None:
        try:
            outcome.append(engine.run())
        except BaseException as error:
            # Raised again below, in the caller's thread.
            outcome.append(error)
        finally:
            done.set()

    threading.Thread(target=work, name="solve", daemon=True).start()
    while not done.is_set():
        try:
            # Not thread.join: interrupted, it takes the thread for dead.
            done.wait(0.1)
        except KeyboardInterrupt:
            if stop.is_set():
                raise
            stop.set()
    result = outcome[0]
    if isinstance(result, BaseException):
        raise result
    return result


def _teller(program: Program, listener: SolveListener | None) -> Progress | None:
    if listener is None:
        return None
    began = time.monotonic()

    def tell(index: int, value: int | None, bound: int | None) -> None:
        stage = program.stages[index]
        shown = None if value is None else figure(stage, value)
        limit = None if bound is None else figure(stage, bound)
        gap = None
        if shown is not None and limit is not None:
            gap = Objective(stage.name, shown, limit, proven=False).gap
        listener(
            SolveEvent(
                stage=stage.name,
                position=index + 1,
                stages=len(program.stages),
                value=None if shown is None else float(shown),
                bound=None if limit is None else float(limit),
                gap=gap,
                seconds=time.monotonic() - began,
            )
        )

    return tell
