from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import msgspec
import pytest
from sqlalchemy import Engine, select

from lrs_bridge.store import due, quarantine, sources
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.fitness import LONGEST
from lrs_bridge.store.ingest import PageSaved, Rejected
from lrs_bridge.store.tables import NoiseRow, StatementRow
from support.builders import EXCEL, NOON, a_learner, a_statement, day
from support.store import a_voider, counted_writes, enrol, loaded, reconcile, take_in, wanted

SAID = wanted(a_statement())


def _rest(engine: Engine) -> None:
    """Plan whoever is due, so that nobody is."""
    reconcile(engine, NOON)


def _who_is_due(engine: Engine, now: datetime) -> set[str]:
    return {claim.learner_id for claim in due.claim(engine, now=now, limit=100)}


def _waiting(engine: Engine) -> list[quarantine.Held]:
    with read(engine) as connection:
        return quarantine.find(connection)


def test_a_new_statement_is_kept_byte_for_byte(engine: Engine) -> None:
    odd = replace(SAID, body=SAID.body.replace(b":", b" :  ") + b"\n ")

    assert PageSaved(new=1) == take_in(engine, odd)
    with read(engine) as connection:
        assert odd.body == connection.execute(select(StatementRow.body)).scalar_one()


def test_the_same_page_again_brings_nothing_new(engine: Engine) -> None:
    take_in(engine, SAID)

    assert PageSaved(duplicates=1) == take_in(engine, SAID)


def test_a_repeat_within_one_page_is_a_duplicate(engine: Engine) -> None:
    assert PageSaved(new=1, duplicates=1) == take_in(engine, SAID, SAID)


def test_a_repeat_in_other_words_is_a_duplicate_and_the_first_body_stays(engine: Engine) -> None:
    said = msgspec.json.decode(SAID.body)
    reworded = replace(SAID, body=msgspec.json.encode({**said, "stored": "2027-01-01T00:00:00.000Z"}, order="sorted"))

    assert PageSaved(new=1, duplicates=1) == take_in(engine, SAID, reworded)
    assert PageSaved(duplicates=1) == take_in(engine, reworded)
    with read(engine) as connection:
        kept = connection.execute(select(StatementRow.body, StatementRow.digest)).one()
    assert tuple(kept) == (SAID.body, sha256(SAID.body).hexdigest())


def test_another_meaning_under_the_same_id_goes_to_quarantine_once(engine: Engine) -> None:
    take_in(engine, SAID)
    other = wanted(a_statement("failed", own_id=SAID.id))

    assert PageSaved(quarantined=1) == take_in(engine, other)
    assert PageSaved() == take_in(engine, other)
    [held] = _waiting(engine)
    assert held.reason.startswith("same id, another meaning")
    assert held.body == other.body


def test_what_could_not_be_decoded_waits_in_quarantine_whole(engine: Engine) -> None:
    broken = Rejected("a\0b\ud800", b"{\x00\xff", "not JSON")

    assert PageSaved(new=1, quarantined=1) == take_in(engine, SAID, rejected=(broken,))
    [held] = _waiting(engine)
    assert (held.body, held.reason, held.statement_id) == (b"{\x00\xff", "not JSON", "a\ufffdb?")


