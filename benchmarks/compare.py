"""Our engine against its peers on the same instances, in one run.

    python -m benchmarks.compare --sizes 45,300 --seed 1 --workers 2
    python -m benchmarks.compare --sizes "" --files FILE.json --time-limit 90

Generated portfolios are compared on their first objective, missing seats. Every answer is judged
anew: starts are rounded, the rules checked without a solver and the value recomputed. `gap` is
against the best bound that any method proved; a bound that a checked answer refutes does not count.
"""

from __future__ import annotations

import argparse
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import inf
from pathlib import Path

from benchmarks import generate, plain, ppsx, runner
from benchmarks.arrays import save
from benchmarks.greedy_plan import PLANNERS
from benchmarks.peers import Budget
from benchmarks.ppsx_program import compile_instance
from portfolio import rules
from portfolio.optimise.model import compile_problem
from portfolio.optimise.program import NO_JOB, Ints, Program
from portfolio.optimise.solve import read_schedule
from portfolio.rules.objectives import VALUES
from portfolio.scenario.problem import PlanningProblem

OURS = "ours"
SOLVERS = (OURS, "cp-sat", "highs", "pulp-cbc")
GREEDY = ("greedy-value", "greedy-ratio")
METHODS = (*SOLVERS, *PLANNERS, *GREEDY)

SECONDS = {"45": 60.0, "300": 60.0, "2000": 150.0, "10000": 300.0}
FILE_SECONDS = 60.0

PLAIN = "plain-"
PLAIN_SIZES = ("plain-25", "plain-45", "plain-300")
SIZES = (*generate.SIZES, *PLAIN_SIZES)
"""Generated portfolios with all the rules, and counties with nothing but short money."""

LATE, LATE_S = 1.05, 1.0
"""An answer after LATE times the limit and LATE_S is told from one in time."""

NOISE = 1e-6
"""Solvers' bounds are doubles: a relative excess of this size refutes nothing."""

Judge = Callable[[runner.Outcome], tuple[Decimal | None, str]]
"""The true value of an answer, or None and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Case:
    """An instance as every method gets it. `problem` is there for methods that plan on the tables."""

    name: str
    seconds: float
    program: Program
    methods: tuple[str, ...]
    judge: Judge
    problem: PlanningProblem | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What a method reached on an instance; `value`, `bound` and `gap` are None where there is none."""

    case: str
    method: str
    value: float | None
    bound: float | None
    seconds: float
    peak_mb: float | None
    note: str
    gap: float | None = None
    ratio: float | None = None


HEADINGS = ("instance", "method", "value", "bound", "gap", "seconds", "peak MB", "ours / best peer", "note")


# --- the instances ------------------------------------------------------------------------------


def generated(size: str, seed: int) -> Case:
    """A generated portfolio with its first objective only."""
    problem = (
        plain.problem(int(size[len(PLAIN) :]), seed) if size in PLAIN_SIZES else generate.problem(size, seed)
    )
    problem = replace(problem, order=problem.order[:1])
    program, variables = compile_problem(problem)

    def judge(outcome: runner.Outcome) -> tuple[Decimal | None, str]:
        schedule = outcome.schedule
        if outcome.values is not None:
            wrong = _broken(program, outcome.values)
            if wrong:
                return None, wrong
            schedule = read_schedule(problem, variables, outcome.values)
        if schedule is None:
            return None, outcome.note
        violations = rules.check(problem, schedule)
        if violations:
            return None, f"invalid: {len(violations)} rules broken, first {violations[0].text.en}"
        return VALUES[problem.order[0]](problem, schedule), ""

    name = f"{size} projects, seed {seed}"
    return Case(name, SECONDS.get(size, FILE_SECONDS), program, (*SOLVERS, *PLANNERS), judge, problem)


def from_file(path: Path) -> Case:
    """A ppsx/1 file.

    Raises:
        UnusableFileError: it is none.
    """
    compiled = compile_instance(ppsx.read(path))

    def judge(outcome: runner.Outcome) -> tuple[Decimal | None, str]:
        if outcome.values is None:
            return None, outcome.note
        starts = compiled.starts(outcome.values)
        wrong = ppsx.check(compiled.instance, starts)
        if wrong:
            return None, f"invalid: {len(wrong)} rules broken, first {wrong[0]}"
        return ppsx.value(compiled.instance, starts), ""

    return Case(compiled.instance.name, FILE_SECONDS, compiled.program, (*SOLVERS, *GREEDY), judge)


def _broken(program: Program, values: Ints) -> str:
    outside = ((values < program.low) | (values > program.high)).sum()
    rows = len(program.matrix.broken(values))
    if not outside and not rows:
        return ""
    starts = int(values[program.job != NO_JOB].sum())
    return f"invalid: {starts} starts, {rows} rows and {outside} column bounds broken"


# --- the comparison -----------------------------------------------------------------------------


