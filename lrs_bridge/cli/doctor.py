"""`doctor`: what works, what does not, and what to do about it. One function a check, found in one table."""

from __future__ import annotations

import os
import shutil
import smtplib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import click
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from lrs_bridge import broker
from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.diagnosis import Diagnosis, Level
from lrs_bridge.cli.edge import DONE, PROBLEMS
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import Table, cell_text, show_json, show_tables
from lrs_bridge.cli.rules.standing import check_rules
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.errors import ConfigurationError
from lrs_bridge.settings import erasures
from lrs_bridge.store import due, outbox, pseudonyms, rulesets, schema, tombstones
from lrs_bridge.store.agendas import load_competencies
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.errors import StoreError
from lrs_bridge.store.sources import all_states
from lrs_bridge.store.tables.running import OutboxState
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.wording import counted, enumerated

CLOCK_SKEW_WARNED = timedelta(seconds=30)
DISK_WARNED = 1_000_000_000
DISK_FAILED = 100_000_000
#: How many of a kind are named; the others are counted.
SHOWN = 3


@click.command()
@json_option
@pass_session
def doctor(session: Session, as_json: bool) -> int:
    """Say what works, and what to do about the rest. Ends with 1 if something fails.

    Looked at are database, rules, competencies, sources, clocks, broker, mail, keys, erasures and disk.
    """
    with session.bridge(check_schema=False) as bridge:
        found = [each for check in CHECKS for each in check(bridge)]
    failed = any(each.level is Level.FAIL for each in found)
    if as_json:
        show_json({"ok": not failed, "checks": found})
    else:
        rows = [(each.level, each.check, each.message, each.advice) for each in found]
        show_tables([Table("", ("", "what", "found", "what to do"), rows)])
    return PROBLEMS if failed else DONE


def _database(bridge: Bridge) -> Iterator[Diagnosis]:
    try:
        schema.check(bridge.engine)
        with write(bridge.engine):
            """Nothing; but it shows that one could: a file can be read only, or in the hands of another program."""
    except StoreError as error:
        yield Diagnosis("database", Level.FAIL, *_message_and_advice(str(error)))
    else:
        yield Diagnosis("database", Level.OK, f"{bridge.settings.database.shown()}, layout of this version")


def _work(bridge: Bridge) -> Iterator[Diagnosis]:
    """Learners that could not be planned, and messages that were given up."""
    if not _is_laid_out(bridge):
        return
    with read(bridge.engine) as connection:
        failing = due.failing(connection)
        dead = outbox.counts(connection).get(OutboxState.DEAD, 0)
    if failing:
        message = f"{len(failing)} cannot be planned; the first: {cell_text(failing[0][2])[-300:]}"
        yield Diagnosis("learners", Level.WARN, message, "Mend the cause; they are tried again within an hour.")
    if dead:
        yield Diagnosis(
            "messages",
            Level.WARN,
            f"{dead} given up",
            "`lrs-bridge outbox list` says why; mend it, then run `lrs-bridge outbox retry --all`.",
        )


def _sources(bridge: Bridge) -> Iterator[Diagnosis]:
    for source in bridge.sources():
        health = source.check()
        level = Level.OK if health.ok else Level.FAIL
        yield Diagnosis(f"source {source.name}", level, health.message, health.advice)
        if health.clock_skew is not None and abs(health.clock_skew) > CLOCK_SKEW_WARNED:
            side = "ahead" if health.clock_skew > timedelta(0) else "behind"
            message = f"its clock is {cell_text(abs(health.clock_skew))} {side}"
            yield Diagnosis(f"clock {source.name}", Level.WARN, message, "Let both machines follow a time server.")
    if not bridge.sources():
        yield Diagnosis("sources", Level.WARN, "none is configured", "Add one under [[sources]].")


def _comparisons(bridge: Bridge) -> Iterator[Diagnosis]:
    """What the last comparison of a source with the store left open."""
    if not _is_laid_out(bridge):
        return
    with read(bridge.engine) as connection:
        states = [each for each in all_states(connection) if each.differences]
    for each in states:
        yield Diagnosis(
            f"arrived from {each.name}",
            Level.WARN,
            f"{counted(each.differences, 'statement')} differ between the source and what is kept",
            f"`lrs-bridge verify {each.name}` names them and says what to do about each.",
        )


def _rules(bridge: Bridge) -> Iterator[Diagnosis]:
    if _is_laid_out(bridge):
        yield from check_rules(bridge)


def _competencies(bridge: Bridge) -> Iterator[Diagnosis]:
    """What active rules are evidence of has to be declared, once anything is: no goal could ever ask for it."""
    if not _is_laid_out(bridge):
        return
    with read(bridge.engine) as connection:
        declared = {each.id for each in load_competencies(connection)}
        ruled = rulesets.active_number(connection) is not None
    if not declared or not ruled:
        return
    try:
        named = _named_by_active_rules(bridge.ruleset())
    except ConfigurationError as error:
        yield Diagnosis("competencies", Level.WARN, *_message_and_advice(str(error)))
        return
    unknown = sorted(named.keys() - declared)
    if not unknown:
        yield Diagnosis(
            "competencies", Level.OK, f"the strategy declares {len(declared)}, among them all that active rules name"
        )
        return
    shown = enumerated((f"{each} (rule {named[each]})" for each in unknown), SHOWN)
    advice = "Declare them under `competencies` and run `lrs-bridge strategy import`, or correct the rules."
    yield Diagnosis("competencies", Level.WARN, f"active rules name some that are not declared: {shown}", advice)


