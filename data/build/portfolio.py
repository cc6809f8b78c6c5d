"""The shipped portfolio: facts and rules put together. No file is written here."""

from __future__ import annotations

from data.build import demand, funding, liangping, norms, promises, shizhu, xifeng, yunyang
from data.build.spec import Spec, effects, project
from portfolio.domain.portfolio import Portfolio


def specs() -> tuple[Spec, ...]:
    """Every project of the portfolio, county by county."""
    return (*shizhu.specs(), *yunyang.specs(), *liangping.specs(), *xifeng.specs())


def build() -> Portfolio:
    """The portfolio of data/projects.xlsx; the same every time."""
    rows = specs()
    return Portfolio(
        projects=tuple(map(project, rows)),
        seats=tuple(effect for spec in rows for effect in effects(spec)),
        spending=promises.spending(),
        funding_sources=funding.sources(),
        funding_caps=funding.caps(),
        project_funding=funding.project_funding(),
        capacity=demand.capacity(),
        demand=demand.demand(),
        relations=promises.relations(),
        milestones=promises.milestones(),
        norms=norms.rows(),
    )
