"""梁平区: the urban works of chapter 10 and box 5, and the equipment programmes."""

from __future__ import annotations

from data.build.rules import TOWN
from data.build.spec import ASSUMED, Seats, Spec, classes, replaced
from portfolio.domain.project import Nature, Stage

K, P, J, S = Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR
V, O = Stage.VOCATIONAL, Stage.OTHER  # noqa: E741


def _kindergarten(key: str, fixed: int | None) -> Spec:
    return Spec(
        key=key,
        stage=K,
        zone=TOWN,
        basis=ASSUMED,
        earliest=None if fixed else 2022,
        fixed=fixed,
        status="under_construction" if fixed else "planned",
        scale="规模未载明",
        seats=(classes(K, 12, "规模未载明，按西沱云梯园12个班"),),
        notes=f"续建；假定{fixed}年开工" if fixed else "",
    )


def _expansion(key: str, stage: Stage, number: int = 12, scale: str = "", notes: str = "") -> Spec:
    return Spec(
        key=key,
        stage=stage,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        scale=scale or "改扩建（规模未载明）",
        seats=(classes(stage, number, "规模未载明，城区改扩建每校假定12个班"),),
        notes=notes,
    )


SCHOOLS = (
    _kindergarten("liangping-dongcheng-kg", 2021),
    _kindergarten("liangping-shuanggui-kg", 2021),
    Spec(
        key="liangping-fude-school",
        stage=P,
        zone=TOWN,
        basis=ASSUMED,
        fixed=2020,
        status="under_construction",
        scale="一贯制学校（规模未载明）",
        seats=(
            classes(P, 18, "规模未载明；九年一贯制每年级3个班"),
            classes(J, 9, "规模未载明；九年一贯制每年级3个班"),
        ),
        notes="续建；假定2020年开工；学段跨度未载明，按九年一贯制；造价取梁平2016—2020年实际每座95767元",
    ),
    _kindergarten("liangping-duliang-kg", None),
    Spec(
        key="liangping-duliang-primary",
        stage=P,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        scale="新建（规模未载明）",
        seats=(classes(P, 36, "规模未载明；附件小学24与42个班的平均，凑足六个年级"),),
    ),
    Spec(
        key="liangping-duliang-middle",
        stage=S,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        scale="新建高完中（规模未载明）",
        seats=(
            classes(J, 24, "规模未载明；初中每年级8个班"),
            classes(S, 24, "规模未载明；高中每年级8个班"),
        ),
        notes="高完中，主要学段取高中（可用专项债）；第七章第三节为“建成”",
    ),
    Spec(
        key="liangping-longtan-primary-relocation",
        stage=P,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        scale="迁建（规模未载明）",
        seats=(classes(P, 24, "规模未载明，按双庆小学24个班"), replaced(P, 1080)),
    ),
    _expansion("liangping-lifan-primary", P),
    _expansion("liangping-zizhu-primary", P),
    _expansion("liangping-hexing-primary", P),
    _expansion(
        "liangping-unnamed-primary-expansions",
        P,
        24,
        "改扩建小学2所（未列名）",
        "第十章计5所、专栏5列名3所，其余2所合为一个项目（L1）",
    ),
    _expansion("liangping-liangshan-junior", J),
    _expansion("liangping-shuanggui-junior", J),
    _expansion(
        "liangping-unnamed-junior-expansions",
        J,
        24,
        "改扩建初中2所（未列名）",
        "第十章计4所、专栏5列名2所，其余2所合为一个项目（L1）",
    ),
    Spec(
        key="liangping-vocational-centre",
        stage=V,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        scale="改扩建（规模未载明）",
        seats=(Seats(V, 1500, "规模未载明；中职由6800增至9000人，假定承担其中1500座", ASSUMED, classes=30),),
    ),
    Spec(
        key="liangping-community-kg-group",
        stage=K,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2021,
        years=3,
        scale="同步建好小区配套幼儿园6所（规模未载明）",
        seats=(classes(K, 36, "规模未载明；每所6个班×6所"),),
        notes="随小区建设，三年等额投入（假定）；由开发企业配建为主，建成移交公办",
    ),
)

EQUIPMENT = (
    Spec(
        key="liangping-sports-arts-equipment",
        stage=O,
        zone="",
        basis=ASSUMED,
        earliest=2022,
        years=4,
        scale="分期分批对全区100所学校配齐体育、音乐、美术器材及其他设施设备器材",
        cost="2000",
        cost_rule="假定每校20万元×100所",
    ),
    Spec(
        key="liangping-computer-rooms",
        stage=O,
        zone="",
        basis=ASSUMED,
        nature=Nature.FIT_OUT,
        merged=("liangping-wireless-ipv6",),
        name_zh="计算机教室升级改造和学校无线覆盖及IPv6",
        name_en="Computer rooms, wireless and IPv6",
        earliest=2022,
        years=3,
        scale="100所学校无线覆盖及IPV6访问支持，升级改造计算机教室100余间，更新计算机4600余台",
        cost="3340",
        cost_rule="假定计算机4600台×0.4万元，另每校无线15万元×100所",
        notes="专栏7同一句的信息化项目，合为一个项目",
    ),
    Spec(
        key="liangping-vocational-bases",
        stage=V,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        years=2,
        scale="新建实训基地2个",
        cost="3000",
        cost_rule="假定每个基地1500万元×2个",
        notes="不计学位",
    ),
)


def specs() -> tuple[Spec, ...]:
    """Every Liangping project."""
    return (*SCHOOLS, *EQUIPMENT)
