"""`rules import-reactions`: SQL LRS reactions as draft rules, and a list of what rules cannot say."""

from __future__ import annotations

from pathlib import Path

import click

from lrs_bridge.acts.rule_documents import problems_in, text_in, write_text
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import cell_text, show_json
from lrs_bridge_rules.documents.changing.editing import add_rule, rule_ids
from lrs_bridge_rules.documents.loader import texts_of
from lrs_bridge_rules.documents.printing import to_yaml
from lrs_bridge_rules.documents.tree import Problems
from lrs_bridge_rules.reactions.reactions import Drafts, read_reactions
from lrs_bridge_rules.wording import counted


@click.command("import-reactions")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--into",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The rule document to add the drafts to; made if it is not there.",
)
@json_option
def import_reactions(file: Path, into: Path | None, as_json: bool) -> None:
    """Make draft rules of SQL LRS reactions (JSON). What rules cannot say is listed."""
    before = text_in(into) if into is not None else ""
    with problems_in(into or file):
        taken = rule_ids(before) if before else []
    drafts = _read(file, taken)
    if into is not None and drafts.rules:
        with problems_in(into):
            text = _added(before, drafts)
        write_text(into, text)
    if as_json:
        left_out = [{"place": str(note).split(": ")[0], "message": note.message} for note in drafts.left_out]
        show_json({"rules": drafts.rules, "left_out": left_out, "into": into})
        return
    if into is None and drafts.rules:
        click.echo(to_yaml({"rules": list(drafts.rules)}), nl=False)
    elif into is not None:
        click.echo(f"{into}: {counted(len(drafts.rules), 'draft rule')} added")
    for note in drafts.left_out:
        click.echo(cell_text(str(note)), err=into is None)
    if into is not None and drafts.rules:
        click.echo(f"Next: read them, lrs-bridge rules check {into}, and give each its tests before it becomes active.")


def _read(file: Path, taken: list[str]) -> Drafts:
    problems = Problems()
    (text,) = texts_of([file]).values()
    drafts = read_reactions(file.as_posix(), text, problems, taken)
    problems.raise_if_any()
    return drafts or Drafts((), ())


def _added(before: str, drafts: Drafts) -> str:
    if not before.strip():
        return to_yaml({"rules": list(drafts.rules)})
    text = before
    for rule in drafts.rules:
        text = add_rule(text, rule)
    return text
