"""What became of every row of facts/projects.csv: in the workbook, merged, split, or left out, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from data.build import facts
from data.build.spec import Spec

Fate = Literal["kept", "merged", "split", "left out"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact's fate: the workbook keys that tell it, and the reason where it has no row of its own."""

    fact: str
    fate: Fate
    rows: tuple[str, ...]
    reason_zh: str
    reason_en: str


_COMPLETED = ("2016—2020年已完成，只供参考", "completed 2016-2020, for reference only")
_INSTITUTION = (
    "机构设立，未载明建设工程",
    "setting up an institution; no building works stated",
)
_HIGHER = (
    "高等教育，由高校和上级投入，不在县级基础教育资金和学段之内",
    "higher education, paid by the colleges and the municipality; outside the county's stages and money",
)

LEFT_OUT: dict[str, tuple[str, str]] = {
    "shizhu-independent-public-kg-group": (
        "“增加3—5所”为总目标，与列名幼儿园重叠（S17），不重复计",
        "a group target of 3-5 that overlaps the named kindergartens (S17); not counted twice",
    ),
    "shizhu-minzu-middle-relocation-p1": (
        "民族中学一期，已含在整项目中",
        "phase 1 of the Minzu project, inside its row",
    ),
    "shizhu-minzu-middle-relocation-p2": (
        "民族中学二期，已含在整项目中",
        "phase 2 of the Minzu project, inside its row",
    ),
    "shizhu-cqou-kangyang-college": _INSTITUTION,
    "liangping-adult-open-university": _INSTITUTION,
    "yunyang-preschool-college-liyuan": _HIGHER,
    "yunyang-university-second-colleges": _HIGHER,
    "liangping-ic-industry-college": (
        "高新区产业学院，校企共建，未载明工程和规模",
        "an industry college run with firms; no works or size stated",
    ),
    "liangping-vocational-park": (
        "只为“布局”产业园，无项目内容",
        "a park to be laid out; no project content yet",
    ),
    "xifeng-practice-bases": (
        "综合实践基地为认定和挂牌性质，未载明工程（他县同类亦未列）",
        "practice bases, designated rather than built; the other counties' are not listed either",
    ),
}


def accounts(specs: tuple[Spec, ...]) -> tuple[Entry, ...]:
    """The fate of every fact, in the order of the facts.

    Raises:
        ValueError: a fact is told nowhere, or both told and left out.
    """
    merged = {key: spec.key for spec in specs for key in spec.merged}
    parts: dict[str, list[str]] = {}
    for spec in specs:
        parts.setdefault(spec.fact or spec.key, []).append(spec.key)
    return tuple(_entry(key, parts.get(key, []), merged.get(key, "")) for key in facts.projects())


def _entry(key: str, rows: list[str], into: str) -> Entry:
    reasons = _COMPLETED if "-13fyp-" in key else LEFT_OUT.get(key)
    if sum((bool(rows), bool(into), reasons is not None)) != 1:
        raise ValueError(f"{key}: must be told once, or left out with a reason")
    if reasons is not None:
        return Entry(key, "left out", (), *reasons)
    if into:
        return Entry(key, "merged", (into,), f"并入 {into}", f"merged into {into}")
    if rows == [key]:
        return Entry(key, "kept", (key,), "", "")
    return Entry(key, "split", tuple(rows), f"分为{len(rows)}个项目", f"split into {len(rows)} projects")
