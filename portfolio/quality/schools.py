"""Schools held against the standards: class size, school size, sports grounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from portfolio.domain.demand import STAGE_NAMES
from portfolio.domain.notice import Severity
from portfolio.domain.project import Basis, Nature, Stage
from portfolio.domain.text import Text
from portfolio.quality.findings import Finding, Kind, of_project
from portfolio.quality.standards import NINE_YEAR, Measure, Standard, standard_for
from portfolio.scenario.problem import Candidate, PlanningProblem

WHOLE_SCHOOLS = frozenset({Nature.NEW, Nature.RELOCATION, Nature.CONTINUING})
"""Works of these natures make a whole school; others add to one whose size is not in the data."""

_AREA = r"\s*([\d,，]+(?:\.\d+)?)\s*(?:平方米|平米|㎡|m²|m2)"
_GROUND = re.compile(r"(?:运动场|活动场|操场|体育场|sports ground)(?:地)?(?: of)?" + _AREA, re.IGNORECASE)
_GYMNASIUM = re.compile(r"(?:体育馆|gymnasium)(?: of)?" + _AREA, re.IGNORECASE)
_SEVERAL = re.compile(
    r"(?<![\d第])(?:[2-9]|[1-9]\d+)\s*所|[二两三四五六七八九十]+所|(?:[2-9]|[1-9]\d+) schools"
)


def check_schools(problem: PlanningProblem) -> Iterator[Finding]:
    """Every school that breaks a standard."""
    for candidate in problem.candidates.values():
        yield from _class_sizes(candidate)
        yield from _school_size(candidate)
        yield from _sports_area(candidate)


def _class_sizes(candidate: Candidate) -> Iterator[Finding]:
    for effect in candidate.effects:
        standard = standard_for(Measure.CLASS_SIZE, effect.stage, candidate.row.county)
        if not (standard and effect.classes and effect.added):
            continue
        size = Fraction(effect.added, effect.classes)
        if not standard.kept_by(size):
            stage, classes, seats = STAGE_NAMES[effect.stage], effect.classes, effect.added
            needed = -(-seats // int(standard.value))
            yield _finding(
                candidate, Kind.CLASS_SIZE, standard, f"{_decimal(size):.1f}",
                Text(
                    f"{stage.zh} {seats} 座 ÷ {classes} 班 = {_decimal(size):.1f} 人/班，标准不超过 {standard.value}",
                    f"{stage.en}: {seats} seats ÷ {classes} classes = {_decimal(size):.1f} per class;"
                    f" the standard is at most {standard.value}",
                ),
                Text(f"增至 {needed} 个班，或减少学位", f"plan {needed} classes, or fewer seats"),
            )  # fmt: skip


def _school_size(candidate: Candidate) -> Iterator[Finding]:
    """Pupils of compulsory age in one school. A row that stands for several schools is not judged."""
    row = candidate.row
    if _SEVERAL.search(f"{row.scale} {row.name_zh} {row.name_en}"):
        return
    seats = _seats(candidate)
    compulsory = {stage: seats[stage] for stage in (Stage.PRIMARY, Stage.JUNIOR) if seats.get(stage)}
    if not compulsory:
        return
    stage = NINE_YEAR if len(compulsory) == 2 else str(next(iter(compulsory)))
    standard, pupils = standard_for(Measure.SCHOOL_SIZE, stage, row.county), sum(compulsory.values())
    if standard and not standard.kept_by(pupils):
        yield _finding(
            candidate, Kind.SCHOOL_SIZE, standard, f"{pupils}",
            Text(
                f"义务教育学位 {pupils} 个，一所学校不超过 {standard.value} 人",
                f"{pupils} seats of compulsory stages; a school may have at most {standard.value}",
            ),
            Text("分建两所，或减少学位", "build two schools, or plan fewer seats"),
        )  # fmt: skip


def _sports_area(candidate: Candidate) -> Iterator[Finding]:
    """Ground and gymnasium that the design scale states, shared by all pupils, for those of compulsory
    age. Only whole schools whose ground is stated can be judged."""
    ground = _stated(_GROUND, candidate.row.scale)
    if candidate.row.nature not in WHOLE_SCHOOLS or not ground:
        return
    area = ground + _stated(_GYMNASIUM, candidate.row.scale)
    seats = _seats(candidate)
    held = [
        (number, standard)
        for stage, number in seats.items()
        if (standard := standard_for(Measure.SPORTS_AREA, stage, candidate.row.county))
    ]
    if not held:
        return
    pupils = sum(number for number, _ in held)
    per_pupil = Fraction(area) / sum(seats.values())
    limit = sum((number * Fraction(standard.value) for number, standard in held), Fraction(0)) / pupils
    if per_pupil >= limit:
        return
    standard = held[0][1]
    needed = limit * sum(seats.values())
    tolerated = standard.tolerance is not None and per_pupil >= limit * Fraction(standard.tolerance)
    found, due = f"{_decimal(per_pupil):.2f}", f"{_decimal(limit):.2f}".rstrip("0").rstrip(".")
    zh = f"运动场馆 {area:,} ㎡ ÷ {sum(seats.values()):,} 人 = 生均 {found} ㎡，标准不低于 {due}"
    en = f"{area:,} m² of sports area ÷ {sum(seats.values()):,} pupils = {found} m² each; at least {due} is due"
    if tolerated and standard.tolerance is not None:
        share, edge = f"{standard.tolerance:.0%}", f"{_decimal(limit * Fraction(standard.tolerance)):.3f}"
        zh += f"；高于其 {share}（{edge}），只能作为该校唯一不达标的指标"
        en += f"; above {share} of it ({edge}), it can pass only as the one indicator this school misses"
    yield _finding(
        candidate, Kind.SPORTS_AREA, standard, found,
        Text(zh, en),
        Text(
            f"场馆增至 {_decimal(needed):,.0f} ㎡（增 {_decimal(needed - Fraction(area)):,.0f} ㎡），或减至"
            f" {int(Fraction(area) / limit):,} 人",
            f"provide {_decimal(needed):,.0f} m² ({_decimal(needed - Fraction(area)):,.0f} m² more), or plan for"
            f" {int(Fraction(area) / limit):,} pupils",
        ),
        severity=Severity.WARNING if tolerated else Severity.ERROR,
        limit=due,
    )  # fmt: skip


def _stated(pattern: re.Pattern[str], scale: str) -> Decimal:
    """The areas that the text names, added up."""
    return sum((Decimal(re.sub("[,，]", "", area)) for area in pattern.findall(scale)), Decimal(0))


def _seats(candidate: Candidate) -> dict[Stage, int]:
    """Seats that the project adds, by stage."""
    seats: dict[Stage, int] = {}
    for effect in candidate.effects:
        if effect.added:
            seats[effect.stage] = seats.get(effect.stage, 0) + effect.added
    return seats


def _finding(
    candidate: Candidate,
    kind: Kind,
    standard: Standard,
    found: str,
    text: Text,
    advice: Text,
    *,
    severity: Severity | None = None,
    limit: str = "",
) -> Finding:
    """A standard that a document states is broken: a warning; one derived from other schools: a notice."""
    usual = Severity.WARNING if standard.basis is Basis.STATED else Severity.NOTICE
    return Finding(
        **of_project(candidate),
        kind=kind,
        severity=severity or usual,
        text=text,
        advice=advice,
        found=found,
        limit=limit or str(standard.value),
        document=standard.document,
        locator=standard.locator,
    )


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
