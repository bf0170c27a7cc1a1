import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, text, update

from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.follow_up import FollowUpAct, FollowUpActKind, FollowUpState
from lrs_bridge.domain.learner import Identity
from lrs_bridge.store import acts_log, catalogue, contracts, due, people
from lrs_bridge.store.apply import Applied, apply, apply_all
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.errors import NotFound
from lrs_bridge.store.tables import CompletionLinkRow, DueRow, LinkKind, StatementRow
from support.builders import EXCEL, NOON, PAINTING, a_contract, a_learner, a_statement, an_activity, day
from support.store import (
    a_voider,
    counted_writes,
    enrol,
    loaded,
    make_all_due,
    planned,
    reconcile,
    take_in,
    wanted,
)

SAID = a_statement("passed", score=(80, 100))


def _agree(engine: Engine) -> None:
    """Ada, her contract, and a catalogue."""
    enrol(engine)
    with write(engine) as connection:
        contracts.save_contracts(connection, [a_contract()], NOON)
        catalogue.save_catalogue(connection, [an_activity()], NOON)


def _due_at(engine: Engine) -> object:
    with read(engine) as connection:
        return connection.execute(select(DueRow.due_at)).scalar_one()


def test_a_statement_becomes_a_completion_with_evidence_and_tasks(engine: Engine) -> None:
    _agree(engine)
    take_in(engine, wanted(SAID))
    [applied] = reconcile(engine, NOON)

    stored = loaded(engine).stored
    assert [Standing.MATCHED] == [each.standing for each in stored.completions]
    assert ["goal-spreadsheets"] == [each.goal_id for each in stored.evidence]
    assert {"apply", "share"} == {each.template for each in stored.follow_ups}
    assert applied.inserted == 1 + 1 + 1 + 2 + len(stored.findings) + (stored.growth.last_learned_at is not None)
    assert applied.notices == 2


def test_what_was_planned_is_what_is_kept(engine: Engine) -> None:
    _agree(engine)
    take_in(engine, wanted(SAID), wanted(a_statement("initialized", PAINTING, day(-90))))
    [done] = planned(engine, NOON)
    with write(engine) as connection:
        apply(connection, done.claim, done.loaded, done.plan, NOON)

    stored = loaded(engine).stored
    assert set(done.plan.completions) == set(stored.completions)
    assert set(done.plan.follow_ups) == set(stored.follow_ups)
    assert set(done.plan.findings) == set(stored.findings)
    assert done.plan.goals == stored.goals
    assert done.plan.growth == stored.growth
    assert {notice.key: notice for notice in done.plan.notices} == {
        key: message.notice for key, message in stored.messages.items()
    }


def test_reconciling_again_writes_nothing(engine: Engine) -> None:
    _agree(engine)
    take_in(engine, wanted(SAID), wanted(a_statement("initialized", PAINTING, day(-90))))
    reconcile(engine, NOON)
    make_all_due(engine, NOON)

    with counted_writes(engine) as writes:
        [applied] = reconcile(engine, NOON)

    assert applied == Applied()
    assert writes == []


def test_the_next_moment_is_when_time_alone_would_change_something(engine: Engine) -> None:
    _agree(engine)
    take_in(engine, wanted(SAID))
    [done] = planned(engine, NOON)
    with write(engine) as connection:
        apply_all(connection, [done], NOON)

    assert done.plan.wake_at is not None
    assert done.plan.wake_at == _due_at(engine)


def test_a_fact_that_arrives_between_loading_and_applying_is_not_lost(engine: Engine) -> None:
    _agree(engine)
    take_in(engine, wanted(SAID))
    under_way = planned(engine, NOON)
    take_in(engine, wanted(a_statement("passed", PAINTING)))
    with write(engine) as connection:
        apply_all(connection, under_way, NOON)

    assert len(loaded(engine).stored.completions) == 1
    reconcile(engine, NOON)
    assert len(loaded(engine).stored.completions) == 2


def test_a_voided_statement_leaves_no_completion_and_no_untouched_task(engine: Engine) -> None:
    _agree(engine)
    take_in(engine, wanted(SAID))
    reconcile(engine, NOON)
    take_in(engine, wanted(a_voider(SAID.id)))
    [applied] = reconcile(engine, NOON)

    stored = loaded(engine).stored
    assert (stored.completions, stored.evidence, stored.follow_ups) == ((), (), ())
    assert applied.deleted >= 4
    with read(engine) as connection:
        assert connection.execute(select(CompletionLinkRow.value)).all() == []


def test_a_task_that_somebody_touched_stays_when_its_reason_goes(engine: Engine) -> None:
    _agree(engine)
    take_in(engine, wanted(SAID))
    reconcile(engine, NOON)
    task = loaded(engine).stored.follow_ups[0]
    _submit(engine, task.id)
    take_in(engine, wanted(a_voider(SAID.id)))
    reconcile(engine, day(1))

    [kept] = loaded(engine).stored.follow_ups
    assert (kept.id, kept.reason_gone) == (task.id, True)


def _submit(engine: Engine, task_id: str) -> None:
    act = FollowUpAct("act-1", task_id, FollowUpActKind.SUBMIT, "ada", NOON, "Done so 🎉")
    with write(engine) as connection:
        acts_log.add_follow_up_act(connection, "ada", act, NOON)


def test_an_act_that_arrives_during_planning_saves_its_task(engine: Engine) -> None:
    _agree(engine)
    take_in(engine, wanted(SAID))
    reconcile(engine, NOON)
    task = loaded(engine).stored.follow_ups[0]
    take_in(engine, wanted(a_voider(SAID.id)))
    under_way = planned(engine, day(1))
    _submit(engine, task.id)
    with write(engine) as connection:
        apply_all(connection, under_way, day(1))

    [kept] = loaded(engine).stored.follow_ups
    assert (kept.id, kept.reason_gone) == (task.id, True)


