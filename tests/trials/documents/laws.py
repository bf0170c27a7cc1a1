"""What has to hold for whatever is given as rules: `judge` takes one set of documents the whole way.

Refused with problems that have a place, or loaded; what is loaded reads the same when printed, is accepted by the
schema for editors, is edited without harm, has an index that finds what looking at every rule finds, and can be linted.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import jsonschema

from lrs_bridge_rules.conditions.fields import Facts
from lrs_bridge_rules.differences.difference import difference
from lrs_bridge_rules.documents.changing.amending import data_of, same
from lrs_bridge_rules.documents.changing.editing import rule_ids, set_status
from lrs_bridge_rules.documents.describing.schema import rules_schema
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.documents.printing import to_yaml
from lrs_bridge_rules.documents.tree import MAX_PROBLEMS
from lrs_bridge_rules.errors import DocumentError, EditError
from lrs_bridge_rules.lint.checking import lint
from lrs_bridge_rules.ruleset import Ruleset
from support.xapi import ADL, COURSE_TYPE, NOON, a_statement, a_subject
from trials.documents.seeds import FIRST
from trials.fuzz.laws import Broken

#: CPU seconds for one set of ordinary size, whole way included.
SECONDS = 2.0
_EDITOR = jsonschema.Draft202012Validator(rules_schema())
_SAID = a_statement(
    "passed",
    object={"id": "urn:a", "definition": {"type": COURSE_TYPE, "name": {"en": "Excel"}}},
    result={"score": {"raw": 5, "max": 10}, "duration": "PT1H"},
)
_SUBJECTS = (
    a_subject(statements=(_SAID,)),
    a_subject(activity_ids=("urn:b",), names=("a b", "Excel taster"), percent=50, verbs=(f"{ADL}completed",)),
)


def judge(texts: Mapping[str, str], seconds: float | None = SECONDS) -> str:
    """Return how it ended (`refused`, `kept`). Raises Broken for a law that does not hold; other errors do as well."""
    began = time.process_time()
    try:
        ruleset = load_texts(texts)
    except DocumentError as error:
        _told_with_places(error)
        ended = "refused"
    else:
        _holds_together(ruleset)
        _is_the_same_when_printed(texts)
        _is_edited_without_harm(texts[FIRST])
        lint(ruleset, now=NOON)
        ended = "kept"
    spent = time.process_time() - began
    if seconds is not None and spent > seconds:
        raise Broken("no documents take longer than their time", f"{spent:.1f} s")
    return ended


def _told_with_places(error: DocumentError) -> None:
    if not 0 < len(error.problems) <= MAX_PROBLEMS + 1:
        raise Broken("a refusal has problems, and not too many", f"{len(error.problems)}")
    for problem in error.problems:
        if problem.line < 1 or problem.column < 1 or not problem.message or not problem.path:
            raise Broken("every problem has a place and says something", repr(problem))
        if len(problem.message) > 2_000:
            raise Broken("no message repeats a document", f"{len(problem.message)} characters: {problem.message[:80]}")


def _holds_together(ruleset: Ruleset) -> None:
    for subject in _SUBJECTS:
        facts = Facts(subject)
        active = [rule for rule in ruleset.rules if rule.status == "active" and rule.fits(facts, NOON)]
        verdict = ruleset.evaluate(subject, now=NOON)
        found = [match.rule for match in verdict.matches] if verdict.exclusion is None else [verdict.exclusion.rule]
        expected = [rule.id for rule in active if verdict.exclusion is None or rule.excludes]
        if found != expected[: len(found)] or (verdict.exclusion is None and found != expected):
            raise Broken("the index finds what looking at every rule finds", f"{found} and not {expected}")
        ruleset.explain(subject, now=NOON)
    if (ruleset.read(_SAID, statement_id="1") is not None) is not ruleset.wants(_SAID):
        raise Broken("a statement is wanted if it says something", "")


def _is_the_same_when_printed(texts: Mapping[str, str]) -> None:
    documents = {name: data_of(text) for name, text in texts.items() if name.endswith(".yaml")}
    printed = dict(texts) | {name: to_yaml(said) for name, said in documents.items()}
    for name, said in documents.items():
        if not same(data_of(printed[name]), said):
            raise Broken("what is printed reads as the same", name)
        wrong = next(iter(_EDITOR.iter_errors(said)), None)
        if wrong is not None:
            raise Broken("the schema accepts what the loader accepts", f"{wrong.message[:200]}")
    load_texts(printed)
    if difference(texts, printed):
        raise Broken("what is printed means the same", "")


def _is_edited_without_harm(text: str) -> None:
    for rule_id in rule_ids(text)[:2]:
        try:
            edited = set_status(text, rule_id, "retired")
        except EditError:
            continue
        statuses = {rule["id"]: rule["status"] for rule in data_of(edited)["rules"]}
        if statuses[rule_id] != "retired":
            raise Broken("an edit does what was asked", rule_id)
