"""Every word that a report shows, in Chinese and English, once.

`label("gantt.start")` is the catalogue; the functions below it name coded values and data that
carry their own names. Data without a name in a language falls back to the other, then to its key.
"""

from __future__ import annotations

from portfolio.domain.funding import SHARED, FundingSource
from portfolio.domain.places import county_name
from portfolio.domain.project import Basis, MilestoneKind, Nature, Project, Stage
from portfolio.domain.schedule import Status
from portfolio.domain.text import Text
from portfolio.report.explain_words import EXPLAIN_WORDS
from portfolio.report.html_words import HTML_WORDS
from portfolio.report.money_words import MONEY_WORDS
from portfolio.report.mspdi_words import MSPDI_WORDS
from portfolio.report.sheet_words import SHEET_WORDS
from portfolio.report.terminal_words import TERMINAL_WORDS

SHARED_WORDS: dict[str, tuple[str, str]] = {
    # sheets
    "sheet.summary": ("概览", "Summary"),
    "sheet.gantt": ("甘特", "Gantt"),
    "sheet.quarters": ("季度", "Quarters"),
    "sheet.official": ("重大项目规划表", "Official"),
    "sheet.annual": ("年度投资计划", "Annual plan"),
    "sheet.funding": ("资金", "Funding"),
    "sheet.seats": ("学位", "Seats"),
    "sheet.deferred": ("未排", "Deferred"),
    "sheet.milestones": ("节点", "Milestones"),
    "sheet.sources": ("依据", "Sources"),
    "sheet.log": ("日志", "Log"),
    # document properties
    "properties.subject": ("学校建设项目年度安排", "School construction schedule"),
    "properties.category": ("政府投资计划", "Capital plan"),
    "properties.keywords": ("学校建设, 学位, 投资计划", "school construction, school places, capital plan"),
    # named cell styles; no name of Excel's own, in either language
    "style.title": ("规划标题", "Plan title"),
    "style.section": ("规划分节", "Plan section"),
    "style.header": ("规划表头", "Plan header"),
    "style.total": ("规划合计", "Plan total"),
    "style.band": ("规划小计", "Plan subtotal"),
    "style.input": ("规划输入", "Plan input"),
    "style.note": ("规划说明", "Plan note"),
    "style.money": ("规划金额", "Plan money"),
    "style.share": ("规划比例", "Plan share"),
    "style.year": ("规划年份", "Plan year"),
    "style.count": ("规划数量", "Plan count"),
    "style.text": ("规划文字", "Plan text"),
    # coded values
    "stage.kindergarten": ("幼儿园", "Kindergarten"),
    "stage.primary": ("小学", "Primary"),
    "stage.junior": ("初中", "Junior"),
    "stage.senior": ("高中", "Senior"),
    "stage.vocational": ("中职", "Vocational"),
    "stage.special": ("特殊教育", "Special"),
    "stage.other": ("其他", "Other"),
    "nature.new": ("新建", "New"),
    "nature.relocation": ("迁建", "Relocation"),
    "nature.expansion": ("改扩建", "Expansion"),
    "nature.renovation": ("改造", "Renovation"),
    "nature.continuing": ("续建", "Continuing"),
    "nature.fit_out": ("装修", "Fit-out"),
    "basis.stated": ("原文载明", "Stated"),
    "basis.derived": ("推算", "Derived"),
    "basis.assumed": ("假定", "Assumed"),
    "status.optimal": ("最优", "Optimal"),
    "status.feasible": ("可行", "Feasible"),
    "status.infeasible": ("无可行方案", "Infeasible"),
    "status.no_solution": ("未得出方案", "No solution found"),
    "status.optimal.note": (
        "各级目标均已证明最优",
        "Every objective is proven to the scenario's gap",
    ),
    "status.feasible.note": (
        "方案满足全部规则，但有目标尚未证明最优",
        "The schedule keeps every rule; not every objective is proven",
    ),
    "status.infeasible.note": (
        "下列要求互相矛盾，至少须放宽其中一项",
        "The requirements below contradict one another; at least one must give way",
    ),
    "status.no_solution.note": (
        "时限内既未找到方案，也未证明无解；请放宽时限或简化情景",
        "The time limit ended with neither a schedule nor a proof that there is none; allow more time",
    ),
    "stopped.time_limit": ("已到时限", "Stopped at the time limit"),
    "stopped.interrupted": ("已被中断", "Interrupted"),
    "objective.seat_shortage": ("学位缺口", "Seat shortage"),
    "objective.targets": ("目标欠缺学位", "Seats missing from targets"),
    "objective.milestones": ("节点逾期年数", "Years late at milestones"),
    "objective.priority": ("优先项目早投用", "Priority projects open early"),
    "objective.idle_seats": ("闲置学位", "Idle seats"),
    "objective.disruption": ("与原批准方案的变动", "Change from the approved plan"),
    "objective.cost": ("规划期支出（万元）", "Spend in the horizon (万元)"),
    "objective.reasons": ("查明未排原因", "Finding the reasons for deferrals"),
    "objective.repairs": ("查找补救办法", "Searching what would mend it"),
    "objective.marginal": ("计算资金的边际价值", "Working out what more money is worth"),
    "objective.money": ("增加资金后再次求解", "Solving again with more money"),
    "objective.robustness": ("在各种变化下求解", "Solving the variations"),
    "objective.earliness": ("早开工", "Early starts"),
    "unit.seat_shortage": ("加权座·年", "weighted seat-years"),
    "unit.targets": ("座·年", "seat-years"),
    "unit.milestones": ("年", "years"),
    "unit.priority": ("分", "points"),
    "unit.idle_seats": ("座·年", "seat-years"),
    "unit.disruption": ("年", "years"),
    "unit.cost": ("万元", "万元"),
    "unit.earliness": ("年", "years"),
    "sense.min": ("越小越好", "less is better"),
    "sense.max": ("越大越好", "more is better"),
    "milestone.start_by": ("开工", "Start by"),
    "milestone.finish_by": ("完工", "Finish by"),
    "milestone.open_by": ("投用", "Open by"),
    "project_status.proposed": ("谋划", "Proposed"),
    "project_status.planned": ("拟建", "Planned"),
    "project_status.approved": ("已批", "Approved"),
    "project_status.under_construction": ("在建", "Under construction"),
    "project_status.completed": ("已建成", "Completed"),
    "project_status.suspended": ("暂缓", "Suspended"),
    "severity.notice": ("提示", "Notice"),
    "severity.warning": ("警告", "Warning"),
    "severity.error": ("错误", "Error"),
    "rule.window": ("工期窗口", "Time window"),
    "rule.mandatory": ("必建与既定开工", "Mandatory and fixed starts"),
    "rule.funding": ("资金来源", "Funding"),
    "rule.cap": ("资金上限", "Funding cap"),
    "rule.after": ("先后关系", "Sequence"),
    "rule.exclude": ("互斥", "Exclusion"),
    "rule.choose": ("择一", "Choice"),
    "rule.together": ("同时", "Together"),
    "rule.delivery": ("建设能力", "Delivery capacity"),
    "rule.target": ("学位目标", "Seat target"),
    "rule.milestone": ("节点", "Milestone"),
    "yes": ("是", "Yes"),
    "no": ("否", "No"),
    # columns and rows that several sheets share
    "no.": ("序号", "No."),
    "key": ("项目编码", "Key"),
    "county": ("区县", "County"),
    "zone": ("片区", "Zone"),
    "zone.whole": ("全县", "Whole county"),
    "county.shared": ("各区县共用", "Shared by counties"),
    "all_counties": ("全部区县", "All counties"),
    "project": ("项目", "Project"),
    "projects": ("项目", "Projects"),
    "project_name": ("项目名称", "Project"),
    "name_en": ("英文名称", "English name"),
    "stage": ("学段", "Stage"),
    "nature": ("性质", "Nature"),
    "priority": ("优先级", "Priority"),
    "start": ("开工", "Start"),
    "finish": ("完工", "Finish"),
    "opens": ("投用", "Opens"),
    "duration": ("工期（年）", "Years"),
    "cost": ("总投资（万元）", "Cost (万元)"),
    "seats_added": ("新增学位", "Seats added"),
    "seats_replaced": ("替代学位", "Replaced"),
    "seats_offline": ("停用学位", "Offline"),
    "year": ("年度", "Year"),
    "total": ("合计", "Total"),
    "subtotal": ("小计", "Subtotal"),
    "trend": ("走势", "Trend"),
    "notes": ("备注", "Notes"),
    "basis": ("数据性质", "Basis"),
    "document": ("来源文件", "Document"),
    "locator": ("出处位置", "Place"),
    "unit.money": ("金额单位：万元", "Money in 万元 (10,000 yuan)"),
    "page": ("第 &P / &N 页", "Page &P of &N"),
    "other_sources": ("其他来源", "Other sources"),
    "money.large": ("亿元", "bn yuan"),
    "items": ("项", "projects"),
    "wan": ("万元", "万元"),
}
"""Words of no single report; key -> (Chinese, English)."""

