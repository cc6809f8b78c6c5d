"""The generated part of docs/data.md: how much rests on what, and what became of each fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from data.build.accounting import Entry, accounts
from data.build.spec import Spec
from portfolio.domain.money import to_wan
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Basis

BEGIN, END = "<!-- generated: python -m data.build_projects -->", "<!-- end of generated part -->"


def update(path: Path, portfolio: Portfolio, specs: tuple[Spec, ...]) -> None:
    """Put the generated part between its markers.

    Raises:
        ValueError: the document has no markers.
    """
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    old, _, after = rest.partition(END)
    if not old:
        raise ValueError(f"{path}: markers not found")
    path.write_text(f"{before}{rendered(portfolio, specs)}{after}", encoding="utf-8")


def rendered(portfolio: Portfolio, specs: tuple[Spec, ...]) -> str:
    """The generated part, markers included."""
    return "\n".join((BEGIN, "", *_basis(portfolio), "", *_caps(portfolio), "", *_accounts(specs), "", END))


def _basis(portfolio: Portfolio) -> Iterator[str]:
    yield "### 数据性质 Basis of the rows"
    yield ""
    yield "| 表 table | stated 原文 | derived 推算 | assumed 假定 |"
    yield "|---|---|---|---|"
    for table in ("projects", "seats", "funding_sources", "funding_caps", "capacity", "demand", "norms"):
        counts = Counter(row.basis for row in getattr(portfolio, table))
        yield f"| {table} | " + " | ".join(str(counts[basis]) for basis in Basis) + " |"


def _caps(portfolio: Portfolio) -> Iterator[str]:
    """Yearly sums by county, in 万元."""
    county = {source.key: source.county for source in portfolio.funding_sources}
    total: Counter[tuple[str, int]] = Counter()
    for row in portfolio.funding_caps:
        for year, amount in row.amounts.items():
            total[county[row.source], year] += amount
    years = sorted({year for _, year in total})
    yield "### 年度资金合计 Yearly caps by county（万元，假定 assumed）"
    yield ""
    yield "| county | " + " | ".join(map(str, years)) + " |"
    yield "|---" * (len(years) + 1) + "|"
    for name in dict.fromkeys(county.values()):
        yield f"| {name} | " + " | ".join(f"{to_wan(total[name, year]):,.0f}" for year in years) + " |"


def _accounts(specs: tuple[Spec, ...]) -> Iterator[str]:
    entries = accounts(specs)
    counts = Counter(entry.fate for entry in entries)
    yield "### 每条事实的去向 What became of each fact"
    yield ""
    yield (
        f"{len(entries)} 条 facts：{counts['kept']} 条各成一行 kept, {counts['merged']} 条并入他行 merged, "
        f"{counts['split']} 条拆分 split, {counts['left out']} 条未列 left out；共 {len(specs)} 个项目 projects."
    )
    yield ""
    yield "| fact | 去向 fate | 原因 reason |"
    yield "|---|---|---|"
    for entry in entries:
        if entry.fate != "kept":
            yield f"| {entry.fact} | {entry.fate} | {_reason(entry)} |"


def _reason(entry: Entry) -> str:
    return f"{entry.reason_zh} / {entry.reason_en}"
