"""Sources that are named for a project which they cannot pay."""

from __future__ import annotations

from portfolio.domain.funding import SHARED, FundingSource
from portfolio.domain.project import Project
from portfolio.domain.text import Text
from portfolio.workbook.layout import CHOICES, Kind
from portfolio.workbook.problems import Problems
from portfolio.workbook.tables import Tables


def check_payers(tables: Tables, problems: Problems) -> None:
    """A source that is named for a project of another county, stage or nature cannot pay it."""
    projects = {row.record.key: row.record for row in tables["projects"] if isinstance(row.record, Project)}
    sources = {
        row.record.key: row.record
        for row in tables["funding_sources"]
        if isinstance(row.record, FundingSource)
    }
    for row in tables["project_funding"]:
        project, source = projects.get(row.text("project")), sources.get(row.text("source"))
        reason = _cannot_pay(source, project) if source and project else None
        if reason:
            problems.warning(row.where, "source", reason, row.text("source"))


def _cannot_pay(source: FundingSource, project: Project) -> Text | None:
    if source.county not in (SHARED, project.county):
        return Text(
            f"属于 {source.county}，不能为 {project.county} 的项目付款",
            f"belongs to {source.county} and cannot pay a project of county {project.county}",
        )
    if source.stages and project.stage not in source.stages:
        return Text(
            f"不用于该项目的学段（{CHOICES[Kind.STAGE][project.stage]}），不会为它付款",
            f"does not pay the stage of the project ({project.stage})",
        )
    if source.natures and project.nature and project.nature not in source.natures:
        return Text(
            f"不用于该项目的性质（{CHOICES[Kind.NATURE][project.nature]}），不会为它付款",
            f"does not pay the nature of the project ({project.nature})",
        )
    return None
