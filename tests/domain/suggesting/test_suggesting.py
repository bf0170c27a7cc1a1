"""What is suggested for which activities, with which rule, and in which order."""

from __future__ import annotations

import pytest

from lrs_bridge.domain.suggesting.material import GoalTitle, Kind, Near, UnmatchedActivity
from lrs_bridge.domain.suggesting.ranking import Ranking
from support.suggesting import (
    LMS,
    PUMPS,
    a_known,
    an_activity,
    compiled,
    material,
    only,
    suggestions,
    takes,
)


def test_a_word_of_a_competency_s_title_is_met() -> None:
    found = only(suggestions(an_activity(1, "Pump repair by night"), an_activity(2, "Winter service")))

    assert found.target.id == "pump-maintenance"
    assert found.rule["when"] == {"activity.name": {"contains": "pump"}}
    assert found.rule["evidence"] == {"competency": "pump-maintenance"}
    assert found.rule["status"] == "draft"
    assert found.why == ("“pump” (like “pumps”) in the title of the competency",)


def test_what_resembles_nothing_is_left_and_counted() -> None:
    ranking = Ranking(material(an_activity(1, "Winter service", completions=3, hours=6.0)))

    assert list(ranking.drafted()) == []
    assert (ranking.left.unlike, ranking.left.unlike_hours) == (1, 6.0)


def test_words_of_training_lead_nowhere() -> None:
    everybody = (an_activity(n, f"Introduction course, part {n}") for n in range(5))

    assert suggestions(*everybody, goals=(GoalTitle("Introduction to pumps", frozenset({PUMPS.id})),)) == ()


def test_any_language_of_a_name_will_do() -> None:
    found = only(suggestions(an_activity(1, "Mantenimiento de bombas", "Pump maintenance")))

    assert found.target.id == "pump-maintenance"


def test_words_of_known_activities_and_of_goals_count_too() -> None:
    by_known = suggestions(an_activity(1, "Vibration for beginners"), known=(a_known(9, "Vibration", PUMPS.id),))
    by_goal = suggestions(
        an_activity(1, "Impeller wear and tear"), goals=(GoalTitle("Impeller wear", frozenset({PUMPS.id})),)
    )

    assert [each.target.id for each in by_known] == ["pump-maintenance"]
    assert [each.target.id for each in by_goal] == []  # a goal alone is too little: its words are of jobs and places


def test_where_two_topics_are_as_near_nothing_is_said() -> None:
    assert suggestions(an_activity(1, "Electrical pumps")) == ()


def test_a_lesson_without_a_word_goes_by_its_course() -> None:
    course = Near("https://lms.example.org/c/7", "Pump overhaul")
    lessons = [an_activity(n, f"Lesson {n}", parents=(course,)) for n in range(3)]

    found = only(suggestions(*lessons))

    assert found.rule["when"] == {"parent.id": course.id}
    assert len(found.activities) == 3


def test_siblings_that_say_nothing_are_taken_along_by_those_that_speak() -> None:
    folder = "https://content.example.org/pumps/"
    found = only(
        suggestions(
            an_activity(f"{folder}overhaul", "Pump overhaul"),
            an_activity(f"{folder}seals", "Pump seals"),
            an_activity(f"{folder}x17", "Zxy"),
        )
    )

    assert found.rule["when"] == {"activity.id": {"prefix": folder}}
    assert len(found.activities) == 3


def test_a_pattern_of_addresses_is_seen() -> None:
    found = only(
        suggestions(
            an_activity("https://content.example.org/north/spanish/start", "Start"),
            an_activity("https://content.example.org/south/spanish/start", "Start"),
        )
    )

    assert found.rule["when"] == {"activity.id": {"glob": "https://content.example.org/*/spanish/start"}}


def test_a_beginning_that_says_nothing_is_no_condition() -> None:
    """`view.php?id=` would take every course there will ever be."""
    found = only(suggestions(an_activity(1, "Pump repair"), an_activity(2, "Pump seals")))

    assert found.rule["when"] == {"activity.name": {"contains": "pump"}}


