"""The examples of docs/profiles.md do what the page says."""

import re
from pathlib import Path

from lrs_bridge.domain.rule_testing.running import run
from lrs_bridge_rules.documents.loader import load_texts

_PAGE = (Path(__file__).parents[3] / "docs/profiles.md").read_text("utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", _PAGE, re.MULTILINE | re.DOTALL)


def test_the_examples_load_together_and_their_tests_pass() -> None:
    paths, templates = _blocks("yaml")
    [profile] = _blocks("json")

    ruleset = load_texts({"a.yaml": "include: generic-adl\n" + paths, "b.yaml": templates, "harbour.jsonld": profile})

    assert [str(note) for note in ruleset.library.notes] == []
    own = [result for result in run(ruleset) if result.rule == "deep-enough"]
    assert [result.passed for result in own] == [True, True], own
