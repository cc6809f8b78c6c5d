"""The words of the terminal summary and of the progress line."""

from __future__ import annotations

TERMINAL_WORDS: dict[str, tuple[str, str]] = {
    "term.figures": ("要点", "Key figures"),
    "term.horizon": ("规划期", "Horizon"),
    "term.scheduled": ("排入/未排", "Scheduled/deferred"),
    "term.invested": ("排入项目总投资", "Cost"),
    "term.paid": ("规划期内支出", "Paid"),
    "term.caps": ("资金上限", "Funds"),
    "term.used": ("资金使用率", "Funds used"),
    "term.money": ("{yi} 亿元 = {wan} 万元", "CNY {million} million = {wan} 万元"),
    "term.money.both": ("{yi} 亿元 = {wan} 万元", "= CNY {million} m"),
    "term.seats": ("新增学位", "Seats added"),
    "term.soon": ("规划期内投用", "in time"),
    "term.shortage": ("学位缺口（座）", "Seats short"),
    "term.worst": ("最多（年）", "Most (year)"),
    "term.objectives": ("目标（按先后）", "Objectives, in order"),
    "term.value": ("值", "Value"),
    "term.bound": ("界", "Bound"),
    "term.gap": ("差距", "Gap"),
    "term.proven": ("已证明", "Proven"),
    "term.gantt": ("进度图", "Gantt"),
    "term.legend": (
        "{light} 当年支出不到总投资的 20%  {medium} 20%–40%  {heavy} 40% 以上  {opens} 投用",
        "{light} year pays under 20% of the cost  {medium} 20–40%  {heavy} 40% or more  {opens} opens",
    ),
    "term.more": ("另有 {n} 项，见工作簿", "{n} more, see the workbook"),
    "term.warnings": ("请留意", "Please note"),
    "term.late": ("节点逾期 {n} 项", "Milestones missed: {n}"),
    "term.late.case": (
        "{project}：{kind} {year} → {actual}",
        "{project}: {kind} {year} → {actual}",
    ),
    "term.never": ("未实现", "never"),
    "term.target": ("学位目标未达到 {n} 处", "Seat targets missed: {n}"),
    "term.target.case": (
        "{place}，{year} 年：应有 {needed} 座，缺 {missing} 座",
        "{place}, {year}: {needed} needed, {missing} missing",
    ),
    "term.short": (
        "{year} 年仍有 {n} 处缺学位，共缺 {missing} 座",
        "Still short in {year}: {missing} seats, cells: {n}",
    ),
    "term.short.case": ("{place}：需 {demand} 座，缺 {missing} 座", "{place}: {missing} of {demand} missing"),
    "term.out": ("未排 {n} 项：{why}", "Deferred {n}: {why}"),
    "term.out.case": ("{project}：{reason}", "{project}: {reason}"),
    "term.conflict": ("互相矛盾的要求", "Requirements in conflict"),
    "term.conflict.none": (
        "求解器证明无解，但未能缩小到具体要求",
        "Proven, but not narrowed down to requirements",
    ),
    "term.conflict.advice": (
        "修改其中一项后重新排期；列出的每一项去掉都能解除这组矛盾。",
        "Change one of them and schedule again; each of them alone dissolves this conflict.",
    ),
    "term.advice": ("可以尝试", "What to try"),
    "term.advice.time": (
        "放宽时限（本次 {limit} 秒），例如 --time-limit 600",
        "Allow more time than {limit} s, for example --time-limit 600",
    ),
    "term.advice.gap": ("接受较大的差距，例如 --gap 0.01", "Accept a gap, for example --gap 0.01"),
    "term.files": ("已写出文件", "Files written"),
    "reason.no_gain": ("不改善目标", "No gain"),
    "reason.rules": ("其他规则", "Other rules"),
    "reason.unknown": ("未查明", "Not found out"),
    "term.progress.start": ("正在建立模型", "Building the model"),
    "term.progress.best": ("当前值", "best"),
    "term.progress.bound": ("界", "bound"),
    "term.progress.gap": ("差距", "gap"),
}
"""Key -> (Chinese, English)."""
