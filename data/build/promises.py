"""Relations between projects, special spending profiles, and the plans' dated promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from data.build import facts
from data.build.facts import DOCUMENTS
from portfolio.domain.project import (
    Milestone,
    MilestoneKind,
    Relation,
    RelationKind,
    SpendingProfile,
)

START_WORDS = ("启动", "建设期限起")
MIDWAY = ("92%",)
"""A share reached on the way is not the end of the works: no milestone, a note on the project."""

MERGED_KEYS = {
    "shizhu-art-rooms": "shizhu-music-rooms",
}
"""Milestones of a merged fact go to the row that tells it."""

OWN_WORDS: tuple[tuple[str, int, str, str], ...] = (
    ("yunyang-shuzhi-vocational", 2025, "yunyang_145_plan", "第三部分 三(一) box"),
)
"""Finished "within the plan" by the plan's text: the plan ends in 2025."""


def relations() -> tuple[Relation, ...]:
    scheme, plan = DOCUMENTS["shizhu_balanced_2029"], DOCUMENTS["shizhu_145_plan"]
    both = f"{scheme}；{plan}"
    return (
        *(
            Relation(
                kind=RelationKind.EXCLUDE,
                project="shizhu-no1-middle-relocation",
                other=f"shizhu-no1-junior-{block}",
                group=f"no1-{block}",
                source=both,
                locator="附件表 row 4；专栏3",
                notes="两份文件对石柱一中安排不同：迁建则不再原址改建（S3）",
            )
            for block in ("block1", "block23")
        ),
        Relation(
            kind=RelationKind.TOGETHER,
            project="shizhu-shizhu-middle-dorm",
            other="shizhu-shizhu-middle-sports",
            group="shizhu-middle-campus",
            source=plan,
            locator="专栏3 提质工程",
            notes="同一校园两项工程，一并取舍（假定）",
        ),
        Relation(
            kind=RelationKind.AFTER,
            project="shizhu-xituo-no2-primary-expansion",
            other="shizhu-xituo-no2-primary-kg",
            source=plan,
            locator="专栏2；专栏3 提质工程",
            notes="同校：幼儿园建成腾出教室后再改扩建小学（假定）",
        ),
    )


def spending() -> tuple[SpendingProfile, ...]:
    rows: Mapping[str, tuple[tuple[str, ...], str]] = {
        "shizhu-yuzhong-exp-primary-complex": (("0.4", "0.55", "0.05"), "假定：末年为5%质保金"),
        "shizhu-teacher-training-relocation": (("0.3", "0.4", "0.25", "0.05"), "假定：末年为5%质保金"),
        "yunyang-chu5-middle": (("0.3", "0.45", "0.22", "0.03"), "假定：末年为3%质保金"),
        "liangping-duliang-middle": (("0.25", "0.4", "0.3", "0.05"), "假定：末年为5%质保金"),
        "liangping-community-kg-group": (("0.34", "0.33", "0.33"), "假定：随小区建设逐年投入"),
    }
    return tuple(
        SpendingProfile(project=key, shares=tuple(map(Decimal, shares)), notes=notes)
        for key, (shares, notes) in rows.items()
    )


def milestones() -> tuple[Milestone, ...]:
    """The dated promises about projects: one row a project, kind and year, all soft.

    "Started" and "period from" are `start_by`; "complete", "period to" and "by 2025" are `finish_by`.
    """
    found: dict[tuple[str, MilestoneKind, int], list[Mapping[str, str]]] = {}
    for row in facts.table("milestones"):
        key = MERGED_KEYS.get(row["project_key"], row["project_key"])
        if key and not any(word in row["what_zh"] for word in MIDWAY):
            found.setdefault((key, _kind(row["what_zh"]), int(row["year"])), []).append(row)
    in_table = (
        Milestone(
            project=key,
            kind=kind,
            year=year,
            source=_join(DOCUMENTS[row["source"]] for row in rows),
            locator=_join(row["locator"] for row in rows),
            notes=_join(row["what_zh"] for row in rows),
        )
        for (key, kind, year), rows in found.items()
    )
    in_text = (
        Milestone(
            project=key,
            kind=MilestoneKind.FINISH_BY,
            year=year,
            source=DOCUMENTS[source],
            locator=locator,
            notes="规划期内建成",
        )
        for key, year, source, locator in OWN_WORDS
    )
    return (*in_table, *in_text)


def _kind(words: str) -> MilestoneKind:
    starts = any(word in words for word in START_WORDS)
    return MilestoneKind.START_BY if starts else MilestoneKind.FINISH_BY


def _join(texts: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(texts))
