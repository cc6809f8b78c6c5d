"""What it would take to admit a project that no money admits: which figures of its data to change."""

from __future__ import annotations

from collections.abc import Sequence

from portfolio.domain.text import Text, fill
from portfolio.optimise.explain.words import Catalogue, listed, project, projects
from portfolio.optimise.variables import window
from portfolio.scenario.problem import PlanningProblem

TEMPLATES: Catalogue = {
    "window": Text("要列入，须把{changes}", "to come in, it needs {changes}"),
    "earliest_start": Text("最早开工提前到 {year} 年", "its earliest start brought forward to {year}"),
    "latest_finish": Text("最迟完工推到 {year} 年", "its latest finish put off to {year}"),
    "last_year": Text("规划期延到 {year} 年", "the horizon extended to {year}"),
    "both": Text("{one}并把{other}", "{one} and {other}"),
    "either": Text("{one}，或把{other}", "{one}, or {other}"),
    "included": Text("要列入，情景须先包含{others}", "to come in, it needs {others} in the scenario"),
    "payer": Text(
        "要列入，须有可以支付它的来源：核对 FundingSources 的区县、学段、性质和 ProjectFunding",
        "to come in, it needs a source that may pay it: see county, stages and natures in FundingSources, and"
        " ProjectFunding",
    ),
    "sooner": Text(
        "要提早，须先提早{other}，见该项目的原因",
        "it comes sooner only if {other} does: see the reason of that project",
    ),
    "sooner.out": Text(
        "要列入，须先提早{other}，见该项目的原因",
        "it comes in only if {other} comes sooner: see the reason of that project",
    ),
    "with": Text(
        "要列入，须先使{other}可以列入，见该项目的原因",
        "it comes in only if {other} can: see the reason of that project",
    ),
    "more_time": Text(
        "要列入，须延长规划期，或使{others}更早完工",
        "to come in, it needs a longer horizon, or an earlier end of {others}",
    ),
}


def wider_window(problem: PlanningProblem, key: str) -> Text:
    """A later latest finish, a longer horizon or both; or an earlier start, where that is enough."""
    candidate, last_year = problem.candidates[key], problem.horizon.last_year
    first, last = window(problem, candidate)
    finish, paid = candidate.finish(first), first + len(candidate.profile) - 1
    later = []
    if candidate.latest_finish is not None and finish > candidate.latest_finish:
        later.append(_say("latest_finish", year=finish))
    if max(finish, paid) > last_year:
        later.append(_say("last_year", year=max(finish, paid)))
    changes = later[0] if len(later) == 1 else _say("both", one=later[0], other=later[1])
    if last >= problem.horizon.first_year:
        earlier = _say("earliest_start", year=last)
        changes = _say("either", one=changes, other=earlier)
    return _say("window", changes=changes)


def in_the_scenario(others: Text) -> Text:
    """`others`: the projects that must come before it and that the scenario leaves out."""
    return _say("included", others=others)


def a_payer() -> Text:
    return _say("payer")


def an_earlier(problem: PlanningProblem, other: str, *, late: bool) -> Text:
    """`other`: the project that it waits for, which is late itself."""
    return _say("sooner" if late else "sooner.out", other=project(problem, other))


def with_it(problem: PlanningProblem, other: str) -> Text:
    """`other`: what must come in with it, and cannot."""
    return _say("with", other=project(problem, other))


def more_time(problem: PlanningProblem, others: Sequence[str]) -> Text:
    """`others`: what must come before it, too late as early as they can be."""
    return _say("more_time", others=projects(problem, others))


def names(problem: PlanningProblem, keys: Sequence[str]) -> Text:
    """The names of projects of the workbook, be they in the scenario or not."""
    rows = {row.key: row for row in problem.portfolio.projects}
    found = [(rows[key].name_zh, rows[key].name_en) if key in rows else ("", "") for key in keys]
    return listed([Text(zh or en or key, en or zh or key) for key, (zh, en) in zip(keys, found, strict=True)])


def _say(key: str, **values: object) -> Text:
    return fill(TEMPLATES[key], **values)