def _named_by_active_rules(ruleset: Ruleset) -> dict[str, str]:
    """Each competency that an active rule is evidence of, with one such rule."""
    active = (rule for rule in ruleset.rules if rule.status == "active")
    return {spec.competency: rule.id for rule in active for spec in rule.evidence if spec.competency}


def _broker(bridge: Bridge) -> Iterator[Diagnosis]:
    if bridge.settings.celery.in_memory:
        message = "in memory, as `lrs-bridge up` needs it; workers and beat of their own need one that others reach"
        yield Diagnosis("broker", Level.OK, message)
        return
    try:
        found = broker.ask(bridge.settings.celery.secret("broker"))
    except ConfigurationError as error:
        yield Diagnosis("broker", Level.FAIL, error.message, error.advice)
    else:
        yield Diagnosis("broker", Level.OK if found.ok else Level.FAIL, found.message, found.advice)


def _mail(bridge: Bridge) -> Iterator[Diagnosis]:
    if bridge.settings.delivery.channel != "mail":
        message = "messages are only counted in the log: nobody is told anything"
        yield Diagnosis("mail", Level.WARN, message, 'Set [delivery] channel = "mail" when people are to be told.')
        return
    mail = bridge.settings.mail
    kind = smtplib.SMTP_SSL if mail.tls == "tls" else smtplib.SMTP
    try:
        with kind(mail.host, mail.port, timeout=mail.timeout.total_seconds()) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        message = f"{mail.host}:{mail.port} does not answer ({type(error).__name__})"
        yield Diagnosis("mail", Level.FAIL, message, "Correct [mail] host, port and tls, or start the mail server.")
    else:
        yield Diagnosis("mail", Level.OK, f"{mail.host}:{mail.port} answers")


def _key(bridge: Bridge) -> Iterator[Diagnosis]:
    web = bridge.settings.web
    file = web.secret_key_file
    if web.secret_key is None and not file.exists() and os.access(file.parent, os.W_OK):
        yield Diagnosis("secret key", Level.OK, f"{file} will be made at the first start")
        return
    try:
        bridge.secret_key()  # as the pages will ask for it; where it cannot be made, this says why
    except ConfigurationError as error:
        yield Diagnosis("secret key", Level.FAIL, *_message_and_advice(str(error)))
        return
    if web.secret_key is None and file.stat().st_mode & 0o077:
        yield Diagnosis("secret key", Level.WARN, f"{file} can be read by others", f"Run `chmod 600 {file}`.")
        return
    yield Diagnosis("secret key", Level.OK, "there")


def _erasures(bridge: Bridge) -> Iterator[Diagnosis]:
    """That nobody who was erased can come back: the key is there, and database and erasures file agree."""
    if not _is_laid_out(bridge):
        return
    file = bridge.settings.privacy.erasures_file
    try:
        with read(bridge.engine) as connection:
            known = tombstones.all_marks(connection)
            tombstones.recogniser(connection, bridge.seal)
            nameless = pseudonyms.in_force(connection, bridge.seal)
        written = erasures.read(file)
    except (ConfigurationError, StoreError) as error:
        yield Diagnosis("erasures", Level.FAIL, *_message_and_advice(str(error)))
        return
    if nameless is not None:
        yield Diagnosis("pseudonyms", Level.OK, "no names and no addresses are kept")
    again = "Run `lrs-bridge people erase --again`."
    if written - known:
        message = f"{len(written - known)} erased identifiers are unknown to the database: an older backup was restored"
        yield Diagnosis("erasures", Level.FAIL, message, again)
    elif known - written:
        message = f"{file} lacks {len(known - written)} erased identifiers: a restored backup could not learn of them"
        yield Diagnosis("erasures", Level.WARN, message, again)
    elif known:
        yield Diagnosis("erasures", Level.OK, f"{len(known)} identifiers of erased people are turned away")


def _disk(bridge: Bridge) -> Iterator[Diagnosis]:
    url = make_url(bridge.settings.database.address())
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    folder = Path(url.database).resolve().parent
    if not folder.is_dir():
        yield Diagnosis("disk", Level.FAIL, f"there is no folder {folder}", "Make it, or correct [database] url.")
        return
    free = shutil.disk_usage(folder).free
    level = Level.FAIL if free < DISK_FAILED else Level.WARN if free < DISK_WARNED else Level.OK
    advice = "" if level is Level.OK else "Make room, or move the database."
    yield Diagnosis("disk", level, f"{free / 1e9:,.1f} GB free in {folder}", advice)


def _is_laid_out(bridge: Bridge) -> bool:
    try:
        schema.check(bridge.engine)
    except (StoreError, SQLAlchemyError):
        return False
    return True


def _message_and_advice(text: str) -> tuple[str, str]:
    """Errors of the store end with what to do: the part after the first full stop."""
    message, stop, advice = text.partition(". ")
    return (message, advice) if stop else (text, "")


#: The checks, in the order in which a person would go through them.
CHECKS: tuple[Callable[[Bridge], Iterator[Diagnosis]], ...] = (
    _database,
    _rules,
    _competencies,
    _sources,
    _comparisons,
    _work,
    _broker,
    _mail,
    _key,
    _erasures,
    _disk,
)
