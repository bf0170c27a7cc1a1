"""Writes the draft rule of a cluster: its condition, what it shows, and tests made from real activities.

Plain data, to be printed as YAML. Texts from outside are cleaned of what does not print and cut to a length; nothing of
a person goes into a test but what the platform says of the activity.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from rapidfuzz import fuzz, process

from lrs_bridge.domain.suggesting.material import (
    Condition,
    Kind,
    Material,
    Near,
    Sample,
    Target,
    UnmatchedActivity,
)
from lrs_bridge.domain.suggesting.narrowing import is_plain, may_take
from lrs_bridge.domain.suggesting.people import names_somebody
from lrs_bridge.domain.suggesting.words import fold, words_of
from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES, VERBS, short_name

_LONGEST_NAME = 120
_LONGEST_ID = 80
#: A counter-example is looked for among so many names.
_MOST_COMPARED = 5000
_MOST_ALIKE = 50
_SOMETHING_ELSE = Near("https://activities.example.org/something-else", "Something else")
_COMPLETED = VERBS["completed"][0]

Document = Mapping[str, Any]


def clean(text: str, most: int = _LONGEST_NAME) -> str:
    """A text of foreign origin as one short printable line."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text[: 8 * most]).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


_ABOUT: Mapping[Kind, str] = {
    Kind.EVIDENCE: "{target.id}",
    Kind.ALIAS: "{target.title}",
    Kind.EXCLUDE: "exclude {word}",
}


def rule_id(target: Target, words: Sequence[str], taken: set[str]) -> str:
    """An id that no other rule has, of what the rule is about."""
    told = words_of(_ABOUT[target.kind].format(target=target, word=next(iter(words), "")))
    parts = [each for word in told for each in [fold(word.text)] if each.isascii()]
    stem = "-".join(("suggested", *parts))[:_LONGEST_ID].rstrip("-") or "suggested"
    plain = stem if stem not in taken else "-".join((stem, *(fold(each) for each in words[:1] if fold(each).isascii())))
    found, number = plain, 2
    while found in taken:
        found, number = f"{plain}-{number}", number + 1
    return found


def drafts(own_id: str, target: Target, condition: Condition, examples: CounterExamples) -> tuple[Document, ...]:
    """The rule, with plain tests first, then with tests that carry all that the platform's statements carry."""
    says = {"exclude": target.id} if target.kind is Kind.EXCLUDE else {"evidence": _evidence(target)}
    head = {"id": own_id, "title": _title(target, condition.when), "status": "draft", "when": dict(condition.when)}
    other = examples.nearest(condition)
    used = frozenset(each for field in _AROUND for each in [condition.when.get(field)] if isinstance(each, str))
    return tuple(
        {**head, **says, "tests": [_test(member, name, shown, used, rich=rich) for shown in (None, other)]}
        for member, name in _examples(condition)
        for rich in (False, True)
    )


_AROUND = ("parent.id", "grouping.id")


def _evidence(target: Target) -> dict[str, str]:
    return {"activity" if target.kind is Kind.ALIAS else "competency": target.id}


_SAYS: Mapping[Kind, str] = {
    Kind.EVIDENCE: "evidence {}",
    Kind.ALIAS: "are “{}” of the catalogue",
    Kind.EXCLUDE: "do not count: {}",
}


def _title(target: Target, when: Mapping[str, Any]) -> str:
    return f"Activities {_which(when)} {_SAYS[target.kind].format(clean(target.title))}"


def _which(when: Mapping[str, Any]) -> str:
    if "any" in when:
        return f"{_which(when['any'][0])}, and some by their ids,"
    fragments = when.get("activity.name", {}).get("contains", [])
    named = [fragments] if isinstance(fragments, str) else fragments
    if named:
        return "that speak of " + " or ".join(f"“{clean(each, 40)}”" for each in named)
    if "parent.id" in when or "grouping.id" in when:
        return "of one course"
    ids = when.get("activity.id")
    return "of one folder" if isinstance(ids, dict) else "of these ids"


def _examples(condition: Condition) -> Iterator[tuple[UnmatchedActivity, str]]:
    """Two members with a name that the test can hold, those with most completions first."""
    fragments = _fragments(condition.when)
    found = 0
    for member in condition.taken:
        fitting = [each for each in member.names if not fragments or any(f in each.casefold() for f in fragments)]
        name = next((each for each in fitting if is_plain(each)), "")
        if found < 2 and (name or not fragments):
            found += 1
            yield member, name
    if not found and condition.taken:
        yield condition.taken[0], fragments[0] if fragments else ""


