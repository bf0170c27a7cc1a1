"""Why something came out as it did, or why nothing came of it: an answer for every id that somebody may ask about.

Finds what is meant, loads the learner's facts, and has `domain.examine` tell the story. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.examine import Examination, StatementTrace, examine_all, trace_statement
from lrs_bridge.domain.facts import Facts, Organisation, Previous, StatementFact
from lrs_bridge.domain.learner import Learner, is_ghost
from lrs_bridge.errors import UsageError
from lrs_bridge.store.load import load
from lrs_bridge.store.whereabouts import SHORTEST, KeptStatement, PutAside, Whereabouts, whereabouts
from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.statement import Statement, decode_statement
from lrs_bridge_rules.wording import enumerated

_NOBODY = Learner("")
_SHOWN = 10


class Case(StrEnum):
    """What the id turned out to be."""

    COMPLETION = "completion"
    STATEMENT = "statement"
    FILE = "file"
    VOIDED = "voided"
    VOIDING = "voiding"
    UNWANTED = "unwanted"
    UNKNOWN_ACTOR = "unknown-actor"
    SEVERAL_LEARNERS = "several-learners"
    QUARANTINE = "quarantine"
    UNREADABLE = "unreadable"
    GONE = "gone"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


#: What is no answer to the question why: something else has to be done first.
UNANSWERED = frozenset(
    (Case.SEVERAL_LEARNERS, Case.QUARANTINE, Case.UNREADABLE, Case.GONE, Case.AMBIGUOUS, Case.UNKNOWN)
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is, why, and what to do (`notes`); the completions with their derivation, statements that made none."""

    asked: str
    case: Case
    notes: tuple[str, ...] = ()
    learner_id: str = ""
    examinations: tuple[Examination, ...] = ()
    statements: tuple[StatementTrace, ...] = ()

    @property
    def answered(self) -> bool:
        return self.case not in UNANSWERED


@dataclass(frozen=True, slots=True)
class Explainer:
    """Answers questions about what is kept, under some rules, as of a moment. `learner_id`: whose is meant."""

    bridge: Bridge
    connection: Connection
    ruleset: Ruleset
    now: datetime
    learner_id: str | None = None

    def explain(self, wanted: str) -> Answer:
        """Answer for a statement's id, a completion's, or a record's in quarantine, or the beginning of one."""
        found = whereabouts(self.connection, wanted)
        if found.candidates:
            return _ambiguous(wanted, found.candidates)
        if found.completions:
            return self._completion(wanted, found)
        if found.statement is not None:
            return self._statement(wanted, found.statement)
        if found.put_aside:
            return _in_quarantine(wanted, found.put_aside)
        return Answer(wanted, Case.UNKNOWN, _unknown(wanted))

    def _completion(self, wanted: str, found: Whereabouts) -> Answer:
        owners = [each.learner_id for each in found.completions]
        owner = self._owner(owners)
        if owner is None:
            return Answer(wanted, Case.SEVERAL_LEARNERS, self._whose(owners, "completion"))
        own_id = found.completions[0].id
        examined = examine_all(self._facts(owner), self.ruleset, self.now, only=lambda seen: seen.id == own_id)
        if not examined:
            return Answer(wanted, Case.GONE, (_GONE,), owner)
        return Answer(wanted, Case.COMPLETION, _about(owner), owner, examined)

    def _statement(self, wanted: str, kept: KeptStatement) -> Answer:
        try:
            fact = StatementFact(kept.id, kept.source, decode_statement(kept.body))
        except StatementError as error:
            return Answer(wanted, Case.UNREADABLE, (_unreadable(error),))
        owner = self._owner(kept.owners) if kept.owners else None
        facts = self._facts(owner) if owner is not None else self._of_nobody(fact, voided=kept.voided_by is not None)
        trace = trace_statement(facts, self.ruleset, kept.id, self.now)
        traces = () if trace is None else (trace,)
        if kept.voids is not None:
            return Answer(wanted, Case.VOIDING, (_voiding(kept.voids),), owner or "", (), traces)
        if kept.voided_by is not None:
            return Answer(wanted, Case.VOIDED, (_voided(kept.voided_by),), owner or "", (), traces)
        if kept.owners and owner is None:
            notes = self._whose(kept.owners, "statement")
            return Answer(wanted, Case.SEVERAL_LEARNERS, notes, "", (), traces)
        examined = examine_all(facts, self.ruleset, self.now, only=lambda seen: kept.id in seen.statements)
        if not kept.owners:
            notes = (_ANONYMOUS if kept.anonymous else _UNKNOWN_ACTOR, _WITHOUT_LEARNER)
            return Answer(wanted, Case.UNKNOWN_ACTOR, notes, "", examined, () if examined else traces)
        if not examined:
            return Answer(wanted, Case.UNWANTED, (*_about(owner or ""), _UNWANTED), owner or "", (), traces)
        return Answer(wanted, Case.STATEMENT, _about(owner or ""), owner or "", examined)

    def _owner(self, owners: Sequence[str]) -> str | None:
        """Whose it is: the one who is meant among several. None where that is not said, or not true."""
        if self.learner_id is not None:
            return self.learner_id if self.learner_id in owners else None
        return owners[0] if len(owners) == 1 else None

    def _whose(self, owners: Sequence[str], what: str) -> tuple[str, ...]:
        ids = enumerated(owners, _SHOWN)
        if self.learner_id is not None:
            return (f"The {what} is not of the learner {self.learner_id}, but of {ids}.", "Name one of them, or none.")
        many = f"The {what} is of a group, and belongs to {len(owners)} learners: {ids}."
        return (many, "Each has a completion of their own; say whose is meant with --learner ID.")

    def _facts(self, learner_id: str) -> Facts:
        return load(self.connection, [learner_id], self.bridge.organisation(self.connection))[learner_id].facts

    def _of_nobody(self, fact: StatementFact, *, voided: bool) -> Facts:
        organisation = self.bridge.organisation(self.connection)
        return Facts(_NOBODY, organisation, (fact,), frozenset({fact.id} if voided else ()))


