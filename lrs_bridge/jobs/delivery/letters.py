"""What each kind of notice says: a subject and a plain text, one row each.

The texts speak of the learning and the arrangement, never of anybody's fault. Values that come from outside are put on
one line before they go in, so that no title can add a header or a paragraph of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lrs_bridge.domain.notice import NoticeKind
from lrs_bridge.store.outbox import letter_id

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a letter names: read at delivery time, so that it is right then."""

    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Everything that a letter is written from. `partner` is whom the recipient can ask; None if nobody is named."""

    key: str
    kind: NoticeKind
    details: Mapping[str, str]
    recipient: Person
    learner: Person
    partner: Person | None
    link: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to be sent. `id` is the same whenever the same notice is written, so repeats can be told."""

    id: str
    recipient: Person
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Text:
    """Subject and body of a kind; in braces what is known at delivery."""

    subject: str
    body: str


TEXTS: Mapping[NoticeKind, Text] = {
    NoticeKind.FOLLOW_UP_OPENED: Text(
        "Put it to use: {title}",
        "What you have just learned is worth most when it is used soon. This is planned for you, until {due}:\n\n"
        "    {title}",
    ),
    NoticeKind.FOLLOW_UP_RETURNED: Text(
        "Once more: {title}",
        "This is with you again:\n\n    {title}\n\nWhat was written about it stands on its page.",
    ),
    NoticeKind.FOLLOW_UP_REMINDER: Text(
        "Coming up on {due}: {title}",
        "This is planned for you, until {due}:\n\n    {title}\n\n"
        "If there is no occasion to do it, say so on its page: then another one can be found.",
    ),
    NoticeKind.FOLLOW_UP_OVERDUE: Text(
        "An occasion is missing: {title}",
        "{learner} was to use what was learned by {due}, and has had no occasion yet:\n\n    {title}\n\n"
        "Often time or a fitting piece of work is missing. Could you make room for it?",
    ),
    NoticeKind.CONFIRMATION_WAITING: Text(
        "Please look at it: {title}",
        "{learner} has used what was learned and handed it in:\n\n    {title}\n\n"
        "Please confirm it, or give it back with a hint.",
    ),
    NoticeKind.SUPPORT_LATE: Text(
        "Needed so that learning can be used: {what}",
        "{learner} needs this to reach the goal “{goal}”; it was agreed for a day that has passed:\n\n    {what}\n\n"
        "Once it is there the learning can still be used. Please say on its page when it will be ready.",
    ),
    NoticeKind.CERTIFICATE_EXPIRING: Text(
        "Valid until {until}: {activity}",
        "This is required in your job and is valid until {until}:\n\n    {activity}\n\n"
        "Please renew it before that day.",
    ),
    NoticeKind.STAGNATION: Text(
        "Time for a growth conversation with {learner}",
        "{learner} has been in the same job for long, and there has been little occasion to learn towards a goal "
        "lately. A conversation about what could come next may be welcome.",
    ),
}

_KNOWN = ("title", "due", "job_aid", "what", "goal", "activity", "until")
_DAYS = frozenset({"due", "until"})


def write_letter(occasion: Occasion) -> Letter:
    """The letter for one notice."""
    text = TEXTS[occasion.kind]
    values = {name: _value(name, occasion.details.get(name, "")) for name in _KNOWN}
    values["learner"] = one_line(occasion.learner.name) or "A member of your team"
    return Letter(
        id=letter_id(occasion.key),
        recipient=occasion.recipient,
        subject=text.subject.format_map(values),
        body="\n\n".join(_paragraphs(occasion, text.body.format_map(values), values["job_aid"])) + "\n",
    )


def one_line(text: str) -> str:
    """The text without line ends and other control characters, and not endlessly long."""
    plain = "".join(" " if unicodedata.category(each) in {"Cc", "Zl", "Zp"} else each for each in text)
    joined = " ".join(plain.split())
    return joined if len(joined) <= _LONGEST else f"{joined[:_LONGEST]}…"


def _paragraphs(occasion: Occasion, body: str, job_aid: str) -> list[str]:
    name = one_line(occasion.recipient.name)
    greeting = f"Hello {name}," if name else "Hello,"
    aid = [f"A sheet to keep at hand: {job_aid}"] if job_aid else []
    return [greeting, body, *aid, f"Everything about it: {occasion.link}", *_whom_to_ask(occasion.partner)]


def _whom_to_ask(partner: Person | None) -> list[str]:
    if partner is None or not partner.name:
        return []
    address = f" ({one_line(partner.address)})" if partner.address else ""
    return [f"Questions? Ask {one_line(partner.name)}{address}."]


def _value(name: str, value: str) -> str:
    return _day(value) if name in _DAYS else one_line(value)


def _day(value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return one_line(value)
    return f"{day.day} {day:%B %Y}"
