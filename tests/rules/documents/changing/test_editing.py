"""Editing: the text says what was asked for, and every other character is where it was."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.documents.changing.amending import amended, data_of, same
from lrs_bridge_rules.documents.changing.editing import (
    add_exception,
    add_rule,
    add_test,
    remove_rule,
    replace_rule,
    rule_ids,
    set_status,
)
from lrs_bridge_rules.documents.printing import Style, to_yaml
from lrs_bridge_rules.errors import DocumentError, EditError
from support.documents import SHIPPED, comments, data

_RULE = {"id": "new", "status": "draft", "when": {"verb": "passed"}, "evidence": {"competency": "x"}}
_EXCEPTION = {"when": {"activity.name": {"contains": "taster"}}, "reason": "a taster"}
_TEST = {"name": "n", "statements": {"verb": "passed", "activity": {"name": "A"}}, "expect": "match"}

_BLOCK = """\
# The head.

rules:   # the rules
  # One.
  - id: one   # its name
    status:   draft   # why
    when: {verb:  passed,  activity.type: [ course,lesson ]}   # a wide   line, as its author likes it: nobody wraps it

    evidence: {competency: 'x'}
    # The end of one.

  # Two.
  -   status: "active"
      when:
          verb: passed
      id: two
      unless:
          - when: {activity.name: taster}
            reason: >-
              a folded
              text
      evidence: {competency: "x"}
# The tail.
"""


def a_rule_in(text: str, rule_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in data_of(text)["rules"] if each["id"] == rule_id)
    return found


def test_a_status_is_changed_and_not_one_other_character() -> None:
    assert set_status(_BLOCK, "one", "active") == _BLOCK.replace("  draft ", "  active ")
    assert set_status(_BLOCK, "two", "retired") == _BLOCK.replace('"active"', "retired")


def test_an_exception_is_put_behind_those_that_are_there() -> None:
    expected = """\
              text
          - when: {activity.name: {contains: taster}}
            reason: a taster
      evidence"""

    assert add_exception(_BLOCK, "two", _EXCEPTION) == _BLOCK.replace("              text\n      evidence", expected)


def test_the_first_exception_stands_behind_what_it_excepts_from() -> None:
    expected = """nobody wraps it
    unless:
      - when: {activity.name: {contains: taster}}
        reason: a taster

    evidence"""

    assert add_exception(_BLOCK, "one", _EXCEPTION) == _BLOCK.replace("nobody wraps it\n\n    evidence", expected)


def test_a_lone_exception_becomes_the_first_of_a_list() -> None:
    text = """\
rules:
- id: one
  status: draft
  when: {verb: passed}
  unless:
    # Said by finance.
    when: {verb: failed}   # no
    reason: "over
      two lines"
  evidence: {competency: x}
