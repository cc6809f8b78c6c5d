"""Recomputes a schedule.json from the workbook's rows, with code that shares nothing with the product.

Spend, draws, caps with carry-over, supply, shortage, milestones and objectives, in exact arithmetic.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl

Rows = list[dict[str, Any]]
PROFILES = {1: (100,), 2: (40, 60), 3: (30, 45, 25), 4: (15, 35, 35, 15), 5: (10, 25, 30, 25, 10)}
WEIGHTS = {"primary": 3, "junior": 3, "kindergarten": 2, "senior": 2, "vocational": 1, "special": 4}


def complaints(workspace: Path, scenario: str, plan: dict[str, Any]) -> list[str]:
    """Everything in which `plan` differs from what its own decisions lead to."""
    tables = read_tables(workspace / "data/projects.xlsx")
    settings = read_scenario(workspace / "scenarios", scenario)
    return [
        *_spend(tables, plan),
        *_caps(tables, settings, plan),
        *_seats(tables, settings, plan),
        *_milestones(tables, plan),
        *_objectives(tables, plan),
    ]


def read_tables(path: Path) -> dict[str, Rows]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    tables: dict[str, Rows] = {}
    for sheet in book.worksheets:
        header, *rows = sheet.iter_rows(values_only=True)
        keys = [str(title or "").split("\n")[-1].split(" ")[-1] for title in header]
        tables[sheet.title.split(" ")[-1]] = [
            dict(zip(keys, row, strict=True)) for row in rows if any(cell is not None for cell in row)
        ]
    book.close()
    return tables


def read_scenario(folder: Path, name: str) -> dict[str, Any]:
    own: dict[str, Any] = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8-sig"))
    base = read_scenario(folder, own["extends"]) if "extends" in own else {}
    return {**base, **own}


def code(value: object) -> str:
    """ "初中 junior" -> "junior"."""
    return str(value or "").split(" ")[-1]


def wan(value: object) -> Decimal:
    return Decimal(str(value or 0))


def shares(tables: dict[str, Rows], key: str, years: int) -> list[Decimal]:
    for row in tables["Spending"]:
        if row["project"] == key:
            given = [row[f"year_{n}"] for n in range(1, 9)]
            while given and given[-1] is None:
                given.pop()
            if len(given) in (years, years + 1):
                return [wan(share) for share in given]
    return [Decimal(p) / 100 for p in PROFILES[years]]


def split(cost: Decimal, parts: list[Decimal]) -> list[Decimal]:
    cent = Decimal("0.01")
    exact = [cost * part for part in parts]
    floors = [x.quantize(cent, ROUND_FLOOR) for x in exact]
    order = sorted(range(len(parts)), key=lambda i: (floors[i] - exact[i], i))
    for i in order[: int((cost - sum(floors)) / cent)]:
        floors[i] += cent
    return floors


def _spend(tables: dict[str, Rows], plan: dict[str, Any]) -> list[str]:
    found = []
    stated = {r["key"]: r for r in tables["Projects"]}
    for p in plan["projects"]:
        row = stated[p["key"]]
        if row["total_cost"] is not None and wan(row["total_cost"]) != wan(p["cost"]):
            found.append(f"{p['key']}: cost {p['cost']}")
        if not p["selected"]:
            continue
        years = p["finish"] - p["start"] + 1
        parts = split(wan(p["cost"]), shares(tables, p["key"], years))
        expected = {str(p["start"] + i): part for i, part in enumerate(parts)}
        inside = {y: a for y, a in expected.items() if int(y) in plan["years"] and a}
        if inside != {y: wan(a) for y, a in p["spend"].items()}:
            found.append(f"{p['key']}: spend {p['spend']}, expected {inside}")
        for year, amount in p["spend"].items():
            if sum(map(wan, p["funding"][year].values())) != wan(amount):
                found.append(f"{p['key']} {year}: funding does not add up")
        if row["fixed_start"] and p["start"] != row["fixed_start"]:
            found.append(f"{p['key']}: start {p['start']}")
    return found


def _caps(tables: dict[str, Rows], settings: dict[str, Any], plan: dict[str, Any]) -> list[str]:
    found: list[str] = []
    counties = {p["county"] for p in plan["projects"]}
    factor = wan(settings.get("funding", {}).get("scale", 1))
    here = {r["source"] for r in tables["FundingSources"] if r["county"] in (*counties, "*")}
    carry = {r["source"]: r["carry_over_years"] or 0 for r in tables["FundingSources"]}
    drawn: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for p in plan["projects"]:
        for year, by_source in p["funding"].items():
            for source, amount in by_source.items():
                drawn[source, int(year)] += wan(amount)
    rows = {(r["source"], r["year"]): r for r in plan["funding"]}
    for row in (r for r in tables["FundingCaps"] if r["source"] in here):
        source = row["source"]
        pots: dict[int, Decimal] = {}
        for year in plan["years"]:
            cap = (wan(row.get(str(year))) * factor).quantize(Decimal("0.01"), ROUND_HALF_UP)
            brought = sum(pots.values())
            pots[year] = cap
            pots, missing = _take(pots, drawn[source, year])
            if missing:
                found.append(f"{source} {year}: {missing} over the cap")
            pots = {b: a for b, a in pots.items() if a and year + 1 - b <= carry[source]}
            said = rows.get((source, year))
            figures = (cap, brought, drawn[source, year], sum(pots.values()))
            names = ("cap", "brought_forward", "planned", "carried_forward")
            told = tuple(wan((said or {}).get(name)) for name in names)
            if figures != told:
                found.append(f"{source} {year}: {said}, expected {figures}")
    return found


def _take(pots: dict[int, Decimal], need: Decimal) -> tuple[dict[int, Decimal], Decimal]:
    """What is left of the pots, and of the need, when the oldest pot pays first."""
    left = {}
    for born in sorted(pots):
        taken = min(pots[born], need)
        left[born] = pots[born] - taken
        need -= taken
    return left, need


def _by_year(row: dict[str, Any], years: list[int]) -> dict[int, int]:
    known = {int(k): v for k, v in row.items() if k.isdigit() and v is not None}
    return {y: known[max((k for k in known if k <= y), default=min(known))] for y in years}


Supply = dict[tuple[str, str, str, int], int]


def _supply(tables: dict[str, Rows], plan: dict[str, Any]) -> Supply:
    supply: Supply = defaultdict(int)
    for row in tables["Capacity"]:
        for year, seats in _by_year(row, plan["years"]).items():
            supply[row["county"], row["zone"] or "", code(row["stage"]), year] += seats
    places = {r["key"]: (r["county"], r["zone"] or "") for r in tables["Projects"]}
    chosen = {p["key"]: p for p in plan["projects"] if p["selected"]}
    for row in tables["Seats"]:
        p = chosen.get(row["project"])
        if p is None:
            continue
        county, zone = places[row["project"]]
        for year in plan["years"]:
            cell = (county, row["zone"] or zone, code(row["stage"]), year)
            if year >= p["opens"]:
                supply[cell] += (row["seats_added"] or 0) - (row["seats_replaced"] or 0)
            elif year >= p["start"]:
                supply[cell] -= row["seats_offline"] or 0
    return supply


def _seats(tables: dict[str, Rows], settings: dict[str, Any], plan: dict[str, Any]) -> list[str]:
    supply = _supply(tables, plan)
    factors = settings.get("demand", {}).get("zones", {})
    said = {(s["county"], s["zone"], s["stage"], s["year"]): s for s in plan["seats"]}
    found, seen = [], set()
    for row in tables["Demand"]:
        if row["county"] not in settings.get("counties", [row["county"]]):
            continue
        for year, seats in _by_year(row, plan["years"]).items():
            factor = wan(factors.get(row["zone"] or "", 1))
            need = int((seats * factor).quantize(Decimal(1), ROUND_HALF_UP))
            cell = (row["county"], row["zone"] or "", code(row["stage"]), year)
            have = max(0, supply[cell])
            seen.add(cell)
            figures = tuple(said[cell][name] for name in ("demand", "supply", "shortage"))
            if figures != (need, have, max(0, need - have)):
                found.append(f"{cell}: {figures}, expected demand {need}, supply {have}")
    if seen != set(said):
        found.append(f"cells differ: {seen ^ set(said)}")
    return found


def _milestones(tables: dict[str, Rows], plan: dict[str, Any]) -> list[str]:
    lines = {p["key"]: p for p in plan["projects"]}
    said = {(m["project"], m["kind"], m["year"]): m for m in plan["milestones"]}
    found = []
    for row in tables["Milestones"]:
        if row["project"] not in lines:
            continue
        kind = code(row["kind"])
        field = {"start_by": "start", "finish_by": "finish", "open_by": "opens"}[kind]
        actual = lines[row["project"]][field]
        never = plan["years"][-1] + 1
        late = max(0, min(actual or never, never) - row["year"])
        entry = said.get((row["project"], kind, row["year"]))
        if entry is None or (entry["actual"], entry["late_years"]) != (actual, late):
            found.append(f"{row['project']} {kind} {row['year']}: {entry}, expected {actual}, {late} late")
    return found


def _objectives(tables: dict[str, Rows], plan: dict[str, Any]) -> list[str]:
    first, last = plan["years"][0], plan["years"][-1]
    rows = {r["key"]: r for r in tables["Projects"]}
    chosen = [p for p in plan["projects"] if p["selected"]]
    expected = {
        "seat_shortage": sum(WEIGHTS[s["stage"]] * s["shortage"] for s in plan["seats"]),
        "targets": 0,
        "milestones": sum(m["late_years"] for m in plan["milestones"] if not m["firm"]),
        "priority": sum(
            (6 - (rows[p["key"]]["priority"] or 3)) * max(0, last + 1 - max(p["opens"], first))
            for p in chosen
        ),
        "cost": sum(wan(a) for p in chosen for a in p["spend"].values()),
    }
    said = {o["name"]: wan(o["value"]) for o in plan["objectives"]}
    return [f"{k}: {said[k]}, expected {v}" for k, v in expected.items() if said[k] != v]
