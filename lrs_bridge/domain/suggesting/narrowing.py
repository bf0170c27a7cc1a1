"""A condition that takes a cluster's activities and nothing else: no other unmatched one, and nothing that is known.

The operators are those of the rules themselves, so that what is claimed here is what a rule will do. Conditions that
will take later siblings as well are preferred: a parent, a folder, a word of the names. A list of ids always works.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from rapidfuzz.distance import Prefix as CommonPrefix

from lrs_bridge.domain.suggesting.clusters import Cluster
from lrs_bridge.domain.suggesting.comparing import address
from lrs_bridge.domain.suggesting.material import (
    Condition,
    Kind,
    KnownActivity,
    Material,
    Near,
    Target,
    UnmatchedActivity,
)
from lrs_bridge.domain.suggesting.words import fold, kinship, says_little, words_of
from lrs_bridge_rules.conditions.operators import AnyOf, Contains, Glob, Operator, Prefix

#: A rule lists no more ids than these; of a larger cluster it takes those with most at stake.
MOST_IDS = 200
_SHORTEST_FRAGMENT = 4
_SHORTEST_STEM = 5
_MOST_FRAGMENTS = 6
_MOST_TRIED = 24
_BETWEEN = frozenset((" ", "-", "'", "’"))
_LONGEST_PAIR = 60
_LONGEST = 2000
_SEAM = "\n"  # stands in no fragment, so that none is found across two names
_ENDS_OF_PARTS = re.compile(r"[^/=#?&:]*$")


@dataclass(frozen=True, slots=True)
class _Row:
    """One activity in the form in which conditions look at it; `text` are its names in one, for looking quickly."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    text: str = ""
    parents: tuple[str, ...] = ()
    groupings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Clause:
    """One clause of a condition: the field, the operator as documents write it, and the operator itself."""

    field: str
    written: Any
    operator: Operator

    def holds(self, row: _Row) -> bool:
        return self.operator.holds(_FIELDS[self.field](row))


_FIELDS: Mapping[str, Callable[[_Row], tuple[str, ...]]] = {
    "activity.id": lambda row: row.ids,
    "activity.name": lambda row: row.names,
    "parent.id": lambda row: row.parents,
    "grouping.id": lambda row: row.groupings,
}


class Surroundings:
    """Everything that a condition might take besides: all unmatched activities, and all that are known."""

    def __init__(self, material: Material) -> None:
        ordered = sorted(material.unmatched, key=lambda each: each.id)
        self._unmatched = [(each, _row(each)) for each in ordered]
        self._known = [(each.competencies, _known_row(each)) for each in material.known]
        # A word by which another competency is called would take in whatever is about that one, some day.
        self._known += [
            (frozenset((each.id,)), _Row((), (each.title.casefold(),), each.title.casefold()))
            for each in material.competencies
        ]

    def condition(self, cluster: Cluster) -> Condition | None:
        """The best condition for a cluster; None if its activities have no ids that a rule can hold."""
        members = [each for each in cluster.members if is_plain(each.id)]
        if not members:
            return None
        beside = self._beside(cluster.target, members)
        rows = [(each, _row(each)) for each in members]
        for clauses in (*_by_place(cluster, rows), *_by_words(cluster, rows, beside)):
            if not any(all(clause.holds(row) for clause in clauses) for row in beside):
                return Condition({each.field: each.written for each in clauses}, tuple(members))
        partly = _by_words_and_ids(cluster, rows, beside)
        if partly is not None:
            return partly
        listed = members[:MOST_IDS]
        return Condition({"activity.id": _ids(listed).written}, tuple(listed))

    def _beside(self, target: Target, members: Sequence[UnmatchedActivity]) -> list[_Row]:
        """What a condition must not take: all but the members, and but what is known to show the very same."""
        inside = {each.id for each in members}
        shows = target.id if target.kind is Kind.EVIDENCE else None
        known = [row for competencies, row in self._known if shows not in competencies]
        return [*known, *(row for each, row in self._unmatched if each.id not in inside)]


def may_take(condition: Condition, activity: Near) -> bool:
    """Whether a condition takes an activity of which no more is known than its id and its name."""
    name = activity.name.casefold()
    row = _Row((activity.id,), (name,), name)
    alternatives = condition.when.get("any", [condition.when])
    return any(all(clause.holds(row) for clause in _clauses(each)) for each in alternatives)


