"""石柱县: the six annex projects, and the named works of the 2021-2025 plan."""

from __future__ import annotations

from dataclasses import replace

from data.build import facts
from data.build.rules import ANNEX_YUAN_PER_M2, RURAL, TOWN, complex_seats
from data.build.spec import ASSUMED, DERIVED, STATED, Seats, Spec, classes, replaced
from portfolio.domain.project import Stage

K, P, J, S = Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR
V, X, O = Stage.VOCATIONAL, Stage.SPECIAL, Stage.OTHER  # noqa: E741

ANNEX = (
    Spec(
        key="shizhu-nanbin-middle-relocation",
        stage=S,
        zone=TOWN,
        basis=STATED,
        years=3,
        fixed=2020,
        status="under_construction",
        merged=("shizhu-nanbin-middle-relocation-p1-145",),
        seats=(
            Seats(
                J,
                2000,
                "学位未载明；初高中教学楼各19500㎡，地上101500㎡÷20㎡（民族中学高中部生均）约5000座，按三(一)4学校规模上限2000人",
                DERIVED,
                classes=40,
            ),
            Seats(S, 2000, "学位未载明；高中部教学楼与初中部同为19500㎡，取相同学位", DERIVED, classes=40),
            replaced(J, 2000),
            replaced(S, 2000),
        ),
        notes="2020年启动（原文），故既定开工；“十四五”规划称应急避险迁建，只列一期初中部（S1）；"
        "含高中，住宿费学费收入可偿还专项债，故主要学段取高中",
    ),
    Spec(
        key="shizhu-shuangqing-primary-relocation",
        stage=P,
        zone=TOWN,
        basis=STATED,
        years=4,
        fixed=2020,
        status="under_construction",
        merged=("shizhu-shuangqing-primary-relocation-145",),
        seats=(classes(P, 24, "原文载明1080人", STATED), replaced(P, 1080)),
        notes="2020年启动（原文），故既定开工；两份文件均未载建筑面积；另一份文件“图书馆”作“图书”（S7）",
    ),
    Spec(
        key="shizhu-minzu-middle-relocation",
        stage=S,
        zone=TOWN,
        basis=STATED,
        years=3,
        earliest=2021,
        status="approved",
        seats=(
            classes(J, 39, "原文载明1950人", STATED),
            classes(S, 39, "原文载明1950人", STATED),
            replaced(J, 1950),
            replaced(S, 1950),
        ),
        notes="两期合为一个项目，投资只有合计；附件列2021年开工，年度目标与“十四五”规划均未列（S2）；"
        "含高中，住宿费学费收入可偿还专项债，故主要学段取高中",
    ),
    Spec(
        key="shizhu-no1-middle-relocation",
        stage=J,
        zone=TOWN,
        basis=STATED,
        years=3,
        earliest=2022,
        status="approved",
        seats=(classes(J, 39, "原文载明1950人", STATED), replaced(J, 1950)),
        notes="最早开工年：年度目标2021年为前期工作、2022年启动；“十四五”规划改为原址改建，两案互斥（S3）",
    ),
    Spec(
        key="shizhu-haowangshan-primary",
        stage=P,
        zone=TOWN,
        basis=STATED,
        years=3,
        earliest=2022,
        status="approved",
        merged=("shizhu-haowangshan-primary-145",),
        seats=(classes(P, 42, "原文载明1890人", STATED),),
        notes="需征地，最早2022年开工（假定）；公布的开工年2023作节点",
    ),
    Spec(
        key="shizhu-chengqu-middle",
        stage=J,
        zone=TOWN,
        basis=STATED,
        years=3,
        earliest=2022,
        status="approved",
        merged=("shizhu-chengnan-middle-145",),
        seats=(classes(J, 39, "原文载明1950人", STATED),),
        notes="“十四五”规划作城南中学，规模相同，视为同一项目（S4）；最早2022年开工（假定），公布的开工年2024作节点",
    ),
)

