"""Funding sources, their yearly caps, and which source may pay which project.

No plan states construction money by year: every cap is assumed. Anchors: the annex of Shizhu (150,396
万元 in seven years) and Liangping's key projects of 2016-2020 (15.61 亿元, 31,220 万元 a year).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from data.build import facts
from data.build.enrolment import YEARS, enrolment
from data.build.facts import DOCUMENTS
from portfolio.domain.funding import FundingCaps, FundingSource, ProjectFunding
from portfolio.domain.money import from_wan, round_half_up
from portfolio.domain.project import Nature, Stage

K, P, J, S = Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR
V, X = Stage.VOCATIONAL, Stage.SPECIAL
BUILT = (Nature.NEW, Nature.RELOCATION, Nature.EXPANSION, Nature.CONTINUING)


@dataclass(frozen=True, slots=True)
class Kind:
    """A source that every county has: what it may pay, and the stated rules it rests on."""

    name: str
    zh: str
    en: str
    carry_over_years: int
    stages: tuple[Stage, ...]
    natures: tuple[Nature, ...]
    notes: str


KINDS = (
    Kind("county-budget", "县级财政预算", "county general budget", 0, (), (), "年度预算，不结转"),
    Kind("surcharge", "教育费附加", "education surcharge", 1, (), (), "足额征收、全额用于教育；结转1年"),
    Kind(
        "land",
        "土地出让收益计提教育资金",
        "land-sale proceeds set aside",
        1,
        (K, P, J, S, X),
        (),
        "按土地出让净收益10%计提；用于中小学幼儿园校舍；结转1年",
    ),
    Kind(
        "construction-fee",
        "城市建设配套费计提教育资金",
        "urban construction fee set aside",
        1,
        (K, P, J),
        BUILT,
        "按城市建设配套费10%计提；用于新区配套学校；结转1年",
    ),
    Kind("upper-grants", "上级补助", "municipal and central grants", 2, (), (), "专项补助，可结转2年"),
    Kind(
        "bonds",
        "地方政府专项债券",
        "special bonds",
        1,
        (K, S, V),
        BUILT,
        "须有收益偿还：只用于收费的幼儿园、高中、中职；结转1年",
    ),
)

RULES: dict[tuple[str, str], str] = {
    ("Shizhu", "county-budget"): "一般公共预算教育支出只增不减",
    ("Shizhu", "surcharge"): "教育费附加足额征收并全额用于教育",
    ("Shizhu", "upper-grants"): "政府投入为主筹措机制",
    ("Shizhu", "private"): "土地金融人才优惠鼓励社会办学",
    ("Yunyang", "county-budget"): "一般公共预算教育支出只增不减",
    ("Yunyang", "land"): "老区小学以土地置换建设",
    ("Liangping", "county-budget"): "一般公共预算教育支出只增不减",
    ("Liangping", "surcharge"): "教育费附加依法征收全额用于教育",
    ("Liangping", "land"): "土地出让收益计提",
    ("Liangping", "construction-fee"): "城市建设配套费计提",
    ("Xifeng", "county-budget"): "一般公共预算教育支出只增不减",
    ("Xifeng", "surcharge"): "教育费附加及地方教育附加足额征收拨付",
    ("Xifeng", "private"): "社会投入比重提高",
}
"""The stated rule behind a county's source (facts/funding_rules.csv); the others rest on the same policy."""

SHIZHU_WAN: dict[str, tuple[int, ...]] = {
    "county-budget": (6000, 7000, 7000, 6000, 5000, 4500, 4000, 3600, 3400, 3200, 3000),
    "surcharge": (2000, 2000, 2000, 2000, 2000, 1800, 1600, 1500, 1400, 1300, 1200),
    "land": (4000, 4500, 4500, 3800, 3000, 2500, 2000, 1800, 1600, 1400, 1200),
    "construction-fee": (800, 800, 800, 800, 700, 600, 500, 450, 400, 350, 300),
    "upper-grants": (7000, 9500, 9500, 7500, 5000, 3500, 3000, 2800, 2600, 2400, 2200),
    "bonds": (8000, 12000, 13000, 8500, 2500, 1500, 1000, 1000, 1000, 1000, 1000),
}
"""Assumed, 2020-2030: full while the annex is built (its 150,396 万元 fall due mostly in 2020-2023), then
falling, as the plan of 2022 moves spending from buildings to teaching (四(二))."""

LIANGPING_YEARLY_WAN = 31220
"""15.61 亿元 over 2016-2020: all key projects, the repair and digital programmes among them."""

