"""Times the shipped scenarios: where the seconds go, and what the engine's settings are worth.

    python -m benchmarks.shipped

Everything is measured in this one run; ratios are against the solve as shipped.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from unittest import mock

from ortools.sat.python import cp_model

from portfolio.optimise import cpsat
from portfolio.optimise.engine import Engine, Limits
from portfolio.optimise.explain.reasons import reasons
from portfolio.optimise.model import compile_problem
from portfolio.optimise.program import Program
from portfolio.optimise.solve import solve
from portfolio.scenario import files
from portfolio.scenario.build import build_problem
from portfolio.scenario.problem import PlanningProblem
from portfolio.workbook.reader import read

SCENARIOS = ("base", "official-2029", "tight-funding", "growth")
ROUNDS = 3
VARIANTS: dict[str, dict[str, int]] = {
    "as shipped": {},
    "one part at a time": {"workers": 1},
    "with cuts": {"cut_level": 1},
    "linearization_level 1": {"linearization_level": 1},
}


def best_of(work: Callable[[], object]) -> float:
    """The shortest of several rounds: what else the machine does only ever adds."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def run_variant(program: Program, changed: dict[str, int]) -> None:
    """One solve with some of CP-SAT's parameters set otherwise."""
    as_shipped = vars(cpsat)["_set"]

    def varied(solver: cp_model.CpSolver, effort: cpsat.Effort) -> None:
        as_shipped(solver, effort)
        for name, value in changed.items():
            if name != "workers":
                setattr(solver.parameters, name, value)

    with mock.patch.object(cpsat, "_set", varied):
        Engine(program, Limits(time_limit_s=120, workers=changed.get("workers", 2))).run()


def measure(problem: PlanningProblem) -> dict[str, float]:
    """Seconds of each step and each variant."""
    program, _ = compile_problem(problem)
    lines = {"compile": best_of(partial(compile_problem, problem))}
    for variant, changed in VARIANTS.items():
        lines[f"solve, {variant}"] = best_of(partial(run_variant, program, changed))
    result = solve(problem)
    if result.schedule is not None:
        lines["reasons"] = best_of(partial(reasons, problem, result))
    return lines


def main() -> None:
    portfolio = read(Path("data/projects.xlsx")).portfolio
    if portfolio is None:
        raise SystemExit("data/projects.xlsx has errors; portfolio import --dry-run lists them")
    print(f"{'scenario':<16}{'what':<30}{'seconds':>8}{'ratio':>8}")
    for name in SCENARIOS:
        lines = measure(build_problem(portfolio, files.load(files.find(name))))
        for what, seconds in lines.items():
            print(f"{name:<16}{what:<30}{seconds:>8.2f}{seconds / lines['solve, as shipped']:>8.2f}")


if __name__ == "__main__":
    main()