def _fragments(when: Mapping[str, Any]) -> list[str]:
    if "any" in when:
        return []  # some are taken by their ids
    given = when.get("activity.name", {}).get("contains", [])
    return [given] if isinstance(given, str) else list(given)


class CounterExamples:
    """Activities that rules are shown not to take: known ones, and unmatched ones; none of them names anybody."""

    def __init__(self, material: Material) -> None:
        known = sorted((each.ids[0], name) for each in material.known for name in each.names[:1])
        unmatched = sorted((each.id, each.name) for each in material.unmatched)
        personal = names_somebody(material.people)
        plain = (each for each in (*known, *unmatched) if all(map(is_plain, each)) and not personal(each))
        self._activities = [Near(*each) for each in islice(plain, _MOST_COMPARED)]
        self._folded = [_folded(each.name) for each in self._activities]

    def nearest(self, condition: Condition) -> Near:
        """The one that looks most like the cluster and is not taken by the condition."""
        inside = {each.id for each in condition.taken}
        alike = process.extract(
            _folded(condition.taken[0].name), self._folded, scorer=fuzz.token_set_ratio, limit=_MOST_ALIKE
        )
        near = (self._activities[number] for _, _, number in alike)
        return next((each for each in near if each.id not in inside and not may_take(condition, each)), _SOMETHING_ELSE)


def _folded(name: str) -> str:
    return " ".join(word.key for word in words_of(name))


def _test(member: UnmatchedActivity, name: str, other: Near | None, used: frozenset[str], *, rich: bool) -> Document:
    """What is expected of a real activity of the cluster, or of `other` in its place."""
    sample = member.sample or Sample(_COMPLETED, Near(member.id, name, member.type))
    own = Near(member.id, name, member.type)
    shown = own if other is None else Near(other.id, other.name, member.type)
    statement = (_rich if rich else _plain)(sample, member, shown, used)
    named = clean(shown.name or shown.id)
    return {
        "name": named or "an activity",
        "statements": [statement],
        "expect": "match" if other is None else "no-match",
    }


def _plain(sample: Sample, member: UnmatchedActivity, shown: Near, used: frozenset[str]) -> Document:
    """A short statement; of what stands around the activity only what the condition asks for."""
    groups = {"parent": member.parents, "grouping": member.groupings} if shown.id == member.id else {}
    asked = {name: [near for near in group if near.id in used] for name, group in groups.items()}
    return _statement(sample, shown, asked, short=True)


_ATTEMPTS = frozenset(ACTIVITY_TYPES["attempt"])


def _rich(sample: Sample, member: UnmatchedActivity, shown: Near, used: frozenset[str]) -> Document:
    """All that the platform's statements carry, but for values that may be personal, and for somebody's attempt."""
    around = {"parent": member.parents, "grouping": member.groupings}
    groups = {
        name: [near for near in group if near.type not in _ATTEMPTS and (shown.id == member.id or near.id not in used)]
        for name, group in around.items()
    }
    if sample.object.id != member.id:  # the platform tells of it in the grouping, under an object of its own
        groups["grouping"] = [shown, *groups["grouping"]]
    groups["category"] = [Near(each) for each in sample.categories]
    extensions = {key: dict.fromkeys(inner, True) or True for key, inner in sample.extensions.items() if is_plain(key)}
    more = {"completion": sample.completion, "success": sample.success, "extensions": extensions or None}
    own = shown if sample.object.id == member.id else sample.object
    statement = {**_statement(sample, own, groups, short=False), **more}
    return {key: value for key, value in statement.items() if value is not None}


def _statement(sample: Sample, shown: Near, groups: Mapping[str, Sequence[Near]], *, short: bool) -> dict[str, Any]:
    """`short`: verbs and types by their short names, which stand for several IRIs; else exactly as they were sent."""
    around = {name: [_activity(each, short) for each in group if is_plain(each.id)] for name, group in groups.items()}
    return {
        "verb": short_name(sample.verb, VERBS) if short else sample.verb,
        "activity": _activity(shown, short),
        **{name: group for name, group in around.items() if group},
    }


def _activity(near: Near, short: bool) -> Document:
    own_type = short_name(near.type, ACTIVITY_TYPES) if short and near.type else near.type
    told = {"id": near.id, "name": near.name, "type": own_type}
    return {key: value for key, value in told.items() if is_plain(value)}
