"""Puts schedule.xml together, piece by piece: the whole is never in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from portfolio.domain.funding import FundingSource
from portfolio.domain.money import Money
from portfolio.domain.text import Lang
from portfolio.report.labels import county_label, label, source_name
from portfolio.report.mspdi import notes
from portfolio.report.mspdi.fields import Fields
from portfolio.report.mspdi.markup import EVENING, MORNING, fen, line, note, wan_words
from portfolio.report.mspdi.outline import Outline
from portfolio.report.mspdi.task import Task
from portfolio.report.workbook.view import View
from portfolio.scenario.plan import Plan

NAMESPACE = "http://schemas.microsoft.com/project"

PROJECT_2010 = 14
"""The version of the format that every Project since 2010 writes and reads."""

CALENDAR = 1
DAYS_A_WEEK = 7
COST_RESOURCE = "<Type>0</Type>"
"""As Project writes it: the type says "material", IsCostResource says the rest."""

PRORATED = 3

RESOURCE_NAME = str.maketrans(",;[]", "，；［］")
"""What Project refuses in a resource's name, and what stands for it."""


def write(plan: Plan, path: Path, lang: Lang = "both") -> None:
    """Write `schedule.xml`; the same plan gives the same bytes.

    Without a schedule it is a valid project without tasks whose comments tell why.
    """
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(_parts(plan, lang))


def _parts(plan: Plan, lang: Lang) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Project xmlns="{NAMESPACE}">\n'
    if plan.evaluation is None:
        yield from _without_schedule(plan, lang)
    else:
        yield from _with_schedule(plan, View(plan, plan.evaluation, lang))
    yield "</Project>\n"


def _without_schedule(plan: Plan, lang: Lang) -> Iterator[str]:
    horizon = plan.problem.horizon
    span = f"{horizon.first_year}-01-01{MORNING}", f"{horizon.last_year}-12-31{EVENING}"
    yield _properties(plan, lang, span)
    yield _calendar(lang)
    yield "<Tasks>\n"
    yield _whole(plan, (span[0], span[0]), 0, note("\n".join(notes.of_run(plan, lang))))
    yield "</Tasks>\n"


def _with_schedule(plan: Plan, view: View) -> Iterator[str]:
    fields = Fields(view)
    remarks = notes.Notes(view, fields)
    outline = Outline(view, fields, remarks)
    yield _properties(plan, view.lang, outline.span)
    yield "<ExtendedAttributes>\n"
    yield from fields.definitions()
    yield "</ExtendedAttributes>\n"
    yield _calendar(view.lang)
    yield "<Tasks>\n"
    yield _whole(plan, outline.span, outline.cost, remarks.of_root())
    for task in outline.tasks():
        yield task.xml()
    yield "</Tasks>\n"
    numbers = {key: n for n, key in enumerate(plan.problem.sources, 1)}
    yield "<Resources>\n"
    yield from _resources(view, numbers)
    yield "</Resources>\n<Assignments>\n"
    yield from _assignments(outline, numbers)
    yield "</Assignments>\n"


def _title(plan: Plan) -> str:
    return line(plan.problem.title or plan.problem.scenario)


def _properties(plan: Plan, lang: Lang, span: tuple[str, str]) -> str:
    """The project's own properties. Nobody is named as its author: no person is known."""
    created = plan.created_at.replace(tzinfo=None).isoformat(timespec="seconds")
    return (
        f"<SaveVersion>{PROJECT_2010}</SaveVersion><Name>schedule.xml</Name><Title>{_title(plan)}</Title>"
        f"<Subject>{line(label('mspdi.subject').pick(lang))}</Subject>"
        f"<Category>{line(plan.problem.scenario)}</Category><CreationDate>{created}</CreationDate>\n"
        f"<LastSaved>{created}</LastSaved><ScheduleFromStart>1</ScheduleFromStart>"
        f"<StartDate>{span[0]}</StartDate><FinishDate>{span[1]}</FinishDate><FYStartDate>1</FYStartDate>"
        "<CriticalSlackLimit>0</CriticalSlackLimit><CurrencyDigits>2</CurrencyDigits>"
        "<CurrencySymbol>¥</CurrencySymbol><CurrencyCode>CNY</CurrencyCode>"
        f"<CurrencySymbolPosition>0</CurrencySymbolPosition><CalendarUID>{CALENDAR}</CalendarUID>"
        "<DefaultStartTime>08:00:00</DefaultStartTime><DefaultFinishTime>17:00:00</DefaultFinishTime>"
        "<MinutesPerDay>480</MinutesPerDay><MinutesPerWeek>3360</MinutesPerWeek><DaysPerMonth>30</DaysPerMonth>"
        "<DefaultTaskType>1</DefaultTaskType><DefaultFixedCostAccrual>3</DefaultFixedCostAccrual>"
        "<DurationFormat>7</DurationFormat><WorkFormat>2</WorkFormat><HonorConstraints>1</HonorConstraints>"
        "<NewTasksEffortDriven>0</NewTasksEffortDriven><NewTasksEstimated>0</NewTasksEstimated>"
        "<WeekStartDay>1</WeekStartDay><Autolink>0</Autolink><NewTasksAreManual>0</NewTasksAreManual>\n"
    )


