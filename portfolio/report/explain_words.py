"""The words of `portfolio explain`; its sentences come with the explanations."""

from __future__ import annotations

EXPLAIN_WORDS: dict[str, tuple[str, str]] = {
    "explain.title": ("{scenario}：未排入或推迟的项目", "{scenario}: projects that are out or late"),
    "explain.none": ("没有未排入或推迟的项目", "No project is out or late"),
    "explain.more": (
        "用 portfolio explain 项目 --scenario {scenario} 查看其中一个的全部说明",
        "portfolio explain PROJECT --scenario {scenario} tells everything about one of them",
    ),
    "explain.out": ("未排入", "out"),
    "explain.moved": ("{earliest} → {planned}", "{earliest} → {planned}"),
    "explain.decision.out": ("未排入", "It is not scheduled"),
    "explain.decision.in": (
        "{start} 年开工，{opens} 年投用；最早可 {earliest} 年开工",
        "It starts in {start} and opens in {opens}; it could start in {earliest} by itself",
    ),
    "explain.decision.on_time": (
        "{start} 年开工，{opens} 年投用，没有推迟",
        "It starts in {start} and opens in {opens}, as early as it can",
    ),
    "explain.why": ("原因", "Why"),
    "explain.what_if": ("假设 {years} 年开工", "Suppose it starts in {years}"),
    "explain.what_if.best": ("最好的方案：{start} 年开工", "The best plan has it start in {start}"),
    "explain.what_if.never": (
        "没有这样的方案。以下要求互相矛盾：",
        "There is no such plan. These requirements contradict one another:",
    ),
    "explain.what_if.unknown": ("未在时限内查明", "Not found out within the time limit"),
    "explain.what_if.unproven": ("（未证明是最好的方案）", "(not proven to be the best such plan)"),
    "explain.moves": ("其他项目的变动：", "Other projects that change:"),
    "explain.moves.none": ("其他项目都不变", "No other project changes"),
    "explain.move": ("{name}：{before} → {after}", "{name}: {before} → {after}"),
    "explain.not_in": ("不列入", "out"),
    "explain.changes": ("目标和资金的变化：", "What it costs:"),
    "explain.changes.none": ("各项目标都不变", "No objective changes"),
    "explain.change": ("{name}：{change} {unit}", "{name}: {change} {unit}"),
    "explain.seat_years": ("缺学位（座·年）", "Missing seats (seat-years)"),
    "explain.spend": ("规划期支出（万元）", "Spend in the horizon (万元)"),
    "explain.first": ("先变差的目标", "worsens first"),
    "explain.takes": ("至少要加多少钱（其他项目不动）", "The least money for it (nothing else moves)"),
    "explain.takes.start": (
        "{start} 年开工，共需 {total} 万元：",
        "To start in {start}, {total} 万元 in all:",
    ),
    "explain.takes.raise": ("{source} {year} 年 +{amount} 万元", "{source}, {year}: +{amount} 万元"),
    "explain.takes.with": ("一并列入：{others}", "Together with: {others}"),
    "explain.takes.none": (
        "其他项目照排时，增加多少资金都不行",
        "With the others as scheduled no money does it",
    ),
    "explain.takes.unproven": ("（未证明最少）", "(not proven to be the least)"),
    "explain.rules": ("与它有关的规则", "Where it stands on the rules"),
    "explain.rule": ("[{rule}] {text}", "[{rule}] {text}"),
    "explain.rule.holds": ("[{rule}] ← 受制于此：{text}", "[{rule}] ← holds it back: {text}"),
    "explain.incomplete": (
        "已中断或到时限，以上是已查明的部分",
        "It ended early: this is what was found out",
    ),
}
"""Key -> (Chinese, English)."""
