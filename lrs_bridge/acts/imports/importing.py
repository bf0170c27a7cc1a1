"""The acts themselves: check a whole file against what is known, then save it, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from sqlalchemy import Connection, Engine

from lrs_bridge.acts.actor import Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.errors import ImportRefused
from lrs_bridge.acts.imports import contract_rows, learner_rows
from lrs_bridge.acts.imports.agenda_documents import read_agendas
from lrs_bridge.acts.imports.catalogue_documents import read_catalogue
from lrs_bridge.acts.imports.contract_documents import read_contracts
from lrs_bridge.acts.imports.files import TABLES, documents_of, items_of, rows_of
from lrs_bridge.acts.imports.known import Known, as_it_is, nobody_was_erased
from lrs_bridge.acts.imports.strategy_documents import read_strategy
from lrs_bridge.acts.permission import allow
from lrs_bridge.domain.learner import Identity
from lrs_bridge.store import agendas as agendas_store
from lrs_bridge.store import catalogue as catalogue_store
from lrs_bridge.store import contracts as contracts_store
from lrs_bridge.store import people, pseudonyms, tombstones
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.locks import lock_facts
from lrs_bridge.store.rows import Saved
from lrs_bridge.store.seal import SealFor
from lrs_bridge_rules.documents.tree import Problems
from lrs_bridge_rules.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to. `removed` counts needs that a strategy no longer names."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    def __str__(self) -> str:
        removed = f", {self.removed} removed" if self.removed else ""
        return f"{self.new} new, {self.changed} changed, {self.unchanged} unchanged{removed}"


def learners(
    engine: Engine,
    by: Actor,
    paths: Path | Sequence[Path],
    now: datetime,
    *,
    check_only: bool = False,
    seal: SealFor | None = None,
) -> Imported:
    """Learners from CSV files. Raises ImportRefused with everything that is wrong; then nothing was imported.

    `seal` recognises people who were erased; where there are any, nobody is imported without it (store.errors.Refused).
    """
    problems = Problems()
    rows = rows_of(_several(paths), learner_rows.COLUMNS, problems)
    with _transaction(engine, by, check_only=check_only) as connection:
        nameless = pseudonyms.in_force(connection, seal)
        known = replace(
            _known(connection, identities=True),
            as_kept=as_it_is if nameless is None else nameless.pseudonym,
            is_erased=_recogniser(connection, seal),
        )
        file = learner_rows.read_learners(rows, known, problems)
        _refuse(problems)
        identities = [Identity(ifi, owner, now) for ifi, owner in file.identities.items()]
        kept = file.learners if nameless is None else [replace(each, name=each.id, email="") for each in file.learners]
        saved = people.save_learners(connection, kept, identities, now)
        return _done(connection, by, "learners", saved, now)


def catalogue(
    engine: Engine, by: Actor, paths: Path | Sequence[Path], now: datetime, *, check_only: bool = False
) -> Imported:
    """Activities from YAML files. Raises ImportRefused."""
    problems = Problems()
    nodes = items_of(documents_of(_several(paths), problems), "activities", problems)
    with _transaction(engine, by, check_only=check_only) as connection:
        activities = read_catalogue(nodes, _known(connection), problems)
        _refuse(problems)
        return _done(connection, by, "catalogue", catalogue_store.save_catalogue(connection, activities, now), now)


def agendas(
    engine: Engine, by: Actor, paths: Path | Sequence[Path], now: datetime, *, check_only: bool = False
) -> Imported:
    """Growth agendas from YAML files. Raises ImportRefused."""
    problems = Problems()
    nodes = items_of(documents_of(_several(paths), problems), "agendas", problems)
    with _transaction(engine, by, check_only=check_only) as connection:
        wants = read_agendas(nodes, _known(connection), problems)
        _refuse(problems)
        return _done(connection, by, "agendas", agendas_store.save_wants(connection, wants, now), now)


def strategy(
    engine: Engine, by: Actor, paths: Path | Sequence[Path], now: datetime, *, check_only: bool = False
) -> Imported:
    """The organisation's strategy from YAML files, which together are the whole of it. Raises ImportRefused."""
    problems = Problems()
    documents = documents_of(_several(paths), problems)
    with _transaction(engine, by, check_only=check_only) as connection:
        read_from = read_strategy(documents, _known(connection), problems)
        _refuse(problems)
        chain = agendas_store.Strategy(
            read_from.objectives, read_from.initiatives, read_from.needs, read_from.competencies
        )
        saved = agendas_store.save_strategy(connection, chain, now)
        saved += people.save_units(connection, read_from.partners)
        gone = {each.id for each in agendas_store.load_needs(connection)} - {each.id for each in read_from.needs}
        removed = agendas_store.remove_needs(connection, gone, now)
        return _done(connection, by, "strategy", saved, now, removed=removed)


