"""Column types that keep values exact on every database: decimals, UTC times, lists, blank references."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import DateTime, Dialect, Enum, Text
from sqlalchemy.types import TypeDecorator


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal as text: SQLite has no exact number type, and a share must never become a float."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> str | None:
        if value is not None and value.is_nan():
            raise ValueError("NaN is not a figure")
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class UtcTimestamp(TypeDecorator[datetime]):
    """A moment, stored in UTC without an offset; SQLite would drop the offset silently."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Joined(TypeDecorator[tuple[StrEnum, ...]]):
    """Several members of an enumeration, in order, joined by ";"; none is the empty text."""

    impl = Text
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: tuple[StrEnum, ...] | None, _dialect: Dialect) -> str | None:
        return None if value is None else ";".join(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> tuple[StrEnum, ...] | None:
        return None if value is None else tuple(map(self.members, value.split(";"))) if value else ()


class BlankReference(TypeDecorator[str]):
    """A foreign key that may be blank: "" in the domain, NULL in the database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return value or None

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str:
        return value or ""


def listed(members: type[StrEnum], name: str) -> Enum:
    """A text column that holds a value of the enumeration and nothing else, by a check constraint.

    Not a native enumeration: PostgreSQL cannot change one inside a transaction.
    """
    return Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda kind: [member.value for member in kind],
    )
