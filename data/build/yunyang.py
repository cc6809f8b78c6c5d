"""云阳县: new schools of the growing districts, and the laboratories and bases of the plan's boxes."""

from __future__ import annotations

from data.build.rules import CENTRAL, TOWN
from data.build.spec import ASSUMED, DERIVED, Seats, Spec, classes
from portfolio.domain.project import Nature, Stage

K, P, J = Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR
V, O = Stage.VOCATIONAL, Stage.OTHER  # noqa: E741

NEW_PRIMARY = "规模未载明，新区小学按好望山小学42个班"
INFILL = "规模未载明，老区地块小，按双庆小学24个班"


def _old_town(number: int) -> Spec:
    return Spec(
        key=f"yunyang-old-town-primary-group-{number}",
        fact="yunyang-old-town-primary-group",
        part=str(number),
        stage=P,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        scale="以土地置换方式新建小学（规模未载明）",
        seats=(classes(P, 24, INFILL),),
        notes="原文为2—3所，取2所分列（Y3）；土地置换，土地出让计提至少承担三成（假定）",
    )


SCHOOLS = (
    Spec(
        key="yunyang-beicheng-primary",
        stage=P,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        scale="新建（规模未载明）",
        seats=(classes(P, 42, NEW_PRIMARY),),
        notes="地点由校名推断（Y2）",
    ),
    Spec(
        key="yunyang-chu5-middle",
        stage=J,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        scale="新建（规模未载明）",
        seats=(classes(J, 39, "规模未载明，按附件初中模板39个班"),),
        notes="原文未指明地块（Y2）",
    ),
    Spec(
        key="yunyang-xiaojiang-kechuang-primary",
        stage=P,
        zone=TOWN,
        basis=ASSUMED,
        earliest=2022,
        scale="新建（规模未载明）",
        seats=(classes(P, 42, NEW_PRIMARY),),
        notes="地点由校名推断（Y2）",
    ),
    _old_town(1),
    _old_town(2),
    Spec(
        key="yunyang-jiangkou-no2-primary",
        stage=P,
        zone=CENTRAL,
        basis=ASSUMED,
        earliest=2022,
        scale="新建（规模未载明）",
        seats=(classes(P, 24, "规模未载明，中心镇按双庆小学24个班"),),
        notes="江口为原文点名的中心镇",
    ),
    Spec(
        key="yunyang-nanxi-no2-central-kg",
        stage=K,
        zone=CENTRAL,
        basis=ASSUMED,
        earliest=2022,
        scale="新建（规模未载明）",
        seats=(classes(K, 12, "规模未载明，按西沱云梯园12个班"),),
        notes="南溪为原文点名的中心镇",
    ),
    Spec(
        key="yunyang-yunyang-middle-junior",
        stage=J,
        zone=TOWN,
        basis=DERIVED,
        earliest=2021,
        scale="公办，办学规模18个班，参与城区划片招生",
        seats=(classes(J, 18, "班数原文载明，班额50人", DERIVED),),
        notes="举办初中部以消化初一中、初三中大班额；工程内容未载明，按改扩建估算",
    ),
    Spec(
        key="yunyang-shuzhi-vocational",
        stage=V,
        zone=TOWN,
        basis=ASSUMED,
        fixed=2020,
        status="under_construction",
        scale="云阳职教中心分校（规模未载明）",
        seats=(
            Seats(V, 2000, "规模未载明；中职由6000增至7500人，另补缺口500，假定2000座", ASSUMED, classes=40),
        ),
        notes="原文为加快建设进度，在建；假定2020年开工",
    ),
)

EQUIPMENT = (
    Spec(
        key="yunyang-training-double-base",
        stage=V,
        zone=TOWN,
        basis=ASSUMED,
        nature=Nature.FIT_OUT,
        merged=("yunyang-training-industry-base",),
        name_zh="市级“双基地”和高水平专业化产教融合实训基地",
        name_en="Municipal dual base and industry-education training base",
        earliest=2022,
        years=2,
        scale="市级“双基地”、高水平专业化产教融合实训基地各1个",
        cost="3000",
        cost_rule="假定每个基地1500万元×2个",
        notes="同一句、同一节点的两个基地合为一个项目；不计学位",
    ),
    Spec(
        key="yunyang-inquiry-labs-compulsory",
        stage=O,
        zone="",
        basis=ASSUMED,
        merged=(
            "yunyang-maker-labs-compulsory",
            "yunyang-inquiry-labs-senior",
            "yunyang-maker-labs-senior",
        ),
        name_zh="中小学探究实验室和创客实验室",
        name_en="Inquiry and maker laboratories",
        earliest=2022,
        years=3,
        scale="义务教育新建或改建探究实验室60间、创客实验室27间；普通高中探究实验室38间（含数字化实验室）、创客实验室8间",
        cost="3990",
        cost_rule="假定每间30万元（装修和设备）×133间",
        notes="四（二）同一专栏的四类实验室合为一个项目",
    ),
    Spec(
        key="yunyang-three-classrooms",
        stage=O,
        zone="",
        basis=ASSUMED,
        earliest=2021,
        years=3,
        scale="专递课堂50间、名师课堂50间、名校网络课堂20间",
        cost="1800",
        cost_rule="假定每间15万元×120间",
    ),
    Spec(
        key="yunyang-education-cloud-centre",
        stage=O,
        zone="",
        basis=ASSUMED,
        merged=("yunyang-campus-network-upgrade",),
        name_zh="云教育管理指挥中心和校园网升级改造",
        name_en="Cloud education command centre and campus network upgrade",
        earliest=2022,
        years=2,
        scale="数字教育大资源中心与大数据决策指挥中心；教育城域网和校园网升级",
        cost="2500",
        cost_rule="假定中心1000万元，校园网1500万元",
        notes="专栏6同一组信息化基础设施，合为一个项目",
    ),
)


def specs() -> tuple[Spec, ...]:
    """Every Yunyang project."""
    return (*SCHOOLS, *EQUIPMENT)
