"""Custom fields: what Project has no column for. The numbers of the fields are Microsoft's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from portfolio.domain.money import Money
from portfolio.report.json_document import worst_basis
from portfolio.report.labels import basis_label, coded, label, nature_label, stage_label, zone_label
from portfolio.report.mspdi.markup import fen, line, wan, wan_words
from portfolio.report.workbook.view import Item, View

TEXTS = (
    (188743731, "key"),
    (188743734, "county"),
    (188743737, "zone"),
    (188743740, "stage"),
    (188743743, "nature"),
    (188743746, "basis"),
    (188743747, "mspdi.field.estimated"),
    (188743748, "mspdi.field.funding"),
    (188743749, "mspdi.field.location"),
    (188743750, "mspdi.field.scale"),
    (188743997, "document"),
    (188743998, "locator"),
    (188743999, "mspdi.field.status"),
    (188744000, "mspdi.field.lead"),
    (188744001, "mspdi.field.later"),
)
"""Text1, Text2 ...: number of the field and the label of its name."""

NUMBERS = (
    (188743767, "priority"),
    (188743768, "seats_added"),
    (188743769, "mspdi.field.due"),
    (188743770, "mspdi.field.start"),
    (188743771, "mspdi.field.finish"),
    (188743982, "mspdi.field.opens"),
    (188743983, "mspdi.field.cost"),
    (188743984, "mspdi.field.sunk"),
)
"""Number1, Number2 ..."""

COSTS = (188743786, 188743787, 188743788, 188743938, 188743939,
         188743940, 188743941, 188743942, 188743943, 188743944)  # fmt: skip
"""Cost1 to Cost10: the first ten years of the horizon."""

ID = {name: number for number, name in TEXTS + NUMBERS}

Amounts = Mapping[int, Money]


class Fields:
    """The custom fields of a plan."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._years = dict(zip(view.years, COSTS, strict=False))
        self._later = view.years[len(COSTS) :]

    def definitions(self) -> Iterator[str]:
        """Each field with the name it has in this plan."""
        view = self._view
        for group, pairs in (("Text", TEXTS), ("Number", NUMBERS)):
            for n, (number, name) in enumerate(pairs, 1):
                yield _definition(number, f"{group}{n}", view.pick(label(name)))
        for n, (year, number) in enumerate(self._years.items(), 1):
            words = label("mspdi.field.year")
            yield _definition(number, f"Cost{n}", view.pick(words).replace("{year}", str(year)))

    def of_project(self, item: Item) -> str:
        """All fields of a scheduled project; blank ones are left out."""
        return "".join((*self._texts(item), *self._numbers(item), *self._spend(item.line.spend)))

    def of_county(self, county: str, items: Iterable[Item]) -> str:
        """The county and its sums."""
        seats, cost = 0, 0
        spend: dict[int, Money] = {}
        for item in items:
            seats, cost = seats + item.seats_added, cost + item.line.cost
            for year, amount in item.line.spend.items():
                spend[year] = spend.get(year, 0) + amount
        return "".join(
            (
                _value(ID["county"], line(self._view.county(county))),
                _value(ID["seats_added"], seats),
                _value(ID["mspdi.field.cost"], wan(cost)),
                *self._spend(spend),
            )
        )

    def funding_words(self, item: Item) -> str:
        """`县级财政 4,000.00 (2022: 1,600.00; 2023: 2,400.00)`, a source after the other."""
        by_source: dict[str, dict[int, Money]] = {}
        for year in sorted(item.line.funding):
            for source, amount in item.line.funding[year].items():
                if amount:
                    by_source.setdefault(source, {})[year] = amount
        return "; ".join(
            f"{self._view.source(source)} {wan_words(sum(paid.values()))} ({_by_year(paid)})"
            for source, paid in sorted(by_source.items())
        )

    def _texts(self, item: Item) -> Iterator[str]:
        view, candidate, row = self._view, item.candidate, item.candidate.row
        estimated = ", ".join(view.pick(coded("field", field)) for field in candidate.estimated)
        values = {
            "key": row.key,
            "county": view.county(row.county),
            "zone": view.pick(zone_label(row.zone)) if row.zone else "",
            "stage": view.pick(stage_label(row.stage)),
            "nature": view.pick(nature_label(row.nature)),
            "basis": view.pick(basis_label(worst_basis(candidate))),
            "mspdi.field.estimated": estimated,
            "mspdi.field.funding": self.funding_words(item),
            "mspdi.field.location": row.location,
            "mspdi.field.scale": row.scale,
            "document": row.source,
            "locator": row.locator,
            "mspdi.field.status": view.pick(coded("project_status", row.status)) if row.status else "",
            "mspdi.field.lead": row.lead_unit,
        }
        return (_value(ID[name], line(text)) for name, text in values.items() if text)

    def _numbers(self, item: Item) -> Iterator[str]:
        decided, candidate = item.line, item.candidate
        values = {
            "priority": candidate.priority,
            "seats_added": item.seats_added,
            "mspdi.field.due": self._view.due.get(item.key),
            "mspdi.field.start": decided.start,
            "mspdi.field.finish": decided.finish,
            "mspdi.field.opens": decided.opens,
            "mspdi.field.cost": wan(decided.cost),
            "mspdi.field.sunk": wan(self.sunk(item)),
        }
        return (_value(ID[name], value) for name, value in values.items() if value is not None)

    def sunk(self, item: Item) -> Money:
        """What was spent before the first year."""
        first, start = self._view.years[0], item.line.start
        if start is None or start >= first:
            return 0
        return item.spend_before(first, self._view.problem)

    def _spend(self, spend: Amounts) -> Iterator[str]:
        for year, number in self._years.items():
            yield _value(number, fen(spend.get(year, 0)))
        later = {year: spend[year] for year in self._later if spend.get(year)}
        if later:
            yield _value(ID["mspdi.field.later"], line(_by_year(later)))


def _by_year(amounts: Amounts) -> str:
    return "; ".join(f"{year}: {wan_words(amounts[year])}" for year in sorted(amounts))


def _value(number: int, value: str | int) -> str:
    return f"<ExtendedAttribute><FieldID>{number}</FieldID><Value>{value}</Value></ExtendedAttribute>"


def _definition(number: int, name: str, alias: str) -> str:
    return (
        f"<ExtendedAttribute><FieldID>{number}</FieldID><FieldName>{name}</FieldName>"
        f"<Alias>{line(alias)}</Alias></ExtendedAttribute>\n"
    )
