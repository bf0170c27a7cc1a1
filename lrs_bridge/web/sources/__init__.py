"""Sources: how fresh each is, what could not be taken in, who is not known, and what no definition wants."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lrs_bridge.acts import quarantine as acts
from lrs_bridge.jobs.sorting import sorter_for
from lrs_bridge.store import quarantine as store
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models import (
    History,
    NoiseKind,
    QuarantinedRecord,
    UnknownActor,
    noise_kinds,
    quarantined,
    source_states,
    unknown_actors,
)
from lrs_bridge.store.tables import BackfillState, QuarantineState
from lrs_bridge.web.access import Permission, needs
from lrs_bridge.web.current import formats, now, the_bridge
from lrs_bridge.web.formats import short_type, span
from lrs_bridge.web.looks import LOOKS
from lrs_bridge.web.tables.columns import Badge, Choice, Column, Empty, Moment, Number, Table, Text
from lrs_bridge.web.tables.show import show

room = Blueprint("sources", __name__, url_prefix="/sources")


FATES = {
    acts.Fate.STORED: "It was taken in. What follows from it shows after the next reconcile.",
    acts.Fate.DUPLICATE: "It is known already, and says nothing new.",
    acts.Fate.NOISE: "It can be read now; no definition wants it, so it was only counted.",
    acts.Fate.ERASED: "It is of somebody who was erased, and was thrown away.",
    acts.Fate.STILL_WAITING: "It still cannot be taken in: {reason}",
}


@room.get("")
@needs(Permission.READ)
def page() -> ResponseReturnValue:
    settings = the_bridge().settings
    stale_after = settings.schedule.stale_after
    with read(the_bridge().engine) as connection:
        states = source_states(connection, now(), names=settings.source_names, stale_after=stale_after)
    return render_template("sources/page.html", states=states, stale=span(stale_after), history_line=_history_line)


def _history_line(history: History) -> str:
    """How much of a source's past is here, and when the rest will be."""
    share = f"{history.share:.0%} of its history is here ({history.read:,} statements)"
    if history.state is BackfillState.CANCELLED:
        return f"{share}; somebody put a stop to reading the rest. “lrs-bridge backfill” goes on with it."
    if history.failing:
        return f"{share}; part of the rest could not be read and is tried again: {history.error}"
    left = "" if history.left is None else f" Left: about {span(history.left)}."
    return f"{share}; the rest is being read.{left} What happens today comes in meanwhile."


def _held_state(row: QuarantinedRecord) -> Badge:
    look = LOOKS[row.state]
    return Badge(look.word, look.tone, look.icon, small=f"by {row.settled_by}" if row.settled_by else "")


QUARANTINE: Table[QuarantinedRecord] = Table(
    name="quarantine",
    caption="Records that could not be taken in",
    columns=(
        Column("Why", lambda r: Text(r.reason, url_for("sources.record", record_id=r.id)), "reason"),
        Column("Source", lambda r: Text(r.source), "source"),
        Column("State", _held_state),
        Column("Statement", lambda r: Text("", copy=r.statement_id or "")),
        Column("Bytes", lambda r: Number(r.size), "size", numeric=True),
        Column("Received", lambda r: Moment(r.at), "at"),
    ),
    empty=Empty("The quarantine is empty", "Every record that came could be read and taken in."),
    choices=(Choice("state", "State", tuple((each.value, LOOKS[each].word) for each in QuarantineState)),),
    hidden=(("source", "Source"),),
    search="Reason or statement",
    order=("at", True),
)

ACTORS: Table[UnknownActor] = Table(
    name="unknown-actors",
    caption="Identifiers that are linked to no learner",
    columns=(
        Column("Identifier", lambda r: Text("", copy=r.ifi), "ifi"),
        Column("Statements", lambda r: Number(r.statements), "statements", numeric=True),
        Column("Sources", lambda r: Number(r.sources), numeric=True),
        Column("First received", lambda r: Moment(r.first_seen), "first_seen"),
        Column("Last received", lambda r: Moment(r.last_seen), "last_seen"),
    ),
    empty=Empty("Everybody is known", "Each identifier in the statements is linked to a learner."),
    hidden=(("source", "Source"),),
    search="Identifier",
    order=("statements", True),
)

NOISE: Table[NoiseKind] = Table(
    name="noise",
    caption="Statements that no definition wants",
    columns=(
        Column("Verb", lambda r: Text(short_type(r.verb), copy=r.verb), "verb", identified=True),
        Column(
            "Activity type",
            lambda r: Text(short_type(r.activity_type) or "–", copy=r.activity_type),
            "activity_type",
            identified=True,
        ),
        Column("Source", lambda r: Text(r.source), "source"),
        Column("Statements", lambda r: Number(r.statements), "statements", numeric=True),
        Column("Last day", lambda r: Text(formats().day(r.last_day)), "last_day"),
    ),
    empty=Empty("No noise", "Every statement that came is wanted by some completion definition."),
    hidden=(("source", "Source"),),
    search="Verb or activity type",
    order=("statements", True),
)


@room.get("/quarantine")
@needs(Permission.READ)
def quarantine() -> ResponseReturnValue:
    return show(QUARANTINE, quarantined, "sources/quarantine.html")


@room.get("/quarantine/<record_id>")
@needs(Permission.READ)
def record(record_id: str) -> ResponseReturnValue:
    """One record, whole, with the reason why it lies here."""
    with read(the_bridge().engine) as connection:
        held = store.get(connection, record_id)
    return render_template("sources/record.html", held=held)


@room.post("/quarantine/<record_id>/replay")
@needs(Permission.CHANGE)
def replay(record_id: str) -> ResponseReturnValue:
    """Try to take the record in again, under today's rules."""
    done = acts.replay(the_bridge(), current_user.actor, record_id, now(), sorter_for=sorter_for)
    flash(FATES[done.fate].format(reason=done.reason))
    return redirect(url_for("sources.record", record_id=record_id), 303)


@room.get("/unknown-actors")
@needs(Permission.READ)
def actors() -> ResponseReturnValue:
    return show(ACTORS, unknown_actors, "sources/actors.html")


@room.get("/noise")
@needs(Permission.READ)
def noise() -> ResponseReturnValue:
    return show(NOISE, noise_kinds, "sources/noise.html")