"""
    expected = """\
  unless:
    # Said by finance.
    - when: {verb: failed}   # no
      reason: "over
        two lines"
    - when: {activity.name: {contains: taster}}
      reason: a taster
  evidence"""

    assert expected in add_exception(text, "one", _EXCEPTION)


def test_a_rule_in_braces_stays_in_braces() -> None:
    text = "rules: [{id: one, status: draft, when: {verb: passed}, evidence: {competency: x}, }]  # short"

    changed = add_test(add_exception(set_status(text, "one", "active"), "one", _EXCEPTION), "one", _TEST)

    assert changed == (
        "rules: [{id: one, status: active, when: {verb: passed}, "
        "unless: [{when: {activity.name: {contains: taster}}, reason: a taster}], evidence: {competency: x}, "
        'tests: [{name: "n", statements: {verb: passed, activity: {name: A}}, expect: match}], }]  # short'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "rules:\n  - id: new\n"),
        ("# Only a comment", "# Only a comment\nrules:\n  - id: new\n"),
        ("---\n", "---\nrules:\n  - id: new\n"),
        ("include: cmi5", "include: cmi5\nrules:\n  - id: new\n"),
        ("include: cmi5\r\n", "include: cmi5\r\nrules:\r\n  - id: new\r\n"),
        ("\ufeffinclude: cmi5\n", "\ufeffinclude: cmi5\nrules:\n  - id: new\n"),
        ("rules: []  # none yet\n", "rules:  # none yet\n  - id: new\n"),
        ("rules:\nlists: {}\n", "rules:\n  - id: new\n    status: draft\n"),
        ("include: cmi5\n\nlists: {a: b}\n", "lists: {a: b}\n\nrules:\n  - id: new\n"),
        ("lists:\n    a:\n    - b\n", "rules:\n- id: new\n  status: draft\n"),
        ('{"rules": []}', '{"rules": [{id: new, status: draft,'),
        ("{}", "rules:\n  - id: new\n"),
    ],
)
def test_a_rule_is_added_to_a_document_of_any_make(text: str, expected: str) -> None:
    changed = add_rule(text, _RULE)

    assert expected in changed
    assert a_rule_in(changed, "new") == _RULE


def test_a_rule_goes_with_the_comments_right_above_it_and_no_others() -> None:
    assert remove_rule(_BLOCK, "two") == _BLOCK[: _BLOCK.index("  # Two.")] + "# The tail.\n"
    assert comments(remove_rule(_BLOCK, "one")) == [
        "# The head.",
        "# the rules",
        "# One.",
        "# The end of one.",
        "# Two.",
        "# The tail.",
    ]


def test_without_its_only_rule_a_document_has_an_empty_list() -> None:
    assert remove_rule("rules:  # mine\n  # One.\n  - {id: one, status: draft}\n", "one").startswith(
        "rules: []  # mine"
    )


def test_a_rule_is_replaced_where_it_differs() -> None:
    rule = deepcopy(a_rule_in(_BLOCK, "one"))
    rule["when"]["activity.type"] = ["course", "lesson", "module"]
    rule["title"] = "One"
    del rule["evidence"]
    rule["exclude"] = "it is a test"

    changed = replace_rule(_BLOCK, "one", rule)

    assert a_rule_in(changed, "one") == rule
    assert comments(changed) == comments(_BLOCK)
    assert "[ course,lesson, module ]}   # a wide   line" in changed


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda: set_status(_BLOCK, "on", "draft"), "there is no rule 'on' in this document, did you mean 'one'?"),
        (lambda: add_rule(_BLOCK, {"id": "one"}), "there is a rule 'one' already"),
        (lambda: set_status("rules: {}", "one", "draft"), "'rules' is no list in this document"),
    ],
)
def test_what_does_not_fit_the_document_is_refused(edit: Callable[[], str], message: str) -> None:
    with pytest.raises(EditError, match=message.replace("?", r"\?")):
        edit()


def test_what_would_make_a_right_document_wrong_is_refused() -> None:
    with pytest.raises(DocumentError, match="status: "):
        set_status(_BLOCK, "one", "actve")
    with pytest.raises(DocumentError, match="'reason' is missing"):
        add_exception(_BLOCK, "one", {"when": {"verb": "failed"}})


def test_a_document_that_cannot_be_read_is_not_edited() -> None:
    with pytest.raises(DocumentError, match="given twice"):
        set_status("rules: [{id: one, status: draft, status: draft}]", "one", "active")


def test_what_another_rule_shares_by_an_anchor_is_not_changed_for_both() -> None:
    text = """\
rules:
  - {id: one, status: &s draft, when: &w {verb: passed}, evidence: {competency: x}}
  - {id: two, status: *s, when: *w, evidence: {competency: x}}