def _clauses(when: Mapping[str, Any]) -> Iterator[_Clause]:
    """A condition that was written here, as clauses again."""
    for field, written in when.items():
        operator, operand = next(iter(written.items())) if isinstance(written, dict) else ("in", written)
        texts = (operand,) if isinstance(operand, str) else tuple(operand)
        yield _Clause(field, written, _OPERATORS[operator](texts))


_OPERATORS: Mapping[str, Callable[[tuple[str, ...]], Operator]] = {
    "in": lambda texts: AnyOf(frozenset(texts)),
    "prefix": Prefix,
    "contains": Contains,
    "glob": lambda texts: Glob(tuple(tuple(text.split("*")) for text in texts)),
}


def is_plain(text: str) -> bool:
    """Whether a text can stand in a rule as it is: printable, and not endless."""
    return bool(text) and text.isprintable() and len(text) <= _LONGEST


def _row(activity: UnmatchedActivity) -> _Row:
    return _Row(
        (activity.id,),
        names := tuple(name.casefold() for name in activity.names),
        _SEAM.join(names),
        tuple(each.id for each in activity.parents),
        tuple(each.id for each in activity.groupings),
    )


def _known_row(known: KnownActivity) -> _Row:
    names = tuple(name.casefold() for name in known.names)
    return _Row(known.ids, names, _SEAM.join(names))


_Rows = Sequence[tuple[UnmatchedActivity, _Row]]
_Clauses = list[_Clause]


def _by_place(cluster: Cluster, rows: _Rows) -> Iterator[_Clauses]:
    """Conditions by what siblings share: a parent, a grouping, a folder."""
    if len(rows) > 1:
        yield from _shared("parent.id", [row.parents for _, row in rows])
        yield from _shared("grouping.id", [row.groupings for _, row in rows])
        yield from _by_folder(cluster, [each.id for each, _ in rows])


def _by_words(cluster: Cluster, rows: _Rows, beside: Sequence[_Row]) -> Iterator[_Clauses]:
    """Words of names that nothing else bears; where something elsewhere does, within one host."""
    hosts = {_host(each.id) for each, _ in rows}
    fragments = _fragments(cluster, rows)
    chosen, left = _cover(_unborne(fragments, beside), rows)
    if chosen and not left:
        yield [_contains(chosen)]
    elif len(hosts) == 1 and (host := hosts.pop()):
        here = [row for row in beside if not row.ids or row.ids[0].startswith(host)]
        chosen, left = _cover(_unborne(fragments, here), rows)
        if chosen and not left:
            yield [_contains(chosen), _Clause("activity.id", {"prefix": host}, Prefix((host,)))]


def _by_words_and_ids(cluster: Cluster, rows: _Rows, beside: Sequence[_Row]) -> Condition | None:
    """Words that nothing else bears, and for the few that have none their ids."""
    chosen, left = _cover(_unborne(_fragments(cluster, rows), beside), rows)
    if not chosen or len(left) > len(rows) / 2:
        return None
    rest = [each for each, _ in left][:MOST_IDS]
    kept = {each.id for each in rest} | {each.id for each, row in rows if _bears(row, chosen)}
    written = [{"activity.name": _contains(chosen).written}, {"activity.id": _ids(rest).written}]
    return Condition({"any": written}, tuple(each for each, _ in rows if each.id in kept))


def _unborne(fragments: Iterable[str], beside: Sequence[_Row]) -> list[str]:
    """The fragments that nothing else bears."""
    texts = [row.text for row in beside]
    return [each for each in fragments if not any(each in text for text in texts)]


def _shared(field: str, ids: Sequence[tuple[str, ...]]) -> Iterator[_Clauses]:
    """What stands around all of them."""
    for each in sorted(set(ids[0]).intersection(*ids[1:])):
        if is_plain(each):
            yield [_Clause(field, each, AnyOf(frozenset((each,))))]


def _by_folder(cluster: Cluster, ids: Sequence[str]) -> Iterator[_Clauses]:
    """A beginning or a pattern of addresses, if one of the words in it is what the cluster is about."""
    about = {fold(each) for opinion in cluster.opinions for met in opinion.met for each in (met.word, met.met)}
    beginning = _ENDS_OF_PARTS.sub("", _beginning(ids))
    if _speaks(beginning, about):
        yield [_Clause("activity.id", {"prefix": beginning}, Prefix((beginning,)))]
    parts = [each.split("/") for each in ids]
    if len({len(each) for each in parts}) == 1:
        merged = [pieces[0] if len(set(pieces)) == 1 else "*" for pieces in zip(*parts, strict=True)]
        pattern = "/".join(merged)
        if "*" not in "/".join(merged[:3]) and _speaks(pattern, about) and not any("*" in each for each in ids):
            yield [_Clause("activity.id", {"glob": pattern}, Glob((tuple(pattern.split("*")),)))]


