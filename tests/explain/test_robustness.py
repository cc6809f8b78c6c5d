"""Labels by construction: what is certain, what is too dear, and what a tenth more money decides."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portfolio import robustness
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.progress import SolveEvent
from portfolio.domain.robustness import Label, Robustness, RobustnessReport
from portfolio.domain.schedule import Status
from portfolio.errors import UsageError
from portfolio.optimise.explain import variations
from tests.builders import a_project, a_source, caps, demand, seats

HORIZON = "[horizon]\nfirst_year = 2021\nlast_year = 2023\n"

PORTFOLIO = Portfolio(
    projects=(
        a_project("certain", cost=10, mandatory=True),
        a_project("tight", cost=95),
        a_project("dear", cost=1000),
    ),
    seats=(seats("tight", 50), seats("dear", 50)),
    funding_sources=(a_source("s"),),
    funding_caps=(caps(100),),
    demand=(demand(100),),
)
"""`certain` leaves 90 of 100: enough for `tight` only with a tenth more money (110)."""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a scenario file."""

    def written(name: str = "base", more: str = "") -> Path:
        path = tmp_path / f"{name}.toml"
        path.write_text(f"{HORIZON}{more}", encoding="utf-8")
        return path

    return written


def lines(report: RobustnessReport) -> dict[str, Robustness]:
    return {line.project: line for line in report.projects}


def statuses(report: RobustnessReport) -> dict[str, Status]:
    return {outcome.variation: outcome.status for outcome in report.outcomes}


def test_labels_over_the_stated_variations(write: Write) -> None:
    report = robustness.assess(PORTFOLIO, write())
    found = lines(report)
    names = ["base", "caps*0.9", "caps*1.1", "demand*0.95", "demand*1.05", "costs*1.1"]
    assert list(statuses(report)) == names
    assert found["certain"].label is Label.ALWAYS
    assert found["dear"].label is Label.NEVER
    tight = found["tight"]
    assert (tight.label, tight.scheduled, tight.variations) == (Label.BORDERLINE, 1, 6)
    assert tight.left_out_in == tuple(name for name in names if name != "caps*1.1")
    assert (tight.earliest_start, tight.latest_start) == (2021, 2021)
    assert report.stopped == ""


def test_the_scenarios_beside_it_with_the_same_projects_count(write: Write) -> None:
    """With twice the money `tight` comes in; a scenario without `dear`, or one that is broken, is left out."""
    path = write()
    write("rich", "[funding]\nscale = 2.0\n")
    write("smaller", '[projects]\nexclude = ["dear"]\n')
    write("broken", "[fundin]\n")
    report = robustness.assess(PORTFOLIO, path)
    assert list(statuses(report))[:2] == ["base", "scenario:rich"]
    assert lines(report)["tight"].scheduled == 2
    assert any(note.en.endswith(": broken, smaller") for note in report.notes)


def test_the_scenarios_own_scale_is_scaled(write: Write) -> None:
    """Half of 200 is 100: with a tenth more it is 110."""
    rich = replace(PORTFOLIO, funding_caps=(caps(200),))
    found = lines(robustness.assess(rich, write(more="[funding]\nscale = 0.5\n")))
    assert found["tight"].scheduled == 1


def test_infeasible_variations_are_told_and_do_not_count(write: Write) -> None:
    """The mandatory project takes all the money there is: with a tenth less, or dearer by a tenth, nothing works."""
    projects = (a_project("certain", cost=100, mandatory=True), *PORTFOLIO.projects[1:])
    report = robustness.assess(replace(PORTFOLIO, projects=projects), write())
    out = {name for name, status in statuses(report).items() if status is Status.INFEASIBLE}
    assert out == {"caps*0.9", "costs*1.1"}
    assert lines(report)["certain"].label is Label.ALWAYS
    assert lines(report)["certain"].variations == 4
    notes = [note.en for note in report.notes]
    assert "caps × 0.9: infeasible, not counted" in notes
    assert "costs × 1.1: infeasible, not counted" in notes


def test_without_any_schedule_there_is_no_label(write: Write) -> None:
    projects = (a_project("certain", cost=200, mandatory=True), *PORTFOLIO.projects[1:])
    report = robustness.assess(replace(PORTFOLIO, projects=projects), write())
    assert report.projects == ()
    assert any("nothing can be said" in note.en for note in report.notes)


def test_a_schedule_that_is_not_proven_is_marked(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    solved = variations.solve_all

    def unproven(*args: Any, **more: Any) -> Any:
        results = solved(*args, **more)
        return results | {"base": replace(results["base"], status=Status.FEASIBLE)}

    monkeypatch.setattr(variations, "solve_all", unproven)
    report = robustness.assess(PORTFOLIO, write())
    assert lines(report)["certain"].variations == 6
    assert any("not proven optimal; counted" in note.en for note in report.notes)


def test_ctrl_c_keeps_what_is_done(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes when the first variation is finished: one at a time, the others have not begun."""
    monkeypatch.setattr(robustness, "side_by_side", lambda: 1)
    calls: list[int] = []

    def interrupted(pending: Any, **more: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            first = next(iter(pending))
            first.result()
            raise KeyboardInterrupt
        return wait(pending, **more)

    monkeypatch.setattr("portfolio.optimise.explain.variations.wait", interrupted)
    report = robustness.assess(PORTFOLIO, write())
    assert not any("nothing can be said" in note.en for note in report.notes)
    assert report.stopped == "interrupted"
    assert "base" in statuses(report)
    assert len(report.outcomes) < 6
    assert lines(report)["certain"].variations == len(report.outcomes)
    assert any("interrupted" in note.en for note in report.notes)


def test_it_tells_how_far_it_is(write: Write) -> None:
    told: list[SolveEvent] = []
    robustness.assess(PORTFOLIO, write(), told.append)
    assert [(e.stage, e.position, e.stages) for e in told] == [
        ("robustness", min(n, 6), 6) for n in (1, 2, 3, 4, 5, 6, 6)
    ]


def test_the_answer_does_not_depend_on_how_many_run_side_by_side(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write()
    found = []
    for cores in (1, 3):
        monkeypatch.setattr(robustness, "side_by_side", lambda cores=cores: cores)
        found.append(robustness.assess(PORTFOLIO, path))
    assert found[0] == found[1]


def test_a_scenario_that_cannot_be_used_is_refused(write: Write) -> None:
    with pytest.raises(UsageError, match="fundin"):
        robustness.assess(PORTFOLIO, write("broken", "[fundin]\n"))