def test_an_act_on_a_task_that_is_gone_is_refused(engine: Engine) -> None:
    enrol(engine)
    with pytest.raises(NotFound, match="no longer there"):
        _submit(engine, "gone")


def test_an_act_changes_the_state_of_its_task(engine: Engine) -> None:
    _agree(engine)
    take_in(engine, wanted(SAID))
    reconcile(engine, NOON)
    task = next(each for each in loaded(engine).stored.follow_ups if each.confirm)
    _submit(engine, task.id)
    [applied] = reconcile(engine, NOON)

    states = {each.id: each.state for each in loaded(engine).stored.follow_ups}
    assert states[task.id] is FollowUpState.SUBMITTED
    assert applied.updated == 1


def test_linking_an_identity_later_finds_what_was_said_before(engine: Engine) -> None:
    enrol(engine, a_learner(id="ben"))
    take_in(engine, wanted(SAID))
    reconcile(engine, NOON)
    with write(engine) as connection:
        people.link(connection, Identity("mbox:ada@example.org", "ben", NOON, "by hand"), NOON)
    reconcile(engine, NOON)

    assert len(loaded(engine, "ben").stored.completions) == 1


def test_a_changed_catalogue_changes_what_is_kept(engine: Engine) -> None:
    _agree(engine)
    take_in(engine, wanted(SAID))
    reconcile(engine, NOON)
    with write(engine) as connection:
        catalogue.save_catalogue(connection, [an_activity(fee=99900)], NOON)
    reconcile(engine, NOON)

    assert [99900 + 8 * 5000] == [each.cost for each in loaded(engine).stored.completions]


def test_a_completion_is_found_by_each_of_its_statements(engine: Engine) -> None:
    _agree(engine)
    take_in(engine, wanted(SAID), wanted(a_statement("completed", at=day(0.01))))
    reconcile(engine, NOON)
    [completion] = loaded(engine).stored.completions

    with read(engine) as connection:
        query = select(CompletionLinkRow.kind, CompletionLinkRow.value)
        links = {(row.kind, row.value) for row in connection.execute(query)}
    assert links >= {(LinkKind.STATEMENT, each) for each in completion.statements}
    assert links >= {(LinkKind.RULE, "excel-courses"), (LinkKind.COMPETENCY, "spreadsheets")}


def test_links_follow_a_completion_that_grows(engine: Engine) -> None:
    _agree(engine)
    take_in(engine, wanted(SAID))
    reconcile(engine, NOON)
    more = a_statement("completed", at=day(-0.01))
    take_in(engine, wanted(more))
    reconcile(engine, NOON)

    with read(engine) as connection:
        query = select(CompletionLinkRow.value).where(CompletionLinkRow.kind == LinkKind.STATEMENT)
        assert {SAID.id, more.id} == set(connection.execute(query).scalars())


def test_a_kept_body_that_cannot_be_read_is_reported_and_the_rest_goes_on(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    enrol(engine)
    other = a_statement("passed", PAINTING)
    take_in(engine, wanted(SAID), wanted(other))
    with write(engine) as connection:
        connection.execute(update(StatementRow).where(StatementRow.id == SAID.id).values(body=b"{"))

    found = loaded(engine)
    assert [other.id] == [fact.id for fact in found.facts.statements]
    assert (SAID.id,) == found.unreadable
    assert SAID.id in caplog.text


def test_one_chunk_writes_each_table_in_one_go(engine: Engine) -> None:
    them = [a_learner(id=f"l{number}") for number in range(60)]
    enrol(engine, *them)
    take_in(engine, *(wanted(_of(each.id)) for each in them))

    with counted_writes(engine) as writes:
        reconcile(engine, NOON)

    assert len(writes) <= 6
    assert all(len(loaded(engine, each.id).stored.completions) == 1 for each in them)


def _of(learner_id: str) -> dict[str, object]:
    number = int(learner_id[1:])
    return {
        "id": f"00000000-0000-4000-8000-{number:012}",
        "actor": {"mbox": f"mailto:{learner_id}@example.org"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
        "object": {"id": EXCEL, "definition": {"name": {"en": "Excel basics"}}},
        "timestamp": NOON.isoformat(),
    }


def test_a_learner_who_is_removed_meanwhile_is_passed_over(engine: Engine) -> None:
    enrol(engine)
    take_in(engine, wanted(SAID))
    under_way = planned(engine, NOON)
    with write(engine) as connection:
        connection.execute(text("DELETE FROM learner"))
    with write(engine) as connection:
        [applied] = apply_all(connection, under_way, NOON)

    assert applied.superseded


def test_two_workers_at_once_do_every_learner_once(engine: Engine) -> None:
    enrol(engine, *(a_learner(id=f"l{number}") for number in range(40)))
    taken: list[str] = []

    def work() -> None:
        while claims := due.claim(engine, now=NOON, limit=3, lease=timedelta(hours=1)):
            taken.extend(claim.learner_id for claim in claims)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    assert sorted(taken) == sorted(f"l{number}" for number in range(40))


def test_a_removed_task_is_not_counted_twice(engine: Engine) -> None:
    _agree(engine)
    take_in(engine, wanted(SAID))
    [done] = planned(engine, NOON)
    without = replace(done, plan=replace(done.plan, follow_ups=()))
    with write(engine) as connection:
        apply_all(connection, [without], NOON)

    assert loaded(engine).stored.follow_ups == ()
