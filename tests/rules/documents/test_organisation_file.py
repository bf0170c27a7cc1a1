"""The organisation's starting file in config/rules: valid, with all packs, its example tested, and without effect."""

from pathlib import Path

from lrs_bridge.domain.rule_testing import run
from lrs_bridge_rules.documents.loader import available_packs, load

_FOLDER = Path(__file__).resolve().parents[3] / "config" / "rules"


def test_it_loads_with_every_pack_that_is_shipped() -> None:
    packs = {name.removeprefix("packs/").removesuffix(".yaml") for name in load([_FOLDER]).documents}

    assert set(available_packs()) < packs


def test_its_examples_hold_and_are_drafts() -> None:
    ruleset = load([_FOLDER])
    results = run(ruleset)

    assert {result.expected for result in results} == {"match", "no-match"}
    assert all(result.passed for result in results)
    assert {rule.status for rule in ruleset.rules} == {"draft"}


def test_its_default_follow_ups_are_among_its_templates() -> None:
    ruleset = load([_FOLDER])

    assert ruleset.follow_ups_default
    assert set(ruleset.follow_ups_default) <= set(ruleset.follow_ups)