def compare(case: Case, methods: Sequence[str], budget: Budget) -> list[Line]:
    """Runs the methods one after another, each with the whole budget."""
    lines = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        save(case.program, folder / runner.PROGRAM)
        if case.problem is not None:
            (folder / runner.PROBLEM).write_bytes(pickle.dumps(case.problem))
        for method in methods:
            sys.stderr.write(f"{case.name}: {method}\n")
            line = _judged(case, method, runner.run(method, folder, budget))
            late = line.seconds > budget.time_limit_s * LATE + LATE_S
            lines.append(_noted(line, "over its time") if late else line)
    return with_gaps(lines, case.program.stages[0].sign)


def _judged(case: Case, method: str, outcome: runner.Outcome) -> Line:
    value, note = case.judge(outcome)
    stage = case.program.stages[0]
    bound = None if outcome.bound is None else stage.sign * outcome.bound / stage.divisor
    shown = None if value is None else float(value)
    return Line(case.name, method, shown, bound, outcome.seconds, outcome.peak_mb, note)


def with_gaps(lines: Sequence[Line], sign: int) -> list[Line]:
    """Gaps to the best sound bound, and ours as a ratio of the best peer's.

    `sign` is 1 where the value is to be small and -1 where it is to be large.
    """
    values = [line.value for line in lines if line.value is not None]
    best = min(values, key=lambda value: sign * value) if values else None
    sound = [
        line if line.bound is None or best is None or not _refuted(line.bound, best, sign)
        else _noted(replace(line, bound=None), f"wrong bound {line.bound:.6g}")
        for line in lines
    ]  # fmt: skip
    bounds = [line.bound for line in sound if line.bound is not None]
    if not bounds or best is None:
        return sound
    tightest = max(bounds, key=lambda bound: sign * bound)
    judged = [replace(line, gap=_gap(line.value, tightest, sign)) for line in sound]
    peers = [line.gap for line in judged if line.method != OURS and line.gap is not None]
    return [
        replace(line, ratio=_ratio(line.gap, min(peers))) if line.method == OURS and peers else line
        for line in judged
    ]


def _noted(line: Line, remark: str) -> Line:
    return replace(line, note="; ".join(filter(None, (line.note, remark))))


def _refuted(bound: float, value: float, sign: int) -> bool:
    return sign * (bound - value) > NOISE * max(1.0, abs(value))


def _gap(value: float | None, bound: float, sign: int) -> float | None:
    if value is None:
        return None
    return max(0.0, sign * (value - bound)) / max(1.0, abs(value))


def _ratio(ours: float | None, peer: float) -> float | None:
    """Below 1: ours is closer to the best there can be."""
    if ours is None:
        return None
    if ours == peer:
        return 1.0
    return ours / peer if peer > 0 else inf


# --- the table ----------------------------------------------------------------------------------


def cells(line: Line) -> tuple[str, ...]:
    return (
        line.case,
        line.method,
        _figure(line.value),
        _figure(line.bound),
        "–" if line.gap is None else f"{line.gap:.3%}",
        f"{line.seconds:.1f}",
        "–" if line.peak_mb is None else f"{line.peak_mb:.0f}",
        "" if line.ratio is None else f"{line.ratio:.2f}",
        line.note,
    )


def _figure(number: float | None) -> str:
    return "–" if number is None else f"{number:,.3f}".rstrip("0").rstrip(".")


def as_text(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Columns side by side, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = [
            text.ljust(width) if place in (0, 1, len(row) - 1) else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(padded).rstrip()


def as_markdown(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    marks = tuple("---" if place in (0, 1, len(HEADINGS) - 1) else "---:" for place in range(len(HEADINGS)))
    for row in (rows[0], marks, *rows[1:]):
        yield f"| {' | '.join(row)} |"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.compare", description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default="45,300", help=f"of {', '.join(SIZES)}; default 45,300")
    parser.add_argument("--seed", type=int, default=1, help="of the portfolios and the solvers")
    parser.add_argument("--files", type=Path, nargs="+", default=[], help="ppsx/1 instances")
    parser.add_argument("--time-limit", type=float, help="seconds for each method; default: by size")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--methods", default=",".join(METHODS), help="some of the methods, separated by commas"
    )
    parser.add_argument("--markdown", type=Path, help="also write the table to this file")
    arguments = parser.parse_args()
    for option, known in (("sizes", SIZES), ("methods", METHODS)):
        names = [name.strip() for name in getattr(arguments, option).split(",") if name.strip()]
        setattr(arguments, option, names)
        unknown = [name for name in names if name not in known]
        if unknown:
            parser.error(f"--{option}: no {', '.join(unknown)}; there are {', '.join(known)}")
    return arguments


def main() -> None:
    arguments = _arguments()
    try:
        cases = [from_file(path) for path in arguments.files]
    except ppsx.UnusableFileError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from error
    cases = [generated(size, arguments.seed) for size in arguments.sizes] + cases
    rows: list[tuple[str, ...]] = [HEADINGS]
    for case in cases:
        methods = [method for method in case.methods if method in arguments.methods]
        seconds = arguments.time_limit or case.seconds
        budget = Budget(time_limit_s=seconds, workers=arguments.workers, seed=arguments.seed)
        rows += [cells(line) for line in compare(case, methods, budget)]
    print("\n".join(as_text(rows)))
    if arguments.markdown:
        arguments.markdown.write_text("\n".join(as_markdown(rows)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