@pytest.mark.parametrize(
    "changes",
    [
        {"object_id": "https://example.org/a\0b"},
        {"verb": "https://example.org/\ud800"},
        {"ifi": "account:https://example.org|\udfff"},
        {"member_ifis": ("mbox:a\0@example.org",)},
        {"object_id": "https://example.org/" + "é" * LONGEST},
        {"ifi": "openid:https://example.org/" + "x" * 4000},
        {"member_ifis": ("openid:https://example.org/" + "x" * 4000,)},
        {"voids": "\0"},
        {"body": b'{"context": {"grouping": [{"id": "' + b"x" * 4000 + b'"}]}}'},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_no_database_can_keep_is_put_aside_and_the_page_goes_on(
    engine: Engine, changes: dict[str, object]
) -> None:
    other = wanted(a_statement("passed"))

    assert PageSaved(new=1, quarantined=1) == take_in(engine, replace(SAID, **changes), other)  # type: ignore[arg-type]  # each row names its own field
    assert len(_waiting(engine)) == 1


def test_a_long_text_that_is_no_id_is_kept(engine: Engine) -> None:
    assert PageSaved(new=1) == take_in(engine, replace(SAID, body=b'{"result": {"response": "' + b"x" * 9000 + b'"}}'))


def test_noise_is_counted_by_verb_type_and_day_and_adds_up(engine: Engine) -> None:
    noise = Counter({("https://example.org/viewed", "", date(2026, 3, 1)): 3, ("v\0", "x" * 9000, date(2026, 3, 1)): 1})
    take_in(engine, noise=noise)

    assert PageSaved(noise=4) == take_in(engine, noise=noise)
    with read(engine) as connection:
        counts = connection.execute(select(NoiseRow.verb, NoiseRow.count).order_by(NoiseRow.count)).all()
    assert [("v\ufffd", 2), ("https://example.org/viewed", 6)] == [tuple(row) for row in counts]


def test_the_cursor_moves_with_the_page_and_stays_where_none_is_given(engine: Engine) -> None:
    take_in(engine, SAID, cursor="c1", latest=day(1))
    take_in(engine, SAID, latest=day(0))

    with read(engine) as connection:
        state = sources.get_state(connection, "lms")
    assert (state.cursor, state.latest, state.new, state.duplicates) == ("c1", day(1), 1, 1)


def test_a_page_that_fails_leaves_nothing_behind(engine: Engine) -> None:
    class Crashed(Exception):  # stands for whatever ends a process
        pass

    with pytest.raises(Crashed):
        _save_and_crash(engine, Crashed())

    with read(engine) as connection:
        assert sources.get_state(connection, "lms").cursor is None
        assert connection.execute(select(StatementRow.id)).all() == []


def _save_and_crash(engine: Engine, crash: Exception) -> None:
    from lrs_bridge.store.ingest import save_page

    with write(engine) as connection:
        save_page(connection, source="lms", wanted=[SAID], rejected=[], noise={}, cursor="c", latest=None, now=NOON)
        raise crash


def test_only_the_learner_of_a_new_statement_becomes_due(engine: Engine) -> None:
    enrol(engine, a_learner(), a_learner(id="ben"))
    _rest(engine)
    take_in(engine, SAID, now=day(1))

    assert _who_is_due(engine, day(1)) == {"ada"}


def test_a_duplicate_makes_nobody_due(engine: Engine) -> None:
    enrol(engine)
    take_in(engine, SAID)
    _rest(engine)
    take_in(engine, SAID, now=NOON + timedelta(minutes=1))

    assert _who_is_due(engine, NOON + timedelta(minutes=1)) == set()


def test_every_identified_member_of_a_group_becomes_due(engine: Engine) -> None:
    enrol(engine, a_learner(), a_learner(id="ben"), a_learner(id="eva"))
    _rest(engine)
    members = [{"mbox": f"mailto:{name}@example.org"} for name in ("ada", "ben")]
    take_in(engine, wanted(_by_a_group(members)), now=day(1))

    assert _who_is_due(engine, day(1)) == {"ada", "ben"}
    assert len(loaded(engine, "ada").facts.statements) == 1
    assert len(loaded(engine, "eva").facts.statements) == 0


def _by_a_group(members: list[dict[str, str]]) -> dict[str, object]:
    return {
        "id": "6b0d3ee4-6e3c-4d0e-8a5f-0f5f9a3a1c11",
        "actor": {"objectType": "Group", "member": members},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": EXCEL, "definition": {"name": {"en": "Excel basics"}}},
        "timestamp": NOON.isoformat(),
    }


def test_two_members_of_a_group_have_a_completion_each(engine: Engine) -> None:
    enrol(engine, a_learner(), a_learner(id="ben"))
    members = [{"mbox": f"mailto:{name}@example.org"} for name in ("ada", "ben")]
    take_in(engine, wanted(_by_a_group(members)))
    reconcile(engine, NOON)

    assert len(loaded(engine, "ada").stored.completions) == 1
    assert len(loaded(engine, "ben").stored.completions) == 1


def test_a_voider_makes_the_learner_of_its_target_due(engine: Engine) -> None:
    enrol(engine)
    take_in(engine, SAID)
    _rest(engine)
    later = NOON + timedelta(minutes=1)
    take_in(engine, wanted(a_voider(SAID.id)), now=later)

    assert _who_is_due(engine, later) == {"ada"}


@pytest.mark.parametrize("voider_first", [False, True])
def test_a_voided_statement_is_known_as_such_whichever_came_first(engine: Engine, voider_first: bool) -> None:
    enrol(engine)
    pair = [SAID, wanted(a_voider(SAID.id))]
    for each in reversed(pair) if voider_first else pair:
        take_in(engine, each)

    assert loaded(engine).facts.voided == {SAID.id}


def test_a_voider_cannot_be_voided(engine: Engine) -> None:
    enrol(engine)
    voider = a_voider(SAID.id) | {"actor": {"mbox": "mailto:ada@example.org"}}
    take_in(engine, SAID, wanted(voider), wanted(a_voider(voider["id"])))

    assert loaded(engine).facts.voided == {SAID.id}


def test_many_statements_come_in_at_once_as_they_were(engine: Engine) -> None:
    enrol(engine)
    many = [wanted(a_statement("passed", at=day(-number / 24))) for number in range(700)]

    assert PageSaved(new=700) == take_in(engine, *many)
    assert PageSaved(duplicates=700) == take_in(engine, *many)
    with read(engine) as connection:
        kept = connection.execute(select(StatementRow.id, StatementRow.body, StatementRow.timestamp)).all()
    assert {(each.id, each.body, each.timestamp) for each in many} == {tuple(row) for row in kept}


def test_a_page_of_duplicates_writes_nothing_but_the_sources_state(engine: Engine) -> None:
    take_in(engine, SAID)

    with counted_writes(engine) as writes:
        take_in(engine, SAID)

    assert [statement.split()[1] for statement in writes] == ["source"]


def test_times_come_back_in_utc_from_any_zone(engine: Engine) -> None:
    from zoneinfo import ZoneInfo

    at = datetime(2026, 7, 1, 9, 30, 0, 123456, tzinfo=ZoneInfo("Pacific/Chatham"))
    take_in(engine, replace(SAID, timestamp=at, stored=None))

    with read(engine) as connection:
        kept = connection.execute(select(StatementRow.timestamp)).scalar_one()
    assert kept == at
    assert kept is not None
    assert kept.tzinfo is UTC