WORKS_SHARE = {
    "Liangping": Fraction(23, 100),
    "Yunyang": Fraction(13, 100),
    "Xifeng": Fraction(19, 100),
}
"""Assumed share of a Liangping-like yearly sum (by pupils of 2020) that goes to the named projects."""

MIX = {
    "county-budget": Fraction(32, 100),
    "surcharge": Fraction(12, 100),
    "land": Fraction(20, 100),
    "construction-fee": Fraction(4, 100),
    "upper-grants": Fraction(24, 100),
    "bonds": Fraction(8, 100),
}
"""Assumed split of the yearly sum by source."""

FIRST_FACTOR, YEARLY_STEP = Fraction(140, 100), Fraction(-8, 100)
"""Assumed: 140 % of the yearly sum in 2020, 8 points less each year: works are for 2021-2025, then
spending turns to teaching, as the plans say (Shizhu 四(二), Yunyang 第四部分 二(二))."""

EXTRA_WAN: dict[str, dict[int, int]] = {
    "yunyang-bonds": {2020: 6000, 2021: 7000, 2022: 7000, 2023: 3000},
    "liangping-bonds": {2021: 1000, 2022: 2500, 2023: 3000, 2024: 2000},
}
"""Assumed bond issues: 数智职业技术学校 under construction; 都梁中学."""

PRIVATE: dict[str, tuple[str, str, tuple[Stage, ...], tuple[Nature, ...], dict[int, int]]] = {
    "Shizhu": ("社会资金（民办园举办者）", "private kindergarten owners", (K,), (Nature.RENOVATION,), {2021: 400, 2022: 500, 2023: 450}),
    "Liangping": ("社会资金（小区开发企业配建）", "developers of residential compounds", (K,), (Nature.NEW,), dict.fromkeys(range(2021, 2027), 1200)),
    "Xifeng": ("社会资金（民办学校举办者）", "private school owner", (S,), (Nature.RENOVATION,), dict.fromkeys(range(2022, 2026), 800)),
}  # fmt: skip
"""Assumed private money: name, stages, natures, caps in 万元."""

COUNTIES = {"Shizhu": "shizhu_145_plan", "Yunyang": "yunyang_145_plan", "Liangping": "liangping_145_plan", "Xifeng": "xifeng_145_plan"}  # fmt: skip


def sources() -> tuple[FundingSource, ...]:
    """The sources of every county, private money last."""
    rows: list[FundingSource] = []
    for county in COUNTIES:
        kinds = list(KINDS)
        if county in PRIVATE:
            zh, en, stages, natures, _ = PRIVATE[county]
            note = "只用于所列学段、性质的项目（假定）；结转1年"
            kinds.append(Kind("private", zh, en, 1, stages, natures, note))
        rows += [_source(county, kind) for kind in kinds]
    return tuple(rows)


def _source(county: str, kind: Kind) -> FundingSource:
    document, locator, rule = _rule(county, kind.name)
    return FundingSource(
        key=_key(county, kind.name),
        county=county,
        name_zh=kind.zh,
        name_en=kind.en,
        stages=kind.stages,
        natures=kind.natures,
        carry_over_years=kind.carry_over_years,
        document=document,
        locator=locator,
        notes=kind.notes + rule,
    )


def caps() -> tuple[FundingCaps, ...]:
    """What every source can give in 2020-2030; all assumed."""
    rows: list[FundingCaps] = []
    for county in COUNTIES:
        for kind in KINDS:
            amounts, words = _amounts(county, kind.name)
            rows.append(_caps(_key(county, kind.name), amounts, words))
        if county in PRIVATE:
            rows.append(_caps(_key(county, "private"), PRIVATE[county][4], "假定：约等于所列项目的投资"))
    return tuple(rows)


def project_funding() -> tuple[ProjectFunding, ...]:
    """Who must or may pay a project, where the plans or the nature of the money suggest it."""
    rows: list[ProjectFunding] = []
    for project, shares, note in _SHARES:
        fact = facts.projects()[project if project in facts.projects() else project.rsplit("-", 1)[0]]
        for source, (low, high) in shares.items():
            rows.append(
                ProjectFunding(
                    project=project,
                    source=_key(fact.county, source),
                    min_share=Decimal(low) if low else None,
                    max_share=Decimal(high) if high else None,
                    document=fact.document,
                    locator=fact.locator,
                    notes=note,
                )
            )
    return tuple(rows)


PUBLIC = ("county-budget", "surcharge", "land", "construction-fee", "upper-grants", "bonds")
_ANY = ("", "")
_KG_BATCH = dict.fromkeys(("county-budget", "surcharge", "upper-grants"), _ANY) | {"private": ("", "0.2")}

