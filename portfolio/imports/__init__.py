"""The use cases around imports: what a workbook would change, storing it, and the history of it all.

An import goes one way: `proposal` reads the file, brings it together with what others stored since it
was exported, checks the result and compares; `storing` keeps it, or says why not; `history` tells.
"""

from portfolio.imports.proposal import Proposal
from portfolio.imports.refusals import ConflictError, Contested, RefusedWorkbookError, RemovalError
from portfolio.imports.storing import DEFAULT_WORKBOOK, ImportOutcome, bring_up_to_date, import_workbook

__all__ = [
    "DEFAULT_WORKBOOK",
    "ConflictError",
    "Contested",
    "ImportOutcome",
    "Proposal",
    "RefusedWorkbookError",
    "RemovalError",
    "bring_up_to_date",
    "import_workbook",
]
