"""Versions of the rules at the command line: publish, list, show, diff, export, roll back, and how far planning is."""

from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from lrs_bridge.acts.rule_files import MARK
from lrs_bridge.settings import load_settings
from lrs_bridge.store.engine import make_engine, write
from lrs_bridge.store.rulesets import RulesetVersion, publish


def rewrite(installation: Any, old: str, new: str) -> None:
    file = installation.folder / "rules/organisation.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def stricter(installation: Any) -> Any:
    """An installation in whose files the threshold of mastery is higher than in force."""
    rewrite(installation, "mastery: 85", "mastery: 90")
    return installation


def test_publishing_needs_a_note(stricter: Any) -> None:
    answer = stricter("rules", "publish")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == 'A note is needed on why the rules change; it is kept with them. Add --note "why".\n'
    assert stricter("rules", "rollback", "1").code == 2


def test_publishing_says_what_changed_and_marks_the_folder(stricter: Any) -> None:
    answer = stricter("rules", "publish", "--note", "stricter")

    assert answer.out.splitlines() == [
        "Version 2 is in force (2 tests passed). Next: lrs-bridge reconcile",
        "  ~ setting waste changed",
        "      waste.mastery: 85 → 90",
        "1 setting changed.",
    ]
    assert "version: 2\n" in (stricter.folder / "rules" / MARK).read_text("utf-8")


def test_whoever_publishes_second_is_told_what_the_first_did(stricter: Any) -> None:
    copy = stricter.folder / "copy"
    stricter("rules", "export", "active", "--into", str(copy))
    stricter("rules", "publish", "--note", "stricter")
    (copy / "organisation.yaml").write_text((copy / "organisation.yaml").read_text("utf-8") + "# mine\n", "utf-8")
    answer = stricter("rules", "publish", str(copy), "--note", "mine")

    assert answer.code == 1
    assert "Version 2 of the rules came into force meanwhile; this one was drawn up from 1.\n" in answer.err
    assert "Z command-line put version 2 in force: stricter\n" in answer.err
    assert "  setting waste changed\n    waste.mastery: 85 → 90\n" in answer.err
    assert stricter("rules", "publish", str(copy), "--note", "mine", "--drawn-from", "2").code == 0


def test_what_is_in_force_is_not_undone_unseen(installation: Any) -> None:
    (installation.folder / "rules" / MARK).unlink(missing_ok=True)
    rewrite(installation, "id: excel-courses", "id: calc-courses")
    answer = installation("rules", "publish", "--note", "renamed")

    assert answer.code == 1
    assert "would undo what is in force since version 1 and not in these files: rule excel-courses." in answer.err


def test_a_version_is_shown_with_its_note_its_documents_and_what_it_changed(stricter: Any) -> None:
    stricter("rules", "publish", "--note", "stricter")
    shown = stricter("rules", "show", "2")

    assert shown.out.startswith("Version 2 (in force)\n")
    assert "note       stricter\n" in shown.out
    assert "organisation.yaml" in shown.out
    assert "waste.mastery: 85 → 90\n" in shown.out
    assert stricter("rules", "show", "active", "--json").json["changed"]["same_meaning"] is False


def test_one_document_of_a_version_is_printed_as_it_was_published(installation: Any) -> None:
    text = (installation.folder / "rules/organisation.yaml").read_text("utf-8")

    assert installation("rules", "show", "1", "--document", "organisation.yaml").out == text
    missing = installation("rules", "show", "1", "--document", "other.yaml")
    assert (missing.code, "No document is called 'other.yaml' in version 1." in missing.err) == (2, True)


@pytest.mark.parametrize("name", ["7", "0", "latest", "99999999999"])
def test_a_version_that_is_not_there_is_told_of_with_what_to_do(installation: Any, name: str) -> None:
    answer = installation("rules", "show", name)

    assert answer.code == 2
    assert "rules list" in answer.err or "Give its number, or `active`." in answer.err


