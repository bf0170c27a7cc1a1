"""What the pages say: numbers lead to the rows behind them, a completion tells its story, a replay is an act."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from lrs_bridge.acts import attestations
from lrs_bridge.acts.actor import AccountRole, Actor
from lrs_bridge.domain.planning.seeing import ATTESTED_ACTIVITY
from lrs_bridge.domain.waste import RESCUABLE, WasteReason
from lrs_bridge.jobs.reconcile import reconcile
from lrs_bridge.store import audit, quarantine
from lrs_bridge.store.backfills import Backfill, Span, record
from lrs_bridge.store.engine import make_engine, read, write
from lrs_bridge.store.quarantine import QuarantineState
from lrs_bridge.store.read_models import ListedCompletion, Request, completions, quarantined
from lrs_bridge.store.sources import rescanned, verified
from lrs_bridge.store.tables import BackfillState, BackfillWindowRow, RulesetActivationRow
from support.builders import NOON
from support.web import OpenApp, bridge_of, sign_in, token


def text_of(page: str) -> str:
    """A page without its tags, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def one(client: FlaskClient, **filters: str) -> ListedCompletion:
    with read(bridge_of(client.application).engine) as connection:
        return completions(connection, Request(filters=filters)).rows[0]


def story(client: FlaskClient, **filters: str) -> str:
    found = one(client, **filters)
    return text_of(client.get(f"/completions/{found.id}/{found.learner_id}").text)


def lines(client: FlaskClient, address: str) -> int:
    """How many rows a list has at an address."""
    mark = "&" if "?" in address else "?"
    return len(list(csv.reader(io.StringIO(client.get(f"{address}{mark}format=csv").text)))) - 1


@pytest.mark.parametrize("period", ["quarter", "year", "all"])
def test_every_number_of_the_funnel_is_the_number_of_rows_behind_it(admin: FlaskClient, period: str) -> None:
    page = admin.get(f"/?period={period}").text
    steps = re.findall(r'funnel-count"><a href="([^"]+)">([\d,]+)</a>', page)

    assert len(steps) == 5
    for address, count in steps:
        assert lines(admin, unescape(address)) == int(count)


@pytest.mark.parametrize("period", ["quarter", "year", "all"])
def test_every_number_of_the_quadrants_is_the_number_of_rows_behind_it(admin: FlaskClient, period: str) -> None:
    listed = admin.get(f"/?period={period}").text.partition('class="quadrant-list"')[2].partition("</ul>")[0]
    parts = re.findall(r'<a href="([^"]+)">.*?<span>(\d+) completions?,', listed, re.DOTALL)

    assert len(parts) == 4
    for address, count in parts:
        assert lines(admin, unescape(address)) == int(count)


def test_every_decision_that_waits_leads_to_as_many_rows(admin: FlaskClient) -> None:
    tasks = re.findall(r'<li><a href="([^"]+)"><span class="task-icon">.*?task-count">(\d+)<', admin.get("/").text)

    assert len(tasks) >= 4
    for address, count in tasks:
        assert lines(admin, unescape(address)) == int(count)


def test_waste_by_reason_and_by_month_lead_to_their_findings(admin: FlaskClient) -> None:
    page = admin.get("/waste").text
    reasons = re.findall(r'href="(/waste\?reason=[^"]+)">.*?numeric">(\d+)<', page, re.DOTALL)
    months = re.findall(r'href="(/waste\?[^"]*from=[^"]+)" title="[^"]*, (\d+) findings?"', page)

    assert len(reasons) >= 4
    assert len(months) == 12
    for address, count in (*reasons, *months):
        assert lines(admin, unescape(address)) == int(count)


@pytest.mark.parametrize("page", ["/", "/waste"])
def test_reasons_that_can_be_rescued_stand_before_the_others(admin: FlaskClient, page: str) -> None:
    shown = [WasteReason(each) for each in re.findall(r'href="/waste\?reason=([a-z-]+)"', admin.get(page).text)]
    rescuable = [reason in RESCUABLE for reason in shown]

    assert {True, False} == set(rescuable)
    assert rescuable == sorted(rescuable, reverse=True)


def test_what_can_be_rescued_stands_first_with_who_can_help(admin: FlaskClient) -> None:
    found = list(csv.DictReader(io.StringIO(admin.get("/waste?format=csv").text)))
    helpers = [line["Who can help"] for line in found]

    assert helpers[0] == "Lea Lind"
    assert "Lea Lind" not in helpers[helpers.index("–") :]


