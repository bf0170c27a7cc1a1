"""`lrs-bridge rules …`: the table of its commands, in the order in which rules go from a file into force."""

from __future__ import annotations

from collections.abc import Mapping

import click

from lrs_bridge.cli.lazy import LazyGroup

COMMANDS: Mapping[str, str] = {
    "check": "lrs_bridge.cli.rules.check:check",
    "schema": "lrs_bridge.cli.rules.schema:schema",
    "reference": "lrs_bridge.cli.rules.reference:reference",
    "set-status": "lrs_bridge.cli.rules.edit:set_status",
    "except": "lrs_bridge.cli.rules.edit:except_case",
    "test": "lrs_bridge.cli.rules.test:test",
    "backtest": "lrs_bridge.cli.rules.backtest:command",
    "suggest": "lrs_bridge.cli.rules.suggest:suggest",
    "explain": "lrs_bridge.cli.rules.explain:explain",
    "publish": "lrs_bridge.cli.rules.publish:publish",
    "hits": "lrs_bridge.cli.rules.hits:hits",
    "list": "lrs_bridge.cli.rules.versions:list_versions",
    "show": "lrs_bridge.cli.rules.versions:show",
    "diff": "lrs_bridge.cli.rules.diff:diff",
    "rollback": "lrs_bridge.cli.rules.versions:rollback",
    "export": "lrs_bridge.cli.rules.export:export",
    "import-profile": "lrs_bridge.cli.rules.profiles:import_profile",
    "templates": "lrs_bridge.cli.rules.profiles:templates",
    "match-template": "lrs_bridge.cli.rules.match_template:match_template",
    "import-reactions": "lrs_bridge.cli.rules.reactions:import_reactions",
}


@click.group(cls=LazyGroup, table=COMMANDS)
def rules() -> None:
    """What statements mean, and what completions show. And which application tasks follow."""
