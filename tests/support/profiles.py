"""Builders for xAPI Profiles of an invented organisation: documents, templates, and statements that follow them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lrs_bridge_rules.documents.tree import Problems
from lrs_bridge_rules.statements.statement import Statement
from lrs_bridge_rules.templates.profile import Profile, read_profile
from lrs_bridge_rules.templates.template import Template
from support.xapi import a_body, a_statement

Json = dict[str, Any]

HARBOUR = "https://profiles.example.org/harbour"
VERB = f"{HARBOUR}/verbs/moored"
SHIP = f"{HARBOUR}/types/ship"
PIER = f"{HARBOUR}/types/pier"
DEPTH = f"{HARBOUR}/extensions/depth"
TEMPLATE = f"{HARBOUR}/templates/mooring"


def a_template(template_id: str = TEMPLATE, **properties: Any) -> Json:
    return {
        "id": template_id,
        "type": "StatementTemplate",
        "inScheme": f"{HARBOUR}/v1",
        "prefLabel": {"en": "Mooring"},
        "definition": {"en": "Somebody moored a ship."},
        **properties,
    }


def a_concept(concept_id: str, kind: str = "Verb", name: str = "", **properties: Any) -> Json:
    return {
        "id": concept_id,
        "type": kind,
        "inScheme": f"{HARBOUR}/v1",
        "prefLabel": {"en": name or concept_id.rsplit("/", 1)[-1]},
        "definition": {"en": "…"},
        **properties,
    }


def a_profile(*templates: Json, concepts: tuple[Json, ...] = (), **properties: Any) -> Json:
    return {
        "id": HARBOUR,
        "@context": "https://w3id.org/xapi/profiles/context",
        "type": "Profile",
        "conformsTo": "https://w3id.org/xapi/profiles#1.0",
        "prefLabel": {"en": "Harbour"},
        "definition": {"en": "What is learned in a harbour."},
        "versions": [{"id": f"{HARBOUR}/v1", "generatedAtTime": "2026-01-05T09:00:00Z"}],
        "author": {"type": "Organization", "name": "Harbour Office"},
        "concepts": list(concepts),
        "templates": list(templates),
        **properties,
    }


def as_text(document: Json) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)


def read(document: Json, name: str = "harbour.jsonld") -> Profile:
    problems = Problems()
    profile = read_profile(name, as_text(document), problems)
    problems.raise_if_any()
    assert profile is not None
    return profile


def template(**properties: Any) -> Template:
    """The one template of a profile in which nothing is wrong."""
    profile = read(a_profile(a_template(**properties)))
    assert [str(note) for note in profile.notes] == []
    return profile.templates[0]


def a_mooring(**properties: Any) -> Statement:
    """A statement of the harbour, about a ship."""
    ship = {"id": "https://ships.example.org/anna", "definition": {"type": SHIP}}
    return a_statement(VERB, **{"object": ship, **properties})


#: Of its two conditions a rule can say one.
REACTION: Json = {
    "title": "Both",
    "ruleset": {
        "identityPaths": [],
        "conditions": {
            "a": {"path": ["verb", "id"], "op": "eq", "val": "urn:x:done"},
            "b": {"path": ["timestamp"], "op": "gt", "ref": {"condition": "a", "path": ["timestamp"]}},
        },
        "template": {"object": {"id": "urn:x:both"}},
    },
}


def write_examples(folder: Path) -> None:
    """A profile, a statement that is about its template, and a reaction, as files."""
    rule = {"location": "$.result", "presence": "included"}
    harbour = a_profile(a_template(verb=VERB, rules=[rule]), a_template(f"{HARBOUR}/broken", verb="no IRI"))
    (folder / "harbour.jsonld").write_text(as_text(harbour), "utf-8")
    (folder / "statement.json").write_text(as_text(a_body(VERB)), "utf-8")
    (folder / "reactions.json").write_text(as_text(REACTION), "utf-8")
