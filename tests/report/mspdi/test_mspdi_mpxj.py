"""schedule.xml as MPXJ reads it, the library that ProjectLibre and others open such files with: nothing is
lost, nothing is misread, and its scheduler, which works like Project's, finds the very same dates."""

from __future__ import annotations

import importlib
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from portfolio.domain.text import Lang
from portfolio.report import mspdi
from portfolio.report.labels import source_name
from portfolio.scenario.plan import Plan
from tests import tools
from tests.report.mspdi.opened import Row, aliases_of, all_of, expected, planned, text, values, written
from tests.report.mspdi.plans import LANGS, PLANS, no_schedule, nothing_chosen, related_plan
from tests.report.mspdi.schema import ORDER
from tests.report.workbook.plans import full_plan

SCHEMA = "org.mpxj.mspdi.schema."


@pytest.fixture(scope="module")
def java() -> SimpleNamespace:
    """The classes of MPXJ; a process has one virtual machine, started once."""
    tools.java()
    importlib.import_module("mpxj")  # puts its classes on the path
    jpype: Any = importlib.import_module("jpype")
    if not jpype.isJVMStarted():
        # interrupt=False leaves Ctrl-C to Python, and so to the other tests of this process
        jpype.startJVM("-Xrs", "-Xmx512m", "-XX:TieredStopAtLevel=1", interrupt=False)
    names = {
        "Reader": "org.mpxj.reader.UniversalProjectReader",
        "Writer": "org.mpxj.mspdi.MSPDIWriter",
        "Scheduler": "org.mpxj.cpm.MicrosoftScheduler",
        "TaskField": "org.mpxj.TaskField",
        "File": "java.io.File",
        "Out": "java.io.FileOutputStream",
        "Class": "java.lang.Class",
        "Loader": "java.lang.ClassLoader",
        "Day": "java.time.DayOfWeek",
    }
    return SimpleNamespace(**{short: jpype.JClass(name) for short, name in names.items()})


@pytest.fixture(params=["full", "annex", "related"])
def plan(request: pytest.FixtureRequest) -> Plan:
    return PLANS[request.param]()


def opened(java: SimpleNamespace, path: Path) -> Any:
    """The file as MPXJ has it; it must not have passed over anything."""
    project = java.Reader().read(java.File(str(path)))
    assert [str(error) for error in project.getIgnoredErrors()] == []
    return project


def read(java: SimpleNamespace, plan: Plan, folder: Path, lang: Lang = "both") -> Any:
    mspdi.write(plan, folder / "schedule.xml", lang)
    return opened(java, folder / "schedule.xml")


def moment(value: Any) -> str:
    """A date and time as the file writes it."""
    return "" if value is None else f"{value}:00"


def money(value: Any) -> Decimal:
    return Decimal(0) if value is None else Decimal(str(value.doubleValue()))


def row_of(task: Any) -> Row:
    return Row(
        int(task.getOutlineLevel()),
        str(task.getName()),
        moment(task.getStart()),
        moment(task.getFinish()),
        money(task.getCost()),
        moment(task.getDeadline()),
    )


def rows_of(project: Any) -> list[Row]:
    """All tasks but the one that stands for the whole."""
    return [row_of(task) for task in project.getTasks()][1:]


def dates_of(project: Any) -> list[tuple[str, str, str]]:
    return [(str(t.getStart()), str(t.getFinish()), str(t.getDuration())) for t in project.getTasks()]


@pytest.mark.parametrize("lang", LANGS)
def test_tasks_are_the_plan_s(java: SimpleNamespace, plan: Plan, lang: Lang, tmp_path: Path) -> None:
    assert rows_of(read(java, plan, tmp_path, lang)) == expected(plan, lang).rows


def test_outline_milestones_and_durations_are_read(java: SimpleNamespace, plan: Plan, tmp_path: Path) -> None:
    tasks = list(read(java, plan, tmp_path).getTasks())
    for task in tasks[1:]:
        row = row_of(task)
        assert int(task.getParentTask().getOutlineLevel()) == row.level - 1
        assert bool(task.getMilestone()) == row.milestone
        assert str(task.getDuration().getUnits()) == "d"
        assert str(task.getTaskMode()) == "AUTO_SCHEDULED"
        assert bool(task.getActive())
    for task, below in pairwise(tasks):
        assert bool(task.getSummary()) == (below.getOutlineLevel() > task.getOutlineLevel())


def test_calculating_anew_moves_no_date(java: SimpleNamespace, plan: Plan, tmp_path: Path) -> None:
    project = read(java, plan, tmp_path)
    before = dates_of(project)
    java.Scheduler().schedule(project, project.getProjectProperties().getStartDate())
    assert dates_of(project) == before


def test_a_later_start_moves_what_hangs_on_it(java: SimpleNamespace, tmp_path: Path) -> None:
    plan = related_plan()
    project, place = read(java, plan, tmp_path), expected(plan, "both").place
    tasks = list(project.getTasks())

    def start(key: str, what: str) -> str:
        return moment(tasks[place[key, what] + 1].getStart())

    begins = tasks[place["first", "first"] + 1]
    begins.setConstraintDate(begins.getConstraintDate().plusYears(1))
    java.Scheduler().schedule(project, project.getProjectProperties().getStartDate())
    assert start("first", "construction") == "2022-10-01T08:00:00"
    assert start("second", "first") > "2025-12-31"
    assert start("tied", "preparation") == "2023-01-01T08:00:00"


def test_writing_again_keeps_every_task(java: SimpleNamespace, plan: Plan, tmp_path: Path) -> None:
    project = read(java, plan, tmp_path)
    again = tmp_path / "again.xml"
    with java.Out(str(again)) as out:
        java.Writer().write(project, out)
    assert rows_of(opened(java, again)) == rows_of(project)


