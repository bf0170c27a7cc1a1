"""What changes between two sets of rules is told by rule; what only looks different is no change."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.differences.difference import Change, Difference, How, KeyChange, Part, difference
from lrs_bridge_rules.differences.words import lines_of, summary
from lrs_bridge_rules.errors import DocumentError
from support.builders import RULES


def changed(*replacements: tuple[str, str], text: str = RULES) -> str:
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    return text


def compared(after: str, before: str = RULES) -> Difference:
    return difference({"rules/o.yaml": before}, {"elsewhere/o.yaml": after})


def keys(found: Difference) -> Mapping[str, tuple[object, object]]:
    return {key.key: (key.before, key.after) for change in found.changes for key in change.keys}


def told(found: Difference) -> list[tuple[Part, str, How]]:
    return [(change.part, change.id, change.how) for change in found.changes]


def test_the_same_texts_do_not_differ() -> None:
    found = compared(RULES)

    assert (found.changes, found.rewritten, bool(found)) == ((), (), False)
    assert summary(found) == "No change in meaning."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{activity.name: {contains: excel}}", "{activity.name: {contains: [excel]}}"),
        ("{verb: passed}", "{verb: {in: [passed]}}"),
        ("{verb: passed}", "{all: [{verb: passed}]}"),
        ("{verb: passed}", "{any: [{verb: passed}]}"),
        ("evidence: {competency: spreadsheets}", "evidence: [{competency: spreadsheets, weight: 1}]"),
        ("follow_up: [apply, share]", "follow_up: [share, apply]"),
        ("confirm: manager", "within: 90d\n    confirm: manager"),
        ("due: 30d", "due: 30d  # a month"),
        ("abandoned_after: 60d", "abandoned_after: 60d, certificate_ahead: [14d, 60d]"),
        ("stagnation: {tenure: 2y, quiet: 6mo}", "stagnation: {quiet: 180d, tenure: 730d}"),
        ("waste: {stagnation: {tenure: 2y, quiet: 6mo}, abandoned_after: 60d, mastery: 85}", ""),
        ("status: active\n    when: {activity.name: {contains: excel}}",
         "when: {activity.name: {contains: excel}}\n    status: active"),
    ],
)  # fmt: skip
def test_what_is_only_written_differently_is_no_change(old: str, new: str) -> None:
    # `within: 90d` would be given twice where it is given already: the later one goes.
    text = changed((old, new)).replace("    expire: 30d\n    within: 90d\n", "    expire: 30d\n")
    found = compared(text)

    assert found.changes == ()
    assert summary(found) == "No change in meaning; only written differently: o.yaml."


def test_a_rule_that_moved_to_another_document_is_no_change() -> None:
    start = RULES.index("  - id: no-onboarding")
    end = RULES.index("follow_ups:")
    moved = {"a.yaml": RULES[:start] + RULES[end:], "b.yaml": "rules:\n" + RULES[start:end]}

    assert not difference({"a.yaml": RULES}, moved)


@pytest.mark.parametrize(
    ("old", "new", "key", "before", "after"),
    [
        ("contains: excel", "contains: [excel, calc]", "when.activity.name.contains", "excel", ["excel", "calc"]),
        ("contains: excel}", "contains: excel}, outcome: passed", "when.outcome", None, "passed"),
        ("{activity.name: {contains: excel}}", "{not: {verb: passed}, activity.name: {contains: excel}}",
         "when.not", None, {"verb": "passed"}),
        ("due: 7d, ", "due: 9d, ", "due", "7d", "9d"),
        ("mastery: 85", "mastery: 90", "waste.mastery", 85, 90),
        ("quiet: 6mo", "quiet: 3mo", "waste.stagnation.quiet", "6mo", "3mo"),
        ("follow_ups_default: [reflect]", "follow_ups_default: [reflect, share]", "follow_ups_default",
         ["reflect"], ["reflect", "share"]),
        ("evidence: {competency: spreadsheets}", "evidence: {competency: spreadsheets, weight: 0.5}",
         "evidence.weight", None, 0.5),
        ("name: Painting}}]\n        expect: no-match", "name: Painting}}]\n        expect: match",
         "tests[another course].expect", "no-match", "match"),
        ("when: {activity.name: {contains: excel}}\n",
         "when: {activity.name: {contains: excel}}\n    unless: {when: {verb: passed}, reason: a taster}\n",
         "unless[a taster]", None, {"when": {"verb": "passed"}, "reason": "a taster"}),
    ],
)  # fmt: skip
def test_a_change_names_the_key_and_both_values(old: str, new: str, key: str, before: object, after: object) -> None:
    assert keys(compared(changed((old, new)))) == {key: (before, after)}


def test_true_and_one_are_two_values() -> None:
    one, other = (
        f"completions: [{{id: a, when: {{result.success: {each}}}, outcome: passed}}]" for each in ("true", "1")
    )

    assert told(compared(one, other)) == [(Part.DEFINITION, "a", How.CHANGED)]


def test_what_comes_and_what_goes_is_told_with_title_and_document() -> None:
    found = compared(changed(("id: no-onboarding", "id: no-tour")))

    assert [(c.id, c.how, c.title, c.document) for c in found.changes] == [
        ("no-onboarding", How.REMOVED, "The welcome tour counts for nothing", "rules/o.yaml"),
        ("no-tour", How.ADDED, "The welcome tour counts for nothing", "elsewhere/o.yaml"),
    ]


def test_a_definition_that_is_asked_at_another_place_has_moved() -> None:
    lines = RULES.splitlines()
    place = next(number for number, line in enumerate(lines) if "id: started" in line)
    lines.insert(place + 4, lines.pop(place))
    found = compared("\n".join(lines))

    assert told(found) == [(Part.DEFINITION, "started", How.MOVED)]
    assert lines_of(found) == ("completion started moved (o.yaml)", "  asked after: nothing → failed")


def test_a_list_that_changes_names_the_rules_that_use_it_and_changes_no_rule() -> None:
    text = changed(
        ("when: {activity.name: {contains: excel}}", "when: {activity.id: {list: sheets}}"),
        ("rules:\n", "lists: {sheets: [a, b, c, d]}\nrules:\n"),
    )
    found = compared(changed(("[a, b, c, d]", "[a, b, d, e]"), text=text), text)

    assert [(c.part, c.id, c.used_by) for c in found.changes] == [(Part.LIST, "sheets", ("excel-courses",))]
    assert lines_of(found)[1] == "  values: with e; without c"


def test_a_pack_is_told_of_in_one_line() -> None:
    packs = {"packs/p.yaml": "completions: [{id: x, when: {verb: passed}, outcome: passed}]"}
    found = difference({"o.yaml": "rules: []"}, {"o.yaml": "include: p", **packs})

    assert lines_of(found) == ("pack packs/p.yaml: 1 added",)
    assert summary(found) == "1 pack changed; only written differently: o.yaml."


def test_tests_in_packs_are_not_told_of_as_they_were_run_before_it_was_shipped() -> None:
    rule = "{id: x, status: draft, when: {verb: passed}, evidence: {competency: c}%s}"
    test = ", tests: [{name: t, statements: {verb: passed, activity: A}, expect: match}]"
    before, after = ({"o.yaml": "include: p", "packs/p.yaml": f"rules: [{rule % more}]"} for more in ("", test))

    assert not difference(before, after)
    assert difference({"o.yaml": before["packs/p.yaml"]}, {"o.yaml": after["packs/p.yaml"]})


def test_profiles_and_list_files_are_compared_by_what_they_hold() -> None:
    profile = '{"templates": [{"id": "t1", "verb": "%s"}, {"id": "t2"}], "concepts": []}'
    before = {"o.yaml": "", "p.jsonld": profile % "v", "l.csv": "id\na\nb\n"}
    after = {"o.yaml": "", "p.jsonld": (profile % "w").replace(",", ",\n"), "l.csv": "id\nb\nc\n"}
    found = difference(before, after)

    assert told(found) == [(Part.FILE, "l.csv", How.CHANGED), (Part.FILE, "p.jsonld", How.CHANGED)]
    assert [key.key for change in found.changes for key in change.keys] == ["values", "t1.verb"]


def test_what_this_version_cannot_compile_is_compared_as_it_stands() -> None:
    future = "rules: [{id: a, status: active, when: {verb: x}, mood: good}]\ncolour: red\n"
    found = compared(future.replace("good", "bad").replace("red", "blue"), future)

    assert keys(found) == {"mood": ("good", "bad"), "colour": ("red", "blue")}


def test_what_is_no_yaml_is_refused_with_its_place() -> None:
    with pytest.raises(DocumentError, match=r"elsewhere/o.yaml:\d+:\d+: "):
        compared("rules: [")


def test_long_values_are_cut_in_words() -> None:
    change = Change(Part.LIST, "l", How.CHANGED, keys=(KeyChange("values", None, [str(n) for n in range(500)]),))

    assert lines_of(Difference((change,)))[1] == "  values: not given → 0, 1, 2, 3, 4 and 495 more"


_NAMES = st.sampled_from(["a", "b", "c", "d"])
_FIELDS = st.sampled_from(["verb", "activity.id"])
_CONDITIONS = st.recursive(
    st.dictionaries(_FIELDS, st.one_of(_NAMES, st.lists(_NAMES, min_size=1)), min_size=1),
    lambda inner: st.one_of(
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=5,
)  # fmt: skip
_RULESETS = st.dictionaries(_NAMES, _CONDITIONS, max_size=4)


def written(rules: Mapping[str, Any], *, sort: bool) -> str:
    entries = [
        {"id": own_id, "status": "draft", "when": when, "evidence": {"goal": "g"}} for own_id, when in rules.items()
    ]
    return yaml.safe_dump({"rules": entries[::-1] if sort else entries}, sort_keys=sort, default_flow_style=sort)


@given(_RULESETS)
def test_however_it_is_written_it_is_the_same(rules: Mapping[str, Any]) -> None:
    assert not compared(written(rules, sort=True), written(rules, sort=False))


@given(_RULESETS, _RULESETS)
def test_a_difference_read_the_other_way_round_swaps_what_comes_and_what_goes(
    one: Mapping[str, Any], other: Mapping[str, Any]
) -> None:
    there = compared(written(other, sort=False), written(one, sort=False))
    back = compared(written(one, sort=False), written(other, sort=False))

    assert {c.id for c in there.of(How.ADDED)} == {c.id for c in back.of(How.REMOVED)} == other.keys() - one.keys()
    assert {c.id for c in there.of(How.CHANGED)} == {c.id for c in back.of(How.CHANGED)}
    assert all(change.keys for change in there.of(How.CHANGED))


AT = "rules: [{id: %s, status: active, when: {at: {on: 2026-03-01}}, evidence: {competency: x}}]"


def test_a_time_zone_is_told_of_the_rules_that_speak_of_days_whichever_document_says_it() -> None:
    before = {"a.yaml": AT % "a", "b.yaml": f"time_zone: Asia/Tokyo\n{AT % 'b'}", "c.yaml": RULES}
    exchanged = {**before, "a.yaml": AT % "b", "b.yaml": f"time_zone: Asia/Tokyo\n{AT % 'a'}"}
    elsewhere = {**before, "b.yaml": f"time_zone: Europe/Berlin\n{AT % 'b'}"}

    assert told(difference(before, exchanged)) == [(Part.RULE, "a", How.CHANGED), (Part.RULE, "b", How.CHANGED)]
    assert keys(difference(before, elsewhere)) == {"time_zone": ("Asia/Tokyo", "Europe/Berlin")}
    assert not difference(before, {**before, "a.yaml": f"time_zone: UTC\n{AT % 'a'}"})
    assert not difference(before, {**before, "c.yaml": f"time_zone: Asia/Tokyo\n{RULES}"})


def test_files_of_the_same_name_in_two_folders_are_told_apart() -> None:
    before = {"r/o.yaml": RULES, "r/x/ids.csv": "id\na\n", "r/y/ids.csv": "id\nb\n"}
    after = {"s/o.yaml": RULES, "s/x/ids.csv": "id\na\nc\n", "s/y/ids.csv": "id\nb\n"}

    assert told(difference(before, after)) == [(Part.FILE, "x/ids.csv", How.CHANGED)]
