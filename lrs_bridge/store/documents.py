"""What is kept as one JSON document: the terms of a contract's revision, which are read and signed as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lrs_bridge.domain.contract import Goal, Revision, Signature


@dataclass(frozen=True, slots=True)
class Terms:
    """What both sides sign besides the period."""

    goals: tuple[Goal, ...] = ()
    responsibilities: str = ""
    link: str = ""


def terms_of(revision: Revision) -> Terms:
    """What of a revision goes into its document."""
    return Terms(revision.goals, revision.responsibilities, revision.link)


def revision_of(
    number: int,
    starts_on: date,
    ends_on: date,
    proposed_at: datetime | None,
    terms: Terms,
    signatures: tuple[Signature, ...],
) -> Revision:
    """The revision that a row, its document and its signatures make."""
    return Revision(
        number, starts_on, ends_on, terms.goals, terms.responsibilities, terms.link, proposed_at, signatures
    )
