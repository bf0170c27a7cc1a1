"""What completion means: each thing that is known of the platforms, shown on statements, with all packs included."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from lrs_bridge_rules.completions.attempt import Conclusion, conclude
from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.completions.reading import Reading
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.statements.meaning import identity_of
from lrs_bridge_rules.statements.statement import decode_statement
from support.golden import GOLDEN
from support.xapi import ADL, a_statement

_ALL = load_texts({"rules.yaml": "include: [moodle-logstore, cmi5, scorm, open-edx, generic-adl]"})
_PLUGIN = "https://github.com/xAPI-vle/moodle-logstore_xapi"
_EDLM = "https://xapi.edlm/profiles/edlm-lms/concepts/verbs/"
_COURSE_TYPE = "https://w3id.org/xapi/cmi5/activitytype/course"
_ASSESSMENT = "http://adlnet.gov/expapi/activities/assessment"
_CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
_SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
_MODE = "https://w3id.org/xapi/cmi5/context/extensions/launchmode"
_PUBLISHED = "https://publisher.example.com/courses/hand-hygiene"


def _object(activity_id: str, type_: str = "") -> dict[str, Any]:
    return {"id": activity_id, "definition": {"type": type_} if type_ else {}}


def _read(verb: str, activity: dict[str, Any], **properties: Any) -> Reading | None:
    statement = a_statement(verb, object=activity, **properties)
    return _ALL.read(statement, statement_id=f"{verb} {properties}")


def _known(reading: Reading | None) -> Reading:
    assert reading is not None
    return reading


def _moodle(
    verb: str, activity: dict[str, Any], *, parents: list[dict[str, Any]] | None = None, **properties: Any
) -> Any:
    context = {
        "platform": "Moodle",
        "registration": "19f071b2-cc57-5a27-8a1a-7d00a8a64ece",
        "extensions": {"http://lrs.learninglocker.net/define/extensions/info": {_PLUGIN: "5.0.1"}},
        "contextActivities": {"parent": parents or []},
    }
    return _read(verb, activity, context=context, **properties)


_MOODLE_COURSE = _object("https://moodle.example.org/course/view.php?id=2", _COURSE_TYPE)
_QUIZ = _object("https://moodle.example.org/mod/quiz/view.php?id=3", _ASSESSMENT)
_ATTEMPT = _object(
    "https://moodle.example.org/mod/quiz/attempt.php?attempt=1&cmid=3", "http://adlnet.gov/expapi/activities/attempt"
)
_PAGE = _object("https://moodle.example.org/mod/page/view.php?id=1", "https://w3id.org/xapi/acrossx/activities/page")
_SCORM = _object(
    "https://moodle.example.org/mod/scorm/view.php?id=5",
    "http://id.tincanapi.com/activitytype/legacy-learning-standard",
)


def _cmi5(verb: str, *, category: bool = True, extensions: dict[str, Any] | None = None, **properties: Any) -> Any:
    context = {
        "registration": "0F8FAD5B-D9CB-469F-A165-70867728950E",
        "extensions": {_SESSION: "s-1", **(extensions or {})},
        "contextActivities": {
            "category": [{"id": _CMI5}] if category else [],
            "grouping": [{"id": _PUBLISHED}],
        },
    }
    return _read(verb, _object("https://lms.example.org/au/4711"), context=context, **properties)


def _concluded(*readings: Reading | None) -> Conclusion:
    return conclude([_known(reading) for reading in readings])


def test_moodle_registration_is_one_per_cron_run_and_so_never_an_attempt() -> None:
    course = _known(_moodle("completed", _MOODLE_COURSE))
    quiz = _known(_moodle("completed", _ATTEMPT, parents=[_QUIZ], result={"success": True}))

    assert course.attempt is None
    assert quiz.attempt == _ATTEMPT["id"]


def test_moodle_scaled_is_centred_so_raw_of_max_is_used() -> None:
    score = {"raw": 85, "min": 0, "max": 100, "scaled": 0.7}

    reading = _known(_moodle("completed", _ATTEMPT, parents=[_QUIZ], result={"score": score}))

    assert reading.percent == 85.0


def test_moodle_scaled_alone_says_nothing() -> None:
    reading = _known(_moodle("completed", _ATTEMPT, parents=[_QUIZ], result={"score": {"scaled": 0.7}}))

    assert reading.percent is None


@pytest.mark.parametrize(
    ("success", "outcome"), [(False, Outcome.FAILED), (True, Outcome.PASSED), (None, Outcome.COMPLETED)]
)
def test_moodle_sends_completed_for_failed_attempts_too(success: bool | None, outcome: Outcome) -> None:
    result = {"completion": True, "success": success}

    attempt = _known(_moodle("completed", _ATTEMPT, parents=[_QUIZ], result=result))
    module = _known(_moodle("completed", _QUIZ, parents=[_MOODLE_COURSE], result=result))

    assert (attempt.outcome, attempt.activity.id) == (outcome, _QUIZ["id"])
    assert (module.outcome, module.activity.id) == (outcome, _QUIZ["id"])


def test_moodle_course_completed_has_no_result_and_is_a_completion() -> None:
    reading = _known(_moodle("completed", _MOODLE_COURSE))

    assert (reading.outcome, reading.success, reading.percent) == (Outcome.COMPLETED, None, None)


def test_moodle_unticking_takes_a_completion_back() -> None:
    done = _moodle("completed", _QUIZ, parents=[_MOODLE_COURSE], timestamp="2026-03-02T12:00:00Z")
    undone = _moodle(f"{_EDLM}uncompleted", _QUIZ, parents=[_MOODLE_COURSE], timestamp="2026-03-02T12:00:05Z")

    assert _concluded(done, undone).outcome is Outcome.REVOKED


def test_moodle_unticking_in_the_second_of_the_completion_changes_nothing() -> None:
    done = _moodle("completed", _QUIZ, parents=[_MOODLE_COURSE])
    undone = _moodle(f"{_EDLM}uncompleted", _QUIZ, parents=[_MOODLE_COURSE])

    assert _concluded(undone, done).outcome is Outcome.COMPLETED


def test_moodle_a_page_that_is_ticked_off_is_a_step_and_taking_the_tick_away_undoes_no_course() -> None:
    page = _known(_moodle("completed", _PAGE, parents=[_MOODLE_COURSE], result={"completion": True}))

    assert (page.outcome, page.activity.id) == (Outcome.PROGRESSED, _MOODLE_COURSE["id"])
    assert _moodle(f"{_EDLM}uncompleted", _PAGE, parents=[_MOODLE_COURSE]) is None


def test_moodle_first_view_of_a_course_is_a_start_and_an_enrolment_is_none() -> None:
    viewed = _known(_moodle("http://id.tincanapi.com/verb/viewed", _MOODLE_COURSE))

    assert viewed.outcome is Outcome.STARTED
    assert _moodle(f"{_EDLM}enrolled", _MOODLE_COURSE) is None


@pytest.mark.parametrize(
    ("verb", "outcome"),
    [("passed", Outcome.PASSED), ("failed", Outcome.FAILED), ("completed", Outcome.PROGRESSED)],
)
def test_moodle_scorm_says_completed_for_any_status_but_passed_and_failed(verb: str, outcome: Outcome) -> None:
    assert _known(_moodle(verb, _SCORM, parents=[_MOODLE_COURSE])).outcome is outcome


def test_moodle_resends_without_an_id_are_one_statement() -> None:
    body = (GOLDEN / "moodle-logstore" / "core.event.course_completed.json").read_bytes()
    resent = json.dumps({**json.loads(body), "stored": "2027-01-01T00:00:00Z"}).encode()

    assert identity_of(decode_statement(body), body) == identity_of(decode_statement(resent), resent)


_EDX_COURSE = _object(
    "https://lms.example.org/course/course-v1:Example+S101+2026", "http://adlnet.gov/expapi/activities/course"
)
_EDX_BLOCK = _object(
    "https://lms.example.org/xblock/block-v1:Example+S101+2026+type@html+block@a",
    "http://adlnet.gov/expapi/activities/module",
)


def test_open_edx_completion_of_a_block_is_progress_in_the_course() -> None:
    context = {"contextActivities": {"parent": [_EDX_COURSE]}}

    reading = _known(_read("progressed", _EDX_BLOCK, context=context, result={"completion": True}))

    assert (reading.outcome, reading.activity.id) == (Outcome.PROGRESSED, _EDX_COURSE["id"])


def test_open_edx_course_passed_has_no_result() -> None:
    assert _known(_read("passed", _EDX_COURSE)).outcome is Outcome.PASSED


def test_open_edx_now_failed_may_follow_and_counts() -> None:
    passed = _read("passed", _EDX_COURSE, timestamp="2026-03-02T12:00:00Z")
    failed = _read("failed", _EDX_COURSE, timestamp="2026-03-09T12:00:00Z")

    assert _concluded(passed, failed).outcome is Outcome.FAILED


def test_all_that_is_said_of_a_run_of_an_open_edx_course_is_one_attempt_however_far_apart() -> None:
    block = {"contextActivities": {"parent": [_EDX_COURSE]}}
    readings = (
        _known(_read("progressed", _EDX_BLOCK, context=block, result={"completion": True})),
        _known(_read("passed", _EDX_COURSE)),
        _known(_read("failed", _EDX_COURSE)),
    )

    assert {reading.attempt for reading in readings} == {_EDX_COURSE["id"]}


def test_open_edx_noise_is_not_left_to_the_generic_pack() -> None:
    assert _read("completed", _EDX_BLOCK) is None


def test_cmi5_activity_is_the_publishers_id_in_the_grouping() -> None:
    assert _known(_cmi5("passed")).activity.id == _PUBLISHED


def test_cmi5_counts_only_with_its_category() -> None:
    assert _cmi5("completed", category=False) is None
    assert _known(_cmi5("completed")).outcome is Outcome.COMPLETED


def test_cmi5_satisfied_can_come_at_registration_and_is_less_than_a_completion() -> None:
    satisfied = _cmi5("https://w3id.org/xapi/adl/verbs/satisfied")

    assert _concluded(satisfied).outcome is Outcome.SATISFIED
    assert _concluded(satisfied, _cmi5("completed")).outcome is Outcome.COMPLETED


def test_cmi5_waived_carries_success_without_training() -> None:
    conclusion = _concluded(_cmi5("https://w3id.org/xapi/adl/verbs/waived", result={"success": True}))

    assert (conclusion.outcome, conclusion.success) == (Outcome.WAIVED, True)


@pytest.mark.parametrize("mode", ["Browse", "Review"])
def test_cmi5_browse_and_review_sessions_say_nothing(mode: str) -> None:
    assert _cmi5("launched", extensions={_MODE: mode}) is None
    assert _cmi5("initialized") is None
    assert _cmi5("terminated") is None
    assert _known(_cmi5("launched", extensions={_MODE: "Normal"})).outcome is Outcome.STARTED


def test_cmi5_passed_completed_and_satisfied_of_one_registration_are_one_attempt() -> None:
    said = [_known(_cmi5(verb)) for verb in ("completed", "passed", "https://w3id.org/xapi/adl/verbs/satisfied")]

    assert {reading.attempt for reading in said} == {"0f8fad5b-d9cb-469f-a165-70867728950e"}
    assert conclude(said).outcome is Outcome.PASSED


_PLAIN = _object("https://courses.example.com/excel")


@pytest.mark.parametrize(
    ("score", "percent"),
    [
        ({"raw": 85, "max": 100, "scaled": 0.2}, 85.0),
        ({"raw": 3, "min": 0, "max": 4}, 75.0),
        ({"raw": 0, "min": -10, "max": 10}, 50.0),
        ({"scaled": 0.6}, 60.0),
        ({"scaled": -0.5}, 0.0),
        ({"raw": 12, "max": 10}, 100.0),
        ({"raw": 5}, None),
        ({"raw": 5, "max": 0}, None),
    ],
)
def test_a_score_is_raw_of_max_before_it_is_scaled(score: dict[str, float], percent: float | None) -> None:
    assert _known(_read("passed", _PLAIN, result={"score": score})).percent == percent


def test_the_centred_convention_of_a_source_can_be_said() -> None:
    text = "completions: [{id: a, when: {verb: passed}, outcome: passed, score: centred}]"
    statement = a_statement("passed", result={"score": {"scaled": 0.7}})

    reading = _known(load_texts({"rules.yaml": text}).read(statement, statement_id="1"))

    assert reading.percent == pytest.approx(85.0)


def test_success_goes_before_the_verb_and_before_the_score() -> None:
    score = {"raw": 95, "max": 100}

    assert _known(_read("completed", _PLAIN, result={"success": False, "score": score})).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("text", "length"), [("P4W", timedelta(weeks=4)), ("PT0S", timedelta(0)), ("P3Y1M", timedelta(days=1125))]
)
def test_durations_may_use_every_designator(text: str, length: timedelta) -> None:
    assert _known(_read("completed", _PLAIN, result={"duration": text})).duration == length


def test_a_duration_that_cannot_be_read_is_left_out() -> None:
    assert _known(_read("completed", _PLAIN, result={"duration": "soon"})).duration is None


def test_the_secure_variant_of_a_verb_is_another_iri_with_the_same_short_name() -> None:
    secure = _known(_read("https://adlnet.gov/expapi/verbs/passed", _PLAIN))

    assert secure.outcome is Outcome.PASSED
    assert secure.verb != _known(_read(f"{ADL}passed", _PLAIN)).verb
