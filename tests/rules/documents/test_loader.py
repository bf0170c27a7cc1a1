"""Documents: read as they look, refused with every error at its place."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.documents.loader import available_packs, load, load_texts, sources_of
from lrs_bridge_rules.documents.reading import MAX_BYTES, parse
from lrs_bridge_rules.documents.tree import Problems
from lrs_bridge_rules.errors import DocumentError
from support.documents import shapes
from support.xapi import a_rule

_REMEDY = " (see: rules import-profile)"
_GOOD = "rules:\n" + a_rule("{activity.type: course}")


def _problems(text: str) -> list[str]:
    with pytest.raises(DocumentError) as refused:
        load_texts({"rules.yaml": text})
    return [str(problem).removesuffix(_REMEDY) for problem in refused.value.problems]


def _plain(text: str) -> object:
    node = parse("rules.yaml", text, Problems())
    assert node is not None
    return node.plain()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("012", "012"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2027-01-31", "2027-01-31"),
        ("0", 0),
        ("-7", -7),
        ("7.5", 7.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("e5", "e5"),
        ("+e5", "+e5"),
        ("1e999", "1e999"),
        (".inf", ".inf"),
        ("'70'", "70"),
        ('"true"', "true"),
    ],
)
def test_a_scalar_is_what_it_looks_like(written: str, read: object) -> None:
    value = _plain(f"a: {written}")

    assert value == {"a": read}
    assert isinstance(value, dict)
    assert type(value["a"]) is type(read)


def test_every_error_comes_at_once_with_its_line_and_column() -> None:
    text = """\
include: [cmi]
lists: {cyber: [a, b], none: []}
completions:
  - {id: done, when: {verb: compleeted}, outcome: compleeted}
  - {id: done, when: {verb: completed}, outcome: completed, activity: {from: parent, type: cours}}
rules:
  - id: one
    status: actve
    when: {activity.typ: course, activity.name: {contans: x}, score.percent: {gte: no}}
    evidnce: {competency: x}
  - id: two
    status: active
    when: {activity.id: {list: cyer}, at: {after: tomorrow}, outcome: pased}
    unless: [{when: {mandated: maybe}, reason: because, until: 2027-13-01}]
    evidence: {competency: x, goal: y}
    follow_up: [aply]
follow_ups:
  - {id: apply, kind: aply, title: "{activty}", due: 30x}
waste: {stagnation: {tenure: 2}, mastery: 101}
"""

    expected = """\
