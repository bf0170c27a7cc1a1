"""`rules suggest`: draft rules for what no rule knows, each with why and what it would do; or into a rules file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import click

from lrs_bridge.acts.rule_documents import problems_in, text_in, write_text
from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.options import Length, json_option
from lrs_bridge.cli.output import show_json
from lrs_bridge.cli.progress import progress
from lrs_bridge.cli.prose import Line, show_lines
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.domain.suggesting.drafting import clean
from lrs_bridge.domain.suggesting.material import Kind, Left, Suggestion, UnmatchedActivity
from lrs_bridge.domain.suggesting.writing import Written, appended
from lrs_bridge.errors import UsageError
from lrs_bridge.jobs.suggest import Suggested
from lrs_bridge.jobs.suggest import suggest as look_for_suggestions
from lrs_bridge_rules.documents.printing import Style, to_yaml
from lrs_bridge_rules.errors import EditError
from lrs_bridge_rules.wording import counted

_INDENT = 3
_LONGEST_NAME = 57
#: Texts from outside cannot be broken over lines in YAML as it is printed here; all else keeps to the width.
_STYLE = Style(width=77)
_SHOWN = 4


@click.command()
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Show at most so many suggestions."
)
@click.option("--since", type=Length(), help="Only what was completed within this length of time, such as 90d.")
@click.option("--no-backtest", is_flag=True, help="Leave out what each draft would have done; that takes longest.")
@click.option(
    "--write",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Append the drafts to this rules file (made if it is not there); its comments stay.",
)
@json_option
@pass_session
def suggest(
    session: Session, limit: int, since: timedelta | None, no_backtest: bool, file: Path | None, as_json: bool
) -> None:
    """Draft rules for activities that no rule knows. Those with most hours at stake come first; nothing is changed."""
    with session.bridge() as bridge, progress("Looking for suggestions", "drafts") as report:
        found = look_for_suggestions(
            bridge, bridge.clock(), limit=limit, since=since, backtests=not no_backtest, progress=report
        )
        written = _write(bridge, file, found.suggestions) if file is not None and found.suggestions else None
    if as_json:
        show_json(_document(found, written, file))
        return
    for number, suggestion in enumerate(found.suggestions, start=1):
        show_lines(_told(number, suggestion))
        click.echo(_rule(suggestion))
    show_lines(_rest(found))
    if found.suggestions:
        _tell_next(written, file)


def _write(bridge: Bridge, file: Path, suggestions: Sequence[Suggestion]) -> Written:
    """The drafts into the file. Raises UsageError where it cannot be changed, DocumentError where it cannot be read."""
    try:
        with problems_in(file):
            written = appended(text_in(file) or None, [each.rule for each in suggestions], bridge.ruleset().documents)
    except EditError as error:
        raise UsageError(f"{file} was left as it is: {error}.", "Name another file with --write.") from None
    if written.added:
        write_text(file, written.text)
    return written


def _document(found: Suggested, written: Written | None, file: Path | None) -> dict[str, object]:
    """The JSON form; its keys are documented in docs/command-line.md and stay."""
    return {
        "suggestions": [_suggestion(each) for each in found.suggestions],
        "clusters": found.left.found,
        "unlike": {"activities": found.left.unlike, "hours": found.left.unlike_hours},
        "personal": found.left.personal,
        "written": None if written is None else {"file": str(file), "added": written.added, "already": written.already},
    }


def _suggestion(each: Suggestion) -> dict[str, object]:
    return {
        "kind": each.target.kind,
        "target": each.target.id,
        "title": each.target.title,
        "likelihood": each.likelihood,
        "hours": each.hours,
        "estimated": each.estimated,
        "completions": each.completions,
        "learners": each.learners,
        "activities": [_activity(activity) for activity in each.activities],
        "why": each.why,
        "rule": to_yaml({"rules": [each.rule]}),
        "verdict": each.verdict,
    }


def _activity(activity: UnmatchedActivity) -> dict[str, object]:
    names = ("id", "name", "completions", "learners", "hours")
    return {name: getattr(activity, name) for name in names}


_HEADINGS = {
    Kind.EVIDENCE: ("shows “{}”", "show “{}”"),
    Kind.ALIAS: ("is “{}” of the catalogue", "are “{}” of the catalogue"),
    Kind.EXCLUDE: ("does not count: {}", "do not count: {}"),
}


def _told(number: int, each: Suggestion) -> Iterator[Line]:
    """One suggestion: what, how much is at stake, which activities, why, and what it would do."""
    about = "about " if each.estimated else ""
    counts = ", ".join(
        (
            f"{about}{each.hours:,.0f} h",
            counted(each.completions, "completion"),
            counted(each.learners, "learner"),
        )
    )
    noun = counted(len(each.activities), "activity", "activities")
    says = _HEADINGS[each.target.kind][len(each.activities) > 1].format(clean(each.target.title))
    yield Line(f"{noun}: {says}", sign=f"{number}.")
    yield Line(f"{counts}; {each.likelihood:.0%} likely", _INDENT)
    yield from _examples(each)
    yield Line("; ".join(each.why) + ".", _INDENT, "Why:")
    if each.target.kind is Kind.ALIAS:
        yield Line(f"add the ids to the aliases of {each.target.id} in the catalogue.", _INDENT, "Or:")
    if each.verdict:
        yield Line(each.verdict, _INDENT, "Backtest:")
    yield Line()


def _examples(each: Suggestion) -> Iterator[Line]:
    for activity in each.activities[:_SHOWN]:
        name = clean(activity.name or activity.id, _LONGEST_NAME)
        yield Line(name, _INDENT, f"{activity.completions:>6,} ×")
    if len(each.activities) > _SHOWN:
        yield Line(f"and {len(each.activities) - _SHOWN:,} more", _INDENT + len("123456 × "))


def _rule(each: Suggestion) -> str:
    """The draft as it would stand under `rules:`; its lines are to be copied, and never folded."""
    return to_yaml({"rules": [each.rule]}, _STYLE).split("\n", 1)[1]


def _rest(found: Suggested) -> Iterator[Line]:
    left, more = found.left, found.left.found - len(found.suggestions)
    if not found.suggestions:
        yield Line(
            "Nothing to suggest: " + ("no activity is unmatched." if _is_empty(left) else "nothing is alike enough.")
        )
    if more > 0 and found.suggestions:
        yield Line(f"{more:,} more: --limit shows them.")
    if left.unlike:
        hours = f"{left.unlike_hours:,.0f} h"
        noun = counted(left.unlike, "unmatched activity resembles", "unmatched activities resemble")
        yield Line(f"{noun} nothing known ({hours}): lrs-bridge unmatched")
    if left.personal:
        noun = counted(left.personal, "activity names a person and was", "activities name people and were")
        yield Line(f"{noun} passed over.")


def _is_empty(left: Left) -> bool:
    return not (left.found or left.unlike or left.personal)


def _tell_next(written: Written | None, file: Path | None) -> None:
    """What to do now. Lines with a path are never folded: somebody may want to copy it."""
    click.echo()
    if written is None:
        show_lines(_DRAFTS_ARE_HARMLESS)
        return
    if written.already:
        click.echo(f"{counted(len(written.already), 'draft')} stood in {file} already.")
    if written.added:
        click.echo(f"{counted(len(written.added), 'draft')} added to {file}. A draft has no effect. Next:")
        show_lines(_STEPS)


_DRAFTS_ARE_HARMLESS = (
    Line("Next: lrs-bridge rules suggest --write FILE  puts the drafts into a rules file."),
    Line("A draft has no effect until its status is active and it is published.", 6),
)
_STEPS = (
    Line("read them, and set the status of those that you want to active", 2, "1."),
    Line("lrs-bridge rules check    and  lrs-bridge rules test", 2, "2."),
    Line("lrs-bridge rules backtest to see what they would do together", 2, "3."),
    Line("lrs-bridge rules publish", 2, "4."),
)
