"""Who the people of a notice are, looked up when it is delivered: names and addresses change."""

from __future__ import annotations

from sqlalchemy import Connection

from lrs_bridge.domain.learner import Learner
from lrs_bridge.jobs.delivery.letters import Occasion, Person
from lrs_bridge.store.outbox import Message
from lrs_bridge.store.people import get_learner, learning_partners


def occasion_of(connection: Connection, message: Message, link: str) -> Occasion:
    """Everything that the letter for a message is written from."""
    recipient = get_learner(connection, message.recipient_id)
    return Occasion(
        key=message.key,
        kind=message.kind,
        details=message.details,
        recipient=_person(recipient),
        learner=_person(get_learner(connection, message.learner_id)),
        partner=_partner(connection, recipient),
        link=link,
    )


def _partner(connection: Connection, recipient: Learner | None) -> Person | None:
    """The learning partner of the recipient's unit, whom they can ask; nobody asks themselves."""
    partner_id = learning_partners(connection).get(recipient.unit) if recipient else None
    if partner_id is None or recipient is None or partner_id == recipient.id:
        return None
    partner = get_learner(connection, partner_id)
    return None if partner is None else _person(partner)


def _person(learner: Learner | None) -> Person:
    return Person() if learner is None else Person(learner.name, learner.email)
