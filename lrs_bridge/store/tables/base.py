"""What all tables share: the base class, and the types in which columns keep times, spans, words and documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    Double,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_NO_ZONE = "a time without a zone cannot be kept"
_Word = TypeVar("_Word", bound=StrEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. A naive one is refused: nobody could say later which one was meant."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(_NO_ZONE)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.astimezone(UTC)

    # SQLite keeps texts. Times are in every row, and there is a shorter way to those than through three conversions.
    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], object] | None:
        return _text_of if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        return _moment_of if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _text_of(moment: datetime | None) -> str | None:
    """As SQLAlchemy writes it: in UTC, to the microsecond, without a zone."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(_NO_ZONE)
    return moment.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def _moment_of(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


class Span(TypeDecorator[timedelta]):
    """A length of time, in whole microseconds, so that what comes back is what was kept."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        del dialect
        return None if value is None else value // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        del dialect
        return None if value is None else timedelta(microseconds=value)


class Word(TypeDecorator[_Word]):
    """A word out of a closed list, kept as the domain writes it. A new word needs no migration."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[_Word]) -> None:
        super().__init__()
        self.words = words
        self._by_text = {str(word): word for word in words}

    def process_bind_param(self, value: _Word | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> _Word | None:
        del dialect
        return None if value is None else self._by_text[value]


class Document(TypeDecorator[Any]):
    """A value of some type as JSON text: for what is always read and written as a whole."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:  # noqa: ANN401  # a type expression such as tuple[str, ...] is no `type`
        super().__init__()
        self.kind = kind
        self._decoder = msgspec.json.Decoder(kind)
        self._encoder = msgspec.json.Encoder(order="deterministic")

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else self._encoder.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        del dialect
        return None if value is None else self._decoder.decode(value)


class Base(DeclarativeBase):
    """All tables hang on this. Constraints have names, so that migrations can speak of them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it from the class
        str: Text(),
        int: BigInteger(),
        float: Double(),
        bool: Boolean(),
        bytes: LargeBinary(),
        date: Date(),
        datetime: UtcDateTime(),
        timedelta: Span(),
    }


def words() -> Mapped[tuple[str, ...]]:
    """A column for a few words in their order."""
    return mapped_column(Document(tuple[str, ...]))
