"""Times the shipped scenarios: where the seconds go, and what the engine's settings are worth.

    make bench

Everything is measured in this one run; ratios are against the solve as shipped.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ortools.sat.python import cp_model

from portfolio.optimise.engine import Engine, Limits
from portfolio.optimise.model import compile_problem
from portfolio.optimise.program import Program
from portfolio.optimise.reasons import reasons
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


class Varied(Engine):
    """The engine with some of CP-SAT's parameters set otherwise."""

    changed: dict[str, int]

    def _set(self, solver: cp_model.CpSolver, budget: float) -> None:
        super()._set(solver, budget)
        for name, value in self.changed.items():
            setattr(solver.parameters, name, value)


def best_of(work: Callable[[], object]) -> float:
    """The shortest of several rounds: what else the machine does only ever adds."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def run_variant(program: Program, changed: dict[str, int]) -> None:
    engine = Varied(program, Limits(time_limit_s=120, workers=changed.get("workers", 2)))
    engine.changed = {name: value for name, value in changed.items() if name != "workers"}
    engine.run()


def measure(problem: PlanningProblem) -> dict[str, float]:
    """Seconds of each step and each variant."""
    program, _ = compile_problem(problem)
    lines = {"compile": best_of(partial(compile_problem, problem))}
    for variant, changed in VARIANTS.items():
        lines[f"solve, {variant}"] = best_of(partial(run_variant, program, changed))
    schedule = solve(problem).schedule
    if schedule is not None:
        lines["reasons"] = best_of(partial(reasons, problem, schedule))
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
