"""The second proof: a stored run or a schedule.json held against its inputs, without the solver.

The planning problem is rebuilt from the inputs, the schedule from the document's own decisions;
then every rule, every objective and every figure that follows is recomputed and compared. Bounds and
reasons are the solver's; of the bounds, what must agree with the rest is checked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from portfolio.db.records import RunRecord
from portfolio.db.session import Database
from portfolio.domain.schedule import Status
from portfolio.domain.text import Text
from portfolio.errors import UsageError, VerificationError
from portfolio.report import json_reader
from portfolio.report.json_reader import DamagedDocumentError, StatedPlan
from portfolio.rules import RULES
from portfolio.stored import record_of
from portfolio.verification import findings, inputs
from portfolio.verification.findings import Finding
from portfolio.verification.inputs import Inputs

__all__ = ["Finding", "Verdict", "verify"]

NOWHERE = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the proof found.

    `subject` is the run or the file. `inputs_sha256` is the hash that the document states,
    `recomputed_sha256` that of the inputs it was held against ("": they could not be had); `origin`
    says which inputs those are. `rules` and `figures` count what was checked.
    """

    subject: str
    run: str
    scenario: str
    status: Status
    inputs_sha256: str
    recomputed_sha256: str = ""
    origin: Text = NOWHERE
    rules: int = 0
    figures: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def has_schedule(self) -> bool:
        return self.status in (Status.OPTIMAL, Status.FEASIBLE)

    @property
    def holds(self) -> bool:
        """Nothing was found; so too where there is no schedule to verify."""
        return not self.findings


def verify(
    database: Database, subject: str, *, scenario: str | None = None, workbook: Path | None = None
) -> Verdict:
    """Proves the run or schedule.json that `subject` names.

    A run is held against its own inputs: the scenario it keeps and the data of its import. A file is
    held against `scenario` and `workbook`; by default against the scenario it names and the data in
    the database, or, where these have changed, against those of the stored run that it comes from.

    Raises:
        UsageError: there is no such run, scenario or workbook, or the file is not a schedule.json.
        InputRefusedError: the scenario or the workbook given cannot be used.
        VerificationError: the document that the run keeps is damaged.
    """
    if _is_path(subject):
        return _verify_file(database, Path(subject), scenario, workbook)
    if scenario is not None or workbook is not None:
        raise UsageError(
            "--scenario 和 --workbook 只用于 schedule.json；存下的排期用它自己的输入复核 / --scenario and"
            " --workbook are for a schedule.json only; a stored run is verified with its own inputs"
        )
    return _verify_run(database, subject)


def _is_path(subject: str) -> bool:
    """Whether it is meant as a file; the names of runs have neither folder nor suffix."""
    path = Path(subject)
    try:
        return path.suffix == ".json" or len(path.parts) > 1 or path.exists()
    except OSError:  # too long for a file's name
        return False


def _verify_run(database: Database, name: str) -> Verdict:
    record = record_of(database, name)
    try:
        plan = json_reader.read(record.document)
    except DamagedDocumentError as error:
        raise VerificationError(
            f"{name}: 所存的 schedule.json 已损坏 / the schedule.json kept is damaged:\n  {error}"
        ) from None
    if not _has_schedule(plan):
        return _without_schedule(name, plan, record)
    return _judged(name, plan, inputs.of_run(database, record), record)


def _verify_file(database: Database, path: Path, scenario: str | None, workbook: Path | None) -> Verdict:
    try:
        plan = json_reader.read(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: 无法读取 / cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path}: 不是 schedule.json：第 {error.start + 1} 字节不是 UTF-8 / not a schedule.json: byte"
            f" {error.start + 1} is not UTF-8"
        ) from None
    except DamagedDocumentError as error:
        raise UsageError(
            f"{path}: 不是 schedule.json，或已损坏 / not a schedule.json, or damaged:\n  {error}"
        ) from None
    if not _has_schedule(plan):
        return _without_schedule(str(path), plan)
    return _judged(str(path), plan, inputs.of_file(database, plan, scenario, workbook))


def _has_schedule(plan: StatedPlan) -> bool:
    return plan.status in (Status.OPTIMAL, Status.FEASIBLE)


def _without_schedule(subject: str, plan: StatedPlan, record: RunRecord | None = None) -> Verdict:
    return Verdict(
        subject=subject,
        run=plan.run,
        scenario=plan.scenario,
        status=plan.status,
        inputs_sha256=plan.inputs_sha256,
        findings=tuple(findings.of_no_schedule(plan, record)),
    )


def _judged(subject: str, plan: StatedPlan, given: Inputs, record: RunRecord | None = None) -> Verdict:
    verdict = Verdict(
        subject=subject,
        run=plan.run,
        scenario=plan.scenario,
        status=plan.status,
        inputs_sha256=plan.inputs_sha256,
        origin=given.origin,
    )
    if given.problem is None:
        return replace(verdict, findings=(findings.no_inputs(given.missing),))
    found, compared = findings.against(given.problem, plan, record)
    return replace(
        verdict,
        recomputed_sha256=given.problem.inputs_sha256,
        rules=len(RULES),
        figures=compared,
        findings=found,
    )
