"""SQL LRS reactions as draft rules, so far as rules can say the same.

A reaction waits for statements of one person that meet named conditions, and then writes a statement. A rule looks at
one completion, and says what it is evidence of. So each condition becomes a rule; what a rule cannot say is left out
and told, with its place. Nothing that is drafted is in force.

Source: SQL LRS, doc/reactions.md and doc/reactions/spec.md (`identityPaths`, `conditions`, `template`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.documents.printing import to_yaml
from lrs_bridge_rules.documents.tree import Node, Problems
from lrs_bridge_rules.errors import DocumentError
from lrs_bridge_rules.reactions.conditions import ConditionDraft
from lrs_bridge_rules.templates.json_tree import parse_json
from lrs_bridge_rules.templates.profile import Note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Json = dict[str, Any]

#: What statements of one person have in common; rules look at one person's completions anyway.
_PERSON: Final = frozenset(
    (
        ("actor", "mbox"),
        ("actor", "mbox_sha1sum"),
        ("actor", "openid"),
        ("actor", "account", "homePage"),
        ("actor", "account", "name"),
    )
)
_NO_ID: Final = re.compile(r"[^a-z0-9]+")
_LONGEST_ID: Final = 80


@dataclass(frozen=True, slots=True)
class Drafts:
    """Draft rules as plain data for a rule document, and what of the reactions they do not say."""

    rules: tuple[Json, ...]
    left_out: tuple[Note, ...]


def read_reactions(name: str, text: str, problems: Problems, taken: Iterable[str] = ()) -> Drafts | None:
    """Return the drafts for the reactions of a text: one, a list, or what SQL LRS answers (`{"reactions": […]}`).

    :param taken: ids of rules that are there already.
    :returns: None when it holds no reactions; the reasons are then recorded.
    """
    root = parse_json(name, text, problems)
    if root is None:
        return None
    given = root.child("reactions") or root
    reactions = [node for node in given.items() if _ruleset(node).child("conditions") is not None]
    if not reactions or len(reactions) < len(given.items()):
        wrong = next((node for node in given.items() if node not in reactions), given)
        problems.add(wrong.place, "not a reaction: a ruleset with conditions is expected")
        return None
    drafting = _Drafting(set(taken))
    rules = tuple(rule for reaction in reactions for rule in drafting.rules(reaction))
    return Drafts(rules, tuple(drafting.left_out))


def _ruleset(reaction: Node) -> Node:
    return reaction.child("ruleset") or reaction


class _Drafting:
    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self.left_out: list[Note] = []

    def rules(self, reaction: Node) -> Iterator[Json]:
        ruleset = _ruleset(reaction)
        given = ruleset.child("conditions")
        conditions = given.value if given is not None and isinstance(given.value, dict) else {}
        title = _text(reaction, "title") or "reaction"
        if given is not None and not conditions:
            self._leave_out(given, "there is no condition in it")
        self._identity(ruleset)
        evidence = self._evidence(ruleset, title)
        if given is not None and len(conditions) > 1:
            self._leave_out(given, _SEVERAL.format(len(conditions), _share(len(conditions))))
            evidence = {**evidence, "weight": _share(len(conditions))}
        for name, node in conditions.items():
            when = self._condition(node)
            if when is None:
                self._leave_out(node, f"nothing of the condition {name!r} can be said, so there is no rule for it")
                continue
            words = (title, name) if len(conditions) > 1 else (title,)
            rule = {"id": self._id(words), "title": _shortened(": ".join(words)), "status": "draft"}
            yield from self._checked({**rule, "when": when, "evidence": evidence}, node)

    def _checked(self, rule: Json, node: Node) -> Iterator[Json]:
        """Give out only what a rule document may hold."""
        try:
            load_texts({"draft.yaml": to_yaml({"rules": [rule]})})
        except DocumentError as error:
            self._leave_out(node, f"no rule can be made of it: {error.problems[0].message}")
        except ValueError as error:
            self._leave_out(node, f"no rule can be made of it: {error}")
        else:
            yield rule

    def _condition(self, node: Node) -> Json | None:
        draft = ConditionDraft()
        when = draft.read(node)
        self.left_out += draft.left_out
        return when

    def _identity(self, ruleset: Node) -> None:
        for path in ruleset.entries("identityPaths"):
            steps = path.plain()
            if not isinstance(steps, list) or tuple(map(str, steps)) not in _PERSON:
                self._leave_out(path, "rules look at one person's completions; no other tie between statements is kept")

    def _evidence(self, ruleset: Node, title: str) -> Json:
        template = ruleset.child("template")
        target = template.child("object") if template is not None else None
        own_id = target.child("id") if target is not None else None
        kind = _text(target, "objectType") if target is not None else ""
        if own_id is not None and isinstance(own_id.value, str) and own_id.value and kind in {"", "Activity"}:
            if template is not None:
                self._leave_out(template, _NOTHING_WRITTEN.format(own_id.value))
            return {"activity": own_id.value}
        self._leave_out(template or ruleset, _NO_ACTIVITY)
        return {"competency": _slug(title)}

    def _id(self, words: tuple[str, ...]) -> str:
        first = _slug(" ".join(words))
        numbered = (f"{first}-{number}" for number in range(2, len(self._taken) + 3))
        found = first if first not in self._taken else next(each for each in numbered if each not in self._taken)
        self._taken.add(found)
        return found

    def _leave_out(self, node: Node, message: str) -> None:
        self.left_out.append(Note(node.place, message))


_SEVERAL: Final = (
    "the reaction waits until all {} conditions are met; each became a rule, and counts {} of a goal's required amount"
)
_NOTHING_WRITTEN: Final = "no statement is written: the completion counts as evidence for the activity {}"
_NO_ACTIVITY: Final = (
    "what it writes is about no fixed activity; the rule names a competency after the reaction: name the right one"
)


def _share(conditions: int) -> float:
    """A part of 1, rounded up so that all parts together never stay below it."""
    return ceil(10_000 / conditions) / 10_000


def _text(node: Node, key: str) -> str:
    found = node.child(key)
    return found.value if found is not None and isinstance(found.value, str) else ""


def _shortened(text: str) -> str:
    return " ".join(text.split())[:200] or "reaction"


def _slug(text: str) -> str:
    return _NO_ID.sub("-", text.lower())[:_LONGEST_ID].strip("-") or "reaction"
