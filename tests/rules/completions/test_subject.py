"""What rules get to see of a completion."""

from lrs_bridge_rules.completions.attempt import conclude
from lrs_bridge_rules.completions.reading import Activity
from lrs_bridge_rules.completions.subject import subject_of
from support.xapi import ADL, COURSE, COURSE_TYPE, NOON, a_reading

_PARENT = Activity("https://courses.example.org", "Academy")


def test_a_subject_gathers_what_all_statements_of_the_attempt_know() -> None:
    readings = [
        a_reading("started", activity=Activity(COURSE), platform="Moodle", names=("Tabellen",)),
        a_reading("passed", minutes=5, percent=80.0, parents=(_PARENT,), registration="r-1"),
    ]

    subject = subject_of(conclude(readings), readings, unit="Ward 3", mandated=True)

    assert subject.activity == Activity(COURSE, "Excel basics", COURSE_TYPE)
    assert subject.names == ("Tabellen", "Excel basics")
    assert subject.verbs == (f"{ADL}started", f"{ADL}passed")
    assert subject.parents == (_PARENT,)
    assert subject.registrations == ("r-1",)
    assert subject.platforms == ("Moodle",)
    assert subject.percent == 80.0
    assert (subject.unit, subject.mandated) == ("Ward 3", True)
    assert len(subject.statements) == 2


def test_the_canonical_id_comes_first_and_every_alias_is_kept() -> None:
    readings = [a_reading("completed")]

    subject = subject_of(conclude(readings), readings, activity_ids=("https://catalogue.example.org/excel", "urn:x"))

    assert subject.activity.id == "https://catalogue.example.org/excel"
    assert subject.activity_ids == ("https://catalogue.example.org/excel", "urn:x", COURSE)


def test_a_subject_is_of_the_end_or_of_the_latest_word_when_there_is_none() -> None:
    ended = [a_reading("completed", minutes=3), a_reading("progressed", minutes=9)]
    open_ = [a_reading("started"), a_reading("progressed", minutes=9)]

    assert (subject_of(conclude(ended), ended).at - NOON).seconds == 180
    assert (subject_of(conclude(open_), open_).at - NOON).seconds == 540
