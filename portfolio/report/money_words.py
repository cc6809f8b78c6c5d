"""The words about the value of money and about robustness."""

from __future__ import annotations

MONEY_WORDS: dict[str, tuple[str, str]] = {
    "marginal": ("边际价值", "Marginal value"),
    "marginal.unit": ("加权座·年／100 万元", "weighted seat-years per 100 万元"),
    "marginal.meaning": (
        "边际价值：该来源该年上限每再增加 100 万元可少缺的加权座·年（一个学位缺一年为 1 座·年，按学段加权，与目标相同）；按线性松弛计算，即项目可以只建一部分，实际须整个建",
        "Marginal value: weighted seat-years avoided per extra 100 万元 in the cap of that source and year (a seat missing for a year is 1 seat-year, weighted by stage as the objective weighs it), by the linear relaxation, in which part of a project may be built; in truth projects are whole",
    ),
    "marginal.not_first": (
        "学位缺口不是本情景的首要目标；边际价值只看学位缺口，遵守全部规则，不管排在它前面的目标：{before}",
        "The seat shortage is not the scenario's first objective; marginal values look at it alone, all rules kept, without regard to the objectives before it: {before}",
    ),
    "marginal.at_most": (
        "带 ≤ 的价值未逐一核对，实际不会更高",
        "Values with ≤ were not held against a re-solve: more money is worth no more than that",
    ),
    "marginal.missing.no_objective": (
        "情景的目标不含学位缺口（seat_shortage），没有可算的边际价值",
        "Missing seats (seat_shortage) are not among the scenario's objectives, so money has no value in seats",
    ),
    "marginal.missing.too_large": (
        "项目太多，部分资金的边际价值未计算",
        "There are too many projects: for some of the money no marginal value was worked out",
    ),
    "marginal.missing.no_time": (
        "部分资金的边际价值未在时限内算出",
        "For some of the money no marginal value was worked out within the time limit",
    ),
    "marginal.missing.unknown": ("未计算边际价值", "No marginal values were worked out"),
    "marginal.stopped.time_limit": (
        "时限已到，只对部分来源和年份再次求解；可用 --source 和 --year 指定其他",
        "The time allowed only some caps to be solved again; name others with --source and --year",
    ),
    "marginal.stopped.interrupted": (
        "已中断，只列出已查明的部分",
        "Interrupted: what was found out until then is listed",
    ),
    "marginal.title": ("资金的边际价值：{scenario}", "What more money would be worth: {scenario}"),
    "marginal.source": ("来源", "Source"),
    "marginal.nothing": (
        "其余 {n} 个来源各年均为 0",
        "Sources for which it is 0 in every year: {n}",
    ),
    "marginal.all_nothing": (
        "各来源各年的边际价值均为 0",
        "The marginal value is 0 for every source and year",
    ),
    "marginal.checks": ("再次求解：上限增加 {amount} 万元", "Solved again with {amount} 万元 more"),
    "marginal.check": ("{source}，{year} 年", "{source}, {year}"),
    "marginal.figures": (
        "少缺（加权座·年）：边际价值折算 {price}，线性估计 {relaxed}，再次求解 {weighted}",
        "Weighted seat-years avoided: at the marginal value {price}, estimate {relaxed}, solved again {weighted}",
    ),
    "robust.title": ("各项目的稳健性：{scenario}", "How firmly each project is in or out: {scenario}"),
    "robust.variations": ("变化", "Variations"),
    "robust.projects": ("项目", "Projects"),
    "robust.label": ("稳健性", "Label"),
    "robust.always": ("总在", "always in"),
    "robust.borderline": ("两可", "borderline"),
    "robust.never": ("从不", "never"),
    "robust.in": ("入选", "In"),
    "robust.starts": ("开工", "Starts"),
    "robust.scheduled": ("排入 {n} 个项目", "projects scheduled: {n}"),
    "robust.count": ("{label} {n}", "{label} {n}"),
    "robust.out": ("缺席变化", "Out in"),
}