def test_a_word_that_something_known_bears_is_not_used_alone() -> None:
    found = only(
        suggestions(an_activity(1, "Pump repair"), known=(a_known(9, "Pump and circumstance: band practice"),))
    )

    assert found.rule["when"] == {"activity.name": {"contains": "pump repair"}}


def test_what_is_known_to_show_the_same_may_bear_it() -> None:
    found = only(suggestions(an_activity(1, "Pump repair"), known=(a_known(9, "Pump overhaul", PUMPS.id),)))

    assert found.rule["when"] == {"activity.name": {"contains": "pump"}}


def test_where_no_word_is_left_the_ids_are_listed() -> None:
    known = (a_known(9, "Pump repair of hearts"),)

    found = only(suggestions(an_activity(1, "Pump repair"), known=known))

    assert found.rule["when"] == {"activity.id": f"{LMS}1"}


def test_the_same_name_as_a_catalogue_entry_is_an_alias() -> None:
    found = only(suggestions(an_activity(1, "Fire wardens (2026)"), known=(a_known(9, "Fire Wardens"),)))

    assert found.target.kind is Kind.ALIAS
    assert found.rule["evidence"] == {"activity": f"{LMS}9"}


@pytest.mark.parametrize("other", ["Fire wardens 2", "Fire wardens and their friends", "Wardens"])
def test_another_part_or_another_name_is_no_alias(other: str) -> None:
    found = suggestions(an_activity(1, other), known=(a_known(9, "Fire wardens"),))

    assert [each for each in found if each.target.kind is Kind.ALIAS] == []


@pytest.mark.parametrize("name", ["Canteen survey", "Mitarbeiterbefragung 2026", "Test course, please ignore"])
def test_what_is_plainly_no_learning_is_excluded(name: str) -> None:
    found = only(suggestions(an_activity(1, name)))

    assert found.target.kind is Kind.EXCLUDE
    assert found.rule["exclude"] == found.target.id
    assert "evidence" not in found.rule


@pytest.mark.parametrize("name", ["Survey methods in geology", "Giving feedback", "Evaluating turbines"])
def test_learning_about_surveys_is_not_excluded(name: str) -> None:
    assert suggestions(an_activity(1, name)) == ()


def test_most_hours_come_first_and_are_reckoned_where_nobody_told_them() -> None:
    found = suggestions(
        an_activity(1, "Pump repair", completions=3, hours=6.0),
        an_activity(2, "Spanish, first level", completions=30),
    )

    assert [(each.target.id, each.hours, each.estimated) for each in found] == [
        ("spanish", 60.0, True),
        ("pump-maintenance", 6.0, False),
    ]


def test_no_two_rules_have_the_same_id() -> None:
    found = suggestions(an_activity(1, "Pump repair"), rule_ids=frozenset({"suggested-pump-maintenance"}))

    assert only(found).rule["id"] == "suggested-pump-maintenance-pump"


@pytest.mark.parametrize(
    "texts",
    [
        ("1:1 with Jo Doe about pumps",),
        ("Pumps", "Pumpen mit doe, JO"),
        ("Pumps for jo.doe@example.org",),
    ],
)
def test_nothing_that_names_a_person_is_suggested(texts: tuple[str, ...]) -> None:
    ranking = Ranking(material(an_activity(1, *texts), people=frozenset({"Jo Doe", "Will"})))

    assert list(ranking.drafted()) == []
    assert ranking.left.personal == 1


def test_a_name_of_one_word_is_a_word_like_others() -> None:
    assert len(suggestions(an_activity(1, "Will your pump last?"), people=frozenset({"Will"}))) == 1


def test_the_rule_takes_the_cluster_and_nothing_else_of_the_unmatched() -> None:
    activities: tuple[UnmatchedActivity, ...] = (
        an_activity(1, "Pump repair"),
        an_activity(2, "Pumping stations at night"),
        an_activity(3, "Winter service"),
        an_activity(4, "Spanish for pilots"),
    )
    for found in suggestions(*activities):
        rule = compiled(found)

        assert {each.id for each in activities if takes(rule, each)} == {each.id for each in found.activities}
