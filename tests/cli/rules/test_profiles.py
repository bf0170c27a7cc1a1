"""Profiles and reactions at the command line: imported beside the rules, listed, matched, drafted."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.profiles import HARBOUR, REACTION, SHIP, TEMPLATE, VERB, a_concept, a_profile, a_template, as_text
from support.xapi import a_body

_DOCUMENT = a_profile(
    a_template(verb=VERB, objectActivityType=SHIP, rules=[{"location": "$.result", "presence": "included"}]),
    a_template(f"{HARBOUR}/broken", verb="no IRI"),
    concepts=(a_concept(VERB), a_concept(SHIP, "ActivityType")),
)
_STATEMENT = {**a_body(VERB), "object": {"id": "urn:x:anna", "definition": {"type": SHIP}}}


@pytest.fixture
def profile(installation: Any) -> Path:
    file = Path(installation.folder / "harbour.jsonld")
    file.write_text(as_text(_DOCUMENT), "utf-8")
    return file


@pytest.fixture
def rules(installation: Any, profile: Path) -> Path:
    """A folder of rules with the profile beside them."""
    folder = Path(installation.folder / "own-rules")
    assert installation("rules", "import-profile", str(profile), "--into", str(folder)).code == 0
    return folder


def test_a_profile_is_copied_beside_the_rules_and_what_it_brings_is_told(installation: Any, profile: Path) -> None:
    answer = installation("rules", "import-profile", str(profile), "--into", str(installation.folder / "own-rules"))

    assert answer.code == 0
    assert "own-rules/harbour.jsonld: Harbour: 1 verb, 1 activity type, 1 template" in answer.out
    assert f"{HARBOUR}/broken cannot be used: verb is an IRI" in answer.out
    assert (installation.folder / "own-rules/harbour.jsonld").read_text("utf-8") == as_text(_DOCUMENT)


def test_without_a_folder_it_goes_where_the_configured_rules_are(installation: Any, profile: Path) -> None:
    answer = installation("rules", "import-profile", str(profile), "--json")

    [found] = answer.json["profiles"]
    assert Path(found["path"]).is_file()
    assert installation("rules", "check").code == 0


def test_what_is_no_profile_is_refused_and_nothing_is_written(installation: Any, profile: Path) -> None:
    other = installation.folder / "other.json"
    other.write_text("{}", "utf-8")
    into = installation.folder / "own-rules"

    answer = installation("rules", "import-profile", str(profile), str(other), "--into", str(into))

    assert (answer.code, into.exists()) == (1, False)
    assert "other.json:1:1: not an xAPI Profile" in answer.err


def test_another_profile_of_the_same_name_is_overwritten_only_on_demand(
    installation: Any, profile: Path, rules: Path
) -> None:
    profile.write_text(as_text(a_profile()), "utf-8")
    again = ("rules", "import-profile", str(profile), "--into", str(rules))

    assert (installation(*again).code, installation(*again, "--force").code) == (2, 0)
    assert installation(*again).code == 0


def test_templates_are_listed_by_the_names_that_rules_use(installation: Any, rules: Path) -> None:
    answer = installation("rules", "templates", str(rules))

    assert [line.split() for line in answer.out.splitlines()] == [
        ["name", "in", "rules", "verb", "object", "rules"],
        ["harbour/mooring", "moored", "ship", "1"],
    ]
    assert f"{HARBOUR}/broken cannot be used" in answer.err


def test_where_there_is_no_template_it_says_how_to_get_one(installation: Any) -> None:
    assert "import-profile" in installation("rules", "templates").out


@pytest.mark.parametrize(
    ("more", "named", "code", "shown"),
    [
        ({"result": {"success": True}}, ("harbour/mooring",), 0, "success"),
        ({"result": {"success": True}}, (), 0, "success"),
        ({}, (TEMPLATE,), 1, "invalid  $.result must be there, found nothing"),
        ({"verb": {"id": "urn:x:y"}}, (TEMPLATE,), 1, "unmatched  $.verb.id (verb) must be"),
        ({"verb": {"id": "urn:x:y"}}, (), 1, "no template is about this statement"),
    ],
)
def test_a_statement_is_matched(
    installation: Any, rules: Path, more: dict[str, Any], named: tuple[str, ...], code: int, shown: str
) -> None:
    file = installation.folder / "statement.json"
    file.write_text(json.dumps({**_STATEMENT, **more}), "utf-8")

    answer = installation("rules", "match-template", *named, "--file", str(file), "--rules", str(rules))

    assert (answer.code, shown in answer.out) == (code, True)


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("no JSON", 2, "is not JSON"),
        ("[" * 5000, 2, "is not JSON"),
        ("[]", 2, "holds 0 statements"),
        ("{}", 2, "Statement 1 of the file cannot be read: actor is missing"),
    ],
)
def test_a_file_without_a_statement_is_told(installation: Any, rules: Path, text: str, code: int, told: str) -> None:
    file = installation.folder / "statement.json"
    file.write_text(text, "utf-8")

    answer = installation("rules", "match-template", "--file", str(file), "--rules", str(rules))

    assert (answer.code, told in answer.err) == (code, True)


def test_a_template_that_is_not_there_is_told_with_the_nearest(installation: Any, rules: Path) -> None:
    file = installation.folder / "statement.json"
    file.write_text(json.dumps(_STATEMENT), "utf-8")

    answer = installation("rules", "match-template", "harbour/moring", "--file", str(file), "--rules", str(rules))

    assert (answer.code, "did you mean 'harbour/mooring'?" in answer.err) == (2, True)


def test_reactions_become_drafts_in_a_document_that_passes_its_check(installation: Any) -> None:
    file, into = installation.folder / "reactions.json", installation.folder / "drafts.yaml"
    file.write_text(json.dumps(REACTION), "utf-8")
    into.write_text("# ours\nrules: []\n", "utf-8")

    answer = installation("rules", "import-reactions", str(file), "--into", str(into))

    assert (answer.code, "1 draft rule added" in answer.out, "(`ref`)" in answer.out) == (0, True, True)
    assert "# ours" in into.read_text("utf-8")
    assert installation("rules", "check", str(into)).code == 0


def test_without_a_document_the_drafts_are_shown_and_the_rest_goes_to_standard_error(installation: Any) -> None:
    file = installation.folder / "reactions.json"
    file.write_text(json.dumps(REACTION), "utf-8")

    answer = installation("rules", "import-reactions", str(file))

    assert answer.out.startswith("rules:\n")
    assert "(`ref`)" in answer.err
