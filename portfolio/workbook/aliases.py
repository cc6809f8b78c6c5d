"""Other names that people give to columns and sheets. A name stands here only if it can mean nothing
else in its sheet; it counts only where the column has not been found under its own name."""

from __future__ import annotations

from collections.abc import Mapping

Names = Mapping[str, tuple[str, ...]]

COMMON: Names = {
    "name_zh": ("名称", "中文名称", "name", "chinese name"),
    "name_en": ("英文名", "english name"),
    "county": ("县区", "区/县", "县（市、区）", "县市区", "所属区县", "所在区县", "所在县区", "所在县", "district"),
    "zone": ("所在片区", "所属片区", "片区名称"),
    "nature": ("建设性质", "性质"),
    "basis": ("数据依据性质", "性质（数据）", "data basis"),
    "source": ("数据来源", "资料来源", "来源", "依据文件", "文件依据", "来源文件名称"),
    "document": ("数据来源", "资料来源", "依据文件", "文件依据", "来源文件名称"),
    "locator": ("出处", "位置", "所在章节"),
    "notes": ("说明", "备注说明", "其他说明", "remarks", "remark", "note", "comments"),
    "duration_years": (
        "建设年限", "建设周期", "建设工期", "建设期", "建设期限", "工期年数", "建设年数", "duration", "years",
    ),
    "public": ("公办/民办", "公民办", "办学性质", "办学类型"),
    "stage": ("所属学段", "学段类别", "办学层次", "学校层次"),
}  # fmt: skip
"""Column key -> other names, in every sheet that has the column."""

_PROJECT: tuple[str, ...] = (
    "项目",
    "编码",
    "项目编号",
    "项目代码",
    "编号",
    "project key",
    "project code",
    "project id",
)
_SOURCE: tuple[str, ...] = (
    "资金来源",
    "来源",
    "资金来源编码",
    "资金编码",
    "编码",
    "source key",
    "funding source",
)

ALIASES: Mapping[str, Names] = {
    "projects": {
        "key": ("编码", "项目编号", "项目代码", "编号", "project", "project key", "project code", "project id", "id"),
        "name_zh": ("建设项目名称", "工程名称", "建设项目", "学校名称", "project name"),
        "location": ("建设地点", "项目地点", "地址", "地点", "建设地址", "项目位置"),
        "stage": ("学段",),
        "scale": ("建设规模", "规模", "建设内容", "建设内容及规模", "建设内容和规模", "建设规模及内容", "建设规模和内容"),
        "floor_area_m2": ("总建筑面积", "建筑总面积", "校舍建筑面积", "floor area", "gfa"),
        "total_cost": (
            "投资总额", "总投资额", "项目总投资", "计划总投资", "估算总投资", "概算总投资", "总投资估算", "总投资概算", "投资额",
            "投资", "投资估算", "项目投资", "总造价", "total investment", "investment", "cost",
        ),
        "earliest_start": ("最早开工", "最早开工年份", "最早开工时间"),
        "latest_finish": ("最迟完工", "最迟完工年份", "最晚完工年", "最晚完工年份", "最迟竣工年", "最迟完工时间"),
        "fixed_start": ("实际开工年", "实际开工年份", "实际开工时间", "已开工年份", "既定开工", "既定开工年份", "锁定开工年"),
        "open_lag": ("投用间隔年数",),
        "mandatory": ("必须建设", "是否必须", "是否必须建设", "必选"),
        "priority": ("优先级别", "优先次序", "优先顺序"),
        "status": ("项目状态", "建设状态", "当前状态"),
        "lead_unit": ("责任单位", "牵头部门", "牵头责任单位"),
        "cooperating_units": ("配合部门", "协办单位", "配合责任单位"),
    },
    "seats": {
        "project": _PROJECT,
        "classes": ("班级数", "班级", "教学班", "教学班数", "新增班数"),
        "seats_added": ("新增学位数", "新增座位", "增加学位", "提供学位", "新增学位个数"),
        "seats_replaced": ("替代学位数", "置换学位", "替换学位"),
        "seats_offline": ("停用学位数", "暂停学位"),
    },
    "spending": {"project": _PROJECT},
    "funding_sources": {
        "source": ("来源代码", "资金来源编码", "资金编码", "编码", "编号", "代码", "source key", "key"),
        "name_zh": ("资金来源", "资金名称", "资金来源名称"),
        "stages": ("学段", "可用学段", "适用的学段"),
        "natures": ("适用项目性质", "可用性质", "项目性质"),
        "carry_over_years": ("结转年限", "可结转年数", "结转", "结转（年）", "carry over"),
    },
    "funding_caps": {"source": _SOURCE},
    "project_funding": {
        "project": _PROJECT,
        "source": _SOURCE,
        "min_share": ("最低比例", "最小占比", "最低份额", "占比下限"),
        "max_share": ("最高比例", "最大占比", "最高份额", "占比上限"),
    },
    "relations": {
        "kind": ("类型", "关系"),
        "project": _PROJECT,
        "other": ("相关项目编码", "对应项目", "另一项目", "关联项目"),
        "lag_years": ("间隔", "间隔（年）"),
        "group": ("组", "分组"),
    },
    "milestones": {
        "kind": ("类型", "节点"),
        "project": _PROJECT,
        "year": ("年度", "时间", "承诺年份"),
        "firm": ("是否硬性", "硬性"),
    },
    "norms": {
        "cost_per_m2": ("单方造价", "单位面积投资", "每平方米造价"),
        "cost_per_seat": ("生均造价", "单位学位投资", "每学位造价"),
        "seats_per_class": ("每班学位", "每班人数"),
        "area_per_seat_m2": ("生均面积", "每学位建筑面积"),
    },
}  # fmt: skip
"""Table -> column key -> other names in this sheet."""