def _beginning(texts: Sequence[str]) -> str:
    """What all of them begin with: the first and the last in order differ as early as any two."""
    first, last = min(texts), max(texts)
    return first[: CommonPrefix.similarity(first, last)]


def _speaks(pattern: str, about: set[str]) -> bool:
    words = [word.key for word in words_of(address(pattern)) if not says_little(word.key)]
    return any(kinship(word, key) for word in words for key in about)


def _host(activity_id: str) -> str:
    parts = urlsplit(activity_id) if "://" in activity_id and "[" not in activity_id else None
    return f"{parts.scheme}://{parts.netloc}/" if parts is not None and parts.netloc else ""


def _contains(fragments: Sequence[str]) -> _Clause:
    written: Any = fragments[0] if len(fragments) == 1 else list(fragments)
    return _Clause("activity.name", {"contains": written}, Contains(tuple(fragments)))


def _ids(members: Sequence[UnmatchedActivity]) -> _Clause:
    ids = sorted(each.id for each in members)
    return _Clause("activity.id", ids[0] if len(ids) == 1 else ids, AnyOf(frozenset(ids)))


def _fragments(cluster: Cluster, rows: _Rows) -> list[str]:
    """What may be looked for in names: words that met the target or were met, what such words begin with, and pairs."""
    met = {met.word for opinion in cluster.opinions for met in opinion.met}
    words = met | {met.met for opinion in cluster.opinions for met in opinion.met}
    stems = {_beginning((one, other)) for one in words for other in words if kinship(fold(one), fold(other))}
    found = {each for each in words if len(each) >= _SHORTEST_FRAGMENT and not says_little(fold(each))}
    found |= {each for each in stems if len(each) >= _SHORTEST_STEM and not says_little(fold(each))}
    titled = met | {word.text for word in words_of(cluster.target.title)}
    pairs = {pair: both for _, row in rows[:MOST_IDS] for name in row.names for pair, both in _pairs(name, met, titled)}
    both_met = [pair for pair, both in pairs.items() if both]
    one_met = [pair for pair, both in pairs.items() if not both]
    return [*_most_borne(both_met, rows), *_most_borne(found, rows), *_most_borne(one_met, rows)]


def _most_borne(fragments: Iterable[str], rows: _Rows) -> list[str]:
    counted = {each: sum(_bears(row, (each,)) for _, row in rows) for each in fragments}
    borne = [each for each in counted if counted[each]]
    return sorted(borne, key=lambda each: (-counted[each], -len(each), each))[:_MOST_TRIED]


def _pairs(name: str, met: set[str], titled: set[str]) -> Iterator[tuple[str, bool]]:
    """Two words that stand side by side, one of which met the target; and whether both did, or are of its title."""
    found = list(re.finditer(r"[^\W_]+", name[:400]))
    for one, other in pairwise(found):
        pair = name[one.start() : other.end()]
        between = name[one.end() : other.start()]
        telling = len(words_of(pair)) == 2 and between in _BETWEEN and len(pair) <= _LONGEST_PAIR
        if telling and (one[0] in met or other[0] in met):
            yield pair, one[0] in titled and other[0] in titled


def _bears(row: _Row, fragments: Iterable[str]) -> bool:
    return any(fragment in row.text for fragment in fragments)


def _cover(fragments: Sequence[str], rows: _Rows) -> tuple[list[str], _Rows]:
    """The fewest fragments, roughly, that all rows bear one of; and the rows that bear none of them."""
    chosen: list[str] = []
    left = list(rows)
    while left and len(chosen) < _MOST_FRAGMENTS:
        best = max(fragments, key=lambda each: sum(_bears(row, (each,)) for _, row in left), default="")
        if not best or not any(_bears(row, (best,)) for _, row in left):
            break
        chosen.append(best)
        left = [(each, row) for each, row in left if not _bears(row, (best,))]
    return sorted(chosen), left
