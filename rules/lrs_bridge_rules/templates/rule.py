"""One rule of a Statement Template: where it looks, and what must stand there (xAPI Profiles 1.0, Structure 8.1).

Follows the algorithm of the specification's Communication document (2.1, `follows_rule`) to the letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.templates.values import key_of, shown_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrs_bridge_rules.templates.jsonpath import Path
    from lrs_bridge_rules.templates.values import Key


class Presence(StrEnum):
    """Whether something must, must not, or should stand at a rule's location."""

    INCLUDED = "included"
    EXCLUDED = "excluded"
    RECOMMENDED = "recommended"


class _Unmatchable:
    """What a selector gives that finds nothing: a value that no other is like."""


_UNMATCHABLE: Final = _Unmatchable()


@dataclass(frozen=True, slots=True)
class Values:
    """The values that `any`, `all` or `none` list, and what they are compared by."""

    listed: tuple[Any, ...]
    keys: frozenset[Key]


def values_of(listed: tuple[Any, ...]) -> Values:
    return Values(listed, frozenset(key_of(value) for value in listed))


@dataclass(frozen=True, slots=True)
class Failure:
    """What kept a statement from following a template.

    `requirement` is the word of the specification (`included`, `any`, `verb`, …); `location` and `selector` are the
    paths ("" where there is none); `found` is what stood there. It may be about a person: it is for explanations, not
    for logs.
    """

    requirement: str
    location: str
    selector: str
    expected: tuple[Any, ...]
    found: tuple[Any, ...]
    text: str


@dataclass(frozen=True, slots=True)
class TemplateRule:
    """A rule, read; `any_of`, `all_of` and `none_of` are None where the rule does not say."""

    location: Path
    selector: Path | None = None
    presence: Presence | None = None
    any_of: Values | None = None
    all_of: Values | None = None
    none_of: Values | None = None

    def failure(self, sent: object) -> Failure | None:
        """Return what a statement (decoded JSON, contextActivities as lists) lacks, None when it follows the rule."""
        found = self._found(sent)
        word = self._broken(found)
        if word is None:
            return None
        expected = {"any": self.any_of, "all": self.all_of, "none": self.none_of}.get(word)
        listed = expected.listed if expected is not None else ()
        values = [value for value in found if value is not _UNMATCHABLE]
        where = self.location.text if self.selector is None else f"{self.location.text} then {self.selector.text}"
        text = f"{where} {_PHRASES[word](listed)}, found {_shown(found)}"
        selector = self.selector.text if self.selector is not None else ""
        return Failure(word, self.location.text, selector, listed, tuple(values), text)

    def _found(self, sent: object) -> list[Any]:
        located = self.location.find(sent)
        if self.selector is None:
            return located
        return [chosen for value in located for chosen in self.selector.find(value) or (_UNMATCHABLE,)]

    def _broken(self, found: list[Any]) -> str | None:
        """Return the word of the first requirement that is not met."""
        unmatchable = any(value is _UNMATCHABLE for value in found)
        if self.presence is Presence.INCLUDED and (unmatchable or not found):
            return "included"
        if self.presence is Presence.EXCLUDED and any(value is not _UNMATCHABLE for value in found):
            return "excluded"
        if self.presence is Presence.RECOMMENDED and not found:
            return None
        return self._unlisted([key_of(value) for value in found], unmatchable=unmatchable)

    def _unlisted(self, keys: list[Key], *, unmatchable: bool) -> str | None:
        if self.any_of is not None and self.any_of.keys.isdisjoint(keys):
            return "any"
        if self.all_of is not None and (unmatchable or not self.all_of.keys.issuperset(keys)):
            return "all"
        if self.none_of is not None and not self.none_of.keys.isdisjoint(keys):
            return "none"
        return None


def _shown(found: list[Any]) -> str:
    values = [value for value in found if value is not _UNMATCHABLE]
    if len(values) == len(found):
        return shown_values(values)
    missing = f"{len(found) - len(values)} without what the selector asks for"
    return f"{shown_values(values)}, {missing}" if values else missing


_PHRASES: Final[Mapping[str, Callable[[tuple[Any, ...]], str]]] = {
    "included": lambda _: "must be there",
    "excluded": lambda _: "must not be there",
    "any": lambda listed: f"must hold one of {shown_values(list(listed))}",
    "all": lambda listed: f"must hold only {shown_values(list(listed))}",
    "none": lambda listed: f"must hold none of {shown_values(list(listed))}",
}
