"""Random tiny portfolios that use every rule and objective, for comparison with brute force."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from portfolio.domain.demand import Capacity, Demand
from portfolio.domain.funding import FundingCaps, FundingSource, ProjectFunding
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import (
    Milestone,
    MilestoneKind,
    Nature,
    Project,
    Relation,
    RelationKind,
    SeatEffect,
    SpendingProfile,
    Stage,
)
from portfolio.scenario.build import build_problem
from portfolio.scenario.problem import PlanningProblem
from portfolio.scenario.settings import OBJECTIVES, Scenario

FIRST, YEARS = 2021, 3
LAST = FIRST + YEARS - 1
STAGES = (Stage.PRIMARY, Stage.KINDERGARTEN)
NATURES = (Nature.NEW, Nature.EXPANSION)

years = st.integers(FIRST, LAST)


@st.composite
def maybe(draw: st.DrawFn, strategy: st.SearchStrategy[Any], odds: int = 3) -> Any:
    """`strategy` once in `odds` times, else None."""
    return draw(strategy) if rarely(draw, odds) else None


def rarely(draw: st.DrawFn, odds: int) -> bool:
    """True once in `odds` times; portfolios in which everything is odd would all be infeasible."""
    return draw(st.integers(1, odds)) == odds


@st.composite
def projects(draw: st.DrawFn, key: str) -> Project:
    """Costs of a few hundredths of 万元, so that draws can be enumerated."""
    return Project(
        key=key,
        county="B" if rarely(draw, 4) else "A",
        stage=draw(st.sampled_from(STAGES)),
        zone=draw(st.sampled_from(("", "u"))),
        nature=draw(st.sampled_from(NATURES)),
        total_cost=draw(st.sampled_from((2, 3, 4, 1, 0))),
        duration_years=draw(st.sampled_from((1, 1, 2, 2, 3))),
        earliest_start=draw(maybe(st.integers(FIRST - 1, LAST), 4)),
        latest_finish=draw(maybe(st.integers(FIRST, LAST + 1), 5)),
        fixed_start=draw(maybe(st.integers(FIRST - 2, LAST - 1), 8)),
        open_lag=draw(maybe(st.integers(0, 2))),
        mandatory=rarely(draw, 8),
        priority=draw(maybe(st.integers(1, 5), 2)),
    )


@st.composite
def profiles(draw: st.DrawFn, key: str) -> SpendingProfile:
    eighths = draw(st.lists(st.integers(0, 8), min_size=1, max_size=4).filter(any))
    total = sum(eighths)
    exact = [Decimal(n * 8 // total) / 8 for n in eighths]
    exact[0] += 1 - sum(exact)
    return SpendingProfile(project=key, shares=tuple(exact))


@st.composite
def effects(draw: st.DrawFn, key: str) -> SeatEffect:
    return SeatEffect(
        project=key,
        stage=draw(st.sampled_from(STAGES)),
        zone=draw(st.sampled_from(("", "u"))),
        seats_added=draw(st.integers(1, 9)),
        seats_replaced=draw(st.sampled_from((0, 0, 4))),
        seats_offline=draw(st.sampled_from((0, 0, 6))),
        public=draw(st.booleans()),
    )


@st.composite
def sources(draw: st.DrawFn, key: str) -> FundingSource:
    return FundingSource(
        key=key,
        county=draw(st.sampled_from(("*", "*", "*", "A", "B"))),
        stages=(Stage.PRIMARY,) if rarely(draw, 5) else (),
        natures=(Nature.NEW,) if rarely(draw, 5) else (),
        carry_over_years=draw(st.sampled_from((0, 0, 1, 2, None))),
    )


@st.composite
def funding(
    draw: st.DrawFn, key: str, source_keys: list[str], kinds: tuple[str, ...]
) -> list[ProjectFunding]:
    """Nothing, a list of sources, ranges, or exact shares."""
    kind = draw(st.sampled_from(kinds))
    if kind == "none":
        return []
    if kind == "exact" and len(source_keys) == 2:
        share = Decimal(draw(st.integers(0, 4))) / 4
        return [
            ProjectFunding(project=key, source=source, min_share=part, max_share=part)
            for source, part in zip(source_keys, (share, 1 - share), strict=True)
        ]
    rows = []
    for source in draw(st.lists(st.sampled_from(source_keys), unique=True, min_size=1)):
        low, high = sorted(draw(st.tuples(st.integers(0, 5), st.integers(4, 10))))
        bounded = kind == "ranges"
        rows.append(
            ProjectFunding(
                project=key,
                source=source,
                min_share=Decimal(low) / 10 if bounded else None,
                max_share=Decimal(high) / 10 if bounded else None,
            )
        )
    return rows


@st.composite
def seat_rows(draw: st.DrawFn, most: int) -> dict[int, int]:
    return draw(st.dictionaries(years, st.integers(0, most), max_size=YEARS))


@st.composite
def relations(draw: st.DrawFn, keys: list[str]) -> Relation:
    one, other = draw(st.permutations(keys))[:2]
    return Relation(
        kind=draw(st.sampled_from(list(RelationKind))),
        project=one,
        other=other,
        lag_years=draw(maybe(st.integers(0, 1))),
        group=draw(st.sampled_from(("", "", "g"))),
    )


@st.composite
def milestones(draw: st.DrawFn, key: str) -> Milestone:
    return Milestone(
        project=key,
        kind=draw(st.sampled_from(list(MilestoneKind))),
        year=draw(st.integers(FIRST - 1, LAST + 1)),
        firm=rarely(draw, 8),
    )


@st.composite
def orders(draw: st.DrawFn) -> list[str]:
    """Mostly an objective that wants schools comes first; with cost first nothing is ever built."""
    order = list(draw(st.permutations(OBJECTIVES)))
    if not rarely(draw, 5):
        order.sort(key=lambda name: name not in ("seat_shortage", "priority", "milestones", "targets"))
    return order


@st.composite
def tolerances(draw: st.DrawFn, order: list[str]) -> dict[str, Decimal]:
    """Some of the earlier objectives may be worse than their best."""
    shares = st.sampled_from([Decimal(share) for share in ("0.1", "0.34", "0.5", "1")])
    names = draw(st.lists(st.sampled_from(order[:4]), min_size=1, max_size=3, unique=True))
    return {name: draw(shares) for name in names}


@st.composite
def settings(draw: st.DrawFn, keys: list[str], *, tolerant: bool = False) -> dict[str, Any]:
    targets: list[dict[str, Any]] = []
    if draw(st.booleans()):
        share = Decimal(draw(st.integers(1, 4))) / 4
        measure = draw(st.sampled_from(("ratio", "public_share")))
        targets.append({measure: share, "soft": not rarely(draw, 4)})
        if rarely(draw, 2):
            targets[0]["first_year"] = LAST
    order = draw(orders())
    return {
        "name": "random",
        "horizon": {"first_year": FIRST, "last_year": LAST},
        "costs": {"escalation": draw(st.sampled_from((Decimal(0), Decimal("0.3"))))},
        "seats": {"open_lag": draw(st.integers(0, 1))},
        "delivery": {
            "max_starts": draw(maybe(st.integers(0, 2), 4)),
            "max_under_construction": draw(maybe(st.integers(1, 2), 4)),
        },
        "targets": targets,
        "objective": {
            "order": order,
            "tolerance": draw(tolerances(order)) if tolerant else {},
            "weights": {"primary": Decimal("2.5")} if draw(st.booleans()) else {},
        },
        "projects": {"exclude": keys[:1] if rarely(draw, 6) else []},
    }


ANY_FUNDING = ("none", "none", "listed", "ranges", "exact")


@st.composite
def problems(
    draw: st.DrawFn,
    *,
    projects_between: tuple[int, int] = (1, 3),
    relations_between: tuple[int, int] = (0, 2),
    funding_kinds: tuple[str, ...] = ANY_FUNDING,
    most_money: int = 5,
    tolerant: bool = False,
) -> PlanningProblem:
    """Up to three projects, two sources, three years and two counties."""
    keys = [f"p{i}" for i in range(draw(st.integers(*projects_between)))]
    source_keys = [f"s{i}" for i in range(draw(st.integers(1, 2)))]
    cells = [("A", "", Stage.PRIMARY), ("A", "u", Stage.KINDERGARTEN), ("B", "u", Stage.PRIMARY)]
    money = st.fixed_dictionaries({year: st.integers(0, most_money) for year in range(FIRST, LAST + 1)})
    fewest, most = relations_between
    portfolio = Portfolio(
        projects=tuple(draw(projects(key)) for key in keys),
        seats=tuple(draw(effects(key)) for key in keys if not rarely(draw, 4)),
        spending=tuple(draw(profiles(key)) for key in keys if rarely(draw, 3)),
        funding_sources=tuple(draw(sources(key)) for key in source_keys),
        funding_caps=tuple(FundingCaps(source=key, amounts=draw(money)) for key in source_keys),
        project_funding=tuple(row for key in keys for row in draw(funding(key, source_keys, funding_kinds))),
        capacity=tuple(
            Capacity(county=c, zone=z, stage=s, seats=draw(seat_rows(6)), public=draw(st.booleans()))
            for c, z, s in cells
        ),
        demand=tuple(Demand(county=c, zone=z, stage=s, seats=draw(seat_rows(12))) for c, z, s in cells),
        relations=tuple(draw(st.lists(relations(keys), min_size=fewest, max_size=most)))
        if len(keys) > 1
        else (),
        milestones=tuple(draw(milestones(key)) for key in keys if draw(st.booleans())),
    )
    return build_problem(portfolio, Scenario.model_validate(draw(settings(keys, tolerant=tolerant))))


@st.composite
def contested(draw: st.DrawFn) -> PlanningProblem:
    """Four or five schools in two counties; one source, of which there is not enough for all."""
    keys = [f"p{i}" for i in range(draw(st.integers(4, 5)))]
    counties = {key: draw(st.sampled_from("AB")) for key in keys}
    portfolio = Portfolio(
        projects=tuple(
            Project(key=key, county=counties[key], stage=Stage.PRIMARY, total_cost=draw(st.integers(3, 9)),
                    duration_years=draw(st.integers(1, 2)), mandatory=rarely(draw, 9),
                    priority=draw(maybe(st.integers(1, 5), 2)))
            for key in keys
        ),
        seats=tuple(
            SeatEffect(project=key, stage=Stage.PRIMARY, seats_added=draw(st.integers(2, 9)),
                       seats_offline=draw(st.sampled_from((0, 0, 3))))
            for key in keys
        ),
        funding_sources=(FundingSource(key="s", county="*", carry_over_years=draw(st.sampled_from((0, 1, None)))),),
        funding_caps=(FundingCaps(source="s", amounts={FIRST + i: draw(st.integers(3, 9)) for i in range(YEARS)}),),
        capacity=tuple(Capacity(county=c, stage=Stage.PRIMARY, seats={FIRST: draw(st.integers(0, 4))}) for c in "AB"),
        demand=tuple(Demand(county=c, stage=Stage.PRIMARY, seats={FIRST: draw(st.integers(6, 20))}) for c in "AB"),
        relations=tuple(draw(st.lists(relations(keys), max_size=1))),
    )  # fmt: skip
    given = {
        "name": "random",
        "horizon": {"first_year": FIRST, "last_year": LAST},
        "seats": {"open_lag": 0},
        "objective": {"order": draw(st.sampled_from((
            ["seat_shortage", "priority", "cost"], ["priority", "seat_shortage"], ["seat_shortage", "idle_seats", "cost"],
        )))},
    }  # fmt: skip
    return build_problem(portfolio, Scenario.model_validate(given))
