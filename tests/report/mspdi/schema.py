"""The order in which Microsoft's schema (mspdi_pj12.xsd and what later versions added) has the elements.

Project refuses a file that has them in another order. Only what a plan may ever write is listed;
a test compares the order with the classes that MPXJ made from the schema.
"""

from __future__ import annotations

ROOT = "Project"

ORDER: dict[str, str] = {
    "Project": """SaveVersion UID Name GUID Title Subject Category Company Manager Author CreationDate Revision
        LastSaved ScheduleFromStart StartDate FinishDate FYStartDate CriticalSlackLimit CurrencyDigits
        CurrencySymbol CurrencyCode CurrencySymbolPosition CalendarUID DefaultStartTime DefaultFinishTime
        MinutesPerDay MinutesPerWeek DaysPerMonth DefaultTaskType DefaultFixedCostAccrual DefaultStandardRate
        DefaultOvertimeRate DurationFormat WorkFormat EditableActualCosts HonorConstraints EarnedValueMethod
        MultipleCriticalPaths NewTasksEffortDriven NewTasksEstimated SplitsInProgressTasks FiscalYearStart
        WeekStartDay StatusDate CurrentDate Autolink NewTaskStartDate NewTasksAreManual OutlineCodes WBSMasks
        ExtendedAttributes Calendars Tasks Resources Assignments""",
    "Project.ExtendedAttributes": "ExtendedAttribute",
    "Project.ExtendedAttributes.ExtendedAttribute": "FieldID FieldName CFType Guid Alias RollupType",
    "Project.Calendars": "Calendar",
    "Project.Calendars.Calendar": """UID GUID Name IsBaseCalendar IsBaselineCalendar BaseCalendarUID WeekDays
        Exceptions WorkWeeks""",
    "Project.Calendars.Calendar.WeekDays": "WeekDay",
    "Project.Calendars.Calendar.WeekDays.WeekDay": "DayType DayWorking TimePeriod WorkingTimes",
    "Project.Calendars.Calendar.WeekDays.WeekDay.WorkingTimes": "WorkingTime",
    "Project.Calendars.Calendar.WeekDays.WeekDay.WorkingTimes.WorkingTime": "FromTime ToTime",
    "Project.Tasks": "Task",
    "Project.Tasks.Task": """UID GUID ID Name Active Manual Type IsNull CreateDate Contact WBS OutlineNumber
        OutlineLevel Priority Start Finish Duration DurationFormat Work EffortDriven Recurring OverAllocated
        Estimated Milestone Summary Critical FixedCost FixedCostAccrual PercentComplete PercentWorkComplete
        Cost ActualStart ActualFinish ActualDuration ActualCost ActualWork RemainingDuration RemainingCost
        RemainingWork ConstraintType CalendarUID ConstraintDate Deadline LevelAssignments Notes HideBar Rollup
        PredecessorLink ExtendedAttribute Baseline OutlineCode IsPublished CommitmentType""",
    "Project.Tasks.Task.PredecessorLink": """PredecessorUID Type CrossProject CrossProjectName LinkLag
        LagFormat""",
    "Project.Tasks.Task.ExtendedAttribute": "FieldID Value ValueGUID DurationFormat",
    "Project.Resources": "Resource",
    "Project.Resources.Resource": """UID GUID ID Name Type IsNull Initials MaterialLabel Code Group MaxUnits
        CanLevel AccrueAt Work StandardRate Cost ActualCost RemainingCost CalendarUID Notes IsGeneric
        IsInactive IsCostResource IsBudget""",
    "Project.Assignments": "Assignment",
    "Project.Assignments.Assignment": """UID GUID TaskUID ResourceUID PercentWorkComplete ActualCost ActualWork
        Cost Finish RemainingCost RemainingWork Start Units Work WorkContour BudgetCost""",
}  # fmt: skip
"""Path of an element -> its children in order."""

MANY = {"ExtendedAttribute", "Calendar", "WeekDay", "WorkingTime", "Task", "PredecessorLink", "Resource", "Assignment"}  # fmt: skip
"""Elements that may stand more than once."""