rules.yaml:1:11: unknown pack 'cmi', did you mean 'cmi5'?
rules.yaml:2:24: the list 'none' is empty, so it can never fit
rules.yaml:4:29: verb: unknown short name 'compleeted', did you mean 'completed'?; a full IRI always works
rules.yaml:4:51: unknown outcome 'compleeted', did you mean 'completed'?
rules.yaml:5:10: the completion definition 'done' is already in rules.yaml:4
rules.yaml:5:92: unknown short name 'cours', did you mean 'course'?; a full IRI always works
rules.yaml:8:13: status: unknown word 'actve', did you mean 'active'?
rules.yaml:9:12: unknown field 'activity.typ', did you mean 'activity.type'?
rules.yaml:9:50: unknown operator 'contans', did you mean 'contains'?
rules.yaml:9:84: score.percent: expected a number, not the text 'no'
rules.yaml:10:5: unknown key 'evidnce', did you mean 'evidence'?
rules.yaml:13:32: unknown list 'cyer', did you mean 'cyber'?
rules.yaml:13:51: at: not an ISO 8601 timestamp such as 2026-11-21T19:28:20.000Z
rules.yaml:13:71: outcome: unknown outcome 'pased', did you mean 'passed'?
rules.yaml:14:32: mandated: expected true or false, not the text 'maybe'
rules.yaml:14:64: until: expected a date such as 2027-01-31, not the text '2027-13-01'
rules.yaml:15:15: evidence names exactly one of competency, activity and goal
rules.yaml:16:17: unknown follow-up 'aply', did you mean 'apply'?
rules.yaml:18:23: kind: unknown word 'aply', did you mean 'apply'?
rules.yaml:18:36: unknown placeholder {activty} (known: {activity}, {goal}, {learner})
rules.yaml:18:54: due: expected a span such as 12h, 30d, 2w, 6mo or 2y, not the text '30x'
rules.yaml:19:30: tenure: expected a span such as 12h, 30d, 2w, 6mo or 2y, not the number 2
rules.yaml:19:43: mastery: expected a number up to 100, not the number 101
"""

    assert _problems(text) == expected.splitlines()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\na: 2", "rules.yaml:2:1: the key 'a' is given twice (first in line 1)"),
        ("rules: [", "rules.yaml:1:8: the text ends in the middle of a list or mapping; close it with ] or }"),
        ("- 1", "rules.yaml:1:1: a document is a mapping: keys, each with a colon and what belongs to it"),
        ("rules: !!python/name:os.system x", "rules.yaml:1:8: tags (a word after !) are not allowed here"),
        ("a: \x00", "rules.yaml:1:4: the character U+0000 is not allowed in YAML; remove it"),
        (
            "rules: &a [*a]",
            (
                "rules.yaml:1:12: the alias *a has no anchor before it, or stands inside it; quote a text that begins"
                " with *"
            ),
        ),
        ("rules: " + "[" * 200_000, "rules.yaml:1:40: nested deeper than 32 levels"),
        ("{" * 200_000, "rules.yaml:1:34: nested deeper than 32 levels"),
        ("rules: []\n---\nrules: []", "rules.yaml:3:1: one text holds one document; remove what follows ---"),
        ("#" * (MAX_BYTES + 1), "rules.yaml:1:1: larger than 1024 KiB; split it into several documents"),
        ("ruls: []", "rules.yaml:1:1: unknown key 'ruls', did you mean 'rules'?"),
        (
            "rules:\n" + a_rule("{path: '$.actor'}"),
            "rules.yaml:2:45: `path` takes a mapping from JSONPaths to what must stand there",
        ),
        (
            "rules:\n" + a_rule("{template: 'https://x.example.org'}"),
            "rules.yaml:2:49: unknown template 'https://x.example.org': there is no profile beside the rules",
        ),
        (
            "rules:\n" + a_rule("{}"),
            "rules.yaml:2:38: an empty condition would fit everything; name at least one field",
        ),
        (
            "rules:\n" + a_rule("{activity.name: {gte: 5}}"),
            (
                "rules.yaml:2:60: activity.name is a name, compared without regard to case; 'gte' does not suit it (use"
                " is, in, not_in, glob, prefix, contains, present)"
            ),
        ),
        (
            "rules:\n" + a_rule("{activity.name: 5}"),
            (
                "rules.yaml:2:54: activity.name: expected a name, compared without regard to case, not the number 5;"
                " put it in quotes"
            ),
        ),
        (
            "rules:\n" + a_rule("{activity.name: {contains: ''}}"),
            "rules.yaml:2:65: activity.name: an empty text would fit everything; use present: true",
        ),
        (
            "rules:\n" + a_rule("{score.percent: {between: [90, 70]}}"),
            "rules.yaml:2:64: 'between' takes the lower value first; as it is, nothing can fit",
        ),
        (
            "follow_ups:\n- {id: x, kind: apply, due: 1d, title: 'For {goal!r}'}",
            "rules.yaml:2:40: unknown placeholder {goal!r} (known: {activity}, {goal}, {learner})",
        ),
        (_GOOD + a_rule("{verb: passed}"), "rules.yaml:3:8: the rule 'a-rule' is already in rules.yaml:2"),
        ("rules:\n" + a_rule("{verb: passed}", "follow_up: x"), "rules.yaml:2:103: unknown follow-up 'x'"),
        (
            "rules:\n" + a_rule("{verb: passed}", "exclude: no, evidence: {competency: x}"),
            "rules.yaml:2:3: a rule has either evidence or exclude",
        ),
        (
            "rules:\n- {id: a, status: active, evidence: {competency: x}}",
            "rules.yaml:2:3: the key 'when' is missing",
        ),
    ],
)
def test_a_document_is_refused_with_the_place_and_the_reason(text: str, problem: str) -> None:
    assert problem in _problems(text)


def test_a_few_aliases_cannot_become_gigabytes() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]

    assert any("aliases" in problem for problem in _problems("\n".join(lines)))


def test_an_alias_within_the_limits_is_followed() -> None:
    assert _plain("a: &x [1, {b: 2}]\nc: *x") == {"a": [1, {"b": 2}], "c": [1, {"b": 2}]}


@given(st.text())
def test_any_text_is_a_ruleset_or_a_document_error(text: str) -> None:
    try:
        load_texts({"rules.yaml": text})
    except DocumentError as error:
        assert error.problems  # noqa: PT017 -- both ends are allowed here


@given(shapes())
def test_any_shape_is_a_ruleset_or_a_document_error(shape: dict[str, object]) -> None:
    try:
        load_texts({"rules.yaml": json.dumps(shape)})
    except DocumentError as error:
        assert error.problems  # noqa: PT017 -- both ends are allowed here


def test_an_empty_document_says_nothing() -> None:
    ruleset = load_texts({"rules.yaml": "", "more.yaml": "# only a comment"})

    assert (ruleset.rules, ruleset.definitions) == ((), ())


def test_files_and_folders_are_loaded_with_the_packs_that_they_include(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(_GOOD)
    (tmp_path / "a.yml").write_text("include: [generic-adl]")
    (tmp_path / "notes.txt").write_text("not: [read")

    ruleset = load([tmp_path])

    assert list(ruleset.documents) == [
        (tmp_path / "a.yml").as_posix(),
        (tmp_path / "b.yaml").as_posix(),
        "packs/generic-adl.yaml",
    ]
    assert [rule.id for rule in ruleset.rules] == ["a-rule"]
    assert sources_of([tmp_path]) == ruleset.documents


@pytest.mark.parametrize("named", ["packs/own.yaml", "packs"])
def test_what_is_named_counts_also_in_a_folder_called_as_that_of_packs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "own.yaml").write_text(_GOOD)
    monkeypatch.chdir(tmp_path)

    (rule,) = load([Path(named)]).rules

    assert (rule.place.path, rule.place.in_pack) == ("./packs/own.yaml", False)


def test_a_file_that_cannot_be_read_is_a_problem_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"a: \xff")

    with pytest.raises(DocumentError, match="not UTF-8") as refused:
        load([tmp_path / "latin.yaml", tmp_path / "missing.yaml"])

    assert len(refused.value.problems) == 2


def test_kept_packs_are_used_instead_of_the_shipped_ones() -> None:
    kept = "completions: [{id: mine, when: {verb: passed}, outcome: passed}]"

    ruleset = load_texts({"rules.yaml": "include: generic-adl", "packs/generic-adl.yaml": kept})

    assert [definition.id for definition in ruleset.definitions] == ["mine"]
    assert load_texts(ruleset.documents).digest == ruleset.digest


def test_the_digest_follows_the_content_and_not_the_name() -> None:
    assert load_texts({"a.yaml": _GOOD}).digest == load_texts({"b.yaml": _GOOD}).digest
    assert load_texts({"a.yaml": _GOOD}).digest != load_texts({"a.yaml": _GOOD + "# more"}).digest


def test_five_packs_are_shipped_and_each_loads_alone() -> None:
    assert available_packs() == ("cmi5", "generic-adl", "moodle-logstore", "open-edx", "scorm")
    for pack in available_packs():
        assert load_texts({"rules.yaml": f"include: {pack}"}).definitions


def test_follow_ups_and_waste_are_read_with_their_spans() -> None:
    ruleset = load_texts(
        {
            "rules.yaml": """
follow_ups: [{id: share, kind: share, title: "Share {activity}", due: 2w, remind: [3d, 1d], escalate: 7d}]
waste: {stagnation: {tenure: 1y, quiet: 3mo}, abandoned_after: 30d, mastery: 90, certificate_ahead: 30d}
"""
        }
    )
    share, waste = ruleset.follow_ups["share"], ruleset.waste

    assert (share.due.days, [span.days for span in share.remind], share.confirm) == (14, [3, 1], "none")
    assert (waste.stagnation_tenure.days, waste.stagnation_quiet.days, waste.mastery) == (365, 90, 90.0)
    assert [span.days for span in waste.certificate_ahead] == [30]