def test_the_overview_shows_which_source_is_not_to_be_trusted(admin: FlaskClient) -> None:
    page = text_of(admin.get("/").text)

    assert "archive Failing" in page
    assert "lms Up to date pulled 7 minutes ago" in page
    assert "new-lms Never pulled" in page


def test_the_quadrant_picture_is_told_in_words_as_well(admin: FlaskClient) -> None:
    page = text_of(admin.get("/").text.partition('class="quadrant-list"')[2])

    assert re.search(r"Sweet spot \d+ completions?, \d+ learners? \d+ h, €[\d,]+ Uphill", page)


def test_a_matched_completion_tells_its_whole_story(admin: FlaskClient) -> None:
    said = story(admin, step="applied")

    for words in (
        "Excel basics",
        "Passed",
        "Matched",
        "Sweet spot",
        "Say aloud that this was worth it",
        "Monthly report without help taken by rule excel-courses",
        "Tell the team about Excel basics",
        "activity.name",
        "contains excel",
        "Excel courses evidence spreadsheets fits",
        "Close the books in three days → One report for all units → Working with spreadsheets spreadsheets",
        "It is about: Working with spreadsheets spreadsheets .",
        "competencies any of Working with spreadsheets spreadsheets",
        "The welcome tour counts for nothing 1 of 1 clause missed",
        '"mbox": "mailto:',
    ):
        assert words in said


def test_what_a_manager_attested_is_not_said_to_fail_what_nobody_asked_of_it(admin: FlaskClient) -> None:
    bridge = bridge_of(admin.application)
    lea = Actor("lea", AccountRole.MANAGER, "lea")
    attested = attestations.attest(bridge.engine, lea, "ada-report", "Mentoring", NOON, NOON)
    reconcile(bridge, NOON)
    said = story(admin, activity=f"{ATTESTED_ACTIVITY}{attested.id}")

    assert "taken by a manager's word Somebody said so: nothing else had to hold." in said
    assert "whoever attested it said which goal it was for" in said


def test_an_unmatched_completion_says_what_the_nearest_rule_missed(admin: FlaskClient) -> None:
    said = story(admin, standing="unmatched", activity="https://lms.example.org/course/view.php?id=902")

    assert "No rule, catalogue entry or decision says what it is about." in said
    assert "activity.name contains excel (found Lunch talk: new tools)" in said


def test_a_competency_that_is_not_declared_is_shown_by_its_id(admin: FlaskClient) -> None:
    assert "It is about: painting ." in story(admin, activity="https://lms.example.org/course/view.php?id=77")


def test_a_completion_outside_any_contract_says_why_no_goal_took_it(admin: FlaskClient) -> None:
    assert "This learner has no contract." in story(admin, standing="off-contract", learner="lea")
    said = story(admin, standing="off-contract", learner="ada")
    assert "it asks for something else" in said
    assert "no goal asked for it: the goals in force ask for something else." in said
    assert "4. Needed and wanted?" in said


def test_the_story_says_which_definitions_were_asked_before_the_one_that_fits(admin: FlaskClient) -> None:
    said = story(admin, standing="unmatched", activity="https://lms.example.org/course/view.php?id=902")

    assert "by the definition" in said
    assert "started: missed: verb is initialized" in said


def test_without_published_rules_the_story_says_so(admin: FlaskClient) -> None:
    with write(bridge_of(admin.application).engine) as connection:
        connection.execute(RulesetActivationRow.__table__.delete())  # type: ignore[attr-defined]  # a table, typed FromClause

    assert "No rules are published yet." in story(admin, step="applied")


def test_a_completion_of_somebody_else_is_not_found(admin: FlaskClient) -> None:
    found = one(admin, learner="ada")

    assert admin.get(f"/completions/{found.id}/ben").status_code == 404
    assert admin.get("/completions/nothing/ada").status_code == 404


def held_id(client: FlaskClient, search: str) -> str:
    with read(bridge_of(client.application).engine) as connection:
        return quarantined(connection, Request(search=search)).rows[0].id


def replay(client: FlaskClient, held: str) -> str:
    page = f"/sources/quarantine/{held}"
    answer = client.post(f"{page}/replay", data={"csrf_token": token(client.get(page))}, follow_redirects=True)
    assert answer.status_code == 200
    return text_of(answer.text)


