"""Solves a ppsx/1 file with our engine and prints one line of JSON.

    python -m benchmarks.solve FILE.json --time-limit 60 --workers 2

The limit is wall time for the whole process, reading and checking included. Ctrl-C ends the search
and keeps the best answer. Exit codes: 0 done, whatever the answer; 2 the file cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks import BEGAN
from benchmarks.memory import peak_mb
from benchmarks.ppsx import UnusableFileError, check, read, value
from benchmarks.ppsx_program import Compiled, compile_instance
from portfolio.domain.schedule import Status
from portfolio.optimise.cpsat import Stop
from portfolio.optimise.engine import Engine, Limits
from portfolio.optimise.program import figure
from portfolio.optimise.solve import run_interruptibly

MARGIN_S = 0.5
"""Kept free of the limit for printing and for Python's own start and end."""

LEAST_SEARCH_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`value` and `bound` in the instance's units, None where there is none; `starts` by job id."""

    status: Status
    starts: Mapping[str, int] = field(default_factory=dict)
    value: Decimal | None = None
    bound: Decimal | None = None

    @property
    def gap(self) -> float | None:
        """|value - bound| / max(1, |value|)."""
        if self.value is None or self.bound is None:
            return None
        return float(abs(self.value - self.bound) / max(Decimal(1), abs(self.value)))


def solve(compiled: Compiled, limits: Limits) -> Answer:
    """The engine's answer, checked and valued from the file's own numbers.

    Raises:
        AssertionError: the answer breaks a rule, which no answer of ours ever should.
    """
    stop = Stop()
    result = run_interruptibly(Engine(compiled.program, limits, stop=stop), stop)
    if result.values is None:
        proven = compiled.rows_exact or result.status is not Status.INFEASIBLE
        return Answer(status=result.status if proven else Status.NO_SOLUTION)
    starts = compiled.starts(result.values)
    wrong = check(compiled.instance, starts)
    if wrong:
        raise AssertionError("the engine's answer breaks rules:\n" + "\n".join(wrong))
    bound = figure(compiled.program.stages[0], result.stages[0].bound) + compiled.value_error
    return Answer(
        status=result.status if compiled.exact else Status.FEASIBLE,
        starts=starts,
        value=value(compiled.instance, starts),
        bound=bound if compiled.rows_exact else None,
    )


def number(amount: Decimal | None) -> int | float | None:
    """For JSON: whole amounts without a fraction."""
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else float(amount)


def _line(compiled: Compiled, answer: Answer, build_seconds: float) -> dict[str, Any]:
    return {
        "name": compiled.instance.name,
        "status": str(answer.status),
        "value": number(answer.value),
        "bound": number(answer.bound),
        "gap": answer.gap,
        "seconds": round(time.monotonic() - BEGAN, 3),
        "peak_mb": peak_mb(),
        "starts": answer.starts,
        "build_seconds": round(build_seconds, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.solve", description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for everything")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    began = time.monotonic()
    try:
        compiled = compile_instance(read(arguments.file))
    except UnusableFileError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from error
    build_seconds = time.monotonic() - began
    # Checking the answer goes over the same figures as building, and is quicker.
    spent = time.monotonic() - BEGAN + MARGIN_S + build_seconds / 2
    limits = Limits(
        time_limit_s=max(LEAST_SEARCH_S, arguments.time_limit - spent),
        seed=arguments.seed,
        workers=arguments.workers,
    )
    answer = solve(compiled, limits)
    print(json.dumps(_line(compiled, answer, build_seconds)))


if __name__ == "__main__":
    main()