LIKELY: Names = {
    "earliest_start": ("开工年份", "开工年", "开工时间", "计划开工", "计划开工年", "计划开工年份", "计划开工时间", "拟开工年份", "预计开工年份"),
    "latest_finish": ("完工年份", "完工年", "完工时间", "竣工年份", "计划完工", "计划完工年", "计划完工年份", "计划完工时间", "计划竣工年份", "预计完工年份"),
}  # fmt: skip
"""Column key -> names that most people, but not all, mean so: read with a warning. A start that is settled has a
column of its own."""

BY_NAME: Names = {
    "project": ("项目名称", "project name"),
    "source": ("来源名称", "资金来源名称", "source name"),
}
"""Columns that refer to a row by its key -> columns that name it. Names are taken for keys where no
column of keys is there."""

SHEET_NAMES: Names = {
    "projects": ("项目库", "项目清单", "项目信息", "建设项目"),
    "seats": ("学位数", "项目学位"),
    "spending": ("投资进度", "分年比例"),
    "funding_sources": ("来源",),
    "funding_caps": ("资金上限", "年度资金上限"),
    "capacity": ("学位现状", "现状学位"),
    "demand": ("需求",),
    "relations": ("项目关系",),
    "milestones": ("时间节点", "里程碑"),
    "norms": ("估算", "造价指标"),
}
"""Table -> other names of its sheet."""


def other_names(table: str, key: str) -> tuple[str, ...]:
    """Every other name of a column of a table."""
    # Where the column `source` is the key of a funding source, it is no document.
    common = () if key == "source" and table in _OF_MONEY else COMMON.get(key, ())
    return ALIASES.get(table, {}).get(key, ()) + common + _nth_year(table, key)


_OF_MONEY = ("funding_sources", "funding_caps", "project_funding")


def _nth_year(table: str, key: str) -> tuple[str, ...]:
    """The years of Spending, counted in characters."""
    if table != "spending" or not key.startswith("year_"):
        return ()
    number = int(key.removeprefix("year_"))
    in_words = "一二三四五六七八"[number - 1]
    return (
        f"第{in_words}年",
        f"第{number}年度",
        f"第{in_words}年度",
        f"第{number}年占比",
        f"第{number}年比例",
    )
