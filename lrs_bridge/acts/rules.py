"""Publishing rules: the documents are checked, their own tests must pass, and what is published never changes again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from lrs_bridge.acts import rule_files
from lrs_bridge.acts.actor import Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.errors import ActRefused, NotFound
from lrs_bridge.acts.permission import allow
from lrs_bridge.acts.rules_overtaken import refuse_overtaken, refuse_undoing
from lrs_bridge.acts.words import written
from lrs_bridge.domain import rule_testing
from lrs_bridge.domain.rule_testing import TestResult
from lrs_bridge.store import errors, rulesets
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.locks import lock_common
from lrs_bridge.store.rulesets import RulesetVersion
from lrs_bridge_rules.documents.loader import load_texts, sources_of

_PUBLISH = "rules.publish"
_NOTE = "a note on why the rules change, which is kept with the version"


class TestsFailed(ActRefused):
    """Rules do not do what their own tests say; `results` holds all of them."""

    __test__ = False

    def __init__(self, results: Sequence[TestResult]) -> None:
        self.results = tuple(results)
        lines = [line for each in results if not each.passed for line in each.lines]
        super().__init__("\n".join([*lines, "Nothing was published; correct the rule or its test."]))


@dataclass(frozen=True, slots=True)
class Published:
    """The version in force. `new` is False when these very documents were in force already."""

    number: int
    digest: str
    tests: int
    new: bool = True


def publish(
    engine: Engine, documents: Mapping[str, str], note: str, by: Actor, now: datetime, *, drawn_from: int | None = None
) -> Published:
    """Check documents (by name; packs among them as they are), keep them as a new version and put it in force.

    Everybody becomes due. `note` says why. `drawn_from` is the version that the author began with: what somebody else
    published since is not overwritten unseen. Without it nothing is undone that is in force and not in the documents.
    Raises DocumentError with all mistakes, ActError when their tests fail or somebody was faster.
    """
    allow(_PUBLISH, by)
    why = written(note, what=_NOTE)
    ruleset = load_texts(documents)
    results = rule_testing.run(ruleset)
    if not all(each.passed for each in results):
        raise TestsFailed(results)
    with write(engine) as connection:
        lock_common(connection)
        active = rulesets.active(connection)
        if active is not None and active.digest == ruleset.digest:
            return Published(active.number, active.digest, len(results), new=False)
        _refuse_unseen(connection, active, drawn_from, ruleset.documents)
        number = rulesets.next_number(connection)
        rulesets.publish(connection, RulesetVersion(number, by.id, why, ruleset.digest, ruleset.documents, now))
        record(connection, by, _PUBLISH, str(number), now, digest=ruleset.digest)
    return Published(number, ruleset.digest, len(results))


def _refuse_unseen(
    connection: Connection, active: RulesetVersion | None, drawn_from: int | None, documents: Mapping[str, str]
) -> None:
    if drawn_from is not None:
        refuse_overtaken(connection, active, drawn_from)
    elif active is not None:
        refuse_undoing(active, documents)


def publish_files(
    engine: Engine, paths: Sequence[Path], note: str, by: Actor, now: datetime, *, drawn_from: int | None = None
) -> Published:
    """The same for files and folders, with the packs that they include as they are shipped now.

    Without `drawn_from` the mark beside them counts, if it speaks of a version of this installation. It is renewed.
    """
    documents = sources_of(paths)
    begun_with = drawn_from if drawn_from is not None else _marked(engine, paths)
    done = publish(engine, documents, note, by, now, drawn_from=begun_with)
    rule_files.mark(paths, rule_files.Origin(done.number, done.digest))
    return done


def _marked(engine: Engine, paths: Sequence[Path]) -> int | None:
    origin = rule_files.origin_of(paths)
    if origin is None:
        return None
    with read(engine) as connection:
        version = rulesets.get(connection, origin.number)
    return origin.number if version is not None and version.digest == origin.digest else None


def roll_back(
    engine: Engine, number: int, note: str, by: Actor, now: datetime, *, drawn_from: int | None = None
) -> bool:
    """Put an earlier version in force again; False if it is. `drawn_from` is the one that was in force when the author
    looked. Raises ActError.
    """
    allow(_PUBLISH, by)
    why = written(note, what=_NOTE)
    with write(engine) as connection:
        lock_common(connection)
        if drawn_from is not None:
            refuse_overtaken(connection, rulesets.active(connection), drawn_from)
        try:
            news = rulesets.activate(connection, number, by=by.id, now=now, note=why)
        except errors.NotFound as error:
            raise NotFound(str(error)) from error
        if news:
            record(connection, by, "rules.roll-back", str(number), now)
    return news
