"""Runs one method on one case in a process of its own, and ends it if it does not end itself.

The process reads program.npz from the case's folder, or problem.pickle for a method that plans on the
tables themselves, and leaves METHOD.pickle there.
"""

from __future__ import annotations

import argparse
import os
import pickle
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import peers
from benchmarks.arrays import load
from benchmarks.memory import group_peaks_mb, peak_mb
from portfolio.domain.schedule import Schedule
from portfolio.optimise.program import Ints

GRACE = 1.25
GRACE_S = 60.0
"""A method that takes longer than the limit times GRACE, plus GRACE_S, is ended without an answer."""

LOOK_EVERY_S = 0.3

MENDED = ("highs", "pulp-cbc")
"""Solvers that know whole numbers only approximately."""

PROGRAM, PROBLEM = "program.npz", "problem.pickle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A method's answer: values by column, or a schedule, or neither. `seconds` go from the program in
    memory to the answer; `peak_mb` is for the process's whole life, with programs it started."""

    values: Ints | None = None
    schedule: Schedule | None = None
    bound: float | None = None
    note: str = ""
    seconds: float
    peak_mb: float | None = None


def run(method: str, folder: Path, budget: peers.Budget) -> Outcome:
    """The outcome of a method on the case in `folder`; never raises for what the method does."""
    command = [
        sys.executable, "-c", "from benchmarks.runner import main; main()", method, str(folder),
        "--time-limit", str(budget.time_limit_s), "--workers", str(budget.workers),
        "--seed", str(budget.seed),
    ]  # fmt: skip
    began = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    peaks: dict[int, float] = {}
    complaint = _watch(process, budget.time_limit_s * GRACE + GRACE_S, peaks)
    ended = Outcome(seconds=time.monotonic() - began, peak_mb=round(sum(peaks.values()), 1) or None)
    if complaint is None:
        return replace(ended, note="did not end")
    answer = folder / f"{method}.pickle"
    if process.returncode or not answer.exists():
        last = complaint.strip().rpartition("\n")[2] or f"ended with {process.returncode}"
        return replace(ended, note=last)
    outcome: Outcome = pickle.loads(answer.read_bytes())
    return replace(outcome, peak_mb=max(outcome.peak_mb or 0.0, ended.peak_mb or 0.0))


def _watch(process: subprocess.Popen[str], seconds: float, peaks: dict[int, float]) -> str | None:
    """What the process wrote to stderr, None if it had to be ended; `peaks` gets the memory of each
    process of its group, for a solver may start programs of its own."""
    deadline = time.monotonic() + seconds
    try:
        while time.monotonic() < deadline:
            peaks |= group_peaks_mb(process.pid)
            try:
                return process.communicate(timeout=LOOK_EVERY_S)[1]
            except subprocess.TimeoutExpired:
                continue
        return None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _solve(method: str, folder: Path, budget: peers.Budget) -> Outcome:
    program = load(folder / PROGRAM)
    began = time.monotonic()
    answer = peers.METHODS[method](program, budget, folder)
    seconds, peak, values = time.monotonic() - began, peak_mb(), answer.values
    if values is not None and method in MENDED:
        values = peers.mend(program, values, budget)
    return Outcome(values=values, bound=answer.bound, note=answer.note, seconds=seconds, peak_mb=peak)


def _plan(method: str, folder: Path) -> Outcome:
    from benchmarks.greedy_plan import PLANNERS

    problem = pickle.loads((folder / PROBLEM).read_bytes())
    began = time.monotonic()
    schedule = PLANNERS[method](problem)
    return Outcome(schedule=schedule, seconds=time.monotonic() - began, peak_mb=peak_mb())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("method")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    budget = peers.Budget(time_limit_s=arguments.time_limit, workers=arguments.workers, seed=arguments.seed)
    solves = arguments.method in peers.METHODS
    outcome = (
        _solve(arguments.method, arguments.folder, budget)
        if solves
        else _plan(arguments.method, arguments.folder)
    )
    (arguments.folder / f"{arguments.method}.pickle").write_bytes(pickle.dumps(outcome))
