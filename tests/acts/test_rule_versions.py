"""Publishing needs a note, overwrites nothing unseen, and what is in force can be carried about as files."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from lrs_bridge.acts import rule_files, rules
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.acts.errors import ActRefused, NotFound
from lrs_bridge.acts.rule_files import MARK, DriftState
from lrs_bridge.acts.rules_overtaken import RulesOvertaken, WouldUndo
from lrs_bridge.store import rulesets
from lrs_bridge.store.engine import read
from lrs_bridge.store.rulesets import RulesetVersion
from lrs_bridge_rules.documents.loader import load, load_texts, sources_of
from support.builders import NOON
from support.installation import PUBLISHABLE

NOW = NOON + timedelta(days=2)


def stricter(mastery: int) -> str:
    return PUBLISHABLE.replace("mastery: 85", f"mastery: {mastery}")


def renamed() -> str:
    return PUBLISHABLE.replace("id: excel-courses", "id: calc-courses")


def active(engine: Engine) -> RulesetVersion:
    with read(engine) as connection:
        found = rulesets.active(connection)
    assert found is not None
    return found


def a_version(documents: Mapping[str, str], number: int = 7) -> RulesetVersion:
    ruleset = load_texts(documents)
    return RulesetVersion(number, "ida", "why", ruleset.digest, ruleset.documents, NOW)


@pytest.mark.parametrize("note", ["", "  \n"])
def test_neither_publishing_nor_going_back_is_possible_without_a_note(lived_in: Engine, note: str) -> None:
    with pytest.raises(ActRefused, match="needs a note on why the rules change"):
        rules.publish(lived_in, {"o.yaml": stricter(90)}, note, OPERATOR, NOW)
    with pytest.raises(ActRefused, match="needs a note on why the rules change"):
        rules.roll_back(lived_in, 1, note, OPERATOR, NOW)

    assert active(lived_in).number == 1


def test_each_coming_into_force_is_kept_with_its_note(lived_in: Engine) -> None:
    rules.publish(lived_in, {"o.yaml": stricter(90)}, "stricter", OPERATOR, NOW)
    rules.roll_back(lived_in, 1, "too strict", OPERATOR, NOW)

    with read(lived_in) as connection:
        kept = rulesets.activations(connection)
        since = rulesets.activations(connection, since=2)
    assert [(each.number, each.note) for each in kept] == [(1, "too strict"), (2, "stricter"), (1, "the first")]
    assert since == kept[:1]


def test_whoever_drew_up_from_an_earlier_version_is_told_by_whom_and_what_was_done_since(lived_in: Engine) -> None:
    rules.publish(lived_in, {"o.yaml": stricter(90)}, "stricter", OPERATOR, NOW, drawn_from=1)
    rules.publish(lived_in, {"o.yaml": stricter(95)}, "stricter still", OPERATOR, NOW, drawn_from=2)
    with pytest.raises(RulesOvertaken) as refused:
        rules.publish(lived_in, {"o.yaml": stricter(80)}, "milder", OPERATOR, NOW, drawn_from=1)

    assert [(each.number, each.note) for each in refused.value.meanwhile] == [(3, "stricter still"), (2, "stricter")]
    assert "setting waste changed\n    waste.mastery: 85 → 95" in str(refused.value)
    assert "--drawn-from 3" in refused.value.advice


def test_going_back_meanwhile_counts_as_well(lived_in: Engine) -> None:
    rules.publish(lived_in, {"o.yaml": stricter(90)}, "stricter", OPERATOR, NOW, drawn_from=1)
    rules.roll_back(lived_in, 1, "too strict", OPERATOR, NOW, drawn_from=2)
    with pytest.raises(RulesOvertaken, match="put version 1 in force: too strict"):
        rules.publish(lived_in, {"o.yaml": stricter(95)}, "stricter", OPERATOR, NOW, drawn_from=2)
    with pytest.raises(RulesOvertaken):
        rules.roll_back(lived_in, 2, "again", OPERATOR, NOW, drawn_from=2)


def test_a_version_that_never_was_is_no_beginning(lived_in: Engine) -> None:
    with pytest.raises(NotFound, match="no version 12"):
        rules.publish(lived_in, {"o.yaml": stricter(90)}, "stricter", OPERATOR, NOW, drawn_from=12)


def test_what_is_in_force_and_not_in_the_documents_is_not_undone_unseen(lived_in: Engine) -> None:
    with pytest.raises(WouldUndo, match="version 1 and not in these files: rule excel-courses") as refused:
        rules.publish(lived_in, {"o.yaml": renamed()}, "renamed", OPERATOR, NOW)

    assert "--drawn-from 1" in refused.value.advice
    assert rules.publish(lived_in, {"o.yaml": renamed()}, "renamed", OPERATOR, NOW, drawn_from=1).number == 2


def test_publishing_a_folder_marks_what_it_comes_from_and_the_mark_counts(lived_in: Engine, tmp_path: Path) -> None:
    folder, other = tmp_path / "rules", tmp_path / "another"
    rule_files.export(active(lived_in), other)
    (folder / "organisation.yaml").write_text(renamed(), "utf-8")
    done = rules.publish_files(lived_in, [folder], "renamed", OPERATOR, NOW)
    (other / "organisation.yaml").write_text(stricter(90), "utf-8")

    assert rule_files.origin_of([folder]) == rule_files.Origin(2, done.digest)
    with pytest.raises(RulesOvertaken, match="drawn up from 1"):
        rules.publish_files(lived_in, [other / "organisation.yaml"], "stricter", OPERATOR, NOW)
    assert rules.publish_files(lived_in, [other], "stricter", OPERATOR, NOW, drawn_from=2).number == 3
    assert rule_files.unmarked([other], 3) == ()


@pytest.mark.parametrize("text", ["", "version: x\n", f"version: 1\ndigest: {'0' * 64}\n", "\udcff"])
def test_a_mark_that_speaks_of_no_version_of_this_installation_is_passed_over(
    lived_in: Engine, tmp_path: Path, text: str
) -> None:
    (tmp_path / "rules" / MARK).write_bytes(text.encode("utf-8", "surrogateescape"))
    (tmp_path / "rules/organisation.yaml").write_text(renamed(), "utf-8")

    with pytest.raises(WouldUndo):
        rules.publish_files(lived_in, [tmp_path / "rules"], "renamed", OPERATOR, NOW)


def test_an_export_overwrites_nothing_unless_it_is_told_to(tmp_path: Path) -> None:
    version = a_version({"/etc/rules/o.yaml": PUBLISHABLE})
    written = rule_files.export(version, tmp_path / "new")

    assert [file.name for file in written] == ["o.yaml", MARK]
    with pytest.raises(ActRefused, match="There already"):
        rule_files.export(version, tmp_path / "new")
    assert rule_files.export(version, tmp_path / "new", force=True) == written


def test_an_export_never_goes_where_other_documents_would_count_too(tmp_path: Path) -> None:
    (tmp_path / "another.yml").touch()

    with pytest.raises(ActRefused, match=r"other documents, which would count too: .*another.yml"):
        rule_files.export(a_version({"o.yaml": PUBLISHABLE}), tmp_path, force=True)


def test_packs_are_written_where_they_are_no_longer_as_shipped(tmp_path: Path) -> None:
    version = a_version({"o.yaml": "include: [scorm, cmi5]"})
    older = replace(version, documents={**version.documents, "packs/cmi5.yaml": "completions: []\n"})
    rule_files.export(older, tmp_path)

    assert [file.name for file in (tmp_path / "packs").iterdir()] == ["cmi5.yaml"]
    assert load([tmp_path]).digest == load_texts(older.documents).digest


_FOLDERS = st.sampled_from(["", "a/", "b/", "a-b/", "a/c/", "/abs/"])
_NAMES = st.sampled_from(["x.yaml", "y.yaml", "z.yml", "plain", "10.yaml"])
_TEXTS = st.sampled_from(
    ["rules: []\n", "# äöü\r\nwaste: {}\r\n", "include: scorm\n", "include: [cmi5]\n", "lists: {}"]
)
_DOCUMENTS = st.dictionaries(st.builds(str.__add__, _FOLDERS, _NAMES), _TEXTS, min_size=1, max_size=5).filter(
    lambda documents: sum("waste" in text for text in documents.values()) < 2
)


@given(documents=_DOCUMENTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_what_is_exported_is_read_as_the_same_rules(
    documents: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    version = a_version(documents)
    folder = tmp_path_factory.mktemp("export")
    rule_files.export(version, folder)

    assert load([folder]).digest == version.digest
    assert rule_files.drift(folder, version).state is DriftState.SAME


def test_files_that_only_look_different_have_not_drifted(tmp_path: Path) -> None:
    version = a_version({"o.yaml": PUBLISHABLE})
    rule_files.export(version, tmp_path)
    (tmp_path / "o.yaml").write_text("# a remark\n" + PUBLISHABLE, "utf-8")

    assert rule_files.drift(tmp_path, version).state is DriftState.SAME


@pytest.mark.parametrize(
    ("text", "state", "said"),
    [
        (stricter(90), DriftState.DIFFERENT, ""),
        ("include: cmi6", DriftState.UNREADABLE, "o.yaml:1:10: unknown pack 'cmi6'"),
        ("rules: [", DriftState.UNREADABLE, "o.yaml:1:"),
        ("\udcff", DriftState.UNREADABLE, "it is not UTF-8 text"),
        (None, DriftState.MISSING, ""),
    ],
)
def test_drift_says_how_files_stand_towards_a_version(
    tmp_path: Path, text: str | None, state: DriftState, said: str
) -> None:
    version, folder = a_version({"o.yaml": PUBLISHABLE}), tmp_path / "rules"
    if text is not None:
        folder.mkdir()
        (folder / "o.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    found = rule_files.drift(folder, version)

    assert (found.state, said in found.problem) == (state, True)


def test_files_of_lists_are_carried_about_with_the_document_that_names_them(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "lists").mkdir(parents=True)
    (source / "o.yaml").write_text("lists: {sheets: {file: lists/sheets.csv, column: id}}\n", "utf-8")
    (source / "lists/sheets.csv").write_text("id\nhttps://lms.example.org/1\n", "utf-8")
    version = a_version(sources_of([source]))
    rule_files.export(version, tmp_path / "copy")

    assert (tmp_path / "copy/lists/sheets.csv").read_text("utf-8") == "id\nhttps://lms.example.org/1\n"
    assert load([tmp_path / "copy"]).digest == version.digest
    assert rule_files.drift(tmp_path / "copy", version).state is DriftState.SAME
