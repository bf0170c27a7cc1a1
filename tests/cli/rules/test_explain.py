"""`rules explain` has an answer for whatever somebody asks about: what is, why, and what to do."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from lrs_bridge.acts import privacy
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import pull, reconcile
from lrs_bridge.settings import load_settings
from support.builders import EXCEL, NOON, PAINTING, UNKNOWN
from support.installation import LMS, STATEMENTS, a_statement

EXCELLED, PAINTED, NEW, OF_NOBODY = (each["id"] for each in STATEMENTS)
PERSONAL = ("Alice", "Mona", "alice@", "mona@", f"{LMS}|", "Build reports")


def deliver(installation: Any, *statements: dict[str, Any]) -> None:
    """More statements arrive, and are worked out."""
    lines = [json.dumps(each) for each in (*STATEMENTS, *statements)]
    (installation.folder / "statements.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    with Bridge.open(load_settings(installation.config, {}), clock=lambda: installation.now) as bridge:
        pull(bridge, bridge.source("lms"), installation.now)
        reconcile(bridge, installation.now)


def case_of(installation: Any, *arguments: str) -> tuple[str, int]:
    answer = installation("rules", "explain", *arguments, "--json")
    return answer.json["case"], answer.code


def test_a_statement_is_explained_from_definition_to_goal(installation: Any) -> None:
    answer = installation("rules", "explain", EXCELLED)

    assert answer.code == 0
    for said in (
        "✓ passed, by the definition passed (organisation.yaml:",
        "✗ started: missed: verb is initialized (found passed)",
        "✓ excel-courses (organisation.yaml:",
        "✓ activity.name contains excel (found Excel basics)",
        "spreadsheets, by rule excel-courses, the catalogue",
        "✓ al-sheets (contract al-2026): taken by rule excel-courses, the contract",
        "It is evidence for 1 goal. Sweet spot.",
        "finding support-missing (open)",
    ):
        assert said in answer.out


def test_a_completion_is_explained_by_its_id(installation: Any) -> None:
    [found] = installation("rules", "explain", PAINTED, "--json").json["completions"]
    answer = installation("rules", "explain", found["completion_id"], "--json").json

    assert (answer["case"], answer["learner_id"], answer["completions"]) == ("completion", "ben", [found])
    assert found["why"].endswith("no goal asked for it: the learner has no contract.")
    assert {each["reason"] for each in found["findings"]} == {"no-contract", "unaligned"}


def test_the_beginning_of_an_id_is_enough_where_it_is_the_only_one(installation: Any) -> None:
    assert case_of(installation, EXCELLED[:8].upper()) == ("statement", 0)
    assert case_of(installation, EXCELLED[:5]) == ("unknown", 1)


def test_where_several_ids_begin_so_they_are_named(installation: Any) -> None:
    twins = [
        {**a_statement(17, "passed", EXCEL, NOON), "id": f"abcdef00-0000-4000-8000-00000000000{n}"} for n in (1, 2)
    ]
    deliver(installation, *twins)
    answer = installation("rules", "explain", "abcdef")

    assert answer.code == 1
    assert all(twin["id"] in answer.out.replace("\n  ", "") for twin in twins)


def test_nothing_personal_is_shown_beyond_ids(installation: Any) -> None:
    for wanted in (EXCELLED, PAINTED, NEW, OF_NOBODY):
        for form in ((), ("--json",)):
            out = installation("rules", "explain", wanted, "--all", *form).out
            assert [each for each in PERSONAL if each in out] == []


def test_a_statement_of_an_unknown_actor_says_how_to_link_it(installation: Any) -> None:
    answer = installation("rules", "explain", OF_NOBODY)

    assert answer.code == 0
    assert "Its actor is linked to no learner, so it counts for nobody." in answer.out
    assert "✓ excel-courses" in answer.out
    assert "What followed" not in answer.out


def test_a_voided_statement_and_its_voider_say_so(installation: Any) -> None:
    voider = a_statement(17, "voided", EXCELLED, NOON)
    voider["object"] = {"objectType": "StatementRef", "id": EXCELLED}
    deliver(installation, voider)

    voided = installation("rules", "explain", EXCELLED)
    assert f"It was voided by the statement {voider['id']}" in voided.out.replace("\n  ", " ")
    assert case_of(installation, EXCELLED) == ("voided", 0)
    assert case_of(installation, voider["id"]) == ("voiding", 0)


def test_a_groups_statement_asks_whose_is_meant(installation: Any) -> None:
    group = a_statement(17, "passed", EXCEL, NOON)
    group["id"] = "99999999-0000-4000-8000-000000000001"
    members = [{"account": {"homePage": LMS, "name": name}} for name in ("17", "18")]
    group["actor"] = {"objectType": "Group", "member": members}
    deliver(installation, group)
    answer = installation("rules", "explain", group["id"])

    assert answer.code == 1
    assert "belongs to 2 learners: al, ben." in answer.out
    assert installation("rules", "explain", group["id"], "--learner", "ben", "--json").json["learner_id"] == "ben"
    other = installation("rules", "explain", group["id"], "--learner", "mo")
    assert (other.code, "is not of the learner mo, but of al, ben." in other.out) == (1, True)


def test_a_record_in_quarantine_says_why_and_what_to_do(installation: Any) -> None:
    answer = installation("rules", "explain", "f0000000-0000-4000-8000-00000000000f")

    assert answer.code == 1
    assert "verb is missing." in answer.out.replace("\n  ", " ")
    assert "quarantine replay" in answer.out.replace("\n  ", " ")


def test_an_unknown_id_says_why_it_may_not_be_kept(installation: Any) -> None:
    answer = installation("rules", "explain", "00000000-0000-4000-8000-000000000000")

    assert answer.code == 1
    assert "noise, which is only counted" in answer.out.replace("\n  ", " ")
    assert "lrs-bridge rules explain --file FILE" in answer.out.replace("\n  ", " ")


def test_what_is_kept_of_an_erased_person_is_explained_and_said_to_be_so(installation: Any) -> None:
    with Bridge.open(load_settings(installation.config, {}), clock=lambda: installation.now) as bridge:
        privacy.erase(bridge, OPERATOR, "al", "asked for it", installation.now)
        reconcile(bridge, installation.now)
    with closing(sqlite3.connect(installation.folder / "lrs_bridge.db")) as database:
        [(own_id,)] = database.execute(
            "select id from completion where learner_id like 'erased-%' and activity_id = ?", (EXCEL,)
        )
    answer = installation("rules", "explain", own_id)

    assert "of somebody who was erased" in answer.out
    assert installation("rules", "explain", EXCELLED).code == 1


def test_against_a_draft_other_rules_decide(installation: Any, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    text = (installation.folder / "rules/organisation.yaml").read_text("utf-8")
    draft.write_text(text.replace("contains: excel", "contains: paint"), "utf-8")

    for arguments in ((PAINTED, str(draft)), (PAINTED, "--rules", str(draft))):
        [found] = installation("rules", "explain", *arguments, "--json").json["completions"]
        assert [each["rule"] for each in found["rules"] if each["matched"]] == ["excel-courses"]


def test_a_completion_that_the_draft_does_not_make_says_so(installation: Any, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text("rules: []", "utf-8")
    [found] = installation("rules", "explain", PAINTED, "--json").json["completions"]
    answer = installation("rules", "explain", found["completion_id"], str(draft), "--json")

    assert (answer.json["case"], answer.code) == ("gone", 1)
    assert "their definitions do not want its statements" in answer.json["notes"][0]


def test_a_statement_that_the_draft_does_not_want_says_so(installation: Any, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text("completions: [{id: failed, when: {verb: failed}, outcome: failed}]\n", "utf-8")
    answer = installation("rules", "explain", PAINTED, str(draft))

    assert answer.code == 0
    assert "no definition of these rules wants it" in answer.out.replace("\n  ", " ")
    assert "✗ no completion definition fits: it is noise" in answer.out


@pytest.fixture
def statement_file(tmp_path: Path) -> Path:
    file = tmp_path / "statement.json"
    fresh = {
        key: each for key, each in a_statement(99, "passed", PAINTING, NOON).items() if key not in ("id", "stored")
    }
    noise = a_statement(99, "liked", PAINTING, NOON)
    file.write_text(json.dumps([fresh, noise]), "utf-8")
    return file


def test_statements_in_a_file_need_no_database_when_rules_are_named(bridge_in: Any, statement_file: Path) -> None:
    fresh = bridge_in()
    answer = fresh("rules", "explain", "--file", str(statement_file), str(fresh.folder / "rules"))

    assert (answer.code, answer.err) == (0, "")
    assert "statement 1: passed" in answer.out
    assert "✗ no completion definition fits: it is noise" in answer.out
    assert "--learner ID names one" in answer.out.replace("\n  ", " ")
    assert not (fresh.folder / "lrs_bridge.db").exists()


def test_a_learner_gives_statements_in_a_file_their_contract(installation: Any, statement_file: Path) -> None:
    statement_file.write_text(json.dumps(a_statement(99, "passed", EXCEL, NOON)), "utf-8")
    [found] = installation("rules", "explain", "--file", str(statement_file), "--learner", "al", "--json").json[
        "completions"
    ]

    assert [(goal["goal_id"], goal["taken"]) for goal in found["goals"]] == [("al-sheets", True)]
    unknown = installation("rules", "explain", "--file", str(statement_file), "--learner", "nobody")
    assert (unknown.code, "There is no learner 'nobody'." in unknown.err) == (2, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON (line 1, column 2)."),
        ("[]", "holds 0 statements."),
        ('{"statements": []}', "holds 0 statements."),
        ("[1]", "Statement 1 of the file cannot be read:"),
        ('[{"actor": {"mbox": "mailto:alice@example.org"}}]', "Statement 1 of the file cannot be read:"),
    ],
)
def test_a_file_that_holds_no_statement_is_refused(installation: Any, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "broken.json"
    file.write_text(text, "utf-8")
    answer = installation("rules", "explain", "--file", str(file))

    assert answer.code == 2
    assert said in answer.err
    assert "alice" not in answer.err


def test_without_anything_to_explain_it_says_what_is_missing(installation: Any) -> None:
    answer = installation("rules", "explain")

    assert (answer.code, answer.err.startswith("What is to be explained?")) == (2, True)
    assert installation("rules", "explain", EXCELLED, "nowhere.yaml").code == 2


IDS = ", ".join(f"'https://lms.example.org/{number}'" for number in range(1000, 1500))
#: Thirty rules with ids of 77 characters, 500 values and a group each: none of them fits.
MANY = "\n".join(
    f"  - {{id: rule-{n:02}{'x' * 70}, status: draft, evidence: {{competency: c}}, when: {{activity.id: [{IDS}], "
    f"any: [{{verb: failed}}, {{activity.name: {{contains: 'nothing of the kind {n}'}}}}]}}}}"
    for n in range(30)
)


@pytest.mark.parametrize("columns", [80, 60])
def test_it_reads_well_in_narrow_columns(installation: Any, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    rules = installation.folder / "rules/organisation.yaml"
    rules.write_text(rules.read_text("utf-8").replace("rules:\n", f"rules:\n{MANY}\n", 1), "utf-8")
    long = a_statement(17, "passed", f"https://lms.example.org/{'a' * 300}", NOON)
    long["object"]["definition"]["name"] = {"en": "漢" * 120}
    file = installation.folder / "long.json"
    file.write_text(json.dumps(long), "utf-8")
    answer = installation("rules", "explain", "--file", str(file), "--learner", "al", str(rules.parent), "--all")

    assert answer.code == 0
    assert max(cell_len(line) for line in answer.out.splitlines()) <= columns
    assert "\x1b" not in answer.out


def test_only_matches_and_the_nearest_misses_are_shown_unless_all_are_asked_for(installation: Any) -> None:
    rules = installation.folder / "rules/organisation.yaml"
    rules.write_text(rules.read_text("utf-8").replace("rules:\n", f"rules:\n{MANY}\n", 1), "utf-8")

    def shown(*more: str) -> tuple[int, int]:
        [found] = installation("rules", "explain", EXCELLED, str(rules), "--json", *more).json["completions"]
        return len(found["rules"]), found["rules_total"]

    assert (shown(), shown("--all")) == ((6, 31), (31, 31))
    assert (
        "25 more rules miss by as much or more (--all shows them)"
        in installation("rules", "explain", EXCELLED, str(rules)).out
    )


def test_a_statement_about_something_new_says_that_nobody_knows_it(installation: Any) -> None:
    [found] = installation("rules", "explain", NEW, "--json").json["completions"]

    assert (found["standing"], found["activity_id"]) == ("unmatched", UNKNOWN)
    assert found["why"] == "No rule, no entry of the catalogue and no goal says what it is about."
