"""`rules match-template`: whether a statement follows Statement Templates, and what kept it from following."""

from __future__ import annotations

from pathlib import Path

import click

from lrs_bridge.cli.edge import DONE, PROBLEMS
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import Table, show_json, show_tables
from lrs_bridge.cli.rules.paths import chosen
from lrs_bridge.cli.rules.statement_files import statements_in
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.errors import UsageError
from lrs_bridge_rules.documents.loader import load
from lrs_bridge_rules.templates.library import Library
from lrs_bridge_rules.templates.matcher import TemplateOutcome, TemplateVerdict, match
from lrs_bridge_rules.templates.template import Template


@click.command("match-template")
@click.argument("names", metavar="[TEMPLATE…]", nargs=-1)
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="A statement as JSON, or a list of them: the first is matched, the others are known to it.",
)
@click.option(
    "--rules",
    "paths",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Profiles, or folders with some, if not those of the configuration.",
)
@json_option
@pass_session
def match_template(session: Session, names: tuple[str, ...], file: Path, paths: tuple[Path, ...], as_json: bool) -> int:
    """Match a statement with templates. Those that are named, or all that are about it; ends with 1 if one fails."""
    library = load(chosen(session, paths)).library
    statement, *others = statements_in(file)
    known = {each.id: each for each in (*others, statement) if each.id is not None}
    found = [match(each, statement, known=known.get, among=library.templates) for each in _chosen(library, names)]
    shown = [each for each in found if names or each.outcome is not TemplateOutcome.UNMATCHED]
    if as_json:
        show_json({"verdicts": [_as_json(each) for each in shown]})
    else:
        _show(shown, library)
    return DONE if shown and all(each.outcome is TemplateOutcome.SUCCESS for each in shown) else PROBLEMS


def _chosen(library: Library, names: tuple[str, ...]) -> list[Template]:
    try:
        return [library.template(name) for name in names] or list(library.templates.values())
    except ValueError as error:
        raise UsageError(f"{error}", "(lrs-bridge rules templates lists them)") from None


def _show(verdicts: list[TemplateVerdict], library: Library) -> None:
    rows = [(library.name_of(library.templates[each.template]), each.outcome.value, _reason(each)) for each in verdicts]
    show_tables([Table("", ("template", "outcome", "because"), rows, "no template is about this statement")])


def _reason(verdict: TemplateVerdict) -> str:
    return verdict.failure.text if verdict.failure is not None else "; ".join(verdict.unchecked)


def _as_json(verdict: TemplateVerdict) -> dict[str, object]:
    failure = verdict.failure
    return {
        "template": verdict.template,
        "outcome": verdict.outcome.value,
        "failure": None
        if failure is None
        else {
            "requirement": failure.requirement,
            "location": failure.location,
            "selector": failure.selector,
            "expected": failure.expected,
            "found": failure.found,
            "text": failure.text,
        },
        "unchecked": verdict.unchecked,
    }
