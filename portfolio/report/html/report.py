"""`report.html`: the plan in one file that opens by double click, without a network."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portfolio.domain.project import Stage
from portfolio.domain.text import Lang
from portfolio.report.html import facts, infeasible
from portfolio.report.html.plan_data import plan_document
from portfolio.report.html.policy import content_policy, data_block
from portfolio.report.html.texts import HTML_LANG, Words
from portfolio.report.labels import stage_label
from portfolio.report.marginal import plan_notes
from portfolio.report.workbook.view import View, years_text
from portfolio.scenario.plan import Plan

FOLDER = Path(__file__).parent
ASSETS = FOLDER / "assets"
ECHARTS = FOLDER / "vendor" / "echarts.common.min.js"
SCRIPTS = (
    "dom.js", "data.js", "rows.js", "gantt.js", "gantt_row.js", "why.js", "card.js", "chart.js", "money.js", "seats.js",
    "lists.js", "main.js",
)  # fmt: skip
"""The page's own script, in the order in which its parts are joined."""

SECTIONS = tuple(
    (name, f"html.{name}") for name in ("gantt", "money", "seats", "deferred", "milestones", "facts", "basis")
)
"""Parts of the page that its bar leads to; without a schedule what contradicts what, and the last two."""


def write(plan: Plan, path: Path, lang: Lang = "both") -> None:
    """Write `report.html`; the same plan gives the same bytes."""
    path.write_text(render(plan, lang), encoding="utf-8", newline="\n")


def render(plan: Plan, lang: Lang = "both") -> str:
    """The page. Without a schedule it tells how the run ended and on what it was based."""
    words = Words(lang)
    scripts = (_echarts(), _script()) if plan.evaluation else ()
    context: dict[str, Any] = {
        "html_lang": HTML_LANG[lang],
        "t": words.say,
        "policy": content_policy(scripts, (_style(),)),
        "style": _style(),
        "scripts": scripts,
        "data": data_block(plan_document(plan, words)) if plan.evaluation else None,
        "years": years_text(plan.problem.horizon),
        "title": plan.problem.title or plan.problem.scenario,
        "run": plan.run,
        "when": facts.when(plan),
        "status": plan.result.status.value,
        "status_words": facts.status(plan, words),
        "cards": [],
        "sections": SECTIONS if plan.evaluation else (*_without_schedule(plan), *SECTIONS[-2:]),
        "facts": facts.scenario_facts(plan, words),
        "notices": [(n.place, words.pair(n.text)) for n in plan.problem.notices],
        "objectives": facts.objective_rows(plan, words),
        "basis_names": facts.basis_names(words),
        "basis": facts.basis_rows(plan, words),
    }
    if plan.evaluation is None:
        repairs = infeasible.repair_groups(plan, words)
        context |= {
            "scenario": plan.problem.scenario,
            "conflicts": infeasible.conflict_tables(plan, words),
            "more_conflicts": infeasible.more_conflicts(plan, words),
            "repairs": repairs,
            "snippets": [item for _, items in repairs for item in items if item.toml],
            "repair_notes": infeasible.notes(plan, words),
        }
    else:
        view = View(plan, plan.evaluation, lang)
        used = {item.candidate.row.stage for item in view.items}
        context |= {
            "cards": facts.key_figures(view, words),
            "marginal_notes": [words.pair(note) for note in plan_notes(plan)],
            "has_marginal": bool(plan.marginal),
            "stages": [(stage.value, words.pair(stage_label(stage))) for stage in Stage if stage in used],
        }
    return _environment().get_template("page.html").render(context)


def _without_schedule(plan: Plan) -> list[tuple[str, str]]:
    result = plan.result
    parts = [("conflict", "term.conflict")] if result.conflict else []
    return parts + ([("repairs", "term.repairs")] if result.repairs or result.repair_notes else [])


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(ASSETS), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip


@cache
def _style() -> str:
    return "\n" + _read(ASSETS / "style.css") + _read(ASSETS / "print.css")


@cache
def _script() -> str:
    """The parts in one scope of their own, so that nothing of them is global."""
    parts = "\n".join(_read(ASSETS / name) for name in SCRIPTS)
    return f'(async () => {{\n"use strict";\n{parts}\n}})();\n'


@cache
def _echarts() -> str:
    return _read(ECHARTS)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
