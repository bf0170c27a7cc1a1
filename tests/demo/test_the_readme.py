"""README is true to the letter: what it names exists, what it shows is accepted."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from lrs_bridge.cli.program import program
from lrs_bridge.domain.rule_testing import run
from lrs_bridge.settings import load_settings
from lrs_bridge_rules.documents.loader import load_texts

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def links() -> list[str]:
    return sorted({target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", README)})


@pytest.mark.parametrize("target", links())
def test_every_link_leads_to_something(target: str) -> None:
    assert (ROOT / target).exists()


def commands() -> list[str]:
    """Every `lrs-bridge …` of the page. In the table, further commands stand alone behind the first."""
    written = [line.partition("#")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    for row in re.findall(r"^\| (`lrs-bridge .*?) \|", README, re.MULTILINE):
        written += ["lrs-bridge " + each.removeprefix("lrs-bridge ") for each in re.findall(r"`([^`]+)`", row)]
    written += re.findall(r"`(lrs-bridge [^`]+)`", README)
    return sorted({each for each in written if each.startswith("lrs-bridge ")})


@pytest.mark.parametrize("line", commands())
def test_every_command_exists_with_its_options(line: str) -> None:
    words = re.sub(r"--config \S+ ", "", line).split()[1:]
    command: click.Command = program
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0)) if words else None
        assert found is not None, f"{line}: there is no such command"
        command = found
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}

    assert {word for word in words if word.startswith("--")} <= known


def test_every_target_of_make_exists() -> None:
    targets = re.findall(r"^(?:`)?make ([a-z-]+)", "\n".join(blocks("sh")), re.MULTILINE)
    targets += re.findall(r"`make ([a-z-]+)", README)
    makefile = (ROOT / "Makefile").read_text("utf-8")

    assert {"demo", "test"} <= set(targets)
    assert [each for each in targets if not re.search(rf"^{each}:", makefile, re.MULTILINE)] == []


@pytest.mark.parametrize("text", blocks("toml"))
def test_the_configuration_is_accepted(tmp_path: Path, text: str) -> None:
    file = tmp_path / "lrs_bridge.toml"
    file.write_text(text, "utf-8")

    settings = load_settings(file, {"LRS_BRIDGE_LRS_PASSWORD": "invented"})

    assert [source.name for source in settings.sources] == ["academy"]


@pytest.mark.parametrize("text", blocks("yaml"))
def test_the_rules_load_and_pass_their_own_tests(text: str) -> None:
    results = run(load_texts({"readme.yaml": text}))

    assert len(results) == 2
    assert all(result.passed for result in results)