"""

    with pytest.raises(EditError, match="an anchor"):
        set_status(text, "one", "active")
    assert set_status(text, "two", "active") == text.replace("*s", "active")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_all_of_what_is_shipped_can_be_edited(path: Path) -> None:
    text = path.read_text("utf-8")
    edited = add_rule(text, _RULE)
    for rule_id in rule_ids(edited):
        edited = set_status(edited, rule_id, "shadow")
        edited = add_exception(edited, rule_id, _EXCEPTION)
        edited = add_test(edited, rule_id, _TEST)

    wanted = data_of(text)
    wanted["rules"] = [*wanted.get("rules", []), deepcopy(_RULE)]
    for rule in wanted["rules"]:
        rule["status"] = "shadow"
        rule["unless"] = [*rule.get("unless", []), _EXCEPTION]
        rule["tests"] = [*rule.get("tests", []), _TEST]
    assert same(data_of(edited), wanted)
    assert comments(edited) == comments(text)
    untouched = [line for line in text.splitlines() if "status:" not in line]
    kept = iter(edited.splitlines())
    assert all(any(line == other for other in kept) for line in untouched)


def _commented(text: str, chance: Any) -> str:
    """The text with comments at the ends of lines and between them, where they change nothing."""
    lines = text.splitlines()
    for number in range(len(lines), -1, -1):
        if chance.random() < 0.3:
            put = f"{' ' * chance.randrange(6)}# over {number}"
            longer = "\n".join([*lines[:number], put, *lines[number:]])
        else:
            longer = "\n".join(
                [
                    *lines[:number],
                    *(f"{line}   # at {number}" for line in lines[number : number + 1]),
                    *lines[number + 1 :],
                ]
            )
        try:
            lines = longer.splitlines() if same(data_of(longer), data_of(text)) else lines
        except DocumentError:
            continue
    end: str = chance.choice(["", "\n"])
    return "\n".join(lines) + end


def _laid_out(value: dict[str, Any], chance: Any) -> str:
    """The text of some data in one of the layouts that people and programs give to YAML."""
    if chance.random() < 0.5:
        return to_yaml(value, Style(chance.choice([1, 2, 4]), chance.choice([0, 2, 3]), chance.choice([0, 40, 120])))
    flow = chance.choice([None, False, True])
    text: str = yaml.safe_dump(
        value, indent=chance.choice([2, 3]), default_flow_style=flow, width=chance.choice([20, 200])
    )
    return text


def _changed(value: Any, chance: Any, other: Any) -> Any:
    """Some data with a part of it changed, added or taken away."""
    match value:
        case dict() if value and chance.random() < 0.8:
            key = chance.choice(list(value))
            changed = {**value, key: _changed(value[key], chance, other)}
            if chance.random() < 0.3:
                del changed[chance.choice(list(changed))]
            return changed | ({"new": other} if chance.random() < 0.3 else {})
        case list() if value and chance.random() < 0.8:
            number = chance.randrange(len(value))
            items = [*value[:number], _changed(value[number], chance, other), *value[number + 1 :]]
            if chance.random() < 0.4:
                del items[chance.randrange(len(items))]
            return items + ([other] if chance.random() < 0.3 else [])
        case _:
            return chance.choice([other, [value, other], {"b": value}])


@given(data(), data(), st.randoms(use_true_random=False))
def test_editing_and_reading_is_reading_and_editing(value: dict[str, Any], other: dict[str, Any], chance: Any) -> None:
    text = _laid_out(value, chance)
    try:
        text = _commented(text, chance)
        before = data_of(text)
    except DocumentError:
        return  # another writer's YAML that is none of ours, as a date that it put in another way
    wanted = _changed(before, chance, chance.choice([*other.values(), "x"])) if before else other
    wanted = wanted if isinstance(wanted, dict) else {"a": wanted}

    try:
        edited = amended(text, wanted)
    except EditError:
        return

    assert same(data_of(edited), wanted)


@given(data(), st.randoms(use_true_random=False), st.data())
def test_what_is_added_takes_no_comment_away(value: dict[str, Any], chance: Any, draw: st.DataObject) -> None:
    text = _commented(to_yaml(value), chance)
    before = data_of(text)

    edited = amended(text, {**before, "new": draw.draw(st.sampled_from(["x", _RULE, [_RULE, _RULE]]))})

    assert comments(edited) == comments(text)