def contracts(
    engine: Engine,
    by: Actor,
    paths: Path | Sequence[Path],
    now: datetime,
    *,
    time_zone: tzinfo = UTC,
    follow_ups: Collection[str] = (),
    check_only: bool = False,
) -> Imported:
    """Contracts from YAML files (everything) and CSV files (one goal a row). Raises ImportRefused.

    A day stands for its first moment in `time_zone`. `follow_ups`: the templates that the rules in force have.
    """
    problems = Problems()
    tables, documents = _by_ending(_several(paths))
    nodes = [
        *items_of(documents_of(documents, problems), "contracts", problems),
        *contract_rows.contracts_of(rows_of(tables, contract_rows.COLUMNS, problems), problems),
    ]
    with _transaction(engine, by, check_only=check_only) as connection:
        known = replace(_known(connection), time_zone=time_zone, follow_ups=frozenset(follow_ups))
        read_from = read_contracts(nodes, known, problems)
        _refuse(problems)
        return _done(connection, by, "contracts", contracts_store.save_contracts(connection, read_from, now), now)


def _recogniser(connection: Connection, seal: SealFor | None) -> Callable[[str, Sequence[str]], bool]:
    """Says of a learner's id and identifiers whether they were erased."""
    own = tombstones.recogniser(connection, seal)
    if own is None:
        return nobody_was_erased

    def is_erased(learner_id: str, ifis: Sequence[str]) -> bool:
        return bool(tombstones.known_marks(connection, tombstones.marks_of(own, learner_id, ifis)))

    return is_erased


def _several(paths: Path | Sequence[Path]) -> Sequence[Path]:
    return [paths] if isinstance(paths, Path) else paths


def _by_ending(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Tables and documents. A folder may hold both; what is neither goes to the documents, which refuse it."""
    tables = [path for path in paths if path.is_dir() or path.suffix.lower() in TABLES]
    return tables, [path for path in paths if path.is_dir() or path not in tables]


@contextmanager
def _transaction(engine: Engine, by: Actor, *, check_only: bool) -> Iterator[Connection]:
    """A transaction for whoever may import; one that is rolled back when only checking."""
    allow("import", by)
    with (read if check_only else write)(engine) as connection:
        if not check_only:
            lock_facts(connection)  # one import after the other: each compares a file with what is there
        yield connection


def _refuse(problems: Problems) -> None:
    try:
        problems.raise_if_any()
    except DocumentError as error:
        raise ImportRefused(error.problems) from None


def _done(connection: Connection, by: Actor, what: str, saved: Saved, now: datetime, *, removed: int = 0) -> Imported:
    """Leave a line in the audit if anything came of it."""
    imported = Imported(saved.new, saved.changed, saved.unchanged, removed)
    if imported.new or imported.changed or imported.removed:
        counts = {"new": str(imported.new), "changed": str(imported.changed), "removed": str(imported.removed)}
        record(connection, by, f"import.{what}", what, now, **counts)
    return imported


def _known(connection: Connection, *, identities: bool = False) -> Known:
    chain = agendas_store.load_strategy(connection)
    return Known(
        learners={each.id: each for each in people.all_learners(connection)},
        identities=people.all_identities(connection) if identities else {},
        competencies=frozenset(each.id for each in chain.competencies),
        objectives=frozenset(each.id for each in chain.objectives),
        initiatives=frozenset(each.id for each in chain.initiatives),
        activities=catalogue_store.load_catalogue(connection).activities,
        contracts={each.id: each for each in contracts_store.all_contracts(connection)},
    )
