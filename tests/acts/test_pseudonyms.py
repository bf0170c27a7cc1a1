"""An installation that keeps no names: nobody's stands anywhere, and results are those of one that does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from lrs_bridge.acts import imports, people, privacy, rules
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.acts.errors import ActRefused
from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import pull, reconcile
from lrs_bridge.settings import SettingsError, load_settings
from lrs_bridge.store import schema
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.errors import Refused
from lrs_bridge.store.read_models.funnel import funnel
from lrs_bridge.store.tables import CompletionRow, LearnerRow, QuarantineRow, SourceRow
from support.builders import EXCEL, NOON
from support.installation import LMS, STATEMENTS, a_statement, an_installation, fill, write_files
from support.scanning import traces

NOW = NOON + timedelta(days=1)
MAILED = a_statement(17, "completed", EXCEL, NOON, actor={"mbox": "mailto:alice@example.org", "name": "Alice Learner"})
TAUGHT = a_statement(18, "completed", EXCEL, NOON, context={"instructor": {"mbox": "mailto:mona@example.org"}})
NAMES = ["Alice", "Ben Learner", "Mona Manager", "alice@example.org", "mona@example.org", f"{LMS}|17", "mailto:"]


@pytest.fixture
def nameless(tmp_path: Path) -> Iterator[Bridge]:
    """The small installation, from its first day on without names."""
    config = write_files(tmp_path, [*STATEMENTS, MAILED, TAUGHT])
    text = config.read_text("utf-8").replace("[privacy]", "[privacy]\npseudonyms = true")
    config.write_text(text, "utf-8")
    with (tmp_path / "statements.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"actor": {"mbox": "mailto:alice@example.org"}, "ver\n')
    with Bridge.open(load_settings(config, {}), clock=lambda: NOW) as bridge:
        set_up(bridge, tmp_path)
        yield bridge


def set_up(bridge: Bridge, folder: Path) -> None:
    schema.upgrade(bridge.engine)
    rules.publish_files(bridge.engine, [folder / "rules"], "the first", OPERATOR, NOW)
    imports.learners(bridge.engine, OPERATOR, folder / "learners.csv", NOW, seal=bridge.seal)
    imports.strategy(bridge.engine, OPERATOR, folder / "strategy.yaml", NOW)
    imports.catalogue(bridge.engine, OPERATOR, folder / "catalogue.yaml", NOW)
    imports.agendas(bridge.engine, OPERATOR, folder / "agendas.yaml", NOW)
    imports.contracts(bridge.engine, OPERATOR, folder / "contracts.yaml", NOW)
    pull(bridge, bridge.sources()[0], NOW)
    reconcile(bridge, NOW)


def test_no_name_and_no_address_is_anywhere_in_the_database(nameless: Bridge) -> None:
    assert traces(nameless.engine, NAMES) == set()


def test_statements_find_their_learner_all_the_same(nameless: Bridge) -> None:
    with read(nameless.engine) as connection:
        found = set(connection.execute(select(CompletionRow.learner_id)).scalars())

    assert found == {"al", "ben"}


def test_results_are_those_of_an_installation_that_keeps_names(nameless: Bridge, tmp_path: Path) -> None:
    named = tmp_path / "named"
    config = write_files(named, [*STATEMENTS, MAILED, TAUGHT])
    with Bridge.open(load_settings(config, {}), clock=lambda: NOW) as bridge:
        fill(bridge, named, NOW)
        with read(bridge.engine) as there, read(nameless.engine) as here:
            assert funnel(there) == funnel(here)


def test_people_stand_under_their_ids(nameless: Bridge) -> None:
    with read(nameless.engine) as connection:
        names = connection.execute(select(LearnerRow.id, LearnerRow.name, LearnerRow.email)).all()

    assert {tuple(each) for each in names} == {("mo", "mo", ""), ("al", "al", ""), ("ben", "ben", "")}


def test_of_what_cannot_be_read_a_hash_is_kept(nameless: Bridge) -> None:
    with read(nameless.engine) as connection:
        bodies = list(connection.execute(select(QuarantineRow.body)).scalars())

    assert len(bodies) == 2
    assert {tuple(json.loads(body)) for body in bodies} == {("withheld",)}


def test_reading_and_importing_again_changes_nothing(nameless: Bridge, tmp_path: Path) -> None:
    again = imports.learners(nameless.engine, OPERATOR, tmp_path / "learners.csv", NOW, seal=nameless.seal)
    with write(nameless.engine) as connection:
        connection.execute(update(SourceRow).values(cursor=None))
    report = pull(nameless, nameless.sources()[0], NOW)

    assert (again.new, again.changed) == (0, 0)
    assert (report.new, report.quarantined) == (0, 0)


def test_somebody_is_erased_by_an_address_that_is_not_kept(nameless: Bridge) -> None:
    done = privacy.erase(nameless, OPERATOR, "alice@example.org", "asked for it", NOW)
    with write(nameless.engine) as connection:
        connection.execute(update(SourceRow).values(cursor=None))
    report = pull(nameless, nameless.sources()[0], NOW)

    assert (done.statements, done.same) == (3, True)
    assert report.new == 0
    with read(nameless.engine) as connection:
        assert connection.execute(select(SourceRow.erased)).scalar_one() == 3


def test_without_the_setting_nothing_is_taken_into_it(nameless: Bridge, tmp_path: Path) -> None:
    config = tmp_path / "lrs_bridge.toml"
    config.write_text(config.read_text("utf-8").replace("pseudonyms = true", ""), "utf-8")
    with Bridge.open(load_settings(config, {}), clock=lambda: NOW) as careless:
        with pytest.raises(Refused, match="keeps no names"):
            imports.learners(careless.engine, OPERATOR, tmp_path / "learners.csv", NOW, seal=careless.seal)
        with pytest.raises(Refused, match="keeps no names"):
            imports.learners(careless.engine, OPERATOR, tmp_path / "learners.csv", NOW)


def test_with_another_key_nothing_is_taken_into_it(nameless: Bridge, tmp_path: Path) -> None:
    (tmp_path / "privacy-key").write_text("o" * 64, "utf-8")
    with Bridge.open(nameless.settings, clock=lambda: NOW) as other, pytest.raises(Refused, match="not the one"):
        imports.learners(other.engine, OPERATOR, tmp_path / "learners.csv", NOW, seal=other.seal)


def test_a_database_with_names_does_not_lose_them_by_a_setting(tmp_path: Path) -> None:
    with an_installation(tmp_path):
        pass
    config = tmp_path / "lrs_bridge.toml"
    config.write_text(config.read_text("utf-8").replace("[privacy]", "[privacy]\npseudonyms = true"), "utf-8")
    with (
        Bridge.open(load_settings(config, {}), clock=lambda: NOW) as bridge,
        pytest.raises(Refused, match="holds people under their names"),
    ):
        imports.learners(bridge.engine, OPERATOR, tmp_path / "learners.csv", NOW, seal=bridge.seal)


def test_identifiers_are_not_linked_by_hand(nameless: Bridge) -> None:
    with pytest.raises(ActRefused, match="keeps no names"):
        people.link(nameless.engine, OPERATOR, "mailto:alice@example.com", "al", NOW)


def test_messages_cannot_be_mailed_to_people_without_addresses(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(
        '[privacy]\npseudonyms = true\n[delivery]\nchannel = "mail"\n[mail]\nhost = "mail.example.org"\n'
        'sender = "learning@example.org"\n',
        "utf-8",
    )

    with pytest.raises(SettingsError, match=r"delivery\.channel: .*no address is known"):
        load_settings(file, {})
