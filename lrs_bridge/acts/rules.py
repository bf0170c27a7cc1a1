"""Publishing rules: the documents are checked, their own tests must pass, and what is published never changes again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from lrs_bridge.acts.actor import Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.errors import ActRefused, NotFound, Overtaken
from lrs_bridge.acts.permission import allow
from lrs_bridge.domain import rule_testing
from lrs_bridge.domain.rule_testing import TestResult
from lrs_bridge.store import errors, rulesets
from lrs_bridge.store.engine import write
from lrs_bridge.store.locks import lock_common
from lrs_bridge.store.rulesets import RulesetVersion
from lrs_bridge_rules.documents.loader import load_texts, sources_of

_PUBLISH = "rules.publish"


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

    Everybody becomes due. `drawn_from` is the version that the author began with: what somebody else published since
    is not overwritten unseen. Raises DocumentError with all mistakes, ActError when their tests fail.
    """
    allow(_PUBLISH, by)
    ruleset = load_texts(documents)
    results = rule_testing.run(ruleset)
    if not all(each.passed for each in results):
        raise TestsFailed(results)
    with write(engine) as connection:
        lock_common(connection)
        active = rulesets.active(connection)
        _refuse_overtaken(active, drawn_from)
        if active is not None and active.digest == ruleset.digest:
            return Published(active.number, active.digest, len(results), new=False)
        number = rulesets.next_number(connection)
        rulesets.publish(connection, RulesetVersion(number, by.id, note, ruleset.digest, ruleset.documents, now))
        record(connection, by, _PUBLISH, str(number), now, digest=ruleset.digest)
    return Published(number, ruleset.digest, len(results))


def _refuse_overtaken(active: RulesetVersion | None, drawn_from: int | None) -> None:
    if drawn_from is not None and active is not None and active.number != drawn_from:
        raise Overtaken(
            f"Version {active.number} of the rules came into force meanwhile; this one was drawn up from {drawn_from}.",
            "Compare the two, take over what is to stay, and publish again.",
        )


def publish_files(engine: Engine, paths: Sequence[Path], note: str, by: Actor, now: datetime) -> Published:
    """The same for files and folders, with the packs that they include as they are shipped now."""
    return publish(engine, sources_of(paths), note, by, now)


def roll_back(engine: Engine, number: int, by: Actor, now: datetime) -> bool:
    """Put an earlier version in force again; False if it is. Raises ActError."""
    allow(_PUBLISH, by)
    with write(engine) as connection:
        lock_common(connection)
        try:
            news = rulesets.activate(connection, number, by=by.id, now=now)
        except errors.NotFound as error:
            raise NotFound(str(error)) from error
        if news:
            record(connection, by, "rules.roll-back", str(number), now)
    return news
