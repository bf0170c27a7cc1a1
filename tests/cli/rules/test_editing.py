"""`rules schema`, `rules set-status` and `rules except`: what they write, what they refuse, and how they say it."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lrs_bridge.acts import rule_documents
from lrs_bridge.cli.program import program
from lrs_bridge_rules.documents.changing.editing import set_status

_TEXT = """\
# Ours.
include: cmi5
rules:
  - id: one   # the first
    status: draft
    when: {verb: passed}
    evidence: {competency: x}
"""


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(program, [str(each) for each in arguments])


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + _TEXT.encode())
    path.chmod(0o640)
    return path


def test_a_status_is_set_in_the_file_and_in_nothing_else(document: Path) -> None:
    answer = _run("rules", "set-status", "one", "active", document)

    assert answer.output == (
        f"{document}:4: the rule 'one' is active now. Next: lrs-bridge rules test, then lrs-bridge rules publish\n"
    )
    assert document.read_bytes() == b"\xef\xbb\xbf" + _TEXT.replace("draft", "active").encode()
    assert stat.S_IMODE(document.stat().st_mode) == 0o640
    assert [*document.parent.iterdir()] == [document]


def test_a_status_that_a_rule_has_is_not_written(document: Path) -> None:
    before = document.stat().st_ino

    assert _run("rules", "set-status", "one", "draft", document.parent).output.endswith("is draft already.\n")
    assert document.stat().st_ino == before


def test_what_somebody_else_saves_meanwhile_is_never_overwritten(
    document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def saved_meanwhile(text: str, rule_id: str, status: str) -> str:
        document.write_text("# Theirs.\n", "utf-8")
        return set_status(text, rule_id, status)

    monkeypatch.setattr(rule_documents, "set_status", saved_meanwhile)
    answer = _run("rules", "set-status", "one", "active", document)

    assert answer.exit_code == 1
    assert "was changed by somebody else meanwhile" in str(answer.exception)
    assert document.read_text("utf-8") == "# Theirs.\n"


def test_an_exception_is_added_in_its_file_behind_a_link_too(document: Path) -> None:
    link = document.parent / "link.yml"
    link.symlink_to(document)
    case = ("--when", "activity.name: {contains: taster}", "--reason", "a taster", "--until", "2027-01-31")

    answer = _run("rules", "except", "one", *case, link)

    assert answer.exit_code == 0, answer.output
    assert link.is_symlink()
    assert document.read_text("utf-8-sig") == _TEXT.replace(
        "    evidence",
        "    unless:\n      - when: {activity.name: {contains: taster}}\n"
        "        reason: a taster\n        until: 2027-01-31\n    evidence",
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("set-status", "on", "active"), "There is no rule 'on', did you mean 'one'?"),
        (("except", "one", "--when", "verb: {a", "--reason", "r"), "--when:1:7: the mapping that begins here"),
        (("except", "one", "--when", "vreb: passed", "--reason", "r"), "unknown field 'vreb', did you mean 'verb'?"),
        (("except", "one", "--when", "verb: passed", "--reason", "r", "--until", "then"), "expected a date such as"),
    ],
)
def test_what_is_wrong_is_said_and_not_written(document: Path, arguments: tuple[str, ...], said: str) -> None:
    from lrs_bridge.cli.edge import sentence

    before = document.read_bytes()
    answer = _run("rules", *arguments, document)

    assert answer.exit_code == 1
    assert isinstance(answer.exception, Exception)
    assert said in sentence(answer.exception)
    assert document.read_bytes() == before


def test_the_schema_is_printed_or_written_with_the_line_that_names_it(tmp_path: Path) -> None:
    printed = json.loads(_run("rules", "schema").output)
    answer = _run("rules", "schema", "--output", tmp_path / "rules.schema.json")

    assert printed["title"] == "Rule document of lrs_bridge"
    assert json.loads((tmp_path / "rules.schema.json").read_text("utf-8")) == printed
    assert answer.output.endswith("\n# yaml-language-server: $schema=rules.schema.json\n")
