"""The figures of the overview: sums over everything that was ever completed, counted now or as they were last kept.

Counting takes seconds where there are a million completions. So `jobs.summarise` counts after completions changed, and
keeps the answers; whoever asks for another moment, or before anything was kept, has it counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, func, select

from lrs_bridge.domain.completion import Standing
from lrs_bridge.store.read_models.actors import UNKNOWN
from lrs_bridge.store.read_models.funnel import Funnel, funnel
from lrs_bridge.store.read_models.quadrants import QuadrantTotal, quadrants
from lrs_bridge.store.read_models.waste import WasteSummary, waste_summary
from lrs_bridge.store.tables import CompletionRow, SummaryRow

if TYPE_CHECKING:
    from lrs_bridge.store.read_models.listing import AnySelect


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of the learning that ended in a period, and what is open as things stand."""

    funnel: Funnel
    quadrants: tuple[QuadrantTotal, ...]
    waste: WasteSummary
    unmatched_activities: int
    unknown_actors: int


def count_figures(connection: Connection, now: datetime, since: datetime | None, zone: tzinfo) -> Figures:
    """Count them all."""
    return Figures(
        funnel=funnel(connection, since),
        quadrants=quadrants(connection, since),
        waste=waste_summary(connection, now, zone),
        unmatched_activities=count(connection, _UNMATCHED),
        unknown_actors=count(connection, UNKNOWN),
    )


@dataclass(frozen=True, slots=True)
class KeptFigures:
    """Figures, and when they were counted."""

    figures: Figures
    at: datetime


def kept_figures(connection: Connection, since: datetime | None) -> KeptFigures | None:
    """The figures of the period that begins at `since`, as they were last kept; None if there are none."""
    begins = SummaryRow.since.is_(None) if since is None else SummaryRow.since == since
    row = connection.execute(select(SummaryRow.body, SummaryRow.at).where(begins).limit(1)).one_or_none()
    return None if row is None else KeptFigures(decode_figures(row.body), row.at)


def encode_figures(figures: Figures) -> bytes:
    """As JSON, for keeping."""
    return msgspec.json.encode(figures)


def decode_figures(body: bytes) -> Figures:
    """What `encode_figures` made."""
    return _DECODER.decode(body)


def count(connection: Connection, statement: AnySelect) -> int:
    """How many rows a query finds."""
    return connection.execute(select(func.count()).select_from(statement.subquery())).scalar_one()


_DECODER = msgspec.json.Decoder(Figures)
_UNMATCHED = select(CompletionRow.activity_id).where(CompletionRow.standing == Standing.UNMATCHED).distinct()
