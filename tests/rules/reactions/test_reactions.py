"""SQL LRS reactions: what of them becomes a draft rule, and what is told instead of being said wrongly."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.documents.printing import to_yaml
from lrs_bridge_rules.documents.tree import Problems
from lrs_bridge_rules.errors import DocumentError
from lrs_bridge_rules.reactions.reactions import Drafts, read_reactions

Json = dict[str, Any]

_DONE: Json = {"path": ["verb", "id"], "op": "eq", "val": "https://verbs.example.org/done"}
_WRITES: Json = {"verb": {"id": "https://verbs.example.org/done"}, "object": {"id": "https://example.org/both"}}


def _reaction(*, title: str = "Both parts", template: object = _WRITES, **conditions: object) -> Json:
    ruleset = {"identityPaths": [["actor", "mbox"]], "conditions": conditions, "template": template}
    return {"id": "6b1f6f0e", "title": title, "active": True, "ruleset": ruleset}


def _drafts(*reactions: object, taken: tuple[str, ...] = ()) -> Drafts:
    drafts = read_reactions("r.json", json.dumps(list(reactions)), problems := Problems(), taken)
    problems.raise_if_any()
    assert drafts is not None
    if drafts.rules:
        load_texts({"drafts.yaml": to_yaml({"rules": list(drafts.rules)})})
    return drafts


def _when(condition: Json) -> object:
    drafts = _drafts(_reaction(only=condition))
    return drafts.rules[0]["when"] if drafts.rules else None


def _told(*reactions: object) -> list[str]:
    return [note.message for note in _drafts(*reactions).left_out]


def test_a_condition_becomes_a_draft_that_is_evidence_for_what_the_reaction_writes_about() -> None:
    [rule] = _drafts(_reaction(only=_DONE)).rules

    assert rule == {
        "id": "both-parts",
        "title": "Both parts",
        "status": "draft",
        "when": {"verb": "https://verbs.example.org/done"},
        "evidence": {"activity": "https://example.org/both"},
    }


@pytest.mark.parametrize(
    ("path", "op", "value", "when"),
    [
        (["object", "id"], "eq", "https://example.org/a", {"activity.id": "https://example.org/a"}),
        (["object", "id"], "like", "https://example.org/%", {"activity.id": {"glob": "https://example.org/*"}}),
        (["object", "id"], "like", "%", {"activity.id": {"present": True}}),
        (["object", "id"], "like", "x:y", {"activity.id": "x:y"}),
        (["object", "definition", "type"], "eq", "https://example.org/t", {"activity.type": "https://example.org/t"}),
        (["verb", "id"], "eq", "done", {"path": {"$.verb.id": "done"}}),
        (["verb", "id"], "noteq", "x:y", {"verb": {"present": True, "not_in": ["x:y"]}}),
        (["result", "success"], "eq", True, {"result.success": True}),
        (["result", "success"], "eq", 1, {"path": {"$.result.success": 1}}),
        (["result", "score", "raw"], "gte", 7, {"path": {"$.result.score.raw": {"gte": 7}}}),
        (["result", "score", "raw"], "lt", 7.5, {"path": {"$.result.score.raw": {"lt": 7.5}}}),
        (["timestamp"], "gt", "2026-01-05T09:00:00Z", {"at": {"after": "2026-01-05T09:00:00Z"}}),
        (["timestamp"], "lte", "2026-01-05T09:00:00Z", {"not": {"at": {"after": "2026-01-05T09:00:00Z"}}}),
        (["actor", "name"], "eq", "Ada", {"path": {"$.actor.name": "Ada"}}),
        (["attachments", 0, "usageType"], "eq", "x:y", {"path": {"$.attachments[0].usageType": "x:y"}}),
        (["context", "extensions", "x:it's\\"], "eq", 1, {"path": {"$.context.extensions['x:it\\'s\\\\']": 1}}),
        (["context", "extensions", "x:a"], "contains", "b", {"path": {"$.context.extensions['x:a'][*]": "b"}}),
        (["verb", "id"], "contains", "x:y", {"path": {"$.verb.id[*]": "x:y"}}),
    ],
)
def test_a_comparison_is_said_by_a_field_or_a_path(path: list[object], op: str, value: object, when: Json) -> None:
    assert _when({"path": path, "op": op, "val": value}) == when


@pytest.mark.parametrize(
    ("clause", "reason"),
    [
        ({"path": ["timestamp"], "op": "gt", "ref": {"condition": "a", "path": ["timestamp"]}}, "another statement"),
        ({"path": ["result", "response"], "op": "eq", "val": None}, "null"),
        ({"path": ["result", "response"], "op": "eq"}, "null"),
        ({"path": ["result", "response"], "op": "gt", "val": "m"}, "orders texts"),
        ({"path": ["timestamp"], "op": "gt", "val": "yesterday"}, "timestamp"),
        ({"path": ["object", "id"], "op": "like", "val": "a_b%"}, "'_' has a meaning"),
        ({"path": ["object", "id"], "op": "like", "val": "a*%"}, "meaning"),
        ({"path": ["object", "id"], "op": "near", "val": "a"}, "no operator 'near'"),
        ({"path": [], "op": "eq", "val": "a"}, "path and op"),
        ({"path": ["a", -1], "op": "eq", "val": "a"}, "negative"),
        ({"path": [True], "op": "eq", "val": "a"}, "keys and indexes"),
        ({"or": []}, "a part of this `or`"),
        ({"op": "eq"}, "path and op"),
    ],
)
def test_what_cannot_be_said_is_told_with_its_reason_and_its_place(clause: Json, reason: str) -> None:
    drafts = _drafts(_reaction(only={"and": [_DONE, clause]}))

    assert [rule["when"] for rule in drafts.rules] == [{"verb": _DONE["val"]}]
    assert any(reason in note.message for note in drafts.left_out)
    assert all(note.place.path == "r.json" and note.place.column > 1 for note in drafts.left_out)


def test_and_or_and_not_are_groups() -> None:
    low = {"path": ["result", "score", "raw"], "op": "lt", "val": 3}

    assert _when({"and": [_DONE, {"or": [low, {"not": _DONE}]}]}) == {
        "verb": _DONE["val"],
        "any": [{"path": {"$.result.score.raw": {"lt": 3}}}, {"not": {"verb": _DONE["val"]}}],
    }


def test_two_demands_on_one_field_stand_in_a_group() -> None:
    other = {**_DONE, "op": "noteq", "val": "x:y"}

    assert _when({"and": [_DONE, other]}) == {
        "all": [{"verb": _DONE["val"]}, {"verb": {"present": True, "not_in": ["x:y"]}}]
    }


@pytest.mark.parametrize("group", [{"or": [_DONE, {"op": "eq"}]}, {"not": {"and": [_DONE, {"op": "eq"}]}}])
def test_a_group_that_would_mean_something_else_without_a_part_is_left_out_whole(group: Json) -> None:
    assert _when({"and": [_DONE, group]}) == {"verb": _DONE["val"]}
    assert any("mean something else" in message for message in _told(_reaction(only=group)))
    assert any("there is no rule for it" in message for message in _told(_reaction(only=group)))


def test_of_several_conditions_each_counts_its_part() -> None:
    drafts = _drafts(_reaction(one=_DONE, two=_DONE, three=_DONE))

    assert [rule["id"] for rule in drafts.rules] == ["both-parts-one", "both-parts-two", "both-parts-three"]
    assert sum(rule["evidence"]["weight"] for rule in drafts.rules) >= 1
    assert any("all 3 conditions" in note.message for note in drafts.left_out)


def test_ids_that_are_taken_are_not_given_again() -> None:
    drafts = _drafts(_reaction(only=_DONE), _reaction(only=_DONE), taken=("both-parts",))

    assert [rule["id"] for rule in drafts.rules] == ["both-parts-2", "both-parts-3"]


@pytest.mark.parametrize("template", [{}, {"object": {"id": {"$templatePath": ["a", "object", "id"]}}}, None])
def test_what_writes_about_no_fixed_activity_names_a_competency_to_be_corrected(template: object) -> None:
    drafts = _drafts(_reaction(template=template, only=_DONE))

    assert drafts.rules[0]["evidence"] == {"competency": "both-parts"}
    assert any("no fixed activity" in note.message for note in drafts.left_out)


def test_other_ties_than_the_person_are_told() -> None:
    reaction = _reaction(only=_DONE)
    reaction["ruleset"]["identityPaths"] = [["actor", "account", "name"], ["context", "registration"]]

    assert sum("no other tie" in message for message in _told(reaction)) == 1


@pytest.mark.parametrize("wrapped", [{"reactions": [_reaction(only=_DONE)]}, _reaction(only=_DONE)])
def test_an_answer_of_the_server_and_a_single_reaction_are_read_too(wrapped: Json) -> None:
    drafts = read_reactions("r.json", json.dumps(wrapped), Problems())

    assert drafts is not None
    assert len(drafts.rules) == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", "7", '[{"title": "x"}]', '{"reactions": [{}]}'])
def test_what_holds_no_reactions_is_refused(text: str) -> None:
    problems = Problems()

    assert read_reactions("r.json", text, problems) is None
    with pytest.raises(DocumentError, match=r"r\.json:1:"):
        problems.raise_if_any()


def test_a_condition_too_deep_for_a_rule_is_told() -> None:
    deep: Json = _DONE
    for _ in range(40):
        deep = {"not": deep}

    assert any("no rule can be made of it" in message for message in _told(_reaction(only=deep)))


_ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["eq", "x:y", "verb", "id", "%", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["path", "op", "val", "ref", "and", "or", "not"]), inner, max_size=3)
    ),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(_ODD, _ODD, _ODD)
def test_whatever_is_sent_gives_drafts_that_load_or_says_why_not(
    condition: object, title: object, rest: object
) -> None:
    reaction = {"title": title, "ruleset": {"conditions": {"a": condition, "b": _DONE}, "template": rest}}

    assert _drafts(reaction).rules