@pytest.mark.parametrize(
    ("arguments", "heading"),
    [
        ((), "version 1 (in force) → {rules}"),
        (("active",), "version 1 (in force) → {rules}"),
        (("{rules}",), "version 1 (in force) → {rules}"),
        (("1", "{rules}"), "version 1 (in force) → {rules}"),
    ],
)
def test_versions_and_files_are_compared(stricter: Any, arguments: tuple[str, ...], heading: str) -> None:
    rules = str(stricter.folder / "rules")
    answer = stricter("rules", "diff", *(each.format(rules=rules) for each in arguments))

    assert " ".join(answer.out.splitlines()[:-3]).replace(" ", "") == heading.format(rules=rules).replace(" ", "")
    assert answer.out.splitlines()[-3:] == [
        "  ~ setting waste changed",
        "      waste.mastery: 85 → 90",
        "1 setting changed.",
    ]


def test_one_version_alone_is_compared_with_the_one_in_force(stricter: Any) -> None:
    stricter("rules", "publish", "--note", "stricter")

    assert stricter("rules", "diff", "1").out.startswith("version 1 → version 2 (in force)\n")


def test_two_folders_are_compared_without_any_database(bridge_in: Any, tmp_path: Path) -> None:
    fresh = bridge_in()
    other = tmp_path / "other.yaml"
    other.write_text("rules: []\n", "utf-8")
    found = fresh("rules", "diff", str(fresh.folder / "rules"), str(other), "--json").json

    assert [each["how"] for each in found["changes"] if each["part"] == "rule"] == ["removed"]
    assert not (fresh.folder / "lrs_bridge.db").exists()


def test_what_is_neither_a_version_nor_there_is_refused(installation: Any) -> None:
    answer = installation("rules", "diff", "nowhere.yaml")

    assert (answer.code, answer.err.startswith("There is no file or folder 'nowhere.yaml'.")) == (2, True)


