"""From the tree of a profile to its templates: tolerant of what is not known, strict about what is used.

`profile` reads the document; here stands what one template and its rules may look like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.statements.language import pick
from lrs_bridge_rules.templates.jsonpath import parse_path
from lrs_bridge_rules.templates.rule import Presence, TemplateRule, Values, values_of
from lrs_bridge_rules.templates.template import PROPERTIES, Determinant, Template

if TYPE_CHECKING:
    from lrs_bridge_rules.documents.tree import Node, Place
    from lrs_bridge_rules.templates.jsonpath import Path

_REQUIREMENTS: Final = ("presence", "any", "all", "none")
_MAX_RULES: Final = 500


class Unusable(Exception):
    """A part of a profile is not what the specification says; `place` is where."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place


def template_of(node: Node, profile: str) -> Template:
    """Return the template that a node of `templates` says. Raises Unusable."""
    own_id = iri(node, "id")
    determinants = tuple(
        Determinant(each, iris(node, word) if each.several else (iri(node, word),))
        for word, each in PROPERTIES.items()
        if child(node, word) is not None
    )
    object_ref, context_ref = (
        _references(node, "objectStatementRefTemplate"),
        _references(node, "contextStatementRefTemplate"),
    )
    object_type = child(node, "objectActivityType")
    if object_ref and object_type is not None:
        raise Unusable(object_type.place, "objectActivityType and objectStatementRefTemplate exclude each other")
    return Template(
        id=own_id,
        name=pick(labels(node), "en") or own_id,
        profile=profile,
        determinants=determinants,
        object_ref=object_ref,
        context_ref=context_ref,
        rules=_rules(node),
        deprecated=flag(node, "deprecated"),
        place=node.place,
    )


def _references(node: Node, word: str) -> tuple[str, ...]:
    return iris(node, word) if child(node, word) is not None else ()


def _rules(node: Node) -> tuple[TemplateRule, ...]:
    given = child(node, "rules")
    if given is None:
        return ()
    if not isinstance(given.value, list):
        raise Unusable(given.place, "rules is a list")
    if len(given.value) > _MAX_RULES:
        raise Unusable(given.place, f"a template of more than {_MAX_RULES} rules is not read")
    return tuple(_rule(each) for each in given.value)


def _rule(node: Node) -> TemplateRule:
    if not isinstance(node.value, dict):
        raise Unusable(node.place, "a rule is an object with a location")
    location = _path(node, "location")
    if location is None:
        raise Unusable(node.place, "a rule has a location")
    if not any(word in node.value for word in _REQUIREMENTS):
        raise Unusable(node.place, f"a rule has at least one of {', '.join(_REQUIREMENTS)}")
    return TemplateRule(
        location=location,
        selector=_path(node, "selector"),
        presence=_presence(node),
        any_of=_values(node, "any"),
        all_of=_values(node, "all"),
        none_of=_values(node, "none"),
    )


def _path(node: Node, word: str) -> Path | None:
    given = child(node, word)
    if given is None:
        return None
    if not isinstance(given.value, str):
        raise Unusable(given.place, f"{word} is a text, a JSONPath")
    try:
        return parse_path(given.value)
    except ValueError as error:
        raise Unusable(given.place, f"{word}: {error}") from None


def _presence(node: Node) -> Presence | None:
    given = child(node, "presence")
    if given is None:
        return None
    if given.value not in list(Presence):
        raise Unusable(given.place, f"presence is one of {', '.join(Presence)}")
    return Presence(str(given.value))


def _values(node: Node, word: str) -> Values | None:
    given = child(node, word)
    if given is None:
        return None
    if not isinstance(given.value, list) or not given.value:
        raise Unusable(given.place, f"{word} is a list of values, and not an empty one")
    return values_of(tuple(each.plain() for each in given.value))


def child(node: Node, word: str) -> Node | None:
    """Return what stands under a key, or under the JSON-LD keyword that it is an alias of (`id`, `type`)."""
    return node.child(word) or node.child(f"@{word}")


def iri(node: Node, word: str) -> str:
    """Return the one IRI under a key. Raises Unusable."""
    given = child(node, word)
    if given is None:
        raise Unusable(node.place, f"{word} is missing")
    return _iri(given, word)


def iris(node: Node, word: str) -> tuple[str, ...]:
    """Return the list of IRIs under a key. Raises Unusable."""
    given = child(node, word)
    if given is None or not isinstance(given.value, list) or not given.value:
        raise Unusable(node.place if given is None else given.place, f"{word} is a list of IRIs, and not an empty one")
    return tuple(dict.fromkeys(_iri(each, word) for each in given.value))


def _iri(given: Node, word: str) -> str:
    if not isinstance(given.value, str) or ":" not in given.value:
        raise Unusable(given.place, f"{word} is an IRI, such as https://example.org/verbs/done")
    return given.value


def labels(node: Node) -> dict[str, str]:
    """Return the language map of names; what is none says nothing."""
    given = child(node, "prefLabel")
    entries = given.value if given is not None and isinstance(given.value, dict) else {}
    return {language: each.value for language, each in entries.items() if isinstance(each.value, str)}


def flag(node: Node, word: str) -> bool:
    given = child(node, word)
    return given is not None and given.value is True