_SHARES: tuple[tuple[str, Mapping[str, tuple[str, str]], str], ...] = (
    (
        "xifeng-yongsheng-private-renovation",
        {"private": ("1", "1")},
        "民办学校由举办者出资，公共资金不进入（假定，全额）",
    ),
    (
        "shizhu-special-school-2026",
        {"upper-grants": ("0.5", "0.5"), "county-budget": ("0.5", "0.5")},
        "特殊教育提升计划上级补助与县级预算各半（假定，每年固定比例）",
    ),
    (
        "liangping-community-kg-group",
        {"private": ("0.6", "1"), "county-budget": _ANY, "construction-fee": _ANY},
        "小区配套由开发企业配建为主，至少六成（假定）；原文为同步建好",
    ),
    (
        "liangping-duliang-kg",
        dict.fromkeys(PUBLIC, _ANY),
        "公办园，不用开发企业配建资金（假定）",
    ),
    *(
        (
            f"yunyang-old-town-primary-group-{number}",
            dict.fromkeys(PUBLIC[:2], _ANY) | {"land": ("0.3", "1")} | dict.fromkeys(PUBLIC[3:5], _ANY),
            "原文为土地置换建设：土地出让计提至少承担三成（假定）",
        )
        for number in (1, 2)
    ),
    *(
        (f"shizhu-kg-renovation-{year}", _KG_BATCH, "批次中含民办园，举办者至多承担二成（假定）")
        for year in (2021, 2022, 2023)
    ),
    (
        "shizhu-kangyang-vocational",
        {"bonds": ("0.5", "1"), "county-budget": _ANY, "surcharge": _ANY, "upper-grants": _ANY},
        "投资约6亿元，须专项债至少承担一半（假定）；原文称推进难度较大",
    ),
    (
        "yunyang-shuzhi-vocational",
        {"bonds": ("0.3", "0.7"), "county-budget": _ANY, "surcharge": _ANY, "upper-grants": _ANY},
        "中职有收费，专项债承担三至七成（假定）",
    ),
)


def _key(county: str, name: str) -> str:
    return f"{county.lower()}-{name}"


def _rule(county: str, name: str) -> tuple[str, str, str]:
    """Document, locator and words of the stated rule; the county's plan alone where none is stated."""
    words = RULES.get((county, name))
    if words is None:
        return DOCUMENTS[COUNTIES[county]], "", "；本县规划未载明，按通行政策（假定）"
    row = next(r for r in facts.table("funding_rules") if r["county"] == county and r["rule_zh"] == words)
    value = f"{row['value']}{row['unit']}" if row["value"] else ""
    return DOCUMENTS[row["source"]], row["locator"], f"；原文：{words}{value}"


def _amounts(county: str, name: str) -> tuple[dict[int, int], str]:
    if county == "Shizhu":
        words = "假定：2020—2023年按附件六项目用款，其后随“支出重心由硬件转向教改和教师”递减"
        return dict(zip(YEARS, SHIZHU_WAN[name], strict=True)), words
    yearly = yearly_wan(county) * MIX[name]
    extra = EXTRA_WAN.get(_key(county, name), {})
    amounts = {
        year: round_half_up(yearly * (FIRST_FACTOR + YEARLY_STEP * (year - 2020)) / 10) * 10
        + extra.get(year, 0)
        for year in YEARS
    }
    words = (
        f"假定：梁平2016—2020年重点项目年均{LIANGPING_YEARLY_WAN}万元×学生数之比×{float(WORKS_SHARE[county]):.0%}"
        f"（列名项目所占）×{float(MIX[name]):.0%}（本来源），2020年140%、逐年降8个百分点"
    )
    return amounts, words + ("，另加专项债发行" if extra else "")


def yearly_wan(county: str) -> Fraction:
    """The county's yearly sum in 万元: Liangping's, by pupils, times the share for named projects."""
    pupils = {c: _pupils(c) for c in ("Liangping", county)}
    return LIANGPING_YEARLY_WAN * pupils[county] / pupils["Liangping"] * WORKS_SHARE[county]


def _pupils(county: str) -> Fraction:
    """All pupils and children of 2020."""
    return sum((known.points[2020] for known in enrolment(county).values()), Fraction(0))


def _caps(source: str, amounts: Mapping[int, int], words: str) -> FundingCaps:
    return FundingCaps(
        source=source, amounts={year: from_wan(amount) for year, amount in amounts.items()}, notes=words
    )
