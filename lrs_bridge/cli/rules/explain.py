"""`rules explain`: why a statement or a completion came out as it did, or why nothing came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.edge import DONE, PROBLEMS
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import show_json
from lrs_bridge.cli.prose import show_lines
from lrs_bridge.cli.rules.explained import answer_lines
from lrs_bridge.cli.rules.explained_json import answer_document
from lrs_bridge.cli.rules.statement_files import bodies_in
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.domain.facts import Facts
from lrs_bridge.errors import UsageError
from lrs_bridge.jobs.explain import Answer, Explainer, explain_file, facts_without_learner
from lrs_bridge.store.engine import read
from lrs_bridge.store.load import load as load_facts
from lrs_bridge_rules.documents.loader import load
from lrs_bridge_rules.ruleset import Ruleset

_existing = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("what", metavar="[STATEMENT-ID | COMPLETION] [PATH…]", nargs=-1)
@click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Statements as xAPI JSON.")
@click.option(
    "--rules", "drafts", multiple=True, type=_existing, help="Explain by these documents, not by those in force."
)
@click.option("--learner", metavar="ID", help="Whose is meant; with --file, whose contract and agenda count.")
@click.option("--source", default="", help="With --file: the source that rules take the statements to come from.")
@click.option("--all", "everything", is_flag=True, help="Show every rule and every definition, however far away.")
@json_option
@pass_session
def explain(
    session: Session,
    what: tuple[str, ...],
    file: Path | None,
    drafts: tuple[Path, ...],
    learner: str | None,
    source: str,
    everything: bool,
    as_json: bool,
) -> int:
    """Say why it came out so. Every rule, clause by clause, and the goal that took it or why none did.

    By the rules in force, or by the documents PATH…: against a draft. With --file nothing has to be stored.
    """
    wanted, paths = _asked(what, file)
    draft = load([*paths, *drafts]) if paths or drafts else None
    if file is not None:
        answer = _of_file(session, file, draft, learner, source)
    else:
        answer = _of_id(session, wanted, draft, learner)
    if as_json:
        show_json(answer_document(answer, everything=everything))
    else:
        show_lines(answer_lines(answer, everything=everything))
    return DONE if answer.answered else PROBLEMS


def _asked(what: Sequence[str], file: Path | None) -> tuple[str, list[Path]]:
    """The id, and the documents. Raises UsageError where one is missing."""
    if file is None and not what:
        raise UsageError("What is to be explained?", "Give the id of a statement or a completion, or --file.")
    names = what if file is not None else what[1:]
    missing = next((name for name in names if not Path(name).exists()), None)
    if missing is not None:
        raise UsageError(f"There is no file or folder {missing!r}.", "After the id stand rule documents.")
    return ("" if file is not None else what[0]), [Path(name) for name in names]


def _of_id(session: Session, wanted: str, draft: Ruleset | None, learner: str | None) -> Answer:
    with session.bridge() as bridge:
        ruleset = draft or bridge.ruleset()
        with read(bridge.engine) as connection:
            return Explainer(bridge, connection, ruleset, bridge.clock(), learner).explain(wanted)


def _of_file(session: Session, file: Path, draft: Ruleset | None, learner: str | None, source: str) -> Answer:
    bodies = bodies_in(file)
    if draft is not None and learner is None:  # then no database is needed, and none need be there
        return explain_file(str(file), bodies, draft, session.clock(), source=source)
    with session.bridge() as bridge:
        facts = _facts(bridge, learner)
        return explain_file(str(file), bodies, draft or bridge.ruleset(), bridge.clock(), facts, source)


def _facts(bridge: Bridge, learner: str | None) -> Facts:
    with read(bridge.engine) as connection:
        organisation = bridge.organisation(connection)
        if learner is None:
            return facts_without_learner(organisation)
        found = load_facts(connection, [learner], organisation).get(learner)
    if found is None:
        raise UsageError(f"There is no learner {learner!r}.", "Import the learner, or correct the id.")
    return found.facts
