"""Many problems solved side by side; Ctrl-C keeps those that are done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from portfolio.domain.schedule import Result, Status
from portfolio.optimise.cpsat import Stop
from portfolio.optimise.engine import Engine, Limits
from portfolio.optimise.model import compile_problem
from portfolio.optimise.solve import read_schedule
from portfolio.scenario.problem import PlanningProblem

Told = Callable[[int], None]
"""Told how many are done."""


def solve_all(
    problems: Mapping[str, PlanningProblem], side_by_side: int, told: Told = lambda _: None
) -> dict[str, Result]:
    """The best schedule of each problem within its own time limit; the conflict of an infeasible one is not
    looked for. What Ctrl-C cuts short is left out.

    Each problem gets one worker, so that the answers do not depend on how many run side by side.
    """
    stop = Stop()
    with ThreadPoolExecutor(max(1, side_by_side)) as pool:
        pending = {pool.submit(_solved, problem, stop): name for name, problem in problems.items()}
        every = dict(pending)
        while pending:
            try:
                # Short waits let Ctrl-C through; a second one ends the program.
                finished, _ = wait(pending, timeout=0.1, return_when=FIRST_COMPLETED)
            except KeyboardInterrupt:
                if stop.is_set():
                    raise
                stop.set()
                continue
            for future in finished:
                del pending[future]
                told(len(problems) - len(pending))
    results = {name: future.result() for future, name in every.items()}
    return {name: result for name, result in results.items() if result.stopped != "interrupted"}


def _solved(problem: PlanningProblem, stop: Stop) -> Result:
    if stop.is_set():
        return Result(Status.NO_SOLUTION, stopped="interrupted")
    settings = problem.solver
    limits = Limits(time_limit_s=settings.time_limit_s, gap=settings.gap, seed=settings.seed)
    program, variables = compile_problem(problem)
    answer = Engine(program, limits, problem.tolerance, stop).run()
    if answer.values is None:
        return Result(answer.status, stopped=answer.stopped)
    schedule = read_schedule(problem, variables, answer.values)
    return Result(answer.status, schedule, stopped=answer.stopped)
