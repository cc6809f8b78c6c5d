"""The HTML report: one offline file with the plan, its figures and where they come from."""

from portfolio.report.html.report import render, write

__all__ = ["render", "write"]
