"""Tries a draft before anybody sees it: it must load, and its own tests must pass under the definitions in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lrs_bridge.domain import rule_testing
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.documents.printing import to_yaml
from lrs_bridge_rules.errors import DocumentError
from lrs_bridge_rules.ruleset import Ruleset

DOCUMENT = "suggested.yaml"


def proven(variants: Iterable[Mapping[str, Any]], active: Ruleset) -> Mapping[str, Any] | None:
    """The first variant whose tests pass; None if none does, so that nothing is shown that does not hold."""
    return next((each for each in variants if _passes(each, active)), None)


def document(rule: Mapping[str, Any], status: str = "draft") -> str:
    """A document of this rule alone."""
    return to_yaml({"rules": [{**rule, "status": status}]})


def _passes(rule: Mapping[str, Any], active: Ruleset) -> bool:
    try:
        drafted = load_texts({DOCUMENT: document(rule)})
    except (DocumentError, ValueError):  # a text from outside that no document can hold
        return False
    results = rule_testing.run(Ruleset(drafted.documents, active.definitions, drafted.rules))
    own = [each.passed for each in results if each.kind == "rule"]
    return bool(own) and all(own)
