"""One rule of a Statement Template: where it looks, and what must stand there (xAPI Profiles 1.0, Structure 8.1).

Follows the algorithm of the specification's Communication document (2.1, `follows_rule`) to the letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.templates.values import key_of, shown_values

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    paths ("" where there is none); `found` is what stood there, `unmatchable` how often the selector found nothing. It
    may be about a person: it is for explanations, not for logs.
    """

    requirement: str
    location: str
    expected: tuple[Any, ...]
    found: tuple[Any, ...]
    selector: str = ""
    unmatchable: int = 0

    @property
    def text(self) -> str:
        """The failure in words; made when it is asked for, as most failures only say that a rule does not apply."""
        where = f"{self.location} then {self.selector}" if self.selector else self.location
        phrase = _PHRASES.get(self.requirement, "{where} ({word}) must be {listed}, found {found}")
        found = shown_values(list(self.found)) if self.found or not self.unmatchable else ""
        missing = f"{self.unmatchable} without what the selector asks for" if self.unmatchable else ""
        return phrase.format(
            where=where,
            word=self.requirement,
            listed=shown_values(list(self.expected)),
            found=", ".join(part for part in (found, missing) if part),
        )


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
        values = tuple(value for value in found if value is not _UNMATCHABLE)
        selector = self.selector.text if self.selector is not None else ""
        return Failure(word, self.location.text, listed, values, selector, len(found) - len(values))

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
        if self.any_of is self.all_of is self.none_of is None:
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


_PHRASES: Final[Mapping[str, str]] = {
    "included": "{where} must be there, found {found}",
    "excluded": "{where} must not be there, found {found}",
    "any": "{where} must hold one of {listed}, found {found}",
    "all": "{where} must hold only {listed}, found {found}",
    "none": "{where} must hold none of {listed}, found {found}",
    "objectStatementRefTemplate": "the statement that {where} refers to must follow {listed} ({word}), found {found}",
    "contextStatementRefTemplate": "the statement that {where} refers to must follow {listed} ({word}), found {found}",
}
