"""The words of schedule.xml, the plan for Microsoft Project."""

from __future__ import annotations

MSPDI_WORDS: dict[str, tuple[str, str]] = {
    "mspdi.subject": ("学校建设项目排期", "School construction schedule"),
    "mspdi.calendar": ("每周七天，每天八小时", "Seven days a week, eight hours a day"),
    # tasks
    "mspdi.preparation": ("前期", "Preparation"),
    "mspdi.construction": ("施工", "Construction"),
    "mspdi.acceptance": ("验收", "Acceptance"),
    "mspdi.begins": ("开工", "Start"),
    "mspdi.opens": ("投用", "Opening"),
    "mspdi.payments": ("支付", "Payments"),
    "mspdi.payment": ("{year} 年支付", "Payment {year}"),
    # custom fields; no full stops, quotes or square brackets, which Project refuses
    "mspdi.field.estimated": ("按指标估算", "Estimated by norms"),
    "mspdi.field.funding": ("资金来源（万元）", "Paid by (万元)"),
    "mspdi.field.location": ("项目地址", "Location"),
    "mspdi.field.scale": ("设计规模", "Design scale"),
    "mspdi.field.later": ("其后各年支出（万元）", "Spend of later years (万元)"),
    "mspdi.field.status": ("项目状态", "Status of the project"),
    "mspdi.field.lead": ("牵头单位", "Lead unit"),
    "mspdi.field.due": ("最迟投用年", "Due year"),
    "mspdi.field.start": ("开工年", "Start year"),
    "mspdi.field.finish": ("完工年", "Finish year"),
    "mspdi.field.opens": ("投用年", "Opening year"),
    "mspdi.field.cost": ("总投资（万元，未计涨价）", "Cost in 万元 before escalation"),
    "mspdi.field.sunk": ("期前支出（万元）", "Spent before (万元)"),
    "mspdi.field.year": ("{year} 年支出", "Spend {year}"),
    # notes
    "mspdi.note.phase": (
        "阶段按惯例划分，不是数据：每个建设年一个季度前期，最后一个季度验收，其余为施工。",
        "Phases are a convention, not data: a quarter of preparation a year, the last quarter for acceptance.",
    ),
    "mspdi.note.begins": (
        "按惯例以开工年 1 月 1 日表示；期限为承诺年的 12 月 31 日。",
        "Shown on 1 January of the start year by convention; due on 31 December of the year promised.",
    ),
    "mspdi.note.opens": (
        "学位按 9 月计：投用以该年 9 月 1 日表示，期限为承诺年的 9 月 30 日。",
        "Seats count in September: the opening is shown on 1 September, due on 30 September of the year promised.",
    ),
    "mspdi.note.opens.early": (
        "投用年不晚于完工年，故不与验收相连。",
        "The school opens in or before the year in which the works end, so it does not wait for acceptance.",
    ),
    "mspdi.note.payments": (
        "各年支出按当年价，由所列资金来源支付。",
        "What each year pays, at that year's prices; the sources are the resources.",
    ),
    "mspdi.note.units": (
        "金额单位为元，精确（1 万元 = 10000 元）。成本为规划期内的支出；期前支出不计入成本。",
        "Money is in yuan, exact (1 万元 = 10,000 yuan). Cost is what the horizon pays, without what was spent before.",
    ),
    "mspdi.note.escalation": (
        "支出含涨价：每年 {rate}，以 {year} 年为价格年；字段“总投资”未计涨价。",
        "Spend includes escalation of {rate} a year from the prices of {year}; the field with the cost does not.",
    ),
    "mspdi.note.no_escalation": ("支出未计涨价。", "Spend includes no escalation."),
    "mspdi.note.years": (
        "排期只定年份：1 月 1 日开工，12 月 31 日完工。",
        "The plan decides years: works begin on 1 January and end on 31 December.",
    ),
    "mspdi.note.no_schedule": ("没有排期，故没有任务。", "There is no schedule, so there are no tasks."),
    "mspdi.note.deferred": ("未排项目（{n} 项）：", "Not scheduled ({n}):"),
    "mspdi.note.window": ("建设 {years} 年，{opens} 年投用", "built {years}, opens {opens}"),
    "mspdi.note.sunk": (
        "{year} 年以前已支出 {amount} 万元，不计入成本。",
        "Spent before {year}: {amount} 万元, not in the cost.",
    ),
    "mspdi.note.after": (
        "先后：在“{name}”（{key}）完工之后开工，间隔 {lag} 年",
        "Sequence: starts after {name} ({key}) is finished; years between: {lag}",
    ),
    "mspdi.note.after.left_out": (
        "先后：须在情景未包含的 {key} 之后",
        "Sequence: comes after {key}, which the scenario leaves out",
    ),
    "mspdi.note.group": ("{kind}（{group}）：{names}", "{kind} ({group}): {names}"),
    "mspdi.note.milestone": (
        "承诺：{kind}不迟于 {year} 年（{firm}）：{actual}",
        "Promise: {kind} {year} ({firm}): {actual}",
    ),
    "mspdi.note.late": ("方案 {year} 年，逾期 {late} 年", "{year}, years late: {late}"),
    "mspdi.note.kept": ("方案 {year} 年", "{year}"),
    "mspdi.note.carry": ("年度资金（万元）：{caps}", "Caps by year (万元): {caps}"),
}
"""Key -> (Chinese, English)."""