KINDERGARTENS = (
    *(
        Spec(
            key=f"shizhu-kg-renovation-{year}",
            stage=K,
            zone="",
            basis=ASSUMED,
            scale=f"{year}年完成{grade}级园改造{number}所，园舍条件、玩教具和幼儿图书配备达到规定要求",
            cost=str(number * 60),
            cost_rule=f"假定每所60万元×{number}所",
            earliest=year - (year > 2021),
            fixed=2021 if year == 2021 else None,
            status="under_construction" if year == 2021 else "planned",
            notes="不增学位" + ("；规划印发时已到完成年，假定2021年在建" if year == 2021 else ""),
        )
        for year, grade, number in ((2021, "一", 31), (2022, "二", 39), (2023, "三", 34))
    ),
    Spec(
        key="shizhu-xituo-no2-primary-kg",
        stage=K,
        zone=RURAL,
        basis=DERIVED,
        earliest=2022,
        scale="办园规模为6个班，招收幼儿180人，建设面积2200平方米，建筑功能区主要包括教室、功能室、生活配套用房及运动场地。",
        seats=(classes(K, 6, "原文载明180人", STATED),),
    ),
    Spec(
        key="shizhu-jinyu-jiangshan-kg",
        stage=K,
        zone=TOWN,
        basis=DERIVED,
        earliest=2022,
        scale="办园规模为9个班，计划招收幼儿270人，装修面积2500平方米，包括运动场地、附属管网及设施设备。",
        seats=(classes(K, 9, "原文载明270人", STATED),),
        notes="正文作改造升级，专栏2作装修，按装修（S16）；新办分园，不替代旧学位（假定）",
    ),
    Spec(
        key="shizhu-minzu-primary-kg",
        stage=K,
        zone=TOWN,
        basis=DERIVED,
        earliest=2022,
        scale="办园规模为12个班，计划招收幼儿360人，装修面积4000平方米，包括附属管网及设施设备等。",
        seats=(classes(K, 12, "原文载明360人", STATED), replaced(K, 360)),
        notes="正文作改造升级，专栏2作装修，按装修（S16）；附属园原有学位按迁建同一比例假定",
    ),
    Spec(
        key="shizhu-xituo-yunti-kg",
        stage=K,
        zone=RURAL,
        basis=DERIVED,
        earliest=2022,
        scale="办园规模为12个班，可容纳幼儿360人，新建园舍3202.11平方米，新建活动场720平方米，包括装修、附属管网及设施设备等。",
        seats=(classes(K, 12, "原文载明360人", STATED),),
    ),
    Spec(
        key="shizhu-experimental-kg-phase2",
        stage=K,
        zone=TOWN,
        basis=DERIVED,
        earliest=2022,
        scale="办园规模为6个班，可容纳幼儿180人，新建园舍3839平方米、活动场720平方米及附属设施设备、管网等。",
        seats=(classes(K, 6, "原文载明180人", STATED),),
        notes="生均21.33㎡，约为云梯园2.4倍，可能兼供一期使用",
    ),
)


def _complex(key: str, area: str, scale: str, notes: str = "") -> Spec:
    words = f"学位未载明；建筑面积{area}㎡的一半÷7.2㎡"
    return Spec(
        key=key,
        stage=P,
        zone=TOWN,
        basis=DERIVED,
        earliest=2022,
        scale=scale,
        seats=(Seats(P, complex_seats(area, P), words, ASSUMED),),
        notes=notes,
    )


COMPULSORY = (
    _complex(
        "shizhu-yuzhong-exp-primary-complex",
        "5600",
        "综合楼拟建7层，建筑面积5600平方米，建筑占地1100平方米。",
    ),
    _complex("shizhu-nanbin-primary-a", "2140.52", "建筑面积2140.52平方米。"),
    _complex("shizhu-nanbin-primary-b", "3486", "新建校舍3486平方米及附属设施设备、管网等。"),
    Spec(
        key="shizhu-no1-junior-block1",
        stage=J,
        zone=TOWN,
        basis=DERIVED,
        earliest=2022,
        scale="建筑面积3518.59平方米。",
        seats=(
            Seats(
                J,
                rule="改造期间停用：3518.59㎡的一半÷14㎡（假定）",
                offline=complex_seats("3518.59", J),
            ),
        ),
        notes="原址改造，与迁建互斥（S3）；不增学位",
    ),
    Spec(
        key="shizhu-no1-junior-block23",
        stage=J,
        zone=TOWN,
        basis=DERIVED,
        earliest=2022,
        years=2,
        scale="拆除原第2、3教学楼，就地重建7200平方米教学楼。",
        cost=str(round(7200 * ANNEX_YUAN_PER_M2 / 10000)),
        cost_rule=f"推算，拆除重建按新建计：7200㎡×{ANNEX_YUAN_PER_M2}元（附件平均）",
        seats=(
            Seats(
                J,
                complex_seats("7200", J),
                "学位未载明；7200㎡的一半÷14㎡；旧楼同规模，建设期间停用、建成后替代其八成（假定）",
                offline=206,
                replaced=206,
            ),
        ),
        notes="原址拆除重建，与迁建互斥（S3）",
    ),
    Spec(
        key="shizhu-xituo-no2-primary-expansion",
        stage=P,
        zone=RURAL,
        basis=ASSUMED,
        earliest=2022,
        scale="改扩建（规模未载明）",
        seats=(classes(P, 6, "规模未载明，乡镇改扩建假定6个班"),),
    ),
    Spec(
        key="shizhu-xituo-town-primary-expansion",
        stage=P,
        zone=RURAL,
        basis=ASSUMED,
        earliest=2022,
        scale="改扩建（规模未载明）",
        seats=(classes(P, 6, "规模未载明，乡镇改扩建假定6个班"),),
    ),
    Spec(
        key="shizhu-music-rooms",
        stage=O,
        zone="",
        basis=DERIVED,
        merged=("shizhu-art-rooms",),
        earliest=2022,
        years=3,
        name_zh="增配音乐、美术教室",
        name_en="Additional music and art rooms",
        area="19242",
        scale="增配音乐教室102间9792平方米、美术教室105间9450平方米",
        notes="音乐、美术教室同为三(一)5一项任务，合为一个项目，面积为两者之和；2024年达标92%以上为中间目标，不另设节点",
    ),
)

