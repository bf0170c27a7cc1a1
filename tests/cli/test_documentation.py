"""Every command is documented and explains itself; every key of every report is documented."""

import re
from collections.abc import Iterator
from typing import Any

import click
import pytest
from click.testing import CliRunner

from lrs_bridge.cli.program import COMMANDS, program
from support.documented import COMMAND_LINE, section_of, undocumented
from support.profiles import write_examples


def commands() -> Iterator[tuple[str, click.Command]]:
    """All commands that do something, with their full names."""
    context = click.Context(program)
    for name in COMMANDS:
        command = program.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from ((f"{name} {each}", _below(command, each, context)) for each in command.list_commands(context))
        else:
            yield name, command


def _below(group: click.Group, name: str, context: click.Context) -> click.Command:
    command = group.get_command(context, name)
    assert command is not None
    return command


NAMES = dict(commands())


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_documented(name: str) -> None:
    assert f"### `lrs-bridge {name}`" in COMMAND_LINE


def test_nothing_is_documented_that_is_not_there() -> None:
    assert set(re.findall(r"^### `lrs-bridge (.+)`$", COMMAND_LINE, re.MULTILINE)) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_and_every_option_has_help(name: str) -> None:
    command = NAMES[name]

    assert len(command.get_short_help_str(200).split()) >= 3
    assert all(option.help for option in command.params if isinstance(option, click.Option))


@pytest.mark.parametrize("group", [(), *((name,) for name in COMMANDS if name not in NAMES)], ids=" ".join)
def test_no_list_of_commands_is_cut_off_in_80_columns(group: tuple[str, ...]) -> None:
    _, _, listed = CliRunner().invoke(program, [*group, "--help"], terminal_width=80).output.partition("Commands:")

    assert listed
    assert [line for line in listed.splitlines() if line.endswith("...")] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_option_of_a_command_is_documented(name: str) -> None:
    section = section_of(name)
    shared = {"--json", "--check", "--serve"}  # said once for all; --serve is what demo does unless told not to
    options = {each.opts[0] for each in NAMES[name].params if isinstance(each, click.Option)} - shared

    assert {option for option in options if option not in section} == set()


REPORTS = {
    "doctor": ("doctor",),
    "user list": ("user", "list"),
    "pull": ("pull",),
    "backfill": ("backfill", "--status"),
    "reconcile": ("reconcile",),
    "rescan": ("rescan", "lms", "--since", "2026-01-01"),
    "verify": ("verify", "lms", "--since", "2026-01-01"),
    "deliver": ("deliver",),
    "retain": ("retain", "--dry-run"),
    "people erase": ("people", "erase", "al", "--reason", "asked for it", "--yes"),
    "people readmit": ("people", "readmit", "al", "--reason", "came back"),
    "db check": ("db", "check"),
    "status": ("status",),
    "unmatched": ("unmatched",),
    "waste": ("waste",),
    "rules check": ("rules", "check"),
    "rules test": ("rules", "test"),
    "rules backtest": ("rules", "backtest"),
    "rules suggest": ("rules", "suggest"),
    "rules explain": ("rules", "explain", "0f347363-1c8b-5031-902b-7bf059fcda8a", "--all"),
    "rules publish": ("rules", "publish", "--note", "again"),
    "rules hits": ("rules", "hits"),
    "rules list": ("rules", "list"),
    "rules show": ("rules", "show", "1"),
    "rules diff": ("rules", "diff"),
    "rules rollback": ("rules", "rollback", "1", "--note", "again"),
    "rules export": ("rules", "export", "1", "--into", "exported"),
    "rules import-profile": ("rules", "import-profile", "harbour.jsonld"),
    "rules templates": ("rules", "templates", "harbour.jsonld"),
    "rules match-template": ("rules", "match-template", "--file", "statement.json", "--rules", "harbour.jsonld"),
    "rules import-reactions": ("rules", "import-reactions", "reactions.json"),
    "quarantine list": ("quarantine", "list"),
    "quarantine replay": ("quarantine", "replay", "--all"),
    "outbox list": ("outbox", "list"),
    "outbox retry": ("outbox", "retry", "--all"),
}


def test_every_report_with_json_is_tried_here() -> None:
    with_json = {name for name, each in NAMES.items() if any("--json" in option.opts for option in each.params)}
    tried_elsewhere = {name for name in NAMES if name.endswith(" import")} | {"quarantine show", "demo"}

    assert with_json - tried_elsewhere == set(REPORTS)


@pytest.mark.parametrize("name", REPORTS)
def test_the_json_of_a_report_parses_and_its_keys_are_documented(
    name: str, installation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(installation.folder)
    write_examples(installation.folder)
    answer = installation(*REPORTS[name], "--json")

    assert answer.out, answer.err
    assert undocumented(name, answer.json) == set()


def test_the_json_of_an_import_has_the_documented_keys(installation: Any) -> None:
    answer = installation("learners", "import", str(installation.folder / "learners.csv"), "--json")

    assert answer.json == {"new": 0, "changed": 0, "unchanged": 3, "removed": 0}
