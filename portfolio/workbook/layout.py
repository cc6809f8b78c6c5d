"""Sheets and columns of the input workbook, named once.

The English keys are a contract with every program that writes such a workbook; the Chinese labels
are what people read. Reader, writer, guide sheet and documentation all follow this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from portfolio.domain.text import Text


class Kind(Enum):
    """What a cell of the column holds."""

    TEXT = "text"
    KEY = "key"
    INT = "int"
    YEAR = "year"
    MONEY_WAN = "money_wan"
    MONEY_YUAN = "money_yuan"
    DECIMAL = "decimal"
    SHARE = "share"
    YES_NO = "yes_no"
    STAGE = "stage"
    STAGES = "stages"
    NATURE = "nature"
    NATURES = "natures"
    BASIS = "basis"
    STATUS = "status"
    RELATION = "relation"
    MILESTONE = "milestone"
    CARRY_OVER = "carry_over"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: English key, Chinese label, kind, whether a row needs it, and a note for the header.

    `low` and `high` bound whole numbers (inclusive; None: no bound). `width` is in characters.
    """

    key: str
    zh: str
    kind: Kind
    note: Text
    needed: bool = False
    width: float = 12
    low: int | None = 0
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: the table of `Portfolio` it holds, its two names, and its columns.

    `about` says in the guide what the sheet is for. `year_kind` is set where the sheet has one
    column a year (header: the year, four digits).
    """

    table: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    about: Text
    year_kind: Kind | None = None
    needed_to_schedule: bool = False

    @property
    def title(self) -> str:
        return f"{self.zh} {self.en}"

    def column(self, key: str) -> Column:
        """The column with this key; four digits name a year column."""
        for column in self.columns:
            if column.key == key:
                return column
        if self.year_kind is None or not key.isdecimal():
            raise KeyError(f"{self.en} has no column {key}")
        return year_column(int(key), self.year_kind)


def year_column(year: int, kind: Kind) -> Column:
    """The column of one year: money in 万元, or seats."""
    note = _YEAR_NOTES[kind]
    return Column(str(year), f"{year}年", kind, note, width=12 if kind is Kind.MONEY_WAN else 9)


_YEAR_NOTES = {
    Kind.MONEY_WAN: Text("单位：万元；空白为 0", "in 万元; blank: 0"),
    Kind.INT: Text(
        "单位：座，以当年 9 月计；空白沿用上一年", "seats, counted in September; blank: as the year before"
    ),
}


def _c(
    key: str,
    zh: str,
    kind: Kind,
    note_zh: str,
    note_en: str,
    *,
    needed: bool = False,
    width: float = 12,
    low: int | None = 0,
    high: int | None = None,
) -> Column:
    return Column(key, zh, kind, Text(note_zh, note_en), needed, width, low, high)


def _basis() -> Column:
    return _c(
        "basis", "数据性质", Kind.BASIS,
        "原文载明 stated、推算 derived 或假定 assumed；空白按假定", "stated, derived or assumed; blank: assumed",
        width=14,
    )  # fmt: skip


def _source(key: str = "source") -> Column:
    return _c(key, "来源文件", Kind.TEXT, "数字出自哪份文件", "the document the figures come from", width=24)


def _locator() -> Column:
    return _c("locator", "出处位置", Kind.TEXT, "章节、专栏或附件行", "section, box or annex row", width=22)


def _notes() -> Column:
    return _c(
        "notes", "备注", Kind.TEXT,
        "说明；推算或假定的数字写明算法", "remarks; for derived or assumed figures, the rule", width=40,
    )  # fmt: skip


PROJECTS = Sheet(
    "projects", "项目", "Projects",
    (
        _c("key", "项目编码", Kind.KEY, "唯一编码，其他表用它引用项目", "unique key that other sheets refer to", needed=True, width=30),
        _c("name_zh", "项目名称", Kind.TEXT, "项目名称", "name in Chinese", width=34),
        _c("name_en", "英文名称", Kind.TEXT, "英文名称（可空）", "name in English (may be blank)", width=34),
        _c("county", "区县", Kind.KEY, "所在区县", "county", needed=True, width=12),
        _c("zone", "片区", Kind.KEY, "片区，如城区、乡镇；空白为全县", "zone, such as 城区 or 乡镇; blank: the whole county", width=10),
        _c("location", "项目地址", Kind.TEXT, "建设地点", "where it is built", width=18),
        _c("nature", "项目性质", Kind.NATURE, "新建、迁建、改扩建、改造、续建、装修", "new, relocation, expansion, renovation, continuing, fit_out", width=14),
        _c("stage", "主要学段", Kind.STAGE, "主要学段，决定可用资金", "main stage; decides which money may pay", needed=True, width=14),
        _c("scale", "设计规模", Kind.TEXT, "设计规模（文字，照原文）", "design scale in words, as published", width=40),
        _c("floor_area_m2", "建筑面积（平方米）", Kind.DECIMAL, "单位：平方米", "in m²", width=14),
        _c("total_cost", "总投资（万元）", Kind.MONEY_WAN, "单位：万元；空白按估算指标估算", "in 万元; blank: estimated from Norms", width=14),
        _c("duration_years", "工期（年）", Kind.INT, "建设年数；空白按估算指标", "construction years; blank: from Norms", width=10, low=1, high=99),
        _c("earliest_start", "最早开工年", Kind.YEAR, "不早于此年开工；空白为规划首年", "not to start before this year; blank: the first year", width=11),
        _c("latest_finish", "最迟完工年", Kind.YEAR, "不迟于此年完工；空白为规划末年", "to finish by this year; blank: the last year", width=11),
        _c("fixed_start", "既定开工年", Kind.YEAR, "已开工或已锁定的开工年；填写后必选", "start that is settled or already happened; the project is then selected", width=11),
        _c("open_lag", "投用间隔（年）", Kind.INT, "完工后几年投用；空白按情景（一般为 1）", "years from finish to opening; blank: the scenario's (usually 1)", width=11, high=99),
        _c("mandatory", "必建", Kind.YES_NO, "是：必须列入计划", "yes: must be in the plan", width=8),
        _c("priority", "优先级", Kind.INT, "1 最高 … 5 最低；空白为 3", "1 highest … 5 lowest; blank: 3", width=8, low=1, high=5),
        _c("status", "状态", Kind.STATUS, "谋划、拟建、已批、在建、已建成、暂缓", "proposed, planned, approved, under_construction, completed, suspended", width=16),
        _c("lead_unit", "牵头单位", Kind.TEXT, "牵头单位", "unit in charge", width=16),
        _c("cooperating_units", "配合单位", Kind.TEXT, "配合单位，以；分隔", "cooperating units, separated by ；", width=24),
        _basis(), _source(), _locator(), _notes(),
    ),
    Text("每行一个项目：在哪里、花多少钱、建几年、何时可建", "one project a row: where, at what cost, how long, and when it may be built"),
    needed_to_schedule=True,
)  # fmt: skip

SEATS = Sheet(
    "seats", "学位", "Seats",
    (
        _c("project", "项目编码", Kind.KEY, "项目表中的编码", "key of a project", needed=True, width=30),
        _c("stage", "学段", Kind.STAGE, "学段", "stage", needed=True, width=14),
        _c("zone", "片区", Kind.KEY, "空白为项目所在片区", "blank: the project's zone", width=10),
        _c("classes", "班数", Kind.INT, "班级数", "classes", width=8),
        _c("seats_added", "新增学位", Kind.INT, "投用后提供的学位", "seats from the opening year on", width=11),
        _c("seats_replaced", "替代学位", Kind.INT, "投用后停用的旧学位（迁建）", "old seats given up from the opening year on", width=11),
        _c("seats_offline", "停用学位", Kind.INT, "建设期间暂停使用的学位（原址改建）", "seats out of use from start until opening", width=11),
        _c("public", "公办", Kind.YES_NO, "是否公办；空白为是", "public seats; blank: yes", width=8),
        _basis(), _source(), _locator(), _notes(),
    ),
    Text("每个项目给各学段、片区带来的学位", "the seats each project brings, by stage and zone"),
)  # fmt: skip

SPENDING = Sheet(
    "spending", "进度", "Spending",
    (
        _c("project", "项目编码", Kind.KEY, "项目表中的编码", "key of a project", needed=True, width=30),
        *(
            _c(f"year_{n}", f"第{n}年", Kind.SHARE, f"第 {n} 年投资占比，全行合计 100%", f"share of the cost in year {n}; a row adds up to 100 %", width=9)
            for n in range(1, 9)
        ),
        _notes(),
    ),
    Text("项目投资的分年比例；没有行的项目按工期取默认比例", "how a project's cost spreads over its years; without a row the default for its duration counts"),
)  # fmt: skip

FUNDING_SOURCES = Sheet(
    "funding_sources", "资金来源", "FundingSources",
    (
        _c("source", "来源编码", Kind.KEY, "唯一编码", "unique key", needed=True, width=28),
        _c("name_zh", "来源名称", Kind.TEXT, "资金来源名称", "name in Chinese", width=28),
        _c("name_en", "英文名称", Kind.TEXT, "英文名称（可空）", "name in English", width=28),
        _c("county", "区县", Kind.KEY, "可用区县；* 为各区县共用", "county; * is shared by all", needed=True, width=12),
        _c("stages", "适用学段", Kind.STAGES, "以；分隔，空白为全部", "separated by ; — blank: all", width=24),
        _c("natures", "适用性质", Kind.NATURES, "以；分隔，空白为全部", "separated by ; — blank: all", width=24),
        _c("carry_over_years", "结转年数", Kind.CARRY_OVER, "未用资金可结转几年，unlimited 为不限；空白为 0", "years unspent money stays usable, or unlimited; blank: 0", width=12),
        _basis(), _source("document"), _locator(), _notes(),
    ),
    Text("资金来源，可用于哪些区县、学段和性质", "where money comes from, and which counties, stages and natures it may pay"),
    needed_to_schedule=True,
)  # fmt: skip

FUNDING_CAPS = Sheet(
    "funding_caps", "年度资金", "FundingCaps",
    (
        _c("source", "来源编码", Kind.KEY, "资金来源表中的编码", "key of a funding source", needed=True, width=28),
        _basis(), _source("document"), _locator(), _notes(),
    ),
    Text("各来源每年最多能安排的资金（万元）", "what each source can give each year, in 万元"),
    year_kind=Kind.MONEY_WAN, needed_to_schedule=True,
)  # fmt: skip

PROJECT_FUNDING = Sheet(
    "project_funding", "项目资金", "ProjectFunding",
    (
        _c("project", "项目编码", Kind.KEY, "项目表中的编码", "key of a project", needed=True, width=30),
        _c("source", "来源编码", Kind.KEY, "可为该项目付款的来源", "a source that may pay it", needed=True, width=28),
        _c("min_share", "最低占比", Kind.SHARE, "空白为 0", "blank: 0", width=10),
        _c("max_share", "最高占比", Kind.SHARE, "空白为 100%", "blank: 100 %", width=10),
        _source("document"), _locator(), _notes(),
    ),
    Text("哪些来源可为项目付款及占比；没有行的项目可用任何合适来源", "which sources may pay a project, and in what shares; without a row any fitting source may"),
)  # fmt: skip

CAPACITY = Sheet(
    "capacity", "现有学位", "Capacity",
    (
        _c("county", "区县", Kind.KEY, "区县", "county", needed=True, width=12),
        _c("zone", "片区", Kind.KEY, "片区；空白为全县", "zone; blank: the whole county", width=10),
        _c("stage", "学段", Kind.STAGE, "学段", "stage", needed=True, width=14),
        _c("public", "公办", Kind.YES_NO, "公办为是；民办学位另起一行填否", "public seats: yes; private seats in a row of their own: no", width=8),
        _basis(), _source(), _locator(), _notes(),
    ),
    Text("各区县、片区、学段现有学位，按年；民办另起一行", "seats that exist, by county, zone, stage and year; private seats in rows of their own"),
    year_kind=Kind.INT, needed_to_schedule=True,
)  # fmt: skip

DEMAND = Sheet(
    "demand", "学位需求", "Demand",
    (
        _c("county", "区县", Kind.KEY, "区县", "county", needed=True, width=12),
        _c("zone", "片区", Kind.KEY, "片区；空白为全县", "zone; blank: the whole county", width=10),
        _c("stage", "学段", Kind.STAGE, "学段", "stage", needed=True, width=14),
        _basis(), _source(), _locator(), _notes(),
    ),
    Text("各区县、片区、学段需要的学位，按年", "seats that are needed, by county, zone, stage and year"),
    year_kind=Kind.INT, needed_to_schedule=True,
)  # fmt: skip

RELATIONS = Sheet(
    "relations", "关系", "Relations",
    (
        _c("kind", "关系类型", Kind.RELATION, "先后 after、互斥 exclude、择一 choose、同时 together", "after, exclude, choose or together", needed=True, width=16),
        _c("project", "项目编码", Kind.KEY, "项目（先后关系中为后建者）", "project (in after: the later one)", needed=True, width=30),
        _c("other", "相关项目", Kind.KEY, "相关项目（先后关系中为先建者）", "the other project (in after: the earlier one)", width=30),
        _c("lag_years", "间隔年数", Kind.INT, "先建者完工后再隔几年；空白为 0", "years between; blank: 0", width=10, low=None, high=99),
        _c("group", "组别", Kind.KEY, "同类型同组的各行合为一组；空白为本行两项目", "rows of one kind with the same group form one group; blank: this row's pair", width=16),
        _source(), _locator(), _notes(),
    ),
    Text("项目之间的先后、互斥、择一、同时关系", "projects that come after, exclude, replace or need one another"),
)  # fmt: skip

MILESTONES = Sheet(
    "milestones", "节点", "Milestones",
    (
        _c("project", "项目编码", Kind.KEY, "项目表中的编码", "key of a project", needed=True, width=30),
        _c("kind", "节点类型", Kind.MILESTONE, "开工 start_by、完工 finish_by、投用 open_by", "start_by, finish_by or open_by", needed=True, width=14),
        _c("year", "年份", Kind.YEAR, "不迟于此年", "by this year", needed=True, width=9),
        _c("firm", "刚性", Kind.YES_NO, "是：必须做到；空白为否（尽量做到）", "yes: a rule; blank: no, an aim", width=8),
        _source(), _locator(), _notes(),
    ),
    Text("承诺的开工、完工、投用年份", "promised years of start, finish or opening"),
)  # fmt: skip

NORMS = Sheet(
    "norms", "估算指标", "Norms",
    (
        _c("county", "区县", Kind.KEY, "空白为各区县", "blank: all counties", width=12),
        _c("stage", "学段", Kind.STAGE, "空白为各学段", "blank: all stages", width=14),
        _c("nature", "项目性质", Kind.NATURE, "空白为各性质", "blank: all natures", width=14),
        _c("cost_per_m2", "单位面积造价（元/平方米）", Kind.MONEY_YUAN, "单位：元/平方米", "yuan per m²", width=14),
        _c("cost_per_seat", "单位学位造价（元/座）", Kind.MONEY_YUAN, "单位：元/学位", "yuan per seat", width=14),
        _c("seats_per_class", "班额（座/班）", Kind.INT, "每班学位", "seats per class", width=10),
        _c("area_per_seat_m2", "生均建筑面积（平方米）", Kind.DECIMAL, "单位：平方米/学位", "m² per seat", width=12),
        _c("duration_years", "工期（年）", Kind.INT, "建设年数", "construction years", width=10, low=1, high=99),
        _basis(), _source(), _locator(), _notes(),
    ),
    Text("空白的投资、规模和工期按此估算；越具体的越优先", "figures that estimate a blank cost, size or duration; the most specific row wins"),
)  # fmt: skip

SHEETS = (
    PROJECTS, SEATS, SPENDING, FUNDING_SOURCES, FUNDING_CAPS, PROJECT_FUNDING,
    CAPACITY, DEMAND, RELATIONS, MILESTONES, NORMS,
)  # fmt: skip
"""The tables, in the order of the workbook (between the guide sheet and the lists)."""

GUIDE_TITLE = "说明 Guide"
LISTS_TITLE = "选项 Lists"
CHECK_TITLE = "检查结果 Check"

CHOICES: dict[Kind, dict[str, str]] = {
    Kind.STAGE: {
        "kindergarten": "幼儿园", "primary": "小学", "junior": "初中", "senior": "高中",
        "vocational": "中职", "special": "特殊教育", "other": "其他",
    },
    Kind.NATURE: {
        "new": "新建", "relocation": "迁建", "expansion": "改扩建", "renovation": "改造",
        "continuing": "续建", "fit_out": "装修",
    },
    Kind.BASIS: {"stated": "原文载明", "derived": "推算", "assumed": "假定"},
    Kind.STATUS: {
        "proposed": "谋划", "planned": "拟建", "approved": "已批", "under_construction": "在建",
        "completed": "已建成", "suspended": "暂缓",
    },
    Kind.RELATION: {"after": "先后", "exclude": "互斥", "choose": "择一", "together": "同时"},
    Kind.MILESTONE: {"start_by": "开工", "finish_by": "完工", "open_by": "投用"},
    Kind.YES_NO: {"yes": "是", "no": "否"},
}  # fmt: skip
"""Listed values: English code -> Chinese label. A cell may hold the code, the label or both."""

CALCULATED_KEYS = frozenset({
    "check", "project_name", "source_name", "project_county", "project_zone", "seats_total", "yuan_per_m2",
    "yuan_per_seat", "finish_year", "shares_total", "caps_total", "min_total", "max_total", "last_year_seats",
    "existing_seats", "gap", "project_seats", "gap_after",
})  # fmt: skip
"""Keys of the grey columns that the template calculates, in any sheet. Import ignores these columns without
a word, whatever their cells hold; a row that is blank but for them is blank, and a footer or a total stays one."""