def test_links_are_the_file_s(java: SimpleNamespace, plan: Plan, tmp_path: Path) -> None:
    project, place = read(java, plan, tmp_path), expected(plan, "both").place
    ends: dict[tuple[int, int], int] = {}
    for task in project.getTasks():
        for link in task.getPredecessors():
            assert str(link.getType()) == "FS"
            assert str(link.getLag().getUnits()) == "d"
            pair = int(link.getPredecessorTask().getUniqueID()) - 1, int(task.getUniqueID()) - 1
            ends[pair] = round(link.getLag().getDuration())
    wanted: dict[tuple[int, int], int] = {}
    assert plan.evaluation
    for one in plan.evaluation.projects:
        if one.selected:
            assert one.opens is not None
            assert one.finish is not None
            chain = [
                w for w in ("first", "preparation", "construction", "acceptance") if (one.key, w) in place
            ]
            chain += ["opens"] if one.opens > one.finish else []
            wanted |= dict.fromkeys(((place[one.key, a], place[one.key, b]) for a, b in pairwise(chain)), 0)
    for after in plan.problem.after:
        first = "first" if (after.project, "first") in place else "preparation"
        days = 366 if after.lag_years else 0  # the only lag of these plans is the leap year 2024
        wanted[place[after.other, "acceptance"], place[after.project, first]] = days
    assert ends == wanted


def test_sources_pay_what_the_document_says(java: SimpleNamespace, plan: Plan, tmp_path: Path) -> None:
    project = read(java, plan, tmp_path)
    codes = list(plan.problem.sources)
    paid: dict[tuple[str, str], Decimal] = {}
    for one in project.getResourceAssignments():
        start, finish = moment(one.getStart()), moment(one.getFinish())
        assert (start[4:], finish[4:], start[:4]) == ("-01-01T08:00:00", "-12-31T17:00:00", finish[:4])
        key = codes[int(one.getResource().getUniqueID()) - 1], start[:4]
        paid[key] = paid.get(key, Decimal(0)) + money(one.getCost()) / 10_000
        assert row_of(one.getTask()).level == 4
    assert paid == planned(plan)
    for resource, source in zip(project.getResources(), plan.problem.sources.values(), strict=True):
        assert str(resource.getType()) == "COST"
        assert str(resource.getCode()) == source.key
        assert len(str(resource.getName())) == len(source_name(source).pick("both"))
        spent = sum((amount for (key, _), amount in paid.items() if key == source.key), Decimal(0))
        assert money(resource.getCost()) / 10_000 == spent


def test_tasks_cost_what_their_assignments_cost(java: SimpleNamespace, plan: Plan, tmp_path: Path) -> None:
    for task in read(java, plan, tmp_path).getTasks():
        own = sum((money(one.getCost()) for one in task.getResourceAssignments()), Decimal(0))
        below = sum((money(child.getCost()) for child in task.getChildTasks()), Decimal(0))
        assert money(task.getCost()) == own + below
        assert not (own and below)


def test_custom_fields_are_read_by_their_names(java: SimpleNamespace, plan: Plan, tmp_path: Path) -> None:
    root = written(plan, tmp_path / "schedule.xml", "en")
    project = opened(java, tmp_path / "schedule.xml")
    aliases = aliases_of(root)
    kinds = {str(one.getAlias()): one.getFieldType() for one in project.getCustomFields()}
    definitions = {text(one, "Alias"): text(one, "FieldName") for one in all_of(root, "ExtendedAttribute")}
    assert {name: str(kind) for name, kind in kinds.items()} == definitions
    for task, element in zip(project.getTasks(), all_of(root, "Task"), strict=True):
        for name, value in values(element, aliases).items():
            got = task.get(kinds[name])
            if name.startswith("Spend 2"):
                assert money(got) * 100 == Decimal(value)
            elif re.fullmatch(r"Number\d+", str(kinds[name])):
                assert money(got) == Decimal(value)
            else:
                assert str(got) == value


def test_every_day_of_the_calendar_works_eight_hours(java: SimpleNamespace, tmp_path: Path) -> None:
    project = read(java, full_plan(), tmp_path)
    calendar, properties = project.getDefaultCalendar(), project.getProjectProperties()
    for day in java.Day.values():
        hours = [f"{one.getStart()}-{one.getEnd()}" for one in calendar.getCalendarHours(day)]
        assert hours == ["08:00-12:00", "13:00-17:00"]
    assert list(calendar.getCalendarExceptions()) == []
    assert (properties.getMinutesPerDay(), properties.getMinutesPerWeek()) == (480, 3360)
    assert (str(properties.getCurrencyCode()), properties.getCurrencyDigits()) == ("CNY", 2)
    assert str(properties.getProjectTitle()) == "基准情景 base"
    assert properties.getAuthor() is None


@pytest.mark.parametrize("make", [no_schedule, nothing_chosen])
def test_a_plan_without_tasks_opens(java: SimpleNamespace, make: Any, tmp_path: Path) -> None:
    (whole,) = read(java, make(), tmp_path).getTasks()
    assert "base" in str(whole.getNotes())


def test_the_order_kept_here_is_the_schema_s(java: SimpleNamespace) -> None:
    for path, names in ORDER.items():
        kind = java.Class.forName(SCHEMA + path.replace(".", "$"), True, java.Loader.getSystemClassLoader())
        marks = [mark for mark in kind.getAnnotations() if "XmlType" in str(mark.annotationType())]
        order = [str(name).lower() for name in marks[0].propOrder()]
        places = [order.index(name.lower()) for name in names.split()]
        assert places == sorted(places), path
