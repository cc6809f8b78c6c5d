"""How firmly each project of a scenario is in or out: the scenario solved under many variations.

The variations are the scenario itself, every scenario beside it with the same projects, and the scenario
with its caps, demand and costs scaled by the factors below. Each is solved with all its objectives, so that
its schedule is the one that `portfolio schedule` would make.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from portfolio import service
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.progress import SolveEvent, SolveListener
from portfolio.domain.robustness import Outcome, RobustnessReport, robustness
from portfolio.domain.schedule import Result, Status
from portfolio.domain.text import Text
from portfolio.errors import InputRefusedError, UsageError
from portfolio.optimise.explain import words_money as words
from portfolio.scenario import files
from portfolio.scenario.build import build_problem
from portfolio.scenario.problem import PlanningProblem
from portfolio.scenario.settings import Scenario

FACTORS: Mapping[str, tuple[Decimal, ...]] = {
    "caps": (Decimal("0.9"), Decimal("1.1")),
    "demand": (Decimal("0.95"), Decimal("1.05")),
    "costs": (Decimal("1.1"),),
}
"""What is scaled, and by how much. A figure that the scenario itself gives is not scaled (docs/scenarios.md)."""

SECTIONS = {"caps": "funding", "demand": "demand", "costs": "costs"}
"""The section of a scenario that has the scale."""


@dataclass(frozen=True, slots=True)
class Variation:
    """`name` stands in tables and JSON: "base", "scenario:growth", "caps*0.9"."""

    name: str
    text: Text
    problem: PlanningProblem


def assess(portfolio: Portfolio, path: Path, listener: SolveListener | None = None) -> RobustnessReport:
    """The label of every project of the scenario in `path`. Ctrl-C keeps the variations that are done.

    Raises:
        UsageError, InputRefusedError: the scenario cannot be used.
        CheckFailedError: a schedule breaks a rule.
    """
    scenario = files.load(path)
    problem = build_problem(portfolio, scenario)
    shipped, left_out = _shipped(portfolio, path, problem)
    variations = [
        Variation("base", words.say("robust.base", scenario=scenario.name), problem),
        *shipped,
        *_scaled(portfolio, scenario),
    ]
    results = _solved(variations, listener)
    outcomes = tuple(_outcome(v, results[v.name]) for v in variations if v.name in results)
    stopped = "interrupted" if len(outcomes) < len(variations) else ""
    return RobustnessReport(
        outcomes=outcomes,
        projects=robustness(problem.candidates, outcomes),
        notes=tuple(_notes(outcomes, left_out, stopped)),
        stopped=stopped,
    )


def _shipped(portfolio: Portfolio, path: Path, problem: PlanningProblem) -> tuple[list[Variation], list[str]]:
    """The scenarios beside this one that have the same projects, and the names of those that do not."""
    same: list[Variation] = []
    others: list[str] = []
    for beside in sorted(path.resolve().parent.glob("*.toml")):
        if beside == path.resolve():
            continue
        try:
            built = build_problem(portfolio, files.load(beside))
        except (UsageError, InputRefusedError):
            others.append(beside.stem)
            continue
        if built.candidates.keys() == problem.candidates.keys():
            text = words.say("robust.scenario", scenario=beside.stem)
            same.append(Variation(f"scenario:{beside.stem}", text, built))
        else:
            others.append(beside.stem)
    return same, others


def _scaled(portfolio: Portfolio, scenario: Scenario) -> Iterator[Variation]:
    for what, factors in FACTORS.items():
        for factor in factors:
            section = getattr(scenario, SECTIONS[what])
            scaled = section.model_copy(update={"scale": section.scale * factor})
            changed = scenario.model_copy(update={SECTIONS[what]: scaled})
            text = words.say(f"robust.{what}", factor=factor)
            yield Variation(f"{what}*{factor}", text, build_problem(portfolio, changed))


def _solved(variations: list[Variation], listener: SolveListener | None) -> dict[str, Result]:
    """The checked result of each variation that was finished."""
    from portfolio.optimise.explain.variations import solve_all

    began, total = time.monotonic(), len(variations)

    def told(done: int) -> None:
        if listener is not None:
            seconds = time.monotonic() - began
            listener(SolveEvent("robustness", min(done + 1, total), total, None, None, None, seconds))

    told(0)
    results = solve_all({v.name: v.problem for v in variations}, side_by_side(), told)
    for variation in variations:
        if variation.name in results:
            service.verify(variation.problem, results[variation.name])
    return results


def side_by_side() -> int:
    """How many variations are solved at a time: one for each processor."""
    return os.cpu_count() or 1


def _outcome(variation: Variation, result: Result) -> Outcome:
    starts = result.schedule.starts if result.schedule else {}
    return Outcome(variation.name, variation.text, result.status, starts)


def _notes(outcomes: tuple[Outcome, ...], left_out: list[str], stopped: str) -> Iterator[Text]:
    yield words.say("robust.meaning")
    told = {
        Status.INFEASIBLE: "robust.infeasible",
        Status.NO_SOLUTION: "robust.no_solution",
        Status.FEASIBLE: "robust.unproven",
    }
    for outcome in outcomes:
        if outcome.status in told:
            yield words.say(told[outcome.status], variation=outcome.text)
    if outcomes and not any(outcome.has_schedule for outcome in outcomes):
        yield words.say("robust.none")
    if left_out:
        yield words.say("robust.other_projects", scenarios=Text("、".join(left_out), ", ".join(left_out)))
    if stopped:
        yield words.say("robust.interrupted")