@pytest.mark.parametrize("columns", ["80", "40"])
def test_a_difference_keeps_to_the_width(stricter: Any, columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    rewrite(stricter, "contains: excel", f"contains: [excel, {'x' * 150}, {'漢' * 50}]")
    lines = stricter("rules", "diff").out.splitlines()

    assert max(cell_len(line) for line in lines) <= int(columns)


def test_an_export_can_be_published_again_and_is_the_same(stricter: Any) -> None:
    copy = stricter.folder / "copy"
    files = stricter("rules", "export", "1", "--into", str(copy), "--json").json["files"]

    assert sorted(Path(each).name for each in files) == [MARK, "organisation.yaml"]
    assert stricter("rules", "publish", str(copy), "--note", "again", "--json").json["new"] is False
    assert stricter("rules", "export", "1", "--into", str(copy)).code == 1


def test_going_back_says_what_it_changes_and_is_listed(stricter: Any) -> None:
    stricter("rules", "publish", "--note", "stricter")
    answer = stricter("rules", "rollback", "1", "--note", "too strict")
    listed = stricter("rules", "list")

    assert "Version 1 is in force. Next: lrs-bridge reconcile\n" in answer.out
    assert "waste.mastery: 90 → 85\n" in answer.out
    assert "too strict" in listed.out.partition("Rolled back")[2]
    assert stricter("rules", "rollback", "1", "--note", "again").out == "Version 1 is in force already.\n"
    assert stricter("rules", "rollback", "9", "--note", "x").code == 1


def test_status_says_how_far_planning_under_the_rules_in_force_is(stricter: Any) -> None:
    before = stricter("status", "--json").json["rules"]
    stricter("rules", "publish", "--note", "stricter")
    published = stricter("status", "--json").json["rules"]
    stricter("reconcile")
    after = stricter("status", "--json").json["rules"]

    assert [each["planned"] for each in (before, published, after)] == [3, 0, 3]
    assert (after["version"], after["by"], after["note"]) == (2, "command-line", "stricter")


@pytest.mark.parametrize(
    ("new", "state", "said"),
    [
        ("mastery: 85", "same", "as in force"),
        ("mastery: 85 ", "same", "as in force"),
        ("mastery: 90", "different", "differ: 1 setting changed. `rules diff` shows it"),
        ("mastery: high", "different", "differ: 1 setting changed."),
        ("mastery: [", "unreadable", "cannot be read: "),
    ],
)
def test_status_says_whether_the_files_are_what_is_in_force(installation: Any, new: str, state: str, said: str) -> None:
    rewrite(installation, "mastery: 85", new)
    files = installation("status", "--json").json["rules"]["files"]

    assert (files["state"], said in files["summary"]) == (state, True)


def test_doctor_names_what_differs_and_both_ways_out(stricter: Any) -> None:
    [found] = [each for each in stricter("doctor", "--json").json["checks"] if each["check"] == "rules"]

    assert found["level"] == "warn"
    assert "setting waste changed; waste.mastery: 85 → 90" in found["message"]
    assert "rules publish" in found["advice"]
    assert "rules export 1 --into" in found["advice"]


def test_doctor_says_that_this_version_cannot_read_what_is_in_force(installation: Any) -> None:
    engine = make_engine(load_settings(installation.config, {}).database.address())
    with write(engine) as connection:
        publish(connection, RulesetVersion(2, "ida", "", "x", {"old.yaml": "ruels: []\nwaist: {}\n"}, installation.now))
    engine.dispose()
    answer = installation("doctor", "--json")
    first = next(each for each in answer.json["checks"] if each["check"] == "rules")

    assert (answer.code, first["level"]) == (1, "fail")
    assert "cannot read version 2, which is in force: old.yaml:1:1: unknown key 'ruels'" in first["message"]
    assert "(and 1 more)" in first["message"]


_EXCEPTION = "    unless: {when: {activity.name: {contains: pilot}}, reason: the pilot of spring, until: 2020-05-31}\n"


def test_exceptions_that_are_over_are_told_until_somebody_looks_at_them(installation: Any) -> None:
    evidence = "    evidence: {competency: spreadsheets}\n"
    rewrite(installation, evidence, _EXCEPTION + evidence)
    assert installation("rules", "publish", "--note", "a pilot").code == 0

    rules = installation("status", "--json").json["rules"]
    told = [each for each in installation("doctor", "--json").json["checks"] if each["check"] == "rules"]

    line = "excel-courses: “the pilot of spring” ended on 2020-05-31"
    assert rules["ended_exceptions"] == [line]
    assert "exception that is over" in installation("status").out
    assert [each["message"] for each in told if each["level"] == "warn"] == [
        f"exceptions are over, and their rules apply again: {line}"
    ]


def test_hits_of_rules_in_the_shadow_are_counted_without_effect(installation: Any) -> None:
    before = installation("rules", "hits", "--json").json["rules"]
    rewrite(installation, "  - id: excel-courses\n", f"{_SHADOW}  - id: excel-courses\n")
    installation("rules", "publish", "--note", "try it")
    unplanned = installation("rules", "hits", "--json").json["rules"]
    standings = installation("status", "--json").json["standings"]
    installation("reconcile")
    counted = {each["rule"]: each for each in installation("rules", "hits", "--json").json["rules"]}

    excel = next(each["completions"] for each in before if each["rule"] == "excel-courses")
    assert excel > 0
    assert (unplanned[0]["rule"], unplanned[0]["completions"]) == ("in-the-shadow", 0)
    assert (counted["in-the-shadow"]["status"], counted["in-the-shadow"]["completions"]) == ("shadow", excel)
    assert counted["in-the-shadow"]["last_at"] is not None
    assert installation("status", "--json").json["standings"] == standings
    assert "in-the-shadow" in installation("rules", "hits").out


_SHADOW = """\
  - id: in-the-shadow
    status: shadow
    when: {activity.name: {contains: excel}}
    evidence: {competency: painting}
"""