PARTS = (
    SHARED_WORDS,
    SHEET_WORDS,
    TERMINAL_WORDS,
    MSPDI_WORDS,
    MONEY_WORDS,
    HTML_WORDS,
    EXPLAIN_WORDS,
)
"""The words of each report beside them; no key stands in two."""

WORDS = {key: words for part in PARTS for key, words in part.items()}

MAXIMISED = frozenset({"priority"})
"""Objectives of which more is better."""


def label(key: str) -> Text:
    """The words of a catalogue key.

    Raises:
        KeyError: the catalogue has no such key.
    """
    return Text(*WORDS[key])


def coded(group: str, code: str) -> Text:
    """The words for a coded value; a code without words is shown as it is."""
    words = WORDS.get(f"{group}.{code}")
    return Text(*words) if words else Text(code, code)


def county_label(key: str) -> Text:
    """A county's name; `*` is money shared by counties."""
    if key == SHARED:
        return label("county.shared")
    return county_name(key)


def zone_label(zone: str) -> Text:
    """A zone's name, in English where it is known; a blank one is the whole county."""
    return coded("zone", zone) if zone else label("zone.whole")


def stage_label(stage: Stage | str) -> Text:
    return coded("stage", str(stage))


def nature_label(nature: Nature | None) -> Text:
    return coded("nature", str(nature)) if nature else Text("", "")


def basis_label(basis: Basis) -> Text:
    return coded("basis", str(basis))


def status_label(status: Status) -> Text:
    return coded("status", str(status))


def objective_label(name: str) -> Text:
    return coded("objective", name)


def objective_unit(name: str) -> Text:
    return coded("unit", name)


def milestone_label(kind: MilestoneKind) -> Text:
    return coded("milestone", str(kind))


def rule_label(rule: str) -> Text:
    return coded("rule", rule)


def reason_label(code: str) -> Text:
    """A short name for why a project is left out: its own, else that of the rule behind it."""
    own = coded("reason", code)
    return own if own.zh != code else rule_label(code)


def project_name(project: Project) -> Text:
    """The project's names; a missing one falls back to the other, then to the key."""
    zh = project.name_zh or project.name_en or project.key
    return Text(zh, project.name_en or zh)


def source_name(source: FundingSource) -> Text:
    """The source's names; a missing one falls back to the other, then to the key."""
    zh = source.name_zh or source.name_en or source.key
    return Text(zh, source.name_en or zh)
