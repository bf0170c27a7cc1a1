"""What others wrote is shown as text and never runs: in pages, in files for spreadsheets, and in forms."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient

from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models import Request, completions, quarantined
from lrs_bridge.web.tables.csv_file import safe
from support.web import FORMULA, HOSTILE, LISTS, PAGES, RIGHT_TO_LEFT, bridge_of, sign_in, token

ESCAPED = "&lt;script&gt;alert("


def stories(client: FlaskClient, learner: str) -> list[str]:
    """The addresses of all completions of one learner."""
    with read(bridge_of(client.application).engine) as connection:
        found = completions(connection, Request(filters={"learner": learner}))
    return [f"/completions/{row.id}/{row.learner_id}" for row in found.rows]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_refuses_what_we_did_not_write(admin: FlaskClient, page: str) -> None:
    headers = admin.get(page).headers
    policy = headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("page", ["/nope", "/sign-in", "/static/app.css", "/healthz", "/waste?sort=nope"])
def test_answers_that_are_no_pages_carry_the_headers_as_well(admin: FlaskClient, page: str) -> None:
    with admin.get(page) as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_holds_inline_script_or_style(admin: FlaskClient, page: str) -> None:
    text = admin.get(page).text

    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)


@pytest.mark.parametrize("page", ["/completions", "/waste", "/unmatched"])
def test_a_name_that_is_a_script_is_shown_as_text(admin: FlaskClient, page: str) -> None:
    text = admin.get(f"{page}?size=100").text

    assert HOSTILE not in text
    assert ESCAPED in text


def test_the_story_of_hostile_names_shows_them_as_text(admin: FlaskClient) -> None:
    for page in stories(admin, "hana"):
        text = admin.get(page).text

        assert HOSTILE not in text
        assert ESCAPED in text


def test_a_name_that_runs_from_right_to_left_stays_in_its_place(admin: FlaskClient) -> None:
    assert f'<bdi class="name">{RIGHT_TO_LEFT}</bdi>' in admin.get("/completions?size=100").text


def test_a_name_of_ten_thousand_characters_does_not_stop_a_page(admin: FlaskClient) -> None:
    assert "K" * 10_000 in admin.get("/completions?size=100").text
    assert all(admin.get(page).status_code == 200 for page in stories(admin, "kai"))


def test_a_record_in_quarantine_is_shown_as_text(admin: FlaskClient) -> None:
    with read(bridge_of(admin.application).engine) as connection:
        held = quarantined(connection, Request(search="JSON")).rows[0].id

    text = admin.get(f"/sources/quarantine/{held}").text

    assert HOSTILE not in text
    assert ESCAPED in text


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize("question", ["q", "activity", "source", "unit"])
def test_what_the_address_says_is_shown_as_text(admin: FlaskClient, page: str, question: str) -> None:
    assert HOSTILE not in admin.get(page, query_string={question: HOSTILE}).text


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/theme", "/sources/quarantine/1/replay"])
def test_a_form_without_its_token_is_refused(admin: FlaskClient, path: str) -> None:
    answer = admin.post(path, data={"login": "admin", "theme": "dark"})

    assert answer.status_code == 400
    assert "Load the page again" in answer.text


def test_the_token_of_another_session_is_refused(admin: FlaskClient) -> None:
    stranger = admin.application.test_client()

    answer = admin.post("/sign-out", data={"csrf_token": token(stranger.get("/sign-in"))})

    assert answer.status_code == 400


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1+1", "\t=1", "\r=1", "\n=1"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("value", [-1, -2.5, 0, "a=1", "Excel", ""])
def test_numbers_and_plain_texts_stay_as_they_are(value: object) -> None:
    assert safe(value) == value


def test_the_file_of_a_list_holds_no_formula(admin: FlaskClient) -> None:
    rows = list(csv.reader(io.StringIO(admin.get("/completions?format=csv").text)))

    assert any(cell == f"'{FORMULA}" for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "+", "-"))]


def test_a_large_form_is_refused(client: FlaskClient) -> None:
    assert client.post("/sign-in", data={"login": "x" * 400_000}).status_code == 413


def test_a_password_is_never_sent_back(client: FlaskClient) -> None:
    assert "a secret that was mistyped" not in sign_in(client, "admin", "a secret that was mistyped").text