def _calendar(lang: Lang) -> str:
    """Every day of the week works, so that a year is whole years of days and no date ever shifts."""
    hours = "".join(
        f"<WorkingTime><FromTime>{a}:00:00</FromTime><ToTime>{b}:00:00</ToTime></WorkingTime>"
        for a, b in (("08", "12"), ("13", "17"))
    )
    days = "".join(
        f"<WeekDay><DayType>{day}</DayType><DayWorking>1</DayWorking><WorkingTimes>{hours}</WorkingTimes></WeekDay>"
        for day in range(1, DAYS_A_WEEK + 1)
    )
    return (
        f"<Calendars><Calendar><UID>{CALENDAR}</UID><Name>{line(label('mspdi.calendar').pick(lang))}</Name>"
        "<IsBaseCalendar>1</IsBaseCalendar><IsBaselineCalendar>0</IsBaselineCalendar>"
        f"<BaseCalendarUID>-1</BaseCalendarUID><WeekDays>{days}</WeekDays></Calendar></Calendars>\n"
    )


def _whole(plan: Plan, span: tuple[str, str], cost: Money, remarks: str) -> str:
    """The task that stands for the whole project: its notes are the project's comments."""
    return Task(0, "0", 0, _title(plan), *span, summary=True, cost=cost, note=remarks).xml()


def _resources(view: View, numbers: dict[str, int]) -> Iterator[str]:
    """A funding source is a resource whose cost is what it pays."""
    planned: dict[str, Money] = defaultdict(int)
    for (_, key, _), amount in view.drawn.items():
        planned[key] += amount
    names = _resource_names(view)
    for key, n in numbers.items():
        source, cost = view.problem.sources[key], fen(planned[key])
        yield (
            f"<Resource><UID>{n}</UID><ID>{n}</ID><Name>{line(names[key])}</Name>{COST_RESOURCE}<IsNull>0</IsNull>"
            f"<Code>{line(key)}</Code><Group>{line(view.pick(county_label(source.county)))}</Group>"
            f"<CanLevel>0</CanLevel><AccrueAt>{PRORATED}</AccrueAt><Cost>{cost}</Cost>"
            f"<RemainingCost>{cost}</RemainingCost><Notes>{_caps(view, source)}</Notes>"
            "<IsCostResource>1</IsCostResource><IsBudget>0</IsBudget></Resource>\n"
        )


def _resource_names(view: View) -> Mapping[str, str]:
    """Source -> its name. Project knows a resource by its name, and counties call the same kind of
    money alike: the county tells such sources apart, and if need be the key."""
    sources = view.problem.sources
    names = {key: view.pick(source_name(source)) for key, source in sources.items()}
    for more in (
        {key: view.county(source.county) for key, source in sources.items()},
        {k: k for k in sources},
    ):
        count = Counter(names.values())
        names = {key: f"{name} · {more[key]}" if count[name] > 1 else name for key, name in names.items()}
    return {key: name.translate(RESOURCE_NAME) for key, name in names.items()}


def _caps(view: View, source: FundingSource) -> str:
    caps = view.problem.caps.get(source.key, {})
    by_year = "; ".join(f"{year}: {wan_words(caps.get(year, 0))}" for year in view.years)
    told = notes.Words(view.lang).say("mspdi.note.carry", caps=by_year)
    return note(f"{told}\n{source.notes}" if source.notes else told)


def _assignments(outline: Outline, numbers: dict[str, int]) -> Iterator[str]:
    """Who pays how much of each yearly payment."""
    uid = 0
    for block in outline.blocks.values():
        for n, (year, _) in enumerate(block.paid, 1):
            paid = block.item.line.funding.get(year, {})
            for source in sorted(paid, key=numbers.__getitem__):
                if paid[source]:
                    uid += 1
                    yield _assignment(uid, block.payments + n, numbers[source], year, fen(paid[source]))


def _assignment(uid: int, task: int, source: int, year: int, cost: int) -> str:
    return (
        f"<Assignment><UID>{uid}</UID><TaskUID>{task}</TaskUID><ResourceUID>{source}</ResourceUID>"
        f"<PercentWorkComplete>0</PercentWorkComplete><ActualCost>0</ActualCost><Cost>{cost}</Cost>"
        f"<Finish>{year}-12-31{EVENING}</Finish><RemainingCost>{cost}</RemainingCost>"
        f"<RemainingWork>PT0H0M0S</RemainingWork><Start>{year}-01-01{MORNING}</Start><Units>1</Units>"
        "<Work>PT0H0M0S</Work></Assignment>\n"
    )
