"""`schedule.xml`: the plan for Microsoft Project and programs that read its XML (docs/ms-project.md)."""

from __future__ import annotations

from portfolio.report.mspdi.file import write

__all__ = ["write"]
