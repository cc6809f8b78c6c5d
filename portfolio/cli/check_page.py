"""A check in a terminal: how grave, then the findings by importance, what the input rests on, and what
is estimated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from rich.console import Console, Group
from rich.text import Text as Line

from portfolio.domain.estimate import ESTIMATED_FIELDS
from portfolio.domain.money import Money, to_wan
from portfolio.domain.notice import Severity
from portfolio.domain.project import Basis
from portfolio.domain.text import Lang, Text
from portfolio.quality import EstimateLine, Finding, Kind, Report
from portfolio.quality.norms import HIGHEST, LOWEST
from portfolio.report.labels import basis_label, coded, label
from portfolio.report.terminal import MIN_WIDTH
from portfolio.report.terminal_page import INDENT, Page, fill

LISTED = 6
"""Cases named of one kind, and estimates, unless all are asked for."""

MARKS = {Severity.ERROR: "✗ ", Severity.WARNING: "! ", Severity.NOTICE: "· "}
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTICE: ""}

FAR = f"{LOWEST}%–{HIGHEST}%"

TITLES: dict[Kind, Text] = {
    Kind.IMPOSSIBLE_WINDOW: Text("必建却排不进年份", "Has to be built, but fits no years"),
    Kind.IMPOSSIBLE_FUNDING: Text("必建却没有资金可付", "Has to be built, but nobody can pay it"),
    Kind.IMPOSSIBLE_MONEY: Text("必建项目的支出超过全部资金", "Duties cost more than all the money there is"),
    Kind.IMPOSSIBLE_RELATION: Text("必建却与关系矛盾", "Has to be built, against its relations"),
    Kind.IMPOSSIBLE_DELIVERY: Text("必建项目超过建设能力", "More duties than may be built at once"),
    Kind.IMPOSSIBLE_TARGET: Text("刚性学位目标达不到", "Firm seat targets out of reach"),
    Kind.NEVER_BUILT: Text("任何排期都不会列入的项目", "Projects that no schedule can take in"),
    Kind.TARGET_MISSED: Text("达不到的学位目标（尽量）", "Seat targets out of reach (aims)"),
    Kind.MILESTONE_MISSED: Text("兑现不了的节点", "Milestones that cannot be kept"),
    Kind.SHORT_AT_THE_END: Text(
        "全部项目尽早建成，到规划末年仍缺学位", "Short to the end, even if everything is built at once"
    ),
    Kind.SHORT_FOR_A_WHILE: Text(
        "项目投用以前必然缺学位", "Short until projects can open, whatever is built"
    ),
    Kind.SHORT_NOW: Text("规划首年缺学位", "Short in the first year"),
    Kind.NO_CAPACITY: Text("有需求，没有现有学位", "Demand without capacity"),
    Kind.SPORTS_AREA: Text("运动场馆面积不达标", "Sports area below the standard"),
    Kind.CLASS_SIZE: Text("班额超标", "Classes above the standard"),
    Kind.SCHOOL_SIZE: Text("学校规模超标", "Schools above the standard"),
    Kind.COST_PER_SEAT: Text(f"每座投资在指标的 {FAR} 之外", f"Cost per seat outside {FAR} of the norm"),
    Kind.COST_PER_M2: Text(f"每平方米投资在指标的 {FAR} 之外", f"Cost per m² outside {FAR} of the norm"),
    Kind.AREA_PER_SEAT: Text(
        f"每座面积在指标的 {FAR} 之外", f"Floor area per seat outside {FAR} of the norm"
    ),
    Kind.DURATION: Text(f"工期在指标的 {FAR} 之外", f"Durations outside {FAR} of the norm"),
    Kind.NO_CAPS: Text("没有额度的来源", "Sources without caps"),
    Kind.UNUSED_SOURCE: Text("没有项目能用的来源", "Sources that no project may use"),
    Kind.CLOSED_PROJECT: Text("已建成或暂缓的项目", "Projects completed or suspended"),
    Kind.DOUBLE_NAME: Text("重名", "Double names"),
    Kind.NO_SEATS: Text("没有学位的项目", "Projects without seats"),
}


def print_report(report: Report, console: Console, lang: Lang = "both", *, every: bool = False) -> None:
    """Write the report; in colour only to a terminal."""
    page = Page(
        lang,
        max(MIN_WIDTH, console.width),
        console.is_terminal and not console.no_color,
        getattr(console.file, "encoding", None) or "utf-8",
    )
    console.print(Group(*lines(report, page, every=every)), soft_wrap=True, highlight=False)


def lines(report: Report, page: Page, *, every: bool = False) -> list[Line]:
    """The report as lines; `every`: nothing is left out of lists."""
    found = [
        *_head(report, page),
        *(line for kind in _by_kind(report.findings) for line in _kind(page, kind, every)),
        *_basis(report, page),
        *_estimates(report, page, every),
    ]
    if not every and _is_cut(report):
        found += [
            page.line(),
            *page.paragraph(Text("加 --all 列出全部", "--all lists everything"), INDENT),
        ]
    return found


def _by_kind(findings: Sequence[Finding]) -> list[list[Finding]]:
    return [list(group) for _, group in groupby(findings, key=lambda finding: finding.kind)]


def _is_cut(report: Report) -> bool:
    counts = Counter(finding.kind for finding in report.findings)
    return max([*counts.values(), len(_projects(report.estimates))], default=0) > LISTED


def _head(report: Report, page: Page) -> list[Line]:
    title, scenario = report.problem.title or report.problem.scenario, report.problem.scenario
    name = title if scenario in title else f"{title} ({scenario})"
    counts = Counter(finding.severity for finding in report.findings)
    tally = " · ".join(
        page.pick(Text(f"{zh} {counts[severity]}", f"{en} {counts[severity]}"), " / ")
        for severity, zh, en in (
            (Severity.ERROR, "错误", "errors"), (Severity.WARNING, "警告", "warnings"), (Severity.NOTICE, "提示", "notices"),
        )
    )  # fmt: skip
    verdict = (
        Text(
            "已证明本情景没有可行排期：标 ✗ 的每一条“必建”和刚性目标都须先解决",
            "Proven: this scenario has no schedule; each duty and firm target marked ✗ must be mended first",
        )
        if report.impossible
        else Text(
            "求解之前未发现必然无解的要求（是否可行仍须求解）",
            "Nothing found that makes a schedule impossible (whether there is one takes the solver)",
        )
    )
    style = "bold red" if report.impossible else "bold green"
    return [page.heading(name), page.line(tally), *page.paragraph(verdict, "", style)]


def _kind(page: Page, findings: list[Finding], every: bool) -> list[Line]:
    """A kind of finding: its title, the cases, and once for all of them the source and the advice if
    these are the same."""
    worst = findings[0].severity
    title = fill(Text("{kind}：{n}", "{kind}: {n}"), kind=TITLES[findings[0].kind], n=len(findings))
    found = [page.line(), *page.paragraph(title, MARKS[worst], STYLES[worst] or "bold")]
    advice, sources = {f.advice for f in findings}, {(f.document, f.locator) for f in findings}
    shown = findings if every else findings[:LISTED]
    alike = len({finding.text for finding in findings}) == 1 < len(findings)
    if alike:
        found += page.paragraph(findings[0].text, INDENT)
    for finding in shown:
        place, words = finding.place, finding.text
        text = place if alike else Text(f"{place.zh}：{words.zh}", f"{place.en}: {words.en}")
        found += page.paragraph(text, "  - ")
        if len(sources) > 1:
            found += _source(page, finding, "    ")
        if len(advice) > 1:
            found += _advice(page, finding, "    ")
    if len(findings) > len(shown):
        found += _more(page, len(findings) - len(shown))
    if len(sources) == 1:
        found += _source(page, findings[0], INDENT)
    if len(advice) == 1:
        found += _advice(page, findings[0], INDENT)
    return found


def _source(page: Page, finding: Finding, indent: str) -> list[Line]:
    words = " ".join(part for part in (finding.document, finding.locator) if part)
    return page.paragraph(Text(words, ""), indent + page.pick(Text("依据 ", "source "), "")) if words else []


def _advice(page: Page, finding: Finding, indent: str) -> list[Line]:
    return page.paragraph(finding.advice, indent + "→ ") if finding.advice.zh else []


def _more(page: Page, number: int) -> list[Line]:
    return page.paragraph(fill(Text("另有 {n} 项", "{n} more"), n=number), "  - ")


# --- what the input rests on --------------------------------------------------------------------


def _basis(report: Report, page: Page) -> list[Line]:
    rows = [("", *(page.pick(basis_label(basis)) for basis in Basis))]
    for line in report.basis:
        name = label(f"basis.{line.name}")
        total = sum(line.amounts.values())
        cells = (_share(line.amounts[basis], total, is_money=line.is_money) for basis in Basis)
        rows.append((page.pick(Text(name.zh, "") if page.lang == "both" else name), *cells))
    title = Text("输入的依据（数量或万元，占比）", "What the input rests on (number or 万元, share)")
    return [page.line(), *page.paragraph(title, "", "bold"), *map(page.line, page.table(rows))]


def _share(amount: int, total: int, *, is_money: bool) -> str:
    figure = _wan(amount) if is_money else f"{amount:,}"
    return f"{figure} {amount / total:4.0%}" if total else figure


# --- estimates ----------------------------------------------------------------------------------


def _projects(estimates: Sequence[EstimateLine]) -> list[list[EstimateLine]]:
    """The estimates of each project, those with the largest estimated cost first."""
    groups = [list(group) for _, group in groupby(estimates, key=lambda line: line.candidate.key)]
    return sorted(groups, key=lambda group: -max(_cost(line) for line in group))


def _cost(line: EstimateLine) -> Money:
    return line.estimate.value if line.field == "total_cost" else 0


def _estimates(report: Report, page: Page, every: bool) -> list[Line]:
    groups = _projects(report.estimates)
    if not groups:
        return []
    counts = Counter(line.field for line in report.estimates)
    tally = [(coded("field", field), counts[field]) for field in ESTIMATED_FIELDS if counts[field]]
    money = _wan(sum(_cost(line) for line in report.estimates))
    title = Text(
        f"按指标估算：{'、'.join(f'{name.zh} {n}' for name, n in tally)}；投资共 {money} 万元",
        f"Estimated by norms: {', '.join(f'{name.en} {n}' for name, n in tally)}; cost {money} 万元",
    )
    found = [page.line(), *page.paragraph(title, "", "bold")]
    shown = groups if every else groups[:LISTED]
    for group in shown:
        found += page.paragraph(group[0].candidate.label, "  - ")
        for line in group:
            name, formula, value = coded("field", line.field), line.estimate.formula, _figure(line)
            basis = basis_label(line.estimate.basis)
            # a duration is the norm's own figure: there is nothing to work out
            zh, en = formula if line.field == "duration_years" else (f"{value} = {w}" for w in formula)
            origin = line.estimate.norm.locator or line.estimate.norm.notes
            words = Text(
                f"{name.zh} ≈ {zh}（{basis.zh}{'：' + origin if origin else ''}）",
                f"{name.en} ≈ {en} ({basis.en.lower()}{': ' + origin if origin else ''})",
            )
            found += page.paragraph(words, "      ")
    return found + (_more(page, len(groups) - len(shown)) if len(groups) > len(shown) else [])


def _figure(line: EstimateLine) -> str:
    value = line.estimate.value
    if line.field == "total_cost":
        return f"{_wan(value)} 万元"
    words = f"{Decimal(value):,f}"
    words = words.rstrip("0").rstrip(".") if "." in words else words
    return f"{words} m²" if line.field == "floor_area_m2" else words


def _wan(amount: Money) -> str:
    return f"{to_wan(amount):,f}".removesuffix(".00")