def explain_file(
    name: str, bodies: Sequence[bytes], ruleset: Ruleset, now: datetime, facts: Facts | None = None, source: str = ""
) -> Answer:
    """Answer for statements that are kept nowhere, as if one person had made them.

    `facts` are those of the learner whose contract, agenda and catalogue count; the statements take the place of the
    learner's own. Raises UsageError if one is no statement.
    """
    given = tuple(_read(number, body, source) for number, body in enumerate(bodies, start=1))
    voided = frozenset(fact.statement.voids for fact in given if fact.statement.voids is not None)
    known = facts if facts is not None else Facts(_NOBODY)
    own = replace(known, statements=given, voided=voided, attestations=(), follow_up_acts=(), previous=Previous())
    examined = examine_all(own, ruleset, now)
    told = {each for found in examined for each in found.completion.statements}
    others = tuple(
        trace
        for fact in given
        if fact.id not in told and (trace := trace_statement(own, ruleset, fact.id, now)) is not None
    )
    notes = (_WITHOUT_LEARNER,) if not known.learner.id else ()
    return Answer(name, Case.FILE, notes, known.learner.id, examined, others)


def facts_without_learner(organisation: Organisation) -> Facts:
    """The facts about nobody, where the organisation is known."""
    return Facts(_NOBODY, organisation)


def _read(number: int, body: bytes, source: str) -> StatementFact:
    try:
        statement: Statement = decode_statement(body)
    except StatementError as error:
        raise UsageError(f"Statement {number} of the file cannot be read: {error.reason}.", "Correct it.") from None
    return StatementFact((statement.id or "").lower() or f"statement {number}", source, statement)


def _ambiguous(wanted: str, candidates: Sequence[str]) -> Answer:
    many = (
        f"Several ids begin with {wanted}: {', '.join(candidates[:_SHOWN])}{' …' if len(candidates) > _SHOWN else ''}."
    )
    return Answer(wanted, Case.AMBIGUOUS, (many, "Give more of it."))


def _in_quarantine(wanted: str, records: Sequence[PutAside]) -> Answer:
    notes = [f"It is in quarantine as {each.id} ({each.state}), from {each.source}: {each.reason}." for each in records]
    advice = "Mend what is wrong at the source or in the rules, then `lrs-bridge quarantine replay` takes it in."
    return Answer(wanted, Case.QUARANTINE, (*notes, advice))


def _unknown(wanted: str) -> tuple[str, ...]:
    short = (f"The beginning of an id needs {SHORTEST} characters or more.",) if len(wanted) < SHORTEST else ()
    return ("No completion, no statement and nothing in quarantine has this id.", *short, _NOT_KEPT, _LOOK)


def _about(owner: str) -> tuple[str, ...]:
    return (_ERASED,) if is_ghost(owner) else ()


def _voided(by: str) -> str:
    return f"It was voided by the statement {by}, and counts for nothing: the results are as if it had never been."


def _voiding(target: str) -> str:
    return f"It voids the statement {target}, and says nothing else. A voiding statement cannot be voided itself."


def _unreadable(error: StatementError) -> str:
    return f"It is kept, and this version cannot read it: {error.reason}. It counts for nothing until it can be read."


_NOT_KEPT = (
    "A statement is not kept if no completion definition wants it (noise, which is only counted), if it has not been "
    "pulled yet, or if it is of somebody who was erased."
)
_LOOK = (
    "Why a definition wants it or not: save it to a file, and run `lrs-bridge rules explain --file FILE`. "
    "`lrs-bridge verify SOURCE` says whether anything is missing."
)
_GONE = (
    "Nothing that is kept comes to this completion by these rules: their definitions do not want its statements, or "
    "the facts have changed since it was worked out; then it changes or goes at the next `lrs-bridge reconcile`."
)
_UNWANTED = (
    "It is kept, and no completion comes of it: no definition of these rules wants it, though those in force when it "
    "came did."
)
_UNKNOWN_ACTOR = (
    "Its actor is linked to no learner, so it counts for nobody. Link the identifier: import the learners with it in "
    "the column `identities`; everything that it sent counts from then on."
)
_ANONYMOUS = "It names nobody: an anonymous group, or an actor without identifier, can be linked to no learner."
_WITHOUT_LEARNER = "It is told here as for somebody without unit, job, contract and agenda (--learner ID names one)."
_ERASED = (
    "It is of somebody who was erased: what results depend on was kept, everything else is gone, and there is nobody "
    "to tell anything to."
)
