"""What holds for every command of `rules`: files and folders do, and where no database is needed none is asked for."""

from pathlib import Path
from typing import Any

import pytest

from lrs_bridge.cli.rules.group import COMMANDS
from support.profiles import write_examples

_RULE = (
    "include: [generic-adl]\n"
    "rules:\n"
    "  - id: excel\n"
    "    status: shadow\n"
    "    when: {activity.name: {contains: excel}}\n"
    "    evidence: {competency: spreadsheets}\n"
)
_CASE = ("--when", "activity.name: {contains: taster}", "--reason", "a taster")

#: command → arguments under which it has all that it needs; where it takes documents, a file and a folder each.
WITHOUT_DATABASE: dict[str, list[tuple[str, ...]]] = {
    "check": [("own",), ("own/rules.yaml",), ("own/rules.yaml", "more")],
    "schema": [()],
    "reference": [()],
    "set-status": [("excel", "draft", "own"), ("excel", "draft", "own/rules.yaml")],
    "except": [("excel", *_CASE, "own"), ("excel", *_CASE, "own/rules.yaml")],
    "test": [("own",), ("own/rules.yaml",)],
    "explain": [
        ("--file", "statement.json", "--rules", "own"),
        ("--file", "statement.json", "--rules", "own/rules.yaml"),
    ],
    "diff": [("own", "own/rules.yaml"), ("own/rules.yaml", "more")],
    "templates": [("profiles",), ("profiles/harbour.jsonld",)],
    "match-template": [
        ("--file", "statement.json", "--rules", "profiles"),
        ("--file", "statement.json", "--rules", "profiles/harbour.jsonld"),
    ],
    "import-profile": [("profiles/harbour.jsonld", "--into", "own")],
    "import-reactions": [("reactions.json", "--into", "own/drafts.yaml"), ("reactions.json",)],
}
#: What they are about stands in the database alone: versions, or what was learned.
WITH_DATABASE = {"backtest", "suggest", "publish", "hits", "list", "show", "rollback", "export"}


@pytest.fixture
def alone(bridge_in: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The program where there are documents, a configuration that cannot be read, and no database."""
    installation = bridge_in()
    installation.config.write_text("this is not TOML", "utf-8")
    for folder in ("own", "more", "profiles"):
        (tmp_path / folder).mkdir()
    (tmp_path / "own/rules.yaml").write_text(_RULE, "utf-8")
    (tmp_path / "more/other.yaml").write_text(_RULE.replace("excel", "word"), "utf-8")
    write_examples(tmp_path)
    (tmp_path / "harbour.jsonld").rename(tmp_path / "profiles/harbour.jsonld")
    monkeypatch.chdir(tmp_path)
    return installation


def test_every_command_says_whether_it_needs_a_database() -> None:
    assert WITHOUT_DATABASE.keys() | WITH_DATABASE == COMMANDS.keys()
    assert not WITHOUT_DATABASE.keys() & WITH_DATABASE


@pytest.mark.parametrize(
    ("command", "arguments"), [(name, arguments) for name, each in WITHOUT_DATABASE.items() for arguments in each]
)
def test_files_and_folders_do_where_no_database_is_needed(
    alone: Any, tmp_path: Path, command: str, arguments: tuple[str, ...]
) -> None:
    answer = alone("rules", command, *arguments)

    assert answer.code in {0, 1}, answer.err
    assert "TOML" not in answer.err
    assert list(tmp_path.glob("*.db*")) == []


@pytest.mark.parametrize("command", [name for name, each in WITHOUT_DATABASE.items() if any(each)])
def test_a_document_that_is_wrong_is_told_with_its_place(alone: Any, tmp_path: Path, command: str) -> None:
    for broken in ("own/rules.yaml", "profiles/harbour.jsonld", "reactions.json", "statement.json"):
        (tmp_path / broken).write_text("rules: [\n", "utf-8")
    for arguments in WITHOUT_DATABASE[command]:
        answer = alone("rules", command, *arguments)

        assert answer.code == 1, (arguments, answer)
        assert "Traceback" not in answer.err
