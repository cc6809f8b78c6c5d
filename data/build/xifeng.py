"""息烽县: kindergartens with stated seats, and the works that the excerpt of the plan names."""

from __future__ import annotations

from data.build.rules import RURAL, TOWN
from data.build.spec import ASSUMED, DERIVED, STATED, Seats, Spec, classes
from portfolio.domain.project import Stage

K, P, J, S = Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR
X = Stage.SPECIAL


def _township_primaries(number: int) -> Spec:
    return Spec(
        key=f"xifeng-township-primary-group-{number}",
        fact="xifeng-township-primary-group",
        part=f"第{number}批3所",
        stage=P,
        zone=RURAL,
        basis=ASSUMED,
        earliest=2021 + number,
        scale="乡镇新建改扩建小学3所（规模未载明）",
        seats=(classes(P, 18, "规模未载明，乡镇每校假定6个班×3所"),),
        notes="原文6所，分两批（假定）；新建与改扩建未分，按改扩建",
    )


KINDERGARTENS = (
    *(
        Spec(
            key=f"xifeng-county-town-kg-group-{number}",
            fact="xifeng-county-town-kg-group",
            part=str(number),
            stage=K,
            zone=TOWN,
            basis=DERIVED,
            earliest=2022,
            scale="县城区域新建幼儿园3所，增加学位900个",
            seats=(Seats(K, 300, "3所共900个学位（原文），等分", DERIVED, classes=10),),
            notes="原文合计3所，分列为3个等额项目（推算）",
        )
        for number in (1, 2, 3)
    ),
    Spec(
        key="xifeng-township-kg-group",
        stage=K,
        zone=RURAL,
        basis=DERIVED,
        earliest=2022,
        scale="乡镇新建改扩建幼儿园5所，增加学位1170个",
        seats=(Seats(K, 1170, "5所共1170个学位（原文）", STATED, classes=39),),
        notes="新建与改扩建未分，按改扩建",
    ),
)

SCHOOLS = (
    _township_primaries(1),
    _township_primaries(2),
    Spec(
        key="xifeng-continuing-school",
        stage=P,
        zone=RURAL,
        basis=ASSUMED,
        fixed=2021,
        status="under_construction",
        scale="续建学校1所（校名、学段未载明）",
        seats=(classes(P, 6, "规模未载明，乡镇学校假定6个班"),),
        notes="学段未载明，与乡镇小学同句，按小学；或即特殊教育学校（X5）；假定2021年在建",
    ),
    Spec(
        key="xifeng-no2-middle-expansion",
        stage=J,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        scale="改扩建，增加床位和餐位（规模未载明）",
        seats=(classes(J, 12, "规模未载明，城区改扩建假定12个班"),),
    ),
    Spec(
        key="xifeng-yongjing-middle-expansion",
        stage=J,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        scale="改扩建，增加运动区域、床位和餐位（规模未载明）",
        seats=(classes(J, 6, "规模未载明；2016—2020年已扩建，再增假定6个班"),),
        notes="2016—2020年曾扩建，此为再次列入（X10）",
    ),
    Spec(
        key="xifeng-special-school-complex",
        stage=X,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        area="3000",
        scale="新建综合楼及实训基地（规模未载明）",
        seats=(Seats(X, 30, "规模未载明；2020年72人，假定增加30座", ASSUMED),),
        notes="面积假定3000㎡，含实训基地",
    ),
    Spec(
        key="xifeng-no1-middle-phase3",
        stage=S,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        scale="三期工程（规模未载明）",
        seats=(classes(S, 12, "规模未载明，假定12个班"),),
    ),
    Spec(
        key="xifeng-yongsheng-private-renovation",
        stage=S,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        area="6000",
        scale="改造校舍（规模未载明）",
        notes="民办高中，面积假定6000㎡，由举办者出资；不增学位，假期施工不停用学位（假定）",
    ),
)


def specs() -> tuple[Spec, ...]:
    """Every Xifeng project."""
    return (*KINDERGARTENS, *SCHOOLS)
