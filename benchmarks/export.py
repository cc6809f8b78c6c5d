"""Times each writer of a plan's files, and measures its memory, on plans of several sizes.

    python -m benchmarks.export
    python -m benchmarks.export 20000 --counties 400 --only xlsx

The plans are greedy ones over generated portfolios, so that no solver is needed. Each writer runs in
a process of its own that reads the plan from a file; its seconds do not count the reading, its memory
does.
"""

from __future__ import annotations

import argparse
import importlib
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import generate
from benchmarks.greedy_plan import by_priority
from benchmarks.memory import peak_mb
from portfolio.domain.schedule import Reason, Result, Status
from portfolio.domain.text import Text
from portfolio.rules.evaluate import evaluate
from portfolio.scenario.build import build_problem
from portfolio.scenario.plan import Plan

SIZES = (2_000, 20_000)
PROJECTS_PER_COUNTY = 50
WRITERS = {
    "xlsx": "portfolio.report.workbook.book",
    "html": "portfolio.report.html",
    "xml": "portfolio.report.mspdi",
    "json": "portfolio.report.json_document",
}
"""Ending -> the module whose `write` makes the file; schedule.json is a text that others write."""

MB = 1_000_000


def a_plan(projects: int, counties: int, years: int, seed: int = 1) -> Plan:
    """A plan of a generated portfolio; what the money does not reach is left out."""
    problem = build_problem(*generate.portfolio(projects, counties, years, seed))
    schedule = by_priority(problem)
    no_money = Reason("cap", Text("资金上限内排不下", "the caps cannot pay it as well"))
    return Plan(
        problem=problem,
        result=Result(status=Status.FEASIBLE, schedule=schedule),
        evaluation=evaluate(problem, schedule),
        reasons={key: no_money for key in problem.candidates if key not in schedule.starts},
        run="bench",
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
        input_name="projects.xlsx",
        input_sha256="0" * 64,
        versions={"portfolio": "bench"},
    )


def writer(ending: str) -> Callable[[Plan, Path], Any]:
    """What writes the file of this ending."""
    module = importlib.import_module(WRITERS[ending])
    if ending != "json":
        return module.write  # type: ignore[no-any-return]
    return lambda plan, path: path.write_text(module.dumps(plan), encoding="utf-8")


def measure(ending: str, plan_file: Path) -> str:
    """One line: seconds, memory before and at most, size of the file. Meant for a fresh process."""
    plan = pickle.loads(plan_file.read_bytes())
    write, out = writer(ending), plan_file.with_suffix(f".{ending}")
    before, began, used = peak_mb(), time.perf_counter(), time.process_time()
    write(plan, out)
    wall, cpu = time.perf_counter() - began, time.process_time() - used
    size = out.stat().st_size / MB
    return f"{ending:<6}{wall:>9.2f}{cpu:>9.2f}{before:>10.0f}{peak_mb():>10.0f}{size:>10.2f}"


def lines(plan: Plan, endings: list[str]) -> Iterator[str]:
    """A line for each writer, measured in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan"
        file.write_bytes(pickle.dumps(plan))
        for ending in endings:
            command = [sys.executable, "-m", "benchmarks.export", "--measure", ending, str(file)]
            done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[1])
            told = done.stdout or f"{ending:<6} {done.stderr.strip().rpartition(chr(10))[2]}"
            yield told.rstrip("\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("projects", type=int, nargs="*", default=SIZES)
    parser.add_argument("--counties", type=int, help="default: one for 50 projects")
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--only", nargs="+", choices=WRITERS, default=list(WRITERS))
    parser.add_argument("--measure", nargs=2, metavar=("ENDING", "PLAN"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(measure(arguments.measure[0], Path(arguments.measure[1])))
        return
    for projects in arguments.projects:
        counties = arguments.counties or max(1, projects // PROJECTS_PER_COUNTY)
        print(f"{projects:,} projects, {counties} counties, {arguments.years} years", flush=True)
        print(
            f"{'file':<6}{'wall s':>9}{'cpu s':>9}{'plan MB':>10}{'peak MB':>10}{'file MB':>10}", flush=True
        )
        for line in lines(a_plan(projects, counties, arguments.years), arguments.only):
            print(line, flush=True)


if __name__ == "__main__":
    main()