def test_a_record_that_can_be_read_now_is_taken_in_and_the_act_is_kept(admin: FlaskClient) -> None:
    held = held_id(admin, "timestamp")

    assert "It was taken in." in replay(admin, held)
    with read(bridge_of(admin.application).engine) as connection:
        assert quarantine.get(connection, held).state is QuarantineState.REPLAYED
        entries = audit.entries(connection, subject=held)
    assert [(entry.by, entry.act) for entry in entries] == [("admin", "quarantine.replay")]


def test_a_record_that_still_cannot_be_read_stays(admin: FlaskClient) -> None:
    assert "It still cannot be taken in" in replay(admin, held_id(admin, "JSON"))


def test_a_record_is_not_taken_in_twice(admin: FlaskClient) -> None:
    held = held_id(admin, "timestamp")
    crumb = token(admin.get(f"/sources/quarantine/{held}"))
    admin.post(f"/sources/quarantine/{held}/replay", data={"csrf_token": crumb})

    answer = admin.post(f"/sources/quarantine/{held}/replay", data={"csrf_token": crumb})

    assert answer.status_code == 400
    assert "already" in answer.text


def test_the_page_of_sources_says_what_was_missed_and_what_differs(admin: FlaskClient) -> None:
    assert "Missed by pulling –" in text_of(admin.get("/sources").text)
    with write(bridge_of(admin.application).engine) as connection:
        rescanned(connection, "lms", 7, NOON)
        verified(connection, "lms", 3, NOON)

    page = text_of(admin.get("/sources").text)

    assert "Missed by pulling 7 rescan" in page
    assert "Differences 3 verified" in page
    assert "“lrs-bridge verify lms” names them" in page


@pytest.mark.parametrize("path", ["/nope", "/sources/quarantine/nothing", "/waste/by/colour"])
def test_what_is_not_there_is_a_page_that_leads_on(admin: FlaskClient, path: str) -> None:
    answer = admin.get(path)

    assert answer.status_code == 404
    assert "Go to the overview" in answer.text


def test_the_health_answers_without_a_sign_in(client: FlaskClient) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok", "database": "ok"})


def test_the_health_says_when_the_database_is_gone(open_app: OpenApp) -> None:
    app = open_app(database={"url": "sqlite:////nowhere/at/all.db"})

    answer = app.test_client().get("/healthz")

    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["status"] == "failing"


def test_whoever_is_signed_in_is_told_when_the_database_is_gone(open_app: OpenApp, tmp_path: Path) -> None:
    app = open_app()
    client = app.test_client()
    sign_in(client)
    (tmp_path / "copy.db").unlink()
    (tmp_path / "copy.db").mkdir()
    bridge_of(app).engine.dispose()

    answer = client.get("/waste")

    assert answer.status_code == 503
    assert "The database does not answer" in answer.text


def test_a_database_that_is_busy_is_a_page_that_says_so(
    open_app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrs_bridge.store.engine.BUSY_SECONDS", 0.05)
    client, other = open_app().test_client(), make_engine(f"sqlite:///{tmp_path / 'copy.db'}")

    with write(other):
        answer = sign_in(client)
    other.dispose()

    assert answer.status_code == 503
    assert "The database is busy" in answer.text
    assert sign_in(client).status_code == 303


def test_a_database_without_its_tables_is_a_page_that_says_what_to_do(open_app: OpenApp, tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()
    client = open_app(empty).test_client()

    answer = sign_in(client)

    assert answer.status_code == 503
    assert "lrs-bridge doctor" in answer.text


@pytest.mark.parametrize(
    ("state", "error", "said"),
    [
        (BackfillState.OPEN, "", "25% of its history is here (30 statements); the rest is being read. Left: about"),
        (BackfillState.OPEN, "the connection broke", "could not be read and is tried again: the connection broke"),
        (BackfillState.CANCELLED, "", "somebody put a stop to reading the rest"),
    ],
)
def test_a_source_tells_how_much_of_its_history_is_here(
    state: BackfillState, error: str, said: str, admin: FlaskClient
) -> None:
    with write(bridge_of(admin.application).engine) as connection:
        spans: list[Span] = [(None, NOON), (NOON, NOON + timedelta(days=3))]
        whole = Backfill("past", "lms", None, NOON - timedelta(days=1), spans[-1][1], True, None, state, NOON)
        record(connection, whole, spans)
        first = BackfillWindowRow.until == NOON
        connection.execute(update(BackfillWindowRow).where(first).values(done=True, read=30, seconds=60.0))
        connection.execute(update(BackfillWindowRow).where(~first).values(last_error=error))

    assert said in text_of(admin.get("/sources").text)
