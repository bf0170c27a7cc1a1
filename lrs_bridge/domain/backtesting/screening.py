"""Which statements can matter at all to what differs between two rulesets: by texts that must stand in their bodies.

A rule about an activity id, a name or a type can only fit where that text was sent. So bodies are searched before
anything is decoded, and who has none with such a text needs no look. Where nothing of the kind is asked for, there is
no screen, and everybody is looked at. Texts are searched without regard to case: what is found in vain costs only time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from lrs_bridge.domain.activity import Catalogue
from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Clause
from lrs_bridge_rules.conditions.fields import folded
from lrs_bridge_rules.conditions.operators import Beginnings, Exact, Fragments

#: More texts than this are looked for in about the time in which the bodies are decoded.
MOST: Final = 60
_SHORTEST: Final = 4
_GROUPS: Final = ("parent", "grouping", "category", "other")
#: Fields of completions whose values stand in a statement word for word → how rare they are, the rarest first.
_OF_COMPLETIONS: Final[Mapping[str, int]] = {
    "activity.id": 0,
    "activity.name": 1,
    "activity.type": 3,
    "verb": 4,
    **{f"{group}.{what}": rank for group in _GROUPS for what, rank in (("id", 1), ("name", 2), ("type", 4))},
}
#: The same of statements.
_OF_STATEMENTS: Final[Mapping[str, int]] = {
    "object.id": 0,
    "activity.id": 0,
    "activity.name": 1,
    "activity.type": 3,
    "verb": 4,
    **{f"context.{group}.{what}": rank for group in _GROUPS for what, rank in (("id", 1), ("name", 2), ("type", 4))},
}


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """What must stand in a body, without regard to case; `whole`: as a value of its own, but for blanks around it."""

    text: str
    whole: bool = False

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """What tells a value of its own from a part of another one; None where that is the same."""
        return re.compile(_OPENING + re.escape(self.text) + _CLOSING) if self.whole else None


#: What may stand before and after a value of its own: quotes, blanks, and blanks that are written as escapes.
_OPENING: Final = r'(?:["\s]|\\[bfnrt]|\\u[0-9a-f]{4})'
_CLOSING: Final = r'["\s\\]'


class Screen:
    """Texts of which one must stand in a body for it to matter."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self.texts = tuple(sorted(texts))
        self._wanted = [(each.text, each.pattern) for each in self.texts]

    def passes(self, body: bytes) -> bool:
        """Whether the statement can matter; one that cannot be read always can."""
        if not self.texts:
            return False
        try:
            # An escape can hide a text: what has one is written anew, without those that need not be.
            plain = body if b"\\" not in body else msgspec.json.encode(msgspec.json.decode(body))
            haystack = folded(plain.decode())
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return True
        for text, pattern in self._wanted:  # `any` costs a generator for every statement
            if text in haystack and (pattern is None or pattern.search(haystack) is not None):
                return True
        return False


def screen(rules: Iterable[Any], definitions: Iterable[Any], catalogue: Catalogue) -> Screen | None:
    """The screen for conditions of rules and of definitions; None if some can hold whatever a statement says."""
    texts: set[Text] = set()
    for conditions, fields, others in ((rules, _OF_COMPLETIONS, catalogue), (definitions, _OF_STATEMENTS, None)):
        for condition in conditions:
            found = _texts(condition, fields, others)
            if found is None:
                return None
            texts |= found.texts
    return Screen(texts) if len(texts) <= MOST else None


@dataclass(frozen=True, slots=True)
class _Asked:
    """Texts of which one must be there for a condition to hold, and how rare they are."""

    rank: int
    texts: frozenset[Text]


def _texts(condition: object, fields: Mapping[str, int], catalogue: Catalogue | None) -> _Asked | None:
    match condition:
        case Clause():
            return _of_clause(condition, fields, catalogue)
        case AllOf():
            parts = [_texts(part, fields, catalogue) for part in condition.parts]
            return min((part for part in parts if part is not None), key=_order, default=None)
        case AnyOne():
            branches = [_texts(part, fields, catalogue) for part in condition.parts]
            known = [branch for branch in branches if branch is not None]
            if not known or len(known) < len(branches):
                return None
            return _Asked(max(each.rank for each in known), frozenset().union(*(each.texts for each in known)))
        case _:
            return None


def _order(asked: _Asked) -> tuple[int, int]:
    return asked.rank, len(asked.texts)


def _of_clause(clause: Clause[Any], fields: Mapping[str, int], catalogue: Catalogue | None) -> _Asked | None:
    rank = fields.get(clause.field.name)
    if rank is None:
        return None
    match clause.operator.determinant:
        case Exact(values=values):
            texts = {Text(folded(str(value)), whole=True) for value in values}
        case Beginnings(texts=found) | Fragments(texts=found):
            texts = {Text(folded(text)) for text in found}
        case _:
            return None
    if clause.field.name == "activity.id" and catalogue is not None:
        texts |= {Text(folded(own_id), whole=True) for own_id in _aliases(clause, catalogue)}
    return _Asked(rank, frozenset(texts)) if texts and all(map(_can_be_searched, texts)) else None


def _aliases(clause: Clause[Any], catalogue: Catalogue) -> Iterable[str]:
    """A completion has all ids of its activity: where one of them fits, any other can be the one that was sent."""
    for activity in catalogue.activities.values():
        if activity.aliases:
            ids = (activity.id, *activity.aliases)
            if any(clause.operator.holds((own_id,)) for own_id in ids):
                yield from ids


def _can_be_searched(text: Text) -> bool:
    """Not where it would be found in nearly everything, or could be written in several ways."""
    return len(text.text) >= _SHORTEST and text.text.isprintable() and not {'"', "\\"} & set(text.text)