SECONDARY = (
    Spec(
        key="shizhu-shizhu-middle-dorm",
        stage=S,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        area="5085",
        scale="学生宿舍（规模未载明）",
        notes="面积假定：600床×8.475㎡（南宾中学宿舍33900㎡÷4000座）；不增学位",
    ),
    Spec(
        key="shizhu-shizhu-middle-sports",
        stage=S,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        area="6800",
        scale="体育运动中心（规模未载明）",
        notes="面积假定与南宾中学体育馆相同（6800㎡）；不增学位",
    ),
    Spec(
        key="shizhu-xituo-middle-expansion",
        stage=S,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        scale="改扩建（规模未载明）",
        seats=(classes(S, 12, "规模未载明，假定12个班"),),
        notes="地处西沱；高中面向全县招生，全县高中学位计在城区",
    ),
    Spec(
        key="shizhu-huilong-middle-complex",
        stage=O,
        zone=RURAL,
        basis=ASSUMED,
        earliest=2022,
        area="2800",
        scale="教学综合楼（规模未载明）",
        notes="学段未载明；面积假定为南宾小学A、B区两楼平均；不计学位",
    ),
    Spec(
        key="shizhu-sanhe-middle-dorm",
        stage=O,
        zone=RURAL,
        basis=ASSUMED,
        earliest=2022,
        area="2000",
        scale="教师周转宿舍及多功能室（规模未载明）",
        notes="学段未载明；面积假定2000㎡",
    ),
    Spec(
        key="shizhu-kangyang-vocational",
        stage=V,
        zone=TOWN,
        basis=DERIVED,
        earliest=2023,
        status="proposed",
        hard=True,
        scale="项目占地约215亩，新建校舍105000平方米，运动场21610平方米，配套建设场平管网和设施设备购置。",
        seats=(Seats(V, 5250, "学位未载明；105000㎡÷20㎡（假定）", ASSUMED),),
        notes="规划一(二)称推进难度较大，列为谋划，最早2023年开工（假定）",
    ),
    Spec(
        key="shizhu-vocational-training-building",
        stage=V,
        zone=TOWN,
        basis=DERIVED,
        earliest=2022,
        scale="新建职业技术培训大楼12000平方米，含职业技术培训教室、实训室及附属等。",
        seats=(Seats(V, complex_seats("12000", V), "学位未载明；12000㎡的一半÷20㎡", ASSUMED),),
    ),
    Spec(
        key="shizhu-teacher-training-relocation",
        stage=O,
        zone=TOWN,
        basis=DERIVED,
        earliest=2022,
        scale="教师培训5000人次以上/年，成人高等学历教育保持1800人的办学规模，社区教育培训3000人次以上/年，建筑面积1万㎡，用地面积35亩。",
        notes="与重庆电大石柱分校、社区教育学院共用；不计中小学学位；专栏5作建设，正文作迁建（S21）",
    ),
    Spec(
        key="shizhu-special-school-2026",
        stage=X,
        zone=TOWN,
        basis=DERIVED,
        merged=("shizhu-special-school-145",),
        earliest=2022,
        scale="特殊教育学校按252人规划，用地面积23.8亩。",
        seats=(Seats(X, 252, "原文载明252人", STATED),),
        notes="两份文件合并：规模出自“十四五”规划，2026年力争建成出自工作方案（S6）；新建或迁建未载明，按新建",
    ),
)


def specs() -> tuple[Spec, ...]:
    """Every Shizhu project; the annex rows carry the published place, scale and investment."""
    published = {row.key: row for row in facts.annex()}
    annex = tuple(
        replace(
            spec,
            name_zh=published[spec.key].name,
            location=published[spec.key].location,
            scale=published[spec.key].scale,
            cost=str(published[spec.key].investment_wan),
        )
        for spec in ANNEX
    )
    return (*annex, *KINDERGARTENS, *COMPULSORY, *SECONDARY)
