"""Portfolios with any text a cell can hold, and references that fit."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from portfolio.domain.demand import Capacity, Demand
from portfolio.domain.funding import FundingCaps, FundingSource, ProjectFunding
from portfolio.domain.portfolio import Norm, Portfolio
from portfolio.domain.project import (
    Basis,
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
from portfolio.workbook.cells import stands_for_nothing
from portfolio.workbook.layout import CHOICES, Kind
from portfolio.workbook.words import clean_key, clean_text

AWKWARD = (
    "=cmd|' /C calc'!A0",
    "+1",
    "-",
    "@x",
    "#N/A",
    "1,234",
    "😀👩\u200d👧",
    "a\nb",
    "<&>\"'",
    "2024-05-01",
    "ＡＢ（一）",
    "TRUE",
)

texts = st.one_of(
    st.just(""),
    st.sampled_from(AWKWARD),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff", include_characters="\n\t"),
        max_size=12,
    ),
).map(clean_text)  # fmt: skip
key_texts = st.one_of(
    st.sampled_from(("=p", "-1", "@p", "1,234", "#REF!", "项目 1", "😀", "101", "2024-05-01")),
    st.text(st.characters(categories=["Ll", "Lu", "Nd", "Lo", "Pd"]), min_size=1, max_size=8),
)
keys = key_texts.map(clean_key).filter(
    lambda key: bool(key) and not stands_for_nothing(key) and not key.casefold().startswith(("total", "合计"))
)
basis = st.sampled_from(Basis)
stages = st.sampled_from(Stage)
natures = st.sampled_from(Nature)
years = st.integers(1995, 2060)
some_years = st.lists(years, max_size=3, unique=True)
exact = st.decimals(0, 10**6, places=3).map(lambda number: Decimal(f"{number.normalize():f}"))
shares = st.integers(0, 1000).map(lambda n: Decimal(n) / 1000)


def _either(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def _origin(document: str = "source") -> dict[str, st.SearchStrategy[str]]:
    return {document: texts, "locator": texts, "notes": texts}


def _project(key: str) -> st.SearchStrategy[Project]:
    return st.builds(
        Project,
        key=st.just(key), county=st.sampled_from(("A", "三都县")), stage=stages, name_zh=texts, name_en=texts,
        zone=st.sampled_from(("", "城区")), location=texts, nature=_either(natures), scale=texts,
        floor_area_m2=_either(exact), total_cost=st.integers(0, 10**8), duration_years=st.integers(1, 9),
        earliest_start=_either(st.integers(2000, 2020)), latest_finish=_either(st.integers(2021, 2050)),
        fixed_start=_either(years), open_lag=_either(st.integers(0, 3)), mandatory=st.booleans(),
        priority=_either(st.integers(1, 5)), status=st.sampled_from(("", "=等", *CHOICES[Kind.STATUS])),
        lead_unit=texts, cooperating_units=texts, basis=basis, **_origin(),
    )  # fmt: skip


def _profile(project: str) -> st.SearchStrategy[SpendingProfile]:
    def cut(points: list[int]) -> tuple[Decimal, ...]:
        ends = [0, *sorted(points), 1000]
        return tuple(Decimal(b - a) / 1000 for a, b in pairwise(ends))

    cuts = st.lists(st.integers(0, 999), max_size=7).map(cut)
    return st.builds(SpendingProfile, project=st.just(project), shares=cuts, notes=texts)


def _source(key: str) -> st.SearchStrategy[FundingSource]:
    return st.builds(
        FundingSource,
        key=st.just(key), county=st.sampled_from(("*", "A", "=B")), name_zh=texts, name_en=texts,
        stages=st.lists(stages, unique=True, max_size=3).map(tuple),
        natures=st.lists(natures, unique=True, max_size=3).map(tuple),
        carry_over_years=_either(st.integers(0, 5)), basis=basis, **_origin("document"),
    )  # fmt: skip


def _amounts(largest: int) -> st.SearchStrategy[dict[int, int]]:
    return st.dictionaries(years, st.integers(0, largest), max_size=3)


def _seat_row(kind: type[Any], county: str, zone: str, stage: Stage) -> st.SearchStrategy[Any]:
    place = {"county": st.just(county), "zone": st.just(zone), "stage": st.just(stage)}
    public = {"public": st.booleans()} if kind is Capacity else {}
    return st.builds(kind, seats=_amounts(10**6), basis=basis, **place, **public, **_origin())


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    """Up to three projects and two sources, with rows in every table."""
    project_keys = draw(st.lists(keys, min_size=1, max_size=3, unique=True))
    source_keys = draw(st.lists(keys, min_size=1, max_size=2, unique=True))
    some_project = st.sampled_from(project_keys)
    cells = draw(
        st.lists(st.tuples(st.sampled_from(("A", "=B")), st.sampled_from(("", "+z")), stages), unique=True, max_size=2)
    )  # fmt: skip
    effect = st.builds(
        SeatEffect,
        project=some_project, stage=stages, zone=st.just(""), classes=_either(st.integers(0, 60)),
        seats_added=_either(st.integers(0, 5000)), seats_replaced=st.integers(0, 5), seats_offline=st.integers(0, 5),
        public=st.booleans(), basis=basis, **_origin(),
    )  # fmt: skip
    funding = st.builds(
        ProjectFunding, project=st.just(project_keys[0]), source=st.just(source_keys[0]),
        min_share=_either(st.just(Decimal("0.125"))), max_share=_either(shares.filter(lambda s: s > Decimal("0.2"))),
        **_origin("document"),
    )  # fmt: skip
    relation = st.builds(
        Relation, kind=st.sampled_from([k for k in RelationKind if k is not RelationKind.AFTER]),
        project=some_project, other=some_project, lag_years=_either(st.integers(-2, 5)), group=st.just("") | keys,
        **_origin(),
    )  # fmt: skip
    milestone = st.builds(
        Milestone, project=some_project, kind=st.sampled_from(MilestoneKind), year=years, firm=st.booleans(), **_origin()
    )  # fmt: skip
    norm = st.builds(
        Norm, county=st.sampled_from(("", "A")), stage=_either(stages), nature=_either(natures),
        cost_per_m2=_either(exact), cost_per_seat=_either(exact), seats_per_class=_either(st.integers(1, 60)),
        area_per_seat_m2=_either(exact), duration_years=_either(st.integers(1, 9)), basis=basis, **_origin(),
    )  # fmt: skip

    def each(strategies: list[st.SearchStrategy[Any]]) -> tuple[Any, ...]:
        return tuple(draw(strategy) for strategy in strategies)

    def few(strategy: st.SearchStrategy[Any], most: int = 2) -> tuple[Any, ...]:
        return tuple(draw(st.lists(strategy, max_size=most)))

    caps = [
        st.builds(
            FundingCaps, source=st.just(key), amounts=_amounts(10**9), basis=basis, **_origin("document")
        )
        for key in source_keys
    ]
    return Portfolio(
        projects=each([_project(key) for key in project_keys]),
        seats=few(effect),
        spending=each([_profile(key) for key in project_keys[:1]]),
        funding_sources=each([_source(key) for key in source_keys]),
        funding_caps=each(caps),
        project_funding=few(funding, 1),
        capacity=each([_seat_row(Capacity, *cell) for cell in cells]),
        demand=each([_seat_row(Demand, *cell) for cell in cells]),
        relations=few(relation),
        milestones=few(milestone),
        norms=few(norm),
    )
