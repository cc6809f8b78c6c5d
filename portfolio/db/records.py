"""What the database keeps beside the portfolio: imports (the audit trail) and runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portfolio.domain.money import Money
from portfolio.domain.schedule import Draw, Objective, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRecord:
    """An import that was stored: when (UTC), by whom, from which file, and how many rows it
    added, removed and changed. `file_sha256` is the hash of the file's bytes, `portfolio_sha256`
    of the database's content after it, `revision` the import that the file was edited from (None: the
    file carried no revision that the database knows)."""

    id: int
    imported_at: datetime
    user: str
    file_name: str
    file_sha256: str
    portfolio_sha256: str
    rows_added: int
    rows_removed: int
    rows_changed: int
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProject:
    """A candidate project in a run; years are None when it is not selected; `cost` is before escalation."""

    key: str
    selected: bool
    start: int | None = None
    finish: int | None = None
    opens: int | None = None
    cost: Money = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run with everything needed to show and verify it without the solver.

    `name` is None until the run is stored. `inputs_sha256` is the hash of portfolio and scenario,
    `import_id` the import the portfolio came from. `scenario_text` is the resolved scenario,
    `document` the text of schedule.json. `seconds` holds import, solve and export.
    """

    name: str | None = None
    scenario: str
    created_at: datetime
    inputs_sha256: str
    import_id: int | None = None
    status: Status
    stopped: str = ""
    scenario_text: str = ""
    document: str = ""
    versions: Mapping[str, str] = field(default_factory=dict, hash=False)
    seconds: Mapping[str, float] = field(default_factory=dict, hash=False)
    projects: tuple[RunProject, ...] = ()
    draws: tuple[Draw, ...] = ()
    objectives: tuple[Objective, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """A line of the list of runs."""

    name: str
    scenario: str
    created_at: datetime
    inputs_sha256: str
    import_id: int | None
    status: Status
    stopped: str
    seconds: Mapping[str, float] = field(hash=False)
    objectives: tuple[Objective, ...]
