"""Decisions of administrators, identities linked by hand, accounts, rules, quarantine."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from lrs_bridge.acts import decisions, people, quarantine, rules
from lrs_bridge.acts.actor import OPERATOR, AccountRole, Actor
from lrs_bridge.acts.errors import ActRefused, NotAllowed, NotFound
from lrs_bridge.acts.quarantine import Fate
from lrs_bridge.acts.rules import TestsFailed
from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.agenda import Competency
from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.facts import DecisionKind
from lrs_bridge.jobs import reconcile
from lrs_bridge.jobs.sorting import sorter_for
from lrs_bridge.store import quarantine as store
from lrs_bridge.store import rulesets
from lrs_bridge.store.agendas import Strategy, save_strategy
from lrs_bridge.store.due import count_due
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.ingest import Rejected
from lrs_bridge.store.tables import CompletionRow
from lrs_bridge_rules.errors import DocumentError
from support.builders import NOON, PAINTING, UNKNOWN
from support.installation import LMS, PUBLISHABLE

NOW = NOON + timedelta(days=3)
MONA = Actor("mona", AccountRole.MANAGER, "mo")


def completion(engine: Engine, activity: str) -> str:
    with read(engine) as connection:
        query = select(CompletionRow.id).where(CompletionRow.activity_id == activity)
        return connection.execute(query).scalar_one()


def standing(bridge: Bridge, activity: str) -> Standing:
    reconcile(bridge, NOW)
    with read(bridge.engine) as connection:
        query = select(CompletionRow.standing).where(CompletionRow.activity_id == activity)
        return connection.execute(query).scalar_one()


def test_an_excluded_activity_counts_for_nobody(bridge: Bridge) -> None:
    decisions.decide(bridge.engine, OPERATOR, DecisionKind.EXCLUDE, PAINTING, "A hobby", NOW)

    assert standing(bridge, PAINTING) is Standing.EXCLUDED


def test_an_undone_decision_holds_no_longer(bridge: Bridge) -> None:
    decision = decisions.decide(bridge.engine, OPERATOR, DecisionKind.EXCLUDE, PAINTING, "A hobby", NOW)
    decisions.undo(bridge.engine, OPERATOR, decision.id, NOW)

    assert standing(bridge, PAINTING) is Standing.OFF_CONTRACT


def test_a_decision_is_undone_once(lived_in: Engine) -> None:
    decision = decisions.decide(lived_in, OPERATOR, DecisionKind.EXCLUDE, PAINTING, "A hobby", NOW)
    decisions.undo(lived_in, OPERATOR, decision.id, NOW)

    with pytest.raises(ActRefused, match="undone already"):
        decisions.undo(lived_in, OPERATOR, decision.id, NOW)


def test_a_decision_that_was_never_made_cannot_be_undone(lived_in: Engine) -> None:
    with pytest.raises(NotFound):
        decisions.undo(lived_in, OPERATOR, "nothing", NOW)


def test_an_unmatched_completion_can_be_linked_to_a_goal(bridge: Bridge) -> None:
    subject = completion(bridge.engine, UNKNOWN)
    decisions.decide(
        bridge.engine, OPERATOR, DecisionKind.LINK_TO_GOAL, subject, "It is about that", NOW, object="al-sheets"
    )

    assert standing(bridge, UNKNOWN) is Standing.MATCHED


def test_a_completion_is_not_linked_to_somebody_elses_goal(lived_in: Engine) -> None:
    subject = completion(lived_in, PAINTING)
    with pytest.raises(NotFound):
        decisions.decide(lived_in, OPERATOR, DecisionKind.LINK_TO_GOAL, subject, "Why not", NOW, object="al-sheets")


def test_an_activity_is_mapped_to_a_competency(bridge: Bridge) -> None:
    decisions.decide(
        bridge.engine, OPERATOR, DecisionKind.MAP_ACTIVITY, UNKNOWN, "Same thing", NOW, object="spreadsheets"
    )

    assert standing(bridge, UNKNOWN) is Standing.MATCHED


def test_an_activity_is_mapped_to_a_declared_competency_once_any_is(bridge: Bridge) -> None:
    with write(bridge.engine) as connection:
        save_strategy(connection, Strategy(competencies=(Competency("spreadsheets", "Spreadsheets"),)), NOW)

    with pytest.raises(ActRefused, match="no competency 'spreadsheet', did you mean 'spreadsheets'"):
        decisions.decide(
            bridge.engine, OPERATOR, DecisionKind.MAP_ACTIVITY, UNKNOWN, "Same thing", NOW, object="spreadsheet"
        )


def test_a_mapping_without_a_competency_is_refused(lived_in: Engine) -> None:
    with pytest.raises(ActRefused, match="Say to which"):
        decisions.decide(lived_in, OPERATOR, DecisionKind.MAP_ACTIVITY, UNKNOWN, "Same thing", NOW)


def test_a_manager_decides_nothing(lived_in: Engine) -> None:
    with pytest.raises(NotAllowed):
        decisions.decide(lived_in, MONA, DecisionKind.EXCLUDE, PAINTING, "A hobby", NOW)


def test_a_linked_identifier_brings_its_statements_along(bridge: Bridge) -> None:
    assert people.link(bridge.engine, OPERATOR, f"account:{LMS}|99", "ben", NOW)
    report = reconcile(bridge, NOW)

    assert report.inserted > 0


def test_linking_what_is_linked_so_is_no_news(lived_in: Engine) -> None:
    assert not people.link(lived_in, OPERATOR, f"account:{LMS}|17", "al", NOW)


def test_an_identifier_of_somebody_else_is_not_taken_away(lived_in: Engine) -> None:
    with pytest.raises(ActRefused, match="belongs to the learner 'al'"):
        people.link(lived_in, OPERATOR, f"account:{LMS}|17", "ben", NOW)


def test_an_unlinked_identifier_is_nobodys(lived_in: Engine) -> None:
    people.unlink(lived_in, OPERATOR, f"account:{LMS}|17", NOW)

    assert people.link(lived_in, OPERATOR, f"account:{LMS}|17", "ben", NOW)


@pytest.mark.parametrize("ifi", ["", "alice", "mbox:", "account:https://lms.example.org", "sha1:abc"])
def test_what_is_no_identifier_is_refused_with_what_is_expected(lived_in: Engine, ifi: str) -> None:
    with pytest.raises(ActRefused, match=r"(?i)expected"):
        people.link(lived_in, OPERATOR, ifi, "al", NOW)


def test_publishing_puts_a_new_version_in_force_and_makes_everybody_due(lived_in: Engine) -> None:
    changed = PUBLISHABLE.replace("mastery: 85", "mastery: 90")
    published = rules.publish(lived_in, {"organisation.yaml": changed}, "stricter", OPERATOR, NOW)

    with read(lived_in) as connection:
        assert (published.number, published.new, rulesets.active_number(connection)) == (2, True, 2)
        assert count_due(connection, NOW) == 3


def test_publishing_what_is_in_force_changes_nothing(lived_in: Engine, tmp_path: Path) -> None:
    published = rules.publish_files(lived_in, [tmp_path / "rules"], "again", OPERATOR, NOW)

    assert (published.number, published.new) == (1, False)


def test_rules_that_fail_their_own_tests_are_not_published(lived_in: Engine) -> None:
    wrong = PUBLISHABLE.replace("expect: no-match", "expect: match")
    with pytest.raises(TestsFailed, match=r"excel-courses: another course\n +expected match\n +got no-match"):
        rules.publish(lived_in, {"organisation.yaml": wrong}, "wrong", OPERATOR, NOW)

    with read(lived_in) as connection:
        assert rulesets.active_number(connection) == 1


def test_rules_with_mistakes_are_refused_with_all_of_them(lived_in: Engine) -> None:
    with pytest.raises(DocumentError) as refused:
        rules.publish(lived_in, {"x.yaml": "rulez: []\nwaste: {mastery: high}\n"}, "wrong", OPERATOR, NOW)

    assert len(refused.value.problems) == 2


def test_an_earlier_version_can_be_put_in_force_again(lived_in: Engine) -> None:
    rules.publish(lived_in, {"o.yaml": PUBLISHABLE.replace("mastery: 85", "mastery: 90")}, "stricter", OPERATOR, NOW)

    assert rules.roll_back(lived_in, 1, "it was too strict", OPERATOR, NOW)
    assert not rules.roll_back(lived_in, 1, "it was too strict", OPERATOR, NOW)
    with pytest.raises(NotFound):
        rules.roll_back(lived_in, 7, "no such", OPERATOR, NOW)


def the_record(bridge: Bridge) -> str:
    with read(bridge.engine) as connection:
        [held] = store.find(connection)
        return held.id


def test_a_record_that_is_still_broken_goes_on_waiting(bridge: Bridge) -> None:
    done = quarantine.replay(bridge, OPERATOR, the_record(bridge), NOW, sorter_for=sorter_for)

    assert done.fate is Fate.STILL_WAITING
    assert "verb" in done.reason


def test_a_record_that_can_be_understood_now_is_taken_in(bridge: Bridge) -> None:
    body = (
        b'{"id": "a0000000-0000-4000-8000-000000000001", "timestamp": "2026-03-02T10:00:00Z",'
        b'"actor": {"mbox": "mailto:ben@example.org"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},'
        b'"object": {"id": "https://lms.example.org/new"}}'
    )
    with write(bridge.engine) as connection:
        store.put(connection, "lms", [Rejected("a0000000-0000-4000-8000-000000000001", body, "an older reader")], NOW)
        waiting = [each.id for each in store.find(connection) if each.reason == "an older reader"]

    [done] = quarantine.replay_all(bridge, OPERATOR, waiting, NOW, sorter_for=sorter_for)

    assert done.fate is Fate.STORED
    assert standing(bridge, "https://lms.example.org/new") is Standing.UNMATCHED
    with pytest.raises(ActRefused, match="replayed already"):
        quarantine.replay(bridge, OPERATOR, waiting[0], NOW, sorter_for=sorter_for)


def test_a_dismissed_record_waits_no_longer(bridge: Bridge) -> None:
    record = the_record(bridge)
    quarantine.dismiss(bridge, OPERATOR, record, NOW)

    with read(bridge.engine) as connection:
        assert store.count(connection) == 0
    with pytest.raises(ActRefused, match="dismissed already"):
        quarantine.dismiss(bridge, OPERATOR, record, NOW)
